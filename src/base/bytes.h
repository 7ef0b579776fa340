/* Bytes in a row: written by appending, read back with every length
   checked. */
#ifndef TEMPERA_BASE_BYTES_H
#define TEMPERA_BASE_BYTES_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zero-initialise; free(at). */
struct bytes {
    char *at;
    size_t count, room;
};

void bytes_put(struct bytes *bytes, const void *from, size_t count);
void bytes_put_integer(struct bytes *bytes, int64_t value);
/* Length, then content. */
void bytes_put_block(struct bytes *bytes, const void *from, size_t count);
void bytes_put_text(struct bytes *bytes, const char *text);

struct bytes_reader {
    const char *at, *end;
    bool short_of; /* something was missing, or had another size */
};

void bytes_get(struct bytes_reader *reader, void *into, size_t count);
int64_t bytes_get_integer(struct bytes_reader *reader); /* 0 when missing */
/* A block of exactly count bytes. */
void bytes_get_block(struct bytes_reader *reader, void *into, size_t count);
/* A block as it lies there, and its length; NULL when missing. */
const char *bytes_get_span(struct bytes_reader *reader, size_t *count);
char *bytes_get_text(struct bytes_reader *reader); /* owned by the caller */

#endif
