/* Parts of `tempera bench`: what is timed (a textbook loop, kernels on
   scenes, what the hardware can do) and the cost model that turns the last
   into a ceiling. Times are wall seconds, rates are per nanosecond. */
#ifndef TEMPERA_CLI_BENCH_PARTS_H
#define TEMPERA_CLI_BENCH_PARTS_H
#include <stdbool.h>
#include <stdint.h>

#include "core/kernel.h"
#include "core/levels.h"

/* ---- the baseline: bench_textbook.c ------------------------------------ */

/* size x size int8 spins from a random start at beta = 0.44, J = 1. */
struct textbook;
struct textbook *textbook_new(int size);
void textbook_free(struct textbook *t);
void textbook_sweep(struct textbook *t);
/* Sum of `count` uniform doubles of the same generator. */
double textbook_doubles(struct textbook *t, int count);

/* ---- kernels: bench_load.c --------------------------------------------- */

/* What a kernel is given to do: bench_scenes.c. */
enum { BENCH_KEYS = 5 };
struct bench_scene {
    const char *name;      /* of the case, after the kernel's name */
    const char *family;    /* of kernels it is for */
    const char *model, *key[BENCH_KEYS][2]; /* and its keys */
    enum stream stream;
    int lanes, rungs;      /* rungs evenly from lambda = 0 to beta; with one
                              lane it sits at the last */
    bool cold;             /* ... from beta / rungs to beta, */
    double hottest;        /* or, if not 0, from this one */
    double beta;
    const char *dynamics;
    int reflections;       /* overrelaxation: reflections a sweep */
    const char *move[BENCH_KEYS][2]; /* keys of the dynamics */
    double flops;          /* of a step's products of matrices; given: the
                              rate is steps, not updates */
    bool every_kernel;     /* else the family's best */
    bool team;             /* all threads */
    bool exchange;         /* a sweep is followed by measure, swaps, relabel */
    int warm;              /* sweeps before the clock starts */
    double peer;           /* updates or steps/ns of the best other code;
                              0: none */
};
extern const struct bench_scene bench_scenes[]; /* ends with name NULL */

/* A kernel at work on a scene. */
struct bench_load;
struct bench_load *bench_load_new(const struct kernel *kernel,
                                  const struct bench_scene *scene,
                                  int threads);
void bench_load_free(struct bench_load *load);
/* Of a sweep; every reflection counts as one; or its steps. */
double bench_load_updates(const struct bench_load *load);
/* A sweep, and in scenes with exchange its measurement and swaps. */
void bench_load_sweep(struct bench_load *load);
void bench_load_move(struct bench_load *load); /* the sweep alone */
void bench_load_measure(struct bench_load *load);
/* Swap decisions and new labels; scenes with exchange only. */
void bench_load_exchange(struct bench_load *load);
const struct bank_spec *bench_load_spec(const struct bench_load *load);
/* Every lane gets another rung, then its own again: two relabels. */
void bench_load_relabel(struct bench_load *load);

/* What 256 updates take: random planes, and 256-bit logic operations as
   written in src/kernels (a NOT costs nothing, constants are folded). */
struct bench_cost { int planes, operations; };
struct bench_cost bench_load_cost(const struct bench_load *load);

/* ---- what the hardware can do: bench_probe.c --------------------------- */

enum bench_probe {
    PROBE_PLANES,  /* 256-bit random planes, by rng_planes_best into L1 */
    PROBE_VECTOR,  /* 256-bit AND, XOR on independent registers */
    PROBE_WORD,    /* 64-bit AND, XOR, likewise */
    PROBE_SGEMM,   /* BLAS: products of 256 x 256 floats, in flops */
    PROBE_COUNT
};
extern const char *const bench_probe_names[PROBE_COUNT];

/* Does a fixed amount of it (0.1 to 10 ms); returns how much. */
double bench_probe(enum bench_probe probe);

/* ---- timing: bench_meter.c --------------------------------------------- */

enum meter_kind { METER_PROBE, METER_DOUBLES, METER_TEXTBOOK, METER_KERNEL };

/* One thing that is timed, and what came out. Rates of a kernel or the
   textbook loop are updates/ns. */
struct meter {
    enum meter_kind kind;
    char *name;
    bool on;                         /* was it asked for? */
    int threads;
    enum bench_probe probe;
    int size;                        /* textbook: side */
    const struct kernel *kernel;
    const struct bench_scene *scene;
    struct textbook *textbook;       /* made by meter_open */
    struct bench_load *load;
    double *rate;                    /* [rounds] */
    double measure, relabel;         /* seconds a call, least mean of a
                                        round; relabel with exchange: that */
    double best, median;
    /* filled by bench_judge; NAN where there is none */
    struct bench_cost cost;
    double ceiling;                  /* slower of planes and logic alone */
    double serial;                   /* one after the other */
    const char *limit;               /* "planes", "logic", "doubles",
                                        "sgemm", "" */
    double ratio;                    /* best over the textbook's */
    double scaling;                  /* threads: over one thread's best */
    double share;                    /* exchange: of the sweep's time */
};

struct bench {
    int count, rounds, threads;
    double seconds;                  /* a case a round */
    struct meter *meter;             /* probes, doubles, textbook, kernels */
};

/* All cases this machine can run; none is on but probes and textbook. */
struct bench bench_new(int threads);
void bench_free(struct bench *bench);
/* Is its rate steps? */
bool bench_steps(const struct meter *m);
/* The meter a team's speed is compared with, or NULL. */
struct meter *bench_alone(const struct bench *bench, const struct meter *m);
/* Times what is on, in rounds over all, and judges it. */
void bench_run(struct bench *bench);

/* ---- the answer: bench_print.c ----------------------------------------- */

void bench_print_text(const struct bench *bench);
void bench_print_json(const struct bench *bench);

#endif
