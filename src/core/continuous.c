#include "core/continuous.h"

#include "base/math.h"

void continuous_attempt(const struct sweep *s, int64_t site)
{
    const struct model *model = s->system->model;
    const struct continuous *c = model->continuous;
    double from[CONTINUOUS_MOST], to[CONTINUOUS_MOST], du[COMPONENTS_MAX];
    c->get(s->system, s->state, site, from);
    c->propose(s->system, &s->draws, site, s->rung->step, from, to);
    c->delta(s->system, s->sample, s->state, site, to, du);
    double x = rung_dot(s->rung->lambda, du, s->system->components);
    bool accept = x <= 0 || draws_below(&s->draws, RNG_UPDATE, site,
                                        num_exp(-x));
    if (accept)
        c->set(s->system, s->state, site, to);
    if (s->success) {
        s->success->tries++;
        s->success->hits += accept;
    }
}

void continuous_reflect(const struct sweep *s, int64_t site)
{
    const struct continuous *c = s->system->model->continuous;
    double to[CONTINUOUS_MOST];
    c->reflect(s->system, s->sample, s->state, site, to);
    c->set(s->system, s->state, site, to);
}

double continuous_first_step(const struct system *system,
                             const struct section *keys)
{
    const struct continuous *c = system->model->continuous;
    (void)keys;
    return !c ? 0 : c->widest < 1 ? c->widest : 1;
}

#define TARGET 0.5
/* Swendsen's fit: step ~ -1 / ln(A P + B) for acceptance P. */
#define SWENDSEN_A 0.673
#define SWENDSEN_B 0.164
#define NARROWEST 1e-6

double continuous_tune(const struct system *system,
                       const struct section *keys, double step,
                       int64_t tries, int64_t hits)
{
    double widest = system->model->continuous->widest;
    double rate = (double)hits / (double)tries;
    (void)keys;
    step *= num_log(SWENDSEN_A * TARGET + SWENDSEN_B) /
            num_log(SWENDSEN_A * rate + SWENDSEN_B);
    return step > widest ? widest : step < NARROWEST ? NARROWEST : step;
}
