/* A number as an input file writes it. */
#ifndef TEMPERA_BASE_NUMBER_H
#define TEMPERA_BASE_NUMBER_H
#include <stdbool.h>
#include <stdint.h>

enum number_kind {
    NUMBER_NONE,     /* no number */
    NUMBER_INTEGER,  /* 12, -3, 0xFF, 5000000000L, 2e6 (an exponent without
                        a point, when the value is a 64-bit integer) */
    NUMBER_REAL,     /* 1.5, .5, 1e-3, 1e30 */
    NUMBER_WIDE,     /* an integer that does not fit in 64 bits */
    NUMBER_INFINITE, /* 1e400 */
    NUMBER_TINY      /* 1e-400: not zero, yet smaller than any double */
};

struct number {
    enum number_kind kind;
    bool negative;
    uint64_t magnitude; /* of an integer */
    double real;        /* the nearest double, of integers too */
};

/* All of text is the number; -2^63 to 2^64 - 1 counts as 64 bits. */
struct number number_read(const char *text);

#endif
