#include "systems/pairs.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

/* ---- tables ------------------------------------------------------------ */

/* Neighbours in the order of bond numbers. */
static void connect(struct pairs *p)
{
    int64_t *at = mem_new((size_t)p->sites + 1, sizeof *at);
    for (int64_t b = 0; b < 2 * p->bonds; b++)
        p->start[p->ends[b] + 1]++;
    for (int64_t i = 0; i < p->sites; i++) {
        if (p->start[i + 1] > p->degree)
            p->degree = (int)p->start[i + 1];
        p->start[i + 1] += p->start[i];
        at[i] = p->start[i];
    }
    for (int64_t b = 0; b < p->bonds; b++)
        for (int end = 0; end < 2; end++) {
            int64_t place = at[p->ends[2 * b + end]]++;
            p->other[place] = p->ends[2 * b + 1 - end];
            p->bond[place] = (int32_t)b;
        }
    free(at);
}

struct pairs *pairs_new(int64_t sites, int64_t bonds, const int32_t *ends,
                        int samples)
{
    struct pairs *p = mem_new(1, sizeof *p);
    size_t twice = 2 * (size_t)bonds;
    *p = (struct pairs){.sites = sites, .bonds = bonds, .samples = samples,
                        .unit = 1};
    p->ends = mem_copy(ends, twice, sizeof *ends);
    p->start = mem_new((size_t)sites + 1, sizeof *p->start);
    p->other = mem_new(twice, sizeof *p->other);
    p->bond = mem_new(twice, sizeof *p->bond);
    p->J = mem_new((size_t)samples * (size_t)bonds, sizeof *p->J);
    connect(p);
    return p;
}

struct pairs *pairs_of_lattice(const struct lattice *l, int samples)
{
    int32_t *ends = mem_new(2 * (size_t)l->bonds, sizeof *ends);
    int64_t bonds = 0;
    for (int64_t i = 0; i < l->sites; i++)
        for (int axis = 0; axis < l->dim; axis++) {
            int64_t other = lattice_neighbour(l, i, 2 * axis + 1);
            if (other < 0)
                continue;
            ends[2 * bonds] = (int32_t)i;
            ends[2 * bonds++ + 1] = (int32_t)other;
        }
    assert(bonds == l->bonds);
    struct pairs *p = pairs_new(l->sites, bonds, ends, samples);
    free(ends);
    return p;
}

struct pairs *pairs_complete(int64_t sites, int samples)
{
    int64_t bonds = sites * (sites - 1) / 2;
    int32_t *ends = mem_new(2 * (size_t)bonds, sizeof *ends), *at = ends;
    for (int64_t i = 0; i < sites; i++)
        for (int64_t j = i + 1; j < sites; j++) {
            *at++ = (int32_t)i;
            *at++ = (int32_t)j;
        }
    struct pairs *p = pairs_new(sites, bonds, ends, samples);
    free(ends);
    return p;
}

void pairs_free(struct pairs *p)
{
    if (!p)
        return;
    free(p->ends);
    free(p->start);
    free(p->other);
    free(p->bond);
    free(p->J);
    free(p->h);
    free(p->clamp);
    free(p);
}

/* ---- couplings --------------------------------------------------------- */

static bool multiple(const double *value, int64_t count, double unit)
{
    for (int64_t i = 0; i < count; i++)
        if (value[i] / unit != nearbyint(value[i] / unit))
            return false;
    return true;
}

static void largest(const double *value, int64_t count, double *most,
                    double *sum)
{
    for (int64_t i = 0; i < count; i++) {
        *most = fmax(*most, fabs(value[i]));
        *sum += fabs(value[i]);
    }
}

/* Couplings keep 24 binary digits of the largest if the sums allow: coarser
   than no experiment could tell. Where sites have many, 14, unless 24 hold all
   of them exactly (integers of a file, penalties among them): rounding is
   noise of 1e-4 of the largest, and they fit 16 bits. */
enum { DIGITS = 24, DIGITS_DENSE = 14, DENSE_DEGREE = 64 };

static double finest(const struct pairs *p, const double *couplings,
                     const double *fields, int digits)
{
    double most = 0, other = 0, total = 0;
    for (int s = 0; s < p->samples; s++) {
        double sum = 0;
        largest(couplings + s * p->bonds, p->bonds, &most, &sum);
        if (fields)
            largest(fields + s * p->sites, p->sites, &other, &sum);
        total = fmax(total, sum);
    }
    if (most == 0)
        most = other;
    if (most == 0)
        return 1;
    double unit = ldexp(1, ilogb(most) + 1 - digits);
    while (total / unit + (double)(p->bonds + p->sites) >= 0x1p31)
        unit *= 2;
    return unit;
}

static bool all_multiple(const struct pairs *p, const double *couplings,
                         const double *fields, double unit)
{
    return multiple(couplings, p->samples * p->bonds, unit) &&
           (!fields || multiple(fields, p->samples * p->sites, unit));
}

void pairs_set(struct pairs *p, const double *couplings,
               const double *fields)
{
    int64_t bonds = p->samples * p->bonds, sites = p->samples * p->sites;
    p->unit = finest(p, couplings, fields, DIGITS);
    if (p->degree >= DENSE_DEGREE &&
        !all_multiple(p, couplings, fields, p->unit))
        p->unit = finest(p, couplings, fields, DIGITS_DENSE);
    for (int k = 0; k < DIGITS &&
                    all_multiple(p, couplings, fields, 2 * p->unit); k++)
        p->unit *= 2;
    for (int64_t b = 0; b < bonds; b++)
        p->J[b] = (int32_t)lrint(couplings[b] / p->unit);
    if (!fields)
        return;
    p->h = mem_new((size_t)sites, sizeof *p->h);
    for (int64_t i = 0; i < sites; i++)
        p->h[i] = (int32_t)lrint(fields[i] / p->unit);
}

/* ---- numbers of a state ------------------------------------------------ */

int32_t pairs_field(const struct pairs *p, int sample, const int8_t *spin,
                    int64_t site)
{
    const int32_t *J = p->J + sample * p->bonds;
    int32_t field = p->h ? p->h[sample * p->sites + site] : 0;
    for (int64_t k = p->start[site]; k < p->start[site + 1]; k++)
        field += J[p->bond[k]] * spin[p->other[k]];
    return field;
}

int64_t pairs_energy(const struct pairs *p, int sample, const int8_t *spin)
{
    const int32_t *J = p->J + sample * p->bonds;
    int64_t sum = 0;
    for (int64_t b = 0; b < p->bonds; b++)
        sum += J[b] * spin[p->ends[2 * b]] * spin[p->ends[2 * b + 1]];
    for (int64_t i = 0; p->h && i < p->sites; i++)
        sum += p->h[sample * p->sites + i] * spin[i];
    return -sum;
}

static int64_t field_most(const struct pairs *p)
{
    int64_t most = 0;
    for (int s = 0; s < p->samples; s++)
        for (int64_t i = 0; i < p->sites; i++) {
            int64_t sum = p->h ? llabs(p->h[s * p->sites + i]) : 0;
            for (int64_t k = p->start[i]; k < p->start[i + 1]; k++)
                sum += llabs(p->J[s * p->bonds + p->bond[k]]);
            most = sum > most ? sum : most;
        }
    return most;
}

void pairs_seal(struct pairs *p)
{
    int32_t first = p->bonds && !p->h && !p->clamp ? abs(p->J[0]) : 0;
    for (int64_t b = 0; b < p->samples * p->bonds; b++)
        if (abs(p->J[b]) != first)
            first = 0;
    p->uniform = first;
    p->field_most = field_most(p);
}
