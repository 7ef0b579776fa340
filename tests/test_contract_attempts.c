/* Battery, facet moves: du of an attempt is u(after) - u(before), attempt after
   attempt of a sweep. */
#include "contract.h"

enum { STATES = 40 };

static bool near_u(const struct system *system, const double *a,
                   const double *b)
{
    bool good = true;
    for (int k = 0; k < system->components; k++)
        good = good && fabs(a[k] - b[k]) <= 1e-9 * (1 + fabs(b[k]));
    return good;
}

/* A sweep of attempts of which every other one is made: du is the change of u,
   though nothing is derived from the state anew. */
static bool attempts_hold(const struct system *system, int sample,
                          uint32_t number, void *state)
{
    const struct moves *moves = system->model->moves;
    const struct draws draws = {.kind = STREAM_WORD, .seed = 8,
                                .walker = number};
    double before[COMPONENTS_MAX], after[COMPONENTS_MAX], du[COMPONENTS_MAX];
    char *old = mem_new(1, system->state_bytes);
    void *work = mem_new(1, moves->work(system));
    bool good = true;
    moves->begin(system, sample, state, work);
    for (int64_t i = 0; i < system->sites; i++) {
        memcpy(old, state, system->state_bytes);
        state_u(system, sample, state, before);
        moves->propose(system, sample, &draws, i, 0.01 + number % 7 * 0.15,
                       state, work, du);
        good = good && !memcmp(old, state, system->state_bytes);
        if ((i + number) % 2)
            continue;
        moves->make(system, state, work);
        state_u(system, sample, state, after);
        for (int k = 0; k < system->components; k++)
            du[k] += before[k];
        good = good && near_u(system, du, after) &&
               memcmp(old, state, system->state_bytes);
    }
    free(work);
    free(old);
    return good;
}

static bool check_attempts(const struct system *system)
{
    char *state = mem_new(1, system->state_bytes);
    bool good = true;
    for (uint32_t n = 0; n < STATES; n++) {
        state_random(system, n, state);
        good = good && attempts_hold(system, (int)n % system->samples, n,
                                     state);
    }
    free(state);
    return good;
}

static int seen;

static void visit(const struct subject *subject)
{
    if (!subject->system->model->moves)
        return;
    ok(check_attempts(subject->system), "attempts: %s", subject->what);
    seen++;
}

/* ---- mutant -------------------------------------------------------------- */

static const struct moves *sound_moves;

/* The proposal is not taken over. */
static void stale_make(const struct system *system, void *state, void *work)
{
    char *kept = mem_copy(work, 1, sound_moves->work(system));
    sound_moves->make(system, state, work);
    memcpy(work, kept, sound_moves->work(system));
    free(kept);
}

static void mutant_moves(const struct system *system)
{
    struct moves facet = *system->model->moves;
    struct model model = *system->model;
    struct system broken = *system;
    sound_moves = system->model->moves;
    model.moves = &facet;
    broken.model = &model;
    ok(check_attempts(&broken), "a copy of the facet passes");
    facet.make = stale_make;
    ok(!check_attempts(&broken),
       "mutant rejected: stabilities that stay behind by attempts");
}

int main(void)
{
    static const char *const sphere[SCENE_KEYS] = {"weights=spherical",
                                                   "N=8"};
    struct subject subject;
    for_subjects(visit);
    ok(seen >= 6, "%d systems seen", seen);
    if (subject_make(&subject, "perceptron", sphere))
        mutant_moves(subject.system);
    subject_release(&subject);
    return tap_done();
}
