/* Memory. Running out of it is the machine's fault: one message, abort. */
#ifndef TEMPERA_BASE_ALLOC_H
#define TEMPERA_BASE_ALLOC_H
#include <stddef.h>

/* count * size zeroed bytes, 64-byte aligned; never NULL. Release with
   free(). */
void *mem_new(size_t count, size_t size);

/* A copy of count * size bytes, owned by the caller. */
void *mem_copy(const void *from, size_t count, size_t size);

/* Grown (or shrunk) block; the contents move with it; new bytes are
   undefined. */
void *mem_grow(void *block, size_t count, size_t size);

/* A string printed into memory of its own. */
char *mem_text(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

#endif
