/* stat/population.h: laws with known moments, numbers that do not depend on
   threads, honest errors over seeds, and mutants of them. Fixed seeds; false
   alarms below 1e-5. */
#include <gsl/gsl_cdf.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "stat/population.h"
#include "tap.h"

/* x' = a sum of k others + 1 + z, k of Poisson's law with mean c:
   mean m = 1/(1 - a c), variance v = (1 + a^2 c m^2)/(1 - a^2 c). The other
   number of a member is what a chance gave it. */
struct law { double a, c, start; };

static void start(struct chance *chance, double *member, const void *with)
{
    member[0] = ((const struct law *)with)->start;
    member[1] = chance_unit(chance);
}

static double make(const struct population *old, struct chance *chance,
                   double *member, const void *with)
{
    const struct law *law = with;
    int neighbours = chance_poisson(chance, law->c);
    member[0] = 1 + chance_normal(chance);
    for (int k = 0; k < neighbours; k++)
        member[0] += law->a * population_any(old, chance)[0];
    member[1] = chance_unit(chance);
    return 1;
}

static void observe(const struct population *now, struct chance *chance,
                    double *value, const void *with)
{
    double x = population_any(now, chance)[0];
    (void)with;
    value[0] = x;
    value[1] = x * x;
}

static struct population_rule rule_of(const struct law *law)
{
    return (struct population_rule){.width = 2, .with = law, .start = start,
                                    .make = make, .observables = 2,
                                    .observe = observe};
}

/* Mean, and error of it, of a run. */
static struct population_mean mean_of(struct law law, uint64_t seed,
                                      int settle, int rows)
{
    struct population_rule rule = rule_of(&law);
    struct population p = population_new(&rule, 512, seed);
    struct population_series s = population_run(&p, &rule, settle, rows,
                                                512);
    struct population_mean mean = population_observable(&s, 0);
    population_series_free(&s);
    population_free(&p);
    return mean;
}

static void check_law(void)
{
    struct law law = {.a = 0.2, .c = 2.5};
    struct population_rule rule = rule_of(&law);
    struct population p = population_new(&rule, 4000, 3);
    struct population_series s = population_run(&p, &rule, 30, 200, 4000);
    double m = 1 / (1 - 0.5), v = (1 + 0.1 * m * m) / (1 - 0.1);
    struct population_mean x = population_observable(&s, 0);
    struct population_mean x2 = population_observable(&s, 1);
    double slope[2] = {-2 * m, 1};
    struct population_mean variance = population_mean(&s, slope);
    near(x.mean, m, 4.5 * x.error, "mean of a linear law");
    near(x2.mean, m * m + v, 4.5 * x2.error, "its second moment");
    near(variance.mean + m * m, v, 4.5 * variance.error,
         "a function of means by its derivatives");
    ok(x.error < 0.01 && variance.error < 0.02, "errors are small");
    ok(population_settled(&s), "settled");
    population_series_free(&s);
    population_free(&p);
    law.start = 50;
    struct population_mean early = mean_of(law, 3, 0, 20);
    ok(fabs(early.drift) > 5, "drift seen without settling: %.1f",
       early.drift);
}

/* Slow, so that rows hang together: a c = 0.8. */
static void check_errors(void)
{
    enum { SEEDS = 60 };
    struct law law = {.a = 0.4, .c = 2, .start = 5};
    double square = 0, naive = 0;
    for (int i = 0; i < SEEDS; i++) {
        struct population_mean x = mean_of(law, 100 + (uint64_t)i, 40, 200);
        double z = (x.mean - 5) / x.error;
        square += z * z;
        naive += z * z * 2 * x.tau_int;
    }
    ok(gsl_cdf_chisq_Q(square, SEEDS) > 1e-5 &&
       gsl_cdf_chisq_P(square, SEEDS) > 1e-5,
       "errors are those of %d seeds: z^2 = %.2f", SEEDS, square / SEEDS);
    ok(gsl_cdf_chisq_Q(naive, SEEDS) < 1e-5,
       "mutant rejected: rows taken as independent, z^2 = %.2f",
       naive / SEEDS);
}

static void check_threads(void)
{
    struct law law = {.a = 0.2, .c = 2.5};
    struct population_rule rule = rule_of(&law);
    struct population_series s[2];
    size_t bytes = 10 * 2 * sizeof(double);
    int threads = omp_get_max_threads();
    for (int i = 0; i < 2; i++) {
        omp_set_num_threads(i ? 3 : 1);
        struct population p = population_new(&rule, 1000, 8);
        s[i] = population_run(&p, &rule, 2, 10, 1000);
        population_free(&p);
    }
    omp_set_num_threads(threads);
    ok(!memcmp(s[0].at, s[1].at, bytes), "the same with 1 and 3 threads");
    s[1].at[3] = nextafter(s[1].at[3], 9);
    ok(memcmp(s[0].at, s[1].at, bytes), "mutant rejected: one last digit");
    population_series_free(&s[0]);
    population_series_free(&s[1]);
}

/* ---- weights ------------------------------------------------------------- */

static void start_zero(struct chance *chance, double *member,
                       const void *with)
{
    (void)chance;
    (void)with;
    member[0] = 7;
}

/* Normal, weighed by e^x: normal of mean 1, mean weight e^(1/2). */
static double make_weighed(const struct population *old,
                           struct chance *chance, double *member,
                           const void *with)
{
    (void)old;
    member[0] = chance_normal(chance);
    return *(const double *)with * exp(member[0]);
}

static void check_weights(void)
{
    double scale = 1, nothing = 0;
    struct population_rule rule = {.width = 1, .with = &scale,
                                   .start = start_zero, .make = make_weighed,
                                   .observables = 2, .observe = observe};
    struct population p = population_new(&rule, 20000, 5);
    struct population_series s = population_run(&p, &rule, 0, 20, 20000);
    struct population_mean x = population_observable(&s, 0);
    struct population_mean x2 = population_observable(&s, 1);
    near(x.mean, 1, 4.5 * x.error + 1e-3, "weights shift the mean");
    near(x2.mean, 2, 4.5 * x2.error + 3e-3, "and leave the variance");
    near(p.mean_weight, exp(0.5), 0.07, "mean weight");
    ok(fabs(x.mean) > 4.5 * x.error + 1e-3, "mutant rejected: no weights");
    population_series_free(&s);
    population_free(&p);
    rule.with = &nothing;
    p = population_new(&rule, 100, 5);
    population_step(&p, &rule);
    ok(p.mean_weight == 0 && p.member[0] == 7, "weights 0: as it was");
    population_free(&p);
}

static void check_resample(void)
{
    double weight[4] = {1, 0, 2, 1};
    int64_t take[8], most[4] = {0}, expected[4] = {2, 0, 4, 2};
    population_resample(weight, 4, 0.5, take, 8);
    for (int i = 0; i < 8; i++)
        most[take[i]]++;
    ok(!memcmp(most, expected, sizeof most), "taken in proportion");
}

int main(void)
{
    check_law();
    check_errors();
    check_threads();
    check_weights();
    check_resample();
    return tap_done();
}
