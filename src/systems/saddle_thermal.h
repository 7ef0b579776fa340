/* Thermodynamics of the states of a perceptron (systems/saddle_branches.h),
   per weight. */
#ifndef TEMPERA_SYSTEMS_SADDLE_THERMAL_H
#define TEMPERA_SYSTEMS_SADDLE_THERMAL_H
#include "systems/saddle_branches.h"

/* ln Z / N; -ln Z / (beta N); <u> / N; training error; beta^2 var u / N;
   entropy; 1 - alpha slope2 bend, negative where replica symmetry is broken;
   q; R; arccos(R) / pi. */
enum { SADDLE_LN_Z, SADDLE_FREE, SADDLE_ENERGY, SADDLE_ERROR, SADDLE_HEAT,
       SADDLE_ENTROPY, SADDLE_REPLICON, SADDLE_Q, SADDLE_R, SADDLE_EPS,
       SADDLE_RESULTS };

struct saddle_frozen { bool found; double beta, energy; };

struct saddle_thermal {
    double value[SADDLE_RESULTS], error[SADDLE_RESULTS];
    bool perfect; /* the teacher itself */
    bool higher;  /* another branch has less overlap */
    struct saddle_frozen frozen; /* found: saddle_frozen, as far as ranks
                                    asked for it */
};

struct saddle_states {
    int count; /* the first has the largest ln Z; of random labels the least:
                  q is the only overlap, and ln Z a minimum in it */
    struct saddle_thermal at[SADDLE_BRANCHES_MAX + 1];
    bool lost; /* something was not solved: there may be others */
    int peaks; /* where branches end, other alpha */
    struct saddle_state peak[SADDLE_BRANCHES_MAX];
};

/* alpha, beta >= 0, beta finite; wrong <= 1/2. peaks: look for all. */
struct saddle_states saddle_states(const struct saddle *saddle, bool peaks);

/* beta where the entropy of the state of least overlap (higher: of largest),
   negative at saddle's beta, reaches 0, and its energy: colder, binary weights
   stay in the same few states (Krauth, Mezard 1989: one step of replica
   symmetry breaking with q1 = 1), and ln Z / N is -beta energy. So saddle_states
   ranks them; a state whose entropy was never above 0 comes last. */
struct saddle_frozen saddle_frozen(const struct saddle *saddle, bool higher);

#endif
