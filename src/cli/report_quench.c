/* The report of a quench as text. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/print.h"
#include "cli/report_parts.h"

enum { TEXT = 32, LEAST = 9 };

/* u first; all but the counts of walkers, which have their own columns. */
static bool is_mean(const struct estimate *e)
{
    return strcmp(e->name, "arrived") && strcmp(e->name, "minima") &&
           strncmp(e->name, "gradient_norm", 13);
}

/* One walker a rung has no error. */
static void value(char text[TEXT], const struct estimate *e, int r)
{
    if (isnan(e->error[r]))
        snprintf(text, TEXT, "%.6g", e->mean[r]);
    else
        print_value(text, TEXT, e->mean[r], e->error[r]);
}

static int width_of(const struct report *report, const struct estimate *e)
{
    char text[TEXT];
    int width = (int)strlen(e->name);
    for (int r = 0; r < report->data->rungs; r++) {
        value(text, e, r);
        width = (int)strlen(text) > width ? (int)strlen(text) : width;
    }
    return width < LEAST ? LEAST : width;
}

static void print_rung(const struct report *report, int r)
{
    const struct estimates *all = report->estimates;
    const struct estimate *minima = estimates_find(all, "minima");
    const struct estimate *slope = estimates_find(all,
                                                  "gradient_norm_most");
    char text[TEXT];
    for (int i = 0; i < all->count; i++)
        if (is_mean(&all->at[i])) {
            value(text, &all->at[i], r);
            printf("  %*s", width_of(report, &all->at[i]), text);
        }
    printf("  %10.2g", slope->mean[r]);
    printf("  %7.0f", estimates_find(all, "arrived")->mean[r] *
                          report->data->ladders);
    if (minima)
        printf("  %6.0f", minima->mean[r]);
    printf("\n");
}

void report_print_quench(const struct report *report)
{
    const struct data *data = report->data;
    const struct estimates *all = report->estimates;
    bool minima = estimates_find(all, "minima") != NULL;
    printf("\n");
    report_print_place_names(data);
    for (int i = 0; i < all->count; i++)
        if (is_mean(&all->at[i]))
            printf("  %*s", width_of(report, &all->at[i]), all->at[i].name);
    printf("  %10s  %7s%s\n", "|gradient|", "arrived",
           minima ? "  minima" : "");
    for (int r = 0; r < data->rungs; r++) {
        report_print_place(data, r);
        print_rung(report, r);
    }
    printf("means over the %d final state%s of each rung, where they came "
           "from; |gradient|: the\nlargest; arrived: how many have it within "
           "run.tolerance%s\n",
           data->ladders, data->ladders == 1 ? "" : "s",
           minima ? "; minima: how many differ" : "");
    if (data->distinct)
        printf("distinct minima in all: %lld, in /minima by u\n",
               (long long)data->distinct);
}
