/* The Ising model in a field on a strip or bar of small cross-section,
   exactly, by its transfer matrix (Kramers, Wannier 1941).

   The longest axis is the direction of transfer; a layer across it has n
   sites and 2^n states. Periodic: ln Tr T^M by repeated squaring of the
   symmetric matrix T. Open: the vector (1, ..., 1) carried through the
   layers, one site at a time. Matrices and vectors are jets in beta (energy
   and its fluctuations) or in H = beta h (magnetization): value, first and
   second derivative. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/solver.h"
#include "stat/jet_matrix.h"

#define STRIP_KEYS(KEY)                                                      \
    KEY(integers, shape, "[8, 8]", 2, 1e6, NULL, "sites", 0,                 \
        "size of each axis, one to four; all but the longest span the "      \
        "layer: at most 10 sites (16 when open)")                            \
    KEY(text, model, "ising", 0, 0, "ising", "", 0, "the model")             \
    KEY(real, beta, "0.4406867935097715", 0, 1e6, NULL, "1/energy", 0,       \
        "inverse temperature")                                               \
    KEY(real, h, "0.0", -1e6, 1e6, NULL, "energy", 0, "uniform field")       \
    KEY(real, J, "1.0", -1e6, 1e6, NULL, "energy", 0,                        \
        "coupling of nearest neighbours")                                    \
    KEY(text, boundary, "periodic", 0, 0, "periodic|open", "", 0,            \
        "of all axes; a periodic axis of size 2 is a double bond")
PARAM_STRUCT(strip_keys, STRIP_KEYS);
#define PARAM_ROW_strip_keys(...) PARAM_ROW(strip_keys, __VA_ARGS__)
PARAM_TABLE(static, strip_table, "transfer_matrix", strip_keys, STRIP_KEYS);

enum { LAYER_PERIODIC = 10, LAYER_OPEN = 16 };

enum variable { BY_BETA, BY_FIELD };

/* A layer's states: sum over its bonds of s s and sum of s. */
struct strip {
    int n, states;
    int64_t length; /* layers */
    bool periodic;
    double J, h;
    double *bonds, *spins; /* [states] */
};

/* ---- geometry ---------------------------------------------------------- */

static int longest(const int64_t *size, int dim)
{
    int axis = 0;
    for (int a = 1; a < dim; a++)
        if (size[a] > size[axis])
            axis = a;
    return axis;
}

/* Sites of a layer, or LAYER_OPEN + 1 when more. */
static int layer_sites(const int64_t *size, int dim)
{
    int64_t n = 1;
    for (int a = 0; a < dim; a++)
        if (a != longest(size, dim) && n <= LAYER_OPEN)
            n *= size[a] <= LAYER_OPEN ? size[a] : LAYER_OPEN + 1;
    return n <= LAYER_OPEN ? (int)n : LAYER_OPEN + 1;
}

static void add_bond(struct strip *strip, int64_t i, int64_t j)
{
    for (int s = 0; s < strip->states; s++)
        strip->bonds[s] += ((s >> i ^ s >> j) & 1) ? -1 : 1;
}

static struct strip strip_new(const int64_t *size, int dim, bool periodic,
                              double J, double h)
{
    struct strip strip = {.n = layer_sites(size, dim),
                          .length = size[longest(size, dim)],
                          .periodic = periodic, .J = J, .h = h};
    int64_t layer[LATTICE_DIM];
    int axes = 0;
    for (int a = 0; a < dim; a++)
        if (a != longest(size, dim))
            layer[axes++] = size[a];
    strip.states = 1 << strip.n;
    strip.bonds = mem_new((size_t)strip.states, sizeof *strip.bonds);
    strip.spins = mem_new((size_t)strip.states, sizeof *strip.spins);
    for (int s = 0; s < strip.states; s++)
        strip.spins[s] = 2 * __builtin_popcount((unsigned)s) - strip.n;
    if (axes == 0)
        return strip;
    struct lattice *l = lattice_new(layer, axes, periodic);
    for (int64_t i = 0; i < l->sites; i++)
        for (int a = 0; a < axes; a++)
            if (lattice_neighbour(l, i, 2 * a + 1) >= 0)
                add_bond(&strip, i, lattice_neighbour(l, i, 2 * a + 1));
    free(l);
    return strip;
}

static void strip_release(struct strip *strip)
{
    free(strip->bonds);
    free(strip->spins);
}

/* Minus the energy of a layer. */
static double layer_weight(const struct strip *strip, int s)
{
    return strip->J * strip->bonds[s] + strip->h * strip->spins[s];
}

static double best_layer(const struct strip *strip)
{
    double best = layer_weight(strip, 0);
    for (int s = 1; s < strip->states; s++)
        best = fmax(best, layer_weight(strip, s));
    return best;
}

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
                                         enum variable variable)
{
    struct jet_matrix m = jet_matrix_new(strip->states);
    double top = best_layer(strip) + fabs(strip->J) * strip->n;
    for (int i = 0; i < strip->states; i++)
        for (int j = 0; j < strip->states; j++) {
            int agree = strip->n - 2 * __builtin_popcount((unsigned)(i ^ j));
            double x = strip->J * agree - top +
                       0.5 * (layer_weight(strip, i) +
                              layer_weight(strip, j));
            double slope = variable == BY_BETA ? x :
                           0.5 * (strip->spins[i] + strip->spins[j]) -
                           reference_spin(strip);
            ptrdiff_t at = (ptrdiff_t)i * strip->states + j;
            m.at[0][at] = exp(beta * x);
            m.at[1][at] = slope * m.at[0][at];
            m.at[2][at] = slope * m.at[1][at];
        }
    return m;
}

static struct jet ring_of_layers(const struct strip *strip, double beta,
                                 enum variable variable)
{
    struct jet_matrix layer = matrix_of_layer(strip, beta, variable);
    struct jet t = jet_matrix_ln_trace(&layer, strip->length);
    jet_matrix_release(&layer);
    return t;
}

/* ---- open: a vector, site by site -------------------------------------- */

struct vector { struct jet *at; double ln_scale; };

static void apply_layer(const struct strip *strip, double beta,
                        enum variable variable, double top,
                        struct vector *x)
{
    for (int s = 0; s < strip->states; s++) {
        double e = layer_weight(strip, s) - top;
        double slope = variable == BY_BETA ? e :
                       strip->spins[s] - reference_spin(strip);
        double w = exp(beta * e);
        x->at[s] = jet_mul(x->at[s],
                           (struct jet){w, slope * w, slope * slope * w});
    }
}

/* One bond to the next layer at each site. */
static void apply_bonds(const struct strip *strip, double beta,
                        enum variable variable, struct vector *x)
{
    struct jet b = variable == BY_BETA
                       ? jet_linear(1, beta) : jet_constant(beta);
    struct jet same = jet_exp(jet_scale(strip->J - fabs(strip->J), b));
    struct jet differ = jet_exp(jet_scale(-strip->J - fabs(strip->J), b));
    for (int bit = 1; bit < strip->states; bit *= 2)
        for (int s = 0; s < strip->states; s++)
            if (!(s & bit)) {
                struct jet down = x->at[s], up = x->at[s | bit];
                x->at[s] = jet_add(jet_mul(same, down),
                                   jet_mul(differ, up));
                x->at[s | bit] = jet_add(jet_mul(differ, down),
                                         jet_mul(same, up));
            }
}

static void vector_rescale(int states, struct vector *x)
{
    double most = 0;
    for (int s = 0; s < states; s++)
        most = fmax(most, x->at[s].v);
    if (!(most > 0))
        return;
    int power = ilogb(most);
    for (int s = 0; s < states; s++)
        x->at[s] = jet_scale(ldexp(1, -power), x->at[s]);
    x->ln_scale += power * 0x1.62e42fefa39efp-1;
}

static struct jet chain_of_layers(const struct strip *strip, double beta,
                                  enum variable variable)
{
    struct vector x = {mem_new((size_t)strip->states, sizeof *x.at), 0};
    double top = best_layer(strip);
    struct jet sum = {0, 0, 0};
    for (int s = 0; s < strip->states; s++)
        x.at[s] = jet_constant(1);
    for (int64_t layer = 0; layer < strip->length; layer++) {
        if (layer > 0)
            apply_bonds(strip, beta, variable, &x);
        apply_layer(strip, beta, variable, top, &x);
        vector_rescale(strip->states, &x);
    }
    for (int s = 0; s < strip->states; s++)
        sum = jet_add(sum, x.at[s]);
    free(x.at);
    sum = jet_log(sum);
    sum.v += x.ln_scale;
    return sum;
}

/* ---- answers ----------------------------------------------------------- */

static struct jet ln_z(const struct strip *strip, double beta,
                       enum variable variable)
{
    double layers = (double)strip->length;
    double steps = strip->periodic ? layers : layers - 1;
    double top = layers * best_layer(strip) +
                 steps * fabs(strip->J) * strip->n;
    struct jet t = strip->periodic ? ring_of_layers(strip, beta, variable)
                                   : chain_of_layers(strip, beta, variable);
    t.v += beta * top;
    t.d += variable == BY_BETA ? top : layers * reference_spin(strip);
    return t;
}

static void answer(const struct strip *strip, double beta,
                   struct solution *solution)
{
    double sites = (double)strip->length * strip->n;
    struct jet thermal = ln_z(strip, beta, BY_BETA);
    struct jet field = ln_z(strip, beta, BY_FIELD);
    double m = strip->h == 0 || beta == 0 ? 0 : field.d / sites;
    if (beta == 0) { /* the limit, without rounding */
        thermal.v = sites * 0x1.62e42fefa39efp-1;
        thermal.d = 0;
    }
    if (!isfinite(thermal.v))
        strcpy(solution->warning,
               "underflow: no layer is near its best energy; beta too large");
    solution_thermal(solution, sites, beta, thermal);
    solution_add(solution, "magnetization", m, 0, "1");
    solution_add(solution, "magnetization_2",
                 m * m + field.dd / sites / sites, 0, "1");
    solution_add(solution, "susceptibility", beta * field.dd / sites, 0,
                 "1/energy");
}

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    const struct integers *shape = section_integers(keys, "shape");
    bool periodic = section_text(keys, "boundary", "periodic")[0] == 'p';
    int most = periodic ? LAYER_PERIODIC : LAYER_OPEN;
    if (shape->count < 1 || shape->count > LATTICE_DIM)
        err_add(err, EXIT_INPUT, section_where(keys, "shape"),
                "transfer_matrix.shape: %d axes; transfer_matrix takes 1 to "
                "4", shape->count);
    else if (layer_sites(shape->at, shape->count) > most)
        err_add(err, EXIT_INPUT, section_where(keys, "shape"),
                "transfer_matrix.shape: the layer across the longest axis "
                "has more than %d sites", most);
    if (err_any(err))
        return;
    struct strip strip = strip_new(shape->at, shape->count, periodic,
                                   section_real(keys, "J", 1),
                                   section_real(keys, "h", 0));
    answer(&strip, section_real(keys, "beta", 0), solution);
    strip_release(&strip);
}

/* Expected time of one point on one core, both variables. */
static double seconds(int n, int64_t length, bool periodic)
{
    double states = ldexp(1, n), products = 0;
    if (!periodic)
        return 2e-9 * states * (double)length * (10 + 10 * n);
    int64_t exponent = length % 2 ? length - 1 : length / 2;
    for (; exponent > 1; exponent /= 2)
        products += exponent % 2 ? 10 : 4;
    return 2 * (products * 2 * states * states * states / 2e10 +
                3e-8 * states * states);
}

static const char *refuses(const struct system *system, int points)
{
    const struct lattice *l = system->lattice;
    if (strcmp(system->model->name, "ising"))
        return "transfer_matrix knows the Ising model only";
    if (!solver_uniform(system))
        return "transfer_matrix knows one J for all axes only";
    int n = layer_sites(l->size, l->dim);
    if (n > (l->periodic ? LAYER_PERIODIC : LAYER_OPEN))
        return "transfer_matrix takes layers of at most 10 sites (open: 16)";
    int64_t length = l->size[longest(l->size, l->dim)];
    if (points * seconds(n, length, l->periodic) > 10)
        return "transfer_matrix would need more than 10 seconds";
    return NULL;
}

static void overlay(const struct solver_task *task)
{
    const struct lattice *l = task->system->lattice;
    struct strip strip = strip_new(l->size, l->dim, l->periodic,
                                   solver_coupling(task->system, "J", 1),
                                   solver_coupling(task->system, "h", 0));
    for (int i = 0; i < task->points; i++)
        answer(&strip, task->lambda[i], &task->solution[i]);
    strip_release(&strip);
}

const struct solver solver_transfer_matrix = {
    .name = "transfer_matrix",
    .summary = "Ising model in a field on strips and bars, 1D to 4D, exact",
    .source = "Kramers and Wannier 1941, Phys. Rev. 60, 252; 263",
    .keys = &strip_table,
    .solve = solve,
    .refuses = refuses,
    .overlay = overlay};
