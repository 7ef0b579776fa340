/* CSV: lines of numbers. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/number.h"
#include "systems/dataset_parts.h"

struct reader {
    struct dataset_source *source;
    int64_t number;       /* of the line, from 1 */
    int64_t values, room; /* in the table */
    int64_t line_room;
    bool begun;           /* the header, if any, is behind */
};

static bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/* Without comment, byte order mark and blanks at the ends; "" when nothing is
   left. NULL with a message when this is no text. */
static char *trim(struct reader *reader, char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if ((c < ' ' && !is_blank(text[i])) || c == 127) {
            dataset_fail(reader->source, reader->number,
                         "byte 0x%02x: this is not a text file", c);
            return NULL;
        }
    }
    if (reader->number == 1 && !strncmp(text, "\xef\xbb\xbf", 3))
        text += 3;
    text[strcspn(text, "#")] = 0;
    while (is_blank(*text))
        text++;
    for (char *end = text + strlen(text); end > text && is_blank(end[-1]); )
        *--end = 0;
    return text;
}

/* The next word of a trimmed line; *rest becomes NULL after the last one. A
   semicolon separates before a comma, a comma before blanks. */
static char *cut(char **rest, char separator)
{
    char *word = *rest;
    while (is_blank(*word))
        word++;
    char *end = word;
    while (*end && (separator == ' ' ? !is_blank(*end) : *end != separator))
        end++;
    *rest = *end ? end + 1 : NULL;
    for (*end = 0; end > word && is_blank(end[-1]); )
        *--end = 0;
    return word;
}

static char separator_of(const char *text)
{
    return strchr(text, ';') ? ';' : strchr(text, ',') ? ',' : ' ';
}

/* Words of which none begins like a number. */
static bool is_header(const char *text)
{
    char *copy = mem_text("%s", text), separator = separator_of(text);
    bool names = false, numbers = false;
    for (char *rest = copy; rest; ) {
        const char *word = cut(&rest, separator);
        bool number = (*word && strchr("+-.0123456789", *word)) ||
                      !strcasecmp(word, "nan") || !strcasecmp(word, "inf") ||
                      !strcasecmp(word, "infinity");
        numbers = numbers || number;
        names = names || (*word && !number);
    }
    free(copy);
    return names && !numbers;
}

static void complain(struct reader *reader, int64_t column, const char *word)
{
    const char *quote = *word ? "\"" : "";
    dataset_fail(reader->source, reader->number, "column %lld (from 0) is %s%s"
                 "%s: expected a finite decimal number, at most 1e100, such "
                 "as -1 or 2.5e-3; numbers are separated by commas, "
                 "semicolons or blanks", (long long)column, quote,
                 *word ? err_show(word).text : "empty", quote);
}

static void enter(struct reader *reader, int64_t column, const char *word)
{
    struct dataset_source *source = reader->source;
    struct number number = {.kind = NUMBER_NONE};
    if (!word[strspn(word, "0123456789+-.eE")])
        number = number_read(word);
    if (number.kind == NUMBER_WIDE)
        number.real = strtod(word, NULL);
    if (number.kind == NUMBER_NONE ||
        !(fabs(number.real) <= DATASET_VALUE_MOST)) {
        complain(reader, column, word);
        return;
    }
    if (reader->values == reader->room) {
        reader->room = 2 * reader->room + 256;
        source->table = mem_grow(source->table, (size_t)reader->room,
                                 sizeof *source->table);
    }
    source->table[reader->values++] = number.real;
}

static void enter_line(struct reader *reader, char *text)
{
    struct dataset_source *source = reader->source;
    char separator = separator_of(text);
    int64_t columns = 0;
    for (char *rest = text; rest && !source->bad; columns++)
        enter(reader, columns, cut(&rest, separator));
    if (source->rows == 0)
        source->columns = columns;
    else if (columns != source->columns)
        dataset_fail(source, reader->number, "has %lld numbers and line %lld "
                     "has %lld: expected as many in every line",
                     (long long)columns, (long long)source->line[0],
                     (long long)source->columns);
    if (source->rows == reader->line_room) {
        reader->line_room = 2 * reader->line_room + 64;
        source->line = mem_grow(source->line, (size_t)reader->line_room,
                                sizeof *source->line);
    }
    source->line[source->rows++] = reader->number;
}

void dataset_open_csv(struct dataset_source *source)
{
    struct reader reader = {.source = source};
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    errno = 0;
    while (!source->bad &&
           (length = getline(&line, &room, source->in)) >= 0) {
        reader.number++;
        char *text = trim(&reader, line, (size_t)length);
        if (!text || !*text)
            continue;
        if (reader.begun || !is_header(text))
            enter_line(&reader, text);
        reader.begun = true;
    }
    if (ferror(source->in))
        dataset_fail(source, -1, "cannot read it: %s", strerror(errno));
    free(line);
    if (source->rows == 0)
        dataset_fail(source, -1, "holds no examples: expected a line of "
                     "numbers for each");
}
