/* Losses of one example as functions of its field, an integer: f = y w.x in
   units of the inputs. With the margin t = f / root - kappa, where root is
   sqrt(N) in the same units, they are

       step        1 where t <= 0, else 0
       perceptron  max(0, -t)
       hinge       max(0, 1 - t)
       logistic    ln(1 + exp(-t))
       symmetric   1 where |f| / root > kappa, else 0
       linear      -t

   all integers times one unit: 1 where errors are counted; where losses are
   straight lines a power of two times 1 / root, so that kappa alone is
   rounded; 2^-24 or a larger power of two for the logistic. So u is the same
   to the bit however its terms are added. */
#ifndef TEMPERA_SYSTEMS_MARGIN_H
#define TEMPERA_SYSTEMS_MARGIN_H
#include <stdbool.h>
#include <stdint.h>

enum margin_kind { MARGIN_STEP, MARGIN_PERCEPTRON, MARGIN_HINGE,
                   MARGIN_LOGISTIC, MARGIN_SYMMETRIC, MARGIN_LINEAR,
                   MARGIN_KINDS };
#define MARGIN_NAMES "step|perceptron|hinge|logistic|symmetric|linear"
/* name: one of these. */
enum margin_kind margin_named(const char *name);

struct margin {
    enum margin_kind kind;
    double root, kappa;
    int64_t most;       /* |f| is never larger */
    double unit;
    int digits;         /* straight lines: unit = 2^-digits / root */
    int64_t bar;        /* step: an error where f <= bar; symmetric: where
                           |f| > bar; straight lines: 0 from bar on, in units */
    int64_t *table;     /* [2 most + 1] the loss of every f, or NULL */
};

/* name: one of the above. examples: how many losses are added up. */
struct margin margin_new(const char *name, double root, double kappa,
                         int64_t most, int64_t examples);
void margin_release(struct margin *margin);

int64_t margin_loss(const struct margin *margin, int64_t field);
/* Is the example classified wrongly: f <= 0 (symmetric: |f| > bar)? */
bool margin_error(const struct margin *margin, int64_t field);
/* Largest |loss(f) - loss(f')| for |f - f'| <= step. */
int64_t margin_change(const struct margin *margin, int64_t step);

#endif
