/* Binary weights on a tether: the reference, the exact points beta = 0, the
   shells around it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/math.h"
#include "core/disorder.h"
#include "core/learner.h"

static const struct patterns *patterns(const struct system *system)
{
    return system->patterns;
}

/* ---- the reference ------------------------------------------------------- */

/* Random numbers far from those of a sample's examples. */
enum { REFERENCE_NEXT = UINT32_C(1) << 31 };

static void draw_reference(const struct system *system, struct patterns *p,
                           int sample)
{
    struct disorder d = disorder_of(system, sample);
    double *w = mem_new((size_t)p->weights, sizeof *w);
    d.next = REFERENCE_NEXT;
    disorder_signs(&d, w, p->weights, 0.5);
    for (int64_t i = 0; i < p->weights; i++)
        p->reference[sample * p->weights + i] = (int8_t)w[i];
    free(w);
}

/* A state that does not fit is told of by tether_fits. */
void learner_set_reference(struct system *system)
{
    struct patterns *p = system->patterns;
    const char *name = section_text(system->keys, "reference", "");
    struct reference *ref = tether_take(system);
    int64_t count = p->samples * p->weights;
    if (*name)
        p->reference = mem_new((size_t)count, 1);
    for (int64_t i = 0; ref && i < count; i++)
        p->reference[i] = ref->values[i] > 0 ? 1 : -1;
    if (!strcmp(name, "planted") && p->teacher)
        memcpy(p->reference, p->teacher, (size_t)count);
    for (int s = 0; s < p->samples; s++)
        if (!strcmp(name, "random"))
            draw_reference(system, p, s);
    reference_free(ref);
    system->components = p->reference ? 2 : 1;
}

/* ---- the exact points ---------------------------------------------------- */

double learner_apart(double tether)
{
    return tether > 0 ? num_exp(-tether) / (1 + num_exp(-tether))
                      : 1 / (1 + num_exp(tether));
}

bool learner_exact_at(const struct system *system, const double *lambda,
                      double *ln_z)
{
    double k = system->components > 1 ? lambda[1] : 0;
    double n = (double)system->sites;
    if (lambda[0] != 0)
        return false;
    *ln_z = n * (num_log(1 + num_exp(-fabs(k))) + (k < 0 ? -k : 0));
    return true;
}

void learner_draw_weights_at(const struct system *system, int sample,
                     const double *lambda, const struct draws *draws,
                     enum rng_purpose purpose, void *state)
{
    const struct patterns *p = patterns(system);
    int8_t *w = state;
    if (!p->reference) {
        spins_draw(system, sample, draws, purpose, state);
        return;
    }
    const int8_t *r = p->reference + sample * p->weights;
    double apart = learner_apart(lambda[1]);
    for (int64_t i = 0; i < p->weights; i++)
        w[i] = (int8_t)(draws_below(draws, purpose, i, apart) ? -r[i] : r[i]);
}

void learner_draw_weights(const struct system *system, int sample,
                  const struct draws *draws, enum rng_purpose purpose,
                  void *state)
{
    const double zero[COMPONENTS_MAX] = {0};
    learner_draw_weights_at(system, sample, zero, draws, purpose, state);
}

const char *learner_no_reference(const struct system *system)
{
    return patterns(system)->reference ? NULL : "model.reference is not given";
}

double learner_distance_of(const struct system *system,
                           const double *statistics)
{
    return statistics[3] / (double)system->sites;
}

/* ---- facet distance ------------------------------------------------------ */

static double apart_of(const struct system *system, double u)
{
    (void)system;
    return u;
}

/* ln of the sum of N over d, from <= d < to. */
static double shell(const struct system *system, double from, double to)
{
    double n = (double)system->sites, top = -INFINITY, sum = 0;
    for (double d = fmax(0, ceil(from)); d < to && d <= n; d++) {
        double x = lgamma(n + 1) - lgamma(d + 1) - lgamma(n - d + 1);
        sum = x > top ? sum * exp(top - x) + 1 : sum + exp(x - top);
        top = fmax(top, x);
    }
    return top + log(sum);
}

static const char *shell_is(const struct system *system)
{
    (void)system;
    return "states at this distance, N over d";
}

const struct distance learner_distance = {
    .component = 1, .unit = "weights", .whole = true,
    .definition = "weights that are not the reference's", .of = apart_of,
    .shell = shell, .shell_is = shell_is};
