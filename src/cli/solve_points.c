/* The points of a sweep: shared among ranks, then among threads; rank 0 ends
   up with all. Each is solved from its own copy of the keys, so the numbers do
   not depend on how they were shared. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "cli/solve_parts.h"
#include "par/par.h"

/* ---- one point ----------------------------------------------------------- */

/* The values of the keys at a point. Swept ones are numbers and own nothing,
   so what texts and lists point at is shared. */
static struct section keys_at(const struct problem *problem, int point)
{
    struct section keys = problem->keys;
    for (int b = 0; b < 2; b++)
        if (keys.table[b]) {
            keys.values[b] = mem_new(1, keys.table[b]->size);
            memcpy(keys.values[b], problem->keys.values[b],
                   keys.table[b]->size);
        }
    for (int a = 0; a < problem->axes; a++) {
        int block;
        const char *key = problem->axis[a].key;
        void *into = section_value(&keys, key);
        double value = problem_value(problem, a, point);
        if (section_find(&keys, key, &block)->type == PARAM_real)
            *(double *)into = value;
        else
            *(int64_t *)into = llround(value);
    }
    return keys;
}

static void solve_point(const struct problem *problem,
                        const struct system *system, int point,
                        struct err *err)
{
    const struct solver *solver = problem->solver;
    struct section keys = keys_at(problem, point);
    struct solution *solution = &problem->solution[point];
    if (system)
        solver->solve_system(system, &keys, solution, err);
    else
        solver->solve(&keys, solution, err);
    free(keys.values[0]);
    free(keys.values[1]);
}

/* ---- between ranks ------------------------------------------------------- */

static void pack(struct bytes *bytes, int point, const struct solution *s,
                 const struct err *err)
{
    bytes_put_integer(bytes, point);
    bytes_put_text(bytes, err->text ? err->text : "");
    bytes_put_integer(bytes, err->code);
    bytes_put_integer(bytes, s->count);
    for (int i = 0; i < s->count; i++) {
        bytes_put_text(bytes, s->result[i].name);
        bytes_put(bytes, &s->result[i].value, sizeof(double));
        bytes_put(bytes, &s->result[i].error, sizeof(double));
        bytes_put_text(bytes, s->result[i].unit);
    }
    bytes_put_text(bytes, s->phase ? s->phase : "");
    bytes_put_integer(bytes, s->warnings);
    for (int w = 0; w < s->warnings; w++)
        bytes_put(bytes, s->warning[w], WARNING_SIZE);
    bytes_put_integer(bytes, s->curves);
    for (int c = 0; c < s->curves; c++) {
        bytes_put_text(bytes, s->curve[c].name);
        bytes_put_text(bytes, s->curve[c].unit);
        bytes_put_text(bytes, s->curve[c].definition);
        bytes_put_text(bytes, s->curve[c].against ? s->curve[c].against : "");
        bytes_put_block(bytes, s->curve[c].value,
                        (size_t)s->curve[c].count * sizeof(double));
    }
}

/* Texts of solutions are static; those of other ranks are kept once each as
   long as the problem. */
static const char *kept_text(struct problem *problem,
                             struct bytes_reader *reader)
{
    char *text = bytes_get_text(reader);
    for (int i = 0; i < problem->texts; i++)
        if (!strcmp(problem->text[i], text)) {
            free(text);
            return problem->text[i];
        }
    problem->text = mem_grow(problem->text, (size_t)problem->texts + 1,
                             sizeof *problem->text);
    return problem->text[problem->texts++] = text;
}

static void unpack_curve(struct problem *problem, struct solution *s,
                         struct bytes_reader *reader)
{
    size_t count;
    struct solution_curve curve;
    curve.name = kept_text(problem, reader);
    curve.unit = kept_text(problem, reader);
    curve.definition = kept_text(problem, reader);
    const char *against = kept_text(problem, reader);
    curve.against = *against ? against : NULL;
    const char *values = bytes_get_span(reader, &count);
    curve.count = (int64_t)(count / sizeof(double));
    curve.value = mem_new((size_t)curve.count, sizeof(double));
    memcpy(curve.value, values, count);
    solution_add_curve(s, curve);
}

static void unpack(struct problem *problem, struct err *errors,
                   struct bytes_reader *reader)
{
    int point = (int)bytes_get_integer(reader);
    struct solution *s = &problem->solution[point];
    char *message = bytes_get_text(reader);
    int code = (int)bytes_get_integer(reader);
    if (*message)
        err_add(&errors[point], code, NULL, "%.*s",
                (int)strlen(message) - 1, message);
    free(message);
    for (int64_t i = bytes_get_integer(reader); i > 0; i--) {
        double number[2];
        const char *name = kept_text(problem, reader);
        bytes_get(reader, number, sizeof number);
        solution_add(s, name, number[0], number[1],
                     kept_text(problem, reader));
    }
    const char *phase = kept_text(problem, reader);
    s->phase = *phase ? phase : NULL;
    s->warnings = (int)bytes_get_integer(reader);
    for (int w = 0; w < s->warnings; w++)
        bytes_get(reader, s->warning[w], WARNING_SIZE);
    for (int64_t c = bytes_get_integer(reader); c > 0; c--)
        unpack_curve(problem, s, reader);
}

struct gathering { struct problem *problem; struct err *errors; };

static void take(void *context, int rank, const void *bytes, size_t count)
{
    struct gathering *to = context;
    struct bytes_reader reader = {bytes, (const char *)bytes + count, false};
    while (rank > 0 && reader.at < reader.end)
        unpack(to->problem, to->errors, &reader);
}

static void gather(struct problem *problem, struct err *errors)
{
    struct bytes mine = {0};
    struct gathering to = {problem, errors};
    if (par_size() == 1)
        return;
    for (int p = par_rank(); p < problem->points && par_rank() > 0;
         p += par_size())
        pack(&mine, p, &problem->solution[p], &errors[p]);
    par_collect(mine.at, mine.count, take, &to);
    free(mine.at);
}

/* ---- all ----------------------------------------------------------------- */

/* Messages of the first point that has any; the next ones say the same. */
static void first_errors(struct err *errors, int points, struct err *err)
{
    for (int p = 0; p < points; p++) {
        if (err_any(&errors[p]) && !err_any(err))
            err_add(err, errors[p].code, NULL, "%.*s",
                    (int)strlen(errors[p].text) - 1, errors[p].text);
        err_clear(&errors[p]);
    }
}

void problem_solve(struct problem *problem, const struct system *system,
                   struct err *err)
{
    int points = problem->points, ranks = par_size(), mine = par_rank();
    struct err *errors = mem_new((size_t)points, sizeof *errors);
    bool threads = !problem->solver->teams && points > ranks;
#pragma omp parallel for schedule(dynamic, 1) if (threads)
    for (int p = mine; p < points; p += ranks)
        solve_point(problem, system, p, &errors[p]);
    gather(problem, errors);
    first_errors(errors, points, err);
    free(errors);
}
