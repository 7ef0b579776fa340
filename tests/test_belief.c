/* Messages, fixed points and bounds: belief propagation is exact on trees, to
   rounding, cold or held; its fixed points are those of Bethe's ln Z; sweeps
   of naive mean field climb a lower bound. Against sums over all states: no
   statistics. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "stat/fixed_point.h"
#include "stat/power.h"
#include "systems/belief.h"
#include "systems/bethe.h"
#include "systems/mean_field.h"
#include "systems/pairs_exact.h"
#include "systems/tap.h"
#include "tap.h"

enum { SITES = 10, BONDS_MOST = 15 };

struct exact { double ln_z, energy, m[SITES], c[BONDS_MOST]; };

static double weight_of(const struct pairs *p, double beta, double least,
                        int state, int8_t *s)
{
    for (int i = 0; i < p->sites; i++) {
        s[i] = state >> i & 1 ? 1 : -1;
        if (p->clamp && p->clamp[i] == -s[i])
            return 0;
    }
    return exp(least - beta * p->unit * (double)pairs_energy(p, 0, s));
}

static struct exact enumerate(const struct pairs *p, double beta)
{
    struct exact e = {.ln_z = 0};
    int8_t s[SITES];
    double z = 0, least = INFINITY;
    for (int n = 0; n < 1 << p->sites; n++)
        if (weight_of(p, 0, 0, n, s) > 0)
            least = fmin(least,
                         beta * p->unit * (double)pairs_energy(p, 0, s));
    for (int n = 0; n < 1 << p->sites; n++) {
        double w = weight_of(p, beta, least, n, s);
        z += w;
        e.energy += w > 0 ? w * p->unit * (double)pairs_energy(p, 0, s) : 0;
        for (int i = 0; i < p->sites; i++)
            e.m[i] += w * s[i];
        for (int b = 0; b < p->bonds; b++)
            e.c[b] += w * s[p->ends[2 * b]] * s[p->ends[2 * b + 1]];
    }
    for (int i = 0; i < p->sites; i++)
        e.m[i] /= z;
    for (int b = 0; b < p->bonds; b++)
        e.c[b] /= z;
    e.energy = e.energy / z + p->constant;
    e.ln_z = log(z) - least - beta * p->constant;
    return e;
}

static const double couplings[BONDS_MOST] = {0.9, -1.2, 0.4, 1.1, -0.7,
                                             0.3, -1.5, 0.8, -0.2, 0.6,
                                             -0.9, 1.3, 0.5, -0.4, 0.7};
static const double fields[SITES] = {0.3, -0.5, 0.2, 0.7, -0.1,
                                     0.4, -0.6, 0.25, 0.15, 0};

/* Site 9 has no neighbour. */
static struct pairs *tree(double times, bool held)
{
    static const int32_t ends[] = {0, 1, 0, 2, 1, 3, 1, 4, 2, 5, 5, 6, 5, 7,
                                   7, 8};
    double scaled[8];
    struct pairs *p = pairs_new(SITES, 8, ends, 1);
    for (int b = 0; b < 8; b++)
        scaled[b] = times * couplings[b];
    pairs_set(p, scaled, fields);
    p->constant = 0.5;
    if (held) {
        p->clamp = mem_new(SITES, sizeof *p->clamp);
        p->clamp[1] = -1;
        p->clamp[2] = 1;
        p->clamp[6] = 1;
    }
    pairs_seal(p);
    return p;
}

static struct pairs *petersen(bool unlike)
{
    int32_t ends[2 * BONDS_MOST];
    double one[BONDS_MOST];
    for (int i = 0; i < 5; i++) {
        const int32_t mine[] = {i, (i + 1) % 5, i, i + 5, i + 5,
                                (i + 2) % 5 + 5};
        memcpy(ends + 6 * i, mine, sizeof mine);
    }
    for (int b = 0; b < BONDS_MOST; b++)
        one[b] = unlike ? couplings[b] : 1;
    struct pairs *p = pairs_new(SITES, BONDS_MOST, ends, 1);
    pairs_set(p, one, unlike ? fields : NULL);
    pairs_seal(p);
    return p;
}

static struct mean_field_found solve(enum mean_field_kind kind,
                                     const struct pairs *p, double beta)
{
    struct mean_field_task task = {.kind = kind, .pairs = p, .beta = beta,
                                   .tolerance = 1e-14, .iterations = 20000,
                                   .restarts = 8, .seed = 3};
    return mean_field_solve(&task);
}

/* ---- messages ---------------------------------------------------------- */

static void check_messages(void)
{
    double off = 0, slope = 0, h = 1e-6;
    for (double K = -2; K <= 2; K += 0.37)
        for (double x = -3; x <= 3; x += 0.41) {
            off = fmax(off, fabs(belief_message(K, x) -
                                 atanh(tanh(K) * tanh(x))));
            slope = fmax(slope, fabs(belief_slope(K, x) -
                                     (belief_message(K, x + h) -
                                      belief_message(K, x - h)) / 2 / h));
        }
    near(off, 0, 1e-13, "a message is atanh(tanh K tanh h)");
    near(slope, 0, 1e-9, "its slope by differences");
    near(belief_message(-1e6, 3.5), -3.5, 1e-15, "a huge coupling copies h");
    near(belief_message(800, 800), 800 - log(2) / 2, 1e-12,
         "two huge ones: K - ln 2 / 2");
    ok(belief_message(-0.7, INFINITY) == -0.7 &&
       belief_message(0.7, -INFINITY) == -0.7 && belief_slope(1, INFINITY) == 0
       && belief_message(0, INFINITY) == 0, "a spin that is held sends +-K");
}

/* ---- trees ------------------------------------------------------------- */

static double tree_off(double times, bool held, double beta)
{
    struct pairs *p = tree(times, held);
    struct exact e = enumerate(p, beta);
    struct mean_field_found f = solve(MEAN_FIELD_BETHE, p, beta);
    double off = INFINITY;
    if (f.best.m && f.distinct == 1 && f.converged == f.starts) {
        off = fabs(f.best.ln_z - e.ln_z) / fmax(1, fabs(e.ln_z));
        off = fmax(off, fabs(f.best.energy - e.energy) /
                            fmax(1, fabs(e.energy)));
        for (int i = 0; i < SITES; i++)
            off = fmax(off, fabs(f.best.m[i] - e.m[i]));
        off = fmax(off, f.best.stability);
    }
    mean_field_release(&f);
    pairs_free(p);
    return off;
}

static void check_trees(void)
{
    near(tree_off(1, false, 0.8), 0, 1e-13, "tree: exact, from every start");
    near(tree_off(1, false, 30), 0, 1e-12, "cold");
    near(tree_off(1, true, 2.5), 0, 1e-13, "with spins held");
    near(tree_off(1, true, -1.5), 0, 1e-13, "negative beta");
    near(tree_off(1e4, false, 1), 0, 1e-12, "couplings of 10^4");
    near(tree_off(1, false, 0), 0, 1e-13, "beta = 0");
    struct pairs *p = tree(1, false);
    struct belief b = belief_new(p, 0, 0.8);
    struct exact e = enumerate(p, 0.8);
    double u[16] = {0}, m[SITES], c[8], off = 0;
    belief_sweep(&b, u, 0);
    belief_sweep(&b, u, 0);
    ok(belief_sweep(&b, u, 0) > 1e-3 && belief_sweep(&b, u, 0) < 1e-15,
       "settled after sweeps there, back, and there");
    belief_means(&b, u, m, c);
    for (int i = 0; i < p->bonds; i++)
        off = fmax(off, fabs(c[i] - e.c[i]));
    near(off, 0, 1e-14, "pair correlations of a tree");
    u[3] += 0.01;
    belief_means(&b, u, m, c);
    off = 0;
    for (int i = 0; i < SITES; i++)
        off = fmax(off, fabs(m[i] - e.m[i]));
    ok(off > 1e-4, "mutant rejected: one message moved");
    belief_release(&b);
    pairs_free(p);
}

/* ---- loops ------------------------------------------------------------- */

static void check_petersen(void)
{
    struct pairs *p = petersen(false), *unlike = petersen(true);
    struct mean_field_found f = solve(MEAN_FIELD_BETHE, p, 0.4);
    near(f.best.ln_z, 10 * log(2) + 15 * log(cosh(0.4)), 1e-13,
         "Petersen's graph, warm: N ln 2 + 15 ln cosh K");
    near(f.best.stability, 2 * tanh(0.4), 1e-12, "stability 2 tanh K");
    mean_field_release(&f);
    f = solve(MEAN_FIELD_BETHE, p, 1);
    near(f.best.m[7], 0.991757003208, 1e-12, "cold: m of the Bethe lattice");
    near(f.best.ln_z / 10, 1.503158694322, 1e-12, "and its ln Z / N");
    ok(f.distinct == 2 && f.other.m && f.other.stability > 1 &&
       fabs(f.other.m[0]) < 1e-10, "m = 0 is the other one, unstable");
    mean_field_release(&f);
    f = solve(MEAN_FIELD_BETHE, unlike, 0.7);
    near(mean_field_residual(unlike, 0, 0.7, f.best.m, bethe_field), 0, 1e-24,
         "unlike couplings: stationary for Bethe's ln Z");
    struct exact e = enumerate(unlike, 0.7);
    ok(fabs(f.best.ln_z - e.ln_z) < 0.3 && fabs(f.best.ln_z - e.ln_z) > 1e-6,
       "near the exact ln Z, not on it");
    near(pairs_exact_ln_z(unlike, 0, 0.7), e.ln_z, 1e-13,
         "ln Z by a walk through all states");
    mean_field_release(&f);
    pairs_free(p);
    pairs_free(unlike);
}

/* ---- bounds ------------------------------------------------------------ */

/* The largest fall of ln Z in sweeps of one kind. */
static double fall(enum mean_field_kind kind, const struct pairs *p,
                   double beta)
{
    struct mean_field_task task = {.kind = kind, .pairs = p, .beta = beta};
    double last = -INFINITY, most = 0, m[SITES];
    for (int i = 0; i < SITES; i++)
        m[i] = 0.9 * sin(3.0 * i);
    for (int sweep = 0; sweep < 30; sweep++) {
        double now = kind == MEAN_FIELD_TAP ? tap_ln_z(p, 0, beta, m)
                                            : naive_mf_ln_z(p, 0, beta, m);
        most = fmax(most, last - now);
        last = now;
        mean_field_sweep(&task, m);
    }
    return most;
}

static void check_bounds(void)
{
    struct pairs *p = petersen(true);
    for (double beta = 0.25; beta < 5; beta *= 2) {
        struct exact e = enumerate(p, beta);
        struct mean_field_found f = solve(MEAN_FIELD_NAIVE, p, beta);
        ok(f.converged == f.starts && f.best.ln_z < e.ln_z,
           "beta = %g: all starts settle, below ln Z", beta);
        ok(!f.other.m || f.other.ln_z <= f.best.ln_z, "the highest is kept");
        double entropy = 0;
        for (int i = 0; i < SITES; i++)
            entropy += spin_entropy(f.best.m[i]);
        near(f.best.entropy, entropy, 1e-12, "S = ln Z + beta u is that of q");
        mean_field_release(&f);
        near(fall(MEAN_FIELD_NAIVE, p, beta), 0, 1e-12,
             "naive mean field: no sweep lowers ln Z");
        near(fall(MEAN_FIELD_TAP, p, beta), 0, 1e-12, "TAP: likewise");
    }
    pairs_free(p);
}

/* ---- fixed points ------------------------------------------------------ */

static double turn(void *with, double *x, double damping)
{
    double angle = *(double *)with, c = cos(angle), s = sin(angle);
    double a = c * x[0] - s * x[1], b = s * x[0] + c * x[1];
    double moved = fmax(fabs(a - x[0]), fabs(b - x[1]));
    x[0] = damping * x[0] + (1 - damping) * a;
    x[1] = damping * x[1] + (1 - damping) * b;
    return moved;
}

static struct fixed_end turned(double angle, double damping)
{
    double x[2] = {1, 0};
    struct fixed_point problem = {.count = 2, .x = x, .sweep = turn,
                                  .with = &angle, .damping = damping,
                                  .tolerance = 1e-12, .most = 1000};
    return fixed_point_solve(&problem);
}

static void check_fates(void)
{
    struct fixed_end end = turned(2 * acos(-1) / 5, 0);
    ok(end.fate == FIXED_OSCILLATING && end.period == 5,
       "a turn by a fifth oscillates with period 5");
    end = turned(1, 0);
    ok(end.fate == FIXED_WANDERING, "one by a radian wanders");
    end = turned(1, 0.5);
    double rate = cos(0.5);
    ok(end.fate == FIXED_CONVERGED, "half of it settles");
    ok(turned(1e-4, 0).fate == FIXED_CREEPING, "one by 1e-4 creeps");
    near(end.off / end.residual, rate / (1 - rate), 0.3 * rate / (1 - rate),
         "and says how far off it still is");
}

/* ---- powers ------------------------------------------------------------- */

/* Eigenvalues 0.9 e^(+-i), -0.5, and r, -r of what swaps two numbers. */
static double times(const void *with, const double *v, double *out)
{
    double r = *(const double *)with, square = 0;
    out[0] = 0.9 * (cos(1) * v[0] - sin(1) * v[1]);
    out[1] = 0.9 * (sin(1) * v[0] + cos(1) * v[1]);
    out[2] = -0.5 * v[2];
    out[3] = r * v[4];
    out[4] = r * v[3];
    for (int i = 0; i < 5; i++)
        square += out[i] * out[i];
    return sqrt(square);
}

static void check_powers(void)
{
    const double swap[] = {1.2, 0.3, 0};
    const double modulus[] = {1.2, 0.9, 0.9};
    for (int i = 0; i < 3; i++) {
        double v[5] = {1, 0.3, 2, 0.4, -0.9}, error;
        struct power power = {5, times, &swap[i]};
        double found = power_modulus(&power, v, 200, &error);
        ok(fabs(found - modulus[i]) <= error + 1e-13 && error < 0.05,
           "modulus %g: %.12g +- %.2g", modulus[i], found, error);
    }
    double v[5] = {0, 0, 0, 1, 1}, error;
    struct power power = {5, times, &swap[2]};
    ok(power_modulus(&power, v, 200, &error) == 0 && error == 0,
       "0 where powers vanish");
}

int main(void)
{
    check_powers();
    check_messages();
    check_trees();
    check_petersen();
    check_bounds();
    check_fates();
    return tap_done();
}
