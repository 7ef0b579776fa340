/* The part of the lanes' bodies that measures. Included by
   kernels/lanes_body.h. */

/* The count of one lane. */
static int64_t NAMED(tally_lane)(const VECTOR *digit, int digits,
                                 struct place at)
{
    int64_t count = 0;
    for (int k = 0; k < digits; k++)
        count |= (int64_t)NAMED(get_bit)(digit + k, at) << k;
    return count;
}

static void NAMED(measure_column)(const struct lanes *own, int column,
                                  double *statistics)
{
    const struct bank_spec *spec = &own->bank.spec;
    const struct model *model = spec->system->model;
    const VECTOR *spin = own->spin + column * own->sites;
    const VECTOR *sign = spec->system->pairs
                             ? own->sign + column * own->ends.bonds : NULL;
    struct tally differ = {.count = 0}, up = {.count = 0};
    VECTOR differs[TALLY_LEVELS + 4], ups[TALLY_LEVELS + 4];
    ends_tally_up(spin, own->sites, &up);
    ends_tally(own->ends, spin, sign, &differ);
    int differ_digits = tally_digits(&differ, differs);
    int up_digits = tally_digits(&up, ups);
    for (int lane = 0; lane < spec->lanes; lane++) {
        struct place at = NAMED(place_of)(own, lane);
        if (at.column != column)
            continue;
        model->binary->statistics(
            spec->system,
            own->ends.bonds - NAMED(tally_lane)(differs, differ_digits, at),
            NAMED(tally_lane)(ups, up_digits, at),
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
