/* The point w* of a tether: the key model.reference, words or a state of an
   output file. */
#ifndef TEMPERA_CORE_TETHER_H
#define TEMPERA_CORE_TETHER_H
#include "core/model.h"
#include "systems/reference.h"

#define TETHER_KEYS(KEY, doc_)                                               \
    KEY(text, reference, "", 0, 0, NULL, "", PARAM_EXPLICIT, doc_            \
        ", OUT.h5:/minima/N or OUT.h5:/states/last[copy,sample,rung]")       \
    KEY(text, reference_hash, "", 0, 0, NULL, "", 0,                         \
        "of the reference's numbers, set by the program: a run goes on with "\
        "the same only")

/* words: "origin|random"; of a file the state must be there and finite;
   signs: all -1 or 1; one: of one sample. One message. */
struct tether_rule { const char *words; bool signs, one; };
void tether_check(const struct section *keys, struct tether_rule rule,
                  struct err *err);
/* NULL where no file is named, or it does not fit the system: tether_fits
   tells. */
struct reference *tether_take(const struct system *system);
bool tether_fits(const struct system *system, struct err *err);

#endif
