/* The content of model.file, kept in the output as /instance: a report or a
   verification needs no other file. */
#ifndef TEMPERA_RUN_INSTANCE_H
#define TEMPERA_RUN_INSTANCE_H
#include "io/h5.h"
#include "run/input.h"

/* Into a new output; nothing when the model has no file. */
void instance_store(struct h5 *file, const struct input *input);

/* The overrides that make an input read the kept content: one
   "model.file=PATH" of a temporary copy, or none. */
struct instance { char *path, *override, *name; int overrides; };
struct instance instance_fetch(struct h5 *file, const char *name,
                               struct err *err);
/* The input names its own file again, once its system is built. */
void instance_rename(const struct instance *instance, struct input *input);
/* Removes the copy. */
void instance_release(struct instance *instance);

#endif
