/* Numbers and rows of tables, for people. */
#ifndef TEMPERA_CLI_PRINT_H
#define TEMPERA_CLI_PRINT_H
#include <stddef.h>

/* "-1.41421(12)": two digits of the error. Exact or unknown errors: the
   value alone. */
void print_value(char *text, size_t size, double value, double error);

/* Words of text in lines of at most 79 columns, each after prefix. */
void print_paragraph(const char *prefix, const char *text);

#endif
