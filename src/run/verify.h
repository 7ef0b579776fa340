/* Recomputes with the reference kernel what /verify holds: u of every walker
   after sweeps 1, 2, 4, ..., 64 of the run, burn-in and exchange included. */
#ifndef TEMPERA_RUN_VERIFY_H
#define TEMPERA_RUN_VERIFY_H
#include "base/err.h"

struct verification {
    int rows;          /* compared */
    long different;    /* values that are not the same */
    int first_sweep;   /* of the first difference; 0: none */
    long long walker;  /* and its walker */
    double held, found;
};

/* Exactly where u is made of integers, else within 1e-9 of u's size. false
   with a message when the file cannot be verified. */
bool verify_file(const char *file, struct verification *result,
                 struct err *err);

#endif
