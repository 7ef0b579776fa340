#include "core/mean_field_answer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/scatter.h"
#include "base/sum.h"
#include "core/ising_pairs.h"
#include "systems/pairs_exact.h"

/* Sites of a curve. Spins of all samples together, as a logarithm of their
   states, whose ln Z is summed: some seconds. */
enum { CURVE_MOST = 4096, EXACT_LOG2 = 27 };

/* What is averaged over samples: first of the best solution, then of the next
   one. */
enum { LN_Z, LN_Z_SITE, FREE_ENERGY, ENERGY, ENTROPY, ENTROPY_SITE,
       MAGNETIZATION, LOCAL, Q_EA, STABILITY, PLEFKA, OF_STATE };
enum { EXACT = OF_STATE, KL, SOLUTIONS, ITERATIONS, RESIDUAL, OF_SAMPLE };

struct name { const char *best, *other, *unit; };
static const struct name names[OF_SAMPLE] = {
    [LN_Z] = {"ln_z", "other_ln_z", "1"},
    [LN_Z_SITE] = {"ln_z_per_site", NULL, "1"},
    [FREE_ENERGY] = {"free_energy_per_site", "other_free_energy_per_site",
                     "energy"},
    [ENERGY] = {"energy", "other_energy", "energy"},
    [ENTROPY] = {"entropy", NULL, "nats"},
    [ENTROPY_SITE] = {"entropy_per_site", "other_entropy_per_site", "nats"},
    [MAGNETIZATION] = {"magnetization", "other_magnetization", "1"},
    [LOCAL] = {"abs_local_magnetization", NULL, "1"},
    [Q_EA] = {"q_ea", "other_q_ea", "1"},
    [STABILITY] = {"stability", "other_stability", "1"},
    [PLEFKA] = {"plefka", "other_plefka", "1"},
    [EXACT] = {"ln_z_exact", NULL, "1"},
    [KL] = {"kl", NULL, "nats"},
    [SOLUTIONS] = {"solutions", NULL, "1"},
    [ITERATIONS] = {"iterations", NULL, "sweeps"},
    [RESIDUAL] = {"residual", NULL, "1"}};

/* Mean, and its error: of one sample how well the number is known, of several
   the standard error of the mean over samples. */
struct tally { struct scatter of; double error; };

static void tally_add(struct tally *t, double value, double error)
{
    if (isnan(value))
        return;
    scatter_add(&t->of, value);
    t->error = error;
}

static double tally_error(const struct tally *t)
{
    return t->of.count > 1 ? scatter_error(&t->of) : t->error;
}

struct totals {
    struct tally best[OF_SAMPLE], other[OF_STATE];
    int samples, solved; /* with an admitted solution */
    int starts, converged, oscillating, period, creeping;
    double residual;     /* the least of those that did not converge */
    bool symmetric, exact; /* exact: ln Z is wanted too */
};

/* ---- one sample --------------------------------------------------------- */

static void values_of(const struct mean_field_task *t,
                      const struct mean_field_state *s, double *value)
{
    struct sum sum = {0}, local = {0}, square = {0};
    double n = (double)t->pairs->sites;
    for (int64_t i = 0; i < t->pairs->sites; i++) {
        sum_add(&sum, s->m[i]);
        sum_add(&local, fabs(s->m[i]));
        sum_add(&square, s->m[i] * s->m[i]);
    }
    value[LN_Z] = s->ln_z;
    value[LN_Z_SITE] = s->ln_z / n;
    value[FREE_ENERGY] = t->beta != 0 ? -s->ln_z / t->beta / n : NAN;
    value[ENERGY] = s->energy / n;
    value[ENTROPY] = s->entropy;
    value[ENTROPY_SITE] = s->entropy / n;
    value[MAGNETIZATION] = sum_value(&sum) / n;
    value[LOCAL] = sum_value(&local) / n;
    value[Q_EA] = sum_value(&square) / n;
    value[STABILITY] = s->stability;
    value[PLEFKA] = s->plefka;
}

/* ln Z is stationary in m, its error of second order; rounding is of the
   largest terms. Several messages go into an m. */
static void errors_of(const struct mean_field_task *t,
                      const struct mean_field_state *s, double *error)
{
    const struct pairs *p = t->pairs;
    double n = (double)p->sites, field = 0;
    double off = (t->kind == MEAN_FIELD_BETHE ? 2 : 1) * s->off + 1e-15;
    for (int64_t b = 0; b < p->bonds; b++)
        field += 2 * fabs((double)p->J[t->sample * p->bonds + b]);
    for (int64_t i = 0; p->h && i < p->sites; i++)
        field += fabs((double)p->h[t->sample * p->sites + i]);
    field *= p->unit;
    double scale = n + fabs(t->beta) * field;
    error[LN_Z] = scale * (off * off + 1e-15);
    error[LN_Z_SITE] = error[LN_Z] / n;
    error[FREE_ENERGY] = t->beta != 0 ? error[LN_Z_SITE] / fabs(t->beta) : 0;
    error[ENERGY] = off * field / n;
    error[ENTROPY] = error[LN_Z] + fabs(t->beta) * off * field;
    error[ENTROPY_SITE] = error[ENTROPY] / n;
    error[MAGNETIZATION] = error[LOCAL] = off;
    error[Q_EA] = 2 * off;
    error[STABILITY] = s->stability_error + off;
    error[PLEFKA] = 1e-10 * s->plefka + off;
}

static void add_sample(const struct mean_field_task *t,
                       const struct mean_field_found *found,
                       struct totals *totals)
{
    double value[OF_SAMPLE], error[OF_SAMPLE];
    for (int i = 0; i < OF_SAMPLE; i++) {
        value[i] = NAN;
        error[i] = 0;
    }
    value[SOLUTIONS] = found->distinct;
    if (totals->exact) {
        value[EXACT] = pairs_exact_ln_z(t->pairs, t->sample, t->beta);
        error[EXACT] = 1e-14 * fmax(1, fabs(value[EXACT]));
    }
    if (found->best.m) {
        values_of(t, &found->best, value);
        errors_of(t, &found->best, error);
        value[ITERATIONS] = found->best.iterations;
        value[RESIDUAL] = found->best.residual;
        value[KL] = t->kind == MEAN_FIELD_NAIVE ? value[EXACT] - value[LN_Z]
                                                : NAN;
        error[KL] = error[EXACT] + error[LN_Z];
        totals->solved++;
    }
    for (int i = 0; i < OF_SAMPLE; i++)
        tally_add(&totals->best[i], value[i], error[i]);
    if (found->other.m) {
        values_of(t, &found->other, value);
        errors_of(t, &found->other, error);
        for (int i = 0; i < OF_STATE; i++)
            tally_add(&totals->other[i], value[i], error[i]);
    }
    totals->starts += found->starts;
    totals->converged += found->converged;
    totals->oscillating += found->oscillating;
    totals->creeping += found->creeping;
    totals->period = found->period ? found->period : totals->period;
    totals->residual = fmin(totals->residual, found->residual);
}

static double *planted(const struct system *system, int sample)
{
    const struct model *model = system->model;
    if (!model->planted || !model->local ||
        (model->unplanted && model->unplanted(system->keys)))
        return NULL;
    void *state = mem_new(1, system->state_bytes);
    double *m = mem_new((size_t)system->sites, sizeof *m);
    model->planted(system, sample, state);
    for (int64_t i = 0; i < system->sites; i++)
        m[i] = 2 * model->local->get(system, state, i) - 1;
    free(state);
    return m;
}

static bool summable(const struct pairs *p)
{
    double sites = (double)pairs_free_sites(p);
    return sites <= PAIRS_EXACT_MOST &&
           sites + log2(p->samples) <= EXACT_LOG2;
}

/* ---- one point ---------------------------------------------------------- */

static const char *phase_of(const struct totals *t)
{
    double m = t->best[MAGNETIZATION].of.mean, q = t->best[Q_EA].of.mean;
    if (!t->solved)
        return "no solution that counts";
    if (!t->symmetric)
        return NULL;
    return q < 1e-8          ? "paramagnet"
           : m * m > 0.5 * q ? "ferromagnet"
                             : "frozen";
}

static void warn(enum mean_field_kind kind, const struct totals *t,
                 struct solution *solution)
{
    int lost = t->starts - t->converged;
    if (lost)
        solution_warn(solution, "%d of %d starts did not converge, residual "
                      "at least %.2g: %d creep, %d wander, %d oscillate "
                      "(period %d)", lost, t->starts, t->residual,
                      t->creeping, lost - t->oscillating - t->creeping,
                      t->oscillating, t->period);
    if (t->solved < t->samples && t->samples > 1)
        solution_warn(solution, "%d of %d samples have no solution%s; "
                      "averages are over the others", t->samples - t->solved,
                      t->samples,
                      kind == MEAN_FIELD_NAIVE ? "" : " that counts");
    if (t->solved < t->samples && t->other[LN_Z].of.count)
        solution_warn(solution, kind == MEAN_FIELD_TAP
                      ? "solutions that break Plefka's condition (plefka > "
                        "1) do not count; the best of them is under other_"
                      : "fixed points that damped messages leave too "
                        "(stability > 1) do not count; the best of them is "
                        "under other_");
}

static void add_curve(const struct mean_field_found *found, int64_t sites,
                      struct solution *solution)
{
    if (!found->best.m || sites > CURVE_MOST || solution->curves)
        return;
    solution_add_curve(solution, (struct solution_curve){
        "local_magnetization", "1", "m_i site by site, of the first sample "
        "that has a solution", sites,
        mem_copy(found->best.m, (size_t)sites, sizeof(double)), NULL});
}

static void put(const struct totals *t, bool elbo,
                struct solution *solution)
{
    for (int i = 0; i < OF_SAMPLE; i++)
        if (t->best[i].of.count)
            solution_add(solution,
                         elbo && i == LN_Z ? "elbo" : names[i].best,
                         t->best[i].of.mean, tally_error(&t->best[i]),
                         names[i].unit);
    for (int i = 0; i < OF_STATE; i++)
        if (t->other[i].of.count && names[i].other)
            solution_add(solution,
                         elbo && i == LN_Z ? "other_elbo" : names[i].other,
                         t->other[i].of.mean, tally_error(&t->other[i]),
                         names[i].unit);
    solution_add(solution, "starts", t->starts, 0, "1");
    solution_add(solution, "starts_converged", t->converged, 0, "1");
    if (t->samples > 1)
        solution_add(solution, "samples_solved", t->solved, 0, "1");
}

static void solve_samples(const struct system *system,
                          struct mean_field_task task,
                          struct totals *totals, struct solution *curves)
{
    struct pairs *made;
    task.pairs = ising_pairs(system, &made);
    *totals = (struct totals){.samples = task.pairs->samples,
                              .residual = INFINITY,
                              .exact = curves && summable(task.pairs),
                              .symmetric = !task.pairs->h &&
                                           !task.pairs->clamp};
    for (int s = 0; s < task.pairs->samples; s++) {
        double *start = planted(system, s);
        task.sample = s;
        task.start = start;
        struct mean_field_found found = mean_field_solve(&task);
        add_sample(&task, &found, totals);
        if (curves)
            add_curve(&found, task.pairs->sites, curves);
        mean_field_release(&found);
        free(start);
    }
    pairs_free(made);
}

void mean_field_answer(enum mean_field_kind kind, const struct system *system,
                       const struct section *keys, bool elbo,
                       struct solution *solution, struct err *err)
{
    const char *no = ising_pairs_refuses(system);
    struct totals totals;
    if (no) {
        err_add(err, EXIT_INPUT, "tempera solve", "model: %s", no);
        return;
    }
    struct mean_field_task task = {
        .kind = kind,
        .beta = section_real(keys, "beta", 0),
        .damping = section_real(keys, "damping", 0),
        .tolerance = section_real(keys, "tolerance", 0),
        .iterations = (int)section_integer(keys, "iterations", 0),
        .restarts = (int)section_integer(keys, "restarts", 0),
        .seed = (uint64_t)section_integer(keys, "start_seed", 0)};
    solve_samples(system, task, &totals, solution);
    put(&totals, elbo, solution);
    warn(kind, &totals, solution);
    solution->phase = phase_of(&totals);
}

/* ---- the overlay -------------------------------------------------------- */

/* Products of bonds, samples and rungs that take some seconds at the number of
   starts and sweeps below, were all sweeps needed. */
static const double bethe_most = 6e4, sites_most = 1e6;
enum { STARTS = 2, SWEEPS = 200 };

const char *mean_field_refuses(enum mean_field_kind kind,
                               const struct system *system, int points)
{
    const struct pairs *p = system->pairs;
    const char *no = ising_pairs_refuses(system);
    if (no)
        return no;
    if (!p)
        return "reports leave lattices without disorder to exact theory";
    if ((double)p->bonds * p->samples * points >
        (kind == MEAN_FIELD_BETHE ? bethe_most : sites_most))
        return "it would take more than a few seconds";
    return NULL;
}

static void lay(const struct totals *t, struct solution *solution)
{
    static const int rows[] = {LN_Z, ENERGY, ENTROPY};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        solution_add(solution, names[rows[i]].best, t->best[rows[i]].of.mean,
                     t->samples > 1 ? 0 : t->best[rows[i]].error,
                     names[rows[i]].unit);
    if (!t->symmetric || !strcmp(phase_of(t), "ferromagnet"))
        solution_add(solution, t->symmetric ? "abs_magnetization"
                                            : "magnetization",
                     t->best[MAGNETIZATION].of.mean, 0, "1");
}

void mean_field_overlay(enum mean_field_kind kind,
                        const struct solver_task *task)
{
    int k = task->system->components;
    for (int p = 0; p < task->points; p++) {
        struct totals totals;
        struct mean_field_task one = {
            .kind = kind, .beta = task->lambda[p * k],
            .damping = kind == MEAN_FIELD_BETHE ? 0.3 : 0,
            .tolerance = 1e-8, .iterations = SWEEPS, .restarts = STARTS,
            .seed = 1};
        solve_samples(task->system, one, &totals, NULL);
        if (totals.solved == totals.samples)
            lay(&totals, &task->solution[p]);
        else
            solution_warn(&task->solution[p], "left out: %d of %d samples "
                          "have no solution that counts (%d of %d starts "
                          "did not converge)",
                          totals.samples - totals.solved, totals.samples,
                          totals.starts - totals.converged, totals.starts);
    }
}
