/* CRC-64/XZ (ECMA-182 polynomial, reflected): detects damage, not malice. */
#ifndef TEMPERA_BASE_CRC_H
#define TEMPERA_BASE_CRC_H
#include <stddef.h>
#include <stdint.h>

/* Start with 0; feed the result back to continue. */
uint64_t crc64(uint64_t crc, const void *bytes, size_t count);

#endif
