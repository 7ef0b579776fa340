/* Systems of one or two weights, or of many that u is a sum over, integrated on
   a grid of midpoints over the box or ten widths of the normal prior. The error
   is the difference from the grid with every third point. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/solver.h"
#include "core/weights.h"

enum { ALONG = 3 * 40000, ACROSS = 3 * 400, SUMS = 5 };
#define WIDTHS 10.0

/* Of one weight, or of all: u, |w|^2 / 2 and ln m, [points] */
struct grid {
    int64_t points, side;
    int dim;
    double *u, *square, *ln_m, cell; /* ln of a cell's volume */
    double *apart;
};

static const char *refuses(const struct system *system, int points)
{
    const struct weights *own = system_weights(system);
    (void)points;
    if (!own || (own->count > 2 && !(own->separable && !own->reference)))
        return "quadrature is for one or two weights, or independent ones";
    if (own->prior == PRIOR_NONE)
        return "quadrature needs a normalised prior";
    return NULL;
}

static double edge_of(const struct weights *own, int axis)
{
    return own->prior == PRIOR_BOX ? own->box : WIDTHS * own->scale[axis];
}

static double ln_measure(const struct weights *own, int axis, double x)
{
    if (own->prior == PRIOR_BOX)
        return -log(2 * own->box);
    double t = x / own->scale[axis];
    return -t * t / 2 - log(own->scale[axis]) - log(2 * M_PI) / 2;
}

/* At x the weights beyond dim stay 0: their part of u is taken off. */
static double u_at(const struct system *system, double *w, double *apart)
{
    double statistics[WEIGHTS_STATISTICS], u[COMPONENTS_MAX];
    weights_measure(system, 0, w, statistics);
    weights_u(system, statistics, u);
    *apart = statistics[WEIGHTS_APART];
    return u[0];
}

static void fill(struct grid *grid, const struct system *system)
{
    const struct weights *own = system_weights(system);
    double *w = mem_new((size_t)own->count, sizeof *w), unused;
    double rest = own->count > grid->dim
                      ? u_at(system, w, &unused) /
                            (double)own->count * (double)(own->count - 1)
                      : 0;
    for (int64_t i = 0; i < grid->points; i++) {
        int64_t at = i;
        grid->square[i] = grid->ln_m[i] = 0;
        for (int a = 0; a < grid->dim; a++, at /= grid->side) {
            double edge = edge_of(own, a);
            double t = ((double)(at % grid->side) + 0.5) /
                       (double)grid->side;
            w[a] = edge * (2 * t - 1);
            grid->square[i] += w[a] * w[a] / 2;
            grid->ln_m[i] += ln_measure(own, a, w[a]);
        }
        grid->u[i] = u_at(system, w, &grid->apart[i]) - rest;
    }
    free(w);
}

static struct grid grid_new(const struct system *system)
{
    const struct weights *own = system_weights(system);
    struct grid grid = {.dim = own->count == 2 && !own->separable ? 2 : 1};
    grid.side = grid.dim == 2 ? ACROSS : ALONG;
    grid.points = grid.dim == 2 ? grid.side * grid.side : grid.side;
    double *all = mem_new(4 * (size_t)grid.points, sizeof *all);
    grid.u = all;
    grid.square = all + grid.points;
    grid.ln_m = all + 2 * grid.points;
    grid.apart = all + 3 * grid.points;
    for (int a = 0; a < grid.dim; a++)
        grid.cell += log(2 * edge_of(own, a) / (double)grid.side);
    fill(&grid, system);
    return grid;
}

/* In the coarse grid every third point of an axis, a cell's middle. */
static bool taken(const struct grid *grid, int64_t i, int coarse)
{
    return !coarse || (i % grid->side % 3 == 1 &&
                       (grid->dim == 1 || i / grid->side % 3 == 1));
}

/* ln Z, <u>, var u, <|w|^2 / 2>, <|w - w*|^2 / 2> */
static void integrate(const struct grid *grid, const double *lambda,
                      bool tether, int coarse, double out[SUMS])
{
    double least = INFINITY, sum[SUMS] = {0};
    for (int pass = 0; pass < 2; pass++)
        for (int64_t i = 0; i < grid->points; i++) {
            double x = lambda[0] * grid->u[i] - grid->ln_m[i] +
                       (tether ? lambda[1] * grid->apart[i] : 0);
            if (!taken(grid, i, coarse))
                continue;
            if (!pass) {
                least = fmin(least, x);
                continue;
            }
            double weight = exp(least - x), u = grid->u[i];
            if (!(weight > 0))
                continue;
            sum[0] += weight;
            sum[1] += weight * u;
            sum[2] += weight * u * u;
            sum[3] += weight * grid->square[i];
            sum[4] += weight * grid->apart[i];
        }
    out[0] = log(sum[0]) - least + grid->cell +
             (coarse ? grid->dim * log(3.0) : 0);
    for (int k = 1; k < SUMS; k++)
        out[k] = sum[k] / sum[0];
    out[2] -= out[1] * out[1];
}

static void answer(const struct system *system, const struct grid *grid,
                   const double *lambda, struct solution *solution)
{
    bool tether = system->components > 1;
    double fine[SUMS], coarse[SUMS], error[SUMS], n = (double)system->sites;
    double times = n / grid->dim; /* independent parts */
    integrate(grid, lambda, tether, 0, fine);
    integrate(grid, lambda, tether, 1, coarse);
    for (int k = 0; k < SUMS; k++) {
        error[k] = times * fabs(fine[k] - coarse[k]) / 8;
        fine[k] *= times;
    }
    double beta = lambda[0], action = beta * fine[1];
    solution_add(solution, "ln_z", fine[0], error[0], "1");
    solution_add(solution, "energy", fine[1] / n, error[1] / n, "energy");
    solution_add(solution, "specific_heat", beta * beta * fine[2] / n,
                 beta * beta * error[2] / n, "1");
    solution_add(solution, "norm_2", 2 * fine[3] / n, 2 * error[3] / n, "1");
    if (tether)
        solution_add(solution, "distance_2", 2 * fine[4] / n,
                     2 * error[4] / n, "1");
    action += tether ? lambda[1] * fine[4] : 0;
    solution_add(solution, "entropy", fine[0] + action,
                 error[0] + fabs(beta) * error[1], "nats");
    if (beta != 0 && !tether)
        solution_add(solution, "free_energy", -fine[0] / beta,
                     error[0] / fabs(beta), "energy");
}

static void overlay(const struct solver_task *task)
{
    struct grid grid = grid_new(task->system);
    int k = task->system->components;
    for (int p = 0; p < task->points; p++)
        answer(task->system, &grid, task->lambda + p * k,
               &task->solution[p]);
    free(grid.u);
}

const struct solver solver_quadrature = {
    .name = "quadrature",
    .summary = "few or independent weights, integrated on a grid",
    .source = "midpoints",
    .takes_model = true,
    .refuses = refuses,
    .overlay = overlay};
