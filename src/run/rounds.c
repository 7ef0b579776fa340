#include "run/rounds.h"

int64_t round_sweeps(int64_t burn_in, int round)
{
    int64_t length = 32, left = burn_in;
    for (int r = 0; left > 0; r++, length *= 2) {
        int64_t take = left < length ? left : length;
        if (r == round)
            return take;
        left -= take;
    }
    return 0;
}

bool round_adapts(int64_t burn_in, int round)
{
    return round == 0 || 2 * round_sweeps(burn_in, round) >=
                             round_sweeps(burn_in, round - 1);
}
