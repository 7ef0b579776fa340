/* The statistical checks of a chain, the same for what is registered and for
   the mutants that they must reject.

   stationary: states drawn from p, one sweep, chi-square against p.
   mixed:      from one fixed state, n sweeps, chi-square against p. The
               identity is stationary and does not mix.
   mean:       states drawn from p, 16 sweeps, every walker's average of u
               and of every observable against the exact mean.
   series:     one walker's u over many sweeps: tau_int finite and small,
               the mean exact within its error.

   Seeds are fixed: no false alarm. For a new seed a chi-square fails by
   chance once in 1e6, a mean of u once in 16000, another mean once in 1e6, a
   series once in 16000. */
#ifndef TEMPERA_TESTS_CHECKS_H
#define TEMPERA_TESTS_CHECKS_H
#include "law.h"
#include "stat/gamma.h"

#define CHANCE_LEAST 1e-6
#define Z_MOST_U 4.0
#define Z_MOST_OTHER 5.0

/* Walkers and sweeps of a check. */
struct effort { int walkers, sweeps; };
static const struct effort effort_stationary = {7680, 1};
static const struct effort effort_mixed = {1920, 40};
static const struct effort effort_mean = {512, 16}; /* and see mean_effort */
/* Means of so few walkers are normal enough for a z where the exact law has
   at most this kurtosis: rare values are left to the chi-squares. */
#define KURTOSIS_MOST 10
enum { SERIES_ROWS = 2048 };

struct outcome {
    int walkers;
    double *count;                   /* [states] where walkers ended */
    double sum[LAW_QUANTITIES];      /* of the walkers' averages */
    double square[LAW_QUANTITIES];   /* deviations from the exact, squared */
};

static void chain_start(struct bank *bank, const struct law *law,
                        uint32_t round, bool exact)
{
    const struct system *system = bank->spec.system;
    char *state = mem_new(1, system->state_bytes);
    for (int lane = 0; lane < bank->spec.lanes; lane++) {
        int number = exact ? law_draw(law, round, (uint32_t)lane)
                           : law->start;
        law_state(system, number, state);
        bank->kernel->put(bank, lane, state);
    }
    free(state);
}

/* average[lane][LAW_QUANTITIES] += what each lane has now */
static void chain_measure(const struct bank *bank, double *average)
{
    const struct system *system = bank->spec.system;
    double statistics[256 * STATISTICS_MAX], q[LAW_QUANTITIES];
    bank->kernel->measure(bank, statistics, 1);
    for (int lane = 0; lane < bank->spec.lanes; lane++) {
        int count = quantities_of(
            system, statistics + lane * system->model->statistics, q);
        for (int i = 0; i < count; i++)
            average[lane * LAW_QUANTITIES + i] += q[i];
    }
}

static void note_lanes(const struct bank *bank, const struct law *law,
                       const double *average, int sweeps,
                       struct outcome *out)
{
    char *state = mem_new(1, bank->spec.system->state_bytes);
    for (int lane = 0; lane < bank->spec.lanes; lane++) {
        bank->kernel->get(bank, lane, state);
        out->count[law_number(bank->spec.system, state)]++;
        for (int i = 0; average && i < law->quantities; i++) {
            double off = average[lane * LAW_QUANTITIES + i] / sweeps -
                         law->mean[i];
            out->sum[i] += off;
            out->square[i] += off * off;
        }
        out->walkers++;
    }
    free(state);
}

/* Frees nothing: outcome.count is the caller's. The law may be that of
   another system (a mutant's): it is what the chain is judged by. */
static struct outcome chain_run(const struct chain *chain,
                                const struct law *law,
                                const struct rung *rung,
                                struct effort effort, bool exact, bool means)
{
    double average[256 * LAW_QUANTITIES];
    struct outcome out = {.walkers = 0};
    struct bank *bank = chain_bank(chain, rung, chain_lanes(chain),
                                   20250101);
    uint64_t tick = 0;
    out.count = mem_new((size_t)law->states, sizeof *out.count);
    for (uint32_t round = 0; out.walkers < effort.walkers; round++) {
        memset(average, 0, sizeof average);
        chain_start(bank, law, round, exact);
        for (int t = 0; t < effort.sweeps; t++) {
            bank->kernel->sweep(bank, ++tick, 1);
            if (means)
                chain_measure(bank, average);
        }
        note_lanes(bank, law, means ? average : NULL, effort.sweeps, &out);
    }
    bank_free(bank);
    return out;
}

/* ---- verdicts: true when the chain passes -------------------------------- */

__attribute__((unused))
static bool check_stationary(const struct chain *chain,
                             const struct law *law, const struct rung *rung)
{
    struct outcome out = chain_run(chain, law, rung, effort_stationary, true,
                                   false);
    double chance = law_chance(law, out.count);
    free(out.count);
    if (chance < CHANCE_LEAST)
        printf("# stationarity: chance %.2g\n", chance);
    return chance >= CHANCE_LEAST;
}

__attribute__((unused))
static bool check_mixed(const struct chain *chain, const struct law *law,
                        const struct rung *rung)
{
    struct effort effort = effort_mixed;
    if (chain->dynamics->conserves)
        effort.sweeps *= 4; /* what is conserved moves slowly */
    struct outcome out = chain_run(chain, law, rung, effort, false, false);
    double chance = law_chance(law, out.count);
    free(out.count);
    if (chance < CHANCE_LEAST)
        printf("# mixing: chance %.2g\n", chance);
    return chance >= CHANCE_LEAST;
}

/* Deviation in standard errors; what never varies must be exact. */
static double z_of(double sum, double square, int count)
{
    double mean = sum / count;
    double variance = (square / count - mean * mean) / (count - 1);
    if (variance <= 1e-28 * mean * mean)
        return fabs(mean) < 1e-12 ? 0 : INFINITY;
    return mean / sqrt(variance);
}

/* Largest minus least of a quantity where p > 0. */
static double spread(const struct law *law, int i)
{
    double least = INFINITY, most = -INFINITY;
    for (int n = 0; n < law->states; n++)
        if (law->p[n] > 0) {
            least = fmin(least, law->q[n * LAW_QUANTITIES + i]);
            most = fmax(most, law->q[n * LAW_QUANTITIES + i]);
        }
    return most - least;
}

static double kurtosis(const struct law *law, int i)
{
    double second = 0, fourth = 0;
    for (int n = 0; n < law->states; n++) {
        double off = law->q[n * LAW_QUANTITIES + i] - law->mean[i];
        second += law->p[n] * off * off;
        fourth += law->p[n] * off * off * off * off;
    }
    return second > 0 ? fourth / (second * second) : 0;
}

/* Where many lanes move fast, so many that 2 % in an acceptance show. */
static struct effort mean_effort(const struct chain *chain)
{
    struct effort effort = effort_mean;
    if (chain->kernel->rank > 0 && chain_lanes(chain) > 32)
        effort.walkers = 200 * chain_lanes(chain);
    return effort;
}

__attribute__((unused))
static bool check_mean(const struct chain *chain, const struct law *law,
                       const struct rung *rung)
{
    const struct model *model = law->system->model;
    struct outcome out = chain_run(chain, law, rung, mean_effort(chain),
                                   true, true);
    bool pass = true;
    for (int i = 0; i < law->quantities; i++) {
        double z = z_of(out.sum[i], out.square[i], out.walkers);
        bool is_u = i < law->system->components;
        if (fabs(z) < (is_u ? Z_MOST_U : Z_MOST_OTHER) ||
            kurtosis(law, i) > KURTOSIS_MOST)
            continue;
        printf("# mean of %s: z = %.2f\n", quantity_name(model, i), z);
        pass = false;
    }
    free(out.count);
    return pass;
}

__attribute__((unused))
static bool check_series(const struct chain *chain, const struct law *law,
                         const struct rung *rung)
{
    static double u[SERIES_ROWS], statistics[256 * STATISTICS_MAX];
    double all[COMPONENTS_MAX];
    struct bank *bank = chain_bank(chain, rung, 1, 20250102);
    struct gamma_plan *plan = gamma_plan_new(SERIES_ROWS);
    chain_start(bank, law, 0, false);
    for (int t = -64; t < SERIES_ROWS; t++) {
        bank->kernel->sweep(bank, (uint64_t)(t + 65), 1);
        bank->kernel->measure(bank, statistics, 1);
        chain->system->model->u(chain->system, statistics, all);
        if (t >= 0)
            u[t] = all[0];
    }
    struct gamma gamma = gamma_estimate(plan, u, 1);
    double z = (gamma.mean - law->mean[0]) / gamma.error;
    bool constant = spread(law, 0) == 0 && gamma.mean == law->q[law->start *
                                                             LAW_QUANTITIES];
    bool pass = constant ||
                (gamma.error > 0 && isfinite(gamma.tau_int) &&
                50 * gamma.tau_int < SERIES_ROWS && fabs(z) < Z_MOST_U);
    if (!pass)
        printf("# series of u: tau_int %.3g, mean %.4f, error %.2g, exact "
               "%.4f\n", gamma.tau_int, gamma.mean, gamma.error,
               law->mean[0]);
    gamma_plan_free(plan);
    bank_free(bank);
    return pass;
}

#endif
