/* The BLAS body: memory, and its two precisions. */
#ifndef TEMPERA_SYSTEMS_NETWORK_PARTS_H
#define TEMPERA_SYSTEMS_NETWORK_PARTS_H
#include "systems/network.h"

/* Rows of hidden units are filled up to this many numbers, so that vectors
   need no remainders; what fills them is finite and never enters a sum. */
enum { NETWORK_PAD = 16 };

/* One layer's places, in numbers of the network's precision: `bias` in memory
   that all threads read, the others [chunk][stride] in a thread's own. */
struct network_places {
    struct network_block block;
    int stride;      /* of a row of units: out, padded where hidden */
    size_t bias[2];  /* [stride] of w, of v; zeros if there are none */
    size_t a, d;     /* phi(z), phi'(z) */
    size_t ra, bend; /* R{a}, phi''(z) R{z} */
};

struct network_part { /* a thread's */
    void *memory;
    double *f, *g, *v; /* [outputs] of one example */
    double *times;     /* [widest] of dropout */
    double loss;     /* of its chunk */
    int64_t wrong;
};

struct network_work {
    const struct network *network;
    int threads, outputs;
    bool hessian, avx2;
    int64_t count;                 /* parameters */
    int64_t hidden;                /* units, filled up */
    int widest;                    /* row of units */
    struct network_places *layer;  /* [layers + 1], from 1 */
    /* places in the shared memory */
    size_t weights[2];             /* single precision: copies of w, v */
    size_t last;                   /* one output: its weights, padded */
    size_t shared_size;
    /* places in a thread's memory */
    size_t x;                      /* gathered inputs */
    size_t delta[2], rdelta[2];    /* dL/dz of two neighbouring layers, R of */
    size_t sums;                   /* a sum over examples */
    size_t gradient;               /* [count] */
    size_t part_size;
    void *shared;
    struct network_part *part;     /* [threads] */
};

/* What one pass over the data shall do. */
struct network_task {
    const struct network_data *data;
    const double *w, *v; /* v: Hessian */
    double *gradient;    /* or the Hessian's product; or NULL */
    double *outputs;     /* or NULL */
    bool count_wrong;
    int64_t wrong;
};

/* A pass in a precision, on vectors of an instruction set. No operation on
   vectors is fused and none depends on their width: plain and avx2 give the
   same bits. */
#define NETWORK_PASS(name)                                                   \
    double network_##name##_pass(struct network_work *work,                  \
                                 struct network_task *task)
NETWORK_PASS(single_plain);
NETWORK_PASS(double_plain);
NETWORK_PASS(single_avx2);
NETWORK_PASS(double_avx2);

static inline int64_t network_row(const struct network_data *data,
                                  int64_t example)
{
    return data->index ? data->index[example] : example;
}

static inline double times_of(const struct network_data *data)
{
    return data->times > 0 ? data->times : 1;
}

#endif
