#define _GNU_SOURCE /* sched_getaffinity */
#include "run/session.h"

#include <errno.h>
#include <omp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/alloc.h"
#include "io/h5.h"
#include "par/par.h"
#include "run/loop.h"
#include "run/start.h"

/* All that a session holds; freed in one place. */
struct parts {
    const struct session *session;
    struct input *input;
    struct engine *engine;
    struct recorder *recorder;
    struct output *output;
    struct checkpoint *checkpoint;
    struct control *control;
    struct console *console;
    struct lock *lock;
    bool resume;
};

static bool root(void) { return par_rank() == 0; }

static void say(const char *text)
{
    if (root() && text)
        fprintf(stderr, "%s\n", text);
}

/* Rank 0 decides, all follow. */
static bool agreed(bool good, struct err *err)
{
    int code = good ? 0 : err->code;
    par_broadcast(&code, sizeof code);
    if (code && !err_any(err))
        err_add(err, code, NULL, "rank 0 gave up");
    return code == 0;
}

/* ---- the files at the start -------------------------------------------- */

static char *with(const char *path, const char *suffix)
{
    return mem_text("%s%s", path, suffix);
}

static bool exists(const char *path) { return access(path, F_OK) == 0; }

/* OUT.h5.N and its companions OUT.h5.N.ckpt, ... are free? */
static const char *const companions[] = {"", ".ckpt", ".ckpt.prev", ".status",
                                         ".commit", NULL};

static bool number_free(const char *out, int n)
{
    bool taken = false;
    for (int i = 0; companions[i]; i++) {
        char *path = mem_text("%s.%d%s", out, n, companions[i]);
        taken |= exists(path);
        free(path);
    }
    return !taken;
}

static bool set_aside(const char *out, struct err *err)
{
    int n = 1;
    while (!number_free(out, n))
        n++;
    bool any = false, good = true;
    for (int i = 0; companions[i]; i++) {
        char *from = with(out, companions[i]);
        char *to = mem_text("%s.%d%s", out, n, companions[i]);
        if (exists(from)) {
            good &= rename(from, to) == 0;
            any = true;
        }
        free(from);
        free(to);
    }
    if (!good)
        err_add(err, EXIT_DATA, out, "cannot rename it: %s", strerror(errno));
    else if (any)
        fprintf(stderr, "%s: the old run is kept as %s.%d\n", out, out, n);
    return good;
}

/* Lock, stop file, --restart, and whether there is a run to go on with. */
static bool prepare(struct parts *p, struct err *err)
{
    const char *out = p->session->out;
    char *notice = NULL;
    p->lock = lock_take(out, &notice, err);
    say(notice);
    free(notice);
    if (!p->lock)
        return false;
    if (control_clear_stop(p->control))
        fprintf(stderr, "%s.stop: an old stop file, removed\n", out);
    if (p->session->restart && !set_aside(out, err))
        return false;
    p->resume = exists(out);
    return true;
}

/* ---- going on ---------------------------------------------------------- */

/* The run's uuid, by its file; NULL when that is no run. Rank 0. */
static char *uuid_of(const char *out, struct err *err)
{
    struct h5 *file = h5_open(out, H5_READ);
    char *uuid = h5_text(file, "/", "run_uuid", NULL);
    bool opened = h5_close(file, err);
    if (opened && !uuid)
        err_add(err, EXIT_DATA, out, "it is HDF5 but no output of tempera");
    return uuid;
}

static bool read_checkpoint(struct parts *p, struct err *err)
{
    char uuid[64] = "";
    if (root()) {
        char *found = uuid_of(p->session->out, err);
        snprintf(uuid, sizeof uuid, "%s", found ? found : "");
        free(found);
    }
    if (!agreed(!err_any(err), err))
        return false;
    par_broadcast(uuid, sizeof uuid);
    p->checkpoint = checkpoint_read(p->output->checkpoint, uuid, err);
    if (!p->checkpoint)
        return false;
    say(p->checkpoint->notice);
    return true;
}

/* The same physics as when it began? */
static bool same_physics(struct parts *p, struct err *err)
{
    const char *text = p->checkpoint->progress.input;
    struct input *then = input_parse(p->session->out, text, NULL, 0, err);
    if (!then)
        return false;
    input_compare(p->input, then, err);
    input_free(then);
    return !err_any(err);
}

static bool go_on(struct parts *p, struct err *err)
{
    char *notice = NULL;
    if (!checkpoint_restore(p->checkpoint, p->engine, err))
        return false;
    if (engine_finished(p->engine))
        return true; /* nothing is left to do: nothing is touched */
    bool good = output_resume(p->output, p->engine, p->checkpoint, &notice,
                              err);
    say(notice);
    free(notice);
    return good;
}

/* ---- beginning --------------------------------------------------------- */

static bool begin(struct parts *p, struct err *err)
{
    if (start_from_file(p->input->run->start)) {
        if (!start_load(p->engine, err))
            return false;
    } else
        engine_start(p->engine);
    engine_relabel(p->engine);
    return output_create(p->output, p->engine, p->recorder, err);
}

/* ---- messages ---------------------------------------------------------- */

/* Threads that wait do so by spinning: where they share cpus, teams take
   their turns at the rate of the scheduler, a hundred times slower. */
static void warn_affinity(int ranks, int threads)
{
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    const char *policy = getenv("OMP_WAIT_POLICY");
    cpu_set_t set;
    if (threads == 1 || sched_getaffinity(0, sizeof set, &set))
        return;
    int cpus = CPU_COUNT(&set);
    if (cpus < threads)
        fprintf(stderr, "warning: %d threads on %d cpu%s; with Open MPI use "
                "--bind-to none or --map-by slot:PE=%d\n", threads, cpus,
                cpus == 1 ? "" : "s", threads);
    else if (ranks * threads > online &&
             !(policy && !strcasecmp(policy, "passive")))
        fprintf(stderr, "warning: %d ranks x %d threads on %ld cpus wait for "
                "each other; take OMP_NUM_THREADS=%ld, or set "
                "OMP_WAIT_POLICY=passive\n", ranks, threads, online,
                online / ranks > 1 ? online / ranks : 1);
}

static void introduce(const struct parts *p, int threads)
{
    const struct engine *e = p->engine;
    const struct ladder *ladder = e->ladder;
    char anchor[48] = "";
    if (ladder->first_requested)
        snprintf(anchor, sizeof anchor, ", %d of them anchor",
                 ladder->first_requested);
    fprintf(stderr, "%s: %s, %lld %ss; %lld walkers = %d (copies) x %d "
            "(samples) x %d (rungs%s)\n", p->session->file,
            e->system->model->name, (long long)e->system->sites,
            system_site(e->system),
            (long long)e->exchange->walkers, e->exchange->copies,
            e->exchange->samples, ladder->rungs, anchor);
    fprintf(stderr, "%s, stream %s, kernel %s, %d rank%s x %d thread%s, %s "
            "%s\n", e->dynamics->name, stream_names[e->stream],
            e->hosted->kernel ? e->hosted->kernel->name : "none",
            par_size(), par_size() == 1 ? "" : "s", threads,
            threads == 1 ? "" : "s", p->resume ? "going on with" : "writing",
            p->session->out);
    if (ladder->anchor_needed)
        fprintf(stderr, "no anchor: it would take %d rungs from lambda = 0 "
                "on; ln Z and entropy are relative to the hottest rung "
                "(ladder.anchor = true insists)\n", ladder->anchor_needed);
    if (e->plan->used < 0.5 && par_size() > 1)
        fprintf(stderr, "note: %.0f %% of the bit lanes carry a walker on "
                "%d ranks; `tempera check` says what fits\n",
                100 * e->plan->used, par_size());
}

static bool note_session(struct parts *p, int threads, struct err *err)
{
    char host[256] = "?";
    const char *job = getenv("SLURM_JOB_ID");
    gethostname(host, sizeof host - 1);
    struct session_row row = {
        .argv = p->session->argv, .host = host,
        .kernel = p->engine->hosted->kernel
                      ? p->engine->hosted->kernel->name : "none",
        .slurm = job ? job : "", .ranks = par_size(), .threads = threads};
    return output_session(p->output, &row, err);
}

/* ---- the whole --------------------------------------------------------- */

/* The input's text, read by rank 0. */
static struct input *read_input(const struct session *s, struct err *err)
{
    char *text = NULL;
    int64_t length = -1;
    if (root() && (text = input_text(s->file, err)))
        length = (int64_t)strlen(text);
    par_broadcast(&length, sizeof length);
    if (length < 0) {
        agreed(false, err);
        return NULL;
    }
    if (!text)
        text = mem_new((size_t)length + 1, 1);
    par_broadcast(text, (size_t)length);
    struct input *input = input_parse(s->file, text, s->overrides, s->count,
                                      err);
    free(text);
    return input;
}

static bool make_engine(struct parts *p, int threads, struct err *err)
{
    struct engine_spec spec = {.input = p->input, .ranks = par_size(),
                               .rank = par_rank(), .threads = threads};
    p->engine = engine_new(&spec, err);
    if (par_any(p->engine == NULL)) {
        if (!err_any(err))
            err_add(err, EXIT_INPUT, p->session->file,
                    "another rank found no kernel");
        return false;
    }
    p->recorder = recorder_new(p->engine);
    return true;
}

static bool ready(struct parts *p, int threads, struct err *err)
{
    const struct session *s = p->session;
    p->input = read_input(s, err);
    if (!p->input)
        return false;
    if (!make_engine(p, threads, err))
        return false;
    p->output = output_new(s->out);
    p->control = control_new(s->out, p->input->run->wall_minutes,
                             p->input->checkpoint->minutes, 0);
    bool good = !root() || prepare(p, err);
    if (!agreed(good, err))
        return false;
    par_broadcast(&p->resume, sizeof p->resume);
    if (p->resume && (!read_checkpoint(p, err) || !same_physics(p, err)))
        return false;
    return p->resume ? go_on(p, err) : begin(p, err);
}

static int sample(struct parts *p, int threads, struct err *err)
{
    int neighbours = par_neighbours();
    const struct schedule *at = &p->engine->at;
    if (p->resume && engine_finished(p->engine)) {
        if (root())
            fprintf(stderr, "%s: %lld sweeps are done, %lld were asked for"
                    "%s; nothing to do\n", p->session->out,
                    (long long)at->production,
                    (long long)p->input->run->sweeps,
                    p->engine->quench && quench_over(p->engine->quench)
                        ? ", all walkers have arrived" : "");
        return EXIT_DONE;
    }
    if (root()) {
        introduce(p, threads);
        warn_affinity(neighbours, threads);
        p->console = console_new(p->session->out, p->engine, par_size(),
                                 threads);
        note_session(p, threads, err);
    }
    if (!agreed(!err_any(err), err))
        return err->code;
    p->control->next = p->control->last_tick = at->tick;
    struct loop loop = {p->engine, p->recorder, p->output, p->control,
                        p->console, p->lock};
    return loop_run(&loop, err);
}

int session_run(const struct session *session, struct err *err)
{
    struct parts p = {.session = session};
    signal(SIGPIPE, SIG_IGN); /* a reader of messages may leave */
    int threads = omp_get_max_threads();
    int code = ready(&p, threads, err) ? sample(&p, threads, err)
                                       : err->code;
    lock_release(p.lock);
    console_free(p.console);
    control_free(p.control);
    checkpoint_free(p.checkpoint);
    output_free(p.output);
    recorder_free(p.recorder);
    engine_free(p.engine);
    input_free(p.input);
    return code;
}
