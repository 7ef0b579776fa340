/* Dropout in networks: the loss against plain loops, its gradient against
   differences, the same bits in any number of threads. No statistics. */
#include <math.h>

#include "network_scenes.h"
#include "systems/dropout.h"

/* Loss with masks by plain loops; shift: of the examples' numbers. */
static double plain_loss(const struct scene *s, int64_t shift)
{
    const struct network *n = &s->network;
    double sum = 0, a[32], z[32], times[32];
    for (int64_t e = 0; e < s->data.examples; e++) {
        int64_t first = 0;
        for (int i = 0; i < n->width[0]; i++)
            a[i] = ((const double *)s->data.x)[e * n->width[0] + i];
        for (int l = 1; l <= n->layers; l++) {
            struct network_block b = network_block(n, l);
            int filled = (b.out + NETWORK_PAD - 1) / NETWORK_PAD * NETWORK_PAD;
            int64_t hidden = 0;
            for (int k = 1; k < n->layers; k++)
                hidden += (n->width[k] + NETWORK_PAD - 1) / NETWORK_PAD *
                          NETWORK_PAD;
            if (l < n->layers)
                dropout_times(s->data.dropout, e + shift, hidden, first,
                              filled, times);
            for (int j = 0; j < b.out; j++) {
                z[j] = n->bias ? s->w[b.biases + j] : 0;
                for (int i = 0; i < b.in; i++)
                    z[j] += s->w[b.weights + (int64_t)j * b.in + i] * a[i];
            }
            for (int j = 0; j < b.out; j++)
                a[j] = l < n->layers ? times[j] * tanh(z[j]) : z[j];
            first += filled;
        }
        sum += network_example(n, &s->data, e, a, NULL);
    }
    return sum;
}

/* Largest difference between the gradient and differences of the loss, at
   some weights. */
static double gradient_off(struct scene *s, struct network_work *k)
{
    double *g = mem_new((size_t)s->count, sizeof *g), worst = 0, h = 1e-5;
    network_loss(k, &s->data, s->w, g);
    for (int64_t i = 0; i < s->count; i += 7) {
        double w = s->w[i];
        s->w[i] = w + h;
        double up = network_loss(k, &s->data, s->w, NULL);
        s->w[i] = w - h;
        double down = network_loss(k, &s->data, s->w, NULL);
        s->w[i] = w;
        worst = fmax(worst, fabs(g[i] - (up - down) / (2 * h)));
    }
    free(g);
    return worst;
}

static bool same_in_threads(struct scene *s)
{
    size_t bytes = (size_t)s->count * sizeof(double);
    double *g[2], loss[2];
    for (int t = 0; t < 2; t++) {
        struct network_work *k = network_work_new(&s->network, 1 + 2 * t,
                                                  false);
        g[t] = mem_new(1, bytes);
        loss[t] = network_loss(k, &s->data, s->w, g[t]);
        network_work_free(k);
    }
    bool same = loss[0] == loss[1] && !memcmp(g[0], g[1], bytes);
    free(g[0]);
    free(g[1]);
    return same;
}

static void check_network(int shape)
{
    struct scene s = scene_new(shape, NETWORK_TANH, NETWORK_CROSS_ENTROPY,
                               false, EXAMPLES);
    struct network_work *k = network_work_new(&s.network, 1, false);
    struct dropout dropout = {
        .p = 0.3, .times = 1 / 0.7,
        .address = {.seed = 5, .tick = 9, .purpose = RNG_DROPOUT}};
    double without = network_loss(k, &s.data, s.w, NULL);
    s.data.dropout = &dropout;
    double loss = network_loss(k, &s.data, s.w, NULL);
    ok(fabs(loss - plain_loss(&s, 0)) < 1e-9 * loss,
       "network %d: the loss of plain loops", shape);
    ok(fabs(loss - plain_loss(&s, 1)) > 1e-3 * loss &&
           fabs(loss - without) > 1e-3 * loss,
       "mutants rejected: other examples' masks, none");
    double off = gradient_off(&s, k);
    ok(off < 1e-4, "its gradient: off by %.2g", off);
    ok(same_in_threads(&s), "in three threads: the same bits");
    network_work_free(k);
    scene_clear(&s);
}

int main(void)
{
    check_network(3);
    check_network(5);
    return tap_done();
}
