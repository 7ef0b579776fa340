/* A pass over libconfig text before libconfig sees it.

   libconfig 1.5 wraps 5000000000, reads 1e400 as infinity and refuses
   [1.8, 3]. So its numbers are not used: every scalar becomes a string that
   starts with a tag, and param_parse reads what the user wrote.

       rungs = 16;  name = "ising";   ->  rungs = "w16";  name = "tising";

   Lines keep their numbers. Mistakes that libconfig would call "syntax error"
   are named here, the first one alone: brackets, quotes and comments left
   open, a missing '=' or ';'. Keys given twice are all named. @include is
   refused: one file holds the whole input. */
#ifndef TEMPERA_RUN_PRESCAN_H
#define TEMPERA_RUN_PRESCAN_H
#include "base/err.h"

enum prescan_tag {
    PRESCAN_TEXT = 't', /* was in double quotes */
    PRESCAN_WORD = 'w'  /* a number, true, false or any other bare word */
};

/* The tagged text, owned by the caller, or NULL with messages "name:line". */
char *prescan(const char *name, const char *text, struct err *err);

#endif
