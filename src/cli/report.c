/* tempera report OUT.h5 [OUT2.h5 ...] [--json] [--strict] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/report_parts.h"
#include "run/merge.h"

/* One BLAS thread: numbers must not depend on how many there are. */
extern void openblas_set_num_threads(int) __attribute__((weak));

struct request {
    bool json, strict;
    int count;
    struct report **reports;
};

static void print_one(const struct request *r, const struct report *report)
{
    if (r->json)
        report_json(report);
    else
        report_print(report);
}

/* Merged when they can be, else side by side; ok when all are. */
static bool print_several(const struct request *r)
{
    struct texts keys = merge_differences(r->reports, r->count);
    const char *no = merge_refusal(r->reports, r->count);
    bool merged = keys.count == 0 && !no;
    bool ok = true;
    for (int i = 0; i < r->count; i++)
        ok = ok && r->reports[i]->verdict.ok;
    if (merged) {
        struct report *whole = merge_reports(r->reports, r->count);
        ok = whole->verdict.ok;
        print_one(r, whole);
        report_free(whole);
    } else {
        if (keys.count == 0)
            fprintf(stderr, "the same physics, but %s\n", no);
        if (r->json)
            report_table_json(r->reports, r->count, &keys);
        else
            report_table(r->reports, r->count, &keys);
    }
    for (int i = 0; i < keys.count; i++)
        free(keys.at[i]);
    free(keys.at);
    return ok;
}

/* A run given twice would count twice. */
static void refuse_twins(const struct request *r, const struct report *one,
                         struct err *err)
{
    for (int i = 0; i < r->count; i++)
        if (!strcmp(r->reports[i]->data->uuid, one->data->uuid))
            err_add(err, EXIT_INPUT, "tempera report", "%s and %s are the "
                    "same run", r->reports[i]->name, one->name);
}

static bool load(struct request *r, const struct words *words,
                 struct err *err)
{
    r->reports = mem_new((size_t)words->files, sizeof *r->reports);
    for (int i = 0; i < words->files && !err_any(err); i++) {
        struct data *data = data_load(words->file[i], err);
        struct report *report = data ? report_new(data, err) : NULL;
        if (report) {
            refuse_twins(r, report, err);
            if (words->files > 1 && !report->estimates->count)
                err_add(err, EXIT_DATA, words->file[i], "no averages yet "
                        "that could be put beside others");
            r->reports[r->count++] = report;
        }
        if (report && words->files == 1)
            report_store(report, err);
    }
    return !err_any(err);
}

static int report(const struct words *words, struct request *r,
                  struct err *err)
{
    bool ok = true;
    if (load(r, words, err) && r->count == 1) {
        print_one(r, r->reports[0]);
        ok = r->reports[0]->verdict.ok;
    } else if (!err_any(err))
        ok = print_several(r);
    for (int i = 0; i < r->count; i++)
        report_free(r->reports[i]);
    free(r->reports);
    return r->strict && !ok ? EXIT_OTHER : EXIT_DONE;
}

int report_command(int argc, char **argv)
{
    struct err err = {0};
    struct request request = {.json = false};
    const struct option options[] = {{"--json", &request.json, NULL},
                                     {"--strict", &request.strict, NULL},
                                     {NULL, NULL, NULL}};
    struct words words = options_sort(argc, argv, options, false, &err);
    int code = EXIT_DONE;
    if (openblas_set_num_threads)
        openblas_set_num_threads(1);
    if (!err_any(&err) && !words.files)
        err_add(&err, EXIT_INPUT, "tempera report", "which file? tempera "
                "report OUT.h5 [OUT2.h5 ...] [--json] [--strict]");
    if (!err_any(&err))
        code = report(&words, &request, &err);
    words_free(&words);
    return err_any(&err) ? options_fail(&err) : code;
}
