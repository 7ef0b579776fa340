/* A kill between any two writes of a commit, by replay: the writes of one
   commit to OUT.h5 are logged (this program's pwrite stands in front of
   libc's), then for every prefix of them the file is put together and a
   resume is tried from the checkpoint before. Each must give the committed
   rows back, extendable, by salvage where need be. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/alloc.h"
#include "io/h5.h"
#include "run/output.h"
#include "run/start.h"
#include "tap.h"

/* ---- the log ----------------------------------------------------------- */

enum { KIND_WRITE, KIND_TRUNCATE };
struct entry { int kind; off_t at; size_t count; char *bytes; };
static struct entry *entries;
static int entry_count;
static bool logging;

static void note(int kind, off_t at, size_t count, const void *bytes)
{
    entries = mem_grow(entries, (size_t)entry_count + 1, sizeof *entries);
    entries[entry_count++] = (struct entry){
        kind, at, count, bytes ? mem_copy(bytes, count, 1) : NULL};
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t at)
{
    if (logging)
        note(KIND_WRITE, at, count, bytes);
    return syscall(SYS_pwrite64, file, bytes, count, at);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at)
{
    return pwrite(file, bytes, count, at);
}

int ftruncate(int file, off_t length)
{
    if (logging)
        note(KIND_TRUNCATE, length, 0, NULL);
    return (int)syscall(SYS_ftruncate, file, length);
}

int ftruncate64(int file, off64_t length) { return ftruncate(file, length); }

/* ---- files ------------------------------------------------------------- */

static char *slurp(const char *path, size_t *size)
{
    struct stat about;
    int file = open(path, O_RDONLY);
    fstat(file, &about);
    *size = (size_t)about.st_size;
    char *bytes = mem_new(*size, 1);
    if (read(file, bytes, *size) != (ssize_t)*size)
        abort();
    close(file);
    return bytes;
}

static void spill(const char *path, const char *bytes, size_t size)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (write(file, bytes, size) != (ssize_t)size)
        abort();
    close(file);
}

/* The file as it was, with the first n entries done. */
static void build(const char *path, const char *before, size_t size, int n)
{
    spill(path, before, size);
    int file = open(path, O_WRONLY);
    for (int i = 0; i < n; i++) {
        const struct entry *e = &entries[i];
        long done = e->kind == KIND_WRITE
                        ? syscall(SYS_pwrite64, file, e->bytes, e->count,
                                  e->at)
                        : syscall(SYS_ftruncate, file, e->at);
        if (done < 0)
            abort();
    }
    close(file);
}

/* ---- a run ------------------------------------------------------------- */

static const char text[] =
    "run = { seed = 5; sweeps = 400; burn_in = 32; };\n"
    "model = { name = \"ising\"; shape = [8, 8]; };\n"
    "ladder = { temperature = [1.8, 3.0]; rungs = 5; copies = 2; };\n"
    "record = { every = 1; states_every = 5; };\n";

static struct engine *make_engine(const struct input *input)
{
    struct err err = {0};
    struct engine_spec spec = {.input = input, .ranks = 1, .threads = 1};
    return engine_new(&spec, &err);
}

static void sweep_to(struct engine *e, struct recorder *r, uint64_t tick)
{
    while (e->at.tick < tick) {
        bool row = engine_row_next(e);
        engine_sweep(e, row);
        if (row)
            recorder_row(r, e);
        if (engine_verifies(e->at.tick))
            recorder_verify(r, e);
        engine_exchange(e);
        if (engine_round_over(e)) {
            recorder_round(r, e);
            engine_next_round(e);
        }
    }
}

/* ---- what a file holds ------------------------------------------------- */

static const char *const paths[] = {
    "/series/sweep", "/series/u", "/series/energy", "/series/magnetization",
    "/exchange/walker", "/ladder/history", "/verify", "/states/spin",
    "/states/sweep", "/exchange/attempts", "/exchange/round_trips"};
enum { PATHS = sizeof paths / sizeof *paths };

struct content { int64_t count[PATHS]; double *values[PATHS]; };

static struct content read_content(struct err *err)
{
    struct content c = {0};
    struct h5 *file = h5_open("replay.h5", H5_READ);
    for (int i = 0; i < PATHS; i++) {
        c.count[i] = h5_values(h5_shape(file, paths[i]));
        c.values[i] = h5_get(file, paths[i], H5_DOUBLE);
    }
    h5_close(file, err);
    return c;
}

static bool same_content(const struct content *a, const struct content *b)
{
    bool same = true;
    for (int i = 0; i < PATHS; i++) {
        bool one = a->count[i] == b->count[i] && a->values[i] &&
                   b->values[i] &&
                   !memcmp(a->values[i], b->values[i],
                           (size_t)a->count[i] * sizeof(double));
        if (!one && same)
            printf("# %s differs\n", paths[i]);
        same = same && one;
    }
    return same;
}

static void free_content(struct content *c)
{
    for (int i = 0; i < PATHS; i++)
        free(c->values[i]);
}

/* ---- one prefix -------------------------------------------------------- */

struct outcome { int resumed, salvaged, lost, wrong; };

/* Resume, sweep on to `end`, commit; the whole must be as it should. */
static void try_prefix(const struct input *input, uint64_t end,
                       const struct content *should, struct outcome *outcome)
{
    struct err err = {0};
    char *notice = NULL;
    struct engine *e = make_engine(input);
    struct recorder *r = recorder_new(e);
    struct output *output = output_new("replay.h5");
    struct h5 *file = h5_open("replay.h5", H5_READ);
    char *uuid = h5_text(file, "/", "run_uuid", "none");
    h5_close(file, &err);
    struct checkpoint *c = checkpoint_read("replay.h5.ckpt", uuid, &err);
    bool good = c && checkpoint_restore(c, e, &err) &&
                output_resume(output, e, c, &notice, &err);
    if (good) {
        sweep_to(e, r, end);
        good = output_commit(output, e, r, (struct commit){0}, &err);
    }
    if (good) {
        struct content now = read_content(&err);
        outcome->wrong += !same_content(&now, should);
        free_content(&now);
    }
    outcome->resumed += good;
    outcome->salvaged += good && notice;
    outcome->lost += !good;
    if (!good && outcome->lost < 4)
        printf("# %s", err.text ? err.text : "no message\n");
    free(notice);
    free(uuid);
    err_clear(&err);
    checkpoint_free(c);
    output_free(output);
    recorder_free(r);
    engine_free(e);
}

/* ---- one commit -------------------------------------------------------- */

static void clear_log(void)
{
    for (int i = 0; i < entry_count; i++)
        free(entries[i].bytes);
    free(entries);
    entries = NULL;
    entry_count = 0;
}

/* Runs to `first`, commits, to `second`, commits with the log on, to `end`;
   then every `step`-th prefix of the logged commit. spoil: a mutant, one bit
   of a committed row is another. */
static struct outcome replay(const struct input *input, uint64_t first,
                             uint64_t second, uint64_t end, int step,
                             bool spoil)
{
    struct err err = {0};
    struct outcome outcome = {0};
    size_t size, ckpt_size;
    struct engine *e = make_engine(input);
    struct recorder *r = recorder_new(e);
    struct output *output = output_new("replay.h5");
    engine_start(e);
    engine_relabel(e);
    bool good = output_create(output, e, r, &err);
    sweep_to(e, r, first);
    good = good && output_commit(output, e, r, (struct commit){0}, &err);
    char *before = slurp("replay.h5", &size);
    char *ckpt = slurp("replay.h5.ckpt", &ckpt_size);
    sweep_to(e, r, second);
    logging = true;
    good = good && output_commit(output, e, r, (struct commit){0}, &err);
    logging = false;
    sweep_to(e, r, end);
    good = good && output_commit(output, e, r, (struct commit){0}, &err);
    struct content should = read_content(&err);
    ok(good && entry_count > 10, "commits after %d, %d, %d sweeps; the second "
       "took %d writes", (int)first, (int)second, (int)end, entry_count);
    if (spoil) {
        char *row = memmem(before, size, should.values[1],
                           20 * sizeof(double));
        if (row)
            row[7] ^= 1;
    }
    for (int n = 0; n <= entry_count; n += step) {
        build("replay.h5", before, size, n);
        spill("replay.h5.ckpt", ckpt, ckpt_size);
        unlink("replay.h5.ckpt.prev");
        output_begin_write("replay.h5", 1, &err);
        try_prefix(input, end, &should, &outcome);
    }
    printf("# prefixes: %d resumed, %d salvaged, %d lost, %d wrong\n",
           outcome.resumed, outcome.salvaged, outcome.lost, outcome.wrong);
    clear_log();
    free_content(&should);
    free(before);
    free(ckpt);
    output_free(output);
    recorder_free(r);
    engine_free(e);
    err_clear(&err);
    return outcome;
}

int main(void)
{
    struct err err = {0};
    char folder[] = "/tmp/replay-XXXXXX";
    if (!mkdtemp(folder) || chdir(folder))
        return 1;
    struct input *input = input_parse("replay.cfg", text, NULL, 0, &err);
    struct outcome o = replay(input, 132, 332, 432, 1, false);
    ok(o.lost == 0 && o.resumed == o.salvaged,
       "early commit: every prefix is resumed");
    ok(o.wrong == 0, "and gives what the uninterrupted run gives");
    /* Past 64 chunks: the index of /series/u splits. */
    o = replay(input, 13000, 13600, 13700, 2, false);
    ok(o.lost == 0, "late commit: every prefix is resumed");
    ok(o.wrong == 0, "and gives what the uninterrupted run gives");
    o = replay(input, 132, 332, 432, 6, true);
    ok(o.wrong > 0, "mutant rejected: one bit of a committed row");
    if (system("rm -rf \"$PWD\"") != 0)
        printf("# the scratch folder stays\n");
    input_free(input);
    err_clear(&err);
    return tap_done();
}
