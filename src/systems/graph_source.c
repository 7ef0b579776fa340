/* Lines, words and numbers of a text file; complaints about them. */
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/number.h"
#include "systems/graph_parts.h"

/* ---- complaints ---------------------------------------------------------- */

bool graph_too_bad(const struct graph_source *source)
{
    return source->broken || source->complaints > GRAPH_COMPLAINTS;
}

static char *place(const struct graph_source *source, int64_t line)
{
    if (line < 0)
        return mem_text("%s", source->file);
    return mem_text(source->in ? "%s:%lld" : "%s: row %lld", source->file,
                    (long long)line);
}

void graph_complain(struct graph_source *source, int64_t line,
                    const char *format, ...)
{
    char text[512];
    va_list list;
    if (graph_too_bad(source))
        return;
    if (++source->complaints > GRAPH_COMPLAINTS) {
        err_add(source->err, EXIT_INPUT, source->file,
                "and more; only the first %d are listed", GRAPH_COMPLAINTS);
        return;
    }
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    char *where = place(source, line);
    err_add(source->err, EXIT_INPUT, where, "%s", text);
    free(where);
}

/* ---- lines and words ----------------------------------------------------- */

static bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/* Complains of bytes that no text has, and skips a byte order mark. */
static char *text_of_line(struct graph_source *source, size_t length)
{
    char *text = source->line;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if ((c < ' ' && !is_blank(text[i])) || c == 127) {
            graph_complain(source, source->number,
                           "byte 0x%02x: this is not a text file", c);
            source->broken = true;
            return NULL;
        }
    }
    bool mark = source->number == 1 && !strncmp(text, "\xef\xbb\xbf", 3);
    return mark ? text + 3 : text;
}

static void cut_words(struct graph_source *source, char *text)
{
    for (source->words = 0; ; source->words++) {
        while (is_blank(*text))
            text++;
        if (!*text)
            return;
        if (source->words < GRAPH_WORDS)
            source->word[source->words] = text;
        while (*text && !is_blank(*text))
            text++;
        if (*text)
            *text++ = 0;
    }
}

bool graph_line(struct graph_source *source)
{
    ssize_t length;
    errno = 0;
    while (!graph_too_bad(source) &&
           (length = getline(&source->line, &source->room,
                             source->in)) >= 0) {
        source->number++;
        char *text = text_of_line(source, (size_t)length);
        if (!text)
            return false;
        cut_words(source, text);
        if (source->words &&
            !strchr(source->comment, source->word[0][0]))
            return true;
    }
    if (ferror(source->in))
        graph_complain(source, -1, "cannot read it: %s", strerror(errno));
    return false;
}

void graph_rewind(struct graph_source *source)
{
    rewind(source->in);
    source->number = 0;
}

void graph_source_release(struct graph_source *source)
{
    if (source->in)
        fclose(source->in);
    free(source->line);
    free(source->entry);
}

/* ---- numbers ------------------------------------------------------------- */

/* Plain decimal numbers only: what an input file may also write, such as
   0x10 or 10L, is a slip here. */
static struct number number_of(const char *word)
{
    if (word[strspn(word, "0123456789+-.eE")])
        return (struct number){.kind = NUMBER_NONE};
    struct number number = number_read(word);
    if (number.kind == NUMBER_WIDE)
        number.real = strtod(word, NULL);
    return number;
}

bool graph_count(struct graph_source *source, const char *word,
                 const char *what, int64_t least, int64_t most,
                 int64_t *count)
{
    struct number number = number_of(word);
    bool good = number.kind == NUMBER_INTEGER &&
                (!number.negative || !number.magnitude) &&
                number.magnitude >= (uint64_t)least &&
                number.magnitude <= (uint64_t)most;
    *count = good ? (int64_t)number.magnitude : 0;
    if (!good)
        graph_complain(source, source->number,
                       "\"%s\" is not %s: expected a whole number from "
                       "%lld to %lld", err_show(word).text, what,
                       (long long)least, (long long)most);
    return good;
}

bool graph_weight(struct graph_source *source, const char *word,
                  double *weight)
{
    struct number number = number_of(word);
    const char *fault =
        number.kind == NUMBER_NONE
            ? "is not a number: a weight is finite and decimal, such as -1 "
              "or 2.5e-3"
        : number.kind == NUMBER_INFINITE ||
                !(fabs(number.real) <= GRAPH_WEIGHT_MOST)
            ? "is too large: a weight is at most 1e100"
        : number.kind == NUMBER_TINY
            ? "is too small: a weight is 0 or at least 5e-324"
            : NULL;
    *weight = number.real;
    if (fault)
        graph_complain(source, source->number, "\"%s\" %s",
                       err_show(word).text, fault);
    return !fault;
}

bool graph_pair(struct graph_source *source, int64_t sites, int32_t *from,
                int32_t *to)
{
    int64_t site[2], last = source->first + sites - 1;
    bool good = true;
    for (int i = 0; i < 2; i++)
        good = graph_count(source, source->word[i], "a site", source->first,
                           last, &site[i]) && good;
    *from = (int32_t)(site[0] - source->first);
    *to = (int32_t)(site[1] - source->first);
    return good;
}
