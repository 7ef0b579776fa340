/* The square-lattice Ising model on a finite n x m torus, exactly.

   Kaufman 1949: 2 Z = (2 sinh 2K)^(nm/2) (C_odd + S_odd + C_even + S_even),
   C = prod_l 2 cosh(m gamma_l / 2), S = prod_l 2 sinh(m gamma_l / 2), over
   l = 1, 3, ..., 2n-1 or l = 0, 2, ..., 2n-2. With K along the m rows and K'
   along the n sites of a row, sinh 2K cosh gamma_l = cosh 2K cosh 2K' -
   sinh 2K' cos(pi l / n) and gamma_0 = 2K' + ln tanh K of either sign. Written
   so that nothing overflows or cancels from K = 0 to any K: every mode in
   units of e^(2K + 2K'), see doc/solvers.md. */
#include <string.h>

#include "core/solver.h"

#define KAUFMAN_KEYS(KEY)                                                    \
    KEY(integers, shape, "[32, 32]", 2, 1e6, NULL, "sites", 0,               \
        "size of both axes, periodic")                                       \
    KEY(real, beta, "0.4406867935097715", 0, 1e6, NULL, "1/energy", 0,       \
        "inverse temperature")                                               \
    KEY(real, J, "1.0", -1e6, 1e6, NULL, "energy", 0,                        \
        "coupling of nearest neighbours")                                    \
    KEY(reals, J_axis, "[]", -1e6, 1e6, NULL, "energy", 0,                   \
        "instead of J: the coupling along each axis")
PARAM_STRUCT(kaufman_keys, KAUFMAN_KEYS);
#define PARAM_ROW_kaufman_keys(...) PARAM_ROW(kaufman_keys, __VA_ARGS__)
PARAM_TABLE(static, kaufman_table, "kaufman", kaufman_keys, KAUFMAN_KEYS);

/* e^(-2K), 1 - e^(-2K) and sigma = e^(-2K) sinh 2K = (1 - e^(-4K)) / 2. */
struct coupling { struct jet e, minus, sigma; };

static struct coupling coupling_new(struct jet k)
{
    return (struct coupling){
        .e = jet_exp(jet_scale(-2, k)),
        .minus = jet_scale(-1, jet_expm1(jet_scale(-2, k))),
        .sigma = jet_scale(-0.5, jet_expm1(jet_scale(-4, k)))};
}

/* Along the rows' sequence, within a row; from here on e and e', sigma and
   sigma'. */
struct couplings { struct coupling rows, row; };

/* A product of modes as logarithms: of 2 cosh and of 2 sinh, the factor
   e^(m gamma / 2) (2 sinh 2K e^(-2K - 2K'))^(m/2) in common. */
struct product { struct jet common, cosh, sinh; };

static void multiply_mode(struct product *product, struct jet ln_g,
                          struct jet q, double m)
{
    struct jet qm = jet_power(q, m);
    product->common = jet_add(product->common, jet_scale(m / 2, ln_g));
    product->cosh = jet_add(product->cosh, jet_log1p(qm));
    if (qm.v < 1)
        product->sinh = jet_add(product->sinh, jet_log1p(jet_scale(-1, qm)));
    else /* rings all but uncoupled: S/C < 1e-19 */
        product->sinh = (struct jet){-INFINITY, 0, 0};
}

/* 1 - e and e' (1 + e): gamma_0 is positive when the first is greater, and
   then e^gamma_0 = (1 - e) / (e' (1 + e)). gap: half of what it is less, good
   to all digits for e and K' however small. */
struct corner { struct jet minus, rising, gap; };

static struct corner corner_new(const struct couplings *k)
{
    struct jet plus = k->rows.e, minus = k->rows.minus;
    plus.v += 1;
    struct jet other = k->row.e, rising = jet_mul(k->row.e, plus);
    other.v += 1;
    struct jet gap = k->rows.e.v > k->row.e.v
                         ? jet_sub(rising, k->rows.minus)
                         : jet_sub(jet_mul(k->rows.e, other), k->row.minus);
    return (struct corner){minus, rising, jet_scale(0.5, gap)};
}

/* g = 2 sinh 2K e^gamma = 2 (a + b) with a = sinh 2K cosh gamma and
   b = sinh 2K sinh gamma = sqrt((a - sinh 2K)(a + sinh 2K));
   q = e^(-gamma). a - sinh 2K is that of l = 0, a square, and sinh 2K' t with
   t = 1 - cos(pi l / n). */
static void mode(struct product *product, const struct couplings *k,
                 double t, double m)
{
    struct corner corner = corner_new(k);
    struct jet sinh = jet_mul(k->row.e, k->rows.sigma);
    struct jet bend = jet_scale(t, jet_mul(k->rows.e, k->row.sigma));
    struct jet less = jet_add(jet_mul(corner.gap, corner.gap), bend);
    struct jet more = jet_add(less, jet_scale(2, sinh));
    struct jet b = jet_sqrt(jet_mul(less, more));
    struct jet sum = jet_add(jet_scale(0.5, jet_add(less, more)), b);
    multiply_mode(product, jet_log(jet_scale(2, sum)), jet_div(sinh, sum), m);
}

/* l = 0, by |gamma_0|: factors 2 cosh into the product and returns what the
   odd function 2 sinh(m gamma_0 / 2) adds beside `common`; it changes sign at
   the critical point. */
static struct jet zero_mode(struct product *product,
                            const struct couplings *k, double m)
{
    struct corner corner = corner_new(k);
    bool cold = corner.minus.v > corner.rising.v;
    struct jet root = cold ? corner.minus : corner.rising;
    struct jet q = cold ? jet_div(corner.rising, corner.minus)
                        : jet_div(corner.minus, corner.rising);
    struct jet qm = jet_power(q, m), odd = jet_scale(-1, qm);
    product->common = jet_add(product->common, jet_scale(m, jet_log(root)));
    product->cosh = jet_add(product->cosh, jet_log1p(qm));
    odd.v += 1;
    return jet_scale(cold ? 1 : -1, odd);
}

/* ln Z of m rows of n sites, K = coupling * beta as a jet: between rows and
   within one. */
static struct jet torus(struct jet between, struct jet within, int64_t n,
                        int64_t m)
{
    double rows = (double)m, pi = 0x1.921fb54442d18p1;
    struct couplings c = {coupling_new(between), coupling_new(within)};
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
    return jet_add(ln_z, jet_scale(rows * (double)n,
                                   jet_add(between, within)));
}

/* ln 2^N (cosh^N K + sinh^N K): a ring of n sites by itself. */
static struct jet ring(struct jet k, double n)
{
    struct jet e = jet_exp(jet_scale(-2, k)), one = jet_log1p(e);
    struct jet minus = jet_scale(-1, jet_expm1(jet_scale(-2, k)));
    struct jet tanh_n, plus = e;
    plus.v += 1;
    if (k.v < 0.5)
        tanh_n = jet_power(jet_div(minus, plus), n);
    else
        tanh_n = jet_exp(jet_scale(n, jet_sub(jet_log1p(jet_scale(-1, e)),
                                              one)));
    return jet_add(jet_scale(n, jet_add(k, one)), jet_log1p(tanh_n));
}

/* Such a K, times all sites, squared, is nothing beside 1. */
#define UNCOUPLED 1e-40

/* Rows along the shorter axis: fewer modes. */
static void answer(const int64_t *size, double beta, const double *J,
                   struct solution *solution)
{
    int within = size[0] < size[1] ? 0 : 1;
    int64_t n = size[within], m = size[1 - within];
    double sites = (double)n * (double)m;
    double sign = beta < 0 ? -1 : 1; /* even sides: of |K| */
    struct jet between = jet_linear(sign * fabs(J[1 - within]), beta);
    struct jet along = jet_linear(sign * fabs(J[within]), beta);
    struct jet ln_z = along.v < UNCOUPLED
                          ? jet_scale((double)n, ring(between, (double)m))
                      : between.v < UNCOUPLED
                          ? jet_scale((double)m, ring(along, (double)n))
                          : torus(between, along, n, m);
    if (beta == 0) { /* the limit, without rounding */
        ln_z.v = sites * 0x1.62e42fefa39efp-1;
        ln_z.d = 0;
    }
    solution_thermal(solution, sites, beta, ln_z);
    solution_add(solution, "ln_z_per_site", ln_z.v / sites, 0, "1");
    solution_add(solution, "entropy_per_site",
                 (ln_z.v - beta * ln_z.d) / sites, 0, "nats");
}

/* J along an axis. */
static double coupling(const struct section *keys, int axis)
{
    const struct reals *given = section_reals(keys, "J_axis");
    return given && given->count > axis ? given->at[axis]
                                        : section_real(keys, "J", 1);
}

/* An odd ring of negative bonds has no sublattices to flip. */
static bool frustrated(const int64_t *size, double beta, const double *J)
{
    return (beta * J[0] < 0 && size[0] % 2) ||
           (beta * J[1] < 0 && size[1] % 2);
}

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    const struct integers *shape = section_integers(keys, "shape");
    const struct reals *given = section_reals(keys, "J_axis");
    double J[2] = {coupling(keys, 0), coupling(keys, 1)};
    if (shape->count != 2)
        err_add(err, EXIT_INPUT, section_where(keys, "shape"),
                "kaufman.shape: %d axes; kaufman takes 2", shape->count);
    else if (given->count != 0 && given->count != 2)
        err_add(err, EXIT_INPUT, section_where(keys, "J_axis"),
                "kaufman.J_axis: %d couplings for 2 axes", given->count);
    else if (frustrated(shape->at, 1, J))
        err_add(err, EXIT_INPUT, section_where(keys, "J"),
                "kaufman.J: negative J needs even sizes (the sublattice "
                "flip); an odd torus is frustrated");
    else
        answer(shape->at, section_real(keys, "beta", 0), J, solution);
}

/* As the model rounds them. */
static void couplings_of(const struct system *system, double J[2])
{
    for (int axis = 0; axis < 2; axis++)
        J[axis] = nearbyint(coupling(system->keys, axis) /
                            system->resolution) * system->resolution;
}

static const char *refuses(const struct system *system, int points)
{
    const struct lattice *l = system->lattice;
    double J[2];
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
    couplings_of(system, J);
    if (frustrated(l->size, 1, J))
        return "kaufman needs even sizes for negative J";
    return NULL;
}

static void overlay(const struct solver_task *task)
{
    double J[2];
    const int64_t *size = task->system->lattice->size;
    couplings_of(task->system, J);
    for (int i = 0; i < task->points; i++)
        if (frustrated(size, task->lambda[i], J))
            return; /* others may know them all */
    for (int i = 0; i < task->points; i++)
        answer(size, task->lambda[i], J, &task->solution[i]);
}

const struct solver solver_kaufman = {
    .name = "kaufman",
    .family = FAMILY_EXACT,
    .summary = "2D Ising model on a finite torus in zero field, exact",
    .source = "Kaufman 1949, Phys. Rev. 76, 1232",
    .holds = "tori of any size in zero field; antiferromagnetic axes "
             "need an even size; exact",
    .keys = &kaufman_table,
    .solve = solve,
    .refuses = refuses,
    .overlay = overlay};
