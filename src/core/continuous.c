#include "core/continuous.h"

#include "base/math.h"

/* U < exp(-lambda.du); counts. */
static bool accepts(const struct sweep *s, int64_t number, const double *du)
{
    double x = rung_dot(s->rung->lambda, du, s->system->components);
    bool accept = x <= 0 || draws_below(&s->draws, RNG_UPDATE, number,
                                        num_exp(-x));
    if (s->success) {
        s->success->tries++;
        s->success->hits += accept;
    }
    return accept;
}

void continuous_attempt(const struct sweep *s, int64_t site)
{
    const struct model *model = s->system->model;
    const struct continuous *c = model->continuous;
    double from[CONTINUOUS_MOST], to[CONTINUOUS_MOST], du[COMPONENTS_MAX];
    c->get(s->system, s->state, site, from);
    c->propose(s->system, &s->draws, site, s->rung->step, from, to);
    c->delta(s->system, s->sample, s->state, site, to, du);
    if (accepts(s, site, du))
        c->set(s->system, s->state, site, to);
}

size_t continuous_work(const struct system *system)
{
    const struct moves *moves = system->model->moves;
    return moves ? moves->work(system) : 0;
}

void continuous_moves(const struct sweep *s)
{
    const struct moves *moves = s->system->model->moves;
    double du[COMPONENTS_MAX];
    if (s->rung->exact) {
        system_draw(s->system, s->sample, s->rung->lambda, &s->draws,
                    RNG_FRESH, s->state);
        return;
    }
    moves->begin(s->system, s->sample, s->state, s->work);
    for (int64_t i = 0; i < s->system->sites; i++) {
        moves->propose(s->system, s->sample, &s->draws, i, s->rung->step,
                       s->state, s->work, du);
        if (accepts(s, i, du))
            moves->make(s->system, s->state, s->work);
    }
}

void continuous_reflect(const struct sweep *s, int64_t site)
{
    const struct continuous *c = s->system->model->continuous;
    double to[CONTINUOUS_MOST];
    c->reflect(s->system, s->sample, s->state, site, to);
    c->set(s->system, s->state, site, to);
}

/* 0: there are none. */
static double widest_of(const struct system *system)
{
    const struct model *model = system->model;
    return model->moves        ? model->moves->widest
           : model->continuous ? model->continuous->widest : 0;
}

double continuous_first_step(const struct system *system,
                             const struct section *keys)
{
    double widest = widest_of(system);
    (void)keys;
    return widest < 1 ? widest : 1;
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
    double widest = widest_of(system);
    double rate = (double)hits / (double)tries;
    (void)keys;
    step *= num_log(SWENDSEN_A * TARGET + SWENDSEN_B) /
            num_log(SWENDSEN_A * rate + SWENDSEN_B);
    return step > widest ? widest : step < NARROWEST ? NARROWEST : step;
}
