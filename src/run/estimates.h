/* Everything a report says about means: per quantity and rung the mean, its
   error, the autocorrelation time and the effective number of samples.

   All errors come from one mechanism (stat/gamma.h, doc/estimators.md): an
   influence series per estimate, so that what two estimates share cancels in
   their difference. */
#ifndef TEMPERA_RUN_ESTIMATES_H
#define TEMPERA_RUN_ESTIMATES_H
#include "run/data.h"

struct estimate {
    char *name, *unit, *definition;
    bool per_site;
    bool judged;     /* the verdict looks at it */
    bool internal;   /* only the verdict does: u, which /series holds */
    int size;        /* numbers a rung: more than 1 of vectors */
    double *mean, *error; /* [rungs][size] */
    double *tau_int; /* [rungs][size] sweeps */
    double *n_eff;   /* [rungs][size] over all copies */
    double *halves;  /* [rungs][size] z between the halves of the run; NAN
                        when there is nothing to compare */
};

struct estimates {
    int rungs, count;
    struct estimate *at;
    bool mbar_ok;          /* all neighbouring rungs overlap */
    int weakest;           /* the edge with least overlap, -1: none */
    double *ti_mbar;       /* [rungs] z of ln Z by TI against MBAR */
    double *quadrature;    /* [rungs] TI's own error, in ln_z_ti's error */
    double *reweighting;   /* [rungs - 1] effective fraction of the samples
                              when an edge's rungs are reweighted to each
                              other, the worse direction */
};

/* NULL with a message when the file cannot be read on. rows >= 1. */
struct estimates *estimates_new(struct data *data, struct err *err);
void estimates_free(struct estimates *estimates);

/* Room for numbers of `rungs` rungs, named as `like` is. */
struct estimate estimate_like(const struct estimate *like, int rungs);
void estimate_release(struct estimate *estimate);

const struct estimate *estimates_find(const struct estimates *estimates,
                                      const char *name);

#endif
