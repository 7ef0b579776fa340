#include "systems/patterns.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

struct patterns *patterns_new(int64_t inputs, int units, bool tree,
                              int64_t train, int64_t test, int samples,
                              bool signs)
{
    struct patterns *p = mem_new(1, sizeof *p);
    size_t examples = (size_t)(samples * (train + test));
    *p = (struct patterns){.inputs = inputs, .units = units,
                           .blocks = tree ? units : 1, .train = train,
                           .test = test, .samples = samples, .unit = 1,
                           .weights = tree ? inputs : units * inputs};
    p->words = (inputs / p->blocks + 63) / 64;
    if (signs)
        p->bits = mem_new(examples * (size_t)(p->blocks * p->words),
                          sizeof *p->bits);
    else
        p->value = mem_new(examples * (size_t)inputs, sizeof *p->value);
    return p;
}

void patterns_free(struct patterns *p)
{
    if (!p)
        return;
    margin_release(&p->margin);
    free(p->bits);
    free(p->value);
    free(p->teacher);
    free(p->reference);
    free(p);
}

/* ---- examples ---------------------------------------------------------- */

static int64_t number(const struct patterns *p, int sample, int64_t example)
{
    return sample * (p->train + p->test) + example;
}

/* Inputs of a block. */
static int64_t width(const struct patterns *p) { return p->inputs / p->blocks; }

static uint64_t *bits_of(const struct patterns *p, int sample,
                         int64_t example)
{
    return p->bits + number(p, sample, example) * p->blocks * p->words;
}

static const int32_t *values_of(const struct patterns *p, int sample,
                                int64_t example)
{
    return p->value + number(p, sample, example) * p->inputs;
}

/* Word of bit i of all inputs, blocks apart. */
static int64_t word_of(const struct patterns *p, int64_t i)
{
    return i / width(p) * p->words + i % width(p) / 64;
}

static int bit_of(const struct patterns *p, int64_t i)
{
    return (int)(i % width(p) % 64);
}

void patterns_set(struct patterns *p, int sample, int64_t example,
                  const double *x)
{
    if (p->bits)
        memset(bits_of(p, sample, example), 0,
               (size_t)(p->blocks * p->words) * sizeof *p->bits);
    for (int64_t i = 0; i < p->inputs; i++)
        if (!p->bits)
            p->value[number(p, sample, example) * p->inputs + i] =
                (int32_t)nearbyint(x[i] / p->unit);
        else if (x[i] > 0)
            bits_of(p, sample, example)[word_of(p, i)] |=
                UINT64_C(1) << bit_of(p, i);
}

int32_t patterns_get(const struct patterns *p, int sample, int64_t example,
                     int64_t i)
{
    if (!p->bits)
        return values_of(p, sample, example)[i];
    return bits_of(p, sample, example)[word_of(p, i)] >> bit_of(p, i) & 1
               ? 1 : -1;
}

/* Largest |x| in units. */
static int64_t largest(const struct patterns *p)
{
    int64_t most = p->bits != NULL;
    int64_t count = p->samples * (p->train + p->test) * p->inputs;
    for (int64_t i = 0; !p->bits && i < count; i++)
        most = labs(p->value[i]) > most ? labs(p->value[i]) : most;
    return most;
}

void patterns_set_loss(struct patterns *p, const char *loss, double kappa)
{
    bool committee = p->units > 1;
    double root = committee ? sqrt((double)p->units)
                            : sqrt((double)p->inputs) / p->unit;
    margin_release(&p->margin);
    p->margin = margin_new(loss, root, kappa,
                           committee ? p->units : p->inputs * largest(p),
                           p->train);
}

int64_t patterns_change(const struct patterns *p)
{
    int64_t step = p->units > 1 ? 2 : 2 * largest(p);
    return p->train * margin_change(&p->margin, step);
}

/* ---- outputs ----------------------------------------------------------- */

/* Weights as bits, where inputs are: units apart; else NULL. */
static uint64_t *pack(const struct patterns *p, const int8_t *w)
{
    int64_t each = width(p);
    if (!p->bits)
        return NULL;
    uint64_t *packed = mem_new((size_t)(p->units * p->words),
                               sizeof *packed);
    for (int64_t i = 0; i < p->weights; i++)
        packed[i / each * p->words + i % each / 64] |=
            (uint64_t)(w[i] > 0) << (i % each % 64);
    return packed;
}

/* Block b of an example times the weights of unit k. */
static int64_t field(const struct patterns *p, int sample, int64_t example,
                     int k, const int8_t *w, const uint64_t *packed)
{
    int64_t each = width(p), sum = 0, b = p->blocks > 1 ? k : 0;
    if (!p->bits) {
        const int32_t *x = values_of(p, sample, example) + b * each;
        for (int64_t i = 0; i < each; i++)
            sum += x[i] * w[k * each + i];
        return sum;
    }
    const uint64_t *x = bits_of(p, sample, example) + b * p->words;
    for (int64_t i = 0; i < p->words; i++)
        sum += __builtin_popcountll(x[i] ^ packed[k * p->words + i]);
    return each - 2 * sum;
}

static int sign(int64_t f) { return (f > 0) - (f < 0); }

static int64_t output(const struct patterns *p, int sample, int64_t example,
                      const int8_t *w, const uint64_t *packed)
{
    int64_t sum = 0;
    if (p->units == 1)
        return field(p, sample, example, 0, w, packed);
    for (int k = 0; k < p->units; k++)
        sum += sign(field(p, sample, example, k, w, packed));
    return sum;
}

int64_t patterns_output(const struct patterns *p, int sample,
                        int64_t example, const int8_t *w)
{
    uint64_t *packed = pack(p, w);
    int64_t f = output(p, sample, example, w, packed);
    free(packed);
    return f;
}

struct patterns_sums patterns_sum(const struct patterns *p, int sample,
                                  const int8_t *w)
{
    struct patterns_sums sums = {0};
    uint64_t *packed = pack(p, w);
    for (int64_t mu = 0; mu < p->train; mu++) {
        int64_t f = output(p, sample, mu, w, packed);
        sums.loss += margin_loss(&p->margin, f);
        sums.errors += margin_error(&p->margin, f);
    }
    for (int64_t i = 0; p->teacher && i < p->weights; i++)
        sums.teacher += w[i] * p->teacher[sample * p->weights + i];
    for (int64_t i = 0; p->reference && i < p->weights; i++)
        sums.apart += w[i] != p->reference[sample * p->weights + i];
    free(packed);
    return sums;
}

/* The loss of one example with weight `site` turned, less that without. */
static int64_t turned(const struct patterns *p, int sample, int64_t mu,
                      const int8_t *w, const uint64_t *packed, int64_t site)
{
    int64_t f = output(p, sample, mu, w, packed);
    int k = (int)(site / width(p));
    int64_t i = p->blocks > 1 ? site : site % p->inputs;
    int64_t change = -2 * (int64_t)w[site] * patterns_get(p, sample, mu, i);
    if (p->units > 1) {
        int64_t g = field(p, sample, mu, k, w, packed);
        change = sign(g + change) - sign(g);
    }
    return change ? margin_loss(&p->margin, f + change) -
                    margin_loss(&p->margin, f) : 0;
}

int64_t patterns_delta(const struct patterns *p, int sample, const int8_t *w,
                       int64_t site)
{
    int64_t sum = 0;
    uint64_t *packed = pack(p, w);
    for (int64_t mu = 0; mu < p->train; mu++)
        sum += turned(p, sample, mu, w, packed, site);
    free(packed);
    return sum;
}

/* Weights that differ from one of w[samples][weights]. */
static int64_t differing(const struct patterns *p, const int8_t *w,
                         int sample, const uint8_t *up)
{
    int64_t apart = 0;
    w += sample * p->weights;
    for (int64_t i = 0; i < p->weights; i++)
        apart += (w[i] > 0) != up[i];
    return apart;
}

int64_t patterns_teacher(const struct patterns *p, int sample,
                         const uint8_t *up)
{
    return p->teacher
        ? p->weights - 2 * differing(p, p->teacher, sample, up) : 0;
}

int64_t patterns_apart(const struct patterns *p, int sample,
                       const uint8_t *up)
{
    return p->reference ? differing(p, p->reference, sample, up) : 0;
}

int64_t patterns_test_errors(const struct patterns *p, int sample,
                             const int8_t *w)
{
    int64_t errors = 0;
    uint64_t *packed = pack(p, w);
    for (int64_t mu = p->train; mu < p->train + p->test; mu++)
        errors += margin_error(&p->margin,
                               output(p, sample, mu, w, packed));
    free(packed);
    return errors;
}
