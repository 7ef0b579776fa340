#include "base/alloc.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void out_of_memory(size_t count, size_t size)
{
    fprintf(stderr, "tempera: out of memory (asked for %zu x %zu bytes)\n",
            count, size);
    abort();
}

static size_t total_bytes(size_t count, size_t size)
{
    if (size && count > SIZE_MAX / 2 / size)
        out_of_memory(count, size);
    return count && size ? count * size : 1;
}

void *mem_new(size_t count, size_t size)
{
    size_t bytes = (total_bytes(count, size) + 63) / 64 * 64;
    void *block = aligned_alloc(64, bytes);
    if (!block)
        out_of_memory(count, size);
    return memset(block, 0, bytes);
}

void *mem_copy(const void *from, size_t count, size_t size)
{
    void *block = mem_new(count, size);
    if (count && size)
        memcpy(block, from, count * size);
    return block;
}

void *mem_grow(void *block, size_t count, size_t size)
{
    void *grown = realloc(block, total_bytes(count, size));
    if (!grown)
        out_of_memory(count, size);
    return grown;
}

char *mem_text(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int length = vsnprintf(NULL, 0, format, list);
    va_end(list);
    char *text = mem_new((size_t)length + 1, 1);
    va_start(list, format);
    vsnprintf(text, (size_t)length + 1, format, list);
    va_end(list);
    return text;
}
