/* Communities in the stochastic block model: q equal groups, mean degree c,
   epsilon = c_out/c_in, groups inferred by belief propagation, the law being
   known (Decelle, Krzakala, Moore, Zdeborova 2011). Uniform messages are
   unstable above the Kesten-Stigum line,
     |c_in - c_out| = q sqrt(c),  epsilon = (sqrt c - 1)/(sqrt c - 1 + q),
   where weak recovery becomes easy; disassortative: (sqrt c + 1)/(sqrt c + 1 -
   q) where that is positive. Below it, for q <= 3 nothing can be
   known; for larger q there may be a better fixed point that is hard to find,
   the thermodynamic one if its Bethe free energy is lower.

   State evolution is a population of messages (systems/block_population.h);
   its free energy per node lies above that of uniform messages, f_0 = (c/2)
   (1 - ln c), by what it says. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/evolution.h"
#include "stat/blocks.h"
#include "stat/population.h"
#include "systems/block_population.h"

#define SBM_KEYS(KEY)                                                        \
    KEY(integer, q, "2", 2, 16, NULL, "", 0, "groups")                       \
    KEY(real, degree, "3.0", 0.01, 200, NULL, "edges/node", 0,               \
        "mean degree")                                                       \
    KEY(real, epsilon, "0.1", 0, 1e6, NULL, "1", 0,                          \
        "c_out/c_in; above 1: disassortative")                               \
    KEY(integer, population, "10000", 0, 1e6, NULL, "", 0,                   \
        "messages of state evolution; 0: lines alone")                       \
    KEY(text, start, "hint", 0, 0, "hint|random|planted", "", 0,             \
        "first messages of the runs")                                        \
    KEY(real, hint, "0.02", 1e-6, 1, NULL, "1", 0,                           \
        "share of nodes whose first messages tell their group, in state "    \
        "evolution and with start = hint")                                   \
    KEY(real, damping, "0.0", 0, 0.99, NULL, "1", 0,                         \
        "share of the old messages that runs keep; state evolution: none")   \
    EVOLUTION_KEYS(KEY, "0", 1e6, "60")
PARAM_STRUCT(sbm_keys, SBM_KEYS);
#define PARAM_ROW_sbm_keys(...) PARAM_ROW(sbm_keys, __VA_ARGS__)
PARAM_TABLE(static, sbm_table, "solve", sbm_keys, SBM_KEYS);

/* ---- state evolution ----------------------------------------------------- */

/* What the second half of the generations says: means and standard errors,
   or half of what lies between the third and the last quarter. drifts: the overlap moved by more than 20 per cent and 3.5 standard
   errors there; a slope alone scatters blocks so much that it is 5. */
struct state {
    double overlap, overlap_error, excess, excess_error;
    bool drifts;
};

enum { HALVES = 5, LONGER = 16 };
static const double WORK = 3e8; /* generations members degree q, at most */

/* A perturbation of uniform messages squared grows by `signal` a generation:
   20 times the time of that, on either side of the line, are waited for. 0:
   these are too many. */
static int generations(const struct section *keys, struct blocks b)
{
    double steps = (double)section_integer(keys, "iterations", 1);
    double least = fmax(steps, 20 * HALVES);
    double members = (double)section_integer(keys, "population", 0);
    double most = fmin(LONGER * least,
                       WORK / (members * (1 + blocks_degree(b)) * b.q));
    double wait = 20 / fabs(blocks_signal(b) - 1);
    return wait > fmax(least, most) ? 0 : (int)fmax(least, wait);
}

static struct state evolve(const struct section *keys, struct blocks blocks,
                           double hint, uint32_t first, int all, double *curve)
{
    enum { OVERLAP, EXCESS, COUNT };
    int steps = (int)section_integer(keys, "iterations", 1), half = all / 2;
    int rest = all - half, part = rest / 2;
    double *overlap = mem_new((size_t)all, sizeof *overlap), excess;
    struct population_series late_half = {.observables = COUNT,
                                          .rows = rest};
    struct block_population p = block_population_new(
        blocks, section_integer(keys, "population", 0),
        section_seed(keys, "seed", 1), first, hint);
    struct state s;
    late_half.at = mem_new((size_t)(COUNT * rest), sizeof(double));
    curve[0] = hint;
    for (int t = 0; t < all; t++) {
        block_generation(&p, &overlap[t], &excess);
        if (t < steps)
            curve[t + 1] = overlap[t];
        if (t >= half) {
            double *row = late_half.at + COUNT * (t - half);
            row[OVERLAP] = overlap[t];
            row[EXCESS] = excess;
        }
    }
    struct population_mean m = population_observable(&late_half, OVERLAP);
    struct population_mean f = population_observable(&late_half, EXCESS);
    struct block_mean early = block_mean(overlap + half, part, HALVES);
    struct block_mean late = block_mean(overlap + half + part, part, HALVES);
    double moved = fabs(late.mean - early.mean);
    s.overlap = m.mean;
    s.overlap_error = fmax(m.error, moved / 2);
    s.excess = f.mean;
    s.excess_error = f.error;
    s.drifts = moved > 0.2 * m.mean + 1e-6 &&
               moved > 3.5 * hypot(early.error, late.error);
    block_population_free(&p);
    free(overlap);
    population_series_free(&late_half);
    return s;
}

/* ---- runs ---------------------------------------------------------------- */

static enum block_start start_of(const struct section *keys)
{
    const char *start = section_text(keys, "start", "");
    return !strcmp(start, "hint")     ? BLOCK_HINT
           : !strcmp(start, "random") ? BLOCK_RANDOM : BLOCK_PLANTED;
}

enum { STEPS_MOST = 2000 };
static const double SETTLED = 1e-6;

/* Overlap at the end and free energy of the fixed point against that of
   uniform messages, NAN if there was none. */
struct ran { double overlap, excess, steps; };

static struct ran propagate(const struct section *keys,
                            const struct block_graph *graph,
                            enum block_start start, int k, int steps,
                            double *curve)
{
    double damping = section_real(keys, "damping", 0);
    struct block_beliefs b = block_beliefs_new(
        graph, start, section_real(keys, "hint", 0),
        section_seed(keys, "seed", 1), k);
    int t = 0;
    if (curve)
        curve[0] = block_overlap(&b);
    for (t = 1; t < steps || (t < STEPS_MOST && b.change > SETTLED); t++) {
        block_beliefs_step(&b, damping);
        if (curve && t < steps)
            curve[t] = block_overlap(&b);
    }
    struct ran r = {block_overlap(&b), NAN, t};
    if (b.change <= SETTLED)
        r.excess = block_free_energy(&b) - block_free_energy_uniform(graph);
    block_beliefs_free(&b);
    return r;
}

/* Means over the runs that settled. */
static void add_excess(const double *excess, int stride, int instances,
                       const char *name, const char *who,
                       struct solution *solution)
{
    double *good = mem_new((size_t)instances, sizeof *good);
    int count = 0;
    for (int k = 0; k < instances; k++)
        if (isfinite(excess[k * stride]))
            good[count++] = excess[k * stride];
    if (count) {
        struct evolution_mean m = evolution_mean(good, count, 1);
        solution_add(solution, name, m.mean, m.error, "nats");
    }
    if (count < instances)
        solution_warn(solution, "%s: belief propagation did not converge in "
                      "%d steps on %d of %d graphs: their free energies are "
                      "left out", who, STEPS_MOST, instances - count,
                      instances);
    free(good);
}

static void add_runs(const struct section *keys, struct blocks blocks,
                     struct evolution *e, struct solution *solution)
{
    int m = e->instances;
    if (!m)
        return;
    struct ran *run = mem_new((size_t)m, sizeof *run);
    struct ran *planted = mem_new((size_t)m, sizeof *planted);
    for (int k = 0; k < m; k++) {
        struct block_graph g = block_graph_new(
            blocks, section_seed(keys, "seed", 1), k,
            section_integer(keys, "N", 0));
        run[k] = propagate(keys, &g, start_of(keys), k, e->steps,
                           e->run + k * e->steps);
        planted[k] = propagate(keys, &g, BLOCK_PLANTED, k, 2, NULL);
        block_graph_free(&g);
    }
    const int stride = sizeof *run / sizeof(double);
    struct evolution_mean steps = evolution_mean(&run[0].steps, m, stride);
    struct evolution_mean from = evolution_mean(&planted[0].overlap, m,
                                                stride);
    solution_add(solution, "run_steps", steps.mean, steps.error, "1");
    solution_add(solution, "planted_overlap", from.mean, from.error, "1");
    add_excess(&run[0].excess, stride, m, "run_free_energy_excess",
               "runs", solution);
    add_excess(&planted[0].excess, stride, m, "planted_free_energy_excess",
               "planted", solution);
    free(run);
    free(planted);
}

/* ---- the point ----------------------------------------------------------- */

static void add_lines(struct blocks b, double degree,
                      struct solution *solution)
{
    double root = sqrt(degree);
    if (root > 1)
        solution_add(solution, "epsilon_c", (root - 1) / (root - 1 + b.q), 0,
                     "1");
    if (root + 1 > b.q)
        solution_add(solution, "epsilon_c_disassortative",
                     (root + 1) / (root + 1 - b.q), 0, "1");
    solution_add(solution, "signal", blocks_signal(b), 0, "1");
    solution_add(solution, "c_in", b.inside, 0, "edges/node");
    solution_add(solution, "c_out", b.outside, 0, "edges/node");
}

static void add_state(struct state s, double base, const char *overlap,
                      const char *energy, struct solution *solution)
{
    solution_add(solution, overlap, s.overlap, s.overlap_error, "1");
    solution_add(solution, energy, base + s.excess, s.excess_error, "nats");
}

/* Below the line uniform messages are stable, all that message passing finds
   without knowledge; `planted` then is what it finds with it, if that stays,
   else NULL. */
static const char *phase_of(struct blocks b, const struct state *planted,
                            bool known)
{
    if (blocks_signal(b) > 1)
        return "detectable: above Kesten-Stigum";
    if (b.q <= 3 || (known && !planted))
        return "undetectable";
    if (!planted)
        return "below Kesten-Stigum: hard or undetectable";
    if (fabs(planted->excess) < 3 * planted->excess_error)
        return "two states, free energies equal within their errors";
    return planted->excess < 0 ? "hard: message passing is stuck, more is "
                                 "known"
                               : "undetectable, a better state is "
                                 "metastable";
}

static void add_both(struct state hinted, struct state planted, bool same,
                     double base, struct solution *solution)
{
    bool truth = !same && planted.excess < hinted.excess;
    add_state(truth ? planted : hinted, base, "overlap",
              "free_energy_per_site", solution);
    if (!same)
        add_state(truth ? hinted : planted, base,
                  truth ? "hinted_overlap" : "informed_overlap",
                  truth ? "hinted_free_energy_per_site"
                        : "informed_free_energy_per_site", solution);
}

static void add_above(struct state hinted, struct state planted, double base,
                      struct solution *solution)
{
    bool same = fabs(planted.overlap - hinted.overlap) <
                0.02 + 5 * (planted.overlap_error + hinted.overlap_error);
    if (hinted.drifts || planted.drifts)
        solution_warn(solution, "state evolution still drifts and is left "
                      "out: more iterations");
    else
        add_both(hinted, planted, same, base, solution);
}

/* Near the line, where nothing else can be told, a state is one that is far
   from uniform messages. */
static void add_below(struct blocks b, struct state planted, bool near,
                      double base, struct solution *solution)
{
    struct state uniform = {0, 0, 0, 0, false};
    bool two = b.q > 3 && planted.overlap > (near ? 0.3 : 0.05) +
                                                5 * planted.overlap_error;
    bool known = b.q <= 3 || !(planted.drifts || (near && !two));
    solution->phase = phase_of(b, known && two ? &planted : NULL, known);
    if (known)
        add_both(uniform, planted, !two, base, solution);
    else
        solution_warn(solution, "state evolution from the planted groups "
                      "still drifts, or may: left out; more iterations");
}

/* State evolution from the hint and from the truth; the curve of the start
   that the runs have goes to e. */
static void add_population(const struct section *keys, struct blocks b,
                           struct evolution *e, struct solution *solution)
{
    double c = blocks_degree(b), base = c / 2 * (1 - log(c));
    double *other = mem_new((size_t)e->steps, sizeof *other);
    bool planted_runs = start_of(keys) == BLOCK_PLANTED;
    int wait = generations(keys, b);
    int all = wait ? wait : (int)fmax(20 * HALVES, e->steps);
    struct state hinted = evolve(keys, b, section_real(keys, "hint", 0), 0,
                                 all, planted_runs ? other : e->theory);
    struct state planted = evolve(keys, b, 1, 1u << 20, all,
                                  planted_runs ? e->theory : other);
    if (blocks_signal(b) <= 1)
        add_below(b, planted, !wait, base, solution);
    else if (wait)
        add_above(hinted, planted, base, solution);
    else
        solution_warn(solution, "too near to the Kesten-Stigum line for so "
                      "few iterations: left out");
    solution_add(solution, "uniform_free_energy_per_site", base, 0, "nats");
    evolution_curve(solution, planted_runs ? "overlap_evolution_hint"
                                           : "overlap_evolution_planted",
                    "1", "the same from the other start", e->steps, other);
    free(other);
}

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    static const struct evolution_names names = {
        "overlap_evolution", "overlap_run", "overlap_run_error",
        "run_overlap", "run_deviation",
        "(share of nodes rightly placed - 1/q)/(1 - 1/q) after each "
        "iteration, the start first", "1"};
    double degree = section_real(keys, "degree", 0);
    struct blocks b = blocks_of((int)section_integer(keys, "q", 2), degree,
                                section_real(keys, "epsilon", 0));
    if (b.inside > (double)section_integer(keys, "N", 0) &&
        section_integer(keys, "N", 0) > 0) {
        err_add(err, EXIT_INPUT, NULL, "N: too few nodes for c_in = %g",
                b.inside);
        return;
    }
    if (!evolution_fits(2 * degree * b.q *
                            (double)section_integer(keys, "N", 0), err))
        return;
    struct evolution e = evolution_new(keys);
    solution->phase = phase_of(b, NULL, false);
    if (section_integer(keys, "population", 0) > 0)
        add_population(keys, b, &e, solution);
    add_lines(b, degree, solution);
    add_runs(keys, b, &e, solution);
    evolution_report(&e, &names, solution);
    evolution_free(&e);
}

const struct solver solver_sbm = {
    .name = "sbm",
    .family = FAMILY_INFERENCE,
    .summary = "communities in the stochastic block model: Kesten-Stigum "
               "line, belief propagation on graphs and its state evolution",
    .source = "Decelle, Krzakala, Moore and Zdeborova 2011, Phys. Rev. E 84, "
              "066106: eq. (26) to (31); Kesten and Stigum 1966; Mossel, "
              "Neeman and Sly 2015; Massoulie 2014: q = 2",
    .holds = "sparse graphs, N -> infinity, groups of equal size, all "
             "parameters known. Below the line: for q <= 3 nothing can be "
             "known (proved for q = 2), for larger q there may be a hard "
             "phase. Graphs of N nodes lie off by order 1/sqrt(N)",
    .keys = &sbm_table,
    .teams = true,
    .solve = solve};
