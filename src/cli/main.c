/* tempera: the statistical mechanics of learning. Finds the command. */
#include <errno.h>
#include <gsl/gsl_errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/version.h"
#include "cli/commands.h"
#include "par/par.h"
#include "run/control.h"

struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    bool everywhere; /* on all ranks; others run on rank 0 alone */
};

static const struct command commands[] = {
    {"run", run_command, true},       {"check", check_command, false},
    {"status", status_command, false}, {"report", report_command, false},
    {"verify", verify_command, false}, {"solve", solve_command, true},
    {"list", list_command, false},    {"help", help_command, false},
    {"bench", bench_command, false},  {"jobscript", jobscript_command, false}};
enum { COMMANDS = sizeof commands / sizeof *commands };

static int unknown(const char *word)
{
    const char *names[COMMANDS + 1] = {NULL};
    for (int c = 0; c < COMMANDS; c++)
        names[c] = commands[c].name;
    const char *nearest = err_nearest(word, names);
    fprintf(stderr, "tempera: %s is no command%s%s%s; `tempera help` lists "
            "them\n", word, nearest ? "; did you mean " : "",
            nearest ? nearest : "", nearest ? "?" : "");
    return EXIT_INPUT;
}

static int dispatch(int argc, char **argv)
{
    char help[] = "help";
    char *overview[] = {help, NULL};
    bool root = par_rank() == 0;
    if (argc < 2) {
        if (root)
            help_command(1, overview);
        return EXIT_INPUT;
    }
    const char *word = argv[1];
    if (!strcmp(word, "--version") || !strcmp(word, "-V"))
        return root ? printf("tempera %s (%s)\n", version_program,
                             version_git) < 0 : EXIT_DONE;
    if (!strcmp(word, "--help") || !strcmp(word, "-h"))
        return root ? help_command(1, overview) : EXIT_DONE;
    for (int c = 0; c < COMMANDS; c++)
        if (!strcmp(word, commands[c].name))
            return commands[c].everywhere || root
                       ? commands[c].run(argc - 1, argv + 1) : EXIT_DONE;
    return root ? unknown(word) : EXIT_INPUT;
}

/* What was asked for and could not be written is no success. A run's product
   is its file: whoever closed its output did so on purpose. */
static int printed(const char *command, int code)
{
    bool bad = fflush(stdout) == EOF || ferror(stdout);
    if (!bad || code != EXIT_DONE || !strcmp(command, "run"))
        return code;
    fprintf(stderr, "tempera: standard output: %s\n",
            errno ? strerror(errno) : "cannot be written");
    return EXIT_DATA;
}

int main(int argc, char **argv)
{
    gsl_set_error_handler_off(); /* statuses are checked; threads share it */
    if (argc > 1 && !strcmp(argv[1], "run"))
        control_install(); /* others end at a signal at once, as usual */
    par_start(&argc, &argv);
    int code = printed(argc > 1 ? argv[1] : "", dispatch(argc, argv));
    par_stop();
    return code;
}
