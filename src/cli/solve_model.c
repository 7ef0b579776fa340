/* `tempera solve` of solvers that take a model: an input or output file, or
   model.key=value. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/number.h"
#include "cli/solve_parts.h"

static const char where[] = SOLVE_WHERE;

/* A component of lambda: a number or a sweep. */
static bool take_component(struct problem *problem, const char *word,
                           struct err *err)
{
    const char *text = strchr(word, '=');
    double number[3];
    if (!text || memchr(word, '.', (size_t)(text - word)))
        return false;
    char *key = mem_text("%.*s", (int)(text - word), word);
    struct number one = number_read(text + 1);
    if (problem_axis_named(problem, key) >= 0)
        err_add(err, EXIT_INPUT, where, "%s: given twice", key);
    else if (one.kind == NUMBER_INTEGER || one.kind == NUMBER_REAL) {
        number[0] = number[1] = one.real;
        number[2] = 1;
        problem_axis(problem, key, number, err);
    } else if (problem_sweep(text + 1, number))
        problem_axis(problem, key, number, err);
    else
        err_add(err, EXIT_INPUT, where, "%s: neither a number nor "
                "from:to:step", word);
    free(key);
    return true;
}

static void check_components(const struct problem *problem, struct err *err)
{
    const struct model *model = problem->input->model;
    if (problem_axis_named(problem, model->component[0]) < 0)
        err_add(err, EXIT_INPUT, where, "%s=... is missing: a number or "
                "from:to:step", model->component[0]);
    for (int a = 0; a < problem->axes; a++) {
        bool known = false;
        for (int k = 0; k < model->components; k++)
            known |= !strcmp(problem->axis[a].key, model->component[k]);
        if (!known)
            err_add(err, EXIT_INPUT, where, "%s: no component of model %s; "
                    "its keys are model.KEY", problem->axis[a].key,
                    model->name);
    }
}

/* An output's is there already: an instance it kept is in it. */
static struct system *system_of(const struct problem *problem)
{
    return problem->data
               ? problem->data->system
               : system_new(problem->input->model,
                            &problem->input->section[INPUT_MODEL]);
}

static void system_done(const struct problem *problem, struct system *system)
{
    if (!problem->data)
        system_free(system);
}

static void overlay(struct problem *problem, struct err *err)
{
    const struct input *input = problem->input;
    struct system *system = system_of(problem);
    int k = system->components;
    double *lambda = mem_new((size_t)(problem->points * k), sizeof *lambda);
    for (int p = 0; p < problem->points; p++)
        for (int i = 0; i < k; i++) {
            int axis = problem_axis_named(problem, input->model->component[i]);
            lambda[p * k + i] = axis < 0 ? 0 : problem_value(problem, axis, p);
        }
    const char *no = problem->solver->refuses(system, problem->points);
    struct solver_task task = {system, problem->points, lambda,
                               problem->solution};
    if (no)
        err_add(err, EXIT_INPUT, where, "%s cannot do this: %s",
                problem->solver->name, no);
    else
        problem->solver->overlay(&task);
    system_done(problem, system);
    free(lambda);
}

/* ---- the model ----------------------------------------------------------- */

static bool is_output(const char *path)
{
    char start[4] = "";
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    bool same = fread(start, 1, 4, file) == 4 && !memcmp(start, "\x89HDF", 4);
    fclose(file);
    return same;
}

/* Of an output, an input, or keys alone. */
static void read_model(struct problem *problem, const struct words *words,
                       char **rest, int count, struct err *err)
{
    const char *file = words->files > 1 ? words->file[1] : NULL;
    if (words->files > 2)
        err_add(err, EXIT_INPUT, where, "one input file at a time");
    if (!file || !is_output(file)) {
        problem->input = input_model(file, rest, count, err);
        return;
    }
    if (count)
        err_add(err, EXIT_INPUT, where, "%s: the model is that of %s",
                rest[0], file);
    problem->data = data_load(file, err);
    problem->input = problem->data ? problem->data->input : NULL;
}

/* "top=5" is the solver's, "model.N=5" the model's, where it has keys; else
   words without a section are components of lambda. */
static bool take_word(struct problem *problem, const char *word,
                      struct err *err)
{
    const char *text = strchr(word, '=');
    if (!problem->solver->solve_system)
        return take_component(problem, word, err);
    if (text && memchr(word, '.', (size_t)(text - word)))
        return false;
    problem_key(problem, word, err);
    return true;
}

void problem_with_model(struct problem *problem, const struct words *words,
                        struct err *err)
{
    const struct solver *solver = problem->solver;
    char **rest = mem_new((size_t)words->overrides, sizeof *rest);
    int count = 0;
    if (solver->solve_system)
        problem->keys = section_new(solver->name, solver->keys, NULL);
    for (int i = 0; i < words->overrides; i++)
        if (!take_word(problem, words->override[i], err))
            rest[count++] = words->override[i];
    read_model(problem, words, rest, count, err);
    free(rest);
    if (problem->input && !solver->solve_system)
        check_components(problem, err);
    if (!err_any(err))
        problem_count(problem, err);
    if (err_any(err))
        return;
    if (!solver->solve_system) {
        overlay(problem, err);
        return;
    }
    struct system *system = system_of(problem);
    problem_solve(problem, system, err);
    system_done(problem, system);
}
