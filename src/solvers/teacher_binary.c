/* A perceptron of weights -1, +1 learns alpha N examples of a teacher of the
   same kind, no noise, no error left (T = 0). Two students and the teacher
   have the same overlap R; with g = sqrt(R/(1 - R)), H, phi, Dt as in
   systems/teacher.h,

     R     = int Dz tanh^2(sqrt(h) z + h),
     h     = 2 alpha int Dt phi(g t)^2 / H(g t) / (1 - R),
     s     = -h (1 + R)/2 + int Dz ln 2 cosh(sqrt(h) z + h)
             + 2 alpha int Dt H(g t) ln H(g t)

   (Gyorgyi, Phys. Rev. A 41, 7097 (1990); Seung, Sompolinsky, Tishby, Phys.
   Rev. A 45, 6056 (1992)). The field h gives R and then alpha: from 0 it rises
   to the spinodal alpha_sp and falls again (unstable states). R = 1, s = 0 is a
   solution too: the teacher itself. Where s of the curve falls below 0, at
   alpha_it, hardly anything but the teacher is left. */
#include <math.h>

#include "core/solver.h"
#include "stat/root.h"
#include "stat/tanh_average.h"
#include "systems/teacher.h"

#define TEACHER_BINARY_KEYS(KEY)                                             \
    KEY(real, alpha, "1.0", 0, 1e6, NULL, "examples/weight", 0,              \
        "examples per weight")
PARAM_STRUCT(teacher_binary_keys, TEACHER_BINARY_KEYS);
#define PARAM_ROW_teacher_binary_keys(...)                                   \
    PARAM_ROW(teacher_binary_keys, __VA_ARGS__)
PARAM_TABLE(static, teacher_binary_table, "teacher_binary",
            teacher_binary_keys, TEACHER_BINARY_KEYS);

enum { R, ERROR, BAYES, S, TOLD, FIELD, RESULTS };

struct state { double alpha, value[RESULTS]; };

static struct state state_at(double h, int finer)
{
    struct tanh_average t = tanh_average(h, sqrt(h));
    double rest = t.sech2, kept = t.tanh2;
    struct teacher told = teacher_at(sqrt(kept / rest), finer);
    struct state s = {.alpha = h * rest / (2 * told.slope)};
    s.value[R] = kept;
    s.value[ERROR] = teacher_disagreement(rest);
    s.value[BAYES] = teacher_disagreement(rest / (1 + sqrt(kept)));
    s.value[S] = t.ln_2cosh - h * (1 + kept) / 2 -
                 s.alpha * told.information;
    s.value[TOLD] = told.information;
    s.value[FIELD] = h;
    return s;
}

/* ---- the curve ---------------------------------------------------------- */

struct goal { double alpha; int finer; };

static double load_at(double h, void *with)
{
    return state_at(h, ((struct goal *)with)->finer).alpha;
}

static double load_misfit(double h, void *with)
{
    const struct goal *goal = with;
    return load_at(h, with) / goal->alpha - 1;
}

static double entropy_at(double h, void *with)
{
    return state_at(h, ((struct goal *)with)->finer).value[S];
}

struct line { struct root spinodal, even; };

static struct line line_of(int finer)
{
    struct goal goal = {.finer = finer};
    struct line line = {.spinodal = peak_between(load_at, &goal, 0.5, 60, 25)};
    line.even = line.spinodal.found
                    ? root_between(entropy_at, &goal, 0.1, line.spinodal.x)
                    : line.spinodal;
    return line;
}

/* ---- answers ------------------------------------------------------------ */

static const char *const plain[RESULTS] = {
    "overlap", "generalization_error", "bayes_generalization_error",
    "entropy_per_site", "information_gain", "field"};
static const char *const metastable[RESULTS] = {
    "metastable_overlap", "metastable_generalization_error",
    "metastable_bayes_generalization_error", "metastable_entropy_per_site",
    "metastable_information_gain", "metastable_field"};
static const char *const unit[RESULTS] = {"1", "1", "1", "nats",
                                          "nats/example", "1"};

/* The teacher itself. */
static void add_perfect(const char *const *name, struct solution *solution)
{
    for (int k = R; k <= TOLD; k++)
        solution_add(solution, name[k], k == R, 0, unit[k]);
}

static void add_poor(double alpha, struct root spinodal,
                     const char *const *name, struct solution *solution)
{
    double low = fmin(alpha, 1) / 10;
    struct root h[2];
    for (int finer = 0; finer < 2; finer++) {
        struct goal goal = {alpha, finer};
        h[finer] = root_between(load_misfit, &goal, low, spinodal.x);
    }
    if (!h[0].found || !h[1].found) {
        solution_warn(solution, "the curve R(alpha) was not solved: very "
                      "near its end alpha_sp");
        return;
    }
    struct state s = state_at(h[1].x, 1), rough = state_at(h[0].x, 0);
    struct state next = state_at(h[1].x + h[1].width, 1);
    for (int k = 0; k < RESULTS; k++)
        solution_add(solution, name[k], s.value[k],
                     fabs(s.value[k] - rough.value[k]) +
                         fabs(next.value[k] - s.value[k]) + 1e-14, unit[k]);
}

static void add_line(struct line line, struct solution *solution)
{
    struct state spinodal = state_at(line.spinodal.x, 0);
    struct state finer = state_at(line.spinodal.x, 1);
    struct state even = state_at(line.even.x, 1);
    struct state next = state_at(line.even.x + line.even.width, 0);
    solution_add(solution, "alpha_it", even.alpha,
                 fabs(next.alpha - even.alpha) + 1e-13, "examples/weight");
    solution_add(solution, "overlap_it", even.value[R],
                 fabs(next.value[R] - even.value[R]) + 1e-13, "1");
    solution_add(solution, "alpha_sp", finer.alpha,
                 fabs(spinodal.alpha - finer.alpha) + 1e-13,
                 "examples/weight");
    solution_add(solution, "overlap_sp", finer.value[R], 1e-8, "1");
}

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    double alpha = section_real(keys, "alpha", 0);
    struct line line = line_of(1);
    (void)err;
    if (!line.even.found) {
        solution_warn(solution, "the transition was not found");
        return;
    }
    double even = state_at(line.even.x, 1).alpha;
    double last = state_at(line.spinodal.x, 1).alpha;
    bool poor = alpha <= last, first = alpha < even;
    solution->phase = first  ? "poor generalization; metastable: the teacher"
                      : poor ? "perfect generalization; metastable: poor"
                             : "perfect generalization";
    if (alpha == 0) {
        static const double nothing[RESULTS] = {0, 0.5, 0.5, 1, 1, 0};
        for (int k = 0; k < RESULTS; k++)
            solution_add(solution, plain[k],
                         nothing[k] * (k == S || k == TOLD ? log(2) : 1), 0,
                         unit[k]);
    } else if (poor) {
        add_poor(alpha, line.spinodal, first ? plain : metastable, solution);
    }
    if (poor && !first)
        solution_warn(solution,
                      "the metastable state has a negative entropy: a typical "
                      "sample has no such weights without error; beyond "
                      "alpha_sp nothing leads away from the teacher");
    add_perfect(first ? metastable : plain, solution);
    add_line(line, solution);
}

const struct solver solver_teacher_binary = {
    .name = "teacher_binary",
    .family = FAMILY_REPLICA,
    .summary = "binary perceptron and teacher: overlap, entropy, the jump to "
               "perfect generalization",
    .source = "Gyorgyi 1990, Phys. Rev. A 41, 7097; Seung, Sompolinsky and "
              "Tishby 1992, Phys. Rev. A 45, 6056",
    .holds = "infinitely many weights, labels without noise, T = 0, any "
             "alpha; replica symmetry is exact (Bayes optimal)",
    .keys = &teacher_binary_table,
    .solve = solve};
