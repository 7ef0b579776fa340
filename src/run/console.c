#include "run/console.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/json.h"

/* Seconds between live lines, log lines, status files. */
#define LIVE_SECONDS 0.5
#define LOG_SECONDS 60.0
#define STATUS_SECONDS 2.0

struct console *console_new(const char *out, const struct engine *e,
                            int ranks, int threads)
{
    struct console *c = mem_new(1, sizeof *c);
    double now = clock_now();
    *c = (struct console){.out = mem_text("%s", out),
                          .status = mem_text("%s.status", out),
                          .kernel = e->hosted->kernel
                                        ? e->hosted->kernel->name : "none",
                          .ranks = ranks, .threads = threads,
                          .terminal = isatty(STDERR_FILENO),
                          .started = now, .started_tick = e->at.tick,
                          .round_started = now, .said = now};
    return c;
}

void console_free(struct console *c)
{
    if (!c)
        return;
    free(c->out);
    free(c->status);
    free(c);
}

static void wipe(struct console *c)
{
    if (c->live)
        fputs("\r\033[K", stderr);
    c->live = false;
}

void console_say(struct console *c, const char *format, ...)
{
    va_list list;
    wipe(c);
    va_start(list, format);
    vfprintf(stderr, format, list);
    va_end(list);
    fputc('\n', stderr);
}

/* ---- the table of rounds ----------------------------------------------- */

void console_heading(struct console *c)
{
    console_say(c, "burn-in   barrier   swap acceptance     round        ln Z"
                   "     time");
    console_say(c, " sweeps    Lambda    worst     mean     trips     at cold"
                   "        s");
}

struct swaps { double worst, mean; int64_t trips; };

static struct swaps swaps_of(const struct engine *e)
{
    const struct exchange *x = e->exchange;
    struct swaps swaps = {.worst = NAN, .mean = 0};
    for (int edge = 0; edge + 1 < x->rungs; edge++) {
        double a = exchange_acceptance(x, edge);
        if (!(a >= swaps.worst))
            swaps.worst = a;
        swaps.mean += a / (x->rungs - 1);
    }
    for (int64_t w = 0; w < x->walkers; w++)
        swaps.trips += x->trips[w];
    return swaps;
}

void console_round(struct console *c, const struct engine *e)
{
    struct swaps swaps = swaps_of(e);
    double now = clock_now();
    if (e->anneal)
        console_say(c, "%7" PRId64 "    a pass down the schedule %26s %8.2f",
                    e->at.length, "", now - c->round_started);
    else if (e->ladder->rungs < 2)
        console_say(c, "%7" PRId64 "    one rung: no swaps %32s %8.2f",
                    e->at.length, "", now - c->round_started);
    else
        console_say(c, "%7" PRId64 " %9.2f %8.3f %8.3f %9" PRId64
                    " %11.3f %8.2f", e->at.length, engine_barrier(e),
                    swaps.worst, swaps.mean, swaps.trips,
                    e->ladder->ln_z_first +
                        moments_ln_z(&e->moments, e->ladder),
                    now - c->round_started);
    c->round_started = now;
}

/* ---- the line and the status file -------------------------------------- */

struct pace { double rate, eta, share; int64_t all; };

static struct pace pace_of(const struct console *c, const struct engine *e)
{
    double spent = clock_now() - c->started;
    const struct run_keys *run = e->input->run;
    struct pace pace = {.all = run->burn_in + run->sweeps};
    pace.rate = (double)(e->at.tick - c->started_tick) / spent;
    pace.eta = ((double)pace.all - (double)e->at.tick) / pace.rate;
    pace.share = 100 * (double)e->at.tick / (double)pace.all;
    return pace;
}

static void say_pace(struct console *c, const struct engine *e)
{
    struct pace pace = pace_of(c, e);
    struct swaps swaps = swaps_of(e);
    char line[200];
    if (e->quench)
        snprintf(line, sizeof line, "quench: %" PRId64 " of %" PRId64
                 " sweeps (%.0f %%), %.0f sweeps/s, %" PRId64 " of %" PRId64
                 " walkers have arrived, %.0f s to go at most",
                 (int64_t)e->at.tick, pace.all, pace.share, pace.rate,
                 quench_arrived(e->quench), e->quench->walkers, pace.eta);
    else if (e->anneal)
        snprintf(line, sizeof line, "%s %" PRId64 " of %" PRId64 " sweeps "
                 "(%.0f %%), %.0f sweeps/s, best u %.10g, %.0f s to go",
                 e->at.length ? "burn-in:" : "annealing:",
                 (int64_t)e->at.tick, pace.all, pace.share, pace.rate,
                 e->best->u[0], pace.eta);
    else
    snprintf(line, sizeof line,
             "%s %" PRId64 " of %" PRId64 " sweeps (%.0f %%), %.0f sweeps/s, "
             "worst swap %.2f, %" PRId64 " round trips, %.0f s to go",
             e->at.length ? "burn-in:" : "sampling:", (int64_t)e->at.tick,
             pace.all, pace.share, pace.rate, swaps.worst, swaps.trips,
             pace.eta);
    if (c->terminal) {
        fprintf(stderr, "\r\033[K%s", line);
        fflush(stderr);
        c->live = true;
    } else
        fprintf(stderr, "%s\n", line);
}

static void put_status(struct json *json, const struct console *c,
                       const struct engine *e, const char *state)
{
    struct pace pace = pace_of(c, e);
    struct swaps swaps = swaps_of(e);
    char stamp[32], host[128] = "?";
    clock_stamp(stamp, sizeof stamp);
    gethostname(host, sizeof host - 1);
    json_open(json, '{');
    json_put_text(json, "file", c->out);
    json_put_text(json, "state", state);
    json_put_text(json, "phase", e->at.length ? "burn-in" : "production");
    json_put_integer(json, "sweeps_done", e->at.production);
    json_put_integer(json, "sweeps", e->input->run->sweeps);
    json_put_integer(json, "burn_in_done",
                     (int64_t)e->at.tick - e->at.production);
    json_put_integer(json, "burn_in", e->input->run->burn_in);
    json_put_real(json, "sweeps_per_second", pace.rate);
    json_put_real(json, "updates_per_ns",
                  1e-9 * pace.rate * (double)e->exchange->walkers *
                      (double)e->system->sites);
    json_put_real(json, "seconds_to_go",
                  strcmp(state, "running") ? NAN : pace.eta);
    json_put_real(json, "worst_acceptance", swaps.worst);
    json_put_real(json, "mean_acceptance", swaps.mean);
    json_put_real(json, "barrier", engine_barrier(e));
    json_put_integer(json, "round_trips", swaps.trips);
    json_put_integer(json, "walkers", e->exchange->walkers);
    json_put_integer(json, "ranks", c->ranks);
    json_put_integer(json, "threads", c->threads);
    json_put_text(json, "kernel", c->kernel);
    json_put_text(json, "host", host);
    json_put_integer(json, "pid", getpid());
    json_put_text(json, "updated", stamp);
    json_close(json, '}');
}

static void write_status(struct console *c, const struct engine *e,
                         const char *state)
{
    char *fresh = mem_text("%s.new", c->status);
    struct json json = {.out = fopen(fresh, "w")};
    if (json.out) {
        put_status(&json, c, e, state);
        if (fclose(json.out) == 0)
            rename(fresh, c->status);
    }
    free(fresh);
}

void console_progress(struct console *c, const struct engine *e,
                      const char *state)
{
    double now = clock_now();
    bool running = !strcmp(state, "running");
    if (running && now - c->said >= (c->terminal ? LIVE_SECONDS
                                                 : LOG_SECONDS)) {
        say_pace(c, e);
        c->said = now;
    }
    if (!running || now - c->written >= STATUS_SECONDS) {
        write_status(c, e, state);
        c->written = now;
    }
}
