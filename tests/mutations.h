/* Mutated files: bytes changed, inserted, left out, doubled; pieces that mean
   something spliced in. */
#ifndef TEMPERA_TESTS_MUTATIONS_H
#define TEMPERA_TESTS_MUTATIONS_H
#include "base/rng.h"
#include "files.h"

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

#endif
