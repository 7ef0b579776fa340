/* The Curie-Weiss model, H = -(1/2N) M^2 - h M with M = sum_i s_i (so each
   spin's own term -1/2N counts), exactly.

   Finite N: Z = sum_M N! / (N+! N-!) e^(beta M^2 / 2N + beta h M). The terms of
   M and -M are taken together; over M >= 0 they rise to one maximum and fall,
   because their slope, beta m + beta |h| - artanh m, is concave. Each term is
   the one before times a ratio, from the maximum outwards to 1e-20 of it; the
   maximum itself by Stirling's series. No logarithm of N! is ever subtracted
   from another, so N = 1e7 costs no digits.

   N = 0 stands for the limit: m = tanh(beta (m + h)), ln Z / N =
   ln 2 cosh(beta (m + h)) - beta m^2 / 2 (Weiss 1907; Baxter 1982, sec. 3); the
   state against a small field, too. */
#include <gsl/gsl_sf_gamma.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/solver.h"
#include "stat/root.h"

#define CURIE_WEISS_KEYS(KEY)                                                \
    KEY(integer, N, "1000", 0, 1e7, NULL, "sites", 0,                        \
        "spins; 0: the limit of infinitely many")                            \
    KEY(real, beta, "1.0", 0, 1e6, NULL, "1/energy", 0,                      \
        "inverse temperature")                                               \
    KEY(real, h, "0.0", -1e6, 1e6, NULL, "energy", 0, "uniform field")
PARAM_STRUCT(curie_weiss_keys, CURIE_WEISS_KEYS);
#define PARAM_ROW_curie_weiss_keys(...) PARAM_ROW(curie_weiss_keys, __VA_ARGS__)
PARAM_TABLE(static, curie_weiss_table, "curie_weiss", curie_weiss_keys,
            CURIE_WEISS_KEYS);

static const double pi = 0x1.921fb54442d18p1, ln2 = 0x1.62e42fefa39efp-1;

/* ---- finite N ---------------------------------------------------------- */

/* The spins' law by |M| = first, first + 2, ...: probabilities of M and -M
   (M = 0: in `up` alone). */
struct law {
    int64_t n, first;
    int count;
    double *up, *down;
    double ln_z;
};

/* ln n! - (n + 1/2) ln n + n - ln(2 pi)/2 */
static double stirling_rest(double n)
{
    return n < 1 ? 0 : log(gsl_sf_gammastar(n));
}

/* ln of N! / (k! (N - k)!) */
static double ln_binomial(double n, double k)
{
    double l = n - k;
    if (k == 0 || l == 0)
        return 0;
    return -k * log(k / n) - l * log(l / n) +
           0.5 * log(n / (2 * pi * k * l)) + stirling_rest(n) -
           stirling_rest(k) - stirling_rest(l);
}

/* Weight of M + 2 by that of M, field >= 0. */
static double ratio_up(double n, double m, double beta, double field)
{
    return (n - m) / (n + m + 2) *
           exp(2 * beta * ((m + 1) / n + field));
}

/* The largest term: the last M whose predecessor was smaller. */
static int64_t top_term(int64_t n, double beta, double field)
{
    int64_t least = n % 2, low = 0, high = (n - least) / 2;
    while (low < high) {
        int64_t middle = (low + high) / 2;
        double m = (double)(least + 2 * middle);
        if (ratio_up((double)n, m, beta, field) >= 1)
            low = middle + 1;
        else
            high = middle;
    }
    return least + 2 * low;
}

static void law_add(struct law *law, int64_t m, double weight, double back)
{
    int i = (int)((m - law->first) / 2);
    law->up[i] = weight;
    law->down[i] = m == 0 ? 0 : weight * back;
}

/* Where the terms, relative to that of `top`, fall below 1e-20. */
static int64_t edge(int64_t n, double beta, double field, int64_t top,
                    int step)
{
    double weight = 1;
    int64_t m = top;
    while (weight > 1e-20 && m + step >= 0 && m + step <= n) {
        weight *= step > 0
                      ? ratio_up((double)n, (double)m, beta, field)
                      : 1 / ratio_up((double)n, (double)(m - 2), beta, field);
        m += step;
    }
    return m;
}

static void law_fill(struct law *law, double beta, double field,
                     int64_t top, int step)
{
    double n = (double)law->n, weight = 1;
    int64_t last = law->first + 2 * (int64_t)(law->count - 1);
    for (int64_t m = top; m >= law->first && m <= last; m += step) {
        law_add(law, m, weight, exp(-2 * beta * field * (double)m));
        weight *= step > 0
                      ? ratio_up(n, (double)m, beta, field)
                      : 1 / ratio_up(n, (double)(m - 2), beta, field);
    }
}

static struct law law_new(int64_t n, double beta, double field)
{
    int64_t top = top_term(n, beta, field);
    struct law law = {.n = n, .first = edge(n, beta, field, top, -2)};
    double sum = 0, most = (double)top, sites = (double)n;
    law.count = (int)((edge(n, beta, field, top, 2) - law.first) / 2) + 1;
    law.up = mem_new((size_t)law.count, sizeof *law.up);
    law.down = mem_new((size_t)law.count, sizeof *law.down);
    law_fill(&law, beta, field, top, 2);
    law_fill(&law, beta, field, top, -2);
    for (int i = 0; i < law.count; i++)
        sum += law.up[i] + law.down[i];
    for (int i = 0; i < law.count; i++) {
        law.up[i] /= sum;
        law.down[i] /= sum;
    }
    law.ln_z = log(sum) + ln_binomial(sites, (sites + most) / 2) +
               beta * (most * most / (2 * sites) + field * most);
    return law;
}

static void law_release(struct law *law)
{
    free(law->up);
    free(law->down);
}

/* Averages per site; M counted towards the field. */
struct averages { double m, abs_m, m2, m4, u, var_m, var_abs_m, var_u; };

static double energy_of(double n, double field, double m)
{
    return -m * m / (2 * n) - field * m;
}

static struct averages averages_of(const struct law *law, double field)
{
    double n = (double)law->n;
    struct averages a = {0};
    for (int i = 0; i < law->count; i++) {
        double up = law->up[i], down = law->down[i], both = up + down;
        double M = (double)(law->first + 2 * (int64_t)i), m = M / n;
        a.m += (up - down) * m;
        a.abs_m += both * m;
        a.m2 += both * m * m;
        a.m4 += both * m * m * m * m;
        a.u += (up * energy_of(n, field, M) +
                down * energy_of(n, field, -M)) / n;
    }
    for (int i = 0; i < law->count; i++) {
        double up = law->up[i], down = law->down[i];
        double M = (double)(law->first + 2 * (int64_t)i), m = M / n;
        double off = energy_of(n, field, M) / n - a.u;
        double back = energy_of(n, field, -M) / n - a.u;
        a.var_m += up * (m - a.m) * (m - a.m) + down * (m + a.m) * (m + a.m);
        a.var_abs_m += (up + down) * (m - a.abs_m) * (m - a.abs_m);
        a.var_u += up * off * off + down * back * back;
    }
    return a;
}

static void sum_over_m(int64_t sites, double beta, double h,
                   struct solution *solution)
{
    /* M is counted to the side where it is likelier: beta field >= 0 */
    double n = (double)sites, field = beta < 0 ? -fabs(h) : fabs(h);
    struct law law = law_new(sites, beta, field);
    struct averages a = averages_of(&law, field);
    struct jet ln_z = {law.ln_z, -n * a.u, n * n * a.var_u};
    if (beta == 0) /* the limit, without rounding */
        ln_z.v = n * ln2;
    double m = h == 0 || beta == 0 ? 0 : copysign(a.m, beta * h);
    solution_thermal(solution, n, beta, ln_z);
    solution_add(solution, "magnetization", m, 0, "1");
    solution_add(solution, "abs_magnetization", a.abs_m, 0, "1");
    solution_add(solution, "magnetization_2", a.m2, 0, "1");
    solution_add(solution, "magnetization_4", a.m4, 0, "1");
    solution_add(solution, "susceptibility", beta * n * a.var_m, 0,
                 "1/energy");
    solution_add(solution, "susceptibility_abs", beta * n * a.var_abs_m, 0,
                 "1/energy");
    solution_add(solution, "binder", 1 - a.m4 / (3 * a.m2 * a.m2), 0, "1");
    solution_add(solution, "ln_z_per_site", ln_z.v / n, 0, "1");
    law_release(&law);
}

/* ---- infinite N -------------------------------------------------------- */

struct mean_field { double beta, h; };

/* beta (tanh y + h) - y: zero at y = beta (m + h). */
static double self_consistent(double y, void *with)
{
    const struct mean_field *f = with;
    return f->beta * tanh(y) + f->beta * f->h - y;
}

/* y = beta (m + h) of the stable state, h >= 0. */
static struct root effective_field(double beta, double h)
{
    struct mean_field f = {beta, h};
    double high = beta * (1 + h), low = beta * h;
    if (h == 0 && beta <= 1)
        return (struct root){0, 0, true};
    if (h == 0) /* below y = sqrt(3 (1 - 1/beta)), where tanh y > y/beta */
        low = 0.5 * fmin(1, sqrt(3 * (1 - 1 / beta)));
    return root_between(self_consistent, &f, low, high);
}

static void add_limit(double beta, double h, double y, double error,
                         struct solution *solution)
{
    double m = tanh(y), sech = 1 / cosh(y), less = sech * sech;
    double e = exp(-2 * y), u = -m * m / 2 - h * m;
    double s = log1p(e) + 2 * y * e / (1 + e);
    double left = 1 - beta * less, slope = less / left, root = less * error;
    double heat = beta * beta * (m + h) * (m + h) * slope;
    /* relative, of the slope: near the transition little is left */
    double loose = left > 0 && y > 0
                       ? (2 * beta * less * m * error + 2e-16) / left : 0;
    solution_add(solution, "ln_z_per_site", s - beta * u, 0, "1");
    solution_add(solution, "energy", u, (m + h) * root, "energy");
    solution_add(solution, "specific_heat",
                 m + h == 0 ? 0 : heat, m + h == 0 ? 0 : loose * heat, "1");
    solution_add(solution, "entropy_per_site", s, y * root, "nats");
    if (beta != 0)
        solution_add(solution, "free_energy_per_site", u - s / beta, 0,
                     "energy");
    solution_add(solution, "abs_magnetization", m, root, "1");
    solution_add(solution, "magnetization_2", m * m, 2 * m * root, "1");
    solution_add(solution, "magnetization_4", m * m * m * m,
                 4 * m * m * m * root, "1");
    solution_add(solution, "susceptibility",
                 left == 0 ? INFINITY : beta * slope,
                 left == 0 ? 0 : loose * beta * slope, "1/energy");
}

/* The state against a field below the spinodal's, where 1 = beta (1 - m^2) and
   it ends; solved with all signs turned. */
static void add_other(double beta, double h, struct solution *solution)
{
    double m_s = sqrt(1 - 1 / beta), y_s = atanh(m_s), edge = m_s - y_s / beta;
    struct mean_field f = {beta, -fabs(h)};
    solution_add(solution, "spinodal_field", edge, 2e-16, "energy");
    if (!(fabs(h) < edge))
        return;
    struct root y = root_between(self_consistent, &f, y_s,
                                 beta * (1 - fabs(h)));
    if (!y.found) {
        solution_warn(solution, "the state against the field was not solved");
        return;
    }
    double m = tanh(y.x), e = exp(-2 * y.x), width = y.width * (1 - m * m);
    double u = -m * m / 2 + fabs(h) * m;
    double s = log1p(e) + 2 * y.x * e / (1 + e);
    solution->phase = "along the field; the state against it, other_, is "
                      "metastable";
    solution_add(solution, "other_magnetization", -copysign(m, h), width,
                 "1");
    solution_add(solution, "other_energy", u, fabs(m - fabs(h)) * width,
                 "energy");
    solution_add(solution, "other_free_energy_per_site", u - s / beta, 1e-15,
                 "energy");
    solution_add(solution, "other_entropy_per_site", s, y.x * width, "nats");
    solution_add(solution, "other_ln_z_per_site", s - beta * u, 1e-15 * beta,
                 "1");
}

static void limit(double beta, double h, struct solution *solution)
{
    struct root y = effective_field(beta, fabs(h));
    double m = copysign(tanh(y.x), h);
    if (!y.found) {
        solution_warn(solution, "m = tanh(beta (m + h)) was not solved");
        return;
    }
    add_limit(beta, fabs(h), y.x, y.width, solution);
    solution_add(solution, "magnetization", m,
                 y.width / cosh(y.x) / cosh(y.x), "1");
    solution->phase = h != 0 ? "in a field" : beta > 1 ? "ferromagnet"
                    : beta == 1 ? "critical" : "paramagnet";
    if (h != 0 && beta > 1)
        add_other(beta, h, solution);
}

/* ---- doors ------------------------------------------------------------- */

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    int64_t n = section_integer(keys, "N", 0);
    double beta = section_real(keys, "beta", 0), h = section_real(keys, "h", 0);
    (void)err;
    if (n == 0)
        limit(beta, h, solution);
    else
        sum_over_m(n, beta, h, solution);
}

static const char *refuses(const struct system *system, int points)
{
    (void)points;
    if (strcmp(system->model->name, "curie_weiss"))
        return "curie_weiss knows the Curie-Weiss model only";
    if (solver_coupling(system, "J", 1) != 1)
        return "curie_weiss knows coupling 1 only";
    if (system->sites > 10000000)
        return "curie_weiss takes at most 1e7 spins";
    return NULL;
}

static void overlay(const struct solver_task *task)
{
    double h = solver_coupling(task->system, "h", 0);
    for (int i = 0; i < task->points; i++)
        sum_over_m(task->system->sites, task->lambda[i], h, &task->solution[i]);
}

const struct solver solver_curie_weiss = {
    .name = "curie_weiss",
    .family = FAMILY_EXACT,
    .summary = "Curie-Weiss model in a field, any N and infinite, exact",
    .source = "Weiss 1907, J. Phys. Theor. Appl. 6, 661: m = tanh(beta (m + "
              "h)); finite N: the sum over M",
    .holds = "any N from 1 and, at N = 0, the limit, beta >= 0, any "
             "field; finite sums exact; the model includes each spin's "
             "own term -1/2N",
    .keys = &curie_weiss_table,
    .solve = solve,
    .refuses = refuses,
    .overlay = overlay};
