/* Examples that binary weights w = -1, +1 learn: inputs x, each turned by its
   label y = -1, +1, so that x stands for y x everywhere. Networks of one
   hidden layer with signs, all odd in x:

       perceptron             output w.x
       committee, tree        sum_k sign(w_k.x_k), unit k sees block k of x
       committee, connected   sum_k sign(w_k.x), unit k has N weights of its own

   sign(0) = 0. Inputs are integers times a unit; where all are -1, +1 they
   are kept as bits. Weights are int8, bits set where +1. */
#ifndef TEMPERA_SYSTEMS_PATTERNS_H
#define TEMPERA_SYSTEMS_PATTERNS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "systems/margin.h"

struct patterns {
    int64_t inputs, weights;
    int units, blocks;   /* hidden units, 1: perceptron; blocks of inputs */
    int64_t train, test; /* examples: training ones first */
    int samples;
    double unit;         /* of the inputs; 1 of signs */
    int64_t words;       /* 64-bit ones a block of signs */
    uint64_t *bits;      /* [samples][train + test][blocks][words], or NULL */
    int32_t *value;      /* [samples][train + test][inputs], or NULL */
    int8_t *teacher;     /* [samples][weights], or NULL */
    int8_t *reference;   /* [samples][weights] of a tether, or NULL */
    struct margin margin; /* of the output; see patterns_set_loss */
};

/* Room for examples, all zero. units divides inputs where it is a tree. */
struct patterns *patterns_new(int64_t inputs, int units, bool tree,
                              int64_t train, int64_t test, int samples,
                              bool signs);
void patterns_free(struct patterns *patterns);

/* x[inputs] of an example, labels included; values: multiples of the unit. */
void patterns_set(struct patterns *patterns, int sample, int64_t example,
                  const double *x);
/* Input i of it. */
int32_t patterns_get(const struct patterns *patterns, int sample,
                     int64_t example, int64_t i);

/* The loss is one of w.x / sqrt(N); of sum_k sign / sqrt(K) in committees. */
void patterns_set_loss(struct patterns *patterns, const char *loss,
                       double kappa);

/* Output of one example. */
int64_t patterns_output(const struct patterns *patterns, int sample,
                        int64_t example, const int8_t *w);

/* Integers over the training examples, w.w* with the teacher, and how many
   weights are not the reference's. */
struct patterns_sums { int64_t loss, errors, teacher, apart; };
struct patterns_sums patterns_sum(const struct patterns *patterns, int sample,
                                  const int8_t *w);
/* What turning one weight adds to the loss. */
int64_t patterns_delta(const struct patterns *patterns, int sample,
                       const int8_t *w, int64_t site);
/* w.w* of weights that are 1 where up is, else -1; 0 without a teacher. */
int64_t patterns_teacher(const struct patterns *patterns, int sample,
                         const uint8_t *up);
/* How many are not the reference's; 0 without one. */
int64_t patterns_apart(const struct patterns *patterns, int sample,
                       const uint8_t *up);
int64_t patterns_test_errors(const struct patterns *patterns, int sample,
                             const int8_t *w);
/* Largest change of the loss that one flip makes, at most. */
int64_t patterns_change(const struct patterns *patterns);

#endif
