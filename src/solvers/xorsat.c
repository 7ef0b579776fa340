/* Random k-XORSAT: M = alpha N equations, each the parity of k of N bits,
   over GF(2), N -> infinity (Mezard, Ricci-Tersenghi and Zecchina, J. Stat.
   Phys. 111, 505 (2003); Cocco, Dubois, Mandler and Monasson, Phys. Rev. Lett.
   90, 047205 (2003)).

   A bit is frozen, given its cluster, with probability Q:
     Q = 1 - exp(-c), c = k alpha Q^(k-1).
   Removing equations that hold a bit of no other equation leaves a core of
     sites 1 - (1 + c) exp(-c), equations alpha Q^k (both per bit),
   empty below alpha_d. Its solutions are the clusters:
     complexity / ln 2 = core sites - core equations,
   which vanishes at alpha_s. All by c: alpha(c) = c / (k Q^(k-1)) has its
   minimum alpha_d where e^c - 1 = (k-1) c; larger c belongs to the solution
   that exists. doc/satisfiability.md derives it. */
#include <math.h>

#include "core/solver.h"
#include "stat/root.h"

#define XORSAT_KEYS(KEY)                                                     \
    KEY(integer, k, "3", 3, 100, NULL, "bits", 0, "bits of an equation")     \
    KEY(real, alpha, "0.9", 0, 1e3, NULL, "1/site", 0,                       \
        "equations per bit")
PARAM_STRUCT(xorsat_keys, XORSAT_KEYS);
#define PARAM_ROW_xorsat_keys(...) PARAM_ROW(xorsat_keys, __VA_ARGS__)
PARAM_TABLE(static, xorsat_table, "xorsat", xorsat_keys, XORSAT_KEYS);

static const double ln2 = 0x1.62e42fefa39efp-1;

struct point { double k, alpha; };

static double density(double k, double c)
{
    return c / (k * pow(-expm1(-c), k - 1));
}

/* d ln alpha / d ln c, but for a factor. */
static double turning(double c, void *with)
{
    const struct point *p = with;
    return -expm1(-c) - (p->k - 1) * c * exp(-c);
}

/* How far rounding of alpha moves c: without bound to first order at alpha_d,
   where alpha(c) turns. */
static double rounding(double k, double c)
{
    double slope = 1 / c - (k - 1) / expm1(c), grain = 2e-16 * (k + 4);
    return grain / (fabs(slope) + sqrt(grain));
}

static double core_sites(double c) { return -expm1(-c) - c * exp(-c); }
static double core_equations(double k, double c) { return -expm1(-c) * c / k; }

static double excess(double c, void *with)
{
    const struct point *p = with;
    return core_sites(c) - core_equations(p->k, c);
}

static double density_misses(double c, void *with)
{
    const struct point *p = with;
    return density(p->k, c) - p->alpha;
}

/* What an uncertain c makes of alpha, and rounding. */
static void add_density(struct solution *solution, const char *name, double k,
                        struct root c)
{
    double value = density(k, c.x);
    solution_add(solution, name, value,
                 fabs(density(k, c.x + c.width) - value) +
                     1e-16 * (k + 4) * value, "1/site");
}

/* Everything at c; shift: the error of c. */
static void add_core(struct solution *solution, struct point p, double c,
                     double shift, bool satisfiable)
{
    double next = c + shift;
    solution_add(solution, "frozen", -expm1(-c),
                 c > 0 ? shift * exp(-c) + 2e-16 : 0, "1");
    solution_add(solution, "core_sites", core_sites(c),
                 fabs(core_sites(next) - core_sites(c)) + 2e-16, "1");
    solution_add(solution, "core_equations", core_equations(p.k, c),
                 fabs(core_equations(p.k, next) - core_equations(p.k, c)) +
                     2e-16 * p.alpha, "1/site");
    if (satisfiable)
        solution_add(solution, "complexity", ln2 * excess(c, &p),
                     fabs(excess(next, &p) - excess(c, &p)) + 4e-16, "nats");
}

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    struct point p = {(double)section_integer(keys, "k", 3),
                      section_real(keys, "alpha", 0)};
    (void)err;
    /* e^c - 1 > (k-1) c from 2 ln k on; and there the core still has more
       sites than equations, at c = k no longer. */
    struct root turn = root_between(turning, &p, 0.1, 2 * log(p.k) + 1);
    struct root full = root_between(excess, &p, turn.x, p.k);
    if (!turn.found || !full.found) {
        solution_warn(solution, "the thresholds were not solved");
        return;
    }
    add_density(solution, "alpha_d", p.k, turn);
    add_density(solution, "alpha_s", p.k, full);
    bool clustered = p.alpha >= density(p.k, turn.x);
    bool satisfiable = p.alpha <= density(p.k, full.x);
    if (satisfiable)
        solution_add(solution, "entropy_per_site", (1 - p.alpha) * ln2, 0,
                     "nats");
    struct root c = clustered
        ? root_between(density_misses, &p, turn.x, p.k * p.alpha + 1)
        : (struct root){0, 0, true};
    if (!c.found) {
        solution_warn(solution, "the core was not solved: it is left out");
        return;
    }
    add_core(solution, p, c.x,
             clustered ? c.width + rounding(p.k, c.x) : 0, satisfiable);
    solution->phase = !satisfiable ? "unsatisfiable"
                    : clustered ? "clustered" : "one cluster";
}

const struct solver solver_xorsat = {
    .name = "xorsat",
    .family = FAMILY_CAVITY,
    .summary = "random k-XORSAT: clustering and satisfiability thresholds, "
               "entropy, complexity, the core",
    .source = "Mezard, Ricci-Tersenghi and Zecchina 2003, J. Stat. Phys. "
              "111, 505; Cocco, Dubois, Mandler and Monasson 2003, Phys. "
              "Rev. Lett. 90, 047205: Q = 1 - exp(-k alpha Q^(k-1))",
    .holds = "infinitely many bits, k >= 3; exact (rigorous: the second "
             "moment of the core)",
    .keys = &xorsat_table,
    .solve = solve};
