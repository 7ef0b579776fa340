/* Battery, the law: every model with few enough states x dynamics x kernel x
   stream leaves p invariant, reaches it from a fixed state, and measures
   exact means. The checks and their false-alarm rates: tests/checks.h.

   Kernels of one stream agree bit for bit (test_contract_kernels), so the
   longer checks run on the fastest of each stream only; means and series of
   dynamics without fast kernels in stream word only. */
#include "checks.h"

/* lambda = 0 (drawn afresh), the lazy rule's rung, warm, cold. */
static const double strengths[] = {0, 1e-3, 0.3, 1};

/* Mixing within the effort is promised only where no move is rarer than
   exp(-this). */
#define MIXES_BELOW 2.5

static int judged;

static void judge(const struct subject *subject, const struct chain *chain,
                  const struct law *law, const struct rung *rung,
                  bool fastest)
{
    char what[250];
    snprintf(what, sizeof what, "%s, %s, %s, stream %s, lambda %g",
             subject->what, chain->dynamics->name, chain->kernel->name,
             stream_names[chain->stream], rung->lambda[0]);
    ok(check_stationary(chain, law, rung), "stationary: %s", what);
    judged++;
    if (!fastest)
        return;
    bool words = chain->stream == STREAM_WORD || chain->dynamics->binary;
    if (words)
        ok(check_mean(chain, law, rung), "means: %s", what);
    const struct local *local = chain->system->model->local;
    if (local->bound(chain->system, rung->lambda) > MIXES_BELOW)
        return;
    ok(check_mixed(chain, law, rung), "mixes: %s", what);
    if (words)
        ok(check_series(chain, law, rung), "series: %s", what);
}

/* The fastest of its stream; of the reference's streams, which differ in
   addresses alone, the word. */
static bool is_fastest(const struct chain *chain, int chains, int c)
{
    if (chain[c].kernel->rank == 0 && chain[c].stream != STREAM_WORD)
        return false;
    for (int i = 0; i < chains; i++)
        if (chain[i].dynamics == chain[c].dynamics &&
            chain[i].stream == chain[c].stream &&
            chain[i].kernel->rank > chain[c].kernel->rank)
            return false;
    return true;
}

/* A strength at which the subject still mixes and no rung is lazy. */
static double hottest_plain(const struct system *system)
{
    double b = 1;
    struct rung rung = rung_at(system, b);
    double bound = system->model->local->bound(system, rung.lambda);
    return b * 1.6 / bound;
}

static void visit(const struct subject *subject)
{
    const struct system *system = subject->system;
    struct chain chain[CHAINS_MOST];
    if (!law_states(system)) {
        printf("# %s: not enumerated\n", subject->what);
        return;
    }
    int chains = chains_of(system, NULL, chain);
    for (size_t i = 0; i <= sizeof strengths / sizeof *strengths; i++) {
        bool extra = i == sizeof strengths / sizeof *strengths;
        struct rung rung = rung_at(
            system, extra ? hottest_plain(system) : strengths[i]);
        struct law *law = NULL;
        for (int c = 0; c < chains; c++) {
            if (c == 0 || chain[c].dynamics != chain[c - 1].dynamics) {
                if (law)
                    law_free(law);
                law = law_for(system, chain[c].dynamics, 0, rung.lambda);
            }
            if (chain[c].dynamics->exact)
                judge(subject, &chain[c], law, &rung,
                      is_fastest(chain, chains, c));
        }
        if (law)
            law_free(law);
    }
}

int main(void)
{
    for_subjects(visit);
    ok(judged >= 100, "at least 100 chains were judged (%d)", judged);
    return tap_done();
}
