#include "base/number.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static int digit_value(char c, int base)
{
    int value = c >= '0' && c <= '9'   ? c - '0'
                : c >= 'a' && c <= 'f' ? c - 'a' + 10
                : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                       : 99;
    return value < base ? value : -1;
}

/* The digits at *at, which moves on; false when they exceed 64 bits. */
static bool digits(const char **at, int base, uint64_t *value)
{
    bool fits = true;
    for (*value = 0; digit_value(**at, base) >= 0; ++*at) {
        uint64_t next = (uint64_t)digit_value(**at, base);
        if (*value > (UINT64_MAX - next) / (uint64_t)base)
            fits = false;
        *value = *value * (uint64_t)base + next;
    }
    return fits;
}

/* value * 10^e; false when that exceeds 64 bits. */
static bool raise(uint64_t *value, uint64_t e)
{
    for (; e && *value; e--) {
        if (*value > UINT64_MAX / 10)
            return false;
        *value *= 10;
    }
    return true;
}

static bool fits_signed(const struct number *number)
{
    return !number->negative ||
           number->magnitude <= (uint64_t)INT64_MAX + 1;
}

static void read_integer(struct number *number, const char *text)
{
    bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    const char *at = hex ? text + 2 : text, *first = at;
    bool fits = digits(&at, hex ? 16 : 10, &number->magnitude);
    if (at == first)
        return;
    bool power = !hex && (*at == 'e' || *at == 'E');
    if (power) {
        uint64_t e;
        at += at[1] == '+' ? 2 : 1;
        first = at;
        fits = digits(&at, 10, &e) && fits && raise(&number->magnitude, e);
        if (at == first)
            return;
    } else {
        at += at[0] != 'L' ? 0 : at[1] != 'L' ? 1 : 2;
    }
    if (*at)
        return;
    fits = fits && fits_signed(number);
    if (fits || !power)
        number->kind = fits ? NUMBER_INTEGER : NUMBER_WIDE;
    number->real = (double)number->magnitude;
}

static bool has_digit_not_zero(const char *text)
{
    return text[strspn(text, "0.")] >= '1' && text[strspn(text, "0.")] <= '9';
}

/* [0-9]* . [0-9]* with an optional exponent, or an exponent alone. */
static bool is_decimal(const char *text)
{
    const char *at = text;
    int count = 0;
    for (; isdigit((unsigned char)*at); at++)
        count++;
    if (*at == '.')
        for (at++; isdigit((unsigned char)*at); at++)
            count++;
    if (count && (*at == 'e' || *at == 'E')) {
        at += at[1] == '+' || at[1] == '-' ? 2 : 1;
        count = (int)strspn(at, "0123456789");
        at += count;
    }
    return count && !*at;
}

struct number number_read(const char *text)
{
    struct number number = {.negative = *text == '-'};
    text += *text == '-' || *text == '+';
    read_integer(&number, text);
    if (number.kind == NUMBER_NONE && is_decimal(text)) {
        number.real = strtod(text, NULL);
        number.kind = isinf(number.real) ? NUMBER_INFINITE
                      : number.real == 0 && has_digit_not_zero(text)
                          ? NUMBER_TINY
                          : NUMBER_REAL;
    }
    if (number.negative)
        number.real = -number.real;
    return number;
}
