/* Between the files src/cli/solve*.c only. */
#ifndef TEMPERA_CLI_SOLVE_PARTS_H
#define TEMPERA_CLI_SOLVE_PARTS_H
#include "base/json.h"
#include "core/solver.h"
#include "run/input.h"

enum { AXES_MOST = 4 };

/* A key given as a:b:step. */
struct axis {
    char *key;
    int count;
    double *value;
};

/* One `tempera solve`: points are the outer product of the axes, the last
   one fastest. Exactly one of keys and input is there. */
struct problem {
    const struct solver *solver;
    struct section keys;     /* of a solver with keys of its own */
    struct input *input;     /* of one that takes a model */
    struct axis axis[AXES_MOST];
    int axes;
    int points;
    struct solution *solution; /* [points] */
};

/* Value of an axis at a point. */
double problem_value(const struct problem *problem, int axis, int point);

void solve_print(const struct problem *problem);
void solve_json(const struct problem *problem);
bool solve_store(const struct problem *problem, const char *path,
                 struct err *err);

#endif
