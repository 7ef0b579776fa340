/* The report as text: what was learned, how well it predicts, what theory
   leaves over at the measured overlaps. */
#include <stdio.h>
#include <string.h>

#include "cli/print.h"
#include "cli/report_parts.h"

enum { TEXT = 32 };

static const struct entry { const char *name, *title; } entries[] = {
    {"information", "information"},
    {"learning_coefficient", "learning coeff."},
    {"configurational_temperature", "T of slopes"},
    {"lppd", "lppd"},
    {"p_waic", "p_waic"},
    {"waic", "waic"},
    {"saddle_residual_R", "saddle R"},
    {"saddle_residual_q", "saddle q"}};
enum { ENTRIES = sizeof entries / sizeof *entries };

static void print_rung(const struct estimate *const *column,
                       const int *width, int count, int r)
{
    char text[TEXT];
    printf("%4d", r);
    for (int c = 0; c < count; c++) {
        print_value(text, TEXT, column[c]->mean[r], column[c]->error[r]);
        printf("  %*s", width[c], text);
    }
    printf("\n");
}

void report_print_learning(const struct report *report)
{
    const struct data *data = report->data;
    const struct estimate *column[ENTRIES];
    int width[ENTRIES], count = 0;
    char text[TEXT];
    for (int i = 0; i < ENTRIES; i++) {
        const struct estimate *e = estimates_find(report->estimates,
                                                  entries[i].name);
        if (!e)
            continue;
        printf("%s  ", count ? "" : "\nlearning (entropies in nats, sums over "
                                    "weights or examples)\nrung");
        width[count] = (int)strlen(entries[i].title);
        for (int r = data->first_requested; r < data->rungs; r++) {
            print_value(text, TEXT, e->mean[r], e->error[r]);
            if ((int)strlen(text) > width[count])
                width[count] = (int)strlen(text);
        }
        printf("%*s", width[count], entries[i].title);
        column[count++] = e;
    }
    if (!count)
        return;
    printf("\n");
    for (int r = data->first_requested; r < data->rungs; r++)
        print_rung(column, width, count, r);
}
