/* Underdamped Langevin dynamics by the splitting BAOAB: at unit temperature

       dx = p dt',  dp = -grad Phi dt' - gamma p dt' + sqrt(2 gamma) dW

   kick B, half a drift A, friction and noise O, half a drift A; the half kicks
   at both ends of a step are one full kick, since momenta are kept between
   sweeps and positions are what is measured. Positions have a bias of second
   order in the step, none on a quadratic Phi (Leimkuhler, Matthews, Appl.
   Math. Res. Express 2013, 34). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/math.h"
#include "core/flow.h"

#define BAOAB_KEYS(KEY)                                                      \
    FLOW_KEYS(KEY, "time step of dw = p dt, dp = -grad u dt - friction p "   \
              "dt + sqrt(2 friction T) dW", "0.95")                          \
    KEY(real, friction, "1.0", 1e-6, 1e6, NULL, "1/time", 0,                 \
        "gamma, where the step is given; else of the unit-temperature time")
PARAM_STRUCT(baoab_keys, BAOAB_KEYS);
#define PARAM_ROW_baoab_keys(...) PARAM_ROW(baoab_keys, __VA_ARGS__)
PARAM_TABLE(static, baoab_table, "dynamics", baoab_keys, BAOAB_KEYS);

/* With a walker go its momenta, and the lambda that its last half kick is
   still owed at. */
static int64_t extra(const struct system *system)
{
    return system->model->grad->count(system) + COMPONENTS_MAX + 1;
}

struct owed { double lambda[COMPONENTS_MAX], step; };

/* The end of the last step, in the landscape it was made in. */
static void settle(struct flow *flow, const struct owed *owed)
{
    const struct sweep *s = flow->sweep;
    struct rung rung = *s->rung;
    struct sweep then = *s;
    memcpy(rung.lambda, owed->lambda, sizeof rung.lambda);
    then.rung = &rung;
    flow->sweep = &then;
    flow_phi(flow);
    flow_kick(flow, owed->step / 2);
    flow->sweep = s;
}

/* Friction's factor over a step h: the key counts in the key step's time. */
static double friction(const struct sweep *s, double h)
{
    double gamma = s->keys ? section_real(s->keys, "friction", 1) : 1;
    double step = s->keys ? section_real(s->keys, "step", 0) : 0;
    return num_exp(-gamma * (step > 0 ? step : h));
}

static void rub(struct flow *flow, double c)
{
    flow_normals(flow, 0, flow->x0);
    for (int64_t i = 0; i < flow->count; i++)
        flow->p[i] = c * flow->p[i] + sqrt(1 - c * c) * flow->x0[i];
}

/* All but the second half kick. In burn-in a Metropolis test judges what kicks
   and drifts do to the energy: for tuning, and so that a step too large at
   first throws no walker out. false: not accepted. */
static bool step(struct flow *flow, double h)
{
    double phi = flow_phi(flow), work = -flow_kinetic(flow);
    flow_kick(flow, h / 2);
    work += flow_kinetic(flow) - phi;
    flow_drift(flow, h / 2);
    rub(flow, friction(flow->sweep, h));
    flow_drift(flow, h / 2);
    if (!flow_tuning(flow->sweep))
        return true;
    work += flow_phi(flow) - flow_kinetic(flow);
    flow_kick(flow, h / 2);
    bool accepted = flow_accept(flow, work + flow_kinetic(flow));
    flow_kick(flow, -h / 2);
    return accepted;
}

static void move(struct flow *flow, struct owed *owed)
{
    const struct sweep *s = flow->sweep;
    double h = flow_step(s, 0.5);
    bool same = !memcmp(owed->lambda, s->rung->lambda, sizeof owed->lambda);
    if (owed->step > 0 && same) {
        flow_phi(flow);
        flow_kick(flow, owed->step / 2);
    } else if (owed->step > 0) {
        settle(flow, owed);
    }
    if (!step(flow, h)) { /* back where it was, with other momenta */
        flow_normals(flow, 1, flow->p);
        owed->step = 0;
        return;
    }
    memcpy(owed->lambda, s->rung->lambda, sizeof owed->lambda);
    owed->step = h;
    flow_end(flow);
}

static void sweep(const struct sweep *s)
{
    struct owed *owed = (struct owed *)(void *)s->extra;
    double *momenta = s->extra + COMPONENTS_MAX + 1;
    size_t bytes = (size_t)(extra(s->system) - COMPONENTS_MAX - 1) *
                   sizeof *momenta;
    if (s->rung->exact)
        system_draw(s->system, s->sample, s->rung->lambda, &s->draws,
                    RNG_FRESH, s->state);
    struct flow flow = flow_begin(s);
    if (s->rung->exact || s->draws.tick == 1) {
        flow_normals(&flow, 1, flow.p);
        memset(owed, 0, sizeof *owed);
    } else {
        memcpy(flow.p, momenta, bytes);
    }
    if (!s->rung->exact)
        move(&flow, owed);
    memcpy(momenta, flow.p, bytes);
}

/* ---- observables --------------------------------------------------------- */

/* p at the end of its step, with the half kick that it is owed. */
static void kinetic_temperature(const struct system *system, int sample,
                                const void *state, const double *numbers,
                                double *out)
{
    const struct owed *owed = (const struct owed *)(const void *)numbers;
    struct rung rung = {.exact = false};
    void *own = mem_copy(state, 1, system->state_bytes);
    struct sweep s = {.system = system, .sample = sample, .rung = &rung,
                      .state = own, .work = mem_new(1, flow_work(system))};
    struct flow flow = flow_begin(&s);
    memcpy(flow.p, numbers + COMPONENTS_MAX + 1,
           (size_t)flow.count * sizeof *flow.p);
    if (owed->step > 0)
        settle(&flow, owed);
    int64_t units = flow.sphere ? flow.count / flow.sphere : 0;
    *out = 2 * flow_kinetic(&flow) / (double)(flow.count - units);
    free(s.work);
    free(own);
}

static const struct observable observables[] = {
    {.name = "kinetic_temperature", .unit = "T", .even = true,
     .of_walker = kinetic_temperature,
     .definition = "|p|^2 / d of the d momenta, in units of T: must be 1; of a "
                   "quadratic Phi it is 1 - h^2 tr(Phi's second derivatives) "
                   "/ (4 d), h the step at unit temperature; a row costs a "
                   "gradient"},
    {.name = NULL}};

const struct dynamics dynamics_baoab = {
    .name = "baoab",
    .summary = "underdamped Langevin by the splitting BAOAB",
    .source = "Leimkuhler, Matthews, Appl. Math. Res. Express 2013, 34",
    .exact = false,
    .needs = FACET_GRAD,
    .keys = &baoab_table,
    .extra = extra,
    .work = flow_work,
    .sweep = sweep,
    .first_step = flow_first_step,
    .tune = flow_tune,
    .step = "time step at unit temperature",
    .observables = observables};
