/* tempera run FILE [-o OUT.h5] [--restart] [key=value ...] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "par/par.h"
#include "run/session.h"

/* basename.h5, here. */
static char *default_out(const char *file)
{
    const char *slash = strrchr(file, '/');
    const char *name = slash ? slash + 1 : file;
    const char *dot = strrchr(name, '.');
    int length = (int)(dot && dot > name ? (size_t)(dot - name)
                                         : strlen(name));
    return mem_text("%.*s.h5", length, name);
}

static char *joined(int argc, char **argv)
{
    char *line = mem_text("tempera");
    for (int i = 0; i < argc; i++) {
        char *longer = mem_text("%s %s", line, argv[i]);
        free(line);
        line = longer;
    }
    return line;
}

int run_command(int argc, char **argv)
{
    struct err err = {0};
    bool restart = false;
    const char *out = NULL;
    const struct option options[] = {{"-o", NULL, &out},
                                     {"--restart", &restart, NULL},
                                     {NULL, NULL, NULL}};
    struct words words = options_sort(argc, argv, options, true, &err);
    if (!err_any(&err) && words.files != 1)
        err_add(&err, EXIT_INPUT, "tempera run",
                words.files ? "one input file at a time"
                            : "which input file? tempera run FILE "
                              "[-o OUT.h5] [--restart] [key=value ...]");
    int code = err.code;
    if (!err_any(&err)) {
        char *fallback = default_out(words.file[0]), *line = joined(argc,
                                                                    argv);
        struct session session = {
            .file = words.file[0], .out = out ? out : fallback,
            .restart = restart, .overrides = words.override,
            .count = words.overrides, .argv = line};
        code = session_run(&session, &err);
        free(fallback);
        free(line);
    }
    if (par_rank() == 0)
        options_fail(&err);
    err_clear(&err);
    words_free(&words);
    return code;
}
