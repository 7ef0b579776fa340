#include "run/moments.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "stat/ti.h"

static size_t u_count(const struct ladder *ladder)
{
    return (size_t)(ladder->rungs * ladder->components);
}

static size_t uu_count(const struct ladder *ladder)
{
    return u_count(ladder) * (size_t)ladder->components;
}

void moments_open(struct moments *m, const struct ladder *ladder)
{
    m->u = mem_new(u_count(ladder), sizeof *m->u);
    m->uu = mem_new(uu_count(ladder), sizeof *m->uu);
}

void moments_close(struct moments *m)
{
    free(m->u);
    free(m->uu);
}

void moments_clear(struct moments *m, const struct ladder *ladder)
{
    m->count = 0;
    memset(m->u, 0, u_count(ladder) * sizeof *m->u);
    memset(m->uu, 0, uu_count(ladder) * sizeof *m->uu);
}

void moments_add(struct moments *m, const struct exchange *x,
                 const double *at)
{
    int k = x->components;
    for (int64_t w = 0; w < x->walkers; w++) {
        const double *u = at + w * k;
        int rung = x->label[w];
        for (int i = 0; i < k; i++) {
            m->u[rung * k + i] += u[i];
            for (int j = 0; j < k; j++)
                m->uu[(rung * k + i) * k + j] += u[i] * u[j];
        }
    }
    m->count += x->ladders;
}

/* Mean and variance of u . delta at a rung. */
static void along(const struct moments *m, int k, int rung,
                  const double *delta, double *mean, double *variance)
{
    double n = (double)m->count;
    *mean = *variance = 0;
    for (int i = 0; i < k; i++) {
        double ui = m->u[rung * k + i] / n;
        *mean += delta[i] * ui;
        for (int j = 0; j < k; j++)
            *variance += delta[i] * delta[j] *
                         (m->uu[(rung * k + i) * k + j] / n -
                          ui * m->u[rung * k + j] / n);
    }
}

double moments_ln_z(const struct moments *m, const struct ladder *ladder)
{
    int k = ladder->components;
    double ln_z = m->count ? 0 : NAN;
    for (int r = 0; r + 1 < ladder->rungs; r++) {
        double delta[COMPONENTS_MAX], a0, a1, v0, v1;
        for (int i = 0; i < k; i++)
            delta[i] = ladder->rung[r + 1].lambda[i] -
                       ladder->rung[r].lambda[i];
        along(m, k, r, delta, &a0, &v0);
        along(m, k, r + 1, delta, &a1, &v1);
        ln_z += ti_segment(a0, a1, v0, v1);
    }
    return ln_z;
}
