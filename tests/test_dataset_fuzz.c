/* Mutated files of data sets: whatever the bytes, there is a data set that
   holds together or one message of class EXIT_INPUT that names the file. An
   argument says how many files instead of FILES. Of use under the sanitizers
   above all. */
#include <sys/resource.h>

#include "dataset_files.h"
#include "mutations.h"

enum { FILES = 6000 };

static const struct piece seeds[] = {
    PIECE("1,2,0\n3,4.5,1\n-1e3,.5,2\n"),
    PIECE("# c\r\na;b;label\r\n1; 2; 0\r\n 3;-4;1"),
    PIECE("0.1 0.2 1\n0.3\t0.4 0 # end\n\n5 6 1\n"),
    PIECE(IDX_2X3), PIECE(LABELS_2),
    PIECE("\0\0\x0e\1\0\0\0\2\x3f\xf0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
    PIECE(NPY_2X2("|u1") "\0\1\2\3"), PIECE(NPY_2X2("<i2") "\0\0\1\0\2\0\1\0"),
    PIECE(NPY_2X2("<f4") "\0\0\x80\x3f\0\0\0\0\0\0\0\x40\0\0\x80\x3f")};

static const struct piece piece_list[] = {
    PIECE("1e400"), PIECE("-1"), PIECE("99999999999999999999"), PIECE("nan"),
    PIECE("\n"), PIECE(","), PIECE(";"), PIECE(" "), PIECE("#"), PIECE("\0"),
    PIECE("\xff\xff\xff\xff"), PIECE("\0\0\0\1"), PIECE("\x7f\xf0"),
    PIECE("(4,)"), PIECE("(2, 2, 1, 1)"), PIECE("<f8"), PIECE("True"),
    PIECE("\xef\xbb\xbf"), PIECE("0"), PIECE("\x0d"), PIECE("2L"),
    PIECE("\x93NUMPY\2\0")};
static const struct pieces pieces = {piece_list, sizeof piece_list /
                                                     sizeof *piece_list};

static size_t make_file(struct dice *dice, const char *name)
{
    struct piece seed = seeds[throw_below(dice, sizeof seeds /
                                          sizeof *seeds)];
    return write_mutated(dice, pieces, name, seed, 4);
}

static void try_file(uint32_t number, struct tally *tally)
{
    static const char *const formats[] = {"auto", "auto", "auto", "idx",
                                          "npy", "csv"};
    static const enum dataset_targets targets[] = {
        DATASET_NONE, DATASET_NONE, DATASET_CLASSES, DATASET_REALS};
    struct dice dice = {.file = number};
    struct err err = {0};
    size_t length = make_file(&dice, "fuzz_x") + make_file(&dice, "fuzz_y");
    struct dataset_request request = {
        "fuzz_x", formats[throw_below(&dice, 6)],
        throw_below(&dice, 3) ? NULL : "fuzz_y",
        targets[throw_below(&dice, 4)],
        .outputs = throw_below(&dice, 2), .train = throw_below(&dice, 2),
        .test = throw_below(&dice, 2)};
    struct dataset *set = dataset_read(&request, &err);
    bool good = set ? dataset_holds(set) && !err_any(&err) &&
                          set->examples * set->inputs <= (int64_t)length
                    : is_said(&err, "fuzz");
    count_file(tally, number, set != NULL, good, &err);
    dataset_free(set);
}

/* Files of some kilobytes take no gigabyte. */
static bool is_small(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss < 1 << 20;
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
    ok(is_small(), "memory stays small");
    ok(files_done((const char *[]){"fuzz_x", "fuzz_y"}, 2),
       "no file is left");
    return tap_done();
}
