/* Averages over x = about + sqrt(variance) z, z a standard normal number,
   under the weight e^(y F(x)), F(x) = T ln 2 cosh(x/T), that is
   (2 cosh(x/T))^m with m = y T; |x| at T = 0. What the innermost step of
   replica symmetry breaking needs, of Ising spins. Good to about 1e-14. */
#ifndef TEMPERA_SYSTEMS_COSH_AVERAGE_H
#define TEMPERA_SYSTEMS_COSH_AVERAGE_H

struct cosh_average {
    double ln_A;                  /* ln <e^(y F)> */
    double F, tanh, tanh2, sech4; /* <e^(y F) ...>/<e^(y F)>, of x/T */
    double sech2;                 /* 1 - tanh2 without cancellation */
    double zero;                  /* T = 0: the weighted density of x at 0 */
};

struct cosh_rule;

/* y > 0, T >= 0, variance > 0. The caller frees it. */
struct cosh_rule *cosh_rule_new(double T, double y, double variance);
/* about >= 0 */
struct cosh_average cosh_average(const struct cosh_rule *rule, double about);
/* F is given less by this, so that little cancels where x/T is small: 0 or
   T ln 2. */
double cosh_rule_less(const struct cosh_rule *rule);
void cosh_rule_free(struct cosh_rule *rule);

#endif
