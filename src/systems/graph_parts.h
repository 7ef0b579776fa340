/* Between the files graph*.c: a file being read, and keys of pairs. */
#ifndef TEMPERA_SYSTEMS_GRAPH_PARTS_H
#define TEMPERA_SYSTEMS_GRAPH_PARTS_H
#include <stdio.h>

#include "systems/graph.h"

/* ---- a file being read: graph_source.c ----------------------------------- */

enum {
    GRAPH_COMPLAINTS = 10,        /* then "and more", and reading ends */
    GRAPH_WORDS = 8,              /* kept of a line */
    GRAPH_SITES_MOST = 1 << 28,
    /* More sites than that are believed when there are entries enough: a
       mistyped number takes no gigabytes. */
    GRAPH_SITES_FREE = 1 << 24,
    GRAPH_SITES_PER_ENTRY = 16
};

/* Sums over all bonds stay finite. */
#define GRAPH_WEIGHT_MOST 1e100

/* One line "i j w", as it was given; sites from 0. */
struct graph_entry {
    int32_t from, to;
    int64_t line;
    double weight;
};

struct graph_source {
    const char *file;
    struct err *err;
    int complaints;      /* so far; what is read is good when 0 */
    bool broken;         /* no text at all: one complaint is enough */
    int64_t bytes;       /* of the file */
    int64_t first;       /* number of the first site in the file: 0 or 1 */

    FILE *in;            /* NULL: no text, "lines" are rows of datasets */
    const char *comment; /* letters that begin a comment line */
    char *line;
    size_t room;
    int64_t number;      /* of the line, from 1 */
    int words;           /* on the line; the first GRAPH_WORDS are kept */
    char *word[GRAPH_WORDS];

    struct graph_entry *entry;
    int64_t entries, entry_room;
};

/* Message "file:line: ..."; line < 0: "file: ...". */
void graph_complain(struct graph_source *source, int64_t line,
                    const char *format, ...)
    __attribute__((format(printf, 3, 4)));
bool graph_too_bad(const struct graph_source *source);

/* The next line that is neither blank nor a comment, cut into words. false
   at the end, after too many complaints, and when this is no text. */
bool graph_line(struct graph_source *source);
void graph_rewind(struct graph_source *source);

/* A word of the line, with a complaint when false. */
bool graph_count(struct graph_source *source, const char *word,
                 const char *what, int64_t least, int64_t most,
                 int64_t *count);
bool graph_weight(struct graph_source *source, const char *word,
                  double *weight);
/* The sites in words 0 and 1, sites of them. */
bool graph_pair(struct graph_source *source, int64_t sites, int32_t *from,
                int32_t *to);

void graph_source_release(struct graph_source *source);

/* ---- entries to graph: graph_entries.c ----------------------------------- */

void graph_enter(struct graph_source *source, struct graph_entry entry);

/* The same pair again is */
enum graph_again {
    GRAPH_REFUSED,
    GRAPH_ADDED,  /* in the order of lines */
    GRAPH_MATRIX  /* (i, j) and (j, i) must be equal and count once, the same
                     element again is added */
};

/* NULL when there were complaints, before or now. */
struct graph *graph_finish(struct graph_source *source,
                           enum graph_meaning meaning, int64_t sites,
                           enum graph_again again);

/* ---- formats: a file each ------------------------------------------------ */

struct graph *graph_read_rudy(struct graph_source *source);
struct graph *graph_read_mtx(struct graph_source *source);
struct graph *graph_read_qubo(struct graph_source *source);
struct graph *graph_read_hdf5(struct graph_source *source);

/* ---- pairs: graph_pairs.c ------------------------------------------------ */

/* Pairs of sites, each as smaller << 32 | larger. */
struct graph_pairs {
    uint64_t *at;
    int64_t count;
};

uint64_t graph_pair_key(int64_t a, int64_t b);
struct graph_pairs graph_pairs_new(int64_t room);
void graph_pairs_add(struct graph_pairs *pairs, int64_t a, int64_t b);
/* Sorted, each once. */
void graph_pairs_sort(struct graph_pairs *pairs);
/* The pairs of `sites` that are not among these, sorted ones; those are
   released. */
struct graph_pairs graph_pairs_others(struct graph_pairs pairs,
                                      int64_t sites);
/* Weights 1; releases the pairs, which differ. */
struct graph *graph_of_pairs(struct graph_pairs pairs, int64_t sites);

/* ---- random graphs: graph_random.c --------------------------------------- */

/* Uniform integers: Philox at (index, sample, GRAPH_DRAWS). */
struct graph_draws {
    uint64_t seed;
    uint32_t sample;
    uint64_t next;
    uint64_t kept;
};

uint64_t graph_below(struct graph_draws *draws, uint64_t n); /* 0 .. n-1 */

/* partner[sites * degree]: stub s, a half-edge of site s / degree, is joined
   to stub partner[s]; a simple graph. Random pairing, repaired by switches
   with random edges; then so many attempts of the switch chain, of which the
   uniform law is the stationary one. degree <= (sites - 1) / 2, product
   even. */
int32_t *graph_regular(struct graph_draws *draws, int64_t sites,
                       int64_t degree, int64_t attempts);

struct graph *graph_random_regular(const struct graph_request *request);
struct graph *graph_erdos_renyi(const struct graph_request *request);

/* ---- D-Wave's topologies: graph_dwave.c ---------------------------------- */

struct graph *graph_chimera(int64_t m);
struct graph *graph_pegasus(int64_t m);
struct graph *graph_zephyr(int64_t m);

#endif
