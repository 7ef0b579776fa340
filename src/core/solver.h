/* Plug-in kind 5: what does theory say?

   A solver is one file in src/solvers/ with one symbol, solver_<file>. It is
   asked one point at a time: `tempera solve` gives it its own keys; a report
   gives it the model's system and the rungs. A solver without keys of its
   own (takes_model) is served by `tempera solve` through the second door. */
#ifndef TEMPERA_CORE_SOLVER_H
#define TEMPERA_CORE_SOLVER_H
#include "base/jet.h"
#include "core/model.h"

enum { SOLUTION_MAX = 40, WARNINGS_MAX = 4, WARNING_SIZE = 256 };

/* Numbers in a row that come with a point: a density and where it is. */
struct solution_curve {
    const char *name, *unit, *definition; /* static text */
    int64_t count;
    double *value; /* owned by the solution */
    const char *against; /* the curve that it is a function of, as long as
                            it; NULL: numbers in a row. Static text */
};
enum { CURVES_MAX = 8 };

struct solution {
    int count;
    struct {
        const char *name; /* as in /estimates; static text */
        double value, error;
        const char *unit; /* static text */
    } result[SOLUTION_MAX];
    const char *phase;    /* static text or NULL */
    int warnings;
    char warning[WARNINGS_MAX][WARNING_SIZE];
    int curves;
    struct solution_curve curve[CURVES_MAX];
};

void solution_add(struct solution *solution, const char *name, double value,
                  double error, const char *unit);

/* A sentence that the reader of these numbers must know: what did not
   converge and is left out, beyond which line they are an approximation, that
   there is another solution. Those beyond WARNINGS_MAX are dropped. */
__attribute__((format(printf, 2, 3)))
void solution_warn(struct solution *solution, const char *format, ...);

/* Takes value. */
void solution_add_curve(struct solution *solution, struct solution_curve curve);
/* Frees the curves. */
void solution_release(struct solution *solution);

/* What ln Z(beta) and its derivatives say, errors 0: ln_z, energy and
   specific_heat (per site), entropy, free_energy (not at beta = 0). */
void solution_thermal(struct solution *solution, double sites, double beta,
                      struct jet ln_z);

/* The value by name, or NAN. */
double solution_value(const struct solution *solution, const char *name);

/* What a report overlays: the model's system and the rungs. */
struct solver_task {
    const struct system *system;
    int points;
    const double *lambda;        /* [points][K] */
    struct solution *solution;   /* [points], out; zeroed by the caller */
};

/* By method; as `tempera list` groups them. FAMILY_MEAN_FIELD: on a given
   instance. */
enum solver_family { FAMILY_EXACT, FAMILY_MEAN_FIELD, FAMILY_REPLICA,
                     FAMILY_CAVITY, FAMILY_INFERENCE, FAMILY_COUNT };
extern const char *const solver_families[FAMILY_COUNT];

struct solver {
    const char *name, *summary;
    enum solver_family family;
    const char *source; /* papers with their equations */
    const char *holds;  /* range of validity: where the answer is exact, where
                           an approximation, what is not known */
    const struct param_table *keys; /* its own keys; NULL: none */
    bool takes_model;  /* `solve` reads a model section or FILE, and lambda's
                          components as keys; overlay gives the answer */
    bool teams; /* has its threads inside a point: a sweep takes one point
                   after the other. Others are asked for several points at
                   once by as many threads. The numbers are the same anyway. */
    /* One point from its own keys (NULL when takes_model). Errors of meaning
       go to err (input). */
    void (*solve)(const struct section *keys, struct solution *solution,
                  struct err *err);
    /* Of one that takes_model and has keys: not lambda but these are asked
       for. NULL: overlay gives the answer. */
    void (*solve_system)(const struct system *system,
                         const struct section *keys,
                         struct solution *solution, struct err *err);
    /* NULL when it can speak about this system at so many rungs, in seconds;
       else why not (static text). */
    const char *(*refuses)(const struct system *system, int points);
    /* All rungs of a system it did not refuse. NULL: refuses all. */
    void (*overlay)(const struct solver_task *task);
    /* Not NULL: what overlay gives is of an infinite system or approximate,
       no law for these data. The sentence says how far to expect them apart
       ("the energy of N spins lies 0.7 N^(-2/3) above"). Reports and pictures
       lay it beside the data; the verdict takes no notice. */
    const char *limit;
    /* What it knows of an infinite system like the model's, or NULL. */
    const struct guide *guides;
};

/* A coupling of the system's keys as the model uses it: rounded to the
   system's resolution; absent when there is no such key. "J" is that of the
   first axis. */
double solver_coupling(const struct system *system, const char *key,
                       double absent);
/* Is J the same along all axes? */
bool solver_uniform(const struct system *system);

#endif
