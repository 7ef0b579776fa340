/* The stochastic block model: N nodes in q equal groups, an edge between two
   nodes with probability c_ab/N, c_in in one group, c_out = epsilon c_in
   between two; mean degree c = (c_in + (q - 1) c_out)/q. Belief propagation
   for the groups, the law being known (Decelle, Krzakala, Moore, Zdeborova
   2011, eq. 26-31):
     psi(i->j)_t ~ e^(-h_t) prod_(k in di, not j) b_t(k->i),
     b_t = sum_s c_ts psi_s = c_out + (c_in - c_out) psi_t,
     h_t = (1/N) sum_k b_t(k). */
#ifndef TEMPERA_SYSTEMS_BLOCK_MODEL_H
#define TEMPERA_SYSTEMS_BLOCK_MODEL_H
#include <stdint.h>

enum { BLOCKS_MOST = 16 };

struct blocks {
    int q;
    double inside, outside; /* c_in, c_out */
};
struct blocks blocks_of(int q, double degree, double epsilon);
double blocks_degree(struct blocks blocks);
/* (c_in - c_out)^2 / (q^2 c): 1 on the Kesten-Stigum line. */
double blocks_signal(struct blocks blocks);
/* b_t */
static inline double blocks_pull(struct blocks b, double psi)
{
    double pull = b.outside + (b.inside - b.outside) * psi;
    return pull > 1e-300 ? pull : 1e-300;
}

/* Logs to probabilities out[q]; ln of their sum. */
double blocks_normalise(int q, const double *ln, double *out);

struct block_graph {
    struct blocks blocks;
    int64_t nodes, edges;
    int64_t *first;   /* [nodes + 1] into the directed edges of a node */
    int32_t *partner; /* [2 edges] */
    int64_t *reverse; /* [2 edges] the same edge from the other end */
};

/* Node i is in group i mod q. */
struct block_graph block_graph_new(struct blocks blocks, uint64_t seed,
                                   int instance, int64_t nodes);
void block_graph_free(struct block_graph *graph);

/* Messages and marginals, owned. */
struct block_beliefs {
    const struct block_graph *graph;
    double *in, *next; /* [2 edges][q]: what comes to a node along an edge */
    double *marginal;  /* [nodes][q] */
    double change;     /* largest of a message in the last step */
};

enum block_start { BLOCK_HINT, BLOCK_RANDOM, BLOCK_PLANTED };

/* Each node's messages: its true group with probability hint, else uniform;
   random; or the true group. */
struct block_beliefs block_beliefs_new(const struct block_graph *graph,
                                       enum block_start start, double hint,
                                       uint64_t seed, int instance);
void block_beliefs_free(struct block_beliefs *beliefs);

/* All messages at once; keeps the share damping of the old ones. */
void block_beliefs_step(struct block_beliefs *beliefs, double damping);

/* (best share of nodes rightly placed by the largest marginal - 1/q) /
   (1 - 1/q), over names of the groups; marginals uniform to
   1e-4 are open. */
double block_overlap(const struct block_beliefs *beliefs);

/* Bethe free energy per node,
   f = -(1/N) sum_i ln Z_i + (1/N) sum_(ij) ln Z_ij - c/2. */
double block_free_energy(const struct block_beliefs *beliefs);
/* That of uniform messages on this graph. */
double block_free_energy_uniform(const struct block_graph *graph);

#endif
