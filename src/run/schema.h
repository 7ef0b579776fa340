/* The datasets of OUT.h5 that grow, and what is written about them. */
#ifndef TEMPERA_RUN_SCHEMA_H
#define TEMPERA_RUN_SCHEMA_H
#include "io/h5.h"
#include "run/recorder.h"

struct dataset {
    char *path;
    enum h5_type type;
    struct h5_shape row;
    const struct observable *observable; /* or NULL */
};

struct schema {
    int count;
    struct dataset *dataset;
    char *state_path; /* "/states/spin" */
};

extern const char *const schema_slope; /* of a quench */

struct schema *schema_new(const struct engine *engine,
                          const struct recorder *recorder);
void schema_free(struct schema *schema);

const struct dataset *schema_find(const struct schema *schema,
                                  const char *path);

/* The empty dataset with its attributes. */
void schema_create(struct h5 *file, const struct dataset *dataset);
/* Attributes of /series/u, /ladder/lambda, /exchange and the like. */
void schema_describe(struct h5 *file, const struct engine *engine);

/* Shape of one state's only field. */
struct h5_shape schema_state(const struct engine *engine);

#endif
