/* Dynamics that go downhill on every model that offers a gradient: what they
   minimise has the gradient it says, with the prior and without, at lambda = 0
   too; they lower it and come to rest. No random acceptance: no rate of false
   alarms. */
#include <math.h>

#include "contract.h"
#include "core/downhill.h"

struct climber {
    const struct system *system;
    const struct dynamics *dynamics;
    struct section keys;
    struct rung rung;
    struct sweep sweep;
};

static struct climber *climber_new(const struct system *system,
                                   const char *name, double b, bool prior)
{
    struct climber *c = mem_new(1, sizeof *c);
    const struct dynamics *d = registry_dynamics_named(name);
    double *extra = mem_new((size_t)dynamics_extra(d, system) + 1,
                            sizeof *extra);
    *c = (struct climber){.system = system, .dynamics = d,
                          .keys = section_new("dynamics", NULL, d->keys),
                          .rung = rung_at(system, b)};
    *(bool *)section_value(&c->keys, "prior") = prior;
    c->sweep = (struct sweep){
        .system = system, .rung = &c->rung, .keys = &c->keys,
        .draws = {.kind = STREAM_WORD, .seed = 5, .walker = 3},
        .state = mem_new(1, system->state_bytes), .extra = extra,
        .work = mem_new(1, flow_batch_work(system))};
    system->model->draw(system, 0, &c->sweep.draws, RNG_START,
                        c->sweep.state);
    return c;
}

static void climber_free(struct climber *c)
{
    free(c->sweep.state);
    free(c->sweep.extra);
    free(c->sweep.work);
    section_free(&c->keys);
    free(c);
}

struct here { double f, slope; };

static struct here look(const struct climber *c)
{
    struct downhill d;
    downhill_begin(&d, &c->sweep);
    struct here here = {.f = downhill_f(&d)};
    here.slope = downhill_slope(&d);
    return here;
}

/* Largest difference of the gradient from that of values, off spheres too;
   `wrong` is added to the first component. */
static double mismatch(const struct climber *c, double wrong)
{
    struct downhill d;
    downhill_begin(&d, &c->sweep);
    size_t n = (size_t)d.flow.count;
    double *y = mem_copy(d.flow.x, n, sizeof *y), *g = mem_new(n, sizeof *g);
    double *waste = mem_new(n, sizeof *waste), worst = 0;
    for (size_t i = 0; i < n; i++)
        y[i] *= 1.25; /* lengths are not 1 */
    downhill_at(&d, y, g);
    g[0] += wrong;
    for (size_t i = 0; i < n; i++) {
        double h = 1e-5, at = y[i];
        y[i] = at + h;
        double up = downhill_at(&d, y, waste);
        y[i] = at - h;
        double down = downhill_at(&d, y, waste);
        y[i] = at;
        double off = fabs((up - down) / (2 * h) - g[i]);
        worst = fmax(worst, off / fmax(1, fabs(g[i])));
    }
    free(y);
    free(g);
    free(waste);
    return worst;
}

static void check_gradient(const struct subject *s, double b, bool prior)
{
    struct climber *c = climber_new(s->system, "descent", b, prior);
    double off = mismatch(c, 0);
    ok(off < 1e-5, "%s, b = %g, prior %d: the gradient of what goes down "
       "(%.1e)", s->what, b, prior, off);
    ok(mismatch(c, 1e-3) > 1e-5, "mutant rejected: a gradient that is off");
    climber_free(c);
}

/* Methods that search lines come to rest; fixed steps go down. */
static void check_descent(const struct subject *s,
                          const struct dynamics *dynamics, double b)
{
    struct climber *c = climber_new(s->system, dynamics->name, b, true);
    bool searches = dynamics == registry_dynamics_named("lbfgs") ||
                    dynamics == registry_dynamics_named("cg");
    struct here first = look(c), last = first;
    bool up = false;
    for (int t = 1; t <= (searches ? 12 : 3); t++) {
        double before = last.f;
        c->sweep.draws.tick = (uint64_t)t;
        dynamics->sweep(&c->sweep);
        last = look(c);
        up |= !(last.f <= before + 1e-6 * fmax(1, fabs(before)));
    }
    ok(!up && last.f < first.f, "%s by %s, b = %g: down from %g to %g",
       s->what, dynamics->name, b, first.f, last.f);
    if (searches && b > 0)
        ok(last.slope < 1e-3 * fmax(1, first.slope),
           "%s by %s: the gradient goes from %.2g to %.2g", s->what,
           dynamics->name, first.slope, last.slope);
    climber_free(c);
}

static bool takes(const struct dynamics *dynamics, const struct subject *s)
{
    char *no = dynamics_refusal(dynamics, s->system->model, s->system->keys,
                                s->system);
    bool good = dynamics->downhill && !no;
    free(no);
    return good;
}

static void visit(const struct subject *s)
{
    if (!takes(registry_dynamics_named("descent"), s))
        return;
    check_gradient(s, 0.7, false);
    check_gradient(s, 0.7, true);
    check_gradient(s, 0, true);
    for (int d = 0; registry_dynamics[d]; d++) {
        const struct dynamics *dynamics = registry_dynamics[d];
        if (takes(dynamics, s)) {
            check_descent(s, dynamics, 0.7);
            check_descent(s, dynamics, 0);
        }
    }
}

int main(void)
{
    for_subjects(visit);
    return tap_done();
}
