/* Plug-in kind 2: which Markov chain?

   A dynamics is one file in src/dynamics/ with one symbol, dynamics_<file>.
   It names the facet it needs, gives the reference sweep (slow, obvious, the
   oracle of every fast kernel), and, where bit-sliced kernels can carry it
   out, the rule they slice. */
#ifndef TEMPERA_CORE_DYNAMICS_H
#define TEMPERA_CORE_DYNAMICS_H
#include "core/model.h"

enum facet { FACET_LOCAL = 1, FACET_GRAD = 2, FACET_BOND = 4,
             FACET_CONTINUOUS = 8, FACET_REFLECTION = 16, FACET_MOVES = 32,
             FACET_COUNT = 6 };
extern const char *const facet_names[FACET_COUNT]; /* by bit */

/* What a dynamics counts at a rung to tune its step, summed over sweeps. */
struct success { int64_t tries, hits; };

/* Everything a reference sweep of one walker needs. */
struct sweep {
    const struct system *system;
    int sample;
    const struct rung *rung;
    struct draws draws;
    void *state;
    const struct section *keys; /* of section dynamics; NULL: defaults */
    struct success *success;   /* for tune; NULL: not wanted */
    bool tunes;                /* burn-in, in which steps are tuned */
    double *extra;             /* numbers that go with the walker, see below;
                                  0 before sweep 1 */
    void *work;                /* room of dynamics->work bytes */
};

/* How two-valued sites move: the value is toggled when base ^ (U < p), with
   base and p in [0, 1) given by x = lambda.du of the toggle. If lazy, at lazy
   rungs it is toggled only where NOT (A AND B) too. */
struct binary_rule {
    bool lazy;
    bool logistic; /* p = 1 / (1 + exp|x|), base = x < 0; else Metropolis'
                      p = exp(-x), base = x <= 0 */
    void (*level)(double x, double *p, int *base);
};

/* How kernels of continuous sites carry it out: so many reflections of every
   site, then a Metropolis attempt at every site (core/continuous.h). */
struct continuous_rule {
    int (*reflections)(const struct section *keys);
};

struct dynamics {
    const char *name, *summary, *source;
    bool exact;                      /* does it leave p invariant? */
    bool downhill;                   /* it looks for a minimum and is no heat
                                        bath: for protocol quench */
    unsigned needs;                  /* facets: one of them is enough */
    const struct param_table *keys;  /* its own, or NULL */
    /* NULL, or what else keeps it from a system (static text) */
    const char *(*refuses)(const struct system *);
    /* the same of its own keys */
    const char *(*refuses_keys)(const struct system *,
                                const struct section *keys);
    void (*sweep)(const struct sweep *);
    /* Numbers a walker carries besides its state (momenta): kept in
       checkpoints, not in /states. Scratch of a sweep. NULL: none. */
    int64_t (*extra)(const struct system *);
    size_t (*work)(const struct system *);
    /* What no sweep changes ("the number of sites of each value"), or NULL.
       The law is then p within one class of states: start() gives the first
       one (run.start = "random"), no rung is exact, ln Z is relative, and
       theory of p does not apply. */
    const char *conserves;
    void (*start)(const struct sweep *);
    /* The step of every rung at first (0: this system has none to tune), and
       after a burn-in round in which `tries` (> 0) had `hits`; frozen in
       production. NULL: none. */
    double (*first_step)(const struct system *, const struct section *keys);
    double (*tune)(const struct system *, const struct section *keys,
                   double step, int64_t tries, int64_t hits);
    const char *step; /* what it is; in /ladder/step */
    const struct observable *observables; /* of_walker; ends with name NULL;
                                             or NULL */
    const struct binary_rule *binary; /* NULL: no bit-sliced kernel */
    const struct continuous_rule *continuous; /* NULL: reference only */
    const struct guide *guides;       /* or NULL */
};

/* One sweep of a model with facet local or continuous: at an exact point a
   state drawn afresh, else update() once a site, colour by colour. */
void dynamics_visit_sites(const struct sweep *sweep,
                          void (*update)(const struct sweep *, int64_t site));

/* dynamics->extra, 0 where there is none. */
int64_t dynamics_extra(const struct dynamics *dynamics,
                       const struct system *system);

/* The observable of that name, of the model or else of the dynamics (may be
   NULL), or NULL. */
const struct observable *dynamics_observable(const struct dynamics *dynamics,
                                             const struct model *model,
                                             const char *name);

/* Sites of two values moved by a binary rule? Stream word then has digits in
   bytes (core/stream.h). */
bool dynamics_two_valued(const struct dynamics *dynamics,
                         const struct system *system);

/* The lazy rule's "stay" (NOT (A AND B) fails) at rungs that need it. */
bool dynamics_lazy_stays(const struct sweep *sweep, int64_t number);

/* NULL when the model offers what the dynamics needs, else a sentence in
   memory of the caller's. keys are the model's; without system as far as
   they can tell. */
char *dynamics_refusal(const struct dynamics *dynamics,
                       const struct model *model, const struct section *keys,
                       const struct system *system);

#endif
