/* Assignments against all permutations; overlaps of networks whose units were
   renamed and turned; entropies of probabilities that are known. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "contract.h"
#include "systems/assignment.h"
#include "systems/overlaps.h"
#include "systems/singular.h"
#include "tap.h"

enum { MOST = 6 };

static double uniform(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 40) / (1 << 24);
}

/* ---- assignments --------------------------------------------------------- */

/* The best of all permutations from place `at` on. */
static double best_of(int n, const double *gain, int *column, int at)
{
    double best = -INFINITY;
    if (at == n)
        return 0;
    for (int k = at; k < n; k++) {
        int kept = column[k];
        column[k] = column[at];
        column[at] = kept;
        double sum = gain[at * n + kept] + best_of(n, gain, column, at + 1);
        best = fmax(best, sum);
        column[at] = column[k];
        column[k] = kept;
    }
    return best;
}

/* Each row takes the best column that is left. */
static double greedy(int n, const double *gain)
{
    bool taken[MOST] = {false};
    double sum = 0;
    for (int i = 0; i < n; i++) {
        int best = -1;
        for (int j = 0; j < n; j++)
            if (!taken[j] && (best < 0 || gain[i * n + j] > gain[i * n + best]))
                best = j;
        taken[best] = true;
        sum += gain[i * n + best];
    }
    return sum;
}

static void test_assignments(void)
{
    double gain[MOST * MOST], off = 0, mutant = 0;
    uint64_t seed = 5;
    bool whole = true;
    for (int trial = 0; trial < 300; trial++) {
        int n = 1 + trial % MOST, column[MOST], order[MOST], seen = 0;
        double sum = 0;
        for (int i = 0; i < n * n; i++) /* many ties in every other one */
            gain[i] = trial % 2 ? floor(4 * uniform(&seed)) - 2
                                : 2 * uniform(&seed) - 1;
        for (int i = 0; i < n; i++)
            order[i] = i;
        double best = best_of(n, gain, order, 0);
        assignment_best(n, gain, column);
        for (int i = 0; i < n; i++) {
            seen |= 1 << column[i];
            sum += gain[i * n + column[i]];
        }
        whole = whole && seen == (1 << n) - 1;
        off = fmax(off, fabs(sum - best));
        mutant = fmax(mutant, best - greedy(n, gain));
    }
    ok(whole && off < 1e-12, "assignments: the best of all permutations");
    ok(mutant > 0.1, "mutant rejected: the best column that is left");
}

/* ---- networks ------------------------------------------------------------ */

static double *state_of(const struct system *system, int64_t walker)
{
    const struct draws draws = {.kind = STREAM_WORD, .seed = 3,
                                .walker = walker};
    double *w = mem_new(1, system->state_bytes);
    system_draw(system, 0, (const double[4]){0}, &draws, RNG_TEST, w);
    return w;
}

static double seen(const struct system *system, const char *name,
                   const void *a, const void *b, double *all)
{
    const struct observable *o = system->model->observables;
    double out[MOST * MOST];
    while (strcmp(o->name, name))
        o++;
    if (o->of_pair)
        o->of_pair(system, 0, a, b, all ? all : out);
    else
        o->of_state(system, 0, a, all ? all : out);
    return all ? all[0] : out[0];
}

/* Units in another order, every other one turned if odd: 3 inputs and a bias,
   one output. */
static double *renamed(const double *w, int units, bool odd)
{
    double *v = mem_copy(w, (size_t)(5 * units + 1), sizeof *v);
    for (int k = 0; k < units; k++) {
        int to = (k + 2) % units;
        double sign = odd && k % 2 ? -1 : 1;
        for (int i = 0; i < 3; i++)
            v[3 * to + i] = sign * w[3 * k + i];
        v[3 * units + to] = sign * w[3 * units + k];
        v[4 * units + to] = sign * w[4 * units + k];
    }
    return v;
}

static void test_units(const char *activation, bool odd)
{
    char act[40];
    double R[25], q[25], plain[25];
    snprintf(act, sizeof act, "activation=%s", activation);
    const char *const keys[SCENE_KEYS] = {"N=3", "examples=12", "layers=[5]",
                                          "precision=double", act};
    struct subject subject;
    if (!subject_make(&subject, "mlp", keys))
        return;
    const struct system *s = subject.system;
    double *teacher = mem_new(1, s->state_bytes), *w = state_of(s, 1);
    s->model->planted(s, 0, teacher);
    double *twin = renamed(teacher, 5, odd), *v = renamed(w, 5, odd);
    near(seen(s, "training_loss", twin, NULL, NULL),
         seen(s, "training_loss", teacher, NULL, NULL), 1e-14,
         "a renamed network is the same function");
    near(seen(s, "teacher_overlap", twin, NULL, NULL), 1, 1e-14,
         "overlap 1 with the teacher");
    near(seen(s, "output_overlap", w, v, NULL), 1, 1e-14, "outputs overlap");
    near(seen(s, "overlap", w, v, NULL), 1, 1e-14, "overlap 1 of two");
    ok(fabs(overlaps_cosine(15, w, v)) < 0.9,
       "mutant rejected: no renaming, %.2f", overlaps_cosine(15, w, v));
    near(seen(s, "teacher_overlap", v, NULL, NULL),
         seen(s, "teacher_overlap", w, NULL, NULL), 1e-14,
         "names do not matter");
    seen(s, "teacher_overlaps", twin, NULL, R);
    seen(s, "self_overlaps", twin, NULL, q);
    overlaps_products(5, 3, teacher, teacher, plain);
    double off = 0;
    for (int i = 0; i < 25; i++)
        off = fmax(off, fmax(fabs(R[i] - plain[i]), fabs(q[i] - plain[i])));
    ok(off < 1e-14, "R and Q of the teacher, renamed, are its own");
    seen(s, "pair_overlaps", w, v, R);
    seen(s, "self_overlaps", w, NULL, q);
    for (int i = 0; i < 25; i++)
        off = fmax(off, fabs(R[i] - q[i]));
    ok(off < 1e-14, "q of two that are the same up to names is Q");
    free(teacher);
    free(twin);
    free(w);
    free(v);
    subject_release(&subject);
}

/* ---- probabilities ------------------------------------------------------- */

/* Weights 0 but for the output's biases: the same probabilities everywhere. */
static void test_entropies(void)
{
    const char *const keys[SCENE_KEYS] = {"N=3", "examples=7", "layers=[2]",
                                          "precision=double", "classes=3"};
    struct subject subject;
    double logs[7], sum = 0;
    if (!subject_make(&subject, "mlp", keys))
        return;
    const struct system *s = subject.system;
    double *w = mem_new(1, s->state_bytes), *v = mem_new(1, s->state_bytes);
    double *bias = w + s->sites - 3;
    near(seen(s, "prediction_entropy", w, NULL, NULL), log(3), 1e-15,
         "nothing known of three classes: ln 3");
    bias[0] = log(2);
    near(seen(s, "prediction_entropy", w, NULL, NULL), 1.5 * log(2), 1e-15,
         "1/2, 1/4, 1/4: 3/2 ln 2");
    near(seen(s, "mixture_entropy", w, w, NULL), 1.5 * log(2), 1e-15,
         "a mixture with itself");
    bias[0] = 800;
    v[s->sites - 2] = 800;
    near(seen(s, "prediction_entropy", w, NULL, NULL), 0, 1e-15, "certain: 0");
    near(seen(s, "mixture_entropy", w, v, NULL), log(2), 1e-15,
         "of two that are certain of different classes: ln 2");
    near(seen(s, "disagreement", w, v, NULL), 1, 0, "who never agree");
    bias[0] = log(2);
    seen(s, "log_likelihood", w, NULL, logs);
    for (int i = 0; i < 7; i++)
        sum -= logs[i] / 7;
    near(sum, seen(s, "training_loss", w, NULL, NULL), 1e-14,
         "log likelihoods are the loss");
    free(w);
    free(v);
    subject_release(&subject);
}

/* ---- committees ---------------------------------------------------------- */

static void test_committee(void)
{
    const char *const keys[SCENE_KEYS] = {"N=15", "K=3", "tree=false",
                                          "examples=6"};
    struct subject subject;
    if (!subject_make(&subject, "committee", keys))
        return;
    const struct system *s = subject.system;
    int8_t *w = mem_new(1, s->state_bytes), *v = mem_new(1, s->state_bytes);
    s->model->planted(s, 0, w);
    for (int k = 0; k < 3; k++)
        memcpy(v + 15 * ((k + 1) % 3), w + 15 * k, 15);
    v[0] = (int8_t)-v[0];
    near(seen(s, "matched_teacher_overlap", v, NULL, NULL), 1 - 2. / 45,
         1e-15, "committee: renamed, one weight turned");
    near(seen(s, "matched_overlap", v, w, NULL), 1 - 2. / 45, 1e-15,
         "and as a pair");
    for (int i = 0; i < 15; i++)
        v[i] = (int8_t)-v[i];
    ok(seen(s, "matched_overlap", v, w, NULL) < 0.99,
       "committee: a unit must not be turned");
    free(w);
    free(v);
    subject_release(&subject);
}

/* ---- singular minima ----------------------------------------------------- */

static double slope_of(int power, const double *x, double *g)
{
    return power ? singular_power(power, 3, x, g) : singular_product(3, x, g);
}

/* Gradients and Hessian products against differences. */
static void test_singular(void)
{
    const double x[3] = {0.7, -1.3, 0.4}, v[3] = {0.3, 1, -0.8}, h = 1e-5;
    double off = 0, size = 0;
    for (int power = 0; power < 7; power = power ? power + 1 : 2) {
        double g[3], up[3], down[3], turned[3], y[3];
        slope_of(power, x, g);
        if (power)
            singular_power_hessian(power, 3, x, v, turned);
        else
            singular_product_hessian(3, x, v, turned);
        for (int sign = -1; sign < 2; sign += 2) {
            for (int i = 0; i < 3; i++)
                y[i] = x[i] + sign * h * v[i];
            slope_of(power, y, sign < 0 ? down : up);
        }
        double along = 0, plus, minus;
        for (int i = 0; i < 3; i++) {
            along += g[i] * v[i];
            y[i] = x[i] - h * v[i];
            off = fmax(off, fabs((up[i] - down[i]) / (2 * h) - turned[i]));
            size = fmax(size, fabs(turned[i]));
        }
        minus = slope_of(power, y, NULL);
        for (int i = 0; i < 3; i++)
            y[i] = x[i] + h * v[i];
        plus = slope_of(power, y, NULL);
        off = fmax(off, fabs((plus - minus) / (2 * h) - along));
    }
    ok(off < 1e-7 && size > 1, "singular minima: first and second "
       "derivatives, off by %.1g of %.1g", off, size);
}

int main(void)
{
    test_singular();
    test_assignments();
    test_units("tanh", true);
    test_units("relu", false);
    test_entropies();
    test_committee();
    return tap_done();
}
