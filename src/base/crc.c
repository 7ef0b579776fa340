#include "base/crc.h"

/* Four bits at a time: 16 entries, made on the fly from the polynomial. */
static uint64_t nibble(uint64_t low)
{
    const uint64_t polynomial = UINT64_C(0xC96C5795D7870F42);
    for (int bit = 0; bit < 4; bit++)
        low = (low >> 1) ^ ((low & 1) ? polynomial : 0);
    return low;
}

uint64_t crc64(uint64_t crc, const void *bytes, size_t count)
{
    const unsigned char *byte = bytes;
    uint64_t table[16];
    for (unsigned i = 0; i < 16; i++)
        table[i] = nibble(i);
    crc = ~crc;
    for (size_t i = 0; i < count; i++) {
        crc ^= byte[i];
        crc = (crc >> 4) ^ table[crc & 15];
        crc = (crc >> 4) ^ table[crc & 15];
    }
    return ~crc;
}
