/* Ising, Potts and other models on a strip or bar of small cross-section,
   exactly, by the transfer matrix (Kramers, Wannier 1941; Potts 1952).

   The longest axis is the direction of transfer; a layer across it has n
   sites and q^n states. Periodic: ln Tr T^M by repeated squaring of T, which
   is symmetric but on the triangular lattice. Open: the vector (1, ..., 1)
   carried through the layers, one site at a time. Matrices and vectors are
   jets in beta (energy and its fluctuations) or in H = beta h
   (magnetization): value, first and second derivative. The same trace with
   (max, +) for (+, x) gives the ground states and their number: on the
   triangular lattice with J < 0 Wannier's entropy in the limit (1950; his
   number corrected in 1973), on square ice Lieb's (1967). */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/solver.h"
#include "stat/jet_matrix.h"
#include "systems/layers.h"
#include "systems/long_strip.h"
#include "systems/strip.h"

#define STRIP_KEYS(KEY)                                                      \
    KEY(integers, shape, "[8, 8]", 0, 1e6, NULL, "sites", 0,                 \
        "size of each axis, one to four; 0: infinitely long; all but the "   \
        "longest span the layer: at most 1024 states (open or infinitely "   \
        "long: 65536)")                                                      \
    KEY(text, model, "ising", 0, 0, "ising|potts|triangular|ice", "", 0,     \
        "potts: -J delta(s, s'); triangular: Ising on a square torus with "  \
        "bonds to (+1, +1) too; ice: the six-vertex states of a torus")      \
    KEY(integer, q, "3", 2, 1024, NULL, "", 0, "values of a Potts site")     \
    KEY(real, beta, "0.4406867935097715", 0, 1e6, NULL, "1/energy", 0,       \
        "inverse temperature")                                               \
    KEY(real, h, "0.0", -1e6, 1e6, NULL, "energy", 0,                        \
        "uniform field on Ising spins")                                      \
    KEY(real, J, "1.0", -1e6, 1e6, NULL, "energy", 0,                        \
        "coupling of nearest neighbours")                                    \
    KEY(text, boundary, "periodic", 0, 0, "periodic|open", "", 0,            \
        "of all axes; a periodic axis of size 2 is a double bond")
PARAM_STRUCT(strip_keys, STRIP_KEYS);
#define PARAM_ROW_strip_keys(...) PARAM_ROW(strip_keys, __VA_ARGS__)
PARAM_TABLE(static, strip_table, "transfer_matrix", strip_keys, STRIP_KEYS);

enum { STATES_PERIODIC = 1024, STATES_OPEN = 65536 };

/* ---- the strip --------------------------------------------------------- */

/* The magnetization is counted from its saturated value in a field, so that
   its variance does not cancel. */
static double reference_spin(const struct strip *strip)
{
    return strip->h == 0 ? 0 : copysign(strip->n, strip->h);
}

/* ---- periodic: a power of a matrix ------------------------------------- */

/* T, its largest elements near 1 (rescaled by the best layer and bonds). */
static struct jet_matrix matrix_of_layer(const struct strip *strip,
                                         double beta,
                                         enum layer_variable variable)
{
    struct jet_matrix m = jet_matrix_new(strip->states);
    double top = strip_best_layer(strip) + strip_best_across(strip);
    m.general = strip->kind == STRIP_TRIANGULAR;
    for (int i = 0; i < strip->states; i++)
        for (int j = 0; j < strip->states; j++) {
            double x = strip_across(strip, i, j) - top +
                       0.5 * (strip_layer_weight(strip, i) +
                              strip_layer_weight(strip, j));
            double slope = variable == LAYER_BETA ? x :
                           0.5 * (strip->spins[i] + strip->spins[j]) -
                           reference_spin(strip);
            ptrdiff_t at = (ptrdiff_t)i * strip->states + j;
            m.at[0][at] = strip_ways(strip, i, j) * exp(beta * x);
            m.at[1][at] = slope * m.at[0][at];
            m.at[2][at] = slope * m.at[1][at];
        }
    return m;
}

static struct jet ring_of_layers(const struct strip *strip, double beta,
                                 enum layer_variable variable)
{
    struct jet_matrix layer = matrix_of_layer(strip, beta, variable);
    struct jet t = jet_matrix_ln_trace(&layer, strip->length);
    jet_matrix_release(&layer);
    return t;
}

/* Seconds, and counts that a double holds. */
static bool ground_is_cheap(const struct strip *strip)
{
    double states = strip->states;
    return strip->periodic && strip->length * strip->n <= 1000 &&
           2e-9 * states * states * states * log2((double)strip->length) < 2;
}

/* ---- answers ----------------------------------------------------------- */

static struct jet ln_z(const struct strip *strip, double beta,
                       enum layer_variable variable)
{
    double layers = (double)strip->length;
    double steps = strip->periodic ? layers : layers - 1;
    double top = layers * strip_best_layer(strip) +
                 steps * strip_best_across(strip);
    struct jet t = strip->periodic ? ring_of_layers(strip, beta, variable)
                                   : layers_chain(strip, beta, variable,
                                                reference_spin(strip));
    t.v += beta * top;
    t.d += variable == LAYER_BETA ? top : layers * reference_spin(strip);
    return t;
}

static bool has_spins(const struct strip *strip)
{
    return strip->kind == STRIP_ISING || strip->kind == STRIP_TRIANGULAR;
}

static void add_magnetization(const struct strip *strip, double beta,
                              struct solution *solution)
{
    double sites = (double)strip->length * strip->n;
    struct jet field = ln_z(strip, beta, LAYER_FIELD);
    double m = strip->h == 0 || beta == 0 ? 0 : field.d / sites;
    if (!isfinite(field.d + field.dd)) {
        solution_warn(solution, "underflow: magnetization left out");
        return;
    }
    solution_add(solution, "magnetization", m, 0, "1");
    solution_add(solution, "magnetization_2",
                 m * m + field.dd / sites / sites, 0, "1");
    solution_add(solution, "susceptibility", beta * field.dd / sites, 0,
                 "1/energy");
}

static void answer(const struct strip *strip, double beta,
                   struct solution *solution)
{
    double sites = (double)strip->length * strip->n;
    struct jet thermal = ln_z(strip, beta, LAYER_BETA);
    if (beta == 0 && strip->kind != STRIP_ICE) {
        thermal.v = sites * log(strip->q); /* the limit, without rounding */
        if (has_spins(strip))
            thermal.d = 0;
    }
    if (!isfinite(thermal.v + thermal.d + thermal.dd)) {
        solution_warn(solution,
                      "underflow: no layer is near its best energy; beta too "
                      "large");
        return;
    }
    solution_thermal(solution, sites, beta, thermal);
    if (has_spins(strip))
        add_magnetization(strip, beta, solution);
}

static void add_ground(const struct strip *strip, struct solution *solution)
{
    double sites = (double)strip->length * strip->n;
    if (!ground_is_cheap(strip))
        return;
    struct ground ground = strip_ground(strip);
    solution_add(solution, "ground_energy", -ground.weight / sites, 0,
                 "energy");
    solution_add(solution, "ground_states", ground.count, 0, "1");
    solution_add(solution, "residual_entropy", log(ground.count) / sites, 0,
                 "nats/site");
}

/* ---- infinitely long --------------------------------------------------- */

static void add_long_thermal(const struct strip *strip, double beta,
                             const struct long_strip *top,
                             struct solution *solution)
{
    struct jet f = jet_scale(1.0 / strip->n, top->ln_top);
    struct jet e = jet_scale(1.0 / strip->n, top->error);
    solution_add(solution, "ln_z_per_site", f.v, e.v, "1");
    if (strip->kind == STRIP_ICE) /* no energy */
        return;
    solution_add(solution, "energy", f.d == 0 ? 0 : -f.d, e.d, "energy");
    solution_add(solution, "entropy_per_site", f.v - beta * f.d,
                 e.v + beta * e.d, "nats");
    if (beta > 0)
        solution_add(solution, "free_energy_per_site", -f.v / beta,
                     e.v / beta, "energy");
    if (top->curved)
        solution_add(solution, "specific_heat", beta * beta * f.dd,
                     beta * beta * e.dd, "1");
    else
        solution_warn(solution, "the specific heat did not converge");
}

static void add_long_magnetization(const struct strip *strip, double beta,
                                   const struct long_strip *top,
                                   struct solution *solution)
{
    struct jet f = jet_scale(1.0 / strip->n, top->ln_top);
    struct jet e = jet_scale(1.0 / strip->n, top->error);
    bool even = strip->h == 0 || beta == 0;
    solution_add(solution, "magnetization", even ? 0 : f.d, even ? 0 : e.d,
                 "1");
    if (top->curved && e.dd <= 0.01 * fabs(f.dd))
        solution_add(solution, "susceptibility", beta * f.dd, beta * e.dd,
                     "1/energy");
    else
        solution_warn(solution, "the susceptibility did not converge: the "
                      "second eigenvalue is too near the first");
}

/* Ice has arrows that are conserved: what decays has no one length. */
static void add_length(const struct strip *strip, double beta,
                       const double *v, struct solution *solution)
{
    double gap, error;
    if (strip->kind == STRIP_ICE)
        return;
    if (!long_strip_gap(strip, beta, v, &gap, &error))
        solution_warn(solution, "the second eigenvalue did not converge");
    else if (gap == 0)
        solution_warn(solution, "the correlation length is left out: the "
                      "second eigenvalue equals the first to rounding");
    else
        solution_add(solution, "correlation_length", 1 / gap,
                     error / (gap * gap), "layers");
}

static void answer_long(const struct strip *strip, double beta,
                        struct solution *solution)
{
    double *v = mem_new((size_t)strip->states, sizeof *v);
    for (int s = 0; s < strip->states; s++)
        v[s] = 1;
    struct long_strip top = long_strip_top(strip, beta, LAYER_BETA, v);
    if (top.found) {
        add_long_thermal(strip, beta, &top, solution);
        add_length(strip, beta, v, solution);
    } else {
        solution_warn(solution, "the leading eigenvalue did not converge, or "
                      "underflows: beta too large");
    }
    if (top.found && has_spins(strip)) {
        top = long_strip_top(strip, beta, LAYER_FIELD, v);
        add_long_magnetization(strip, beta, &top, solution);
    }
    free(v);
}

/* ---- doors ------------------------------------------------------------- */

static enum strip_kind kind_named(const char *name)
{
    return !strcmp(name, "potts") ? STRIP_POTTS
         : !strcmp(name, "triangular") ? STRIP_TRIANGULAR
         : !strcmp(name, "ice") ? STRIP_ICE : STRIP_ISING;
}

/* Sites of a layer of at most this many states. */
static int sites_most(int64_t q, bool periodic)
{
    double states = periodic ? STATES_PERIODIC : STATES_OPEN;
    return (int)floor(log(states) / log((double)q) + 1e-9);
}

static int infinite_axes(const struct integers *shape)
{
    int count = 0;
    for (int a = 0; a < shape->count; a++)
        count += shape->at[a] == 0;
    return count;
}

static void check_shape(const struct section *keys, enum strip_kind kind,
                        const int64_t *size, int most, struct err *err)
{
    const struct integers *shape = section_integers(keys, "shape");
    const char *where = section_where(keys, "shape");
    bool flat = kind == STRIP_TRIANGULAR || kind == STRIP_ICE;
    bool single = false;
    for (int a = 0; a < shape->count; a++)
        single = single || shape->at[a] == 1;
    if (shape->count < 1 || shape->count > LATTICE_DIM)
        err_add(err, EXIT_INPUT, where, "transfer_matrix.shape: %d axes; "
                "transfer_matrix takes 1 to 4", shape->count);
    else if (flat && shape->count != 2)
        err_add(err, EXIT_INPUT, where, "transfer_matrix.shape: %d axes; this "
                "model has 2", shape->count);
    else if (single || infinite_axes(shape) > 1)
        err_add(err, EXIT_INPUT, where, "transfer_matrix.shape: axes have at "
                "least 2 sites; one of them may be 0, infinitely long");
    else if (strip_layer_sites(size, shape->count, most) > most)
        err_add(err, EXIT_INPUT, where, "transfer_matrix.shape: the layer "
                "across the longest axis has more than %d sites", most);
}

static void check_model(const struct section *keys, enum strip_kind kind,
                        bool periodic, struct err *err)
{
    if (!periodic && (kind == STRIP_TRIANGULAR || kind == STRIP_ICE))
        err_add(err, EXIT_INPUT, section_where(keys, "boundary"),
                "transfer_matrix.boundary: this model is periodic");
    if (section_real(keys, "h", 0) != 0 &&
        (kind == STRIP_POTTS || kind == STRIP_ICE))
        err_add(err, EXIT_INPUT, section_where(keys, "h"),
                "transfer_matrix.h: Ising spins only");
}

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    const struct integers *shape = section_integers(keys, "shape");
    enum strip_kind kind = kind_named(section_text(keys, "model", "ising"));
    bool periodic = section_text(keys, "boundary", "periodic")[0] == 'p';
    bool infinite = infinite_axes(shape) > 0;
    int64_t q = kind == STRIP_POTTS ? section_integer(keys, "q", 2) : 2;
    int64_t size[LATTICE_DIM] = {0};
    for (int a = 0; a < shape->count && a < LATTICE_DIM; a++)
        size[a] = shape->at[a] ? shape->at[a] : INT32_MAX; /* the longest */
    check_shape(keys, kind, size, sites_most(q, periodic && !infinite), err);
    check_model(keys, kind, periodic, err);
    if (err_any(err))
        return;
    struct strip strip = strip_new(kind, (int)q, size, shape->count, periodic,
                                   section_real(keys, "J", 1),
                                   section_real(keys, "h", 0));
    double beta = section_real(keys, "beta", 0);
    if (infinite) {
        answer_long(&strip, beta, solution);
    } else {
        answer(&strip, beta, solution);
        add_ground(&strip, solution);
    }
    strip_release(&strip);
}

/* Expected time of one point on one core, both variables. */
static double seconds(double states, int n, int64_t length, bool periodic)
{
    double products = 0;
    if (!periodic)
        return 2e-9 * states * (double)length * (10 + 10 * n);
    int64_t exponent = length % 2 ? length - 1 : length / 2;
    for (; exponent > 1; exponent /= 2)
        products += exponent % 2 ? 10 : 4;
    return 2 * (products * 2 * states * states * states / 2e10 +
                3e-8 * states * states);
}

static int64_t values_of(const struct system *system)
{
    return !strcmp(system->model->name, "potts")
               ? section_integer(system->keys, "q", 2) : 2;
}

static const char *refuses(const struct system *system, int points)
{
    const struct lattice *l = system->lattice;
    if (strcmp(system->model->name, "ising") &&
        strcmp(system->model->name, "potts"))
        return "transfer_matrix knows the Ising and Potts models only";
    if (!solver_uniform(system))
        return "transfer_matrix knows one J for all axes only";
    int64_t q = values_of(system);
    int most = sites_most(q, l->periodic);
    int n = strip_layer_sites(l->size, l->dim, most);
    if (n > most)
        return "transfer_matrix takes layers of at most 1024 states (open: "
               "65536)";
    int64_t length = l->sites / n;
    if (points * seconds(pow((double)q, n), n, length, l->periodic) > 10)
        return "transfer_matrix would need more than 10 seconds";
    return NULL;
}

static void overlay(const struct solver_task *task)
{
    const struct lattice *l = task->system->lattice;
    struct strip strip = strip_new(
        kind_named(task->system->model->name), (int)values_of(task->system),
        l->size, l->dim, l->periodic, solver_coupling(task->system, "J", 1),
        solver_coupling(task->system, "h", 0));
    for (int i = 0; i < task->points; i++)
        answer(&strip, task->lambda[i], &task->solution[i]);
    strip_release(&strip);
}

const struct solver solver_transfer_matrix = {
    .name = "transfer_matrix",
    .family = FAMILY_EXACT,
    .summary = "Ising (1D to 4D, in a field), Potts, triangular Ising and ice "
               "on strips and bars, exact",
    .source = "Kramers and Wannier 1941, Phys. Rev. 60, 252; 263: Z = Tr T^M",
    .holds = "periodic layers of at most 1024 states, open ones and those "
             "of infinitely long strips of 65536; exact",
    .keys = &strip_table,
    .solve = solve,
    .refuses = refuses,
    .overlay = overlay};
