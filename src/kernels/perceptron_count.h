/* The part of the perceptron's bodies that counts examples: masked bits, and
   a lane's bit-sliced counters. Included by kernels/perceptron_body.h. */

/* Set bits, added up vector by vector; perc_sum is a vector of four sums, or
   their sum. */
#ifdef __AVX2__
typedef __m256i perc_sum;

static INLINE perc_sum perc_none(void) { return _mm256_setzero_si256(); }

/* Of every byte, by a table of four bits. */
static INLINE __m256i perc_bytes(__m256i x)
{
    const __m256i four = _mm256_set1_epi8(15);
    const __m256i ones = _mm256_broadcastsi128_si256(_mm_setr_epi8(
        0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4));
    __m256i low = _mm256_and_si256(x, four);
    __m256i high = _mm256_and_si256(_mm256_srli_epi16(x, 4), four);
    return _mm256_add_epi8(_mm256_shuffle_epi8(ones, low),
                           _mm256_shuffle_epi8(ones, high));
}

static INLINE perc_sum perc_more(perc_sum sum, __m256i bytes)
{
    return _mm256_add_epi64(sum, _mm256_sad_epu8(bytes, perc_none()));
}

static INLINE perc_sum perc_add(perc_sum sum, VECTOR x)
{
    return perc_more(sum, perc_bytes((__m256i)x));
}

/* Of four vectors: bytes up to 32. */
static INLINE perc_sum perc_add_common(perc_sum sum, const VECTOR *a,
                                       const VECTOR *b, int vectors)
{
    __m256i bytes = perc_bytes((__m256i)(a[0] & b[0]));
    for (int v = 1; v < vectors; v++)
        bytes = _mm256_add_epi8(bytes, perc_bytes((__m256i)(a[v] & b[v])));
    return perc_more(sum, bytes);
}

static INLINE int perc_total(perc_sum sum)
{
    __m128i half = _mm_add_epi64(_mm256_castsi256_si128(sum),
                                 _mm256_extracti128_si256(sum, 1));
    return _mm_cvtsi128_si32(half) + _mm_extract_epi32(half, 2);
}
#else
typedef int perc_sum;

static INLINE perc_sum perc_none(void) { return 0; }

static INLINE perc_sum perc_add(perc_sum sum, VECTOR v)
{
    for (int i = 0; i < VECTOR_WORDS; i++) {
        uint64_t x = VECTOR_WORD(v, i);
        x -= x >> 1 & UINT64_C(0x5555555555555555);
        x = (x & UINT64_C(0x3333333333333333)) +
            (x >> 2 & UINT64_C(0x3333333333333333));
        x = (x + (x >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
        sum += (int)((x * UINT64_C(0x0101010101010101)) >> 56);
    }
    return sum;
}

static INLINE perc_sum perc_add_common(perc_sum sum, const VECTOR *a,
                                       const VECTOR *b, int vectors)
{
    for (int v = 0; v < vectors; v++)
        sum = perc_add(sum, a[v] & b[v]);
    return sum;
}

static INLINE int perc_total(perc_sum sum) { return sum; }
#endif

/* |a & b| of so many vectors. */
static INLINE int perc_common(const VECTOR *a, const VECTOR *b, int vectors)
{
    perc_sum sum = perc_none();
    for (int v = 0; v < vectors; v += 4)
        sum = perc_add_common(sum, a + v, b + v,
                              vectors - v < 4 ? vectors - v : 4);
    return perc_total(sum);
}

/* ---- counters ------------------------------------------------------------ */

/* Vectors whose counters are stepped side by side, and what they find just
   above and below an edge. */
enum { PERC_TEAM = 4 };
struct perc_sides { VECTOR above[PERC_TEAM], below[PERC_TEAM]; };

/* So many vectors' counters plus 1 where dec has 0, less 1 where it has 1
   (carry all ones; all zero: as they are); at: k above the second edge. */
static INLINE void perc_step(VECTOR *counter, int levels, int vectors,
                             const VECTOR *dec, VECTOR move, int team,
                             int edges, int at, struct perc_sides *side)
{
    VECTOR carry[PERC_TEAM];
    for (int i = 0; i < team; i++)
        carry[i] = move;
    for (int l = 0; l < levels; l++, counter += vectors)
        UNROLL
        for (int i = 0; i < team; i++) {
            VECTOR old = counter[i], new = old ^ carry[i];
            counter[i] = new;
            carry[i] &= old ^ dec[i];
            side[0].above[i] &= ~new;
            side[0].below[i] &= new;
            if (edges > 1) {
                side[1].above[i] &= new ^ vector_all(!(at >> l & 1));
                side[1].below[i] &= new ^ vector_all(!((at - 1) >> l & 1));
            }
        }
}

/* Sums of above and below, edge by edge. */
struct perc_sums { perc_sum above[PERC_EDGES], below[PERC_EDGES]; };

/* The team from vector v on of a column that turns. */
static INLINE void perc_team(const struct perc *own, struct perc_lane *lane,
                             const VECTOR *column, VECTOR turn, VECTOR move,
                             int v, int team, int vectors, int edges,
                             struct perc_sums *sums)
{
    struct perc_sides side[PERC_EDGES];
    VECTOR dec[PERC_TEAM];
    for (int i = 0; i < team; i++) {
        dec[i] = column[v + i] ^ turn;
        for (int e = 0; e < edges; e++)
            side[e].above[i] = side[e].below[i] = own->valid[v + i];
    }
    perc_step(lane->counter + v, own->scale.levels, vectors, dec, move, team,
              edges, own->scale.at[1], side);
    for (int e = 0; e < edges; e++)
        for (int i = 0; i < team; i++) {
            VECTOR above = side[e].above[i], below = side[e].below[i];
            lane->edge[e][v + i] = above | below;
            sums->above[e] = perc_add(sums->above[e], above);
            sums->below[e] = perc_add(sums->below[e], below);
        }
}

/* A weight's column turns; up: it was so. step false: edges only. */
static INLINE void perc_turn(const struct perc *own, struct perc_lane *lane,
                             const VECTOR *column, bool up, bool step,
                             int vectors, int edges)
{
    VECTOR turn = vector_all(!up), move = vector_all(step);
    struct perc_sums sums;
    int v = 0;
    for (int e = 0; e < PERC_EDGES; e++)
        sums.above[e] = sums.below[e] = perc_none();
    for (; v + PERC_TEAM <= vectors; v += PERC_TEAM)
        perc_team(own, lane, column, turn, move, v, PERC_TEAM, vectors, edges,
                  &sums);
    for (; v < vectors; v++)
        perc_team(own, lane, column, turn, move, v, 1, vectors, edges, &sums);
    lane->base[0] = perc_total(sums.above[0]) - perc_total(sums.above[1]);
    lane->base[1] = perc_total(sums.below[0]) - perc_total(sums.below[1]);
}

/* How many examples have k < at. */
static int64_t perc_less(const struct perc *own, const struct perc_lane *lane,
                         int at)
{
    int64_t count = 0;
    int top = own->scale.levels - 1;
    for (int v = 0; v < own->vectors; v++) {
        VECTOR less = vector_zero(), same = own->valid[v];
        for (int l = top; l >= 0; l--) {
            VECTOR k = lane->counter[l * own->vectors + v];
            VECTOR c = vector_all(at >> l & 1);
            if (l == top) { /* the sign */
                k = ~k;
                c = ~c;
            }
            less |= same & ~k & c;
            same &= ~(k ^ c);
        }
        count += perc_total(perc_add(perc_none(), less));
    }
    return count;
}

/* Counters of vector v from the weights: k = (equal signs) + offset. */
static void perc_count(const struct perc *own, struct perc_lane *lane,
                       const VECTOR *column, int v, int64_t offset)
{
    struct tally tally = {.count = 0};
    VECTOR digit[TALLY_LEVELS + 4], carry = vector_zero();
    for (int i = 0; i < own->sites; i++)
        tally_add(&tally, column[(int64_t)i * own->vectors + v] ^
                              vector_all(!lane->up[i]));
    int digits = tally_digits(&tally, digit);
    for (int l = 0; l < own->scale.levels; l++)
        lane->counter[l * own->vectors + v] =
            full_adder(l < digits ? digit[l] : vector_zero(),
                       vector_all(offset >> l & 1), carry, &carry);
}
