#include "base/param.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

/* ---- sections ---------------------------------------------------------- */

static void *at_row(void *values, const struct param *row)
{
    return (char *)values + row->offset;
}

static void set_default(const struct param *row, void *value)
{
    char *problem = param_parse(row, row->initial, value);
    assert(!problem && "a default that its own row refuses");
    free(problem);
}

struct section section_new(const char *name,
                           const struct param_table *common,
                           const struct param_table *own)
{
    struct section section = {.name = name, .table = {common, own}};
    for (int b = 0; b < 2; b++) {
        const struct param_table *table = section.table[b];
        if (!table)
            continue;
        size_t count = (size_t)table->count;
        section.values[b] = mem_new(1, table->size);
        section.given[b] = mem_new(count, sizeof(bool));
        section.where[b] = mem_new(count, sizeof(char *));
        for (int i = 0; i < table->count; i++)
            set_default(&table->rows[i],
                        at_row(section.values[b], &table->rows[i]));
    }
    return section;
}

void section_free(struct section *section)
{
    for (int b = 0; b < 2; b++) {
        const struct param_table *table = section->table[b];
        for (int i = 0; table && i < table->count; i++) {
            param_release(&table->rows[i],
                          at_row(section->values[b], &table->rows[i]));
            free(section->where[b][i]);
        }
        free(section->values[b]);
        free(section->given[b]);
        free(section->where[b]);
    }
    *section = (struct section){0};
}

const struct param *section_find(const struct section *section,
                                 const char *key, int *block)
{
    for (int b = 0; b < 2; b++)
        for (int i = 0; section->table[b] && i < section->table[b]->count;
             i++)
            if (!strcmp(section->table[b]->rows[i].key, key)) {
                *block = b;
                return &section->table[b]->rows[i];
            }
    return NULL;
}

const char *section_where(const struct section *section, const char *key)
{
    int b;
    const struct param *row = section_find(section, key, &b);
    const char *where =
        row ? section->where[b][row - section->table[b]->rows] : NULL;
    return where ? where : "default";
}

bool section_given(const struct section *section, const char *key)
{
    int b;
    const struct param *row = section_find(section, key, &b);
    return row && section->given[b][row - section->table[b]->rows];
}

void *section_value(const struct section *section, const char *key)
{
    int b;
    const struct param *row = section_find(section, key, &b);
    return row ? at_row(section->values[b], row) : NULL;
}

/* Address of the value when the key has that type. */
static void *typed(const struct section *section, const char *key,
                   enum param_type type)
{
    int b;
    const struct param *row = section_find(section, key, &b);
    return row && row->type == type ? at_row(section->values[b], row) : NULL;
}

double section_real(const struct section *section, const char *key,
                    double absent)
{
    const double *real = typed(section, key, PARAM_real);
    const int64_t *integer = typed(section, key, PARAM_integer);
    return real ? *real : integer ? (double)*integer : absent;
}

int64_t section_integer(const struct section *section, const char *key,
                        int64_t absent)
{
    const int64_t *integer = typed(section, key, PARAM_integer);
    const bool *flag = typed(section, key, PARAM_flag);
    return integer ? *integer : flag ? *flag : absent;
}

const char *section_text(const struct section *section, const char *key,
                         const char *absent)
{
    char *const *text = typed(section, key, PARAM_text);
    return text ? *text : absent;
}

uint64_t section_seed(const struct section *section, const char *key,
                      uint64_t absent)
{
    const uint64_t *seed = typed(section, key, PARAM_seed);
    return seed && *seed ? *seed : absent;
}

bool section_is(const struct section *section, const char *key,
                const char *word)
{
    return !strcmp(section_text(section, key, ""), word);
}

const struct integers *section_integers(const struct section *section,
                                        const char *key)
{
    return typed(section, key, PARAM_integers);
}

const struct reals *section_reals(const struct section *section,
                                  const char *key)
{
    return typed(section, key, PARAM_reals);
}

/* ---- values ------------------------------------------------------------ */

size_t param_size(enum param_type type)
{
    static const size_t size[] = {
        [PARAM_integer] = sizeof(int64_t),
        [PARAM_seed] = sizeof(uint64_t),
        [PARAM_real] = sizeof(double),
        [PARAM_flag] = sizeof(bool),
        [PARAM_text] = sizeof(char *),
        [PARAM_integers] = sizeof(struct integers),
        [PARAM_reals] = sizeof(struct reals),
        [PARAM_texts] = sizeof(struct texts),
        [PARAM_points] = sizeof(struct points)};
    return size[type];
}

void param_release(const struct param *row, void *value)
{
    struct texts *texts = value;
    switch (row->type) {
    case PARAM_text: free(*(char **)value); break;
    case PARAM_integers: free(((struct integers *)value)->at); break;
    case PARAM_reals: free(((struct reals *)value)->at); break;
    case PARAM_points: free(((struct points *)value)->at); break;
    case PARAM_texts:
        for (int i = 0; i < texts->count; i++)
            free(texts->at[i]);
        free(texts->at);
        break;
    default: break;
    }
    memset(value, 0, param_size(row->type));
}

/* ---- range and words --------------------------------------------------- */

/* "section." or nothing, for "%s%s" */
#define DOT(section) (section) ? (section) : "", (section) ? "." : ""

static bool bounded(const struct param *row)
{
    return row->least != 0 || row->most != 0;
}

static bool inside(const struct param *row, double value)
{
    return !bounded(row) || (value >= row->least && value <= row->most);
}

/* "adaptive|linear" as "adaptive, linear" */
static char *words_listed(const char *allowed)
{
    char *list = mem_new(2 * strlen(allowed) + 1, 1), *to = list;
    for (; *allowed; allowed++) {
        *to++ = *allowed == '|' ? ',' : *allowed;
        if (*allowed == '|')
            *to++ = ' ';
    }
    return list;
}

char *param_allowed(const struct param *row)
{
    if (row->allowed)
        return words_listed(row->allowed);
    if (!bounded(row))
        return mem_text("%s", "");
    return mem_text("%.15g to %.15g%s%s", row->least, row->most,
                    *row->unit ? " " : "", row->unit);
}

static void check_number(const struct param *row, const char *section,
                         const char *printed, double number,
                         const char *where, struct err *err)
{
    if (inside(row, number))
        return;
    char *allowed = param_allowed(row);
    err_add(err, EXIT_INPUT, where,
            "%s%s%s: %s is out of range; allowed: %s", DOT(section),
            row->key, printed, allowed);
    free(allowed);
}

static void check_integer(const struct param *row, const char *section,
                          int64_t value, const char *where, struct err *err)
{
    char printed[32];
    snprintf(printed, sizeof printed, "%" PRId64, value);
    check_number(row, section, printed, (double)value, where, err);
}

static void check_real(const struct param *row, const char *section,
                       double value, const char *where, struct err *err)
{
    char *printed = param_real(value);
    check_number(row, section, printed, value, where, err);
    free(printed);
}

static void check_word(const struct param *row, const char *section,
                       const char *word, const char *where, struct err *err)
{
    enum { WORDS = 32 };
    const char *words[WORDS + 1] = {0};
    char *copy = mem_text("%s", row->allowed), *rest = copy;
    bool known = false;
    for (int i = 0; i < WORDS && rest; i++) {
        words[i] = strsep(&rest, "|");
        known |= !strcmp(words[i], word);
    }
    if (!known) {
        char *allowed = param_allowed(row);
        const char *nearest = err_nearest(word, words);
        err_add(err, EXIT_INPUT, where,
                "%s%s%s: \"%s\" is unknown; allowed: %s%s%s%s",
                DOT(section), row->key, word, allowed,
                nearest ? "; did you mean \"" : "", nearest ? nearest : "",
                nearest ? "\"?" : "");
        free(allowed);
    }
    free(copy);
}

void param_check(const struct param *row, const char *section,
                 const void *value, const char *where, struct err *err)
{
    const struct integers *integers = value;
    const struct reals *reals = value;
    const struct texts *texts = value;
    const struct points *points = value;
    switch (row->type) {
    case PARAM_integer:
        check_integer(row, section, *(const int64_t *)value, where, err);
        break;
    case PARAM_real:
        check_real(row, section, *(const double *)value, where, err);
        break;
    case PARAM_integers:
        for (int i = 0; i < integers->count; i++)
            check_integer(row, section, integers->at[i], where, err);
        break;
    case PARAM_reals:
        for (int i = 0; i < reals->count; i++)
            check_real(row, section, reals->at[i], where, err);
        break;
    case PARAM_points:
        for (int i = 0; i < points->count * points->width; i++)
            check_real(row, section, points->at[i], where, err);
        break;
    case PARAM_text:
        if (row->allowed)
            check_word(row, section, *(char *const *)value, where, err);
        break;
    case PARAM_texts:
        for (int i = 0; row->allowed && i < texts->count; i++)
            check_word(row, section, texts->at[i], where, err);
        break;
    default: break;
    }
}
