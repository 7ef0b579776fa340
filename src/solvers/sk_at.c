/* The de Almeida-Thouless line of the Sherrington-Kirkpatrick model: the
   temperature below which replica symmetry is broken in the field h,
     T^2 = <sech^4 w>, q = <tanh^2 w>, w = (h + sqrt q z)/T.
   At h = 0 it is 1, near it T = 1 - q with q = (3/4)^(1/3) h^(2/3), up to
   h^(4/3). At large h it falls as 4/(3 sqrt(2 pi)) e^(-h^2/2) (1 + O(T)), down
   to 1e-196 at the largest h taken, and 1 - q is of order T^2. */
#include <float.h>
#include <string.h>

#include "core/solver.h"
#include "stat/root.h"
#include "stat/tanh_average.h"

#define SK_AT_KEYS(KEY)                                                      \
    KEY(real, h, "0.1", -30, 30, NULL, "energy", 0, "uniform field")
PARAM_STRUCT(sk_at_keys, SK_AT_KEYS);
#define PARAM_ROW_sk_at_keys(...) PARAM_ROW(sk_at_keys, __VA_ARGS__)
PARAM_TABLE(static, sk_at_table, "sk_at", sk_at_keys, SK_AT_KEYS);

struct point { double T, h; };

static double overlap_misfit(double q, void *with)
{
    const struct point *p = with;
    return tanh_average(p->h / p->T, sqrt(q) / p->T).tanh2 - q;
}

/* q at h > 0 */
static double overlap(double T, double h)
{
    struct point p = {T, h};
    return root_between(overlap_misfit, &p, 0, 1).x;
}

/* The replicon times T^2 / T^2, by ln T. */
static double stability(double ln_T, void *with)
{
    double h = *(double *)with, T = exp(ln_T), q = overlap(T, h);
    return 1 - tanh_average(h / T, sqrt(q) / T).sech4 / (T * T);
}

/* ---- small fields ------------------------------------------------------

   By e = 1 - T^2, where the equations above are differences of nearly the
   same: with <w^2> = (h^2 + q)/T^2 they are
     (q e + h^2) / (1 - e) = <w^2 - tanh^2 w>, e = <tanh^2 w (2 - tanh^2 w)>. */

struct small { double h, e, q; };
struct moments { double rest, loss; };

/* w - tanh w, good in its last digits at small w: Taylor's series there. */
static double tanh_lacks(double w)
{
    static const double c[] = {
        -929569.0 / 638512875, 21844.0 / 6081075, -1382.0 / 155925,
        62.0 / 2835, -17.0 / 315, 2.0 / 15, -1.0 / 3};
    double sum = 6404582.0 / 10854718875, w2 = w * w;
    if (fabs(w) > 0.2)
        return w - tanh(w);
    for (int i = 0; i < 7; i++)
        sum = sum * w2 + c[i];
    return -w * w2 * sum;
}

/* <w^2 - tanh^2 w> and <tanh^2 w (2 - tanh^2 w)>; see stat/tanh_average.c */
static struct moments moments_of(double a, double b)
{
    const double step = 0.4375, root_2pi = 0x1.40d931ff62705p1;
    struct moments sum = {0, 0};
    for (int i = -20; i <= 20; i++) {
        double z = i * step, w = a + b * z, t = tanh(w);
        double weight = step / root_2pi * exp(-z * z / 2);
        sum.rest += weight * tanh_lacks(w) * (w + t);
        sum.loss += weight * t * t * (2 - t * t);
    }
    return sum;
}

static struct moments small_moments(const struct small *s, double q)
{
    double T2 = 1 - s->e;
    return moments_of(s->h / sqrt(T2), sqrt(q / T2));
}

static double small_misfit(double q, void *with)
{
    const struct small *s = with;
    return (q * s->e + s->h * s->h) / (1 - s->e) -
           small_moments(s, q).rest;
}

static double small_stability(double e, void *with)
{
    struct small *s = with;
    s->e = e;
    s->q = root_between(small_misfit, s, 0, 3 * pow(s->h, 2.0 / 3)).x;
    return small_moments(s, s->q).loss - e;
}

/* ---- the line ---------------------------------------------------------- */

struct line {
    double T, error, q, q_error;
    bool found;
};

static struct line line_small(double h, double first)
{
    struct small s = {h, 0, 0};
    struct root e = root_between(small_stability, &s, first / 2, 4 * first);
    if (!e.found)
        return (struct line){.found = false};
    small_stability(e.x, &s);
    return (struct line){sqrt(1 - e.x), 1e-14, s.q, 1e-14, true};
}

/* At h >= 0; limits where they are as good as numbers. */
static struct line line(double h)
{
    const double first = 0x1.d12ed0af1a27fp-1 * pow(h, 2.0 / 3);
    if (h < 1e-12) {
        double error = h > 0 ? first * first + DBL_EPSILON : 0;
        return (struct line){1 - first, error, first, error, true};
    }
    if (h < 1e-3)
        return line_small(h, first);
    if (h > 10) {
        double T = 0x1.1058377e2cee1p-1 * exp(-h * h / 2);
        return (struct line){T, T * (1 + h * h / 2) * 2 * DBL_EPSILON, 1,
                             DBL_EPSILON, true};
    }
    /* Above T = e^(-h^2/2) / 2 at any h, below 1. */
    struct root ln_T = root_between(stability, &h, -h * h / 2 - 0.9, 0);
    if (!ln_T.found)
        return (struct line){.found = false};
    double T = exp(ln_T.x);
    return (struct line){T, T * (ln_T.width + 1e-14), overlap(T, h), 1e-14,
                         true};
}

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    struct line at = line(fabs(section_real(keys, "h", 0)));
    (void)err;
    if (!at.found) {
        solution_warn(solution, "T^2 = <sech^4 w> was not solved");
        return;
    }
    solution_add(solution, "temperature_at", at.T, at.error, "energy");
    solution_add(solution, "q", at.q, at.q_error, "1");
}

static double transition(const struct system *system, const double *lambda)
{
    (void)lambda;
    if (strcmp(system->model->name, "sk"))
        return NAN;
    double h = fabs(section_real(system->keys, "h", 0));
    struct line at = h <= 30 ? line(h) : (struct line){.found = false};
    return at.found ? 1 / at.T : NAN;
}

static const struct guide guides[] = {
    {.of = "beta", .at = transition,
     .says = "spin glass below, N infinite (de Almeida, Thouless 1978)"},
    {.of = NULL}};

const struct solver solver_sk_at = {
    .name = "sk_at",
    .family = FAMILY_REPLICA,
    .summary = "Sherrington-Kirkpatrick model: de Almeida-Thouless line",
    .source = "de Almeida and Thouless 1978, J. Phys. A 11, 983: T^2 = "
              "<sech^4((sqrt q z + h)/T)>",
    .holds = "infinitely many spins, fields to 30; exact",
    .keys = &sk_at_table,
    .solve = solve,
    .guides = guides};
