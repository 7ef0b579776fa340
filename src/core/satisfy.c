#include "core/satisfy.h"

#include <math.h>

#include "base/alloc.h"
#include "systems/cnf.h"
#include "systems/decimation.h"

/* Positions of literals and clauses fit their types, and memory. */
enum { LITERALS_MOST = 1 << 30 };

/* ---- the formula --------------------------------------------------------- */

static struct cnf *of_file(const struct section *keys, const char *file,
                           struct err *err)
{
    static const char *const made[] = {"N", "alpha", "k"};
    for (int i = 0; i < 3; i++)
        if (section_given(keys, made[i]))
            err_add(err, EXIT_INPUT, section_where(keys, made[i]),
                    "%s: is of random formulas, but file says where the "
                    "formula is: give one or the other", made[i]);
    return err_any(err) ? NULL : cnf_read(file, err);
}

static struct cnf *at_random(const struct section *keys, struct err *err)
{
    int64_t bits = section_integer(keys, "N", 0);
    int64_t k = section_integer(keys, "k", 0);
    double clauses = nearbyint(section_real(keys, "alpha", 0) * (double)bits);
    if (k > bits)
        err_add(err, EXIT_INPUT, section_where(keys, "k"), "k: %lld "
                "different bits of %lld: at most %lld", (long long)k,
                (long long)bits, (long long)bits);
    if (clauses * (double)k > LITERALS_MOST)
        err_add(err, EXIT_INPUT, section_where(keys, "alpha"), "alpha: %.0f "
                "clauses of %lld literals: at most %d literals in all",
                clauses, (long long)k, LITERALS_MOST);
    return err_any(err) ? NULL
                        : cnf_random((int32_t)bits, (int64_t)clauses, (int)k,
                                     section_seed(keys, "seed", 1));
}

/* ---- results ------------------------------------------------------------- */

static void add_count(struct solution *solution, const char *name,
                      int64_t count, const char *unit)
{
    solution_add(solution, name, (double)count, 0, unit);
}

static struct solution_curve curve_of(const char *name, const char *unit,
                                      const char *definition, int64_t count)
{
    return (struct solution_curve){
        .name = name, .unit = unit, .definition = definition, .count = count,
        .value = mem_new((size_t)count, sizeof(double))};
}

static void add_fixed_point(struct solution *solution, const struct cnf *cnf,
                            const struct decimation *d, double rho)
{
    double bits = cnf->bits;
    if (!d->converged) {
        solution_warn(solution, "messages did not converge on the whole "
                      "formula: %s", rho > 0 ? "no complexity"
                                             : "no entropy and no marginals");
        return;
    }
    if (rho > 0) {
        solution_add(solution, "complexity", d->entropy / bits,
                     d->entropy_error / bits, "nats");
        solution_add(solution, "largest_survey", d->largest, 1e-9, "1");
        return;
    }
    solution_add(solution, "bethe_entropy", d->entropy, d->entropy_error,
                 "nats");
    solution_add(solution, "entropy_per_site", d->entropy / bits,
                 d->entropy_error / bits, "nats");
    struct solution_curve curve = curve_of(
        "marginal", "1", "probability that a bit is true, by belief "
        "propagation", cnf->bits);
    for (int32_t b = 0; b < cnf->bits; b++)
        curve.value[b] = (1 + d->bias[b]) / 2;
    solution_add_curve(solution, curve);
}

static void add_search(struct solution *solution, const struct decimation *d)
{
    add_count(solution, "decimated", d->decimated, "bits");
    add_count(solution, "propagated", d->propagated, "bits");
    add_count(solution, "searched", d->searched, "bits");
    add_count(solution, "flips", d->flips, "flips");
    add_count(solution, "sweeps", d->sweeps, "sweeps");
    add_count(solution, "tries", d->tries, "1");
    add_count(solution, "violated", d->violated, "clauses");
    if (d->unconverged)
        solution_warn(solution, "in %lld steps bits were set by messages "
                      "that had not converged", (long long)d->unconverged);
    if (d->failed)
        solution_warn(solution, "what was set came to contradict a clause: "
                      "local search had the whole formula");
}

static void add_assignment(struct solution *solution, const struct cnf *cnf,
                           const struct decimation *d)
{
    struct solution_curve curve = curve_of(
        "assignment", "1", "bit by bit, 1 true, -1 false; every clause was "
        "checked", cnf->bits);
    for (int32_t b = 0; b < cnf->bits; b++)
        curve.value[b] = d->value[b];
    solution_add_curve(solution, curve);
}

static void add_all(struct solution *solution, const struct cnf *cnf,
                    const struct decimation *d, double rho)
{
    add_count(solution, "bits", cnf->bits, "bits");
    add_count(solution, "clauses", cnf->clauses, "clauses");
    if (cnf->tautologies)
        add_count(solution, "tautologies", cnf->tautologies, "clauses");
    if (d->outcome == DECIMATION_CONTRADICTION) {
        solution->phase = "unsatisfiable";
        solution_warn(solution, "clauses of one bit, after what they force, "
                      "contradict each other: no assignment exists");
        return;
    }
    add_count(solution, "forced", d->forced, "bits");
    add_fixed_point(solution, cnf, d, rho);
    add_search(solution, d);
    solution->phase = d->outcome == DECIMATION_FOUND ? "satisfied"
                                                     : "not found";
    if (d->outcome == DECIMATION_FOUND)
        add_assignment(solution, cnf, d);
    else
        solution_warn(solution, "no satisfying assignment was found; that is "
                      "no proof that there is none");
}

void satisfy_solve(const struct section *keys, double rho,
                   struct solution *solution, struct err *err)
{
    const char *file = section_text(keys, "file", "");
    struct cnf *cnf = *file ? of_file(keys, file, err) : at_random(keys, err);
    if (!cnf)
        return;
    struct decimation d = decimate(cnf, &(struct decimation_plan){
        .rho = rho, .fraction = section_real(keys, "fraction", 0),
        .iterations = section_integer(keys, "iterations", 1),
        .flips = section_integer(keys, "flips", 0),
        .restarts = section_integer(keys, "restarts", 0),
        .seed = section_seed(keys, "seed", 1)});
    add_all(solution, cnf, &d, rho);
    decimation_free(&d);
    cnf_free(cnf);
}
