/* H: the second derivatives of a system's u_1 (l2 included, the prior not) at
   one state, by its products with vectors. */
#ifndef TEMPERA_CORE_HESSIAN_H
#define TEMPERA_CORE_HESSIAN_H
#include "core/model.h"
#include "stat/lanczos.h"

enum { HESSIAN_WEIGHTS_MOST = 1000000 };

struct hessian {
    struct symmetric matrix; /* of stat/lanczos.h */
    const struct system *system;
    struct grad_at at;
    double *x;
};

/* NULL, or why there is none (static text). */
const char *hessian_refuses(const struct system *system);

struct hessian *hessian_new(const struct system *system, int sample,
                            const void *state);
void hessian_free(struct hessian *hessian);

/* ---- observables --------------------------------------------------------- */

enum {
    HESSIAN_TOP = 3,     /* eigenvalues */
    HESSIAN_STEPS = 200, /* products to find them, at most */
    HESSIAN_DENSE = 64,  /* so few weights: from the matrix itself */
    HESSIAN_PROBES = 16
};

void hessian_top(const struct system *system, int sample, const void *state,
                 double *out);
int hessian_top_size(const struct system *system);
/* Probes are made from the state's bits: rows have errors of their own, which
   averages and their errors know of. */
void hessian_trace(const struct system *system, int sample,
                   const void *state, double *out);

#define HESSIAN_OBSERVABLES                                                  \
    {.name = "hessian_top", .unit = "energy", .axis = "k", .even = true,     \
     .of_state = hessian_top, .size = hessian_top_size,                      \
     .refuses = hessian_refuses,                                             \
     .definition = "the 3 largest eigenvalues of H, the second derivatives " \
                   "of u_1, to 1e-4 of the largest by Lanczos' method; a "   \
                   "row costs 20 to 200 products, 2 or 3 gradients each"},     \
    {.name = "hessian_trace", .unit = "energy", .per_site = true,            \
     .even = true, .of_state = hessian_trace, .refuses = hessian_refuses,    \
     .definition = "tr H / N by 16 random probes: a row is off by "          \
                   "sqrt(sum_(i != j) H_ij^2 / 8) / N, anew each row; up "   \
                   "to 16 weights exact; a row costs 16 products, 2 or 3 "   \
                   "gradients each"}

#endif
