/* Structure factors, correlations and overlap fields: against direct sums,
   against each other, and their means against enumeration. Exact but for
   rounding: no statistics. */
#include "core/fields.h"
#include "law.h"

struct shape_case { const char *shape; int dim; int64_t size[3];
                    bool periodic; };

static const struct shape_case cases[] = {
    {"7", 1, {7}, true},           {"6", 1, {6}, false},
    {"2 x 2", 2, {2, 2}, true},    {"4 x 6", 2, {4, 6}, true},
    {"5 x 5", 2, {5, 5}, false},   {"6 x 3", 2, {6, 3}, false},
    {"3 x 4 x 4", 3, {3, 4, 4}, true}, {"16 x 16", 2, {16, 16}, true}};

static int8_t *field_random(int64_t sites, uint32_t number)
{
    int8_t *field = mem_new((size_t)sites, 1);
    for (int64_t i = 0; i < sites; i++)
        field[i] = (int8_t)(rng_philox(3, RNG_TEST, number, (uint32_t)i, 0,
                                       0).v[0] % 2 ? 1 : -1);
    return field;
}

static int64_t longest(const struct lattice *l)
{
    int64_t most = 0;
    for (int a = 0; a < l->dim; a++)
        most = l->size[a] > most ? l->size[a] : most;
    return most;
}

/* |sum_x f_x exp(i k x_axis)|^2 / N, mean over the longest axes. */
static double direct_power(const struct lattice *l, const int8_t *field,
                           double k)
{
    double total = 0, axes = 0;
    for (int a = 0; a < l->dim; a++) {
        double re = 0, im = 0;
        if (l->size[a] != longest(l))
            continue;
        for (int64_t i = 0; i < l->sites; i++) {
            int64_t c[LATTICE_DIM];
            lattice_coordinates(l, i, c);
            re += field[i] * cos(k * (double)c[a]);
            im += field[i] * sin(k * (double)c[a]);
        }
        total += (re * re + im * im) / (double)l->sites;
        axes++;
    }
    return total / axes;
}

/* One step forward along an axis, or -1, r times. */
static int64_t moved(const struct lattice *l, int64_t site, int axis, int r)
{
    while (site >= 0 && r-- > 0)
        site = lattice_neighbour(l, site, 2 * axis + 1);
    return site;
}

static double direct_correlation(const struct lattice *l,
                                 const int8_t *field, int r)
{
    double total = 0, count = 0;
    for (int a = 0; a < l->dim; a++)
        for (int64_t i = 0; i < l->sites; i++) {
            int64_t j = l->size[a] == longest(l) ? moved(l, i, a, r) : -1;
            if (j >= 0) {
                total += field[i] * field[j];
                count++;
            }
        }
    return total / count;
}

static double power_off(const struct spectrum *s, const struct lattice *l,
                        const int8_t *field, double shift)
{
    double out[64], off = 0;
    spectrum_power(s, field, out);
    for (int n = 0; n < spectrum_modes(s); n++)
        off = fmax(off, fabs(out[n] - direct_power(l, field,
                                 spectrum_wave(s, n) + shift)));
    return off;
}

static double correlation_off(const struct spectrum *s,
                              const struct lattice *l, const int8_t *field)
{
    double out[64], off = 0;
    spectrum_correlation(s, field, out);
    for (int r = 0; r < spectrum_distances(s); r++)
        off = fmax(off, fabs(out[r] - direct_correlation(l, field, r)));
    return off;
}

static void check_direct(const struct shape_case *at)
{
    struct lattice *l = lattice_new(at->size, at->dim, at->periodic);
    struct spectrum *s = spectrum_new(l);
    int8_t *field = field_random(l->sites, 5);
    near(power_off(s, l, field, 0), 0, 1e-11, "structure factor by a sum");
    near(correlation_off(s, l, field), 0, 1e-14, "correlation by a sum");
    ok(power_off(s, l, field, 0.1) > 1e-4,
       "mutant rejected: another wave number (%s)", at->shape);
    spectrum_free(s);
    free(l);
    free(field);
}

/* A ring: sum over all k of S = N; S(k) = sum over all r of C(r) cos kr. */
static void check_identities(int64_t size)
{
    struct lattice *l = lattice_new(&size, 1, true);
    struct spectrum *s = spectrum_new(l);
    int8_t *field = field_random(size, 2);
    double power[64], c[64], total = 0, off = 0;
    spectrum_power(s, field, power);
    spectrum_correlation(s, field, c);
    for (int n = 0; n < size; n++)
        total += power[n <= size / 2 ? n : size - n];
    near(total, (double)size, 1e-11, "Parseval");
    for (int n = 0; n < spectrum_modes(s); n++) {
        double sum = 0;
        for (int r = 0; r < size; r++)
            sum += c[r <= size / 2 ? r : size - r] *
                   cos(spectrum_wave(s, n) * r);
        off = fmax(off, fabs(sum - power[n]));
    }
    near(off, 0, 1e-12, "Wiener and Khinchin");
    spectrum_free(s);
    free(l);
    free(field);
}

/* ---- means --------------------------------------------------------------- */

static const double lambda[COMPONENTS_MAX] = {0.4};

static const struct observable *row_of(const struct system *system,
                                       const char *name)
{
    const struct observable *o = system->model->observables;
    while (strcmp(o->name, name))
        o++;
    return o;
}

/* Mean of an observable of states, by enumeration. */
static void mean_of_states(const struct law *law, const char *name,
                           double *mean)
{
    const struct system *system = law->system;
    const struct observable *o = row_of(system, name);
    int size = observable_size(o, system);
    char *state = mem_new(1, system->state_bytes);
    double out[64];
    memset(mean, 0, (size_t)size * sizeof *mean);
    for (int n = 0; n < law->states; n++) {
        law_state(system, n, state);
        o->of_state(system, 0, state, out);
        for (int i = 0; i < size; i++)
            mean[i] += law->p[n] * out[i];
    }
    free(state);
}

static void mean_of_pairs(const struct law *law, const char *name,
                          double *mean)
{
    const struct system *system = law->system;
    const struct observable *o = row_of(system, name);
    int size = observable_size(o, system);
    char *a = mem_new(1, system->state_bytes);
    char *b = mem_new(1, system->state_bytes);
    double out[64];
    memset(mean, 0, (size_t)size * sizeof *mean);
    for (int m = 0; m < law->states; m++) {
        law_state(system, m, a);
        for (int n = 0; n < law->states; n++) {
            law_state(system, n, b);
            o->of_pair(system, 0, a, b, out);
            for (int i = 0; i < size; i++)
                mean[i] += law->p[m] * law->p[n] * out[i];
        }
    }
    free(a);
    free(b);
}

/* The ring: <s_0 s_r> = (t^r + t^(N-r)) / (1 + t^N), t = tanh beta. */
static void check_ring(void)
{
    static const char *const key[SCENE_KEYS] = {"shape=[10]"};
    struct subject ring;
    double c[64], s[64], off = 0, t = tanh(lambda[0]), sum = 0;
    subject_make(&ring, "ising", key);
    struct law *law = law_new(ring.system, lambda);
    mean_of_states(law, "correlation", c);
    mean_of_states(law, "structure_factor", s);
    for (int r = 0; r <= 5; r++)
        off = fmax(off, fabs(c[r] - (pow(t, r) + pow(t, 10 - r)) /
                                        (1 + pow(t, 10))));
    near(off, 0, 1e-13, "correlations of the ring");
    double k = 2 * M_PI / 10;
    for (int r = 0; r < 10; r++)
        sum += (pow(t, r) + pow(t, 10 - r)) / (1 + pow(t, 10)) * cos(k * r);
    near(s[1], sum, 1e-12, "S(k_min) of the ring");
    /* infinite ring: S(k) = (1 - t^2) / (1 - 2 t cos k + t^2), so that xi
       is sqrt(t) / (1 - t) at any k */
    double infinite[2] = {(1 - t * t) / ((1 - t) * (1 - t)),
                          (1 - t * t) / (1 - 2 * t * cos(k) + t * t)};
    near(fields_length(ring.system, lambda, infinite), sqrt(t) / (1 - t),
         1e-12, "second-moment length of a long ring");
    law_free(law);
    subject_release(&ring);
}

/* <q_x q_y> = <s_x s_y>^2 */
static double squared_power(const struct law *law, int n)
{
    const struct system *system = law->system;
    const struct lattice *l = system->lattice;
    double total = 0, k = spectrum_wave(system->spectrum, n);
    int8_t *s = mem_new(1, system->state_bytes);
    for (int64_t x = 0; x < l->sites; x++)
        for (int64_t y = 0; y < l->sites; y++) {
            int64_t a[LATTICE_DIM], b[LATTICE_DIM];
            double c = 0;
            for (int m = 0; m < law->states; m++) {
                law_state(system, m, s);
                c += law->p[m] * s[x] * s[y];
            }
            lattice_coordinates(l, x, a);
            lattice_coordinates(l, y, b);
            for (int axis = 0; axis < l->dim; axis++)
                total += c * c * cos(k * (double)(a[axis] - b[axis]));
        }
    free(s);
    return total / (double)(l->sites * l->dim);
}

static void check_glass(const char *couplings)
{
    const char *const key[SCENE_KEYS] = {"shape=[3, 3]", couplings};
    struct subject glass;
    double s[64], c[64];
    subject_make(&glass, "edwards_anderson", key);
    struct law *law = law_new(glass.system, lambda);
    mean_of_pairs(law, "overlap_structure", s);
    mean_of_pairs(law, "overlap_correlation", c);
    near(s[0], squared_power(law, 0), 1e-11, "chi_SG of a small glass");
    near(s[1], squared_power(law, 1), 1e-11, "and at k_min");
    near(c[0], 1, 1e-11, "overlap with itself");
    mean_of_states(law, "structure_factor", c);
    ok(fabs(c[0] - s[0]) > 1e-3,
       "mutant rejected: spins in the place of overlaps");
    law_free(law);
    subject_release(&glass);
}

/* <code length> >= S whatever the system; S = ln Z + beta <u>. */
static void check_compressed(const char *shape)
{
    const char *const key[SCENE_KEYS] = {shape, "h=0.1"};
    struct subject ising;
    bool above = true;
    double least = 1e9;
    subject_make(&ising, "ising", key);
    for (int i = 0; i < 12; i++) {
        double at[COMPONENTS_MAX] = {0.15 * i}, mean;
        struct law *law = law_new(ising.system, at);
        mean_of_states(law, "compressed_entropy", &mean);
        double s = (law->ln_z + at[0] * law->mean[0]) /
                   (double)ising.system->sites;
        above = above && mean >= s;
        least = fmin(least, mean - s);
        law_free(law);
    }
    ok(above && least < 0.1, "code length above the entropy (%s, by %.3f at "
       "least)", shape, least);
    subject_release(&ising);
}

int main(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_direct(&cases[i]);
    check_identities(12);
    check_identities(13);
    check_ring();
    check_compressed("shape=[12]");
    check_compressed("shape=[3, 4]");
    check_compressed("shape=[2, 2, 3]");
    check_glass("couplings=pm1");
    check_glass("couplings=gaussian");
    return tap_done();
}
