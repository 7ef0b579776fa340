/* Data sets: round trips in all formats, splits, standardised inputs, wrong
   targets. */
#include "base/rng.h"
#include "dataset_files.h"

enum { N = 7, K = 6 };

/* ---- round trips --------------------------------------------------------- */

/* Numbers that a type holds exactly. */
static struct array numbers_for(const struct number_type *type, double *x)
{
    for (int i = 0; i < N * K; i++)
        x[i] = type->kind == 'u'   ? i * 37 % 256
               : type->kind == 'i' ? i * 37 % 256 - 128
               : type->size == 4   ? (double)(sinf((float)i) * 1e-3f)
                                   : sin(i) * 1e30;
    if (type->kind != 'f' && type->size > 1)
        x[3] = type->kind == 'u' ? 65535 : -32768;
    if (type->kind != 'f' && type->size > 2)
        x[4] = type->kind == 'u' ? 4294967295 : -2147483648;
    if (type->kind != 'f' && type->size > 4)
        x[5] = -4611686018427387904. * (type->kind == 'u' ? -1 : 1);
    return (struct array){3, {N, 2, 3}, x};
}

static bool same(const double *a, const double *b, int64_t count)
{
    bool good = a && b;
    for (int64_t i = 0; good && i < count; i++)
        good = a[i] == b[i];
    return good;
}

static bool is_table(const struct dataset *set, const double *x, int divide)
{
    bool good = set && dataset_holds(set) && set->examples == N &&
                set->inputs == K && !set->y && !set->label;
    for (int i = 0; good && i < N * K; i++)
        good = set->x[i] == x[i] / divide;
    return good;
}

static void check_type(const struct number_type *type)
{
    double x[N * K];
    struct array array = numbers_for(type, x);
    struct dataset_request request = {"a", .targets = DATASET_NONE};
    for (int version = 1; version <= 3; version++) {
        write_npy("a", type, array, version);
        struct dataset *set = read_good(request);
        ok(is_table(set, x, 1), "npy %s, version %d", type->descr, version);
        dataset_free(set);
    }
    if (type->mark) {
        write_idx("a", type, array);
        struct dataset *set = read_good(request);
        ok(is_table(set, x, type->mark == 8 ? 255 : 1), "IDX type %02x",
           type->mark);
        x[N * K - 1] = -x[N * K - 1] - 1;
        ok(!is_table(set, x, type->mark == 8 ? 255 : 1),
           "mutant rejected: another last number");
        dataset_free(set);
    }
    unlink("a");
}

static const double labels[N] = {0, 2, 1, 0, 3, 2, 1};
static const struct array label_array = {1, {N}, labels};
static const double pairs[2 * N] = {.1, -1, 2e99, 3, 4, 5, 6, -7, 8, 9, 10,
                                    11, -1e-99, 13};
static const struct array pair_array = {2, {N, 2}, pairs};

/* Labels, or two real targets. */
static bool is_whole(const struct dataset *set, const double *x,
                     int64_t rows, bool classes)
{
    bool good = set && dataset_holds(set) && set->examples == rows &&
                set->inputs == K && same(set->x, x, rows * K);
    if (!good || !classes)
        return good && set->outputs == 2 && same(set->y, pairs, 2 * rows);
    for (int64_t i = 0; i < rows; i++)
        good = good && set->label && set->label[i] == labels[i];
    return good && set->classes == 4 && set->outputs == 0;
}

static void check_whole(const char *what, struct dataset_request request,
                        const double *x)
{
    bool classes = request.targets == DATASET_CLASSES;
    struct dataset *set = read_good(request);
    ok(is_whole(set, x, N, classes), "%s: all for training", what);
    dataset_free(set);
    request.train = 3;
    request.test = 2;
    set = read_good(request);
    ok(is_whole(set, x, 5, classes), "%s: 3 + 2 examples", what);
    dataset_free(set);
    request.train = 0;
    set = read_good(request);
    ok(is_whole(set, x, N, classes), "%s: all but 2 for training", what);
    ok(set && !is_whole(set, x + 1, N, classes), "mutant rejected");
    dataset_free(set);
}

static void check_csv(struct array x)
{
    static const char *const separators[] = {",", ";", " ", "\t", "  ;  ",
                                             ", "};
    static const char *const heads[] = {
        "", "a,\"b\",c,d\n", "# 1 2 3\n\n  # x\n", "\xef\xbb\xbf",
        "\xef\xbb\xbf;pixel;e\r\n\r\n", "label x x x\n"};
    for (int i = 0; i < 6; i++) {
        write_csv("a", heads[i], separators[i], x, &label_array);
        check_whole("csv, labels", (struct dataset_request){.file = "a"},
                    x.at);
        write_csv("a", heads[i], separators[i], x, &pair_array);
        check_whole("csv, reals",
                    (struct dataset_request){"a", .targets = DATASET_REALS,
                                             .outputs = 2}, x.at);
    }
    write_csv("a", "", ",", x, NULL);
    write_csv("b.csv", "y\n", ",", label_array, NULL);
    check_whole("csv, a second file",
                (struct dataset_request){"a", "csv", .labels_file = "b.csv"},
                x.at);
    write_text("a", "+1 .5 -2e3#1\r\n\n1e-400 100000000000000000000 -0\t");
    struct dataset *set = read_good((struct dataset_request){
        "a", .targets = DATASET_NONE});
    ok(set && set->examples == 2 &&
       same(set->x, (double[]){1, .5, -2000, 0, 1e20, 0}, 6),
       "numbers of all kinds, comments behind them, no last newline");
    dataset_free(set);
}

static void check_hdf5(struct array x)
{
    write_hdf5("a", "/x", x, "/y", label_array);
    check_whole("HDF5", (struct dataset_request){.file = "a"}, x.at);
    check_whole("HDF5 by its paths",
                (struct dataset_request){"a:/x", "hdf5",
                                         .labels_file = "a:/y"}, x.at);
    write_hdf5("b.csv", "/some/group/in", x, "/some/group/y", pair_array);
    check_whole("HDF5, y beside the inputs",
                (struct dataset_request){"b.csv:/some/group/in",
                                         .targets = DATASET_REALS}, x.at);
    check_whole("HDF5, two files",
                (struct dataset_request){"b.csv:/some/group/in",
                                         .labels_file = "a"}, x.at);
}

static void check_files(void)
{
    double values[N * K];
    const struct number_type *real = &number_types[9];
    struct array x = numbers_for(real, values);
    check_csv(x);
    check_hdf5(x);
    write_idx("a", real, x);
    write_idx("b.csv", &number_types[0], label_array);
    check_whole("IDX", (struct dataset_request){
        "a", "idx", .labels_file = "b.csv"}, x.at);
    write_npy("b.csv", real, pair_array, 1);
    check_whole("IDX and npy", (struct dataset_request){
        "a", "auto", "b.csv", DATASET_REALS, .outputs = 2}, x.at);
    write_npy("a", real, x, 1);
    check_whole("npy", (struct dataset_request){
        "a", "npy", "b.csv", .targets = DATASET_REALS}, x.at);
    write_npy("b.csv", &number_types[4], label_array, 2);
    struct dataset *set = read_good((struct dataset_request){
        "a", .labels_file = "b.csv", .classes = 10, .train = 1});
    ok(set && set->classes == 10, "classes as asked for");
    dataset_free(set);
    set = read_good((struct dataset_request){"a", .labels_file = "b.csv",
                                             .train = 1});
    ok(set && set->classes == 2, "one label only: two classes");
    dataset_free(set);
    unlink("a");
    unlink("b.csv");
}

/* ---- standardised inputs ------------------------------------------------- */

enum { TRAIN = 50, ALL = 80, WIDE = 5 };

/* Input 1 is constant in the training part, input 3 far from 0; classes when
   labels are wanted, else two real targets. */
static struct dataset *made(int64_t examples, int classes)
{
    struct dataset *set = mem_new(1, sizeof *set);
    *set = (struct dataset){examples, WIDE, classes ? 0 : 2,
                            .classes = classes};
    set->x = mem_new((size_t)(examples * WIDE), sizeof *set->x);
    if (classes)
        set->label = mem_new((size_t)examples, sizeof *set->label);
    else
        set->y = mem_new((size_t)(2 * examples), sizeof *set->y);
    for (int64_t i = 0; i < examples; i++) {
        struct rng_quad quad = rng_philox(9, RNG_TEST, (uint32_t)i, 0, 0, 0);
        for (int k = 0; k < WIDE; k++)
            set->x[i * WIDE + k] = 0.1 * k + rng_unit(quad.v[k % 4], 0);
        set->x[i * WIDE + 1] = i < TRAIN ? 0.1 : 7;
        set->x[i * WIDE + 3] += 1e6;
        if (classes)
            set->label[i] = (int32_t)(i % classes);
        else
            set->y[2 * i] = (double)i + 1, set->y[2 * i + 1] = -0.5;
    }
    return set;
}

/* Mean 0 and variance 1 in the training part, a line through what there was;
   a constant is 0. */
static bool is_standard(const struct dataset *set, const struct dataset *was)
{
    bool good = true;
    for (int k = 0; k < WIDE; k++) {
        double sum = 0, square = 0, most = 0;
        const double *x = set->x + k, *old = was->x + k;
        double slope = (x[WIDE] - x[0]) / (old[WIDE] - old[0]);
        for (int i = 0; i < ALL; i++) {
            double y = x[i * WIDE];
            sum += i < TRAIN ? y / TRAIN : 0;
            square += i < TRAIN ? y * y / TRAIN : 0;
            most = fmax(most, k == 1 ? fabs(y)
                                     : fabs(y - x[0] - slope *
                                            (old[i * WIDE] - old[0])));
        }
        good = good && fabs(sum) < 1e-9 && most < 1e-7 &&
               (k == 1 ? square == 0 : fabs(square - 1) < 1e-12);
    }
    return good;
}

static void check_standard(void)
{
    struct dataset *set = made(ALL, 3), *was = made(ALL, 3);
    struct dataset *other = made(ALL, 3);
    for (int64_t i = TRAIN * WIDE; i < ALL * WIDE; i++)
        other->x[i] *= -100;
    dataset_standardise(set, TRAIN);
    ok(is_standard(set, was), "mean 0, variance 1, constants 0");
    dataset_standardise(other, TRAIN);
    ok(same(set->x, other->x, TRAIN * WIDE),
       "the training part knows nothing of the test part");
    dataset_free(set);
    set = made(ALL, 3);
    dataset_standardise(set, ALL);
    ok(!is_standard(set, was), "mutant rejected: moments of all examples");
    double x[] = {1e-200, 2e-200, 3, -1e100, 1e100, 0};
    struct dataset edge = {3, 2, .x = x};
    dataset_standardise(&edge, 3);
    ok(dataset_holds(&edge), "numbers at the edges stay finite");
    edge = (struct dataset){2, 2, .x = x};
    double tiny[] = {1e-200, 1e100, 2e-200, -1e100};
    memcpy(x, tiny, sizeof tiny);
    dataset_standardise(&edge, 2);
    ok(same(x, (double[]){0, 1, 0, -1}, 4), "what cannot be told from a "
       "constant is one");
    dataset_free(set);
    dataset_free(was);
    dataset_free(other);
}

/* ---- wrong targets ------------------------------------------------------- */

enum { MANY = 20000, CLASSES = 5 };

/* Labels differ in so many of the first MANY and nowhere else. */
static int64_t wrong(const struct dataset *set)
{
    int64_t count = 0;
    for (int64_t i = 0; i < set->examples; i++) {
        bool off = set->label[i] != i % CLASSES;
        if ((off && i >= MANY) || set->label[i] < 0 ||
            set->label[i] >= CLASSES)
            return -1;
        count += off;
    }
    return count;
}

/* The other classes equally often, both halves of the examples: deviations of
   5 standard errors, a false alarm once in 3e5 for a new seed. */
static bool is_fair(const struct dataset *set)
{
    double count[CLASSES] = {0}, first = 0, all = (double)wrong(set);
    for (int64_t i = 0; i < MANY; i++) {
        int by = (int)((set->label[i] - i % CLASSES + CLASSES) % CLASSES);
        count[by]++;
        first += by && i < MANY / 2;
    }
    double p = 1. / (CLASSES - 1), error = sqrt(all * p * (1 - p));
    bool good = all > 0;
    for (int by = 1; by < CLASSES; by++)
        good = good && fabs(count[by] - all * p) < 5 * error;
    error = sqrt(all / 4 * (1 - all / MANY));
    return good && fabs(first - all / 2) <= 5 * error;
}

static struct dataset *noisy(double fraction, uint64_t seed, int64_t sample)
{
    struct dataset *set = made(MANY + 100, CLASSES);
    int64_t count = dataset_noise(set, MANY, fraction, seed, sample);
    ok(count == (int64_t)(fraction * MANY + 0.5) && wrong(set) == count,
       "%g of the labels are wrong", fraction);
    return set;
}

static bool same_labels(const struct dataset *a, const struct dataset *b)
{
    return !memcmp(a->label, b->label,
                   (size_t)a->examples * sizeof *a->label);
}

static void check_fair(void)
{
    struct dataset *some = noisy(0.3, 4, 0), *all = noisy(1, 4, 0);
    ok(is_fair(some) && is_fair(all), "every other class as often");
    bool nested = true;
    for (int64_t i = 0; i < MANY; i++)
        nested = nested && (some->label[i] == i % CLASSES ||
                            some->label[i] == all->label[i]);
    ok(nested, "more noise keeps what was wrong");
    for (int64_t i = 0; i < MANY; i++)
        all->label[i] = (int32_t)((i + 1) % CLASSES);
    ok(!is_fair(all), "mutant rejected: always the next class");
    for (int64_t i = 0; i < MANY; i++)
        if (i > 3 * MANY / 10)
            some->label[i] = (int32_t)(i % CLASSES);
    ok(!is_fair(some), "mutant rejected: the first examples");
    dataset_free(some);
    dataset_free(all);
}

static void check_noise(void)
{
    check_fair();
    struct dataset *a = noisy(0.1, 4, 0), *b = noisy(0.1, 4, 0);
    struct dataset *seed = noisy(0.1, 5, 0), *sample = noisy(0.1, 4, 1);
    struct dataset *none = noisy(0, 4, 0);
    ok(same_labels(a, b), "the same seed, the same noise");
    ok(!same_labels(a, seed) && !same_labels(a, sample),
       "another seed or sample, other noise");
    dataset_free(a);
    dataset_free(b);
    dataset_free(seed);
    dataset_free(sample);
    dataset_free(none);
    struct dataset *real = made(ALL, 0);
    ok(dataset_noise(real, TRAIN, 0.5, 4, 0) == TRAIN / 2, "real targets");
    int turned = 0;
    bool good = true;
    for (int i = 0; i < ALL; i++) {
        double sign = real->y[2 * i] < 0 ? -1 : 1;
        good = good && real->y[2 * i] == sign * (i + 1) &&
               real->y[2 * i + 1] == sign * -0.5 && (sign > 0 || i < TRAIN);
        turned += sign < 0;
    }
    ok(good && turned == TRAIN / 2, "their signs change together");
    dataset_free(real);
}

int main(void)
{
    if (!files_begin())
        return 1;
    for (int i = 0; i < NUMBER_TYPES; i++)
        check_type(&number_types[i]);
    check_files();
    check_standard();
    check_noise();
    ok(files_done(NULL, 0), "no file is left");
    return tap_done();
}
