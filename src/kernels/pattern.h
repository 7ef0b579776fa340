/* The commonest rules as constants, so that the compiler can lay them out:
   which levels make up each p-class (core/levels.h), periodic boundaries.
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
    int order[LEVELS_CLASSES]; /* class of the rule: pattern's class i */
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

/* Does the rule, turned, have the pattern's classes? */
static inline bool pattern_fits(const struct pattern *pattern,
                                const struct levels *levels, struct fit *fit)
{
    const int z = pattern->z;
    uint32_t all = (1u << (z + 1)) - 1, base = 0, rest = all | all << 16;
    if (levels->degree != z || levels->p_count != pattern->classes ||
        levels->missing_most > 0)
        return false;
    for (int i = 0; i < pattern->classes; i++) {
        int c = 0;
        while (c < levels->p_count &&
               pattern_turn(levels->p[c].members[0], z, fit->mirrored,
                            fit->swapped) != pattern->p[i])
            c++;
        if (c == levels->p_count)
            return false;
        fit->order[i] = c;
        rest &= ~pattern->p[i];
    }
    for (int c = 0; c < levels->base_count; c++)
        base |= levels->base[c].members[0];
    return pattern_turn(base, z, fit->mirrored, fit->swapped) ==
           (pattern->base ? pattern->base : rest);
}

/* common: the base-classes hold at all rungs that matter. */
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
    fit = (struct fit){.name = PATTERN_ANY};
    for (int c = 0; c < levels->p_count; c++)
        fit.order[c] = c;
    return fit;
}

#endif
