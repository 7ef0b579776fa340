/* Between the files src/cli/report*.c only. */
#ifndef TEMPERA_CLI_REPORT_PARTS_H
#define TEMPERA_CLI_REPORT_PARTS_H
#include "base/json.h"
#include "run/report.h"

void report_print(const struct report *report);
void report_json(const struct report *report);

/* Parts of report_print; nothing where there is nothing to say. */
void report_print_equilibrium(const struct report *report);
void report_print_mean_field(const struct report *report);
void report_print_learning(const struct report *report);

void report_print_distance(const struct report *report);
void report_json_distance(struct json *json, const struct distances *d);
void report_print_quench(const struct report *report);
void report_limits_print(const struct report *report);
void report_limits_json(struct json *json, const struct report *report);

/* "rung  T", and a rung's. */
void report_print_place_names(const struct data *data);
void report_print_place(const struct data *data, int rung);

/* The object that report_json prints. */
void report_object(struct json *json, const struct report *report);

/* Several runs that differ in `keys` ("model.shape"). */
void report_table(struct report *const *reports, int count,
                  const struct texts *keys);
void report_table_json(struct report *const *reports, int count,
                       const struct texts *keys);

#endif
