/* Values as libconfig text that reads back to the same value. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/param.h"

/* The shortest of 1 to 17 digits that reads back, with a point so that every
   reader of libconfig takes it for a real; no exponent below 1e15. */
char *param_real(double value)
{
    char text[40];
    int digits = 0;
    do
        snprintf(text, sizeof text, "%.*g", ++digits, value);
    while (digits < 17 && strtod(text, NULL) != value);
    if (fabs(value) >= 1 && fabs(value) < 1e15) {
        int before_point = 1 + (int)floor(log10(fabs(value)));
        snprintf(text, sizeof text, "%.*g",
                 digits > before_point ? digits : before_point, value);
    }
    size_t whole = strspn(text, "+-0123456789");
    bool point = text[whole] == '.';
    return mem_text("%.*s%s%s", (int)whole, text, point ? "" : ".0",
                    text + whole);
}

static void write_quoted(FILE *out, const char *text)
{
    fputc('"', out);
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if (*c == '"' || *c == '\\')
            fprintf(out, "\\%c", *c);
        else if (*c < 0x20 || *c == 0x7f)
            fprintf(out, "\\x%02x", *c);
        else
            fputc(*c, out);
    }
    fputc('"', out);
}

/* libconfig 1.5 wraps integers beyond 32 bits unless they end in L. */
static void write_integer(FILE *out, int64_t value)
{
    fprintf(out, "%" PRId64 "%s", value,
            value > INT32_MAX || value < INT32_MIN ? "L" : "");
}

static void write_seed(FILE *out, uint64_t value)
{
    if (value <= INT64_MAX)
        write_integer(out, (int64_t)value);
    else
        fprintf(out, "%" PRIu64, value);
}

static void write_real(FILE *out, double value)
{
    char *text = param_real(value);
    fputs(text, out);
    free(text);
}

static void write_reals(FILE *out, const double *at, int count,
                        const char *brackets)
{
    fputc(brackets[0], out);
    for (int i = 0; i < count; i++) {
        fputs(i ? ", " : "", out);
        write_real(out, at[i]);
    }
    fputc(brackets[1], out);
}

static void write_integers(FILE *out, const struct integers *list)
{
    fputc('[', out);
    for (int i = 0; i < list->count; i++) {
        fputs(i ? ", " : "", out);
        write_integer(out, list->at[i]);
    }
    fputc(']', out);
}

static void write_texts(FILE *out, const struct texts *list)
{
    fputc('[', out);
    for (int i = 0; i < list->count; i++) {
        fputs(i ? ", " : "", out);
        write_quoted(out, list->at[i]);
    }
    fputc(']', out);
}

static void write_points(FILE *out, const struct points *points)
{
    fputc('(', out);
    for (int i = 0; i < points->count; i++) {
        fputs(i ? ", " : "", out);
        write_reals(out, points->at + i * points->width, points->width,
                    "()");
    }
    fputc(')', out);
}

static void write_value(FILE *out, const struct param *row, const void *value)
{
    const struct reals *reals = value;
    switch (row->type) {
    case PARAM_integer: write_integer(out, *(const int64_t *)value); break;
    case PARAM_seed: write_seed(out, *(const uint64_t *)value); break;
    case PARAM_real: write_real(out, *(const double *)value); break;
    case PARAM_flag:
        fputs(*(const bool *)value ? "true" : "false", out);
        break;
    case PARAM_text: write_quoted(out, *(char *const *)value); break;
    case PARAM_integers: write_integers(out, value); break;
    case PARAM_reals: write_reals(out, reals->at, reals->count, "[]"); break;
    case PARAM_texts: write_texts(out, value); break;
    case PARAM_points: write_points(out, value); break;
    }
}

char *param_print(const struct param *row, const void *value)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    write_value(out, row, value);
    fclose(out);
    return text;
}

char *param_quote(const char *text)
{
    char *quoted = NULL;
    size_t size;
    FILE *out = open_memstream(&quoted, &size);
    write_quoted(out, text);
    fclose(out);
    return quoted;
}
