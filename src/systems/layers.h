/* The transfer matrix of a strip (systems/strip.h) applied to a vector, one
   site after the other: n q^(n+1) operations instead of q^2n.

   T = V^(1/2) W V^(1/2): V the weights of a layer by itself, W those of the
   bonds to the next, rescaled so that the best layer and bond weigh 1. Vectors
   are jets, an array an order: value, first and second derivative by beta or
   by the field H = beta h. */
#ifndef TEMPERA_SYSTEMS_LAYERS_H
#define TEMPERA_SYSTEMS_LAYERS_H
#include "base/jet.h"
#include "systems/strip.h"

enum layer_variable { LAYER_BETA, LAYER_FIELD };

struct layers {
    const struct strip *strip;
    double *half[3];          /* V^(1/2) */
    struct jet same, differ;  /* a bond */
    struct jet diagonal[2][2][2]; /* triangular: [s'][s][l], exp(K s'(s + l)) */
    double *work[3], *sum[3]; /* of one vector: one apply at a time */
};

/* Spins are counted from `reference` a layer when the variable is the field. */
struct layers layers_new(const struct strip *strip, double beta,
                         enum layer_variable variable, double reference);
void layers_release(struct layers *layers);

/* x[0..orders-1] = T x, orders 1 or 3. */
void layers_apply(const struct layers *layers, int orders, double *const x[3]);
/* x = V^(1/2) x */
void layers_half(const struct layers *layers, int orders, double *const x[3]);

/* ln of the sum over all states of an open chain of strip->length layers,
   rescaled likewise. */
struct jet layers_chain(const struct strip *strip, double beta,
                        enum layer_variable variable, double reference);

/* out = T^t x, values only. */
void layers_transposed(const struct layers *layers, const double *x,
                       double *out);

#endif
