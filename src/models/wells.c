/* Landscapes whose integrals are known, in d dimensions: checks of every
   dynamics of real numbers.

       double_well     u = sum_i (x_i^2 - 1)^2
       two_quadratic   u = min over the two of depth_k + curvature_k/2
                           |x - c_k|^2, c = (-1, 0, ...), (1, 0, ...)
       mueller_brown   the surface of Theor. Chim. Acta 53, 75 (1979), times
                       `height`; d = 2
       mixture         u = -ln sum_k exp(-u_k), u_k of two_quadratic: two
                       normal distributions
       rosenbrock      u = sum_i [100 (x_{i+1} - x_i^2)^2 + (1 - x_i)^2] / 20
       power           u = sum_i |x_i|^power
       product         u = prod_i x_i^2

   The box of prior "box" is part of the system: integrals go over it. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "core/weights.h"
#include "systems/singular.h"

#define WELLS_KEYS(KEY)                                                      \
    KEY(text, kind, "double_well", 0, 0,                                     \
        "double_well|two_quadratic|mueller_brown|mixture|rosenbrock|power|"  \
        "product", "", 0, "which landscape")                                 \
    KEY(integer, dim, "1", 1, 1e6, NULL, "", 0, "dimensions")                \
    KEY(reals, depth, "[0.0, 0.2]", -1e6, 1e6, NULL, "energy", 0,            \
        "of the two wells: u at their bottoms")                              \
    KEY(reals, curvature, "[100.0, 4.0]", 1e-9, 1e9, NULL, "energy", 0,      \
        "of the two wells: u'' at their bottoms")                            \
    KEY(real, height, "0.05", 1e-9, 1e9, NULL, "", 0,                        \
        "factor of mueller_brown")                                           \
    KEY(integer, power, "4", 2, 64, NULL, "", 0,                             \
        "exponent of |x_i| in power")                                        \
    WEIGHTS_KEYS(KEY, "box", "5.0")
PARAM_STRUCT(wells_keys, WELLS_KEYS);
#define PARAM_ROW_wells_keys(...) PARAM_ROW(wells_keys, __VA_ARGS__)
PARAM_TABLE(static, wells_table, "model", wells_keys, WELLS_KEYS);

struct wells {
    struct weights weights; /* first */
    double depth[2], curvature[2], height;
    int power;
};

static const struct wells *wells(const struct system *system)
{
    return system->own;
}

/* ---- landscapes: u of x[d], its gradient unless NULL --------------------- */

static double double_well(const struct wells *own, int64_t d, const double *x,
                          double *gradient)
{
    double u = 0;
    (void)own;
    for (int64_t i = 0; i < d; i++) {
        double a = x[i] * x[i] - 1;
        u += a * a;
        if (gradient)
            gradient[i] = 4 * a * x[i];
    }
    return u;
}

/* u_k of both wells, and (x - c_k)_i for i = 0. */
static void two_of(const struct wells *own, int64_t d, const double *x,
                   double u[2])
{
    double rest = 0;
    for (int64_t i = 1; i < d; i++)
        rest += x[i] * x[i];
    for (int k = 0; k < 2; k++) {
        double a = x[0] + (k ? -1 : 1);
        u[k] = own->depth[k] + 0.5 * own->curvature[k] * (a * a + rest);
    }
}

/* gradient = sum_k share_k grad u_k */
static void two_slope(const struct wells *own, int64_t d, const double *x,
                      const double share[2], double *gradient)
{
    double left = share[0] * own->curvature[0];
    double right = share[1] * own->curvature[1];
    for (int64_t i = 0; i < d; i++)
        gradient[i] = (left + right) * x[i] + (i ? 0 : left - right);
}

static double two_quadratic(const struct wells *own, int64_t d,
                            const double *x, double *gradient)
{
    double u[2];
    two_of(own, d, x, u);
    double share[2] = {u[0] <= u[1], u[0] > u[1]};
    if (gradient)
        two_slope(own, d, x, share, gradient);
    return fmin(u[0], u[1]);
}

static double mixture(const struct wells *own, int64_t d, const double *x,
                      double *gradient)
{
    double u[2], share[2];
    two_of(own, d, x, u);
    double least = fmin(u[0], u[1]);
    double sum = exp(least - u[0]) + exp(least - u[1]);
    for (int k = 0; k < 2; k++)
        share[k] = exp(least - u[k]) / sum;
    if (gradient)
        two_slope(own, d, x, share, gradient);
    return least - log(sum);
}

static const struct { double A, a, b, c, X, Y; } hill[] = {
    {-200, -1, 0, -10, 1, 0}, {-100, -1, 0, -10, 0, 0.5},
    {-170, -6.5, 11, -6.5, -0.5, 1.5}, {15, 0.7, 0.6, 0.7, -1, 1}};
enum { HILLS = sizeof hill / sizeof *hill };

static double mueller_brown(const struct wells *own, int64_t d,
                            const double *x, double *gradient)
{
    double u = 0, slope[2] = {0, 0};
    (void)d;
    for (int k = 0; k < HILLS; k++) {
        double p = x[0] - hill[k].X, q = x[1] - hill[k].Y;
        double a = hill[k].a, b = hill[k].b, c = hill[k].c;
        double e = own->height * hill[k].A *
                   exp(a * p * p + b * p * q + c * q * q);
        u += e;
        slope[0] += e * (2 * a * p + b * q);
        slope[1] += e * (b * p + 2 * c * q);
    }
    if (gradient)
        memcpy(gradient, slope, sizeof slope);
    return u;
}

static double rosenbrock(const struct wells *own, int64_t d, const double *x,
                         double *gradient)
{
    double u = 0;
    (void)own;
    for (int64_t i = 0; i < d && gradient; i++)
        gradient[i] = 0;
    for (int64_t i = 0; i + 1 < d; i++) {
        double a = x[i + 1] - x[i] * x[i], b = 1 - x[i];
        u += (100 * a * a + b * b) / 20;
        if (gradient) {
            gradient[i] -= (400 * a * x[i] + 2 * b) / 20;
            gradient[i + 1] += 10 * a;
        }
    }
    return u;
}

static double power(const struct wells *own, int64_t d, const double *x,
                    double *gradient)
{
    return singular_power(own->power, d, x, gradient);
}

static double product(const struct wells *own, int64_t d, const double *x,
                      double *gradient)
{
    (void)own;
    return singular_product(d, x, gradient);
}

/* ---- their second derivatives times v ------------------------------------ */

static void double_well_2(const struct wells *own, int64_t d, const double *x,
                          const double *v, double *out)
{
    (void)own;
    for (int64_t i = 0; i < d; i++)
        out[i] = (12 * x[i] * x[i] - 4) * v[i];
}

static void two_quadratic_2(const struct wells *own, int64_t d,
                            const double *x, const double *v, double *out)
{
    double u[2];
    two_of(own, d, x, u);
    for (int64_t i = 0; i < d; i++)
        out[i] = own->curvature[u[0] > u[1]] * v[i];
}

/* sum_k share_k H_k - share_1 share_2 g g', g = grad (u_1 - u_2) */
static void mixture_2(const struct wells *own, int64_t d, const double *x,
                      const double *v, double *out)
{
    const double *c = own->curvature;
    double u[2], along = 0;
    two_of(own, d, x, u);
    double left = 1 / (1 + exp(u[0] - u[1])), right = 1 - left;
    for (int64_t i = 0; i < d; i++)
        along += ((c[0] - c[1]) * x[i] + (i ? 0 : c[0] + c[1])) * v[i];
    for (int64_t i = 0; i < d; i++)
        out[i] = (left * c[0] + right * c[1]) * v[i] -
                 left * right * along *
                     ((c[0] - c[1]) * x[i] + (i ? 0 : c[0] + c[1]));
}

static void mueller_brown_2(const struct wells *own, int64_t d,
                            const double *x, const double *v, double *out)
{
    double h[3] = {0};
    (void)d;
    for (int k = 0; k < HILLS; k++) {
        double p = x[0] - hill[k].X, q = x[1] - hill[k].Y;
        double a = hill[k].a, b = hill[k].b, c = hill[k].c;
        double e = own->height * hill[k].A *
                   exp(a * p * p + b * p * q + c * q * q);
        double s = 2 * a * p + b * q, t = b * p + 2 * c * q;
        h[0] += e * (s * s + 2 * a);
        h[1] += e * (s * t + b);
        h[2] += e * (t * t + 2 * c);
    }
    out[0] = h[0] * v[0] + h[1] * v[1];
    out[1] = h[1] * v[0] + h[2] * v[1];
}

static void rosenbrock_2(const struct wells *own, int64_t d, const double *x,
                         const double *v, double *out)
{
    (void)own;
    for (int64_t i = 0; i < d; i++)
        out[i] = 0;
    for (int64_t i = 0; i + 1 < d; i++) {
        double a = x[i + 1] - x[i] * x[i];
        out[i] += (800 * x[i] * x[i] - 400 * a + 2) / 20 * v[i] -
                  20 * x[i] * v[i + 1];
        out[i + 1] += 10 * v[i + 1] - 20 * x[i] * v[i];
    }
}

static void power_2(const struct wells *own, int64_t d, const double *x,
                    const double *v, double *out)
{
    singular_power_hessian(own->power, d, x, v, out);
}

static void product_2(const struct wells *own, int64_t d, const double *x,
                      const double *v, double *out)
{
    (void)own;
    singular_product_hessian(d, x, v, out);
}

static const struct landscape {
    const char *kind;
    int least, most; /* dimensions */
    double (*u)(const struct wells *, int64_t d, const double *x,
                double *gradient);
    void (*hessian)(const struct wells *, int64_t d, const double *x,
                    const double *v, double *out);
} landscapes[] = {
    {"double_well", 1, 1000000, double_well, double_well_2},
    {"two_quadratic", 1, 1000000, two_quadratic, two_quadratic_2},
    {"mueller_brown", 2, 2, mueller_brown, mueller_brown_2},
    {"mixture", 1, 1000000, mixture, mixture_2},
    {"rosenbrock", 2, 1000000, rosenbrock, rosenbrock_2},
    {"power", 1, 1000000, power, power_2},
    {"product", 2, 1000, product, product_2}};

static const struct landscape *landscape(const struct section *keys)
{
    const char *kind = section_text(keys, "kind", "double_well");
    const struct landscape *row = landscapes;
    while (strcmp(row->kind, kind))
        row++;
    return row;
}

static double loss(const struct system *system, const struct grad_at *at,
                   double *gradient)
{
    return landscape(system->keys)->u(wells(system), system->sites, at->x,
                                      gradient);
}

static void hessian(const struct system *system, const struct grad_at *at,
                    const double *v, double *out)
{
    landscape(system->keys)->hessian(wells(system), system->sites, at->x, v,
                                     out);
}

/* ---- the system --------------------------------------------------------- */

static void check(const struct section *keys, struct err *err)
{
    const struct landscape *row = landscape(keys);
    int64_t d = section_integer(keys, "dim", 1);
    if (d < row->least || d > row->most)
        err_add(err, EXIT_INPUT, section_where(keys, "dim"),
                "model.dim: %lld; %s has %s dimensions", (long long)d,
                row->kind, row->most == 2 ? "two"
                           : row->most == 1000 ? "2 to 1000" : "two or more");
    for (int i = 0; i < 2; i++) {
        const char *key = i ? "curvature" : "depth";
        int count = section_reals(keys, key)->count;
        if (count != 2)
            err_add(err, EXIT_INPUT, section_where(keys, key),
                    "model.%s: %d numbers for two wells", key, count);
    }
    weights_check(keys, "origin|random", err);
}

static void build(struct system *system)
{
    struct wells *own = mem_new(1, sizeof *own);
    const struct section *keys = system->keys;
    for (int k = 0; k < 2; k++) {
        own->depth[k] = section_reals(keys, "depth")->at[k];
        own->curvature[k] = section_reals(keys, "curvature")->at[k];
    }
    own->height = section_real(keys, "height", 0.05);
    own->weights.loss = loss;
    own->weights.hessian = hessian;
    own->power = (int)section_integer(keys, "power", 4);
    own->weights.separable = landscape(keys)->u == double_well ||
                             landscape(keys)->u == power;
    weights_build(system, &own->weights, section_integer(keys, "dim", 1),
                  NULL);
}

/* ---- observables -------------------------------------------------------- */

static void position(const struct system *system, int sample,
                     const void *state, double *out)
{
    (void)system;
    (void)sample;
    *out = ((const double *)state)[0];
}

/* Which of two wells: where one is the lower of the two_quadratic, else the
   sign of x_1. */
static void right(const struct system *system, int sample, const void *state,
                  double *out)
{
    const double *x = state;
    double u[2];
    (void)sample;
    two_of(wells(system), system->sites, x, u);
    bool two = landscape(system->keys)->u == two_quadratic;
    *out = two ? u[1] < u[0] : x[0] > 0;
}

static const struct observable observables[] = {
    WEIGHTS_OBSERVABLES,
    {.name = "position", .unit = "1", .of_state = position, .even = true,
     .definition = "x_1"},
    {.name = "right", .unit = "1", .of_state = right, .even = true,
     .definition = "1 in the right-hand well, else 0: where it is the lower "
                   "of two_quadratic, else where x_1 > 0"},
    {.name = NULL}};

static const struct derived derived[] = {WEIGHTS_DERIVED, {.name = NULL}};

const struct model model_wells = {
    .name = "wells",
    .summary = "landscapes with known integrals: double well, two quadratic "
               "wells, Mueller-Brown, normal mixture, Rosenbrock, singular "
               "minima",
    .source = "Kramers, Physica 7, 284 (1940); Mueller, Brown, Theor. Chim. "
              "Acta 53, 75 (1979)",
    .keys = &wells_table,
    WEIGHTS_MODEL,
    .u_definition = "the landscape + l2/2 |x|^2",
    .check = check,
    .build = build,
    .release = weights_release,
    .observables = observables,
    .derived = derived};
