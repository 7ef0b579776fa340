/* Matchings on sparse random graphs: sets of edges no two of which meet.

   Poisson graphs of mean degree c, the largest matching (Karp, Sipser 1981).
   Leaf removal matches a leaf with its neighbour. Along an edge a site is a
   leaf with probability a = exp(-c (1 - b)), one that a leaf has taken with b =
   1 - exp(-c a): c a = g solves g = c exp(-c e^-g), smallest root, and
   c (1 - b) = G = c e^-g. Of a fraction of the sites
       size = 1 - (g + G + g G) / 2c
   edges are matched, those of the core but o(N) included. Core: sites with no
   neighbour a leaf and two in the core, e^-g (1 - e^-d (1 + d)), d = G - g; it
   appears at c = e.

   Any fugacity w of an edge: with x the probability that a site is free
   when the edge is not there, x = 1 / (1 + w sum x') over the c - 1 others,
       ln Z / N = <ln(1 + w sum_c x)> - (c/2) <ln(1 + w x x')>
   (Zdeborova, Mezard 2006); the recursion has one solution at any w
   (Heilmann, Lieb 1972), right where short loops are few. Regular graphs:
   all x are one, (c - 1) w x^2 + x - 1 = 0; w to infinity leaves the perfect
   matchings, s = ((c - 1) ln(c - 1) - (c - 2) ln c) / 2 (Bollobas, McKay 1986).
   Poisson graphs: a population of x. */
#include <math.h>

#include "core/solver.h"
#include "stat/population.h"
#include "stat/root.h"

#define MATCHING_KEYS(KEY)                                                   \
    KEY(real, degree, "3.0", 0, 1e4, NULL, "edges/site", 0,                  \
        "mean degree; regular: an integer, at least 1")                      \
    KEY(text, ensemble, "poisson", 0, 0, "poisson|regular", "", 0,           \
        "degrees are Poisson's, or all the same")                            \
    KEY(real, fugacity, "0.0", 0, 1e12, NULL, "", 0,                         \
        "weight of an edge in the matching; 0: infinite, largest "           \
        "matchings")                                                         \
    KEY(integer, population, "100000", 100, 10000000, NULL, "", 0,           \
        "members: Poisson degrees at finite fugacity")                       \
    KEY(seed, seed, "1", 0, 0, NULL, "", 0, "of the population")
PARAM_STRUCT(matching_keys, MATCHING_KEYS);
#define PARAM_ROW_matching_keys(...) PARAM_ROW(matching_keys, __VA_ARGS__)
PARAM_TABLE(static, matching_table, "matching", matching_keys,
            MATCHING_KEYS);

static const double e = 0x1.5bf0a8b145769p1;

/* ---- Poisson, the largest ------------------------------------------------ */

static double leaf_misfit(double g, void *with)
{
    double c = *(double *)with;
    return g - c * exp(-c * exp(-g));
}

/* The smallest root; below e there is only one, that of g = c e^-g, and this
   equation is flat around it as e is neared. */
static double one_misfit(double g, void *with)
{
    return g - *(double *)with * exp(-g);
}

/* Above c = e the root of g = c e^-g, W(c), is the middle one of three, 2.4
   sqrt(c/e - 1) apart, which rounding joins where too_near(c). */
static bool too_near(double c)
{
    return c > e && c / e - 1 < 1e-9;
}

static struct root leaf_root(double c)
{
    struct root middle = root_between(one_misfit, &c, 0, c + 1);
    if (c <= e || too_near(c))
        return middle;
    return root_between(leaf_misfit, &c, 0,
                        middle.x * (1 - 0.5 * fmin(1, sqrt(c / e - 1))));
}

static void largest_poisson(double c, struct solution *solution)
{
    struct root g = c > 0 ? leaf_root(c) : (struct root){0, 0, true};
    if (!g.found) {
        solution_warn(solution, "leaf removal was not solved");
        return;
    }
    double G = c * exp(-g.x), d = c > e ? G - g.x : 0;
    double size = c > 0 ? 1 - (g.x + G + g.x * G) / (2 * c) : 0;
    double core = c > e ? exp(-g.x) * (-expm1(-d) - d * exp(-d)) : 0;
    /* size is stationary in g but for the width itself; the core begins as
       4.4 (c/e - 1) */
    double error = g.width + 1e-15 + (too_near(c) ? 5 * (c / e - 1) : 0);
    solution->phase = c > e ? "core" : "no core";
    solution_add(solution, "matching", size, error, "edges/site");
    solution_add(solution, "unmatched", 1 - 2 * size, 2 * error, "1");
    /* rounding moves g by 1e-16 / (c/e - 1), where roots are near */
    double moved = c > e ? core * 1e-16 * pow(c / e - 1, -1.5) + error : 0;
    solution_add(solution, "core", core, moved, "1");
    solution_add(solution, "degree_core", e, 0, "edges/site");
}

/* ---- regular ------------------------------------------------------------- */

static void add_matchings(struct solution *solution,
                          struct population_mean ln_z,
                          struct population_mean size,
                          struct population_mean entropy)
{
    solution_add(solution, "ln_z_per_site", ln_z.mean, ln_z.error, "1");
    solution_add(solution, "matching", size.mean, size.error, "edges/site");
    solution_add(solution, "unmatched", 1 - 2 * size.mean, 2 * size.error,
                 "1");
    solution_add(solution, "entropy_per_site", entropy.mean, entropy.error,
                 "nats");
}

static void regular(double c, double w, struct solution *solution)
{
    if (w == 0) {
        double few = c > 1 ? (c - 1) * log(c - 1) : 0;
        double s = c == 2 ? 0 : (few - (c - 2) * log(c)) / 2;
        solution_add(solution, "matching", 0.5, 0, "edges/site");
        solution_add(solution, "unmatched", 0, 0, "1");
        solution_add(solution, "entropy_per_site", s, 0, "nats");
        return;
    }
    double x = 2 / (1 + sqrt(1 + 4 * (c - 1) * w));
    double edge = w * x * x, size = c / 2 * edge / (1 + edge);
    double ln_z = log1p(c * w * x) - c / 2 * log1p(edge);
    add_matchings(solution, (struct population_mean){.mean = ln_z},
                  (struct population_mean){.mean = size},
                  (struct population_mean){.mean = ln_z - size * log(w)});
    solution_add(solution, "cavity_free", x, 0, "1");
}

/* ---- Poisson, any fugacity ----------------------------------------------- */

enum { SETTLE = 120, MEASURE = 240, LN_Z = 0, SIZE, SERIES };

struct poisson { double c, w; };

/* w sum x, over a Poisson number of neighbours */
static double from_others(const struct population *p, struct chance *chance,
                          const struct poisson *graph)
{
    double sum = 0;
    for (int k = chance_poisson(chance, graph->c); k > 0; k--)
        sum += *population_any(p, chance);
    return graph->w * sum;
}

static void start(struct chance *chance, double *member, const void *with)
{
    const struct poisson *graph = with;
    (void)chance;
    *member = 1 / sqrt(1 + graph->c * graph->w);
}

/* Half the members at a time: at large w all at once would swing between few
   and many free sites. */
static double make(const struct population *old, struct chance *chance,
                   double *member, const void *with)
{
    bool turn = chance_word(chance) & 1;
    *member = turn ? 1 / (1 + from_others(old, chance, with))
                   : old->member[chance->item];
    return 1;
}

/* A site has as many others along an edge as in all. */
static void observe(const struct population *now, struct chance *chance,
                    double *value, const void *with)
{
    const struct poisson *graph = with;
    double edge = graph->w * *population_any(now, chance) *
                  *population_any(now, chance);
    value[LN_Z] = log1p(from_others(now, chance, graph)) -
                  graph->c / 2 * log1p(edge);
    value[SIZE] = graph->c / 2 * edge / (1 + edge);
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
    struct population_series series =
        population_run(&pool, &rule, SETTLE, MEASURE, pool.members);
    double entropy[SERIES] = {[LN_Z] = 1, [SIZE] = -log(graph->w)};
    if (!population_settled(&series))
        solution_warn(solution, "the population had not settled: its errors "
                      "are too small");
    add_matchings(solution, population_observable(&series, LN_Z),
                  population_observable(&series, SIZE),
                  population_mean(&series, entropy));
    population_series_free(&series);
    population_free(&pool);
}

/* ---- door ---------------------------------------------------------------- */

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    double c = section_real(keys, "degree", 3);
    double w = section_real(keys, "fugacity", 0);
    bool same = section_text(keys, "ensemble", "")[0] == 'r';
    if (same && (c < 1 || c != nearbyint(c)))
        err_add(err, EXIT_INPUT, section_where(keys, "degree"),
                "matching.degree: of a regular graph an integer, at least 1");
    else if (!same && w > 0 && c > 600)
        err_add(err, EXIT_INPUT, section_where(keys, "degree"),
                "matching.degree: populations take at most 600");
    else if (same)
        regular(c, w, solution);
    else if (w == 0)
        largest_poisson(c, solution);
    else
        poisson(&(struct poisson){c, w}, keys, solution);
}

const struct solver solver_matching = {
    .name = "matching",
    .family = FAMILY_CAVITY,
    .summary = "matchings on random graphs: the largest, their number, "
               "monomers and dimers",
    .source = "Karp and Sipser 1981 (FOCS 22, 364): leaf removal; Bollobas "
              "and McKay 1986, J. Comb. Theory B 41, 80: perfect matchings of "
              "regular graphs; Zdeborova and Mezard 2006, J. Stat. Mech. "
              "P05003",
    .holds = "infinite random graphs, Poisson or regular; sizes of largest "
             "matchings are theorems, entropies are those of belief "
             "propagation, which has one fixed point at any fugacity",
    .keys = &matching_table,
    .teams = true,
    .solve = solve};
