/* The report: theory that is no law for these data, beside them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "cli/print.h"
#include "cli/report_parts.h"

enum { TEXT = 32 };

/* Where data and theory lie furthest apart, of the rungs asked for. */
static int furthest(const struct report *report, const struct prediction *line,
                    const struct estimate *e)
{
    int at = -1;
    for (int r = report->data->first_requested; r < report->data->rungs; r++)
        if (isfinite(line->mean[r] - e->mean[r]) &&
            (at < 0 || fabs(e->mean[r] - line->mean[r]) >
                           fabs(e->mean[at] - line->mean[at])))
            at = r;
    return at;
}

static void print_line(const struct report *report,
                       const struct prediction *line)
{
    const struct estimate *e = estimates_find(report->estimates, line->name);
    int at = furthest(report, line, e);
    char data[TEXT], apart[TEXT];
    if (at < 0)
        return;
    double error = hypot(e->error[at], line->error[at]);
    print_value(data, TEXT, e->mean[at], e->error[at]);
    print_value(apart, TEXT, e->mean[at] - line->mean[at], error);
    printf("    %-22s %16s  %14.7g  %16s  %4d\n", line->name, data,
           line->mean[at], apart, at);
}

static void print_limit(const struct report *report,
                        const struct limit *limit)
{
    char *says = mem_text("%s: %s", limit->solver->name,
                          limit->solver->summary);
    print_paragraph("  ", says);
    free(says);
    print_paragraph("    ", limit->solver->limit);
    if (limit->warned) {
        says = mem_text("at %d of %d rungs, first rung %d: %s", limit->warned,
                        report->data->rungs, limit->rung, limit->warning);
        print_paragraph("  ", says);
        free(says);
    }
    for (int l = 0; l < limit->count; l++)
        print_line(report, &limit->line[l]);
}

void report_limits_print(const struct report *report)
{
    const struct limits *limits = report->limits;
    if (!limits->count)
        return;
    printf("\nbeside the data, where furthest apart; no law for this system "
           "(no part of the verdict)\n    %-22s %16s  %14s  %16s  %4s\n", "",
           "data", "theory", "data - theory", "rung");
    for (int i = 0; i < limits->count; i++)
        print_limit(report, &limits->at[i]);
}

/* "limits": {solver: {source, caveat, warnings, quantities: {name: {mean[],
   error[]}}}} */
void report_limits_json(struct json *json, const struct report *report)
{
    int rungs = report->data->rungs;
    json_key(json, "limits");
    json_open(json, '{');
    for (int i = 0; i < report->limits->count; i++) {
        const struct limit *limit = &report->limits->at[i];
        json_key(json, limit->solver->name);
        json_open(json, '{');
        json_put_text(json, "source", limit->solver->source);
        json_put_text(json, "caveat", limit->solver->limit);
        json_put_text(json, "warning", limit->warned ? limit->warning : NULL);
        json_key(json, "quantities");
        json_open(json, '{');
        for (int l = 0; l < limit->count; l++) {
            json_key(json, limit->line[l].name);
            json_open(json, '{');
            json_put_reals(json, "mean", limit->line[l].mean, rungs);
            json_put_reals(json, "error", limit->line[l].error, rungs);
            json_close(json, '}');
        }
        json_close(json, '}');
        json_close(json, '}');
    }
    json_close(json, '}');
}
