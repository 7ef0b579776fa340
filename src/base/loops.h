/* Long loops over numbers in memory, four at once. No operation is fused and
   sums go in four parts and what is left over, so that all bodies give the
   same bits. */
#ifndef TEMPERA_BASE_LOOPS_H
#define TEMPERA_BASE_LOOPS_H
#include <stdint.h>

struct loops {
    /* sum of a_i b_i */
    double (*dot)(const double *a, const double *b, int64_t count);
    /* With f_i = (spring + k_i) x_i (k NULL: 0): g_i = scale g_i + f_i unless
       NULL; sum of f_i x_i. */
    double (*pull)(double scale, double spring, const double *k,
                   const double *x, double *g, int64_t count);
    /* p_i = s p_i - h g_i, x_i += p_i unless NULL; sum of (s p_i)^2. */
    double (*euler)(double s, double h, const double *g, double *p,
                    double *x, int64_t count);
};
extern const struct loops loops_plain, loops_avx2;

/* The fastest this cpu can run. */
const struct loops *loops_best(void);

#endif
