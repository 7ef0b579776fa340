/* Context-tree code lengths: those of a real code, close to the entropy of
   sources it should learn. Sequences are fixed; nothing is statistical but the
   stated bounds on two of them. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "stat/context_tree.h"
#include "tap.h"

static const int64_t back[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
static const int64_t plane[] = {1, 4, 5, 3, 2, 8}; /* rows of four */

/* sum of exp(-length) over all sequences; short: mistaken for shorter. */
static double kraft(int count, const int64_t *offset, int depth, int without)
{
    double sum = 0;
    for (int n = 0; n < 1 << count; n++) {
        int8_t s[16];
        for (int i = 0; i < count; i++)
            s[i] = (int8_t)(n >> i & 1 ? 1 : -1);
        sum += exp(-context_tree_length(s, count - without, offset, depth));
    }
    return sum;
}

/* A chain that keeps its value with probability p. */
static int8_t *chain(int64_t count, double p)
{
    int8_t *s = mem_new((size_t)count, 1), last = 1;
    for (int64_t i = 0; i < count; i++) {
        struct rng_quad q = rng_philox(5, RNG_TEST, (uint32_t)i, 0, 0, 0);
        last = (int8_t)(rng_unit(q.v[0], q.v[1]) < p ? last : -last);
        s[i] = last;
    }
    return s;
}

/* Code length against what the known chain itself costs, -sum ln p(s_i |
   s_(i-1)): the price of learning, in nats. */
static double price(int64_t count, double p, int depth)
{
    int8_t *s = chain(count, p), last = 1;
    double own = 0;
    for (int64_t i = 0; i < count; i++) {
        own -= log(s[i] == last ? p : 1 - p);
        last = s[i];
    }
    double length = context_tree_length(s, count, back, depth);
    free(s);
    return length - own;
}

/* Depth of the source (0 or 1) costs a few choices of the tree and ln n / 2 a
   context: at most 4 ln 2 and 2 (ln n / 2 + 1). */
static void check_price(double p)
{
    const int64_t count = 20000;
    double bound = log((double)count) + 2 + 4 * log(2);
    double cost = price(count, p, 10);
    ok(cost < bound, "a chain of 20000 with p = %.2f is learnt for %.1f of "
       "%.1f nats", p, cost, bound);
}

int main(void)
{
    int8_t zero[1000] = {0};
    near(kraft(10, back, 4, 0), 1, 1e-12, "lengths of a code (order 4)");
    near(kraft(12, plane, 6, 0), 1, 1e-12, "on a plane");
    near(kraft(8, back, 0, 0), 1, 1e-12, "without contexts");
    ok(kraft(10, back, 4, 1) > 1.5, "mutant rejected: a bit left out");
    near(context_tree_length(zero, 1, back, 3), log(2), 1e-15,
         "one bit costs ln 2");
    near(exp(-context_tree_length(zero, 3, back, 0)), 5.0 / 16, 1e-15,
         "three equal bits, Krichevsky and Trofimov: 1/2 3/4 5/6");
    ok(context_tree_length(zero, 1000, back, 10) < 6,
       "1000 equal bits cost a few nats");
    check_price(0.5);
    check_price(0.9);
    check_price(0.2);
    ok(price(20000, 0.9, 0) > 1000,
       "mutant rejected: a chain coded without contexts");
    return tap_done();
}
