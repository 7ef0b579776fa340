#include "systems/pairs_exact.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"

/* energy in units, and the field on every spin. */
struct walk {
    const struct pairs *pairs;
    const int32_t *J;
    int count;                       /* of spins that move */
    int64_t site[PAIRS_EXACT_MOST];
    int8_t *spin;
    int64_t *field, energy;
};

int64_t pairs_free_sites(const struct pairs *p)
{
    int64_t count = 0;
    for (int64_t i = 0; i < p->sites; i++)
        count += !(p->clamp && p->clamp[i]);
    return count;
}

static void flip(struct walk *w, int64_t i)
{
    const struct pairs *p = w->pairs;
    w->energy += 2 * w->spin[i] * w->field[i];
    w->spin[i] = (int8_t)-w->spin[i];
    for (int64_t k = p->start[i]; k < p->start[i + 1]; k++)
        w->field[p->other[k]] += 2 * (int64_t)w->J[p->bond[k]] * w->spin[i];
}

/* All up, but what is held. */
static void begin(struct walk *w, int sample)
{
    const struct pairs *p = w->pairs;
    int64_t bonds = 0;
    w->energy = 0;
    for (int64_t i = 0; i < p->sites; i++)
        w->spin[i] = (int8_t)(p->clamp && p->clamp[i] ? p->clamp[i] : 1);
    for (int64_t i = 0; i < p->sites; i++) {
        int64_t h = p->h ? p->h[sample * p->sites + i] : 0;
        w->field[i] = h;
        w->energy -= h * w->spin[i];
        for (int64_t k = p->start[i]; k < p->start[i + 1]; k++) {
            int64_t part = (int64_t)w->J[p->bond[k]] * w->spin[p->other[k]];
            w->field[i] += part;
            bonds += part * w->spin[i];
        }
    }
    w->energy -= bonds / 2;
}

/* To state number t from the one before. */
static void step(struct walk *w, uint32_t t)
{
    flip(w, w->site[__builtin_ctz(t)]);
}

/* ln sum exp(-K energy), from the lowest K energy; sums of 4096 at a time, so
   that rounding does not add up. */
static double ln_sum(struct walk *w, int sample, double K)
{
    uint32_t states = 1u << w->count;
    double least, sum = 0, part = 0;
    begin(w, sample);
    least = K * (double)w->energy;
    for (uint32_t t = 1; t < states; t++) {
        step(w, t);
        least = fmin(least, K * (double)w->energy);
    }
    begin(w, sample);
    part = exp(least - K * (double)w->energy);
    for (uint32_t t = 1; t < states; t++) {
        step(w, t);
        part += exp(least - K * (double)w->energy);
        if (t % 4096 == 0) {
            sum += part;
            part = 0;
        }
    }
    return log(sum + part) - least;
}

double pairs_exact_ln_z(const struct pairs *p, int sample, double beta)
{
    struct walk w = {.pairs = p, .J = p->J + sample * p->bonds};
    bool symmetric = !p->h && !p->clamp && p->sites > 0;
    w.spin = mem_new((size_t)p->sites, sizeof *w.spin);
    w.field = mem_new((size_t)p->sites, sizeof *w.field);
    for (int64_t i = symmetric; i < p->sites; i++)
        if (!(p->clamp && p->clamp[i])) {
            assert(w.count < PAIRS_EXACT_MOST);
            w.site[w.count++] = i;
        }
    double ln_z = ln_sum(&w, sample, beta * p->unit) - beta * p->constant +
                  (symmetric ? log(2) : 0);
    free(w.spin);
    free(w.field);
    return ln_z;
}
