/* Derrida's random energy model, 2^N levels independent and normal with mean 0
   and variance N/2: averages over the disorder, at finite N by integrals.

   e^Y with Y = ln X - ln Z, X exponential, has P(Y > x) = [exp(-e^x Z)] =
   (1 - p)^(2^N), p(x) = <1 - exp(-e^(x + b z))>, b = beta sqrt(N/2), z normal
   (Derrida 1981, appendix). Hence [ln Z] = -gamma - <Y> and the variance of
   ln Z is that of Y less pi^2/6. The mean of a variable is the integral over
   x of P(Y > x) less that of a Gumbel law nearby. The lowest level is the
   same with p = P(level < x). Both integrals by the trapezoidal rule, which
   converges exponentially; the answer at half the step gives the error. p
   carries its derivatives with respect to b, so [u] and [c] are exact.

   N = 0 stands for the limit: beta_c = 2 sqrt(ln 2), ln Z / N = ln 2 +
   beta^2/4 above T_c, beta sqrt(ln 2) below (Derrida 1981, eq. for F). */
#include <stdio.h>
#include <string.h>

#include "core/solver.h"
#include "stat/root.h"

#define REM_KEYS(KEY)                                                        \
    KEY(integer, N, "16", 0, 900, NULL, "sites", 0,                          \
        "2^N levels; 0: the limit of infinite N")                            \
    KEY(real, beta, "1.0", 0, 1e6, NULL, "1/energy", 0,                      \
        "inverse temperature")
PARAM_STRUCT(rem_keys, REM_KEYS);
#define PARAM_ROW_rem_keys(...) PARAM_ROW(rem_keys, __VA_ARGS__)
PARAM_TABLE(static, rem_table, "rem", rem_keys, REM_KEYS);

static const double ln2 = 0x1.62e42fefa39efp-1, gamma_e = 0x1.2788cfc6fb619p-1,
                    zeta_2 = 0x1.a51a6625307d3p0, pi = 0x1.921fb54442d18p1;

/* ---- p(x) -------------------------------------------------------------- */

static void accumulate(struct jet *sum, double v, double d, double dd)
{
    sum->v += v;
    sum->d += d;
    sum->dd += dd;
}

/* b < 2: over z, with w = x + b z; the integrand is largest where its
   logarithm, about -z^2/2 + min(w, 0), is. */
static struct jet over_z(double x, double b, double fine)
{
    double step = fmin(0.4375, 0.2 / b) / fine;
    double top = x < 0 ? fmin(b, -x / b) : 0;
    int reach = (int)(9 / step);
    struct jet sum = {0, 0, 0};
    for (int i = -reach; i <= reach; i++) {
        double z = top + i * step, e = exp(x + b * z);
        double normal = exp(-z * z / 2), slope = e * exp(-e) * normal;
        accumulate(&sum, -expm1(-e) * normal, z * slope,
                   z * z * (1 - e) * slope);
    }
    return jet_scale(step / sqrt(2 * pi), sum);
}

/* b >= 2: by parts, p = int dy e^(y - e^y) Q(t), t = (y - x)/b, Q the normal
   tail. To the left the integrand falls as e^((1 + x/b^2) y) at least, also
   as a normal law of width b down to y = x and as e^y from there. */
static struct jet over_y(double x, double b, double fine)
{
    const double step = 0.2 / fine;
    double rate = 1 + fmin(x, 0) / (b * b), top = fmin(0, x + b * b);
    double left = fmin(9 * b, fmax(top - x, 0)) + 45;
    if (rate > 0)
        left = fmin(left, 50 / rate);
    int first = (int)(-left / step), last = (int)(fmin(9 * b, 4.2 - top) /
                                                  step);
    struct jet sum = {0, 0, 0};
    for (int i = first; i <= last; i++) {
        double y = top + i * step, t = (y - x) / b;
        double weight = exp(y - exp(y));
        double normal = exp(-t * t / 2) / sqrt(2 * pi);
        accumulate(&sum, weight * 0.5 * erfc(t * 0x1.6a09e667f3bcdp-1),
                   weight * normal * t / b,
                   weight * normal * t * (t * t - 2) / (b * b));
    }
    return jet_scale(step, sum);
}

/* The lowest of `levels` levels (unit variance), or Y at b. */
struct law { bool lowest; double ln_levels, b; };

static struct jet below(const struct law *law, double x, double fine)
{
    if (law->lowest)
        return jet_constant(0.5 * erfc(-x * 0x1.6a09e667f3bcdp-1));
    return law->b < 2 ? over_z(x, law->b, fine) : over_y(x, law->b, fine);
}

/* P(Y > x) = (1 - p)^levels, 0 where that is below e^-800 */
static struct jet above(const struct law *law, double x, double fine)
{
    struct jet p = below(law, x, fine);
    double levels = exp(law->ln_levels);
    if (p.v >= 1 || levels * p.v > 800)
        return (struct jet){0, 0, 0};
    return jet_exp(jet_scale(levels, jet_log1p(jet_scale(-1, p))));
}

/* ---- the mean ---------------------------------------------------------- */

static double centre_misfit(double x, void *with)
{
    const struct law *law = with;
    return law->ln_levels + log(fmax(below(law, x, 1).v, 1e-300));
}

/* Where levels * p = 1. */
static struct root centre(struct law *law)
{
    double b = law->lowest ? 1 : law->b;
    return root_between(centre_misfit, law,
                        -law->ln_levels - b * b / 2 - 1, 10 * b + 10);
}

/* Mean (a jet in b) and variance of Y about `at`, by comparison with the
   Gumbel law exp(-e^((x - at)/s)), mean -gamma s, variance s^2 pi^2/6. */
struct moments { struct jet mean; double variance; bool good; };

static struct moments moments(const struct law *law, double at, double s,
                              double fine)
{
    enum { STEPS = 4000 };
    double step = 0.2 * s / fine, second = 0;
    struct moments m = {.good = true};
    for (int side = -1; side <= 1; side += 2) {
        double size = 1;
        int i = side < 0 ? -1 : 0;
        for (; size > 1e-19 || i * side < 12; i += side) {
            struct jet f = above(law, at + i * step, fine);
            double change = f.v - exp(-exp(i * step / s));
            accumulate(&m.mean, change, f.d, f.dd);
            second += 2 * i * step * change;
            size = fabs(change) + fabs(f.d) + fabs(f.dd);
            if (i * side > STEPS || !isfinite(f.dd)) {
                m.good = false;
                break;
            }
        }
    }
    m.mean = jet_scale(step, m.mean);
    m.mean.v -= gamma_e * s;
    m.variance = step * second + s * s * (zeta_2 + gamma_e * gamma_e) -
                 m.mean.v * m.mean.v;
    return m;
}

/* Rounding of t = x/b rounds p by t^2 of it and ln p's slopes, t^2/b. */
static void add_rounding(struct jet *error, double x, double b, double s)
{
    double t2 = x * x / (b * b), noise = 1e-16 * (1 + t2) * s;
    *error = (struct jet){fabs(error->v) + noise,
                          fabs(error->d) + noise * t2 / b,
                          fabs(error->dd) + noise * t2 * t2 / (b * b)};
}

/* At two steps: the finer one, and how far the other is. */
struct quenched { struct jet mean; double variance; struct jet error; };

static struct quenched quenched(struct law *law, struct solution *solution)
{
    struct quenched q = {.variance = NAN};
    struct root at = centre(law);
    double b = law->lowest ? 1 : law->b;
    double s = b / sqrt(2 * law->ln_levels);
    if (!law->lowest)
        s = fmax(1, s);
    struct moments rough = moments(law, at.x, s, 1);
    struct moments fine = moments(law, at.x, s, 2);
    q.mean = fine.mean;
    q.variance = fine.variance;
    q.error = jet_sub(fine.mean, rough.mean);
    q.error.v = fabs(q.error.v) + 1e-15 * fabs(at.x);
    if (b >= 2 && !law->lowest)
        add_rounding(&q.error, at.x, b, s);
    if (!at.found || !rough.good || !fine.good ||
        !(q.error.v < 1e-8 * fmax(1, fabs(at.x))))
        solution_warn(solution,
                      "the integrals did not converge: error %.2g", q.error.v);
    q.mean.v += at.x;
    return q;
}

/* ---- answers ----------------------------------------------------------- */

static double lowest_level(double n, double *error,
                           struct solution *solution)
{
    struct law law = {.lowest = true, .ln_levels = n * ln2};
    struct quenched q = quenched(&law, solution);
    *error = q.error.v * sqrt(n / 2) / n;
    return q.mean.v * sqrt(n / 2) / n;
}

/* [ln Z] as a jet in beta, its numerical errors, and the spread of ln Z from
   one sample to the next. */
struct free_energy { struct jet ln_z, error; double spread, spread_error; };

static struct free_energy free_energy(double n, double beta,
                                      struct solution *solution)
{
    struct free_energy f = {.ln_z = {n * ln2, 0, n / 2}};
    struct law law = {.ln_levels = n * ln2, .b = fabs(beta) * sqrt(n / 2)};
    if (beta == 0) { /* [var E] = N/2 (1 - 2^-N) */
        f.ln_z.dd = -n / 2 * expm1(-n * ln2);
        return f;
    }
    struct quenched q = quenched(&law, solution);
    f.ln_z = jet_scale(-1, q.mean);
    f.ln_z.v -= gamma_e;
    f.ln_z.d *= copysign(sqrt(n / 2), beta);
    f.ln_z.dd *= n / 2;
    f.error = (struct jet){q.error.v, fabs(q.error.d) * sqrt(n / 2),
                           fabs(q.error.dd) * n / 2};
    f.spread = sqrt(fmax(0, q.variance - zeta_2));
    f.spread_error = sqrt(f.spread * f.spread + 1e-14 * q.variance) -
                     f.spread;
    return f;
}

static void add_thermal(const struct free_energy *f, double n, double beta,
                        struct solution *solution)
{
    struct jet z = f->ln_z, e = f->error;
    solution_add(solution, "ln_z", z.v, e.v, "1");
    solution_add(solution, "energy", -z.d / n, e.d / n, "energy");
    solution_add(solution, "specific_heat", beta * beta * z.dd / n,
                 beta * beta * e.dd / n, "1");
    solution_add(solution, "entropy", z.v - beta * z.d, e.v + fabs(beta) * e.d,
                 "nats");
    if (beta != 0)
        solution_add(solution, "free_energy", -z.v / beta, e.v / fabs(beta),
                     "energy");
}

static void at_finite_n(double n, double beta, struct solution *solution)
{
    double error;
    struct free_energy f = free_energy(n, beta, solution);
    double lowest = lowest_level(n, &error, solution);
    add_thermal(&f, n, beta, solution);
    solution_add(solution, "ln_z_per_site", f.ln_z.v / n, f.error.v / n,
                 "1");
    solution_add(solution, "ground_energy", lowest, error, "energy");
    solution_add(solution, "ln_z_spread", f.spread, f.spread_error, "1");
}

static void limit(double beta, struct solution *solution)
{
    double critical = 2 * sqrt(ln2);
    bool frozen = beta >= critical;
    double u = frozen ? -sqrt(ln2) : -beta / 2;
    double s = frozen ? 0 : ln2 - beta * beta / 4;
    solution->phase = frozen ? "frozen" : "paramagnet";
    solution_add(solution, "ln_z_per_site", s - beta * u, 0, "1");
    solution_add(solution, "energy", u, 0, "energy");
    solution_add(solution, "specific_heat", frozen ? 0 : beta * beta / 2, 0,
                 "1");
    solution_add(solution, "entropy_per_site", s, 0, "nats");
    if (beta > 0)
        solution_add(solution, "free_energy_per_site", u - s / beta, 0,
                     "energy");
    solution_add(solution, "ground_energy", -sqrt(ln2), 0, "energy");
    solution_add(solution, "beta_c", critical, 0, "1/energy");
    solution_add(solution, "temperature_c", 1 / critical, 0, "energy");
}

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    int64_t n = section_integer(keys, "N", 0);
    double beta = section_real(keys, "beta", 0);
    (void)err;
    if (n == 0)
        limit(beta, solution);
    else
        at_finite_n((double)n, beta, solution);
}

static const char *refuses(const struct system *system, int points)
{
    int64_t n = section_integer(system->keys, "N", 0);
    if (strcmp(system->model->name, "rem"))
        return "rem knows the random energy model only";
    if (n < 1 || n > 900)
        return "rem takes N from 1 to 900";
    if (points > 200)
        return "rem would need more than 10 seconds";
    return NULL;
}

/* Averages over all disorder. Data of several samples have errors that hold
   the scatter between samples. Data of one have not: then the spread, known
   for ln Z, is theory's error, and what has no known one is left out. */
static void overlay(const struct solver_task *task)
{
    double n = (double)section_integer(task->system->keys, "N", 0);
    for (int i = 0; i < task->points; i++) {
        double beta = task->lambda[i];
        struct solution *solution = &task->solution[i];
        struct free_energy f = free_energy(n, beta, solution);
        if (task->system->samples > 1)
            add_thermal(&f, n, beta, solution);
        else
            solution_add(solution, "ln_z", f.ln_z.v, f.error.v + f.spread,
                         "1");
    }
}

const struct solver solver_rem = {
    .name = "rem",
    .family = FAMILY_EXACT,
    .summary = "random energy model, averages over disorder, any N and "
               "infinite",
    .source = "Derrida 1981, Phys. Rev. B 24, 2613: [exp(-t Z)] = "
              "<exp(-t e^(-beta E))>^(2^N)",
    .holds = "averages over disorder, N to 900 exact up to quadrature; N "
             "= 0 is the limit",
    .keys = &rem_table,
    .solve = solve,
    .refuses = refuses,
    .overlay = overlay};
