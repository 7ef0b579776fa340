/* The bonds of a system: those of system->pairs, or else of system->lattice,
   numbered 0 to bonds_limit - 1. Of an open lattice some numbers are vacant. */
#ifndef TEMPERA_CORE_BONDS_H
#define TEMPERA_CORE_BONDS_H
#include "core/model.h"

/* 0: the system has neither pairs nor lattice. */
int64_t bonds_limit(const struct system *system);
/* false: the number is vacant. */
bool bonds_ends(const struct system *system, int64_t bond, int64_t end[2]);

/* Places around a site, and what is there: the site across, or -1; its bond
   goes to *bond. */
int bonds_places(const struct system *system, int64_t site);
int64_t bonds_across(const struct system *system, int64_t site, int place,
                     int64_t *bond);

/* The axis of a lattice that a bond lies along (no pairs). */
int bonds_axis(const struct system *system, int64_t bond);

#endif
