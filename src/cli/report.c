/* tempera report OUT.h5 [OUT2.h5 ...] [--json] [--strict] */
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/report_parts.h"

/* One BLAS thread: numbers must not depend on how many there are. */
extern void openblas_set_num_threads(int) __attribute__((weak));

/* One file, or several merged into one. */
static int tell(struct report *report, bool json, bool strict,
                struct err *err)
{
    report_store(report, err);
    if (json)
        report_json(report);
    else
        report_print(report);
    if (err_any(err))
        return err->code;
    return strict && !report->verdict.ok ? EXIT_OTHER : EXIT_DONE;
}

int report_command(int argc, char **argv)
{
    struct err err = {0};
    bool json = false, strict = false;
    const struct option options[] = {{"--json", &json, NULL},
                                     {"--strict", &strict, NULL},
                                     {NULL, NULL, NULL}};
    struct words words = options_sort(argc, argv, options, false, &err);
    int code = EXIT_DONE;
    if (openblas_set_num_threads)
        openblas_set_num_threads(1);
    if (!err_any(&err) && !words.files)
        err_add(&err, EXIT_INPUT, "tempera report", "which file? tempera "
                "report OUT.h5 [OUT2.h5 ...] [--json] [--strict]");
    for (int i = 0; !err_any(&err) && i < words.files; i++) {
        struct report *report = report_new(words.file[i], &err);
        if (report) {
            int one = tell(report, json, strict, &err);
            code = one > code ? one : code;
        }
        report_free(report);
    }
    words_free(&words);
    return err_any(&err) ? options_fail(&err) : code;
}
