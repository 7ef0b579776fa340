#include "run/prescan.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

enum { DEPTH = 32 };

/* What came last, comments and space aside. */
enum token { NOTHING, KEY, ASSIGN, WORD, TEXT, OPEN, CLOSE, SEPARATOR };

struct key {
    const char *at;
    int length, line;
    int group; /* number of the group it stands in */
};

struct bracket {
    char open;
    int line;
    int group; /* of the keys inside */
    int owner; /* index of the key it is the value of, or -1 */
};

struct scan {
    const char *name, *at;
    FILE *out;
    int line;
    enum token last;
    char last_word[24]; /* for messages */
    struct bracket open[DEPTH];
    int depth, groups;
    struct key *keys;
    int key_count;
    bool stop;
    struct err *err;
};

/* ---- messages ---------------------------------------------------------- */

#define COMPLAIN(scan, line_, ...)                                           \
    do {                                                                     \
        char *where = mem_text("%s:%d", (scan)->name, (line_));              \
        err_add((scan)->err, EXIT_INPUT, where, __VA_ARGS__);                \
        free(where);                                                         \
    } while (0)

/* A syntax error: nothing after it can be trusted. */
#define STOP(scan, line_, ...)                                               \
    do {                                                                     \
        COMPLAIN(scan, line_, __VA_ARGS__);                                  \
        (scan)->stop = true;                                                 \
    } while (0)

static bool in_list(const struct scan *scan)
{
    return scan->depth && scan->open[scan->depth - 1].open != '{';
}

static void unexpected(struct scan *scan, const char *at, size_t length)
{
    int shown = length > 40 ? 40 : (int)length;
    if (scan->last == WORD || scan->last == TEXT || scan->last == CLOSE)
        STOP(scan, scan->line, "unexpected %.*s after %s; is a '%c' missing?",
             shown, at, scan->last_word, in_list(scan) ? ',' : ';');
    else
        STOP(scan, scan->line, "unexpected %.*s; expected %s", shown, at,
             in_list(scan) ? "a value" : "key = value;");
}

/* ---- pieces of text ---------------------------------------------------- */

/* Copies and counts lines. */
static void copy(struct scan *scan, size_t length)
{
    for (; length; length--, scan->at++) {
        scan->line += *scan->at == '\n';
        fputc(*scan->at, scan->out);
    }
}

/* Space and comments leave their newlines: libconfig 1.5 trips over a comment
   that ends the file and over a vertical tab. */
static void skip(struct scan *scan, size_t length)
{
    for (; length; length--, scan->at++) {
        scan->line += *scan->at == '\n';
        fputc(*scan->at == '\n' ? '\n' : ' ', scan->out);
    }
}

static void remember(struct scan *scan, enum token token, size_t length)
{
    snprintf(scan->last_word, sizeof scan->last_word, "%.*s",
             length > 20 ? 20 : (int)length, scan->at);
    scan->last = token;
}

/* Length of the space or comment at `at`; 0: neither; SIZE_MAX: a comment
   that is never closed. */
static size_t blank_length(const char *at)
{
    if (*at == '#' || (at[0] == '/' && at[1] == '/'))
        return strcspn(at, "\n");
    if (at[0] == '/' && at[1] == '*') {
        const char *end = strstr(at + 2, "*/");
        return end ? (size_t)(end + 2 - at) : (size_t)-1;
    }
    return strspn(at, " \t\r\n\f\v");
}

/* The first character after blanks; 0 at the end. */
static char next_character(const char *at)
{
    for (size_t n; (n = blank_length(at)) && n != (size_t)-1;)
        at += n;
    return *at;
}

static size_t word_length(const char *at)
{
    size_t n = 0;
    while (at[n] && !strchr(" \t\r\n\f\v,;:=(){}[]\"#", at[n]) &&
           !(at[n] == '/' && (at[n + 1] == '/' || at[n + 1] == '*')))
        n++;
    return n;
}

static size_t name_length(const char *at)
{
    size_t n = 0;
    if (isalpha((unsigned char)*at) || *at == '*')
        while (isalnum((unsigned char)at[n]) || (at[n] && strchr("-_*", at[n])))
            n++;
    return n;
}

/* ---- tokens ------------------------------------------------------------ */

static bool value_expected(const struct scan *scan)
{
    return scan->last == ASSIGN ||
           (in_list(scan) && (scan->last == OPEN || scan->last == SEPARATOR));
}

static int group_of(const struct scan *scan)
{
    return scan->depth ? scan->open[scan->depth - 1].group : 0;
}

static void add_key(struct scan *scan, size_t length)
{
    struct key key = {scan->at, (int)length, scan->line, group_of(scan)};
    for (int i = 0; i < scan->key_count; i++) {
        const struct key *old = &scan->keys[i];
        if (old->group != key.group || old->length != key.length ||
            memcmp(old->at, key.at, length))
            continue;
        int owner = scan->depth ? scan->open[scan->depth - 1].owner : -1;
        const struct key *section = owner < 0 ? NULL : &scan->keys[owner];
        COMPLAIN(scan, scan->line, "%.*s%s%.*s: given twice; first in line %d",
                 section ? section->length : 0, section ? section->at : "",
                 section ? "." : "", key.length, key.at, old->line);
        break;
    }
    scan->keys = mem_grow(scan->keys, (size_t)scan->key_count + 1, sizeof key);
    scan->keys[scan->key_count++] = key;
}

static void read_key(struct scan *scan)
{
    size_t length = name_length(scan->at);
    char next = next_character(scan->at + length);
    bool comes_first = scan->last != KEY && scan->last != ASSIGN &&
                       !in_list(scan);
    if (length && length == word_length(scan->at) && comes_first &&
        (next == '=' || next == ':')) {
        add_key(scan, length);
        remember(scan, KEY, length);
        copy(scan, length);
    } else if (length && comes_first && scan->last != WORD &&
               scan->last != TEXT) {
        STOP(scan, scan->line, "expected '=' after %.*s",
             length > 40 ? 40 : (int)length, scan->at);
    } else {
        unexpected(scan, scan->at, word_length(scan->at));
    }
}

static void value_missing(struct scan *scan)
{
    const struct key *key = &scan->keys[scan->key_count - 1];
    STOP(scan, scan->line, "a value is missing after %.*s =",
         key->length > 40 ? 40 : key->length, key->at);
}

static void read_word(struct scan *scan)
{
    size_t length = word_length(scan->at);
    char next = next_character(scan->at + length);
    if ((next == '=' || next == ':') && scan->last == ASSIGN) {
        value_missing(scan);
        return;
    }
    remember(scan, WORD, length);
    fprintf(scan->out, "\"%c", PRESCAN_WORD);
    for (; length; length--, scan->at++)
        fprintf(scan->out, "%s%c", *scan->at == '\\' ? "\\" : "", *scan->at);
    fputc('"', scan->out);
}

/* Neighbouring texts are one text to libconfig: only the first gets a tag. */
static void read_text(struct scan *scan)
{
    const char *end = scan->at + 1;
    bool goes_on = scan->last == TEXT;
    while (*end && *end != '"' && *end != '\n') {
        if (!strncmp(end, "\\x00", 4)) {
            STOP(scan, scan->line, "\\x00 cannot stand in a text");
            return;
        }
        end += end[0] == '\\' && end[1] && end[1] != '\n' ? 2 : 1;
    }
    size_t length = (size_t)(end - scan->at);
    if (*end != '"') {
        STOP(scan, scan->line, "the text %.*s has no closing '\"'",
             length > 40 ? 40 : (int)length, scan->at);
        return;
    }
    if (!goes_on && !value_expected(scan)) {
        unexpected(scan, scan->at, length + 1);
        return;
    }
    remember(scan, TEXT, length + 1);
    copy(scan, 1);
    if (!goes_on)
        fputc(PRESCAN_TEXT, scan->out);
    copy(scan, length);
}

static void open_bracket(struct scan *scan)
{
    if (scan->depth == DEPTH) {
        STOP(scan, scan->line, "more than %d brackets deep", DEPTH);
        return;
    }
    if (!value_expected(scan)) {
        unexpected(scan, scan->at, 1);
        return;
    }
    if (in_list(scan) && scan->open[scan->depth - 1].open == '[') {
        STOP(scan, scan->line,
             "lists in a list are written ((0.0, 1.0), (1.0, 0.0))");
        return;
    }
    bool group = *scan->at == '{';
    scan->open[scan->depth] = (struct bracket){
        .open = *scan->at,
        .line = scan->line,
        .group = group ? ++scan->groups : group_of(scan),
        .owner = group && scan->last == ASSIGN ? scan->key_count - 1 : -1};
    scan->depth++;
    remember(scan, OPEN, 1);
    copy(scan, 1);
}

static void close_bracket(struct scan *scan)
{
    const struct bracket *top =
        scan->depth ? &scan->open[scan->depth - 1] : NULL;
    char open = *scan->at == '}' ? '{' : *scan->at == ']' ? '[' : '(';
    if (!top) {
        STOP(scan, scan->line, "'%c' closes nothing", *scan->at);
        return;
    }
    if (top->open != open) {
        STOP(scan, scan->line, "'%c' does not close the '%c' of line %d",
             *scan->at, top->open, top->line);
        return;
    }
    if (scan->last == ASSIGN) {
        value_missing(scan);
        return;
    }
    if (in_list(scan) && scan->last == SEPARATOR) {
        unexpected(scan, scan->at, 1);
        return;
    }
    scan->depth--;
    remember(scan, CLOSE, 1);
    copy(scan, 1);
}

static void read_sign(struct scan *scan)
{
    bool assigns = *scan->at == '=' || *scan->at == ':';
    bool ends = scan->last == WORD || scan->last == TEXT ||
                scan->last == CLOSE;
    if (assigns ? scan->last != KEY
                : !(ends || scan->last == ASSIGN) ||
                      (in_list(scan) && *scan->at == ';')) {
        unexpected(scan, scan->at, 1);
    } else if (scan->last == ASSIGN) {
        value_missing(scan);
    } else {
        remember(scan, assigns ? ASSIGN : SEPARATOR, 1);
        copy(scan, 1);
    }
}

static void read_token(struct scan *scan)
{
    unsigned char c = (unsigned char)*scan->at;
    if (c == '"')
        read_text(scan);
    else if (c == '{' || c == '[' || c == '(')
        open_bracket(scan);
    else if (c == '}' || c == ']' || c == ')')
        close_bracket(scan);
    else if (strchr("=:,;", c))
        read_sign(scan);
    else if (c == '@')
        STOP(scan, scan->line,
             "@include is not supported: one file holds the whole input");
    else if (c < 0x20 || c == 0x7f)
        STOP(scan, scan->line, "byte 0x%02x is not text", c);
    else if (value_expected(scan))
        read_word(scan);
    else
        read_key(scan);
}

static void read_all(struct scan *scan)
{
    while (*scan->at && !scan->stop) {
        size_t blank = blank_length(scan->at);
        if (blank == (size_t)-1)
            STOP(scan, scan->line, "the comment /* is never closed");
        else if (blank)
            skip(scan, blank);
        else
            read_token(scan);
    }
    if (!scan->stop && scan->last == ASSIGN)
        value_missing(scan);
    if (!scan->stop && scan->depth) {
        const struct bracket *top = &scan->open[scan->depth - 1];
        STOP(scan, top->line, "this '%c' is never closed", top->open);
    }
}

char *prescan(const char *name, const char *text, struct err *err)
{
    char *tagged = NULL;
    size_t size;
    int before = err->count;
    struct scan scan = {.name = name, .at = text, .line = 1, .err = err,
                        .out = open_memstream(&tagged, &size)};
    read_all(&scan);
    fclose(scan.out);
    free(scan.keys);
    if (err->count > before) {
        free(tagged);
        return NULL;
    }
    return tagged;
}
