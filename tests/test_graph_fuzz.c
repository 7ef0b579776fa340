/* Mutated files of graphs: whatever the bytes, there is either a graph that
   holds together or messages of class EXIT_INPUT that name the file, eleven
   at most. An argument says how many files instead of FILES. Of use under
   the sanitizers above all. */
#include "graph_files.h"
#include "mutations.h"

enum { FILES = 4000 };

static const struct piece seeds[] = {
    PIECE("5 6\n1 2 1\n2 3 -1\n3 4 2.5\n4 5 1e-3\n1 5\n2 4 7\n"),
    PIECE("# comment\r\n3 2\r\n1 2 1\r\n\r\n 2 3 -1"),
    PIECE("%%MatrixMarket matrix coordinate real symmetric\n% c\n4 4 4\n"
          "2 1 1.5\n3 3 -2\n4 1 1e10\n4 2 -0.25\n"),
    PIECE("%%MatrixMarket matrix coordinate pattern general\n3 3 2\n1 2\n"
          "2 1\n"),
    PIECE("%%MatrixMarket matrix coordinate integer general\n3 3 3\n1 2 3\n"
          "2 1 3\n3 3 -7\n"),
    PIECE("c qbsolv\np qubo 0 5 2 3\n0 0 -1\n3 3 2.5\n0 1 1\n1 4 -2\n"
          "2 3 1e5\n"),
    PIECE("0 0 1\n0 1 -2\n2 1 0.5\n1 0 3\n")};

/* Pieces that mean something somewhere. */
static const struct piece piece_list[] = {
    PIECE("1e400"), PIECE("-1"), PIECE("99999999999999999999"), PIECE("nan"),
    PIECE("1e308"), PIECE("\n"), PIECE("\r\n"), PIECE(" "),
    PIECE("p qubo "), PIECE("%%MatrixMarket "), PIECE("#"),
    PIECE("2147483648"), PIECE("0"), PIECE("1.5"), PIECE("\x80\xff"),
    PIECE("\xef\xbb\xbf"), PIECE("268435456"), PIECE("-0"),
    PIECE("1e-400"), PIECE("c ")};
static const struct pieces pieces = {piece_list, sizeof piece_list /
                                                     sizeof *piece_list};

static void try_file(uint32_t number, struct tally *tally)
{
    static const char *const formats[] = {"auto", "auto", "rudy", "mtx",
                                          "qubo"};
    struct dice dice = {.file = number};
    struct err err = {0};
    struct piece seed = seeds[throw_below(&dice, sizeof seeds /
                                          sizeof *seeds)];
    write_mutated(&dice, pieces, "fuzz", seed, 5);
    struct graph *graph = graph_read("fuzz", formats[throw_below(&dice, 5)],
                                     &err);
    bool good = graph ? graph_holds(graph) && !err_any(&err)
                      : well_said(&err);
    count_file(tally, number, graph != NULL, good, &err);
    graph_free(graph);
}

int main(int count, char **arguments)
{
    struct tally tally = {0};
    uint32_t files = count > 1 ? (uint32_t)atoi(arguments[1]) : FILES;
    if (!files_begin())
        return 1;
    for (uint32_t i = 0; i < files; i++)
        try_file(i, &tally);
    tally_ok(&tally);
    ok(files_done((const char *[]){"fuzz"}, 1), "no file is left");
    return tap_done();
}
