/* Between the files src/cli/report*.c only. */
#ifndef TEMPERA_CLI_REPORT_PARTS_H
#define TEMPERA_CLI_REPORT_PARTS_H
#include "run/report.h"

void report_print(const struct report *report);
void report_json(const struct report *report);

/* Several files that differ in more than the seed: one line per file and
   requested rung end. */
void report_table(struct report *const *reports, int count);

#endif
