/* Binary weights that learn: losses against their formulas; fixed instances
   of a perceptron and a tree committee, every state counted; random and
   teacher's examples against the law they are drawn from.

   Seeds are fixed. A mean over samples passes within 4.5 standard errors: for
   a new seed a false alarm once in 150000 comparisons, of which there are
   about 25. Each check must reject a mutant. */
#include "contract.h"
#include "graph_files.h"
#include "systems/patterns.h"

#define Z_MOST 4.5

static const char *const names[MARGIN_KINDS] = {
    "step", "perceptron", "hinge", "logistic", "symmetric", "linear"};

/* ---- losses -------------------------------------------------------------- */

static double formula(enum margin_kind kind, double t, double kappa)
{
    const double symmetric = fabs(t + kappa) > kappa;
    const double value[MARGIN_KINDS] = {t <= 0, fmax(0, -t), fmax(0, 1 - t),
                                        log1p(exp(-t)), symmetric, -t};
    return value[kind];
}

/* Largest difference, shifted: of a kappa that is off. */
static double loss_error(const char *name, double root, double kappa,
                         int64_t most, double shifted)
{
    struct margin m = margin_new(name, root, kappa, most, 1000);
    double worst = 0;
    for (int64_t f = -most; f <= most; f += 1 + most / 500) {
        double t = (double)f / root - kappa - shifted;
        worst = fmax(worst, fabs(m.unit * (double)margin_loss(&m, f) -
                                 formula(m.kind, t, kappa + shifted)));
    }
    margin_release(&m);
    return worst;
}

static void check_losses(void)
{
    for (int k = 0; k < MARGIN_KINDS; k++) {
        double small = loss_error(names[k], sqrt(15), 0.3, 15, 0);
        double large = loss_error(names[k], 1e5 * sqrt(1001), 0.3, 1 << 29,
                                  0);
        ok(small < 1e-6 && large < 1e-6, "loss %s by its formula: %.1e, %.1e",
           names[k], small, large);
        ok(loss_error(names[k], sqrt(15), 0.3, 15, 0.4) > 0.01,
           "mutant rejected: kappa off by 0.4");
    }
    struct margin m = margin_new("perceptron", sqrt(15), 0, 15, 1000);
    ok(m.digits == 0 && margin_loss(&m, -7) == 7 &&
       m.unit == 1 / sqrt(15), "kappa = 0: losses are fields");
    margin_release(&m);
}

static bool change_holds(const char *name, double root, int64_t most,
                         int64_t step, int64_t less)
{
    struct margin m = margin_new(name, root, 0.2, most, 1000);
    int64_t bound = margin_change(&m, step) - less;
    bool good = true;
    for (int64_t f = -most; f + step <= most; f++)
        good = good && llabs(margin_loss(&m, f + step) -
                             margin_loss(&m, f)) <= bound;
    margin_release(&m);
    return good;
}

static void check_changes(void)
{
    for (int k = 0; k < MARGIN_KINDS; k++)
        ok(change_holds(names[k], sqrt(41), 41, 2, 0) &&
           change_holds(names[k], 1.0, 5, 2, 0),
           "the largest change of loss %s bounds all", names[k]);
    ok(!change_holds("hinge", sqrt(41), 41, 2, 1) &&
       !change_holds("step", sqrt(41), 41, 2, 1),
       "mutant rejected: a unit less");
}

/* ---- fixed instances ----------------------------------------------------- */

enum { FIXED_INPUTS = 15, FIXED_MOST = 12 };

/* xi = 1 if (7 mu^2 + 11 i^2 + 13 mu i + 3 mu + 5 i + 1) mod 17 < 8, else -1;
   labels 1; of the last example `last`. */
static void write_fixed(const char *name, int examples, int last)
{
    FILE *out = fopen(name, "w");
    fprintf(out, "# inputs, label\n");
    for (int mu = 0; mu < examples; mu++) {
        for (int i = 0; i < FIXED_INPUTS; i++) {
            int rest = (7 * mu * mu + 11 * i * i + 13 * mu * i + 3 * mu +
                        5 * i + 1) % 17;
            fprintf(out, "%d ", rest < 8 ? 1 : -1);
        }
        fprintf(out, "%d\n", mu == examples - 1 ? last : 1);
    }
    fclose(out);
}

/* States by u, which is a whole number. */
static bool levels_are(const char *model, const char *const *key,
                       int examples, const int *want)
{
    struct subject subject;
    int count[FIXED_MOST + 1] = {0};
    bool good = true;
    if (!subject_make(&subject, model, key))
        return false;
    const struct system *system = subject.system;
    int8_t *w = mem_new(1, system->state_bytes);
    for (int n = 0; n < 1 << FIXED_INPUTS; n++) {
        double u;
        for (int i = 0; i < FIXED_INPUTS; i++)
            w[i] = n >> i & 1 ? 1 : -1;
        state_u(system, 0, w, &u);
        count[(int)u]++;
    }
    for (int e = 0; e <= examples; e++)
        good = good && count[e] == want[e];
    free(w);
    subject_release(&subject);
    return good;
}

static const int perceptron_6[] = {1666, 3898, 6702, 8236, 6702, 3898, 1666};
static const int perceptron_9[] = {416, 1376, 2961, 5053, 6578, 6578, 5053,
                                   2961, 1376, 416};
static const int perceptron_12[] = {67, 377, 1120, 2441, 4052, 5354, 5946,
                                    5354, 4052, 2441, 1120, 377, 67};
static const int committee_9[] = {264, 1265, 2946, 5092, 6817, 6817, 5092,
                                  2946, 1265, 264};

static void check_fixed(void)
{
    static const char *const key[SCENE_KEYS] = {"labels=file",
                                                "file=fixed.txt"};
    static const char *const nine[SCENE_KEYS] = {
        "labels=file", "file=fixed.txt", "examples=9", "test_examples=3"};
    write_fixed("fixed.txt", 6, 1);
    ok(levels_are("perceptron", key, 6, perceptron_6),
       "perceptron, 6 examples: states by errors");
    write_fixed("fixed.txt", 9, 1);
    ok(levels_are("perceptron", key, 9, perceptron_9),
       "perceptron, 9 examples: states by errors");
    ok(levels_are("committee", key, 9, committee_9),
       "tree of 3 units, 9 examples: states by errors");
    write_fixed("fixed.txt", 9, -1);
    ok(!levels_are("perceptron", key, 9, perceptron_9) &&
       !levels_are("committee", key, 9, committee_9),
       "mutant rejected: one label turned");
    write_fixed("fixed.txt", 12, 1);
    ok(levels_are("perceptron", key, 12, perceptron_12),
       "perceptron, 12 examples: states by errors");
    ok(levels_are("perceptron", nine, 9, perceptron_9),
       "examples = 9: the first of them are learned");
}

/* ---- drawn examples: solutions at a distance from the teacher ------------ */

struct average { double count, sum, squares; };

static double z_of(const struct average *a, double exact)
{
    double mean = a->sum / a->count;
    double variance = (a->squares / a->count - mean * mean) / (a->count - 1);
    return variance > 0 ? (mean - exact) / sqrt(variance)
                        : mean == exact ? 0 : INFINITY;
}

static double binomial(int n, int k)
{
    return exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1));
}

/* Does w satisfy an example: field f; bar < 0: f > 0, else |f| <= bar? */
static bool satisfied(int f, int bar)
{
    return bar < 0 ? f > 0 : abs(f) <= bar;
}

/* Chance that an example the teacher satisfies is satisfied at distance d;
   random: that any example is. */
static double chance(int n, int d, int bar, bool random)
{
    double both = 0, first = 0;
    for (int a = 0; a <= n - d; a++)
        for (int b = 0; b <= d; b++) {
            double p = ldexp(binomial(n - d, a) * binomial(d, b), -n);
            int kept = 2 * a - (n - d), turned = 2 * b - d;
            bool one = satisfied(kept + turned, bar);
            first += one ? p : 0;
            both += one && satisfied(kept - turned, bar) ? p : 0;
        }
    return random ? first : both / first;
}

/* Solutions expected in all samples, for their mean to be normal. */
enum { LAW_INPUTS_MOST = 12, EXPECTED_LEAST = 50 };

/* Solutions by distance from the teacher (else from all +1), over samples. */
static void count_solutions(const struct system *system,
                            struct average *average)
{
    const struct patterns *p = system->patterns;
    int n = (int)system->sites;
    int8_t w[LAW_INPUTS_MOST];
    for (int s = 0; s < system->samples; s++) {
        int found[LAW_INPUTS_MOST + 1] = {0};
        const int8_t *from = p->teacher ? p->teacher + s * n : NULL;
        for (int x = 0; x < 1 << n; x++) {
            int distance = 0;
            for (int i = 0; i < n; i++) {
                w[i] = x >> i & 1 ? 1 : -1;
                distance += w[i] != (from ? from[i] : 1);
            }
            found[distance] += patterns_sum(p, s, w).loss == 0;
        }
        for (int d = 0; d <= n; d++) {
            average[d].count++;
            average[d].sum += found[d];
            average[d].squares += (double)found[d] * found[d];
        }
    }
}

static void check_solutions(const char *const *key, int bar)
{
    struct subject subject;
    struct average average[LAW_INPUTS_MOST + 1] = {{0}};
    if (!subject_make(&subject, "perceptron", key))
        return;
    const struct patterns *p = subject.system->patterns;
    int n = (int)p->inputs, worst = 0;
    double z[LAW_INPUTS_MOST + 1], wrong = 0;
    count_solutions(subject.system, average);
    for (int d = 0; d <= n; d++) {
        double c = chance(n, d, bar, !p->teacher), ways = binomial(n, d);
        double expected = ways * pow(c, (double)p->train);
        z[d] = 0;
        if (expected * average[d].count < EXPECTED_LEAST)
            continue;
        z[d] = z_of(&average[d], expected);
        worst = fabs(z[d]) > fabs(z[worst]) ? d : worst;
        wrong = fmax(wrong, fabs(z_of(&average[d], ways *
                                      pow(c, (double)p->train + 1))));
    }
    if (p->teacher && bar < 0) /* at distance 0 the teacher, in all samples */
        ok(average[0].sum == average[0].count, "the teacher has no error: %s",
           subject.what);
    ok(fabs(z[worst]) < Z_MOST,
       "solutions by distance: %s; worst z = %.2f at %d", subject.what,
       z[worst], worst);
    ok(wrong > Z_MOST, "mutant rejected: an example more");
    subject_release(&subject);
}

static void check_drawn(void)
{
    static const char *const odd[SCENE_KEYS] = {"N=9", "examples=6",
                                                "samples=400"};
    static const char *const even[SCENE_KEYS] = {"N=8", "examples=5",
                                                 "samples=400"};
    static const char *const random[SCENE_KEYS] = {
        "N=9", "examples=5", "samples=400", "labels=random"};
    static const char *const hidden[SCENE_KEYS] = {
        "N=9", "examples=8", "samples=400", "loss=symmetric", "kappa=1.0"};
    static const char *const both[SCENE_KEYS] = {
        "N=9", "examples=4", "loss=symmetric", "kappa=1.0", "samples=400"};
    check_solutions(odd, -1);
    check_solutions(even, -1);
    check_solutions(random, -1);
    check_solutions(hidden, 3);
    check_solutions(both, 3);
}

/* ---- noise, tests, normal inputs, committees ----------------------------- */

static void check_noise(void)
{
    static const char *const key[SCENE_KEYS] = {
        "N=21", "examples=2000", "label_noise=0.1", "test_examples=500"};
    struct subject subject;
    if (!subject_make(&subject, "perceptron", key))
        return;
    const struct patterns *p = subject.system->patterns;
    double errors = (double)patterns_sum(p, 0, p->teacher).errors;
    double z = (errors - 200) / sqrt(2000 * 0.1 * 0.9);
    ok(fabs(z) < Z_MOST, "label noise: %.0f of 2000 labels, z = %.2f", errors,
       z);
    ok(fabs((errors - 300) / sqrt(2000 * 0.15 * 0.85)) > Z_MOST,
       "mutant rejected: 0.15 of them");
    ok(patterns_test_errors(p, 0, p->teacher) == 0, "test labels have none");
    subject_release(&subject);
}

/* <x^2> = 1, <x^4> = 3 of inputs, and the teacher's w.x has mean
   sqrt(2 N / pi). */
static void check_normal(void)
{
    static const char *const key[SCENE_KEYS] = {"N=31", "examples=1000",
                                                "inputs=gaussian"};
    struct subject subject;
    struct average two = {0}, four = {0}, field = {0};
    if (!subject_make(&subject, "perceptron", key))
        return;
    const struct patterns *p = subject.system->patterns;
    for (int64_t mu = 0; mu < p->train; mu++) {
        double f = p->unit * (double)patterns_output(p, 0, mu, p->teacher);
        field.count++, field.sum += f, field.squares += f * f;
        for (int64_t i = 0; i < p->inputs; i++) {
            double x = p->unit * patterns_get(p, 0, mu, i), y = x * x;
            two.count++, two.sum += y, two.squares += y * y;
            y *= y;
            four.count++, four.sum += y, four.squares += y * y;
        }
    }
    double mean = sqrt(2 * 31 / acos(-1));
    ok(fabs(z_of(&two, 1)) < Z_MOST && fabs(z_of(&four, 3)) < Z_MOST &&
       fabs(z_of(&field, mean)) < Z_MOST,
       "normal inputs: z = %.2f, %.2f; the teacher's fields: %.2f",
       z_of(&two, 1), z_of(&four, 3), z_of(&field, mean));
    ok(fabs(z_of(&two, 1.05)) > Z_MOST &&
       fabs(z_of(&field, 0.85 * mean)) > Z_MOST,
       "mutant rejected: variance 1.05, fields of 0.85 times the mean");
    subject_release(&subject);
}

/* Votes counted from the inputs one by one. */
static bool votes_hold(const struct patterns *p, int64_t mu, bool shifted)
{
    int64_t each = p->weights / p->units, votes = 0;
    for (int k = 0; k < p->units; k++) {
        int64_t f = 0;
        for (int64_t i = 0; i < each; i++)
            f += p->teacher[k * each + i] *
                 patterns_get(p, 0, mu,
                              (p->blocks > 1 ? k * each + i + shifted
                                             : i + shifted) % p->inputs);
        votes += (f > 0) - (f < 0);
    }
    return votes == patterns_output(p, 0, mu, p->teacher);
}

static void check_committees(void)
{
    static const char *const keys[][SCENE_KEYS] = {
        {"N=210", "K=3", "examples=50"},
        {"N=70", "K=4", "tree=false", "examples=50"},
        {"N=66", "K=3", "inputs=gaussian", "examples=50"},
        {"N=30", "K=2", "tree=false", "inputs=gaussian", "examples=50"}};
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
        struct subject subject;
        int good = 0, shifted = 0, right = 0;
        if (!subject_make(&subject, "committee", keys[k]))
            continue;
        const struct patterns *p = subject.system->patterns;
        for (int64_t mu = 0; mu < p->train; mu++) {
            good += votes_hold(p, mu, false);
            shifted += votes_hold(p, mu, true);
            right += patterns_output(p, 0, mu, p->teacher) > 0;
        }
        ok(good == p->train && right == p->train,
           "votes, and the teacher has no error: %s", subject.what);
        ok(shifted < p->train, "mutant rejected: inputs shifted");
        subject_release(&subject);
    }
}

int main(void)
{
    const char *const files[] = {"fixed.txt"};
    if (!files_begin())
        return 1;
    check_losses();
    check_changes();
    check_fixed();
    check_drawn();
    check_noise();
    check_normal();
    check_committees();
    return tap_done() | !files_done(files, 1);
}
