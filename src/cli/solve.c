/* tempera solve NAME [FILE] [key=value ...] [--json] [-o OUT.h5] */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/number.h"
#include "cli/commands.h"
#include "cli/solve_parts.h"
#include "core/registry.h"
#include "par/par.h"

enum { POINTS_MOST = 1000000 };

static const char where[] = SOLVE_WHERE;

/* ---- sweeps: a:b:step -------------------------------------------------- */

/* Three numbers between two colons. */
bool problem_sweep(const char *text, double number[3])
{
    for (int i = 0; i < 3; i++) {
        size_t length = strcspn(text, ":");
        char *one = mem_text("%.*s", (int)length, text);
        struct number n = number_read(one);
        free(one);
        if (n.kind != NUMBER_INTEGER && n.kind != NUMBER_REAL)
            return false;
        number[i] = n.negative && n.kind == NUMBER_INTEGER
                        ? -fabs(n.real) : n.real;
        if ((text[length] == ':') != (i < 2))
            return false;
        text += length + 1;
    }
    return true;
}

/* The least power of ten in whose parts both are integers, so that points of
   a sweep are the decimal numbers meant (0.3 and not 0.1 + 2 x 0.1; 0 and not
   5e-17); 0: there is none. */
static double decimal_unit(double from, double step)
{
    for (double unit = 1; unit <= 1e15; unit *= 10)
        if (rint(from * unit) / unit == from &&
            rint(step * unit) / unit == step)
            return unit;
    return 0;
}

static double sweep_value(const double number[3], double unit, int i)
{
    double from = rint(number[0] * unit), step = rint(number[2] * unit);
    double value = unit > 0 && fabs(from) + fabs(i * step) < 1e15
                       ? (from + i * step) / unit
                       : number[0] + i * number[2];
    return (value - number[1]) * number[2] > 0 ? number[1] : value;
}

/* a, a + step, ... to b inclusive within rounding. */
void problem_axis(struct problem *problem, const char *key,
                  const double number[3], struct err *err)
{
    double steps = number[1] == number[0]
                       ? 0 : (number[1] - number[0]) / number[2];
    if (!isfinite(steps) || steps < 0)
        err_add(err, EXIT_INPUT, where, "%s: from:to:step never gets from "
                "%g to %g in steps of %g", key, number[0], number[1],
                number[2]);
    else if (steps >= POINTS_MOST)
        err_add(err, EXIT_INPUT, where, "%s: %.0f points from %g to %g in "
                "steps of %g; at most %d", key, floor(steps) + 1, number[0],
                number[1], number[2], POINTS_MOST);
    else if (problem->axes == AXES_MOST)
        err_add(err, EXIT_INPUT, where, "%s: at most %d sweeps at a time",
                key, AXES_MOST);
    else {
        struct axis *axis = &problem->axis[problem->axes++];
        double unit = decimal_unit(number[0], number[2]);
        axis->key = mem_text("%s", key);
        axis->count = 1 + (int)floor(steps * (1 + 1e-12) + 1e-9);
        axis->value = mem_new((size_t)axis->count, sizeof *axis->value);
        for (int i = 0; i < axis->count; i++)
            axis->value[i] = sweep_value(number, unit, i);
    }
}

int problem_axis_named(const struct problem *problem, const char *key)
{
    for (int a = 0; a < problem->axes; a++)
        if (!strcmp(problem->axis[a].key, key))
            return a;
    return -1;
}

double problem_value(const struct problem *problem, int axis, int point)
{
    for (int a = problem->axes - 1; a > axis; a--)
        point /= problem->axis[a].count;
    return problem->axis[axis].value[point % problem->axis[axis].count];
}

void problem_count(struct problem *problem, struct err *err)
{
    double points = 1;
    for (int a = 0; a < problem->axes; a++)
        points *= problem->axis[a].count;
    if (points > POINTS_MOST)
        err_add(err, EXIT_INPUT, where, "%.0f points; at most %d", points,
                POINTS_MOST);
    else
        problem->points = (int)points;
    problem->solution = mem_new((size_t)problem->points,
                                sizeof *problem->solution);
}

/* ---- solvers with keys of their own ------------------------------------ */

/* "a, b" and "c" to "a, b, c"; takes list. */
static char *joined(char *list, const char *word)
{
    char *longer = mem_text("%s%s%s", list, *list ? ", " : "", word);
    free(list);
    return longer;
}

static void unknown_key(const struct solver *solver, const char *key,
                        struct err *err)
{
    const char *names[64] = {NULL}, *nearest;
    char *list = mem_text("%s", "");
    for (int i = 0; i < solver->keys->count && i < 63; i++) {
        names[i] = solver->keys->rows[i].key;
        list = joined(list, names[i]);
    }
    nearest = err_nearest(key, names);
    err_add(err, EXIT_INPUT, where, "%s: %s has no such key; its keys are "
            "%s%s%s%s", key, solver->name, list,
            nearest ? "; did you mean " : "", nearest ? nearest : "",
            nearest ? "?" : "");
    free(list);
}

static bool given(const struct problem *problem, const struct param *row,
                  int block)
{
    return problem_axis_named(problem, row->key) >= 0 ||
           problem->keys.given[block][row - problem->keys.table[block]->rows];
}

static void mark_given(struct section *keys, const struct param *row,
                       int block)
{
    ptrdiff_t i = row - keys->table[block]->rows;
    keys->given[block][i] = true;
    free(keys->where[block][i]);
    keys->where[block][i] = mem_text("%s", where);
}

/* An axis of a key of the solver; its ends must be values of the key. */
static void sweep_key(struct problem *problem, const struct param *row,
                      const double number[3], struct err *err)
{
    int before = problem->axes;
    bool whole = number[0] == rint(number[0]) && number[2] == rint(number[2]);
    if (row->type != PARAM_real && !whole) {
        err_add(err, EXIT_INPUT, where, "%s: from and step of a sweep must "
                "be integers", row->key);
        return;
    }
    problem_axis(problem, row->key, number, err);
    if (problem->axes == before)
        return;
    const struct axis *axis = &problem->axis[before];
    for (int end = 0; end < 2; end++) {
        double real = axis->value[end ? axis->count - 1 : 0];
        int64_t integer = llround(real);
        param_check(row, NULL, row->type == PARAM_real ? (void *)&real
                                                       : (void *)&integer,
                    where, err);
        if (axis->count == 1)
            break;
    }
}

void problem_key(struct problem *problem, const char *word, struct err *err)
{
    const char *text = strchr(word, '=');
    char *key = mem_text("%.*s", text ? (int)(text - word)
                                      : (int)strlen(word), word);
    int block;
    double number[3];
    const struct param *row = section_find(&problem->keys, key, &block);
    if (!text)
        err_add(err, EXIT_INPUT, where, "%s: not of the form key=value",
                word);
    else if (!row)
        unknown_key(problem->solver, key, err);
    else if (given(problem, row, block))
        err_add(err, EXIT_INPUT, where, "%s: given twice", key);
    else if (row->type <= PARAM_real && problem_sweep(text + 1, number))
        sweep_key(problem, row, number, err);
    else if (input_value(row, text + 1, NULL, where,
                         section_value(&problem->keys, key), err)) {
        param_check(row, NULL, section_value(&problem->keys, key), where,
                    err);
        mark_given(&problem->keys, row, block);
    }
    free(key);
}

static void solve_own(struct problem *problem, const struct words *words,
                      struct err *err)
{
    problem->keys = section_new(problem->solver->name, problem->solver->keys,
                                NULL);
    for (int i = 1; i < words->files; i++)
        problem_key(problem, words->file[i], err);
    for (int i = 0; i < words->overrides; i++)
        problem_key(problem, words->override[i], err);
    if (err_any(err))
        return;
    problem_count(problem, err);
    if (!err_any(err))
        problem_solve(problem, NULL, err);
}

/* ---- the command ------------------------------------------------------- */

static const struct solver *solver_named(const struct words *words,
                                         struct err *err)
{
    const char *names[128] = {NULL};
    char *list = mem_text("%s", "");
    const struct solver *solver =
        words->files ? registry_solver(words->file[0]) : NULL;
    for (int i = 0; registry_solvers[i] && i < 127; i++) {
        names[i] = registry_solvers[i]->name;
        list = joined(list, names[i]);
    }
    const char *nearest = words->files ? err_nearest(words->file[0], names)
                                       : NULL;
    if (!words->files)
        err_add(err, EXIT_INPUT, where, "which solver? %s", list);
    else if (!solver)
        err_add(err, EXIT_INPUT, where, "%s: no such solver; solvers: "
                "%s%s%s%s", words->file[0], list,
                nearest ? "; did you mean " : "", nearest ? nearest : "",
                nearest ? "?" : "");
    free(list);
    return solver;
}

static void problem_free(struct problem *problem)
{
    section_free(&problem->keys);
    if (problem->data)
        data_free(problem->data);
    else
        input_free(problem->input);
    for (int a = 0; a < problem->axes; a++) {
        free(problem->axis[a].key);
        free(problem->axis[a].value);
    }
    for (int p = 0; p < problem->points; p++)
        solution_release(&problem->solution[p]);
    free(problem->solution);
    for (int i = 0; i < problem->texts; i++)
        free(problem->text[i]);
    free(problem->text);
}

/* Words with '=' are keys, whatever their order. */
static void sort_keys(struct words *words)
{
    int files = 0;
    for (int i = 0; i < words->files; i++)
        if (strchr(words->file[i], '='))
            words->override[words->overrides++] = words->file[i];
        else
            words->file[files++] = words->file[i];
    words->files = files;
}

static void answer(const struct problem *problem, bool json, const char *out,
                   struct err *err)
{
    if (err_any(err))
        return;
    if (json)
        solve_json(problem);
    else
        solve_print(problem);
    if (out)
        solve_store(problem, out, err);
}

/* Rank 0 looks; all know. */
static void check_out(const char *out, struct err *err)
{
    if (out && par_rank() == 0)
        solve_may_store(out, err);
    if (par_any(err_any(err)) && !err_any(err))
        err_add(err, EXIT_DATA, where, "rank 0 refused");
}

int solve_command(int argc, char **argv)
{
    struct err err = {0};
    bool json = false;
    const char *out = NULL;
    const struct option options[] = {{"--json", &json, NULL},
                                     {"-o", NULL, &out},
                                     {NULL, NULL, NULL}};
    struct words words = options_sort(argc, argv, options, false, &err);
    struct problem problem = {.solver = NULL};
    sort_keys(&words);
    if (!err_any(&err))
        problem.solver = solver_named(&words, &err);
    check_out(out, &err);
    if (problem.solver && problem.solver->takes_model)
        problem_with_model(&problem, &words, &err);
    else if (problem.solver)
        solve_own(&problem, &words, &err);
    if (par_rank() == 0)
        answer(&problem, json, out, &err);
    problem_free(&problem);
    words_free(&words);
    int code = err.code;
    if (par_rank() == 0)
        options_fail(&err);
    err_clear(&err);
    par_broadcast(&code, sizeof code);
    return code;
}
