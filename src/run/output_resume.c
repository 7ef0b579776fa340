/* Going on: OUT.h5 back to what its checkpoint counts. */
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

static int64_t rows_of(void *context, const char *path)
{
    struct growth *growth = output_growth(context, path);
    return growth ? growth->rows : -1;
}

/* A file that can be read but not extended: its committed rows into a new
   one. */
static bool salvage(struct output *output, char **notice, struct err *err)
{
    char *fresh = mem_text("%s.new", output->path);
    bool good = h5_salvage(output->path, fresh, rows_of, output, err) &&
                rename(fresh, output->path) == 0;
    if (good)
        *notice = mem_text("%s: a commit was cut short; the rows before it "
                           "were copied to a new file", output->path);
    else
        unlink(fresh);
    free(fresh);
    return good;
}

static void restore_rows(struct output *output, struct h5 *file,
                         const struct engine *e)
{
    struct progress *p = &output->progress;
    for (int g = 0; g < p->growths; g++) {
        struct h5_shape shape = h5_shape(file, p->growth[g].path);
        if (shape.axes > 0 && shape.size[0] != p->growth[g].rows)
            h5_truncate(file, p->growth[g].path, p->growth[g].rows);
    }
    h5_remove(file, "/estimates");
    h5_remove(file, "/theory");
    h5_set_integer(file, "/", "complete", 0);
    h5_set_integer(file, "/series", "rows",
                   output_growth(output, "/series/sweep")->rows);
    h5_put_text(file, "/input", p->input);
    output_put_counters(file, e);
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

/* Looks before it writes: a file that lacks rows stays as it is. */
static bool try_resume(struct output *output, const struct engine *e,
                       struct err *err)
{
    struct h5 *file = h5_open(output->path, H5_READ);
    bool good = holds_rows(output, file, err);
    if (!h5_close(file, err) || !good ||
        !output_begin_write(output->path, OUTPUT_SLACK, err))
        return false;
    file = h5_open(output->path, H5_WRITE);
    restore_rows(output, file, e);
    good = h5_close(file, err);
    if (good)
        output_end_write(output->path);
    return good;
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
    if (par_rank() == 0) {
        if (half_written(output->path))
            good = salvage(output, notice, err);
        good = good && try_resume(output, e, err);
    }
    return output_agreed(good, output->path, err);
}
