/* Reflections and Metropolis attempts of the kernels of unit vectors: z
   neighbours, n components, as core/rotors.c has them. A part of
   kernels/rotors_body.h. */

ROTORS_INLINE floats *NAMED(at)(floats *spin, uint32_t bytes)
{
    return (floats *)((char *)spin + bytes);
}

ROTORS_INLINE void NAMED(field)(floats *spin, const uint32_t *near,
                                const int z, const int n, floats *h)
{
    for (int c = 0; c < n; c++)
        h[c] = NAMED(at)(spin, near[0])[c];
    for (int d = 1; d < z; d++)
        for (int c = 0; c < n; c++)
            h[c] += NAMED(at)(spin, near[d])[c];
}

ROTORS_INLINE floats NAMED(dot)(const int n, const floats *a,
                                const floats *b)
{
    floats sum = a[0] * b[0];
    for (int c = 1; c < n; c++)
        sum += a[c] * b[c];
    return sum;
}

ROTORS_INLINE void NAMED(reflect)(const struct rotor_bank *own, floats *spin,
                                  const int z, const int n)
{
    const uint32_t *near = own->near;
    for (int i = 0; i < own->sites; i++, near += z) {
        floats *s = NAMED(at)(spin, own->place[i]), h[ROTORS_MOST];
        NAMED(field)(spin, near, z, n, h);
        floats scale = 2 * NAMED(dot)(n, s, h) /
                       (NAMED(dot)(n, h, h) + ROTORS_TINY);
        for (int c = 0; c < n; c++)
            s[c] = scale * h[c] - s[c];
    }
}

/* 22 digits as an odd multiple of 2^-22 in (-1, 1). */
ROTORS_INLINE floats NAMED(symmetric)(words w)
{
    return (floats)(w >> 9 | 0x40000001) - 3;
}

ROTORS_INLINE void NAMED(cross)(const floats *a, const floats *b, floats *out)
{
    out[0] = a[1] * b[2] - a[2] * b[1];
    out[1] = a[2] * b[0] - a[0] * b[2];
    out[2] = a[0] * b[1] - a[1] * b[0];
}

/* v: cosine and sine */
ROTORS_INLINE void NAMED(turn_2)(const floats *v, const floats *s, floats *to)
{
    to[0] = v[0] * s[0] - v[1] * s[1];
    to[1] = v[1] * s[0] + v[0] * s[1];
}

ROTORS_INLINE void NAMED(turn_3)(const floats *v, const floats *s, floats *to)
{
    floats once[3], twice[3], w = 2 / (1 + NAMED(dot)(3, v, v));
    NAMED(cross)(v, s, once);
    NAMED(cross)(v, once, twice);
    for (int c = 0; c < 3; c++)
        to[c] = s[c] + w * (once[c] + twice[c]);
}

/* Attempts at `count` sites of a chunk, in steps over all of them: one
   site's chain of operations is longer than the cpu looks ahead. */
struct rotor_attempts {
    uint64_t tick;
    int column, first, count; /* first: in the chunk */
    floats to[ROTORS_CHUNK][ROTORS_MOST], d[ROTORS_CHUNK];
    floats over[ROTORS_CHUNK]; /* accepted where > 0 */
};

/* Where the words of the first site begin; one site to the next. */
ROTORS_INLINE int NAMED(words_at)(const struct rotor_bank *own,
                                  const struct rotor_chunk *chunk, int i,
                                  int column)
{
    return (i * chunk->planes - chunk->first_plane) * PLANE_WORDS +
           own->first_word + column * FLOATS;
}

/* What turns the spins: two components cosine and sine, three v. */
ROTORS_INLINE void NAMED(draw_turns)(const struct rotor_bank *own,
                                     const struct rotor_chunk *chunk,
                                     struct rotor_attempts *a, const int n)
{
    int at = NAMED(words_at)(own, chunk, a->first, a->column);
    floats step = own->step[a->column];
    for (int i = 0; i < a->count; i++, at += chunk->planes * PLANE_WORDS)
        for (int k = 0; k < (n == 2 ? 1 : 3); k++) {
            const uint32_t *word = (const uint32_t *)chunk->propose[k] + at;
            floats t = step * NAMED(symmetric)(floats_words(word));
            a->to[i][k] = t;
            if (n == 2) {
                floats w = 2 / (1 + t * t);
                a->to[i][0] = w - 1;
                a->to[i][1] = w * t;
            }
        }
}

/* The proposals, and d = (s' - s).h. */
ROTORS_INLINE void NAMED(propose)(const struct rotor_bank *own, floats *spin,
                                  int first, struct rotor_attempts *a,
                                  const int z, const int n)
{
    const uint32_t *near = own->near + (size_t)first * (size_t)z;
    bool length = a->tick % ROTORS_LENGTHS == 0;
    for (int i = 0; i < a->count; i++, near += z) {
        const floats *s = NAMED(at)(spin, own->place[first + i]);
        floats h[ROTORS_MOST], change[ROTORS_MOST], to[ROTORS_MOST];
        if (n == 2)
            NAMED(turn_2)(a->to[i], s, to);
        else
            NAMED(turn_3)(a->to[i], s, to);
        if (length) {
            floats scale = 1.5f - 0.5f * NAMED(dot)(n, to, to);
            for (int c = 0; c < n; c++)
                to[c] *= scale;
        }
        NAMED(field)(spin, near, z, n, h);
        for (int c = 0; c < n; c++) {
            change[c] = to[c] - s[c];
            a->to[i][c] = to[c];
        }
        a->d[i] = NAMED(dot)(n, change, h);
    }
}

/* The exact rule, for one lane. */
static bool NAMED(accepts)(const struct rotor_bank *own,
                           const struct rotor_attempts *a, uint32_t site,
                           int lane, float d)
{
    const struct bank_spec *spec = &own->bank.spec;
    struct draws draws = {.kind = STREAM_WORD, .seed = spec->seed,
                          .tick = a->tick,
                          .walker = spec->first_walker + lane};
    double du = -system_rotors(spec->system)->J * (double)d;
    double x = rung_dot(spec->rung[own->bank.label[lane]].lambda, &du, 1);
    return x <= 0 || draws_below(&draws, RNG_UPDATE, site, num_exp(-x));
}

/* Decides what the quick exp has left open. */
static void __attribute__((noinline))
NAMED(settle)(const struct rotor_bank *own, int first,
              struct rotor_attempts *a)
{
    int shift = own->first_word + a->column * FLOATS -
                (int)(own->bank.spec.first_walker % ROTORS_LANES);
    for (int i = 0; i < a->count; i++)
        for (int k = 0; k < FLOATS; k++) {
            int lane = shift + k;
            if (fabsf(a->over[i][k]) > FLOATS_EXP_ERROR + 2 || lane < 0 ||
                lane >= own->bank.spec.lanes)
                continue;
            uint32_t site = own->links->order[first + i];
            a->over[i][k] = NAMED(accepts)(own, a, site, lane, a->d[i][k])
                                ? 1 : -1;
        }
}

/* U's first 24 digits are an integer, U is less than one more: accepted when
   exp is well over it. Where x >= 0 the quick exp is 2^24 or more. */
ROTORS_INLINE void NAMED(decide)(struct rotor_bank *own,
                                 const struct rotor_chunk *chunk,
                                 struct rotor_attempts *a)
{
    int at = NAMED(words_at)(own, chunk, a->first, a->column);
    floats gain = own->gain[a->column];
    ints open = {0};
    for (int i = 0; i < a->count; i++, at += chunk->planes * PLANE_WORDS) {
        words w = floats_words((const uint32_t *)chunk->update + at);
        floats u = __builtin_convertvector((ints)(w >> 8), floats);
        floats over = floats_exp2_24(gain * a->d[i]) - u;
        a->over[i] = over;
        open |= (floats)((ints)over & 0x7fffffff) <= FLOATS_EXP_ERROR + 2;
    }
    if (floats_any(open))
        NAMED(settle)(own, chunk->first + a->first, a);
}

ROTORS_INLINE void NAMED(move)(struct rotor_bank *own, floats *spin,
                               int first, const struct rotor_attempts *a,
                               const int n)
{
    ints hits = own->hits[a->column];
    for (int i = 0; i < a->count; i++) {
        floats *s = NAMED(at)(spin, own->place[first + i]);
        ints accept = a->over[i] > 0;
        hits -= accept;
        for (int c = 0; c < n; c++)
            s[c] = floats_select(accept, a->to[i][c], s[c]);
    }
    own->hits[a->column] = hits;
}
