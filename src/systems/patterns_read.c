/* Examples of a text file. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "systems/patterns.h"

struct reading {
    const char *file;
    struct err *err;
    int64_t line;
    int64_t columns;  /* of the first example */
    double *row;      /* of the line */
    int64_t room, rows_room;
};

static const char blanks[] = " \t\r\n\v\f";

__attribute__((format(printf, 2, 3)))
static bool complain(const struct reading *r, const char *format, ...)
{
    char text[256];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    char *where = r->line ? mem_text("%s:%lld", r->file, (long long)r->line)
                          : mem_text("%s", r->file);
    err_add(r->err, EXIT_INPUT, where, "%s", text);
    free(where);
    return false;
}

/* The numbers of a line into r->row: how many, or -1. */
static int64_t numbers(struct reading *r, char *line)
{
    int64_t count = 0;
    line[strcspn(line, "#")] = 0;
    for (char *word = strtok(line, blanks); word;
         word = strtok(NULL, blanks)) {
        char *end;
        double x = strtod(word, &end);
        if (word[strspn(word, "0123456789+-.eE")] || *end ||
            !(fabs(x) <= 1e100)) {
            complain(r, "\"%.20s\" is not a finite decimal number", word);
            return -1;
        }
        if (count == r->room) {
            r->room = 2 * r->room + 64;
            r->row = mem_grow(r->row, (size_t)r->room, sizeof *r->row);
        }
        r->row[count++] = x;
    }
    return count;
}

static bool take(struct reading *r, int64_t count, struct pattern_rows *rows)
{
    if (!count)
        return true;
    if (!r->columns)
        r->columns = count;
    if (count < 2)
        return complain(r, "one number: expected inputs, then the label");
    if (count != r->columns)
        return complain(r, "%lld numbers; the first example has %lld",
                        (long long)count, (long long)r->columns);
    double label = r->row[count - 1];
    if (fabs(label) != 1)
        return complain(r, "the last number is the label: -1 or 1, not %g",
                        label);
    if (rows->rows == r->rows_room) {
        r->rows_room = 2 * r->rows_room + 64;
        rows->x = mem_grow(rows->x, (size_t)(r->rows_room * (count - 1)),
                           sizeof *rows->x);
    }
    rows->inputs = count - 1;
    for (int64_t i = 0; i < rows->inputs; i++)
        rows->x[rows->rows * rows->inputs + i] = label * r->row[i];
    rows->rows++;
    return true;
}

bool patterns_read(const char *file, struct pattern_rows *rows,
                   struct err *err)
{
    struct reading r = {.file = file, .err = err};
    char *line = NULL;
    size_t room = 0;
    bool good = true;
    *rows = (struct pattern_rows){0};
    FILE *in = fopen(file, "r");
    if (!in)
        return complain(&r, "cannot open it: %s", strerror(errno));
    while (good && getline(&line, &room, in) >= 0) {
        r.line++;
        int64_t count = numbers(&r, line);
        good = count >= 0 && take(&r, count, rows);
    }
    r.line = 0;
    if (good && ferror(in))
        good = complain(&r, "cannot read it: %s", strerror(errno));
    else if (good && !rows->rows)
        good = complain(&r, "holds no example: expected a line an example, "
                        "its inputs, then the label");
    fclose(in);
    free(line);
    free(r.row);
    if (!good) {
        free(rows->x);
        rows->x = NULL;
    }
    return good;
}
