/* Replica exchange (parallel tempering): every walker on a rung, swaps of
   neighbours, rungs adapted in burn-in. The work is done by core/exchange.c
   and core/ladder.c; other protocols (annealing, quench) put their schedule
   in its place. */
#include "core/protocol.h"

const struct protocol protocol_tempering = {
    .name = "tempering",
    .summary = "replica exchange along a ladder, non-reversible by default",
    .source = "Geyer 1991; Hukushima, Nemoto 1996; Syed et al. 2022",
    .exchange = exchange_step,
    .adapt = ladder_adapt};
