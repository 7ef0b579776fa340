/* What models share whose sites hold one of few values, a byte each, on a
   lattice. */
#ifndef TEMPERA_CORE_DISCRETE_H
#define TEMPERA_CORE_DISCRETE_H
#include "core/model.h"

/* Takes the lattice over; sets sites, state_bytes and colours. */
void discrete_build(struct system *system, struct lattice *lattice);

int discrete_colour(const struct system *system, int64_t site);
int discrete_get(const struct system *system, const void *state,
                 int64_t site);
void discrete_set(const struct system *system, void *state, int64_t site,
                  int value);
/* N ln(values) at lambda = 0 */
bool discrete_exact_at(const struct system *system, const double *lambda,
                       double *ln_z);
void discrete_draw(const struct system *system, int sample,
                   const struct draws *draws, enum rng_purpose purpose,
                   void *state);
/* 0 everywhere, or 0 and `other` in turn */
void discrete_ordered(const struct system *system, void *state, int other);

extern const struct field discrete_fields[];

#endif
