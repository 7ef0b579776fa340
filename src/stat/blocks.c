#include "stat/blocks.h"

#include <math.h>

enum { BLOCKS_LEAST = 9 };

static double error_of_blocks(const double *series, int length, int blocks,
                              double mean)
{
    double square = 0;
    for (int b = 0; b < blocks; b++) {
        double sum = 0;
        for (int i = 0; i < length; i++)
            sum += series[b * length + i] - mean;
        square += sum / length * (sum / length);
    }
    return sqrt(square / blocks / (blocks - 1));
}

struct block_mean block_mean(const double *series, int count)
{
    struct block_mean b = {0, 0};
    for (int i = 0; i < count; i++)
        b.mean += series[i] / count;
    for (int length = 1;
         length == 1 || count / length >= BLOCKS_LEAST; length *= 2)
        b.error = fmax(b.error, error_of_blocks(series, length,
                                                count / length, b.mean));
    return b;
}
