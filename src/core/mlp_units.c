/* Hidden units of multilayer perceptrons: overlaps with the teacher's and
   between copies. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/mlp.h"
#include "systems/overlaps.h"

static int units_of(const struct system *system)
{
    return mlp_of(system)->network.width[1];
}

static int64_t inputs_of(const struct system *system)
{
    return mlp_of(system)->network.width[0];
}

/* Turning all weights of a unit leaves the function as it is: the next layer
   turns its own. */
static bool odd(const struct system *system)
{
    enum network_activation a = mlp_of(system)->network.activation;
    return a == NETWORK_TANH || a == NETWORK_ERF;
}

static const double *teacher(const struct system *system, int sample)
{
    return mlp_of(system)->teacher[sample];
}

/* ---- what does not apply ------------------------------------------------- */

const char *mlp_refuse_match(const struct system *system)
{
    return units_of(system) <= MLP_UNITS_MOST
               ? NULL : "more than 512 units in the first hidden layer";
}

const char *mlp_refuse_teacher(const struct system *system)
{
    return mlp_of(system)->teacher[0] ? mlp_refuse_match(system)
                                      : "the labels are no teacher's";
}

int mlp_pairs_of_units(const struct system *system)
{
    return mlp_refuse_matrix(system) ? 1
                                     : units_of(system) * units_of(system);
}

const char *mlp_refuse_matrix(const struct system *system)
{
    return units_of(system) <= MLP_MATRIX_MOST / units_of(system)
               ? NULL : "more than 8 units in the first hidden layer";
}

const char *mlp_refuse_teacher_matrix(const struct system *system)
{
    const char *no = mlp_refuse_matrix(system);
    return no ? no : mlp_refuse_teacher(system);
}

/* ---- matching ------------------------------------------------------------ */

/* The first layer's weights come first in the state. */
static double match(const struct system *system, const double *w,
                    const double *with, double *renamed)
{
    int units = units_of(system);
    int64_t inputs = inputs_of(system);
    int *unit = mem_new((size_t)units, sizeof *unit);
    double *turn = mem_new((size_t)units, sizeof *turn);
    double mean = overlaps_match(units, inputs, w, with, odd(system), unit,
                                 turn);
    if (renamed)
        overlaps_rename(units, inputs, w, unit, turn, renamed);
    free(unit);
    free(turn);
    return mean;
}

static double *renamed_after(const struct system *system, const double *w,
                             const double *with)
{
    double *renamed = mem_new((size_t)(units_of(system) * inputs_of(system)),
                              sizeof *renamed);
    match(system, w, with, renamed);
    return renamed;
}

void mlp_teacher_overlap(const struct system *system, int sample,
                         const void *state, double *out)
{
    *out = match(system, state, teacher(system, sample), NULL);
}

void mlp_teacher_overlaps(const struct system *system, int sample,
                          const void *state, double *out)
{
    const double *with = teacher(system, sample);
    double *w = renamed_after(system, state, with);
    overlaps_products(units_of(system), inputs_of(system), w, with, out);
    free(w);
}

void mlp_self_overlaps(const struct system *system, int sample,
                       const void *state, double *out)
{
    double *w = renamed_after(system, state, teacher(system, sample));
    overlaps_products(units_of(system), inputs_of(system), w, w, out);
    free(w);
}

void mlp_overlap(const struct system *system, int sample, const void *a,
                 const void *b, double *out)
{
    (void)sample;
    *out = match(system, a, b, NULL);
}

void mlp_pair_overlaps(const struct system *system, int sample,
                       const void *a, const void *b, double *out)
{
    const double *with = teacher(system, sample);
    double *v = renamed_after(system, a, with ? with : b);
    double *w = with ? renamed_after(system, b, with) : NULL;
    overlaps_products(units_of(system), inputs_of(system), v, w ? w : b, out);
    free(v);
    free(w);
}
