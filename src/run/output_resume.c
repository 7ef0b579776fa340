/* Going on: OUT.h5 back to what its checkpoint counts. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "io/h5.h"
#include "par/par.h"
#include "run/output_parts.h"

/* Was the last write cut short? */
static bool half_written(const char *path)
{
    char *marker = output_marker(path);
    bool there = access(marker, F_OK) == 0;
    free(marker);
    return there;
}

/* Estimates and minima are of a run that was complete: they are left behind
   unseen. The first groups are the only ones a report changes. */
static const char *const of_complete[] = {"/estimates", "/theory", "/limits",
                                          "/windows", "/distance", "/minima"};
enum { OF_REPORT = 5, OF_COMPLETE = sizeof of_complete / sizeof *of_complete };

static bool is_one_of(int count, const char *path)
{
    for (int i = 0; i < count; i++)
        if (!strcmp(path, of_complete[i]))
            return true;
    return false;
}

static int64_t rows_of(void *context, const char *path)
{
    struct growth *growth = output_growth(context, path);
    if (is_one_of(OF_COMPLETE, path))
        return H5_SKIP;
    return growth ? growth->rows : H5_ALL;
}

/* Every dataset is there with at least the checkpoint's rows? */
static bool holds_rows(struct output *output, struct h5 *file,
                       struct err *err)
{
    const struct progress *p = &output->progress;
    for (int g = 0; g < p->growths && h5_good(file); g++) {
        struct h5_shape shape = h5_shape(file, p->growth[g].path);
        int64_t rows = shape.axes > 0 ? shape.size[0] : 0;
        if (rows < p->growth[g].rows) {
            err_add(err, EXIT_DATA, output->path,
                    "%s has %lld rows, its checkpoint counts %lld; "
                    "--restart begins anew and keeps this file",
                    p->growth[g].path, (long long)rows,
                    (long long)p->growth[g].rows);
            return false;
        }
    }
    return true;
}

struct found { int count; };

static void count(void *context, const char *name)
{
    struct found *found = context;
    (void)name;
    found->count++;
}

/* Is the file, but for numbers that are written in place, what the checkpoint
   counts? Then it is gone on with as it is. */
static bool fits(struct output *output, struct h5 *file)
{
    const struct progress *p = &output->progress;
    struct found found = {0};
    char *input = h5_get_text(file, "/input");
    bool same = input && !strcmp(input, p->input);
    for (int g = 0; g < p->growths; g++)
        same = same &&
               h5_shape(file, p->growth[g].path).size[0] == p->growth[g].rows;
    for (int i = 0; i < OF_COMPLETE; i++)
        if (h5_has(file, of_complete[i]))
            h5_list(file, of_complete[i], count, &found);
    free(input);
    return same && found.count == 0;
}

static void restore(struct output *output, const char *path,
                    const struct engine *e, bool fresh, struct err *err)
{
    struct h5 *file = h5_open(path, H5_WRITE);
    if (fresh)
        h5_put_text(file, "/input", output->progress.input);
    h5_set_integer(file, "/", "complete", 0);
    h5_set_integer(file, "/series", "rows",
                   output_growth(output, "/series/sweep")->rows);
    output_put_counters(file, e);
    h5_close(file, err);
}

static bool replace(const char *path, const char *fresh, struct err *err)
{
    bool good = output_force(fresh, err);
    if (good && rename(fresh, path)) {
        err_add(err, EXIT_DATA, fresh, "cannot be renamed: %s",
                strerror(errno));
        good = false;
    }
    if (good)
        output_end_write(path);
    return good;
}

static int64_t every_row(void *context, const char *path)
{
    (void)context;
    return is_one_of(OF_REPORT, path) ? H5_SKIP : H5_EVERY;
}

bool output_repair(const char *path, struct err *err)
{
    if (!half_written(path))
        return true;
    char *fresh = mem_text("%s.new", path);
    bool good = h5_salvage(path, fresh, every_row, NULL, err) &&
                replace(path, fresh, err);
    if (!good)
        unlink(fresh);
    free(fresh);
    return good;
}

/* What the checkpoint counts, into a new file that takes the old one's
   place: whatever happens meanwhile, one of them is whole. */
static bool copy(struct output *output, const struct engine *e,
                 struct err *err)
{
    char *fresh = mem_text("%s.new", output->path);
    bool good = h5_salvage(output->path, fresh, rows_of, output, err);
    if (good)
        restore(output, fresh, e, true, err);
    good = good && !err_any(err) && replace(output->path, fresh, err);
    if (!good)
        unlink(fresh);
    free(fresh);
    return good;
}

static bool resume(struct output *output, const struct engine *e,
                   char **notice, struct err *err)
{
    bool torn = half_written(output->path), as_it_is = false;
    if (!torn) {
        struct h5 *file = h5_open(output->path, H5_READ);
        bool holds = holds_rows(output, file, err);
        as_it_is = holds && fits(output, file);
        if (!h5_close(file, err) || !holds)
            return false;
    }
    if (torn)
        *notice = mem_text("%s: a write was cut short; what the checkpoint "
                           "counts is copied to a new file", output->path);
    if (!as_it_is)
        return copy(output, e, err);
    restore(output, output->path, e, false, err);
    return !err_any(err);
}

static void copy_progress(struct output *output, const struct engine *e,
                          const struct progress *from)
{
    struct progress *p = &output->progress;
    p->uuid = mem_text("%s", from->uuid);
    p->input = input_effective(e->input);
    p->seconds = from->seconds;
    for (int g = 0; g < from->growths; g++) {
        output_add_growth(output, from->growth[g].path);
        p->growth[g].rows = from->growth[g].rows;
    }
}

bool output_resume(struct output *output, const struct engine *e,
                   const struct checkpoint *from, char **notice,
                   struct err *err)
{
    bool good = true;
    *notice = NULL;
    copy_progress(output, e, &from->progress);
    if (par_rank() == 0)
        good = resume(output, e, notice, err);
    return output_agreed(good, output->path, err);
}
