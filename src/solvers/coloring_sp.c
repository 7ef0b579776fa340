/* Colouring random graphs with q colours: survey propagation at y infinite.

   A survey is the probability s that a site warns its neighbour of one given
   colour, q s of any. Of k neighbours with surveys s_i, colours that nobody
   warns of may be used; a contradiction (none) is excluded, and
       s = P(exactly this one is left) / P(any is left).
   Degree c: ln P(any is left) over sites, less ln(1 - q s s') over edges,
       Sigma = <ln P_any(c)> - (c/2) <ln(1 - q s s')>
   is the logarithm of the number of clusters of colourings, a site (Mulet,
   Pagnani, Weigt, Zecchina 2002; regular: Krzakala, Pagnani, Weigt 2004).
   Sigma < 0: no colouring. Replica symmetric, all surveys flat,
       s_RS = ln q + (c/2) ln(1 - 1/q),
   unstable against noise from (c' - 1) = (q - 1)^2 on (Kesten, Stigum), c' - 1
   = degree - 1 if regular, mean degree if Poisson.

   P: one neighbour after the other, by the number w of colours warned of: it
   warns of a new one with (q - w) s, of an old one or none with 1 - (q - w) s:
   positive terms only. Regular graphs: one survey for all edges. Poisson: a
   population, whose Sigma has a statistical error. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/chance.h"
#include "core/solver.h"
#include "stat/blocks.h"
#include "stat/root.h"

enum { COLOURS_MOST = 64 };
#define COLORING_SP_KEYS(KEY)                                                \
    KEY(integer, q, "3", 3, COLOURS_MOST, NULL, "", 0, "colours")            \
    KEY(real, degree, "5.0", 0, 500, NULL, "edges/site", 0,                  \
        "regular: an integer, at least 1; Poisson: the mean")                \
    KEY(text, ensemble, "regular", 0, 0, "regular|poisson", "", 0,           \
        "degrees are all the same, or Poisson's")                            \
    KEY(integer, population, "50000", 100, 10000000, NULL, "", 0,            \
        "surveys, Poisson degrees")                                          \
    KEY(seed, seed, "1", 0, 0, NULL, "", 0, "of the population")
PARAM_STRUCT(coloring_sp_keys, COLORING_SP_KEYS);
#define PARAM_ROW_coloring_sp_keys(...)                                      \
    PARAM_ROW(coloring_sp_keys, __VA_ARGS__)
PARAM_TABLE(static, coloring_sp_table, "coloring_sp", coloring_sp_keys,
            COLORING_SP_KEYS);

/* ---- warnings ------------------------------------------------------------ */

/* p[w]: probability that w colours have been warned of. */
struct warned { int q; double p[COLOURS_MOST + 1]; };

static void warn_start(struct warned *warned, int q)
{
    memset(warned, 0, sizeof *warned);
    warned->q = q;
    warned->p[0] = 1;
}

/* By a neighbour with survey s. */
static void warn_by(struct warned *warned, double s)
{
    int q = warned->q;
    for (int w = q; w > 0; w--)
        warned->p[w] = warned->p[w] * (1 - (q - w) * s) +
                       warned->p[w - 1] * (q - w + 1) * s;
    warned->p[0] *= 1 - q * s;
}

/* P(any colour is left). */
static double possible(const struct warned *warned)
{
    double sum = 0;
    for (int w = warned->q - 1; w >= 0; w--)
        sum += warned->p[w];
    return sum;
}

/* The survey that goes on. */
static double survey(const struct warned *warned)
{
    return warned->p[warned->q - 1] / warned->q / possible(warned);
}

/* ---- regular graphs ------------------------------------------------------ */

struct regular { int q, degree; };

static struct warned warned_by(const struct regular *r, int neighbours,
                               double s)
{
    struct warned warned;
    warn_start(&warned, r->q);
    for (int k = 0; k < neighbours; k++)
        warn_by(&warned, s);
    return warned;
}

static double survey_misfit(double s, void *with)
{
    const struct regular *r = with;
    struct warned warned = warned_by(r, r->degree - 1, s);
    return survey(&warned) / s - 1;
}

/* Points from near 1/q (always a warning) down to 0, in units of 1/q: dense
   where s nears 1. */
static double scan(int i, int steps)
{
    return i < steps ? 1 - exp2(-50 + 49.0 * i / steps)
                     : 0.5 * (2 * steps - 1 - i) / steps;
}

/* The largest survey that reproduces itself; not found: there is none but 0. */
static struct root largest_survey(const struct regular *r)
{
    enum { STEPS = 200 };
    double high = 1.0 / r->q;
    for (int i = 0; i < 2 * STEPS; i++) {
        double low = scan(i, STEPS) / r->q;
        if (low > 0 && survey_misfit(low, (void *)r) > 0)
            return i == 0 ? (struct root){high, high - low, true}
                          : root_between(survey_misfit, (void *)r, low, high);
        high = low;
    }
    return (struct root){0, 0, false};
}

static double complexity_of(const struct regular *r, double s)
{
    struct warned warned = warned_by(r, r->degree, s);
    return log(possible(&warned)) - r->degree / 2.0 * log1p(-r->q * s * s);
}

static double replica_symmetric(double q, double degree)
{
    return log(q) + degree / 2 * log1p(-1 / q);
}

static bool has_survey(int q, int degree)
{
    return largest_survey(&(struct regular){q, degree}).found;
}

/* By the complexity or by s_RS < 0, a bound (first moment). */
static bool uncolourable(int q, int degree)
{
    struct regular r = {q, degree};
    struct root s = largest_survey(&r);
    return replica_symmetric(q, degree) < 0 ||
           (s.found && complexity_of(&r, s.x) < 0);
}

/* The smallest degree of which it is true; it is from there on. */
static int smallest_degree(int q, bool (*true_of)(int, int))
{
    int no = 1, yes = 2 + (int)(2 * log(q) / -log1p(-1.0 / q));
    while (yes - no > 1) {
        int middle = (no + yes) / 2;
        if (true_of(q, middle))
            yes = middle;
        else
            no = middle;
    }
    return yes;
}

static void add_regular_thresholds(int q, struct solution *solution)
{
    solution_add(solution, "degree_sp", smallest_degree(q, has_survey), 0,
                 "edges/site");
    solution_add(solution, "degree_uncolorable",
                 smallest_degree(q, uncolourable), 0, "edges/site");
}

static const char *phase_of(double complexity, double error)
{
    return complexity > error ? "clustered"
         : complexity < -error ? "uncolourable" : "at the threshold";
}

static void regular(const struct regular *r, struct solution *solution)
{
    struct root s = largest_survey(r);
    solution->phase = "no survey: not frozen";
    solution_add(solution, "survey", s.x, s.width, "1");
    if (s.found) {
        double sigma = complexity_of(r, s.x);
        double next = complexity_of(r, s.x + s.width);
        double error = fabs(next - sigma) + 1e-14 * r->degree;
        solution->phase = phase_of(sigma, error);
        solution_add(solution, "complexity", sigma, error, "nats/site");
    }
    solution_add(solution, "entropy_rs", replica_symmetric(r->q, r->degree),
                 0, "nats");
    solution_add(solution, "degree_kesten_stigum",
                 1 + (r->q - 1.0) * (r->q - 1), 0, "edges/site");
    add_regular_thresholds(r->q, solution);
}

/* ---- Poisson graphs ------------------------------------------------------ */

enum { SETTLE = 150, MEASURE = 150, SIGMA = 0, SURVEY, SERIES };

struct population {
    int q;
    double c;
    int64_t size;
    uint64_t seed;
    double *now, *next;
};

static double picked(const struct population *p, struct chance *chance)
{
    return p->now[chance_below(chance, (uint32_t)p->size)];
}

/* New members serve as sites with all their neighbours, too: a Poisson number
   less one that is followed is the same Poisson number. */
static void member(struct population *p, int64_t i, struct chance *chance,
                   double *sum)
{
    struct warned warned;
    warn_start(&warned, p->q);
    for (int k = chance_poisson(chance, p->c); k > 0; k--)
        warn_by(&warned, picked(p, chance));
    p->next[i] = survey(&warned);
    sum[SURVEY] += p->next[i];
    sum[SIGMA] += log(possible(&warned)) -
                  p->c / 2 * log1p(-p->q * picked(p, chance) *
                                   picked(p, chance));
}

static void sweep(struct population *p, uint32_t step, double out[SERIES])
{
    enum { PIECE = 1024 };
    int64_t pieces = (p->size + PIECE - 1) / PIECE;
    double *sum = mem_new((size_t)pieces * SERIES, sizeof *sum);
#pragma omp parallel for schedule(static)
    for (int64_t piece = 0; piece < pieces; piece++) {
        struct chance chance = chance_of(p->seed, RNG_POPULATION, step,
                                         (uint32_t)piece);
        int64_t end = (piece + 1) * PIECE;
        for (int64_t i = piece * PIECE; i < end && i < p->size; i++)
            member(p, i, &chance, &sum[piece * SERIES]);
    }
    memset(out, 0, SERIES * sizeof *out);
    for (int64_t i = 0; i < pieces * SERIES; i++)
        out[i % SERIES] += sum[i] / (double)p->size;
    free(sum);
    double *swap = p->now;
    p->now = p->next;
    p->next = swap;
}

static void add_poisson(double q, const double *sigma, const double *s,
                        struct solution *solution)
{
    struct block_mean mean = block_mean(s, MEASURE);
    struct block_mean complexity = block_mean(sigma, MEASURE);
    bool trivial = s[MEASURE - 1] < 1e-3 / q;
    solution->phase = "no survey: not frozen";
    solution_add(solution, "survey", trivial ? 0 : mean.mean,
                 trivial ? 0 : mean.error, "1");
    if (trivial)
        return;
    /* A population on its way to 0, or too small to be on its way. */
    double drift = 0;
    for (int i = 0; i < MEASURE / 2; i++)
        drift += (s[i] - s[MEASURE - 1 - i]) / (MEASURE / 2);
    if (fabs(drift) > fmax(0.02 * mean.mean, 5 * mean.error)) {
        solution->phase = NULL;
        solution_warn(solution, "the surveys still drift: mean %.4g, by %.2g; "
                      "the complexity is left out", mean.mean, -drift);
        return;
    }
    solution->phase = phase_of(complexity.mean, 3 * complexity.error);
    solution_add(solution, "complexity", complexity.mean, complexity.error,
                 "nats/site");
}

static void poisson(struct population *p, struct solution *solution)
{
    double out[SERIES], *sigma = mem_new(MEASURE, sizeof *sigma);
    double *s = mem_new(MEASURE, sizeof *s);
    p->now = mem_new((size_t)p->size, sizeof *p->now);
    p->next = mem_new((size_t)p->size, sizeof *p->next);
    for (int64_t i = 0; i < p->size; i++)
        p->now[i] = 1.0 / p->q;
    for (uint32_t step = 0; step < SETTLE + MEASURE; step++) {
        sweep(p, step, out);
        if (step >= SETTLE) {
            sigma[step - SETTLE] = out[SIGMA];
            s[step - SETTLE] = out[SURVEY];
        }
    }
    add_poisson(p->q, sigma, s, solution);
    solution_add(solution, "entropy_rs", replica_symmetric(p->q, p->c), 0,
                 "nats");
    solution_add(solution, "degree_kesten_stigum",
                 (p->q - 1.0) * (p->q - 1), 0, "edges/site");
    free(p->now);
    free(p->next);
    free(sigma);
    free(s);
}

/* ---- door ---------------------------------------------------------------- */

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    int q = (int)section_integer(keys, "q", 3);
    double c = section_real(keys, "degree", 5);
    struct population p = {.q = q, .c = c,
                           .size = section_integer(keys, "population", 0),
                           .seed = section_seed(keys, "seed", 1)};
    if (section_text(keys, "ensemble", "")[0] == 'p')
        poisson(&p, solution);
    else if (c < 1 || c != nearbyint(c))
        err_add(err, EXIT_INPUT, section_where(keys, "degree"),
                "coloring_sp.degree: of a regular graph an integer, at least "
                "1");
    else
        regular(&(struct regular){q, (int)c}, solution);
}

const struct solver solver_coloring_sp = {
    .name = "coloring_sp",
    .family = FAMILY_CAVITY,
    .summary = "colouring random graphs with q colours by survey propagation: "
               "complexity, thresholds",
    .source = "Mulet, Pagnani, Weigt and Zecchina 2002, Phys. Rev. Lett. 89, "
              "268701; Krzakala, Pagnani and Weigt 2004, Phys. Rev. E 70, "
              "046705",
    .holds = "infinite random graphs, one step of replica symmetry breaking "
             "at y infinite: clusters are counted with equal weight, those "
             "without frozen sites not at all; entropy_rs holds below the "
             "condensation transition, at most to degree_kesten_stigum",
    .keys = &coloring_sp_table,
    .teams = true,
    .solve = solve};
