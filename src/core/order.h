/* Energy per site and what is derived from an order parameter m, recorded as
   observable `magnetization` and its powers: rows and functions for models'
   tables. */
#ifndef TEMPERA_CORE_ORDER_H
#define TEMPERA_CORE_ORDER_H
#include "core/model.h"

/* u / N */
double order_energy(const struct system *system, const double *statistics);

/* beta N (mean[1] - mean[0]^2) */
double order_susceptibility(const struct system *system,
                            const double *lambda, const double *mean);
/* 1 - mean[1] / (3 mean[0]^2) */
double order_binder(const struct system *system, const double *lambda,
                    const double *mean);

#define ORDER_BINDER                                                         \
    {.name = "binder", .unit = "1",                                          \
     .definition = "1 - <m^4> / (3 <m^2>^2)", .value = order_binder,         \
     .term = {{"magnetization", 0, term_square},                             \
              {"magnetization", 0, term_fourth}}}

/* m of either sign */
#define ORDER_SIGNED_DERIVED                                                 \
    {.name = "susceptibility", .unit = "1/energy",                           \
     .definition = "beta N (<m^2> - <m>^2)", .value = order_susceptibility,  \
     .term = {{"magnetization", 0, NULL},                                    \
              {"magnetization", 0, term_square}}},                           \
    {.name = "susceptibility_abs", .unit = "1/energy",                       \
     .definition = "beta N (<m^2> - <|m|>^2)",                               \
     .value = order_susceptibility,                                          \
     .term = {{"magnetization", 0, term_abs},                                \
              {"magnetization", 0, term_square}}},                           \
    ORDER_BINDER

/* m >= 0 */
#define ORDER_DERIVED                                                        \
    {.name = "susceptibility_abs", .unit = "1/energy",                       \
     .definition = "beta N (<m^2> - <m>^2)", .value = order_susceptibility,  \
     .term = {{"magnetization", 0, NULL},                                    \
              {"magnetization", 0, term_square}}},                           \
    ORDER_BINDER

#endif
