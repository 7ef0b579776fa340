#include "run/output.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/crc.h"
#include "base/version.h"
#include "io/h5.h"
#include "par/par.h"
#include "run/instance.h"
#include "run/minima.h"
#include "run/output_parts.h"
#include "run/schema.h"

static const struct h5_column block_columns[] = {
    {"path", 64}, {"first_row", 0}, {"rows", 0}, {"crc64", 17}};
enum { BLOCK_COLUMNS = sizeof block_columns / sizeof *block_columns };

static const struct h5_column session_columns[] = {
    {"session", 0}, {"started", 32}, {"argv", 1024}, {"host", 256},
    {"ranks", 0}, {"threads", 0}, {"kernel", 32}, {"compiler", 512},
    {"program_version", 32}, {"git", 64}, {"mpi", 64}, {"hdf5", 16},
    {"slurm_job", 32}};
enum { SESSION_COLUMNS = sizeof session_columns / sizeof *session_columns };

static const char blocks[] = "/provenance/blocks";
static const char sessions[] = "/provenance/sessions";

/* ---- life -------------------------------------------------------------- */

struct output *output_new(const char *path)
{
    struct output *output = mem_new(1, sizeof *output);
    output->path = mem_text("%s", path);
    output->checkpoint = mem_text("%s.ckpt", path);
    output->committed = clock_now();
    return output;
}

void output_free(struct output *output)
{
    if (!output)
        return;
    progress_free(&output->progress);
    free(output->path);
    free(output->checkpoint);
    free(output);
}

/* All ranks learn whether rank 0 did it. */
bool output_agreed(bool good, const char *path, struct err *err)
{
    par_broadcast(&good, sizeof good);
    if (!good && !err_any(err))
        err_add(err, EXIT_DATA, path, "cannot be written");
    return good;
}

/* ---- rows -------------------------------------------------------------- */

struct growth *output_growth(struct output *output, const char *path)
{
    struct progress *p = &output->progress;
    for (int g = 0; g < p->growths; g++)
        if (!strcmp(p->growth[g].path, path))
            return &p->growth[g];
    return NULL;
}

void output_add_growth(struct output *output, const char *path)
{
    struct progress *p = &output->progress;
    p->growth = mem_grow(p->growth, (size_t)p->growths + 1,
                         sizeof *p->growth);
    p->growth[p->growths++] = (struct growth){mem_text("%s", path), 0};
}

static void add_block(struct output *output, struct h5 *file,
                      const char *path, int64_t first, int64_t rows,
                      uint64_t crc)
{
    char text[17];
    snprintf(text, sizeof text, "%016" PRIx64, crc);
    const void *cells[BLOCK_COLUMNS] = {path, &first, &rows, text};
    h5_append_row(file, blocks, block_columns, BLOCK_COLUMNS, cells);
    output_growth(output, blocks)->rows++;
}

/* Rows go in, and a note of them with their checksum. */
static void append(struct output *output, struct h5 *file, const char *path,
                   const struct schema *schema, int64_t rows,
                   const void *values)
{
    struct growth *growth = output_growth(output, path);
    const struct dataset *set = schema_find(schema, path);
    if (rows == 0)
        return;
    size_t bytes = (size_t)(rows * h5_values(set->row)) * h5_size(set->type);
    h5_append(file, path, set->type, rows, values);
    add_block(output, file, path, growth->rows, rows,
              crc64(0, values, bytes));
    growth->rows += rows;
}

static void append_series(struct output *output, struct h5 *file,
                          const struct schema *schema,
                          const struct recorder *r,
                          const struct gathered *gathered)
{
    append(output, file, "/series/sweep", schema, r->rows, r->sweep.at);
    append(output, file, "/series/u", schema, r->rows, r->u.at);
    if (r->slope.count)
        append(output, file, schema_slope, schema, r->rows, r->slope.at);
    append(output, file, "/exchange/walker", schema, r->rows, r->walker.at);
    for (int o = 0; o < r->observables; o++) {
        char *path = mem_text("/series/%s", r->observable[o]->name);
        append(output, file, path, schema, r->rows, gathered->values[o]);
        free(path);
    }
    append(output, file, "/states/sweep", schema, r->state_rows,
           r->state_sweep.at);
    if (r->state_rows)
        append(output, file, schema->state_path, schema, r->state_rows,
               gathered->states);
}

static void append_ladder(struct output *output, struct h5 *file,
                          const struct schema *schema,
                          const struct recorder *r,
                          const struct engine *e)
{
    int64_t rounds = (int64_t)r->barrier.count;
    int64_t k = e->ladder->components;
    append(output, file, "/ladder/history", schema, rounds, r->history.at);
    append(output, file, "/ladder/barrier", schema, rounds, r->barrier.at);
    append(output, file, "/ladder/acceptance", schema, rounds,
           r->acceptance.at);
    append(output, file, "/ladder/sweep", schema, rounds, r->round_end.at);
    append(output, file, "/verify", schema,
           (int64_t)r->verify.count / (e->exchange->walkers * k),
           r->verify.at);
}

/* ---- the states a run stops with ---------------------------------------- */

/* states = NULL: the place for them, sweep -1. */
static void put_last_states(struct h5 *file, const struct schema *schema,
                            const struct engine *e, const char *states)
{
    char *path = mem_text("/states/last/%s",
                          e->system->model->fields[0].name);
    struct h5_shape shape = schema_find(schema, schema->state_path)->row;
    h5_put(file, path, schema_find(schema, schema->state_path)->type, shape,
           states);
    h5_set_integer(file, "/states/last", "sweep",
                   states ? e->at.production : -1);
    free(path);
}

/* ---- a new file -------------------------------------------------------- */

static void make_uuid(char uuid[37])
{
    unsigned char b[16] = {0};
    FILE *random = fopen("/dev/urandom", "rb");
    if (!random || fread(b, 1, sizeof b, random) != sizeof b) {
        double now = clock_now(); /* no such device: time and process */
        int pid = (int)getpid();
        memcpy(b, &now, sizeof now);
        memcpy(b + 8, &pid, sizeof pid);
    }
    if (random)
        fclose(random);
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    snprintf(uuid, 37,
             "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-"
             "%02x%02x%02x%02x%02x%02x",
             b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9],
             b[10], b[11], b[12], b[13], b[14], b[15]);
}

/* Everything that will ever stand in a group that holds rows is there from
   the start: a write that is cut short must not tear the way to them. */
static void write_new(struct output *output, struct h5 *file,
                      const struct engine *e, const struct schema *schema)
{
    char stamp[32];
    clock_stamp(stamp, sizeof stamp);
    h5_set_text(file, "/", "format", "tempera");
    h5_set_integer(file, "/", "format_version", 1);
    h5_set_text(file, "/", "program_version", version_program);
    h5_set_text(file, "/", "git", version_git);
    h5_set_text(file, "/", "run_uuid", output->progress.uuid);
    h5_set_text(file, "/", "created", stamp);
    h5_set_integer(file, "/", "complete", 0);
    h5_put_text(file, "/input", output->progress.input);
    instance_store(file, e->input);
    for (int d = 0; d < schema->count; d++) {
        schema_create(file, &schema->dataset[d]);
        output_add_growth(output, schema->dataset[d].path);
    }
    h5_new_table(file, blocks, block_columns, BLOCK_COLUMNS);
    output_add_growth(output, blocks);
    h5_new_table(file, sessions, session_columns, SESSION_COLUMNS);
    h5_set_integer(file, "/series", "rows", 0);
    output_put_counters(file, e);
    put_last_states(file, schema, e, NULL);
    h5_new_group(file, "/estimates");
    h5_new_group(file, "/theory");
    h5_new_group(file, "/limits");
    h5_new_group(file, "/windows");
    h5_new_group(file, "/distance");
    if (e->quench)
        h5_new_group(file, "/minima");
    schema_describe(file, e);
}

static bool write_checkpoint(struct output *output, const struct engine *e,
                             struct err *err)
{
    bool good = checkpoint_write(output->checkpoint, e, &output->progress,
                                 err);
    return output_agreed(good, output->checkpoint, err);
}

/* Under another name until the first checkpoint is there: a file of that
   name always has one. */
bool output_create(struct output *output, const struct engine *e,
                   const struct recorder *recorder, struct err *err)
{
    char *fresh = mem_text("%s.new", output->path), uuid[37];
    struct schema *schema = schema_new(e, recorder);
    double start = clock_now();
    bool good = true;
    make_uuid(uuid);
    par_broadcast(uuid, sizeof uuid);
    output->progress.uuid = mem_text("%s", uuid);
    output->progress.input = input_effective(e->input);
    if (par_rank() == 0) {
        struct h5 *file = h5_open(fresh, H5_CREATE);
        if (h5_good(file))
            write_new(output, file, e, schema);
        good = h5_close(file, err);
    }
    good = output_agreed(good, output->path, err) &&
           write_checkpoint(output, e, err);
    if (par_rank() == 0 && good) {
        good = rename(fresh, output->path) == 0;
        output_end_write(output->path); /* an old one's */
    } else if (par_rank() == 0)
        unlink(fresh);
    good = output_agreed(good, output->path, err);
    output->cost = clock_now() - start; /* a first guess */
    schema_free(schema);
    free(fresh);
    return good;
}

/* ---- sessions ----------------------------------------------------------- */

bool output_session(struct output *output, const struct session_row *row,
                    struct err *err)
{
    if (!output_begin_write(output->path, OUTPUT_SLACK, err))
        return false;
    struct h5 *file = h5_open(output->path, H5_WRITE);
    if (!h5_has(file, sessions)) /* lost with a write that was cut short */
        h5_new_table(file, sessions, session_columns, SESSION_COLUMNS);
    struct h5_shape shape = h5_shape(file, sessions);
    int64_t number = shape.size[0] + 1;
    char stamp[32], mpi[64], hdf5[16];
    clock_stamp(stamp, sizeof stamp);
    par_library(mpi, sizeof mpi);
    h5_version(hdf5, sizeof hdf5);
    const void *cells[SESSION_COLUMNS] = {
        &number, stamp, row->argv, row->host, &row->ranks, &row->threads,
        row->kernel, version_compiler, version_program, version_git, mpi,
        hdf5, row->slurm};
    h5_append_row(file, sessions, session_columns, SESSION_COLUMNS, cells);
    bool good = h5_close(file, err);
    if (good)
        output_end_write(output->path);
    return good;
}

/* ---- commits ----------------------------------------------------------- */

/* Rows, a chunk more for each dataset, and what HDF5 needs around them. */
static int64_t commit_bytes(const struct schema *schema,
                            const struct engine *e,
                            const struct recorder *recorder, bool last,
                            bool complete)
{
    int64_t states = e->exchange->walkers * (int64_t)e->system->state_bytes;
    int64_t bytes = OUTPUT_SLACK + (last + recorder->state_rows) * states +
                    (complete && e->quench ? minima_bytes(e) : 0);
    for (int d = 0; d < schema->count; d++) {
        const struct dataset *set = &schema->dataset[d];
        int64_t row = h5_values(set->row) * h5_size(set->type);
        bool of_states = !strcmp(set->path, schema->state_path);
        bytes += (of_states ? 0 : recorder->rows * row) +
                 h5_chunk_bytes(row);
    }
    return bytes;
}

static bool write_rows(struct output *output, const struct engine *e,
                       const struct recorder *recorder,
                       const struct gathered *gathered, const char *states,
                       bool complete, struct err *err)
{
    struct schema *schema = schema_new(e, recorder);
    int64_t bytes = commit_bytes(schema, e, recorder, states != NULL,
                                 complete);
    if (!output_begin_write(output->path, bytes, err)) {
        schema_free(schema);
        return false;
    }
    struct h5 *file = h5_open(output->path, H5_WRITE);
    append_series(output, file, schema, recorder, gathered);
    append_ladder(output, file, schema, recorder, e);
    output_put_counters(file, e);
    if (states)
        put_last_states(file, schema, e, states);
    if (complete && e->quench && e->at.production)
        minima_put(file, e, states);
    h5_flush(file);
    h5_set_integer(file, "/series", "rows",
                   output_growth(output, "/series/sweep")->rows);
    h5_set_integer(file, "/", "complete", complete);
    h5_flush(file);
    schema_free(schema);
    bool good = h5_close(file, err) && output_force(output->path, err);
    if (good)
        output_end_write(output->path);
    return good;
}

bool output_commit(struct output *output, const struct engine *e,
                   struct recorder *recorder, struct commit what,
                   struct err *err)
{
    double start = clock_now();
    bool good = true;
    struct gathered gathered = recorder_gather(recorder, e);
    if (e->best)
        best_settle(e->best);
    char *states = what.stop ? recorder_states(e) : NULL;
    output->progress.seconds += start - output->committed;
    if (par_rank() == 0)
        good = write_rows(output, e, recorder, &gathered, states,
                          what.complete, err);
    free(states);
    recorder_release(recorder, &gathered);
    recorder_clear(recorder);
    good = output_agreed(good, output->path, err) &&
           write_checkpoint(output, e, err);
    output->committed = clock_now();
    if (output->committed - start > output->cost)
        output->cost = output->committed - start;
    return good;
}
