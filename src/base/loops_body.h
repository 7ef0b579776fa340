/* The one body of loops.h, included once per instruction set; NAMED is its
   table. */
#include "base/loops.h"

typedef double four __attribute__((vector_size(32), aligned(8), may_alias));

static inline double total(const four *sum, double rest)
{
    const four s = *sum;
    return ((s[0] + s[1]) + (s[2] + s[3])) + rest;
}

static double dot(const double *a, const double *b, int64_t count)
{
    four sum = {0};
    double rest = 0;
    int64_t i = 0;
    for (; i + 4 <= count; i += 4)
        sum += *(const four *)(a + i) * *(const four *)(b + i);
    for (; i < count; i++)
        rest += a[i] * b[i];
    return total(&sum, rest);
}

static double pull(double scale, double spring, const double *k,
                   const double *x, double *g, int64_t count)
{
    four sum = {0};
    const four none = {0};
    double rest = 0;
    int64_t i = 0;
    for (; i + 4 <= count; i += 4) {
        four at = *(const four *)(x + i);
        four f = (spring + (k ? *(const four *)(k + i) : none)) * at;
        sum += f * at;
        if (g)
            *(four *)(g + i) = scale * *(four *)(g + i) + f;
    }
    for (; i < count; i++) {
        double f = (spring + (k ? k[i] : 0)) * x[i];
        rest += f * x[i];
        if (g)
            g[i] = scale * g[i] + f;
    }
    return total(&sum, rest);
}

static double euler(double s, double h, const double *g, double *p,
                    double *x, int64_t count)
{
    four sum = {0};
    double rest = 0;
    int64_t i = 0;
    for (; i + 4 <= count; i += 4) {
        four noise = s * *(four *)(p + i);
        four move = noise - h * *(const four *)(g + i);
        *(four *)(p + i) = move;
        if (x)
            *(four *)(x + i) += move;
        sum += noise * noise;
    }
    for (; i < count; i++) {
        double noise = s * p[i];
        p[i] = noise - h * g[i];
        if (x)
            x[i] += p[i];
        rest += noise * noise;
    }
    return total(&sum, rest);
}

const struct loops NAMED = {.dot = dot, .pull = pull, .euler = euler};
