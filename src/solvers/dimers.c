/* Dimers that cover the square lattice, exactly (Kasteleyn 1961; Temperley,
   Fisher 1961).

   Open m x n, n even: with sinh r_k = cos(pi k / (m + 1)),
       Z = prod_(k <= m/2) cosh((n + 1) r_k) / cosh r_k,
   the product over l of 4 cos^2(pi k/(m+1)) + 4 cos^2(pi l/(n+1)) done. On a
   torus, m even, Z = (-P_00 + P_10 + P_01 + P_11)/2, the square roots of
       prod 4 sin^2 p + 4 sin^2 q,  p = 2 pi (k + a/2)/m, k < m/2,
                                    q = 2 pi (l + b/2)/n, l < n,
   with sinh r = sin p: P_a0 = prod_k 4 sinh^2(n r_k / 2) (0 for a = 0) and P_a1
   with cosh, n even; n odd: Z = prod_k 2 sinh(n r_k), a = 1. A periodic axis
   of 2 sites has two bonds. Infinitely long (0): ln Z / sites = sum_k r_k / m,
   and G/pi with m infinite, G Catalan's constant. */
#include <float.h>
#include <math.h>

#include "core/solver.h"

#define DIMERS_KEYS(KEY)                                                     \
    KEY(integers, shape, "[0, 0]", 0, 1e6, NULL, "sites", 0,                 \
        "both axes; 0: infinitely long")                                     \
    KEY(text, boundary, "open", 0, 0, "open|periodic", "", 0,                \
        "of both axes; a periodic axis of size 2 is a double bond")
PARAM_STRUCT(dimers_keys, DIMERS_KEYS);
#define PARAM_ROW_dimers_keys(...) PARAM_ROW(dimers_keys, __VA_ARGS__)
PARAM_TABLE(static, dimers_table, "dimers", dimers_keys, DIMERS_KEYS);

static const long double pi = 3.14159265358979323846264338327950288L,
                         ln2 = 0.693147180559945309417232121458176568L;
static const double catalan = 0x1.d4f9713e8135dp-1;

/* ln cosh, ln 2 sinh and ln 2 cosh, nothing overflows */
static long double ln_cosh(long double x)
{
    return x + log1pl(expl(-2 * x)) - ln2;
}

static long double ln_2sinh(long double x)
{
    return x + logl(-expm1l(-2 * x));
}

/* ---- open ---------------------------------------------------------------- */

static long double open_mode(int64_t k, int64_t m)
{
    return asinhl(cosl(pi * (long double)k / (long double)(m + 1)));
}

static long double open_rectangle(int64_t m, int64_t n)
{
    long double sum = 0;
    for (int64_t k = 1; k <= m / 2; k++) {
        long double r = open_mode(k, m);
        sum += ln_cosh((long double)(n + 1) * r) - ln_cosh(r);
    }
    return sum;
}

/* ---- torus, m even ------------------------------------------------------- */

/* a = 0 or 1 */
static long double torus_mode(int64_t k, int a, int64_t m)
{
    long double p = 2 * pi * ((long double)k + 0.5L * a) / (long double)m;
    return asinhl(fabsl(sinl(p)));
}

static long double pfaffian(int64_t m, int64_t n, int a, int b)
{
    long double sum = 0, half = (long double)n / 2;
    for (int64_t k = 0; k < m / 2; k++) {
        long double r = torus_mode(k, a, m);
        sum += b ? 2 * (ln_cosh(half * r) + ln2) : 2 * ln_2sinh(half * r);
    }
    return sum;
}

static long double torus(int64_t m, int64_t n)
{
    long double sum = 0;
    if (n % 2) {
        for (int64_t k = 0; k < m / 2; k++)
            sum += ln_2sinh((long double)n * torus_mode(k, 1, m));
        return sum;
    }
    long double both = pfaffian(m, n, 1, 1);
    return both + logl((1 + expl(pfaffian(m, n, 1, 0) - both) +
                        expl(pfaffian(m, n, 0, 1) - both)) / 2);
}

/* ---- answers ------------------------------------------------------------- */

/* A count that a double holds, where the logarithm's digits reach so far. */
static void add_count(long double ln_z, struct solution *solution)
{
    long double off = LDBL_EPSILON * (16 + 2 * ln_z);
    long double z = expl(ln_z), whole = roundl(z);
    if (whole <= 0x1p53L && off * whole < 0.2L)
        solution_add(solution, "tilings", (double)whole, 0, "1");
}

static void whole_lattice(int64_t m, int64_t n, bool periodic,
                   struct solution *solution)
{
    double sites = (double)m * (double)n;
    if (m % 2 && n % 2) {
        solution->phase = "no covering";
        solution_add(solution, "tilings", 0, 0, "1");
        solution_warn(solution, "an odd number of sites: no covering, ln Z = "
                      "-infinity is left out");
        return;
    }
    bool second = periodic ? m % 2 == 0 : n % 2 == 0;
    if (!second || (m > n && m % 2 == n % 2)) {
        int64_t swap = m;
        m = n;
        n = swap;
    }
    long double ln_z = periodic ? torus(m, n) : open_rectangle(m, n);
    if (fabsl(ln_z) < 1e-17L) /* one covering */
        ln_z = 0;
    solution_add(solution, "ln_z", (double)ln_z, 0, "1");
    solution_add(solution, "entropy_per_site",
                 (double)(ln_z / (long double)sites), 0, "nats");
    add_count(ln_z, solution);
}

/* m = 0: infinite, too */
static void long_strip(int64_t m, bool periodic, struct solution *solution,
                     struct err *err, const char *where)
{
    long double sum = 0;
    if (periodic && m % 2) {
        err_add(err, EXIT_INPUT, where, "dimers.shape: infinitely long "
                "periodic strips have an even width here");
        return;
    }
    for (int64_t k = 0; k < m / 2; k++)
        sum += periodic ? torus_mode(k, 1, m) : open_mode(k + 1, m);
    double s = m ? (double)(sum / (long double)m) : catalan / (double)pi;
    solution_add(solution, "ln_z_per_site", s, 0, "1");
    solution_add(solution, "entropy_per_site", s, 0, "nats");
}

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    const struct integers *shape = section_integers(keys, "shape");
    bool periodic = section_text(keys, "boundary", "open")[0] == 'p';
    const char *where = section_where(keys, "shape");
    if (shape->count != 2) {
        err_add(err, EXIT_INPUT, where,
                "dimers.shape: %d axes; dimers takes 2", shape->count);
        return;
    }
    int64_t m = shape->at[0], n = shape->at[1];
    if (periodic && (m == 1 || n == 1))
        err_add(err, EXIT_INPUT, where,
                "dimers.shape: a periodic axis has at least 2 sites");
    else if (m == 0 || n == 0)
        long_strip(m ? m : n, periodic, solution, err, where);
    else
        whole_lattice(m, n, periodic, solution);
}

const struct solver solver_dimers = {
    .name = "dimers",
    .family = FAMILY_EXACT,
    .summary = "coverings of the square lattice by dimers: rectangles, tori, "
               "strips, the plane; exact",
    .source = "Kasteleyn 1961, Physica 27, 1209; Temperley and Fisher 1961, "
              "Phil. Mag. 6, 1061",
    .holds = "rectangles and tori of any size, infinite strips (periodic ones "
             "of even width), the plane; exact",
    .keys = &dimers_table,
    .solve = solve};
