/* What is known beside a run: lines that pictures draw with its numbers, no
   predictions of them. Models, dynamics and solvers may have a table of them,
   which ends with of NULL. */
#ifndef TEMPERA_CORE_GUIDE_H
#define TEMPERA_CORE_GUIDE_H

struct system;

struct guide {
    /* An estimate, or a vector that is recorded; or a component of lambda:
       where the transition is. */
    const char *of;
    const char *says; /* what it is and whose */
    /* Its height at lambda; NAN: not of this system. */
    double (*at)(const struct system *system, const double *lambda);
    /* Not 0, instead of at: after a quench lengths in `of` grow as this power
       of time. */
    double power;
};

#endif
