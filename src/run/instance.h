/* The content of model.file, kept in the output as /instance, and the state
   that model.reference names, as /reference: a report or a verification needs
   no other file. */
#ifndef TEMPERA_RUN_INSTANCE_H
#define TEMPERA_RUN_INSTANCE_H
#include "io/h5.h"
#include "run/input.h"

/* Into a new output; nothing when the model has no file. */
void instance_store(struct h5 *file, const struct input *input);

/* The overrides that make an input read the kept content: "model.file=PATH"
   of a temporary copy, "model.reference=" the output itself, or none. */
enum { INSTANCE_MOST = 2 };
struct instance {
    char *path;                    /* the copy */
    char *name, *reference;        /* what the input calls them */
    char *override[INSTANCE_MOST];
    int overrides;
};
struct instance instance_fetch(struct h5 *file, const char *name,
                               struct err *err);
/* The input names its own file again, once its system is built. */
void instance_rename(const struct instance *instance, struct input *input);
/* Removes the copy. */
void instance_release(struct instance *instance);

#endif
