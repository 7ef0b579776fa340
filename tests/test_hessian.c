/* Hessians of states: products against differences of gradients for every
   model that has them; eigenvalues, trace and density against the whole
   matrix; errors of the trace over many seeds; threads. Each check must reject
   a mutant. Seeds are fixed. */
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_sort_vector.h>
#include <omp.h>

#include "contract.h"
#include "core/weights.h"

static const struct scene networks[] = {
    {"mlp", {"N=6", "examples=40", "layers=[8]", "precision=double",
             "l2=0.3"}},
    {"mlp", {"N=8", "examples=60", "layers=[6, 5]", "precision=double",
             "activation=gelu"}},
    {"mlp", {"N=7", "examples=50", "layers=[9]", "precision=double",
             "classes=3"}},
    {"mlp", {"N=7", "examples=50", "layers=[10]", "precision=double",
             "loss=generalised"}}};
enum { NETWORKS = sizeof networks / sizeof *networks };

/* A state that is nowhere special. */
static double *state_of(const struct system *system, int64_t walker)
{
    const struct draws draws = {.kind = STREAM_WORD, .seed = 5, .tick = 1,
                                .walker = walker};
    double *w = mem_new(1, system->state_bytes);
    weights_draw(system, 0, &draws, RNG_TEST, w);
    return w;
}

/* ---- products ------------------------------------------------------------ */

/* grad u_1 = grad Phi(1) - grad Phi(0) at x + h e_i */
static void slope(const struct system *system, const double *state,
                  int64_t i, double h, double *out)
{
    const struct grad *grad = system->model->grad;
    size_t n = (size_t)grad->count(system);
    double *x = mem_copy(state, n, sizeof *x), lambda[COMPONENTS_MAX] = {0};
    double *rest = mem_new(n, sizeof *rest);
    struct grad_at at = {.lambda = lambda, .x = x,
                         .work = mem_new(1, grad->work(system) + 1)};
    x[i] += h;
    grad->phi(system, &at, rest);
    lambda[0] = 1;
    grad->phi(system, &at, out);
    for (size_t k = 0; k < n; k++)
        out[k] -= rest[k];
    free(at.work);
    free(rest);
    free(x);
}

/* The matrix by differences, errors of fourth order. */
static double *differences(const struct system *system, const double *state)
{
    size_t n = (size_t)system->sites;
    const double h = 1e-3, part[4] = {8, -8, -1, 1};
    const double far[4] = {h, -h, 2 * h, -2 * h};
    double *H = mem_new(n * n, sizeof *H), *g = mem_new(n, sizeof *g);
    for (size_t i = 0; i < n; i++)
        for (int k = 0; k < 4; k++) {
            slope(system, state, (int64_t)i, far[k], g);
            for (size_t j = 0; j < n; j++)
                H[i * n + j] += part[k] * g[j] / (12 * h);
        }
    free(g);
    return H;
}

/* Largest difference of products, in units of the largest element. */
static double product_off(const struct system *system)
{
    size_t n = (size_t)system->sites;
    double *w = state_of(system, 1), *H = differences(system, w);
    double *unit = mem_new(n, sizeof *unit), *out = mem_new(n, sizeof *out);
    double off = 0, most = 0;
    struct hessian *h = hessian_new(system, 0, w);
    for (size_t i = 0; i < n; i++) {
        unit[i] = 1;
        h->matrix.times(h, unit, out);
        unit[i] = 0;
        for (size_t j = 0; j < n; j++) {
            off = fmax(off, fabs(out[j] - H[i * n + j]));
            most = fmax(most, fabs(H[i * n + j]));
        }
    }
    hessian_free(h);
    free(out);
    free(unit);
    free(H);
    free(w);
    return off / most;
}

static const struct grad *sound;

static void wrong(const struct system *system, const struct grad_at *at,
                  const double *v, double *out)
{
    sound->hessian(system, at, v, out);
    for (int64_t i = 1; i < system->sites; i++)
        out[i] += 1e-4 * out[i - 1];
}

static double mutant_off(const struct system *system)
{
    struct grad facet = *system->model->grad;
    struct model model = *system->model;
    struct system broken = *system;
    sound = system->model->grad;
    facet.hessian = wrong;
    model.grad = &facet;
    broken.model = &model;
    return product_off(&broken);
}

static bool none_left_out;

static void check_product(const struct subject *subject)
{
    const struct system *system = subject->system;
    const char *no = hessian_refuses(system);
    const struct grad *grad = model_grad(system->model, system->keys);
    bool round = grad && grad->sphere && grad->sphere(system);
    none_left_out = none_left_out &&
                    !no == (grad && grad->hessian && !round);
    if (no)
        return;
    double off = product_off(system);
    ok(off < 1e-7, "products: %s: off by %.1e", subject->what, off);
    if (system->sites > 1) {
        off = mutant_off(system);
        ok(off > 1e-5, "mutant rejected: products off by %.1e", off);
    }
}

/* ---- the whole spectrum -------------------------------------------------- */

/* Ascending; takes H. */
static double *spectrum_of(double *H, size_t n)
{
    double *value = mem_new(n, sizeof *value);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            H[i * n + j] = (H[i * n + j] + H[j * n + i]) / 2;
    gsl_matrix_view matrix = gsl_matrix_view_array(H, n, n);
    gsl_vector_view out = gsl_vector_view_array(value, n);
    gsl_eigen_symm_workspace *work = gsl_eigen_symm_alloc(n);
    gsl_eigen_symm(&matrix.matrix, &out.vector, work);
    gsl_sort_vector(&out.vector);
    gsl_eigen_symm_free(work);
    free(H);
    return value;
}

static double total(const double *value, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += value[i];
    return sum;
}

enum { TOP = 5, BOTTOM = 3 };

/* Largest distance of the ends from `want`, in units of the largest
   eigenvalue; of residuals in `residual`. */
static double ends_off(const struct hessian *h, const double *want,
                       double *residual)
{
    size_t n = (size_t)h->matrix.size;
    const struct lanczos_wanted wanted = {.top = TOP, .bottom = BOTTOM,
                                          .tolerance = 1e-9, .steps = 300,
                                          .seed = 3};
    struct ritz top[TOP], bottom[BOTTOM];
    int steps;
    bool done = lanczos_ends(&h->matrix, &wanted, top, bottom, &steps);
    double off = done ? 0 : INFINITY, scale = fabs(want[n - 1]);
    *residual = 0;
    for (int i = 0; i < TOP; i++) {
        off = fmax(off, fabs(top[i].value - want[n - 1 - (size_t)i]));
        *residual = fmax(*residual, top[i].residual / scale);
    }
    for (int i = 0; i < BOTTOM; i++) {
        off = fmax(off, fabs(bottom[i].value - want[i]));
        *residual = fmax(*residual, bottom[i].residual / scale);
    }
    return off / scale;
}

/* Moments 0, 1, 2 of the density by quadrature, of 64 probes; errors in
   units of their own standard errors. */
static void check_density(const struct hessian *h, const double *want,
                          const char *what)
{
    enum { PROBES = 64, STEPS = 40 };
    double node[STEPS], weight[STEPS], trace, sum[4] = {0}, square[4] = {0};
    size_t n = (size_t)h->matrix.size;
    double middle = (want[n - 4] + want[n - 5]) / 2, exact[4] = {1};
    bool same = true;
    for (int p = 0; p < PROBES; p++) {
        double one[4] = {0};
        int nodes = lanczos_quadrature(&h->matrix, 9, p, STEPS, node, weight,
                                       &trace);
        for (int j = 0; j < nodes; j++) {
            one[0] += weight[j];
            one[1] += weight[j] * node[j];
            one[2] += weight[j] * node[j] * node[j];
            one[3] += node[j] > middle ? weight[j] : 0;
        }
        same = same && fabs(one[0] - 1) < 1e-12 &&
               fabs(one[1] * (double)n - trace) < 1e-9 * fabs(trace);
        for (int k = 0; k < 4; k++) {
            sum[k] += one[k] / PROBES;
            square[k] += one[k] * one[k] / PROBES;
        }
    }
    for (size_t i = 0; i < n; i++) {
        exact[1] += want[i] / (double)n;
        exact[2] += want[i] * want[i] / (double)n;
        exact[3] += i >= n - 4 ? 1 / (double)n : 0;
    }
    ok(same, "density: weights add up to 1, means are traces: %s", what);
    for (int k = 1; k < 4; k++) {
        double error = sqrt((square[k] - sum[k] * sum[k]) / (PROBES - 1));
        double z = (sum[k] - exact[k]) / (error + 1e-12 * fabs(exact[k]));
        ok(fabs(z) < 4.5, "density: %s: z = %.2f: %s",
           k == 3 ? "share of the four largest" : "moment", z, what);
        if (k == 2)
            ok(fabs((sum[k] - 1.2 * exact[k]) / error) > 4.5,
               "mutant rejected: moment 20 %% larger: %s", what);
    }
}

static double matrix_off(const struct hessian *h, const double *want)
{
    size_t n = (size_t)h->matrix.size;
    double *all = mem_new(n, sizeof *all), off = 0;
    symmetric_spectrum(&h->matrix, all);
    for (size_t i = 0; i < n; i++)
        off = fmax(off, fabs(all[i] - want[i]));
    free(all);
    return off / fabs(want[n - 1]);
}

static void check_network(const struct subject *subject)
{
    const struct system *system = subject->system;
    size_t n = (size_t)system->sites;
    double *w = state_of(system, 2), *other = state_of(system, 3), residual;
    double *want = spectrum_of(differences(system, w), n);
    struct hessian *h = hessian_new(system, 0, w);
    double top[HESSIAN_TOP], trace, error, off = ends_off(h, want, &residual);
    ok(off < 1e-7 && residual < 1e-8, "ends: off by %.1e, residuals %.1e: %s",
       off, residual, subject->what);
    off = matrix_off(h, want);
    ok(off < 1e-7, "spectrum: off by %.1e: %s", off, subject->what);
    hessian_top(system, 0, w, top);
    off = 0;
    for (int i = 0; i < HESSIAN_TOP; i++)
        off = fmax(off, fabs(top[i] / want[n - 1 - (size_t)i] - 1));
    ok(off < 1e-6, "hessian_top: off by %.1e", off);
    trace = hutchinson(&h->matrix, 1, (int)n, &error);
    near(trace, total(want, n), 1e-7 * fabs(want[n - 1]), "trace, exact");
    check_density(h, want, subject->what);
    hessian_free(h);
    h = hessian_new(system, 0, other);
    ok(ends_off(h, want, &residual) > 1e-3, "mutant rejected: another state");
    hessian_free(h);
    free(want);
    free(other);
    free(w);
}

static void with(const struct scene *scene,
                 void (*check)(const struct subject *))
{
    struct subject subject;
    if (!subject_make(&subject, scene->model, scene->key))
        return;
    check(&subject);
    subject_release(&subject);
}

/* ---- matrices known exactly ---------------------------------------------- */

/* X'X + l2: 60 examples, so 40 eigenvalues are l2. */
static void check_linear(const struct subject *subject)
{
    const struct system *system = subject->system;
    size_t n = (size_t)system->sites;
    double *H = mem_copy(system_weights(system)->quadratic[0].H, n * n,
                         sizeof *H);
    double *w = state_of(system, 4), residual;
    for (size_t i = 0; i < n; i++)
        H[i * n + i] += 0.3;
    double *want = spectrum_of(H, n);
    struct hessian *h = hessian_new(system, 0, w);
    double off = ends_off(h, want, &residual);
    ok(off < 1e-10, "linear: ends off by %.1e of X'X + l2", off);
    near(want[0], 0.3, 1e-12, "linear: the lowest is l2");
    ok(matrix_off(h, want) < 1e-12, "linear: spectrum");
    check_density(h, want, "linear");
    for (size_t i = 0; i < n; i++)
        want[i] -= 0.3;
    ok(ends_off(h, want, &residual) > 1e-3, "mutant rejected: without l2");
    hessian_free(h);
    free(want);
    free(w);
}

/* At the minima and the saddles of double_well eigenvalues are 8 and -4. */
static void check_degenerate(const struct subject *subject)
{
    const struct system *system = subject->system;
    size_t n = (size_t)system->sites;
    double *x = mem_new(n, sizeof *x), *want = mem_new(n, sizeof *want);
    double residual, top[HESSIAN_TOP], trace;
    for (size_t i = 0; i < n; i++) {
        x[i] = i % 3 ? (i % 2 ? 1 : -1) : 0;
        want[i] = i < (n + 2) / 3 ? -4 : 8;
    }
    struct hessian *h = hessian_new(system, 0, x);
    double off = ends_off(h, want, &residual);
    ok(off < 1e-12, "eigenvalues -4 and 8, many times: off by %.1e", off);
    hessian_top(system, 0, x, top);
    near(top[HESSIAN_TOP - 1], 8, 1e-12, "hessian_top: the third is 8 too");
    hessian_trace(system, 0, x, &trace);
    near(trace, total(want, n) / (double)n, 1e-12,
         "hessian_trace of a diagonal H has no error");
    hessian_free(h);
    free(want);
    free(x);
}

/* ---- errors of the trace ------------------------------------------------- */

/* Of 32 seeds z follows Student's t of 15 degrees: sum z^2 = 37 +- 10, its
   mean 0 +- 0.19. Passed within 4.3 of these: a false alarm in 10^4 seeds of
   seeds. */
static bool covered(const struct hessian *h, double want, double times)
{
    enum { SEEDS = 32 };
    double sum = 0, square = 0;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        double error;
        double got = hutchinson(&h->matrix, 100 + seed, 16, &error);
        double z = (got - want) / (times * error);
        sum += z / SEEDS;
        square += z * z;
    }
    printf("# mean z %.2f, sum z^2 %.1f\n", sum, square);
    return fabs(sum) < 0.8 && square > 12 && square < 80;
}

static void check_coverage(const struct subject *subject)
{
    const struct system *system = subject->system;
    size_t n = (size_t)system->sites;
    double *w = state_of(system, 2), trace, other;
    double *want = mem_new(n, sizeof *want);
    struct hessian *h = hessian_new(system, 0, w);
    symmetric_spectrum(&h->matrix, want);
    double exact = total(want, n);
    ok(covered(h, exact, 1), "errors of the trace cover: %s", subject->what);
    ok(!covered(h, exact, 0.5), "mutant rejected: half the error");
    ok(!covered(h, exact, 3), "mutant rejected: three times the error");
    hessian_trace(system, 0, w, &trace);
    w[0] = nextafter(w[0], 1);
    hessian_trace(system, 0, w, &other);
    ok(trace != other && fabs(trace - other) > 1e-9,
       "hessian_trace: another state has other probes");
    hessian_free(h);
    free(want);
    free(w);
}

/* ---- threads, refusals --------------------------------------------------- */

static void seen(int threads, int64_t walker, double out[HESSIAN_TOP + 1])
{
    static const struct scene scene = {
        "mlp", {"N=20", "examples=1000", "layers=[10]"}};
    struct subject subject;
    omp_set_num_threads(threads);
    if (!subject_make(&subject, scene.model, scene.key))
        return;
    double *w = state_of(subject.system, walker);
    hessian_top(subject.system, 0, w, out);
    hessian_trace(subject.system, 0, w, out + HESSIAN_TOP);
    free(w);
    subject_release(&subject);
}

static void check_threads(void)
{
    double one[HESSIAN_TOP + 1] = {0}, two[HESSIAN_TOP + 1] = {1};
    double other[HESSIAN_TOP + 1] = {0};
    seen(1, 1, one);
    seen(2, 1, two);
    seen(2, 2, other);
    ok(!memcmp(one, two, sizeof one), "two threads: the same bits");
    ok(memcmp(one, other, sizeof one), "mutant rejected: another state");
    omp_set_num_threads(1);
}

int main(void)
{
    none_left_out = true;
    for_subjects(check_product);
    ok(none_left_out, "refused where there is no Hessian, only there");
    for (int i = 0; i < NETWORKS; i++) {
        with(&networks[i], check_product);
        with(&networks[i], check_network);
    }
    with(&(struct scene){"linear", {"N=100", "examples=60", "l2=0.3"}},
         check_linear);
    with(&(struct scene){"wells", {"dim=90"}}, check_degenerate);
    with(&networks[0], check_coverage);
    with(&networks[2], check_coverage);
    check_threads();
    return tap_done();
}
