/* tempera bench [NAME ...] [--json] [--quick] [--list]: the speed of the
   kernels on this machine, next to a textbook loop and to a ceiling measured
   in the same run. NAME is a case or the beginning of several: "lanes",
   "sites_avx2". The textbook loop always runs. */
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/bench_parts.h"

int bench_command(int argc, char **argv);

struct options { bool json, quick, list; };

/* "sites" begins "sites_avx2-2d-512", "site" does not. */
static bool begins(const char *name, const char *word)
{
    size_t length = strlen(word);
    return length && !strncmp(name, word, length) &&
           (!name[length] || strchr("-_", name[length]));
}

static bool is_case(const struct meter *m)
{
    return m->kind == METER_TEXTBOOK || m->kind == METER_KERNEL;
}

/* Turns on what word names, and what its scaling is held against. */
static bool choose(struct bench *bench, const char *word)
{
    bool found = false;
    for (int i = 0; i < bench->count; i++) {
        struct meter *m = &bench->meter[i];
        if (!is_case(m) || (word && !begins(m->name, word)))
            continue;
        found = m->on = true;
        struct meter *alone = bench_alone(bench, m);
        if (alone)
            alone->on = true;
    }
    return found;
}

/* What can be named, for the nearest name; only the list is the caller's. */
static const char **known_names(const struct bench *bench)
{
    const char **names = mem_new((size_t)(3 * bench->count + 2),
                                 sizeof *names);
    int count = 0;
    names[count++] = "textbook";
    for (int i = 0; i < bench->count; i++) {
        const struct meter *m = &bench->meter[i];
        if (is_case(m))
            names[count++] = m->name;
        if (m->kernel) {
            names[count++] = m->kernel->name;
            names[count++] = m->kernel->family;
        }
    }
    return names;
}

static int unknown_case(const struct bench *bench, const char *word)
{
    const char **names = known_names(bench);
    const char *nearest = err_nearest(word, names);
    fprintf(stderr, "tempera bench: %s: no such case on this machine",
            word);
    if (nearest)
        fprintf(stderr, "; did you mean %s?\n", nearest);
    else
        fprintf(stderr, "; see tempera bench --list\n");
    free(names);
    return EXIT_INPUT;
}

static bool option(const char *word, struct options *options)
{
    if (!strcmp(word, "--json"))
        options->json = true;
    else if (!strcmp(word, "--quick"))
        options->quick = true;
    else if (!strcmp(word, "--list"))
        options->list = true;
    else
        return false;
    return true;
}

static int unknown_option(const char *word)
{
    static const char *const known[] = {"--json", "--quick", "--list", NULL};
    const char *nearest = err_nearest(word, known);
    fprintf(stderr, "tempera bench: %s: no such option; %s%s%s\n", word,
            nearest ? "did you mean " : "--json, --quick or --list",
            nearest ? nearest : "", nearest ? "?" : "");
    return EXIT_INPUT;
}

static int read_words(struct bench *bench, int argc, char **argv,
                      struct options *options)
{
    bool named = false;
    for (int i = 1; i < argc; i++)
        if (argv[i][0] != '-') {
            named = true;
            if (!choose(bench, argv[i]))
                return unknown_case(bench, argv[i]);
        } else if (!option(argv[i], options)) {
            return unknown_option(argv[i]);
        }
    if (!named)
        choose(bench, NULL);
    return EXIT_DONE;
}

static void run(struct bench *bench, const struct options *options)
{
    int cases = 0;
    for (int i = 0; i < bench->count; i++)
        cases += bench->meter[i].on;
    bench->rounds = options->quick ? 3 : 9;
    bench->seconds = options->quick ? 0.03 : 0.12;
    fprintf(stderr, "tempera bench: about %.0f s\n",
            2 + bench->rounds * (0.2 + cases * 1.1 * bench->seconds));
    bench_run(bench);
    if (options->json)
        bench_print_json(bench);
    else
        bench_print_text(bench);
}

/* argv[0] is "bench". */
int bench_command(int argc, char **argv)
{
    struct options options = {.json = false};
    struct bench bench = bench_new(omp_get_max_threads());
    int code = read_words(&bench, argc, argv, &options);
    if (code == EXIT_DONE && options.list) {
        for (int i = 0; i < bench.count; i++)
            if (is_case(&bench.meter[i]))
                puts(bench.meter[i].name);
    } else if (code == EXIT_DONE) {
        run(&bench, &options);
    }
    bench_free(&bench);
    return code;
}
