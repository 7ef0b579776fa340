/* Files of data sets, written from a table of doubles. */
#ifndef TEMPERA_TESTS_DATASET_FILES_H
#define TEMPERA_TESTS_DATASET_FILES_H
#include "base/alloc.h"
#include "base/bytes.h"
#include "files.h"
#include "io/h5.h"
#include "systems/dataset.h"
#include "tap.h"

/* A type of number: that of IDX, of npy. */
struct number_type {
    char mark;       /* of IDX; 0: it has none */
    const char *descr;
    char kind;
    int size;
};

static const struct number_type number_types[] = {
    {8, "|u1", 'u', 1},   {9, "|i1", 'i', 1}, {0, "<u2", 'u', 2},
    {0, "<u4", 'u', 4},   {0, "<u8", 'u', 8}, {11, "<i2", 'i', 2},
    {12, "<i4", 'i', 4},  {0, "<i8", 'i', 8}, {13, "<f4", 'f', 4},
    {14, "<f8", 'f', 8},  {0, "<i1", 'i', 1}, {0, "<u1", 'u', 1}};
enum { NUMBER_TYPES = sizeof number_types / sizeof *number_types };

/* An array of numbers, the first axis that of examples. */
struct array {
    int axes;
    int64_t size[4];
    const double *at;
};

static int64_t values_of(const struct array *array)
{
    int64_t count = 1;
    for (int a = 0; a < array->axes; a++)
        count *= array->size[a];
    return count;
}

static void put_bits(struct bytes *out, uint64_t bits, int size, bool big)
{
    for (int b = 0; b < size; b++) {
        int shift = 8 * (big ? size - 1 - b : b);
        bytes_put(out, &(unsigned char){(unsigned char)(bits >> shift)}, 1);
    }
}

static void put_number(struct bytes *out, double x,
                       const struct number_type *type, bool big)
{
    uint64_t bits = 0;
    float half = (float)x;
    if (type->kind == 'f' && type->size == 8)
        memcpy(&bits, &x, sizeof x);
    else if (type->kind == 'f')
        memcpy(&bits, &half, sizeof half);
    else
        bits = (uint64_t)(int64_t)x;
    put_bits(out, bits, type->size, big);
}

static void write_all(const char *name, struct bytes out)
{
    write_bytes(name, out.at, out.count);
    free(out.at);
}

__attribute__((unused))
static void write_idx(const char *name, const struct number_type *type,
                      struct array array)
{
    struct bytes out = {0};
    bytes_put(&out, (char[]){0, 0, type->mark, (char)array.axes}, 4);
    for (int a = 0; a < array.axes; a++)
        put_bits(&out, (uint64_t)array.size[a], 4, true);
    for (int64_t i = 0; i < values_of(&array); i++)
        put_number(&out, array.at[i], type, true);
    write_all(name, out);
}

__attribute__((unused))
static void write_npy(const char *name, const struct number_type *type,
                      struct array array, int version)
{
    struct bytes out = {0};
    char shape[99] = "", head[200];
    for (int a = 0; a < array.axes; a++)
        sprintf(shape + strlen(shape), a ? " %d," : "%d,",
                (int)array.size[a]);
    if (array.axes > 1)
        shape[strlen(shape) - 1] = 0;
    sprintf(head, "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }"
            "%20s\n", type->descr, shape, "");
    bytes_put(&out, "\x93NUMPY", 6);
    bytes_put(&out, (char[]){(char)version, 0}, 2);
    put_bits(&out, strlen(head), version > 1 ? 4 : 2, false);
    bytes_put(&out, head, strlen(head));
    for (int64_t i = 0; i < values_of(&array); i++)
        put_number(&out, array.at[i], type, false);
    write_all(name, out);
}

/* x and, when it is not NULL, y behind it on the line. */
__attribute__((unused))
static void write_csv(const char *name, const char *head,
                      const char *separator, struct array x,
                      const struct array *y)
{
    FILE *out = fopen(name, "w");
    fputs(head, out);
    for (int64_t i = 0; i < x.size[0]; i++) {
        int64_t columns = values_of(&x) / x.size[0];
        int64_t more = y ? values_of(y) / y->size[0] : 0;
        for (int64_t k = 0; k < columns + more; k++)
            fprintf(out, "%s%.17g", k ? separator : "",
                    k < columns ? x.at[i * columns + k]
                                : y->at[i * more + k - columns]);
        fputc('\n', out);
    }
    fclose(out);
}

__attribute__((unused))
static void put_hdf5(struct h5 *file, const char *path, struct array array)
{
    struct h5_shape shape = {.axes = array.axes};
    for (int a = 0; a < array.axes; a++)
        shape.size[a] = array.size[a];
    h5_put(file, path, H5_DOUBLE, shape, array.at);
}

__attribute__((unused))
static void write_hdf5(const char *name, const char *x_path, struct array x,
                       const char *y_path, struct array y)
{
    struct err err = {0};
    struct h5 *file = h5_open(name, H5_CREATE);
    put_hdf5(file, x_path, x);
    put_hdf5(file, y_path, y);
    if (!h5_close(file, &err))
        abort();
}

/* As the header says: finite, in range. */
__attribute__((unused))
static bool dataset_holds(const struct dataset *set)
{
    bool good = set->examples > 0 && set->inputs > 0 &&
                !(set->y && set->label) && !set->y == !set->outputs;
    for (int64_t i = 0; good && i < set->examples * set->inputs; i++)
        good = fabs(set->x[i]) <= DATASET_VALUE_MOST;
    for (int64_t i = 0; good && i < set->examples * set->outputs; i++)
        good = fabs(set->y[i]) <= DATASET_VALUE_MOST;
    for (int64_t i = 0; good && set->label && i < set->examples; i++)
        good = set->label[i] >= 0 && set->label[i] < set->classes;
    return good;
}

/* NULL and errors are printed. */
__attribute__((unused))
static struct dataset *read_good(struct dataset_request request)
{
    struct err err = {0};
    if (!request.format)
        request.format = "auto";
    struct dataset *set = dataset_read(&request, &err);
    if (!set || err_any(&err))
        printf("# %s", err.text);
    err_clear(&err);
    return set;
}

/* ---- small files as literals --------------------------------------------- */

#define IDX_2X3 "\0\0\x08\x02\0\0\0\2\0\0\0\3" "abcdef"
#define LABELS_2 "\0\0\x08\x01\0\0\0\2\0\1"
#define NPY(length, head) "\x93NUMPY\1\0" length "\0" head
#define ORDER ", 'fortran_order': False, "
/* Two rows of two; the header ends at byte 76. */
#define NPY_2X2(type) \
    NPY("\x42", "{'descr': '" type "'" ORDER "'shape': (2, 2), }      \n")

/* One line that begins with the name of a file. */
__attribute__((unused))
static bool is_said(const struct err *err, const char *file)
{
    const char *end = err->count == 1 ? strchr(err->text, '\n') : NULL;
    return end && !end[1] && err->code == EXIT_INPUT &&
           !strncmp(err->text, file, strcspn(file, ":"));
}

#endif
