/* The square-lattice Ising model, infinite, in zero field (Onsager 1944;
   the magnetization: Yang 1952). With S = sinh 2K, kappa = 2 S / cosh^2 2K
   and kappa' = 2 tanh^2 2K - 1 = (S^2 - 1) / (S^2 + 1), so that
   kappa^2 + kappa'^2 = 1; complete elliptic integrals in Carlson's form from
   kappa'^2, which does not cancel at the critical point. */
#include <math.h>
#include <string.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_sf_ellint.h>

#include "core/solver.h"

#define ONSAGER_KEYS(KEY)                                                    \
    KEY(real, beta, "0.4406867935097715", 0, 1e6, NULL, "1/energy", 0,       \
        "inverse temperature")                                               \
    KEY(real, J, "1.0", -1e6, 1e6, NULL, "energy", 0,                        \
        "coupling of nearest neighbours")
PARAM_STRUCT(onsager_keys, ONSAGER_KEYS);
#define PARAM_ROW_onsager_keys(...) PARAM_ROW(onsager_keys, __VA_ARGS__)
PARAM_TABLE(static, onsager_table, "onsager", onsager_keys, ONSAGER_KEYS);

static const double pi = 0x1.921fb54442d18p1, ln2 = 0x1.62e42fefa39efp-1;

/* sigma = e^(-2K) sinh 2K and e = e^(-2K): no overflow at large K. */
struct modes { double e, sigma; };

/* ln(2 sinh 2K e^gamma(theta)) - 4K, as in doc/solvers.md */
static double mode(double theta, void *from)
{
    const struct modes *k = from;
    double s = sin(theta / 2), es = k->e * k->sigma, gap = k->e - k->sigma;
    double less = gap * gap + 2 * es * s * s, more = less + 2 * es;
    return log(less + more + 2 * sqrt(less * more));
}

/* ln Z / N = 2K + 1/(2 pi) int_0^pi mode. The mode bends within about |gap|
   of theta = 0: one interval for that, one for the rest. */
static double ln_z_per_site(double k)
{
    struct modes modes = {.e = exp(-2 * k), .sigma = -expm1(-4 * k) / 2};
    gsl_function f = {.function = mode, .params = &modes};
    gsl_integration_cquad_workspace *space =
        gsl_integration_cquad_workspace_alloc(200);
    double knee = fmin(1, 1e-6 + 4 * fabs(modes.e - modes.sigma));
    double low, high;
    gsl_set_error_handler_off(); /* for good: threads share it */
    gsl_integration_cquad(&f, 0, knee, 1e-16, 1e-14, space, &low, 0, 0);
    gsl_integration_cquad(&f, knee, pi, 1e-16, 1e-14, space, &high, 0, 0);
    gsl_integration_cquad_workspace_free(space);
    return 2 * k + (low + high) / (2 * pi);
}

/* The high-temperature series in v = tanh K: for K where the closed forms
   cancel. Next term 130 v^14. */
static struct jet series(double J, double beta)
{
    static const double number[] = {1, 2, 4.5, 12, 112 / 3.0};
    struct jet e = jet_exp(jet_linear(-2 * J, beta));
    struct jet minus = jet_scale(-1, jet_expm1(jet_linear(-2 * J, beta)));
    struct jet plus = e, sum;
    plus.v += 1;
    struct jet v = jet_div(minus, plus);
    /* 2 ln cosh K = 2K + 2 ln((1 + e) / 2) */
    sum = jet_add(jet_linear(2 * J, beta), jet_scale(2, jet_log(plus)));
    sum.v -= ln2;
    for (int i = 0; i < 5; i++)
        sum = jet_add(sum, jet_scale(number[i], jet_power(v, 4 + 2 * i)));
    return sum;
}

/* u and c by elliptic integrals, as d/dbeta and d^2/dbeta^2 of ln Z / N. */
static struct jet closed_form(double J, double k, double complement)
{
    double t = tanh(2 * k), c = cosh(2 * k), square = complement * complement;
    double kappa = 2 * t / c;
    double K = gsl_sf_ellint_RF(0, square, 1, GSL_PREC_DOUBLE);
    double K_less_E = kappa * kappa / 3 *
                      gsl_sf_ellint_RD(0, square, 1, GSL_PREC_DOUBLE);
    double inner = 2 * K_less_E -
                   2 / (c * c) * (pi / 2 + complement * K);
    return (struct jet){
        ln_z_per_site(k),
        J / t * (1 + 2 / pi * complement * K),
        J * J / (t * t) * 2 / pi * inner};
}

static void add_results(struct solution *solution, double beta, double J,
                        struct jet f, double order)
{
    solution_add(solution, "ln_z_per_site", f.v, 0, "1");
    solution_add(solution, "energy", -f.d, 0, "energy");
    solution_add(solution, "specific_heat", beta * beta * f.dd, 0, "1");
    solution_add(solution, "entropy_per_site", f.v - beta * f.d, 0, "nats");
    if (beta != 0)
        solution_add(solution, "free_energy_per_site", -f.v / beta, 0,
                     "energy");
    solution_add(solution,
                 J < 0 ? "staggered_magnetization" : "magnetization", order,
                 0, "1");
    if (J == 0)
        return;
    solution_add(solution, "beta_c", asinh(1) / 2 / fabs(J), 0, "1/energy");
    solution_add(solution, "temperature_c", 2 * fabs(J) / asinh(1), 0,
                 "energy");
}

/* beta < 0 is J of the other sign. */
static void answer(double beta, double J, struct solution *solution)
{
    double k = fabs(beta * J), sign = beta < 0 ? -1 : 1;
    double s = sinh(2 * k), x = s > 1 ? 1 / s : s;
    double complement = (1 - x) * (1 + x) / (1 + x * x), order = 0;
    struct jet f;
    solution->phase = s > 1 ? "ordered" : "disordered";
    if (s > 1)
        order = pow((1 - x) * (1 + x) * (1 + x * x), 0.125);
    else
        complement = -complement;
    if (fabs(complement) < 2e-15) {
        solution->phase = "critical";
        f = (struct jet){ln_z_per_site(k), fabs(J) * sqrt(2), INFINITY};
        order = 0;
    } else if (k < 0.02) {
        f = series(fabs(J), fabs(beta));
    } else if (k > 20) { /* all corrections are below 1e-33 */
        f = (struct jet){2 * k, 2 * fabs(J), 0};
    } else {
        f = closed_form(fabs(J), k, complement);
    }
    if (beta == 0)
        f = (struct jet){ln2, 0, f.dd};
    f.d *= sign;
    add_results(solution, beta, sign * J, f, order);
}

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    (void)err;
    answer(section_real(keys, "beta", 0), section_real(keys, "J", 1),
           solution);
}

/* ---- for a model's system ----------------------------------------------- */

static bool speaks_of(const struct system *system)
{
    return !strcmp(system->model->name, "ising") &&
           system->lattice->dim == 2 && solver_uniform(system) &&
           solver_coupling(system, "J", 1) != 0 &&
           solver_coupling(system, "h", 0) == 0;
}

static double transition(const struct system *system, const double *lambda)
{
    (void)lambda;
    return speaks_of(system)
               ? asinh(1) / 2 / fabs(solver_coupling(system, "J", 1)) : NAN;
}

static double energy(const struct system *system, const double *lambda)
{
    struct solution solution = {0};
    if (!speaks_of(system) || lambda[0] < 0)
        return NAN;
    answer(lambda[0], solver_coupling(system, "J", 1), &solution);
    return solution_value(&solution, "energy");
}

static const struct guide guides[] = {
    {.of = "beta", .at = transition, .says = "T_c = 2.269 J (Onsager 1944)"},
    {.of = "energy", .at = energy,
     .says = "equilibrium, L infinite (Onsager 1944)"},
    {.of = NULL}};

static const char *refuses(const struct system *system, int points)
{
    (void)points;
    if (!speaks_of(system))
        return "onsager knows the square lattice in zero field only";
    if (system->lattice->periodic)
        return "kaufman knows finite tori";
    return NULL;
}

/* Of the infinite lattice, beside one with edges. */
static void overlay(const struct solver_task *task)
{
    double sites = (double)task->system->sites;
    double J = solver_coupling(task->system, "J", 1);
    for (int i = 0; i < task->points; i++) {
        struct solution *s = &task->solution[i];
        answer(task->lambda[i], J, s);
        solution_add(s, "ln_z", sites * solution_value(s, "ln_z_per_site"), 0,
                     "1");
        solution_add(s, "entropy", sites * solution_value(s,
                     "entropy_per_site"), 0, "nats");
    }
}

const struct solver solver_onsager = {
    .name = "onsager",
    .family = FAMILY_EXACT,
    .summary = "2D Ising model on the infinite lattice in zero field, exact",
    .source = "Onsager 1944, Phys. Rev. 65, 117; Yang 1952, Phys. Rev. 85, "
              "808",
    .holds = "the infinite square lattice in zero field; exact",
    .keys = &onsager_table,
    .solve = solve,
    .refuses = refuses,
    .overlay = overlay,
    .limit = "edges lack bonds: per site, a lattice of L x L open sites "
             "differs by about 1/L",
    .guides = guides};
