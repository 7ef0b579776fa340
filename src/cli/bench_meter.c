/* Times the cases of `tempera bench` and holds them against what the
   hardware can do. All cases take turns in every round, so that a slow spell
   of a shared machine hits all alike. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "cli/bench_parts.h"
#include "core/registry.h"

enum { DOUBLES = 100000, CALLS = 8 };

static struct meter *add(struct bench *bench, enum meter_kind kind,
                         char *name)
{
    size_t count = (size_t)++bench->count;
    bench->meter = mem_grow(bench->meter, count, sizeof *bench->meter);
    struct meter *m = &bench->meter[count - 1];
    *m = (struct meter){.kind = kind, .name = name, .threads = 1,
                        .on = kind != METER_KERNEL, .limit = "",
                        .measure = INFINITY, .relabel = INFINITY,
                        .share = NAN};
    return m;
}

/* ---- the cases --------------------------------------------------------- */

static bool best_of_family(const struct kernel *kernel)
{
    for (int i = 0; registry_kernels[i]; i++) {
        const struct kernel *other = registry_kernels[i];
        if (!strcmp(other->family, kernel->family) && other->cpu() &&
            other->rank > kernel->rank)
            return false;
    }
    return true;
}

static void add_kernel(struct bench *bench, const struct kernel *kernel)
{
    bool best = best_of_family(kernel);
    for (const struct bench_scene *s = bench_scenes; s->name; s++) {
        if (strcmp(s->family, kernel->family) ||
            !(s->every_kernel || best) || (s->team && bench->threads < 2))
            continue;
        struct meter *m = add(bench, METER_KERNEL,
                              mem_text("%s-%s", kernel->name, s->name));
        m->kernel = kernel;
        m->scene = s;
        m->threads = s->team ? bench->threads : 1;
    }
}

struct bench bench_new(int threads)
{
    struct bench bench = {.threads = threads};
    for (int p = 0; p < PROBE_COUNT; p++)
        add(&bench, METER_PROBE, mem_text("%s", bench_probe_names[p]))
            ->probe = (enum bench_probe)p;
    add(&bench, METER_DOUBLES, mem_text("doubles"));
    for (int size = 32; size <= 4096; size *= 128)
        add(&bench, METER_TEXTBOOK, mem_text("textbook-2d-%d", size))
            ->size = size;
    for (int i = 0; registry_kernels[i]; i++)
        if (registry_kernels[i]->cpu())
            add_kernel(&bench, registry_kernels[i]);
    return bench;
}

static void meter_open(struct meter *m, int rounds)
{
    m->rate = mem_new((size_t)rounds, sizeof *m->rate);
    if (m->kind == METER_DOUBLES)
        m->textbook = textbook_new(2);
    if (m->kind == METER_TEXTBOOK)
        m->textbook = textbook_new(m->size);
    if (m->kind == METER_KERNEL)
        m->load = bench_load_new(m->kernel, m->scene, m->threads);
}

void bench_free(struct bench *bench)
{
    for (int i = 0; i < bench->count; i++) {
        struct meter *m = &bench->meter[i];
        textbook_free(m->textbook);
        bench_load_free(m->load);
        free(m->rate);
        free(m->name);
    }
    free(bench->meter);
}

/* ---- timing ------------------------------------------------------------ */

/* A unit of work; returns how much. */
static double meter_unit(struct meter *m)
{
    switch (m->kind) {
    case METER_PROBE:
        return bench_probe(m->probe);
    case METER_DOUBLES:
        textbook_doubles(m->textbook, DOUBLES);
        return DOUBLES;
    case METER_TEXTBOOK:
        textbook_sweep(m->textbook);
        return (double)m->size * m->size;
    case METER_KERNEL:
        bench_load_sweep(m->load);
        return bench_load_updates(m->load);
    }
    return 0;
}

/* A first unit brings data back into the caches and is not counted. */
static double meter_rate(struct meter *m, double seconds)
{
    double work = 0, elapsed, start;
    meter_unit(m);
    start = clock_now();
    do {
        work += meter_unit(m);
        elapsed = clock_now() - start;
    } while (elapsed < seconds);
    return work / elapsed * 1e-9;
}

static void meter_calls(struct meter *m)
{
    double measure = 0, relabel = 0;
    for (int i = 0; i < CALLS; i++) {
        if (m->scene->exchange)
            bench_load_move(m->load); /* so that swaps are new ones */
        double start = clock_now();
        bench_load_measure(m->load);
        double between = clock_now();
        if (m->scene->exchange)
            bench_load_exchange(m->load);
        else
            bench_load_relabel(m->load);
        measure += (between - start) / CALLS;
        relabel += (clock_now() - between) / CALLS;
    }
    m->measure = fmin(m->measure, measure);
    m->relabel = fmin(m->relabel, relabel / (m->scene->exchange ? 1 : 2));
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void summarise(struct meter *m, int rounds)
{
    qsort(m->rate, (size_t)rounds, sizeof *m->rate, ascending);
    m->best = m->rate[rounds - 1];
    m->median = (m->rate[rounds / 2] + m->rate[(rounds - 1) / 2]) / 2;
}

/* ---- judging ----------------------------------------------------------- */

static const struct meter *first_of(const struct bench *bench,
                                    enum meter_kind kind, int skip)
{
    const struct meter *m = bench->meter;
    while (m->kind != kind || skip-- > 0)
        m++;
    return m;
}

struct meter *bench_alone(const struct bench *bench, const struct meter *m)
{
    for (int i = 0; i < bench->count && m->scene && m->scene->team; i++) {
        struct meter *other = &bench->meter[i];
        size_t length = strlen(other->name);
        if (other->kernel == m->kernel && !other->scene->team &&
            !strncmp(other->name, m->name, length) &&
            !strcmp(m->name + length, "-threads"))
            return other;
    }
    return NULL;
}

/* Time for 256 updates when nothing but the planes, nothing but the logic
   cost any; threads are taken to be cores. */
static void judge_kernel(const struct bench *bench, struct meter *m)
{
    bool word = !strcmp(m->kernel->isa, "u64");
    if (m->scene->exchange)
        m->share = m->relabel / (1e-9 * bench_load_updates(m->load) / m->best -
                                 m->measure - m->relabel);
    double per_operation = word ? 4 : 1; /* 256 bits in words of 64 */
    int probe = word ? PROBE_WORD : PROBE_VECTOR;
    if (strcmp(m->kernel->family, "lanes") &&
        strcmp(m->kernel->family, "sites"))
        return;
    m->cost = bench_load_cost(m->load);
    double planes = m->cost.planes /
                    first_of(bench, METER_PROBE, PROBE_PLANES)->best;
    double logic = m->cost.operations * per_operation /
                   first_of(bench, METER_PROBE, probe)->best;
    m->limit = planes > logic ? "planes" : "logic";
    m->ceiling = m->threads * 256 / fmax(planes, logic);
    m->serial = m->threads * 256 / (planes + logic);
}

/* Time for nothing but a step's products of matrices. */
static void judge_steps(const struct bench *bench, struct meter *m)
{
    m->limit = "sgemm";
    m->ceiling = m->threads / m->scene->flops *
                 first_of(bench, METER_PROBE, PROBE_SGEMM)->best;
    m->ratio = NAN;
}

bool bench_steps(const struct meter *m)
{
    return m->scene && m->scene->flops > 0;
}

static void judge(const struct bench *bench, struct meter *m)
{
    m->ceiling = m->serial = m->scaling = NAN;
    bool big = m->kind == METER_KERNEL ? m->scene->stream == STREAM_SITE
                                       : m->size > 32;
    m->ratio = m->best / first_of(bench, METER_TEXTBOOK, big)->best;
    if (m->kind == METER_TEXTBOOK) {
        m->ceiling = m->serial = first_of(bench, METER_DOUBLES, 0)->best;
        m->limit = "doubles";
    }
    if (bench_steps(m))
        judge_steps(bench, m);
    else if (m->kind == METER_KERNEL)
        judge_kernel(bench, m);
    const struct meter *alone = bench_alone(bench, m);
    if (alone)
        m->scaling = m->best / alone->best;
}

void bench_run(struct bench *bench)
{
    for (int i = 0; i < bench->count; i++)
        if (bench->meter[i].on)
            meter_open(&bench->meter[i], bench->rounds);
    for (int round = 0; round < bench->rounds; round++)
        for (int i = 0; i < bench->count; i++) {
            struct meter *m = &bench->meter[i];
            if (!m->on)
                continue;
            m->rate[round] = meter_rate(m, bench->seconds);
            if (m->load)
                meter_calls(m);
        }
    for (int i = 0; i < bench->count; i++)
        if (bench->meter[i].on)
            summarise(&bench->meter[i], bench->rounds);
    for (int i = 0; i < bench->count; i++)
        if (bench->meter[i].on)
            judge(bench, &bench->meter[i]);
}
