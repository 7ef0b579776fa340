/* Mutated files: bytes changed, inserted, left out, doubled; pieces that mean
   something spliced in. Whatever the bytes, a reader either takes them or says
   what is wrong with them. */
#ifndef TEMPERA_TESTS_MUTATIONS_H
#define TEMPERA_TESTS_MUTATIONS_H
#include "base/err.h"
#include "base/rng.h"
#include "files.h"
#include "tap.h"

enum { ROOM = 4096 }; /* of a file */

struct pieces { const struct piece *at; size_t count; };

struct dice { uint32_t file, next; };

static uint32_t throw_below(struct dice *dice, size_t n)
{
    struct rng_quad quad = rng_philox(6, RNG_TEST, dice->file, dice->next++,
                                      0, 0);
    return (uint32_t)(quad.v[0] % n);
}

/* Replaces `gone` bytes at `at` by a piece. */
static size_t splice(char *text, size_t length, size_t at, size_t gone,
                     const char *piece, size_t size)
{
    gone = at + gone > length ? length - at : gone;
    if (length - gone + size > ROOM)
        return length;
    memmove(text + at + size, text + at + gone, length - at - gone);
    memcpy(text + at, piece, size);
    return length - gone + size;
}

/* The new length of text[ROOM]. */
static size_t mutate(struct dice *dice, struct pieces pieces, char *text,
                     size_t length)
{
    size_t at = length ? throw_below(dice, length) : 0;
    char byte = (char)throw_below(dice, 256), copy[64];
    struct piece piece = pieces.at[throw_below(dice, pieces.count)];
    size_t size = throw_below(dice, sizeof copy), from;
    switch (throw_below(dice, 6)) {
    case 0: return splice(text, length, at, 1, &byte, 1);
    case 1: return splice(text, length, at, 0, &byte, 1);
    case 2: return splice(text, length, at, size, "", 0);
    case 3: return splice(text, length, at, throw_below(dice, 4),
                          piece.at, piece.size);
    case 4: return at;
    default:
        from = length ? throw_below(dice, length) : 0;
        size = from + size > length ? length - from : size;
        memcpy(copy, text + from, size);
        return splice(text, length, at, 0, copy, size);
    }
}

/* File `name`: a seed, mutated fewer than `most` times; its length. */
static size_t write_mutated(struct dice *dice, struct pieces pieces,
                            const char *name, struct piece seed, size_t most)
{
    char text[ROOM];
    size_t length = seed.size;
    memcpy(text, seed.at, length);
    for (uint32_t n = throw_below(dice, most); n > 0; n--)
        length = mutate(dice, pieces, text, length);
    write_bytes(name, text, length);
    return length;
}

/* Messages of class EXIT_INPUT that name file "fuzz", eleven at most. */
__attribute__((unused))
static bool well_said(const struct err *err)
{
    bool good = err->code == EXIT_INPUT && err->count <= 11;
    const char *line = err->text;
    for (int i = 0; good && i < err->count; i++) {
        good = !strncmp(line, "fuzz", 4) && strchr(line, '\n');
        line = good ? strchr(line, '\n') + 1 : line;
    }
    return good && !*line;
}

struct tally { int read, refused, wrong; };

/* good: what was read holds together, or is well said to be refused. */
static void count_file(struct tally *tally, uint32_t number, bool was_read,
                       bool good, struct err *err)
{
    if (!good)
        printf("# file %u: %s\n", number, err->text ? err->text : "bad");
    tally->read += was_read;
    tally->refused += !was_read;
    tally->wrong += !good;
    err_clear(err);
}

static void tally_ok(const struct tally *tally)
{
    int few = (tally->read + tally->refused) / 10;
    ok(tally->wrong == 0, "%d read, %d refused, %d wrong", tally->read,
       tally->refused, tally->wrong);
    ok(tally->read > few && tally->refused > few, "both happen often");
}

#endif
