#include "cli/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

enum { OPTIONS_MOST = 16 };

static const struct option *find(const struct option *options,
                                 const char *word, const char **value)
{
    *value = NULL;
    for (const struct option *o = options; o->name; o++) {
        size_t length = strlen(o->name);
        if (!strcmp(word, o->name))
            return o;
        if (o->value && !strncmp(word, o->name, length) &&
            word[length] == '=') {
            *value = word + length + 1;
            return o;
        }
    }
    return NULL;
}

static void unknown(const char *command, const char *word,
                    const struct option *options, struct err *err)
{
    const char *names[OPTIONS_MOST + 1] = {NULL};
    for (int i = 0; i < OPTIONS_MOST && options[i].name; i++)
        names[i] = options[i].name;
    const char *nearest = err_nearest(word, names);
    err_add(err, EXIT_INPUT, command, "%s: no such option%s%s%s", word,
            nearest ? "; did you mean " : "", nearest ? nearest : "",
            nearest ? "?" : "");
}

struct words options_sort(int argc, char **argv,
                          const struct option *options, bool overrides,
                          struct err *err)
{
    struct words words = {
        .file = mem_new((size_t)argc, sizeof *words.file),
        .override = mem_new((size_t)argc, sizeof *words.override)};
    char *command = mem_text("tempera %s", argv[0]);
    for (int i = 1; i < argc; i++) {
        const char *value;
        const struct option *o = find(options, argv[i], &value);
        if (o && o->value && !value && i + 1 < argc)
            value = argv[++i];
        if (o && o->flag)
            *o->flag = true;
        else if (o && value)
            *o->value = value;
        else if (o)
            err_add(err, EXIT_INPUT, command, "%s wants a value", argv[i]);
        else if (argv[i][0] == '-' && argv[i][1])
            unknown(command, argv[i], options, err);
        else if (overrides && (words.files || strchr(argv[i], '=')))
            words.override[words.overrides++] = argv[i];
        else
            words.file[words.files++] = argv[i];
    }
    free(command);
    return words;
}

void words_free(struct words *words)
{
    free(words->file);
    free(words->override);
}

int options_fail(struct err *err)
{
    int code = err->code;
    if (err->text)
        fputs(err->text, stderr);
    err_clear(err);
    return code;
}
