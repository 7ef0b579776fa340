/* Every state of a small system, counted by its statistics; then the
   averages of everything the model measures, at any lambda, exactly.

   Binary models on a lattice are walked in Gray code order, one flip a state,
   up to 2^24 states; others measure every state, up to 2^20. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/answer_levels.h"
#include "systems/broken.h"

enum {
    WALKED_LOG2 = BROKEN_SITES_MOST,
    MEASURED_LOG2 = 20,
    SAMPLES_LOG2 = 22 /* of one point: a few seconds */
};

/* How many states have which statistics. */
struct census {
    int width;          /* statistics a kind */
    int64_t kinds;
    double *statistics; /* [kinds][width] */
    double *count;      /* [kinds] */
};

static void census_release(struct census *census)
{
    free(census->statistics);
    free(census->count);
}

static bool held(const struct system *system, int64_t site)
{
    const struct pairs *p = system->pairs;
    return p && p->clamp && p->clamp[site];
}

/* log2 of the number of states. */
static double log2_states(const struct system *system)
{
    int64_t sites = 0;
    for (int64_t i = 0; i < system->sites; i++)
        sites += !held(system, i);
    return (double)sites * log2(system_values(system));
}

/* ---- binary ------------------------------------------------------------ */

static struct census count_binary(const struct system *system)
{
    const struct lattice *l = system->lattice;
    int sites = (int)l->sites, bonds = (int)l->bonds;
    int bins = (bonds + 1) * (sites + 1);
    uint64_t *histogram = broken_bonds(l);
    struct census census = {
        .width = 2,
        .statistics = mem_new((size_t)bins, 2 * sizeof(double)),
        .count = mem_new((size_t)bins, sizeof(double))};
    for (int bin = 0; bin < bins; bin++) {
        if (histogram[bin] == 0)
            continue;
        double *statistics = &census.statistics[2 * census.kinds];
        statistics[0] = bonds - 2 * (bin / (sites + 1));
        statistics[1] = 2 * (bin % (sites + 1)) - sites;
        census.count[census.kinds++] = (double)histogram[bin];
    }
    free(histogram);
    return census;
}

/* ---- any local model: measure each ------------------------------------- */

/* Open addressing: slot holds 1 + kind, 0 when empty. */
struct table { int log2_slots; int32_t *slot; struct census *census; };

static uint64_t hash(const double *statistics, int width)
{
    uint64_t h = 0;
    for (int i = 0; i < width; i++) {
        uint64_t bits;
        double value = statistics[i] + 0.0; /* -0 is 0 */
        memcpy(&bits, &value, sizeof bits);
        h = (h ^ bits) * UINT64_C(0x9E3779B97F4A7C15);
        h ^= h >> 29;
    }
    return h * UINT64_C(0xD6E8FEB86659FD93);
}

static bool same(const double *a, const double *b, int width)
{
    for (int i = 0; i < width; i++)
        if (a[i] != b[i])
            return false;
    return true;
}

static void table_count(struct table *table, const double *statistics)
{
    struct census *census = table->census;
    size_t mask = ((size_t)1 << table->log2_slots) - 1;
    size_t at = (size_t)(hash(statistics, census->width) >>
                         (64 - table->log2_slots));
    while (table->slot[at] &&
           !same(&census->statistics[(table->slot[at] - 1) * census->width],
                 statistics, census->width))
        at = (at + 1) & mask;
    if (!table->slot[at]) {
        memcpy(&census->statistics[census->kinds * census->width],
               statistics, (size_t)census->width * sizeof *statistics);
        table->slot[at] = (int32_t)++census->kinds;
    }
    census->count[table->slot[at] - 1]++;
}

/* The next state of the odometer; false after the last. */
static bool next_state(const struct system *system, void *state, int *digit)
{
    const struct local *local = system->model->local;
    int values = system_values(system);
    for (int64_t i = 0; i < system->sites; i++) {
        if (held(system, i))
            continue;
        digit[i] = (digit[i] + 1) % values;
        local->set(system, state, i, digit[i]);
        if (digit[i])
            return true;
    }
    return false;
}

static struct census count_measured(const struct system *system, int sample)
{
    const struct model *model = system->model;
    int log2_most = (int)ceil(log2_states(system));
    size_t most = (size_t)1 << log2_most;
    struct census census = {
        .width = model->statistics,
        .statistics = mem_new(most,
                              (size_t)model->statistics * sizeof(double)),
        .count = mem_new(most, sizeof(double))};
    struct table table = {log2_most + 1, mem_new(2 * most, sizeof(int32_t)),
                          &census};
    void *state = mem_new(1, system->state_bytes);
    int *digit = mem_new((size_t)system->sites, sizeof *digit);
    double statistics[STATISTICS_MAX];
    if (model->ordered)
        model->ordered(system, state); /* has what is held */
    for (int64_t i = 0; i < system->sites; i++)
        model->local->set(system, state, i, 0);
    do {
        model->measure(system, sample, state, statistics);
        table_count(&table, statistics);
    } while (next_state(system, state, digit));
    free(digit);
    free(state);
    free(table.slot);
    return census;
}

/* ---- averages ---------------------------------------------------------- */

enum { OBSERVABLES_MAX = 12, DERIVED_MAX = 8 };

/* Means over states, then over samples. */
struct means {
    double ln_z, action, variance; /* of lambda.u */
    double observable[OBSERVABLES_MAX];
    double term[DERIVED_MAX][DERIVED_TERMS];
};

static int observables(const struct model *model)
{
    int count = 0;
    while (model->observables && model->observables[count].name)
        count++;
    return count;
}

static int derived_rows(const struct model *model)
{
    int count = 0;
    while (model->derived && model->derived[count].name)
        count++;
    return count;
}

/* What a derived row's terms are made of: u or an observable. */
static double series_value(const struct system *system, const char *series,
                           const double *statistics, const double *u)
{
    const struct observable *row = system->model->observables;
    for (; row && row->name; row++)
        if (!strcmp(row->name, series))
            return row->of ? row->of(system, statistics) : NAN;
    return u[0];
}

static void add_kind(const struct system *system, const double *statistics,
                     double weight, struct means *means)
{
    const struct model *model = system->model;
    double u[COMPONENTS_MAX];
    model->u(system, statistics, u);
    for (int i = 0; i < observables(model); i++)
        means->observable[i] +=
            model->observables[i].of
                ? weight * model->observables[i].of(system, statistics) : NAN;
    for (int i = 0; i < derived_rows(model); i++) {
        const struct derived *row = &model->derived[i];
        for (int k = 0; k < DERIVED_TERMS && row->term[k].series; k++) {
            double x = series_value(system, row->term[k].series, statistics,
                                    u);
            if (row->term[k].of)
                x = row->term[k].of(x);
            means->term[i][k] += weight * x;
        }
    }
}

/* lambda.u of every kind into action, its least value returned. */
static double actions(const struct system *system,
                      const struct census *census, const double *lambda,
                      double *action)
{
    double least = INFINITY;
    for (int64_t i = 0; i < census->kinds; i++) {
        double u[COMPONENTS_MAX];
        system->model->u(system, &census->statistics[i * census->width], u);
        action[i] = rung_dot(lambda, u, system->components);
        least = fmin(least, action[i]);
    }
    return least;
}

/* ln of the mass of one state in the model's reference measure. */
static double ln_state(const struct system *system)
{
    double zero[COMPONENTS_MAX] = {0}, ln_mass;
    if (!strcmp(system->model->reference, "counting") ||
        !system->model->exact_at(system, zero, &ln_mass))
        return 0;
    return ln_mass - (double)system->sites *
                     log((double)system_values(system));
}

/* Adds the averages of one sample at one rung, each divided by samples. */
static void average(const struct system *system, const struct census *census,
                    const double *lambda, struct means *means)
{
    double *action = mem_new((size_t)census->kinds, sizeof *action);
    double least = actions(system, census, lambda, action);
    double sum = 0, mean = 0, variance = 0, part = 1.0 / system->samples;
    for (int64_t i = 0; i < census->kinds; i++) {
        double weight = census->count[i] * exp(least - action[i]);
        sum += weight;
        mean += weight * (action[i] - least);
    }
    mean /= sum;
    for (int64_t i = 0; i < census->kinds; i++) {
        double weight = census->count[i] * exp(least - action[i]) / sum;
        double off = action[i] - least - mean;
        variance += weight * off * off;
        add_kind(system, &census->statistics[i * census->width],
                 weight * part, means);
    }
    means->ln_z += part * (log(sum) - least + ln_state(system));
    means->action += part * (least + mean);
    means->variance += part * variance;
    free(action);
}

/* Not what is of several replicas or a list: no number of one state. */
static void add_known(struct solution *solution, const char *name,
                      double value, const char *unit)
{
    if (isfinite(value))
        solution_add(solution, name, value, 0, unit);
}

static void answer(const struct system *system, const double *lambda,
                   const struct means *means, struct solution *solution)
{
    const struct model *model = system->model;
    solution_add(solution, "ln_z", means->ln_z, 0, "1");
    for (int i = 0; i < observables(model); i++)
        if (!model->observables[i].refuses ||
            !model->observables[i].refuses(system))
            add_known(solution, model->observables[i].name,
                      means->observable[i], model->observables[i].unit);
    solution_add(solution, "specific_heat",
                 means->variance / (double)system->sites, 0, "1");
    solution_add(solution, "entropy", means->ln_z + means->action, 0,
                 "nats");
    if (system->components == 1 && lambda[0] != 0)
        solution_add(solution, "free_energy", -means->ln_z / lambda[0], 0,
                     model->u_unit);
    for (int i = 0; i < derived_rows(model); i++)
        add_known(solution, model->derived[i].name,
                  model->derived[i].value(system, lambda, means->term[i]),
                  model->derived[i].unit);
}

/* ---- levels ------------------------------------------------------------ */

/* Of one sample all that is known of its levels; curves of the first point
   only. Of several the ground states, on their way to a mean. */
static void take_levels(const struct solver_task *task,
                        const struct census *census,
                        struct ground_states *ground)
{
    const struct system *system = task->system;
    double one[COMPONENTS_MAX] = {1}, sites = (double)system->sites;
    double *energy = mem_new((size_t)census->kinds, sizeof *energy);
    actions(system, census, one, energy);
    struct energy_level *level;
    int64_t count = energy_levels(energy, census->count, census->kinds,
                                  &level);
    ground_states_take(ground, level, sites);
    if (system->samples == 1)
        for (int i = 0; i < task->points; i++)
            answer_levels(level, count, sites, system->model->u_unit, i == 0,
                          &task->solution[i]);
    free(level);
    free(energy);
}

static bool walkable(const struct system *system)
{
    return system_binary(system) && system->lattice && !system->pairs;
}

static const char *refuses(const struct system *system, int points)
{
    const struct model *model = system->model;
    if (!model->local)
        return "enumerate needs a model with facet local";
    if (observables(model) > OBSERVABLES_MAX ||
        derived_rows(model) > DERIVED_MAX)
        return "enumerate does not take a model with so many observables";
    double total = log2_states(system) + log2(system->samples);
    if (walkable(system))
        return total > WALKED_LOG2 ? "enumerate takes at most 2^24 states"
                                   : NULL;
    if (log2_states(system) > MEASURED_LOG2 ||
        total > (points > 1 ? MEASURED_LOG2 : SAMPLES_LOG2))
        return "enumerate takes at most 2^20 states of this model, at one "
               "point 2^22 of all its samples";
    if (total + log2(points) > 27)
        return "enumerate would need more than 10 seconds";
    return NULL;
}

static void overlay(const struct solver_task *task)
{
    const struct system *system = task->system;
    int k = system->components;
    struct means *means = mem_new((size_t)task->points, sizeof *means);
    struct ground_states ground = {0};
    for (int sample = 0; sample < system->samples; sample++) {
        struct census census = walkable(system)
                                   ? count_binary(system)
                                   : count_measured(system, sample);
        for (int i = 0; i < task->points; i++)
            average(system, &census, &task->lambda[i * k], &means[i]);
        if (k == 1)
            take_levels(task, &census, &ground);
        census_release(&census);
    }
    for (int i = 0; i < task->points; i++) {
        if (ground.energy.count > 1)
            ground_states_answer(&ground, system->model->u_unit,
                                 &task->solution[i]);
        answer(system, &task->lambda[i * k], &means[i], &task->solution[i]);
    }
    free(means);
}

const struct solver solver_enumerate = {
    .name = "enumerate",
    .family = FAMILY_EXACT,
    .summary = "any small discrete model: every state, exact",
    .source = "the definition of p(x | lambda)",
    .holds = "discrete models of at most 2^24 states; exact",
    .takes_model = true,
    .refuses = refuses,
    .overlay = overlay};
