#include "systems/tap.h"

#include <math.h>

#include "base/sum.h"

/* x ln x */
static double weighed_log(double x)
{
    return x > 0 ? x * log(x) : 0;
}

double spin_entropy(double m)
{
    return -weighed_log((1 + m) / 2) - weighed_log((1 - m) / 2);
}

double naive_mf_ln_z(const struct pairs *p, int sample, double beta,
                     const double *m)
{
    const int32_t *J = p->J + sample * p->bonds;
    struct sum sum = {0}, entropy = {0};
    for (int64_t b = 0; b < p->bonds; b++)
        sum_add(&sum, J[b] * m[p->ends[2 * b]] * m[p->ends[2 * b + 1]]);
    for (int64_t i = 0; i < p->sites; i++) {
        if (p->h)
            sum_add(&sum, p->h[sample * p->sites + i] * m[i]);
        sum_add(&entropy, spin_entropy(m[i]));
    }
    return sum_value(&entropy) +
           beta * (p->unit * sum_value(&sum) - p->constant);
}

double tap_ln_z(const struct pairs *p, int sample, double beta,
                const double *m)
{
    const int32_t *J = p->J + sample * p->bonds;
    struct sum sum = {0};
    for (int64_t b = 0; b < p->bonds; b++) {
        double K = beta * p->unit * J[b];
        double x = m[p->ends[2 * b]], y = m[p->ends[2 * b + 1]];
        sum_add(&sum, K * K * (1 - x * x) * (1 - y * y));
    }
    return naive_mf_ln_z(p, sample, beta, m) + sum_value(&sum) / 2;
}

double naive_mf_field(const struct pairs *p, int sample, double beta,
                      const double *m, int64_t site)
{
    const int32_t *J = p->J + sample * p->bonds;
    double field = p->h ? p->h[sample * p->sites + site] : 0;
    for (int64_t k = p->start[site]; k < p->start[site + 1]; k++)
        field += J[p->bond[k]] * m[p->other[k]];
    return beta * p->unit * field;
}

double tap_field(const struct pairs *p, int sample, double beta,
                 const double *m, int64_t site)
{
    const int32_t *J = p->J + sample * p->bonds;
    double sum = 0;
    for (int64_t k = p->start[site]; k < p->start[site + 1]; k++) {
        double K = beta * p->unit * J[p->bond[k]], y = m[p->other[k]];
        sum += K * K * (1 - y * y);
    }
    return naive_mf_field(p, sample, beta, m, site) - m[site] * sum;
}

double mean_field_residual(
    const struct pairs *p, int sample, double beta, const double *m,
    double (*field)(const struct pairs *, int, double, const double *,
                    int64_t))
{
    double sum = 0, count = 0;
    for (int64_t i = 0; i < p->sites; i++) {
        if (p->clamp && p->clamp[i])
            continue;
        double off = m[i] - tanh(field(p, sample, beta, m, i));
        sum += off * off;
        count++;
    }
    return count > 0 ? sum / count : 0;
}
