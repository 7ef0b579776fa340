/* Loops over units: rows of `stride` numbers, a multiple of NETWORK_PAD, all
   rows aligned. Included by network_body.h. */
#include "systems/network_phi.h"

static inline reals *vector(real *x) { return (reals *)x; }
static inline const reals *vector_of(const real *x)
{
    return (const reals *)x;
}

struct rows {
    int rows, vectors; /* of a row */
    const reals *bias, *rbias;
    reals *z, *d, *rz, *bend;
};

INLINE void activate_all(enum network_activation kind, bool first,
                         bool second, struct rows r)
{
    for (int i = 0; i < r.rows; i++) {
        for (int j = 0; j < r.vectors; j++) {
            reals a, d, bend;
            phi(kind, r.z[j] + r.bias[j], &a, &d, &bend);
            r.z[j] = a;
            if (first)
                r.d[j] = d;
            if (second) {
                reals rz = r.rz[j] + r.rbias[j];
                r.rz[j] = d * rz;
                r.bend[j] = bend * rz;
            }
        }
        r.z += r.vectors;
        r.d += first ? r.vectors : 0;
        r.rz += second ? r.vectors : 0;
        r.bend += second ? r.vectors : 0;
    }
}

/* A loop of its own for each function. */
INLINE void activate_kind(enum network_activation kind, bool first,
                          bool second, struct rows r)
{
    switch (kind) {
    case NETWORK_TANH:
        activate_all(NETWORK_TANH, first, second, r);
        return;
    case NETWORK_ERF:
        activate_all(NETWORK_ERF, first, second, r);
        return;
    case NETWORK_RELU:
        activate_all(NETWORK_RELU, first, second, r);
        return;
    case NETWORK_GELU:
        activate_all(NETWORK_GELU, first, second, r);
        return;
    }
}

static void activate(enum network_activation kind, int rows, int stride,
                     const real *bias, real *z, real *d)
{
    struct rows r = {.rows = rows, .vectors = stride / LANES,
                     .bias = vector_of(bias), .z = vector(z),
                     .d = vector(d)};
    if (d)
        activate_kind(kind, true, false, r);
    else
        activate_kind(kind, false, false, r);
}

static void tangent(enum network_activation kind, int rows, int stride,
                    const real *bias, const real *rbias, real *z, real *d,
                    real *rz, real *bend)
{
    struct rows r = {.rows = rows, .vectors = stride / LANES,
                     .bias = vector_of(bias), .rbias = vector_of(rbias),
                     .z = vector(z), .d = vector(d), .rz = vector(rz),
                     .bend = vector(bend)};
    activate_kind(kind, true, true, r);
}

static void back(int rows, int stride, const real *d, real *delta,
                 real *sums)
{
    int vectors = stride / LANES;
    const reals *slope = vector_of(d);
    reals *to = vector(delta), *sum = vector(sums);
    for (int j = 0; j < vectors; j++)
        sum[j] = all(0);
    for (int i = 0; i < rows; i++, slope += vectors, to += vectors)
        for (int j = 0; j < vectors; j++) {
            to[j] *= slope[j];
            sum[j] += to[j];
        }
}

static void spread(int rows, int stride, const real *d, const real *top,
                   const real *last, real *delta, real *sums)
{
    int vectors = stride / LANES;
    const reals *slope = vector_of(d), *weight = vector_of(last);
    reals *to = vector(delta), *sum = vector(sums);
    for (int j = 0; j < vectors; j++)
        sum[j] = all(0);
    for (int i = 0; i < rows; i++, slope += vectors, to += vectors)
        for (int j = 0; j < vectors; j++) {
            to[j] = top[i] * weight[j] * slope[j];
            sum[j] += to[j];
        }
}

static void back_tangent(int rows, int stride, const real *d,
                         const real *bend, real *delta, real *rdelta,
                         real *sums)
{
    int vectors = stride / LANES;
    const reals *slope = vector_of(d), *curve = vector_of(bend);
    reals *to = vector(delta), *rto = vector(rdelta), *sum = vector(sums);
    for (int j = 0; j < vectors; j++)
        sum[j] = all(0);
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < vectors; j++) {
            int64_t at = (int64_t)i * vectors + j;
            rto[at] = rto[at] * slope[at] + to[at] * curve[at];
            to[at] *= slope[at];
            sum[j] += rto[at];
        }
}

/* a and, unless NULL, d times what dropout says */
static void multiply(int stride, const double *times, real *a, real *d)
{
    for (int j = 0; j < stride; j++)
        a[j] *= (real)times[j];
    for (int j = 0; d && j < stride; j++)
        d[j] *= (real)times[j];
}
