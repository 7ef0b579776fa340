#include "systems/bethe.h"

#include <math.h>

#include "base/sum.h"
#include "systems/tap.h"

/* Magnetisations are kept so far from +-1 where a logarithm needs it. */
static const double EDGE = 1e-12, TINY = 1e-300;

static double weighed_log(double x)
{
    return x > 0 ? x * log(x) : 0;
}

/* (1 + c)^2 - (m + n)^2 = e^(4K) ((1 - c)^2 - (m - n)^2), a quadratic
   equation for c with g = tanh 2K: g c^2 - 2 c + g (1 - m^2 - n^2) + 2 m n = 0;
   the root that stays finite as K -> 0. */
double bethe_correlation(double K, double m, double n)
{
    double g = tanh(2 * K), last = g * (1 - m * m - n * n) + 2 * m * n;
    double square = 1 - g * last;
    return last / (1 + sqrt(square > 0 ? square : 0));
}

static double pair_entropy(double m, double n, double c)
{
    return -weighed_log((1 + m + n + c) / 4) -
           weighed_log((1 + m - n - c) / 4) -
           weighed_log((1 - m + n - c) / 4) -
           weighed_log((1 - m - n + c) / 4);
}

double bethe_ln_z(const struct pairs *p, int sample, double beta,
                  const double *m, const double *c)
{
    const int32_t *J = p->J + sample * p->bonds;
    struct sum sum = {-beta * p->constant, 0};
    for (int64_t b = 0; b < p->bonds; b++) {
        double K = beta * p->unit * J[b];
        double x = m[p->ends[2 * b]], y = m[p->ends[2 * b + 1]];
        double both = c ? c[b] : bethe_correlation(K, x, y);
        sum_add(&sum, K * both);
        sum_add(&sum, pair_entropy(x, y, both));
    }
    for (int64_t i = 0; i < p->sites; i++) {
        double h = p->h ? p->h[sample * p->sites + i] : 0;
        double degree = (double)(p->start[i + 1] - p->start[i]);
        sum_add(&sum, beta * p->unit * h * m[i]);
        sum_add(&sum, (1 - degree) * spin_entropy(m[i]));
    }
    return sum_value(&sum);
}

/* What a neighbour of magnetisation n adds to the field on one of m:
   atanh m - 1/4 ln[p(++) p(+-) / (p(-+) p(--))]. */
static double message(double K, double m, double n)
{
    if (fabs(n) >= 1 - EDGE)
        return K * n;
    double c = bethe_correlation(K, m, n);
    double up = (1 + m + n + c) * (1 + m - n - c);
    double down = (1 - m + n - c) * (1 - m - n + c);
    return atanh(m) - log(fmax(up, TINY) / fmax(down, TINY)) / 4;
}

double bethe_field(const struct pairs *p, int sample, double beta,
                   const double *m, int64_t site)
{
    const int32_t *J = p->J + sample * p->bonds;
    double here = fmin(fmax(m[site], EDGE - 1), 1 - EDGE);
    double field = p->h ? beta * p->unit * p->h[sample * p->sites + site] : 0;
    for (int64_t k = p->start[site]; k < p->start[site + 1]; k++)
        field += message(beta * p->unit * J[p->bond[k]], here,
                         m[p->other[k]]);
    return field;
}
