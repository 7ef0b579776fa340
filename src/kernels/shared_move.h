/* Part of shared_body.h: exchanges and relabelling move configurations
   between rungs, lanes of a word at a time. */

/* Lanes of `mask` change places between two rungs. */
static void NAMED(swap)(struct shared *own, int rung, int other, int column,
                        VECTOR mask)
{
    VECTOR *a = NAMED(spins)(own, rung, column);
    VECTOR *b = NAMED(spins)(own, other, column);
    for (int i = 0; i < own->sites; i++) {
        VECTOR differ = (a[i] ^ b[i]) & mask;
        a[i] ^= differ;
        b[i] ^= differ;
    }
}

/* Any permutation of one sample's walkers, by transpositions. */
static void NAMED(permute)(struct shared *own, int sample, const int *label)
{
    int *now = own->bank.label + sample * own->slots;
    int column = sample / 64 / VECTOR_WORDS;
    VECTOR mask = vector_zero();
    ((uint64_t *)&mask)[sample / 64 % VECTOR_WORDS] =
        UINT64_C(1) << sample % 64;
    for (int w = 0; w < own->slots; w++) {
        int there = w;
        if (now[w] == label[w])
            continue;
        while (there < own->slots && now[there] != label[w])
            there++;
        NAMED(swap)(own, now[w], label[w], column, mask);
        if (there < own->slots)
            now[there] = now[w];
        now[w] = label[w];
    }
}

/* Are all changes swaps of neighbours? Then they are marked:
   mask[edge][column]. */
static bool NAMED(neighbours)(const struct shared *own, int sample,
                              const int *label, VECTOR *mask, int *at)
{
    const int *old = own->bank.label + sample * own->slots;
    int column = sample / 64 / VECTOR_WORDS;
    for (int w = 0; w < own->slots; w++)
        at[old[w]] = w;
    for (int w = 0; w < own->slots; w++) {
        int partner = at[label[w]];
        if (abs(label[w] - old[w]) > 1 || label[partner] != old[w])
            return false;
    }
    for (int w = 0; w < own->slots; w++)
        if (label[w] == old[w] + 1)
            ((uint64_t *)(mask + old[w] * own->columns + column))
                [sample / 64 % VECTOR_WORDS] |= UINT64_C(1) << sample % 64;
    return true;
}

static void NAMED(move)(struct shared *own, const int *label)
{
    int rungs = own->slots;
    VECTOR *mask = mem_new((size_t)(rungs * own->columns), sizeof *mask);
    int *at = mem_new((size_t)rungs, sizeof *at);
    for (int s = 0; s < own->samples; s++) {
        const int *to = label + s * own->slots;
        if (!memcmp(to, own->bank.label + s * own->slots,
                    (size_t)own->slots * sizeof *to))
            continue;
        if (!NAMED(neighbours)(own, s, to, mask, at))
            NAMED(permute)(own, s, to);
    }
    for (int e = 0; e + 1 < rungs; e++)
        for (int column = 0; column < own->columns; column++)
            if (vector_any(mask[e * own->columns + column]))
                NAMED(swap)(own, e, e + 1, column,
                            mask[e * own->columns + column]);
    free(mask);
    free(at);
}

/* Is the rule "toggles when so many bonds agree and U is below the bar of that
   count", with falling bars? True of Metropolis without a field on sites of
   even degree z: counts up to z/2 always, z/2 + 1 + i below bar i. */
static bool NAMED(steps)(struct shared *own)
{
    const struct levels *l = own->levels;
    int z = l->degree, half = z / 2;
    uint32_t always = (UINT32_C(2) << half) - 1;
    own->ladder_like = (z == 4 || z == 6) && l->missing_most == 0 &&
                       l->p_count == half && l->base_count == 1 &&
                       l->base[0].members[0] == (always | always << 16);
    for (int c = 0; c < l->p_count && own->ladder_like; c++) {
        int count = __builtin_ctz(l->p[c].members[0]);
        uint32_t one = UINT32_C(1) << count;
        if (l->p[c].members[0] != (one | one << 16) || count <= half)
            own->ladder_like = false;
        else
            own->step[count - half - 1] = c;
    }
    return own->ladder_like;
}

static void NAMED(relabel)(struct bank *bank, const int *label, bool all)
{
    struct shared *own = (struct shared *)bank;
    const struct bank_spec *spec = &bank->spec;
    NAMED(move)(own, label);
    memcpy(bank->label, label, (size_t)spec->lanes * sizeof *label);
    for (int lane = 0; lane < spec->lanes; lane++)
        own->walker[label[lane] * own->samples + lane / own->slots] = lane;
    if (!all)
        return;
    levels_update(own->levels, spec->system, spec->dynamics, spec->rung);
    for (int r = 0; r < spec->rungs; r++)
        for (int c = 0; c < own->levels->p_count; c++)
            own->bar[r * LEVELS_CLASSES + c] =
                (uint64_t)(own->levels->p[c].p[r] * 0x1p32);
    NAMED(steps)(own);
}
