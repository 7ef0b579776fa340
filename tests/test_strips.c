/* What strips, counts and populations stand on: leading eigenvalues, transfer
   matrices site by site, blocks, levels, sums over graphs. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/chance.h"
#include "stat/blocks.h"
#include "stat/energy_levels.h"
#include "stat/leading.h"
#include "systems/broken.h"
#include "systems/graph_named.h"
#include "systems/graph_sum.h"
#include "systems/long_strip.h"
#include "tap.h"

/* ---- the leading eigenvalue ---------------------------------------------- */

/* 2 on the diagonal, -1 beside it: 2 - 2 cos(pi k / (n + 1)). */
static void second_difference(void *context, const double *v, double *out)
{
    int n = *(int *)context;
    for (int i = 0; i < n; i++)
        out[i] = 2 * v[i] - (i ? v[i - 1] : 0) - (i + 1 < n ? v[i + 1] : 0);
}

static void check_leading(void)
{
    enum { N = 50 };
    int n = N;
    struct symmetric matrix = {N, second_difference, &n};
    double v[N], b[N] = {0}, x[N] = {0}, out[N], worst = 0, along = 0;
    double pi = acos(-1);
    for (int i = 0; i < N; i++)
        v[i] = 1 + i;
    struct leading top = leading_pair(&matrix, v, 1e-13, 50);
    ok(top.found, "leading_pair converges");
    near(top.value, 2 + 2 * cos(pi / (N + 1)), 1e-13, "its value");
    near(fabs(v[0]), sqrt(2.0 / (N + 1)) * sin(pi / (N + 1)), 1e-10,
         "its vector");
    for (int i = 0; i < N; i++)
        v[i] = i == 3;
    ok(!leading_pair(&matrix, v, 1e-15, 1).found,
       "one cycle is not enough, and it says so");
    for (int i = 0; i < N; i++)
        v[i] = 1 + i;
    top = leading_pair(&matrix, v, 1e-14, 50);
    b[7] = 1;
    ok(leading_solve(&matrix, top.value, v, b, x, 1e-12, 500),
       "leading_solve converges");
    second_difference(&n, x, out);
    for (int i = 0; i < N; i++) {
        double want = b[i] - v[7] * v[i];
        worst = fmax(worst, fabs(top.value * x[i] - out[i] - want));
        along += v[i] * x[i];
    }
    ok(worst < 1e-10 && fabs(along) < 1e-10, "its equations, its side "
       "condition (%g, %g)", worst, along);
}

/* ---- transfer matrices --------------------------------------------------- */

/* Column j of T against the energies of strip.h, and T^t against T. */
static void check_layers(enum strip_kind kind, int q, int width, double J,
                         double h)
{
    int64_t size[2] = {width, 1000};
    double beta = 0.37, worst = 0, turned = 0, slope = 0;
    struct strip strip = strip_new(kind, q, size, 2, true, J, h);
    struct layers t = layers_new(&strip, beta, LAYER_BETA, 0);
    double best = strip_best_layer(&strip) + strip_best_across(&strip);
    size_t n = (size_t)strip.states;
    double *all = mem_new(n * n, sizeof *all), *out = mem_new(n, sizeof *out);
    double *x[3];
    for (int o = 0; o < 3; o++)
        x[o] = mem_new(n, sizeof *x[o]);
    for (int j = 0; j < strip.states; j++) {
        for (int o = 0; o < 3; o++)
            memset(x[o], 0, n * sizeof *x[o]);
        x[0][j] = 1;
        layers_apply(&t, 3, x);
        for (int i = 0; i < strip.states; i++) {
            double e = strip_across(&strip, j, i) - best +
                       (strip_layer_weight(&strip, i) +
                        strip_layer_weight(&strip, j)) / 2;
            double w = strip_ways(&strip, j, i) * exp(beta * e);
            worst = fmax(worst, fabs(x[0][i] - w));
            slope = fmax(slope, fabs(x[1][i] - e * w) +
                                    fabs(x[2][i] - e * e * w));
            all[(size_t)i * n + (size_t)j] = x[0][i];
        }
    }
    for (int j = 0; j < strip.states; j++) {
        memset(x[0], 0, n * sizeof *x[0]);
        x[0][j] = 1;
        layers_transposed(&t, x[0], out);
        for (int i = 0; i < strip.states; i++)
            turned = fmax(turned,
                          fabs(out[i] - all[(size_t)j * n + (size_t)i]));
    }
    if (kind == STRIP_ICE)
        slope = 0; /* no energy */
    ok(worst < 1e-13 && slope < 1e-11 && turned < 1e-13,
       "layers, kind %d, q = %d, %d wide: elements %g, slopes %g, "
       "transposed %g", (int)kind, q, width, worst, slope, turned);
    for (int o = 0; o < 3; o++)
        free(x[o]);
    free(all);
    free(out);
    layers_release(&t);
    strip_release(&strip);
}

/* ---- blocks and levels --------------------------------------------------- */

/* x' = r x + noise: the error of the mean of n terms is 1/sqrt(n) (1 - r)^-1 in
   units of the noise. A mutant: blocks of one term. */
static void check_blocks(void)
{
    enum { N = 20000 };
    double *x = mem_new(N, sizeof *x), r = 0.8, state = 0, square = 0;
    struct chance chance = chance_of(5, RNG_TEST, 0, 0);
    for (int i = 0; i < N; i++)
        x[i] = state = r * state + chance_normal(&chance);
    struct block_mean b = block_mean(x, N, 50);
    double want = 1 / (1 - r) / sqrt(N);
    for (int i = 0; i < N; i++)
        square += (x[i] - b.mean) * (x[i] - b.mean);
    double naive = sqrt(square) / N;
    ok(b.error > 0.7 * want && b.error < 1.4 * want && naive < 0.4 * want,
       "block_mean: error %g, %g expected, naive %g", b.error, want, naive);
    ok(fabs(b.mean) < 5 * want, "block_mean: mean %g", b.mean);
    free(x);
}

static void check_levels(void)
{
    double energy[] = {3, 1, 3 + 1e-15, -2, 1}, states[] = {1, 2, 4, 8, 16};
    struct energy_level *level;
    int64_t count = energy_levels(energy, states, 5, &level);
    ok(count == 3 && level[0].energy == -2 && level[0].states == 8 &&
           level[1].states == 18 && level[2].states == 5,
       "energy_levels: sorted, equal ones together");
    free(level);
}

/* 2 x 2, double bonds: 8 bonds; one up of four breaks 4, two neighbours 4, the
   diagonal 8. */
static void check_broken(void)
{
    struct lattice *l = lattice_new((int64_t[]){2, 2}, 2, true);
    uint64_t *states = broken_bonds(l);
    ok(l->bonds == 8 && states[0] == 1 && states[4 * 5 + 1] == 4 &&
           states[4 * 5 + 2] == 4 && states[8 * 5 + 2] == 2 &&
           states[4 * 5 + 3] == 4 && states[4] == 1,
       "broken_bonds of 2 x 2");
    free(states);
    free(l);
}

/* ---- sums over graphs ---------------------------------------------------- */

static void check_graph(const char *name, int64_t sites,
                        enum graph_counted what, int64_t q, double want)
{
    struct graph *g = graph_named(name, sites);
    struct graph_sum sum = graph_sum_over(g, what, q, 1, 100000);
    near(sum.count, want, 0, name);
    graph_free(g);
}

static void check_graphs(void)
{
    check_graph("petersen", 0, COUNT_COLORINGS, 3, 120);
    check_graph("petersen", 0, COUNT_MATCHINGS, 0, 332);
    check_graph("cube", 0, COUNT_PERFECT_MATCHINGS, 0, 9);
    check_graph("cube", 0, COUNT_INDEPENDENT_SETS, 0, 35);
    check_graph("complete", 5, COUNT_COLORINGS, 4, 0);
    check_graph("complete", 7, COUNT_PERFECT_MATCHINGS, 0, 0);
    check_graph("complete", 8, COUNT_PERFECT_MATCHINGS, 0, 105);
    check_graph("ring", 2, COUNT_INDEPENDENT_SETS, 0, 3);
    check_graph("ring", 20, COUNT_INDEPENDENT_SETS, 0, 15127);
}

int main(void)
{
    check_leading();
    check_layers(STRIP_ISING, 2, 5, 1.0, 0.2);
    check_layers(STRIP_ISING, 2, 2, -1.0, 0);
    check_layers(STRIP_POTTS, 3, 4, 1.0, 0);
    check_layers(STRIP_POTTS, 5, 2, -0.7, 0);
    check_layers(STRIP_TRIANGULAR, 2, 5, -1.0, 0.3);
    check_layers(STRIP_TRIANGULAR, 2, 2, 1.0, 0);
    check_layers(STRIP_TRIANGULAR, 2, 6, 0.8, 0);
    check_layers(STRIP_ICE, 2, 5, 0, 0);
    check_blocks();
    check_levels();
    check_broken();
    check_graphs();
    return tap_done();
}
