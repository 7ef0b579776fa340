/* Small networks with random data and weights, for test_network*.c. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "systems/network_parts.h"
#include "tap.h"

enum { EXAMPLES = 600 }; /* two chunks and a part */

static const char *const activation_name[] = {"tanh", "erf", "relu", "gelu"};
static const char *const loss_name[] = {"squared", "cross-entropy", "hinge",
                                        "perceptron", "generalised"};

struct scene {
    struct network network;
    int64_t count;
    double *x, *y, *w;
    int32_t *label;
    struct network_data data;
};

static uint64_t scene_state = 1;

/* uniform in (-1, 1): splitmix64 */
static double uniform(void)
{
    uint64_t z = scene_state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return (double)((z ^ z >> 31) >> 11) * 0x1p-52 - 1;
}

static double *random_numbers(int64_t count, double size)
{
    double *numbers = mem_new((size_t)count, sizeof *numbers);
    for (int64_t i = 0; i < count; i++)
        numbers[i] = size * uniform();
    return numbers;
}

/* Data and weights for the scene's network. */
static void scene_fill(struct scene *s, int64_t examples)
{
    const struct network *n = &s->network;
    int outputs = n->width[n->layers];
    s->count = network_count(n);
    s->x = random_numbers(examples * n->width[0], 1.5);
    s->y = random_numbers(examples * outputs, 2);
    s->w = random_numbers(s->count, 1);
    s->label = mem_new((size_t)examples, sizeof *s->label);
    for (int64_t e = 0; e < examples; e++) {
        double u = uniform();
        s->label[e] = outputs == 1 ? (u > 0 ? 1 : -1)
                                   : (int)((u + 1) / 2 * outputs);
    }
    s->data = (struct network_data){.examples = examples,
                                    .x = network_inputs(n, s->x, examples),
                                    .label = s->label};
    if (n->loss == NETWORK_SQUARED && n->bias)
        s->data.y = s->y; /* without biases: targets from labels */
}

static void scene_clear(struct scene *s)
{
    free((void *)(uintptr_t)s->data.x);
    free(s->x);
    free(s->y);
    free(s->w);
    free(s->label);
}

/* Depth 1 to 3, one or three outputs, with and without biases; `shape` below
   SHAPES. */
enum { SHAPES = 6 };
static struct scene scene_new(int shape, enum network_activation activation,
                              enum network_loss loss, bool single,
                              int64_t examples)
{
    static const int width[SHAPES / 2][5] = {
        {4, 1}, {5, 7, 1}, {6, 17, 5, 3}};
    struct scene s = {.network = {.layers = 1 + shape / 2,
                                  .width = width[shape / 2],
                                  .activation = activation, .loss = loss,
                                  .kappa = 0.7, .q = 0.6,
                                  .bias = shape % 2, .single = single}};
    scene_fill(&s, examples);
    return s;
}
