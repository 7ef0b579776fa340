/* How many states there are at each distance from the reference of a tether,
   and of which energy: local entropy, Franz-Parisi potential (doc/learning.md).
   From the samples of all rungs by MBAR's weights: at tether 0 and the beta of
   a target, of bin d

       ln_z    ln Z(d) = ln sum of m exp(-beta u_1) over the bin
       energy  <u_1> there
       entropy ln_z + beta energy
       local_entropy  entropy - ln of the bin's m (shell)
       potential      (largest ln_z - ln_z) / (beta N)
       solutions_at_distance  ln of the m of states with u_1 = 0, where u_1 is
                      made of integers and the run met such

   Averages over samples are of these logarithms (quenched). A bin that too few
   samples, or stretches of time, speak of is NAN in mean and error; all are
   where neighbouring rungs share no states. */
#ifndef TEMPERA_RUN_DISTANCE_H
#define TEMPERA_RUN_DISTANCE_H
#include "run/data.h"

enum distance_row {
    DISTANCE_LN_Z, DISTANCE_ENERGY, DISTANCE_ENTROPY, DISTANCE_LOCAL,
    DISTANCE_POTENTIAL, DISTANCE_ROWS
};
extern const char *const distance_names[DISTANCE_ROWS];
extern const char *const distance_definitions[DISTANCE_ROWS];

/* Numbers a bin. */
struct distance_numbers { double *mean, *error; };

struct distance_target {
    double beta;
    double *n_eff; /* [bins] least of all samples */
    struct distance_numbers row[DISTANCE_ROWS];
};

struct distances {
    const struct distance *facet;
    const char *reference, *shell_is;
    int bins, targets;
    double *from, *to; /* [bins] from <= d < to */
    double *shell;     /* [bins] */
    struct distance_target *at;
    struct distance_numbers solutions; /* NULLs: none were met */
    bool absolute;     /* else ln Z is relative to rung 0's */
    int parts;         /* samples, of all runs */
    bool ok;           /* rungs share states, in all parts */
};

/* Of runs of the same rungs (run/merge.h); NULL where there is no distance or
   nothing to analyse. */
struct distances *distances_new(struct data *const *runs, int count);
void distances_free(struct distances *distances);

#endif
