/* Own exp and log, burn-in rounds, the plan of who hosts what. */
#include <float.h>

#include "base/math.h"
#include "base/rng.h"
#include "core/plan.h"
#include "run/rounds.h"
#include "tap.h"

/* ---- exp and log --------------------------------------------------------- */

/* |got - want| in units of the last place of want. */
static double ulps(double got, long double want)
{
    int exponent;
    if ((long double)got == want)
        return 0;
    frexpl(want, &exponent);
    exponent = exponent < DBL_MIN_EXP ? DBL_MIN_EXP : exponent;
    return (double)(fabsl((long double)got - want) /
                    ldexpl(1, exponent - DBL_MANT_DIG));
}

static double between(double a, double b, uint32_t i, uint32_t n)
{
    struct rng_quad quad = rng_philox(1, RNG_TEST, i, n, 0, 0);
    double jitter = rng_unit(quad.v[0], quad.v[1]);
    return a + (b - a) * ((double)i + jitter) / (double)n;
}

static double worst_exp(double a, double b, uint32_t n)
{
    double worst = 0;
    for (uint32_t i = 0; i < n; i++) {
        double x = between(a, b, i, n);
        worst = fmax(worst, ulps(num_exp(x), expl((long double)x)));
    }
    return worst;
}

static double worst_log(double a, double b, uint32_t n, bool powers)
{
    double worst = 0;
    for (uint32_t i = 0; i < n; i++) {
        double x = between(a, b, i, n);
        x = powers ? exp2(x) : x;
        worst = fmax(worst, ulps(num_log(x), logl((long double)x)));
    }
    return worst;
}

/* A body without its low part of ln 2 is the mutant. */
static double sloppy_exp(double x)
{
    double n = nearbyint(x * 0x1.71547652b82fep0);
    return ldexp(exp(x - n * 0x1.62e42feep-1), (int)n);
}

static void check_exp(void)
{
    static const double ends[][2] = {{-745.1, -708}, {-708, -30}, {-30, -1},
                                     {-1, 1}, {-1e-3, 1e-3}, {1, 30},
                                     {30, 709.7}};
    double mutant = 0;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        double worst = worst_exp(ends[i][0], ends[i][1], 100000);
        ok(worst <= 1, "exp in [%g, %g]: %.3f ulp", ends[i][0], ends[i][1],
           worst);
    }
    for (uint32_t i = 0; i < 1000; i++) {
        double x = between(-30, -1, i, 1000);
        mutant = fmax(mutant, ulps(sloppy_exp(x), expl((long double)x)));
    }
    ok(mutant > 1, "mutant rejected: exp with a short ln 2 by ulps");
    ok(num_exp(0) == 1 && num_exp(-0.0) == 1 && num_exp(-746) == 0 &&
       num_exp(-INFINITY) == 0 && isinf(num_exp(710)) &&
       isinf(num_exp(INFINITY)) && isnan(num_exp(NAN)) &&
       num_exp(-745.13) > 0, "exp at its ends");
    bool grows = true;
    for (uint32_t i = 1; i < 200000; i++)
        grows = grows && num_exp(-2 + i * 1e-5) >= num_exp(-2 + (i - 1) *
                                                           1e-5);
    ok(grows, "exp never falls");
}

static void check_log(void)
{
    double worst = worst_log(0.5, 2, 200000, false);
    ok(worst <= 1, "log near 1: %.3f ulp", worst);
    worst = worst_log(1 - 1e-6, 1 + 1e-6, 100000, false);
    ok(worst <= 1, "log next to 1: %.3f ulp", worst);
    worst = worst_log(-1073, 1023.9, 200000, true);
    ok(worst <= 1, "log from the smallest to the largest: %.3f ulp", worst);
    ok(num_log(1) == 0 && num_log(0) == -INFINITY && isnan(num_log(-1)) &&
       isinf(num_log(INFINITY)) && isnan(num_log(NAN)), "log at its ends");
}

/* ---- rounds -------------------------------------------------------------- */

static void check_rounds(void)
{
    static const int64_t want[] = {32, 64, 128, 256, 512, 1024, 1984, 0, 0};
    bool same = true, sums = true, doubles = true;
    for (int r = 0; r < 9; r++)
        same = same && round_sweeps(4000, r) == want[r];
    ok(same, "4000: 32, 64, ..., 1024, 1984");
    for (int64_t burn_in = 0; burn_in < 5000; burn_in++) {
        int64_t sum = 0, length = 32;
        for (int r = 0; round_sweeps(burn_in, r); r++, length *= 2) {
            sum += round_sweeps(burn_in, r);
            doubles = doubles && (round_sweeps(burn_in, r) == length ||
                                  sum == burn_in);
        }
        sums = sums && sum == burn_in;
    }
    ok(sums && doubles, "rounds double while they fit and add up");
    ok(round_sweeps(0, 0) == 0 && round_sweeps(10, 0) == 10 &&
       round_sweeps(10, 1) == 0 && round_sweeps(32, 0) == 32,
       "no burn-in, and less than a round");
    ok(round_adapts(4000, 0) && round_adapts(4000, 5) &&
       round_adapts(4000, 6), "whole rounds adapt, and a long remnant");
    ok(!round_adapts(32 + 64 + 31, 2) && round_adapts(32 + 64 + 32, 2),
       "a remnant shorter than half the round before does not");
    int64_t huge = INT64_C(1000000000000000);
    int64_t sum = 0;
    for (int r = 0; round_sweeps(huge, r); r++)
        sum += round_sweeps(huge, r);
    ok(sum == huge, "the longest burn-in allowed");
}

/* ---- the plan ------------------------------------------------------------ */

/* Whole, in order, split at multiples of the unit, balanced to a unit. */
static bool plan_holds(int64_t walkers, enum stream stream, int ranks)
{
    struct plan *plan = plan_new(walkers, stream, ranks);
    bool good = plan->first[0] == 0 && plan->first[ranks] == walkers &&
                plan->walkers == walkers && plan->ranks == ranks;
    int64_t least = walkers, most = 0;
    int idle = 0;
    for (int r = 0; r < ranks; r++) {
        int64_t mine = plan->first[r + 1] - plan->first[r];
        good = good && mine >= 0 &&
               (plan->first[r] % plan->unit == 0 ||
                plan->first[r] == walkers);
        idle += mine == 0;
        least = mine < least ? mine : least;
        most = mine > most ? mine : most;
    }
    good = good && most - least <= 2 * plan->unit - 1 && idle == plan->idle;
    good = good && plan->used > 0 && plan->used <= 1;
    plan_free(plan);
    return good;
}

static void check_plan(void)
{
    bool good = true;
    for (int s = 0; s < STREAM_COUNT; s++)
        for (int64_t walkers = 1; walkers < 1500; walkers += 37)
            for (int ranks = 1; ranks < 40; ranks++)
                good = good && plan_holds(walkers, (enum stream)s, ranks);
    ok(good, "plans are whole, ordered, balanced, split at units");
    struct plan *few = plan_new(512, STREAM_LANE, 2);
    struct plan *many = plan_new(512, STREAM_LANE, 4);
    struct plan *word = plan_new(10, STREAM_WORD, 16);
    ok(few->unit == 256 && few->first[1] == 256 && few->used == 1,
       "whole groups of lanes where ranks are few");
    ok(many->unit == 64 && many->first[1] == 128 && many->used == 1,
       "words of 64 lanes where they are many");
    ok(word->unit == 1 && word->idle == 6 && word->used == 1,
       "walkers fewer than ranks: idle ranks");
    plan_free(few);
    plan_free(many);
    plan_free(word);
}

int main(void)
{
    check_exp();
    check_log();
    check_rounds();
    check_plan();
    return tap_done();
}
