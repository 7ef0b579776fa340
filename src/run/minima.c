#include "run/minima.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"

/* So many are kept, and no more of them than bytes of states. */
enum { MINIMA_MOST = 1000 };
#define BYTES_MOST 0x1p30

struct minima {
    const struct engine *engine;
    double same;
    int64_t count;    /* numbers of a state */
    double *state;    /* [walkers][count] */
    int64_t *order;   /* [walkers] walkers by f */
    int64_t *first;   /* [walkers] of each distinct one, a walker */
    int64_t *hits;    /* [walkers] likewise */
    int32_t *of;      /* [walkers] */
    int64_t distinct;
};

static int64_t numbers_of(const struct system *system)
{
    return (int64_t)(system->state_bytes /
                     field_size(system->model->fields->type));
}

static double number(const char *states, enum field_type type, size_t i)
{
    return type == FIELD_FLOAT    ? ((const float *)(const void *)states)[i]
           : type == FIELD_DOUBLE ? ((const double *)(const void *)states)[i]
                                  : ((const int8_t *)states)[i];
}

static const struct look *look_of(const struct minima *m, int64_t walker)
{
    return &m->engine->quench->look[walker];
}

struct ranked { double f; int64_t walker; };

/* NAN last; ties by number. */
static int by_f(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (isnan(x->f) != isnan(y->f))
        return isnan(x->f) ? 1 : -1;
    if (x->f != y->f && !isnan(x->f))
        return x->f < y->f ? -1 : 1;
    return x->walker < y->walker ? -1 : 1;
}

static void sort(struct minima *m)
{
    int64_t walkers = m->engine->exchange->walkers;
    struct ranked *list = mem_new((size_t)walkers, sizeof *list);
    for (int64_t w = 0; w < walkers; w++)
        list[w] = (struct ranked){look_of(m, w)->f, w};
    qsort(list, (size_t)walkers, sizeof *list, by_f);
    for (int64_t i = 0; i < walkers; i++)
        m->order[i] = list[i].walker;
    free(list);
}

static int64_t sample_of(const struct minima *m, int64_t walker)
{
    const struct exchange *x = m->engine->exchange;
    return walker / x->rungs % x->samples;
}

static bool near(const struct minima *m, int64_t a, int64_t b)
{
    const double *x = m->state + a * m->count, *y = m->state + b * m->count;
    if (sample_of(m, a) != sample_of(m, b))
        return false;
    for (int64_t i = 0; i < m->count; i++)
        if (!(fabs(x[i] - y[i]) <= m->same))
            return false;
    return true;
}

/* Which distinct one the walker met; those of no greater f are known. */
static int64_t met(const struct minima *m, int64_t walker)
{
    double f = look_of(m, walker)->f, room = m->same * fmax(1, fabs(f));
    for (int64_t n = m->distinct - 1; n >= 0; n--) {
        if (!(f - look_of(m, m->first[n])->f <= room))
            break;
        if (near(m, m->first[n], walker))
            return n;
    }
    return m->distinct;
}

static void merge(struct minima *m)
{
    for (int64_t i = 0; i < m->engine->exchange->walkers; i++) {
        int64_t walker = m->order[i], n = met(m, walker);
        if (n == m->distinct) {
            m->first[n] = walker;
            m->distinct++;
        }
        m->hits[n]++;
        m->of[walker] = (int32_t)n;
    }
}

static int64_t most_kept(const struct engine *e)
{
    double one = 8 * (double)numbers_of(e->system);
    double most = fmin(MINIMA_MOST, fmax(1, BYTES_MOST / one));
    return (int64_t)fmin(most, (double)e->exchange->walkers);
}

static void put_one(struct h5 *file, const struct minima *m, int64_t n)
{
    const struct look *look = look_of(m, m->first[n]);
    struct h5_shape one = {.axes = 0}, all = {1, {m->count}};
    struct { const char *name; enum h5_type type; struct h5_shape shape;
             const void *values; } row[] = {
        {"state", H5_DOUBLE, all, m->state + m->first[n] * m->count},
        {"u", H5_DOUBLE, one, &look->f},
        {"gradient_norm", H5_DOUBLE, one, &look->slope},
        {"hits", H5_INT64, one, &m->hits[n]}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        char *path = mem_text("/minima/%lld/%s", (long long)n, row[i].name);
        h5_put(file, path, row[i].type, row[i].shape, row[i].values);
        free(path);
    }
}

static void put_all(struct h5 *file, const struct minima *m)
{
    const struct exchange *x = m->engine->exchange;
    struct h5_shape walkers = {3, {x->copies, x->samples, x->rungs}};
    int64_t most = most_kept(m->engine);
    for (int64_t n = 0; n < m->distinct && n < most; n++)
        put_one(file, m, n);
    h5_put(file, "/minima/of", H5_INT32, walkers, m->of);
    h5_set_integer(file, "/minima", "distinct", m->distinct);
    h5_set_real(file, "/minima", "tolerance", m->engine->quench->tolerance);
    h5_set_real(file, "/minima", "same", m->same);
}

void minima_put(struct h5 *file, const struct engine *e, const char *states)
{
    size_t walkers = (size_t)e->exchange->walkers;
    int64_t count = numbers_of(e->system);
    struct minima m = {
        .engine = e, .count = count,
        .same = section_real(&e->input->section[INPUT_RUN], "same", 1e-3),
        .state = mem_new(walkers * (size_t)count, sizeof(double)),
        .order = mem_new(walkers, sizeof *m.order),
        .first = mem_new(walkers, sizeof *m.first),
        .hits = mem_new(walkers, sizeof *m.hits),
        .of = mem_new(walkers, sizeof *m.of)};
    for (size_t i = 0; i < walkers * (size_t)count; i++)
        m.state[i] = number(states, e->system->model->fields->type, i);
    sort(&m);
    merge(&m);
    put_all(file, &m);
    free(m.state);
    free(m.order);
    free(m.first);
    free(m.hits);
    free(m.of);
}

int64_t minima_bytes(const struct engine *e)
{
    enum { AROUND = 8192 }; /* four small datasets and their group */
    return most_kept(e) * (8 * numbers_of(e->system) + AROUND) +
           4 * e->exchange->walkers;
}
