#include "run/verdict.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"

#define Z_MOST 4.0
#define N_EFF_LEAST 100.0
#define LENGTH_LEAST 50.0 /* in tau_int */

__attribute__((format(printf, 2, 3)))
static void object(struct verdict *verdict, const char *format, ...)
{
    char text[256];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    struct texts *r = &verdict->reasons;
    r->at = mem_grow(r->at, (size_t)r->count + 1, sizeof *r->at);
    r->at[r->count++] = mem_text("%s", text);
    verdict->ok = false;
}

/* The rung where a number is worst: largest when sign > 0. */
static int worst(const double *values, int rungs, int sign)
{
    int at = 0;
    for (int r = 1; r < rungs; r++)
        if (!(sign * values[r] <= sign * values[at]))
            at = r;
    return at;
}

static void judge(struct verdict *verdict, const struct data *data,
                  const struct estimate *e)
{
    int few = worst(e->n_eff, data->rungs, -1);
    int slow = worst(e->tau_int, data->rungs, 1), apart = -1;
    double sweeps = (double)(data->rows * data->every);
    for (int r = 0; r < data->rungs; r++)
        if (fabs(e->halves[r]) >= Z_MOST &&
            (apart < 0 || fabs(e->halves[r]) > fabs(e->halves[apart])))
            apart = r;
    if (apart >= 0)
        object(verdict, "%s: the halves of the run differ by %.1f sigma at "
               "rung %d", e->name, fabs(e->halves[apart]), apart);
    if (!(e->n_eff[few] >= N_EFF_LEAST))
        object(verdict, "%s: %.0f effective samples at rung %d; %.0f are "
               "needed", e->name, e->n_eff[few], few, N_EFF_LEAST);
    if (!data->annealing && !(sweeps >= LENGTH_LEAST * e->tau_int[slow]))
        object(verdict, "%s: the run is %.1f autocorrelation times long at "
               "rung %d; %.0f are needed", e->name,
               sweeps / e->tau_int[slow], slow, LENGTH_LEAST);
}

static void judge_trips(struct verdict *verdict, const struct data *data)
{
    int walkers = data->ladders * data->rungs, without = 0;
    if (data->rungs < 2 || data->annealing)
        return;
    for (int w = 0; w < walkers; w++)
        without += data->trips[w] == 0;
    if (without)
        object(verdict, "%d of %d walkers made no round trip", without,
               walkers);
}

static void judge_overlap(struct verdict *verdict, const struct data *data,
                          const struct estimates *estimates)
{
    int r = 0;
    for (int i = 1; i < data->rungs; i++)
        if (fabs(estimates->ti_mbar[i]) > fabs(estimates->ti_mbar[r]))
            r = i;
    if (data->rungs < 2 || data->annealing)
        return;
    if (!estimates->mbar_ok)
        object(verdict, "rungs %d and %d share no states: ln Z is not known "
               "beyond them", estimates->weakest, estimates->weakest + 1);
    else if (fabs(estimates->ti_mbar[r]) >= Z_MOST)
        object(verdict, "ln Z by TI and by MBAR differ by %.1f sigma at rung "
               "%d", fabs(estimates->ti_mbar[r]), r);
}

static void judge_balance(struct verdict *verdict, const struct data *data,
                          const struct balance *b)
{
    int r = 0;
    for (int i = 1; b && i < data->rungs; i++)
        if (fabs(b->z[i]) > fabs(b->z[r]))
            r = i;
    if (b && fabs(b->z[r]) >= Z_MOST)
        object(verdict, "energy and link overlap differ by %.1f sigma over "
               "samples at rung %d: not in equilibrium", fabs(b->z[r]), r);
}

/* Have all walkers of a quench arrived? */
static void judge_arrival(struct verdict *verdict, const struct data *data,
                          const struct estimates *estimates)
{
    const struct estimate *arrived = estimates_find(estimates, "arrived");
    const struct estimate *slope = estimates_find(estimates,
                                                  "gradient_norm_most");
    int r = worst(slope->mean, data->rungs, 1);
    double without = 0;
    for (int i = 0; i < data->rungs; i++)
        without += data->ladders * (1 - arrived->mean[i]);
    if (without > 0.5)
        object(verdict, "%.0f of %d walkers have not arrived: |gradient| is "
               "%.2g at worst, at rung %d", without,
               data->ladders * data->rungs, slope->mean[r], r);
}

struct verdict verdict_new(const struct data *data,
                           const struct estimates *estimates)
{
    struct verdict verdict = {.ok = true};
    if (estimates->count == 0) {
        object(&verdict, "no averages yet: rows of measurements so far: %lld",
               (long long)data->rows);
        return verdict;
    }
    if (data->quench) {
        judge_arrival(&verdict, data, estimates);
        return verdict;
    }
    for (int i = 0; i < estimates->count; i++)
        if (estimates->at[i].judged)
            judge(&verdict, data, &estimates->at[i]);
    judge_trips(&verdict, data);
    judge_overlap(&verdict, data, estimates);
    judge_balance(&verdict, data, estimates->balance);
    if (!data->exact)
        object(&verdict, "dynamics %s is biased by its step: compare two "
               "step sizes", data->dynamics);
    return verdict;
}

void verdict_free(struct verdict *verdict)
{
    for (int i = 0; i < verdict->reasons.count; i++)
        free(verdict->reasons.at[i]);
    free(verdict->reasons.at);
}
