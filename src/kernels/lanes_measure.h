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

static void NAMED(tally_bonds)(const struct lanes *own, int column,
                               struct tally *agree)
{
    const VECTOR *spin = own->spin + column * own->sites;
    const VECTOR *sign = own->sign + column * own->bonds;
    const struct links *links = own->links;
    if (own->bonds) {
        const int32_t *ends = own->bank.spec.system->pairs->ends;
        for (int64_t b = 0; b < own->bonds; b++)
            tally_add(agree, ~(spin[ends[2 * b]] ^ spin[ends[2 * b + 1]] ^
                               sign[b]));
        return;
    }
    for (int i = 0; i < own->sites; i++)
        for (int d = 1; d < links->degree; d += 2) {
            int32_t other = links->other[i * links->degree + d];
            if (other >= 0)
                tally_add(agree, ~(spin[i] ^ spin[other]));
        }
}

static void NAMED(measure_column)(const struct lanes *own, int column,
                                  double *statistics)
{
    const struct bank_spec *spec = &own->bank.spec;
    const struct model *model = spec->system->model;
    const VECTOR *spin = own->spin + column * own->sites;
    struct tally agree = {.count = 0}, up = {.count = 0};
    VECTOR agrees[TALLY_LEVELS + 4], ups[TALLY_LEVELS + 4];
    for (int i = 0; i < own->sites; i++)
        tally_add(&up, spin[i]);
    NAMED(tally_bonds)(own, column, &agree);
    int agree_digits = tally_digits(&agree, agrees);
    int up_digits = tally_digits(&up, ups);
    for (int lane = 0; lane < spec->lanes; lane++) {
        struct place at = NAMED(place_of)(own, lane);
        if (at.column != column)
            continue;
        model->binary->statistics(
            spec->system, NAMED(tally_lane)(agrees, agree_digits, at),
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
