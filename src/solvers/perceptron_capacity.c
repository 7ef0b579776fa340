/* The capacity of the spherical perceptron: the largest alpha = P/N at which
   weights |w|^2 = N give P random inputs their random labels with stabilities
   y w.x / sqrt(N) > kappa (Gardner, J. Phys. A 21, 257 (1988)),

     1/alpha_c = int_{-kappa}^inf Dt (t + kappa)^2
               = (1 + kappa^2) Phi(kappa) + kappa phi(kappa),

   where the overlap q of two solutions reaches 1. At alpha_c a fraction
   Phi(kappa) of the examples has exactly kappa, and the replicon is
   1 - alpha_c Phi(kappa): 0 at kappa = 0, positive above, negative below,
   where the space of solutions is not convex: there replica symmetry breaks at
   alpha_at already,

     alpha = q / ((1 - q) int Dz R(x)^2),   alpha int Dz R'(x)^2 = 1,
     x = (kappa - sqrt(q) z) / sqrt(1 - q),

   and the true capacity is lower. */
#include "core/solver.h"
#include "stat/probit.h"
#include "stat/root.h"

#define CAPACITY_KEYS(KEY)                                                   \
    KEY(real, kappa, "0.0", -8, 1e6, NULL, "", 0, "stability asked for")     \
    KEY(real, alpha, "0.0", 0, 1e12, NULL, "examples/weight", 0,             \
        "the inverse: the highest stability at this load; 0: not asked")
PARAM_STRUCT(capacity_keys, CAPACITY_KEYS);
#define PARAM_ROW_capacity_keys(...) PARAM_ROW(capacity_keys, __VA_ARGS__)
PARAM_TABLE(static, capacity_table, "perceptron_capacity", capacity_keys,
            CAPACITY_KEYS);

/* ---- the inverse --------------------------------------------------------- */

static double excess_misfit(double kappa, void *with)
{
    return log(probit_excess(kappa) * *(double *)with);
}

/* excess(k) > k^2 for k > 0 */
static void add_inverse(double alpha, struct solution *solution)
{
    struct root kappa = root_between(excess_misfit, &alpha, -8,
                                     1 / sqrt(alpha));
    if (kappa.found)
        solution_add(solution, "kappa_max", kappa.x,
                     kappa.width + 1e-15 * fmax(1, fabs(kappa.x)), "1");
    else
        solution_warn(solution, "the stability at alpha = %.3g was not found: "
                      "it is below -8 or beyond 1e150", alpha);
}

/* ---- the line of de Almeida and Thouless --------------------------------- */

struct line { double kappa, alpha; int finer; };

static double replicon(double ln_gap, void *with)
{
    struct line *line = with;
    double gap = exp(ln_gap);
    struct probit_examples e = probit_examples(line->kappa, gap, INFINITY,
                                               line->finer);
    line->alpha = (1 - gap) / (gap * e.square);
    return 1 - line->alpha * e.slope2;
}

/* Far below 0 the line lies beyond capacity: no continuous breaking. */
static void add_line(double kappa, struct solution *solution)
{
    struct line line = {.kappa = kappa}, finer = {.kappa = kappa, .finer = 1};
    struct root r = root_between(replicon, &line, -40, log1p(-1e-9));
    if (r.found)
        replicon(r.x, &line);
    if (!r.found || line.alpha > 1 / probit_excess(kappa)) {
        solution_warn(solution, "there is no alpha_at below alpha_c");
        return;
    }
    replicon(r.x + r.width, &finer);
    solution_add(solution, "alpha_at", line.alpha,
                 fabs(finer.alpha - line.alpha) + 1e-14 * line.alpha,
                 "examples/weight");
    solution_add(solution, "q_at", -expm1(r.x), r.width * exp(r.x) + 1e-15,
                 "1");
}

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    double kappa = section_real(keys, "kappa", 0);
    double alpha = section_real(keys, "alpha", 0);
    double most = 1 / probit_excess(kappa), support = probit_tail(-kappa);
    (void)err;
    solution_add(solution, "alpha_c", most, 0, "examples/weight");
    solution_add(solution, "support_fraction", support, 0, "1");
    solution_add(solution, "replicon", kappa == 0 ? 0 : 1 - most * support,
                 0, "1");
    solution->phase = kappa >= 0 ? "replica symmetric"
                                 : "replica symmetry broken";
    if (alpha > 0)
        add_inverse(alpha, solution);
    if (kappa >= 0)
        return;
    add_line(kappa, solution);
    solution_warn(solution, "kappa < 0: the solutions are no convex set, "
                  "replica symmetry breaks before alpha_c, which is above "
                  "the true capacity");
}

const struct solver solver_perceptron_capacity = {
    .name = "perceptron_capacity",
    .family = FAMILY_REPLICA,
    .summary = "spherical perceptron: how many random examples it can store "
               "at a stability, and the highest stability at a load",
    .source = "Gardner 1988, J. Phys. A 21, 257; Gardner and Derrida 1988, "
              "J. Phys. A 21, 271: 1/alpha_c = int_{-kappa}^inf Dt "
              "(t + kappa)^2",
    .holds = "infinitely many weights; exact for kappa >= 0 (kappa = 0: "
             "Cover's 2), an upper bound for kappa < 0, where replica "
             "symmetry is broken",
    .keys = &capacity_table,
    .solve = solve};
