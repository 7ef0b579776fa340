/* HDF5: datasets /i, /j from 0, /J or /w, /h; attribute n of the file. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/h5.h"
#include "systems/graph_parts.h"

/* Deflate makes a byte of at most so many. */
enum { INFLATION = 1032 };

struct column {
    const char *path;
    double *at;    /* NULL: none, or unreadable */
    int64_t rows;  /* -1: none */
};

/* Read as double: whole numbers are checked, not rounded. */
static struct column read_column(struct graph_source *source,
                                 struct h5 *file, const char *path)
{
    struct column column = {path, NULL, -1};
    struct h5_shape shape = h5_shape(file, path);
    if (shape.axes < 0)
        return column;
    column.rows = shape.axes == 1 ? shape.size[0] : 0;
    if (shape.axes != 1)
        graph_complain(source, -1, "%s has %d axes: expected a list, one "
                       "axis", path, shape.axes);
    else if (column.rows / INFLATION > source->bytes ||
             column.rows > INT32_MAX)
        graph_complain(source, -1, "%s says that it has %lld rows: too many "
                       "for this file, or above 2147483647", path,
                       (long long)column.rows);
    else
        column.at = h5_get(file, path, H5_DOUBLE);
    return column;
}

static bool is_site(double x, int64_t sites)
{
    return x >= 0 && x < (double)sites && x == floor(x);
}

static bool check_site(struct graph_source *source,
                       const struct column *column, int64_t row,
                       int64_t sites)
{
    bool good = is_site(column->at[row], sites);
    if (!good)
        graph_complain(source, row, "%s is %g: expected a site, a whole "
                       "number from 0 to %lld", column->path,
                       column->at[row], (long long)sites - 1);
    return good;
}

static bool check_weight(struct graph_source *source,
                         const struct column *column, int64_t row)
{
    bool good = fabs(column->at[row]) <= GRAPH_WEIGHT_MOST;
    if (!good)
        graph_complain(source, row, "%s is %g: expected a finite number, at "
                       "most 1e100", column->path, column->at[row]);
    return good;
}

static void read_row(struct graph_source *source, const struct column *i,
                     const struct column *j, const struct column *weight,
                     int64_t row, int64_t sites)
{
    bool good = check_site(source, i, row, sites);
    good = check_site(source, j, row, sites) && good;
    good = check_weight(source, weight, row) && good;
    if (good && i->at[row] == j->at[row])
        graph_complain(source, row, "site %g is joined to itself: fields "
                       "are in /h", i->at[row]);
    else if (good)
        graph_enter(source, (struct graph_entry){
            (int32_t)i->at[row], (int32_t)j->at[row], row,
            weight->at[row]});
}

/* What the file says of n, or 0 when it says nothing. */
static int64_t read_n(struct graph_source *source, struct h5 *file)
{
    char *text = h5_text(file, "/", "n", NULL);
    double n = h5_real(file, "/", "n", text ? NAN : 0);
    free(text);
    if (n == 0 || (is_site(n, GRAPH_SITES_MOST + 1) && n >= 1))
        return (int64_t)n;
    graph_complain(source, -1, "attribute n is no number of sites: expected "
                   "a whole number from 1 to %d", GRAPH_SITES_MOST);
    return 0;
}

static int64_t count_sites(const struct column *i, const struct column *j,
                           int64_t h)
{
    int64_t sites = h;
    for (int64_t row = 0; row < i->rows; row++) {
        double last = fmax(i->at[row], j->at[row]);
        if (is_site(last, GRAPH_SITES_MOST) && last >= (double)sites)
            sites = (int64_t)last + 1;
    }
    return sites > 1 ? sites : 1;
}

static bool check_columns(struct graph_source *source,
                          const struct column *c)
{
    for (int k = 0; k < 3; k++)
        if (c[k].rows < 0)
            graph_complain(source, -1, "has no dataset %s: expected /i, /j "
                           "(sites from 0) and /J or /w (weights)",
                           c[k].path);
    for (int k = 1; k < 3 && !source->complaints; k++)
        if (c[k].rows != c[0].rows)
            graph_complain(source, -1, "%s has %lld rows and %s has %lld",
                           c[0].path, (long long)c[0].rows, c[k].path,
                           (long long)c[k].rows);
    return !source->complaints && c[0].at && c[1].at && c[2].at;
}

/* Fields, as entries on the diagonal. */
static void read_fields(struct graph_source *source, const struct column *h,
                        int64_t sites)
{
    if (h->rows != sites)
        graph_complain(source, -1, "/h has %lld rows for %lld sites",
                       (long long)h->rows, (long long)sites);
    for (int64_t i = 0; i < h->rows && i < sites && h->at; i++)
        if (check_weight(source, h, i))
            graph_enter(source, (struct graph_entry){
                (int32_t)i, (int32_t)i, i, h->at[i]});
}

static int64_t read_all(struct graph_source *source, struct h5 *file,
                        bool cut, struct column *c)
{
    c[0] = read_column(source, file, "/i");
    c[1] = read_column(source, file, "/j");
    c[2] = read_column(source, file, cut ? "/w" : "/J");
    c[3] = read_column(source, file, "/h");
    if (!h5_good(file))
        return 0;
    int64_t sites = read_n(source, file);
    if (cut && h5_has(file, "/J"))
        graph_complain(source, -1, "has both /J and /w: couplings are in /J, "
                       "weights of a cut in /w");
    if (cut && c[3].rows >= 0)
        graph_complain(source, -1, "has /h, and a cut has no fields: "
                       "couplings are in /J, weights of a cut in /w");
    if (!check_columns(source, c) || (c[3].rows >= 0 && !c[3].at))
        return 0;
    if (!sites)
        sites = count_sites(&c[0], &c[1], c[3].rows);
    for (int64_t row = 0; row < c[0].rows; row++)
        read_row(source, &c[0], &c[1], &c[2], row, sites);
    if (c[3].rows >= 0)
        read_fields(source, &c[3], sites);
    return sites;
}

struct graph *graph_read_hdf5(struct graph_source *source)
{
    struct column columns[4] = {0};
    struct err err = {0};
    struct h5 *file = h5_open(source->file, H5_READ);
    bool cut = h5_has(file, "/w");
    int64_t sites = h5_good(file) ? read_all(source, file, cut, columns) : 0;
    for (int k = 0; k < 4; k++)
        free(columns[k].at);
    if (!h5_close(file, &err)) {
        err_add(source->err, EXIT_INPUT, NULL, "%.*s",
                (int)strcspn(err.text, "\n"), err.text);
        source->complaints++;
    }
    err_clear(&err);
    return graph_finish(source, cut ? GRAPH_CUT : GRAPH_COUPLING, sites,
                        GRAPH_REFUSED);
}
