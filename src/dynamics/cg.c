/* Conjugate gradient of Polak and Ribiere, GSL's. A sweep is a bout: so many
   iterations from a fresh start, so that nothing but the state goes from one
   to the next. */
#include <gsl/gsl_errno.h>
#include <gsl/gsl_multimin.h>
#include <math.h>
#include <string.h>

#include "core/downhill.h"

#define CG_KEYS(KEY)                                                         \
    KEY(integer, iterations, "100", 1, 1e9, NULL, "", 0,                     \
        "of one sweep, each a line search; directions start afresh")         \
    KEY(real, step, "0.01", 1e-30, 1e9, NULL, "", 0,                         \
        "length of the first step tried in a sweep")                         \
    DOWNHILL_KEYS(KEY)
PARAM_STRUCT(cg_keys, CG_KEYS);
#define PARAM_ROW_cg_keys(...) PARAM_ROW(cg_keys, __VA_ARGS__)
PARAM_TABLE(static, cg_table, "dynamics", cg_keys, CG_KEYS);

/* How well lines are searched: the angle between slope and line, at most. */
#define LINE 0.1

static void both(const gsl_vector *x, void *context, double *f,
                 gsl_vector *gradient)
{
    *f = downhill_at(context, x->data, gradient->data);
}

/* gradient is of GSL's own, contiguous; so is x. */
static void slope(const gsl_vector *x, void *context, gsl_vector *gradient)
{
    double f;
    both(x, context, &f, gradient);
}

static double value(const gsl_vector *x, void *context)
{
    return downhill_value(context, x->data);
}

static void descend(struct downhill *d, gsl_multimin_fdfminimizer *minimizer,
                    double step, int64_t most)
{
    size_t n = (size_t)d->flow.count;
    gsl_multimin_function_fdf f = {.f = value, .df = slope, .fdf = both,
                                   .n = n, .params = d};
    gsl_vector *start = gsl_vector_alloc(n);
    memcpy(start->data, d->flow.x, n * sizeof *start->data);
    int trouble = gsl_multimin_fdfminimizer_set(minimizer, &f, start, step,
                                                LINE);
    double at_first = minimizer->f;
    for (int64_t i = 0; i < most && !trouble; i++)
        trouble = gsl_multimin_fdfminimizer_iterate(minimizer);
    bool lower = minimizer->f <= at_first; /* not so of a NaN */
    memcpy(d->flow.x, lower ? minimizer->x->data : start->data,
           n * sizeof *d->flow.x);
    gsl_vector_free(start);
}

static void sweep(const struct sweep *s)
{
    struct downhill d;
    gsl_set_error_handler_off(); /* for good: threads share it */
    downhill_begin(&d, s);
    gsl_multimin_fdfminimizer *minimizer = gsl_multimin_fdfminimizer_alloc(
        gsl_multimin_fdfminimizer_conjugate_pr, (size_t)d.flow.count);
    descend(&d, minimizer, s->keys ? section_real(s->keys, "step", 0.01)
                                   : 0.01,
            s->keys ? section_integer(s->keys, "iterations", 100) : 100);
    gsl_multimin_fdfminimizer_free(minimizer);
    downhill_end(&d);
}

const struct dynamics dynamics_cg = {
    .name = "cg",
    .summary = "conjugate gradient (GSL), a bout of iterations a sweep",
    .source = "Polak, Ribiere, Rev. Fr. Inform. Rech. Oper. 3, 35 (1969)",
    .downhill = true,
    .needs = FACET_GRAD,
    .keys = &cg_table,
    .work = flow_work,
    .sweep = sweep};
