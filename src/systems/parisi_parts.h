/* Between the files of parisi: averages over the last normal number, under
   the weight e^(y F_K), of F_K(x) = T ln 2 cosh(x/T). */
#ifndef TEMPERA_SYSTEMS_PARISI_PARTS_H
#define TEMPERA_SYSTEMS_PARISI_PARTS_H

struct parisi_last {
    double ln_A;                  /* ln <e^(y F)> */
    double F, tanh, tanh2, sech4; /* tilted: <e^(y F) ...>/<e^(y F)> */
    double zero;                  /* T = 0: tilted density at x = 0 */
};

struct parisi_last_rule;

/* y > 0, variance > 0 of the normal number. */
struct parisi_last_rule *parisi_last_new(double T, double y, double variance);
struct parisi_last parisi_last_at(const struct parisi_last_rule *rule,
                                  double x); /* x >= 0 */
/* What F_K is less than T ln 2 cosh(x/T), so that little cancels near the
   transition: 0 or T ln 2. */
double parisi_last_less(const struct parisi_last_rule *rule);
void parisi_last_free(struct parisi_last_rule *rule);

#endif
