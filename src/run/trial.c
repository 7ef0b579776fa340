#include "run/trial.h"

#include <malloc.h>
#include <math.h>

#include "base/clock.h"

/* Seconds of sweeping; above so many bytes nothing is tried. */
#define TRIAL_SECONDS 0.25
#define TRIAL_BYTES 4e9

static double row_bytes(const struct engine *e)
{
    int values = e->input->record->observables.count + e->ladder->components;
    return 8 + (double)e->exchange->walkers * (8 * values + 4);
}

static double state_bytes(const struct engine *e)
{
    return (double)e->exchange->walkers * (double)e->system->state_bytes;
}

static double file_bytes(const struct engine *e)
{
    const struct record_keys *record = e->input->record;
    double sweeps = (double)e->input->run->sweeps;
    double stored = record->states_every
                        ? floor(sweeps / (double)record->states_every) : 0;
    return 1e5 + floor(sweeps / (double)record->every) * row_bytes(e) +
           (stored + 1) * state_bytes(e);
}

double trial_heap(void)
{
    struct mallinfo2 m = mallinfo2();
    return (double)m.uordblks + (double)m.hblkhd;
}

/* States, of two values a bit a site, and what goes with them. */
static double own_bytes(const struct engine *e)
{
    double extra = (double)dynamics_extra(e->dynamics, e->system);
    return (double)e->system->state_bytes /
               (system_binary(e->system) ? 8 : 1) +
           8 * extra;
}

/* A process of MPI, HDF5 and BLAS that does nothing; what walkers have, on its
   way into files. */
#define PROCESS_BYTES 2.2e7
enum { COPIES_WRITTEN = 2 };

static void measure_memory(struct trial *t, const struct engine *e, int ranks,
                           double bytes)
{
    double buffer = (double)((int64_t)1 << 20) *
                    (double)e->input->checkpoint->buffer_mb;
    double rows = file_bytes(e);
    double walkers = (double)e->exchange->walkers;
    t->walker = own_bytes(e);
    t->shared = fmax(bytes - walkers * t->walker, 0);
    t->scratch = e->dynamics->work ? (double)e->dynamics->work(e->system)
                                   : 0;
    t->memory = ranks * (PROCESS_BYTES + t->shared +
                         e->hosted->threads * t->scratch) +
                walkers * t->walker +
                COPIES_WRITTEN * fmax(walkers * t->walker, state_bytes(e)) +
                (rows < buffer ? rows : buffer);
}

/* Sweeps with the exchanges that are due, as the run will do them. */
static double time_sweeps(struct engine *e)
{
    int64_t sweeps = 0, batch = 1;
    double start, spent = 0;
    if (e->quench) /* w = 0 may be a point where nothing moves */
        engine_start(e);
    engine_relabel(e);
    engine_sweep(e, false);
    while (spent < TRIAL_SECONDS) {
        start = clock_now();
        for (int64_t i = 0; i < batch; i++) {
            engine_sweep(e, false);
            engine_exchange(e);
        }
        spent += clock_now() - start;
        sweeps += batch;
        batch *= 2;
    }
    return spent / (double)sweeps;
}

static int64_t most_hosted(const struct plan *plan)
{
    int64_t most = 0;
    for (int r = 0; r < plan->ranks; r++)
        if (plan->first[r + 1] - plan->first[r] > most)
            most = plan->first[r + 1] - plan->first[r];
    return most;
}

struct trial trial_run(struct engine *e, int ranks, double bytes)
{
    const struct run_keys *run = e->input->run;
    struct plan *plan = engine_plan(e, ranks);
    int64_t walkers = e->exchange->walkers;
    int group = stream_group(e->stream);
    int word = e->stream == STREAM_LANE ? 64 : 1;
    struct trial t = {.sweep_seconds = NAN, .file = file_bytes(e),
                      .checkpoint = 1e3 + (double)walkers * own_bytes(e),
                      .groups = (walkers + group - 1) / group,
                      .words = (walkers + word - 1) / word};
    measure_memory(&t, e, ranks, bytes);
    if (t.memory < TRIAL_BYTES)
        t.sweep_seconds = time_sweeps(e);
    t.run_seconds = t.sweep_seconds * (double)(run->burn_in + run->sweeps) *
                    (double)most_hosted(plan) / (double)walkers;
    plan_free(plan);
    return t;
}
