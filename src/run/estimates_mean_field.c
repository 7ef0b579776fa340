/* Mean-field theory at the magnetisations that a run measured: how far they
   are from solving the equations of naive mean field, TAP and Bethe, and the
   free energies there. From stored states (record.states_every); only with
   fields or clamped sites, since m_i = 0 by symmetry without. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "io/h5.h"
#include "run/estimates_parts.h"
#include "stat/student.h"
#include "systems/bethe.h"
#include "systems/tap.h"

/* Jackknife over so many blocks of consecutive states; so many states at
   least. Bonds a site at which pair correlations are still measured. Bytes of
   sums, and of states read at a time. */
enum { BLOCKS = 16, SPARSE = 32 };
static const double SUMS_MOST = 1e9, READ_MOST = 1e7;

/* Squared residuals first. */
enum { NAIVE, TAP, BETHE, KINDS };
enum { QUANTITIES = 2 * KINDS };

struct sums {
    const struct data *data;
    const struct pairs *pairs;
    int64_t states, count[BLOCKS]; /* count: configurations in a block */
    int64_t bonds;                 /* measured: all or none */
    int32_t *site, *bond;          /* [BLOCKS][samples][rungs][...] */
};

static int64_t place(const struct sums *s, int block, int sample, int rung)
{
    return ((int64_t)block * s->data->samples + sample) * s->data->rungs +
           rung;
}

static void add_state(struct sums *s, int64_t at, const int8_t *spin)
{
    const struct pairs *p = s->pairs;
    int32_t *site = s->site + at * p->sites;
    int32_t *bond = s->bond + at * s->bonds;
    for (int64_t i = 0; i < p->sites; i++)
        site[i] += spin[i];
    for (int64_t b = 0; b < s->bonds; b++)
        bond[b] += spin[p->ends[2 * b]] * spin[p->ends[2 * b + 1]];
}

/* One stored row: [copies][samples][rungs][sites] */
static void add_row(struct sums *s, int64_t row, const int8_t *spin)
{
    const struct data *data = s->data;
    int block = (int)(row * BLOCKS / s->states);
    for (int copy = 0; copy < data->copies; copy++)
        for (int sample = 0; sample < data->samples; sample++)
            for (int r = 0; r < data->rungs; r++) {
                add_state(s, place(s, block, sample, r), spin);
                spin += s->pairs->sites;
            }
    s->count[block] += data->copies;
}

static bool read_states(struct sums *s, struct err *err)
{
    const struct data *data = s->data;
    char *path = mem_text("/states/%s", data->system->model->fields[0].name);
    double row = (double)(data->ladders * data->rungs) *
                 (double)s->pairs->sites;
    int64_t step = row < READ_MOST ? (int64_t)(READ_MOST / row) : 1;
    struct h5 *file = h5_open(data->file, H5_READ);
    for (int64_t first = 0; first < s->states; first += step) {
        int64_t rows = s->states - first < step ? s->states - first : step;
        int8_t *spin = h5_get_rows(file, path, H5_INT8, first, rows);
        for (int64_t i = 0; spin && i < rows; i++)
            add_row(s, first + i, spin + i * (int64_t)row);
        free(spin);
    }
    free(path);
    return h5_close(file, err);
}

/* Stored rows that are committed. */
static int64_t states_stored(const struct data *data)
{
    int64_t every = data->input->record->states_every;
    return every ? data->rows * data->every / every : 0;
}

static bool applies(const struct data *data)
{
    const struct pairs *p = data->system->pairs;
    return p && (p->h || p->clamp) && states_stored(data) >= BLOCKS;
}

/* ---- one sample, one rung ------------------------------------------------ */

/* Means of all blocks but one (-1: of all). */
static void means(const struct sums *s, int sample, int rung, int without,
                  double *m, double *c)
{
    double total = 0;
    memset(m, 0, (size_t)s->pairs->sites * sizeof *m);
    memset(c, 0, (size_t)s->bonds * sizeof *c);
    for (int b = 0; b < BLOCKS; b++) {
        int64_t at = place(s, b, sample, rung);
        if (b == without)
            continue;
        total += (double)s->count[b];
        for (int64_t i = 0; i < s->pairs->sites; i++)
            m[i] += s->site[at * s->pairs->sites + i];
        for (int64_t k = 0; k < s->bonds; k++)
            c[k] += s->bond[at * s->bonds + k];
    }
    for (int64_t i = 0; i < s->pairs->sites; i++)
        m[i] /= total;
    for (int64_t k = 0; k < s->bonds; k++)
        c[k] /= total;
}

static void evaluate(const struct sums *s, int sample, double beta,
                     const double *m, const double *c,
                     double out[QUANTITIES])
{
    const struct pairs *p = s->pairs;
    out[NAIVE] = mean_field_residual(p, sample, beta, m, naive_mf_field);
    out[TAP] = mean_field_residual(p, sample, beta, m, tap_field);
    out[BETHE] = mean_field_residual(p, sample, beta, m, bethe_field);
    out[KINDS + NAIVE] = naive_mf_ln_z(p, sample, beta, m);
    out[KINDS + TAP] = tap_ln_z(p, sample, beta, m);
    out[KINDS + BETHE] = bethe_ln_z(p, sample, beta, m, s->bonds ? c : NULL);
    for (int q = KINDS; q < QUANTITIES; q++)
        out[q] = beta == 0 ? NAN : -out[q] / beta;
}

/* Jackknife; the bias of order 1/states is taken off. */
static void one_place(const struct sums *s, int sample, int rung,
                      double mean[QUANTITIES], double error[QUANTITIES])
{
    double beta = s->data->lambda[rung * s->data->components];
    double *m = mem_new((size_t)s->pairs->sites, sizeof *m);
    double *c = mem_new((size_t)s->bonds, sizeof *c);
    double all[QUANTITIES], part[BLOCKS][QUANTITIES];
    means(s, sample, rung, -1, m, c);
    evaluate(s, sample, beta, m, c, all);
    for (int b = 0; b < BLOCKS; b++) {
        means(s, sample, rung, b, m, c);
        evaluate(s, sample, beta, m, c, part[b]);
    }
    for (int q = 0; q < QUANTITIES; q++) {
        double average = 0, square = 0;
        for (int b = 0; b < BLOCKS; b++)
            average += part[b][q] / BLOCKS;
        for (int b = 0; b < BLOCKS; b++)
            square += (part[b][q] - average) * (part[b][q] - average);
        mean[q] = BLOCKS * all[q] - (BLOCKS - 1) * average;
        error[q] = sqrt(square * (BLOCKS - 1) / BLOCKS) *
                   student_factor(BLOCKS - 1);
    }
    free(m);
    free(c);
}

/* ---- rows of the result -------------------------------------------------- */

static const char *const names[QUANTITIES] = {
    "naive_mf_residual",    "tap_residual",    "bethe_residual",
    "free_energy_naive_mf", "free_energy_tap", "free_energy_bethe"};
static const char *const definitions[QUANTITIES] = {
    "root mean square over sites of m_i - tanh(beta (h_i + sum_j J_ij m_j))",
    "likewise, with Onsager's reaction term", "likewise, Bethe's equations",
    "naive mean field's F at the measured m_i", "TAP's F at the measured m_i",
    "Bethe's F at the measured m_i and, of sparse graphs, <s_i s_j>"};

/* Residuals were averaged as squares. */
static void root(double *mean, double *error)
{
    double square = fmax(*mean, 0), sigma = *error;
    *mean = sqrt(square);
    *error = square > sigma ? sigma / (2 * *mean) : sqrt(sigma);
}

static void fill_rung(const struct sums *s, struct estimate *const *row,
                      int rung)
{
    int samples = s->data->samples;
    double error[QUANTITIES], *value[QUANTITIES];
    for (int q = 0; q < QUANTITIES; q++)
        value[q] = mem_new((size_t)samples, sizeof(double));
    for (int sample = 0; sample < samples; sample++) {
        double mean[QUANTITIES];
        one_place(s, sample, rung, mean, error);
        for (int q = 0; q < QUANTITIES; q++)
            value[q][sample] = mean[q];
    }
    for (int q = 0; q < QUANTITIES; q++) {
        struct estimate *e = row[q];
        e->mean[rung] = value[q][0];
        e->error[rung] = error[q];
        if (samples > 1)
            analysis_average(s->data, value[q], &e->mean[rung],
                             &e->error[rung]);
        if (q < KINDS)
            root(&e->mean[rung], &e->error[rung]);
        free(value[q]);
    }
}

void analysis_mean_field(struct data *data, struct estimates *out,
                         struct err *err)
{
    const struct pairs *p = data->system->pairs;
    if (!applies(data))
        return;
    bool sparse = p->bonds <= SPARSE * p->sites;
    struct sums s = {.data = data, .pairs = p, .states = states_stored(data),
                     .bonds = sparse ? p->bonds : 0};
    size_t places = (size_t)BLOCKS * (size_t)(data->samples * data->rungs);
    if ((double)places * (double)(p->sites + s.bonds) * 4 > SUMS_MOST)
        return;
    s.site = mem_new(places * (size_t)p->sites, sizeof *s.site);
    s.bond = mem_new(places * (size_t)s.bonds, sizeof *s.bond);
    struct estimate *row[QUANTITIES];
    if (read_states(&s, err)) {
        for (int q = 0; q < QUANTITIES; q++)
            analysis_row(out, names[q], q < KINDS ? "1"
                         : data->system->model->u_unit, definitions[q], 1);
        for (int q = 0; q < QUANTITIES; q++)
            row[q] = &out->at[out->count - QUANTITIES + q];
        for (int r = 0; r < data->rungs; r++) {
            fill_rung(&s, row, r);
            for (int q = 0; q < QUANTITIES; q++) {
                row[q]->tau_int[r] = row[q]->halves[r] = NAN;
                row[q]->n_eff[r] = (double)(s.states * data->ladders);
            }
        }
    }
    free(s.site);
    free(s.bond);
}
