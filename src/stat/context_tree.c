#include "stat/context_tree.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"

/* seen: how often each bit followed this context; ratio: probability of
   those bits by the estimator alone over that by the longer contexts, kept
   in a range where it still decides. */
struct node { double seen[2], ratio; };

static const double RATIO_MOST = 1e100;

/* nodes[0 ... depth] of the context of bit i: the root is 1, child b of n is
   2 n + b. */
static void path_of(const int8_t *symbol, int64_t i, const int64_t *offset,
                    int depth, uint32_t *at)
{
    at[0] = 1;
    for (int d = 0; d < depth; d++) {
        int64_t from = i - offset[d];
        at[d + 1] = 2 * at[d] + (from >= 0 && symbol[from] > 0);
    }
}

/* Probability of the bit, and the tree learns it: from the leaf to the
   root. */
static double predict(struct node *tree, const uint32_t *at, int depth,
                      int bit)
{
    double p = 0;
    for (int d = depth; d >= 0; d--) {
        struct node *n = &tree[at[d]];
        double own = (n->seen[bit] + 0.5) / (n->seen[0] + n->seen[1] + 1);
        if (d == depth)
            p = own;
        else {
            double mixed = (n->ratio * own + p) / (n->ratio + 1);
            n->ratio *= own / p;
            n->ratio = fmin(fmax(n->ratio, 1 / RATIO_MOST), RATIO_MOST);
            p = mixed;
        }
        n->seen[bit]++;
    }
    return p;
}

double context_tree_length(const int8_t *symbol, int64_t count,
                           const int64_t *offset, int depth)
{
    assert(depth >= 0 && depth <= CONTEXT_DEPTH_MOST);
    struct node *tree = mem_new((size_t)2 << depth, sizeof *tree);
    uint32_t at[CONTEXT_DEPTH_MOST + 1];
    double length = 0;
    for (int n = 0; n < 2 << depth; n++)
        tree[n].ratio = 1;
    for (int64_t i = 0; i < count; i++) {
        path_of(symbol, i, offset, depth, at);
        length -= log(predict(tree, at, depth, symbol[i] > 0));
    }
    free(tree);
    return length;
}
