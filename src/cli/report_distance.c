/* Local entropy and Franz-Parisi potential, as text and as JSON. */
#include <math.h>
#include <stdio.h>

#include "cli/print.h"
#include "cli/report_parts.h"

enum { LINES_MOST = 20, TEXT = 32 };

/* ---- text ---------------------------------------------------------------- */

/* mean and error over N; "-" where unknown. */
static void cell(const struct distance_numbers *row, int b, double divisor,
                 int width)
{
    char text[TEXT] = "-";
    if (row->mean && isfinite(row->mean[b]))
        print_value(text, TEXT, row->mean[b] / divisor,
                    row->error[b] / divisor);
    printf("  %*s", width, text);
}

static int known_bins(const struct distances *d,
                      const struct distance_target *t, int *first)
{
    int known = 0;
    for (int b = 0; b < d->bins; b++)
        if (isfinite(t->row[DISTANCE_LN_Z].mean[b]) && !known++)
            *first = b;
    return known;
}

static void print_target(const struct distances *d, double sites, int t)
{
    const struct distance_target *at = &d->at[t];
    int first = 0, known = known_bins(d, at, &first), seen = 0;
    int every = (known + LINES_MOST - 1) / LINES_MOST | 1; /* odd and even */
    printf("beta = %.6g, %d of %d bins known\n", at->beta, known, d->bins);
    if (!known)
        return;
    printf("%10s  %16s  %16s  %16s  %16s  %16s\n", "d", "energy/N",
           "entropy/N", "local_entropy/N", "potential",
           d->solutions.mean ? "solutions/N" : "");
    for (int b = first; b < d->bins; b++) {
        if (!isfinite(at->row[DISTANCE_LN_Z].mean[b]) || seen++ % every)
            continue;
        printf("%10.5g", d->facet->whole && d->to[b] - d->from[b] == 1
                             ? d->from[b] : (d->from[b] + d->to[b]) / 2);
        cell(&at->row[DISTANCE_ENERGY], b, sites, 16);
        cell(&at->row[DISTANCE_ENTROPY], b, sites, 16);
        cell(&at->row[DISTANCE_LOCAL], b, sites, 16);
        cell(&at->row[DISTANCE_POTENTIAL], b, 1, 16);
        if (d->solutions.mean)
            cell(&d->solutions, b, sites, 16);
        printf("\n");
    }
}

void report_print_distance(const struct report *report)
{
    const struct distances *d = report->distances;
    if (!d)
        return;
    printf("\ndistance %s from \"%s\"; local: less the %s\n",
           d->facet->definition, d->reference,
           d->shell_is ? d->shell_is : "shell, unknown");
    if (!d->ok)
        printf("neighbouring rungs share no states: nothing is known of "
               "distances\n");
    else
        print_target(d, (double)report->data->system->sites, d->targets - 1);
    if (d->ok && d->targets > 1)
        printf("(%d other betas are in --json and the file)\n",
               d->targets - 1);
}

/* ---- JSON ---------------------------------------------------------------- */

static void put_numbers(struct json *json, const char *name,
                        const struct distance_numbers *numbers, int bins)
{
    json_key(json, name);
    json_open(json, '{');
    json_put_reals(json, "mean", numbers->mean, bins);
    json_put_reals(json, "error", numbers->error, bins);
    json_close(json, '}');
}

static void put_target(struct json *json, const struct distances *d,
                       const struct distance_target *target)
{
    json_open(json, '{');
    json_put_real(json, "beta", target->beta);
    json_put_reals(json, "n_eff", target->n_eff, d->bins);
    for (int row = 0; row < DISTANCE_ROWS; row++)
        put_numbers(json, distance_names[row], &target->row[row], d->bins);
    json_close(json, '}');
}

void report_json_distance(struct json *json, const struct distances *d)
{
    json_key(json, "distance");
    json_open(json, '{');
    json_put_text(json, "definition", d->facet->definition);
    json_put_text(json, "unit", d->facet->unit);
    json_put_text(json, "reference", d->reference);
    json_put_text(json, "shell", d->shell_is);
    json_put_flag(json, "absolute", d->absolute);
    json_put_flag(json, "ok", d->ok);
    json_put_integer(json, "samples", d->parts);
    json_put_reals(json, "from", d->from, d->bins);
    json_put_reals(json, "to", d->to, d->bins);
    json_put_reals(json, "ln_shell", d->shell, d->bins);
    json_key(json, "targets");
    json_open(json, '[');
    for (int t = 0; t < d->targets; t++)
        put_target(json, d, &d->at[t]);
    json_close(json, ']');
    if (d->solutions.mean)
        put_numbers(json, "solutions_at_distance", &d->solutions, d->bins);
    json_close(json, '}');
}
