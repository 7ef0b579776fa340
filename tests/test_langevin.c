/* Dynamics whose step biases the law, against the biased law, and the time they
   keep. z is two-sided, of independent walkers; fixed seeds; a true law is
   rejected once in 16000 (|z| > 4).

   D23: on u = l x^2/2 Euler's variance is T / (l (1 - eta l/2)), BAOAB's
   T / l at any step. D21: the slowest rate of the double well. Leapfrog: the
   energy error of a path is of second order, reverses to rounding, and
   <exp(-dH)> = 1. */
#include <math.h>

#include "base/math.h"
#include "contract.h"
#include "core/flow.h"

enum { LANES = 256 };
#define Z_MOST 4.0

/* ---- chains ------------------------------------------------------------- */

struct setting {
    const char *dynamics;
    double temperature;
    const char *step, *friction; /* keys; friction NULL: none */
};

static struct section keys_of(const struct setting *of)
{
    const struct dynamics *d = registry_dynamics_named(of->dynamics);
    struct section keys = section_new("dynamics", NULL, d->keys);
    const char *name[] = {"step", "friction"};
    const char *text[] = {of->step, of->friction};
    for (int i = 0; i < 2; i++) {
        int block;
        const struct param *row = section_find(&keys, name[i], &block);
        if (row && text[i])
            free(param_parse(row, text[i], section_value(&keys, name[i])));
    }
    return keys;
}

/* [walkers] x_1 after the sweeps, and before the last `lag` of them. */
static void run_walkers(const struct system *system,
                        const struct setting *of, int walkers, int sweeps,
                        int lag, double *now, double *before)
{
    struct section keys = keys_of(of);
    double beta[COMPONENTS_MAX] = {1 / of->temperature};
    struct rung rung = system_rung(system, beta);
    int sample[LANES] = {0}, label[LANES] = {0};
    double *state = mem_new(1, system->state_bytes);
    for (int done = 0; done < walkers; done += LANES) {
        struct bank_spec spec = {
            .system = system, .stream = STREAM_WORD, .seed = 4,
            .dynamics = registry_dynamics_named(of->dynamics),
            .lanes = LANES, .first_walker = done, .sample = sample,
            .rungs = 1, .rung = &rung, .keys = &keys};
        struct bank *bank = bank_new(registry_kernel("reference"), &spec);
        bank->kernel->relabel(bank, label, true);
        for (int lane = 0; lane < LANES; lane++) {
            *state = lane % 2 ? 1 : -1;
            bank->kernel->put(bank, lane, state);
        }
        for (int t = 1; t <= sweeps; t++) {
            bank->kernel->sweep(bank, (uint64_t)t, 1);
            for (int lane = 0; lane < LANES; lane++) {
                bank->kernel->get(bank, lane, state);
                if (t == sweeps - lag)
                    before[done + lane] = *state;
                now[done + lane] = *state;
            }
        }
        bank_free(bank);
    }
    section_free(&keys);
    free(state);
}

/* ---- D23 ---------------------------------------------------------------- */

/* z of the mean of (x - centre)^2 against `want`. */
static double z_of_variance(const double *x, int count, double centre,
                            double want)
{
    double sum = 0, square = 0;
    for (int i = 0; i < count; i++) {
        double v = (x[i] - centre) * (x[i] - centre);
        sum += v;
        square += v * v;
    }
    double mean = sum / count;
    return (mean - want) /
           sqrt((square / count - mean * mean) / (count - 1));
}

/* A single well of curvature 2 at -1. */
static void check_bias(void)
{
    static const struct setting setting[] = {
        {"langevin", 0.5, "0.1", NULL}, {"langevin", 0.5, "0.4", NULL},
        {"langevin", 2.0, "0.1", NULL}, {"baoab", 0.5, "0.3", "1.0"},
        {"baoab", 0.5, "0.9", "0.2"}, {"baoab", 2.0, "0.6", "20.0"}};
    enum { WALKERS = 64 * LANES, SWEEPS = 150 };
    struct subject subject;
    const char *key[SCENE_KEYS] = {"kind=two_quadratic", "prior=none",
                                   "depth=[0.0, 1e6]",
                                   "curvature=[2.0, 2.0]"};
    double *x = mem_new(2 * WALKERS, sizeof *x), l = 2;
    subject_make(&subject, "wells", key);
    for (size_t i = 0; i < sizeof setting / sizeof *setting; i++) {
        const struct setting *of = &setting[i];
        bool euler = !strcmp(of->dynamics, "langevin");
        double eta = atof(of->step), T = of->temperature;
        double want = T / l / (euler ? 1 - eta * l / 2 : 1);
        run_walkers(subject.system, of, WALKERS, SWEEPS, 1, x, x + WALKERS);
        double z = z_of_variance(x, WALKERS, -1, want);
        ok(fabs(z) < Z_MOST, "D23: %s, step %s, T %g: variance %.5f, z = %.2f",
           of->dynamics, of->step, T, want, z);
        if (euler)
            ok(fabs(z_of_variance(x, WALKERS, -1, T / l)) > Z_MOST,
               "mutant rejected: no bias");
        else
            ok(fabs(z_of_variance(x, WALKERS, -1, T / l * 1.06)) > Z_MOST,
               "mutant rejected: 6 %% off");
    }
    subject_release(&subject);
    free(x);
}

/* ---- D21 ---------------------------------------------------------------- */

/* Walkers of both wells, near equilibrium within each: <x(0) x(t)> / <x^2> is
   0.95686 exp(-lambda_1 t) at late t (the slowest mode's share: eigenvectors of
   the discretised equation), t = eta a sweep; 0.006: what eta does to it. */
static void check_rate(void)
{
    enum { WALKERS = 32 * LANES, WAIT = 300, LAG = 800 };
    const struct setting of = {"langevin", 0.5, "0.005", NULL};
    const double rate = 2.27273421e-01;
    struct subject subject;
    const char *key[SCENE_KEYS] = {"kind=double_well"};
    double *x = mem_new(2 * WALKERS, sizeof *x), *before = x + WALKERS;
    double sum = 0, square = 0, now = 0;
    subject_make(&subject, "wells", key);
    run_walkers(subject.system, &of, WALKERS, WAIT + LAG, LAG, x, before);
    for (int i = 0; i < WALKERS; i++)
        now += before[i] * before[i] / WALKERS;
    for (int i = 0; i < WALKERS; i++) {
        double v = before[i] * x[i] / now;
        sum += v / WALKERS;
        square += v * v / WALKERS;
    }
    double error = sqrt((square - sum * sum) / WALKERS);
    double share = 0.95686, want = share * exp(-rate * LAG * 0.005);
    double z = (sum - want) / hypot(error, 0.006);
    ok(fabs(z) < Z_MOST, "D21: correlation after t = 4 at T = 0.5: %.4f +- "
       "%.4f, %.4f (z = %.2f)", sum, error, want, z);
    ok(fabs(sum - share * exp(-rate * LAG * 0.0025)) >
           Z_MOST * hypot(error, 0.006),
       "mutant rejected: half the time a step");
    subject_release(&subject);
    free(x);
}

/* ---- leapfrog ----------------------------------------------------------- */

/* Energy error of a path of length 1 in `steps`; back: by how much it misses
   its start when reversed. */
static double path_error(struct flow *flow, const double *x0,
                         const double *p0, int steps, double *back)
{
    double h = 1.0 / steps;
    memcpy(flow->x, x0, (size_t)flow->count * sizeof *x0);
    memcpy(flow->p, p0, (size_t)flow->count * sizeof *p0);
    double before = flow_phi(flow) + flow_kinetic(flow), after = 0;
    for (int way = 0; way < 2; way++) {
        for (int i = 0; i < steps; i++) {
            flow_kick(flow, h / 2);
            flow_drift(flow, h);
            double phi = flow_phi(flow);
            flow_kick(flow, h / 2);
            if (!way)
                after = phi + flow_kinetic(flow);
        }
        for (int64_t i = 0; i < flow->count; i++)
            flow->p[i] = -flow->p[i];
    }
    *back = 0;
    for (int64_t i = 0; i < flow->count; i++)
        *back = fmax(*back, fabs(flow->x[i] - x0[i]));
    return after - before;
}

static void check_leapfrog(const char *model, const char *const *key)
{
    struct subject subject;
    if (!subject_make(&subject, model, key))
        return;
    const struct system *system = subject.system;
    struct rung rung = rung_at(system, 1.2);
    char *state = mem_new(1, system->state_bytes);
    struct sweep s = {.system = system, .rung = &rung, .state = state,
                      .work = mem_new(1, flow_work(system)),
                      .draws = {.kind = STREAM_WORD, .seed = 3, .tick = 1}};
    system->model->draw(system, 0, &s.draws, RNG_START, state);
    struct flow flow = flow_begin(&s);
    size_t bytes = (size_t)flow.count * sizeof(double);
    double *x = mem_copy(flow.x, 1, bytes), *p = mem_new(1, bytes);
    double back, coarse, fine;
    flow_normals(&flow, 0, p);
    coarse = path_error(&flow, x, p, 64, &back);
    fine = path_error(&flow, x, p, 128, &back);
    ok(fabs(coarse / fine - 4) < 0.5,
       "leapfrog of %s: energy error %.2g, %.2g at half the step: second "
       "order", subject.what, coarse, fine);
    ok(back < 1e-9, "and back: %.2g from its start", back);
    free(p);
    free(x);
    free(s.work);
    free(state);
    subject_release(&subject);
}

/* <exp(-dH)> = 1 over the law, whatever the step (Jarzynski's equality of a
   path
   that preserves volume; Creutz, Phys. Rev. D 38, 1228 (1988)). By coarse steps
   in the normal prior, where states are drawn. */
static void check_jarzynski(void)
{
    static const char *const key[SCENE_KEYS] = {"dim=4", "prior=gaussian",
                                                "prior_scale=0.7"};
    enum { PATHS = 20000, STEPS = 1 };
    struct subject subject;
    if (!subject_make(&subject, "wells", key))
        return;
    const struct system *system = subject.system;
    struct rung rung = rung_at(system, 0);
    char *state = mem_new(1, system->state_bytes);
    struct sweep s = {.system = system, .rung = &rung, .state = state,
                      .work = mem_new(1, flow_work(system)),
                      .draws = {.kind = STREAM_WORD, .seed = 5}};
    double sum[2] = {0}, square[2] = {0}, x[4], p[4], back;
    for (int i = 0; i < PATHS; i++) {
        s.draws.tick = (uint64_t)i;
        system->model->draw(system, 0, &s.draws, RNG_START, state);
        struct flow flow = flow_begin(&s);
        memcpy(x, flow.x, sizeof x);
        flow_normals(&flow, 0, p);
        double dH = path_error(&flow, x, p, STEPS, &back);
        for (int way = 0; way < 2; way++) {
            double e = exp(way ? dH : -dH);
            sum[way] += e / PATHS;
            square[way] += e * e / PATHS;
        }
    }
    double z[2];
    for (int way = 0; way < 2; way++)
        z[way] = (sum[way] - 1) /
                 sqrt((square[way] - sum[way] * sum[way]) / PATHS);
    ok(fabs(z[0]) < Z_MOST, "leapfrog: <exp(-dH)> = %.4f, z = %.2f", sum[0],
       z[0]);
    ok(fabs(z[1]) > Z_MOST, "mutant rejected: <exp(dH)> = %.4f", sum[1]);
    free(s.work);
    free(state);
    subject_release(&subject);
}

int main(void)
{
    static const char *const xy[SCENE_KEYS] = {"shape=[4, 4]"};
    static const char *const phi4[SCENE_KEYS] = {"shape=[4, 4]"};
    static const char *const well[SCENE_KEYS] = {"kind=double_well", "dim=3",
                                                 "prior_scale=1.5"};
    check_bias();
    check_rate();
    check_leapfrog("xy", xy);
    check_leapfrog("heisenberg", xy);
    check_leapfrog("phi4", phi4);
    check_leapfrog("wells", well);
    check_jarzynski();
    return tap_done();
}
