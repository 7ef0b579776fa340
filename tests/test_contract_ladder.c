/* Battery, the ladder: where rungs are placed, how many the anchor adds and
   when it is left out, and that adaptation makes rejections equal. */
#include "core/ladder.h"
#include "law.h"

static const double pi = 3.14159265358979323846;

/* A ladder of one component from bare numbers. */
static struct ladder *line(const struct system *system,
                           struct ladder_request request,
                           const double *point, int points)
{
    request.point = point;
    request.points = points;
    return ladder_new(system, &request);
}

static bool rungs_are(const struct ladder *ladder, const double *want,
                      int count, double tolerance)
{
    bool same = ladder->rungs == count;
    for (int r = 0; same && r < count; r++)
        same = fabs(ladder->lambda[r] - want[r]) <=
                   tolerance * fabs(want[r]) &&
               ladder->rung[r].lambda[0] == ladder->lambda[r];
    for (int r = 0; !same && r < ladder->rungs; r++)
        printf("# rung %d: %.17g\n", r, ladder->lambda[r]);
    return same;
}

/* ---- placing ------------------------------------------------------------- */

struct placing {
    const char *what;
    enum ladder_spacing spacing;
    bool inverse;
    int points;
    double point[5];
    int rungs;
    double want[7];
};

static const struct placing placings[] = {
    {"linear in beta", LADDER_LINEAR, false, 2, {0.2, 1}, 5,
     {0.2, 0.4, 0.6, 0.8, 1}},
    {"linear in beta, given cold to hot", LADDER_LINEAR, false, 2, {1, 0.2},
     5, {0.2, 0.4, 0.6, 0.8, 1}},
    {"linear in temperature", LADDER_LINEAR, true, 2, {1, 3}, 5,
     {1 / 3., 0.4, 0.5, 1 / 1.5, 1}},
    {"linear in temperature, hot to cold", LADDER_LINEAR, true, 2, {3, 1}, 5,
     {1 / 3., 0.4, 0.5, 1 / 1.5, 1}},
    {"geometric in beta", LADDER_GEOMETRIC, false, 2, {0.1, 1.6}, 5,
     {0.1, 0.2, 0.4, 0.8, 1.6}},
    {"geometric in temperature", LADDER_GEOMETRIC, true, 2, {1, 4}, 3,
     {0.25, 0.5, 1}},
    {"geometric in negative beta", LADDER_GEOMETRIC, false, 2, {-1.6, -0.1},
     5, {-0.1, -0.2, -0.4, -0.8, -1.6}},
    {"linear in negative beta", LADDER_LINEAR, false, 2, {-1, -0.2}, 3,
     {-0.2, -0.6, -1}},
    {"a list of temperatures", LADDER_LIST, true, 4, {0.5, 1, 2, 4}, 4,
     {0.25, 0.5, 1, 2}},
    {"a falling list of betas", LADDER_LIST, false, 3, {0.9, 0.5, 0.3}, 3,
     {0.3, 0.5, 0.9}},
    {"one rung", LADDER_LINEAR, true, 1, {2}, 1, {0.5}},
    {"adaptive starts linear", LADDER_ADAPTIVE, false, 2, {0.2, 0.8}, 4,
     {0.2, 0.4, 0.6, 0.8}},
    {"a path with a corner", LADDER_LINEAR, false, 3, {0.1, 0.4, 1}, 7,
     {0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1}}};

static void check_placing(const struct system *system,
                          const struct placing *p)
{
    struct ladder_request request = {.spacing = p->spacing,
                                     .rungs = p->rungs,
                                     .inverse = p->inverse};
    struct ladder *ladder = line(system, request, p->point, p->points);
    double hot = p->want[0], cold = p->want[p->rungs - 1];
    ok(rungs_are(ladder, p->want, p->rungs, 4e-16 * 4) &&
       ladder->lambda[0] == hot && ladder->lambda[p->rungs - 1] == cold &&
       ladder->first_requested == 0 && !ladder->absolute &&
       ladder->ln_z_first == 0, "%s", p->what);
    ladder_free(ladder);
}

/* ---- paths in beta and a tether of real weights -------------------------- */

struct path {
    const char *what;
    enum ladder_spacing spacing;
    int points;
    double point[4][2];
    int rungs, corner[4]; /* rungs of the corners */
    int legs;             /* that are placed by the ratio of `ratio` */
    double ratio[3];      /* of one edge; 0: evenly apart */
};

/* A leg in beta counts for at most ln 2 where the tether is strongest. */
static const struct path paths[] = {
    {"ln 2 in beta, ln 100 in the tether", LADDER_ADAPTIVE, 3,
     {{0, 1000}, {1, 1000}, {1, 10}}, 24, {0, 3, 23}, 2,
     {1.2599210498948732, 0.79432823472428149}},
    {"and back: ln 101 in beta", LADDER_ADAPTIVE, 4,
     {{0, 1000}, {2, 1000}, {2, 10}, {0, 10}}, 45, {0, 3, 24, 44}, 3,
     {1.2599210498948732, 0.8030857221391514, 0.7939331415780432}},
    {"an edge a leg at least", LADDER_ADAPTIVE, 3,
     {{0, 1e6}, {1, 1e6}, {1, 1}}, 5, {0, 1, 4}, 2, {2, 0.01}},
    {"linear, by number", LADDER_LINEAR, 3,
     {{0, 1000}, {1, 1000}, {1, 10}}, 23, {0, 11, 22}, 2, {0}},
    {"to no tether, by number", LADDER_ADAPTIVE, 3,
     {{0, 1000}, {1, 1000}, {1, 0}}, 23, {0, 11, 22}, 2, {0}}};

/* What bounds the length of a leg: u_1 as stiff as the strongest tether, or
   not at all where the tether alone changes. */
static double stiffness(const struct path *p, const double *lambda, int leg)
{
    bool falls = p->point[leg][0] == p->point[leg + 1][0];
    return lambda[1] + (falls ? 0 : p->point[0][1] / p->point[1][0]) *
                           lambda[0];
}

static bool leg_is(const struct ladder *l, const struct path *p, int leg)
{
    int from = p->corner[leg], to = p->corner[leg + 1];
    const double *a = l->lambda + 2 * from, *b = l->lambda + 2 * to;
    bool good = l->fixed[to] && a[0] == p->point[leg][0] &&
                a[1] == p->point[leg][1];
    for (int r = from + 1; good && r <= to; r++) {
        const double *x = l->lambda + 2 * r;
        double t = (double)(r - from) / (to - from);
        for (int k = 0; k < 2 && p->ratio[leg] == 0; k++)
            good = good && fabs(x[k] - a[k] - t * (b[k] - a[k])) < 1e-12;
        double want = p->ratio[leg] * stiffness(p, x - 2, leg);
        good = good && (want == 0 ||
                        fabs(stiffness(p, x, leg) - want) < 1e-11 * want);
    }
    return good;
}

static void check_path(const struct system *system, const struct path *p,
                       bool known)
{
    struct ladder_request request = {
        .spacing = p->spacing, .rungs = p->rungs, .points = p->points,
        .point = p->point[0]};
    struct ladder *l = ladder_new(system, &request);
    bool good = true;
    for (int leg = 0; leg < p->legs; leg++)
        good = good && leg_is(l, p, leg);
    ok(good == known, "a tether's path: %s%s", p->what,
       known ? "" : "; not so where weights are binary");
    ladder_free(l);
}

static void check_paths(void)
{
    static const char *const real[SCENE_KEYS] = {"dim=2", "prior=gaussian",
                                                 "reference=origin"};
    static const char *const binary[SCENE_KEYS] = {"N=5", "reference=random"};
    struct subject subject;
    if (subject_make(&subject, "wells", real))
        for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
            check_path(subject.system, &paths[i], true);
    subject_release(&subject);
    if (subject_make(&subject, "perceptron", binary))
        check_path(subject.system, &paths[0], false);
    subject_release(&subject);
}

/* ---- the anchor ---------------------------------------------------------- */

/* What the contract says: ceil(2 beta sigma / sqrt pi). */
static int count_of(const struct system *system, double beta)
{
    double variance = system->model->variance(system, 0);
    int count = (int)ceil(2 * beta * sqrt(variance / pi));
    return count > 1 ? count : 1;
}

/* var u_k, averaged over the disorder samples. */
static void add_squares(const struct law *law, double *square)
{
    for (int k = 0; k < law->system->components; k++)
        for (int n = 0; n < law->states; n++) {
            double off = law->q[n * LAW_QUANTITIES + k] - law->mean[k];
            square[k] += law->p[n] * off * off / law->system->samples;
        }
}

static void check_variance(const struct subject *subject)
{
    const struct system *system = subject->system;
    struct rung rung = rung_at(system, 0);
    double ln_z, square[COMPONENTS_MAX] = {0};
    if (!law_states(system) || !rung.exact)
        return;
    bool good = system->model->exact_at(system, rung.lambda, &ln_z);
    for (int s = 0; s < system->samples; s++) {
        struct law *law = law_of(system, s, rung.lambda);
        good = good && fabs(ln_z - law->ln_z) < 1e-11 * law->ln_z;
        add_squares(law, square);
        law_free(law);
    }
    for (int k = 0; k < system->components; k++) {
        double said = system->model->variance(system, k);
        good = good && fabs(said - square[k]) < 1e-10 * square[k];
    }
    ok(good, "ln Z and var u at lambda = 0 by enumeration: %s",
       subject->what);
}

struct anchoring {
    const char *what;
    double hot, cold;
    int rungs;
    bool anchor, given;
    int asked;
    int want;   /* rungs added; -1: count_of */
    bool needed; /* left out because too long */
};

/* On 64 x 64: sigma = 90.5, 2 sigma / sqrt pi = 102.1 a unit of beta. */
static const struct anchoring anchorings[] = {
    {"an anchor of ceil(2 Lambda_0) rungs", 0.3, 0.5, 8, true, false, 0, -1,
     false},
    {"an anchor of at least one rung", 1e-4, 0.5, 8, true, false, 0, 1,
     false},
    {"anchor = false", 0.3, 0.5, 8, false, true, 0, 0, false},
    {"no anchor where a rung is exact", 0, 0.5, 8, true, false, 0, 0, false},
    {"as many as asked for", 0.3, 0.5, 8, true, false, 3, 3, false},
    {"more than 64 are left out", 0.7, 1, 8, true, false, 0, 0, true},
    {"unless asked for", 0.7, 1, 8, true, true, 0, -1, false},
    {"or numbered", 0.7, 1, 8, true, false, 70, 70, false},
    {"or no more than 4 rungs", 0.7, 1, 18, true, false, 0, -1, false},
    {"more than 4 rungs are left out", 0.7, 1, 17, true, false, 0, 0, true},
    {"more than an int counts are left out", 1e9, 2e9, 8, true, false, 0, 0,
     true}};

static void check_anchoring(const struct system *system,
                            const struct anchoring *a)
{
    const double ends[2] = {a->hot, a->cold};
    struct ladder_request request = {
        .spacing = LADDER_ADAPTIVE, .rungs = a->rungs, .anchor = a->anchor,
        .anchor_given = a->given, .anchor_rungs = a->asked};
    struct ladder *l = line(system, request, ends, 2);
    int want = a->want < 0 ? count_of(system, a->hot) : a->want;
    bool good = l->first_requested == want && l->rungs == a->rungs + want &&
                l->lambda[want] == a->hot &&
                l->lambda[l->rungs - 1] == a->cold &&
                (l->anchor_needed > 0) == a->needed;
    for (int r = 0; good && r < want; r++)
        good = fabs(l->lambda[r] - a->hot * r / want) < 1e-15;
    bool exact = want > 0 || a->hot == 0;
    double ln_z = exact ? (double)system->sites * log(2) : 0;
    good = good && l->absolute == exact && l->fixed[0] && l->fixed[want] &&
           l->fixed[l->rungs - 1] &&
           fabs(l->ln_z_first - ln_z) <= 1e-12 * ln_z;
    ok(good, "%s (%d)", a->what, want);
    if (!good)
        printf("# added %d, needed %d\n", l->first_requested,
               l->anchor_needed);
    ladder_free(l);
}

/* ---- rungs' own fields --------------------------------------------------- */

static void check_flags(const struct system *system)
{
    const double points[4] = {0, 0.01, 0.3, 1};
    struct ladder_request request = {.spacing = LADDER_LIST, .rungs = 4};
    struct ladder *l = line(system, request, points, 4);
    bool good = true;
    for (int r = 0; r < 4; r++) {
        double bound = system->model->local->bound(system, l->lambda + r);
        good = good && l->rung[r].exact == (r == 0) &&
               l->rung[r].lazy == (bound < 1);
    }
    ok(good && l->rung[1].lazy && !l->rung[3].lazy,
       "exact and lazy rungs are known");
    ok(!ladder_adapt(l, system, points) && l->lambda[2] == 0.3,
       "a list never moves");
    ladder_free(l);
}

/* ---- adaptation ---------------------------------------------------------- */

typedef bool adapt_fn(struct ladder *, const struct system *,
                      const double *rejection);

static bool never_moves(struct ladder *ladder, const struct system *system,
                        const double *rejection)
{
    (void)ladder;
    (void)system;
    (void)rejection;
    return true;
}

static bool by_acceptance(struct ladder *ladder, const struct system *system,
                          const double *rejection)
{
    double accept[64];
    for (int e = 0; e < ladder->rungs - 1; e++)
        accept[e] = 1 - rejection[e];
    return ladder_adapt(ladder, system, accept);
}

/* A barrier that grows as atan(lambda / 0.2), steep near the hot end; the
   rejection of an edge saturates: 1 - exp(-barrier). */
static double edge_rejection(double a, double b)
{
    return 1 - exp(-0.8 * (atan(b / 0.2) - atan(a / 0.2)));
}

enum { ROUNDS = 6 };

/* Largest over smallest rejection within each stretch, after the rounds;
   infinite when ends, corners, order or number have changed. */
static double unevenness(const struct system *system, adapt_fn *adapt)
{
    const double corner[3] = {0.1, 0.4, 2};
    struct ladder_request request = {.spacing = LADDER_ADAPTIVE, .rungs = 21,
                                     .anchor = true, .anchor_rungs = 6};
    struct ladder *l = line(system, request, corner, 3);
    double rejection[64], worst = 1, least = 0, most = 0;
    for (int round = 0; round <= ROUNDS; round++) {
        for (int e = 0; e < l->rungs - 1; e++)
            rejection[e] = edge_rejection(l->lambda[e], l->lambda[e + 1]);
        if (round < ROUNDS)
            adapt(l, system, rejection);
    }
    bool kept = l->rungs == 27 && l->lambda[0] == 0 && l->lambda[6] == 0.1 &&
                l->lambda[16] == 0.4 && l->lambda[26] == 2;
    for (int e = 0; e < l->rungs - 1; e++) {
        bool fresh = l->fixed[e];
        least = fresh ? rejection[e] : fmin(least, rejection[e]);
        most = fresh ? rejection[e] : fmax(most, rejection[e]);
        worst = fmax(worst, most / least);
        kept = kept && l->lambda[e + 1] > l->lambda[e] &&
               l->rung[e].lambda[0] == l->lambda[e];
    }
    ladder_free(l);
    return kept ? worst : INFINITY;
}

static void check_adaptation(const struct system *system)
{
    double ratio = unevenness(system, ladder_adapt);
    ok(ratio < 1.02, "rejections are equal after %d rounds, ends and "
       "corners kept (largest ratio %.4f)", ROUNDS, ratio);
    ok(unevenness(system, never_moves) > 1.02,
       "mutant rejected: rungs that never move by equal rejections");
    ok(unevenness(system, by_acceptance) > 1.02,
       "mutant rejected: acceptances equalised by equal rejections");
}

/* Nothing was ever rejected: rungs stay apart; everything was: finite. */
static void check_extremes(const struct system *system)
{
    const double ends[2] = {0.1, 0.9}, even[5] = {0.1, 0.3, 0.5, 0.7, 0.9};
    struct ladder_request request = {.spacing = LADDER_ADAPTIVE, .rungs = 5};
    struct ladder *l = line(system, request, ends, 2);
    const double none[4] = {0, 0, 0, 0}, all[4] = {1, 1, 1, 1};
    const double one[4] = {0, 1, 0, 0};
    ok(ladder_adapt(l, system, none) && rungs_are(l, even, 5, 1e-15),
       "nothing rejected: evenly apart");
    ok(ladder_adapt(l, system, all) && rungs_are(l, even, 5, 1e-15),
       "everything rejected: evenly apart");
    ladder_adapt(l, system, one);
    bool apart = true;
    for (int r = 0; r < 4; r++)
        apart = apart && l->lambda[r + 1] > l->lambda[r];
    ok(apart && l->lambda[1] > 0.3 && l->lambda[3] < 0.5,
       "all rungs crowd where all is rejected");
    ladder_free(l);
}

int main(void)
{
    static const char *const keys[SCENE_KEYS] = {"shape=[64, 64]"};
    struct subject subject;
    for_subjects(check_variance);
    if (!subject_make(&subject, "ising", keys))
        return 1;
    const struct system *system = subject.system;
    for (size_t i = 0; i < sizeof placings / sizeof *placings; i++)
        check_placing(system, &placings[i]);
    for (size_t i = 0; i < sizeof anchorings / sizeof *anchorings; i++)
        check_anchoring(system, &anchorings[i]);
    check_paths();
    check_flags(system);
    check_adaptation(system);
    check_extremes(system);
    subject_release(&subject);
    return tap_done();
}
