/* Between stability.c and the bodies of instruction sets. Arrays of doubles
   hold `count` numbers, a multiple of STABILITY_BLOCK. */
#ifndef TEMPERA_SYSTEMS_STABILITY_PARTS_H
#define TEMPERA_SYSTEMS_STABILITY_PARTS_H
#include "systems/stability.h"

#define STABILITY_BODY(isa)                                                  \
    /* to = h + a x + b y */                                                 \
    void stability_##isa##_add(const double *h, const float *x, double a,    \
                               const float *y, double b, int64_t count,      \
                               double *to);                                  \
    double stability_##isa##_dot(const double *h, const float *x,            \
                                 int64_t count);                             \
    /* Of every loss but the logistic. */                                    \
    double stability_##isa##_loss(const struct stability *s,                 \
                                  const double *h);
STABILITY_BODY(plain)
STABILITY_BODY(avx2)

#endif
