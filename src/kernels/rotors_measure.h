/* Sums of the kernels of unit vectors: those of rotors_measure, in its order.
   A part of kernels/rotors_body.h. */

struct rotor_vectors {
    doubles bonds, current[LATTICE_DIM][ROTORS_PLANES], moment[ROTORS_MOST];
};

ROTORS_INLINE void NAMED(add)(doubles *sum, floats x)
{
    *sum += __builtin_convertvector(x, doubles);
}

ROTORS_INLINE void NAMED(sum_bond)(const floats *s, const floats *t, int axis,
                                   const int n, struct rotor_vectors *sums)
{
    NAMED(add)(&sums->bonds, NAMED(dot)(n, s, t));
    for (int p = 0; p < (n == 2 ? 1 : 3); p++) {
        int q = n == 2 ? 1 : (p + 1) % 3;
        NAMED(add)(&sums->current[axis][p], s[p] * t[q] - s[q] * t[p]);
    }
}

ROTORS_INLINE void NAMED(sum_column)(const struct rotor_bank *own,
                                     const floats *spin,
                                     struct rotor_vectors *sums, const int z,
                                     const int n)
{
    const int32_t *other = own->links->other;
    for (int i = 0; i < own->sites; i++, other += z) {
        const floats *s = spin + i * n;
        for (int c = 0; c < n; c++)
            NAMED(add)(&sums->moment[c], s[c]);
        for (int a = 0; a < z / 2; a++)
            if (other[2 * a + 1] >= 0)
                NAMED(sum_bond)(s, spin + other[2 * a + 1] * n, a, n, sums);
    }
}

static void NAMED(measure_column)(const struct rotor_bank *own, int column,
                                  struct rotor_vectors *sums)
{
    const floats *spin = NAMED(column)(own, column);
    memset(sums, 0, sizeof *sums);
    ROTORS_CASES(own->degree, own->n, sum_column, own, spin, sums);
}

static struct rotor_sums NAMED(sums_of)(const struct rotor_vectors *from,
                                        int lane)
{
    struct rotor_sums sums = {.bonds = from->bonds[lane]};
    for (int a = 0; a < LATTICE_DIM; a++)
        for (int p = 0; p < ROTORS_PLANES; p++)
            sums.current[a][p] = from->current[a][p][lane];
    for (int c = 0; c < ROTORS_MOST; c++)
        sums.moment[c] = from->moment[c][lane];
    return sums;
}

static void NAMED(measure)(const struct bank *bank, double *statistics,
                           int threads)
{
    const struct rotor_bank *own = (const struct rotor_bank *)bank;
    const struct system *system = bank->spec.system;
    struct rotor_vectors vectors[COLUMNS_MOST];
#pragma omp parallel for num_threads(threads) if (threads > 1)
    for (int column = 0; column < own->columns; column++)
        NAMED(measure_column)(own, column, &vectors[column]);
    for (int lane = 0; lane < bank->spec.lanes; lane++) {
        struct rotor_place at = NAMED(place)(bank, lane);
        struct rotor_sums sums = NAMED(sums_of)(&vectors[at.column], at.lane);
        rotors_statistics(system, &sums,
                          statistics + lane * system->model->statistics);
    }
}
