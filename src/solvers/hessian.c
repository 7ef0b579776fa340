/* The Hessian of one state: eigenvalues at both ends, trace, density. Up to
   DENSE weights from the whole matrix, exactly; else by Lanczos' method and
   random probes. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/scatter.h"
#include "core/hessian.h"
#include "core/solver.h"
#include "systems/reference.h"

enum { DENSE = 500, TOP_MOST = 10 };

#define HESSIAN_KEYS(KEY)                                                    \
    KEY(text, state, "", 0, 0, NULL, "", 0,                                  \
        "OUT.h5:/minima/0 or OUT.h5:/states/last[copy,sample,rung]")         \
    KEY(integer, copy, "0", 0, 1e6, NULL, "", 0, "of /states/last")          \
    KEY(integer, sample, "0", 0, 1e6, NULL, "", 0,                           \
        "disorder sample: whose data, and of /states/last")                  \
    KEY(integer, rung, "-1", -1, 1e6, NULL, "", 0,                           \
        "of /states/last; -1: the coldest")                                  \
    KEY(integer, top, "3", 1, 10, NULL, "", 0, "largest eigenvalues wanted") \
    KEY(real, tolerance, "1e-6", 1e-14, 0.1, NULL, "", 0,                    \
        "of residuals, in units of the largest |eigenvalue|")                \
    KEY(integer, products, "500", 10, 1e5, NULL, "", 0,                      \
        "Hessian-vector products for the ends of the spectrum, at most")     \
    KEY(integer, probes, "16", 2, 1e5, NULL, "", 0,                          \
        "random vectors for trace and density")                              \
    KEY(integer, steps, "80", 2, 1000, NULL, "", 0,                          \
        "products a probe, for the density")                                 \
    KEY(real, width, "0.0", 0, 1e12, NULL, "energy", 0,                      \
        "of the normal curves that smooth the density; 0: 1/100 of the "     \
        "spectrum's range")                                                  \
    KEY(integer, grid, "201", 2, 1e5, NULL, "", 0, "points of the density")  \
    KEY(integer, probe_seed, "1", 0, 9e18, NULL, "", 0, "of the random vectors")
PARAM_STRUCT(hessian_keys, HESSIAN_KEYS);
#define PARAM_ROW_hessian_keys(...) PARAM_ROW(hessian_keys, __VA_ARGS__)
PARAM_TABLE(static, hessian_table, "solve", hessian_keys, HESSIAN_KEYS);

static const char *const top_name[TOP_MOST] = {
    "hessian_1", "hessian_2", "hessian_3", "hessian_4", "hessian_5",
    "hessian_6", "hessian_7", "hessian_8", "hessian_9", "hessian_10"};

/* What is asked, and the density as it comes: nodes and weights. */
struct question {
    const struct symmetric *matrix;
    const struct section *keys;
    struct solution *solution;
    double *node, *weight;
    int64_t nodes;
    double least, most; /* of the eigenvalues found */
};

static int asked(const struct question *q, const char *key)
{
    return (int)section_integer(q->keys, key, 0);
}

static int top_of(const struct question *q)
{
    int top = asked(q, "top");
    return q->matrix->size < top ? (int)q->matrix->size : top;
}

/* ---- from the whole matrix ----------------------------------------------- */

static void solve_whole(struct question *q)
{
    size_t n = (size_t)q->matrix->size;
    double *value = mem_new(n, sizeof *value), trace = 0, below = 0;
    symmetric_spectrum(q->matrix, value);
    q->least = value[0];
    q->most = value[n - 1];
    double scale = fmax(fabs(q->least), fabs(q->most));
    double zero = section_real(q->keys, "tolerance", 0) * scale;
    q->node = mem_copy(value, n, sizeof *value);
    q->weight = mem_new(n, sizeof *q->weight);
    q->nodes = (int64_t)n;
    for (size_t i = 0; i < n; i++) {
        trace += value[i];
        below += value[i] < -zero;
        q->weight[i] = 1 / (double)n;
    }
    for (int i = 0; i < top_of(q); i++)
        solution_add(q->solution, top_name[i], value[n - 1 - (size_t)i], 0,
                     "energy");
    solution_add(q->solution, "hessian_lowest", value[0], 0, "energy");
    solution_add(q->solution, "hessian_trace", trace, 0, "energy");
    solution_add(q->solution, "negative_directions", below, 0, "1");
    free(value);
}

/* ---- by products --------------------------------------------------------- */

static void solve_ends(struct question *q)
{
    struct lanczos_wanted wanted = {
        .top = top_of(q), .bottom = 1, .steps = asked(q, "products"),
        .tolerance = section_real(q->keys, "tolerance", 0),
        .seed = (uint64_t)section_integer(q->keys, "probe_seed", 1)};
    struct ritz top[TOP_MOST], lowest;
    int steps;
    bool done = lanczos_ends(q->matrix, &wanted, top, &lowest, &steps);
    for (int i = 0; i < wanted.top; i++)
        solution_add(q->solution, top_name[i], top[i].value, top[i].residual,
                     "energy");
    solution_add(q->solution, "hessian_lowest", lowest.value,
                 lowest.residual, "energy");
    solution_add(q->solution, "products", steps, 0, "1");
    q->least = lowest.value;
    q->most = top[0].value;
    if (!done)
        solution_warn(q->solution,
                      "residuals are still large after %d products: inner "
                      "eigenvalues are bounds", steps);
}

static void solve_density(struct question *q)
{
    int probes = asked(q, "probes"), steps = asked(q, "steps");
    uint64_t seed = (uint64_t)section_integer(q->keys, "probe_seed", 1);
    double n = (double)q->matrix->size, one;
    double zero = section_real(q->keys, "tolerance", 0) *
                  fmax(fabs(q->least), fabs(q->most));
    struct scatter trace = {0}, below = {0};
    q->node = mem_new((size_t)(probes * steps), sizeof *q->node);
    q->weight = mem_new((size_t)(probes * steps), sizeof *q->weight);
    for (int p = 0; p < probes; p++) {
        double *node = q->node + q->nodes, *weight = q->weight + q->nodes;
        int count = lanczos_quadrature(q->matrix, seed, p, steps, node,
                                       weight, &one);
        scatter_add(&trace, one);
        one = 0;
        for (int j = 0; j < count; j++) {
            one += node[j] < -zero ? weight[j] : 0;
            weight[j] /= probes;
        }
        scatter_add(&below, n * one);
        q->nodes += count;
    }
    solution_add(q->solution, "hessian_trace", trace.mean, scatter_error(&trace),
                 "energy");
    solution_add(q->solution, "negative_directions", below.mean,
                 scatter_error(&below), "1");
}

/* ---- the density --------------------------------------------------------- */

static void take(struct question *q, const char *name, const char *unit,
                 const char *definition, int64_t count, double *value,
                 const char *against)
{
    solution_add_curve(q->solution, (struct solution_curve){
        name, unit, definition, count, value, against});
}

static void smooth(struct question *q)
{
    int grid = asked(q, "grid");
    double range = q->most - q->least, scale = fmax(fabs(q->most), 1e-300);
    double width = section_real(q->keys, "width", 0);
    if (width == 0)
        width = range > 1e-12 * scale ? range / 100 : scale / 100;
    double *x = mem_new((size_t)grid, sizeof *x);
    double *density = mem_new((size_t)grid, sizeof *density);
    for (int i = 0; i < grid; i++) {
        x[i] = q->least - 4 * width + (range + 8 * width) * i / (grid - 1);
        for (int64_t j = 0; j < q->nodes; j++) {
            double t = (x[i] - q->node[j]) / width;
            density[i] += q->weight[j] * exp(-t * t / 2) /
                          (width * sqrt(2 * M_PI));
        }
    }
    solution_add(q->solution, "density_width", width, 0, "energy");
    take(q, "eigenvalue", "energy", "where density is", grid, x, NULL);
    take(q, "density", "1/energy", "of eigenvalues, integral 1, smoothed by "
         "normal curves of standard deviation density_width", grid, density,
         "eigenvalue");
    take(q, "node", "energy", "eigenvalues of the unsmoothed density: all of "
         "them, or nodes of Gauss quadratures", q->nodes, q->node, NULL);
    take(q, "weight", "1", "of each node, sum 1", q->nodes, q->weight, "node");
}

static double gradient_norm(const struct hessian *h, double *u)
{
    const struct grad *grad = h->system->model->grad;
    size_t n = (size_t)h->matrix.size;
    double *g = mem_new(n, sizeof *g), *rest = mem_new(n, sizeof *rest);
    double lambda[COMPONENTS_MAX] = {0}, sum = 0;
    struct grad_at at = h->at;
    at.lambda = lambda;
    *u = -grad->phi(h->system, &at, rest);
    lambda[0] = 1;
    *u += grad->phi(h->system, &at, g);
    for (size_t i = 0; i < n; i++)
        sum += (g[i] - rest[i]) * (g[i] - rest[i]);
    free(g);
    free(rest);
    return sqrt(sum);
}

static void answer(const struct system *system, const struct section *keys,
                   int sample, const double *x, struct solution *solution)
{
    const struct grad *grad = system->model->grad;
    void *state = mem_new(1, system->state_bytes);
    if (grad->set)
        grad->set(system, state, x);
    else
        memcpy(state, x, system->state_bytes);
    struct hessian *h = hessian_new(system, sample, state);
    struct question q = {.matrix = &h->matrix, .keys = keys,
                         .solution = solution};
    double u, slope = gradient_norm(h, &u);
    solution_add(solution, "u", u, 0, "energy");
    solution_add(solution, "gradient_norm", slope, 0, "energy");
    if (h->matrix.size <= DENSE) {
        solve_whole(&q);
    } else {
        solve_ends(&q);
        solve_density(&q);
    }
    smooth(&q);
    hessian_free(h);
    free(state);
}

/* The state of a sample; copy and rung are of /states/last alone. NULL with a
   message. */
static double *state_of(const struct system *system,
                        const struct section *keys, int sample,
                        struct err *err)
{
    const char *address = section_text(keys, "state", "");
    const char *last = strstr(address, ":/states/last");
    int copy = (int)section_integer(keys, "copy", 0);
    int rung = (int)section_integer(keys, "rung", -1);
    int many = strstr(address, ":/minima/") ? 1 : sample + 1;
    int64_t count = system->model->grad->count(system);
    char place[48] = "", at[16] = "*";
    if (!reference_of_file(address)) {
        err_add(err, EXIT_INPUT, "tempera solve", "state: \"%s\"; a state is "
                "given as FILE:/PATH, such as OUT.h5:/minima/0", address);
        return NULL;
    }
    if (rung >= 0)
        snprintf(at, sizeof at, "%d", rung);
    if (last && !strcmp(last, ":/states/last"))
        snprintf(place, sizeof place, "[%d,*,%s]", copy, at);
    char *name = mem_text("%s%s", address, place);
    struct reference *ref = reference_read(name, many, count, "tempera solve",
                                           "state", err);
    double *state = ref ? mem_copy(ref->values + (many - 1) * count,
                                   (size_t)count, sizeof *state) : NULL;
    reference_free(ref);
    free(name);
    return state;
}

static void solve_system(const struct system *system,
                         const struct section *keys,
                         struct solution *solution, struct err *err)
{
    const char *no = hessian_refuses(system);
    int sample = (int)section_integer(keys, "sample", 0);
    if (no) {
        err_add(err, EXIT_INPUT, "tempera solve", "hessian cannot do this: "
                "%s", no);
        return;
    }
    if (sample >= system->samples) {
        err_add(err, EXIT_INPUT, "tempera solve", "sample: %d; model.samples "
                "is %d", sample, system->samples);
        return;
    }
    double *x = state_of(system, keys, sample, err);
    if (x)
        answer(system, keys, sample, x, solution);
    free(x);
}

const struct solver solver_hessian = {
    .name = "hessian",
    .family = FAMILY_MEAN_FIELD,
    .summary = "second derivatives of u_1 at one state: eigenvalues, trace, "
               "density; errors are residuals or of random probes",
    .source = "Lanczos 1950, J. Res. NBS 45, 255; Hutchinson 1990, Commun. "
              "Stat. Simul. Comput. 19, 433; Ubaru, Chen, Saad 2017, SIAM J. "
              "Matrix Anal. Appl. 38, 1075; products: Pearlmutter 1994, "
              "Neural Comput. 6, 147",
    .holds = "wells, linear and mlp; all eigenvalues up to 500 weights, "
             "beyond that ends by Lanczos, trace and density by random "
             "probes with standard errors",
    .keys = &hessian_table,
    .takes_model = true,
    .solve_system = solve_system};
