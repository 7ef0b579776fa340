/* The report as text. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/print.h"
#include "cli/report_parts.h"

/* ---- columns of the main table ----------------------------------------- */

struct column {
    const struct estimate *estimate;
    char *title;
    double divisor;
    int width;
};

enum { COLUMNS_MOST = 6, TEXT = 32 };

static bool extensive(const char *name)
{
    return !strncmp(name, "ln_z", 4) || !strncmp(name, "entropy", 7) ||
           !strncmp(name, "free_energy", 11);
}

static void add_column(struct column *columns, int *count,
                       const struct report *report, const char *name)
{
    const struct estimate *e = estimates_find(report->estimates, name);
    if (!e || e->size > 1 || *count == COLUMNS_MOST)
        return;
    double sites = (double)report->data->system->sites;
    bool divide = extensive(name);
    columns[(*count)++] = (struct column){
        .estimate = e, .divisor = divide ? sites : 1,
        .title = mem_text("%s%s", name, divide ? "/N" : "")};
}

/* The first two recorded observables, c, and what the anchor gives. */
static int choose_columns(struct column *columns,
                          const struct report *report)
{
    const struct texts *recorded = &report->data->input->record->observables;
    int count = 0;
    if (report->data->annealing) {
        add_column(columns, &count, report, "energy_path");
        add_column(columns, &count, report, "energy");
        add_column(columns, &count, report, "work");
        add_column(columns, &count, report, "paths_kept");
    }
    for (int i = 0; i < recorded->count && count < 3; i++)
        add_column(columns, &count, report, recorded->at[i]);
    add_column(columns, &count, report, "specific_heat");
    add_column(columns, &count, report, "ln_z");
    add_column(columns, &count, report, "ln_z_relative");
    add_column(columns, &count, report, "entropy");
    add_column(columns, &count, report, "entropy_relative");
    return count;
}

static void cell(char text[TEXT], const struct column *column, int rung)
{
    const struct estimate *e = column->estimate;
    print_value(text, TEXT, e->mean[rung] / column->divisor,
                e->error[rung] / column->divisor);
}

static void measure_width(struct column *column, int first, int rungs)
{
    char text[TEXT];
    column->width = (int)strlen(column->title);
    for (int r = first; r < rungs; r++) {
        cell(text, column, r);
        if ((int)strlen(text) > column->width)
            column->width = (int)strlen(text);
    }
}

/* ---- the main table ---------------------------------------------------- */

static bool by_temperature(const struct data *data)
{
    return data->components == 1 &&
           !strcmp(data->system->model->component[0], "beta");
}

void report_print_place(const struct data *data, int r)
{
    const double *lambda = data->lambda + r * data->components;
    printf("%4d", r);
    if (by_temperature(data))
        printf("  %8.5f", 1 / lambda[0]);
    else
        for (int k = 0; k < data->components; k++)
            printf("  %8.5g", lambda[k]);
}

void report_print_place_names(const struct data *data)
{
    printf("rung");
    if (by_temperature(data))
        printf("  %8s", "T");
    else
        for (int k = 0; k < data->components; k++)
            printf("  %8s", data->system->model->component[k]);
}

static void print_heading(const struct data *data,
                          const struct column *columns, int count)
{
    report_print_place_names(data);
    for (int c = 0; c < count; c++)
        printf("  %*s", columns[c].width, columns[c].title);
    if (data->annealing)
        printf("\n");
    else
        printf("  %8s  %7s  %4s\n", "tau_int", "n_eff", "swap");
}

static void print_rungs(const struct report *report)
{
    const struct data *data = report->data;
    const struct estimate *u = estimates_find(report->estimates, "u");
    struct column columns[COLUMNS_MOST];
    int count = choose_columns(columns, report);
    if (!u)
        u = estimates_find(report->estimates, "u_0");
    for (int c = 0; c < count; c++)
        measure_width(&columns[c], data->first_requested, data->rungs);
    print_heading(data, columns, count);
    for (int r = data->first_requested; r < data->rungs; r++) {
        report_print_place(data, r);
        for (int c = 0; c < count; c++) {
            char text[TEXT];
            cell(text, &columns[c], r);
            printf("  %*s", columns[c].width, text);
        }
        if (u)
            printf("  %8.1f  %7.0f", u->tau_int[r], u->n_eff[r]);
        if (u && r + 1 < data->rungs)
            printf("  %4.2f\n", report->acceptance[r]);
        else
            printf("\n");
    }
    for (int c = 0; c < count; c++)
        free(columns[c].title);
    if (u)
        printf("tau_int in sweeps and n_eff are those of u; swap: acceptance "
               "to the next rung\n");
    else
        printf("energy_path: as met; energy, ln_z: paths weighed by exp(-W), "
               "of which the fraction paths_kept counts\n");
}

/* Is a specific heat higher at rung `at` than at rung `end`? */
static bool above(const struct estimate *c, int at, int end)
{
    return c->mean[at] - c->mean[end] >
           3 * hypot(c->error[at], c->error[end]);
}

/* Where a specific heat is highest, if that is within the ladder: a
   transition, or what a finite system has in its place. */
static void print_peak(const struct report *report)
{
    const struct data *data = report->data;
    const struct estimate *c = estimates_find(report->estimates,
                                              "specific_heat_mbar");
    int first = data->first_requested, last = data->rungs - 1, at = first;
    char text[TEXT];
    if (!c || !by_temperature(data))
        return;
    for (int r = first; r <= last; r++)
        if (c->mean[r] > c->mean[at])
            at = r;
    if (at == first || at == last || !above(c, at, first) ||
        !above(c, at, last))
        return;
    print_value(text, TEXT, c->mean[at], c->error[at]);
    printf("\nspecific heat peaks within the ladder: %s at T = %.5g (rung %d), "
           "between %.5g and %.5g\n", text, 1 / data->lambda[at], at,
           1 / data->lambda[at + 1], 1 / data->lambda[at - 1]);
}

/* ---- theory ------------------------------------------------------------ */

static void print_prediction(const struct prediction *p, int rungs)
{
    int at = -1, count = 0;
    double squares = 0;
    for (int r = 0; r < rungs; r++) {
        if (isnan(p->z[r]))
            continue;
        if (at < 0 || fabs(p->z[r]) > fabs(p->z[at]))
            at = r;
        squares += p->z[r] * p->z[r];
        count++;
    }
    if (at >= 0)
        printf("  %-22s %7.2f  %4d  %6.2f   %s\n", p->name, p->z[at], at,
               sqrt(squares / count), p->source);
}

static void print_theory(const struct report *report)
{
    const struct theory *theory = report->theory;
    if (!theory->count)
        return;
    printf("\nagainst theory          worst z  rung   rms z   source\n");
    for (int i = 0; i < theory->count; i++)
        print_prediction(&theory->at[i], report->data->rungs);
}

/* ---- exchange and verdict ---------------------------------------------- */

static void print_trips(const struct report *report)
{
    const struct data *data = report->data;
    int walkers = data->ladders * data->rungs, with = 0;
    double sweeps = (double)(data->rows * data->every);
    printf("round trips: %" PRId64 " (%.3g per 1000 sweeps and walker)",
           report->round_trips,
           1000 * (double)report->round_trips / sweeps / walkers);
    for (int w = 0; data->trips && w < walkers; w++)
        with += data->trips[w] > 0;
    if (data->trips)
        printf(", by %d of %d walkers", with, walkers);
    printf("\n");
}

static void print_exchange(const struct report *report)
{
    const struct data *data = report->data;
    int worst = 0, thin = 0;
    int requested = data->rungs - data->first_requested;
    if (data->rungs < 2)
        return;
    for (int e = 1; e + 1 < data->rungs; e++) {
        if (!(report->acceptance[e] >= report->acceptance[worst]))
            worst = e;
        if (report->estimates->reweighting[e] <
            report->estimates->reweighting[thin])
            thin = e;
    }
    printf("\nexchange: barrier Lambda %.2f; swap acceptance %.2f at worst "
           "(rungs %d, %d), %.2f on average\n", report->barrier,
           report->acceptance[worst], worst, worst + 1,
           1 - report->barrier / (data->rungs - 1));
    print_trips(report);
    printf("reweighting to a neighbour keeps at least %.0f %% of the samples "
           "(rungs %d, %d)\n", 100 * report->estimates->reweighting[thin],
           thin, thin + 1);
    if (report->suggested_rungs > 1 && requested > 1)
        printf("rungs = %d would do for the requested range (asked: %d): "
               "2 Lambda + 1, half of all swaps accepted\n",
               report->suggested_rungs, requested);
}

static void print_ln_z(const struct report *report)
{
    const struct estimates *e = report->estimates;
    const char *tail = report->data->absolute ? "" : "_relative";
    int last = e->rungs - 1;
    char name[2][32], text[2][TEXT];
    bool known = true;
    snprintf(name[0], sizeof name[0], "ln_z%s", tail);
    snprintf(name[1], sizeof name[1], "ln_z_ti%s", tail);
    for (int i = 0; i < 2; i++) {
        const struct estimate *z = estimates_find(e, name[i]);
        print_value(text[i], TEXT, z->mean[last], z->error[last]);
        known &= isfinite(z->error[last]);
    }
    if (e->rungs > 1 && known)
        printf("\n%s at the coldest rung: %s by MBAR, %s by TI (apart by "
               "%.1f sigma; quadrature %.2g)\n", name[0], text[0], text[1],
               fabs(e->ti_mbar[last]), e->quadrature[last]);
    else if (e->rungs > 1)
        printf("\n%s at the coldest rung: %s by MBAR, %s by TI (not "
               "comparable; quadrature %.2g)\n", name[0], text[0], text[1],
               e->quadrature[last]);
}

static void print_named(void *context, const char *name, double value)
{
    (void)context;
    printf("  %s %.10g", name, value);
}

/* Sweeps after which one walker has met the best with probability 99 %, were
   its passes tried again and again. */
static void print_target(const struct data *data)
{
    int64_t paths = data->rows * data->copies, hits = 0;
    for (int64_t n = 0; n < paths; n++) {
        bool hit = false;
        for (int k = 0; k < data->rungs; k++)
            hit |= data->u[(n * data->samples * data->rungs + k) *
                           data->components] == data->best_u[0];
        hits += hit;
    }
    double p = (double)hits / (double)paths;
    printf("%" PRId64 " of %" PRId64 " passes met it at the end of a point",
           hits, paths);
    if (hits && hits < paths)
        printf("; time to target (99 %%): %.3g sweeps of a walker",
               (double)data->every * fmax(1, log(0.01) / log1p(-p)));
    printf("\n");
}

static void print_best(const struct report *report)
{
    const struct data *data = report->data;
    const struct model *model = data->system->model;
    if (!data->best_u || report->parts)
        return;
    printf("\nbest state%s:",
           data->samples > 1 ? " of the first sample" : "");
    if (model->best)
        model->best(data->system, data_best(data), print_named, NULL);
    else
        print_named(NULL, "u", data->best_u[0]);
    printf("; first after %.2f s, reached by %" PRId64 " of %d walkers\n",
           data->best_seconds[0], data->best_hits[0],
           data->annealing ? data->copies : data->copies * data->rungs);
    if (data->annealing && data->rows)
        print_target(data);
}

static void print_samples(const struct report *report)
{
    const struct data *data = report->data;
    if (data->samples < 2)
        return;
    if (report->estimates->shared)
        printf("\nerrors are over %d samples, which share random numbers in "
               "groups of %d: too few groups for errors over them\n",
               data->samples, data->group);
    else if (data->group > 1)
        printf("\nerrors are over %d groups of %d samples, which share random "
               "numbers\n", (data->samples + data->group - 1) / data->group,
               data->group);
    else
        printf("\nerrors are over %d samples\n", data->samples);
}

static void print_verdict(const struct verdict *verdict)
{
    printf("\nverdict: %s\n", verdict->ok ? "ok" : "not ok");
    for (int i = 0; i < verdict->reasons.count; i++)
        printf("  - %s\n", verdict->reasons.at[i]);
}

static void print_averages(const struct report *report)
{
    bool annealing = report->data->annealing;
    printf("\n");
    print_rungs(report);
    if (!annealing)
        print_ln_z(report);
    print_peak(report);
    print_theory(report);
    report_limits_print(report);
    report_print_equilibrium(report);
    report_print_mean_field(report);
    report_print_distance(report);
    report_print_learning(report);
    if (!annealing)
        print_exchange(report);
    print_samples(report);
}

void report_print(const struct report *report)
{
    const struct data *data = report->data;
    printf("%s: %s, %" PRId64 " %ss, %s; %" PRId64 " sweeps%s, %d rung%s",
           report->name, data->system->model->name, data->system->sites,
           system_site(data->system), data->dynamics, data->rows * data->every,
           data->complete ? "" : " so far", data->rungs - data->first_requested,
           data->rungs - data->first_requested == 1 ? "" : "s");
    if (data->first_requested)
        printf(" and %d of the anchor", data->first_requested);
    printf(", %d cop%s", data->copies, data->copies == 1 ? "y" : "ies");
    if (data->samples > 1)
        printf(" of %d samples", data->samples);
    printf("\n");
    if (report->estimates->count && data->quench)
        report_print_quench(report);
    else if (report->estimates->count)
        print_averages(report);
    print_best(report);
    print_verdict(&report->verdict);
}
