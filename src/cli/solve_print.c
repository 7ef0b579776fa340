/* What `tempera solve` found, as text and as JSON. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/solve_parts.h"

static bool swept(const struct problem *problem, const char *key)
{
    for (int a = 0; a < problem->axes; a++)
        if (!strcmp(problem->axis[a].key, key))
            return true;
    return false;
}

static void each_of(const struct problem *problem,
                    const struct section *section, each_fn *each,
                    void *context)
{
    for (int b = 0; b < 2; b++)
        for (int i = 0; section->table[b] && i < section->table[b]->count;
             i++) {
            const struct param *row = &section->table[b]->rows[i];
            if (swept(problem, row->key))
                continue;
            char *text = param_print(row, (char *)section->values[b] +
                                              row->offset);
            each(context, row, text);
            free(text);
        }
}

void problem_each_key(const struct problem *problem, each_fn *each,
                      void *context)
{
    if (problem->input)
        each_of(problem, &problem->input->section[INPUT_MODEL], each,
                context);
    each_of(problem, &problem->keys, each, context);
}

/* ---- text -------------------------------------------------------------- */

static void print_key(void *context, const struct param *row,
                      const char *text)
{
    (void)context;
    printf("  %s = %s%s%s\n", row->key, text, row->unit[0] ? "  " : "",
           row->unit);
}

static void print_point(const struct solution *s)
{
    for (int i = 0; i < s->count; i++) {
        printf("  %-22s %.15g", s->result[i].name, s->result[i].value);
        if (s->result[i].error != 0)
            printf(" +- %.2g", s->result[i].error);
        if (strcmp(s->result[i].unit, "1"))
            printf("  %s", s->result[i].unit);
        printf("\n");
    }
    if (s->phase)
        printf("  phase: %s\n", s->phase);
}

int problem_columns(const struct problem *problem,
                    const char *names[SOLUTION_MAX])
{
    int count = 0;
    for (int p = 0; p < problem->points; p++)
        for (int i = 0; i < problem->solution[p].count; i++) {
            const char *name = problem->solution[p].result[i].name;
            int n = 0;
            while (n < count && strcmp(names[n], name))
                n++;
            if (n == count && count < SOLUTION_MAX)
                names[count++] = name;
        }
    return count;
}

static void print_table(const struct problem *problem)
{
    const char *names[SOLUTION_MAX];
    int count = problem_columns(problem, names);
    for (int a = 0; a < problem->axes; a++)
        printf("%14s", problem->axis[a].key);
    for (int n = 0; n < count; n++)
        printf("  %17s", names[n]);
    printf("\n");
    for (int p = 0; p < problem->points; p++) {
        for (int a = 0; a < problem->axes; a++)
            printf("%14.10g", problem_value(problem, a, p));
        for (int n = 0; n < count; n++) {
            double value = solution_value(&problem->solution[p], names[n]);
            if (isnan(value))
                printf("  %17s", "-");
            else
                printf("  %17.11g", value);
        }
        if (problem->solution[p].phase)
            printf("  %s", problem->solution[p].phase);
        printf("\n");
    }
}

/* Do they say the same, up to numbers? */
static bool alike(const char *a, const char *b)
{
    static const char numbers[] = "0123456789.+-";
    for (;; a++, b++) {
        a += strspn(a, numbers);
        b += strspn(b, numbers);
        if (*a != *b || !*a)
            return *a == *b;
    }
}

/* Each once, at the first point that it is said of; all are in --json and -o. */
static void print_warnings(const struct problem *problem)
{
    enum { KINDS_MOST = 64 };
    struct { const char *text; int first, points; } said[KINDS_MOST];
    int kinds = 0, k;
    for (int p = 0; p < problem->points; p++)
        for (int w = 0; w < problem->solution[p].warnings; w++) {
            const char *text = problem->solution[p].warning[w];
            for (k = 0; k < kinds && !alike(said[k].text, text); k++)
                ;
            if (k < kinds) {
                said[k].points++;
            } else if (kinds < KINDS_MOST) {
                said[kinds].text = text;
                said[kinds].first = p + 1;
                said[kinds++].points = 1;
            }
        }
    for (k = 0; k < kinds; k++) {
        fprintf(stderr, "warning: point %d", said[k].first);
        if (said[k].points > 1)
            fprintf(stderr, " and %d more", said[k].points - 1);
        fprintf(stderr, ": %s\n", said[k].text);
    }
}

void solve_print(const struct problem *problem)
{
    printf("%s: %s\n%s\nholds: %s\n\n", problem->solver->name,
           problem->solver->summary, problem->solver->source,
           problem->solver->holds);
    problem_each_key(problem, print_key, NULL);
    printf("\n");
    if (problem->points == 1) {
        for (int a = 0; a < problem->axes; a++)
            printf("  %s = %.15g\n", problem->axis[a].key,
                   problem->axis[a].value[0]);
        print_point(&problem->solution[0]);
    } else
        print_table(problem);
    print_warnings(problem);
}

/* ---- JSON -------------------------------------------------------------- */

static void json_parameter(void *context, const struct param *row,
                           const char *text)
{
    struct json *json = context;
    char *end;
    double value = strtod(text, &end);
    json_key(json, row->key);
    if (row->type == PARAM_integer)
        json_integer(json, strtoll(text, NULL, 10));
    else if (row->type == PARAM_real && end > text)
        json_real(json, value);
    else if (text[0] == '[' && row->type != PARAM_texts) {
        json_open(json, '[');
        for (const char *at = text + 1; *at && *at != ']'; at = end) {
            json_real(json, strtod(at, &end));
            end += strspn(end, ", L");
        }
        json_close(json, ']');
    } else if (text[0] == '"') {
        char *bare = mem_text("%.*s", (int)strlen(text) - 2, text + 1);
        json_text(json, bare);
        free(bare);
    } else
        json_text(json, text);
}

/* "curves": {name: {unit, definition, values[]}}, where there are any */
static void json_curves(struct json *json, const struct solution *s)
{
    if (!s->curves)
        return;
    json_key(json, "curves");
    json_open(json, '{');
    for (int i = 0; i < s->curves; i++) {
        const struct solution_curve *c = &s->curve[i];
        json_key(json, c->name);
        json_open(json, '{');
        json_put_text(json, "unit", c->unit);
        json_put_text(json, "definition", c->definition);
        if (c->against)
            json_put_text(json, "against", c->against);
        json_key(json, "values");
        json_open(json, '[');
        for (int64_t k = 0; k < c->count; k++)
            json_real(json, c->value[k]);
        json_close(json, ']');
        json_close(json, '}');
    }
    json_close(json, '}');
}

static void json_point(struct json *json, const struct problem *problem,
                       int p)
{
    const struct solution *s = &problem->solution[p];
    json_open(json, '{');
    json_key(json, "parameters");
    json_open(json, '{');
    for (int a = 0; a < problem->axes; a++)
        json_put_real(json, problem->axis[a].key,
                      problem_value(problem, a, p));
    json_close(json, '}');
    json_key(json, "results");
    json_open(json, '{');
    for (int i = 0; i < s->count; i++) {
        json_key(json, s->result[i].name);
        json_open(json, '{');
        json_put_real(json, "value", s->result[i].value);
        json_put_real(json, "error", s->result[i].error);
        json_put_text(json, "unit", s->result[i].unit);
        json_close(json, '}');
    }
    json_close(json, '}');
    json_curves(json, s);
    json_put_text(json, "phase", s->phase);
    json_key(json, "warnings");
    json_open(json, '[');
    for (int w = 0; w < s->warnings; w++)
        json_text(json, s->warning[w]);
    json_close(json, ']');
    json_close(json, '}');
}

void solve_json(const struct problem *problem)
{
    struct json json = {.out = stdout};
    json_open(&json, '{');
    json_put_text(&json, "solver", problem->solver->name);
    json_key(&json, "parameters");
    json_open(&json, '{');
    problem_each_key(problem, json_parameter, &json);
    json_close(&json, '}');
    json_key(&json, "points");
    json_open(&json, '[');
    for (int p = 0; p < problem->points; p++)
        json_point(&json, problem, p);
    json_close(&json, ']');
    json_put_text(&json, "source", problem->solver->source);
    json_put_text(&json, "holds", problem->solver->holds);
    json_close(&json, '}');
}
