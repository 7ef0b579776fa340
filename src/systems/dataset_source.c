/* Opens a file of numbers, finds out its format, reads numbers in a row. */
#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "systems/dataset_parts.h"

/* ---- messages ------------------------------------------------------------ */

__attribute__((format(printf, 3, 0)))
static void fail(struct dataset_source *source, char *where,
                 const char *format, va_list list)
{
    char text[512];
    vsnprintf(text, sizeof text, format, list);
    if (!source->bad)
        err_add(source->err, EXIT_INPUT, where, "%s", text);
    source->bad = true;
    free(where);
}

void dataset_fail(struct dataset_source *source, int64_t at,
                  const char *format, ...)
{
    va_list list;
    va_start(list, format);
    char *where = at >= 0 ? mem_text(source->format == DATASET_CSV
                                         ? "%s:%lld" : "%s: byte %lld",
                                     source->file, (long long)at)
                          : mem_text("%s%s%s", source->file,
                                     source->h5 ? ":" : "",
                                     source->h5 ? source->path : "");
    fail(source, where, format, list);
    va_end(list);
}

static char *place(const struct dataset_source *source, int64_t row,
                   int64_t column)
{
    const struct dataset_values *values = &source->values;
    int64_t index = row * source->columns + column;
    if (source->format == DATASET_CSV)
        return mem_text("%s:%lld", source->file,
                        (long long)source->line[row]);
    if (source->format == DATASET_HDF5)
        return mem_text("%s:%s: row %lld, column %lld (from 0)",
                        source->file, source->path, (long long)row,
                        (long long)column);
    return mem_text("%s: byte %lld (row %lld, column %lld, from 0)",
                    source->file,
                    (long long)(values->first + index * values->size),
                    (long long)row, (long long)column);
}

void dataset_fail_value(struct dataset_source *source, int64_t row,
                        int64_t column, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    fail(source, place(source, row, column), format, list);
    va_end(list);
}

/* ---- formats ------------------------------------------------------------- */

static const struct { const char *text; enum dataset_format format; }
endings[] = {
    {".csv", DATASET_CSV}, {".npy", DATASET_NPY}, {".idx", DATASET_IDX},
    {"-ubyte", DATASET_IDX}, {".h5", DATASET_HDF5}, {".hdf5", DATASET_HDF5}};

static bool ends_with(const char *file, const char *ending)
{
    size_t length = strlen(file), end = strlen(ending);
    return length > end && !strcasecmp(file + length - end, ending);
}

/* Marks that cannot be mistaken, then the name. */
static enum dataset_format find_format(const struct dataset_source *source,
                                       const char head[8])
{
    if (!memcmp(head, "\x89HDF\r\n\x1a\n", 8))
        return DATASET_HDF5;
    if (!memcmp(head, "\x93NUMPY", 6))
        return DATASET_NPY;
    if (!memcmp(head, "\0\0", 2) && head[2] >= 8 && head[2] <= 14 && head[3])
        return DATASET_IDX;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (ends_with(source->file, endings[i].text))
            return endings[i].format;
    return DATASET_CSV;
}

/* What nobody reads here, whatever the format is said to be. */
static void check_head(struct dataset_source *source, const char head[8])
{
    if (!memcmp(head, "\x1f\x8b", 2))
        dataset_fail(source, -1, "is compressed by gzip: unpack it first, "
                     "with gunzip -k");
    if (!memcmp(head, "PK\3\4", 4))
        dataset_fail(source, -1, "is a zip or .npz archive: expected a file "
                     "for each array, such as .npy");
    if (source->bytes == 0)
        dataset_fail(source, -1, "is empty: expected a table of %s in one "
                     "of the formats idx, npy, csv, hdf5", source->what);
}

static void open_file(struct dataset_source *source)
{
    struct stat about;
    bool there = !stat(source->file, &about);
    if (there && !S_ISREG(about.st_mode)) {
        dataset_fail(source, -1, "is %s: expected a file of %s",
                     S_ISDIR(about.st_mode) ? "a directory"
                                            : "no regular file",
                     source->what);
        return;
    }
    source->in = there ? fopen(source->file, "r") : NULL;
    if (!source->in)
        dataset_fail(source, -1, "cannot open it: %s", strerror(errno));
    source->bytes = there ? (int64_t)about.st_size : 0;
}

static void find_table(struct dataset_source *source)
{
    char head[8] = "";
    errno = 0;
    if (fread(head, 1, sizeof head, source->in) < sizeof head &&
        ferror(source->in))
        dataset_fail(source, -1, "cannot read it: %s", strerror(errno));
    rewind(source->in);
    check_head(source, head);
    if (source->format == DATASET_AUTO)
        source->format = find_format(source, head);
    if (source->named && source->format != DATASET_HDF5)
        dataset_fail(source, -1, "has no %s inside: only HDF5 files have "
                     "datasets with names", source->path);
    if (source->bad)
        return;
    static void (*const open[DATASET_FORMATS])(struct dataset_source *) = {
        [DATASET_IDX] = dataset_open_idx, [DATASET_NPY] = dataset_open_npy,
        [DATASET_CSV] = dataset_open_csv, [DATASET_HDF5] = dataset_open_hdf5};
    open[source->format](source);
}

bool dataset_open(struct dataset_source *source, const char *name,
                  const char *path, enum dataset_format format,
                  struct err *err)
{
    const char *colon = strstr(name, ":/");
    size_t length = colon ? (size_t)(colon - name) : strlen(name);
    source->err = err;
    source->format = format;
    source->file = mem_text("%.*s", (int)length, name);
    source->path = mem_text("%s", colon ? colon + 1 : path);
    source->named = colon;
    open_file(source);
    if (!source->bad)
        find_table(source);
    return !source->bad;
}

void dataset_close(struct dataset_source *source)
{
    struct err ignored = {0};
    if (source->in)
        fclose(source->in);
    if (source->h5)
        h5_close(source->h5, &ignored);
    err_clear(&ignored);
    free(source->file);
    free(source->path);
    free(source->table);
    free(source->line);
}

/* ---- shapes -------------------------------------------------------------- */

struct shown { char text[200]; };

/* "100 x 28 x 28" */
static struct shown show(int axes, const int64_t *size)
{
    struct shown shown = {""};
    int at = 0;
    for (int a = 0; a < axes; a++)
        at += sprintf(shown.text + at, "%s%lld", a ? " x " : "",
                      (long long)size[a]);
    return shown;
}

bool dataset_shape(struct dataset_source *source, int axes,
                   const int64_t *size, int64_t most)
{
    int64_t values = 1;
    assert(axes <= DATASET_AXES);
    if (axes < 1)
        dataset_fail(source, -1, "holds a single value: expected a table of "
                     "%s, its first axis for examples", source->what);
    for (int a = 0; a < axes && !source->bad; a++)
        if (size[a] == 0)
            dataset_fail(source, -1, a ? "has no values in its examples "
                         "(shape %s): expected at least one"
                         : "holds no examples (shape %s): expected at least "
                         "one", show(axes, size).text);
    for (int a = 0; a < axes && !source->bad; a++) {
        if (size[a] < 0 || values > most / size[a])
            dataset_fail(source, -1, "is cut short or damaged: %s values do "
                         "not fit in its %lld bytes", show(axes, size).text,
                         (long long)source->bytes);
        else
            values *= size[a];
    }
    if (source->bad)
        return false;
    source->rows = size[0];
    source->columns = values / size[0];
    return true;
}

bool dataset_fills(struct dataset_source *source, int axes,
                   const int64_t *size)
{
    const struct dataset_values *values = &source->values;
    int64_t room = (source->bytes - values->first) / values->size;
    if (!dataset_shape(source, axes, size, room))
        return false;
    int64_t end = values->first +
                  source->rows * source->columns * values->size;
    if (end != source->bytes)
        dataset_fail(source, end, "here %s values of %d bytes end, and the "
                     "file goes on to byte %lld: expected nothing more",
                     show(axes, size).text, values->size,
                     (long long)source->bytes);
    return !source->bad;
}

/* ---- numbers ------------------------------------------------------------- */

static double value_of(const unsigned char *bytes,
                       const struct dataset_values *values)
{
    uint64_t bits = 0;
    int size = values->size;
    for (int b = 0; b < size; b++)
        bits |= (uint64_t)bytes[values->big ? size - 1 - b : b] << 8 * b;
    if (values->kind == 'u')
        return (double)bits / values->divide;
    if (values->kind == 'i') {
        uint64_t sign = UINT64_C(1) << (8 * size - 1);
        return bits & sign ? -(double)(~bits & (sign - 1)) - 1
                           : (double)bits;
    }
    if (size == 8) {
        double real;
        memcpy(&real, &bits, sizeof real);
        return real;
    }
    uint32_t half = (uint32_t)bits;
    float real;
    memcpy(&real, &half, sizeof real);
    return (double)real;
}

static double *rows_of_file(struct dataset_source *source, int64_t rows)
{
    const struct dataset_values *values = &source->values;
    unsigned char part[1 << 13];
    int64_t count = rows * source->columns, done = 0;
    double *table = mem_new((size_t)count, sizeof *table);
    bool good = !fseeko(source->in, values->first, SEEK_SET);
    while (good && done < count) {
        int64_t most = (int64_t)sizeof part / values->size;
        size_t some = (size_t)(count - done < most ? count - done : most);
        good = fread(part, (size_t)values->size, some, source->in) == some;
        for (size_t i = 0; good && i < some; i++)
            table[done++] = value_of(part + i * (size_t)values->size, values);
    }
    if (good)
        return table;
    dataset_fail(source, -1, "cannot read it: %s",
                 ferror(source->in) ? strerror(errno) : "it became shorter");
    free(table);
    return NULL;
}

double *dataset_rows(struct dataset_source *source, int64_t rows)
{
    assert(!source->bad && rows <= source->rows);
    int64_t count = rows * source->columns;
    double *table =
        source->format == DATASET_CSV
            ? mem_copy(source->table, (size_t)count, sizeof *table)
        : source->format == DATASET_HDF5 ? dataset_rows_hdf5(source, rows)
                                         : rows_of_file(source, rows);
    for (int64_t i = 0; table && i < count && !source->bad; i++)
        if (!(fabs(table[i]) <= DATASET_VALUE_MOST))
            dataset_fail_value(source, i / source->columns,
                               i % source->columns, "is %g: expected a "
                               "finite number, at most 1e100", table[i]);
    if (!source->bad)
        return table;
    free(table);
    return NULL;
}
