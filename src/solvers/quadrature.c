/* Systems of one or two weights, or of many that u is a sum over, integrated on
   a grid of midpoints over the box or ten widths of the normal prior: ln Z and
   what follows; of one or two weights every observable that is a number. The
   error is the difference from the grid with every third point; where that is
   not small, or few points have all the weight, nothing is said. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/solver.h"
#include "core/weights.h"

enum { ALONG = 3 * 20000, ACROSS = 3 * 240, MEANS_MOST = 12 };
#define WIDTHS 10.0

/* Of one weight, or of all, [points] each */
struct grid {
    int64_t points, side;
    int dim;
    double cell;     /* ln of a cell's volume */
    double *ln_m, *u, *apart;
    int means;
    const struct observable *row[MEANS_MOST];
    double *value[MEANS_MOST];
};

/* What comes of a point: ln Z, <u>, var u, <u_2>, 1 / sum of p^2 (how many
   points have the weight), means of observables. */
enum { LN_Z, U, VARIANCE, APART, SPREAD, FIRST_MEAN,
       SUMS = FIRST_MEAN + MEANS_MOST };

/* Of ln Z, between the grids; points an axis. A normal law of as many on the
   fine grid is integrated to 1e-5. */
static const double RESOLVED = 0.5, POINTS_LEAST = 3;

static const char *refuses(const struct system *system, int points)
{
    const struct weights *own = system_weights(system);
    (void)points;
    if (!own || (own->count > 2 && !(own->separable && !own->reference)))
        return "quadrature is for one or two weights, or independent ones";
    if (own->prior == PRIOR_NONE || own->prior == PRIOR_SPHERE)
        return "quadrature needs a normalised prior of independent weights";
    if (!model_grad(system->model, system->keys))
        return "quadrature needs a loss without steps";
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

static double observed(const struct system *system,
                       const struct observable *row, const double *w)
{
    double statistics[STATISTICS_MAX], out;
    if (row->of_state) {
        row->of_state(system, 0, w, &out);
        return out;
    }
    system->model->measure(system, 0, w, statistics);
    return row->of(system, statistics);
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
        grid->ln_m[i] = 0;
        for (int a = 0; a < grid->dim; a++, at /= grid->side) {
            double edge = edge_of(own, a);
            double t = ((double)(at % grid->side) + 0.5) /
                       (double)grid->side;
            w[a] = edge * (2 * t - 1);
            grid->ln_m[i] += ln_measure(own, a, w[a]);
        }
        grid->u[i] = u_at(system, w, &grid->apart[i]) - rest;
        for (int m = 0; m < grid->means; m++)
            grid->value[m][i] = observed(system, grid->row[m], w);
    }
    free(w);
}

/* Observables that can be integrated: all but the energy, which is. */
static void choose_means(struct grid *grid, const struct system *system)
{
    const struct observable *row = system->model->observables;
    for (; row->name && system->sites <= grid->dim; row++)
        if (!row->of_pair && observable_size(row, system) == 1 &&
            !(row->refuses && row->refuses(system)) &&
            strcmp(row->name, "energy") && grid->means < MEANS_MOST)
            grid->row[grid->means++] = row;
}

static struct grid grid_new(const struct system *system)
{
    const struct weights *own = system_weights(system);
    struct grid grid = {.dim = own->count == 2 && !own->separable ? 2 : 1};
    grid.side = grid.dim == 2 ? ACROSS : ALONG;
    grid.points = grid.dim == 2 ? grid.side * grid.side : grid.side;
    choose_means(&grid, system);
    size_t one = (size_t)grid.points;
    double *all = mem_new((size_t)(3 + grid.means) * one, sizeof *all);
    grid.ln_m = all;
    grid.u = all + one;
    grid.apart = all + 2 * one;
    for (int m = 0; m < grid.means; m++)
        grid.value[m] = all + (size_t)(3 + m) * one;
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

static double action_at(const struct grid *grid, const double *lambda,
                        bool tether, int64_t i)
{
    return lambda[0] * grid->u[i] - grid->ln_m[i] +
           (tether ? lambda[1] * grid->apart[i] : 0);
}

static void integrate(const struct grid *grid, const double *lambda,
                      bool tether, int coarse, double out[SUMS])
{
    double least = INFINITY, middle = 0, sum[SUMS] = {0};
    for (int64_t i = 0; i < grid->points; i++)
        if (taken(grid, i, coarse) &&
            action_at(grid, lambda, tether, i) < least) {
            least = action_at(grid, lambda, tether, i);
            middle = grid->u[i];
        }
    for (int64_t i = 0; i < grid->points; i++) {
        double weight = taken(grid, i, coarse)
                            ? exp(least - action_at(grid, lambda, tether, i))
                            : 0;
        if (!(weight > 0))
            continue;
        sum[LN_Z] += weight;
        double off = grid->u[i] - middle;
        sum[U] += weight * off;
        sum[VARIANCE] += weight * off * off;
        sum[SPREAD] += weight * weight;
        sum[APART] += weight * grid->apart[i];
        for (int m = 0; m < grid->means; m++)
            sum[FIRST_MEAN + m] += weight * grid->value[m][i];
    }
    out[LN_Z] = log(sum[LN_Z]) - least + grid->cell +
                (coarse ? grid->dim * log(3.0) : 0);
    for (int k = 1; k < SUMS; k++)
        out[k] = sum[k] / sum[LN_Z];
    out[VARIANCE] -= out[U] * out[U];
    out[U] += middle;
    out[SPREAD] = sum[LN_Z] / out[SPREAD];
}

static void add_thermal(const double *fine, const double *error, double n,
                        const double *lambda, bool tether,
                        struct solution *solution)
{
    double beta = lambda[0];
    double action = beta * fine[U] + (tether ? lambda[1] * fine[APART] : 0);
    solution_add(solution, "ln_z", fine[LN_Z], error[LN_Z], "1");
    solution_add(solution, "energy", fine[U] / n, error[U] / n, "energy");
    solution_add(solution, "specific_heat", beta * beta * fine[VARIANCE] / n,
                 beta * beta * error[VARIANCE] / n, "1");
    solution_add(solution, "entropy", fine[LN_Z] + action,
                 error[LN_Z] + fabs(beta) * error[U], "nats");
    solution_add(solution, "information", -fine[LN_Z] - action,
                 error[LN_Z] + fabs(beta) * error[U], "nats");
    if (beta != 0 && !tether)
        solution_add(solution, "free_energy", -fine[LN_Z] / beta,
                     error[LN_Z] / fabs(beta), "energy");
}

static void answer(const struct system *system, const struct grid *grid,
                   const double *lambda, struct solution *solution)
{
    bool tether = system->components > 1;
    double fine[SUMS], coarse[SUMS], error[SUMS], n = (double)system->sites;
    double times = n / grid->dim; /* independent parts */
    integrate(grid, lambda, tether, 0, fine);
    integrate(grid, lambda, tether, 1, coarse);
    if (!(fabs(fine[LN_Z] - coarse[LN_Z]) < RESOLVED &&
          fine[SPREAD] > pow(POINTS_LEAST, grid->dim))) {
        solution_warn(solution, "left out: the law is too narrow for the grid "
                      "at so large a lambda");
        return;
    }
    for (int k = 0; k < SUMS; k++) {
        error[k] = fabs(fine[k] - coarse[k]) / 8;
        if (k < FIRST_MEAN) {
            error[k] *= times;
            fine[k] *= times;
        }
    }
    add_thermal(fine, error, n, lambda, tether, solution);
    if (!weights_refuse_baseline(system))
        solution_add(solution, "learning_coefficient",
                     lambda[0] * (fine[U] - weights_baseline(system)),
                     fabs(lambda[0]) * error[U], "1");
    for (int m = 0; m < grid->means; m++)
        solution_add(solution, grid->row[m]->name, fine[FIRST_MEAN + m],
                     error[FIRST_MEAN + m], grid->row[m]->unit);
}

static void overlay(const struct solver_task *task)
{
    struct grid grid = grid_new(task->system);
    int k = task->system->components;
    for (int p = 0; p < task->points; p++)
        answer(task->system, &grid, task->lambda + p * k,
               &task->solution[p]);
    free(grid.ln_m);
}

const struct solver solver_quadrature = {
    .name = "quadrature",
    .family = FAMILY_EXACT,
    .summary = "few or independent weights, integrated on a grid",
    .source = "midpoints",
    .holds = "models whose weights factorise or are at most two; error "
             "by halving the grid",
    .takes_model = true,
    .refuses = refuses,
    .overlay = overlay};
