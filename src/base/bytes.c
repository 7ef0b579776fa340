#include "base/bytes.h"

#include <string.h>

#include "base/alloc.h"

void bytes_put(struct bytes *bytes, const void *from, size_t count)
{
    if (bytes->count + count > bytes->room) {
        bytes->room = 2 * (bytes->count + count);
        bytes->at = mem_grow(bytes->at, bytes->room, 1);
    }
    if (count)
        memcpy(bytes->at + bytes->count, from, count);
    bytes->count += count;
}

void bytes_put_integer(struct bytes *bytes, int64_t value)
{
    bytes_put(bytes, &value, sizeof value);
}

void bytes_put_block(struct bytes *bytes, const void *from, size_t count)
{
    bytes_put_integer(bytes, (int64_t)count);
    bytes_put(bytes, from, count);
}

void bytes_put_text(struct bytes *bytes, const char *text)
{
    bytes_put_block(bytes, text, strlen(text));
}

void bytes_get(struct bytes_reader *reader, void *into, size_t count)
{
    if (reader->short_of || (size_t)(reader->end - reader->at) < count) {
        reader->short_of = true;
        memset(into, 0, count);
        return;
    }
    if (count)
        memcpy(into, reader->at, count);
    reader->at += count;
}

int64_t bytes_get_integer(struct bytes_reader *reader)
{
    int64_t value;
    bytes_get(reader, &value, sizeof value);
    return value;
}

void bytes_get_block(struct bytes_reader *reader, void *into, size_t count)
{
    if (bytes_get_integer(reader) != (int64_t)count)
        reader->short_of = true;
    bytes_get(reader, into, count);
}

const char *bytes_get_span(struct bytes_reader *reader, size_t *count)
{
    int64_t length = bytes_get_integer(reader);
    if (reader->short_of || length < 0 || reader->end - reader->at < length) {
        reader->short_of = true;
        *count = 0;
        return NULL;
    }
    const char *span = reader->at;
    reader->at += length;
    *count = (size_t)length;
    return span;
}

char *bytes_get_text(struct bytes_reader *reader)
{
    size_t length;
    const char *span = bytes_get_span(reader, &length);
    return mem_text("%.*s", (int)length, span ? span : "");
}
