/* The ladder: the rungs' lambda, from the exact end on.

   One-component ladders are stored by ascending |lambda| (hot to cold). When
   no requested rung is an exact point of the model, rungs are added from
   lambda = 0 to the first requested one (the anchor), so that ln Z is
   absolute. Adaptation moves rungs so that every swap is rejected equally
   often (Syed, Bouchard-Cote, Deligiannidis, Doucet 2022, JRSS B 84, 321);
   it never changes their number. See doc/ladder.md. */
#ifndef TEMPERA_CORE_LADDER_H
#define TEMPERA_CORE_LADDER_H
#include <stdbool.h>

#include "core/model.h"

enum ladder_spacing { LADDER_ADAPTIVE, LADDER_LINEAR, LADDER_GEOMETRIC,
                      LADDER_LIST };

struct ladder_request {
    enum ladder_spacing spacing;
    int rungs;
    int points;           /* corners of the path; the rungs of a list */
    const double *point;  /* [points][K] */
    bool line;            /* the first component alone varies, the others
                             are 0 */
    bool inverse;         /* a line whose points hold temperatures */
    bool anchor;          /* wanted, by default or not */
    bool anchor_given;    /* said explicitly: obeyed however long */
    int anchor_rungs;     /* 0: ceil(2 Lambda_0) */
    bool never_exact;     /* not for this dynamics: no anchor either */
};

struct ladder {
    int rungs, components;
    int first_requested;  /* = number of rungs the anchor added */
    bool never_exact;
    bool absolute;        /* rung 0 is an exact point */
    double ln_z_first;    /* ln Z there, else 0 */
    int anchor_needed;    /* rungs an anchor left out would have had, or 0 */
    double *lambda;       /* [rungs][K] */
    bool *fixed;          /* [rungs] adaptation leaves it alone */
    double *step;         /* [rungs] of the dynamics, see core/rung.h */
    struct rung *rung;    /* [rungs], follows lambda and step */
};

/* The request has passed the input's checks. */
struct ladder *ladder_new(const struct system *system,
                          const struct ladder_request *request);
void ladder_free(struct ladder *ladder);

/* After lambda or step was changed: the rungs' own fields. */
void ladder_refresh(struct ladder *ladder, const struct system *system);

/* Moves what is not fixed so that the rejection[rungs - 1], measured at the
   present rungs (or more, exchange_length), becomes equal within each stretch
   between fixed rungs. Own arithmetic only: the same on every rank and
   machine. false: nothing is free to move. */
bool ladder_adapt(struct ladder *ladder, const struct system *system,
                  const double *rejection);

#endif
