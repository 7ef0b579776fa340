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
#include "cli/commands.h"
#include "cli/options.h"

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

static void unknown_case(const struct bench *bench, const char *word,
                         struct err *err)
{
    const char **names = known_names(bench);
    const char *nearest = err_nearest(word, names);
    err_add(err, EXIT_INPUT, "tempera bench",
            "%s: no such case on this machine%s%s%s", word,
            nearest ? "; did you mean " : "; see tempera bench --list",
            nearest ? nearest : "", nearest ? "?" : "");
    free(names);
}

static void choose_all(struct bench *bench, const struct words *words,
                       struct err *err)
{
    for (int i = 0; i < words->files; i++)
        if (!choose(bench, words->file[i]))
            unknown_case(bench, words->file[i], err);
    if (!words->files)
        choose(bench, NULL);
}

static void run(struct bench *bench, bool quick, bool json)
{
    int timed = 0;
    for (int i = 0; i < bench->count; i++)
        timed += bench->meter[i].on;
    bench->rounds = quick ? 3 : 9;
    bench->seconds = quick ? 0.03 : 0.12;
    fprintf(stderr, "tempera bench: about %.0f s\n",
            2 + bench->rounds * (0.2 + timed * 1.1 * bench->seconds));
    bench_run(bench);
    if (json)
        bench_print_json(bench);
    else
        bench_print_text(bench);
}

static void list(const struct bench *bench)
{
    for (int i = 0; i < bench->count; i++)
        if (bench->meter[i].on && is_case(&bench->meter[i]))
            puts(bench->meter[i].name);
}

/* argv[0] is "bench". */
int bench_command(int argc, char **argv)
{
    bool json = false, quick = false, names = false;
    const struct option options[] = {{"--json", &json, NULL},
                                     {"--quick", &quick, NULL},
                                     {"--list", &names, NULL},
                                     {NULL, NULL, NULL}};
    struct err err = {0};
    struct words words = options_sort(argc, argv, options, false, &err);
    struct bench bench = bench_new(omp_get_max_threads());
    choose_all(&bench, &words, &err);
    if (!err_any(&err) && names)
        list(&bench);
    else if (!err_any(&err))
        run(&bench, quick, json);
    bench_free(&bench);
    words_free(&words);
    return options_fail(&err);
}
