/* The Ising ring of N spins in a field, exactly: Z = lambda_+^N + lambda_-^N
   with lambda_+- = e^K cosh H +- sqrt(e^2K sinh^2 H + e^-2K), K = beta J,
   H = beta h (Ising 1925; Kramers, Wannier 1941). Jets in beta give the
   energy and its fluctuations, jets in H those of the magnetization. */
#include <string.h>

#include "core/solver.h"

#define ISING1D_KEYS(KEY)                                                    \
    KEY(integer, N, "100", 2, 1e12, NULL, "sites", 0,                        \
        "spins in the ring; 2: a double bond")                               \
    KEY(real, beta, "1.0", 0, 1e6, NULL, "1/energy", 0,                      \
        "inverse temperature")                                               \
    KEY(real, h, "0.0", -1e6, 1e6, NULL, "energy", 0, "uniform field")       \
    KEY(real, J, "1.0", -1e6, 1e6, NULL, "energy", 0,                        \
        "coupling of nearest neighbours")
PARAM_STRUCT(ising1d_keys, ISING1D_KEYS);
#define PARAM_ROW_ising1d_keys(...) PARAM_ROW(ising1d_keys, __VA_ARGS__)
PARAM_TABLE(static, ising1d_table, "ising1d", ising1d_keys, ISING1D_KEYS);

static struct jet jet_sinh(struct jet a)
{
    return jet_chain(a, sinh(a.v), cosh(a.v), sinh(a.v));
}

static struct jet jet_cosh(struct jet a)
{
    return jet_chain(a, cosh(a.v), sinh(a.v), cosh(a.v));
}

/* Both eigenvalues by lambda_+ e^-shift, p = 1 - |lambda_-| / lambda_+ and
   the sign of lambda_-; shift makes the exponentials at most 1. */
struct pair {
    double shift;
    struct jet larger, p;
    bool negative;
};

static struct pair eigenvalues(struct jet k, struct jet h)
{
    struct pair pair = {.shift = fmax(k.v + fabs(h.v), -k.v),
                        .negative = k.v < 0};
    struct jet shift = jet_constant(pair.shift);
    struct jet bond = jet_sub(k, shift);
    struct jet up = jet_exp(jet_add(bond, h));
    struct jet down = jet_exp(jet_sub(bond, h));
    struct jet cosh = jet_scale(0.5, jet_add(up, down));
    struct jet sinh = jet_scale(0.5, jet_sub(up, down));
    if (fabs(h.v) < 1) { /* sinh h must not cancel */
        struct jet scale = jet_exp(bond);
        cosh = jet_mul(scale, jet_cosh(h));
        sinh = jet_mul(scale, jet_sinh(h));
    }
    struct jet flip = jet_exp(jet_scale(-2, jet_add(k, shift)));
    struct jet root = jet_sqrt(jet_add(jet_mul(sinh, sinh), flip));
    pair.larger = jet_add(cosh, root);
    pair.p = jet_scale(2, jet_div(pair.negative ? cosh : root, pair.larger));
    return pair;
}

/* ln(1 + (lambda_- / lambda_+)^N); 1 - q^N must not cancel for an odd
   antiferromagnetic ring. */
static struct jet smaller_part(const struct pair *pair, double n)
{
    bool minus = pair->negative && fmod(n, 2) == 1;
    struct jet power;
    if (pair->p.v < 0.5) {
        power = jet_scale(n, jet_log1p(jet_scale(-1, pair->p)));
        if (minus)
            return jet_log(jet_scale(-1, jet_expm1(power)));
        power = jet_exp(power);
    } else {
        struct jet ratio = jet_scale(-1, pair->p);
        ratio.v += 1;
        power = jet_power(ratio, n);
    }
    return jet_log1p(minus ? jet_scale(-1, power) : power);
}

/* At high temperature. */
static struct jet ring_warm(struct jet k, struct jet h, double n)
{
    struct pair pair = eigenvalues(k, h);
    struct jet ln_z = jet_add(jet_scale(n, jet_log(pair.larger)),
                              smaller_part(&pair, n));
    ln_z.v += n * pair.shift;
    return ln_z;
}

/* theta at |h| < 1 from sinh theta = r / sqrt(1 - f), r^2 = sinh^2 h + f. */
static struct jet angle_small(struct jet h, struct jet f)
{
    struct jet s = jet_sinh(h);
    struct jet r = jet_sqrt(jet_add(jet_mul(s, s), f));
    struct jet x = jet_div(r, jet_sqrt(jet_sub(jet_constant(1), f)));
    double root = sqrt(1 + x.v * x.v);
    return jet_chain(x, asinh(x.v), 1 / root, -x.v / (root * root * root));
}

/* theta at h >= 1 from e^theta = (cosh h + r) / sqrt(1 - f). */
static struct jet angle_large(struct jet h, struct jet f)
{
    struct jet e = jet_exp(jet_scale(-2, h));
    struct jet half = jet_scale(0.5, jet_sub(jet_constant(1), e));
    struct jet r = jet_sqrt(jet_add(jet_mul(half, half), jet_mul(f, e)));
    struct jet cosh = jet_scale(0.5, jet_add(jet_constant(1), e));
    return jet_sub(jet_add(h, jet_log(jet_add(cosh, r))),
                   jet_scale(0.5, jet_log1p(jet_scale(-1, f))));
}

/* A ferromagnet of any length, long or short for its correlations:
   lambda_+- = c e^(+-theta), c^2 = 2 sinh 2k, so that ln Z = N ln c +
   ln 2 cosh N theta, whose derivatives do not cancel. Beyond k = 50 f =
   e^(-4k) would underflow; sqrt f < 1e-43 is far below 1/N anyway. */
static struct jet ring_cold(struct jet k, struct jet h, double n)
{
    struct jet f = k.v < 50 ? jet_exp(jet_scale(-4, k))
                            : jet_constant(exp(-200));
    struct jet up = jet_scale(h.v < 0 ? -1 : 1, h);
    struct jet a = jet_scale(n, up.v < 1 ? angle_small(up, f)
                                         : angle_large(up, f));
    struct jet ln_c =
        jet_add(k, jet_scale(0.5, jet_log1p(jet_scale(-1, f))));
    double sech = 1 / cosh(a.v);
    return jet_add(jet_scale(n, ln_c),
                   jet_chain(a, a.v + log1p(exp(-2 * a.v)), tanh(a.v),
                             sech * sech));
}

/* ln(e^-2k cosh h / sqrt(1 - f)), h >= 0; near h = 2k nothing may round. */
static struct jet ln_sinh_angle(struct jet k, struct jet h, struct jet f)
{
    struct jet bond = jet_sub(jet_scale(-2, k),
                              jet_scale(0.5, jet_log1p(jet_scale(-1, f))));
    if (h.v < 1)
        return jet_add(bond, jet_log(jet_cosh(h)));
    bond = jet_add(h, bond);
    bond.v -= 0x1.62e42fefa39efp-1;
    return jet_add(bond, jet_log1p(jet_exp(jet_scale(-2, h))));
}

/* asinh(e^y) */
static struct jet asinh_exp(struct jet y)
{
    struct jet square = jet_exp(jet_scale(y.v < 0 ? 2 : -2, y));
    square.v += 1;
    double up = exp(y.v), root = sqrt(square.v);
    if (y.v < 0)
        return jet_chain(y, asinh(up), up / root,
                         up / (root * square.v));
    struct jet more = jet_sqrt(square);
    more.v += 1;
    return jet_add(y, jet_log(more));
}

/* ln 2 sinh(N asinh e^y). Where N e^y is small, what is left of the terms
   beside y's own would cancel. */
static struct jet ln_2sinh(struct jet y, double n)
{
    struct jet a = jet_scale(n, asinh_exp(y));
    double s = sinh(a.v);
    if (a.v > 5e-3)
        return jet_chain(a, a.v + log(-expm1(-2 * a.v)), 1 / tanh(a.v),
                         -1 / (s * s));
    struct jet x2 = jet_exp(jet_scale(2, y)), a2 = jet_mul(a, a);
    struct jet more = jet_add(jet_scale(1 / 6.0, jet_sub(a2, x2)),
                              jet_scale(11 / 180.0, jet_mul(x2, x2)));
    more = jet_sub(more, jet_scale(1 / 180.0, jet_mul(a2, a2)));
    y.v += log(2 * n);
    return jet_add(y, more);
}

/* An antiferromagnet at bonds -k: lambda_+ = c e^theta, lambda_- =
   -c e^-theta, sinh theta = e^-2k cosh h / sqrt(1 - f). */
static struct jet ring_anti(struct jet k, struct jet h, double n)
{
    struct jet f = jet_exp(jet_scale(-4, k));
    struct jet y = ln_sinh_angle(k, jet_scale(h.v < 0 ? -1 : 1, h), f);
    struct jet ln_c =
        jet_add(k, jet_scale(0.5, jet_log1p(jet_scale(-1, f))));
    struct jet a = jet_scale(n, asinh_exp(y));
    double sech = 1 / cosh(a.v);
    return jet_add(jet_scale(n, ln_c), fmod(n, 2) == 1 ? ln_2sinh(y, n)
                   : jet_chain(a, a.v + log1p(exp(-2 * a.v)), tanh(a.v),
                               sech * sech));
}

static struct jet ring(struct jet k, struct jet h, double n)
{
    return k.v > 0.5 ? ring_cold(k, h, n)
         : k.v < -0.5 ? ring_anti(jet_scale(-1, k), h, n)
                      : ring_warm(k, h, n);
}

static void answer(int64_t sites, double beta, double J, double h,
                   struct solution *solution)
{
    double n = (double)sites;
    struct jet ln_z = ring(jet_linear(J, beta), jet_linear(h, beta), n);
    struct jet field = ring(jet_constant(beta * J),
                            (struct jet){beta * h, 1, 0}, n);
    double m = h == 0 ? 0 : field.d / n;
    if (beta == 0) { /* the limit, without rounding */
        ln_z.v = n * 0x1.62e42fefa39efp-1;
        ln_z.d = m = 0;
    }
    solution_thermal(solution, n, beta, ln_z);
    solution_add(solution, "magnetization", m, 0, "1");
    solution_add(solution, "magnetization_2", m * m + field.dd / n / n, 0,
                 "1");
    solution_add(solution, "susceptibility", beta * field.dd / n, 0,
                 "1/energy");
}

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    (void)err;
    answer(section_integer(keys, "N", 100), section_real(keys, "beta", 0),
           section_real(keys, "J", 1), section_real(keys, "h", 0), solution);
}

static const char *refuses(const struct system *system, int points)
{
    (void)points;
    if (strcmp(system->model->name, "ising"))
        return "ising1d knows the Ising model only";
    if (system->lattice->dim != 1)
        return "ising1d knows one dimension only";
    if (!system->lattice->periodic)
        return "ising1d knows the ring only";
    return NULL;
}

static void overlay(const struct solver_task *task)
{
    double J = solver_coupling(task->system, "J", 1);
    double h = solver_coupling(task->system, "h", 0);
    for (int i = 0; i < task->points; i++)
        answer(task->system->sites, task->lambda[i], J, h,
               &task->solution[i]);
}

const struct solver solver_ising1d = {
    .name = "ising1d",
    .family = FAMILY_EXACT,
    .summary = "Ising ring in a field, exact",
    .source = "Ising 1925, Z. Phys. 31, 253; Kramers and Wannier 1941, "
              "Phys. Rev. 60, 252",
    .holds = "rings of any size, any field; exact",
    .keys = &ising1d_table,
    .solve = solve,
    .refuses = refuses,
    .overlay = overlay};
