/* Vectors of 32 bytes, a lane each. */
#ifndef TEMPERA_KERNELS_BYTES_H
#define TEMPERA_KERNELS_BYTES_H
#include <stdint.h>
#include <string.h>
#ifdef __AVX2__
#include <immintrin.h>
#endif

typedef int8_t bytes_signed __attribute__((vector_size(32), may_alias));
typedef uint8_t bytes_plain __attribute__((vector_size(32), may_alias));

static inline __attribute__((always_inline)) bytes_signed
bytes_load(const void *from)
{
    bytes_signed bytes;
    memcpy(&bytes, from, sizeof bytes);
    return bytes;
}

/* A bit a lane, of masks 0 or -1. */
static inline __attribute__((always_inline)) uint32_t
bytes_mask(bytes_signed mask)
{
#ifdef __AVX2__
    return (uint32_t)_mm256_movemask_epi8((__m256i)mask);
#else
    uint32_t bits = 0;
    for (int i = 0; i < 32; i++)
        bits |= (uint32_t)(mask[i] & 1) << i;
    return bits;
#endif
}

#endif
