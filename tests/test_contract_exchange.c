/* Battery, exchange: swaps leave every rung's law invariant, are independent
   between ladders, edges and steps, are tried as often as DEO and SEO say;
   round trips are counted right; a whole ladder with sweeps has exact means.

   Fixed seeds. For new ones a chi-square fails by chance once in 1e6, a z
   (limit 5) once in 1.7e6. */
#include "law.h"
#include "base/math.h"
#include "core/exchange.h"

#define CHANCE_LEAST 1e-6
#define Z_MOST 5.0

typedef bool exchange_fn(struct exchange *x, const struct rung *rung,
                         const double *u, uint64_t step);

/* ---- mutants: the exchange with another u is another rule ---------------- */

static bool with_factor(struct exchange *x, const struct rung *rung,
                        const double *u, uint64_t step, double factor)
{
    size_t count = (size_t)(x->walkers * x->components);
    double *other = mem_copy(u, count, sizeof *u);
    for (size_t i = 0; i < count; i++)
        other[i] *= factor;
    bool changed = exchange_step(x, rung, other, step);
    free(other);
    return changed;
}

static bool sign_flipped(struct exchange *x, const struct rung *rung,
                         const double *u, uint64_t step)
{
    return with_factor(x, rung, u, step, -1);
}

static bool accepts_always(struct exchange *x, const struct rung *rung,
                           const double *u, uint64_t step)
{
    return with_factor(x, rung, u, step, 0);
}

static bool accepts_gladly(struct exchange *x, const struct rung *rung,
                           const double *u, uint64_t step)
{
    return with_factor(x, rung, u, step, 0.5);
}

/* ---- the law of every rung ----------------------------------------------- */

enum { RUNGS = 5, COPIES = 3, STEPS = 4000 };

struct stand {
    const struct system *system;
    struct rung rung[RUNGS];
    struct law *law[RUNGS];
};

static struct stand stand_new(const struct system *system)
{
    struct stand stand = {.system = system};
    for (int r = 0; r < RUNGS; r++) {
        stand.rung[r] = rung_at(system, 0.12 * r);
        stand.law[r] = law_new(system, stand.rung[r].lambda);
    }
    return stand;
}

static void stand_free(struct stand *stand)
{
    for (int r = 0; r < RUNGS; r++)
        law_free(stand->law[r]);
}

/* States drawn from the law of each walker's rung, one exchange, and the
   states found on each rung then. The least chance over rungs, times RUNGS. */
static double worst_chance(const struct stand *stand, exchange_fn *step,
                           bool seo)
{
    int components = stand->system->components;
    struct exchange_shape shape = {COPIES, 1, RUNGS, components};
    struct exchange *x = exchange_new(shape, seo, 77);
    double u[COPIES * RUNGS * COMPONENTS_MAX], *count[RUNGS], worst = 1;
    int state[COPIES * RUNGS];
    for (int r = 0; r < RUNGS; r++)
        count[r] = mem_new((size_t)stand->law[r]->states, sizeof(double));
    for (uint32_t t = 0; t < STEPS; t++) {
        for (int w = 0; w < COPIES * RUNGS; w++) {
            const struct law *law = stand->law[x->label[w]];
            state[w] = law_draw(law, 500 + t, (uint32_t)w);
            memcpy(u + w * components, law->q + state[w] * LAW_QUANTITIES,
                   (size_t)components * sizeof *u);
        }
        step(x, stand->rung, u, t);
        for (int w = 0; w < COPIES * RUNGS; w++)
            count[x->label[w]][state[w]]++;
    }
    for (int r = 0; r < RUNGS; r++) {
        worst = fmin(worst, law_chance(stand->law[r], count[r]));
        free(count[r]);
    }
    exchange_free(x);
    return fmin(1, RUNGS * worst);
}

static void check_law(const struct system *system)
{
    static const struct { const char *name; exchange_fn *step; } mutants[] = {
        {"log ratio with the wrong sign", sign_flipped},
        {"swaps always accepted", accepts_always},
        {"half the log ratio", accepts_gladly}};
    struct stand stand = stand_new(system);
    for (int seo = 0; seo < 2; seo++) {
        const char *scheme = seo ? "seo" : "deo";
        double chance = worst_chance(&stand, exchange_step, seo);
        ok(chance > CHANCE_LEAST, "%s keeps every rung's law (%.2g)", scheme,
           chance);
        for (size_t m = 0; m < sizeof mutants / sizeof *mutants; m++) {
            chance = worst_chance(&stand, mutants[m].step, seo);
            ok(chance < CHANCE_LEAST,
               "mutant rejected: %s by the law of the rungs (%s)",
               mutants[m].name, scheme);
        }
    }
    stand_free(&stand);
}

/* ---- independence -------------------------------------------------------- */

/* Rungs and u such that every attempt is accepted with probability 1/2. */
static void fair_u(const struct exchange *x, struct rung *rung, double *u)
{
    for (int r = 0; r < x->rungs; r++)
        rung[r] = (struct rung){.lambda = {r}};
    for (int64_t w = 0; w < x->walkers; w++)
        u[w] = -x->label[w] * 0x1.62e42fefa39efp-1; /* ln 2 */
}

/* +-1 for each attempt by (ladder, edge), 0 for none. */
static void swap_signs(const struct exchange *x, const int *before,
                       int parity, int *sign)
{
    for (int l = 0; l < x->ladders; l++)
        for (int e = 0; e < x->rungs - 1; e++) {
            int at = l * x->rungs + e;
            sign[l * (x->rungs - 1) + e] =
                e % 2 != parity ? 0 : x->walker[at] != before[at] ? 1 : -1;
        }
}

enum { LADDERS = 6, EDGES = 3, PAIRS = LADDERS * EDGES, FAIR_STEPS = 8000 };

static void note_pairs(double *product, double *serial, int *past,
                       const int *sign)
{
    for (int i = 0; i < PAIRS; i++) {
        for (int j = 0; j < i; j++)
            product[i * PAIRS + j] += sign[i] * sign[j];
        product[i * PAIRS + i] += sign[i];
        serial[i] += sign[i] * past[i];
        past[i] = sign[i] ? sign[i] : past[i];
    }
}

/* Largest z of means, pair products and serial products of all swap signs.
   twins: ladders in separate exchanges of one seed, as if the ladder were
   not in the random numbers' address. */
static double worst_correlation(bool twins)
{
    struct rung rung[EDGES + 1];
    static double product[PAIRS * PAIRS], serial[PAIRS];
    int count = twins ? LADDERS : 1, past[PAIRS] = {0}, sign[PAIRS];
    double u[LADDERS * (EDGES + 1)], worst = 0;
    struct exchange *x[LADDERS];
    struct exchange_shape shape = {LADDERS / 2 / (twins ? 3 : 1),
                                   twins ? 1 : 2, EDGES + 1, 1};
    memset(product, 0, sizeof product);
    memset(serial, 0, sizeof serial);
    for (int i = 0; i < count; i++)
        x[i] = exchange_new(shape, false, 3);
    for (uint64_t t = 0; t < FAIR_STEPS; t++) {
        for (int i = 0; i < count; i++) {
            int before[LADDERS * (EDGES + 1)];
            memcpy(before, x[i]->walker,
                   (size_t)x[i]->walkers * sizeof *before);
            fair_u(x[i], rung, u);
            exchange_step(x[i], rung, u, t);
            swap_signs(x[i], before, (int)(t & 1),
                       sign + i * EDGES);
        }
        note_pairs(product, serial, past, sign);
    }
    for (int i = 0; i < PAIRS; i++) {
        worst = fmax(worst, fabs(serial[i]));
        for (int j = 0; j <= i; j++)
            worst = fmax(worst, fabs(product[i * PAIRS + j]));
    }
    for (int i = 0; i < count; i++)
        exchange_free(x[i]);
    return worst / sqrt(FAIR_STEPS / 2);
}

static void check_independence(void)
{
    double z = worst_correlation(false);
    ok(z < Z_MOST, "swaps of ladders, edges and steps are independent "
       "(largest z %.2f)", z);
    z = worst_correlation(true);
    ok(z > Z_MOST, "mutant rejected: ladders that share random numbers by "
       "independence");
}

/* ---- attempts and accepts ------------------------------------------------ */

static void check_attempts(bool seo)
{
    struct exchange_shape shape = {2, 3, 4, 1};
    struct exchange *x = exchange_new(shape, seo, 5);
    struct rung rung[4];
    double u[24], worst = 0, per_edge = FAIR_STEPS / 2.0 * x->copies;
    bool paired = true, counted = true, half = true;
    ok(isnan(exchange_acceptance(x, 0)), "acceptance is NAN untried");
    for (uint64_t t = 0; t < FAIR_STEPS; t++) {
        fair_u(x, rung, u);
        exchange_step(x, rung, u, t);
    }
    for (int s = 0; s < x->samples; s++)
        for (int e = 0; e < 3; e++) {
            double tried = (double)x->attempts[s * 3 + e];
            double taken = (double)x->accepts[s * 3 + e];
            double spread = seo ? sqrt(per_edge / 2) : 1e-9;
            counted = counted && fabs(tried - per_edge) <= Z_MOST * spread;
            worst = fmax(worst, fabs(taken - tried / 2) / sqrt(tried / 4));
            paired = paired && x->attempts[s * 3] == x->attempts[s * 3 + 2];
        }
    for (int e = 0; e < 3; e++)
        half = half && fabs(exchange_acceptance(x, e) - 0.5) < 1e-12;
    const char *scheme = seo ? "seo" : "deo";
    ok(counted && paired, "%s: every edge is tried every second step%s",
       scheme, seo ? " on average" : "");
    ok(worst < Z_MOST, "%s: accepts follow the chance (largest z %.2f)",
       scheme, worst);
    ok(half, "%s: mean acceptance probability is exact", scheme);
    exchange_reset(x);
    ok(x->attempts[0] == 0 && x->trips[0] == 0 && x->tries[2] == 0 &&
       isnan(exchange_acceptance(x, 1)), "%s: counters to zero", scheme);
    exchange_free(x);
}

/* ---- round trips --------------------------------------------------------- */

/* u that accepts every attempt: hotter rungs hold lower u. */
static void willing_u(const struct exchange *x, struct rung *rung, double *u)
{
    fair_u(x, rung, u);
    for (int64_t w = 0; w < x->walkers; w++)
        u[w] = -u[w];
}

/* Two rungs, all accepted: swaps at steps 0, 2, 4, ...; walker 1 is first
   hot after step 0, cold after 2, hot after 4: trips at 4, 8, ...; walker 0
   hot after 2, trips at 6, 10, ... */
static void check_trips_by_hand(void)
{
    struct exchange *x = exchange_new((struct exchange_shape){1, 1, 2, 1},
                                      false, 1);
    static const int want[11][2] = {{0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 1},
                                    {0, 1}, {1, 1}, {1, 1}, {1, 2}, {1, 2},
                                    {2, 2}};
    struct rung rung[2];
    double u[2];
    bool good = true;
    for (uint64_t t = 0; t < 11; t++) {
        willing_u(x, rung, u);
        exchange_step(x, rung, u, t);
        good = good && x->trips[0] == want[t][0] && x->trips[1] == want[t][1];
    }
    ok(good, "round trips of two rungs, by hand");
    exchange_free(x);
}

/* Hot-cold-hot from the labels' history: seen hot, then cold, then hot. */
static int64_t recount(const int *rung, int steps, int coldest, bool one_way)
{
    int64_t trips = 0;
    for (int t = 0, stage = 0; t < steps; t++) {
        if (rung[t] == coldest && stage == 1)
            stage = 2;
        if (rung[t] == 0) {
            trips += one_way ? stage >= 1 : stage == 2;
            stage = 1;
        }
    }
    return trips;
}

static void check_trips(void)
{
    enum { N = 4, T = 2000 };
    static int history[2 * N][T];
    struct exchange *x = exchange_new((struct exchange_shape){2, 1, N, 1},
                                      false, 9);
    struct rung rung[N];
    double u[2 * N];
    bool same = true, mutant = true, follows = true;
    for (uint64_t t = 0; t < T; t++) {
        fair_u(x, rung, u);
        exchange_step(x, rung, u, t);
        for (int w = 0; w < 2 * N; w++)
            history[w][t] = x->label[w];
    }
    for (int w = 0; w < 2 * N; w++) {
        same = same && x->trips[w] == recount(history[w], T, N - 1, false);
        mutant = mutant && x->trips[w] == recount(history[w], T, N - 1,
                                                  true);
        follows = follows &&
                  x->walker[w / N * N + x->label[w]] == w % N;
    }
    ok(same && x->trips[0] > 10, "round trips of four rungs, recounted");
    ok(!mutant, "mutant rejected: every return to the hot end counted by "
       "the recount");
    ok(follows, "walker[] is the inverse of label[]");
    exchange_free(x);
}

/* Mean acceptances of an edge and what adaptation makes of them. */
static void check_lengths(void)
{
    static const double chance[] = {1, 0.5, 0.02, 0.01, 1e-4, 1e-16, 0},
        want[] = {0, 0.5, 0.98, 0.99, 1.4000714267493641,
                  2.8001428534987281, 12.124974226776};
    struct exchange *x = exchange_new((struct exchange_shape){1, 1, 2, 1},
                                      false, 1);
    bool good = true, by_rejection = true;
    for (size_t i = 0; i < sizeof chance / sizeof *chance; i++) {
        x->chance[0] = 3 * chance[i];
        x->tries[0] = 3;
        good = good && fabs(exchange_length(x, 0) - want[i]) < 1e-12;
        by_rejection = by_rejection && fabs(1 - chance[i] - want[i]) < 1e-12;
    }
    ok(good, "an edge where all is rejected is as long as ln(acceptance) "
       "says");
    ok(!by_rejection, "mutant rejected: lengths that are rejections");
    exchange_free(x);
}

static void check_small(void)
{
    struct exchange *one = exchange_new((struct exchange_shape){2, 1, 1, 1},
                                        false, 1);
    struct rung rung[1] = {{.lambda = {1}}};
    double u[2] = {0, 1};
    ok(!exchange_step(one, rung, u, 0), "one rung: nothing to swap");
    exchange_free(one);
}

int main(void)
{
    static const char *const keys[SCENE_KEYS] = {"shape=[3, 3]", "h=0.1"};
    struct subject subject;
    if (subject_make(&subject, "ising", keys))
        check_law(subject.system);
    subject_release(&subject);
    check_independence();
    check_attempts(false);
    check_attempts(true);
    check_trips_by_hand();
    check_trips();
    check_lengths();
    check_small();
    return tap_done();
}
