/* Observables of a field of spins on a lattice (system->spectrum): structure
   factor and correlation function of the spins s_x themselves and of their
   overlap q_x = s_x t_x between two copies, and second-moment correlation
   lengths (Cooper, Freedman, Preston, Nucl. Phys. B 210 (1982) 210). For
   models whose state is int8 spins -1, +1; doc/observables.md. */
#ifndef TEMPERA_CORE_FIELDS_H
#define TEMPERA_CORE_FIELDS_H
#include "core/model.h"

int fields_modes(const struct system *system);
int fields_distances(const struct system *system);

void fields_structure(const struct system *system, int sample,
                      const void *state, double *out);
void fields_correlation(const struct system *system, int sample,
                        const void *state, double *out);
void fields_overlap_structure(const struct system *system, int sample,
                              const void *a, const void *b, double *out);
void fields_overlap_correlation(const struct system *system, int sample,
                                const void *a, const void *b, double *out);

/* Code length over sites, site after site, each predicted from the nearest
   ones before it (stat/context_tree.h): its mean is never below the entropy
   per site. */
void fields_compressed(const struct system *system, int sample,
                       const void *state, double *out);

/* xi and xi / L from S(0), S(k_min); not a number where S(0) < S(k_min): noise
   has hidden a short length. */
double fields_length(const struct system *system, const double *lambda,
                     const double *means);
double fields_length_ratio(const struct system *system, const double *lambda,
                           const double *means);

/* Rows for a model's tables. */
#define FIELDS_OBSERVABLES                                                   \
    {.name = "structure_factor", .unit = "1", .axis = "n",                   \
     .of_state = fields_structure, .size = fields_modes,                     \
     .definition = "S(k) = |sum_x s_x exp(i k x)|^2 / N, k = 2 pi n / L "    \
                   "along the longest axes, their mean"},                    \
    {.name = "correlation", .unit = "1", .axis = "r", .integer = true,       \
     .of_state = fields_correlation, .size = fields_distances,               \
     .definition = "C(r) = s_x s_(x+r), mean over x and the longest axes"}
#define FIELDS_OVERLAPS                                                      \
    {.name = "overlap_structure", .unit = "1", .axis = "n",                  \
     .of_pair = fields_overlap_structure, .size = fields_modes,              \
     .definition = "|sum_x q_x exp(i k x)|^2 / N, q_x = s_x^a s_x^b, "       \
                   "k = 2 pi n / L along the longest axes, their mean"},     \
    {.name = "overlap_correlation", .unit = "1", .axis = "r",                \
     .integer = true, .of_pair = fields_overlap_correlation,                 \
     .size = fields_distances,                                               \
     .definition = "q_x q_(x+r), q_x = s_x^a s_x^b, mean over x and the "    \
                   "longest axes"}

#define FIELDS_COMPRESSED                                                    \
    {.name = "compressed_entropy", .unit = "nats", .per_site = true,         \
     .even = true, .of_state = fields_compressed,                            \
     .definition = "length of a context-tree code of the configuration / "   \
                   "N; its mean is an upper bound on S / N"}

#define FIELDS_LENGTHS                                                       \
    {.name = "correlation_length", .unit = "sites", .value = fields_length,  \
     .definition = "xi = sqrt(S(0) / S(k_min) - 1) / (2 sin(k_min / 2))",    \
     .term = {{"structure_factor", 0, NULL},                                 \
              {"structure_factor", 1, NULL}}},                               \
    {.name = "correlation_length_ratio", .unit = "1",                        \
     .definition = "xi / L", .value = fields_length_ratio,                   \
     .term = {{"structure_factor", 0, NULL},                                 \
              {"structure_factor", 1, NULL}}}
#define FIELDS_OVERLAP_LENGTHS                                               \
    {.name = "overlap_correlation_length", .unit = "sites",                  \
     .definition = "xi from the overlap's structure factor",                 \
     .value = fields_length,                                                 \
     .term = {{"overlap_structure", 0, NULL},                                \
              {"overlap_structure", 1, NULL}}},                              \
    {.name = "overlap_correlation_length_ratio", .unit = "1",                \
     .definition = "xi / L of the overlap", .value = fields_length_ratio,    \
     .term = {{"overlap_structure", 0, NULL},                                \
              {"overlap_structure", 1, NULL}}}

#endif
