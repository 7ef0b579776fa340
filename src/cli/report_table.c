/* Several runs side by side, over the keys in which they differ. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/json.h"
#include "cli/print.h"
#include "cli/report_parts.h"
#include "run/input.h"

/* The value of "section.key" in a run, as its input would say it. */
static char *value_of(const struct report *report, const char *name)
{
    const char *dot = strchr(name, '.');
    for (int s = 0; s < INPUT_SECTIONS; s++) {
        const struct section *section = &report->data->input->section[s];
        int block;
        if (strncmp(section->name, name, (size_t)(dot - name)) ||
            section->name[dot - name])
            continue;
        const struct param *row = section_find(section, dot + 1, &block);
        if (row)
            return param_print(row, section_value(section, dot + 1));
    }
    return mem_text("-");
}

/* Largest value of an estimate over the requested rungs and where it is. */
static int peak(const struct report *report, const struct estimate *e)
{
    int at = report->data->first_requested;
    for (int r = at; r < report->data->rungs; r++)
        if (e->mean[r] > e->mean[at])
            at = r;
    return at;
}

static void print_ends(const struct report *report, const char *name,
                       double divisor)
{
    const struct estimate *e = estimates_find(report->estimates, name);
    int rungs[2] = {report->data->first_requested, report->data->rungs - 1};
    char text[32] = "-";
    for (int i = 0; i < 2; i++) {
        if (e)
            print_value(text, sizeof text, e->mean[rungs[i]] / divisor,
                        e->error[rungs[i]] / divisor);
        printf("  %16s", text);
    }
}

static void print_peak(const struct report *report)
{
    const struct estimate *e = estimates_find(report->estimates,
                                              "specific_heat");
    char text[32] = "-";
    if (e) {
        int r = peak(report, e);
        print_value(text, sizeof text, e->mean[r], e->error[r]);
        printf("  %14s  %8.5g", text, report->data->lambda[r]);
    } else
        printf("  %14s  %8s", "-", "-");
}

void report_table(struct report *const *reports, int count,
                  const struct texts *keys)
{
    printf("%16s  %16s  %16s  %16s  %14s  %8s  %7s\n", "energy, hot end",
           "cold end", "ln_z/N, hot end", "cold end", "c at its peak",
           "lambda", "verdict");
    for (int i = 0; i < count; i++) {
        const struct data *data = reports[i]->data;
        double sites = (double)data->system->sites;
        printf("%s:", reports[i]->name);
        for (int k = 0; k < keys->count; k++) {
            char *value = value_of(reports[i], keys->at[k]);
            printf(" %s = %s", keys->at[k], value);
            free(value);
        }
        printf("\n");
        print_ends(reports[i], "energy", 1);
        print_ends(reports[i], data->absolute ? "ln_z" : "ln_z_relative",
                   sites);
        print_peak(reports[i]);
        printf("  %7s\n", reports[i]->verdict.ok ? "ok" : "not ok");
    }
}

void report_table_json(struct report *const *reports, int count,
                       const struct texts *keys)
{
    struct json json = {.out = stdout};
    json_open(&json, '{');
    json_key(&json, "differ");
    json_open(&json, '[');
    for (int k = 0; k < keys->count; k++)
        json_text(&json, keys->at[k]);
    json_close(&json, ']');
    json_key(&json, "reports");
    json_open(&json, '[');
    for (int i = 0; i < count; i++)
        report_object(&json, reports[i]);
    json_close(&json, ']');
    json_close(&json, '}');
}
