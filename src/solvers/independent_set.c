/* Independent sets (hard-core lattice gas) of fugacity z on random regular
   graphs of degree c, by belief propagation.

   R = odds that a site is occupied when one edge is missing,
       R = z / (1 + R)^(c - 1),            p = R / (1 + R)
       density = r/(1 + r),  r = z / (1 + R)^c
       ln Z / N = ln(1 + r) - (c/2) ln(1 - p^2).
   The recursion contracts by (c - 1) p around the fixed point. (c - 1) p < 1,
   z < (c - 1)^(c-1) / (c - 2)^c: the only Gibbs state of the tree (Kelly
   1985). Above it R alternates between two values on even and odd sites, the
   two states of a bipartite graph; random regular graphs are not bipartite
   and stay with the one R while it is stable against noise, (c - 1) p^2 < 1
   (Kesten, Stigum 1966), z < p/(1 - p)^c with p = 1/sqrt(c - 1); beyond,
   replica symmetry is broken. For large degrees it is so before, from a
   first-order transition on that this solver does not look for, but for its
   end: where ln Z - density ln z, the entropy of the mean number of sets as
   well, is negative there are none (first moment). */
#include "core/solver.h"
#include "stat/root.h"

#define INDEPENDENT_SET_KEYS(KEY)                                            \
    KEY(integer, degree, "3", 1, 100000, NULL, "edges/site", 0,              \
        "of every site")                                                     \
    KEY(real, fugacity, "1.0", 0, 1e100, NULL, "", 0,                        \
        "weight of an occupied site; 1 counts sets")
PARAM_STRUCT(independent_set_keys, INDEPENDENT_SET_KEYS);
#define PARAM_ROW_independent_set_keys(...)                                  \
    PARAM_ROW(independent_set_keys, __VA_ARGS__)
PARAM_TABLE(static, independent_set_table, "independent_set",
            independent_set_keys, INDEPENDENT_SET_KEYS);

/* By x = ln(1 + R), always ln(e^x - 1) + (c - 1) x = ln z. */
struct gas { double degree, ln_z; };

static double misfit(double x, void *with)
{
    const struct gas *gas = with;
    return log(expm1(x)) + (gas->degree - 1) * x - gas->ln_z;
}

static struct root symmetric(const struct gas *gas)
{
    double low = 1e-300, high = 1;
    while (misfit(high, (void *)gas) < 0)
        high *= 2;
    low = fmin(high, exp(gas->ln_z)) / 4;
    while (low > 0 && misfit(low, (void *)gas) > 0)
        low /= 4;
    return root_between(misfit, (void *)gas, low, high);
}

/* ln(1 + R) of a site whose c - 1 neighbours have x. */
static double next(const struct gas *gas, double x)
{
    double ln_odds = gas->ln_z - (gas->degree - 1) * x;
    return ln_odds > 30 ? ln_odds : log1p(exp(ln_odds));
}

/* ln of one plus the odds of a site with all its neighbours. */
static double full(const struct gas *gas, double x)
{
    double ln_odds = gas->ln_z - gas->degree * x;
    return ln_odds > 30 ? ln_odds : log1p(exp(ln_odds));
}

/* ln Z per site of sites with fields x and y by turns. p = 1 - e^-x; 1 - p p'
   must not cancel. */
static double ln_z_of(const struct gas *gas, double x, double y)
{
    double empty = exp(-x), other = exp(-y);
    return (full(gas, x) + full(gas, y)) / 2 -
           gas->degree / 2 * log(empty + other - empty * other);
}

static double density(const struct gas *gas, double x)
{
    return -expm1(-full(gas, x));
}

/* ---- beyond uniqueness --------------------------------------------------- */

static double round_trip(double x, void *with)
{
    return next(with, next(with, x)) - x;
}

/* The smaller of two alternating values, NAN: there are none. From 0 the map of
   two steps rises to the first fixed point. */
static struct root alternating(const struct gas *gas, double x)
{
    double low = next(gas, next(gas, 0)) * 0.5;
    if (low == 0 || !(round_trip(low, (void *)gas) > 0))
        low = 0;
    for (double part = 1e-6; part < 0.5; part *= 4) {
        double high = x * (1 - part);
        if (round_trip(high, (void *)gas) < 0)
            return root_between(round_trip, (void *)gas, low, high);
    }
    return (struct root){NAN, NAN, false};
}

static void add_bipartite(const struct gas *gas, double x,
                          struct solution *solution)
{
    struct root few = alternating(gas, x);
    if (!few.found) {
        solution_warn(solution, "the states of bipartite graphs were not "
                      "found: too near the threshold");
        return;
    }
    /* sites whose neighbours' R is `few` have many particles */
    double many = next(gas, few.x), ln_z = ln_z_of(gas, few.x, many);
    double error = 4 * few.width * gas->degree + 1e-14;
    solution_add(solution, "bipartite_ln_z_per_site", ln_z, error, "1");
    solution_add(solution, "bipartite_density_even", density(gas, few.x),
                 error, "1");
    solution_add(solution, "bipartite_density_odd", density(gas, many), error,
                 "1");
}

/* ---- answers ------------------------------------------------------------- */

static void add_thresholds(double c, struct solution *solution)
{
    double p = 1 / sqrt(c - 1);
    if (c <= 2)
        return;
    solution_add(solution, "fugacity_uniqueness",
                 exp((c - 1) * log(c - 1) - c * log(c - 2)), 0, "1");
    solution_add(solution, "fugacity_kesten_stigum",
                 exp(log(p) - c * log1p(-p)), 0, "1");
}

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    struct gas gas = {(double)section_integer(keys, "degree", 3),
                      log(section_real(keys, "fugacity", 1))};
    struct root x = {0, 0, true};
    (void)err;
    if (isfinite(gas.ln_z))
        x = symmetric(&gas);
    if (!x.found) {
        solution_warn(solution, "R = z / (1 + R)^(c - 1) was not solved");
        return;
    }
    double c = gas.degree, p = -expm1(-x.x), rho = density(&gas, x.x);
    double ln_z = ln_z_of(&gas, x.x, x.x);
    double scale = isfinite(gas.ln_z) ? fabs(gas.ln_z) : 0;
    double error = c * x.width + 1e-15 * fmax(1, scale);
    double entropy = rho > 0 ? ln_z - rho * gas.ln_z : 0;
    double entropy_error = error * (1 + scale);
    bool unique = c <= 2 || (c - 1) * p < 1; /* p may round to 1 */
    bool stable = unique || (c - 1) * p * p < 1;
    bool exist = entropy > -entropy_error;
    solution->phase = unique            ? "unique"
                    : stable && exist   ? "not unique, replica symmetric"
                                        : "replica symmetry broken";
    solution_add(solution, "density", rho, error, "1");
    solution_add(solution, "ln_z_per_site", ln_z, error, "1");
    solution_add(solution, "entropy_per_site", entropy, entropy_error,
                 "nats");
    solution_add(solution, "cavity_density", p, error, "1");
    solution_add(solution, "replicon", 1 - (c - 1) * p * p, 2 * c * error, "1");
    add_thresholds(c, solution);
    if (!unique)
        add_bipartite(&gas, x.x, solution);
    if (stable && !exist)
        solution_warn(solution, "the entropy is negative: there are no sets "
                      "of this density, replica symmetry is broken on random "
                      "regular graphs; density, ln_z and entropy are an "
                      "approximation");
    if (!stable)
        solution_warn(solution, "beyond the Kesten-Stigum threshold replica "
                      "symmetry is broken on random regular graphs: density, "
                      "ln_z and entropy are an approximation");
}

const struct solver solver_independent_set = {
    .name = "independent_set",
    .family = FAMILY_CAVITY,
    .summary = "independent sets (hard-core gas) on random regular graphs: "
               "density, ln Z, uniqueness, the two states of bipartite graphs",
    .source = "Kelly 1985, J. R. Statist. Soc. B 47, 379; Weitz 2006 (STOC "
              "38, 140): z_c = (c - 1)^(c-1) / (c - 2)^c; Kesten and Stigum "
              "1966",
    .holds = "infinite random regular graphs; exact where the phase is "
             "unique and as long as replica symmetry holds, which fails at "
             "the latest at the Kesten-Stigum threshold; bipartite_ is for "
             "random bipartite regular graphs",
    .keys = &independent_set_table,
    .solve = solve};
