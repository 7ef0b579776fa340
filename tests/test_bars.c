/* The bars that stand for random numbers in the kernel of all-to-all couplings
   (kernels/fields_bars.h): all 65536 first digits of U, against exp in double
   precision; no statistics. */
#include <math.h>

#include "kernels/fields_bars.h"
#include "tap.h"

/* May a move that costs x be accepted, and surely, by first digits u? */
struct verdict { bool surely, maybe; };

static struct verdict exactly(int u, double x, bool logistic)
{
    double p = logistic ? 1 / (1 + exp(x)) : x > 0 ? exp(-x) : 1;
    return (struct verdict){.surely = (u + 1) / 65536.0 <= p,
                            .maybe = u / 65536.0 < p};
}

/* Looks on both sides of both bars; -1 where one is wrong, else how much of
   the probability is open between them. stretch: of the scale. */
static double opened(double step, int u, bool logistic, double stretch)
{
    struct bar_scale scale = bar_scale_of(step / 2 * stretch, 1);
    near_int low, high;
    bars_of((near_int){0} + u, scale.times, logistic, &low, &high);
    int32_t side[2] = {low[0], high[0]};
    for (int i = 0; i < 2; i++)
        for (int32_t m = side[i] - 1; m <= side[i] + 1; m++) {
            struct verdict v = exactly(u, step * m, logistic);
            if (m < 0 || m > 1 << 30)
                continue;
            if ((m <= low[0] && !v.surely) || (m > high[0] && v.maybe))
                return -1;
        }
    double x = step * low[0], y = step * high[0];
    return logistic ? 1 / (1 + exp(x)) - 1 / (1 + exp(y))
                    : exp(-x) - exp(-y);
}

/* Mean probability that is open; -1 as above. */
static double opened_mean(double step, bool logistic, double stretch)
{
    double sum = 0;
    for (int u = 0; u < 65536; u++) {
        double one = opened(step, u, logistic, stretch);
        if (one < 0)
            return -1;
        sum += one;
    }
    return sum / 65536;
}

/* With fine steps what is open is the digit itself and the margins; a coarse
   step opens at most one m more. */
static void check(double step, bool logistic)
{
    double open = opened_mean(step, logistic, 1);
    const char *name = logistic ? "heat bath" : "Metropolis";
    ok(open >= 0 && open < 1.5e-4 + step,
       "bars at steps of %g, %s: right, %.2g open", step, name, open);
    if (step < 0.1) {
        ok(opened_mean(step, logistic, 1.0005) < 0,
           "mutant rejected: bars too low by 5e-4, %s", name);
        ok(opened_mean(step, logistic, 0.9995) < 0,
           "mutant rejected: bars too high by 5e-4, %s", name);
    }
}

int main(void)
{
    const double step[] = {1e-7, 1e-5, 0.003, 0.31, 2, 50};
    for (size_t i = 0; i < sizeof step / sizeof *step; i++) {
        check(step[i], false);
        check(step[i], true);
    }
    double flat = opened_mean(0, false, 1);
    ok(flat >= 0, "lambda = 0: every move is accepted or open");
    return tap_done();
}
