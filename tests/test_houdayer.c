/* Houdayer's move (run/houdayer.h) by itself: pairs of states drawn from the
   law of their rung, one move, and then each copy's law, the sum of u, the
   independence of the copies, and whether anything moved at all. The same
   checks are put to moves broken on purpose.

   Fixed seeds. For new ones a chi-square fails by chance once in 1e6, a z
   (limit 5) once in 1.7e6; there are three rungs that move. */
#include "core/bonds.h"
#include "engines.h"
#include "law.h"
#include "run/houdayer.h"

#define CHANCE_LEAST 1e-6
#define Z_MOST 5.0

enum { STEPS = 12000, SITES = 8, RUNGS_MOST = 16 };
enum { LAW, SUM, INDEPENDENCE, MOVES, CHECKS };
static const char *const check_name[CHECKS] = {
    "the law of each copy", "the sum of u", "the copies' independence",
    "what has moved"};

typedef void move_fn(struct engine *e, uint64_t step);

/* ---- broken moves -------------------------------------------------------- */

static int64_t walker_on(const struct engine *e, int copy, int rung)
{
    return copy * e->exchange->rungs +
           e->exchange->walker[copy * e->exchange->rungs + rung];
}

enum fault { ONE_COPY, AGREEING, CUT_SHORT, COPIED, NOTHING };

/* Sites of the component of `first` among those where `in` is set, as a
   mask; at most `most` of them. */
static unsigned component(const struct system *system, unsigned in,
                          int first, int most)
{
    unsigned found = 1u << first;
    int count = 1;
    for (int round = 0; round < SITES; round++)
        for (int i = 0; i < SITES; i++)
            for (int d = 0; d < bonds_places(system, i); d++) {
                int64_t bond, other = bonds_across(system, i, d, &bond);
                if (!(found >> i & 1) || other < 0 || count >= most ||
                    !(in >> other & 1) || found >> other & 1)
                    continue;
                found |= 1u << other;
                count++;
            }
    return found;
}

/* State numbers of two copies after a faulty move. */
static void break_pair(const struct engine *e, enum fault fault, uint64_t step,
                       int rung, unsigned s[2])
{
    unsigned all = (1u << SITES) - 1, unlike = s[0] ^ s[1];
    unsigned in = fault == AGREEING ? ~unlike & all : unlike;
    struct rng_quad q = rng_philox(12, RNG_TEST, (uint32_t)step,
                                   (uint32_t)rung, 0, 0);
    int first = (int)(q.v[0] % SITES);
    if (fault == COPIED)
        s[1] = s[0];
    if (fault == COPIED || fault == NOTHING || !in)
        return;
    while (!(in >> first & 1))
        first = (first + 1) % SITES;
    unsigned cluster = component(e->system, in, first,
                                 fault == CUT_SHORT ? 1 : SITES);
    s[0] ^= cluster;
    if (fault != ONE_COPY)
        s[1] ^= cluster;
}

static void break_all(struct engine *e, enum fault fault, uint64_t step)
{
    char *state = mem_new(1, e->system->state_bytes);
    for (int r = 1; r < e->exchange->rungs; r++) {
        unsigned s[2];
        for (int c = 0; c < 2; c++) {
            hosted_get(e->hosted, (int)walker_on(e, c, r), state);
            s[c] = (unsigned)law_number(e->system, state);
        }
        break_pair(e, fault, step, r, s);
        for (int c = 0; c < 2; c++) {
            law_state(e->system, (int)s[c], state);
            hosted_put(e->hosted, (int)walker_on(e, c, r), state);
        }
    }
    free(state);
}

#define BROKEN(name, fault)                                                  \
    static void name(struct engine *e, uint64_t step)                        \
    {                                                                        \
        break_all(e, fault, step);                                           \
    }
BROKEN(one_copy, ONE_COPY)
BROKEN(agreeing, AGREEING)
BROKEN(cut_short, CUT_SHORT)
BROKEN(copied, COPIED)
BROKEN(nothing, NOTHING)

/* ---- the trial ----------------------------------------------------------- */

struct trial {
    struct engine *e;
    int rungs;
    struct law *law[RUNGS_MOST];
    double *count[2][RUNGS_MOST];         /* states found, by copy */
    double q2[RUNGS_MOST], q4[RUNGS_MOST]; /* sums over moves */
    double sum_off;                       /* largest change of u_a + u_b */
    int64_t moved;
};

static double overlap(int a, int b)
{
    return 1 - 2.0 * __builtin_popcount((unsigned)(a ^ b)) / SITES;
}

static void draw_pairs(struct trial *t, uint32_t step, int before[][2])
{
    char *state = mem_new(1, t->e->system->state_bytes);
    for (int r = 0; r < t->rungs; r++)
        for (int c = 0; c < 2; c++) {
            before[r][c] = law_draw(t->law[r], step, (uint32_t)(2 * r + c));
            law_state(t->e->system, before[r][c], state);
            hosted_put(t->e->hosted, (int)walker_on(t->e, c, r), state);
        }
    free(state);
}

static void note_pairs(struct trial *t, int before[][2])
{
    char *state = mem_new(1, t->e->system->state_bytes);
    for (int r = 0; r < t->rungs; r++) {
        double u = 0, q;
        int now[2];
        for (int c = 0; c < 2; c++) {
            hosted_get(t->e->hosted, (int)walker_on(t->e, c, r), state);
            now[c] = law_number(t->e->system, state);
            t->count[c][r][now[c]]++;
            u += t->law[r]->q[now[c] * LAW_QUANTITIES] -
                 t->law[r]->q[before[r][c] * LAW_QUANTITIES];
        }
        q = overlap(now[0], now[1]);
        t->q2[r] += q * q;
        t->q4[r] += q * q * q * q;
        t->sum_off = fmax(t->sum_off, fabs(u));
        t->moved += now[0] != before[r][0];
    }
    free(state);
}

/* <q^2> of two independent copies. */
static double independent_q2(const struct law *law)
{
    double sum = 0;
    for (int a = 0; a < law->states; a++)
        for (int b = 0; b < law->states; b++)
            sum += law->p[a] * law->p[b] * overlap(a, b) * overlap(a, b);
    return sum;
}

static void judge(const struct trial *t, bool *pass)
{
    double chance = 1, worst = 0;
    for (int r = 0; r < t->rungs; r++) {
        double mean = t->q2[r] / STEPS;
        double spread = sqrt((t->q4[r] / STEPS - mean * mean) / STEPS);
        for (int c = 0; c < 2; c++)
            chance = fmin(chance, law_chance(t->law[r], t->count[c][r]));
        worst = fmax(worst, fabs(mean - independent_q2(t->law[r])) / spread);
    }
    pass[LAW] = 2 * t->rungs * chance > CHANCE_LEAST;
    pass[SUM] = t->sum_off < 1e-9;
    pass[INDEPENDENCE] = worst < Z_MOST;
    pass[MOVES] = (double)t->moved > 0.4 * STEPS * t->rungs;
    printf("# chance %.2g, sum of u changes by %.2g, z of <q^2> %.2f, moved "
           "%.2f\n", chance, t->sum_off, worst,
           (double)t->moved / STEPS / t->rungs);
}

static void try_move(struct engine *e, move_fn *move, bool *pass)
{
    static int before[RUNGS_MOST][2];
    struct trial t = {.e = e, .rungs = e->exchange->rungs};
    for (int r = 0; r < t.rungs; r++) {
        t.law[r] = law_new(e->system, e->ladder->rung[r].lambda);
        for (int c = 0; c < 2; c++)
            t.count[c][r] = mem_new((size_t)t.law[r]->states, sizeof(double));
    }
    for (uint32_t step = 0; step < STEPS; step++) {
        draw_pairs(&t, 1000 + step, before);
        e->at.tick = step + 1;
        move(e, step);
        note_pairs(&t, before);
    }
    judge(&t, pass);
    for (int r = 0; r < t.rungs; r++) {
        law_free(t.law[r]);
        free(t.count[0][r]);
        free(t.count[1][r]);
    }
}

enum verdict { ANY, PASSES, FAILS };
static const struct {
    const char *name;
    move_fn *move;
    enum verdict verdict[CHECKS];
} mutants[] = {
    {"one copy turns its cluster, the other stays", one_copy,
     {PASSES, FAILS, FAILS, ANY}},
    {"clusters of sites that agree, turned in a field", agreeing,
     {FAILS, FAILS, ANY, ANY}},
    {"clusters cut short after one site", cut_short,
     {FAILS, FAILS, ANY, ANY}},
    {"one copy becomes the other", copied, {PASSES, FAILS, FAILS, ANY}},
    {"nothing moves", nothing, {PASSES, PASSES, PASSES, FAILS}}};

static void try_all(struct engine *e, const char *what)
{
    bool pass[CHECKS];
    try_move(e, houdayer_step, pass);
    for (int c = 0; c < CHECKS; c++)
        ok(pass[c], "%s: %s", what, check_name[c]);
    for (size_t m = 0; m < sizeof mutants / sizeof *mutants; m++) {
        try_move(e, mutants[m].move, pass);
        for (int c = 0; c < CHECKS; c++)
            if (mutants[m].verdict[c] == FAILS)
                ok(!pass[c], "mutant rejected: %s by %s (%s)",
                   mutants[m].name, check_name[c], what);
            else if (mutants[m].verdict[c] == PASSES)
                ok(pass[c], "mutant not to be seen by %s: %s (%s)",
                   check_name[c], mutants[m].name, what);
    }
}

int main(void)
{
    static const char *const models[] = {
        "name = \"graph\"; N = 8; degree = 3; h = 0.4;",
        "name = \"graph\"; N = 8; degree = 2; couplings = \"gaussian\"; "
        "h = -0.3; first_sample = 3;"};
    struct err err = {0};
    for (int m = 0; m < 2; m++) {
        char *text = mem_text(
            "model = { %s };\nladder = { beta = [0.3, 0.9]; rungs = 3; copies "
            "= 2; spacing = \"linear\"; };\nexchange = { houdayer = 1; };\n"
            "run = { sweeps = 100; burn_in = 0; };\n", models[m]);
        struct input *input = input_parse("test", text, NULL, 0, &err);
        struct engine *engine = input ? engine_of(input, NULL) : NULL;
        ok(engine && engine->exchange->rungs <= RUNGS_MOST,
           "%s %s", models[m], err.text ? err.text : "");
        if (engine)
            try_all(engine, m ? "Gaussian graph" : "graph of +-1");
        engine_free(engine);
        input_free(input);
        free(text);
    }
    err_clear(&err);
    return tap_done();
}
