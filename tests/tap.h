/* Test Anything Protocol for the C tests: ok(), then return tap_done(). */
#ifndef TEMPERA_TESTS_TAP_H
#define TEMPERA_TESTS_TAP_H
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

static int tap_count, tap_failed;

__attribute__((format(printf, 2, 3), unused))
static bool ok(bool pass, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    printf("%sok %d - ", pass ? "" : "not ", ++tap_count);
    vprintf(format, list);
    putchar('\n');
    va_end(list);
    tap_failed += !pass;
    fflush(stdout);
    return pass;
}

/* |got - want| <= tolerance, both printed on failure */
__attribute__((unused))
static bool near(double got, double want, double tolerance, const char *what)
{
    bool pass = fabs(got - want) <= tolerance;
    ok(pass, "%s", what);
    if (!pass)
        printf("# got %.17g, want %.17g, off by %.3g\n", got, want,
               got - want);
    return pass;
}

__attribute__((unused))
static int tap_done(void)
{
    printf("1..%d\n", tap_count);
    return tap_failed != 0;
}

#endif
