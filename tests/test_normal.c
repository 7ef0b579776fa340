/* Normal numbers: against libm, in law over the whole line and in the tails
   (fixed seeds; each test rejects a true law once in 10^6), independent of how
   they are asked for. Every statistical check has a mutant. And the long loops
   that use them, in all bodies. */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/loops.h"
#include "base/normal.h"
#include "base/rng_x86.h"
#include "core/stream.h"
#include "tap.h"

enum { COUNT = 1 << 22, CELLS = 256, LAG_MOST = 9 };
#define RARE 1e-6

static void check_against_libm(void)
{
    const double turn = 2 * acos(-1.0);
    uint64_t word = 88172645463325252u;
    double worst = 0, tail = 0;
    for (int i = 0; i < 200000; i++) {
        uint64_t bits[2];
        double x[2];
        for (int k = 0; k < 2; k++) {
            word ^= word << 13;
            word ^= word >> 7;
            word ^= word << 17;
            bits[k] = word;
        }
        bits[0] >>= i % 53; /* far out, too */
        normal_pairs(bits, 1, x);
        double u = ldexp((double)(bits[0] >> 11) + 0.5, -53);
        double r = sqrt(-2 * log(u)), angle = atan2(x[1], x[0]) / turn;
        /* a quarter backwards for each of the two highest bits */
        int k = (int)(bits[1] >> 62);
        double t = ldexp((double)(bits[1] >> 14 & 0xFFFFFFFFFFFF) + 0.5,
                         -50) - 0.125 - (k & 1) / 4.0 - (k >> 1) / 2.0;
        double off = angle - t;
        worst = fmax(worst, fabs(off - nearbyint(off)));
        worst = fmax(worst, fabs(hypot(x[0], x[1]) - r) / fmax(r, 1e-3));
        tail = fmax(tail, r);
    }
    ok(worst < 1e-15 * 4, "radius and angle as libm's: %.2g, to r = %.2f",
       worst, tail);
    ok(tail > 8.3, "the tails are there");
}

/* p-value of chi-square over equally likely cells of scale x. */
static double law(const double *x, double scale)
{
    int64_t *cell = mem_new(CELLS, sizeof *cell);
    double chi = 0, mean = (double)COUNT / CELLS;
    for (int64_t i = 0; i < COUNT; i++) {
        int at = (int)(gsl_cdf_ugaussian_P(scale * x[i]) * CELLS);
        cell[at < CELLS ? at : CELLS - 1]++;
    }
    for (int i = 0; i < CELLS; i++)
        chi += ((double)cell[i] - mean) * ((double)cell[i] - mean) / mean;
    free(cell);
    return gsl_cdf_chisq_Q(chi, CELLS - 1);
}

/* p-value of the number beyond `far` on both sides, two-sided. */
static double beyond(const double *x, double far, double scale)
{
    double mean = 2 * gsl_cdf_ugaussian_Q(far) * COUNT, count = 0;
    for (int64_t i = 0; i < COUNT; i++)
        count += fabs(scale * x[i]) > far;
    double low = gsl_cdf_gamma_Q(mean, count + 1, 1);
    double high = count > 0 ? gsl_cdf_gamma_P(mean, count, 1) : 1;
    return fmin(1, 2 * fmin(low, high));
}

/* p-value of the correlation of f(x) lag apart, f odd or even. */
static double related(const double *x, int lag, bool squares, double mix)
{
    double sum = 0;
    for (int64_t i = 0; i < COUNT; i++) {
        double a = x[i], b = x[(i + lag) % COUNT] + mix * a;
        sum += squares ? (a * a - 1) * (b * b - 1) / 2 : a * b;
    }
    return 2 * gsl_cdf_ugaussian_Q(fabs(sum) / sqrt(COUNT));
}

static void check_law(const struct draws *draws)
{
    double *x = mem_new(COUNT, sizeof *x);
    draws_normals(draws, RNG_NOISE, 0, COUNT, x);
    double p = law(x, 1);
    ok(p > RARE, "normal: chi-square over %d cells, p = %.3g", CELLS, p);
    ok(law(x, 1.005) < RARE, "mutant rejected: half a percent too wide");
    for (int far = 2; far <= 5; far++) {
        p = beyond(x, far, 1);
        ok(p > RARE, "beyond %d: p = %.3g", far, p);
    }
    ok(beyond(x, 4, 1.05) < RARE, "mutant rejected: wide beyond 4");
    for (int lag = 1; lag < LAG_MOST; lag++) {
        p = related(x, lag, false, 0);
        double q = related(x, lag, true, 0);
        ok(p > RARE && q > RARE, "lag %d: p = %.3g, of squares %.3g", lag, p,
           q);
    }
    ok(related(x, 1, false, 0.005) < RARE, "mutant rejected: related");
    ok(related(x, 2, true, 0.1) < RARE, "mutant rejected: squares related");
    free(x);
}

static void check_address(const struct draws *draws)
{
    enum { MANY = 1003 };
    double all[MANY], part[MANY], other[MANY];
    struct draws next = *draws;
    draws_normals(draws, RNG_NOISE, 0, MANY, all);
    draws_normals(draws, RNG_NOISE, 0, 404, part);
    draws_normals(draws, RNG_NOISE, 404, MANY - 404, part + 404);
    ok(!memcmp(all, part, sizeof all), "in pieces: the same");
    next.planes = rng_planes_portable;
    draws_normals(&next, RNG_NOISE, 0, MANY, other);
    ok(!memcmp(all, other, sizeof all), "portable planes: the same");
    next.normals = normal_pairs;
    draws_normals(&next, RNG_NOISE, 0, MANY, other);
    ok(!memcmp(all, other, sizeof all), "portable normals: the same");
#if HAVE_X86_BODIES
    if (__builtin_cpu_supports("avx2")) {
        next.normals = normal_pairs_avx2;
        draws_normals(&next, RNG_NOISE, 0, MANY, other);
        ok(!memcmp(all, other, sizeof all), "normals by AVX2: the same");
    }
#endif
    next.walker++;
    draws_normals(&next, RNG_NOISE, 0, MANY, other);
    ok(memcmp(all, other, sizeof all), "another walker: others");
    next = *draws;
    next.tick++;
    draws_normals(&next, RNG_NOISE, 0, MANY, other);
    ok(memcmp(all, other, sizeof all), "another sweep: others");
}

/* ---- loops --------------------------------------------------------------- */

enum { LONG = 103 };
struct numbers { double a[LONG], b[LONG], c[LONG], sum[3]; };

static struct numbers loop(const struct loops *l, const struct draws *draws)
{
    struct numbers n = {.sum = {0}};
    draws_normals(draws, RNG_NOISE, 0, LONG, n.a);
    draws_normals(draws, RNG_TEST, 0, LONG, n.b);
    draws_normals(draws, RNG_FRESH, 0, LONG, n.c);
    n.sum[0] = l->dot(n.a, n.b, LONG);
    n.sum[1] = l->pull(0.3, 0.7, n.a, n.b, n.c, LONG);
    n.sum[2] = l->euler(0.2, 0.1, n.c, n.a, n.b, LONG);
    return n;
}

static void check_loops(const struct draws *draws)
{
    struct numbers got = loop(loops_best(), draws), n = {.sum = {0}};
    struct numbers plain = loop(&loops_plain, draws);
    double worst = 0;
    draws_normals(draws, RNG_NOISE, 0, LONG, n.a);
    draws_normals(draws, RNG_TEST, 0, LONG, n.b);
    draws_normals(draws, RNG_FRESH, 0, LONG, n.c);
    for (int i = 0; i < LONG; i++) {
        double f = (0.7 + n.a[i]) * n.b[i];
        n.sum[0] += n.a[i] * n.b[i];
        n.sum[1] += f * n.b[i];
        n.sum[2] += 0.2 * n.a[i] * 0.2 * n.a[i];
        n.c[i] = 0.3 * n.c[i] + f;
        n.a[i] = 0.2 * n.a[i] - 0.1 * n.c[i];
        n.b[i] += n.a[i];
        worst = fmax(worst, fabs(got.a[i] - n.a[i]) +
                                fabs(got.b[i] - n.b[i]) +
                                fabs(got.c[i] - n.c[i]));
    }
    for (int k = 0; k < 3; k++)
        worst = fmax(worst, fabs(got.sum[k] - n.sum[k]) / LONG);
    ok(worst < 1e-14, "loops do what they say: off by %.2g", worst);
    ok(!memcmp(&got, &plain, sizeof got), "plain loops: the same bits");
}

int main(void)
{
    struct draws draws = {.kind = STREAM_WORD, .seed = 20, .tick = 3,
                          .walker = 5};
    check_against_libm();
    check_law(&draws);
    check_address(&draws);
    check_loops(&draws);
    return tap_done();
}
