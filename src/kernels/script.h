/* What to do at each binary digit, when all lanes have the same rung.

   Lanes of p-class c are compared with P_c, one digit a plane: digit k of
   "its lane's p" is the union of the masks of the classes whose digit is 1.
   Unions of up to four classes (a group) are tabulated; the script says which
   union digit k is, and which one it differs by from digit k - 1 ("turn"). */
#ifndef TEMPERA_KERNELS_SCRIPT_H
#define TEMPERA_KERNELS_SCRIPT_H
#include <string.h>

#include "core/levels.h"
#include "core/stream.h"

enum { SCRIPT_GROUP = 4, SCRIPT_GROUPS = LEVELS_CLASSES / SCRIPT_GROUP };

/* Digits written down; later ones are worked out where ties need them. */
enum { SCRIPT_DIGITS = LEVELS_PLANES + 4 };

/* Is it the same for all lanes of any class? */
enum script_kind { SCRIPT_NONE, SCRIPT_ALL, SCRIPT_MIXED, SCRIPT_KINDS };

struct script {
    int classes, groups;
    double p[LEVELS_CLASSES];
    uint8_t kind[LEVELS_PLANES]; /* of digit and turn: KINDS * one + other */
    uint8_t digit[SCRIPT_DIGITS][SCRIPT_GROUPS];
    uint8_t turn[LEVELS_PLANES][SCRIPT_GROUPS];
};

static inline int script_groups(int classes)
{
    return (classes + SCRIPT_GROUP - 1) / SCRIPT_GROUP;
}

/* Classes are dealt out evenly: first class of group g. */
static inline int script_first(int classes, int g)
{
    return classes * g / script_groups(classes);
}

/* Which union of group g digit k is. */
static inline int script_union(const struct script *script, int g,
                               uint32_t k)
{
    int first = script_first(script->classes, g), set = 0;
    for (int c = first; c < script_first(script->classes, g + 1); c++)
        set |= binary_digit(script->p[c], k) << (c - first);
    return set;
}

static inline int script_kind(const struct script *script,
                              const uint8_t *set)
{
    bool none = true, all = true;
    for (int g = 0; g < script->groups; g++) {
        int used = script_first(script->classes, g + 1) -
                   script_first(script->classes, g);
        none = none && set[g] == 0;
        all = all && set[g] == (1 << used) - 1;
    }
    return none ? SCRIPT_NONE : all ? SCRIPT_ALL : SCRIPT_MIXED;
}

/* order: class of the levels for each of the script's. */
static inline void script_write(struct script *script,
                                const struct levels *levels,
                                const int *order)
{
    memset(script, 0, sizeof *script);
    script->classes = levels->p_count;
    script->groups = script_groups(script->classes);
    for (int c = 0; c < script->classes; c++)
        script->p[c] = levels->p[order[c]].p[0];
    for (int k = 0; k < SCRIPT_DIGITS; k++)
        for (int g = 0; g < script->groups; g++)
            script->digit[k][g] =
                (uint8_t)script_union(script, g, (uint32_t)k);
    for (int k = 0; k < LEVELS_PLANES; k++) {
        for (int g = 0; g < script->groups; g++)
            script->turn[k][g] = script->digit[k][g] ^
                                 (k ? script->digit[k - 1][g] : 0);
        script->kind[k] = (uint8_t)(
            SCRIPT_KINDS * script_kind(script, script->digit[k]) +
            script_kind(script, script->turn[k]));
    }
}

#endif
