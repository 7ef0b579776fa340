/* The Sherrington-Kirkpatrick model in a uniform field,
   H = -sum_(i<j) J_ij s_i s_j - h sum_i s_i, var J_ij = 1/N, replica
   symmetric (Sherrington, Kirkpatrick 1975):
     q = <tanh^2 w>, w = (h + sqrt q z)/T, z standard normal
     f = -(1 - q)^2 / 4T - T <ln 2 cosh w>,  u = -(1 - q^2)/2T - h m.
   Right where the replicon, 1 - <sech^4 w> / T^2, is not negative (de Almeida,
   Thouless 1978); below that line it is an approximation and a warning says
   so: at T = 0, h = 0 it gives -0.7979 for the energy, Parisi -0.7632. */
#include <math.h>
#include <string.h>

#include "core/solver.h"
#include "stat/root.h"
#include "stat/tanh_average.h"

#define SK_RS_KEYS(KEY)                                                      \
    KEY(real, T, "0.5", 0, 1e6, NULL, "energy", 0, "temperature")            \
    KEY(real, h, "0.0", -1e6, 1e6, NULL, "energy", 0, "uniform field")
PARAM_STRUCT(sk_rs_keys, SK_RS_KEYS);
#define PARAM_ROW_sk_rs_keys(...) PARAM_ROW(sk_rs_keys, __VA_ARGS__)
PARAM_TABLE(static, sk_rs_table, "sk_rs", sk_rs_keys, SK_RS_KEYS);

struct point { double T, h; };

/* <tanh^2> - q, at h = 0 by q: then q = 0 is no root. In b = sqrt q / T. */
static double self_consistent(double b, void *with)
{
    const struct point *p = with;
    double q = b * p->T * b * p->T;
    struct tanh_average t = tanh_average(p->h / p->T, b);
    return p->h == 0 ? t.tanh2 / (b * b) - p->T * p->T : t.tanh2 - q;
}

static struct root overlap(struct point p)
{
    double low = 0;
    if (p.h == 0 && p.T >= 1)
        return (struct root){0, 0, true};
    if (p.h == 0) /* <tanh^2> / b^2 > 1 - 2 b^2 */
        low = 0.7 * sqrt((1 - p.T * p.T) / 2);
    return root_between(self_consistent, &p, low, 1 / p.T);
}

/* From b = sqrt q / T: everything, in the order of names. */
enum { Q, M, F, U, S, CHI, REPLICON, RESULTS };

static void quantities(struct point p, double b, double value[RESULTS])
{
    struct tanh_average t = tanh_average(p.h / p.T, b);
    double q = t.tanh2, less = t.sech2;
    value[Q] = q;
    value[M] = t.tanh;
    value[F] = -less * less / (4 * p.T) - p.T * t.ln_2cosh;
    value[U] = -less * (1 + q) / (2 * p.T) - p.h * t.tanh;
    value[S] = (value[U] - value[F]) / p.T;
    value[CHI] = less / p.T;
    value[REPLICON] = 1 - t.sech4 / (p.T * p.T);
}

/* The limit: sech^2 w / T becomes 2 delta(h + z), its square diverges. */
static void frozen(double h, double value[RESULTS])
{
    double chi = sqrt(2 / 0x1.921fb54442d18p1) * exp(-h * h / 2);
    double m = erf(h * 0x1.6a09e667f3bcdp-1);
    value[Q] = 1;
    value[M] = m;
    value[F] = value[U] = -chi - h * m;
    value[S] = -chi * chi / 4;
    value[CHI] = chi;
    value[REPLICON] = -INFINITY;
}

/* Errors: what the root's width makes, and rounding, in S divided by T. */
static void add_results(double T, const double value[RESULTS],
                        const double next[RESULTS],
                        struct solution *solution)
{
    static const char *const name[RESULTS] = {
        "q", "magnetization", "free_energy_per_site", "energy",
        "entropy_per_site", "susceptibility", "replicon"};
    static const char *const unit[RESULTS] = {
        "1", "1", "energy", "energy", "nats", "1/energy", "1"};
    for (int i = 0; i < RESULTS; i++) {
        double rounding = i == S && T > 0 ? 2e-15 * fabs(value[U]) / T
                                          : 1e-15 * fabs(value[i]);
        double error = isfinite(value[i])
                           ? fabs(next[i] - value[i]) + rounding : 0;
        solution_add(solution, name[i], value[i], error, unit[i]);
    }
}

static void warn_if_broken(double replicon, struct solution *solution)
{
    if (replicon < -1e-9)
        solution_warn(solution,
                      "below the de Almeida-Thouless line (replicon %.3g < "
                      "0): replica symmetry is broken, this is an "
                      "approximation", replicon);
}

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    struct point p = {section_real(keys, "T", 1), section_real(keys, "h", 0)};
    double value[RESULTS], next[RESULTS];
    (void)err;
    if (fabs(p.h) < 1e-150) /* its square is no number: q = 0 were a root */
        p.h = 0;
    if (p.T == 0) {
        frozen(p.h, value);
        frozen(p.h, next);
    } else {
        struct root b = overlap(p);
        if (!b.found) {
            solution_warn(solution, "q = <tanh^2> was not solved");
            return;
        }
        quantities(p, b.x, value);
        quantities(p, b.x + b.width, next);
    }
    add_results(p.T, value, next, solution);
    solution->phase = value[REPLICON] < -1e-9 ? "spin glass"
                      : p.h == 0 ? "paramagnet" : "paramagnet in a field";
    warn_if_broken(value[REPLICON], solution);
}

/* ---- the overlay --------------------------------------------------------- */

static const char *refuses(const struct system *system, int points)
{
    (void)points;
    return strcmp(system->model->name, "sk")
               ? "sk_rs knows the Sherrington-Kirkpatrick model only" : NULL;
}

static void overlay(const struct solver_task *task)
{
    double n = (double)task->system->sites, value[RESULTS];
    double h = section_real(task->system->keys, "h", 0);
    for (int i = 0; i < task->points; i++) {
        struct solution *solution = &task->solution[i];
        double beta = task->lambda[i];
        struct point p = {beta > 1e-9 ? 1 / beta : 1e9, h};
        struct root b = overlap(p);
        if (beta < 0 || !b.found)
            continue;
        quantities(p, b.x, value);
        solution_add(solution, "energy", value[U], 0, "energy");
        solution_add(solution, "ln_z", -n * value[F] / p.T, 0, "1");
        solution_add(solution, "entropy", n * value[S], 0, "nats");
        solution_add(solution, "link_overlap", value[Q] * value[Q], 0, "1");
        warn_if_broken(value[REPLICON], solution);
    }
}

const struct solver solver_sk_rs = {
    .name = "sk_rs",
    .family = FAMILY_REPLICA,
    .summary = "Sherrington-Kirkpatrick model in a field, replica symmetric",
    .source = "Sherrington and Kirkpatrick 1975, Phys. Rev. Lett. 35, 1792: "
              "q = <tanh^2((sqrt q z + h)/T)>",
    .holds = "infinitely many spins; exact above the de Almeida-Thouless "
             "line, below it an approximation (at T = 0: -0.798 for "
             "-0.763)",
    .keys = &sk_rs_table,
    .solve = solve,
    .refuses = refuses,
    .overlay = overlay,
    .limit = "infinitely many spins without symmetry breaking: below the "
             "line of sk_at an approximation, at T = 0 the energy is 0.035 "
             "too low"};
