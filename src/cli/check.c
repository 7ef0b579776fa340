/* tempera check FILE [key=value ...]: the effective input, then the plan. */
#include <inttypes.h>
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/commands.h"
#include "cli/options.h"
#include "par/par.h"
#include "run/trial.h"

static void print_bytes(const char *what, double bytes, const char *note)
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB"};
    int u = 0;
    for (; bytes >= 1000 && u < 5; u++)
        bytes /= 1000;
    printf("%-12s%.3g %s%s\n", what, bytes, units[u], note);
}

static void print_ladder(const struct engine *e)
{
    const struct ladder *l = e->ladder;
    const double *lambda = l->lambda;
    int last = (l->rungs - 1) * l->components;
    printf("ladder      %d rungs", l->rungs);
    if (l->first_requested)
        printf(", the first %d of the anchor", l->first_requested);
    printf("; %s from %g to %g\n", e->system->model->component[0], lambda[0],
           lambda[last]);
    if (l->anchor_needed)
        printf("            no anchor: it would take %d rungs; ln Z will be "
               "relative\n", l->anchor_needed);
}

static void print_plan(const struct engine *e, int ranks)
{
    struct plan *plan = engine_plan(e, ranks);
    printf("system      %s, %" PRId64 " %ss", e->system->model->name,
           e->system->sites, system_site(e->system));
    if (e->system->resolution > 0)
        printf(", couplings multiples of %g", e->system->resolution);
    putchar('\n');
    print_ladder(e);
    printf("walkers     %d copies x %d samples x %d rungs = %" PRId64 "\n",
           e->exchange->copies, e->exchange->samples, e->exchange->rungs,
           e->exchange->walkers);
    printf("kernel      %s, stream %s\n", e->hosted->kernel->name,
           stream_names[e->stream]);
    printf("layout      %d rank%s x %d thread%s here", ranks,
           ranks == 1 ? "" : "s", omp_get_max_threads(),
           omp_get_max_threads() == 1 ? "" : "s");
    if (plan->idle)
        printf("; %d without a walker", plan->idle);
    if (e->stream == STREAM_LANE)
        printf("; %.0f %% of the bit lanes carry a walker", 100 * plan->used);
    printf("\n");
    plan_free(plan);
}

static void print_trial(const struct trial *t, const struct engine *e)
{
    if (e->stream == STREAM_LANE)
        printf("ranks       up to %" PRId64 " share the work evenly (whole "
               "groups of 256 lanes); more than %" PRId64 " have nothing to "
               "do\n", t->groups, t->words);
    else
        printf("ranks       up to %" PRId64 ", a walker each\n", t->words);
    print_bytes("memory", t->memory, ", all ranks together");
    print_bytes("file", t->file, "");
    print_bytes("checkpoint", t->checkpoint, "");
    if (isnan(t->sweep_seconds)) {
        printf("time        not tried: too large\n");
        return;
    }
    printf("time        about %.3g s; a sweep of all walkers takes %.3g ms "
           "here, %.3g updates/ns\n", t->run_seconds, 1e3 * t->sweep_seconds,
           1e-9 * (double)e->exchange->walkers * (double)e->system->sites /
               t->sweep_seconds);
}

static void print_site(const struct engine *e, double bytes)
{
    double sites = (double)e->exchange->walkers * (double)e->system->sites;
    printf("a %-10s%.3g bytes of each walker, what is shared (couplings, "
           "examples, tables) shared out (measured: %.1f MB)\n",
           system_site(e->system), bytes / sites, bytes / 1e6);
}

/* Where a walker's own numbers are many bytes. */
static void print_walker(const struct trial *t, const struct engine *e)
{
    if (system_binary(e->system))
        return;
    print_bytes("a walker", t->walker, " of its own (state, momenta)");
    print_bytes("a rank", t->shared, " that its walkers share (examples, "
                "networks' arrays, tables)");
    print_bytes("a thread", t->scratch, " of scratch");
}

static bool check(const struct words *words, struct err *err)
{
    struct input *input = input_read(words->file[0], words->override,
                                     words->overrides, err);
    if (!input)
        return false;
    struct engine_spec spec = {.input = input, .ranks = 1, .rank = 0,
                               .threads = omp_get_max_threads()};
    double before = trial_heap();
    struct engine *engine = engine_new(&spec, err);
    double bytes = trial_heap() - before;
    if (engine) {
        char *text = input_effective(input);
        printf("%s\n", text);
        free(text);
        print_plan(engine, par_size());
        print_site(engine, bytes);
        struct trial trial = trial_run(engine, par_size(), bytes);
        print_walker(&trial, engine);
        print_trial(&trial, engine);
    }
    engine_free(engine);
    input_free(input);
    return engine != NULL;
}

int check_command(int argc, char **argv)
{
    struct err err = {0};
    const struct option none[] = {{NULL, NULL, NULL}};
    struct words words = options_sort(argc, argv, none, true, &err);
    if (!err_any(&err) && words.files != 1)
        err_add(&err, EXIT_INPUT, "tempera check",
                "which input file? tempera check FILE [key=value ...]");
    if (!err_any(&err))
        check(&words, &err);
    words_free(&words);
    return err_any(&err) ? options_fail(&err) : EXIT_DONE;
}
