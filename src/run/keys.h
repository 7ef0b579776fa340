/* The input sections that belong to no plug-in (CONTRACT: the names). A row
   is KEY(type, name, default, least, most, allowed, unit, flags, doc). */
#ifndef TEMPERA_RUN_KEYS_H
#define TEMPERA_RUN_KEYS_H
#include "base/param.h"

#define RUN_KEYS(KEY)                                                        \
    KEY(text, protocol, "tempering", 0, 0, NULL, "", 0,                      \
        "how lambda moves over a walker's life; see `tempera list "          \
        "protocols`")                                                        \
    KEY(seed, seed, "1", 0, 0, NULL, "", 0,                                  \
        "64-bit seed of every random number of the run")                     \
    KEY(integer, sweeps, "20000", 0, 1e15, NULL, "sweeps", PARAM_MAY_CHANGE, \
        "production sweeps after burn-in; may be raised to extend a run")    \
    KEY(integer, burn_in, "4000", 0, 1e15, NULL, "sweeps", 0,                \
        "sweeps in doubling rounds that place the rungs; discarded")         \
    KEY(real, wall_minutes, "0.0", 0, 1e7, NULL, "min", PARAM_MAY_CHANGE,    \
        "stop (exit 85, resumable) before this much time per session; "      \
        "0 = no limit")                                                      \
    KEY(text, start, "random", 0, 0, NULL, "", 0,                            \
        "first state: random, ordered, planted, OUT.h5:/states/last (by "    \
        "rung) or OUT.h5:/minima/N (one for all walkers)")

#define MODEL_KEYS(KEY)                                                      \
    KEY(text, name, "ising", 0, 0, NULL, "", 0,                              \
        "the model; see `tempera list models`")                              \
    KEY(integer, samples, "1", 1, 1e6, NULL, "", 0,                          \
        "disorder realisations in one run (independent ladders)")            \
    KEY(integer, first_sample, "0", 0, 1e12, NULL, "", 0,                    \
        "number of the first disorder sample, for job arrays")               \
    KEY(seed, seed, "0", 0, 0, NULL, "", 0,                                  \
        "seed of the disorder; 0 = run.seed")

#define DYNAMICS_KEYS(KEY)                                                   \
    KEY(text, name, "metropolis", 0, 0, NULL, "", 0,                         \
        "the Markov chain; see `tempera list dynamics`")                     \
    KEY(text, kernel, "auto", 0, 0, NULL, "", PARAM_MAY_CHANGE,              \
        "auto, reference, an instruction set (u64, avx2) or a kernel's "     \
        "name; never changes a number")                                      \
    KEY(text, stream, "auto", 0, 0, "auto|site|lane|word|shared", "", 0,     \
        "address of the random bits; part of the physics, recorded")         \
    KEY(integer, group, "256", 1, 256, NULL, "samples", 0,                   \
        "stream shared: disorder samples that share random numbers; errors " \
        "are over groups if there are 8 or more")                            \
    KEY(integer, panel, "1", 1, 1, NULL, "walkers", 0,                       \
        "networks that share a product of matrices; more than one gains "    \
        "nothing, see doc/learning.md")

#define LADDER_KEYS(KEY)                                                     \
    KEY(reals, temperature, "[]", 0, 0, NULL, "energy", 0,                   \
        "[from, to], or with spacing = \"list\" the rungs; k_B = 1")         \
    KEY(reals, beta, "[]", 0, 0, NULL, "1/energy", 0,                        \
        "[from, to] or the rungs, instead of temperature")                   \
    KEY(integer, rungs, "16", 1, 100000, NULL, "", 0,                        \
        "how many, both ends included")                                      \
    KEY(text, spacing, "adaptive", 0, 0, "adaptive|linear|geometric|list",   \
        "", 0,                                                               \
        "linear and geometric in the quantity given; adaptive equalises "    \
        "rejection during burn-in")                                          \
    KEY(integer, copies, "1", 1, 100000, NULL, "", 0,                        \
        "independent replicas of the whole ladder")                          \
    KEY(flag, anchor, "true", 0, 0, NULL, "", PARAM_EXPLICIT,                \
        "add rungs down to the model's exact point: absolute ln Z")          \
    KEY(integer, anchor_rungs, "0", 0, 100000, NULL, "", 0,                  \
        "how many of those; 0 = ceil(2 Lambda_0), see doc/ladder")           \
    KEY(texts, components, "[]", 0, 0, NULL, "", 0,                          \
        "general path: names of lambda's components")                        \
    KEY(points, points, "()", 0, 0, NULL, "", 0,                             \
        "general path: corner points, hot end first")

#define EXCHANGE_KEYS(KEY)                                                   \
    KEY(text, scheme, "deo", 0, 0, "deo|seo", "", 0,                         \
        "deo: even and odd pairs in turn (non-reversible); seo: at random")  \
    KEY(integer, every, "1", 1, 1e9, NULL, "sweeps", 0,                      \
        "sweeps between swap attempts")                                      \
    KEY(integer, houdayer, "0", 0, 1e9, NULL, "sweeps", 0,                   \
        "sweeps between isoenergetic cluster moves of pairs of copies "      \
        "(Houdayer), for glasses of few neighbours; 0 = none")

#define RECORD_KEYS(KEY)                                                     \
    KEY(integer, every, "10", 1, 1e9, NULL, "sweeps", 0,                     \
        "production sweeps between rows of /series")                         \
    KEY(texts, observables, "[\"energy\", \"magnetization\"]", 0, 0, NULL,   \
        "", 0, "what /series holds besides u; see `tempera help MODEL`")     \
    KEY(integer, states_every, "0", 0, 1e12, NULL, "sweeps", 0,              \
        "production sweeps between stored configurations; 0 = none")

#define CHECKPOINT_KEYS(KEY)                                                 \
    KEY(real, minutes, "10.0", 0, 1e6, NULL, "min", PARAM_MAY_CHANGE,        \
        "time between commits of rows and checkpoint")                       \
    KEY(integer, buffer_mb, "64", 1, 1e6, NULL, "MB", PARAM_MAY_CHANGE,      \
        "rows kept in memory before a commit is forced")

PARAM_STRUCT(run_keys, RUN_KEYS);
PARAM_STRUCT(model_keys, MODEL_KEYS);
PARAM_STRUCT(dynamics_keys, DYNAMICS_KEYS);
PARAM_STRUCT(ladder_keys, LADDER_KEYS);
PARAM_STRUCT(exchange_keys, EXCHANGE_KEYS);
PARAM_STRUCT(record_keys, RECORD_KEYS);
PARAM_STRUCT(checkpoint_keys, CHECKPOINT_KEYS);

extern const struct param_table run_table, model_table, dynamics_table,
    ladder_table, exchange_table, record_table, checkpoint_table;

#endif
