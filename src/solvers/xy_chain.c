/* The XY chain and ring, exactly. With the measure dtheta / 2 pi a bond's
   weight exp(K cos theta) has the Fourier coefficients I_n(K), so

       open chain   Z = I_0(K)^(N - 1)
       ring         Z = sum_n I_n(K)^N

   and a twist of phi a bond gives the n-th term a phase exp(i n N phi): the
   helicity modulus is N <n^2> / beta (0 if open).

   An odd ring of K < 0 is one of |K| twisted by pi in all. The terms then
   alternate and cancel at large |K|/N; there Z is the N-fold convolution of
   exp(|K| cos theta) at pi, summed on a grid as logarithms, all terms
   positive. The grid's error goes as exp(-points^2 / 4 |K|). */
#include <gsl/gsl_sf_bessel.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/solver.h"

#define XY_CHAIN_KEYS(KEY)                                                   \
    KEY(integer, N, "100", 2, 1e12, NULL, "sites", 0,                        \
        "spins; a ring of 2 has a double bond")                              \
    KEY(real, beta, "1.0", 0, 1e4, NULL, "1/energy", 0,                      \
        "inverse temperature")                                               \
    KEY(real, J, "1.0", -10, 10, NULL, "energy", 0,                          \
        "coupling of nearest neighbours")                                    \
    KEY(text, boundary, "open", 0, 0, "open|periodic", "", 0,                \
        "chain or ring")
PARAM_STRUCT(xy_chain_keys, XY_CHAIN_KEYS);
#define PARAM_ROW_xy_chain_keys(...) PARAM_ROW(xy_chain_keys, __VA_ARGS__)
PARAM_TABLE(static, xy_chain_table, "xy_chain", xy_chain_keys,
            XY_CHAIN_KEYS);

/* I_n falls as exp(-n^2 / 2K); K_MOST is what so many orders serve. */
enum { ORDERS = 8000 };
#define K_MOST 1e5

/* r[n] = I_n(k) / I_0(k): I_n / I_(n-1) = 1 / (2n / k + I_(n+1) / I_n),
   downwards, then multiplied up. */
static void fill_ratios(double *r, double k)
{
    double next = 0;
    for (int n = ORDERS + 2; n > 0; n--)
        r[n] = next = k > 0 ? k / (2 * n + k * next) : 0;
    r[0] = 1;
    for (int n = 1; n < ORDERS + 3; n++)
        r[n] *= r[n - 1];
}

/* The slope of A = I_1/I_0 at large k, where 1 - A/k - A^2 cancels: A = sum
   a_n k^-n in the same equation of Riccati. */
static double slope_large(double k)
{
    enum { TERMS = 14 };
    double a[TERMS] = {1}, sum = 0;
    for (int m = 1; m < TERMS; m++) {
        a[m] = (m - 2) * a[m - 1];
        for (int i = 1; i < m; i++)
            a[m] -= a[i] * a[m - i];
        a[m] /= 2;
    }
    for (int m = TERMS - 1; m > 0; m--)
        sum = (sum - m * a[m]) / k;
    return sum / k;
}

/* I_n / I_0 with derivatives by K: I_n' = (I_(n-1) + I_(n+1)) / 2. */
static struct jet ratio(const double *r, int n)
{
    int two = n > 1 ? n - 2 : 2 - n, one = n > 0 ? n - 1 : 1;
    double d = (r[one] + r[n + 1]) / 2, d0 = r[1];
    double dd = (r[two] + 2 * r[n] + r[n + 2]) / 4, dd0 = (1 + r[2]) / 2;
    struct jet above = {r[n], d, dd}, below = {1, d0, dd0};
    return jet_div(above, below);
}

/* ln sum_n (I_n / I_0)^N and <n^2> over all n; signs: K < 0, N odd */
static struct jet orders(const double *r, double sites, bool signs,
                         double *squares)
{
    struct jet sum = jet_constant(0);
    *squares = 0;
    for (int n = 1; n < ORDERS && sites * log(r[n]) > -100; n++) {
        struct jet term = jet_power(ratio(r, n), sites);
        term = jet_scale(signs && n % 2 ? -2 : 2, term);
        sum = jet_add(sum, term);
        *squares += (double)n * n * term.v;
    }
    *squares /= 1 + sum.v;
    return jet_log1p(sum);
}

/* ln I_0(k); the series where the logarithm cancels. */
static double ln_weight(double k)
{
    double sum = 0, term = 1, x = k * k / 4;
    if (k > 1)
        return log(gsl_sf_bessel_I0_scaled(k)) + k;
    for (int m = 1; m < 12; m++)
        sum += term *= x / (m * m);
    return log1p(sum);
}

/* ---- odd antiferromagnetic rings at low temperature ---------------------- */

/* ln of the law of the sum of some angles, as jets in K, on `points` angles
   2 pi i / points; by exp(-K) an angle. */
struct angles { int points; struct jet *ln; };

static struct angles angles_new(int points)
{
    return (struct angles){points,
                           mem_new((size_t)points, sizeof(struct jet))};
}

static double square_of_half(int i, int points) /* 1 - cos */
{
    double s = sin(0x1.921fb54442d18p1 * i / points);
    return 2 * s * s;
}

static struct angles one_angle(double k, int points)
{
    struct angles one = angles_new(points);
    for (int i = 0; i < points; i++)
        one.ln[i] = jet_scale(-square_of_half(i, points),
                              (struct jet){k, 1, 0});
    return one;
}

static int turned(int at, int i, int points)
{
    return at < i ? at - i + points : at - i;
}

/* The term at i of the sum over a's angle when both sum to `at`. */
static struct jet both_angles(const struct angles *a, const struct angles *b,
                              int at, int i)
{
    return jet_add(a->ln[i], b->ln[turned(at, i, a->points)]);
}

/* ln of the sum of exp of terms, as jets; *twist: -d^2/dat^2 if b is one
   angle at k (NULL: not wanted). */
static struct jet sum_of_angles(const struct angles *a,
                                const struct angles *b, int at, double k,
                                double *twist)
{
    double most = -INFINITY, sum = 0, slope = 0, curve = 0, bend = 0;
    int points = a->points;
    for (int i = 0; i < points; i++)
        most = fmax(most, both_angles(a, b, at, i).v);
    for (int i = 0; i < points; i++) {
        struct jet x = both_angles(a, b, at, i);
        if (x.v < most - 45)
            continue;
        double weight = exp(x.v - most);
        sum += weight;
        slope += weight * x.d;
    }
    slope /= sum;
    for (int i = 0; i < points; i++) {
        struct jet x = both_angles(a, b, at, i);
        if (x.v < most - 45)
            continue;
        double weight = exp(x.v - most) / sum, off = x.d - slope;
        double angle = 2 * 0x1.921fb54442d18p1 * (at - i) / points;
        double pull = k * sin(angle);
        curve += weight * (x.dd + off * off);
        bend += weight * (k * cos(angle) - pull * pull);
    }
    if (twist)
        *twist = bend;
    return (struct jet){most + log(sum / points), slope, curve};
}

/* a = a + b */
static void add_angles(struct angles *a, const struct angles *b)
{
    struct angles sum = angles_new(a->points);
    for (int at = 0; at <= a->points / 2; at++)
        sum.ln[at] = sum.ln[(a->points - at) % a->points] =
            sum_of_angles(a, b, at, 0, NULL);
    free(a->ln);
    *a = sum;
}

/* ln Z of an odd ring of K = -k. *squares: <n^2>; the mean of sin at pi is 0
   by symmetry. */
static struct jet odd_ring(int64_t sites, double k, double *squares)
{
    int points = 64 + 2 * (int)(6.5 * sqrt(k));
    struct angles one = one_angle(k, points), power = one_angle(k, points);
    struct angles all = {0};
    for (int64_t left = sites - 1; left; left /= 2) {
        if (left % 2 && !all.ln) {
            all = angles_new(points);
            memcpy(all.ln, power.ln, (size_t)points * sizeof *all.ln);
        } else if (left % 2) {
            add_angles(&all, &power);
        }
        if (left > 1)
            add_angles(&power, &power);
    }
    struct jet ln_z = sum_of_angles(&all, &one, points / 2, k, squares);
    ln_z.v += (double)sites * k;
    ln_z.d += (double)sites;
    free(one.ln);
    free(power.ln);
    free(all.ln);
    return ln_z;
}

/* ---- answers ------------------------------------------------------------- */

/* (1/N^2) sum_ij t^|i-j| */
static double mean_square(double sites, double t)
{
    double power = 1, sum = 0;
    for (double d = 1; d < sites && fabs(power) > 1e-20; d++) {
        power *= t;
        sum += (sites - d) * power;
    }
    return (sites + 2 * sum) / (sites * sites);
}

/* Of an open chain, where <cos(theta_0 - theta_r)> = (I_1/I_0)^r; bond is ln
   I_0(K). */
static void add_chain(double sites, double beta, double J, struct jet bond,
                      struct solution *solution)
{
    const double sites_summed = 1e6;
    double t = J < 0 ? -bond.d : bond.d;
    solution_add(solution, "ln_z_per_bond", bond.v, 0, "1");
    solution_add(solution, "energy_per_bond", -fabs(J) * bond.d, 0,
                 "energy");
    if (sites <= sites_summed) {
        double m2 = mean_square(sites, t);
        solution_add(solution, "magnetization_2", m2, 0, "1");
        solution_add(solution, "susceptibility", beta * sites * m2, 0,
                     "1/energy");
    }
    if (t != 0)
        solution_add(solution, "correlation_length", -1 / log(fabs(t)), 0,
                     "sites");
}

static void answer(double sites, double beta, double J, bool ring,
                   struct solution *solution)
{
    double k = fabs(J) * beta, squares = 0;
    double *r = mem_new(ORDERS + 3, sizeof *r);
    fill_ratios(r, k);
    /* ln I_0(K): slope I_1/I_0, which has slope (1 + I_2/I_0)/2 - slope^2 */
    struct jet bond = {ln_weight(k), r[1],
                       k > 50 ? slope_large(k)
                              : (1 + r[2]) / 2 - r[1] * r[1]};
    struct jet ln_z = jet_scale(ring ? sites : sites - 1, bond);
    bool signs = ring && J < 0 && fmod(sites, 2) == 1;
    if (signs && k > sites / 2)
        ln_z = odd_ring((int64_t)sites, k, &squares);
    else if (ring && k > 0)
        ln_z = jet_add(ln_z, orders(r, sites, signs, &squares));
    double modulus = beta > 0 ? sites * squares / beta : 0;
    ln_z = (struct jet){ln_z.v, fabs(J) * ln_z.d, J * J * ln_z.dd};
    solution_thermal(solution, sites, beta, ln_z);
    solution_add(solution, "helicity_modulus", modulus, 0, "energy");
    if (!ring)
        add_chain(sites, beta, J, bond, solution);
    free(r);
}

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    (void)err; /* the keys' ranges keep K within K_MOST */
    answer((double)section_integer(keys, "N", 100),
           section_real(keys, "beta", 0), section_real(keys, "J", 1),
           section_text(keys, "boundary", "open")[0] == 'p', solution);
}

static const char *refuses(const struct system *system, int points)
{
    (void)points;
    if (strcmp(system->model->name, "xy"))
        return "xy_chain knows the XY model only";
    if (system->lattice->dim != 1)
        return "xy_chain knows one dimension only";
    return NULL;
}

static void overlay(const struct solver_task *task)
{
    const struct system *system = task->system;
    double J = solver_coupling(system, "J", 1);
    for (int i = 0; i < task->points; i++) {
        double beta = task->lambda[i];
        if (beta >= 0 && fabs(J * beta) <= K_MOST)
            answer((double)system->sites, beta, J, system->lattice->periodic,
                   &task->solution[i]);
    }
}

const struct solver solver_xy_chain = {
    .name = "xy_chain",
    .family = FAMILY_EXACT,
    .summary = "XY chain or ring, exact",
    .source = "Joyce 1967, Phys. Rev. 155, 478",
    .holds = "chains and rings of any length; exact",
    .keys = &xy_chain_table,
    .solve = solve,
    .refuses = refuses,
    .overlay = overlay};
