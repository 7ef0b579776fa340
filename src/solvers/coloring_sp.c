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
#include <string.h>

#include "core/solver.h"
#include "stat/population.h"
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

enum { SETTLE = 150, MEASURE = 150, PATIENCE = 4, SIGMA = 0, SURVEY, SERIES };

struct poisson { int q; double c; };

static struct warned warned_at_random(const struct population *p,
                                      struct chance *chance,
                                      const struct poisson *graph)
{
    struct warned warned;
    warn_start(&warned, graph->q);
    for (int k = chance_poisson(chance, graph->c); k > 0; k--)
        warn_by(&warned, *population_any(p, chance));
    return warned;
}

static void start(struct chance *chance, double *member, const void *with)
{
    (void)chance;
    *member = 1.0 / ((const struct poisson *)with)->q;
}

static double make(const struct population *old, struct chance *chance,
                   double *member, const void *with)
{
    struct warned warned = warned_at_random(old, chance, with);
    *member = survey(&warned);
    return 1;
}

/* A Poisson number less the one that is followed is the same Poisson number:
   what a site sends on is drawn as what it is. */
static void observe(const struct population *now, struct chance *chance,
                    double *value, const void *with)
{
    const struct poisson *graph = with;
    struct warned warned = warned_at_random(now, chance, graph);
    double s = *population_any(now, chance), t = *population_any(now, chance);
    value[SURVEY] = survey(&warned);
    value[SIGMA] = log(possible(&warned)) -
                   graph->c / 2 * log1p(-graph->q * s * t);
}

struct answer {
    struct population_mean sigma, survey;
    bool trivial, settled;
};

/* On and on as long as surveys drift, or are so vague that they might. */
static struct answer answer_of(struct population *pool,
                               const struct population_rule *rule, int q)
{
    struct answer a = {.settled = false};
    for (int t = 0; t < PATIENCE && !a.trivial && !a.settled; t++) {
        struct population_series series =
            population_run(pool, rule, t ? MEASURE : SETTLE, MEASURE,
                           pool->members);
        a.sigma = population_observable(&series, SIGMA);
        a.survey = population_observable(&series, SURVEY);
        a.trivial = series.at[(MEASURE - 1) * SERIES + SURVEY] < 1e-3 / q;
        a.settled = population_settled(&series) &&
                    a.survey.error < 0.02 * a.survey.mean;
        population_series_free(&series);
    }
    return a;
}

static void add_poisson(struct answer a, struct solution *solution)
{
    solution->phase = "no survey: not frozen";
    solution_add(solution, "survey", a.trivial ? 0 : a.survey.mean,
                 a.trivial ? 0 : a.survey.error, "1");
    if (a.trivial)
        return;
    if (!a.settled) {
        solution->phase = NULL;
        solution_warn(solution, "the surveys still drift: mean %.4g; the "
                      "complexity is left out", a.survey.mean);
        return;
    }
    solution->phase = phase_of(a.sigma.mean, 3 * a.sigma.error);
    solution_add(solution, "complexity", a.sigma.mean, a.sigma.error,
                 "nats/site");
}

static void poisson(const struct poisson *graph, const struct section *keys,
                    struct solution *solution)
{
    struct population_rule rule = {
        .width = 1, .with = graph, .start = start, .make = make,
        .observables = SERIES, .observe = observe};
    struct population pool =
        population_new(&rule, section_integer(keys, "population", 0),
                       section_seed(keys, "seed", 1));
    add_poisson(answer_of(&pool, &rule, graph->q), solution);
    population_free(&pool);
    solution_add(solution, "entropy_rs",
                 replica_symmetric(graph->q, graph->c), 0, "nats");
    solution_add(solution, "degree_kesten_stigum",
                 (graph->q - 1.0) * (graph->q - 1), 0, "edges/site");
}

/* ---- door ---------------------------------------------------------------- */

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    int q = (int)section_integer(keys, "q", 3);
    double c = section_real(keys, "degree", 5);
    if (section_text(keys, "ensemble", "")[0] == 'p')
        poisson(&(struct poisson){q, c}, keys, solution);
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
