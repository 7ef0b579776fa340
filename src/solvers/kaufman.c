/* The square-lattice Ising model on a finite n x m torus, exactly.

   Kaufman 1949: 2 Z = (2 sinh 2K)^(nm/2) (C_odd + S_odd + C_even + S_even),
   C = prod_l 2 cosh(m gamma_l / 2), S = prod_l 2 sinh(m gamma_l / 2), over
   l = 1, 3, ..., 2n-1 or l = 0, 2, ..., 2n-2, with
   cosh gamma_l = cosh 2K coth 2K - cos(pi l / n) and gamma_0 = 2K + ln tanh K
   of either sign. Written so that nothing overflows or cancels from K = 0 to
   any K: every mode in units of e^(4K), see doc/solvers.md. */
#include <string.h>

#include "core/solver.h"

#define KAUFMAN_KEYS(KEY)                                                    \
    KEY(integers, shape, "[32, 32]", 2, 1e6, NULL, "sites", 0,               \
        "size of both axes, periodic")                                       \
    KEY(real, beta, "0.4406867935097715", 0, 1e6, NULL, "1/energy", 0,       \
        "inverse temperature")                                               \
    KEY(real, J, "1.0", -1e6, 1e6, NULL, "energy", 0,                        \
        "coupling of nearest neighbours")
PARAM_STRUCT(kaufman_keys, KAUFMAN_KEYS);
#define PARAM_ROW_kaufman_keys(...) PARAM_ROW(kaufman_keys, __VA_ARGS__)
PARAM_TABLE(static, kaufman_table, "kaufman", kaufman_keys, KAUFMAN_KEYS);

/* E = e^(-2K) and sigma = e^(-2K) sinh 2K = (1 - E^2) / 2. */
struct coupling { struct jet e, sigma; };

/* A product of modes as logarithms: of 2 cosh and of 2 sinh, the factor
   e^(m gamma / 2) (2 sinh 2K e^(-4K))^(m/2) in common. */
struct product { struct jet common, cosh, sinh; };

static void multiply_mode(struct product *product, struct jet ln_g,
                          struct jet q, double m)
{
    struct jet qm = jet_power(q, m);
    product->common = jet_add(product->common, jet_scale(m / 2, ln_g));
    product->cosh = jet_add(product->cosh, jet_log1p(qm));
    product->sinh = jet_add(product->sinh, jet_log1p(jet_scale(-1, qm)));
}

/* g = 2 sinh 2K e^gamma = 2 (a + b) with a = sinh 2K cosh gamma and
   b = sinh 2K sinh gamma = sqrt((a - sinh 2K)(a + sinh 2K));
   q = e^(-gamma). t = 1 - cos(pi l / n). */
static void mode(struct product *product, const struct coupling *k, double t,
                 double m)
{
    struct jet es = jet_mul(k->e, k->sigma), bend = jet_scale(t, es);
    struct jet gap = jet_sub(k->e, k->sigma);
    struct jet less = jet_add(jet_mul(gap, gap), bend);
    struct jet more = jet_add(less, jet_scale(2, es));
    struct jet b = jet_sqrt(jet_mul(less, more));
    struct jet sum = jet_add(jet_scale(0.5, jet_add(less, more)), b);
    multiply_mode(product, jet_log(jet_scale(2, sum)), jet_div(es, sum), m);
}

/* l = 0, by |gamma_0|: factors 2 cosh into the product and returns what the
   odd function 2 sinh(m gamma_0 / 2) adds beside `common`; it changes sign at
   the critical point. */
static struct jet zero_mode(struct product *product,
                            const struct coupling *k, double m)
{
    struct jet plus = k->e, minus = jet_scale(-1, k->e);
    plus.v += 1;
    minus.v += 1;
    bool cold = k->sigma.v > k->e.v;
    struct jet rising = jet_mul(k->e, plus);
    struct jet root = cold ? minus : rising;
    struct jet q = cold ? jet_div(rising, minus)   /* e^-2K coth K */
                        : jet_div(minus, rising);  /* e^2K tanh K */
    struct jet qm = jet_power(q, m), odd = jet_scale(-1, qm);
    product->common = jet_add(product->common, jet_scale(m, jet_log(root)));
    product->cosh = jet_add(product->cosh, jet_log1p(qm));
    odd.v += 1;
    return jet_scale(cold ? 1 : -1, odd);
}

/* ln Z of the n x m torus, K = coupling * beta as a jet. */
static struct jet torus(struct jet k, int64_t n, int64_t m)
{
    double rows = (double)m, pi = 0x1.921fb54442d18p1;
    struct coupling c = {
        .e = jet_exp(jet_scale(-2, k)),
        .sigma = jet_scale(-0.5, jet_expm1(jet_scale(-4, k)))};
    struct product odd = {0}, even = {0};
    for (int64_t l = 1; l < 2 * n; l++) {
        double s = sin(pi * (double)l / (2 * (double)n));
        mode(l % 2 ? &odd : &even, &c, 2 * s * s, rows);
    }
    struct jet last = zero_mode(&even, &c, rows);
    /* Everything relative to C_odd: the ratios are of order 1 and move
       slowly, so the second derivative does not cancel. */
    struct jet shift = jet_sub(even.common,
                               jet_add(odd.common, odd.cosh));
    struct jet sum = jet_exp(jet_sub(odd.sinh, odd.cosh));
    sum = jet_add(sum, jet_exp(jet_add(shift, even.cosh)));
    sum = jet_add(sum, jet_mul(jet_exp(jet_add(shift, even.sinh)), last));
    struct jet ln_z = jet_add(jet_log1p(sum),
                              jet_add(odd.common, odd.cosh));
    ln_z.v -= 0x1.62e42fefa39efp-1;
    return jet_add(ln_z, jet_scale(2 * rows * (double)n, k));
}

static void answer(const int64_t *size, double beta, double J,
                   struct solution *solution)
{
    int64_t n = size[0] < size[1] ? size[0] : size[1];
    int64_t m = size[0] + size[1] - n;
    double sites = (double)n * (double)m;
    struct jet ln_z = torus(jet_linear(fabs(J), beta), n, m);
    if (beta == 0) { /* the limit, without rounding */
        ln_z.v = sites * 0x1.62e42fefa39efp-1;
        ln_z.d = 0;
    }
    solution_thermal(solution, sites, beta, ln_z);
}

static bool frustrated(const int64_t *size, double J)
{
    return J < 0 && (size[0] % 2 || size[1] % 2);
}

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    const struct integers *shape = section_integers(keys, "shape");
    double J = section_real(keys, "J", 1);
    if (shape->count != 2)
        err_add(err, EXIT_INPUT, section_where(keys, "shape"),
                "kaufman.shape: %d axes; kaufman takes 2", shape->count);
    else if (frustrated(shape->at, J))
        err_add(err, EXIT_INPUT, section_where(keys, "J"),
                "kaufman.J: negative J needs even sizes (the sublattice "
                "flip); an odd torus is frustrated");
    else
        answer(shape->at, section_real(keys, "beta", 0), J, solution);
}

static const char *refuses(const struct system *system, int points)
{
    const struct lattice *l = system->lattice;
    (void)points;
    if (strcmp(system->model->name, "ising"))
        return "kaufman knows the Ising model only";
    if (l->dim != 2)
        return "kaufman knows two dimensions only";
    if (!l->periodic)
        return "kaufman knows the torus only";
    if (!solver_uniform(system))
        return "kaufman knows one J for both axes only";
    if (solver_coupling(system, "h", 0) != 0)
        return "kaufman knows zero field only";
    if (frustrated(l->size, solver_coupling(system, "J", 1)))
        return "kaufman needs even sizes for negative J";
    return NULL;
}

static void overlay(const struct solver_task *task)
{
    double J = solver_coupling(task->system, "J", 1);
    for (int i = 0; i < task->points; i++)
        answer(task->system->lattice->size, task->lambda[i], J,
               &task->solution[i]);
}

const struct solver solver_kaufman = {
    .name = "kaufman",
    .summary = "2D Ising model on a finite torus in zero field, exact",
    .source = "Kaufman 1949, Phys. Rev. 76, 1232",
    .keys = &kaufman_table,
    .solve = solve,
    .refuses = refuses,
    .overlay = overlay};
