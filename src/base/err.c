#include "base/err.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

void err_add(struct err *err, int code, const char *where,
             const char *format, ...)
{
    char message[2048];
    va_list list;
    va_start(list, format);
    vsnprintf(message, sizeof message, format, list);
    va_end(list);
    char *joined = mem_text("%s%s%s%s\n", err->text ? err->text : "",
                            where ? where : "", where ? ": " : "", message);
    free(err->text);
    err->text = joined;
    err->count++;
    if (!err->code)
        err->code = code;
}

void err_clear(struct err *err)
{
    free(err->text);
    *err = (struct err){0};
}

static int least(int a, int b) { return a < b ? a : b; }

/* Edit distance counting a swap of neighbouring letters as one (optimal
   string alignment). */
static int distance(const char *a, const char *b)
{
    enum { LONGEST = 64 };
    int rows[3][LONGEST + 1];
    int n = (int)strlen(a), m = (int)strlen(b);
    if (n > LONGEST || m > LONGEST)
        return LONGEST;
    for (int j = 0; j <= m; j++)
        rows[0][j] = j;
    for (int i = 1; i <= n; i++) {
        int *row = rows[i % 3], *above = rows[(i + 2) % 3];
        const int *above2 = rows[(i + 1) % 3];
        row[0] = i;
        for (int j = 1; j <= m; j++) {
            int change = above[j - 1] + (a[i - 1] != b[j - 1]);
            row[j] = least(change, 1 + least(above[j], row[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
                a[i - 2] == b[j - 1])
                row[j] = least(row[j], above2[j - 2] + 1);
        }
    }
    return rows[n % 3][m];
}

const char *err_nearest(const char *word, const char *const *candidates)
{
    const char *best = NULL;
    int nearest = 1 + (int)strlen(word) / 2;
    for (; *candidates; candidates++) {
        int d = distance(word, *candidates);
        if (d < nearest) {
            nearest = d;
            best = *candidates;
        }
    }
    return best;
}

struct err_word err_show(const char *word)
{
    struct err_word shown = {""};
    size_t length = strlen(word), most = sizeof shown.text - 4;
    for (size_t i = 0; i < length && i < most; i++)
        shown.text[i] = word[i] >= ' ' && word[i] <= '~' ? word[i] : '?';
    if (length > most)
        strcpy(shown.text + most, "...");
    return shown;
}
