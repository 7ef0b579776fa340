#include "stat/blocks.h"

#include <math.h>

#include "base/scatter.h"

enum { BLOCKS_LEAST = 9 };

struct block_mean block_mean_of(const double *series, int64_t count,
                                int blocks)
{
    int64_t length = count / blocks;
    struct scatter means = {0};
    for (int b = 0; b < blocks; b++) {
        double mean = 0;
        for (int64_t t = 0; t < length; t++)
            mean += series[b * length + t] / (double)length;
        scatter_add(&means, mean);
    }
    return (struct block_mean){means.mean, scatter_error(&means)};
}

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
