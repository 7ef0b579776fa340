/* Do error bars hold what they promise? For tests of estimators.

   An estimate's deviation over its error is counted within 1 and 2 over many
   replicas; both counts must lie inside the central 99.9 % of the binomial
   law. False alarm below 0.2 % per check for a new seed; none for a fixed
   one. */
#ifndef TEMPERA_TESTS_COVERAGE_H
#define TEMPERA_TESTS_COVERAGE_H
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <stdint.h>

#include "base/rng.h"
#include "tap.h"

struct source { uint32_t stream, next; };

__attribute__((unused))
static double uniform(struct source *source)
{
    struct rng_quad quad = rng_philox(2, RNG_TEST, source->stream,
                                      source->next++, 0, 0);
    return rng_unit(quad.v[0], quad.v[1]);
}

__attribute__((unused))
static double normal(struct source *source)
{
    double radius = sqrt(-2 * log1p(-uniform(source)));
    return radius * cos(2 * M_PI * uniform(source));
}

struct tally { unsigned trials, in1, in2; };

__attribute__((unused))
static void count(struct tally *tally, double deviation, double error)
{
    tally->trials++;
    tally->in1 += fabs(deviation) < error;
    tally->in2 += fabs(deviation) < 2 * error;
}

static bool plausible(unsigned hits, unsigned trials, double p)
{
    return gsl_cdf_binomial_P(hits, p, trials) > 0.0005 &&
           gsl_cdf_binomial_Q(hits, p, trials) +
           gsl_ran_binomial_pdf(hits, p, trials) > 0.0005;
}

/* expected: must the check pass (true) or reject a mutant (false)? */
__attribute__((unused))
static void covers(const struct tally *tally, bool expected, const char *what)
{
    double p1 = gsl_cdf_ugaussian_P(1) - gsl_cdf_ugaussian_P(-1);
    double p2 = gsl_cdf_ugaussian_P(2) - gsl_cdf_ugaussian_P(-2);
    bool honest = plausible(tally->in1, tally->trials, p1) &&
                  plausible(tally->in2, tally->trials, p2);
    ok(honest == expected, "coverage of %s is %s (%.1f %%, %.1f %%)", what,
       expected ? "right" : "rejected", 100. * tally->in1 / tally->trials,
       100. * tally->in2 / tally->trials);
}

/* The mutant: forgets autocorrelation. */
__attribute__((unused))
static double naive_error(const double *x, int64_t rows, int64_t stride)
{
    double sum = 0, squares = 0, n = (double)rows;
    for (int64_t t = 0; t < rows; t++) {
        sum += x[t * stride];
        squares += x[t * stride] * x[t * stride];
    }
    return sqrt((squares - sum * sum / n) / (n * (n - 1)));
}

#endif
