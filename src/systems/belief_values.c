#include "systems/belief_values.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/chance.h"
#include "base/sum.h"
#include "stat/power.h"
#include "systems/belief.h"

/* Colder than exp(-COLD) a bond's weight counts as that: nothing depends on it
   and no sum of weights is 0. */
static const double COLD = 600;

struct belief_values belief_values_new(const struct pairs *p, int q,
                                       const double *V, double beta)
{
    struct belief plain = belief_new(p, 0, beta);
    struct belief_values b = {
        .pairs = p, .q = q, .beta = beta, .back = plain.back,
        .V = mem_copy(V, (size_t)q, sizeof *V),
        .W = mem_new((size_t)q, sizeof(double)),
        .work = mem_new(2 * (size_t)q, sizeof(double)), .forward = true};
    double least = INFINITY;
    for (int a = 0; a < q; a++)
        least = fmin(least, beta * V[a]);
    for (int a = 0; a < q; a++)
        b.W[a] = exp(-fmin(COLD, beta * V[a] - least));
    return b;
}

void belief_values_release(struct belief_values *b)
{
    free(b->back);
    free(b->V);
    free(b->W);
    free(b->work);
}

/* x <- x less its mean */
static void centre(double *x, int q)
{
    double sum = 0;
    for (int a = 0; a < q; a++)
        sum += x[a];
    for (int a = 0; a < q; a++)
        x[a] -= sum / q;
}

void belief_values_start(const struct belief_values *b, const uint8_t *value,
                         double *nu)
{
    int q = b->q;
    memset(nu, 0, 2 * (size_t)b->pairs->bonds * (size_t)q * sizeof *nu);
    for (int64_t k = 0; value && k < 2 * b->pairs->bonds; k++) {
        int from = value[b->pairs->other[k]];
        for (int a = 0; a < q; a++)
            nu[k * q + a] = log(b->W[(a - from + q) % q]);
        centre(nu + k * q, q);
    }
}

/* ---- messages ----------------------------------------------------------- */

static void field_of(const struct belief_values *b, const double *nu,
                     int64_t site, double *field)
{
    const struct pairs *p = b->pairs;
    memset(field, 0, (size_t)b->q * sizeof *field);
    for (int64_t k = p->start[site]; k < p->start[site + 1]; k++)
        for (int a = 0; a < b->q; a++)
            field[a] += nu[k * b->q + a];
}

/* weight[q], the largest 1: exp(field - nu), nu NULL: 0. */
static void weights_of(int q, const double *field, const double *nu,
                       double *weight)
{
    double most = -INFINITY;
    for (int a = 0; a < q; a++) {
        weight[a] = field[a] - (nu ? nu[a] : 0);
        most = fmax(most, weight[a]);
    }
    for (int a = 0; a < q; a++)
        weight[a] = exp(weight[a] - most);
}

/* sum_b W(a - b) x_b */
static double blurred(const struct belief_values *b, const double *x, int a)
{
    double sum = 0;
    for (int c = 0; c <= a; c++)
        sum += b->W[a - c] * x[c];
    for (int c = a + 1; c < b->q; c++)
        sum += b->W[c - a] * x[c];
    return sum;
}

static double send(const struct belief_values *b, double *nu, int64_t site,
                   double *field, double damping)
{
    const struct pairs *p = b->pairs;
    double fresh[256], most = 0;
    int q = b->q;
    field_of(b, nu, site, field);
    for (int64_t k = p->start[site]; k < p->start[site + 1]; k++) {
        double *out = nu + (int64_t)b->back[k] * q;
        weights_of(q, field, nu + k * q, b->work);
        for (int a = 0; a < q; a++)
            fresh[a] = log(blurred(b, b->work, a));
        centre(fresh, q);
        for (int a = 0; a < q; a++) {
            most = fmax(most, fabs(fresh[a] - out[a]) /
                                  fmax(1, fabs(fresh[a])));
            out[a] = damping * out[a] + (1 - damping) * fresh[a];
        }
    }
    return most;
}

double belief_values_sweep(void *with, double *nu, double damping)
{
    struct belief_values *b = with;
    int64_t n = b->pairs->sites;
    double most = 0;
    for (int64_t i = 0; i < n; i++)
        most = fmax(most, send(b, nu, b->forward ? i : n - 1 - i,
                               b->work + b->q, damping));
    b->forward = !b->forward;
    return most;
}

/* ---- what messages say -------------------------------------------------- */

static double weighed_log(double x)
{
    return x > 0 ? x * log(x) : 0;
}

/* Entropy and mean V of one bond, cavity weights of its ends given. */
static double bond_entropy(const struct belief_values *b, const double *from,
                           const double *to, double *energy)
{
    double all = 0, logs = 0;
    int q = b->q;
    *energy = 0;
    for (int a = 0; a < q; a++)
        for (int c = 0; c < q; c++) {
            double w = from[a] * to[c] * b->W[abs(a - c)];
            all += w;
            logs += weighed_log(w);
            *energy += w * b->V[abs(a - c)];
        }
    *energy /= all;
    return log(all) - logs / all;
}

static double site_entropy(int q, const double *field, double *p)
{
    double all = 0, sum = 0;
    weights_of(q, field, NULL, p);
    for (int a = 0; a < q; a++)
        all += p[a];
    for (int a = 0; a < q; a++) {
        p[a] /= all;
        sum -= weighed_log(p[a]);
    }
    return sum;
}

static void add_sites(const struct belief_values *b, const double *field,
                      struct sum *entropy, struct belief_values_means *means)
{
    const struct pairs *p = b->pairs;
    struct sum square = {0};
    double part[256];
    memset(means->share, 0, (size_t)b->q * sizeof *means->share);
    for (int64_t i = 0; i < p->sites; i++) {
        double degree = (double)(p->start[i + 1] - p->start[i]);
        sum_add(entropy, (1 - degree) *
                             site_entropy(b->q, field + i * b->q, part));
        for (int a = 0; a < b->q; a++) {
            means->share[a] += part[a] / (double)p->sites;
            sum_add(&square, part[a] * part[a]);
        }
    }
    means->square = sum_value(&square) / (double)p->sites;
}

void belief_values_means(const struct belief_values *b, const double *nu,
                         struct belief_values_means *means)
{
    const struct pairs *p = b->pairs;
    struct sum entropy = {0}, energy = {0};
    int64_t q = b->q;
    double from[256], to[256], V;
    double *field = mem_new((size_t)(p->sites * q), sizeof *field);
    for (int64_t i = 0; i < p->sites; i++)
        field_of(b, nu, i, field + i * q);
    for (int64_t i = 0; i < p->sites; i++)
        for (int64_t k = p->start[i]; k < p->start[i + 1]; k++) {
            int64_t back = b->back[k];
            if (k > back)
                continue;
            weights_of(b->q, field + i * q, nu + k * q, from);
            weights_of(b->q, field + p->other[k] * q, nu + back * q, to);
            sum_add(&entropy, bond_entropy(b, from, to, &V));
            sum_add(&energy, V);
        }
    add_sites(b, field, &entropy, means);
    free(field);
    means->energy = sum_value(&energy);
    sum_add(&entropy, -b->beta * means->energy);
    means->ln_z = sum_value(&entropy);
}

/* ---- stability ---------------------------------------------------------- */

/* Cavity weights of the senders [2 bonds][q], and their blurred sums. */
struct tangent {
    const struct belief_values *b;
    double *weight, *sum, damping;
};

static struct tangent tangent_new(const struct belief_values *b,
                                  const double *nu, double damping)
{
    const struct pairs *p = b->pairs;
    int64_t q = b->q;
    size_t count = 2 * (size_t)(p->bonds * q);
    struct tangent t = {b, mem_new(count, sizeof(double)),
                        mem_new(count, sizeof(double)), damping};
    double field[256];
    for (int64_t i = 0; i < p->sites; i++) {
        field_of(b, nu, i, field);
        for (int64_t k = p->start[i]; k < p->start[i + 1]; k++) {
            double *weight = t.weight + b->back[k] * q;
            weights_of(b->q, field, nu + k * q, weight);
            for (int a = 0; a < b->q; a++)
                t.sum[b->back[k] * q + a] = blurred(b, weight, a);
        }
    }
    return t;
}

/* out = the linearised update of v; |out|. */
static double linearised(const void *with, const double *v, double *out)
{
    const struct tangent *t = with;
    const struct pairs *p = t->b->pairs;
    double field[256], moved[256], square = 0;
    int q = t->b->q;
    for (int64_t i = 0; i < p->sites; i++) {
        field_of(t->b, v, i, field);
        for (int64_t k = p->start[i]; k < p->start[i + 1]; k++) {
            int64_t to = (int64_t)t->b->back[k] * q;
            for (int a = 0; a < q; a++)
                moved[a] = t->weight[to + a] * (field[a] - v[k * q + a]);
            for (int a = 0; a < q; a++)
                out[to + a] = blurred(t->b, moved, a) / t->sum[to + a];
            centre(out + to, q);
            for (int a = 0; a < q; a++) {
                out[to + a] = t->damping * v[to + a] +
                              (1 - t->damping) * out[to + a];
                square += out[to + a] * out[to + a];
            }
        }
    }
    return sqrt(square);
}

double belief_values_stability(const struct belief_values *b,
                               const double *nu, double damping, int steps,
                               uint64_t seed, double *error)
{
    int64_t count = 2 * b->pairs->bonds * b->q;
    struct chance chance = chance_of(seed, RNG_PROBE, 1, 0);
    struct tangent t = tangent_new(b, nu, damping);
    struct power power = {count, linearised, &t};
    double *v = mem_new((size_t)count, sizeof *v);
    for (int64_t k = 0; k < 2 * b->pairs->bonds; k++) {
        for (int a = 0; a < b->q; a++)
            v[k * b->q + a] = (a == 0) + 0.1 * chance_unit(&chance);
        centre(v + k * b->q, b->q);
    }
    double modulus = power_modulus(&power, v, steps, error);
    free(v);
    free(t.weight);
    free(t.sum);
    return modulus;
}
