/* The part of the lanes' bodies that measures. Included by
   kernels/lanes_body.h. */

static void NAMED(measure_column)(const struct lanes *own, int column,
                                  double *statistics)
{
    const struct bank_spec *spec = &own->bank.spec;
    const struct model *model = spec->system->model;
    const VECTOR *spin = own->spin + column * own->sites;
    const VECTOR *sign = spec->system->pairs
                             ? own->sign + column * own->ends.bonds : NULL;
    struct tally differ = {.count = 0}, up = {.count = 0};
    VECTOR digit[TALLY_LEVELS + 4];
    int64_t differs[64 * VECTOR_WORDS], ups[64 * VECTOR_WORDS];
    ends_tally_up(spin, own->sites, &up);
    tally_spread(digit, tally_digits(&up, digit), ups);
    ends_tally(own->ends, spin, sign, &differ);
    tally_spread(digit, tally_digits(&differ, digit), differs);
    for (int lane = 0; lane < spec->lanes; lane++) {
        struct place at = NAMED(place_of)(own, lane);
        int i = 64 * at.word + __builtin_ctzll(at.bit);
        if (at.column == column)
            model->binary->statistics(spec->system,
                                      own->ends.bonds - differs[i], ups[i],
                                      statistics + model->statistics * lane);
    }
}

static void NAMED(measure)(const struct bank *bank, double *statistics,
                           int threads)
{
    const struct lanes *own = (const struct lanes *)bank;
    (void)threads;
    for (int column = 0; column < own->columns; column++)
        NAMED(measure_column)(own, column, statistics);
}

#define LANES_KERNEL(isa_, rank_, cpu_)                                      \
    {.name = "lanes_" isa_, .family = "lanes", .isa = isa_,                  \
     .summary = "bit-sliced lanes: 256 replicas of a small lattice, "        \
                "a rung each",                                               \
     .streams = 1u << STREAM_LANE, .rank = rank_, .cpu = cpu_,               \
     .refuses = NAMED(refuses), .create = NAMED(create),                     \
     .destroy = NAMED(destroy), .put = NAMED(put), .get = NAMED(get),        \
     .relabel = NAMED(relabel), .sweep = NAMED(sweep),                       \
     .measure = NAMED(measure)}
