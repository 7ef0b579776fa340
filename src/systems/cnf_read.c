/* Reads DIMACS files, word by word: a clause may be as long as it likes. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/number.h"
#include "systems/cnf.h"

enum {
    COMPLAINTS_MOST = 10, /* then "and more", and reading ends */
    WORD_MOST = 40,       /* letters kept of a word */
    BITS_MOST = 1 << 26,
    /* More bits than that are believed where there are clauses enough: a
       mistyped number takes no gigabytes. */
    BITS_FREE = 1 << 20, BITS_PER_CLAUSE = 16
};

struct source {
    const char *file;
    struct err *err;
    FILE *in;
    int complaints;
    bool broken;       /* no text: one complaint is enough */
    int64_t line;      /* of what comes next, from 1 */
    int64_t word_line; /* of the word */
    bool first;        /* is the word the first of its line? */
    bool fresh;        /* has the line had no word so far? */
    char word[WORD_MOST + 1];
    int64_t bits, promised; /* of the line "p cnf" */
    int64_t literals, literal_room, clause_room;
    struct cnf *cnf;
};

/* ---- complaints ---------------------------------------------------------- */

static bool too_bad(const struct source *s)
{
    return s->broken || s->complaints > COMPLAINTS_MOST;
}

/* line < 0: of the whole file */
__attribute__((format(printf, 3, 4)))
static void complain(struct source *s, int64_t line, const char *format, ...)
{
    char text[256];
    va_list list;
    if (too_bad(s))
        return;
    if (++s->complaints > COMPLAINTS_MOST) {
        err_add(s->err, EXIT_INPUT, s->file,
                "and more; only the first %d are listed", COMPLAINTS_MOST);
        return;
    }
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    char *where = line < 0 ? mem_text("%s", s->file)
                           : mem_text("%s:%lld", s->file, (long long)line);
    err_add(s->err, EXIT_INPUT, where, "%s", text);
    free(where);
}

/* ---- words --------------------------------------------------------------- */

static bool blank(int c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

static int next_byte(struct source *s)
{
    int c = getc(s->in);
    if ((c >= 0 && c < ' ' && !blank(c)) || c == 127) {
        complain(s, s->line, "byte 0x%02x: this is not a text file", c);
        s->broken = true;
        return EOF;
    }
    if (c == '\n') {
        s->line++;
        s->fresh = true;
    }
    return c;
}

static void skip_line(struct source *s)
{
    int64_t line = s->line;
    while (s->line == line && next_byte(s) != EOF)
        ;
}

/* The next word, wherever it stands; false at the end. */
static bool next_word(struct source *s)
{
    int c;
    do {
        c = next_byte(s);
    } while (blank(c));
    if (c == EOF || too_bad(s))
        return false;
    s->word_line = s->line;
    s->first = s->fresh;
    s->fresh = false;
    size_t length = 0;
    for (; c > ' ' && c != 127; c = getc(s->in))
        if (length < WORD_MOST)
            s->word[length++] = (char)c;
    s->word[length] = 0;
    if (c != EOF)
        ungetc(c, s->in);
    return true;
}

/* The same without comments, lines whose first word begins with c, and
   without a byte order mark. */
static bool word_of_text(struct source *s)
{
    while (next_word(s)) {
        if (s->line == 1 && s->first &&
            !strncmp(s->word, "\xef\xbb\xbf", 3))
            memmove(s->word, s->word + 3, strlen(s->word + 3) + 1);
        if (!s->first || s->word[0] != 'c')
            return true;
        skip_line(s);
    }
    if (ferror(s->in))
        complain(s, -1, "cannot read it: %s", strerror(errno));
    return false;
}

/* A whole decimal number, or false. */
static bool whole(const char *word, int64_t *value)
{
    struct number n = {.kind = NUMBER_NONE};
    if (!word[strspn(word, "0123456789+-")])
        n = number_read(word);
    bool good = n.kind == NUMBER_INTEGER && n.magnitude <= INT64_MAX;
    *value = !good ? 0 : n.negative ? -(int64_t)n.magnitude
                                    : (int64_t)n.magnitude;
    return good;
}

/* ---- header -------------------------------------------------------------- */

static bool header_number(struct source *s, int64_t line, const char *what,
                          int64_t least, int64_t most, int64_t *value)
{
    bool there = word_of_text(s) && s->word_line == line;
    if (there && whole(s->word, value) && *value >= least && *value <= most)
        return true;
    complain(s, line, "%s%s%s is not %s: expected \"p cnf V C\", the numbers "
             "of bits and clauses; this one is %lld to %lld",
             there ? "\"" : "", there ? err_show(s->word).text : "nothing",
             there ? "\"" : "", what, (long long)least, (long long)most);
    return false;
}

static bool read_header(struct source *s)
{
    if (!word_of_text(s)) {
        if (!s->complaints)
            complain(s, -1, "is empty: expected a formula, \"p cnf V C\" and "
                     "clauses");
        return false;
    }
    int64_t line = s->word_line;
    if (strcmp(s->word, "p") || !s->first || !word_of_text(s) ||
        s->word_line != line || strcmp(s->word, "cnf")) {
        complain(s, line, "\"%s\": expected \"p cnf V C\", the numbers of "
                 "bits and clauses, before all clauses",
                 err_show(s->word).text);
        return false;
    }
    return header_number(s, line, "a number of bits", 1, BITS_MOST,
                         &s->bits) &&
           header_number(s, line, "a number of clauses", 0, INT32_MAX,
                         &s->promised);
}

/* ---- clauses ------------------------------------------------------------- */

static void end_clause(struct source *s, bool tautology)
{
    struct cnf *cnf = s->cnf;
    if (tautology) {
        s->literals = cnf->start[cnf->clauses];
        cnf->tautologies++;
        return;
    }
    if (++cnf->clauses == s->clause_room) {
        s->clause_room *= 2;
        cnf->start = mem_grow(cnf->start, (size_t)s->clause_room + 1,
                              sizeof *cnf->start);
    }
    cnf->start[cnf->clauses] = s->literals;
}

static void add_literal(struct source *s, int64_t literal)
{
    struct cnf *cnf = s->cnf;
    if (s->literals == s->literal_room) {
        s->literal_room *= 2;
        cnf->literal = mem_grow(cnf->literal, (size_t)s->literal_room,
                                sizeof *cnf->literal);
    }
    cnf->literal[s->literals++] = (int32_t)literal;
}

static int by_bit(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    int32_t p = abs(x), q = abs(y);
    return p != q ? (p > q) - (p < q) : (x > y) - (x < y);
}

/* Sorts the open clause, each literal once; true: it is a tautology. */
static bool tidy(struct source *s)
{
    int32_t *at = s->cnf->literal + s->cnf->start[s->cnf->clauses];
    int64_t count = s->literals - s->cnf->start[s->cnf->clauses], kept = 0;
    bool tautology = false;
    qsort(at, (size_t)count, sizeof *at, by_bit);
    for (int64_t i = 0; i < count; i++) {
        tautology = tautology || (kept && at[kept - 1] == -at[i]);
        if (!kept || at[kept - 1] != at[i])
            at[kept++] = at[i];
    }
    s->literals -= count - kept;
    return tautology;
}

static void read_literal(struct source *s)
{
    int64_t value;
    bool end = !strcmp(s->word, "0");
    if (!whole(s->word, &value) || value > s->bits || value < -s->bits ||
        (!value && !end))
        complain(s, s->word_line, "\"%s\" is no literal: expected a whole "
                 "number from %lld to %lld, 0 at the end of a clause",
                 err_show(s->word).text, (long long)-s->bits,
                 (long long)s->bits);
    else if (value)
        add_literal(s, value);
}

static void read_clauses(struct source *s)
{
    int64_t found = 0, opened = 0; /* line of a clause without its 0 */
    while (word_of_text(s)) {
        if (s->first && s->word[0] == '%')
            break;
        read_literal(s);
        if (strcmp(s->word, "0")) {
            opened = opened ? opened : s->word_line;
            continue;
        }
        end_clause(s, tidy(s));
        opened = 0;
        found++;
    }
    if (opened)
        complain(s, opened, "this clause has no 0 at its end: the file may "
                 "be cut short");
    if (found != s->promised)
        complain(s, -1, "\"p cnf\" promises %lld clauses, but there are %lld",
                 (long long)s->promised, (long long)found);
    if (s->bits > BITS_FREE && s->bits / BITS_PER_CLAUSE > found)
        complain(s, -1, "%lld bits in %lld clauses: of more than %d bits, "
                 "there is to be a clause for each %d", (long long)s->bits,
                 (long long)found, BITS_FREE, BITS_PER_CLAUSE);
}

static struct cnf *read_text(struct source *s)
{
    s->cnf = mem_new(1, sizeof *s->cnf);
    s->clause_room = s->literal_room = 64;
    s->cnf->start = mem_new((size_t)s->clause_room + 1,
                            sizeof *s->cnf->start);
    s->cnf->literal = mem_new((size_t)s->literal_room,
                              sizeof *s->cnf->literal);
    if (read_header(s))
        read_clauses(s);
    s->cnf->bits = (int32_t)s->bits;
    if (!s->complaints)
        return s->cnf;
    cnf_free(s->cnf);
    return NULL;
}

struct cnf *cnf_read(const char *file, struct err *err)
{
    struct source s = {.file = file, .err = err, .line = 1, .fresh = true};
    struct stat about;
    bool there = !stat(file, &about);
    if (there && !S_ISREG(about.st_mode)) {
        complain(&s, -1, "is %s: expected a file that holds a formula",
                 S_ISDIR(about.st_mode) ? "a directory" : "no regular file");
        return NULL;
    }
    s.in = there ? fopen(file, "r") : NULL;
    if (!s.in) {
        complain(&s, -1, "cannot open it: %s", strerror(errno));
        return NULL;
    }
    struct cnf *cnf = read_text(&s);
    fclose(s.in);
    return cnf;
}
