/* Plug-in kind 3: in which layout, by which instructions?

   A kernel works on a bank: the walkers the hardware moves together. The
   generic layer addresses a walker as (bank, lane) and touches per-lane
   numbers only. Kernels of one stream agree bit for bit. */
#ifndef TEMPERA_CORE_KERNEL_H
#define TEMPERA_CORE_KERNEL_H
#include "core/dynamics.h"

/* What a bank is made for. */
struct bank_spec {
    const struct system *system;
    const struct dynamics *dynamics;
    enum stream stream;
    uint64_t seed;
    int64_t first_walker; /* the bank's walkers are consecutive */
    int lanes;            /* how many */
    const int *sample;    /* [lanes] disorder sample of each */
    struct sharing sharing; /* stream shared; else unused */
    int rungs;
    const struct section *keys; /* of section dynamics; NULL: defaults */
    const struct rung *rung; /* [rungs]; changes between sweeps only, then
                                relabel is called with all = true */
};

/* A kernel's own struct starts with this. */
struct bank {
    const struct kernel *kernel;
    struct bank_spec spec;
    int *label; /* [lanes] rung of each lane; stream shared: at first the
                   walkers of a ladder stand on rungs 0, 1, ... */
    bool tunes; /* are steps tuned? set between sweeps */
    bool *rests; /* [lanes] stays as it is: of dynamics that go downhill */
    struct success *success; /* [lanes] since hosted_successes took them */
};

struct kernel {
    const char *name, *family, *isa, *summary;
    unsigned streams; /* 1 << STREAM_... */
    int rank;         /* auto takes the highest rank that fits */
    bool (*cpu)(void); /* can this machine run it? */
    /* NULL when it fits, else why not (static text). */
    const char *(*refuses)(const struct bank_spec *spec);
    struct bank *(*create)(const struct bank_spec *spec);
    void (*destroy)(struct bank *bank);
    void (*put)(struct bank *bank, int lane, const void *state);
    void (*get)(const struct bank *bank, int lane, void *state);
    /* The lane's dynamics_extra numbers, its own to read and write; NULL: the
       kernel carries none out. */
    double *(*extra)(struct bank *bank, int lane);
    /* New rung of each lane. all: the rungs' lambda changed too. */
    void (*relabel)(struct bank *bank, const int *label, bool all);
    /* One sweep of every lane; tick numbers sweeps from the run's start. */
    void (*sweep)(struct bank *bank, uint64_t tick, int threads);
    /* statistics[lane][S] of the model */
    void (*measure)(const struct bank *bank, double *statistics, int threads);
};

/* The best kernel for the spec: `wanted` is "auto", a kernel's name, or an
   instruction set ("u64", "avx2") or "reference". NULL with the reasons in
   err (where = `where`). */
const struct kernel *kernel_choose(const struct bank_spec *spec,
                                   const char *wanted, const char *where,
                                   struct err *err);

#endif
