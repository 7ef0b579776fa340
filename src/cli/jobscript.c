/* tempera jobscript FILE [--time=HH:MM:SS] [key=value ...]: a Slurm script
   sized for the run; jobs/single.sbatch explains the idea. */
#include <inttypes.h>
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/commands.h"
#include "cli/options.h"
#include "run/trial.h"

enum { TASKS_MOST = 64 };

/* Twice what the trial says, a quarter of an hour at least, a day at most:
   the job goes back into the queue as often as it takes. */
static void guess_time(const struct trial *t, int64_t tasks, char *text,
                       size_t size)
{
    double minutes = isnan(t->run_seconds)
                         ? 1440 : 2 * t->run_seconds / 60 / (double)tasks;
    int whole = minutes < 15 ? 15 : minutes > 1440 ? 1440 : (int)minutes;
    snprintf(text, size, "%02d:%02d:00", whole / 60, whole % 60);
}

static void print_script(const struct words *words, const struct trial *t,
                         const char *time)
{
    int64_t tasks = t->groups < TASKS_MOST ? t->groups : TASKS_MOST;
    char guess[32];
    guess_time(t, tasks, guess, sizeof guess);
    printf("#!/bin/bash\n"
           "#SBATCH --job-name=tempera\n"
           "#SBATCH --ntasks=%" PRId64 "\n"
           "#SBATCH --cpus-per-task=1\n"
           "#SBATCH --mem-per-cpu=%.0fM\n"
           "#SBATCH --time=%s\n"
           "#SBATCH --signal=B:USR1@60\n"
           "#SBATCH --requeue\n"
           "#SBATCH --open-mode=append\n\n",
           tasks, 200 + ceil(1e-6 * t->memory / (double)tasks),
           time ? time : guess);
    printf("export OMP_NUM_THREADS=1\n"
           "mpirun -q -n $SLURM_NTASKS tempera run %s", words->file[0]);
    for (int i = 0; i < words->overrides; i++)
        printf(" '%s'", words->override[i]);
    printf(" &\n"
           "pid=$!\n"
           "trap 'kill -USR1 $pid 2>/dev/null' USR1 TERM\n"
           "while kill -0 $pid 2>/dev/null; do wait $pid; done\n"
           "wait $pid\n"
           "status=$?\n"
           "if [ $status = 85 ]; then\n"
           "    scontrol requeue \"$SLURM_JOB_ID\" && status=0\n"
           "fi\n"
           "exit $status\n");
}

static bool size_up(const struct words *words, const char *time,
                    struct err *err)
{
    struct input *input = input_read(words->file[0], words->override,
                                     words->overrides, err);
    if (!input)
        return false;
    struct engine_spec spec = {.input = input, .ranks = 1, .rank = 0,
                               .threads = 1};
    double before = trial_heap();
    struct engine *engine = engine_new(&spec, err);
    if (engine) {
        struct trial trial = trial_run(engine, 1, trial_heap() - before);
        print_script(words, &trial, time);
    }
    engine_free(engine);
    input_free(input);
    return engine != NULL;
}

int jobscript_command(int argc, char **argv)
{
    struct err err = {0};
    const char *time = NULL;
    const struct option options[] = {{"--time", NULL, &time},
                                     {NULL, NULL, NULL}};
    struct words words = options_sort(argc, argv, options, true, &err);
    if (!err_any(&err) && words.files != 1)
        err_add(&err, EXIT_INPUT, "tempera jobscript", "which input file? "
                "tempera jobscript FILE [--time=HH:MM:SS] [key=value ...]");
    if (!err_any(&err))
        size_up(&words, time, &err);
    words_free(&words);
    return err_any(&err) ? options_fail(&err) : EXIT_DONE;
}
