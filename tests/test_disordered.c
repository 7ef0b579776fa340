/* Laws of the models of disorder, over many samples of small systems, every
   state visited: rem against Derrida's integrals, p_spin against its
   covariance and, at p = 2, against sk.

   Seeds are fixed. A mean over samples passes within 4.5 standard errors:
   for a new seed a false alarm once in 150000 comparisons, of which there are
   about 40. Each check must reject a mutant. */
#include "contract.h"

#define Z_MOST 4.5

/* Mean and its error of what samples give. */
struct average { double count, sum, squares; };

static void average_add(struct average *a, double x)
{
    a->count++;
    a->sum += x;
    a->squares += x * x;
}

static double average_error(const struct average *a)
{
    double mean = a->sum / a->count;
    return sqrt((a->squares / a->count - mean * mean) / (a->count - 1));
}

static double z_of(const struct average *a, double exact)
{
    return (a->sum / a->count - exact) / average_error(a);
}

static void agrees(const struct average *a, double exact, const char *what)
{
    double z = z_of(a, exact);
    ok(fabs(z) < Z_MOST, "%s: %.6f +- %.6f, exact %.6f, z = %.2f", what,
       a->sum / a->count, average_error(a), exact, z);
}

/* ---- by enumeration ------------------------------------------------------ */

static void set_number(const struct system *system, int number, void *state)
{
    for (int64_t i = 0; i < system->sites; i++)
        system->model->local->set(system, state, i, number >> i & 1);
}

enum { LOWEST, LN_Z_1, LN_Z_2, SCENE_AVERAGES };

/* Lowest u and ln Z at beta = 1, 2, per site; u is stretched by `stretch`. */
static void add_sample(const struct system *system, int sample,
                       double stretch, struct average out[SCENE_AVERAGES])
{
    char *state = mem_new(1, system->state_bytes);
    double n = (double)system->sites, lowest = INFINITY, z1 = 0, z2 = 0;
    for (int x = 0; x < 1 << system->sites; x++) {
        double u;
        set_number(system, x, state);
        state_u(system, sample, state, &u);
        u *= stretch;
        lowest = fmin(lowest, u);
        z1 += exp(-u);
        z2 += exp(-2 * u);
    }
    average_add(&out[LOWEST], lowest / n);
    average_add(&out[LN_Z_1], log(z1) / n);
    average_add(&out[LN_Z_2], log(z2) / n);
    free(state);
}

static bool averages_of(const char *model, const char *const *key,
                        double stretch, struct average out[SCENE_AVERAGES])
{
    struct subject subject;
    memset(out, 0, SCENE_AVERAGES * sizeof *out);
    if (!subject_make(&subject, model, key))
        return false;
    for (int s = 0; s < subject.system->samples; s++)
        add_sample(subject.system, s, stretch, out);
    subject_release(&subject);
    return true;
}

/* ---- rem ----------------------------------------------------------------- */

struct levels_scene { const char *key[SCENE_KEYS]; double exact[3]; };

/* Derrida's integrals at finite N. */
static const struct levels_scene rem_scenes[] = {
    {{"N=8", "samples=40000", "seed=5"},
     {-0.7067158197, 0.935880233, 1.512732886}},
    {{"N=12", "samples=4000", "seed=6"},
     {-0.7401709251, 0.941114378, 1.555685866}}};

static void check_rem(void)
{
    static const char *const name[] = {"[E_min]/N", "[ln Z]/N, beta = 1",
                                       "[ln Z]/N, beta = 2"};
    for (size_t i = 0; i < sizeof rem_scenes / sizeof *rem_scenes; i++) {
        const struct levels_scene *scene = &rem_scenes[i];
        struct average out[SCENE_AVERAGES], far[SCENE_AVERAGES];
        char what[80];
        if (!averages_of("rem", scene->key, 1, out) ||
            !averages_of("rem", scene->key, 1.01, far))
            continue;
        for (int a = 0; a < SCENE_AVERAGES; a++) {
            snprintf(what, sizeof what, "rem %s: %s", scene->key[0],
                     name[a]);
            agrees(&out[a], scene->exact[a], what);
            ok(fabs(z_of(&far[a], scene->exact[a])) > Z_MOST,
               "mutant rejected: levels 1 %% wider by %s", what);
        }
    }
}

/* Too many levels for the table are made as they are asked for: the last of
   257 samples without a table is the only one of a system with. */
static void check_rem_table(void)
{
    static const char *const large[] = {"N=20", "samples=257",
                                        "first_sample=3", NULL, NULL};
    static const char *const small[] = {"N=20", "samples=1",
                                        "first_sample=259", NULL, NULL};
    struct subject a, b;
    bool same = true;
    int unlike = 0;
    if (!subject_make(&a, "rem", large) || !subject_make(&b, "rem", small))
        return;
    char *state = mem_new(1, a.system->state_bytes);
    for (uint32_t n = 0; n < 200; n++) {
        double u, v, other;
        state_random(a.system, n, state);
        state_u(a.system, 256, state, &u);
        state_u(a.system, 255, state, &other);
        state_u(b.system, 0, state, &v);
        same = same && u == v;
        unlike += other != v;
    }
    ok(same && unlike == 200, "rem: levels without a table are those of one");
    free(state);
    subject_release(&a);
    subject_release(&b);
}

/* ---- p_spin -------------------------------------------------------------- */

static double binomial(double n, int k)
{
    return k ? binomial(n - 1, k - 1) * n / k : 1;
}

/* e_p of x = q_i, `down` of them -1, the rest +1. */
static double elementary(int n, int down, int p)
{
    double sum = 0;
    for (int k = 0; k <= p; k++)
        sum += (k % 2 ? -1 : 1) * binomial(down, k) *
               binomial(n - down, p - k);
    return sum;
}

/* [H(s) H(t)] where t differs from s in `down` sites, against
   p!/(2 N^(p-1)) e_p: about N q^p / 2. */
static void check_covariance(const char *const *key, int p)
{
    struct subject subject;
    if (!subject_make(&subject, "p_spin", key))
        return;
    const struct system *system = subject.system;
    int n = (int)system->sites;
    char *s = mem_new(1, system->state_bytes), what[80];
    for (int down = 0; down <= 3; down++) {
        struct average product = {0}, mutant = {0};
        double exact = elementary(n, down, p) / 2;
        for (int k = 1; k <= p; k++)
            exact *= k / (k < p ? (double)n : 1);
        for (int sample = 0; sample < system->samples; sample++) {
            double u, v;
            set_number(system, 0x155, s);
            state_u(system, sample, s, &u);
            set_number(system, 0x155 ^ ((1 << down) - 1), s);
            state_u(system, sample, s, &v);
            average_add(&product, u * v);
            average_add(&mutant, 1.05 * u * v);
        }
        snprintf(what, sizeof what, "p_spin, p = %d: covariance at distance "
                 "%d", p, down);
        agrees(&product, exact, what);
        if (!down)
            ok(fabs(z_of(&mutant, exact)) > Z_MOST,
               "mutant rejected: variance 5 %% larger by %s", what);
    }
    free(s);
    subject_release(&subject);
}

static void check_p_spin_2(void)
{
    static const char *const key[] = {"N=8", "p=2", "samples=20000", NULL,
                                      NULL};
    static const char *const sk[] = {"N=8", "samples=20000", "seed=9", NULL,
                                     NULL};
    static const char *const name[] = {"[E_min]/N", "[ln Z]/N, beta = 1",
                                       "[ln Z]/N, beta = 2"};
    struct average a[SCENE_AVERAGES], b[SCENE_AVERAGES], c[SCENE_AVERAGES];
    if (!averages_of("p_spin", key, 1, a) || !averages_of("sk", sk, 1, b) ||
        !averages_of("p_spin", key, 1.02, c))
        return;
    for (int i = 0; i < SCENE_AVERAGES; i++) {
        double error = hypot(average_error(&a[i]), average_error(&b[i]));
        double z = (a[i].sum / a[i].count - b[i].sum / b[i].count) / error;
        double far = (c[i].sum / c[i].count - b[i].sum / b[i].count) / error;
        ok(fabs(z) < Z_MOST, "p_spin at p = 2 as sk: %s, z = %.2f", name[i],
           z);
        ok(fabs(far) > Z_MOST, "mutant rejected: couplings 2 %% larger by "
           "%s, z = %.1f", name[i], far);
    }
    /* sampled by an independent program: -0.5737(8) */
    double off = b[LOWEST].sum / b[LOWEST].count + 0.5737;
    ok(fabs(off) < Z_MOST * hypot(0.0008, average_error(&b[LOWEST])),
       "sk, N = 8: [E_min]/N + 0.5737 = %.4f", off);
}

int main(void)
{
    static const char *const three[] = {"N=9", "p=3", "samples=20000", NULL,
                                        NULL};
    static const char *const four[] = {"N=10", "p=4", "samples=20000", NULL,
                                       NULL};
    check_rem();
    check_rem_table();
    check_covariance(three, 3);
    check_covariance(four, 4);
    check_p_spin_2();
    return tap_done();
}
