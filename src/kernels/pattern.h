/* The commonest rules as constants, so that the compiler can lay them out:
   which levels make up each p-class (core/levels.h) where no bond is missing.
   Nothing depends on whether a pattern is found, but speed. */
#ifndef TEMPERA_KERNELS_PATTERN_H
#define TEMPERA_KERNELS_PATTERN_H
#include <stdbool.h>
#include <stdint.h>

#include "core/levels.h"

enum { PATTERN_CLASSES = 7, PATTERN_GROUPS = 2 };

/* Sets of (s, a) as in core/levels.h. */
struct pattern {
    int z, classes;
    uint32_t p[PATTERN_CLASSES];
    uint32_t base; /* 0: the levels in no class */
};

#define DOWN(a) (1u << (a))         /* s = 0 */
#define UP(a) (1u << (16 + (a)))    /* s = 1 */
#define BOTH(a) (DOWN(a) | UP(a))
#define UNLIKE(a, b) (DOWN(a) | UP(b)) /* same neighbours */

/* Ferromagnet; for a field it points up and is weaker than J. */
#define PATTERNS(ROW)                                                        \
    ROW(metropolis_3, {.z = 3, .classes = 2, .p = {BOTH(2), BOTH(3)}})       \
    ROW(metropolis_4, {.z = 4, .classes = 2, .p = {BOTH(3), BOTH(4)}})       \
    ROW(metropolis_6, {.z = 6, .classes = 3,                                 \
                       .p = {BOTH(4), BOTH(5), BOTH(6)}})                    \
    ROW(metropolis_4_field, {.z = 4, .classes = 5,                           \
                             .p = {DOWN(3), DOWN(4), UP(2), UP(3), UP(4)}})  \
    ROW(metropolis_6_field, {.z = 6, .classes = 7,                           \
                             .p = {DOWN(4), DOWN(5), DOWN(6), UP(3), UP(4),  \
                                   UP(5), UP(6)}})                           \
    ROW(heatbath_4, {.z = 4, .classes = 3, .base = BOTH(0) | BOTH(1),        \
                     .p = {BOTH(0) | BOTH(4), BOTH(1) | BOTH(3), BOTH(2)}})  \
    ROW(heatbath_6, {.z = 6, .classes = 4,                                   \
                     .base = BOTH(0) | BOTH(1) | BOTH(2),                    \
                     .p = {BOTH(0) | BOTH(6), BOTH(1) | BOTH(5),             \
                           BOTH(2) | BOTH(4), BOTH(3)}})                     \
    ROW(heatbath_4_field, {.z = 4, .classes = 5,                             \
                           .base = BOTH(0) | BOTH(1) | DOWN(2),              \
                           .p = {UNLIKE(0, 4), UNLIKE(1, 3), UNLIKE(2, 2),   \
                                 UNLIKE(3, 1), UNLIKE(4, 0)}})               \
    ROW(heatbath_6_field, {.z = 6, .classes = 7,                             \
                           .base = BOTH(0) | BOTH(1) | BOTH(2) | DOWN(3),    \
                           .p = {UNLIKE(0, 6), UNLIKE(1, 5), UNLIKE(2, 4),   \
                                 UNLIKE(3, 3), UNLIKE(4, 2), UNLIKE(5, 1),   \
                                 UNLIKE(6, 0)}})

#define PATTERN_ROW(name, ...)                                               \
    static const struct pattern pattern_##name = __VA_ARGS__;
PATTERNS(PATTERN_ROW)
#undef PATTERN_ROW

#define PATTERN_ROW(name, ...) PATTERN_##name,
enum pattern_name { PATTERNS(PATTERN_ROW) PATTERN_ANY };
#undef PATTERN_ROW

/* How a rule fits a pattern. */
struct fit {
    enum pattern_name name;    /* PATTERN_ANY: none fits */
    bool mirrored;             /* a stands for z - a: antiferromagnet */
    bool swapped;              /* s for 1 - s: the field points down */
    int classes;               /* the pattern's; of PATTERN_ANY, all */
    int order[LEVELS_CLASSES]; /* class of the rule: pattern's class i; then
                                  those of sites with missing bonds only */
};

static inline uint32_t pattern_turn(uint32_t set, int z, bool mirrored,
                                    bool swapped)
{
    uint32_t turned = 0;
    for (int s = 0; s < 2; s++)
        for (int a = 0; a <= z; a++)
            if (set >> (16 * s + a) & 1)
                turned |= 1u << (16 * (swapped ? 1 - s : s) +
                                 (mirrored ? z - a : a));
    return turned;
}

static inline uint32_t pattern_base(const struct pattern *pattern)
{
    uint32_t all = (1u << (pattern->z + 1)) - 1, rest = all | all << 16;
    for (int i = 0; i < pattern->classes; i++)
        rest &= ~pattern->p[i];
    return pattern->base ? pattern->base : rest;
}

/* The rule's class that is class i of the pattern, or -1. */
static inline int pattern_class(const struct pattern *pattern, int i,
                                const struct levels *levels,
                                const struct fit *fit)
{
    for (int c = 0; c < levels->p_count; c++)
        if (pattern_turn(levels->p[c].members[0], pattern->z, fit->mirrored,
                         fit->swapped) == pattern->p[i])
            return c;
    return -1;
}

/* Does the rule, turned, have the pattern's classes and no others? */
static inline bool pattern_fits(const struct pattern *pattern,
                                const struct levels *levels, struct fit *fit)
{
    uint32_t base = 0;
    if (levels->degree != pattern->z)
        return false;
    fit->classes = pattern->classes;
    for (int i = 0; i < pattern->classes; i++) {
        fit->order[i] = pattern_class(pattern, i, levels, fit);
        if (fit->order[i] < 0)
            return false;
    }
    for (int c = 0, others = 0; c < levels->p_count; c++) {
        bool found = false;
        for (int i = 0; i < pattern->classes; i++)
            found = found || fit->order[i] == c;
        if (!found && levels->p[c].members[0])
            return false;
        if (!found)
            fit->order[pattern->classes + others++] = c;
    }
    for (int c = 0; c < levels->base_count; c++)
        base |= levels->base[c].members[0];
    return pattern_turn(base, pattern->z, fit->mirrored, fit->swapped) ==
           pattern_base(pattern);
}

/* common: base-classes without missing bonds hold at all rungs. */
static inline struct fit pattern_find(const struct levels *levels,
                                      bool common)
{
#define PATTERN_ROW(name, ...) &pattern_##name,
    const struct pattern *const all[] = {PATTERNS(PATTERN_ROW)};
#undef PATTERN_ROW
    struct fit fit;
    for (int name = 0; common && name < PATTERN_ANY; name++)
        for (int turn = 0; turn < 4; turn++) {
            fit.name = (enum pattern_name)name;
            fit.mirrored = turn & 1;
            fit.swapped = turn >> 1;
            if (pattern_fits(all[name], levels, &fit))
                return fit;
        }
    fit = (struct fit){.name = PATTERN_ANY, .classes = levels->p_count};
    for (int c = 0; c < levels->p_count; c++)
        fit.order[c] = c;
    return fit;
}

#endif
