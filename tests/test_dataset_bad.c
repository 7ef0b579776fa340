/* Files of data sets that are refused, and with which words; files cut short
   anywhere. */
#include "dataset_files.h"

/* ---- messages ------------------------------------------------------------ */

#define NPY_SHAPE(shape) \
    NPY("\x41", "{'descr': '|u1'" ORDER "'shape': " shape "}\n")

struct bad {
    struct piece x, y; /* y: a second file, when it has a size */
    struct dataset_request request;
    const char *want;
};

#define CSV(text, message, ...) \
    {PIECE(text), {NULL, 0}, {.format = "csv", __VA_ARGS__}, message}
#define TWO(x, y, message, ...) \
    {PIECE(x), PIECE(y), {.labels_file = "y", __VA_ARGS__}, message}
#define ONE(x, message) \
    {PIECE(x), {NULL, 0}, {.targets = DATASET_NONE}, message}
#define NPYS(x, message) \
    {PIECE(x), {NULL, 0}, {.format = "npy", .targets = DATASET_NONE}, message}
#define IDXS(x, message) \
    {PIECE(x), {NULL, 0}, {.format = "idx", .targets = DATASET_NONE}, message}

static const struct bad bad[] = {
    ONE("", "x: is empty: expected a table of inputs in one of the formats "
        "idx, npy, csv, hdf5"),
    ONE("\x1f\x8b\x08 etc. etc.", "x: is compressed by gzip: unpack it "
        "first, with gunzip -k"),
    ONE("PK\3\4 etc.", "x: is a zip or .npz archive"),
    ONE("\1\2\3", "x:1: byte 0x01: this is not a text file"),
    {PIECE("1 2\n"), {NULL, 0}, {.format = "xls"}, "x: format \"xls\" is not "
     "known: there are auto, idx, npy, csv, hdf5"},
    {PIECE("1 2\n"), {NULL, 0}, {.file = "x:/x"}, "x: has no /x inside: only "
     "HDF5 files have datasets with names"},
    {PIECE("1 2\n"), {NULL, 0}, {.file = "gone"}, "gone: cannot open it: No "
     "such file or directory"},
    {PIECE("1 2\n"), {NULL, 0}, {.labels_file = "gone"}, "gone: cannot open"},
    {PIECE("1 2\n"), {NULL, 0}, {.file = "/"}, "/: is a directory: expected "
     "a file of inputs"},
    {PIECE("1 2\n"), {NULL, 0}, {.file = "/dev/null"}, "/dev/null: is no "
     "regular file"},
    /* csv */
    CSV("# nothing\n\n", "x: holds no examples: expected a line of numbers"),
    CSV("a,b\n", "x: holds no examples"),
    CSV("1,2,0\n3,abc,1\n", "x:2: column 1 (from 0) is \"abc\": expected a "
        "finite decimal number, at most 1e100, such as"),
    CSV("a,b\nc,d\n", "x:2: column 0 (from 0) is \"c\""),
    CSV("1,nan,0\n", "x:1: column 1 (from 0) is \"nan\": expected a finite"),
    CSV("NaN,inf\n", "x:1: column 0 (from 0) is \"NaN\""),
    CSV("1,-inf,0\n", "is \"-inf\": expected a finite"),
    CSV("1,1e400,0\n", "is \"1e400\": expected a finite"),
    CSV("1,-2e100,0\n", "is \"-2e100\": expected a finite"),
    CSV("1,0x10,0\n", "is \"0x10\""),
    CSV("1,,0\n", "column 1 (from 0) is empty: expected"),
    CSV("1,2,\n", "column 2 (from 0) is empty"),
    CSV("1,5;2,5;0\n", "column 0 (from 0) is \"1,5\""),
    CSV("1 2,3\n", "column 0 (from 0) is \"1 2\""),
    CSV("1 2 \x80" "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "is \"?aaaaaaaaaaaaaaaaaaaaaaaaaaa...\""),
    CSV("1 2 0\n\n3 4 5 0\n", "x:3: has 4 numbers and line 1 has 3: expected "
        "as many in every line"),
    CSV("1 2 0\n\0", "x:2: byte 0x00: this is not a text file"),
    CSV("1\n", "x:1: has 1 numbers: expected inputs, then 1 more for the "
        "label"),
    CSV("1 2\n", "x:1: has 2 numbers: expected inputs, then 2 more for the "
        "targets", .targets = DATASET_REALS, .outputs = 2),
    CSV("1 0\n2 1.5\n", "x:2: the label is 1.5: expected a whole number from "
        "0 to 65535"),
    CSV("1 0\n\n2 -1\n", "x:3: the label is -1: expected"),
    CSV("1 0\n2 65536\n", "x:2: the label is 65536: expected"),
    CSV("1 3\n", "x:1: the label is 3: expected a whole number from 0 to 2",
        .classes = 3),
    CSV("1 0\n2 1\n", "x: holds 2 examples: 3 for training and 4 for tests "
        "were asked for", .train = 3, .test = 4),
    CSV("1 0\n2 1\n", "x: holds 2 examples: 1 for training and 2 for tests",
        .train = 1, .test = 2),
    CSV("1 0\n2 1\n", "x: holds 2 examples: at least 1 for training and 2 "
        "for tests", .test = 2),
    CSV("1 0\n2 1\n", "x: holds 2 examples: 9223372036854775807",
        .train = INT64_MAX, .test = INT64_MAX),
    TWO("1\n2\n3\n", "0\n1\n", "y: holds targets of 2 examples, and x has 3: "
        "expected as many"),
    TWO("1\n2\n", "0 1\n1 0\n", "y: holds 2 numbers an example: expected 1"),
    TWO("1\n2\n", "0 1\n1 0\n", "y: holds 2 numbers an example: expected 3",
        .targets = DATASET_REALS, .outputs = 3),
    TWO("1\n2\n", "0\n.5\n", "y:2: the label is 0.5: expected"),
    TWO("1\n2\n", "0\nnan\n", "y:2: column 0 (from 0) is \"nan\""),
    /* idx */
    IDXS("\0\0\x08", "x: byte 0: magic number 0x00000800: an IDX file begins "
         "with 0x0000, a type (08 09 0b 0c 0d 0e) and the number of axes (1 "
         "to 9)"),
    IDXS("\3\x08\0\0\0\0\0\2", "magic number 0x03080000"),
    IDXS("\0\0\x0a\1\0\0\0\1a", "magic number 0x00000a01"),
    IDXS("\0\0\x08\0\0\0\0\1a", "magic number 0x00000800"),
    IDXS("\0\0\x08\xff\0\0\0\1a", "magic number 0x000008ff"),
    ONE("\0\0\x08\3\0\0\0\1\0\0\0\1", "x: byte 4: is cut short: expected the "
        "sizes of 3 axes"),
    ONE("\0\0\x08\1\0\0\0\0", "x: holds no examples (shape 0)"),
    ONE("\0\0\x08\2\0\0\0\2\0\0\0\0", "x: has no values in its examples "
        "(shape 2 x 0)"),
    ONE("\0\0\x08\2\0\0\0\2\0\0\0\3abcde", "x: is cut short or damaged: 2 x "
        "3 values do not fit in its 17 bytes"),
    ONE("\0\0\x0e\3\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
        "4294967295 x 4294967295 x 4294967295 values do not fit"),
    ONE(IDX_2X3 "g", "x: byte 18: here 2 x 3 values of 1 bytes end, and the "
        "file goes on to byte 19: expected nothing more"),
    ONE("\0\0\x0d\1\0\0\0\2\0\0\0\0\x7f\x80\0\0", "x: byte 12 (row 1, column "
        "0, from 0): is inf: expected a finite number, at most 1e100"),
    {PIECE(IDX_2X3), {NULL, 0}, {.format = "auto"}, "x: holds inputs alone: "
     "expected the name of a second file, that of the labels"},
    TWO(IDX_2X3, IDX_2X3, "y: holds 3 numbers an example: expected 1"),
    TWO(IDX_2X3, LABELS_2, "y: byte 9 (row 1, column 0, from 0): the label "
        "is 1: expected a whole number from 0 to 0", .classes = 1),
    TWO(IDX_2X3, "\0\0\x09\1\0\0\0\2\0\xff", "the label is -1: expected"),
    TWO(IDX_2X3, "\0\0\x08\1\0\0\0\3abc", "y: holds targets of 3 examples, "
        "and x has 2"),
    /* npy */
    NPYS("\x93NUMPX\1\0\0\0", "x: byte 0: no mark of an npy file"),
    NPYS("\x93NUMPY\1", "x: byte 0: no mark"),
    NPYS("\x93NUMPY\4\0\0\0", "x: byte 6: version 4 of npy: expected 1, 2"),
    NPYS("\x93NUMPY\1\0\x09\0{}", "x: byte 8: a header of 9 bytes: expected "
         "at most 65536, and no more than the file of 12 bytes has"),
    NPYS("\x93NUMPY\2\0\xff\xff\xff\xff{}", "a header of 4294967295 bytes"),
    NPYS("\x93NUMPY\1\0\2\0{}", "x: byte 10: the header has no 'descr': "
         "expected {'descr': '<f8', 'fortran_order': False, 'shape': "),
    NPYS(NPY_2X2(">f8"), "x: byte 10: type '>f8': expected little-endian "
         "'<f4' or '<f8', or whole"),
    NPYS(NPY_2X2("<f2"), "type '<f2': expected"),
    NPYS(NPY_2X2("<c8"), "type '<c8': expected"),
    NPYS(NPY_2X2("|u2"), "type '|u2': expected"),
    NPYS(NPY("\x09", "{'descr':"), "type : expected"),
    NPYS(NPY("\x22", "{'descr': [('a\n', '<f8')], 'x': 1}"),
         "type [('a?': expected"),
    NPYS(NPY("\x35", "{'descr': '<f8', 'fortran_order': True, 'shape': (1,)"),
         "the array is in Fortran order: expected C order"),
    NPYS(NPY("\x35", "{'descr': '<f8', 'fortran_order': None, 'shape': (1,)"),
         "'fortran_order' is neither True nor False"),
    NPYS(NPY("\x29", "{'descr': '<f8', 'fortran_order': False, "),
         "the header has no 'shape'"),
    NPYS(NPY_SHAPE("[3, 4]       "), "'shape' is no list of at most 9 sizes"),
    NPYS(NPY_SHAPE("(3, -1)      "), "'shape' is no list of"),
    NPYS(NPY_SHAPE("(3 4)        "), "'shape' is no list of"),
    NPYS(NPY_SHAPE("(3,          "), "'shape' is no list of"),
    NPYS(NPY_SHAPE("()           "), "x: holds a single value: expected a "
         "table of inputs, its first axis for examples"),
    NPYS(NPY_SHAPE("(0, 3)       "), "holds no examples (shape 0 x 3)"),
    NPYS(NPY_SHAPE("(3,)         ") "ab", "3 values do not fit in its"),
    NPYS(NPY_SHAPE("(9999999999,)") "ab", "9999999999 values do not fit"),
    NPYS(NPY_2X2("|u1") "abc", "2 x 2 values do not fit in its 79 bytes"),
    NPYS(NPY_2X2("|u1") "abcde", "x: byte 80: here 2 x 2 values of 1 bytes "
         "end, and the file goes on to byte 81"),
    NPYS(NPY_2X2("<f4") "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xc0\x7f",
         "x: byte 88 (row 1, column 1, from 0): is nan: expected a finite"),
};

static bool refused(struct dataset_request request, const char *want)
{
    struct err err = {0};
    request.format = request.format ? request.format : "auto";
    struct dataset *set = dataset_read(&request, &err);
    bool pass = !set && strstr(err.text, want) &&
                (is_said(&err, request.file) ||
                 (request.labels_file && is_said(&err, request.labels_file)));
    if (!pass)
        printf("# got %s", set ? "a data set\n" : err.text);
    dataset_free(set);
    err_clear(&err);
    return pass;
}

static void check_bad(void)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct dataset_request request = bad[i].request;
        if (!request.file)
            request.file = "x";
        write_bytes("x", bad[i].x.at, bad[i].x.size);
        if (bad[i].y.size)
            write_bytes("y", bad[i].y.at, bad[i].y.size);
        ok(refused(request, bad[i].want), "refused: %s", bad[i].want);
        unlink("y");
    }
    write_bytes("x", IDX_2X3, sizeof IDX_2X3 - 1);
    write_bytes("y", LABELS_2, sizeof LABELS_2 - 1);
    struct dataset *set = read_good((struct dataset_request){
        "x", .labels_file = "y"});
    ok(set, "what these were made of is read");
    dataset_free(set);
}

/* ---- HDF5 ---------------------------------------------------------------- */

static const double numbers[] = {1, 2, 3, 0, NAN, 1, INFINITY, 0.5};
static const struct array two_rows = {2, {2, 2}, numbers};
static const struct array two_labels = {1, {2}, numbers};
static const struct array three_labels = {2, {3, 1}, numbers};

static struct dataset_request named(const char *file)
{
    return (struct dataset_request){.file = file};
}

static void hdf5_says(const char *want, struct dataset_request request)
{
    if (!request.file)
        request.file = "x";
    ok(refused(request, want), "refused: %s", want);
}

static void check_hdf5(void)
{
    struct dataset_request plain = {.train = 2};
    write_hdf5("x", "/x", two_rows, "/z", two_labels);
    hdf5_says("x:/y: no such dataset: expected the targets there", plain);
    hdf5_says("x:/a/b: no such dataset: expected the inputs there; others "
              "are named FILE:/path", named("x:/a/b"));
    hdf5_says("x:/: no such dataset", named("x:/"));
    hdf5_says("x:/z/q: no such dataset", named("x:/z/q"));
    write_hdf5("x", "/x", two_rows, "/y", three_labels);
    hdf5_says("x:/y: holds targets of 3 examples, and x has 2", plain);
    write_hdf5("x", "/x", two_rows, "/y", two_rows);
    hdf5_says("x:/y: holds 2 numbers an example: expected 1", plain);
    write_hdf5("x", "/x", (struct array){1, {2}, numbers + 3}, "/y",
               two_labels);
    hdf5_says("x:/x: row 1, column 0 (from 0): is nan: expected a finite",
              plain);
    write_hdf5("x", "/x", two_rows, "/y",
               (struct array){1, {2}, numbers + 6});
    hdf5_says("x:/y: row 0, column 0 (from 0): is inf: expected", plain);
    write_hdf5("x", "/x", two_rows, "/y",
               (struct array){2, {2, 1}, (double[]){0, 0.5}});
    hdf5_says("x:/y: row 1, column 0 (from 0): the label is 0.5", plain);
    write_hdf5("x", "/x", (struct array){2, {0, 2}, numbers}, "/y",
               (struct array){0, {0}, numbers});
    hdf5_says("x:/x: holds no examples (shape 0 x 2)", plain);
    hdf5_says("x:/y: holds a single value", named("x:/y"));
    write_text("x", "1 2 3\n");
    hdf5_says("x: cannot open it as HDF5",
              (struct dataset_request){"x", .format = "hdf5"});
}

/* Text, and values that are promised and not there. */
static void check_hdf5_kinds(void)
{
    struct err err = {0};
    struct h5 *file = h5_open("x", H5_CREATE);
    h5_put_text(file, "/text", "1 2 0");
    h5_new_table(file, "/x", (struct h5_column[]){{"a", 0}}, 1);
    h5_append_row(file, "/x", (struct h5_column[]){{"a", 0}}, 1,
                  (const void *[]){&(int64_t){3}});
    h5_put(file, "/much", H5_INT8,
           (struct h5_shape){2, {1000000, 1000000}}, NULL);
    ok(h5_close(file, &err), "the file was written");
    hdf5_says("x: cannot read /x", (struct dataset_request){
        "x", .targets = DATASET_NONE});
    hdf5_says("x:/text: holds a single value",
              named("x:/text"));
    hdf5_says("x:/much: is cut short or damaged: 1000000 x 1000000 values",
              named("x:/much"));
}

/* A good file, shorter by a byte again and again. */
static void check_cut(const char *format)
{
    struct dataset_request request = {"x", format, .targets = DATASET_NONE};
    struct dataset *set = read_good(request);
    FILE *in = fopen("x", "r");
    fseek(in, 0, SEEK_END);
    long length = ftell(in);
    fclose(in);
    bool good = set && length > 0;
    dataset_free(set);
    while (good && length-- > 0)
        good = !truncate("x", length) && refused(request, "x");
    ok(good, "cut anywhere, %s is refused", format);
}

static void check_cuts(void)
{
    write_idx("x", &number_types[9], two_rows);
    check_cut("idx");
    write_npy("x", &number_types[9], two_rows, 2);
    check_cut("npy");
    write_hdf5("x", "/x", two_rows, "/y", two_labels);
    check_cut("hdf5");
}

int main(void)
{
    if (!files_begin())
        return 1;
    check_bad();
    check_hdf5();
    check_hdf5_kinds();
    check_cuts();
    ok(files_done((const char *[]){"x", "y"}, 2), "no file is left");
    return tap_done();
}
