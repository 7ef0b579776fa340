#include "core/tether.h"

#include <math.h>
#include <string.h>

static const char key[] = "model.reference";

static const char *name_of(const struct section *keys)
{
    return section_text(keys, "reference", "");
}

/* Is it one of "a|b|c"? */
static bool among(const char *name, const char *words)
{
    size_t length = strlen(name);
    for (const char *at = words; at; at = strchr(at, '|')) {
        at += *at == '|';
        if (!strncmp(at, name, length) && (at[length] == '|' || !at[length]))
            return true;
    }
    return false;
}

static void check_file(const struct section *keys, struct tether_rule rule,
                       struct err *err)
{
    const char *where = section_where(keys, "reference");
    int samples = (int)section_integer(keys, "samples", 1);
    if (rule.one && samples > 1) {
        err_add(err, EXIT_INPUT, where, "model.reference: a state from a file "
                "is of one sample here; model.samples = %d", samples);
        return;
    }
    struct reference *ref = reference_read(name_of(keys), samples, 0, where,
                                           key, err);
    for (int64_t i = 0; ref && rule.signs && i < ref->samples * ref->count;
         i++)
        if (fabs(ref->values[i]) != 1) {
            err_add(err, EXIT_INPUT, where, "model.reference: weights are -1 "
                    "or 1; the state has %g", ref->values[i]);
            break;
        }
    reference_free(ref);
}

void tether_check(const struct section *keys, struct tether_rule rule,
                  struct err *err)
{
    const char *name = name_of(keys);
    int samples = (int)section_integer(keys, "samples", 1);
    if (rule.one && samples > 1 && !strcmp(name, "planted"))
        err_add(err, EXIT_INPUT, section_where(keys, "reference"),
                "model.reference: samples have teachers of their own, the "
                "tether has one w*; model.samples = %d", samples);
    if (!*name || among(name, rule.words))
        return;
    if (reference_of_file(name))
        check_file(keys, rule, err);
    else
        err_add(err, EXIT_INPUT, section_where(keys, "reference"),
                "model.reference: \"%s\"; allowed: %s, OUT.h5:/minima/N, "
                "OUT.h5:/states/last[copy,sample,rung]", name, rule.words);
}

struct reference *tether_take(const struct system *system)
{
    struct err ignored = {0};
    const char *name = name_of(system->keys);
    struct reference *ref =
        reference_of_file(name)
            ? reference_read(name, system->samples, system->sites, NULL, key,
                             &ignored) : NULL;
    err_clear(&ignored);
    return ref;
}

bool tether_fits(const struct system *system, struct err *err)
{
    const char *name = name_of(system->keys);
    if (!reference_of_file(name))
        return true;
    struct reference *ref = reference_read(
        name, system->samples, system->sites,
        section_where(system->keys, "reference"), key, err);
    reference_free(ref);
    return ref != NULL;
}
