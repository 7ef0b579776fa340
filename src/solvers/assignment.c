/* The random assignment problem: costs exponential of mean 1 in a table of M
   rows and N columns, the cheapest choice of k entries no two of which share
   a row or column. Its mean cost is exactly

       A = sum over i, j >= 0, i + j < k of 1 / ((M - i)(N - j))

   (conjectured by Coppersmith and Sorkin 1999, proved by Linusson, Wastlund
   2004 and Nair, Prabhakar, Sharma 2005); with k = M = N (Parisi 1998) this is
   sum_(i <= N) 1/i^2, in the limit pi^2/6 (Mezard, Parisi 1985, by replicas;
   Aldous 2001). Its variance for k = M = N (Wastlund 2010) is

       5 sum 1/i^4 - 2 (sum 1/i^2)^2 - 4/(N + 1) sum 1/i^3

   and N var goes to 4 zeta(2) - 4 zeta(3). */
#include <math.h>

#include "core/solver.h"

#define ASSIGNMENT_KEYS(KEY)                                                 \
    KEY(integer, N, "100", 0, 1000000, NULL, "columns", 0,                   \
        "size of the table; 0: the limit of large N")                        \
    KEY(integer, M, "0", 0, 1000000, NULL, "rows", 0, "0: as many as columns") \
    KEY(integer, k, "0", 0, 1000000, NULL, "entries", 0,                     \
        "entries chosen; 0: as many as there can be")
PARAM_STRUCT(assignment_keys, ASSIGNMENT_KEYS);
#define PARAM_ROW_assignment_keys(...) PARAM_ROW(assignment_keys, __VA_ARGS__)
PARAM_TABLE(static, assignment_table, "assignment", assignment_keys,
            ASSIGNMENT_KEYS);

static const double zeta2 = 0x1.a51a6625307d3p0, zeta3 = 0x1.33ba004f00621p0;

/* Small terms first; the sum over j is a difference of harmonic numbers, taken
   along. */
static double mean_cost(int64_t rows, int64_t columns, int64_t k)
{
    double sum = 0, inner = 0;
    for (int64_t i = k - 1; i >= 0; i--) { /* j from 0 to k - 1 - i */
        inner += 1 / (double)(columns - (k - 1 - i));
        sum += inner / (double)(rows - i);
    }
    return sum;
}

/* 5.4 - 5.4 leaves 1.8/n: digits to 1e-15. */
static double variance(int64_t n)
{
    double two = 0, three = 0, four = 0;
    for (int64_t i = n; i > 0; i--) {
        double x = 1 / (double)i;
        two += x * x;
        three += x * x * x;
        four += x * x * x * x;
    }
    return 5 * four - 2 * two * two - 4 * three / ((double)n + 1);
}

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    int64_t n = section_integer(keys, "N", 0);
    int64_t m = section_integer(keys, "M", 0);
    int64_t k = section_integer(keys, "k", 0);
    int64_t rows = m ? m : n, most = rows < n ? rows : n;
    if (n == 0 && (m || k))
        err_add(err, EXIT_INPUT, section_where(keys, m ? "M" : "k"),
                "assignment.N: the limit (0) is that of a square table");
    else if (k > most)
        err_add(err, EXIT_INPUT, section_where(keys, "k"),
                "assignment.k: at most as many as rows and columns");
    if (err_any(err))
        return;
    if (n == 0) {
        solution_add(solution, "cost", zeta2, 0, "1");
        solution_add(solution, "cost_variance_times_n",
                     4 * zeta2 - 4 * zeta3, 0, "1");
        return;
    }
    if (k == 0)
        k = most;
    double cost = mean_cost(rows, n, k);
    double rounding = 1e-16 * sqrt((double)k) * cost;
    solution_add(solution, "cost", cost, rounding, "1");
    solution_add(solution, "cost_per_entry", cost / (double)k,
                 rounding / (double)k, "1");
    if (rows == n && k == n)
        solution_add(solution, "cost_variance", variance(n), 1e-15, "1");
}

const struct solver solver_assignment = {
    .name = "assignment",
    .family = FAMILY_CAVITY,
    .summary = "random assignment problem, any size and infinite: mean cost "
               "of the optimum, its variance",
    .source = "Parisi 1998, cond-mat/9801176; Linusson and Wastlund 2004, "
              "Probab. Theory Relat. Fields 128, 419; Nair, Prabhakar and "
              "Sharma 2005; limit: Mezard and Parisi 1985; variance: Wastlund "
              "2010",
    .holds = "independent exponential costs of mean 1, any table; exact",
    .keys = &assignment_table,
    .solve = solve};
