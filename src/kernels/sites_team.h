/* The part of the one-lattice bodies that shares rows among threads: rows of
   one colour are independent, a barrier between colours. Included by
   kernels/sites_body.h. */
#include <omp.h>

static struct crew NAMED(crew_of)(const struct sites *own, uint64_t tick)
{
    const struct bank_spec *spec = &own->bank.spec;
    struct crew crew;
    crew.address = (struct rng_address){
        .seed = spec->seed, .tick = tick, .purpose = RNG_UPDATE,
        .stream = (uint32_t)spec->first_walker};
    struct rng_address lazy = crew.address;
    lazy.purpose = RNG_LAZY;
    feed_open(&crew.update, own->planes, &crew.address,
              (struct rng_range){.planes = LEVELS_PLANES, .halves = 2});
    feed_open(&crew.lazy, own->planes, &lazy,
              (struct rng_range){.planes = 2, .halves = 2});
    return crew;
}

static void NAMED(sweep)(struct bank *bank, uint64_t tick, int threads)
{
    struct sites *own = (struct sites *)bank;
    NAMED(prepare)(own, threads);
#pragma omp parallel num_threads(threads) if (threads > 1)
    {
        struct crew crew = NAMED(crew_of)(own, tick);
        for (int colour = 0; colour < 2; colour++) {
#pragma omp for schedule(static)
            for (int64_t number = 0; number < own->rows; number++) {
                if (own->fresh) {
                    NAMED(draw_row)(own, colour, number, tick);
                    continue;
                }
                struct row row;
                NAMED(look_around)(own, &row, colour, number,
                                   omp_get_thread_num());
                NAMED(update_row)(own, &crew, &row);
            }
        }
    }
}

static int64_t NAMED(tally_total)(struct tally *t)
{
    VECTOR digit[TALLY_LEVELS + 4];
    int digits = tally_digits(t, digit);
    int64_t total = 0;
    for (int k = 0; k < digits; k++)
        for (int i = 0; i < VECTOR_WORDS; i++)
            total += (int64_t)__builtin_popcountll(
                         VECTOR_WORD(digit[k], i)) << k;
    return total;
}

/* Every bond joins the colours: the bonds of one colour's sites are all. */
static void NAMED(tally_row)(const struct sites *own, const struct row *row,
                             struct tally *agree, struct tally *up)
{
    const uint64_t *other = row->near[0];
    for (int at = 0; at < 4 * own->words; at += VECTOR_WORDS) {
        int part = at % 4;
        VECTOR s = NAMED(load)(row->self + at);
        VECTOR live = NAMED(load)(own->tiles.live + part);
        tally_add(up, s & live);
        tally_add(up, NAMED(load)(other + at) & live);
        for (int d = 0; d < 2 * own->dim; d++) {
            VECTOR same = ~(s ^ NAMED(load)(row->near[d] + at)) & live;
            tally_add(agree, same & ~NAMED(missing)(row, at, d));
        }
    }
}

static void NAMED(measure)(const struct bank *bank, double *statistics,
                           int threads)
{
    /* Only halo words and scratch are written. */
    struct sites *own = (struct sites *)bank;
    const struct system *system = bank->spec.system;
    int64_t agrees = 0, ups = 0;
    NAMED(prepare)(own, threads);
#pragma omp parallel num_threads(threads) if (threads > 1)
    {
        struct tally agree = {.count = 0}, up = {.count = 0};
#pragma omp for schedule(static)
        for (int64_t number = 0; number < own->rows; number++) {
            struct row row;
            NAMED(look_around)(own, &row, 0, number, omp_get_thread_num());
            NAMED(tally_row)(own, &row, &agree, &up);
        }
#pragma omp atomic
        agrees += NAMED(tally_total)(&agree);
#pragma omp atomic
        ups += NAMED(tally_total)(&up);
    }
    system->model->binary->statistics(system, agrees, ups, statistics);
}

#define SITES_KERNEL(isa_, rank_, cpu_)                                      \
    {.name = "sites_" isa_, .family = "sites", .isa = isa_,                  \
     .summary = "bit-sliced sites: one big 2D or 3D lattice in 256 tiles",   \
     .streams = 1u << STREAM_SITE, .rank = rank_, .cpu = cpu_,               \
     .refuses = NAMED(refuses), .create = NAMED(create),                     \
     .destroy = NAMED(destroy), .put = NAMED(put), .get = NAMED(get),        \
     .relabel = NAMED(relabel), .sweep = NAMED(sweep),                       \
     .measure = NAMED(measure)}
