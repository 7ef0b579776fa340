/* A function of one variable to second order: value, first and second
   derivative. Arithmetic on jets differentiates exactly (forward mode), with
   rounding errors only. */
#ifndef TEMPERA_BASE_JET_H
#define TEMPERA_BASE_JET_H
#include <math.h>

struct jet { double v, d, dd; };

static inline struct jet jet_constant(double v)
{
    return (struct jet){v, 0, 0};
}

/* slope * x at x: a multiple of the variable. */
static inline struct jet jet_linear(double slope, double x)
{
    return (struct jet){slope * x, slope, 0};
}

static inline struct jet jet_add(struct jet a, struct jet b)
{
    return (struct jet){a.v + b.v, a.d + b.d, a.dd + b.dd};
}

static inline struct jet jet_scale(double s, struct jet a)
{
    return (struct jet){s * a.v, s * a.d, s * a.dd};
}

static inline struct jet jet_sub(struct jet a, struct jet b)
{
    return (struct jet){a.v - b.v, a.d - b.d, a.dd - b.dd};
}

static inline struct jet jet_mul(struct jet a, struct jet b)
{
    return (struct jet){a.v * b.v, a.d * b.v + a.v * b.d,
                        a.dd * b.v + 2 * a.d * b.d + a.v * b.dd};
}

/* f(a) given f, f' and f'' at a.v */
static inline struct jet jet_chain(struct jet a, double f, double f1,
                                   double f2)
{
    return (struct jet){f, f1 * a.d, f1 * a.dd + f2 * a.d * a.d};
}

static inline struct jet jet_exp(struct jet a)
{
    double e = exp(a.v);
    return jet_chain(a, e, e, e);
}

static inline struct jet jet_expm1(struct jet a)
{
    double e = exp(a.v);
    return jet_chain(a, expm1(a.v), e, e);
}

static inline struct jet jet_log(struct jet a)
{
    return jet_chain(a, log(a.v), 1 / a.v, -1 / (a.v * a.v));
}

static inline struct jet jet_log1p(struct jet a)
{
    double r = 1 / (1 + a.v);
    return jet_chain(a, log1p(a.v), r, -r * r);
}

static inline struct jet jet_sqrt(struct jet a)
{
    double r = sqrt(a.v);
    return jet_chain(a, r, 0.5 / r, -0.25 / (r * a.v));
}

static inline struct jet jet_inverse(struct jet a)
{
    double r = 1 / a.v;
    return jet_chain(a, r, -r * r, 2 * r * r * r);
}

static inline struct jet jet_div(struct jet a, struct jet b)
{
    return jet_mul(a, jet_inverse(b));
}

/* a^n, n >= 2 */
static inline struct jet jet_power(struct jet a, double n)
{
    return jet_chain(a, pow(a.v, n), n * pow(a.v, n - 1),
                     n * (n - 1) * pow(a.v, n - 2));
}

#endif
