/* How many of the 2^P labelings of P points in general position in R^N a plane
   through the origin separates (Cover, IEEE Trans. EC-14, 326 (1965)):

     C(P, N) = 2 sum_{k < N} binomial(P - 1, k),

   a fraction 2^-P C = P(X < N) of all, X the number of heads of P - 1 coins:
   1 up to P = N, exactly 1/2 at P = 2N. The sum runs from its largest term
   down, by ratios; the first one from Stirling's series, so that nothing
   cancels at any size. */
#include <gsl/gsl_sf_gamma.h>
#include <stdint.h>

#include "core/solver.h"

#define COVER_KEYS(KEY)                                                      \
    KEY(integer, N, "20", 1, 1e14, NULL, "inputs", 0, "dimension")           \
    KEY(integer, P, "40", 1, 1e14, NULL, "examples", 0, "points")
PARAM_STRUCT(cover_keys, COVER_KEYS);
#define PARAM_ROW_cover_keys(...) PARAM_ROW(cover_keys, __VA_ARGS__)
PARAM_TABLE(static, cover_table, "cover_count", cover_keys, COVER_KEYS);

static const double LN_2 = 0x1.62e42fefa39efp-1, PI = 0x1.921fb54442d18p1;

static double ln_gammastar(double x)
{
    return log(gsl_sf_gammastar(x));
}

/* (1 + d) ln(1 + d) + (1 - d) ln(1 - d) = sum_j d^2j / (j (2j - 1)) */
static double divergence(double d)
{
    double sum = 0, power = d * d;
    if (fabs(d) > 0.2)
        return (1 + d) * log1p(d) + (d < 1 ? (1 - d) * log1p(-d) : 0);
    for (int j = 1; j < 14; j++, power *= d * d)
        sum += power / (j * (2 * j - 1));
    return sum;
}

/* ln binomial(n, k) less its exponent: Stirling's n^n / (k^k (n - k)^(n - k)).
   0 < k < n. */
static double ln_prefactor(double n, double k)
{
    return 0.5 * log(n / (2 * PI * k * (n - k))) + ln_gammastar(n) -
           ln_gammastar(k) - ln_gammastar(n - k);
}

/* error: of the logarithms, besides their last digits. */
struct count { double ln_chance, ln_count, error; };

/* Of n coins at most k < n/2: the sum is its last term times 1 + ratios. */
static struct count below(double n, double k)
{
    struct count c = {-n * LN_2, LN_2, 0};
    double sum = 1, term = 1, i = k;
    for (; i > 0 && term > 1e-18 * sum; i--)
        sum += term *= i / (n - i + 1);
    if (k > 0) {
        double rest = ln_prefactor(n, k) + log(sum);
        c.ln_chance = rest - 0.5 * n * divergence((2 * k - n) / n);
        c.ln_count = LN_2 + rest + k * log(n / k) -
                     (n - k) * log1p(-k / n);
    }
    /* ratios round at random */
    c.error = 1e-15 + 6e-16 * sqrt(k - i + 1);
    return c;
}

static struct count cover(double N, double P)
{
    double n = P - 1, k = N - 1;
    if (k >= n)
        return (struct count){0, P * LN_2, 0};
    if (2 * k == n - 1) /* P = 2N */
        return (struct count){-LN_2, n * LN_2, 0};
    if (2 * k < n)
        return below(n, k);
    struct count rest = below(n, n - k - 1), c;
    double without = exp(rest.ln_chance);
    c.ln_chance = log1p(-without);
    c.ln_count = P * LN_2 + c.ln_chance;
    c.error = rest.error * without / (1 - without);
    return c;
}

/* The count where it is below 2^53: in integers. */
static double count_of(int64_t N, int64_t P)
{
    int64_t term = 1, sum = 0;
    for (int64_t k = 0; k < N && k < P; k++) {
        sum += term;
        if (k + 1 == N)
            break;
        /* term (P - 1 - k) / (k + 1) without overflow */
        term = term / (k + 1) * (P - 1 - k) +
               term % (k + 1) * (P - 1 - k) / (k + 1);
    }
    return 2 * (double)sum;
}

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    int64_t N = section_integer(keys, "N", 1), P = section_integer(keys, "P",
                                                                   1);
    struct count c = cover((double)N, (double)P);
    double chance = exp(c.ln_chance);
    double error = P <= N || P == 2 * N
                       ? 0 : c.error + 4e-16 * (1 + fabs(c.ln_chance));
    (void)err;
    solution_add(solution, "probability", chance, chance * error, "1");
    solution_add(solution, "ln_probability", c.ln_chance, error, "1");
    if (c.ln_count < 53 * LN_2) {
        double count = count_of(N, P);
        solution_add(solution, "ln_count", log(count), 0, "1");
        solution_add(solution, "count", count, 0, "labelings");
    } else
        solution_add(solution, "ln_count", c.ln_count,
                     c.error + 3e-16 * c.ln_count, "1");
    solution_add(solution, "capacity", 2 * (double)N, 0, "examples");
    solution_add(solution, "alpha", (double)P / (double)N, 0,
                 "examples/input");
    solution->phase = P <= N ? "all labelings separable"
                    : P <= 2 * N ? "most labelings separable"
                                 : "most labelings not separable";
    if (P == 2 * N)
        solution->phase = "half of the labelings separable";
}

const struct solver solver_cover_count = {
    .name = "cover_count",
    .family = FAMILY_REPLICA,
    .summary = "labelings of P points in N dimensions that a perceptron can "
               "realise, exact at any size",
    .source = "Cover 1965, IEEE Trans. Electron. Comput. EC-14, 326: "
              "function counting theorem, C = 2 sum_{k<N} binomial(P-1, k)",
    .holds = "points in general position (no N of them in a plane through "
             "the origin), no threshold (with one: N + 1); exact. An upper "
             "bound for others: inputs +-1 are not in general position from "
             "P = 2N - 1 on, as any two of their components agree, or "
             "differ, at N points, and mostly not before (N = 8, P = 12: a "
             "third fewer labelings)",
    .keys = &cover_table,
    .solve = solve};
