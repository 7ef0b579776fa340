/* Fields and energies of long-range couplings: FFT against the sums over all
   pairs, equal as integers. */
#include "contract.h"
#include "core/spins.h"
#include "systems/convolution.h"

struct long_case { const char *key[SCENE_KEYS]; };

static const struct long_case cases[] = {
    {{"shape=[2]"}},
    {{"shape=[9]", "sigma=1.5"}},
    {{"shape=[512]", "sigma=0.5", "h=0.3"}},
    {{"shape=[6, 5]", "sigma=3.0", "J=-1.0"}},
    {{"shape=[16, 16]", "sigma=2.5", "h=-0.7"}},
    {{"shape=[4, 3, 5]", "sigma=0.0"}},
    {{"shape=[2, 3, 4, 3]", "sigma=100.0"}}};

static int64_t fields_off(const struct system *system,
                          const struct convolution *c, const int8_t *spin)
{
    const struct pairs *p = system->pairs;
    double *field = mem_new((size_t)p->sites, sizeof *field);
    int64_t off = 0;
    convolution_fields(c, spin, field);
    for (int64_t i = 0; i < p->sites; i++) {
        int64_t h = p->h ? p->h[i] : 0;
        off += llabs((int64_t)field[i] + h - pairs_field(p, 0, spin, i));
    }
    free(field);
    return off;
}

static void check_case(const struct long_case *at)
{
    struct subject subject;
    if (!subject_make(&subject, "long_range", at->key))
        return;
    const struct system *system = subject.system;
    int8_t *spin = mem_new(1, system->state_bytes);
    int64_t off = 0, energy = 0;
    for (uint32_t n = 0; n < 20; n++) {
        double fast[STATISTICS_MAX], slow[STATISTICS_MAX];
        state_random(system, n, spin);
        system->model->measure(system, 0, spin, fast);
        spins_measure(system, 0, spin, slow);
        off += fields_off(system, system->own, spin);
        energy += fast[0] != slow[0] || fast[1] != slow[1];
    }
    ok(off == 0, "fields: %s", subject.what);
    ok(energy == 0, "energies: %s", subject.what);
    int32_t *J = mem_new((size_t)system->sites, sizeof *J);
    for (int64_t j = 1; j < system->sites; j++)
        J[j] = system->pairs->J[j - 1] + (j == 1);
    struct convolution *wrong = convolution_new(system->lattice, J);
    ok(fields_off(system, wrong, spin) > 0,
       "mutant rejected: a coupling off by one unit: %s", subject.what);
    convolution_free(wrong);
    free(J);
    free(spin);
    subject_release(&subject);
}

/* J / r^sigma of a ring of 6: distances 1, 2, 3. */
static void check_couplings(void)
{
    static const char *const key[SCENE_KEYS] = {"shape=[6]", "sigma=2.0",
                                                "J=1.5"};
    static const double r[] = {1, 2, 3, 2, 1};
    struct subject ring;
    double off = 0;
    subject_make(&ring, "long_range", key);
    const struct pairs *p = ring.system->pairs;
    for (int j = 0; j < 5; j++)
        off = fmax(off, fabs(p->unit * p->J[j] - 1.5 / (r[j] * r[j])));
    ok(off < 1e-6 && p->bonds == 15, "couplings of a ring, nearest image");
    subject_release(&ring);
}

int main(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_case(&cases[i]);
    check_couplings();
    return tap_done();
}
