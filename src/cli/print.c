#include "cli/print.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void print_value(char *text, size_t size, double value, double error)
{
    if (!isfinite(value)) {
        snprintf(text, size, "-");
        return;
    }
    if (!isfinite(error) || error < 1e-14 * fabs(value) || error == 0) {
        snprintf(text, size, isfinite(error) ? "%.6g" : "%.4g(?)",
                 value + 0.0); /* no -0 */
        return;
    }
    /* digits after the point such that the error shows two */
    int digits = 1 - (int)floor(log10(error) + 1e-9);
    if (digits < 0)
        digits = 0;
    double scaled = rint(error * pow(10, digits));
    if (digits > 0 && scaled >= 100) {
        digits--;
        scaled = rint(error * pow(10, digits));
    }
    if (digits > 12)
        snprintf(text, size, "%.12g", value);
    else
        snprintf(text, size, "%.*f(%.0f)", digits, value, scaled);
}

void print_paragraph(const char *prefix, const char *text)
{
    int column = 0;
    while (*text) {
        int length = (int)strcspn(text, " ");
        if (column && column + 1 + length > 79) {
            putchar('\n');
            column = 0;
        }
        column += column ? printf(" %.*s", length, text)
                         : printf("%s%.*s", prefix, length, text);
        text += length;
        text += strspn(text, " ");
    }
    putchar('\n');
}
