/* Minibatches: an epoch takes every example once, in another order each time;
   their gradients' mean over an epoch is the gradient. Exact: no statistics,
   but for "another order". */
#include <math.h>

#include "contract.h"
#include "core/flow.h"
#include "core/minibatch.h"

/* Does every example come at most once in an epoch, and every one if size
   divides examples? shift: how far ticks are off. */
static bool epoch_covers(int64_t examples, int size, uint64_t epoch,
                         uint64_t shift)
{
    int64_t batches = examples / size, seen = 0;
    int64_t *chosen = mem_new((size_t)size, sizeof *chosen);
    char *taken = mem_new((size_t)examples, 1);
    bool good = true;
    for (int64_t b = 0; b < batches; b++) {
        struct draws draws = {
            .kind = STREAM_WORD, .seed = 8, .walker = 3,
            .tick = 1 + shift + epoch * (uint64_t)batches + (uint64_t)b};
        minibatch_choose(&draws, examples, size, chosen);
        for (int i = 0; i < size; i++) {
            good = good && chosen[i] >= 0 && chosen[i] < examples &&
                   !taken[chosen[i]];
            if (good)
                taken[chosen[i]] = 1;
            seen++;
        }
    }
    free(taken);
    free(chosen);
    return good && seen == batches * size;
}

/* Places at which two epochs have the same example, of 1000. */
static int same_places(uint64_t one, uint64_t two, int64_t walkers)
{
    enum { EXAMPLES = 1000 };
    int64_t a[EXAMPLES], b[EXAMPLES];
    struct draws draws = {.kind = STREAM_WORD, .seed = 8, .tick = 1 + one};
    int same = 0;
    minibatch_choose(&draws, EXAMPLES, EXAMPLES, a);
    draws.tick = 1 + two;
    draws.walker = walkers;
    minibatch_choose(&draws, EXAMPLES, EXAMPLES, b);
    for (int i = 0; i < EXAMPLES; i++)
        same += a[i] == b[i];
    return same;
}

/* Largest difference between the mean over an epoch of minibatch gradients and
   the gradient of all; lost: examples left out of the epoch. */
static double gradient_off(const struct system *system, int size, int lost)
{
    const struct grad *grad = system->model->grad;
    int64_t n = grad->count(system), examples = grad->examples(system);
    double *x = mem_new((size_t)n * 4, sizeof *x), *g = x + n, *all = x + 2 * n;
    double *mean = x + 3 * n, worst = 0;
    int64_t *chosen = mem_new((size_t)size, sizeof *chosen);
    struct rung rung = rung_at(system, 0.9);
    struct draws draws = {.kind = STREAM_WORD, .seed = 8};
    struct grad_at at = {.x = x, .lambda = rung.lambda,
                         .work = grad->work
                                     ? mem_new(1, grad->work(system)) : NULL};
    int64_t batches = examples / size;
    draws_normals(&draws, RNG_TEST, 0, n, x);
    grad->phi(system, &at, all);
    for (int64_t b = 0; b < batches; b++) {
        draws.tick = 1 + (uint64_t)b;
        minibatch_choose(&draws, examples, size, chosen);
        at.batch = chosen;
        at.batch_size = size - lost;
        grad->phi(system, &at, g);
        for (int64_t i = 0; i < n; i++)
            mean[i] += g[i] / (double)batches;
    }
    for (int64_t i = 0; i < n; i++)
        worst = fmax(worst, fabs(mean[i] - all[i]));
    free(at.work);
    free(chosen);
    free(x);
    return worst;
}

static void check_gradients(const char *model, const char *const *key)
{
    struct subject subject;
    subject_make(&subject, model, key);
    double off = gradient_off(subject.system, 12, 0);
    ok(off < 1e-12, "%s: gradients of an epoch's minibatches: mean off by "
       "%.2g", model, off);
    ok(gradient_off(subject.system, 12, 1) > 1e-3,
       "mutant rejected: the last of each is left out");
    subject_release(&subject);
}

int main(void)
{
    static const struct { int64_t examples; int size; } shape[] = {
        {1, 1}, {2, 1}, {7, 3}, {64, 16}, {1000, 32}, {1025, 1025},
        {60000, 100}};
    for (size_t i = 0; i < sizeof shape / sizeof *shape; i++)
        ok(epoch_covers(shape[i].examples, shape[i].size, 0, 0) &&
               epoch_covers(shape[i].examples, shape[i].size, 5, 0),
           "%lld examples, batches of %d: each once an epoch",
           (long long)shape[i].examples, shape[i].size);
    ok(!epoch_covers(64, 16, 0, 2), "mutant rejected: across two epochs");
    ok(same_places(0, 1, 0) < 20 && same_places(0, 0, 1) < 20,
       "another order in another epoch, and of another walker (of 1000 places "
       "one is equal by chance; 20 are once in 10^18)");
    ok(same_places(4, 4, 0) == 1000, "mutant rejected: the same order");
    check_gradients("linear", (const char *[SCENE_KEYS]){
                        "N=6", "examples=48", "l2=0.3"});
    check_gradients("perceptron", (const char *[SCENE_KEYS]){
                        "N=6", "examples=48", "weights=spherical",
                        "loss=logistic"});
    return tap_done();
}
