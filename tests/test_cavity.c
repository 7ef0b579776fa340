/* systems/cavity*.h: a tree enumerated, derivatives by differences, closed
   forms against populations, identities of surveys. Fixed seeds; false alarms
   below 1e-5. */
#include <stdlib.h>
#include <string.h>

#include "core/overlay.h"
#include "systems/cavity.h"
#include "systems/cavity_paramagnet.h"
#include "systems/cavity_regular.h"
#include "systems/cavity_surveys.h"
#include "tap.h"

/* ---- a tree -------------------------------------------------------------- */

enum { SITES = 10 };
struct tree { int parent[SITES]; double J[SITES], h[SITES]; };

static struct tree random_tree(uint64_t seed)
{
    struct tree t;
    struct chance chance = chance_of(seed, RNG_TEST, 0, 0);
    for (int i = 0; i < SITES; i++) {
        t.parent[i] = i ? (int)chance_below(&chance, (uint32_t)i) : -1;
        t.J[i] = chance_normal(&chance);
        t.h[i] = 0.5 * chance_normal(&chance);
    }
    return t;
}

/* Free energy by enumeration; of T = 0 the lowest energy. *pair: <s s'> of
   the link above site 1. */
static double enumerated(const struct tree *t, double T, double *pair)
{
    double least = INFINITY, z = 0, correlated = 0;
    for (int pass = 0; pass < 2; pass++)
        for (int state = 0; state < 1 << SITES; state++) {
            double energy = 0;
            int s[SITES];
            for (int i = 0; i < SITES; i++)
                s[i] = state >> i & 1 ? 1 : -1;
            for (int i = 0; i < SITES; i++)
                energy -= t->h[i] * s[i] +
                          (i ? t->J[i] * s[i] * s[t->parent[i]] : 0);
            least = fmin(least, energy);
            if (pass && T > 0) {
                z += exp((least - energy) / T);
                correlated += exp((least - energy) / T) * s[1] * s[0];
            }
        }
    *pair = correlated / z;
    return T > 0 ? least - T * log(z) : least;
}

/* x[i]: field of i without the site above; y[i]: of that one without i. */
static double by_cavity(const struct tree *t, double T, double *pair)
{
    double x[SITES], whole[SITES], y[SITES], f = 0;
    memcpy(x, t->h, sizeof x);
    for (int i = SITES - 1; i > 0; i--)
        x[t->parent[i]] += cavity_field(T, t->J[i], x[i]).u;
    whole[0] = x[0];
    for (int i = 1; i < SITES; i++) {
        y[i] = whole[t->parent[i]] - cavity_field(T, t->J[i], x[i]).u;
        whole[i] = x[i] + cavity_field(T, t->J[i], y[i]).u;
    }
    for (int i = 0; i < SITES; i++)
        f -= cavity_soft(T, whole[i]);
    for (int i = 1; i < SITES; i++)
        f -= cavity_field(T, t->J[i], x[i]).soft - cavity_soft(T, x[i]) +
             cavity_field(T, t->J[i], y[i]).soft - cavity_soft(T, y[i]) +
             cavity_link(T, t->J[i], x[i], y[i]);
    if (T > 0) {
        double ends[2] = {x[1], y[1]}, none[2] = {0};
        *pair = cavity_pair(T, t->J[1], ends, none).correlation;
    }
    return f;
}

static void check_tree(void)
{
    static const double T[] = {3, 0.7, 0.02, 0};
    for (int i = 0; i < 4; i++) {
        struct tree t = random_tree(7 + (uint64_t)i), other = t;
        double pair = 0, expected = 0;
        double f = by_cavity(&t, T[i], &pair);
        near(f, enumerated(&t, T[i], &expected), 1e-12,
             "free energy of a tree");
        if (T[i] > 0)
            near(pair, expected, 1e-12, "correlation of its link");
        other.J[3] += 0.01;
        ok(fabs(f - by_cavity(&other, T[i], &pair)) > 1e-12,
           "mutant rejected: one coupling");
    }
}

static void check_derivatives(void)
{
    double T = 0.8, J = -0.7, x = 0.4, d = 1e-5;
    struct cavity_field f = cavity_field(T, J, x);
    near(f.slope, (cavity_field(T, J, x + d).u -
                   cavity_field(T, J, x - d).u) / (2 * d), 1e-9, "du/dx");
    near(f.by_T, (cavity_field(T + d, J, x).u -
                  cavity_field(T - d, J, x).u) / (2 * d), 1e-9, "du/dT");
    double at[2] = {0.3, -0.5}, x_T[2] = {0.2, 0.6}, none[2] = {0};
    double up[2] = {0.3 + 0.2 * d, -0.5 + 0.6 * d};
    double down[2] = {0.3 - 0.2 * d, -0.5 - 0.6 * d};
    near(cavity_pair(T, J, at, x_T).by_T,
         (cavity_pair(T + d, J, up, none).correlation -
          cavity_pair(T - d, J, down, none).correlation) / (2 * d), 1e-9,
         "d<s s'>/dT along fields that move");
}

/* ---- regular ferromagnets ------------------------------------------------ */

static struct cavity_regular_state along(double T, double h)
{
    struct cavity_regular at = {T, h, 4};
    return cavity_regular_state(at, cavity_regular_along(at).x);
}

static void check_regular(void)
{
    double T = 2.3, h = 0.1, d = 1e-4;
    struct cavity_regular_state s = along(T, h);
    double b = 1 / T, slope_b = d / (T * T);
    double ln_z[2] = {-along(1 / (b - slope_b), h).free_energy *
                          (b - slope_b),
                      -along(1 / (b + slope_b), h).free_energy *
                          (b + slope_b)};
    near(s.energy, (ln_z[0] - ln_z[1]) / (2 * slope_b), 1e-7,
         "u = -d ln Z / d beta");
    near(s.magnetization, (along(T, h - d).free_energy -
                           along(T, h + d).free_energy) / (2 * d), 1e-7,
         "m = -df/dh");
    near(s.specific_heat, (along(T + d, h).energy - along(T - d, h).energy) /
                              (2 * d), 1e-6, "C = du/dT");
    near(s.susceptibility, (along(T, h + d).magnetization -
                            along(T, h - d).magnetization) / (2 * d), 1e-6,
         "chi = dm/dh");
    struct cavity_regular at = {T, 0, 4};
    double edge = cavity_regular_spinodal_field(at);
    at.h = edge * 0.9999;
    struct root x = cavity_regular_against(at);
    ok(x.found && cavity_regular_state(at, x.x).magnetization < 0,
       "a state against the field below the spinodal");
    at.h = edge * 1.0001;
    ok(!cavity_regular_against(at).found, "none above it");
}

/* ---- populations --------------------------------------------------------- */

static struct cavity_averages pool(struct cavity_ensemble e, uint64_t seed)
{
    struct cavity_effort effort = {2000, 40, 2, seed};
    e.start = e.spread = 1;
    return cavity_pool(&e, &effort);
}

static bool within(struct population_mean mean, double value)
{
    return fabs(mean.mean - value) <= 4.5 * mean.error + 1e-9;
}

static void check_pool(void)
{
    struct cavity_averages a = pool((struct cavity_ensemble){
        .degree = 4, .up = 1, .T = 2.3, .h = 0.1}, 1);
    struct cavity_regular_state s = along(2.3, 0.1);
    near(a.free_energy.mean, s.free_energy, 1e-9, "one field for all: f");
    near(a.specific_heat.mean, s.specific_heat, 1e-9, "C");
    near(a.susceptibility.mean, s.susceptibility, 1e-9, "chi");
    struct cavity_ensemble hot = {.degree = 3, .poisson = true, .up = 0.5,
                                  .T = 2};
    struct cavity_paramagnet p = cavity_paramagnet(&hot);
    a = pool(hot, 2);
    ok(within(a.free_energy, p.free_energy) && within(a.energy, p.energy) &&
       within(a.specific_heat, p.specific_heat) &&
       fabs(a.stability.mean - p.stability) < 0.01,
       "above T_c: the paramagnet");
    ok(!within(a.energy, p.energy * 1.01), "mutant rejected: a hundredth more");
    struct cavity_ensemble line = {.degree = 3, .up = 0.9};
    line.T = cavity_nishimori(&line);
    a = pool(line, 3);
    ok(within(a.energy, -1.5 * 0.8), "Nishimori's line: energy");
    double apart = fabs(a.magnetization.mean - a.q.mean);
    ok(apart < 4.5 * hypot(a.q.error, a.magnetization.error) &&
       a.q.mean > 0.5, "m = q there");
    ok(a.stability.mean < -10 * a.stability.error, "replica symmetric there");
    line.T *= 0.8;
    a = pool(line, 3);
    apart = fabs(a.magnetization.mean - a.q.mean);
    ok(apart > 4.5 * hypot(a.q.error, a.magnetization.error),
       "mutant rejected: m = q elsewhere");
}

static void check_neighbours(void)
{
    enum { ITEMS = 1000 };
    double sum = 0, square = 0;
    for (uint32_t i = 0; i < ITEMS; i++) {
        struct chance chance = chance_of(1, RNG_TEST, 9, i);
        int n = cavity_neighbours(&chance, 3.5, ITEMS);
        sum += n;
        square += n * n;
    }
    near(sum / ITEMS, 3.5, 0.005, "numbers of neighbours: mean");
    near(square / ITEMS - 3.5 * 3.5, 3.5, 0.05, "and variance");
}

/* ---- surveys ------------------------------------------------------------- */

static void check_surveys(void)
{
    struct cavity_ensemble e = {.degree = 5};
    struct cavity_effort effort = {1500, 30, 0, 1};
    double d = 1e-4, y = 0.25;
    struct cavity_valleys v = cavity_valleys(&e, y, NULL);
    struct cavity_valleys low = cavity_valleys(&e, y - d, NULL);
    struct cavity_valleys high = cavity_valleys(&e, y + d, NULL);
    near(v.energy, (high.y * high.phi - low.y * low.phi) / (2 * d), 1e-7,
         "energy = d(y phi)/dy");
    near(v.complexity, y * y * (high.phi - low.phi) / (2 * d), 1e-7,
         "complexity = y^2 dphi/dy");
    near(cavity_valleys(&e, 1e-7, NULL).phi, cavity_symmetric(&e).phi, 1e-6,
         "y -> 0: replica symmetric");
    near(cavity_ground(&e, NULL).complexity, 0, 1e-12, "no valleys below");
    e = (struct cavity_ensemble){.degree = 4, .poisson = true};
    v = cavity_valleys(&e, 0.02, &effort);
    struct cavity_valleys rs = cavity_symmetric(&e);
    ok(v.found && fabs(v.phi - rs.phi) < 4.5 * v.phi_error + 5e-4 &&
       v.phi_error < 2e-3, "Poisson, y -> 0: the closed form");
    v = cavity_valleys(&e, 0.4, &effort);
    ok(v.phi > rs.phi + 4.5 * v.phi_error,
       "one step of breaking raises the energy");
}

static void check_overlay(void)
{
    static const struct overlay_row rows[] = {
        {"ln_z", "ln_z_per_site", true}, {"energy", "energy", false},
        {"q", "nothing", false}, {.name = NULL}};
    struct solution from = {0}, to = {0};
    solution_add(&from, "energy", -1.5, 0.1, "energy");
    solution_add(&from, "ln_z_per_site", 0.5, 0.01, "1");
    overlay_take(&to, &from, rows, 64);
    ok(to.count == 2 && solution_value(&to, "ln_z") == 32 &&
       to.result[0].error == 0.64 && solution_value(&to, "energy") == -1.5,
       "what lies over data of 64 sites");
}

int main(void)
{
    check_tree();
    check_derivatives();
    check_regular();
    check_pool();
    check_neighbours();
    check_surveys();
    check_overlay();
    return tap_done();
}
