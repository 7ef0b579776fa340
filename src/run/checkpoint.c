#include "run/checkpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/crc.h"
#include "core/pack.h"
#include "par/par.h"

/* magic, version, length of the whole file; then blocks; crc64 of all that
   stands before it */
static const char magic[8] = "TEMPERA";
enum { VERSION = 2, CRC_BYTES = 8, HEADER_BYTES = 24 };

void progress_free(struct progress *progress)
{
    for (int g = 0; g < progress->growths; g++)
        free(progress->growth[g].path);
    free(progress->growth);
    free(progress->uuid);
    free(progress->input);
}

/* ---- the engine's part ------------------------------------------------- */

/* One list of what is state, for both directions. */
struct part { void *at; size_t bytes; };
enum { PARTS = 21, BEST_PARTS = 5 };

static void best_parts(const struct best *b, struct part part[BEST_PARTS])
{
    size_t samples = (size_t)b->samples;
    const struct part all[BEST_PARTS] = {
        {b->u, samples * sizeof *b->u},
        {b->reached, (size_t)b->walkers * sizeof *b->reached},
        {b->sweep, samples * sizeof *b->sweep},
        {b->seconds, samples * sizeof *b->seconds},
        {b->state, samples * b->bytes}};
    memcpy(part, all, sizeof all);
}

static void engine_parts(const struct engine *e, struct part part[PARTS])
{
    const struct exchange *x = e->exchange;
    size_t k = (size_t)e->ladder->components;
    size_t rungs = (size_t)e->ladder->rungs;
    size_t edges = (size_t)x->rungs - 1;
    size_t walkers = (size_t)x->walkers, samples = (size_t)x->samples;
    const struct part all[PARTS] = { /* the last ones of best, or empty */
        {(void *)&e->at, sizeof e->at},
        {e->ladder->lambda, rungs * k * sizeof(double)},
        {x->label, walkers * sizeof *x->label},
        {x->heading, walkers * sizeof *x->heading},
        {x->trips, walkers * sizeof *x->trips},
        {x->attempts, samples * edges * sizeof *x->attempts},
        {x->accepts, samples * edges * sizeof *x->accepts},
        {x->chance, edges * sizeof *x->chance},
        {x->tries, edges * sizeof *x->tries},
        {(void *)&e->moments.count, sizeof e->moments.count},
        {e->ladder->step, rungs * sizeof(double)},
        {e->success, rungs * sizeof *e->success},
        {e->moments.u, rungs * k * sizeof(double)},
        {e->anneal ? e->anneal->u : NULL,
         e->anneal ? rungs * walkers * k * sizeof(double) : 0},
        {e->moments.uu, rungs * k * k * sizeof(double)},
        {e->quench ? e->quench->look : NULL,
         e->quench ? walkers * sizeof *e->quench->look : 0}};
    memcpy(part, all, sizeof all);
    if (e->best)
        best_parts(e->best, part + PARTS - BEST_PARTS);
}

static size_t extra_bytes(const struct engine *e)
{
    return (size_t)dynamics_extra(e->dynamics, e->system) * sizeof(double);
}

/* A walker's state and what it carries besides. */
static size_t walker_bytes(const struct engine *e)
{
    return pack_bytes(e->system) + extra_bytes(e);
}

static struct bytes head_of(const struct engine *e,
                            const struct progress *progress)
{
    struct bytes bytes = {0};
    struct part part[PARTS];
    bytes_put_text(&bytes, progress->uuid);
    bytes_put_text(&bytes, progress->input);
    bytes_put_block(&bytes, &progress->seconds, sizeof progress->seconds);
    bytes_put_integer(&bytes, progress->growths);
    for (int g = 0; g < progress->growths; g++) {
        bytes_put_text(&bytes, progress->growth[g].path);
        bytes_put_integer(&bytes, progress->growth[g].rows);
    }
    engine_parts(e, part);
    for (int p = 0; p < PARTS; p++)
        if (part[p].bytes)
            bytes_put_block(&bytes, part[p].at, part[p].bytes);
    size_t states = (size_t)e->exchange->walkers * walker_bytes(e);
    bytes_put_integer(&bytes, (int64_t)states);
    return bytes;
}

/* ---- writing ----------------------------------------------------------- */

struct writer {
    FILE *file;
    uint64_t crc;
    int cause; /* errno of the first failure */
};

static void put(struct writer *writer, const void *bytes, size_t count)
{
    writer->crc = crc64(writer->crc, bytes, count);
    if (writer->file && !writer->cause &&
        fwrite(bytes, 1, count, writer->file) != count)
        writer->cause = errno;
}

static void take_states(void *context, int rank, const void *bytes,
                        size_t count)
{
    (void)rank;
    put(context, bytes, count);
}

static char *pack_hosted(const struct engine *e, size_t *count)
{
    size_t one = walker_bytes(e), extra = extra_bytes(e);
    char *state = mem_new(1, e->system->state_bytes);
    char *packed = mem_new((size_t)e->hosted->walkers, one), *out = packed;
    for (int w = 0; w < e->hosted->walkers; w++, out += one) {
        hosted_get(e->hosted, w, state);
        pack_state(e->system, state, out);
        if (extra)
            memcpy(out + one - extra, hosted_extra(e->hosted, w), extra);
    }
    free(state);
    *count = (size_t)e->hosted->walkers * one;
    return packed;
}

static void put_head(struct writer *writer, const struct bytes *head,
                     size_t states)
{
    int64_t numbers[2] = {VERSION, (int64_t)(HEADER_BYTES + head->count +
                                             states + CRC_BYTES)};
    put(writer, magic, sizeof magic);
    put(writer, numbers, sizeof numbers);
    put(writer, head->at, head->count);
}

/* The file is on disk before its name is. PATH.prev becomes the old one. */
static bool install(struct writer *writer, const char *fresh,
                    const char *path)
{
    uint64_t crc = writer->crc;
    put(writer, &crc, sizeof crc);
    if (!writer->cause && (fflush(writer->file) ||
                           fsync(fileno(writer->file))))
        writer->cause = errno;
    if (writer->file && fclose(writer->file) && !writer->cause)
        writer->cause = errno;
    if (writer->cause)
        return false;
    char *old = mem_text("%s.old", path), *prev = mem_text("%s.prev", path);
    unlink(old);
    if (link(path, old) == 0)
        rename(old, prev);
    else if (errno != ENOENT)
        rename(path, prev); /* a file system without hard links */
    if (rename(fresh, path))
        writer->cause = errno;
    free(old);
    free(prev);
    return !writer->cause;
}

bool checkpoint_write(const char *path, const struct engine *e,
                      const struct progress *progress, struct err *err)
{
    engine_settle(e);
    if (e->best)
        best_settle(e->best);
    struct bytes head = head_of(e, progress);
    size_t mine, states = (size_t)e->exchange->walkers * walker_bytes(e);
    char *fresh = mem_text("%s.new", path);
    struct writer writer = {.file = NULL};
    char *packed = pack_hosted(e, &mine);
    bool root = par_rank() == 0, good = true;
    if (root && !(writer.file = fopen(fresh, "wb")))
        writer.cause = errno;
    put_head(&writer, &head, states);
    par_collect(packed, mine, take_states, &writer);
    if (root)
        good = install(&writer, fresh, path);
    if (!good) {
        err_add(err, EXIT_DATA, path, "cannot write the checkpoint: %s",
                strerror(writer.cause));
        unlink(fresh);
    }
    free(packed);
    free(fresh);
    free(head.at);
    return good;
}

/* ---- reading ----------------------------------------------------------- */

static bool load(const char *path, struct bytes *bytes)
{
    struct stat about;
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    fstat(fileno(file), &about);
    bytes->count = (size_t)about.st_size;
    bytes->at = mem_new(bytes->count, 1);
    bool good = fread(bytes->at, 1, bytes->count, file) == bytes->count;
    fclose(file);
    return good;
}

/* NULL when the file is whole, else what is wrong. */
static const char *damage(const struct bytes *bytes)
{
    int64_t numbers[2];
    uint64_t crc;
    if (bytes->count < HEADER_BYTES + CRC_BYTES)
        return "cut short";
    if (memcmp(bytes->at, magic, sizeof magic))
        return "not a checkpoint";
    memcpy(numbers, bytes->at + sizeof magic, sizeof numbers);
    if (numbers[1] > (int64_t)bytes->count)
        return "cut short";
    memcpy(&crc, bytes->at + bytes->count - CRC_BYTES, sizeof crc);
    if (crc != crc64(0, bytes->at, bytes->count - CRC_BYTES))
        return "checksum wrong";
    if (numbers[0] != VERSION)
        return "written by another version of the program";
    return NULL;
}

static void read_progress(struct checkpoint *c)
{
    struct bytes_reader reader = {.at = c->file.at + HEADER_BYTES,
                                  .end = c->file.at + c->file.count -
                                         CRC_BYTES};
    struct progress *p = &c->progress;
    p->uuid = bytes_get_text(&reader);
    p->input = bytes_get_text(&reader);
    bytes_get_block(&reader, &p->seconds, sizeof p->seconds);
    int64_t growths = bytes_get_integer(&reader);
    p->growth = mem_new((size_t)growths, sizeof *p->growth);
    for (; p->growths < growths; p->growths++) {
        p->growth[p->growths].path = bytes_get_text(&reader);
        p->growth[p->growths].rows = bytes_get_integer(&reader);
    }
    c->engine = reader;
}

/* One generation; NULL with the reason in why (static or the caller's). */
static struct checkpoint *try_generation(const char *path, const char *uuid,
                                         const char **why)
{
    struct checkpoint *c = mem_new(1, sizeof *c);
    *why = load(path, &c->file) ? damage(&c->file) : strerror(errno);
    if (*why) {
        free(c->file.at);
        free(c);
        return NULL;
    }
    read_progress(c);
    if (strcmp(c->progress.uuid, uuid)) {
        *why = "of another run";
        checkpoint_free(c);
        return NULL;
    }
    return c;
}

static struct checkpoint *read_newest(const char *path, const char *uuid,
                                      struct err *err)
{
    const char *why, *why_prev;
    char *prev = mem_text("%s.prev", path);
    struct checkpoint *c = try_generation(path, uuid, &why);
    if (!c) {
        c = try_generation(prev, uuid, &why_prev);
        if (c)
            c->notice = mem_text("%s: %s; going on from %s", path, why, prev);
        else
            err_add(err, EXIT_DATA, path,
                    "cannot go on: %s; %s: %s; --restart begins anew and "
                    "keeps the old file", why, prev, why_prev);
    }
    free(prev);
    return c;
}

struct checkpoint *checkpoint_read(const char *path, const char *uuid,
                                   struct err *err)
{
    struct checkpoint *c = NULL;
    int64_t count = -1;
    if (par_rank() == 0) {
        c = read_newest(path, uuid, err);
        count = c ? (int64_t)c->file.count : -1;
    }
    par_broadcast(&count, sizeof count);
    if (count < 0) {
        if (par_rank() > 0)
            err_add(err, EXIT_DATA, path, "no checkpoint");
        return NULL;
    }
    if (!c) {
        c = mem_new(1, sizeof *c);
        c->file.count = (size_t)count;
        c->file.at = mem_new(c->file.count, 1);
    }
    par_broadcast(c->file.at, c->file.count);
    if (par_rank() > 0)
        read_progress(c);
    return c;
}

void checkpoint_free(struct checkpoint *c)
{
    if (!c)
        return;
    progress_free(&c->progress);
    free(c->file.at);
    free(c->notice);
    free(c);
}

/* ---- restoring --------------------------------------------------------- */

bool checkpoint_restore(const struct checkpoint *c, struct engine *e,
                        struct err *err)
{
    struct bytes_reader reader = c->engine;
    struct part part[PARTS];
    size_t one = walker_bytes(e), extra = extra_bytes(e), count;
    engine_parts(e, part);
    for (int p = 0; p < PARTS; p++)
        if (part[p].bytes)
            bytes_get_block(&reader, part[p].at, part[p].bytes);
    if (e->best)
        e->best->start = clock_now() - c->progress.seconds;
    const char *states = bytes_get_span(&reader, &count);
    if (reader.short_of || count != (size_t)e->exchange->walkers * one) {
        err_add(err, EXIT_DATA, NULL, "the checkpoint does not fit the run "
                "its input describes");
        return false;
    }
    char *state = mem_new(1, e->system->state_bytes);
    for (int w = 0; w < e->hosted->walkers; w++) {
        const char *in = states + (size_t)(e->hosted->first + w) * one;
        unpack_state(e->system, in, state);
        hosted_put(e->hosted, w, state);
        if (extra)
            memcpy(hosted_extra(e->hosted, w), in + one - extra, extra);
    }
    free(state);
    if (par_rank() > 0)
        memset(e->success, 0,
               (size_t)e->ladder->rungs * sizeof *e->success);
    ladder_refresh(e->ladder, e->system);
    if (e->quench)
        quench_rest(e->quench, e);
    if (!e->anneal)
        exchange_follow(e->exchange);
    engine_relabel(e);
    return true;
}
