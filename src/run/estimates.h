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

/* Time averages over rows window[w][0] <= row < window[w][1]: the last half of
   the run, the quarter before, the eighth before that, ... In equilibrium they
   agree. Errors are over samples; of one sample, over time. */
struct plateau_row { char *name; double *mean, *error; /* [windows][rungs] */ };
struct plateau {
    int windows, count;
    int64_t (*window)[2];
    struct plateau_row *at;
};

/* Independent Gaussian couplings of mean 0 and variance J^2 on N_b bonds: by
   parts, [<u>] = -beta J^2 N_b (1 - [<q_l>]) for two copies in equilibrium.
   From a random start the energy comes down and the link overlap goes up: the
   sides meet from opposite directions (Katzgraber, Palassini, Young, Phys.
   Rev. B 63, 184422 (2001)). */
struct balance { double *energy, *expected, *error, *z; /* [rungs] */ };

struct estimates {
    int rungs, count;
    struct estimate *at;
    bool shared;           /* errors over samples that share numbers: there
                              are fewer than 8 groups */
    bool mbar_ok;          /* all neighbouring rungs overlap */
    int weakest;           /* the edge with least overlap, -1: none */
    double *ti_mbar;       /* [rungs] z of ln Z by TI against MBAR */
    double *ti_gap;        /* [rungs] TI less MBAR */
    double *quadrature;    /* [rungs] TI's own error, in ln_z_ti's error */
    double *reweighting;   /* [rungs - 1] effective fraction of the samples
                              when an edge's rungs are reweighted to each
                              other, the worse direction */
    struct plateau *plateau; /* NULL: of a schedule, of merged runs */
    struct balance *balance; /* NULL also without such couplings, samples or
                                link_overlap; energies per site */
};

/* Two rows at least; of a schedule two paths, of a quench one row. */
bool estimates_possible(const struct data *data);
/* Empty where they are not possible. NULL with a message when the file cannot
   be read on. */
struct estimates *estimates_new(struct data *data, struct err *err);
void estimates_free(struct estimates *estimates);

/* Room for numbers of `rungs` rungs, named as `like` is. */
struct estimate estimate_like(const struct estimate *like, int rungs);
void estimate_release(struct estimate *estimate);

const struct estimate *estimates_find(const struct estimates *estimates,
                                      const char *name);

#endif
