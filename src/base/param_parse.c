/* Values from libconfig text: scalars, lists, lists of lists. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/number.h"
#include "base/param.h"

/* ---- scalars: NULL or what is wrong ------------------------------------ */

static char *wrong_number(const char *token, const struct number *number,
                          const char *wanted)
{
    if (number->kind == NUMBER_WIDE)
        return mem_text("%.60s does not fit in 64 bits", token);
    if (number->kind == NUMBER_INFINITE)
        return mem_text("%.60s is beyond the largest number, 1.8e308", token);
    if (number->kind == NUMBER_TINY)
        return mem_text("%.60s is below the smallest number, 4.9e-324", token);
    if (number->kind == NUMBER_REAL)
        return mem_text("%.60s is a real number, not %s", token, wanted);
    return mem_text("%.60s is not %s", token, wanted);
}

static char *read_integer(const char *token, void *value)
{
    struct number number = number_read(token);
    uint64_t most = (uint64_t)INT64_MAX + number.negative;
    if (number.kind == NUMBER_INTEGER && number.magnitude > most)
        number.kind = NUMBER_WIDE;
    if (number.kind != NUMBER_INTEGER)
        return wrong_number(token, &number, "an integer");
    *(int64_t *)value = (int64_t)(number.negative ? -number.magnitude
                                                  : number.magnitude);
    return NULL;
}

static char *read_seed(const char *token, void *value)
{
    static const char wanted[] = "an integer from 0 to 18446744073709551615";
    struct number number = number_read(token);
    if (number.kind == NUMBER_INTEGER && number.negative && number.magnitude)
        number.kind = NUMBER_NONE;
    if (number.kind != NUMBER_INTEGER)
        return wrong_number(token, &number, wanted);
    *(uint64_t *)value = number.magnitude;
    return NULL;
}

static char *read_real(const char *token, void *value)
{
    struct number number = number_read(token);
    if (number.kind != NUMBER_INTEGER && number.kind != NUMBER_REAL)
        return wrong_number(token, &number, "a finite number");
    *(double *)value = number.real;
    return NULL;
}

static char *read_flag(const char *token, void *value)
{
    char word[6] = "";
    for (size_t i = 0; token[i] && i < sizeof word - 1; i++)
        word[i] = (char)tolower((unsigned char)token[i]);
    bool yes = !strcmp(word, "true") && !token[4];
    if (!yes && (strcmp(word, "false") || token[5]))
        return mem_text("%.60s is neither true nor false", token);
    *(bool *)value = yes;
    return NULL;
}

/* Undoes the escapes of a quoted string, in place. */
static void unescape(char *text)
{
    static const char letters[] = "nrtf", bytes[] = "\n\r\t\f";
    char *to = text;
    for (const char *from = text; *from; from++) {
        if (*from != '\\' || !from[1]) {
            *to++ = *from;
            continue;
        }
        const char *letter = strchr(letters, *++from);
        if (*from == 'x' && isxdigit((unsigned char)from[1]) &&
            isxdigit((unsigned char)from[2])) {
            const char hex[3] = {from[1], from[2], 0};
            *to++ = (char)strtol(hex, NULL, 16);
            from += 2;
        } else {
            *to++ = letter ? bytes[letter - letters] : *from;
        }
    }
    *to = 0;
}

static char *read_quoted(const char *token, void *value)
{
    size_t length = strlen(token);
    if (length < 2 || *token != '"' || token[length - 1] != '"')
        return mem_text("%.60s is not text in double quotes", token);
    char *text = mem_copy(token + 1, length - 1, 1);
    text[length - 2] = 0;
    unescape(text);
    *(char **)value = text;
    return NULL;
}

/* ---- lists ------------------------------------------------------------- */

static const char *skip_space(const char *at)
{
    return at + strspn(at, " \t\r\n\f\v");
}

/* The end of the scalar at `at`. */
static const char *scalar_end(const char *at)
{
    if (*at != '"')
        return at + strcspn(at, ",()[]\" \t\r\n\f\v");
    for (at++; *at && *at != '"'; at++)
        at += at[0] == '\\' && at[1];
    return at + (*at == '"');
}

struct items { int count; char *at; }; /* laid out like every list */

struct list_kind {
    size_t size; /* of an element */
    char *(*scalar)(const char *token, void *value); /* NULL: real lists */
    const char *looks;
};

static const struct list_kind integer_list = {
    sizeof(int64_t), read_integer, "a list of integers such as [1, 2]"};
static const struct list_kind real_list = {
    sizeof(double), read_real, "a list of numbers such as [1.0, 2.5]"};
static const struct list_kind text_list = {
    sizeof(char *), read_quoted, "a list of texts such as [\"a\", \"b\"]"};
static const struct list_kind point_list = {
    sizeof(struct items), NULL,
    "a list of points such as ((0.0, 1.0), (1.0, 0.0))"};

/* The brackets and commas are wrong: read_whole_list finds the words. */
static char *malformed(void) { return mem_text("%s", ""); }

static char *read_list(const char **from, const struct list_kind *kind,
                       struct items *items);

static char *read_element(const char **from, const struct list_kind *kind,
                          void *value)
{
    if (!kind->scalar) {
        struct items inner = {0};
        char *problem = read_list(from, &real_list, &inner);
        if (problem)
            free(inner.at);
        else
            memcpy(value, &inner, sizeof inner);
        return problem;
    }
    const char *end = scalar_end(*from);
    if (end == *from)
        return malformed();
    char *token = mem_copy(*from, (size_t)(end - *from) + 1, 1);
    token[end - *from] = 0;
    char *problem = kind->scalar(token, value);
    free(token);
    *from = skip_space(end);
    return problem;
}

/* One list at *from, which moves past it. What was read before a problem
   stays in items. */
static char *read_list(const char **from, const struct list_kind *kind,
                       struct items *items)
{
    const char *at = *from;
    const char close = *at == '[' ? ']' : *at == '(' ? ')' : 0;
    if (!close)
        return malformed();
    at = skip_space(at + 1);
    while (*at != close) {
        size_t used = (size_t)items->count * kind->size;
        items->at = mem_grow(items->at, used + kind->size, 1);
        char *problem = read_element(&at, kind, items->at + used);
        if (problem)
            return problem;
        items->count++;
        if (*at == ',' && *skip_space(at + 1) != close)
            at = skip_space(at + 1);
        else if (*at != close)
            return malformed();
    }
    *from = skip_space(at + 1);
    return NULL;
}

/* Lists of one width laid out as one block. */
static char *flatten(const struct items *lists, struct points *points)
{
    const struct reals *list = (const struct reals *)(const void *)lists->at;
    char *problem = NULL;
    points->width = lists->count ? list[0].count : 0;
    points->at = mem_new((size_t)lists->count * (size_t)points->width,
                         sizeof(double));
    for (int i = 0; i < lists->count && !problem; i++, points->count++) {
        if (list[i].count != points->width)
            problem = mem_text("point %d has %d numbers, the first has %d",
                               i + 1, list[i].count, points->width);
        else if (points->width)
            memcpy(points->at + i * points->width, list[i].at,
                   (size_t)points->width * sizeof(double));
    }
    return problem;
}

static char *read_points(const char **from, struct points *points)
{
    struct items lists = {0};
    char *problem = read_list(from, &point_list, &lists);
    if (!problem)
        problem = flatten(&lists, points);
    for (int i = 0; i < lists.count; i++)
        free(((struct reals *)(void *)lists.at)[i].at);
    free(lists.at);
    return problem;
}

/* ---- any key ----------------------------------------------------------- */

union value {
    int64_t integer;
    uint64_t seed;
    double real;
    bool flag;
    char *text;
    struct items items;
    struct points points;
};

static char *read_whole_list(const struct param *row, const char *text,
                             union value *value)
{
    const struct list_kind *kind = row->type == PARAM_integers ? &integer_list
                                   : row->type == PARAM_reals  ? &real_list
                                   : row->type == PARAM_texts  ? &text_list
                                                               : &point_list;
    const char *at = text;
    char *problem = kind == &point_list
                        ? read_points(&at, &value->points)
                        : read_list(&at, kind, &value->items);
    if (problem ? !*problem : *at) {
        free(problem);
        problem = mem_text("%.60s is not %s", text, kind->looks);
    }
    return problem;
}

static char *read_any(const struct param *row, const char *text,
                      union value *value)
{
    if (!*text && row->type != PARAM_text)
        return mem_text("a value is missing");
    switch (row->type) {
    case PARAM_integer: return read_integer(text, &value->integer);
    case PARAM_seed: return read_seed(text, &value->seed);
    case PARAM_real: return read_real(text, &value->real);
    case PARAM_flag: return read_flag(text, &value->flag);
    case PARAM_text: value->text = mem_text("%s", text); return NULL;
    default: return read_whole_list(row, text, value);
    }
}

char *param_parse(const struct param *row, const char *text, void *value)
{
    union value fresh = {.points = {0}};
    if (row->type != PARAM_text)
        text = skip_space(text);
    size_t length = strlen(text);
    while (row->type != PARAM_text && length &&
           isspace((unsigned char)text[length - 1]))
        length--;
    char *trimmed = mem_copy(text, length + 1, 1);
    trimmed[length] = 0;
    char *problem = read_any(row, trimmed, &fresh);
    free(trimmed);
    if (problem) {
        param_release(row, &fresh);
        return problem;
    }
    param_release(row, value);
    memcpy(value, &fresh, param_size(row->type));
    return NULL;
}
