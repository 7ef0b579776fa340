/* Graphs with weights on edges and sites: read from a file or generated.

   Numbers are kept as the user wrote them; what they mean for the energy is
   the model's (src/models/graph.c), guided by `meaning`:
       GRAPH_COUPLING   H = -sum_(ij) weight_ij s_i s_j - sum_i site_i s_i
       GRAPH_CUT        the weight of a cut is to be large: rudy, G-set
       GRAPH_QUBO       sum_(i<=j) q_ij x_i x_j, x in {0, 1}, is to be small;
                        site_i = q_ii

   Formats: rudy ("n m", then m lines "i j w", sites from 1, w = 1 when left
   out; comment lines start with # or %); Matrix Market coordinate (real,
   integer or pattern; general or symmetric; the diagonal is site_i); qubo
   ("p qubo 0 n nnodes ncouplers" of qbsolv, or plain lines "i j q", sites
   from 0; comments c, # or %); HDF5 (datasets /i, /j from 0; /J with an
   optional /h for couplings, or /w for the weights of a cut; attribute n, or
   else the largest index + 1).

   "auto" looks for marks that cannot be mistaken (HDF5's signature, the
   banner of Matrix Market), then at the name's ending (.rudy .rud .mc .mtx
   .qubo .h5 .hdf5), then at the first line: "p" or "c" or three numbers are
   qubo, two numbers rudy.

   The same pair given twice is added up in qubo files and refused in rudy,
   HDF5 and symmetric Matrix Market files. In a general matrix the same
   element twice is added up, and (i, j) and (j, i) must be equal and are one
   coupling: a symmetric matrix means the same however it is stored. Self
   loops are refused where a diagonal has no meaning. */
#ifndef TEMPERA_SYSTEMS_GRAPH_H
#define TEMPERA_SYSTEMS_GRAPH_H
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum graph_meaning { GRAPH_COUPLING, GRAPH_CUT, GRAPH_QUBO };

struct graph {
    enum graph_meaning meaning;
    int64_t sites, edges;
    int32_t *from, *to; /* [edges] from < to, sorted, each pair once */
    double *weight;     /* [edges] */
    double *site;       /* [sites], or NULL: all zero */
};

/* NULL with messages "file:line: ..." (EXIT_INPUT) saying what is wrong and
   what is allowed; several of them where reading can go on. format: "auto",
   "rudy", "mtx", "qubo", "hdf5". */
struct graph *graph_read(const char *file, const char *format,
                         struct err *err);

/* FNV-1a of the whole content of a file: tells whether an instance is the
   same when a run goes on. 0 when it cannot be read. */
uint64_t graph_file_hash(const char *file);

/* Generated topologies; all weights 1, GRAPH_COUPLING. Which:
       "random_regular"  simple, not always connected; a random pairing of
                         edge ends, loops and double edges switched away, then
                         random switches until the law is uniform for all that
                         tests can see (graph_random.c)
       "erdos_renyi"     G(n, m) with m = n degree / 2, rounded up: a fixed
                         number of edges, Poisson degrees; exactly uniform
       "chimera", "pegasus", "zephyr"
                         size = the topology's m; full fabric and numbering of
                         D-Wave's documents
   A function of its arguments alone. Random numbers are rng_philox(seed,
   RNG_DISORDER, index, index >> 32, sample, GRAPH_DRAWS): who draws couplings
   for the edges takes another last word. */
enum { GRAPH_DRAWS = 0x47524146 };
struct graph_request {
    const char *which;
    int64_t size;        /* N, or the topology's m */
    int64_t degree;      /* random_regular, erdos_renyi (mean) */
    uint64_t seed;
    int64_t sample;
    const char *where;   /* of the request, for messages, or NULL */
};
struct graph *graph_generate(const struct graph_request *request,
                             struct err *err);
/* Number of sites of a request without building it; 0 when graph_generate
   would refuse it. */
int64_t graph_request_sites(const struct graph_request *request);

void graph_free(struct graph *graph);

#endif
