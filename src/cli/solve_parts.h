/* Between the files src/cli/solve*.c only. */
#ifndef TEMPERA_CLI_SOLVE_PARTS_H
#define TEMPERA_CLI_SOLVE_PARTS_H
#include "base/json.h"
#include "cli/options.h"
#include "core/solver.h"
#include "run/data.h"

#define SOLVE_WHERE "tempera solve" /* in messages */

enum { AXES_MOST = 4 };

/* A key given as a:b:step. */
struct axis {
    char *key;
    int count;
    double *value;
};

/* One `tempera solve`: points are the outer product of the axes, the last
   one fastest. */
struct problem {
    const struct solver *solver;
    struct section keys;     /* of a solver with keys of its own */
    struct input *input;     /* of one that takes a model; */
    struct data *data;       /* where it is an output's */
    struct axis axis[AXES_MOST];
    int axes;
    int points;
    struct solution *solution; /* [points]; on rank 0 */
    char **text;               /* [texts] of solutions by other ranks */
    int texts;
};

/* Value of an axis at a point. */
double problem_value(const struct problem *problem, int axis, int point);

/* The axis of a key, -1: there is none. */
int problem_axis_named(const struct problem *problem, const char *key);

/* Text "from:to:step" to three numbers; false: it is none. */
bool problem_sweep(const char *text, double number[3]);
/* A further axis. */
void problem_axis(struct problem *problem, const char *key,
                  const double number[3], struct err *err);
/* A word key=value: into keys, or an axis. */
void problem_key(struct problem *problem, const char *word, struct err *err);
/* Counts the points, makes room for their solutions. */
void problem_count(struct problem *problem, struct err *err);
/* Every point of a solver with keys of its own; system NULL: it takes none.
   Collective: rank 0 has the solutions afterwards. */
void problem_solve(struct problem *problem, const struct system *system,
                   struct err *err);
/* All of a solver that takes a model. */
void problem_with_model(struct problem *problem, const struct words *words,
                        struct err *err);

/* Calls each(context, key, value as text) for the keys that are not swept, of
   the model and the solver. */
typedef void each_fn(void *context, const struct param *row,
                     const char *text);
void problem_each_key(const struct problem *problem, each_fn *each,
                      void *context);
/* The results of any point, in order of appearance. */
int problem_columns(const struct problem *problem,
                    const char *names[SOLUTION_MAX]);

void solve_print(const struct problem *problem);
void solve_json(const struct problem *problem);
/* Before a long calculation: may the answer go there? A file that is not
   theory (a run's output) is not overwritten. */
bool solve_may_store(const char *path, struct err *err);
/* Under another name first: an old file is whole until the new one is. */
bool solve_store(const struct problem *problem, const char *path,
                 struct err *err);

#endif
