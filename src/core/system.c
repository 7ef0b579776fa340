#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "core/model.h"
#include "systems/patterns.h"

const struct model *model_meant(const struct model *model,
                                const struct section *keys)
{
    while (model && model->other && !model->takes(keys))
        model = model->other;
    return model;
}

const struct grad *model_grad(const struct model *model,
                              const struct section *keys)
{
    return model->no_grad && model->no_grad(keys) ? NULL : model->grad;
}

struct system *system_new(const struct model *model,
                          const struct section *keys)
{
    struct system *system = mem_new(1, sizeof *system);
    *system = (struct system){
        .model = model,
        .keys = keys,
        .seed = section_seed(keys, "seed", 1),
        .samples = (int)section_integer(keys, "samples", 1),
        .first_sample = section_integer(keys, "first_sample", 0),
        .resolution = 1,
        .colours = 1,
        .components = model->components};
    model->build(system);
    if (system->lattice)
        system->spectrum = spectrum_new(system->lattice);
    return system;
}

void system_free(struct system *system)
{
    if (!system)
        return;
    if (system->model->release)
        system->model->release(system);
    spectrum_free(system->spectrum);
    free(system->lattice);
    pairs_free(system->pairs);
    patterns_free(system->patterns);
    free(system->total);
    free(system->own);
    free(system);
}

bool system_exact(const struct system *system, const double *lambda,
                  double *ln_z)
{
    const struct model *model = system->model;
    return model->exact_at && model->exact_at(system, lambda, ln_z);
}

void system_draw(const struct system *system, int sample,
                 const double *lambda, const struct draws *draws,
                 enum rng_purpose purpose, void *state)
{
    const struct model *model = system->model;
    if (model->draw_at)
        model->draw_at(system, sample, lambda, draws, purpose, state);
    else
        model->draw(system, sample, draws, purpose, state);
}

const char *system_site(const struct system *system)
{
    return system->model->site ? system->model->site : "site";
}

int system_values(const struct system *system)
{
    const struct local *local = system->model->local;
    return local->values ? local->values : local->values_of(system);
}

const struct binary *system_binary(const struct system *system)
{
    const struct binary *binary = system->model->binary;
    return binary && (!binary->fits || binary->fits(system)) ? binary : NULL;
}

int observable_size(const struct observable *o, const struct system *system)
{
    return o->size ? o->size(system) : 1;
}

double term_abs(double x) { return fabs(x); }
double term_square(double x) { return x * x; }
double term_fourth(double x) { return x * x * x * x; }

/* States whose every move is free are reached by no other. Their weight falls
   as 2^-sites: 4e-4 on a 4 x 4 torus, 1e-8 at this size. */
enum { LAZY_SITES = 32 };

struct rung system_rung(const struct system *system, const double *lambda)
{
    const struct model *model = system->model;
    struct rung rung = {.exact = false};
    double ln_z;
    for (int k = 0; k < system->components; k++)
        rung.lambda[k] = lambda[k];
    rung.exact = system_exact(system, lambda, &ln_z);
    bool thin = system->lattice && system->lattice->dim == 1;
    rung.lazy = model->local && (model->local->bound(system, lambda) < 1 ||
                                 thin || system->sites <= LAZY_SITES);
    return rung;
}

double model_resolution(const double *values, int count, double total)
{
    int most = 30, k = 0;
    while (most > 0 && ldexp(total, most) > 0x1p52)
        most--;
    for (int i = 0; i < count; i++)
        while (k < most &&
               ldexp(values[i], k) != nearbyint(ldexp(values[i], k)))
            k++;
    return ldexp(1, -k);
}
