/* From files to a data set: inputs and targets put together. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "systems/dataset_parts.h"

static const char *const formats[DATASET_FORMATS] = {"auto", "idx", "npy",
                                                     "csv", "hdf5"};

static enum dataset_format named(const struct dataset_request *request,
                                 struct err *err)
{
    for (int f = 0; f < DATASET_FORMATS; f++)
        if (!strcmp(formats[f], request->format))
            return (enum dataset_format)f;
    err_add(err, EXIT_INPUT, request->file, "format \"%.20s\" is not known: "
            "there are auto, idx, npy, csv, hdf5", request->format);
    return DATASET_FORMATS;
}

/* Targets have a file or dataset of their own in y; else they are the last
   `own` columns of x. */
struct pair {
    struct dataset_source x, y;
    bool split;
    int64_t own;
};

static bool is_bad(const struct pair *pair)
{
    return pair->x.bad || pair->y.bad;
}

/* "FILE:/group/y" for inputs at /group/x. */
static char *beside(const struct dataset_source *x)
{
    const char *slash = strrchr(x->path, '/');
    return mem_text("%s:%.*sy", x->file, (int)(slash + 1 - x->path), x->path);
}

static bool open_targets(struct pair *pair,
                         const struct dataset_request *request,
                         enum dataset_format format, struct err *err)
{
    bool file = request->labels_file && *request->labels_file;
    if (request->targets == DATASET_NONE)
        return true;
    if (file)
        return dataset_open(&pair->y, request->labels_file, "/y", format,
                            err);
    if (pair->x.format == DATASET_HDF5) {
        char *name = beside(&pair->x);
        dataset_open(&pair->y, name, "", DATASET_HDF5, err);
        free(name);
        return !pair->y.bad;
    }
    if (pair->x.format == DATASET_CSV) {
        pair->split = true;
        pair->own = request->targets == DATASET_REALS && request->outputs
                        ? request->outputs : 1;
        return true;
    }
    dataset_fail(&pair->x, -1, "holds inputs alone: expected the name of a "
                 "second file, that of the %s",
                 request->targets == DATASET_CLASSES ? "labels" : "targets");
    return false;
}

static void check_targets(struct pair *pair,
                          const struct dataset_request *request)
{
    struct dataset_source *x = &pair->x, *y = &pair->y;
    int64_t wanted = request->targets == DATASET_CLASSES ? 1
                                                         : request->outputs;
    if (pair->split && x->columns <= pair->own)
        dataset_fail(x, x->line[0], "has %lld numbers: expected inputs, then "
                     "%lld more for the %s", (long long)x->columns,
                     (long long)pair->own,
                     request->targets == DATASET_CLASSES ? "label"
                                                         : "targets");
    if (!y->file)
        return;
    if (y->rows != x->rows)
        dataset_fail(y, -1, "holds %s of %lld examples, and %s has %lld: "
                     "expected as many", y->what, (long long)y->rows, x->file,
                     (long long)x->rows);
    if (wanted && y->columns != wanted)
        dataset_fail(y, -1, "holds %lld numbers an example: expected %lld",
                     (long long)y->columns, (long long)wanted);
}

static void check_count(struct dataset_source *x,
                        const struct dataset_request *request)
{
    int64_t train = request->train > 0 ? request->train : 1;
    if (x->rows >= train && x->rows - train >= request->test)
        return;
    char *most = request->train
                     ? mem_text("%lld", (long long)request->train)
                     : mem_text("at least 1");
    dataset_fail(x, -1, "holds %lld examples: %s for training and %lld for "
                 "tests were asked for", (long long)x->rows, most,
                 (long long)request->test);
    free(most);
}

/* Columns [first, first + count) of a table; owned by the caller. */
static double *columns_of(const double *table, int64_t rows, int64_t columns,
                          int64_t first, int64_t count)
{
    double *part = mem_new((size_t)(rows * count), sizeof *part);
    for (int64_t i = 0; i < rows; i++)
        memcpy(part + i * count, table + i * columns + first,
               (size_t)count * sizeof *part);
    return part;
}

/* The targets [examples][outputs]; takes them away from x where they are its
   last columns. NULL with a message. */
static double *read_targets(struct pair *pair, struct dataset *set)
{
    if (!pair->split) {
        set->outputs = pair->y.columns;
        return dataset_rows(&pair->y, set->examples);
    }
    double *table = set->x;
    int64_t columns = set->inputs;
    set->outputs = pair->own;
    set->inputs -= pair->own;
    set->x = columns_of(table, set->examples, columns, 0, set->inputs);
    double *y = columns_of(table, set->examples, columns, set->inputs,
                           set->outputs);
    free(table);
    return y;
}

/* Numbers y that must be labels. */
static void take_labels(struct pair *pair, struct dataset *set,
                        const double *y, int classes)
{
    struct dataset_source *source = pair->split ? &pair->x : &pair->y;
    int most = classes ? classes : DATASET_CLASSES_MOST;
    set->label = mem_new((size_t)set->examples, sizeof *set->label);
    set->classes = classes ? classes : 2;
    for (int64_t i = 0; i < set->examples && !source->bad; i++) {
        if (!(y[i] >= 0 && y[i] < most && y[i] == floor(y[i]))) {
            dataset_fail_value(source, i, source->columns - 1, "the label "
                               "is %g: expected a whole number from 0 to %d%s",
                               y[i], most - 1,
                               classes ? " (model.classes says how many)" : "");
            return;
        }
        set->label[i] = (int32_t)y[i];
        if (set->label[i] >= set->classes)
            set->classes = set->label[i] + 1;
    }
}

static void fill(struct pair *pair, struct dataset *set,
                 const struct dataset_request *request)
{
    set->inputs = pair->x.columns;
    set->examples = request->train ? request->train + request->test
                                   : pair->x.rows;
    set->x = dataset_rows(&pair->x, set->examples);
    if (!set->x || request->targets == DATASET_NONE)
        return;
    set->y = read_targets(pair, set);
    if (!set->y || request->targets == DATASET_REALS)
        return;
    take_labels(pair, set, set->y, request->classes);
    free(set->y);
    set->y = NULL;
    set->outputs = 0;
}

struct dataset *dataset_read(const struct dataset_request *request,
                             struct err *err)
{
    assert(request->train >= 0 && request->test >= 0);
    assert(0 <= request->classes && request->classes <= DATASET_CLASSES_MOST);
    struct dataset *set = mem_new(1, sizeof *set);
    struct pair pair = {.x = {.what = "inputs", .pixels = true},
                        .y = {.what = "targets"}};
    enum dataset_format format = named(request, err);
    bool good = format != DATASET_FORMATS &&
                dataset_open(&pair.x, request->file, "/x", format, err) &&
                open_targets(&pair, request, format, err);
    if (good)
        check_targets(&pair, request);
    if (good && !is_bad(&pair))
        check_count(&pair.x, request);
    if (good && !is_bad(&pair))
        fill(&pair, set, request);
    good = good && !is_bad(&pair);
    dataset_close(&pair.x);
    dataset_close(&pair.y);
    if (good)
        return set;
    dataset_free(set);
    return NULL;
}
