#include "stat/blocks.h"

#include "base/scatter.h"

struct block_mean block_mean(const double *series, int64_t count, int blocks)
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
