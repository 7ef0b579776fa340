/* The de Almeida-Thouless line of the Sherrington-Kirkpatrick model: the
   temperature below which replica symmetry is broken in the field h,
     T^2 = <sech^4 w>, q = <tanh^2 w>, w = (h + sqrt q z)/T.
   At h = 0 it is 1; at large h it falls as 4/(3 sqrt(2 pi)) e^(-h^2/2), down
   to 1e-196 at the largest h taken. */
#include <string.h>

#include "core/solver.h"
#include "stat/root.h"
#include "stat/tanh_average.h"

#define SK_AT_KEYS(KEY)                                                      \
    KEY(real, h, "0.1", -30, 30, NULL, "energy", 0, "uniform field")
PARAM_STRUCT(sk_at_keys, SK_AT_KEYS);
#define PARAM_ROW_sk_at_keys(...) PARAM_ROW(sk_at_keys, __VA_ARGS__)
PARAM_TABLE(static, sk_at_table, "sk_at", sk_at_keys, SK_AT_KEYS);

struct point { double T, h; };

static double overlap_misfit(double q, void *with)
{
    const struct point *p = with;
    return tanh_average(p->h / p->T, sqrt(q) / p->T).tanh2 - q;
}

/* q at h > 0 */
static double overlap(double T, double h)
{
    struct point p = {T, h};
    return root_between(overlap_misfit, &p, 0, 1).x;
}

/* The replicon times T^2 / T^2, by ln T. */
static double stability(double ln_T, void *with)
{
    double h = *(double *)with, T = exp(ln_T), q = overlap(T, h);
    return 1 - tanh_average(h / T, sqrt(q) / T).sech4 / (T * T);
}

/* ln T of the line at h >= 0: above T = e^(-h^2/2) / 2 at any h, below 1. */
static struct root line(double h)
{
    return h > 0 ? root_between(stability, &h, -h * h / 2 - 0.9, 0)
                 : (struct root){0, 0, true};
}

static void solve(const struct section *keys, struct solution *solution,
                  struct err *err)
{
    double h = fabs(section_real(keys, "h", 0));
    struct root ln_T = line(h);
    (void)err;
    if (!ln_T.found) {
        solution_warn(solution, "T^2 = <sech^4 w> was not solved");
        return;
    }
    double T = exp(ln_T.x), error = T * (ln_T.width + 1e-14);
    solution_add(solution, "temperature_at", T, h > 0 ? error : 0, "energy");
    solution_add(solution, "q", h > 0 ? overlap(T, h) : 0,
                 h > 0 ? 1e-14 : 0, "1");
}

static double transition(const struct system *system, const double *lambda)
{
    (void)lambda;
    if (strcmp(system->model->name, "sk"))
        return NAN;
    double h = fabs(section_real(system->keys, "h", 0));
    struct root ln_T = h <= 30 ? line(h) : (struct root){0, 0, false};
    return ln_T.found ? exp(-ln_T.x) : NAN;
}

static const struct guide guides[] = {
    {.of = "beta", .at = transition,
     .says = "spin glass below, N infinite (de Almeida, Thouless 1978)"},
    {.of = NULL}};

static const char *refuses(const struct system *system, int points)
{
    (void)system;
    (void)points;
    return "sk_at knows the limit of infinitely many spins only";
}

const struct solver solver_sk_at = {
    .name = "sk_at",
    .summary = "Sherrington-Kirkpatrick model: de Almeida-Thouless line",
    .source = "de Almeida and Thouless 1978, J. Phys. A 11, 983: T^2 = "
              "<sech^4((sqrt q z + h)/T)>",
    .holds = "infinitely many spins, fields to 30; exact",
    .keys = &sk_at_table,
    .solve = solve,
    .refuses = refuses,
    .guides = guides};
