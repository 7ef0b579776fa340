/* Between the files src/run/output*.c only. */
#ifndef TEMPERA_RUN_OUTPUT_PARTS_H
#define TEMPERA_RUN_OUTPUT_PARTS_H
#include "io/h5.h"
#include "run/output.h"

/* Bytes for HDF5's own needs when little is written. */
enum { OUTPUT_SLACK = 1 << 18 };

/* "OUT.h5.commit", owned by the caller. */
char *output_marker(const char *path);

/* The checkpoint must not outlive, in a power cut, the rows it counts. */
bool output_force(const char *path, struct err *err);

/* The row count of a growing dataset, or NULL; one more of them. */
struct growth *output_growth(struct output *output, const char *path);
void output_add_growth(struct output *output, const char *path);

/* What is replaced, not appended: attempts, accepts, round trips, lambda. */
void output_put_counters(struct h5 *file, const struct engine *engine);

/* All ranks learn whether rank 0 did it. */
bool output_agreed(bool good, const char *path, struct err *err);

#endif
