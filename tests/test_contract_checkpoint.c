/* Battery, checkpoints: one taken in mid burn-in restores into an engine of
   any other kernel, which goes on bit for bit; a damaged one is noticed. */
#include <unistd.h>

#include "engines.h"
#include "run/checkpoint.h"

static char path[200], prev[210];

/* Burn-in's second round ends after 96, with new rungs. */
enum { STEPS_BEFORE = 70, STEPS_AFTER = 40 };

static bool same_bytes(const void *a, const void *b, size_t count,
                       size_t size)
{
    return !memcmp(a, b, count * size);
}

static bool same_states(const struct engine *a, const struct engine *b)
{
    size_t one = a->system->state_bytes;
    char *x = mem_new(1, one), *y = mem_new(1, one);
    bool same = true;
    for (int w = 0; w < a->hosted->walkers && same; w++) {
        hosted_get(a->hosted, w, x);
        hosted_get(b->hosted, w, y);
        same = !memcmp(x, y, one);
    }
    free(x);
    free(y);
    return same;
}

static bool same_engines(const struct engine *a, const struct engine *b)
{
    const struct exchange *x = a->exchange, *y = b->exchange;
    size_t walkers = (size_t)x->walkers, rungs = (size_t)x->rungs;
    size_t k = (size_t)x->components, edges = rungs - 1;
    size_t counts = edges * (size_t)x->samples;
    return same_bytes(&a->at, &b->at, 1, sizeof a->at) &&
           same_bytes(a->ladder->lambda, b->ladder->lambda, rungs * k, 8) &&
           same_bytes(a->ladder->rung, b->ladder->rung, rungs,
                      sizeof *a->ladder->rung) &&
           same_bytes(x->label, y->label, walkers, sizeof(int)) &&
           same_bytes(x->walker, y->walker, walkers, sizeof(int)) &&
           same_bytes(x->heading, y->heading, walkers, 1) &&
           same_bytes(x->trips, y->trips, walkers, 8) &&
           same_bytes(x->attempts, y->attempts, counts, 8) &&
           same_bytes(x->accepts, y->accepts, counts, 8) &&
           same_bytes(x->chance, y->chance, edges, 8) &&
           same_bytes(x->tries, y->tries, edges, 8) &&
           a->moments.count == b->moments.count &&
           same_bytes(a->moments.u, b->moments.u, rungs * k, 8) &&
           same_bytes(a->moments.uu, b->moments.uu, rungs * k * k, 8) &&
           same_states(a, b);
}

static bool go_on_alike(struct engine *a, struct engine *b, int steps)
{
    bool same = same_engines(a, b);
    for (int i = 0; i < steps && same; i++) {
        step(a);
        step(b);
        same = same_engines(a, b);
    }
    return same;
}

static struct progress progress_of(void)
{
    static char uuid[] = "0123", input[] = "run = { };", path[] = "/series/u";
    static struct growth growth = {path, 1234567890123};
    return (struct progress){.uuid = uuid, .input = input, .growths = 1,
                             .growth = &growth, .seconds = 0.125};
}

static bool same_progress(const struct progress *a)
{
    struct progress b = progress_of();
    return !strcmp(a->uuid, b.uuid) && !strcmp(a->input, b.input) &&
           a->growths == 1 && a->growth[0].rows == b.growth[0].rows &&
           !strcmp(a->growth[0].path, b.growth[0].path) &&
           a->seconds == b.seconds;
}

/* From an engine run on `from` into a new one run on `to`. */
static void check_resume(const struct input *input, const char *from,
                         const char *to, const char *what)
{
    struct err err = {0};
    struct engine *a = engine_of(input, from), *b = engine_of(input, to);
    const struct progress progress = progress_of();
    for (int i = 0; a && b && i < STEPS_BEFORE; i++)
        step(a);
    if (a && b) {
        bool good = checkpoint_write(path, a, &progress, &err);
        struct checkpoint *c = checkpoint_read(path, "0123", &err);
        good = good && c && !c->notice && same_progress(&c->progress) &&
               checkpoint_restore(c, b, &err) && go_on_alike(a, b, STEPS_AFTER);
        ok(good, "checkpoint: %s, %s to %s", what, from, to);
        checkpoint_free(c);
    }
    if (err_any(&err))
        printf("# %s", err.text);
    err_clear(&err);
    engine_free(a);
    engine_free(b);
}

static void check_restored_mutants(const struct input *input)
{
    struct err err = {0};
    const struct progress progress = progress_of();
    struct engine *a = engine_of(input, "auto");
    struct engine *b = engine_of(input, "auto");
    for (int i = 0; i < STEPS_BEFORE; i++)
        step(a);
    ok(!same_engines(a, b), "mutant rejected: nothing restored by the "
       "comparison of engines");
    checkpoint_write(path, a, &progress, &err);
    struct checkpoint *c = checkpoint_read(path, "0123", &err);
    checkpoint_restore(c, b, &err);
    b->exchange->seed++;
    ok(!go_on_alike(a, b, STEPS_AFTER), "mutant rejected: another seed after "
       "the restart by going on alike");
    checkpoint_free(c);
    engine_free(a);
    engine_free(b);
    err_clear(&err);
}

/* ---- damage -------------------------------------------------------------- */

static void flip_byte(const char *path, long at)
{
    FILE *file = fopen(path, "r+b");
    fseek(file, at, at < 0 ? SEEK_END : SEEK_SET);
    int byte = fgetc(file);
    fseek(file, -1, SEEK_CUR);
    fputc(byte ^ 0x10, file);
    fclose(file);
}

static void check_damage(const struct input *input)
{
    static const long places[] = {0, 9, 17, 24, 40, 200, 400, -9, -1};
    struct err err = {0};
    const struct progress progress = progress_of();
    struct engine *e = engine_of(input, "auto");
    bool noticed = true, refused = true;
    checkpoint_write(path, e, &progress, &err);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        checkpoint_write(path, e, &progress, &err);
        flip_byte(path, places[i]);
        struct checkpoint *c = checkpoint_read(path, "0123", &err);
        noticed = noticed && c && c->notice && !err_any(&err);
        checkpoint_free(c);
        flip_byte(prev, places[i]);
        c = checkpoint_read(path, "0123", &err);
        refused = refused && !c && err.code == EXIT_DATA;
        checkpoint_free(c);
        err_clear(&err);
        flip_byte(path, places[i]);
    }
    ok(noticed, "one flipped bit: the previous generation, and a notice");
    ok(refused, "a flipped bit in both generations is refused");
    ok(!checkpoint_read(path, "4567", &err) && err.code == EXIT_DATA,
       "a checkpoint of another run is refused");
    err_clear(&err);
    ok(truncate(path, 100) == 0 && truncate(prev, 0) == 0 &&
       !checkpoint_read(path, "0123", &err) && err.code == EXIT_DATA,
       "files cut short are refused");
    err_clear(&err);
    engine_free(e);
}

/* ---- all ----------------------------------------------------------------- */

static void visit(struct request *r, const char *what)
{
    struct input *input = input_of(r);
    for (int k = 0; input && registry_kernels[k]; k++) {
        const char *name = registry_kernels[k]->name;
        check_resume(input, "reference", name, what);
        if (strcmp(name, "reference"))
            check_resume(input, name, "reference", what);
    }
    input_free(input);
}

int main(void)
{
    const char *place = getenv("TMPDIR");
    struct request r = request_small();
    char *folder = mem_text("%s/tempera-XXXXXX", place ? place : "/tmp");
    if (!mkdtemp(folder))
        return 1;
    snprintf(path, sizeof path, "%s/ckpt", folder);
    snprintf(prev, sizeof prev, "%s.prev", path);
    for_requests(visit);
    struct input *input = input_of(&r);
    check_restored_mutants(input);
    check_damage(input);
    input_free(input);
    unlink(path);
    unlink(prev);
    ok(rmdir(folder) == 0, "no other file is left");
    free(folder);
    return tap_done();
}
