#include "core/rotors.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "core/shape.h"

const struct rotors *system_rotors(const struct system *system)
{
    const struct continuous *c = system->model->continuous;
    return c == &rotors_2 || c == &rotors_3 ? system->own : NULL;
}

static const struct rotors *rotors(const struct system *system)
{
    return system->own;
}

void rotors_check(const struct section *keys, struct err *err)
{
    shape_check(keys, 1 << 26, err);
}

void rotors_build(struct system *system, int components,
                  struct lattice *lattice, double J)
{
    struct rotors *own = mem_new(1, sizeof *own);
    system->own = own;
    system->lattice = lattice;
    system->sites = lattice->sites;
    system->state_bytes = (size_t)(lattice->sites * components) *
                          sizeof(float);
    system->resolution = 0;
    system->colours = lattice->colours;
    *own = (struct rotors){.components = components, .J = J,
                           .links = links_new(system)};
}

void rotors_release(struct system *system)
{
    links_free(((struct rotors *)system->own)->links);
}

/* ---- facet continuous -------------------------------------------------- */

static int colour(const struct system *system, int64_t site)
{
    return lattice_colour(system->lattice, site);
}

static void get(const struct system *system, const void *state, int64_t site,
                double *value)
{
    int n = rotors(system)->components;
    for (int c = 0; c < n; c++)
        value[c] = ((const float *)state)[site * n + c];
}

static void set(const struct system *system, void *state, int64_t site,
                const double *value)
{
    int n = rotors(system)->components;
    for (int c = 0; c < n; c++)
        ((float *)state)[site * n + c] = (float)value[c];
}

/* 22 digits as an odd multiple of 2^-22 in (-1, 1): -v is as likely as v. */
static float symmetric(uint32_t word)
{
    uint32_t bits = word >> 9 | 0x40000001; /* of a number in (2, 4) */
    float number;
    memcpy(&number, &bits, sizeof number);
    return number - 3;
}

/* By the angle 2 atan t. */
static void turn_2(float t, float *s)
{
    float w = 2 / (1 + t * t), cosine = w - 1, sine = w * t;
    float x = s[0], y = s[1];
    s[0] = cosine * x - sine * y;
    s[1] = sine * x + cosine * y;
}

static void cross(const float *a, const float *b, float *out)
{
    for (int c = 0; c < 3; c++)
        out[c] = a[(c + 1) % 3] * b[(c + 2) % 3] -
                 a[(c + 2) % 3] * b[(c + 1) % 3];
}

static void turn_3(const float *v, float *s)
{
    float once[3], twice[3];
    float w = 2 / (1 + (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]));
    cross(v, s, once);
    cross(v, once, twice);
    for (int c = 0; c < 3; c++)
        s[c] = s[c] + w * (once[c] + twice[c]);
}

static float dot(int n, const float *a, const float *b)
{
    float sum = a[0] * b[0];
    for (int c = 1; c < n; c++)
        sum += a[c] * b[c];
    return sum;
}

static void propose(const struct system *system, const struct draws *draws,
                    int64_t site, double step, const double *from,
                    double *to)
{
    int n = rotors(system)->components;
    float s[ROTORS_MOST], v[3];
    for (int c = 0; c < n; c++)
        s[c] = (float)from[c];
    for (uint32_t d = 0; d < (n == 2 ? 1 : 3); d++)
        v[d] = (float)step * symmetric(draws_word(draws, RNG_PROPOSE, site,
                                                  d));
    if (n == 2)
        turn_2(v[0], s);
    else
        turn_3(v, s);
    bool length = draws->tick % ROTORS_LENGTHS == 0;
    float scale = length ? 1.5f - 0.5f * dot(n, s, s) : 1;
    for (int c = 0; c < n; c++)
        to[c] = s[c] * scale;
}

static void field(const struct system *system, const float *spin,
                  int64_t site, float *h)
{
    const struct rotors *own = rotors(system);
    int n = own->components, degree = own->links->degree;
    const int32_t *other = own->links->other + site * degree;
    for (int d = 0; d < degree; d++)
        for (int c = 0; c < n; c++) {
            float there = other[d] < 0 ? 0 : spin[other[d] * n + c];
            h[c] = d ? h[c] + there : there;
        }
}

static void delta(const struct system *system, int sample, const void *state,
                  int64_t site, const double *value, double *du)
{
    const struct rotors *own = rotors(system);
    int n = own->components;
    const float *s = (const float *)state + site * n;
    float h[ROTORS_MOST], change[ROTORS_MOST] = {0};
    (void)sample;
    field(system, state, site, h);
    for (int c = 0; c < n; c++)
        change[c] = (float)value[c] - s[c];
    du[0] = -own->J * (double)dot(n, change, h);
}

static void reflect(const struct system *system, int sample,
                    const void *state, int64_t site, double *value)
{
    int n = rotors(system)->components;
    const float *s = (const float *)state + site * n;
    float h[ROTORS_MOST];
    (void)sample;
    field(system, state, site, h);
    float scale = 2 * dot(n, s, h) / (dot(n, h, h) + ROTORS_TINY);
    for (int c = 0; c < n; c++)
        value[c] = scale * h[c] - s[c];
}

/* At steps of 2 a turn forgets most of the old direction. */
#define ROTORS_FACET(n)                                                      \
    {.dim = n, .widest = 2, .colour = colour, .get = get, .set = set,        \
     .propose = propose, .delta = delta, .reflect = reflect}
const struct continuous rotors_2 = ROTORS_FACET(2);
const struct continuous rotors_3 = ROTORS_FACET(3);

/* ---- facet grad -------------------------------------------------------- */

static int64_t numbers(const struct system *system)
{
    return system->sites * rotors(system)->components;
}

static int64_t sphere(const struct system *system)
{
    return rotors(system)->components;
}

static void get_numbers(const struct system *system, const void *state,
                        double *x)
{
    for (int64_t i = 0; i < numbers(system); i++)
        x[i] = ((const float *)state)[i];
}

static void set_numbers(const struct system *system, void *state,
                        const double *x)
{
    for (int64_t i = 0; i < numbers(system); i++)
        ((float *)state)[i] = (float)x[i];
}

/* Phi = -lambda J sum s.h / 2, gradient -lambda J (h - (s.h / s.s) s) */
static double phi_of(const struct system *system, const struct grad_at *at,
                     double *gradient)
{
    const struct rotors *own = rotors(system);
    int n = own->components, degree = own->links->degree;
    double sum = 0, scale = -at->lambda[0] * own->J;
    for (int64_t i = 0; i < system->sites; i++) {
        const int32_t *other = own->links->other + i * degree;
        const double *s = at->x + i * n;
        double h[ROTORS_MOST] = {0}, along = 0, square = 0;
        for (int d = 0; d < degree; d++)
            for (int c = 0; c < n && other[d] >= 0; c++)
                h[c] += at->x[(int64_t)other[d] * n + c];
        for (int c = 0; c < n; c++) {
            along += s[c] * h[c];
            square += s[c] * s[c];
        }
        sum += along;
        for (int c = 0; c < n && gradient; c++)
            gradient[i * n + c] = scale * (h[c] - along / square * s[c]);
    }
    return scale * sum / 2;
}

const struct grad rotors_grad = {.count = numbers, .sphere = sphere,
                                 .get = get_numbers, .set = set_numbers,
                                 .phi = phi_of};

const struct field rotors_fields_2[] = {
    {.name = "spin", .type = FIELD_FLOAT, .components = 2,
     .definition = "s_i = (cos, sin)"},
    {.name = NULL}};
const struct field rotors_fields_3[] = {
    {.name = "spin", .type = FIELD_FLOAT, .components = 3,
     .definition = "unit vector s_i"},
    {.name = NULL}};

/* ---- statistics -------------------------------------------------------- */

static int planes(int components) { return components == 2 ? 1 : 3; }

void rotors_statistics(const struct system *system,
                       const struct rotor_sums *sums, double *statistics)
{
    int n = rotors(system)->components;
    statistics[0] = sums->bonds;
    statistics[1] = 0;
    for (int a = 0; a < system->lattice->dim; a++)
        for (int p = 0; p < planes(n); p++)
            statistics[1] += sums->current[a][p] * sums->current[a][p];
    for (int c = 0; c < n; c++)
        statistics[2 + c] = sums->moment[c];
}

static void measure_bond(int n, int axis, const float *s, const float *t,
                         struct rotor_sums *sums)
{
    sums->bonds += (double)dot(n, s, t);
    for (int p = 0; p < planes(n); p++) {
        int q = n == 2 ? 1 : (p + 1) % 3;
        sums->current[axis][p] += (double)(s[p] * t[q] - s[q] * t[p]);
    }
}

void rotors_measure(const struct system *system, int sample,
                    const void *state, double *statistics)
{
    const struct links *links = rotors(system)->links;
    int n = rotors(system)->components;
    const float *spin = state;
    struct rotor_sums sums = {.bonds = 0};
    (void)sample;
    for (int64_t i = 0; i < system->sites; i++) {
        const int32_t *other = links->other + i * links->degree;
        for (int c = 0; c < n; c++)
            sums.moment[c] += (double)spin[i * n + c];
        for (int a = 0; a < system->lattice->dim; a++)
            if (other[2 * a + 1] >= 0)
                measure_bond(n, a, spin + i * n,
                             spin + other[2 * a + 1] * n, &sums);
    }
    rotors_statistics(system, &sums, statistics);
}

void rotors_u(const struct system *system, const double *statistics,
              double *u)
{
    u[0] = -rotors(system)->J * statistics[0];
}

/* ---- the exact point lambda = 0 ---------------------------------------- */

bool rotors_exact_at(const struct system *system, const double *lambda,
                     double *ln_z)
{
    (void)system;
    *ln_z = 0;
    return lambda[0] == 0;
}

/* Within 45 degrees of the first axis; then perhaps the second, and back. On
   a sphere the height is uniform (Archimedes). */
static void direction(int components, const uint32_t word[2], float *out)
{
    float y = symmetric(word[0] << 2), y2 = y * y;
    float sine = y * (ROTORS_SIN0 + y2 * (ROTORS_SIN1 + y2 * (
                      ROTORS_SIN2 + y2 * ROTORS_SIN3)));
    float cosine = 1 + y2 * (ROTORS_COS1 + y2 * (ROTORS_COS2 + y2 * (
                       ROTORS_COS3 + y2 * ROTORS_COS4)));
    bool second = word[0] >> 30 & 1;
    float z = symmetric(word[1]);
    float radius = components == 3 ? sqrtf(1 - z * z) : 1;
    if (word[0] >> 31)
        radius = -radius;
    out[0] = radius * (second ? sine : cosine);
    out[1] = radius * (second ? cosine : sine);
    if (components == 3)
        out[2] = z;
}

void rotors_draw(const struct system *system, int sample,
                 const struct draws *draws, enum rng_purpose purpose,
                 void *state)
{
    int n = rotors(system)->components;
    (void)sample;
    for (int64_t i = 0; i < system->sites; i++) {
        uint32_t word[2] = {draws_word(draws, purpose, i, 0), 0};
        if (n == 3)
            word[1] = draws_word(draws, purpose, i, 1);
        direction(n, word, (float *)state + i * n);
    }
}

/* All along the first component; two sublattices if J < 0. */
void rotors_ordered(const struct system *system, void *state)
{
    int n = rotors(system)->components;
    float *spin = state;
    for (int64_t i = 0; i < system->sites; i++) {
        int64_t x[LATTICE_DIM], parity = 0;
        lattice_coordinates(system->lattice, i, x);
        for (int a = 0; a < system->lattice->dim; a++)
            parity += x[a];
        for (int c = 0; c < n; c++)
            spin[i * n + c] = 0;
        spin[i * n] = rotors(system)->J < 0 && parity % 2 ? -1 : 1;
    }
}

/* <(s.t)^2> = 1/n */
double rotors_variance(const struct system *system, int k)
{
    const struct rotors *own = rotors(system);
    (void)k;
    return own->J * own->J * lattice_bond_variance(system->lattice) /
           own->components;
}

/* ---- observables ------------------------------------------------------- */

double rotors_current_2(const struct system *system,
                        const double *statistics)
{
    const struct rotors *own = rotors(system);
    double count = (double)system->sites * system->lattice->dim *
                   planes(own->components);
    return own->J * own->J * statistics[1] / count;
}

double rotors_magnetization_2(const struct system *system,
                              const double *statistics)
{
    double sum = 0, sites = (double)system->sites;
    for (int c = 0; c < rotors(system)->components; c++)
        sum += statistics[2 + c] * statistics[2 + c];
    return sum / (sites * sites);
}

double rotors_abs_magnetization(const struct system *system,
                                const double *statistics)
{
    return sqrt(rotors_magnetization_2(system, statistics));
}

double rotors_magnetization_4(const struct system *system,
                              const double *statistics)
{
    double m2 = rotors_magnetization_2(system, statistics);
    return m2 * m2;
}

/* Second derivative of the free energy per site by a twist per bond. */
double rotors_helicity_modulus(const struct system *system,
                               const double *lambda, const double *means)
{
    return -2.0 / rotors(system)->components * means[0] /
               system->lattice->dim - lambda[0] * means[1];
}

double rotors_susceptibility(const struct system *system,
                             const double *lambda, const double *means)
{
    return lambda[0] * (double)system->sites * means[0];
}
