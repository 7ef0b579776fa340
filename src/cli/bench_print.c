/* What `tempera bench` says: tables and a legend, or JSON. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/version.h"
#include "cli/bench_parts.h"
#include "core/registry.h"

/* ---- the machine ------------------------------------------------------- */

static void cpu_name(char *name, size_t size)
{
    char line[256];
    FILE *file = fopen("/proc/cpuinfo", "r");
    snprintf(name, size, "unknown");
    while (file && fgets(line, sizeof line, file)) {
        const char *value = strchr(line, ':');
        if (strncmp(line, "model name", 10) || !value)
            continue;
        value += 1 + strspn(value + 1, " \t");
        snprintf(name, size, "%.*s", (int)strcspn(value, "\n"), value);
        break;
    }
    if (file)
        fclose(file);
}

/* Of the best kernel here. */
static const char *isa_name(void)
{
    const struct kernel *best = NULL;
    for (int i = 0; registry_kernels[i]; i++)
        if (registry_kernels[i]->cpu() &&
            (!best || registry_kernels[i]->rank > best->rank))
            best = registry_kernels[i];
    return best ? best->isa : "none";
}

static bool is_case(const struct meter *m)
{
    return m->on && (m->kind == METER_TEXTBOOK || m->kind == METER_KERNEL);
}

static bool is_probe(const struct meter *m)
{
    return m->on && !is_case(m);
}

/* ---- text -------------------------------------------------------------- */

static const char *const legend =
    "upd/ns    spin updates attempted a nanosecond, all threads together;\n"
    "          best and median of the rounds, which run over all cases\n"
    "ceiling   256 updates over the time of their planes or of their logic\n"
    "          alone, whichever is longer, at the best rates measured above;\n"
    "          serial: over the sum of the two times. %: best of ceiling\n"
    "planes    256-bit random planes that 256 updates take: 12, and 2 if a\n"
    "          rung is lazy, 1 if a lane is drawn afresh (lambda = 0)\n"
    "logic     256-bit AND, OR, XOR that 256 updates take, counted from the\n"
    "          source (doc/kernels); u64 kernels do each in four words\n"
    "x text    best over the best of the textbook loop: 32 x 32 for lanes and\n"
    "          reference, 4096 x 4096 for sites; its own ceiling is the rate\n"
    "          of its random doubles, one a proposal\n"
    "steps/s   of networks' weights (Langevin), all walkers together;\n"
    "          ceiling: the products of matrices alone, at the rate of\n"
    "          sgemm measured above\n"
    "scaling   best over the best of the same case on one thread\n"
    "x peer    best over the best other code that does the same, as measured\n"
    "          on one core of a Zen 3 at 3.2 GHz (src/cli/bench_scenes.c)\n"
    "measure   all statistics of all lanes once; relabel: a new rung for\n"
    "          every lane once; of cases with exchange: swap decisions and\n"
    "          relabelling after one sweep, both part of the rate above\n"
    "share     of that swap step in the time of the sweep alone\n";

/* Right-aligned, "-" where there is no value. */
static void print_cell(int width, int digits, double value)
{
    if (isfinite(value))
        printf(" %*.*f", width, digits, value);
    else
        printf(" %*s", width, "-");
}

static void print_machine(const struct bench *bench)
{
    char cpu[128];
    cpu_name(cpu, sizeof cpu);
    printf("%s; kernels to %s; random planes by %s; threads: %d\n", cpu,
           isa_name(), rng_planes_name(), bench->threads);
    printf("%d rounds of %g s a case\n\n", bench->rounds, bench->seconds);
    printf("%-28s %7s %7s\n", "one thread can do, a ns", "best", "median");
    for (int i = 0; i < bench->count; i++)
        if (is_probe(&bench->meter[i])) {
            printf("%-28s", bench->meter[i].name);
            print_cell(7, 3, bench->meter[i].best);
            print_cell(7, 3, bench->meter[i].median);
            putchar('\n');
        }
}

static void print_rates(const struct bench *bench)
{
    printf("\n%-28s %3s %7s %7s %7s %4s %6s %7s %6s\n", "upd/ns", "thr",
           "best", "median", "ceiling", "%", "x text", "scaling", "x peer");
    for (int i = 0; i < bench->count; i++) {
        const struct meter *m = &bench->meter[i];
        if (!is_case(m) || bench_steps(m))
            continue;
        int digits = m->best < 0.1 ? 4 : 3;
        printf("%-28s %3d", m->name, m->threads);
        print_cell(7, digits, m->best);
        print_cell(7, digits, m->median);
        print_cell(7, 2, m->ceiling);
        print_cell(4, 0, 100 * m->best / m->ceiling);
        print_cell(6, m->ratio < 9.95 ? 2 : 1, m->ratio);
        print_cell(7, 2, m->scaling);
        print_cell(6, 1, m->scene && m->scene->peer > 0
                             ? m->best / m->scene->peer : NAN);
        putchar('\n');
    }
}

static void print_steps(const struct bench *bench)
{
    bool head = false;
    for (int i = 0; i < bench->count; i++) {
        const struct meter *m = &bench->meter[i];
        if (!is_case(m) || !bench_steps(m))
            continue;
        if (!head)
            printf("\n%-32s %3s %7s %7s %7s %4s %7s %6s\n", "steps/s", "thr",
                   "best", "median", "ceiling", "%", "scaling", "x peer");
        head = true;
        printf("%-32s %3d", m->name, m->threads);
        print_cell(7, 1, 1e9 * m->best);
        print_cell(7, 1, 1e9 * m->median);
        print_cell(7, 1, 1e9 * m->ceiling);
        print_cell(4, 0, 100 * m->best / m->ceiling);
        print_cell(7, 2, m->scaling);
        print_cell(6, 1, m->scene->peer > 0 ? m->best / m->scene->peer : NAN);
        putchar('\n');
    }
}

static void print_costs(const struct bench *bench)
{
    bool head = false;
    for (int i = 0; i < bench->count; i++) {
        const struct meter *m = &bench->meter[i];
        if (!m->on || m->kind != METER_KERNEL || bench_steps(m))
            continue;
        if (!head)
            printf("\n%-28s %6s %6s %-6s %6s %10s %10s %7s\n",
                   "256 updates", "planes", "logic", "limit", "serial",
                   "measure/us", "relabel/us", "share/%");
        head = true;
        bool sliced = m->cost.planes > 0;
        printf("%-28s", m->name);
        print_cell(6, 0, sliced ? (double)m->cost.planes : NAN);
        print_cell(6, 0, sliced ? (double)m->cost.operations : NAN);
        printf(" %-6s", sliced ? m->limit : "-");
        print_cell(6, 2, m->serial);
        print_cell(10, 1, 1e6 * m->measure);
        print_cell(10, 2, 1e6 * m->relabel);
        print_cell(7, 1, 100 * m->share);
        putchar('\n');
    }
}

void bench_print_text(const struct bench *bench)
{
    print_machine(bench);
    print_rates(bench);
    print_steps(bench);
    print_costs(bench);
    printf("\n%s", legend);
}

/* ---- JSON -------------------------------------------------------------- */

static void put_machine(struct json *json, const struct bench *bench)
{
    char cpu[128];
    cpu_name(cpu, sizeof cpu);
    json_key(json, "machine");
    json_open(json, '{');
    json_put_text(json, "cpu", cpu);
    json_put_text(json, "isa", isa_name());
    json_put_text(json, "rng", rng_planes_name());
    json_put_integer(json, "threads", bench->threads);
    json_put_text(json, "compiler", version_compiler);
    json_close(json, '}');
}

static void put_case(struct json *json, const struct meter *m)
{
    bool steps = bench_steps(m);
    double unit = steps ? 1e9 : 1;
    json_open(json, '{');
    json_put_text(json, "name", m->name);
    json_put_integer(json, "threads", m->threads);
    json_put_real(json, steps ? "steps_per_s_best" : "updates_per_ns_best",
                  unit * m->best);
    json_put_real(json, steps ? "steps_per_s_median"
                              : "updates_per_ns_median", unit * m->median);
    json_put_real(json, "ceiling", unit * m->ceiling);
    json_put_real(json, "percent", 100 * m->best / m->ceiling);
    json_put_text(json, "limit", *m->limit ? m->limit : NULL);
    json_put_real(json, "ceiling_serial", unit * m->serial);
    json_put_real(json, "baseline_ratio", m->ratio);
    json_put_real(json, "scaling", m->scaling);
    json_put_real(json, "peer", m->scene && m->scene->peer > 0
                                    ? unit * m->scene->peer : NAN);
    if (m->cost.planes) {
        json_put_integer(json, "planes", m->cost.planes);
        json_put_integer(json, "operations", m->cost.operations);
    }
    if (m->kind == METER_KERNEL) {
        json_put_real(json, "measure_us", 1e6 * m->measure);
        json_put_real(json, "relabel_us", 1e6 * m->relabel);
        json_put_real(json, "exchange_share", m->share);
    }
    json_close(json, '}');
}

void bench_print_json(const struct bench *bench)
{
    struct json json = {.out = stdout};
    json_open(&json, '{');
    put_machine(&json, bench);
    json_put_integer(&json, "rounds", bench->rounds);
    json_put_real(&json, "seconds", bench->seconds);
    json_key(&json, "per_ns");
    json_open(&json, '{');
    for (int i = 0; i < bench->count; i++)
        if (is_probe(&bench->meter[i]))
            json_put_real(&json, bench->meter[i].name,
                          bench->meter[i].best);
    json_close(&json, '}');
    json_key(&json, "cases");
    json_open(&json, '[');
    for (int i = 0; i < bench->count; i++)
        if (is_case(&bench->meter[i]))
            put_case(&json, &bench->meter[i]);
    json_close(&json, ']');
    json_close(&json, '}');
}
