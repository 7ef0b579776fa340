/* The q-state Potts model on the infinite square lattice,
   H = -J sum_<ij> delta(s_i, s_j), J = 1, at its transition.

   beta_c = ln(1 + sqrt q) (Potts 1952). There (e_ord + e_dis) / 2 =
   -(1 + 1/sqrt q) by duality; for q <= 4 the two are one (continuous). For
   q > 4 the latent heat is (Baxter 1973)
     2 (1 + 1/sqrt q) tanh(t/2) prod_(n >= 1) tanh^2(n t),  2 cosh t = sqrt q,
   and the spontaneous order of the ordered phases (Baxter 1982)
     prod_(n >= 1) (1 - x^(2n - 1)) / (1 + x^(2n)),  x = e^(-2t).
   Products and sums run until a factor is 1 to rounding. */
#include <math.h>
#include <string.h>

#include "core/solver.h"

#define POTTS_SQUARE_KEYS(KEY)                                               \
    KEY(integer, q, "10", 2, 1000000, NULL, "", 0, "values of a site")
PARAM_STRUCT(potts_square_keys, POTTS_SQUARE_KEYS);
#define PARAM_ROW_potts_square_keys(...)                                     \
    PARAM_ROW(potts_square_keys, __VA_ARGS__)
PARAM_TABLE(static, potts_square_table, "potts_square", potts_square_keys,
            POTTS_SQUARE_KEYS);

static double latent_heat(double q)
{
    double t = acosh(sqrt(q) / 2), product = 1, factor = 0;
    for (int n = 1; factor < 1; n++) {
        factor = tanh(n * t);
        product *= factor * factor;
    }
    return 2 * (1 + 1 / sqrt(q)) * tanh(t / 2) * product;
}

static double jump_of_order(double q)
{
    double x = exp(-2 * acosh(sqrt(q) / 2)), product = 1;
    for (double odd = x; odd > 1e-17; odd *= x * x)
        product *= (1 - odd) / (1 + odd * x);
    return product;
}

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    double q = (double)section_integer(keys, "q", 2);
    double beta = log1p(sqrt(q)), middle = -(1 + 1 / sqrt(q));
    double latent = q > 4 ? latent_heat(q) : 0;
    (void)err;
    solution->phase = q > 4 ? "first-order transition"
                            : "continuous transition";
    solution_add(solution, "beta_c", beta, 0, "1/energy");
    solution_add(solution, "temperature_c", 1 / beta, 0, "energy");
    solution_add(solution, "energy", middle, 0, "energy");
    solution_add(solution, "latent_heat", latent, 0, "energy");
    solution_add(solution, "e_ord", middle - latent / 2, 0, "energy");
    solution_add(solution, "e_dis", middle + latent / 2, 0, "energy");
    solution_add(solution, "magnetization", q > 4 ? jump_of_order(q) : 0, 0,
                 "1");
}

/* ---- for a model's system ----------------------------------------------- */

/* q of a ferromagnet on a square lattice, or 0; *J its coupling. */
static double values_of(const struct system *system, double *J)
{
    *J = solver_coupling(system, "J", 1);
    return !strcmp(system->model->name, "potts") &&
                   system->lattice->dim == 2 && *J > 0
               ? (double)section_integer(system->keys, "q", 3) : 0;
}

static double transition(const struct system *system, const double *lambda)
{
    double J, q = values_of(system, &J);
    (void)lambda;
    return q > 0 ? log1p(sqrt(q)) / J : NAN;
}

/* Of the phase half a latent heat above (1) or below (-1) the middle. */
static double phase(const struct system *system, int side)
{
    double J, q = values_of(system, &J);
    return q > 4 ? J * (side * latent_heat(q) / 2 - (1 + 1 / sqrt(q))) : NAN;
}

static double ordered(const struct system *system, const double *lambda)
{
    (void)lambda;
    return phase(system, -1);
}

static double disordered(const struct system *system, const double *lambda)
{
    (void)lambda;
    return phase(system, 1);
}

static const struct guide guides[] = {
    {.of = "beta", .at = transition, .says = "T_c (Potts 1952)"},
    {.of = "energy", .at = ordered,
     .says = "phases at T_c (Baxter 1973)"},
    {.of = "energy", .at = disordered,
     .says = "phases at T_c (Baxter 1973)"},
    {.of = NULL}};

const struct solver solver_potts_square = {
    .name = "potts_square",
    .family = FAMILY_EXACT,
    .summary = "q-state Potts model on the infinite square lattice at its "
               "transition, exact",
    .source = "Potts 1952, Proc. Camb. Phil. Soc. 48, 106: beta_c = "
              "ln(1 + sqrt q); Baxter 1973, J. Phys. C 6, L445: latent heat",
    .holds = "the ferromagnet on the infinite square lattice at beta_c, "
             "q from 2; exact",
    .keys = &potts_square_table,
    .solve = solve,
    .guides = guides};
