/* Roots and maxima of functions of one variable. */
#ifndef TEMPERA_STAT_ROOT_H
#define TEMPERA_STAT_ROOT_H
#include <stdbool.h>

struct root {
    double x;
    double width; /* x is known this well: bracket and rounding */
    bool found;
};

/* A root between low and high by Brent's method. found is false when f has
   one sign at both ends, is not finite there, or 200 steps do not do. */
struct root root_between(double (*f)(double, void *), void *with,
                         double low, double high);

/* The highest maximum between low and high, both > 0: the best of `points`
   points at equal ratios, then the root of the derivative next to it, by
   differences. found is false when the best is an end. Points where f is not
   finite count as lowest. */
struct root peak_between(double (*f)(double, void *), void *with,
                         double low, double high, int points);

#endif
