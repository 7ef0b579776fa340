/* What models of unit vectors share: n components in single precision on the
   sites of a lattice, u = -J sum_<ij> s_i.s_j. A model of this kind calls
   rotors_build and names these functions in its table; kernels find it by
   system_rotors.

   Everything that moves a state is made of single-precision +, -, * and / in
   the order written in rotors.c, so that kernels agree with it bit for bit:

     field      h = sum over directions 0, 1, ... of the neighbour, 0 for one
                that is missing
     proposal   s turned by the unit quaternion along (1, v): v in the cube
                |v_a| < step, symmetric, so the turn back is as likely. With
                two components v = (0, 0, t).
     du         -J (s' - s).h
     reflection s' = (2 s.h / h.h) h - s
     direction  uniform: z in (-1, 1) if there are three components, an angle
                in the other two

   Rounding lets lengths drift, by 1e-7 a move. Proposals of every 16th sweep
   take Newton's step back to length 1: s (3/2 - s.s / 2). */
#ifndef TEMPERA_CORE_ROTORS_H
#define TEMPERA_CORE_ROTORS_H
#include "core/links.h"
#include "core/order.h"

enum { ROTORS_MOST = 3, ROTORS_PLANES = 3, ROTORS_LENGTHS = 16 };

/* Added to h.h: a field of zero mirrors s to -s. */
#define ROTORS_TINY 1e-30f

/* sin and cos of pi/4 y, |y| < 1, by polynomials in y^2 to 1e-7. */
#define ROTORS_SIN0 0x1.921fb4p-1f
#define ROTORS_SIN1 -0x1.4abba8p-4f
#define ROTORS_SIN2 0x1.465a3ep-9f
#define ROTORS_SIN3 -0x1.2cf5d2p-15f
#define ROTORS_COS1 -0x1.3bd3ccp-2f
#define ROTORS_COS2 0x1.03c1dep-6f
#define ROTORS_COS3 -0x1.55c664p-12f
#define ROTORS_COS4 0x1.d9f7b8p-19f

struct rotors {
    int components;      /* 2 or 3 */
    double J;
    struct links *links;
};

/* NULL when the system is of another kind. */
const struct rotors *system_rotors(const struct system *system);

/* Takes the lattice over. */
void rotors_build(struct system *system, int components,
                  struct lattice *lattice, double J);
void rotors_release(struct system *system);

/* statistics = { sum over bonds of s_i.s_j; sum over axes and planes of the
   current squared; sum of s by component }, where the current of an axis in
   a plane of components is sum over its bonds of the cross product there. */
struct rotor_sums {
    double bonds, current[LATTICE_DIM][ROTORS_PLANES], moment[ROTORS_MOST];
};
enum { ROTORS_STATISTICS = 2 + ROTORS_MOST };
void rotors_statistics(const struct system *system,
                       const struct rotor_sums *sums, double *statistics);
void rotors_measure(const struct system *system, int sample,
                    const void *state, double *statistics);
void rotors_u(const struct system *system, const double *statistics,
              double *u);

/* lambda = 0: every site uniform on the circle or sphere, ln Z = 0. */
bool rotors_exact_at(const struct system *system, const double *lambda,
                     double *ln_z);
void rotors_draw(const struct system *system, int sample,
                 const struct draws *draws, enum rng_purpose purpose,
                 void *state);
void rotors_ordered(const struct system *system, void *state);
double rotors_variance(const struct system *system, int k);

extern const struct continuous rotors_2, rotors_3;
extern const struct grad rotors_grad;

/* ---- observables ------------------------------------------------------- */

double rotors_current_2(const struct system *system,
                        const double *statistics);
double rotors_abs_magnetization(const struct system *system,
                                const double *statistics);
double rotors_magnetization_2(const struct system *system,
                              const double *statistics);
double rotors_magnetization_4(const struct system *system,
                              const double *statistics);
#define ROTORS_OBSERVABLES                                                   \
    {.name = "energy", .unit = "energy", .per_site = true, .even = true,     \
     .of = order_energy, .definition = "-J sum_<ij> s_i.s_j / N"},          \
    {.name = "abs_magnetization", .unit = "1", .per_site = true,             \
     .even = true, .of = rotors_abs_magnetization,                           \
     .definition = "|m|, m = sum_i s_i / N"},                                \
    {.name = "magnetization_2", .unit = "1", .per_site = true, .even = true, \
     .of = rotors_magnetization_2, .definition = "|m|^2"},                   \
    {.name = "magnetization_4", .unit = "1", .per_site = true, .even = true, \
     .of = rotors_magnetization_4, .definition = "|m|^4"},                   \
    {.name = "current_2", .unit = "energy^2", .per_site = true,              \
     .even = true, .of = rotors_current_2,                                   \
     .definition = "(J sum over bonds of an axis of s_i x s_j)^2 / N, mean " \
                   "over axes and planes"}

double rotors_helicity_modulus(const struct system *system,
                               const double *lambda, const double *means);
double rotors_susceptibility(const struct system *system,
                             const double *lambda, const double *means);
#define ROTORS_HELICITY                                                      \
    .name = "helicity_modulus", .unit = "energy",                            \
    .definition = "J <sum s_i.s_j> 2 / (n N) - beta <current_2>, bonds of "  \
                  "an axis, mean over axes",                                 \
    .value = rotors_helicity_modulus,                                        \
    .term = {{"energy", 0, NULL}, {"current_2", 0, NULL}}
#define ROTORS_DERIVED                                                       \
    {.name = "susceptibility", .unit = "1/energy",                           \
     .definition = "beta N <|m|^2>, all components",                         \
     .value = rotors_susceptibility,                                         \
     .term = {{"abs_magnetization", 0, term_square}}},                       \
    {.name = "susceptibility_abs", .unit = "1/energy",                       \
     .definition = "beta N (<|m|^2> - <|m|>^2)",                             \
     .value = order_susceptibility,                                          \
     .term = {{"abs_magnetization", 0, NULL},                                \
              {"abs_magnetization", 0, term_square}}},                       \
    {.name = "binder", .unit = "1",                                          \
     .definition = "1 - <|m|^4> / (3 <|m|^2>^2)", .value = order_binder,     \
     .term = {{"abs_magnetization", 0, term_square},                         \
              {"abs_magnetization", 0, term_fourth}}}

/* ---- the rest of a model's table --------------------------------------- */

#define ROTORS_KEYS(KEY)                                                     \
    KEY(integers, shape, "[16, 16]", 2, 1e6, NULL, "sites", 0,               \
        "size of each axis; one to four axes")                               \
    KEY(real, J, "1.0", -1e6, 1e6, NULL, "energy", 0,                        \
        "coupling of nearest neighbours; negative: antiferromagnet")         \
    KEY(text, boundary, "periodic", 0, 0, "periodic|open", "", 0,            \
        "of all axes; a periodic axis of size 2 is a double bond")
void rotors_check(const struct section *keys, struct err *err);
extern const struct field rotors_fields_2[], rotors_fields_3[];

#define ROTORS_MODEL                                                         \
    .components = 1, .component = {"beta"}, .u_unit = "energy",              \
    .u_definition = "-J sum_<ij> s_i.s_j", .check = rotors_check,            \
    .release = rotors_release, .measure = rotors_measure, .u = rotors_u,     \
    .reference = "uniform", .exact_at = rotors_exact_at,                     \
    .draw = rotors_draw, .ordered = rotors_ordered, .grad = &rotors_grad,    \
    .variance = rotors_variance

#endif
