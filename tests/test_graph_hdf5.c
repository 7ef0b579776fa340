/* Graphs in HDF5 files: round trip, and what is refused. */
#include "graph_files.h"
#include "io/h5.h"

/* What a file of four sites is made of; NULL: left out. */
struct parts {
    const double *i, *j, *J, *w, *h;
    int rows, rows_j, rows_h;
    double n;         /* attribute, when not 0 */
};

static void put(struct h5 *file, const char *path, const double *values,
                int rows)
{
    if (values)
        h5_put(file, path, H5_DOUBLE, (struct h5_shape){1, {rows}}, values);
}

static void write_parts(struct parts parts)
{
    struct err err = {0};
    struct h5 *file = h5_open("bad.h5", H5_CREATE);
    put(file, "/i", parts.i, parts.rows);
    put(file, "/j", parts.j, parts.rows_j ? parts.rows_j : parts.rows);
    put(file, "/J", parts.J, parts.rows);
    put(file, "/w", parts.w, parts.rows);
    put(file, "/h", parts.h, parts.rows_h);
    if (parts.n != 0)
        h5_set_real(file, "/", "n", parts.n);
    if (!h5_close(file, &err))
        abort();
}

static const double I[] = {0, 1, 3}, J[] = {1, 2, 0}, W[] = {1, -2.5, 4};
static const double H[] = {0, 0.5, 0, -1, 2};

static bool refused(const char *want)
{
    struct err err = {0};
    struct graph *graph = graph_read("bad.h5", "auto", &err);
    bool pass = !graph && err.code == EXIT_INPUT &&
                strstr(err.text, want);
    if (!pass)
        printf("# got %s", graph ? "a graph\n" : err.text);
    graph_free(graph);
    err_clear(&err);
    return ok(pass, "refused: %s", want);
}

static void check_refused(void)
{
    static const double far[] = {1, 2, 9}, half[] = {1, 1.5, 0};
    static const double self[] = {1, 1, 0}, again[] = {1, 0, 0};
    static const double minus[] = {1, -2, 0}, nan[] = {1, NAN, 2};
    static const double ones[] = {1, 0, 1}, inf[] = {0, INFINITY, 0, 0};
    const struct { struct parts parts; const char *want; } bad[] = {
        {{I, J, W, .rows = 3, .rows_j = 2}, "/i has 3 rows and /j has 2"},
        {{I, NULL, W, .rows = 3}, "has no dataset /j: expected /i, /j"},
        {{I, J, .rows = 3}, "has no dataset /J: expected /i, /j (sites from "
         "0) and /J or /w"},
        {{I, J, W, W, .rows = 3}, "has both /J and /w"},
        {{I, J, NULL, W, H, 3, .rows_h = 4}, "a cut has no fields"},
        {{I, far, W, .rows = 3, .n = 4}, "row 2: /j is 9: expected a site, "
         "a whole number from 0 to 3"},
        {{I, half, W, .rows = 3}, "row 1: /j is 1.5: expected a site"},
        {{I, minus, W, .rows = 3}, "row 1: /j is -2: expected a site"},
        {{I, nan, W, .rows = 3}, "row 1: /j is nan: expected a site"},
        {{I, self, W, .rows = 3}, "row 1: site 1 is joined to itself"},
        {{ones, again, W, .rows = 3}, "row 1: site 0 is joined to itself"},
        {{I, J, nan, .rows = 3}, "row 1: /J is nan: expected a finite"},
        {{again, ones, W, .rows = 2, .n = 1}, "row 0: /i is 1"},
        {{I, J, W, NULL, H, 3, .rows_h = 3}, "/h has 3 rows for 4 sites"},
        {{I, J, W, NULL, inf, 3, .rows_h = 4}, "row 1: /h is inf"},
        {{I, J, W, .rows = 3, .n = 4.5}, "attribute n is no number of sites"},
        {{I, J, W, .rows = 3, .n = -4}, "attribute n is no number of sites"},
        {{I, J, W, .rows = 3, .n = 1e9}, "attribute n is no number"},
        {{I, J, W, .rows = 3, .n = 2e8}, "200000000 sites, but 3 entries"},
    };
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        write_parts(bad[k].parts);
        refused(bad[k].want);
    }
    const double twice_i[] = {0, 1, 1}, twice_j[] = {1, 2, 0};
    write_parts((struct parts){twice_i, twice_j, W, .rows = 3});
    refused("row 2: the pair 1 0 was given in row 0 already");
}

/* Datasets of other kinds than lists of numbers. */
static void check_kinds(void)
{
    struct err err = {0};
    write_parts((struct parts){I, J, W, .rows = 3});
    struct h5 *file = h5_open("bad.h5", H5_WRITE);
    h5_set_text(file, "/", "n", "four");
    h5_close(file, &err);
    refused("attribute n is no number of sites");
    write_parts((struct parts){I, NULL, W, .rows = 3});
    file = h5_open("bad.h5", H5_WRITE);
    h5_put_text(file, "/j", "1 2 0");
    h5_close(file, &err);
    refused("/j has 0 axes: expected a list");
    write_parts((struct parts){I, NULL, W, .rows = 3});
    file = h5_open("bad.h5", H5_WRITE);
    h5_put(file, "/j", H5_INT32, (struct h5_shape){2, {1, 3}},
           (int32_t[]){1, 2, 0});
    h5_close(file, &err);
    refused("/j has 2 axes: expected a list");
    write_parts((struct parts){I, NULL, W, .rows = 3});
    file = h5_open("bad.h5", H5_WRITE);
    h5_new_table(file, "/j", (struct h5_column[]){{"a", 0}}, 1);
    for (int64_t k = 0; k < 3; k++)
        h5_append_row(file, "/j", (struct h5_column[]){{"a", 0}}, 1,
                      (const void *[]){&k});
    h5_close(file, &err);
    refused("bad.h5: cannot read /j");
    ok(!err_any(&err), "the files were written");
}

/* Rows that are promised and not there; a file cut short. */
static void check_size(void)
{
    struct err err = {0};
    static const int64_t rows[] = {1000000000, 1099511627776};
    for (int k = 0; k < 2; k++) {
        char *want = mem_text("/i says that it has %lld rows: too many",
                              (long long)rows[k]);
        struct h5 *file = h5_open("bad.h5", H5_CREATE);
        h5_put(file, "/i", H5_INT8, (struct h5_shape){1, {rows[k]}}, NULL);
        h5_close(file, &err);
        refused(want);
        free(want);
    }
    ok(!err_any(&err), "the files were written");
    write_parts((struct parts){I, J, W, .rows = 3});
    ok(truncate("bad.h5", 1000) == 0, "cut short");
    refused("bad.h5: cannot open it as HDF5");
}

/* i, j as integers, the others double; n only when a site has no edge. */
static void check_trip(void)
{
    struct err err = {0};
    static const int32_t from[] = {0, 0, 2}, to[] = {1, 3, 3};
    static const double weight[] = {0.1, -1e100, 3};
    struct graph want = {GRAPH_COUPLING, 5, 3, (int32_t *)from,
                         (int32_t *)to, (double *)weight, (double *)H};
    struct h5 *file = h5_open("bad.h5", H5_CREATE);
    h5_put(file, "/i", H5_INT32, (struct h5_shape){1, {3}}, to);
    h5_put(file, "/j", H5_INT32, (struct h5_shape){1, {3}}, from);
    h5_put(file, "/J", H5_DOUBLE, (struct h5_shape){1, {3}}, weight);
    h5_put(file, "/h", H5_DOUBLE, (struct h5_shape){1, {5}}, H);
    h5_close(file, &err);
    struct graph *back = read_good("bad.h5", "auto");
    ok(graph_equal(&want, back), "round trip with fields");
    graph_free(back);
    file = h5_open("bad.h5", H5_WRITE);
    h5_remove(file, "/h");
    h5_close(file, &err);
    want.site = NULL;
    want.sites = 4;
    back = read_good("bad.h5", "hdf5");
    ok(graph_equal(&want, back), "n is the largest site and one more");
    graph_free(back);
    file = h5_open("bad.h5", H5_WRITE);
    h5_set_texts(file, "/", "n", (const char *[]){"9", "9"}, 2);
    h5_close(file, &err);
    back = read_good("bad.h5", "hdf5");
    ok(graph_equal(&want, back), "an attribute n that is a list is none");
    graph_free(back);
    file = h5_open("bad.h5", H5_WRITE);
    h5_remove(file, "/J");
    h5_put(file, "/w", H5_DOUBLE, (struct h5_shape){1, {3}}, weight);
    h5_set_integer(file, "/", "n", 7);
    h5_close(file, &err);
    want.meaning = GRAPH_CUT;
    want.sites = 7;
    back = read_good("bad.h5", "auto");
    ok(graph_equal(&want, back), "weights of a cut, attribute n");
    graph_free(back);
    ok(!err_any(&err), "the files were written");
}

int main(void)
{
    if (!files_begin())
        return 1;
    check_trip();
    check_refused();
    check_kinds();
    check_size();
    ok(files_done((const char *[]){"bad.h5"}, 1), "no file is left");
    return tap_done();
}
