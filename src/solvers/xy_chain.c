/* Planar spins on an open chain of N sites, H = -J sum cos(theta_i -
   theta_(i+1)), exactly: Z = I_0(beta J)^(N-1) with measure dtheta / 2 pi a
   site, energy -J I_1/I_0 a bond, <cos(theta_0 - theta_r)> = (I_1/I_0)^r
   (Fisher 1964; Joyce 1967).

   ln I_0 and its derivatives are moments of 1 - cos theta in the weight
   e^(K cos theta), by the trapezoidal rule, which for periodic functions is
   good to all digits once it resolves the peak; nothing cancels. From K = 1e5
   on by the expansion in 1/K. */
#include <string.h>

#include "core/solver.h"

#define XY_CHAIN_KEYS(KEY)                                                   \
    KEY(integer, N, "100", 2, 1e12, NULL, "sites", 0, "spins in the chain")  \
    KEY(real, beta, "1.0", 0, 1e6, NULL, "1/energy", 0,                      \
        "inverse temperature")                                               \
    KEY(real, J, "1.0", -1e6, 1e6, NULL, "energy", 0,                        \
        "coupling of nearest neighbours")
PARAM_STRUCT(xy_chain_keys, XY_CHAIN_KEYS);
#define PARAM_ROW_xy_chain_keys(...) PARAM_ROW(xy_chain_keys, __VA_ARGS__)
PARAM_TABLE(static, xy_chain_table, "xy_chain", xy_chain_keys,
            XY_CHAIN_KEYS);

static const double pi = 0x1.921fb54442d18p1;

enum { SITES_SUMMED = 1000000 };

/* ln I_0(K), I_1/I_0 and its slope, K >= 0, by the mean and the variance of
   x = 1 - cos theta = 2 sin^2(theta/2). */
static struct jet summed(double k)
{
    int points = 64 + (int)(32 * sqrt(k));
    double sum = 0, mean = 0, variance = 0;
    for (int i = 0; i < points; i++) {
        double s = sin(pi * i / points), x = 2 * s * s, w = exp(-k * x);
        sum += w;
        mean += w * x;
    }
    mean /= sum;
    for (int i = 0; i < points; i++) {
        double s = sin(pi * i / points), x = 2 * s * s, w = exp(-k * x);
        variance += w * (x - mean) * (x - mean);
    }
    return (struct jet){k + log(sum / points), 1 - mean, variance / sum};
}

/* ln I_0 = K - ln(2 pi K)/2 + 1/8K + 1/16K^2 + 25/384K^3 + ...; the next
   terms are below 1e-20. */
static struct jet expanded(double k)
{
    double r = 1 / k;
    return (struct jet){
        k - 0.5 * log(2 * pi * k) + r / 8 + r * r / 16,
        1 - r / 2 - r * r / 8 - r * r * r / 8,
        r * r / 2 + r * r * r / 4 + 3 * r * r * r * r / 8};
}

/* (1/N^2) sum_ij t^|i-j| */
static double mean_square(int64_t sites, double t)
{
    double n = (double)sites, power = 1, sum = 0;
    for (int64_t d = 1; d < sites && fabs(power) > 1e-20; d++) {
        power *= t;
        sum += (double)(sites - d) * power;
    }
    return (n + 2 * sum) / (n * n);
}

static void answer(int64_t sites, double beta, double J,
                   struct solution *solution)
{
    double n = (double)sites, k = fabs(J) * beta;
    struct jet bond = k > 1e5 ? expanded(k) : summed(k);
    struct jet ln_z = jet_scale(n - 1, bond);
    double t = J < 0 ? -bond.d : bond.d;
    ln_z.d *= fabs(J);
    ln_z.dd *= J * J;
    solution_thermal(solution, n, beta, ln_z);
    solution_add(solution, "ln_z_per_bond", bond.v, 0, "1");
    solution_add(solution, "energy_per_bond", -fabs(J) * bond.d, 0,
                 "energy");
    if (sites <= SITES_SUMMED) {
        double m2 = mean_square(sites, t);
        solution_add(solution, "magnetization_2", m2, 0, "1");
        solution_add(solution, "susceptibility", beta * n * m2, 0,
                     "1/energy");
    }
    if (k > 0)
        solution_add(solution, "correlation_length", -1 / log(fabs(t)), 0,
                     "sites");
}

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    (void)err;
    answer(section_integer(keys, "N", 100), section_real(keys, "beta", 0),
           section_real(keys, "J", 1), solution);
}

static const char *refuses(const struct system *system, int points)
{
    (void)points;
    if (strcmp(system->model->name, "xy"))
        return "xy_chain knows the XY model only";
    if (!system->lattice || system->lattice->dim != 1 ||
        system->lattice->periodic)
        return "xy_chain knows the open chain only";
    if (strcmp(system->model->reference, "uniform"))
        return "xy_chain counts entropy from the uniform measure only";
    return NULL;
}

static void overlay(const struct solver_task *task)
{
    double J = solver_coupling(task->system, "J", 1);
    for (int i = 0; i < task->points; i++)
        answer(task->system->sites, task->lambda[i], J, &task->solution[i]);
}

const struct solver solver_xy_chain = {
    .name = "xy_chain",
    .summary = "open chain of planar spins, exact",
    .source = "Joyce 1967, Phys. Rev. 155, 478: Z = I_0(beta J)^(N-1)",
    .keys = &xy_chain_table,
    .solve = solve,
    .refuses = refuses,
    .overlay = overlay};
