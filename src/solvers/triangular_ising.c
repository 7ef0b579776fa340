/* The Ising model on the infinite triangular lattice in zero field (Wannier
   1950, erratum 1973; Houtappel 1950). With C = cosh 2K, S = sinh 2K, K =
   beta J,
       ln Z/N = ln 2 + 1/(8 pi^2) int int ln(C^3 + S^3 - S (cos u + cos v +
                                             cos(u + v))) du dv.
   The integral over v is ln((a + sqrt(a^2 - b^2))/2) with a = C^3 + S^3 - S cos
   u, b = 2 S cos(u/2); with c = cos(u/2), |b| = 2 |S| c,
       J > 0: a - |b| = e^(-2K) (e^(4K) - 3)^2 / 4 + 2 S (1 - c)(2 + c)
       J < 0: a - |b| = (e^(6K) + 3 e^(2K))/4 + 2 |S| (c - 1/2)^2
   and a + |b| with -c for c: sums of positive terms, zero at the critical
   points, e^(4K) = 3 and K = -infinity, only. Order for K > 0 (Potts 1952), x
   = e^(-4K):  m^8 = 1 - 16 x^3 / ((1 + 3 x)(1 - x)^3). */
#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <string.h>

#include "core/solver.h"

#define TRIANGULAR_KEYS(KEY)                                                 \
    KEY(real, beta, "0.27465307216702745", 0, 1e6, NULL, "1/energy", 0,      \
        "inverse temperature")                                               \
    KEY(real, J, "1.0", -1e6, 1e6, NULL, "energy", 0,                        \
        "coupling of nearest neighbours")
PARAM_STRUCT(triangular_keys, TRIANGULAR_KEYS);
#define PARAM_ROW_triangular_keys(...) PARAM_ROW(triangular_keys, __VA_ARGS__)
PARAM_TABLE(static, triangular_table, "triangular_ising", triangular_keys,
            TRIANGULAR_KEYS);

static const double pi = 0x1.921fb54442d18p1, ln2 = 0x1.62e42fefa39efp-1;

/* ---- the integrand ------------------------------------------------------- */

/* gap and 2 |S| by e^(6K) (J > 0) or e^(-2K) (J < 0): no overflow. */
struct modes { bool ferro; struct jet gap, twice; };

static struct jet plus(double v, struct jet a)
{
    a.v += v;
    return a;
}

/* k = |K| */
static struct modes modes_of(bool ferro, struct jet k)
{
    struct jet e4 = jet_exp(jet_scale(-4, k)), gap;
    struct jet twice = jet_scale(-1, jet_expm1(jet_scale(-4, k)));
    if (ferro) { /* (1 - 3 x)^2/4, x (1 - x) */
        struct jet root = plus(1, jet_scale(-3, e4));
        gap = jet_scale(0.25, jet_mul(root, root));
        twice = jet_mul(e4, twice);
    } else { /* (x^2 + 3 x)/4, 1 - x */
        gap = jet_scale(0.25, jet_mul(e4, plus(3, e4)));
    }
    return (struct modes){ferro, gap, twice};
}

/* ln((a + sqrt(a^2 - b^2))/2) at u = 2 t, sums over the pair t, c = cos t. */
static struct jet mode(const struct modes *m, double t)
{
    double c = cos(t), half = sin(t / 2), less, more;
    if (m->ferro) {
        less = 2 * half * half * (2 + c);
        more = (2 - c) * (1 + c);
    } else { /* c - 1/2 = -2 sin((t + pi/3)/2) sin((t - pi/3)/2) */
        double off = 2 * sin((t + pi / 3) / 2) * sin((t - pi / 3) / 2);
        less = off * off;
        more = (c + 0.5) * (c + 0.5);
    }
    struct jet low = jet_add(m->gap, jet_scale(less, m->twice));
    struct jet high = jet_add(m->gap, jet_scale(more, m->twice));
    struct jet root = jet_sqrt(jet_mul(low, high));
    struct jet a = jet_scale(0.5, jet_add(low, high));
    return jet_log(jet_scale(0.5, jet_add(a, root)));
}

/* With t = centre + width sinh s the integrand is smooth in s however near the
   place where a - |b| vanishes is. */
struct path { struct modes modes; double centre, width; int order; };

static double integrand(double s, void *with)
{
    const struct path *p = with;
    struct jet f = mode(&p->modes, p->centre + p->width * sinh(s));
    double step = p->width * cosh(s);
    return step * (p->order == 0 ? f.v : p->order == 1 ? f.d : f.dd);
}

static double integrate(struct path *p, int order, double *error)
{
    gsl_function f = {.function = integrand, .params = p};
    gsl_integration_cquad_workspace *space =
        gsl_integration_cquad_workspace_alloc(300);
    double from = -asinh(p->centre / p->width), sum = 0;
    double to = asinh((pi / 2 - p->centre) / p->width);
    p->order = order;
    gsl_integration_cquad(&f, from, to, 1e-16, 1e-13, space, &sum, error, 0);
    gsl_integration_cquad_workspace_free(space);
    return sum;
}

/* ln Z/N = ln 2 + (1/pi) int_0^(pi/2) mode dt, + 3K or -K by the factors taken
   out. Derivatives by k = |K|. */
static struct jet ln_z_of(bool ferro, double k, struct jet *error)
{
    struct path p = {.modes = modes_of(ferro, (struct jet){k, 1, 0}),
                     .centre = ferro ? 0 : pi / 3};
    p.width = sqrt(fmax(p.modes.gap.v, 1e-22));
    gsl_set_error_handler_off(); /* for good: threads share it */
    struct jet sum;
    sum.v = integrate(&p, 0, &error->v);
    sum.d = integrate(&p, 1, &error->d);
    sum.dd = integrate(&p, 2, &error->dd);
    *error = jet_scale(1 / pi, *error);
    sum = jet_scale(1 / pi, sum);
    sum.v += ln2 + (ferro ? 3 : 1) * k;
    sum.d += ferro ? 3 : 1;
    return sum;
}

/* ---- answers ------------------------------------------------------------- */

/* K at the transition, ln(3)/4, and (2/pi) int_0^(pi/3) ln(2 cos w) dw. */
static const double critical = 0x1.193ea7aad030bp-2,
                    wannier = 0x1.4ad1ccb709037p-2;

/* Beyond |K| = MOST all corrections are below 1e-30; so near the transition c
   is infinite to rounding. */
#define MOST 20.0
#define NEAR 1e-14

/* m^8 = (1 - 3 x)(1 + x)^3 / ((1 + 3 x)(1 - x)^3) without cancellation */
static double order_of(double k)
{
    double x = exp(-4 * k), ratio = (1 + x) / -expm1(-4 * k);
    double gap = -expm1(-4 * (k - critical));
    return k > critical + NEAR
               ? pow(gap / (1 + 3 * x) * ratio * ratio * ratio, 0.125) : 0;
}

static void add_results(struct solution *solution, double beta, double J,
                        struct jet f, struct jet e)
{
    double k = fabs(beta * J), s = f.v - k * f.d;
    if (k >= MOST)
        s = J < 0 ? wannier : 0;
    solution_add(solution, "ln_z_per_site", f.v, e.v, "1");
    solution_add(solution, "energy", f.d == 0 ? 0 : -fabs(J) * f.d,
                 fabs(J) * e.d, "energy");
    solution_add(solution, "specific_heat", k * k * f.dd, k * k * e.dd, "1");
    solution_add(solution, "entropy_per_site", s, e.v + k * e.d, "nats");
    if (beta > 0)
        solution_add(solution, "free_energy_per_site", -f.v / beta,
                     e.v / beta, "energy");
}

static void answer(double beta, double J, struct solution *solution)
{
    double k = beta * fabs(J);
    bool ferro = J >= 0, near = ferro && fabs(k - critical) < NEAR;
    struct jet error = {0, 0, 0}, f;
    solution->phase = !ferro ? "disordered" : near ? "critical"
                    : k > critical ? "ordered" : "disordered";
    if (k < MOST) {
        f = ln_z_of(ferro, k, &error);
    } else { /* ground states: energy and Wannier's entropy */
        f = (struct jet){(ferro ? 3 : 1) * k, ferro ? 3 : 1, 0};
        f.v += ferro ? 0 : wannier;
    }
    if (k == 0)
        f = (struct jet){ln2, 0, 3}, error = (struct jet){0, 0, 0};
    if (near) {
        f = (struct jet){f.v, 2, INFINITY};
        error.d = error.dd = 0;
    }
    add_results(solution, beta, J, f, error);
    solution_add(solution, "magnetization", ferro ? order_of(k) : 0, 0, "1");
    if (J > 0)
        solution_add(solution, "beta_c", critical / J, 0, "1/energy");
    if (J > 0)
        solution_add(solution, "temperature_c", J / critical, 0, "energy");
    if (J < 0)
        solution_add(solution, "residual_entropy", wannier, 0,
                     "nats/site");
}

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    (void)err;
    answer(section_real(keys, "beta", 0), section_real(keys, "J", 1),
           solution);
}

const struct solver solver_triangular_ising = {
    .name = "triangular_ising",
    .family = FAMILY_EXACT,
    .summary = "Ising model on the infinite triangular lattice in zero field, "
               "ferromagnet or antiferromagnet, exact",
    .source = "Wannier 1950, Phys. Rev. 79, 357 and 1973, Phys. Rev. B 7, "
              "5017 (erratum); Houtappel 1950, Physica 16, 425; Potts 1952, "
              "Phys. Rev. 88, 352",
    .holds = "the infinite triangular lattice in zero field; exact up to "
             "quadrature",
    .keys = &triangular_table,
    .solve = solve};
