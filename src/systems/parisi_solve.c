#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <math.h>

#include "stat/root.h"
#include "stat/tanh_average.h"
#include "systems/parisi.h"

/* -f is least: Newton's steps with second derivatives by differences of the
   analytical first ones, shortened (Levenberg, Marquardt) where -f would rise
   or an order be lost. */
enum { UNKNOWNS = 2 * PARISI_MOST + 1, STEPS_MOST = 30,
       STEPS_NEAR = 12 };

/* ---- unknowns: q_0 ... q_(K-1), q_K if T > 0, y_1 ... y_K ---------------- */

static int overlaps_of(const struct parisi *p)
{
    return p->T > 0 ? p->K + 1 : p->K;
}

static int unknowns_of(const struct parisi *p)
{
    return overlaps_of(p) + p->K;
}

static double *unknown(struct parisi *p, int i)
{
    int overlaps = overlaps_of(p);
    return i < overlaps ? &p->q[i] : &p->y[1 + i - overlaps];
}

static double slope(const struct parisi *p, const struct parisi_means *means,
                    int i)
{
    int overlaps = overlaps_of(p);
    return i < overlaps ? means->slope_q[i]
                        : means->slope_y[1 + i - overlaps];
}

/* The room that unknown i has below and above, of what is above 0. */
static double room(const struct parisi *p, int i)
{
    int overlaps = overlaps_of(p), k = i < overlaps ? i : 1 + i - overlaps;
    double top = p->T > 0 ? 1 / p->T : INFINITY;
    if (i < overlaps)
        return fmin(p->q[k] - (k ? p->q[k - 1] : 0),
                    (k < p->K ? p->q[k + 1] : 1) - p->q[k]);
    return fmin(p->y[k] - p->y[k - 1],
                (k < p->K ? p->y[k + 1] : top) - p->y[k]);
}

/* Does every gap of `p` keep a quarter of what it is in `old`? */
static bool ordered(const struct parisi *p, const struct parisi *old)
{
    for (int i = 0; i <= p->K; i++) {
        double gap = p->q[i] - (i ? p->q[i - 1] : 0);
        double was = old->q[i] - (i ? old->q[i - 1] : 0);
        double rise = i ? p->y[i] - p->y[i - 1] : 1;
        double rose = i ? old->y[i] - old->y[i - 1] : 1;
        if (!(gap > was / 4) || !(rise > rose / 4))
            return false;
    }
    return p->T == 0 ||
           (1 - p->T * p->y[p->K] > (1 - p->T * old->y[p->K]) / 4 &&
            1 - p->q[p->K] > (1 - old->q[p->K]) / 4);
}

/* ---- steps --------------------------------------------------------------- */

static void curvature(const struct parisi *p, double finer,
                      const struct parisi_means *here, gsl_matrix *H)
{
    int n = unknowns_of(p);
    for (int i = 0; i < n; i++) {
        struct parisi moved = *p;
        struct parisi_means there;
        double step = 1e-4 * room(p, i);
        *unknown(&moved, i) += step;
        parisi_means(&moved, finer, &there);
        for (int j = 0; j < n; j++)
            gsl_matrix_set(H, (size_t)i, (size_t)j,
                           (slope(p, &there, j) - slope(p, here, j)) / step);
    }
    for (size_t i = 0; i < (size_t)n; i++)
        for (size_t j = 0; j < i; j++) {
            double mean = (gsl_matrix_get(H, i, j) +
                           gsl_matrix_get(H, j, i)) / 2;
            gsl_matrix_set(H, i, j, mean);
            gsl_matrix_set(H, j, i, mean);
        }
}

/* p - (H + damping |diag H|)^-1 slope; false when that is not positive. */
static bool moved_by(const struct parisi *p, const struct parisi_means *means,
                     const gsl_matrix *H, double damping, struct parisi *out)
{
    size_t n = (size_t)unknowns_of(p);
    double solution[UNKNOWNS], entries[UNKNOWNS * UNKNOWNS];
    gsl_matrix_view A = gsl_matrix_view_array(entries, n, n);
    gsl_vector_view x = gsl_vector_view_array(solution, n);
    for (size_t i = 0; i < n; i++) {
        solution[i] = slope(p, means, (int)i);
        for (size_t j = 0; j < n; j++) {
            double entry = gsl_matrix_get(H, i, j);
            gsl_matrix_set(&A.matrix, i, j,
                           i == j ? entry + damping * fabs(entry) : entry);
        }
    }
    if (gsl_linalg_cholesky_decomp1(&A.matrix) ||
        gsl_linalg_cholesky_svx(&A.matrix, &x.vector))
        return false;
    *out = *p;
    for (size_t i = 0; i < n; i++)
        *unknown(out, (int)i) -= solution[i];
    return true;
}

/* The largest change of an unknown in units of its room. */
static double distance(struct parisi *from, struct parisi *to)
{
    double most = 0;
    for (int i = 0; i < unknowns_of(from); i++)
        most = fmax(most, fabs(*unknown(to, i) - *unknown(from, i)) /
                              room(from, i));
    return most;
}

/* One step; how far it went, INFINITY when none was found. */
static double step(struct parisi *p, struct parisi_means *means, double finer,
                   double *damping)
{
    const double rounding = 4e-16;
    size_t n = (size_t)unknowns_of(p);
    double entries[UNKNOWNS * UNKNOWNS];
    gsl_matrix_view H = gsl_matrix_view_array(entries, n, n);
    curvature(p, finer, means, &H.matrix);
    while (*damping < 1e3) {
        struct parisi next;
        struct parisi_means there;
        bool good = moved_by(p, means, &H.matrix, *damping, &next) &&
                    ordered(&next, p);
        double far = good ? distance(p, &next) : INFINITY;
        if (good)
            parisi_means(&next, finer, &there);
        if (good && (there.free_energy > means->free_energy - rounding ||
                     (far < 1e-4 && isfinite(there.free_energy)))) {
            *p = next;
            *means = there;
            *damping = *damping < 1e-7 ? 0 : *damping / 10;
            return far;
        }
        *damping = *damping == 0 ? 1e-3 : *damping * 4;
    }
    return INFINITY;
}

/* From damping = 0: as one who is there nearly. */
static bool descend(struct parisi *p, double damping, double finer)
{
    struct parisi_means means;
    parisi_means(p, finer, &means);
    int most = damping == 0 ? STEPS_NEAR : STEPS_MOST;
    p->loose = INFINITY;
    for (int i = 0; i < most; i++) {
        double last = p->loose;
        p->loose = step(p, &means, finer, &damping);
        if (!isfinite(p->loose))
            return false;
        if (damping < 1e-6 && (p->loose < 1e-10 || (p->loose < 1e-3 &&
                                                    p->loose > last / 4)))
            return true; /* or rounding is left */
    }
    return false;
}

/* ---- where to start ------------------------------------------------------ */

/* h^2 is less than the smallest number: q = 0 would be a root. */
static bool is_zero(double h)
{
    return fabs(h) < 1e-150;
}

/* <tanh^2> - q, at h = 0 by q: then q = 0 is no root. In b = sqrt q / T. */
static double self_consistent(double b, void *with)
{
    const struct parisi *p = with;
    struct tanh_average t = tanh_average(p->h / p->T, b);
    return is_zero(p->h) ? t.tanh2 / (b * b) - p->T * p->T
                     : t.tanh2 - b * p->T * (b * p->T);
}

/* K = 0 */
static bool solve_symmetric(struct parisi *p)
{
    double low = is_zero(p->h) ? 0.7 * sqrt(fmax(0, 1 - p->T * p->T) / 2) : 0;
    p->q[0] = p->T == 0;
    if (p->T == 0 || (is_zero(p->h) && p->T >= 1))
        return true;
    struct root b = root_between(self_consistent, p, low, 1 / p->T);
    p->q[0] = b.x * p->T * b.x * p->T;
    p->loose = b.width / b.x;
    return b.found;
}

/* One step, no field: about. */
static void guess(struct parisi *p)
{
    double top = p->T > 0 ? 1 - 1.6 * p->T * p->T + 0.6 * pow(p->T, 3) : 1;
    p->q[1] = top;
    p->q[0] = top * (0.47 - 0.14 * p->T);
    p->y[1] = 1.36 * top;
}

/* In a field: from none in short steps. */
static bool solve_one(struct parisi *p, double finer)
{
    const double first = 1e-2;
    int steps = (int)ceil(fabs(p->h) / 0.1);
    struct parisi at = {.K = 1, .T = p->T};
    guess(&at);
    bool solved = descend(&at, first, finer);
    for (int i = 1; i <= steps && solved; i++) {
        at.h = p->h * i / steps;
        solved = descend(&at, first, finer);
    }
    *p = at;
    return solved;
}

/* Through (at[i], value[i]), beyond the ends straight on. */
static double through(int count, const double *at, const double *value,
                      double x)
{
    int i = 1;
    while (i < count - 1 && x > at[i])
        i++;
    return value[i] + (x - at[i]) * (value[i] - value[i - 1]) /
                          (at[i] - at[i - 1]);
}

/* Steps at equal distances s along a smooth q(s), y(s) through those of
   `from`; y(0) = 0 when q(0) = 0. */
static void refine(const struct parisi *from, struct parisi *p)
{
    double s_q[PARISI_MOST + 1], s_y[PARISI_MOST + 1];
    double y[PARISI_MOST + 1] = {0};
    int K = from->K;
    for (int i = 0; i <= K; i++) {
        s_q[i] = (2 * i + 1) / (2.0 * K + 1);
        s_y[i] = 2 * i / (2.0 * K + 1);
        y[i] = from->y[i];
    }
    double lowest = fmax(0, from->q[0] - (from->q[1] - from->q[0]) / 2);
    y[0] = K > 1 ? fmax(0, 2 * y[1] - y[2])
           : p->T > 0 ? y[1] * lowest / from->q[1] : 0;
    for (int i = 0; i <= p->K; i++) {
        double s = 2 * p->K + 1;
        p->q[i] = through(K + 1, s_q, from->q, (2 * i + 1) / s);
        p->y[i] = through(K + 1, s_y, y, 2 * i / s);
    }
    p->y[0] = 0;
    p->q[0] = fmax(p->q[0], from->q[0] / 4);
    if (p->T > 0 && p->y[p->K] * p->T > 0.97)
        p->y[p->K] = (p->y[p->K - 1] + 1 / p->T) / 2;
}

bool parisi_solve(struct parisi *p, const struct parisi *from, double finer)
{
    gsl_set_error_handler_off(); /* for good: threads share it */
    bool solved;
    p->y[0] = 0;
    if (p->K == 0) {
        solved = solve_symmetric(p);
    } else if (!from) {
        solved = solve_one(p, finer);
    } else {
        for (int i = 0; i <= p->K && from->K == p->K; i++) {
            p->q[i] = from->q[i];
            p->y[i] = from->y[i];
        }
        if (from->K != p->K)
            refine(from, p);
        solved = descend(p, from->K == p->K ? 0 : 1e-2, finer);
    }
    return solved;
}
