#include "systems/overlaps.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "systems/assignment.h"

static double dot(int64_t count, const double *a, const double *b)
{
    double sum = 0;
    for (int64_t i = 0; i < count; i++)
        sum += a[i] * b[i];
    return sum;
}

void overlaps_products(int units, int64_t inputs, const double *a,
                       const double *b, double *out)
{
    for (int k = 0; k < units; k++)
        for (int l = 0; l < units; l++)
            *out++ = dot(inputs, a + k * inputs, b + l * inputs);
}

double overlaps_cosine(int64_t count, const double *a, const double *b)
{
    double size = sqrt(dot(count, a, a)) * sqrt(dot(count, b, b));
    return size > 0 ? dot(count, a, b) / size : 0;
}

/* [l][k]: what b's unit l gains from a's k. */
static double *gains(int units, int64_t inputs, const double *a,
                     const double *b, bool odd)
{
    double *gain = mem_new((size_t)units * (size_t)units, sizeof *gain);
    for (int l = 0; l < units; l++)
        for (int k = 0; k < units; k++) {
            double c = overlaps_cosine(inputs, a + k * inputs,
                                       b + l * inputs);
            gain[(int64_t)l * units + k] = odd ? fabs(c) : c;
        }
    return gain;
}

double overlaps_match(int units, int64_t inputs, const double *a,
                      const double *b, bool odd, int *unit, double *turn)
{
    double *gain = gains(units, inputs, a, b, odd), sum = 0;
    assignment_best(units, gain, unit);
    for (int l = 0; l < units; l++) {
        double product = dot(inputs, a + unit[l] * inputs, b + l * inputs);
        turn[l] = odd && product < 0 ? -1 : 1;
        sum += gain[(int64_t)l * units + unit[l]];
    }
    free(gain);
    return sum / units;
}

double overlaps_match_products(int units, const double *products, int *unit)
{
    double sum = 0;
    assignment_best(units, products, unit);
    for (int l = 0; l < units; l++)
        sum += products[(int64_t)l * units + unit[l]];
    return sum;
}

void overlaps_rename(int units, int64_t inputs, const double *a,
                     const int *unit, const double *turn, double *out)
{
    for (int l = 0; l < units; l++)
        for (int64_t i = 0; i < inputs; i++)
            *out++ = turn[l] * a[unit[l] * inputs + i];
}
