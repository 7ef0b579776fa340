/* Gradients and Hessian products against differences, the BLAS body against
   plain loops, for every activation, loss, precision and shape. */
#include "network_scenes.h"

/* max |a - b| / max(|b|, 1) over the largest |b| */
static double distance(int64_t count, const double *a, const double *b)
{
    double most = 1, off = 0;
    for (int64_t i = 0; i < count; i++) {
        most = fmax(most, fabs(b[i]));
        off = fmax(off, isnan(a[i]) ? INFINITY : fabs(a[i] - b[i]));
    }
    return off / most;
}

/* ---- gradients --------------------------------------------------------- */

/* The reference's loss, differenced at steps of 1e-5: the third derivative
   costs 1e-10 of the scale, rounding 1e-16 / 1e-5. */
static double *differences(const struct scene *s)
{
    double *w = mem_copy(s->w, (size_t)s->count, sizeof *w);
    double *g = mem_new((size_t)s->count, sizeof *g);
    const double h = 1e-5;
    for (int64_t i = 0; i < s->count; i++) {
        w[i] = s->w[i] + h;
        double up = network_reference_loss(&s->network, &s->data, w, NULL);
        w[i] = s->w[i] - h;
        double down = network_reference_loss(&s->network, &s->data, w, NULL);
        w[i] = s->w[i];
        g[i] = (up - down) / (2 * h);
    }
    free(w);
    return g;
}

static double *gradient(const struct scene *s, const struct network *n,
                        int threads, double *loss)
{
    struct network_work *work = network_work_new(n, threads, false);
    double *g = mem_new((size_t)s->count, sizeof *g);
    *loss = network_loss(work, &s->data, s->w, g);
    network_work_free(work);
    return g;
}

/* How far the BLAS body (of network n: a mutant's differs) is from the
   differences. */
static double gradient_off(const struct scene *s, const struct network *n)
{
    double loss, *want = differences(s), *got = gradient(s, n, 1, &loss);
    double off = distance(s->count, got, want);
    free(want);
    free(got);
    return off;
}

/* Double: differences of a loss of about 20 are good to 1e-10 of it. Single:
   some dozens of roundings of 6e-8, of sums as large as their gradient. */
static double gradient_bound(bool single) { return single ? 1e-5 : 1e-8; }

static void test_gradients(enum network_activation a, enum network_loss l)
{
    double worst[2] = {0}, caught = INFINITY;
    for (int shape = 0; shape < SHAPES; shape++)
        for (int single = 0; single < 2; single++) {
            struct scene s = scene_new(shape, a, l, single, 12);
            double off = gradient_off(&s, &s.network);
            worst[single] = fmax(worst[single], off);
            struct network mutant = s.network;
            mutant.activation = (a + 1) % 4;
            if (s.network.layers > 1)
                caught = fmin(caught, gradient_off(&s, &mutant) /
                                          gradient_bound(single));
            scene_clear(&s);
        }
    ok(worst[0] < gradient_bound(false) && worst[1] < gradient_bound(true),
       "gradient against differences: %s, %s", activation_name[a],
       loss_name[l]);
    printf("# off by %.2g (double), %.2g (single)\n", worst[0], worst[1]);
    ok(caught > 1, "another activation's is rejected");
}

/* ---- the reference ----------------------------------------------------- */

/* Loss and gradient, each over its own size. */
static double reference_off(const struct scene *s, const struct network *n)
{
    double loss, *got = gradient(s, n, 1, &loss);
    double *want = mem_new((size_t)s->count, sizeof *want);
    double sum = network_reference_loss(&s->network, &s->data, s->w, want);
    double off = fmax(distance(s->count, got, want),
                      fabs(loss - sum) / fmax(fabs(sum), 1));
    free(want);
    free(got);
    return off;
}

/* Hinges and relu jump where a rounding decides: none of these examples is
   that near. */
static void test_reference(enum network_activation a, enum network_loss l)
{
    double worst[2] = {0};
    for (int shape = 0; shape < SHAPES; shape++)
        for (int single = 0; single < 2; single++) {
            struct scene s = scene_new(shape, a, l, single, EXAMPLES);
            worst[single] = fmax(worst[single],
                                 reference_off(&s, &s.network));
            scene_clear(&s);
        }
    ok(worst[0] < 1e-13 && worst[1] < 5e-6,
       "BLAS against plain loops: %s, %s", activation_name[a], loss_name[l]);
    printf("# off by %.2g (double), %.2g (single)\n", worst[0], worst[1]);
}

/* A precision, margin or exponent slightly off must show. */
static void test_reference_mutants(void)
{
    struct scene s = scene_new(3, NETWORK_TANH, NETWORK_HINGE, false,
                               EXAMPLES);
    struct network mutant = s.network;
    mutant.kappa *= 1 + 1e-9;
    ok(reference_off(&s, &mutant) > 1e-13, "another margin is rejected");
    s.data.examples--;
    double loss, *g = gradient(&s, &s.network, 1, &loss);
    s.data.examples++;
    double sum = network_reference_loss(&s.network, &s.data, s.w, NULL);
    ok(fabs(loss - sum) > 5e-6 * sum, "an example left out is rejected");
    free(g);
    scene_clear(&s);
    s = scene_new(5, NETWORK_GELU, NETWORK_GENERALISED, false, EXAMPLES);
    mutant = s.network;
    mutant.q *= 1 + 1e-9;
    ok(reference_off(&s, &mutant) > 1e-13, "another q is rejected");
    scene_clear(&s);
}

/* ---- Hessian ----------------------------------------------------------- */

static double *hessian(const struct scene *s, const struct network *n,
                       const double *v)
{
    struct network_work *work = network_work_new(n, 1, true);
    double *out = mem_new((size_t)s->count, sizeof *out);
    network_hessian(work, &s->data, s->w, v, out);
    network_work_free(work);
    return out;
}

/* (g(w + h v) - g(w - h v)) / 2 h by the reference; the step is so short that
   no kink of a relu or a hinge is within it. */
static double *gradient_differences(const struct scene *s, const double *v)
{
    size_t count = (size_t)s->count;
    double *g[2], *w = mem_new(count, sizeof *w);
    const double h = 1e-6;
    for (int side = 0; side < 2; side++) {
        g[side] = mem_new(count, sizeof *w);
        for (size_t i = 0; i < count; i++)
            w[i] = s->w[i] + (side ? h : -h) * v[i];
        network_reference_loss(&s->network, &s->data, w, g[side]);
    }
    for (size_t i = 0; i < count; i++)
        g[1][i] = (g[1][i] - g[0][i]) / (2 * h);
    free(g[0]);
    free(w);
    return g[1];
}

static double dot(int64_t count, const double *a, const double *b)
{
    double sum = 0;
    for (int64_t i = 0; i < count; i++)
        sum += a[i] * b[i];
    return sum;
}

struct hessian_check {
    double off;      /* from differences */
    double caught;   /* of another activation's, at least */
    double skew;     /* |a.Hb - b.Ha| over |a||Hb| */
};

static struct hessian_check check_hessian(const struct scene *s)
{
    double *a = random_numbers(s->count, 1), *b = random_numbers(s->count, 1);
    double *Ha = hessian(s, &s->network, a), *Hb = hessian(s, &s->network, b);
    double *want = gradient_differences(s, a);
    struct network mutant = s->network;
    mutant.activation = (mutant.activation + 1) % 4;
    double *other = hessian(s, &mutant, a);
    struct hessian_check c = {
        .off = distance(s->count, Ha, want),
        .caught = s->network.layers > 1 ? distance(s->count, other, want)
                                        : INFINITY,
        .skew = fabs(dot(s->count, a, Hb) - dot(s->count, b, Ha)) /
                sqrt(dot(s->count, a, a) * dot(s->count, Hb, Hb) + 1e-300)};
    free(a);
    free(b);
    free(Ha);
    free(Hb);
    free(want);
    free(other);
    return c;
}

/* Where both slopes jump, H is 0 and so are the differences. */
static void test_hessian(enum network_activation a, enum network_loss l)
{
    struct hessian_check worst[2] = {{0}};
    double caught = INFINITY;
    for (int shape = 0; shape < SHAPES; shape++)
        for (int single = 0; single < 2; single++) {
            struct scene s = scene_new(shape, a, l, single, 20);
            struct hessian_check c = check_hessian(&s);
            worst[single].off = fmax(worst[single].off, c.off);
            worst[single].skew = fmax(worst[single].skew, c.skew);
            if (c.caught > 0) /* else no example has a loss */
                caught = fmin(caught, c.caught);
            scene_clear(&s);
        }
    ok(worst[0].off < 1e-7 && worst[1].off < 2e-5,
       "Hessian products: %s, %s", activation_name[a], loss_name[l]);
    ok(worst[0].skew < 1e-14 && worst[1].skew < 1e-6, "are symmetric");
    printf("# off by %.2g, %.2g, skew %.2g, %.2g; mutant %.2g\n",
           worst[0].off, worst[1].off, worst[0].skew, worst[1].skew, caught);
    ok(caught > 1e-4, "another activation's is rejected");
}

int main(void)
{
    for (enum network_activation a = 0; a <= NETWORK_GELU; a++)
        for (enum network_loss l = 0; l <= NETWORK_GENERALISED; l++) {
            test_gradients(a, l);
            test_reference(a, l);
            test_hessian(a, l);
        }
    test_reference_mutants();
    return tap_done();
}
