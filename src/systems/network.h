/* Multilayer perceptrons: widths[0] inputs, hidden layers, widths[layers]
   outputs,

       a_0 = x,  z_l = W_l a_(l-1) + b_l,  a_l = phi(z_l),  f = z_layers,

   the losses of their outputs, exact gradients and products with the Hessian.
   Parameters are one flat array of doubles: per layer W[out][in], then b[out]
   where there are biases. Every loss is the SUM over the examples, never the
   mean.

   Two bodies: plain loops in double (network_reference_*, slow, obvious), and
   BLAS in the network's precision. The latter takes chunks of
   NETWORK_CHUNK examples; each has its own partial sums, which are added
   in double in the order of the chunks: the result depends neither on the
   number of threads nor on who computes what. It is the same again on every
   cpu of one type (BLAS has its own loops for each). */
#ifndef TEMPERA_SYSTEMS_NETWORK_H
#define TEMPERA_SYSTEMS_NETWORK_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum network_activation {
    NETWORK_TANH,
    NETWORK_ERF,  /* erf(z); some authors say erf(z / sqrt 2) */
    NETWORK_RELU, /* max(0, z); derivative 0 at 0 */
    NETWORK_GELU  /* z Phi(z), Phi the normal distribution, by erf */
};

/* Losses of one example with outputs f_k.

   With labels: one output, label y = -1 or +1, margin m = y f; several
   outputs, label y = 0, ..., outputs - 1, margin m = f_y - max_(k != y) f_k,
   probabilities p_k = exp(f_k) / sum_j exp(f_j); p_y = 1 / (1 + exp(-m)) for
   one output.

   Hinge and perceptron loss have kinks, where m = kappa or 0 and where two
   outputs share the maximum. There the subgradient is that of the flat side,
   and of the first k with the maximum. Their Hessian, and that of relu, is
   taken almost everywhere: what the kinks add is left out. */
enum network_loss {
    NETWORK_SQUARED,       /* sum_k (f_k - y_k)^2 / 2 */
    NETWORK_CROSS_ENTROPY, /* -ln p_y; one output: ln(1 + exp(-m)) */
    NETWORK_HINGE,         /* max(0, kappa - m); several outputs: Crammer and
                              Singer, J. Mach. Learn. Res. 2, 265 (2001) */
    NETWORK_PERCEPTRON,    /* max(0, -m) */
    NETWORK_GENERALISED    /* (1 - p_y^q) / q: Zhang, Sabuncu, NeurIPS 31
                              (2018); q = 0 is cross-entropy, q = 1 the mean
                              absolute error 1 - p_y */
};

struct network {
    int layers;       /* of weights, at least 1 */
    const int *width; /* [layers + 1] */
    enum network_activation activation;
    enum network_loss loss;
    double kappa;     /* of the hinge */
    double q;         /* of the generalised cross-entropy, in [0, 1] */
    bool bias;
    bool single;      /* precision of the BLAS body: float, not double */
};

/* ---- layout ------------------------------------------------------------ */

struct network_block {
    int in, out;     /* in: fan-in of weights and biases */
    int64_t weights; /* W[out][in] starts here, */
    int64_t biases;  /* b[out] here; without biases the next layer does */
    int64_t end;
};

/* layer = 1, ..., layers */
struct network_block network_block(const struct network *network, int layer);
/* all parameters */
int64_t network_count(const struct network *network);

/* ---- examples ---------------------------------------------------------- */

/* Examples, all or those of a list: a minibatch is a copy of this struct with
   its own index and examples. */
struct network_data {
    int64_t examples;
    const void *x;       /* [][inputs] of network_inputs */
    const double *y;     /* [][outputs], or NULL: the squared loss takes y =
                            label for one output, else 1 at the label, 0
                            elsewhere */
    const int32_t *label; /* []; NULL for squared loss with y */
    const int64_t *index; /* [examples] rows of x, y, label; NULL: all */
    const struct dropout *dropout; /* of hidden units, numbered through the
                             layers, each filled up to a multiple of 16;
                             NULL: none, and none in Hessian products */
    double times;         /* that every loss counts, and its derivatives; 0:
                             once */
};

/* x[count][inputs] in the network's precision, for network_data; free(). */
void *network_inputs(const struct network *network, const double *x,
                     int64_t count);

/* ---- one example, in double -------------------------------------------- */

/* phi(z); its derivatives to d[2] unless NULL */
double network_activation(enum network_activation kind, double z, double *d);

/* Loss of outputs f against row `row` of the data; dL/df_k to g unless
   NULL. No overflow for any finite f. */
double network_example(const struct network *network,
                       const struct network_data *data, int64_t row,
                       const double *f, double *g);
/* out = (d^2 L / df df) v */
void network_example_hessian(const struct network *network,
                             const struct network_data *data, int64_t row,
                             const double *f, const double *v, double *out);
/* Is the margin not positive? (Ties are wrong.) Needs labels. */
bool network_example_wrong(const struct network *network,
                           const struct network_data *data, int64_t row,
                           const double *f);

/* ---- reference body ---------------------------------------------------- */

void network_reference_outputs(const struct network *network,
                               const struct network_data *data, int64_t row,
                               const double *w, double *f);
/* The sum of losses; its gradient unless NULL. */
double network_reference_loss(const struct network *network,
                              const struct network_data *data,
                              const double *w, double *gradient);

/* ---- BLAS body --------------------------------------------------------- */

enum { NETWORK_CHUNK = 256 }; /* examples; part of what a result is */

struct network_work;

/* Memory of evaluations by up to `threads` threads, for walkers that take
   turns; `hessian`: network_hessian will be called. The network must outlive
   it. Sets OpenBLAS to one thread. */
struct network_work *network_work_new(const struct network *network,
                                      int threads, bool hessian);
void network_work_free(struct network_work *work);
/* What network_work_new asks for. */
size_t network_work_bytes(const struct network *network, int threads,
                          bool hessian);

/* Sum of losses at w; its gradient unless NULL. */
double network_loss(struct network_work *work,
                    const struct network_data *data, const double *w,
                    double *gradient);
/* Sum of losses, and unless NULL the number of misclassified examples and the
   outputs [examples][outputs], in one pass. */
double network_score(struct network_work *work,
                     const struct network_data *data, const double *w,
                     int64_t *wrong, double *outputs);
/* out = H v, H the Hessian of the sum of losses at w: exact, by Pearlmutter's
   operator R{} = d/dr at w + r v (Neural Comput. 6, 147 (1994)). */
void network_hessian(struct network_work *work,
                     const struct network_data *data, const double *w,
                     const double *v, double *out);

#endif
