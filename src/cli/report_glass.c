/* The report as text: is a glass in equilibrium, what does mean-field theory
   say of the magnetisations? */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/print.h"
#include "cli/report_parts.h"

enum { TEXT = 32 };

static void print_balance(const struct balance *b, int rungs)
{
    int at = 0;
    double squares = 0;
    for (int r = 0; r < rungs; r++) {
        squares += b->z[r] * b->z[r] / rungs;
        if (fabs(b->z[r]) > fabs(b->z[at]))
            at = r;
    }
    printf("\nenergy against link overlap (Gaussian couplings): worst z %.2f "
           "at rung %d, rms %.2f\n", b->z[at], at, sqrt(squares));
}

/* At the coldest rung, over its windows. */
static void print_plateau(const struct data *data, const struct plateau *p)
{
    int last = data->rungs - 1;
    printf("\ntime averages at the coldest rung: they agree in equilibrium\n"
           "%-21s", "sweeps");
    for (int i = 0; i < p->count; i++)
        printf("  %*s", 14, p->at[i].name);
    printf("\n");
    for (int w = p->windows - 1; w >= 0; w--) {
        char text[TEXT];
        snprintf(text, TEXT, "%" PRId64 " to %" PRId64,
                 (p->window[w][0] + 1) * data->every,
                 p->window[w][1] * data->every);
        printf("%-21s", text);
        for (int i = 0; i < p->count; i++) {
            int width = (int)strlen(p->at[i].name);
            print_value(text, TEXT, p->at[i].mean[w * data->rungs + last],
                        p->at[i].error[w * data->rungs + last]);
            printf("  %*s", width > 14 ? width : 14, text);
        }
        printf("\n");
    }
}

void report_print_equilibrium(const struct report *report)
{
    const struct data *data = report->data;
    if (data->samples > 1 && report->estimates->plateau)
        print_plateau(data, report->estimates->plateau);
    if (report->estimates->balance)
        print_balance(report->estimates->balance, data->rungs);
}

/* ---- mean-field theory --------------------------------------------------- */

void report_print_mean_field(const struct report *report)
{
    static const char *const name[] = {
        "naive_mf_residual", "tap_residual", "bethe_residual",
        "free_energy_naive_mf", "free_energy_tap", "free_energy_bethe",
        "free_energy"};
    static const char *const title[] = {"naive", "TAP", "Bethe", "F/N naive",
                                        "TAP", "Bethe", "MBAR"};
    enum { COLUMNS = 7, RESIDUALS = 3, WIDTH = 14 };
    const struct data *data = report->data;
    double sites = (double)data->system->sites;
    char text[TEXT];
    if (!estimates_find(report->estimates, name[0]))
        return;
    printf("\nmean-field equations at the measured magnetisations: residuals "
           "and free energies\nrung");
    for (int c = 0; c < COLUMNS; c++)
        printf("  %*s", WIDTH, title[c]);
    printf("\n");
    for (int r = data->first_requested; r < data->rungs; r++) {
        printf("%4d", r);
        for (int c = 0; c < COLUMNS; c++) {
            const struct estimate *e = estimates_find(report->estimates,
                                                      name[c]);
            double divisor = c < RESIDUALS ? 1 : sites;
            snprintf(text, TEXT, "-");
            if (e)
                print_value(text, TEXT, e->mean[r] / divisor,
                            e->error[r] / divisor);
            printf("  %*s", WIDTH, text);
        }
        printf("\n");
    }
}
