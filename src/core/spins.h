/* What models of Ising spins coupled in pairs share: a model of this kind
   builds system->pairs and names these functions in its table. States are
   int8 spins -1, +1; statistics are { u / unit without the constant, an
   integer; sum_i s_i }. Models of spins without pairs (system->pairs NULL)
   use what needs none: it is marked *. */
#ifndef TEMPERA_CORE_SPINS_H
#define TEMPERA_CORE_SPINS_H
#include "core/order.h"

enum { SPINS_STATISTICS = 2 };

/* Takes the pairs over; sets sites, state_bytes, resolution, lattice (NULL:
   none) and colours. */
void spins_build(struct system *system, struct pairs *pairs,
                 struct lattice *lattice);

void spins_measure(const struct system *system, int sample,
                   const void *state, double *statistics);
void spins_u(const struct system *system, const double *statistics,
             double *u);
/* * a site's value: 1 up, 0 down; clamped sites stay */
int spins_get(const struct system *system, const void *state, int64_t site);
void spins_set(const struct system *system, void *state, int64_t site,
               int value);
/* * N ln 2 at lambda = 0, clamped sites not counted */
bool spins_exact_at(const struct system *system, const double *lambda,
                    double *ln_z);
/* * */
void spins_draw(const struct system *system, int sample,
                const struct draws *draws, enum rng_purpose purpose,
                void *state);
/* * all up; clamped sites as they are */
void spins_ordered(const struct system *system, void *state);
/* var u of random spins, averaged over the samples */
double spins_variance(const struct system *system, int k);

/* Cluster moves of spins -1, +1: a turn is the flip. */
void spins_choose(const struct system *system, const double *lambda,
                  const struct draws *draws, int64_t number,
                  const void *state, int64_t site, struct turn *turn);
void spins_turn(const struct system *system, void *state, int64_t site,
                const struct turn *turn, int element);

extern const struct bond spins_bond;
extern const struct local spins_local;
extern const struct binary spins_binary;
extern const struct field spins_fields[]; /* * */

/* ---- observables ------------------------------------------------------- */

/* * of statistics[1] */
double spins_magnetization(const struct system *system,
                           const double *statistics);
double spins_abs_magnetization(const struct system *system,
                               const double *statistics);
double spins_magnetization_2(const struct system *system,
                             const double *statistics);
double spins_magnetization_4(const struct system *system,
                             const double *statistics);
/* * q = sum_i s_i t_i / N of two copies */
void spins_overlap(const struct system *system, int sample, const void *a,
                   const void *b, double *out);
/* sum over bonds of s_i s_j t_i t_j / bonds */
void spins_link_overlap(const struct system *system, int sample,
                        const void *a, const void *b, double *out);

/* Rows for a model's table of observables. */
#define SPINS_ENERGY                                                         \
    {.name = "energy", .unit = "energy", .per_site = true, .integer = true,  \
     .even = true, .of = order_energy,                                       \
     .definition = "u / N, fields included"}
#define SPINS_MAGNETIZATIONS                                                 \
    {.name = "magnetization", .unit = "1", .per_site = true,                 \
     .integer = true, .of = spins_magnetization,                             \
     .definition = "m = sum_i s_i / N"},                                     \
    {.name = "abs_magnetization", .unit = "1", .per_site = true,             \
     .integer = true, .of = spins_abs_magnetization, .definition = "|m|"},   \
    {.name = "magnetization_2", .unit = "1", .per_site = true,               \
     .integer = true, .of = spins_magnetization_2, .definition = "m^2"},     \
    {.name = "magnetization_4", .unit = "1", .per_site = true,               \
     .integer = true, .of = spins_magnetization_4, .definition = "m^4"}
#define SPINS_OVERLAPS                                                       \
    {.name = "overlap", .unit = "1", .per_site = true, .integer = true,      \
     .of_pair = spins_overlap,                                               \
     .definition = "q = sum_i s_i^a s_i^b / N of copies a < b"},             \
    {.name = "link_overlap", .unit = "1", .per_site = true,                  \
     .integer = true, .even = true, .of_pair = spins_link_overlap,           \
     .definition = "sum over bonds of s_i s_j t_i t_j / bonds"}

/* * of the overlap, averaged over samples: glasses */
double spins_susceptibility(const struct system *system,
                            const double *lambda, const double *means);
double spins_binder_ratio(const struct system *system, const double *lambda,
                          const double *means);
#define SPINS_GLASS_DERIVED                                                  \
    {.name = "glass_susceptibility", .unit = "1",                            \
     .definition = "N [<q^2>]", .value = spins_susceptibility,               \
     .term = {{"overlap", 0, term_square}}},                                 \
    {.name = "binder_ratio", .unit = "1",                                    \
     .definition = "[<q^4>] / [<q^2>]^2", .value = spins_binder_ratio,       \
     .term = {{"overlap", 0, term_square}, {"overlap", 0, term_fourth}}}

/* ---- the rest of a model's table --------------------------------------- */

#define SPINS_MODEL SPINS_MODEL_BUT_MEASURE, .measure = spins_measure
#define SPINS_MODEL_BUT_MEASURE                                              \
    .components = 1, .component = {"beta"}, .u_unit = "energy",              \
    .u_integer = true, .fields = spins_fields,                               \
    .statistics = SPINS_STATISTICS, .u = spins_u,                            \
    .reference = "counting", .exact_at = spins_exact_at, .draw = spins_draw, \
    .ordered = spins_ordered, .variance = spins_variance,                    \
    .local = &spins_local, .bond = &spins_bond

/* Keys N and samples: couplings of all pairs fit into memory. */
void spins_check_dense(const struct section *keys, struct err *err);

#endif
