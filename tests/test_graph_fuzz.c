/* Mutated files of graphs: whatever the bytes, there is either a graph that
   holds together or messages of class EXIT_INPUT that name the file, eleven
   at most. An argument says how many files instead of FILES. Of use under
   the sanitizers above all. */
#include "base/rng.h"
#include "graph_files.h"

enum { FILES = 4000, ROOM = 4096 };

static const char *const seeds[] = {
    "5 6\n1 2 1\n2 3 -1\n3 4 2.5\n4 5 1e-3\n1 5\n2 4 7\n",
    "# comment\r\n3 2\r\n1 2 1\r\n\r\n 2 3 -1",
    "%%MatrixMarket matrix coordinate real symmetric\n% c\n4 4 4\n2 1 1.5\n"
    "3 3 -2\n4 1 1e10\n4 2 -0.25\n",
    "%%MatrixMarket matrix coordinate pattern general\n3 3 2\n1 2\n2 1\n",
    "%%MatrixMarket matrix coordinate integer general\n3 3 3\n1 2 3\n2 1 3\n"
    "3 3 -7\n",
    "c qbsolv\np qubo 0 5 2 3\n0 0 -1\n3 3 2.5\n0 1 1\n1 4 -2\n2 3 1e5\n",
    "0 0 1\n0 1 -2\n2 1 0.5\n1 0 3\n"};

/* Pieces that mean something somewhere. */
static const char *const pieces[] = {
    "1e400", "-1", "99999999999999999999", "nan", "1e308", "\n", "\r\n", " ",
    "p qubo ", "%%MatrixMarket ", "#", "2147483648", "0", "1.5", "\x80\xff",
    "\xef\xbb\xbf", "268435456", "-0", "1e-400", "c "};

struct dice { uint32_t file, next; };

static uint32_t throw_below(struct dice *dice, size_t n)
{
    struct rng_quad quad = rng_philox(6, RNG_TEST, dice->file, dice->next++,
                                      0, 0);
    return (uint32_t)(quad.v[0] % n);
}

/* Replaces `gone` bytes at `at` by a piece. */
static size_t splice(char *text, size_t length, size_t at, size_t gone,
                     const char *piece, size_t size)
{
    gone = at + gone > length ? length - at : gone;
    if (length - gone + size > ROOM)
        return length;
    memmove(text + at + size, text + at + gone, length - at - gone);
    memcpy(text + at, piece, size);
    return length - gone + size;
}

static size_t mutate(struct dice *dice, char *text, size_t length)
{
    size_t at = length ? throw_below(dice, length) : 0;
    char byte = (char)throw_below(dice, 256), copy[64];
    const char *piece =
        pieces[throw_below(dice, sizeof pieces / sizeof *pieces)];
    size_t size = throw_below(dice, sizeof copy), from;
    switch (throw_below(dice, 6)) {
    case 0: return splice(text, length, at, 1, &byte, 1);
    case 1: return splice(text, length, at, 0, &byte, 1);
    case 2: return splice(text, length, at, size, "", 0);
    case 3: return splice(text, length, at, throw_below(dice, 4), piece,
                          strlen(piece));
    case 4: return at;
    default:
        from = length ? throw_below(dice, length) : 0;
        size = from + size > length ? length - from : size;
        memcpy(copy, text + from, size);
        return splice(text, length, at, 0, copy, size);
    }
}

static bool well_said(const struct err *err)
{
    bool good = err->code == EXIT_INPUT && err->count <= 11;
    const char *line = err->text;
    for (int i = 0; good && i < err->count; i++) {
        good = !strncmp(line, "fuzz", 4) && strchr(line, '\n');
        line = good ? strchr(line, '\n') + 1 : line;
    }
    return good && !*line;
}

struct tally { int graphs, refused, wrong; };

static void try_file(uint32_t number, struct tally *tally)
{
    static const char *const formats[] = {"auto", "auto", "rudy", "mtx",
                                          "qubo"};
    struct dice dice = {.file = number};
    struct err err = {0};
    char text[ROOM];
    const char *seed = seeds[throw_below(&dice, sizeof seeds /
                                         sizeof *seeds)];
    size_t length = strlen(seed);
    memcpy(text, seed, length);
    for (uint32_t n = throw_below(&dice, 5); n > 0; n--)
        length = mutate(&dice, text, length);
    write_bytes("fuzz", text, length);
    struct graph *graph = graph_read("fuzz", formats[throw_below(&dice, 5)],
                                     &err);
    bool good = graph ? graph_holds(graph) && !err_any(&err)
                      : well_said(&err);
    if (!good)
        printf("# file %u: %s\n", number, err.text ? err.text : "bad graph");
    tally->graphs += graph != NULL;
    tally->refused += !graph;
    tally->wrong += !good;
    graph_free(graph);
    err_clear(&err);
}

int main(int count, char **arguments)
{
    struct tally tally = {0};
    uint32_t files = count > 1 ? (uint32_t)atoi(arguments[1]) : FILES;
    if (!files_begin())
        return 1;
    for (uint32_t i = 0; i < files; i++)
        try_file(i, &tally);
    ok(tally.wrong == 0, "%d read, %d refused, %d wrong", tally.graphs,
       tally.refused, tally.wrong);
    ok(tally.graphs > (int)files / 8 && tally.refused > (int)files / 8,
       "both happen often");
    ok(files_done((const char *[]){"fuzz"}, 1), "no file is left");
    return tap_done();
}
