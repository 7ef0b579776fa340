/* Battery, kernels: they give back what was put, and agree with the reference
   bit for bit for every model and dynamics (test_kernels has more scenes). */
#include "contract.h"

/* Random states into all lanes, in an order of its own, and out again. */
static bool round_trip(const struct chain *chain)
{
    const struct rung rung = rung_at(chain->system, 0.4);
    struct bank *bank = chain_bank(chain, &rung, chain_lanes(chain), 5);
    size_t bytes = chain->system->state_bytes;
    char *want = mem_new(1, bytes), *got = mem_new(1, bytes);
    int lanes = bank->spec.lanes, step = lanes > 1 ? 7 : 1;
    bool good = true;
    for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < lanes; i++) {
            int lane = i * step % lanes;
            state_random(chain->system, (uint32_t)(1000 * pass + lane), want);
            bank->kernel->put(bank, lane, want);
        }
        for (int lane = 0; lane < lanes; lane++) {
            state_random(chain->system, (uint32_t)(1000 * pass + lane), want);
            bank->kernel->get(bank, lane, got);
            good = good && !memcmp(want, got, bytes);
        }
    }
    free(want);
    free(got);
    bank_free(bank);
    return good;
}

static struct bank *reference_for(const struct chain *chain,
                                  const struct rung *rung, int rungs)
{
    struct bank_spec spec = chain_spec(chain, rung, rungs, 99);
    return bank_new(registry_kernel("reference"), &spec);
}

static bool same_lanes(const struct bank *a, const struct bank *b)
{
    static double x[256 * STATISTICS_MAX], y[256 * STATISTICS_MAX];
    const struct system *system = a->spec.system;
    char *one = mem_new(1, system->state_bytes);
    char *two = mem_new(1, system->state_bytes);
    int statistics = system->model->statistics;
    bool same = true;
    for (int lane = 0; lane < a->spec.lanes && same; lane++) {
        a->kernel->get(a, lane, one);
        b->kernel->get(b, lane, two);
        same = !memcmp(one, two, system->state_bytes);
    }
    a->kernel->measure(a, x, 1);
    b->kernel->measure(b, y, 1);
    for (int i = 0; i < a->spec.lanes * statistics; i++)
        same = same && (system->model->u_integer ? x[i] == y[i]
                                                 : same_u(system, x[i],
                                                          y[i]));
    free(one);
    free(two);
    return same;
}

/* Ten sweeps over the rungs exact, lazy, warm and cold, labels moving. */
static bool equals_reference(const struct chain *chain)
{
    struct rung rung[4];
    int label[256];
    bool same = true;
    const double strength[4] = {0, 1e-3, 0.3, 1};
    for (int r = 0; r < 4; r++)
        rung[r] = rung_at(chain->system, strength[r]);
    struct bank_spec spec = chain_spec(chain, rung, 4, 99);
    struct bank *fast = bank_new(chain->kernel, &spec);
    struct bank *slow = reference_for(chain, rung, 4);
    char *state = mem_new(1, chain->system->state_bytes);
    for (int lane = 0; lane < spec.lanes; lane++) {
        state_random(chain->system, (uint32_t)lane, state);
        fast->kernel->put(fast, lane, state);
        slow->kernel->put(slow, lane, state);
    }
    for (uint64_t t = 0; t < 10 && same; t++) {
        for (int lane = 0; lane < spec.lanes; lane++)
            label[lane] = (int)((uint64_t)lane * 3 + t / 2) % 4;
        fast->kernel->relabel(fast, label, t == 0 || t == 6);
        slow->kernel->relabel(slow, label, t == 0 || t == 6);
        fast->kernel->sweep(fast, t + 1, 1);
        slow->kernel->sweep(slow, t + 1, 1);
        same = same_lanes(fast, slow);
    }
    free(state);
    bank_free(fast);
    bank_free(slow);
    return same;
}

static int trips, compared;

static void visit(const struct subject *subject)
{
    struct chain chain[CHAINS_MOST];
    int chains = chains_of(subject->system, NULL, chain);
    for (int c = 0; c < chains; c++) {
        const char *kernel = chain[c].kernel->name;
        ok(round_trip(&chain[c]), "put, get: %s, %s, %s, %s", subject->what,
           chain[c].dynamics->name, kernel, stream_names[chain[c].stream]);
        trips++;
        if (!strcmp(kernel, "reference"))
            continue;
        ok(equals_reference(&chain[c]), "as the reference: %s, %s, %s",
           subject->what, chain[c].dynamics->name, kernel);
        compared++;
    }
}

/* ---- mutants ------------------------------------------------------------- */

static void forgetful_get(const struct bank *bank, int lane, void *state)
{
    registry_kernel("lanes_u64")->get(bank, lane, state);
    bank->spec.system->model->local->set(bank->spec.system, state, 0, 0);
}

static void nearly_metropolis(double x, double *p, int *base)
{
    registry_dynamics_named("metropolis")->binary->level(x, p, base);
    *p *= 1 + 0x1p-7;
}

static void mutant_kernels(const struct system *system)
{
    struct kernel kernel = *registry_kernel("lanes_u64");
    struct dynamics dynamics = *registry_dynamics_named("metropolis");
    const struct binary_rule rule = {.lazy = true,
                                     .level = nearly_metropolis};
    struct chain chain = {system, &dynamics, &kernel, STREAM_LANE};
    dynamics.binary = &rule;
    ok(!equals_reference(&chain),
       "mutant rejected: p 1 %% off by the comparison with the reference");
    kernel.get = forgetful_get;
    ok(!round_trip(&chain), "mutant rejected: a lost site by put, get");
}

int main(void)
{
    static const char *const keys[SCENE_KEYS] = {"shape=[4, 4]", "h=0.25"};
    struct subject subject;
    for_subjects(visit);
    ok(trips >= 60 && compared >= 40, "%d round trips, %d comparisons",
       trips, compared);
    if (subject_make(&subject, "ising", keys))
        mutant_kernels(subject.system);
    subject_release(&subject);
    return tap_done();
}
