#include "systems/margin.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/math.h"

static const char *const names[MARGIN_KINDS] = {
    "step", "perceptron", "hinge", "logistic", "symmetric", "linear"};

enum margin_kind margin_named(const char *name)
{
    enum margin_kind kind = MARGIN_STEP;
    while (kind + 1 < MARGIN_KINDS && strcmp(name, names[kind]))
        kind++;
    return kind;
}

enum { DIGITS_MOST = 24, TABLE_MOST = 1 << 17 };

/* Digits below `largest`, of which `examples` are added: sums stay integers
   that a double holds. */
static int digits_for(double largest, int64_t examples)
{
    int digits = DIGITS_MOST;
    while (digits > 0 && ldexp(largest * (double)examples, digits) > 0x1p52)
        digits--;
    return digits;
}

static double logistic(double t)
{
    double rest = num_log(1 + num_exp(-fabs(t)));
    return t < 0 ? rest - t : rest;
}

static int64_t computed(const struct margin *m, int64_t f)
{
    switch (m->kind) {
    case MARGIN_STEP:
        return f <= m->bar;
    case MARGIN_SYMMETRIC:
        return llabs(f) > m->bar;
    case MARGIN_LOGISTIC:
        return (int64_t)nearbyint(logistic((double)f / m->root - m->kappa) /
                                  m->unit);
    default:
        f *= (int64_t)1 << m->digits;
        return f < m->bar || m->kind == MARGIN_LINEAR ? m->bar - f : 0;
    }
}

static void set_line(struct margin *m, int64_t examples)
{
    double end = m->kappa + (m->kind == MARGIN_HINGE);
    double bar = end * m->root; /* in units of f */
    m->digits = bar == nearbyint(bar)
                    ? 0 : digits_for((double)m->most + fabs(bar), examples);
    m->bar = (int64_t)nearbyint(ldexp(bar, m->digits));
    m->unit = ldexp(1 / m->root, -m->digits);
}

static void set_table(struct margin *m)
{
    if (m->most > TABLE_MOST)
        return;
    int64_t *table = mem_new((size_t)(2 * m->most + 1), sizeof *table);
    for (int64_t f = -m->most; f <= m->most; f++)
        table[f + m->most] = computed(m, f);
    m->table = table;
}

struct margin margin_new(const char *name, double root, double kappa,
                         int64_t most, int64_t examples)
{
    struct margin m = {.root = root, .kappa = kappa, .most = most,
                       .unit = 1};
    m.kind = margin_named(name);
    m.bar = (int64_t)floor(fmax(-0x1p62, fmin(0x1p62, kappa * root)));
    if (m.kind == MARGIN_LOGISTIC)
        m.unit = ldexp(1, -digits_for((double)most / root + fabs(kappa) + 1,
                                      examples));
    else if (m.kind == MARGIN_PERCEPTRON || m.kind == MARGIN_HINGE ||
             m.kind == MARGIN_LINEAR)
        set_line(&m, examples);
    set_table(&m);
    return m;
}

void margin_release(struct margin *margin)
{
    free(margin->table);
}

int64_t margin_loss(const struct margin *margin, int64_t field)
{
    return margin->table ? margin->table[field + margin->most]
                         : computed(margin, field);
}

bool margin_error(const struct margin *margin, int64_t field)
{
    return margin->kind == MARGIN_SYMMETRIC ? llabs(field) > margin->bar
                                            : field <= 0;
}

/* The steepest slope is that of straight lines; a logistic's value may be off
   by a unit where it is rounded. */
int64_t margin_change(const struct margin *margin, int64_t step)
{
    switch (margin->kind) {
    case MARGIN_LOGISTIC:
        return (int64_t)ceil((double)step / margin->root / margin->unit) + 1;
    case MARGIN_PERCEPTRON:
    case MARGIN_HINGE:
    case MARGIN_LINEAR:
        return step * ((int64_t)1 << margin->digits);
    default:
        return 1;
    }
}
