/* What `tempera solve` found, as an HDF5 file that analysis/ draws. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/version.h"
#include "cli/solve_parts.h"
#include "io/h5.h"

enum { PHASES_MOST = 64 };

static const char format[] = "tempera-theory";

static void store_result(struct h5 *file, const struct problem *problem,
                         const char *name)
{
    struct h5_shape shape = {1, {problem->points}};
    double *mean = mem_new((size_t)problem->points, sizeof *mean);
    double *error = mem_new((size_t)problem->points, sizeof *error);
    for (int p = 0; p < problem->points; p++) {
        const struct solution *s = &problem->solution[p];
        mean[p] = solution_value(s, name);
        for (int i = 0; i < s->count; i++)
            if (!strcmp(s->result[i].name, name))
                error[p] = s->result[i].error;
    }
    char *path = mem_text("/theory/%s/mean", name);
    h5_put(file, path, H5_DOUBLE, shape, mean);
    free(path);
    path = mem_text("/theory/%s/error", name);
    h5_put(file, path, H5_DOUBLE, shape, error);
    free(path);
    path = mem_text("/theory/%s/source", name);
    h5_put_text(file, path, problem->solver->source);
    free(path);
    free(mean);
    free(error);
}

/* /curves/<point>/<name>, points from 0 */
static void store_curves(struct h5 *file, const struct problem *problem)
{
    for (int p = 0; p < problem->points; p++)
        for (int i = 0; i < problem->solution[p].curves; i++) {
            const struct solution_curve *c = &problem->solution[p].curve[i];
            char *path = mem_text("/curves/%d/%s", p, c->name);
            h5_put(file, path, H5_DOUBLE, (struct h5_shape){1, {c->count}},
                   c->value);
            h5_set_text(file, path, "unit", c->unit);
            h5_set_text(file, path, "definition", c->definition);
            if (c->against)
                h5_set_text(file, path, "against", c->against);
            free(path);
        }
}

/* /points/phase [point]: a number into attribute names, -1 none; /points/
   warnings [point]: how many; the first of all as attribute says. */
static void store_phases(struct h5 *file, const struct problem *problem)
{
    struct h5_shape shape = {1, {problem->points}};
    int64_t *phase = mem_new((size_t)problem->points, sizeof *phase);
    int64_t *warned = mem_new((size_t)problem->points, sizeof *warned);
    const char *names[PHASES_MOST], *says = NULL;
    int count = 0;
    for (int p = 0; p < problem->points; p++) {
        const struct solution *s = &problem->solution[p];
        int n = 0;
        while (s->phase && n < count && strcmp(names[n], s->phase))
            n++;
        if (s->phase && n == count && count < PHASES_MOST)
            names[count++] = s->phase;
        phase[p] = s->phase && n < count ? n : -1;
        warned[p] = s->warnings;
        if (s->warnings && !says)
            says = s->warning[0];
    }
    h5_put(file, "/points/phase", H5_INT64, shape, phase);
    h5_put(file, "/points/warnings", H5_INT64, shape, warned);
    if (count)
        h5_set_texts(file, "/points/phase", "names", names, count);
    if (says)
        h5_set_text(file, "/points/warnings", "says", says);
    free(phase);
    free(warned);
}

struct store { struct h5 *file; };

static void store_key(void *context, const struct param *row,
                      const char *text)
{
    struct h5 *file = ((struct store *)context)->file;
    h5_set_text(file, "/points", row->key, text);
}

/* /points/<key> [point] the swept keys, the others its attributes;
   /theory/<quantity>/{mean,error,source}; curves. */
static bool store(const struct problem *problem, const char *path,
                  struct err *err)
{
    struct store store = {h5_open(path, H5_CREATE)};
    struct h5_shape shape = {1, {problem->points}};
    const char *names[SOLUTION_MAX];
    int count = problem_columns(problem, names);
    double *value = mem_new((size_t)problem->points, sizeof *value);
    for (int p = 0; p < problem->points; p++)
        value[p] = p;
    h5_put(store.file, "/points/number", H5_DOUBLE, shape, value);
    for (int a = 0; a < problem->axes; a++) {
        char *name = mem_text("/points/%s", problem->axis[a].key);
        for (int p = 0; p < problem->points; p++)
            value[p] = problem_value(problem, a, p);
        h5_put(store.file, name, H5_DOUBLE, shape, value);
        free(name);
    }
    free(value);
    problem_each_key(problem, store_key, &store);
    for (int n = 0; n < count; n++)
        store_result(store.file, problem, names[n]);
    store_phases(store.file, problem);
    store_curves(store.file, problem);
    h5_set_text(store.file, "/", "format", format);
    h5_set_text(store.file, "/", "solver", problem->solver->name);
    h5_set_text(store.file, "/", "holds", problem->solver->holds);
    h5_set_text(store.file, "/", "program_version", version_program);
    return h5_close(store.file, err);
}

/* ---- the file ------------------------------------------------------------ */

static char *fresh_name(const char *path)
{
    return mem_text("%s.new", path);
}

static bool is_theory(const char *path)
{
    struct err ignored = {0};
    struct h5 *file = h5_open(path, H5_READ);
    char *found = h5_text(file, "/", "format", "");
    bool is = h5_close(file, &ignored) && !strcmp(found, format);
    err_clear(&ignored);
    free(found);
    return is;
}

static bool can_create(const char *path)
{
    char *fresh = fresh_name(path);
    int made = open(fresh, O_WRONLY | O_CREAT, 0666);
    if (made >= 0) {
        close(made);
        unlink(fresh);
    }
    free(fresh);
    return made >= 0;
}

bool solve_may_store(const char *path, struct err *err)
{
    struct stat found;
    bool there = stat(path, &found) == 0;
    if (!*path)
        err_add(err, EXIT_INPUT, "-o", "a file name is missing");
    else if (there && !S_ISREG(found.st_mode))
        err_add(err, EXIT_DATA, path, "it is no file");
    else if (there && found.st_size && !is_theory(path))
        err_add(err, EXIT_DATA, path, "it is there and not written by "
                "`tempera solve`; left as it is");
    else if ((there && access(path, W_OK)) || !can_create(path))
        err_add(err, EXIT_DATA, path, "cannot create the file: %s",
                strerror(errno));
    else
        return true;
    return false;
}

bool solve_store(const struct problem *problem, const char *path,
                 struct err *err)
{
    char *fresh = fresh_name(path);
    bool good = store(problem, fresh, err);
    if (good && rename(fresh, path)) {
        err_add(err, EXIT_DATA, path, "cannot rename %s: %s", fresh,
                strerror(errno));
        good = false;
    }
    if (!good)
        unlink(fresh);
    free(fresh);
    return good;
}
