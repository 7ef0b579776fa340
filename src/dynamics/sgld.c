/* Stochastic gradient Langevin dynamics:

       w' = w - eta (grad l2 + (P / B) sum_batch grad loss - T grad ln m)
              + sqrt(2 eta T) xi

   langevin's step with the gradient of B of P examples in the place of all.
   The gradient's own noise, of variance eta^2 (P^2 / B) var grad, comes on top
   of T and is not corrected for: it vanishes as eta does, at fixed T, only.
   Steps of one epoch undo each other's in part (core/minibatch.h): it is less
   than that of independent batches where an epoch is short, see
   doc/learning.md.
   noise = false leaves it as the only one: plain SGD, which is no heat bath and
   knows no temperature; its law is no p(w|T). Exchange always uses u of all
   examples.

   dropout leaves out units at random, others in every example and step. The
   gradient is then that of another loss, averaged over masks, with a noise of
   their own: no p(w|T) either, though u is still the loss of all units. */
#include <math.h>

#include "core/flow.h"
#include "systems/dropout.h"

#define SGLD_KEYS(KEY)                                                       \
    KEY(real, step, "0.001", 1e-30, 1e9, NULL, "", 0,                        \
        "learning rate eta of w' = w - eta grad u + sqrt(2 eta T) xi, the "  \
        "same at all rungs; u is a sum over P examples: eta / P of a mean")  \
    KEY(integer, batch, "32", 1, 1e8, NULL, "", 0,                           \
        "examples B a step takes, all if there are fewer. P/B times their "  \
        "gradient stands for grad u; its noise, up to eta^2 P^2/B var(grad "\
        "loss), adds to 2 eta T: a walker is hotter than T")                 \
    KEY(flag, noise, "true", 0, 0, NULL, "", 0,                              \
        "false: plain SGD, not a heat bath")                                 \
    KEY(real, dropout, "0.0", 0, 0.99, NULL, "", 0,                          \
        "probability that a unit (linear: inputs; mlp: hidden units) is "    \
        "left out of an example in a step, the others counting 1 / (1 - "    \
        "dropout) times; the law is then no p(w|T)")
PARAM_STRUCT(sgld_keys, SGLD_KEYS);
#define PARAM_ROW_sgld_keys(...) PARAM_ROW(sgld_keys, __VA_ARGS__)
PARAM_TABLE(static, sgld_table, "dynamics", sgld_keys, SGLD_KEYS);

static const char *refuses_keys(const struct system *system,
                                const struct section *keys)
{
    const struct grad *grad = system->model->grad;
    return section_real(keys, "dropout", 0) > 0 &&
                   !(grad->drops && grad->drops(system))
               ? "it has no units that dropout could leave out" : NULL;
}

static struct dropout dropout_of(const struct sweep *s)
{
    double p = s->keys ? section_real(s->keys, "dropout", 0) : 0;
    return (struct dropout){
        .p = p, .times = 1 / (1 - p),
        .address = {.seed = s->draws.seed, .tick = s->draws.tick,
                    .purpose = RNG_DROPOUT,
                    .stream = (uint32_t)s->draws.walker}};
}

static void sweep(const struct sweep *s)
{
    int64_t examples = flow_examples(s->system);
    int64_t batch = s->keys ? section_integer(s->keys, "batch", 32) : 32;
    double eta = s->keys ? section_real(s->keys, "step", 0.001) : 0.001;
    bool noisy = !s->keys ||
                 *(const bool *)section_value(s->keys, "noise");
    double h = eta / fabs(s->rung->lambda[0]);
    if (s->rung->exact) {
        system_draw(s->system, s->sample, s->rung->lambda, &s->draws,
                    RNG_FRESH, s->state);
        return;
    }
    struct flow flow = flow_begin_here(s);
    const struct dropout dropout = dropout_of(s);
    flow.dropout = dropout.p > 0 ? &dropout : NULL;
    flow_phi_batch(&flow, (int)(batch < examples ? batch : examples));
    flow_euler(&flow, h, noisy);
    flow_end(&flow);
}

const struct dynamics dynamics_sgld = {
    .name = "sgld",
    .summary = "stochastic gradient Langevin: minibatches and noise, or "
               "minibatches alone (SGD)",
    .source = "Welling, Teh, Proc. ICML 2011, 681",
    .exact = false,
    .needs = FACET_GRAD,
    .keys = &sgld_table,
    .refuses = flow_no_examples,
    .refuses_keys = refuses_keys,
    .work = flow_batch_work,
    .sweep = sweep};
