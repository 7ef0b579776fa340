/* How far measured overlaps are from the replica theory of their rung: derived
   quantities of perceptrons that learn a teacher's examples by counting
   errors. What is left falls with N. */
#ifndef TEMPERA_CORE_SADDLE_POINT_H
#define TEMPERA_CORE_SADDLE_POINT_H
#include "core/model.h"
#include "systems/saddle.h"

/* The equations of a system of model perceptron whose loss is step, labels a
   teacher's or random, weights binary or spherical, at beta. */
struct saddle saddle_point_of(const struct system *system, double beta);

/* means: R, q. NAN where a tether acts. */
double saddle_point_R(const struct system *system, const double *lambda,
                      const double *means);
double saddle_point_q(const struct system *system, const double *lambda,
                      const double *means);
const char *saddle_point_refuses(const struct system *system);

#define SADDLE_POINT_DERIVED                                                 \
    {.name = "saddle_residual_R", .unit = "1", .value = saddle_point_R,      \
     .definition = "R less what the replica-symmetric equations make of "    \
                   "the measured R and q (systems/saddle.h)",                \
     .refuses = saddle_point_refuses,                                        \
     .term = {{"teacher_overlap", 0, NULL}, {"overlap", 0, NULL}}},          \
    {.name = "saddle_residual_q", .unit = "1", .value = saddle_point_q,      \
     .definition = "q less what they make of it",                            \
     .refuses = saddle_point_refuses,                                        \
     .term = {{"teacher_overlap", 0, NULL}, {"overlap", 0, NULL}}}

#endif
