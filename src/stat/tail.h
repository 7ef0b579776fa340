/* Where a sequence goes that has settled into v_k = v + c (k + a)^-power. */
#ifndef TEMPERA_STAT_TAIL_H
#define TEMPERA_STAT_TAIL_H

/* v from v_(k-2), v_(k-1), v_k: a by the ratio of their differences. NAN where
   no a from 0.01 - (k - 2) to 20 gives it. */
double tail_limit(const double last[3], int k, double power);

#endif
