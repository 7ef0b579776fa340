/* The effective input, and what differs between two. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "run/input_parts.h"

/* A key whose default, given, means more than the default left out stays out
   of the text unless it was given. */
static bool left_out(const struct section *section, int block, int i)
{
    return (section->table[block]->rows[i].flags & PARAM_EXPLICIT) &&
           !section->given[block][i];
}

static char *printed(const struct section *section, int block, int i)
{
    const struct param *row = &section->table[block]->rows[i];
    return param_print(row, (char *)section->values[block] + row->offset);
}

static void print_section(FILE *out, const struct section *section)
{
    fprintf(out, "%s = {\n", section->name);
    for (int b = 0; b < 2; b++)
        for (int i = 0; section->table[b] && i < section->table[b]->count;
             i++) {
            char *value = printed(section, b, i);
            fprintf(out, "    %s%s = %s;\n",
                    left_out(section, b, i) ? "# by default: " : "",
                    section->table[b]->rows[i].key, value);
            free(value);
        }
    fprintf(out, "};\n");
}

char *input_effective(const struct input *input)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    for (int s = 0; s < INPUT_SECTIONS; s++)
        print_section(out, &input->section[s]);
    fclose(out);
    return text;
}

/* ---- two inputs -------------------------------------------------------- */

/* "run.sweeps, run.wall_minutes, ..." */
static char *may_change(const struct input *input)
{
    char *list = mem_text("%s", "");
    for (int s = 0; s < INPUT_SECTIONS; s++)
        for (int b = 0; b < 2; b++) {
            const struct param_table *table = input->section[s].table[b];
            for (int i = 0; table && i < table->count; i++) {
                if (!(table->rows[i].flags & PARAM_MAY_CHANGE))
                    continue;
                char *longer =
                    mem_text("%s%s%s.%s", list, *list ? ", " : "",
                             input->section[s].name, table->rows[i].key);
                free(list);
                list = longer;
            }
        }
    return list;
}

/* One physics key of two inputs of the same plug-ins. */
static void differ_key(const struct input *now, const struct section *mine,
                       const struct section *theirs, int block, int i,
                       input_differs_fn *each, void *context)
{
    struct input_difference d = {
        .section = mine->name, .key = mine->table[block]->rows[i].key,
        .where = mine->where[block][i] ? mine->where[block][i] : now->file,
        .now = printed(mine, block, i), .then = printed(theirs, block, i),
        .now_default = left_out(mine, block, i),
        .then_default = left_out(theirs, block, i)};
    if (strcmp(d.now, d.then) || d.now_default != d.then_default)
        each(context, &d);
    free(d.now);
    free(d.then);
}

void input_differ(const struct input *now, const struct input *then,
                  input_differs_fn *each, void *context)
{
    for (int s = 0; s < INPUT_SECTIONS; s++)
        for (int b = 0; b < 2; b++) {
            const struct param_table *table = now->section[s].table[b];
            if (table != then->section[s].table[b])
                continue; /* another plug-in: its name differs already */
            for (int i = 0; table && i < table->count; i++)
                if (!(table->rows[i].flags & PARAM_MAY_CHANGE))
                    differ_key(now, &now->section[s], &then->section[s], b,
                               i, each, context);
        }
}

struct comparison {
    const struct input *now;
    struct err *err;
};

static void refuse(void *context, const struct input_difference *d)
{
    const struct comparison *c = context;
    char *rest = may_change(c->now);
    err_add(c->err, EXIT_INPUT, d->where,
            "%s.%s: the run has %s%s, the input says %s%s; only %s may "
            "change", d->section, d->key, d->then,
            d->then_default ? " (by default)" : "", d->now,
            d->now_default ? " (by default)" : "", rest);
    free(rest);
}

void input_compare(const struct input *now, const struct input *then,
                   struct err *err)
{
    struct comparison comparison = {now, err};
    input_differ(now, then, refuse, &comparison);
}
