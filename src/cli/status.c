/* tempera status OUT.h5 [--json]: of a live or finished run, from the file
   the run keeps beside its output. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "run/lock.h"

/* The run writes one flat object; NULL when there is none. */
static char *read_status(const char *out, struct err *err)
{
    char *path = mem_text("%s.status", out), *text = NULL;
    FILE *file = fopen(path, "r");
    if (file) {
        char buffer[4096];
        size_t got = fread(buffer, 1, sizeof buffer - 1, file);
        buffer[got] = 0;
        fclose(file);
        if (buffer[0] == '{' && strrchr(buffer, '}'))
            text = mem_text("%s", buffer);
    }
    if (!text)
        err_add(err, EXIT_DATA, path, "%s", file ? "not a status file"
                                                 : strerror(errno));
    free(path);
    return text;
}

/* The value of a key as it stands there, without quotes. */
static void value_of(const char *text, const char *key, char *value,
                     size_t size)
{
    char *name = mem_text("\"%s\": ", key);
    const char *at = strstr(text, name);
    snprintf(value, size, "-");
    if (at) {
        at += strlen(name);
        bool quoted = *at == '"';
        at += quoted;
        snprintf(value, size, "%.*s",
                 (int)strcspn(at, quoted ? "\"" : ",}"), at);
    }
    free(name);
}

static double number_of(const char *text, const char *key)
{
    char value[64];
    value_of(text, key, value, sizeof value);
    return strtod(value, NULL);
}

static void print_status(const char *text, const char *state,
                         const char *holder)
{
    char phase[32], kernel[32], updated[64], file[512];
    double done = number_of(text, "sweeps_done");
    double all = number_of(text, "sweeps");
    value_of(text, "file", file, sizeof file);
    value_of(text, "phase", phase, sizeof phase);
    value_of(text, "kernel", kernel, sizeof kernel);
    value_of(text, "updated", updated, sizeof updated);
    printf("%s: %s%s%s\n", file, state, holder[0] ? ", " : "", holder);
    printf("  %s, %.0f of %.0f sweeps (burn-in %.0f of %.0f)\n", phase, done,
           all, number_of(text, "burn_in_done"), number_of(text, "burn_in"));
    printf("  %.4g sweeps/s, %.3g updates/ns, kernel %s, %.0f ranks x %.0f "
           "threads\n", number_of(text, "sweeps_per_second"),
           number_of(text, "updates_per_ns"), kernel,
           number_of(text, "ranks"), number_of(text, "threads"));
    printf("  barrier %.2f, swap acceptance %.2f at worst, %.2f on average; "
           "%.0f round trips\n", number_of(text, "barrier"),
           number_of(text, "worst_acceptance"),
           number_of(text, "mean_acceptance"), number_of(text, "round_trips"));
    if (!strcmp(state, "running"))
        printf("  about %.0f s to go\n", number_of(text, "seconds_to_go"));
    printf("  as of %s\n", updated);
}

/* A run that says "running" and holds no lock was killed. */
static void tell(const char *out, const char *text, bool json)
{
    char state[32], holder[256] = "";
    bool alive = lock_held(out, holder, sizeof holder);
    value_of(text, "state", state, sizeof state);
    if (!strcmp(state, "running") && !alive)
        snprintf(state, sizeof state, "interrupted");
    if (json)
        printf("%.*s, \"alive\": %s, \"state_now\": \"%s\"}\n",
               (int)(strrchr(text, '}') - text), text,
               alive ? "true" : "false", state);
    else
        print_status(text, state, holder);
}

int status_command(int argc, char **argv)
{
    struct err err = {0};
    bool json = false;
    const struct option options[] = {{"--json", &json, NULL},
                                     {NULL, NULL, NULL}};
    struct words words = options_sort(argc, argv, options, false, &err);
    if (!err_any(&err) && words.files != 1)
        err_add(&err, EXIT_INPUT, "tempera status",
                "which file? tempera status OUT.h5 [--json]");
    char *text = err_any(&err) ? NULL : read_status(words.file[0], &err);
    if (text)
        tell(words.file[0], text, json);
    free(text);
    words_free(&words);
    return err_any(&err) ? options_fail(&err) : EXIT_DONE;
}
