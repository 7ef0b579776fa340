/* Who stands for whom: the one-to-one assignment of rows to columns whose
   gains add up to most, by shortest augmenting paths in O(n^3) (Kuhn, Naval
   Res. Logist. Q. 2, 83 (1955); Jonker, Volgenant, Computing 38, 325 (1987)).
   Which of several best ones is a function of the gains alone. */
#ifndef TEMPERA_SYSTEMS_ASSIGNMENT_H
#define TEMPERA_SYSTEMS_ASSIGNMENT_H

/* gain[n][n], finite; column[n] of every row. */
void assignment_best(int n, const double *gain, int *column);

#endif
