/* Losses by hand, layout, threads, instruction sets, minibatches, scores,
   and numbers that are too large. */
#include "network_scenes.h"

/* ---- losses of one example --------------------------------------------- */

struct by_hand {
    enum network_loss loss;
    int outputs, label;
    double kappa, q, f[3], want, slope[3];
};

/* p = 1/4, 1/4, 1/2 of f = 0, 0, ln 2 */
#define LN2 0x1.62e42fefa39efp-1
static const struct by_hand by_hand[] = {
    {NETWORK_SQUARED, 1, -1, 0, 0, {2}, 4.5, {3}},
    {NETWORK_SQUARED, 3, 1, 0, 0, {1, 3, -2}, 4.5, {1, 2, -2}},
    {NETWORK_CROSS_ENTROPY, 1, 1, 0, 0, {0}, LN2, {-0.5}},
    {NETWORK_CROSS_ENTROPY, 1, -1, 0, 0, {-LN2}, 0.40546510810816438,
     {1.0 / 3}},
    {NETWORK_CROSS_ENTROPY, 3, 1, 0, 0, {0, 0, LN2}, 2 * LN2,
     {0.25, -0.75, 0.5}},
    {NETWORK_CROSS_ENTROPY, 3, 2, 0, 0, {0, 0, LN2}, LN2,
     {0.25, 0.25, -0.5}},
    {NETWORK_HINGE, 1, -1, 0.5, 0, {0.25}, 0.75, {1}},
    {NETWORK_HINGE, 1, 1, 0.5, 0, {0.5}, 0, {0}}, /* on the kink */
    {NETWORK_HINGE, 3, 2, 1, 0, {1, 3, 2.5}, 1.5, {0, 1, -1}},
    {NETWORK_HINGE, 3, 2, 1, 0, {3, 3, 2.5}, 1.5, {1, 0, -1}}, /* the first */
    {NETWORK_HINGE, 3, 0, 1, 0, {4, 3, 2.5}, 0, {0, 0, 0}},
    {NETWORK_PERCEPTRON, 1, 1, 9, 0, {-2}, 2, {-1}},
    {NETWORK_PERCEPTRON, 1, 1, 9, 0, {2}, 0, {0}},
    {NETWORK_PERCEPTRON, 3, 0, 9, 0, {1, 0, 3}, 2, {-1, 0, 1}},
    {NETWORK_GENERALISED, 3, 0, 0, 0.5, {0, 0, LN2}, 1,
     {-0.375, 0.125, 0.25}},
    {NETWORK_GENERALISED, 3, 0, 0, 1, {0, 0, LN2}, 0.75,
     {-0.1875, 0.0625, 0.125}},
    {NETWORK_GENERALISED, 3, 0, 0, 0, {0, 0, LN2}, 2 * LN2,
     {-0.75, 0.25, 0.5}},
    {NETWORK_GENERALISED, 3, 0, 0, 1e-17, {0, 0, LN2}, 2 * LN2,
     {-0.75, 0.25, 0.5}},
    {NETWORK_GENERALISED, 1, 1, 0, 1, {-LN2}, 2.0 / 3, {-2.0 / 9}},
    /* no overflow, and nothing lost in what is tiny */
    {NETWORK_CROSS_ENTROPY, 1, 1, 0, 0, {-1e100}, 1e100, {-1}},
    {NETWORK_CROSS_ENTROPY, 1, 1, 0, 0, {1e100}, 0, {0}},
    {NETWORK_CROSS_ENTROPY, 1, 1, 0, 0, {100}, 3.7200759760208361e-44,
     {-3.7200759760208361e-44}},
    {NETWORK_CROSS_ENTROPY, 3, 0, 0, 0, {-1e100, 0, 1e100}, 2e100,
     {-1, 0, 1}},
    {NETWORK_CROSS_ENTROPY, 3, 0, 0, 0, {1e100, 0, -1e100}, 0, {0, 0, 0}},
    {NETWORK_CROSS_ENTROPY, 3, 0, 0, 0, {100, 0, 0},
     7.4401519520416722e-44,
     {-7.4401519520416722e-44, 3.7200759760208361e-44,
      3.7200759760208361e-44}},
    {NETWORK_GENERALISED, 3, 0, 0, 0.5, {-1e100, 0, 1e100}, 2, {0, 0, 0}},
    {NETWORK_GENERALISED, 1, -1, 0, 0.25, {1e100}, 4, {0}},
    {NETWORK_HINGE, 3, 0, 1, 0, {-1e100, 0, 1e100}, 2e100, {-1, 0, 1}},
};

/* Relative error of loss and slopes; label_shift: a mutant. */
static double by_hand_off(const struct by_hand *h, double shift)
{
    int width[] = {1, h->outputs};
    struct network n = {.layers = 1, .width = width, .loss = h->loss,
                        .kappa = h->kappa, .q = h->q};
    int32_t label = h->label;
    struct network_data data = {.examples = 1, .label = &label};
    double f[3], g[3], off = 0;
    for (int k = 0; k < h->outputs; k++)
        f[k] = h->f[k] + (k == 0) * shift;
    double loss = network_example(&n, &data, 0, f, g);
    off = fabs(loss - h->want) / fmax(fabs(h->want), 1e-300);
    for (int k = 0; k < h->outputs; k++)
        off = fmax(off, fabs(g[k] - h->slope[k]) /
                            fmax(fabs(h->slope[k]), 1e-300));
    return isnan(loss) ? INFINITY : off;
}

static void test_by_hand(void)
{
    int count = sizeof by_hand / sizeof *by_hand, caught = 0;
    for (int i = 0; i < count; i++) {
        double off = by_hand_off(&by_hand[i], 0);
        ok(off < 1e-14, "%s, %d outputs, label %d, f = %g, ...",
           loss_name[by_hand[i].loss], by_hand[i].outputs, by_hand[i].label,
           by_hand[i].f[0]);
        if (off >= 1e-14)
            printf("# off by %.3g\n", off);
        if (i < 7)
            caught += by_hand_off(&by_hand[i], 1e-12) > 1e-14;
    }
    ok(caught == 7, "other outputs are rejected");
}

static void test_wrong(void)
{
    const int width[] = {1, 1, 3};
    struct network one = {.layers = 1, .width = width};
    struct network three = {.layers = 1, .width = width + 1};
    int32_t label[] = {-1, 1, 2};
    struct network_data data = {.examples = 3, .label = label};
    ok(!network_example_wrong(&one, &data, 0, (double[]){-1}) &&
           network_example_wrong(&one, &data, 1, (double[]){-1}) &&
           network_example_wrong(&one, &data, 1, (double[]){0}) &&
           network_example_wrong(&one, &data, 1, (double[]){NAN}),
       "signs: right, wrong, a tie, not a number");
    ok(!network_example_wrong(&three, &data, 2, (double[]){0, 1, 2}) &&
           network_example_wrong(&three, &data, 1, (double[]){0, 1, 2}) &&
           network_example_wrong(&three, &data, 2, (double[]){0, 2, 2}),
       "largest outputs: right, wrong, a tie");
}

/* ---- layout ------------------------------------------------------------ */

static void test_layout(void)
{
    const int width[] = {4, 3, 2};
    struct network n = {.layers = 2, .width = width, .bias = true};
    struct network_block a = network_block(&n, 1), b = network_block(&n, 2);
    ok(a.weights == 0 && a.biases == 12 && a.end == 15 && a.in == 4 &&
           a.out == 3 && b.weights == 15 && b.biases == 21 && b.end == 23 &&
           network_count(&n) == 23, "blocks of 4-3-2");
    n.bias = false;
    b = network_block(&n, 2);
    ok(b.weights == 12 && b.biases == 18 && network_count(&n) == 18,
       "blocks without biases");
    size_t bytes[4];
    for (int t = 1; t < 4; t++)
        bytes[t] = network_work_bytes(&n, t, false);
    size_t least = (size_t)NETWORK_CHUNK * (4 + 16 + 2) * sizeof(double);
    ok(bytes[3] - bytes[2] == bytes[2] - bytes[1] &&
           bytes[2] - bytes[1] > least &&
           network_work_bytes(&n, 1, true) > bytes[1], "bytes of work");
}

/* ---- threads, instruction sets ----------------------------------------- */

enum { RESULTS = 3 };

/* Gradient, Hessian product, then loss and errors, one after another. */
static double *everything(const struct scene *s, int threads, bool avx2)
{
    struct network_work *k = network_work_new(&s->network, threads, true);
    k->avx2 &= avx2;
    int64_t wrong;
    double *out = mem_new((size_t)(2 * s->count + RESULTS), sizeof *out);
    double *last = out + 2 * s->count;
    last[0] = network_loss(k, &s->data, s->w, out);
    network_hessian(k, &s->data, s->w, s->w, out + s->count);
    last[1] = network_score(k, &s->data, s->w, &wrong, NULL);
    last[2] = (double)wrong;
    network_work_free(k);
    return out;
}

static bool same(const struct scene *s, int threads, bool avx2)
{
    double *one = everything(s, 1, true);
    double *other = everything(s, threads, avx2);
    bool equal = !memcmp(one, other, (size_t)(2 * s->count + RESULTS) *
                                         sizeof *one);
    free(one);
    free(other);
    return equal;
}

/* The order of examples is what such a comparison would see. */
static bool same_backwards(struct scene *s)
{
    int64_t *index = mem_new((size_t)s->data.examples, sizeof *index);
    for (int64_t e = 0; e < s->data.examples; e++)
        index[e] = s->data.examples - 1 - e;
    double *one = everything(s, 1, true);
    s->data.index = index;
    double *other = everything(s, 1, true);
    s->data.index = NULL;
    bool equal = !memcmp(one, other, (size_t)s->count * sizeof *one);
    free(one);
    free(other);
    free(index);
    return equal;
}

static void test_threads(enum network_activation a, bool single)
{
    bool threads[4], plain, other = false;
    memset(threads, true, sizeof threads);
    plain = true;
    for (int shape = 1; shape < SHAPES; shape += 2) {
        struct scene s = scene_new(shape, a, NETWORK_CROSS_ENTROPY, single,
                                   4 * NETWORK_CHUNK + 77);
        for (int t = 1; t <= 3; t++)
            threads[t] &= same(&s, t, true);
        plain &= same(&s, 1, false);
        other |= same_backwards(&s);
        scene_clear(&s);
    }
    const char *precision = single ? "single" : "double";
    ok(threads[1] && threads[2] && threads[3],
       "1, 2, 3 threads: the same bits (%s, %s)", activation_name[a],
       precision);
    ok(plain, "and without AVX2");
    ok(!other, "other bits in another order");
}

/* ---- minibatches, scores ----------------------------------------------- */

/* The examples of the list, copied side by side. */
static void copy_rows(struct scene *to, const struct scene *from,
                      const int64_t *index, int64_t count)
{
    const int *width = from->network.width;
    int inputs = width[0], outputs = width[from->network.layers];
    for (int64_t e = 0; e < count; e++) {
        memcpy(to->x + e * inputs, from->x + index[e] * inputs,
               (size_t)inputs * sizeof(double));
        memcpy(to->y + e * outputs, from->y + index[e] * outputs,
               (size_t)outputs * sizeof(double));
        to->label[e] = from->label[index[e]];
    }
    memcpy(to->w, from->w, (size_t)to->count * sizeof(double));
    free((void *)(uintptr_t)to->data.x);
    to->data.x = network_inputs(&to->network, to->x, count);
}

static void test_minibatch(enum network_loss loss, bool single)
{
    enum { LIST = 300 };
    struct scene all = scene_new(5, NETWORK_ERF, loss, single, EXAMPLES);
    struct scene some = scene_new(5, NETWORK_ERF, loss, single, LIST);
    int64_t index[LIST];
    for (int e = 0; e < LIST; e++) /* some twice, some not at all */
        index[e] = (int64_t)((uniform() + 1) / 2 * EXAMPLES);
    copy_rows(&some, &all, index, LIST);
    all.data.index = index;
    all.data.examples = LIST;
    size_t bytes = (size_t)(2 * all.count + RESULTS) * sizeof(double);
    double *a = everything(&all, 2, true), *b = everything(&some, 1, true);
    index[7] = (index[7] + 1) % EXAMPLES;
    double *c = everything(&all, 2, true);
    ok(!memcmp(a, b, bytes), "a list is what it lists: %s",
       loss_name[loss]);
    ok(memcmp(c, b, bytes), "another list is not");
    all.data.examples = 0;
    double *none = everything(&all, 2, true), sum = 0;
    for (int64_t i = 0; i < 2 * all.count + RESULTS; i++)
        sum += fabs(none[i]);
    ok(sum == 0, "nothing of no examples");
    free(a);
    free(b);
    free(c);
    free(none);
    scene_clear(&all);
    scene_clear(&some);
}

static void test_score(int shape, bool single)
{
    struct scene s = scene_new(shape, NETWORK_GELU, NETWORK_HINGE, single,
                               EXAMPLES);
    int outputs = s.network.width[s.network.layers];
    double *f = random_numbers(EXAMPLES * outputs, 1), want[3], off = 0;
    struct network_work *k = network_work_new(&s.network, 2, false);
    int64_t wrong, count = 0;
    double loss = network_score(k, &s.data, s.w, &wrong, f);
    for (int64_t e = 0; e < EXAMPLES; e++) {
        network_reference_outputs(&s.network, &s.data, e, s.w, want);
        count += network_example_wrong(&s.network, &s.data, e, want);
        for (int j = 0; j < outputs; j++)
            off = fmax(off, fabs(f[e * outputs + j] - want[j]));
    }
    ok(off < (single ? 1e-5 : 1e-13), "outputs, shape %d", shape);
    ok(wrong == count && count > EXAMPLES / 10 && count < EXAMPLES,
       "%d examples misclassified", (int)wrong);
    ok(loss == network_loss(k, &s.data, s.w, NULL), "the same loss");
    memset(s.w, 0, (size_t)s.count * sizeof *s.w);
    network_score(k, &s.data, s.w, &wrong, NULL);
    ok(wrong == EXAMPLES, "ties are wrong");
    free(f);
    network_work_free(k);
    scene_clear(&s);
}

/* ---- numbers too large ------------------------------------------------- */

/* Single precision: outputs of 1e16, their product with weights within its
   range. */
static void test_large(enum network_activation a, bool single)
{
    bool finite = true;
    for (enum network_loss l = 0; l <= NETWORK_GENERALISED; l++) {
        struct scene s = scene_new(3, a, l, single, EXAMPLES);
        for (int64_t i = 0; i < s.count; i++)
            s.w[i] *= single ? 1e8 : 1e40;
        double *g = everything(&s, 1, true);
        for (int64_t i = 0; i < 2 * s.count + RESULTS; i++)
            finite &= isfinite(g[i]) != 0;
        free(g);
        scene_clear(&s);
    }
    ok(finite, "large weights: %s", activation_name[a]);
}

static void test_no_number(enum network_activation a, bool single)
{
    int seen = 0, count = 0;
    for (enum network_loss l = 0; l <= NETWORK_GENERALISED; l++)
        for (int shape = 0; shape < SHAPES; shape++) {
            struct scene s = scene_new(shape, a, l, single, 10);
            int64_t place[] = {0, s.count / 2, s.count - 1};
            for (int i = 0; i < 3; i++, count++) {
                double w = s.w[place[i]];
                s.w[place[i]] = NAN;
                double *g = everything(&s, 1, true);
                seen += isnan(g[2 * s.count]) && isnan(g[2 * s.count + 1]);
                free(g);
                s.w[place[i]] = w;
            }
            scene_clear(&s);
        }
    ok(seen == count, "a weight that is no number, nor is the loss: %s",
       activation_name[a]);
}

int main(void)
{
    test_by_hand();
    test_wrong();
    test_layout();
    for (int single = 0; single < 2; single++) {
        for (enum network_activation a = 0; a <= NETWORK_GELU; a++) {
            test_threads(a, single);
            test_large(a, single);
            test_no_number(a, single);
        }
        test_minibatch(NETWORK_SQUARED, single);
        test_minibatch(NETWORK_GENERALISED, single);
        test_score(1, single);
        test_score(3, single);
        test_score(4, single);
    }
    return tap_done();
}
