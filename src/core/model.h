/* Plug-in kind 1: what are x, m and u?

   p(x | lambda) = m(x) exp(-lambda . u(x)) / Z(lambda)

   A model is one file in src/models/ with one symbol, model_<file>. It says
   its keys, how to build a struct system from them, what a state is, which
   few numbers ("statistics") determine u and the observables, and the facets
   it offers. A dynamics names the facet it needs. */
#ifndef TEMPERA_CORE_MODEL_H
#define TEMPERA_CORE_MODEL_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/field.h"
#include "base/param.h"
#include "core/guide.h"
#include "core/rung.h"
#include "core/stream.h"
#include "systems/lattice.h"
#include "systems/pairs.h"
#include "systems/spectrum.h"
#include "systems/total.h"

enum { STATISTICS_MAX = 8, CONTINUOUS_MOST = 4 };

/* Parameters and disorder, built once, read-only afterwards. */
struct patterns; /* systems/patterns.h */
struct system {
    const struct model *model;
    const struct section *keys; /* of the model; not owned */
    uint64_t seed;              /* of the disorder */
    int samples;                /* disorder realisations */
    int64_t first_sample;
    int64_t sites;
    double freedom;             /* real numbers a state has; 0: none */
    int components;             /* the model's K; build may make it less */
    size_t state_bytes;         /* canonical state of one walker */
    double resolution;          /* couplings are multiples of it; 0: they
                                   are as given */
    int colours;                /* 1: sequential order; else independent
                                   sets updated one after the other */
    struct lattice *lattice;    /* NULL when there is none */
    struct spectrum *spectrum;  /* of the lattice, or NULL */
    struct pairs *pairs;        /* couplings of Ising spins, or NULL */
    struct patterns *patterns;  /* examples that binary weights learn, or
                                   NULL */
    struct total *total;        /* or Ising spins feel their sum, or NULL */
    void *own;                  /* the model's */
};

/* Facet local: single sites of few values. */
enum { VALUES_MAX = 256 };
struct local {
    int values;                               /* 0: values_of says */
    int (*values_of)(const struct system *);
    int (*colour)(const struct system *, int64_t site); /* NULL: all 0 */
    int (*get)(const struct system *, const void *state, int64_t site);
    void (*set)(const struct system *, void *state, int64_t site, int value);
    /* du[K] if site took value */
    void (*delta)(const struct system *, int sample, const void *state,
                  int64_t site, int value, double *du);
    /* max over states, sites, values of |lambda . du| */
    double (*bound)(const struct system *, const double *lambda);
};

/* Facet continuous: sites of `dim` real numbers. Values travel as doubles
   that the state holds exactly. */
struct continuous {
    int dim;       /* <= CONTINUOUS_MOST */
    double widest; /* a larger step is of no use */
    int (*colour)(const struct system *, int64_t site); /* NULL: all 0 */
    void (*get)(const struct system *, const void *state, int64_t site,
                double *value);
    void (*set)(const struct system *, void *state, int64_t site,
                const double *value);
    /* to is as likely from `from` as from is from `to`, per m; step is how
       far it goes, in the model's own measure; digits of RNG_PROPOSE. */
    void (*propose)(const struct system *, const struct draws *,
                    int64_t site, double step, const double *from,
                    double *to);
    /* du[K] if site took value */
    void (*delta)(const struct system *, int sample, const void *state,
                  int64_t site, const double *value, double *du);
    /* Facet reflection: the site's value mirrored in its neighbours' field;
       its own inverse, m and u as before to rounding. NULL: none. */
    void (*reflect)(const struct system *, int sample, const void *state,
                    int64_t site, double *value);
};

/* Facet moves: attempts that a model makes itself, `sites` of them a sweep, so
   that what follows from the state is kept up instead of computed anew. */
struct moves {
    double widest; /* a larger step is of no use */
    size_t (*work)(const struct system *);
    /* Work of a state, which may be mended (lengths that rounding moved), at
       the start of every sweep: nothing derived outlives one. */
    void (*begin)(const struct system *, int sample, void *state, void *work);
    /* du[K] of attempt `number`, which is as likely from where it leads, per
       m; step is how far; digits of RNG_PROPOSE. */
    void (*propose)(const struct system *, int sample, const struct draws *,
                    int64_t number, double step, const void *state,
                    void *work, double *du);
    /* The attempt is made. */
    void (*make)(const struct system *, void *state, void *work);
};

/* Where facet grad is asked: x are the `count` numbers of a state in its
   field's order. work: room of grad->work bytes. */
struct grad_at {
    int sample;
    const double *lambda, *x;
    void *work;
    const int64_t *batch; /* NULL: all examples; else so many of them, in the */
    int batch_size;       /* place of all */
    bool bare;            /* Phi without -ln m */
    const struct dropout *dropout; /* NULL: none */
};

/* Facet grad: Phi = lambda . u - ln m, m the density of the measure in the
   numbers x. Where m is not normalised Phi is known up to a constant. */
struct grad {
    int64_t (*count)(const struct system *);
    /* x lies on spheres of so many numbers each, of this radius: Phi's
       gradient is the part along them. NULL or 0: flat. NULL: 1. */
    int64_t (*sphere)(const struct system *);
    double (*radius)(const struct system *);
    /* A state's numbers; a state that has them, to its own precision. NULL:
       states are doubles. */
    void (*get)(const struct system *, const void *state, double *x);
    void (*set)(const struct system *, void *state, const double *x);
    size_t (*work)(const struct system *); /* NULL: 0 */
    /* x mirrored at the walls of m's support until inside, its momentum with
       it. NULL: there are none. */
    void (*fold)(const struct system *, double *x, double *p);
    /* Examples the loss is a sum over. NULL or 0: there are none. */
    int64_t (*examples)(const struct system *);
    /* What dropout leaves out ("inputs", "hidden units"); NULL: nothing, it is
       not offered. */
    const char *(*drops)(const struct system *);
    /* Phi; NAN outside m's support (then no gradient). gradient[count], or
       NULL: not wanted. */
    double (*phi)(const struct system *, const struct grad_at *,
                  double *gradient);
    /* out[count] = H v, H the second derivatives of u_1 (not of Phi) at x,
       with all examples: lambda and batch are not looked at. NULL: not
       known. */
    void (*hessian)(const struct system *, const struct grad_at *,
                    const double *v, double *out);
};

/* Facet binary: two values (bits), du of a flip given by the value, the bonds
   it agrees across and the site's degree. The bonds are those of
   system->pairs, where a negative coupling agrees across unequal bits, or
   else of system->lattice. A draw at an exact point must set every bit from
   digit 0. This is what bit-sliced kernels understand. */
struct binary {
    bool (*fits)(const struct system *); /* NULL: every system does */
    void (*flip)(const struct system *, int bit, int agree, int degree,
                 double *du);
    /* from the number of agreeing bonds and of bits set */
    void (*statistics)(const struct system *, int64_t agree, int64_t up,
                       double *statistics);
};

/* What a cluster of sites does together: a turn has elements 0 (stay) to
   elements - 1, maps of one site's values. Done to both ends of a bond, they
   leave its energy as it was. */
struct turn {
    int elements;
    int a, b;         /* the model's: two values, a reflection, ... */
    double axis[4];
};

/* Facet bond: cluster moves (Fortuin, Kasteleyn; Wolff's embedding). u is a
   sum over the bonds of core/bonds.h of functions of the two ends. */
struct bond {
    /* NULL, or what keeps the system from cluster moves (static text);
       system NULL: as far as the keys can tell. */
    const char *(*refuses)(const struct section *keys,
                           const struct system *system);
    /* The turn of a cluster grown from a site: two elements, by a choice
       that is as likely once the cluster has turned. site < 0: of all
       clusters at once, any number of elements. Digits from RNG_TURN at
       2 number, 2 number + 1. */
    void (*choose)(const struct system *system, const double *lambda,
                   const struct draws *draws, int64_t number,
                   const void *state, int64_t site, struct turn *turn);
    /* du[K] of the bond if one end alone turns, by the element that makes
       lambda.du largest (stay included when there are more than two). */
    void (*part)(const struct system *system, int sample, const void *state,
                 int64_t bond, const int64_t end[2], const struct turn *turn,
                 double *du);
    void (*turn)(const struct system *system, void *state, int64_t site,
                 const struct turn *turn, int element);
};

/* Facet distance: one component of u says how far x is from a reference; what
   is known of the shells around it. */
struct distance {
    int component; /* of u: 1. The system has it when it has a reference. */
    const char *definition, *unit;
    bool whole;    /* distances are integers, else real numbers */
    double (*of)(const struct system *, double u); /* the distance */
    /* ln m of the states with from <= distance < to (where that is known; else
       of the same shell if m had no edges or were flat: shell_is says). */
    double (*shell)(const struct system *, double from, double to);
    const char *(*shell_is)(const struct system *);
};

/* A measured quantity: one of the four `of`. */
struct observable {
    const char *name, *unit, *definition;
    const char *axis; /* vectors: what the values are over, "k" */
    bool per_site;
    bool integer; /* made of integers by exact or correctly rounded steps:
                     bit-identical on any machine */
    bool even;    /* even under the model's symmetry: the verdict counts it.
                     Use even_when for cases. NULL: `even` decides. */
    bool (*even_when)(const struct system *);
    double (*of)(const struct system *, const double *statistics);
    void (*of_state)(const struct system *, int sample, const void *state,
                     double *out);
    /* of what the walker carries besides (momenta): a dynamics' own */
    void (*of_walker)(const struct system *, int sample, const void *state,
                      const double *extra, double *out);
    /* of two copies a < b on the same rung of the same sample */
    void (*of_pair)(const struct system *, int sample, const void *a,
                    const void *b, double *out);
    int (*size)(const struct system *); /* NULL: 1 */
    /* NULL, or why it means nothing in this system (static text) */
    const char *(*refuses)(const struct system *);
};
int observable_size(const struct observable *observable,
                    const struct system *system);

/* A function of means over a rung (and, with disorder, over samples). Each
   term is the mean of `of` (NULL: x itself) of component `at` of a series:
   "u" or an observable that must have been recorded. The generic layer
   propagates errors and autocorrelation. */
enum { DERIVED_TERMS = 4 };
struct term {
    const char *series;
    int at;
    double (*of)(double x);
};
struct derived {
    const char *name, *unit, *definition;
    struct term term[DERIVED_TERMS]; /* ends with series NULL */
    double (*value)(const struct system *, const double *lambda,
                    const double *means);
    /* NULL, or why it means nothing in this system (static text) */
    const char *(*refuses)(const struct system *);
    /* An error besides that of the means, or NULL */
    double (*error)(const struct system *, const double *lambda);
};
double term_abs(double x);
double term_square(double x);
double term_fourth(double x);

struct model {
    const char *name, *summary, *source;
    const struct param_table *keys;
    /* A model of the same name and keys whose states are other ones: meant
       where this one does not take the keys. NULL: there is none. */
    const struct model *other;
    bool (*takes)(const struct section *keys);
    int components;                  /* K, at most */
    const char *component[COMPONENTS_MAX]; /* "beta" */
    const char *u_unit, *u_definition;
    bool u_integer;                  /* as observable.integer */
    bool disorder;                   /* do samples differ? */

    /* Semantic checks across keys: all of them, in one pass. */
    void (*check)(const struct section *keys, struct err *err);
    /* Fills system; keys have passed check. */
    void (*build)(struct system *system);
    void (*release)(struct system *system);

    const char *site;                /* what one is called; NULL: "site" */

    /* The canonical state: arrays laid out one after the other. */
    const struct field *fields;      /* ends with name NULL */
    int statistics;                  /* S <= STATISTICS_MAX */
    void (*measure)(const struct system *, int sample, const void *state,
                    double *statistics);
    void (*u)(const struct system *, const double *statistics, double *u);

    /* The entropy's reference measure: "counting", "uniform", "prior". */
    const char *reference;
    /* ln Z and true where the model is exact. NULL: nowhere; then variance
       is NULL too and draw need not follow any law. */
    bool (*exact_at)(const struct system *, const double *lambda,
                     double *ln_z);
    /* Is there no law at lambda, as no norm is finite? NULL: there is. */
    bool (*normless)(const struct system *, const double *lambda);
    /* An independent state of the exact point, digits from purpose. */
    void (*draw)(const struct system *, int sample, const struct draws *,
                 enum rng_purpose purpose, void *state);
    /* The same at an exact lambda that is not 0. NULL: draw does that. */
    void (*draw_at)(const struct system *, int sample, const double *lambda,
                    const struct draws *, enum rng_purpose purpose,
                    void *state);
    void (*ordered)(const struct system *, void *state); /* or NULL */
    /* A state hidden in the disorder (a stored pattern), or NULL. */
    void (*planted)(const struct system *, int sample, void *state);
    /* NULL, or why these keys hide none (static text) */
    const char *(*unplanted)(const struct section *keys);
    /* var of u_k under m (draws-free), for the anchor's size. */
    double (*variance)(const struct system *, int k);

    /* Disorder: the variance of the couplings system->pairs where they are
       independent normal numbers of mean 0 and there are no fields, else 0;
       energy and link overlap are then tied (run/estimates.h). Or NULL. */
    double (*gaussian)(const struct system *);

    /* Models of optimisation: what u means in the user's units, a line a + b u
       said name by name; the program then keeps the best state. NULL: the
       best is of no interest. */
    void (*best)(const struct system *, double u,
                 void (*say)(void *context, const char *name, double value),
                 void *context);
    /* u of a state (the values of its field) of the first sample to all the
       user's digits, where couplings may be rounded. NULL: u is that. */
    double (*as_given)(const struct system *, const double *state);

    /* Models with observable "log_likelihood", ln p of each training example:
       u = -unit times the sum of these + a constant. Or NULL. */
    double (*likelihood_unit)(const struct system *);

    const struct local *local;   /* facets; NULL when absent */
    const struct binary *binary;
    const struct continuous *continuous;
    const struct moves *moves;
    const struct grad *grad;
    /* NULL, or what in the keys leaves no gradient (static text); or NULL */
    const char *(*no_grad)(const struct section *keys);
    const struct bond *bond;
    const struct distance *distance;

    const struct observable *observables; /* ends with name NULL */
    const struct derived *derived;        /* ends with name NULL, or NULL */
    const struct guide *guides;           /* or NULL */
};

/* The model that keys mean, of those of this name. */
const struct model *model_meant(const struct model *model,
                                const struct section *keys);
/* Facet grad where these keys have it, else NULL. */
const struct grad *model_grad(const struct model *model,
                              const struct section *keys);

/* Builds (check must have passed) and releases. */
struct system *system_new(const struct model *model,
                          const struct section *keys);
void system_free(struct system *system);

/* Is the model exact at lambda? Then *ln_z is ln Z. */
bool system_exact(const struct system *system, const double *lambda,
                  double *ln_z);
/* An independent state of an exact point. */
void system_draw(const struct system *system, int sample,
                 const double *lambda, const struct draws *draws,
                 enum rng_purpose purpose, void *state);
/* "site", or "weight" */
const char *system_site(const struct system *system);
/* How many values a site has: of a model with facet local. */
int system_values(const struct system *system);

/* The model's binary facet where it fits this system, else NULL. */
const struct binary *system_binary(const struct system *system);

/* The rung at lambda: is it exact, does Metropolis need the lazy rule? It
   does where max |lambda . du| < 1: near lambda = 0 every move is accepted
   and the two colours oscillate. And on lattices of one dimension at any
   lambda: a wall moves without cost, so with certainty, and runs round the
   ring for ever in the direction it was born with; states with unequal
   numbers of either direction are never reached. And on the smallest
   lattices, where states in which every move is free have weight. */
struct rung system_rung(const struct system *system, const double *lambda);

/* Largest k with couplings kept as multiples of 2^-k such that sums up to
   `total` (in coupling units) stay exact in a double, at most 30; smaller if
   all `count` values are multiples of a larger unit already. Returns 2^-k. */
double model_resolution(const double *values, int count, double total);

#endif
