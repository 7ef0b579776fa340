/* IDX: two zero bytes, a type, the number of axes, their sizes as 32-bit
   big-endian numbers, the values. */
#include "systems/dataset_parts.h"

static const struct { unsigned char mark; char kind; int size; } types[] = {
    {0x08, 'u', 1}, {0x09, 'i', 1}, {0x0b, 'i', 2}, {0x0c, 'i', 4},
    {0x0d, 'f', 4}, {0x0e, 'f', 8}};

/* false: no such type. */
static bool find_type(struct dataset_values *values, unsigned char mark)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (types[i].mark == mark) {
            *values = (struct dataset_values){types[i].kind, types[i].size,
                                              true, 1, 0};
            return true;
        }
    return false;
}

void dataset_open_idx(struct dataset_source *source)
{
    unsigned char head[4 + 4 * DATASET_AXES] = {0};
    int64_t size[DATASET_AXES] = {0};
    size_t got = fread(head, 1, sizeof head, source->in);
    int axes = head[3];
    if (got < 4 || head[0] || head[1] ||
        !find_type(&source->values, head[2]) || axes < 1 ||
        axes > DATASET_AXES) {
        dataset_fail(source, 0, "magic number 0x%02x%02x%02x%02x: an IDX file "
                     "begins with 0x0000, a type (08 09 0b 0c 0d 0e) and the "
                     "number of axes (1 to %d)", head[0], head[1], head[2],
                     head[3], DATASET_AXES);
        return;
    }
    source->values.first = 4 + 4 * axes;
    if (source->values.first > source->bytes) {
        dataset_fail(source, 4, "is cut short: expected the sizes of %d axes",
                     axes);
        return;
    }
    for (int a = 0; a < axes; a++)
        for (int b = 0; b < 4; b++)
            size[a] = size[a] << 8 | head[4 + 4 * a + b];
    if (source->values.kind == 'u' && source->pixels)
        source->values.divide = 255;
    dataset_fills(source, axes, size);
}
