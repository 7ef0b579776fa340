/* The Sherrington-Kirkpatrick model below the de Almeida-Thouless line: K steps
   of replica symmetry breaking, at any temperature, in a field, and from the
   last of them the Parisi limit. The equations are in systems/parisi.h.

   With y_i = m_i/T, y_(K+1) = 1/T, q_(K+1) = 1,
       u = -sum_(i=1..K+1) y_i (q_i^2 - q_(i-1)^2)/2 - h m, s = (u - f)/T
       susceptibility = sum_(i=1..K+1) y_i (q_i - q_(i-1)).
   At T = 0 (1 - q_K)/T = c = 2 P_K(0), s = -c^2/4: negative, less so with every
   step. f, u and s settle as (K + a)^-4, overlaps as (K + a)^-2: a and the
   limit from the last three K. f_K rises to f: a bound for every K. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "core/solver.h"
#include "stat/tail.h"
#include "systems/parisi.h"

#define SK_RSB_KEYS(KEY)                                                     \
    KEY(real, T, "0.5", 0, 1e6, NULL, "energy", 0, "temperature")            \
    KEY(integer, K, "2", 0, 7, NULL, "steps", 0,                             \
        "steps of replica symmetry breaking; from 3 on the Parisi limit")    \
    KEY(real, h, "0.0", -5, 5, NULL, "energy", 0, "uniform field")
PARAM_STRUCT(sk_rsb_keys, SK_RSB_KEYS);
#define PARAM_ROW_sk_rsb_keys(...) PARAM_ROW(sk_rsb_keys, __VA_ARGS__)
PARAM_TABLE(static, sk_rsb_table, "sk_rsb", sk_rsb_keys, SK_RSB_KEYS);

/* ---- of one K ------------------------------------------------------------ */

enum { F, U, S, CHI, TOP, M, MEAN, SQUARE, REPLICON, RESULTS };

struct answer { struct parisi p; double value[RESULTS]; };

static void add_up(struct answer *a, double finer)
{
    const struct parisi *p = &a->p;
    struct parisi_means means;
    double T = p->T, q = p->q[p->K], *value = a->value;
    parisi_means(p, finer, &means);
    double c = T > 0 ? (1 - q) / T : 2 * means.zero;
    value[U] = -c * (1 + q) / 2 - p->h * means.magnetization;
    value[CHI] = c;
    for (int i = 1; i <= p->K; i++) {
        double step = p->y[i] * (p->q[i] - p->q[i - 1]);
        value[U] -= step * (p->q[i] + p->q[i - 1]) / 2;
        value[CHI] += step;
    }
    value[F] = means.free_energy;
    value[S] = T > 0 ? (value[U] - value[F]) / T : -c * c / 4;
    value[M] = means.magnetization;
    value[TOP] = q;
    value[MEAN] = parisi_overlap(p, 1);
    value[SQUARE] = parisi_overlap(p, 2);
    value[REPLICON] = T > 0 ? 1 - means.sech4 / (T * T) : -INFINITY;
}

static bool answer_at(struct answer *a, const struct answer *from,
                      double finer)
{
    bool solved = parisi_solve(&a->p, from ? &from->p : NULL, finer);
    if (solved)
        add_up(a, finer);
    return solved;
}

/* K = 0 and, below the line, as many steps to K as are found; those found. */
static int climb(double T, double h, int K, struct answer *all)
{
    for (int k = 0; k <= K; k++) {
        all[k] = (struct answer){.p = {.K = k, .T = T, .h = h}};
        if (!answer_at(&all[k], k > 1 ? &all[k - 1] : NULL, 1))
            return k;
        if (k == 0 && all[0].value[REPLICON] >= -1e-9)
            return 1;
    }
    return K + 1;
}

/* The change on refining the sums, with other rounding; what is left of the
   iteration is in directions that fewer steps move along, too. */
static void errors_of(const struct answer *all, int found,
                      double error[RESULTS])
{
    const struct answer *a = &all[found - 1];
    const struct answer *fewer = &all[found > 1 ? found - 2 : 0];
    struct answer fine = {.p = a->p};
    bool solved = answer_at(&fine, a, 1.4);
    for (int i = 0; i < RESULTS; i++) {
        double change = fabs(fine.value[i] - a->value[i]);
        double loose = i == F ? 0 : a->p.loose * fabs(a->value[i] -
                                                      fewer->value[i]);
        double rounding = 2e-15 * fmax(1, a->p.T);
        if (a->p.T > 0 && (i == U || i == CHI || i == S)) /* (1 - q)/T */
            rounding += 4e-16 / a->p.T;
        if (a->p.T > 0 && i == S)
            rounding /= fmin(1, a->p.T);
        error[i] = !isfinite(a->value[i]) ? 0
                   : solved ? 3 * change + loose + rounding : INFINITY;
    }
}

/* At T + step, from the answer at T: near T = 1 all of it is in proportion to
   1 - T. */
static bool energy_near(const struct answer *a, double step, double *u)
{
    struct answer b = *a;
    b.p.T += step;
    if (a->p.K > 0 && a->p.h == 0 && a->p.T > 0.5) {
        double shrunk = (1 - b.p.T) / (1 - a->p.T);
        if (shrunk < 0.1)
            return false;
        for (int i = 0; i <= a->p.K; i++) {
            b.p.q[i] *= shrunk;
            b.p.y[i] *= shrunk;
        }
    }
    struct answer found = {.p = b.p};
    if (!answer_at(&found, &b, 1))
        return false;
    *u = found.value[U];
    return true;
}

/* du/dT by differences of fourth order; NAN when a neighbour is not solved. */
static double heat_of(const struct answer *a, double *error)
{
    double du[2], T = a->p.T, small = 4e-3 * T;
    if (a->p.K == 0 && a->p.h == 0 && T >= 1)
        return 1 / (2 * T * T);
    if (a->p.K == 0 && fabs(a->p.h) < 1e-3) /* a kink at T = 1, or nearly */
        small = fmin(small, fmax(fabs(1 - T) / 4, 1e-6));
    if (a->p.K > 0)
        small *= fmin(1, 15 * (a->p.q[a->p.K] - a->p.q[0]));
    for (int i = 0; i < 2; i++) {
        double up, down, step = small * (1 + i);
        if (!energy_near(a, step, &up) || !energy_near(a, -step, &down))
            return NAN;
        du[i] = (up - down) / (2 * step);
    }
    *error = fabs(du[1] - du[0]) / 30 + (1e-12 + 4e-16 / T) / small;
    return (4 * du[0] - du[1]) / 3;
}

/* Next to the transition by fewer steps, which differ little there. */
static double specific_heat(const struct answer *all, int found,
                            double *error)
{
    double heat = NAN, off = 0;
    *error = 0;
    if (all[0].p.T == 0)
        return 0;
    for (int k = found - 1; k >= (found > 1) && !isfinite(heat); k--) {
        heat = heat_of(&all[k], error);
        off = fabs(all[k].value[U] - all[found - 1].value[U]);
    }
    *error += 20 * off / all[0].p.T;
    return heat;
}

/* ---- the limit of K ------------------------------------------------------ */

static double limit_of(const struct answer *all, int K, int what,
                       double power)
{
    double last[3] = {all[K - 2].value[what], all[K - 1].value[what],
                      all[K].value[what]};
    return tail_limit(last, K, power);
}

/* With its change from K - 1 as error, and a part of the way to it, as that
   change may pass through 0; or, where differences drown, the last value. */
static void add_limit(const struct answer *all, int K, int what, double power,
                      const char *name, const char *unit,
                      struct solution *solution)
{
    double limit = limit_of(all, K, what, power);
    double before = limit_of(all, K - 1, what, power);
    double last = all[K].value[what];
    double step = fabs(last - all[K - 1].value[what]);
    double error = fabs(limit - (isfinite(before) ? before : last)) +
                   fabs(limit - last) / (10 * pow(3, K - 3));
    if (!isfinite(limit) || !(error < 2 * step)) {
        limit = last;
        error = 2 * step * (K + 1.3) / power + 1e-13;
    }
    solution_add(solution, name, limit, error + 2e-15, unit);
}

static void add_limits(const struct answer *all, int K,
                       struct solution *solution)
{
    add_limit(all, K, F, 4, "parisi_free_energy_per_site", "energy",
              solution);
    add_limit(all, K, CHI, 2, "parisi_susceptibility", "1/energy", solution);
    if (all[K].p.T == 0) {
        add_limit(all, K, F, 4, "parisi_ground_energy", "energy", solution);
        return;
    }
    add_limit(all, K, U, 4, "parisi_energy", "energy", solution);
    add_limit(all, K, S, 4, "parisi_entropy_per_site", "nats", solution);
    add_limit(all, K, TOP, 2, "parisi_q_max", "1", solution);
}

/* ---- answers ------------------------------------------------------------- */

static const char *const q_name[PARISI_MOST + 1] = {
    "q_0", "q_1", "q_2", "q_3", "q_4", "q_5", "q_6", "q_7"};
static const char *const m_name[PARISI_MOST + 1] = {
    "", "m_1", "m_2", "m_3", "m_4", "m_5", "m_6", "m_7"};
static const char *const y_name[PARISI_MOST + 1] = {
    "", "y_1", "y_2", "y_3", "y_4", "y_5", "y_6", "y_7"};

static void add_steps(const struct parisi *p, struct solution *solution)
{
    double loose = p->loose + 1e-15;
    for (int i = 0; i <= p->K; i++)
        solution_add(solution, q_name[i], p->q[i],
                     p->T == 0 && i == p->K ? 0 : loose * p->q[i], "1");
    for (int i = 1; i <= p->K; i++)
        if (p->T > 0)
            solution_add(solution, m_name[i], p->T * p->y[i],
                         loose * p->T * p->y[i], "1");
        else
            solution_add(solution, y_name[i], p->y[i], loose * p->y[i],
                         "1/energy");
}

/* q at x = 0, 0.01, ..., 1 */
static void add_curve(const struct parisi *p, struct solution *solution)
{
    enum { POINTS = 101 };
    double *q = mem_new(POINTS, sizeof *q), *x = mem_new(POINTS, sizeof *x);
    for (int i = 0; i < POINTS; i++) {
        int k = 0;
        x[i] = i / 100.0;
        while (k < p->K && p->T * p->y[k + 1] <= x[i])
            k++;
        q[i] = p->q[k];
    }
    solution_add_curve(solution, (struct solution_curve){
        .name = "x", .unit = "1", .count = POINTS, .value = x,
        .definition = "0, 0.01, ..., 1"});
    solution_add_curve(solution, (struct solution_curve){
        .name = "q_of_x", .unit = "1", .count = POINTS, .value = q,
        .definition = "Parisi's q(x): overlaps are below it with probability "
                      "x",
        .against = "x"});
}

static void add_values(const struct answer *all, int found,
                       struct solution *solution)
{
    const struct answer *a = &all[found - 1];
    static const char *const name[RESULTS] = {
        "free_energy_per_site", "energy", "entropy_per_site",
        "susceptibility", "q_max", "magnetization", "mean_overlap",
        "mean_overlap_2", "replicon"};
    static const char *const unit[RESULTS] = {
        "energy", "energy", "nats", "1/energy", "1", "1", "1", "1", "1"};
    double error[RESULTS], heat_error;
    double heat = specific_heat(all, found, &heat_error);
    errors_of(all, found, error);
    for (int i = 0; i < RESULTS; i++)
        if (i == M ? a->p.h != 0 : a->p.T > 0 || i < TOP)
            solution_add(solution, name[i], a->value[i], error[i], unit[i]);
    if (isfinite(heat))
        solution_add(solution, "specific_heat", heat, heat_error, "1");
    if (a->p.T == 0)
        solution_add(solution, "ground_energy", a->value[F], error[F],
                     "energy");
}

/* found: K = 0 and the steps that were solved. */
static void set_phase(const struct answer *all, int found, int K,
                      struct solution *solution)
{
    double replicon = all[0].value[REPLICON];
    bool broken = replicon < -1e-9;
    solution->phase = broken ? "spin glass"
                      : all[0].p.h == 0
                          ? "paramagnet, replica symmetric: q_0 alone"
                          : "in a field, replica symmetric: q_0 alone";
    if (broken && found <= K)
        solution_warn(solution,
                      "K = %d was not solved (where symmetry is hardly broken "
                      "steps differ by less than rounding): given for K = "
                      "%d", found, found - 1);
    if (broken && found == 1)
        solution_warn(solution,
                      "replica symmetry is broken (replicon %.3g < 0): this "
                      "is an approximation", replicon);
}

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    struct answer all[PARISI_MOST + 1];
    int K = (int)section_integer(keys, "K", 0);
    double T = section_real(keys, "T", 1), h = section_real(keys, "h", 0);
    if (T > 0 && T < 1e-6)
        solution_warn(solution, "T below 1e-6 is taken for 0");
    T = T < 1e-6 ? 0 : T;
    int found = climb(T, h, K, all);
    (void)err;
    if (found == 0) {
        solution_warn(solution, "q = <tanh^2> was not solved");
        return;
    }
    struct answer *last = &all[found - 1];
    set_phase(all, found, K, solution);
    add_values(all, found, solution);
    add_steps(&last->p, solution);
    if (found > 3)
        add_limits(all, found - 1, solution);
    if (T > 0)
        add_curve(&last->p, solution);
}

/* ---- the overlay --------------------------------------------------------- */

enum { OVERLAY_K = 2 };

/* p_spin with p = 2 has the same limit. */
static const char *refuses(const struct system *system, int points)
{
    bool pairs = !strcmp(system->model->name, "p_spin") &&
                 section_integer(system->keys, "p", 0) == 2;
    if (strcmp(system->model->name, "sk") && !pairs)
        return "sk_rsb knows the Sherrington-Kirkpatrick model only";
    if (fabs(section_real(system->keys, "h", 0)) > 5)
        return "sk_rsb takes fields to 5";
    if (points > 200)
        return "sk_rsb would need more than 10 seconds";
    return NULL;
}

/* Moments of q, all of them of |q| at h = 0. Above T = 1 N <q^2> is known;
   next to it, where it is of order N^(1/3), neither side says anything:
   1/(1 - 1/T^2) has no bound, and N (1 - T)^2 falls below 1. */
static void add_overlaps(const struct answer *a, double sites,
                         struct solution *solution)
{
    double T = a->p.T, square = a->value[SQUARE];
    solution_add(solution, "link_overlap", square, 0, "1");
    if (a->p.h != 0) {
        solution_add(solution, "overlap", a->value[MEAN], 0, "1");
        solution_add(solution, "magnetization", a->value[M], 0, "1");
    } else if (fabs(T - 1) * cbrt(sites) < 1)
        return;
    if (a->p.q[a->p.K] > 0) {
        solution_add(solution, "glass_susceptibility", sites * square, 0,
                     "1");
        solution_add(solution, "binder_ratio",
                     parisi_overlap(&a->p, 4) / (square * square), 0, "1");
    } else if (T > 1) {
        solution_add(solution, "glass_susceptibility",
                     1 / (1 - 1 / (T * T)), 0, "1");
    }
}

static void at_rung(const struct system *system, double beta,
                    struct solution *solution)
{
    struct answer all[OVERLAY_K + 1];
    double n = (double)system->sites, error;
    double T = beta > 1e-9 ? 1 / beta : 1e9; /* beta = 0: to rounding */
    int found = climb(T, section_real(system->keys, "h", 0), OVERLAY_K, all);
    if (beta < 0 || found == 0)
        return;
    const struct answer *a = &all[found - 1];
    double heat = specific_heat(all, found, &error);
    solution_add(solution, "energy", a->value[U], 0, "energy");
    if (isfinite(heat))
        solution_add(solution, "specific_heat", heat, 0, "1");
    solution_add(solution, "ln_z", -n * a->value[F] / T, 0, "1");
    solution_add(solution, "entropy", n * a->value[S], 0, "nats");
    add_overlaps(a, n, solution);
}

static void overlay(const struct solver_task *task)
{
    for (int i = 0; i < task->points; i++)
        at_rung(task->system, task->lambda[i], &task->solution[i]);
}

const struct solver solver_sk_rsb = {
    .name = "sk_rsb",
    .family = FAMILY_REPLICA,
    .summary = "Sherrington-Kirkpatrick model with K steps of replica "
               "symmetry breaking, and the Parisi limit",
    .source = "Parisi 1980, J. Phys. A 13, 1101 and L115: stationary f(q_0 "
              "... q_K, m_1 ... m_K)",
    .holds = "infinitely many spins, fields to 5; for finite K a lower bound "
             "of f, within 2e-3 (K = 1), 4e-4 (2), 3e-5 (5) of it at T = 0, "
             "closer above; from K = 3 extrapolated",
    .keys = &sk_rsb_table,
    .solve = solve,
    .refuses = refuses,
    .overlay = overlay,
    .limit = "infinitely many spins, 2 steps of symmetry breaking (energy "
             "2e-4 too low at T = 0.2); that of N spins lies about 0.7 "
             "N^(-2/3) above, moments of q lie above and are left out at h = "
             "0 within N^(-1/3) of T = 1, and few samples scatter"};
