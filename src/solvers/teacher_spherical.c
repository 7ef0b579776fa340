/* A perceptron of real weights on a sphere learns alpha N examples whose labels
   a teacher of the same kind gives, no noise: Gibbs learning (any student that
   makes no error), Bayes' prediction, the Hebb rule, the student of maximum
   stability. With H, phi, Dt and g = sqrt(R/(1 - R)) of systems/teacher.h,
   r = R/sqrt(1 - R^2), c = kappa/sqrt(1 - R^2):

     Gibbs      R = 2 alpha int Dt phi(g t)^2 / H(g t)
     Bayes      the overlap of the optimal prediction is sqrt R
     Hebb       R = 1 / sqrt(1 + pi/(2 alpha))
     stability  r = alpha sqrt(2/pi) [c H(-c) + phi(c)]
                1 = 2 alpha int_0^oo Dv excess(c - r v)

   (excess: stat/probit.h; the limit q -> 1 of the replica equations at margin
   kappa). All are solved backwards: R, or r, gives alpha. */
#include <gsl/gsl_integration.h>
#include <math.h>
#include <string.h>

#include "core/solver.h"
#include "stat/probit.h"
#include "stat/root.h"
#include "systems/teacher.h"

#define TEACHER_SPHERICAL_KEYS(KEY)                                          \
    KEY(real, alpha, "2.0", 0, 1e6, NULL, "examples/weight", 0,              \
        "examples per weight")                                               \
    KEY(text, rule, "gibbs", 0, 0, "gibbs|bayes|hebb|maxstab", "", 0,        \
        "whose overlap and generalization_error have no prefix")
PARAM_STRUCT(teacher_spherical_keys, TEACHER_SPHERICAL_KEYS);
#define PARAM_ROW_teacher_spherical_keys(...)                                \
    PARAM_ROW(teacher_spherical_keys, __VA_ARGS__)
PARAM_TABLE(static, teacher_spherical_table, "teacher_spherical",
            teacher_spherical_keys, TEACHER_SPHERICAL_KEYS);

static const double PI = 0x1.921fb54442d18p1,
                    ROOT_2_PI = 0x1.9884533d43651p-1; /* sqrt(2/pi) */

/* Below, 1 - R is 1 to the rounding of R's error. */
static const double ALPHA_LEAST = 1e-30;

/* A rule's student: 1 - R, its error, relative. */
struct student { double apart, error; bool found; };

/* ---- Gibbs -------------------------------------------------------------- */

struct load { double alpha; int finer; };

/* In ln g. */
static double gibbs_misfit(double ln_g, void *with)
{
    const struct load *load = with;
    double g = exp(ln_g), R = g * g / (1 + g * g);
    return log(R / (2 * teacher_at(g, load->finer).slope) / load->alpha);
}

static struct root gibbs_gain(double alpha, int finer)
{
    struct load load = {alpha, finer};
    double guess = log(0.7 * sqrt(alpha) + alpha);
    return root_between(gibbs_misfit, &load, guess - 5, guess + 5);
}

/* ---- maximum stability -------------------------------------------------- */

/* r int_0^oo Dv excess(c - r v), by panels over x = r v: the integrand changes
   over distances of 1 and r. */
static double shortfall(double c, double r)
{
    enum { POINTS = 20 };
    double end = fmin(12 * r, c + 12), sum = 0;
    int panels = 1 + (int)(end / (2 * fmin(1, r)));
    gsl_integration_glfixed_table *rule =
        gsl_integration_glfixed_table_alloc(POINTS);
    for (int i = 0; i < panels * POINTS; i++) {
        double width = end / panels, low = width * (i / POINTS), x, weight;
        gsl_integration_glfixed_point(low, low + width, (size_t)(i % POINTS),
                                      &x, &weight, rule);
        sum += weight * probit_density(x / r) * probit_excess(c - x);
    }
    gsl_integration_glfixed_table_free(rule);
    return sum;
}

static double pull(double c)
{
    return ROOT_2_PI * (c * probit_tail(-c) + probit_density(c));
}

static double wedge_misfit(double c, void *with)
{
    double r = *(double *)with;
    return pull(c) - 2 * shortfall(c, r);
}

static struct root wedge_of(double r)
{
    return root_between(wedge_misfit, &r, 0, 3 + 3 / r);
}

static double stability_misfit(double ln_r, void *with)
{
    double r = exp(ln_r);
    struct root c = wedge_of(r);
    return c.found ? log(r / pull(c.x) / *(double *)with) : NAN;
}

/* r; *c = kappa / sqrt(1 - R^2). */
static struct root most_stable(double alpha, struct root *c)
{
    double guess = log(sqrt(alpha) + alpha / 2);
    struct root ln_r = root_between(stability_misfit, &alpha, guess - 3,
                                    guess + 3);
    struct root r = {exp(ln_r.x), ln_r.width, ln_r.found};
    *c = ln_r.found ? wedge_of(r.x) : ln_r;
    r.found = r.found && c->found;
    return r;
}

/* ---- answers ------------------------------------------------------------ */

static double apart_of_r(double r)
{
    double root = sqrt(1 + r * r);
    return 1 / (root * (root + r));
}

enum { GIBBS, BAYES, HEBB, MAXSTAB, RULES };
static const char *const rule_name[RULES] = {"gibbs", "bayes", "hebb",
                                             "maxstab"};

static void add_student(struct solution *solution, struct student s,
                        const char *overlap, const char *error)
{
    double eps = teacher_disagreement(s.apart);
    double moved = teacher_disagreement(s.apart * (1 + s.error));
    if (!s.found) {
        solution_warn(solution, "%s: the saddle point was not solved",
                      overlap);
        return;
    }
    solution_add(solution, overlap, 1 - s.apart,
                 s.apart * s.error + 2e-16, "1");
    solution_add(solution, error, eps, fabs(moved - eps) + 2e-16 * eps, "1");
}

/* ln(volume of students without error / whole sphere) / N */
static double entropy(double alpha, double g, int finer)
{
    double R = g * g / (1 + g * g);
    return -0.5 * log1p(g * g) + 0.5 * R -
           alpha * teacher_at(g, finer).information;
}

static void add_gibbs(double alpha, struct student student[RULES],
                      struct solution *solution)
{
    struct root rough = gibbs_gain(alpha, 0), fine = gibbs_gain(alpha, 1);
    double g = exp(fine.x), rest = 1 / (1 + g * g);
    double step = fabs(fine.x - rough.x) + fine.width + 1e-15;
    double root = sqrt(1 - rest);
    bool found = rough.found && fine.found;
    student[GIBBS] = (struct student){rest, 2 * step, found};
    student[BAYES] = (struct student){rest / (1 + root), 3 * step, found};
    if (!found)
        return;
    double s = entropy(alpha, g, 1), told = teacher_at(g, 1).information;
    solution_add(solution, "entropy_per_site", s,
                 fabs(s - entropy(alpha, exp(rough.x), 0)) +
                     1e-15 * (1 + fabs(s)), "nats");
    solution_add(solution, "information_gain", told,
                 fabs(told - teacher_at(exp(rough.x), 0).information) +
                     1e-15 * told, "nats/example");
}

static struct student hebb(double alpha)
{
    return (struct student){apart_of_r(sqrt(2 * alpha / PI)), 4e-16, true};
}

static struct student stable(double alpha, struct solution *solution)
{
    struct root c, r = most_stable(alpha, &c);
    double kappa = c.x / sqrt(1 + r.x * r.x);
    double error = 1e-12 + r.width;
    if (r.found)
        solution_add(solution, "kappa", kappa, kappa * 2 * error, "1");
    return (struct student){apart_of_r(r.x), 2 * error, r.found};
}

/* alpha * eps as alpha -> oo; of Hebb sqrt(alpha) * eps. */
static void add_laws(struct solution *solution)
{
    const double far = 1e9;
    double K = far * teacher_at(far, 1).slope * sqrt(2 * PI);
    struct root c = wedge_of(far);
    solution_add(solution, "gibbs_law", 1 / (sqrt(PI) * K), 1e-14, "1");
    solution_add(solution, "bayes_law", 1 / (sqrt(2 * PI) * K), 1e-14, "1");
    if (c.found)
        solution_add(solution, "maxstab_law", 1 / (PI * pull(c.x)), 1e-11,
                     "1");
    solution_add(solution, "hebb_law", 1 / sqrt(2 * PI), 0, "1");
}

/* No examples: nothing is known, any direction is as good. */
static void untaught(struct student student[RULES],
                     struct solution *solution)
{
    for (int k = 0; k < RULES; k++)
        student[k] = (struct student){1, 0, true};
    solution_add(solution, "entropy_per_site", 0, 0, "nats");
    solution_add(solution, "information_gain", log(2), 0, "nats/example");
}

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    static const char *const overlap[RULES] = {
        "gibbs_overlap", "bayes_overlap", "hebb_overlap", "maxstab_overlap"};
    static const char *const error[RULES] = {
        "gibbs_generalization_error", "bayes_generalization_error",
        "hebb_generalization_error", "maxstab_generalization_error"};
    double alpha = section_real(keys, "alpha", 0);
    const char *rule = section_text(keys, "rule", "gibbs");
    struct student student[RULES];
    (void)err;
    if (alpha < ALPHA_LEAST) {
        untaught(student, solution);
    } else {
        add_gibbs(alpha, student, solution);
        student[HEBB] = hebb(alpha);
        student[MAXSTAB] = stable(alpha, solution);
    }
    for (int k = 0; k < RULES; k++)
        if (!strcmp(rule, rule_name[k]))
            add_student(solution, student[k], "overlap",
                        "generalization_error");
    for (int k = 0; k < RULES; k++)
        add_student(solution, student[k], overlap[k], error[k]);
    add_laws(solution);
}

const struct solver solver_teacher_spherical = {
    .name = "teacher_spherical",
    .family = FAMILY_REPLICA,
    .summary = "spherical perceptron and teacher: Gibbs, Bayes, Hebb, "
               "maximum stability, entropy",
    .source = "Gyorgyi and Tishby 1990; Opper and Haussler 1991, Phys. Rev. "
              "Lett. 66, 2677; Opper, Kinzel, Kleinz and Nehl 1990, J. Phys. "
              "A 23, L581; Vallet 1989",
    .holds = "infinitely many weights, labels without noise, any alpha; "
             "replica symmetry is exact",
    .keys = &teacher_spherical_table,
    .solve = solve};
