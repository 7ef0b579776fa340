/* Losses of one example. libm's exp and log: what they enter came through
   BLAS, which is as much the cpu's own. */
#include "systems/network.h"

#include <assert.h>
#include <math.h>

static int outputs_of(const struct network *n) { return n->width[n->layers]; }

/* ---- margins ----------------------------------------------------------- */

/* the first largest output but that of the label, or one that is no number */
static int rival_of(int outputs, int label, const double *f)
{
    int rival = label == 0;
    for (int k = rival + 1; k < outputs; k++)
        if (k != label && (f[k] > f[rival] || isnan(f[k])))
            rival = k;
    return rival;
}

static double margin_of(int outputs, int label, const double *f)
{
    return outputs == 1 ? label * f[0]
                        : f[label] - f[rival_of(outputs, label, f)];
}

static double hinge(int outputs, int label, double kappa, const double *f,
                    double *g)
{
    double lack = kappa - margin_of(outputs, label, f);
    bool flat = lack <= 0;
    if (g) {
        for (int k = 0; k < outputs; k++)
            g[k] = 0;
        if (!flat && outputs == 1)
            g[0] = -label;
        if (!flat && outputs > 1) {
            g[label] = -1;
            g[rival_of(outputs, label, f)] = 1;
        }
    }
    return flat ? 0 : lack;
}

/* ---- probabilities ----------------------------------------------------- */

/* -ln p_y. p (unless NULL): 1 - p_y for one output, else p_k - [k = y], whose
   small differences are made without cancellation. */
static double cross_entropy(int outputs, int label, const double *f,
                            double *p)
{
    if (outputs == 1) {
        double m = label * f[0], t = exp(-fabs(m));
        if (p)
            p[0] = m > 0 ? t / (1 + t) : 1 / (1 + t);
        return fmax(-m, 0) + log1p(t);
    }
    int rival = rival_of(outputs, label, f);
    double most = fmax(f[label], f[rival]), others = 0;
    for (int k = 0; k < outputs; k++)
        others += k == label ? 0 : exp(f[k] - most);
    double self = exp(f[label] - most), sum = self + others;
    if (p)
        for (int k = 0; k < outputs; k++)
            p[k] = k == label ? -others / sum : exp(f[k] - most) / sum;
    return f[label] == most ? log1p(others) : most - f[label] + log(sum);
}

/* (1 - p_y^q) / q and p_y^q, given loss = -ln p_y */
static double generalised(double q, double loss, double *power)
{
    *power = exp(-q * loss);
    return q > 0 ? -expm1(-q * loss) / q : loss;
}

static double exponent(const struct network *n)
{
    return n->loss == NETWORK_GENERALISED ? n->q : 0;
}

static double entropy_loss(const struct network *n, int label,
                           const double *f, double *g)
{
    int outputs = outputs_of(n);
    double power,
        loss = generalised(exponent(n), cross_entropy(outputs, label, f, g),
                           &power);
    if (g)
        for (int k = 0; k < outputs; k++)
            g[k] *= outputs == 1 ? -label * power : power;
    return loss;
}

/* g_k = p_y^q (p_k - [k = y]) differentiated along v. One output: with c =
   1 - p_y, g = -y p_y^q c and dc/df = -y p_y c. */
static void entropy_hessian(const struct network *n, int label,
                            const double *f, const double *v, double *out)
{
    int outputs = outputs_of(n);
    double q = exponent(n), power;
    generalised(q, cross_entropy(outputs, label, f, out), &power);
    if (outputs == 1) {
        double c = out[0];
        out[0] = power * c * (1 - c - q * c) * v[0];
        return;
    }
    double mean = 0; /* sum_k p_k v_k - v_y */
    for (int k = 0; k < outputs; k++)
        mean += out[k] * v[k];
    for (int k = 0; k < outputs; k++) {
        double p = out[k] + (k == label);
        out[k] = power * (p * (v[k] - v[label] - mean) - q * mean * out[k]);
    }
}

/* ---- by name ----------------------------------------------------------- */

static double target_of(const struct network *n,
                        const struct network_data *data, int64_t row, int k)
{
    int outputs = outputs_of(n);
    if (data->y)
        return data->y[row * outputs + k];
    return outputs == 1 ? data->label[row] : data->label[row] == k;
}

static double squared(const struct network *n,
                      const struct network_data *data, int64_t row,
                      const double *f, double *g)
{
    double sum = 0;
    for (int k = 0; k < outputs_of(n); k++) {
        double off = f[k] - target_of(n, data, row, k);
        sum += 0.5 * off * off;
        if (g)
            g[k] = off;
    }
    return sum;
}

double network_example(const struct network *n,
                       const struct network_data *data, int64_t row,
                       const double *f, double *g)
{
    int outputs = outputs_of(n);
    assert(data->label || (n->loss == NETWORK_SQUARED && data->y));
    switch (n->loss) {
    case NETWORK_SQUARED:
        return squared(n, data, row, f, g);
    case NETWORK_CROSS_ENTROPY:
    case NETWORK_GENERALISED:
        return entropy_loss(n, data->label[row], f, g);
    case NETWORK_HINGE:
        return hinge(outputs, data->label[row], n->kappa, f, g);
    case NETWORK_PERCEPTRON:
        return hinge(outputs, data->label[row], 0, f, g);
    }
    return NAN;
}

void network_example_hessian(const struct network *n,
                             const struct network_data *data, int64_t row,
                             const double *f, const double *v, double *out)
{
    bool smooth = n->loss == NETWORK_CROSS_ENTROPY ||
                  n->loss == NETWORK_GENERALISED;
    if (smooth)
        entropy_hessian(n, data->label[row], f, v, out);
    else
        for (int k = 0; k < outputs_of(n); k++)
            out[k] = n->loss == NETWORK_SQUARED ? v[k] : 0;
}

bool network_example_wrong(const struct network *n,
                           const struct network_data *data, int64_t row,
                           const double *f)
{
    return !(margin_of(outputs_of(n), data->label[row], f) > 0);
}
