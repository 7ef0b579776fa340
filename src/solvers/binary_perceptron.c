/* Weights -1, +1 that give alpha N random examples stabilities y w.x / sqrt(N)
   > kappa: how many there are (Krauth and Mezard, J. Phys. France 50, 3057
   (1989)). Replica symmetric, q the overlap of two solutions, q_hat = b^2 its
   field, x = (kappa - sqrt(q) z) / sqrt(1 - q),

     s = -q_hat (1 - q)/2 + int Dz ln 2 cosh(b z) + alpha int Dz ln H(x),
     q = int Dz tanh^2(b z),   q_hat = alpha int Dz R(x)^2 / (1 - q),
     replicon = 1 - alpha int Dz R'(x)^2 int Dz sech^4(b z) / (1 - q)^2.

   Solved backwards: b gives q, that alpha, and s. alpha_c is where s = 0: there
   the number of solutions drops to none, long before q is 1 (Krauth and Mezard;
   Ding and Sun 2018). Beyond, the system freezes (one step of replica symmetry
   breaking with an inner overlap of 1): with W = e^-beta + (1 - e^-beta) H in
   place of H, ground_energy is the number of errors per weight at the beta_c
   where the entropy of the symmetric solution,

     s + beta * errors, s with ln W,

   is 0, and nothing changes at lower temperature. */
#include "core/solver.h"
#include "stat/probit.h"
#include "stat/root.h"
#include "stat/tanh_average.h"

#define BINARY_KEYS(KEY)                                                     \
    KEY(real, alpha, "0.5", 0, 1e4, NULL, "examples/weight", 0,              \
        "load: examples per weight")                                         \
    KEY(real, kappa, "0.0", -4, 100, NULL, "", 0, "stability asked for")
PARAM_STRUCT(binary_keys, BINARY_KEYS);
#define PARAM_ROW_binary_keys(...) PARAM_ROW(binary_keys, __VA_ARGS__)
PARAM_TABLE(static, binary_table, "binary_perceptron", binary_keys,
            BINARY_KEYS);

enum { Q, Q_HAT, S, ENERGY, REPLICON, ALPHA, RESULTS };

struct point { double alpha, kappa, beta, ln_b; };

/* Everything from ln b; the load is what makes b^2 a solution. */
static void state(const struct point *p, double ln_b, int finer,
                  double value[RESULTS])
{
    double b = exp(ln_b), hat = b * b;
    struct tanh_average t = tanh_average(0, b);
    double gap = fmin(t.sech2, 1);
    struct probit_examples e = probit_examples(p->kappa, gap, p->beta, finer);
    double alpha = hat * gap / e.square;
    value[Q] = t.tanh2;
    value[Q_HAT] = hat;
    value[ALPHA] = alpha;
    value[ENERGY] = alpha * e.wrong;
    value[S] = t.ln_2cosh - 0.5 * hat * gap + alpha * e.ln +
               (alpha * e.wrong > 0 ? p->beta * alpha * e.wrong : 0);
    value[REPLICON] = 1 - alpha * e.slope2 * t.sech4 / (gap * gap);
}

/* ---- lines and points ---------------------------------------------------- */

static double entropy_at(double ln_b, void *with)
{
    double value[RESULTS];
    state(with, ln_b, 0, value);
    return value[S];
}

static struct root capacity(const struct point *p)
{
    return root_between(entropy_at, (void *)p, -7, 12);
}

static double load_misfit(double ln_b, void *with)
{
    const struct point *p = with;
    double value[RESULTS];
    state(p, ln_b, 0, value);
    return log(value[ALPHA] / p->alpha);
}

/* ln b at the load, up to a b beyond which there is nothing to look for. */
static struct root field(const struct point *p, double most)
{
    return root_between(load_misfit, (void *)p, -340, most);
}

/* The entropy at inverse temperature e^ln_beta. */
static double frozen_misfit(double ln_beta, void *with)
{
    struct point *p = with;
    double value[RESULTS];
    p->beta = exp(ln_beta);
    struct root r = field(p, 12);
    p->ln_b = r.x;
    if (!r.found)
        return NAN;
    state(p, r.x, 0, value);
    return value[S];
}

/* ---- answers ------------------------------------------------------------- */

static void add(const char *name, const char *unit, double value,
                double next, double finer, struct solution *solution)
{
    solution_add(solution, name, value, fabs(next - value) +
                 fabs(finer - value) + 2e-15 * fmax(1, fabs(value)), unit);
}

static void satisfiable(const struct point *p, double top,
                        struct solution *solution)
{
    double value[RESULTS], next[RESULTS], finer[RESULTS];
    struct root r = {-INFINITY, 0, true};
    if (p->alpha > 0)
        r = field(p, top);
    if (!r.found) {
        solution_warn(solution, "the saddle point was not found");
        return;
    }
    state(p, r.x, 0, value);
    state(p, r.x + r.width, 0, next);
    state(p, r.x, 1, finer);
    static const char *const name[] = {[Q] = "q", [Q_HAT] = "q_hat",
                                       [S] = "entropy_per_site",
                                       [REPLICON] = "replicon"};
    static const int order[] = {S, Q, Q_HAT, REPLICON};
    for (int i = 0; i < 4; i++) {
        int k = order[i];
        add(name[k], k == S ? "nats" : "1", value[k], next[k], finer[k],
            solution);
    }
    solution->phase = value[REPLICON] < -1e-9
                          ? "satisfiable, replica symmetry broken"
                          : "satisfiable";
    if (value[REPLICON] < -1e-9)
        solution_warn(solution, "replica symmetry is broken (replicon %.3g < "
                      "0): an approximation", value[REPLICON]);
}

static void unsatisfiable(struct point p, double most,
                          struct solution *solution)
{
    double value[RESULTS], next[RESULTS], finer[RESULTS];
    /* beta_c diverges at alpha_c, at high loads it falls to 0 */
    struct root r = root_between(frozen_misfit, &p, log(1e-3), log(40));
    solution->phase = "unsatisfiable";
    if (!r.found && p.alpha < most * (1 + 1e-9)) {
        solution_add(solution, "ground_energy", 0, 1e-9, "errors");
        return;
    }
    if (!r.found) {
        solution_warn(solution, "no freezing temperature between 1/40 and "
                      "1000: ground_energy is left out");
        return;
    }
    frozen_misfit(r.x + r.width, &p);
    state(&p, p.ln_b, 0, next);
    frozen_misfit(r.x, &p);
    state(&p, p.ln_b, 0, value);
    state(&p, p.ln_b, 1, finer);
    /* the energy moves with s / beta */
    double slack = 1e-14 / p.beta;
    solution_add(solution, "entropy_per_site", 0, 0, "nats");
    add("ground_energy", "errors", value[ENERGY], next[ENERGY] + slack,
        finer[ENERGY], solution);
    add("training_error", "1", value[ENERGY] / p.alpha,
        (next[ENERGY] + slack) / p.alpha, finer[ENERGY] / p.alpha, solution);
    solution_add(solution, "beta_c", p.beta, p.beta * (r.width + 1e-12), "1");
    add("q", "1", value[Q], next[Q] + 1e-13, finer[Q], solution);
    add("q_hat", "1", value[Q_HAT], next[Q_HAT] + 1e-13, finer[Q_HAT],
        solution);
    add("replicon", "1", value[REPLICON], next[REPLICON] + 1e-13,
        finer[REPLICON], solution);
    if (value[REPLICON] < -1e-9)
        solution_warn(solution, "replica symmetry breaks before it freezes "
                      "(replicon %.3g < 0): an approximation",
                      value[REPLICON]);
}

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    struct point p = {.alpha = section_real(keys, "alpha", 0),
                      .kappa = section_real(keys, "kappa", 0),
                      .beta = INFINITY};
    struct root top = capacity(&p);
    double value[RESULTS], next[RESULTS];
    (void)err;
    if (!top.found) {
        solution_warn(solution, "the capacity was not found");
        return;
    }
    state(&p, top.x, 1, value);
    state(&p, top.x + top.width, 0, next);
    add("alpha_c", "examples/weight", value[ALPHA], next[ALPHA],
        value[ALPHA], solution);
    add("q_c", "1", value[Q], next[Q], value[Q], solution);
    if (p.alpha <= value[ALPHA])
        satisfiable(&p, top.x + 1e-12, solution);
    else
        unsatisfiable(p, value[ALPHA], solution);
}

const struct solver solver_binary_perceptron = {
    .name = "binary_perceptron",
    .family = FAMILY_REPLICA,
    .summary = "perceptron of weights -1, +1, random labels: how many weights "
               "make no error, their overlap, the capacity; the fewest "
               "errors beyond it",
    .source = "Krauth and Mezard 1989, J. Phys. France 50, 3057: replica "
              "symmetric entropy, 0 at capacity; Ding and Sun 2018, "
              "arXiv:1809.07742 (a proof at kappa = 0 of the lower bound)",
    .holds = "infinitely many weights, kappa from -4; right where the "
             "replicon is positive. Typical solutions are isolated from each "
             "other at any alpha > 0 (Huang and Kabashima 2014); rare dense "
             "clusters, which algorithms find, do not show in these numbers",
    .keys = &binary_table,
    .solve = solve};
