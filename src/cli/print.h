/* Numbers and rows of tables, for people. */
#ifndef TEMPERA_CLI_PRINT_H
#define TEMPERA_CLI_PRINT_H
#include <stddef.h>

/* "-1.41421(12)": two digits of the error. Exact or unknown errors: the
   value alone. */
void print_value(char *text, size_t size, double value, double error);

#endif
