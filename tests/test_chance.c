/* base/chance.h: laws of its numbers by chi-square, each below its 1e-6 point
   at a fixed seed, and the same check must reject numbers of a wrong law. */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

#include "base/chance.h"
#include "tap.h"

enum { DRAWS = 100000, CELLS = 20 };

/* P(chi-square at least as large) of counts against probabilities. */
static double tail(const int *count, const double *p, int cells)
{
    double sum = 0;
    for (int i = 0; i < cells; i++)
        sum += (count[i] - DRAWS * p[i]) * (count[i] - DRAWS * p[i]) /
               (DRAWS * p[i]);
    return gsl_cdf_chisq_Q(sum, cells - 1);
}

static double uniform_tail(double power)
{
    int count[CELLS] = {0};
    double p[CELLS];
    struct chance chance = chance_of(5, RNG_TEST, 1, 2);
    for (int i = 0; i < CELLS; i++)
        p[i] = 1.0 / CELLS;
    for (int i = 0; i < DRAWS; i++)
        count[(int)(CELLS * pow(chance_unit(&chance), power))]++;
    return tail(count, p, CELLS);
}

static double below_tail(void)
{
    int count[7] = {0};
    double p[7];
    struct chance chance = chance_of(5, RNG_TEST, 1, 3);
    for (int i = 0; i < 7; i++)
        p[i] = 1.0 / 7;
    for (int i = 0; i < DRAWS; i++)
        count[chance_below(&chance, 7)]++;
    return tail(count, p, 7);
}

/* Counts of mean 3.5 against the law of `mean`. */
static double poisson_tail(double mean)
{
    int count[12] = {0};
    double p[12], rest = 1;
    struct chance chance = chance_of(5, RNG_TEST, 1, 4);
    for (int i = 0; i < 12; i++) {
        p[i] = i < 11 ? gsl_ran_poisson_pdf((unsigned)i, mean) : rest;
        rest -= p[i];
    }
    for (int i = 0; i < DRAWS; i++) {
        int k = chance_poisson(&chance, 3.5);
        count[k < 11 ? k : 11]++;
    }
    return tail(count, p, 12);
}

/* One at a time, or all at once. */
static double normal_tail(bool row, double sigma)
{
    static double x[DRAWS];
    int count[CELLS] = {0};
    double p[CELLS];
    struct chance chance = chance_of(5, RNG_TEST, 1, 5);
    for (int i = 0; i < CELLS; i++)
        p[i] = 1.0 / CELLS;
    if (row)
        chance_normals(&chance, DRAWS, x);
    for (int i = 0; i < DRAWS; i++) {
        double z = row ? x[i] : chance_normal(&chance);
        count[(int)(CELLS * gsl_cdf_gaussian_P(z, sigma))]++;
    }
    return tail(count, p, CELLS);
}

int main(void)
{
    struct chance a = chance_of(1, RNG_TEST, 2, 3), b = a;
    struct chance other = chance_of(1, RNG_TEST, 2, 4);
    ok(chance_word(&a) == chance_word(&b) &&
       chance_word(&a) != chance_word(&other), "a sequence an item");
    ok(uniform_tail(1) > 1e-6, "uniform numbers are uniform");
    ok(uniform_tail(1.03) < 1e-6, "mutant rejected: U^1.03");
    ok(below_tail() > 1e-6, "integers below 7 are equally likely");
    ok(poisson_tail(3.5) > 1e-6, "Poisson's law");
    ok(poisson_tail(3.6) < 1e-6, "mutant rejected: of mean 3.6");
    ok(normal_tail(false, 1) > 1e-6, "normal numbers, one at a time");
    ok(normal_tail(true, 1) > 1e-6, "normal numbers in a row");
    ok(normal_tail(true, 1.03) < 1e-6, "mutant rejected: sigma 1.03");
    return tap_done();
}
