/* What models of real weights w share: the prior m, l2, and the tether.

       u_1 = loss(w) + l2/2 |w|^2          component "beta"
       u_2 = 1/2 |w - w*|^2                component "tether", if a reference
                                           w* is given
   prior "gaussian": m = prod N(0, s_i^2), s_i = prior_scale times the model's
   own scale of weight i; "box": uniform in [-prior_scale, prior_scale]; both
   are normalised, so Z(0) = 1. "none": m = 1. A model may have its weights on
   the sphere |w|^2 = N instead, m uniform there.

   Exact where beta = 0: at any tether >= 0 (prior none: > 0; box, sphere:
   0). */
#ifndef TEMPERA_CORE_WEIGHTS_H
#define TEMPERA_CORE_WEIGHTS_H
#include "core/hessian.h"
#include "core/tether.h"

#define WEIGHTS_KEYS(KEY, prior_, scale_)                                    \
    KEY(text, prior, prior_, 0, 0, "gaussian|box|none", "", 0,               \
        "the measure m of the weights: normal of width prior_scale, uniform "\
        "within -prior_scale .. prior_scale, or flat")                       \
    KEY(real, prior_scale, scale_, 1e-6, 1e6, NULL, "", 0,                   \
        "width of the prior, half the side of the box")                      \
    KEY(real, l2, "0.0", 0, 1e12, NULL, "energy", 0,                         \
        "adds l2/2 |w|^2 to u: a penalty that temperature tempers")          \
    TETHER_KEYS(KEY, "w* of the tether u_2 = |w - w*|^2 / 2: origin, random, " \
                     "planted")                                              \
    KEY(real, baseline, "0.0", 0, 0, NULL, "energy", PARAM_EXPLICIT,         \
        "u_0 of learning_coefficient = beta (<u> - u_0), where it is not "   \
        "u(w*)")                                                             \
    KEY(real, baseline_error, "0.0", 0, 1e300, NULL, "energy", 0,            \
        "error of u_0: of a loss with noise, a minimum not quite reached")

enum prior { PRIOR_GAUSSIAN, PRIOR_BOX, PRIOR_NONE, PRIOR_SPHERE };

/* loss = constant - b.w + w'Hw / 2 */
struct quadratic {
    double *H; /* [count][count] */
    double *b; /* [count] */
    double constant;
};

struct weights {
    int64_t count;
    enum prior prior;  /* set before weights_build: the sphere; else by key */
    double box, l2;
    double *scale;     /* [count] s_i, of prior gaussian; or NULL: none */
    double *precision; /* [count] 1 / s_i^2, 0 without a normal prior */
    double *reference; /* [count] w*, or NULL */
    /* The loss of w, and its gradient unless NULL; of at->batch scaled up to
       all examples. */
    double (*loss)(const struct system *, const struct grad_at *at,
                   double *gradient);
    size_t (*work)(const struct system *); /* its scratch; NULL: none */
    /* out = H v, H the loss's second derivatives at at->x, almost everywhere.
       Not needed where `quadratic` is given. */
    void (*hessian)(const struct system *, const struct grad_at *at,
                    const double *v, double *out);
    int64_t examples; /* the loss is a sum over; 0: none, no minibatches */
    const char *drops; /* what the loss leaves out for dropout, or NULL */
    bool separable; /* the loss is a sum over weights, the same of each */
    /* [samples] where the loss is that, else NULL; released here */
    struct quadratic *quadratic;
};

/* Keys that do not go together; references: "origin|random". */
void weights_check(const struct section *keys, const char *references,
                   struct err *err);

/* At the start of build, with count: the keys' part; the system's sites,
   state_bytes, components. scale[count] of the model itself, or NULL: 1.
   system->own must start with a struct weights that is this one. */
void weights_build(struct system *system, struct weights *weights,
                   int64_t count, const double *scale);
void weights_release(struct system *system);

const struct weights *system_weights(const struct system *system);

/* Statistics { loss, |w|^2 / 2, |w - w*|^2 / 2 } and u of them. */
enum { WEIGHTS_LOSS, WEIGHTS_SQUARE, WEIGHTS_APART, WEIGHTS_STATISTICS };
void weights_measure(const struct system *system, int sample,
                     const void *state, double *statistics);
void weights_u(const struct system *system, const double *statistics,
               double *u);

bool weights_exact_at(const struct system *system, const double *lambda,
                      double *ln_z);
/* At beta = 0 of a flat prior, or where a negative tether outdoes a normal
   one. (At other beta the loss may hold the weights, or not.) */
bool weights_normless(const struct system *, const double *lambda);
void weights_draw(const struct system *system, int sample,
                  const struct draws *draws, enum rng_purpose purpose,
                  void *state);
void weights_draw_at(const struct system *system, int sample,
                     const double *lambda, const struct draws *draws,
                     enum rng_purpose purpose, void *state);
/* var of u_k under m, from 1024 draws of a fixed seed. */
double weights_variance(const struct system *system, int k);
/* w = 0; on the sphere all 1 */
void weights_ordered(const struct system *system, void *state);

/* ---- observables --------------------------------------------------------- */

double weights_energy(const struct system *system, const double *statistics);
double weights_norm_2(const struct system *system, const double *statistics);
double weights_apart(const struct system *system, const double *statistics);
const char *weights_refuse_apart(const struct system *system);
/* w . grad u_1 / N */
void weights_virial(const struct system *system, int sample,
                    const void *state, double *out);
/* sum_i w_i^2 / s_i^2 / N; 0 without a normal prior */
void weights_prior_virial(const struct system *system, int sample,
                          const void *state, double *out);
/* |grad u_1|^2 / N */
void weights_gradient_2(const struct system *system, int sample,
                        const void *state, double *out);
double weights_temperature(const struct system *system, const double *lambda,
                           const double *means);

#define WEIGHTS_OBSERVABLES                                                  \
    {.name = "energy", .unit = "energy", .per_site = true, .even = true,     \
     .of = weights_energy, .definition = "u_1 / N, N weights"},              \
    {.name = "norm_2", .unit = "1", .per_site = true, .even = true,          \
     .of = weights_norm_2, .definition = "|w|^2 / N"},                       \
    {.name = "distance_2", .unit = "1", .per_site = true, .even = true,      \
     .of = weights_apart, .refuses = weights_refuse_apart,                   \
     .definition = "|w - w*|^2 / N"},                                        \
    {.name = "gradient_2", .unit = "energy^2", .per_site = true,             \
     .even = true, .of_state = weights_gradient_2,                           \
     .definition = "|grad u_1|^2 / N"},                                      \
    {.name = "virial", .unit = "energy", .per_site = true, .even = true,     \
     .of_state = weights_virial, .definition = "w . grad u_1 / N"},          \
    {.name = "prior_virial", .unit = "1", .per_site = true, .even = true,    \
     .of_state = weights_prior_virial,                                       \
     .definition = "w . grad(-ln m) / N"},                                   \
    HESSIAN_OBSERVABLES

/* u_0: model.baseline where given, else u_1 at w*, mean over samples. */
double weights_baseline(const struct system *system);
const char *weights_refuse_baseline(const struct system *system);
double weights_learning(const struct system *system, const double *lambda,
                        const double *means);
double weights_learning_error(const struct system *system,
                              const double *lambda);

#define WEIGHTS_DERIVED                                                      \
    {.name = "learning_coefficient", .unit = "1",                            \
     .definition = "beta (<u_1> - u_0), u_0 = u_1(w*) or the given "         \
                   "baseline",                                               \
     .value = weights_learning, .error = weights_learning_error,             \
     .refuses = weights_refuse_baseline, .term = {{"u", 0, NULL}}},          \
    {.name = "configurational_temperature", .unit = "energy",                \
     .definition = "<virial> / (1 - <prior_virial>): equals T where walls "  \
                   "and tether play no part",                                \
     .value = weights_temperature,                                           \
     .term = {{"virial", 0, NULL}, {"prior_virial", 0, NULL}}}

extern const struct grad weights_grad;
extern const struct continuous weights_continuous;
extern const struct distance weights_distance;
extern const struct field weights_fields[];

#define WEIGHTS_MODEL                                                        \
    .components = 2, .component = {"beta", "tether"}, .u_unit = "energy",    \
    .site = "weight",                                                        \
    .fields = weights_fields, .statistics = WEIGHTS_STATISTICS,              \
    .measure = weights_measure, .u = weights_u, .reference = "prior",        \
    .exact_at = weights_exact_at, .draw = weights_draw,                      \
    .draw_at = weights_draw_at, .normless = weights_normless,                \
    .ordered = weights_ordered, .variance = weights_variance,                \
    .distance = &weights_distance,                                           \
    .continuous = &weights_continuous, .grad = &weights_grad

#endif
