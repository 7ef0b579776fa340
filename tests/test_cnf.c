/* Formulas: what is read, what is refused and with which words, mutated
   files, random ones. Mutated: whatever the bytes, there is either a formula
   that holds together or messages of class EXIT_INPUT that name the file,
   eleven at most. An argument says how many files instead of FILES. */
#include "base/alloc.h"
#include "mutations.h"
#include "systems/cnf.h"
#include "tap.h"

enum { FILES = 4000 };

/* "bits: a b; c": clauses between semicolons. */
static char *spell(const struct cnf *cnf)
{
    char *text = mem_text("%d:", cnf->bits);
    for (int64_t c = 0; c < cnf->clauses; c++) {
        for (int64_t l = cnf->start[c]; l < cnf->start[c + 1]; l++) {
            char *more = mem_text("%s %d", text, cnf->literal[l]);
            free(text);
            text = more;
        }
        char *more = mem_text("%s;", text);
        free(text);
        text = more;
    }
    return text;
}

static const struct { const char *what, *text, *want; } good[] = {
    {"plain", "c a comment\np cnf 3 2\n1 -2 0\n3 2 -1 0\n",
     "3: 1 -2; -1 2 3;"},
    {"lines of any shape", "p cnf 3 3\n1\n-2 0 3 2\n-1\n0 2 0",
     "3: 1 -2; -1 2 3; 2;"},
    {"Windows line ends, tabs, blank lines, mark, comments between",
     "\xef\xbb\xbfp\tcnf  2 2\r\n\r\n 1 2 0\r\nc 1 0\r\ncomment\n-1 0\r\n",
     "2: 1 2; -1;"},
    {"a literal twice, always true, empty", "p cnf 3 4\n2 1 2 0 1 -1 3 0 0 "
     "-3 -3 0\n", "3: 1 2;; -3;"},
    {"the end of SATLIB", "p cnf 2 1\n1 2 0\n%\n0\n\n", "2: 1 2;"},
    {"no clauses", "p cnf 5 0\n", "5:"}};

static const struct { const char *what, *text, *want; } bad[] = {
    {"empty", "", "bad: is empty"},
    {"comments alone", "c p cnf 1 0\n", "bad: is empty"},
    {"no header", "1 2 0\n", "bad:1: \"1\": expected \"p cnf V C\""},
    {"another problem", "c\np qubo 0 1 1 0\n", "bad:2: \"qubo\": expected"},
    {"header cut", "p cnf 3\n1 0\n",
     "bad:1: nothing is not a number of clauses"},
    {"no bits", "p cnf 0 1\n0\n", "\"0\" is not a number of bits"},
    {"huge", "p cnf 99999999999999999999 1\n1 0\n",
     "bad:1: \"99999999999999999999\" is not a number of bits"},
    {"many bits, few clauses", "p cnf 60000000 1\n1 0\n",
     "60000000 bits in 1 clauses"},
    {"out of range", "p cnf 3 2\n1 2 0\n1 -4 0\n",
     "bad:3: \"-4\" is no literal: expected a whole number from -3 to 3"},
    {"no number", "p cnf 3 1\n1 x 0\n", "bad:2: \"x\" is no literal"},
    {"a real number", "p cnf 3 1\n1 2.5 0\n", "\"2.5\" is no literal"},
    {"zero of another look", "p cnf 3 1\n1 -0\n", "\"-0\" is no literal"},
    {"cut short", "p cnf 3 1\n1 2 0\n3\n-1\n",
     "bad:3: this clause has no 0 at its end"},
    {"too few", "p cnf 3 3\n1 2 0\n3 0\n",
     "bad: \"p cnf\" promises 3 clauses, but there are 2"},
    {"two headers", "p cnf 3 1\np cnf 3 1\n1 0\n", "bad:2: \"p\" is no"},
    {"binary", "p cnf 3 1\n1 \x01 0\n", "bad:2: byte 0x01"},
    {"binary within a word", "p cnf 3 1\n1\x7f 0\n", "bad:2: byte 0x7f"}};

static void reads(void)
{
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct err err = {0};
        write_text("good", good[i].text);
        struct cnf *cnf = cnf_read("good", &err);
        char *text = cnf ? spell(cnf) : mem_text("%s", err.text);
        if (!ok(!strcmp(text, good[i].want), "read: %s", good[i].what))
            printf("# %s\n", text);
        free(text);
        cnf_free(cnf);
        err_clear(&err);
    }
}

static void refuses(void)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err err = {0};
        write_text("bad", bad[i].text);
        struct cnf *cnf = cnf_read("bad", &err);
        if (!ok(!cnf && err.code == EXIT_INPUT &&
                    strstr(err.text, bad[i].want), "refused: %s",
                bad[i].what))
            printf("# %s\n", err.text ? err.text : "it was read");
        cnf_free(cnf);
        err_clear(&err);
    }
}

static void in_one_pass(void)
{
    struct err err = {0};
    write_text("bad", "p cnf 2 4\n1 3 0\n-7 x 0\n1\n");
    cnf_free(cnf_read("bad", &err));
    ok(err.count == 5 && strstr(err.text, "bad:2: \"3\"") &&
           strstr(err.text, "bad:3: \"-7\"") && strstr(err.text, "\"x\"") &&
           strstr(err.text, "bad:4: this clause") &&
           strstr(err.text, "promises 4 clauses, but there are 2"),
       "all errors of a file in one pass");
    err_clear(&err);
    write_text("bad", "p cnf 1 1\n2 3 4 5 6 7 8 9 10 11 12 13 0\n");
    cnf_free(cnf_read("bad", &err));
    ok(err.count == 11 && strstr(err.text, "and more"), "ten at most");
    err_clear(&err);
    ok(!cnf_read("none", &err) && strstr(err.text, "none: cannot open it"),
       "a file that is not there");
    err_clear(&err);
    ok(!cnf_read(".", &err) && strstr(err.text, "a directory"),
       "a directory");
    err_clear(&err);
}

/* ---- mutated files ------------------------------------------------------- */

static const struct piece seeds[] = {
    PIECE("c x\np cnf 5 4\n1 -2 0\n3 4 5 0\n-1 0\n2 -3 -4 5 0\n"),
    PIECE("p cnf 3 3\r\n1\r\n-2 0 3 2\r\n-1 0 2 0"),
    PIECE("p cnf 4 2\n1 2 2 -1 0\n4 0\n%\n0\n")};

static const struct piece piece_list[] = {
    PIECE("-1"), PIECE("99999999999999999999"), PIECE("nan"), PIECE("\n"),
    PIECE("\r\n"), PIECE(" "), PIECE("p cnf "), PIECE("c "), PIECE("%"),
    PIECE("2147483648"), PIECE("0"), PIECE(" 0\n"), PIECE("1.5"),
    PIECE("\x80\xff"), PIECE("\xef\xbb\xbf"), PIECE("67108864"),
    PIECE("-0"), PIECE("-2147483648")};
static const struct pieces pieces = {piece_list, sizeof piece_list /
                                                     sizeof *piece_list};

static bool holds(const struct cnf *cnf)
{
    bool sound = cnf->bits > 0 && cnf->clauses >= 0 && cnf->start[0] == 0;
    for (int64_t c = 0; sound && c < cnf->clauses; c++)
        sound = cnf->start[c] <= cnf->start[c + 1];
    for (int64_t c = 0; sound && c < cnf->clauses; c++)
        for (int64_t l = cnf->start[c]; sound && l < cnf->start[c + 1]; l++)
            sound = cnf->literal[l] && abs(cnf->literal[l]) <= cnf->bits &&
                    (l == cnf->start[c] ||
                     abs(cnf->literal[l - 1]) < abs(cnf->literal[l]));
    return sound;
}

static void try_file(uint32_t number, struct tally *tally)
{
    struct dice dice = {.file = number};
    struct err err = {0};
    struct piece seed = seeds[throw_below(&dice, sizeof seeds /
                                          sizeof *seeds)];
    write_mutated(&dice, pieces, "fuzz", seed, 4);
    struct cnf *cnf = cnf_read("fuzz", &err);
    bool good = cnf ? holds(cnf) && !err_any(&err) : well_said(&err);
    count_file(tally, number, cnf != NULL, good, &err);
    cnf_free(cnf);
}

static void fuzz(uint32_t files)
{
    struct tally tally = {0};
    for (uint32_t i = 0; i < files; i++)
        try_file(i, &tally);
    tally_ok(&tally);
}

/* ---- random formulas ----------------------------------------------------- */

/* Counts of the 80 clauses of 3 of 5 bits: chi-squared of 79 degrees of
   freedom is below 140 but for 3e-5, by the law; without the signs' coin it
   would be in the thousands. */
static double spread(const struct cnf *cnf, bool coins)
{
    double chi = 0, mean = (double)cnf->clauses / 80;
    int count[32][8] = {0};
    for (int64_t c = 0; c < cnf->clauses; c++) {
        int which = 0, signs = 0;
        for (int i = 0; i < 3; i++) {
            int32_t literal = cnf->literal[3 * c + i];
            which |= 1 << (abs(literal) - 1);
        }
        for (int i = 0, place = 0; i < 5; i++)
            for (int j = 0; j < 3; j++)
                if (abs(cnf->literal[3 * c + j]) == i + 1)
                    signs |= (coins && cnf->literal[3 * c + j] > 0)
                             << place++;
        count[which][signs]++;
    }
    for (int w = 0; w < 32; w++)
        for (int s = 0; s < 8 && __builtin_popcount((unsigned)w) == 3; s++)
            chi += (count[w][s] - mean) * (count[w][s] - mean) / mean;
    return chi;
}

static void random_formulas(void)
{
    struct cnf *cnf = cnf_random(5, 16000, 3, 7);
    struct cnf *again = cnf_random(5, 16000, 3, 7);
    struct cnf *other = cnf_random(5, 16000, 3, 8);
    size_t bytes = 48000 * sizeof *cnf->literal;
    ok(spread(cnf, true) < 140, "clauses are uniform: chi^2 %.1f of 79",
       spread(cnf, true));
    ok(spread(cnf, false) > 140, "mutant without signs rejected");
    ok(!memcmp(cnf->literal, again->literal, bytes) &&
           memcmp(cnf->literal, other->literal, bytes),
       "a function of the seed");
    cnf_free(cnf);
    cnf_free(again);
    cnf_free(other);
}

int main(int count, char **arguments)
{
    if (!files_begin())
        return 1;
    reads();
    refuses();
    in_one_pass();
    fuzz(count > 1 ? (uint32_t)atoi(arguments[1]) : FILES);
    random_formulas();
    ok(files_done((const char *[]){"good", "bad", "fuzz"}, 3),
       "no file is left");
    return tap_done();
}
