/* Examples that real weights learn: inputs x, each turned by its label
   y = -1, +1, so that x stands for y x everywhere; their stabilities

       h = x.w / sqrt(N)

   and the losses of t = h - kappa (systems/margin.h), as real numbers. Inputs
   are kept in single precision, input by input, so that one weight's change
   runs through all examples; sums over examples are made of eight parts in an
   order that no instruction set changes. */
#ifndef TEMPERA_SYSTEMS_STABILITY_H
#define TEMPERA_SYSTEMS_STABILITY_H
#include <stdbool.h>
#include <stdint.h>

#include "systems/margin.h"

struct stability {
    int64_t inputs, train, test;
    int64_t padded; /* training examples, rounded up to STABILITY_BLOCK */
    int64_t row;    /* the same with the test's after them */
    int samples;
    float *x;        /* [samples][inputs][row] */
    double *teacher; /* [samples][inputs], of length sqrt(N); or NULL */
    enum margin_kind kind;
    double kappa, root; /* sqrt(N) */
    double end;      /* straight lines: 0 where h > end */
    double pad;      /* h of the examples that fill up: of loss 0 */
    bool avx2;
};

enum { STABILITY_BLOCK = 8 };

/* Room for examples, all zero. */
struct stability *stability_new(int64_t inputs, int64_t train, int64_t test,
                                int samples, const char *loss, double kappa);
void stability_free(struct stability *s);

/* x[inputs] of an example, training ones first, label included. */
void stability_set(struct stability *s, int sample, int64_t example,
                   const double *x);
/* h of one example at w, as it was set. */
double stability_of(const struct stability *s, int sample, int64_t example,
                    const double *w);

/* h[row] at w: of the training examples [padded], then the test's. */
void stability_fields(const struct stability *s, int sample, const double *w,
                      double *h);
/* to[padded] = h where weight a has changed by da, b by db (a may be b). */
void stability_move(const struct stability *s, int sample, const double *h,
                    int64_t a, double da, int64_t b, double db, double *to);
/* Sum of the losses of h[padded]. */
double stability_loss(const struct stability *s, const double *h);
/* Its gradient in w; h becomes the slopes. Of losses that have one. */
void stability_gradient(const struct stability *s, int sample, double *h,
                        double *gradient);
/* out = H v of the loss's second derivatives, almost everywhere; hv[row] are
   the fields of v, which are used up. */
void stability_hessian(const struct stability *s, int sample, const double *h,
                       double *hv, double *out);
/* Loss and gradient from some examples, scaled up to all. */
double stability_batch(const struct stability *s, int sample, const double *w,
                       const int64_t *example, int count, double *gradient);
/* Is an example of this h classified wrongly: h <= 0 (symmetric:
   |h| > kappa)? */
bool stability_error(const struct stability *s, double h);
/* Does the loss have a gradient? NULL, or why not (static text). */
const char *stability_flat(const char *loss);

#endif
