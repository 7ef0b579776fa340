/* Normal tails and averages (src/stat/probit.h) against 40-digit values. */
#include "stat/probit.h"
#include "tap.h"

static double off(double got, double want)
{
    return fabs(got - want) / fmax(fabs(want), 1e-290);
}

static void check_tails(void)
{
    static const double row[][4] = { /* x, ln H, R, R' */
        {-30, -4.9067139271481872e-198, 1.4736461348785475e-196,
         4.4209384046356426e-195},
        {-8, -6.2209605742717861e-16, 5.0522710835368954e-15,
         4.0418168668295189e-14},
        {-1.5, -0.069143455612233983, 0.13878975045885076, 0.2274472205207062},
        {0, -0.69314718055994531, 0.79788456080286536, 0.63661977236758134},
        {1, -1.8410216450092635, 1.5251352761609812, 0.80090233442965121},
        {2.5, -5.0816482772786905, 2.8227447976639073, 0.91102619857888456},
        {2.99, -6.5749417017486954, 3.2738058234926888, 0.92912515769150204},
        {3.01, -6.6406036853375497, 3.2923946334467829, 0.92975457567436007},
        {5, -15.064998393988726, 5.1865039671258421, 0.96730356538288777},
        {8, -35.01343715991455, 8.1213681122361127, 0.98567511655665909},
        {20, -203.91715537109726, 20.049753068527851, 0.99753673838494784},
        {40, -804.60844201375379, 40.024968847207264, 0.99937733162140861},
        {1000, -500007.82669481218, 1000.000999998, 0.99999900000599995},
        {1e8, -5000000000000019.3, 100000000.00000001, 1}};
    double worst = 0;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        double x = row[i][0];
        worst = fmax(worst, off(probit_ln_tail(x), row[i][1]));
        worst = fmax(worst, off(probit_hazard(x), row[i][2]));
        worst = fmax(worst, off(probit_hazard_slope(x), row[i][3]));
    }
    ok(worst < 1e-13, "ln H, R, R': %.1e of the value", worst);
    ok(!(off(probit_density(39) / probit_tail(39), probit_hazard(39)) < 0.1),
       "mutant rejected: R as a ratio");
}

static void check_excess(void)
{
    static const double row[][2] = {
        {-30, 1.0843724873983491e-200}, {-6, 4.8445767455118284e-11},
        {-3, 0.00020343508048692374}, {-2.1, 0.0042809636859404636},
        {-1.9, 0.0077132926798827738}, {-1, 0.075339783343770753},
        {0, 0.5}, {0.5, 1.0403607399746661}, {1, 1.9246602166562292},
        {2, 4.9942312732854801}, {10, 101}};
    double worst = 0;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        worst = fmax(worst, off(probit_excess(row[i][0]), row[i][1]));
    ok(worst < 1e-13, "int Dz max(z + k, 0)^2: %.1e of the value", worst);
}

static void check_soft(void)
{
    static const double row[][6] = { /* x, beta, ln, hazard, slope, wrong */
        {-3, 0.1, -0.0001284680337425804, 0.00042180032213071441,
         0.0012655788819038928, 0.0012215951754020186},
        {0.5, 0.1, -0.068066179369519462, 0.035863299125653729,
         -0.016645473338650749, 0.66973026586472751},
        {2, 1, -0.96165357438470962, 0.089281578139913577,
         -0.17059195608467366, 0.94048522984261939},
        {-12, 3, -1.6880362757093803e-33, 2.0395215818719324e-32,
         2.4474258982463188e-31, 8.844583636829874e-35},
        {6, 3, -2.9999999811704452, 1.1596148428776189e-7,
         -6.9576889227950549e-7, 0.9999999801838578},
        {4.5, 10, -9.9278325285806655, 0.32753793269721154,
         -1.3666395997818888, 0.93037191041939415},
        {10, 50, -49.961253731972831, 0.38378038608621285,
         -3.6905164761176459, 0.96199476701250295},
        {9.6, 50, -48.877527481358289, 6.5442640482221567,
         -19.997542930079652, 0.32547405825799081},
        {9, 50, -43.626441578855419, 9.09298325895649, 0.84549521705457936,
         0.0017060774691171998},
        {45, 1000, -999.99999996697808, 1.4867194656399659e-6,
         -6.6902373743463695e-5, 0.99999996697808071},
        {44, 1000, -972.70364403073525, 44.022703854484434,
         0.9994850623235603, 1.397472358585172e-12},
        {1, 0, 0, 0, 0, 0.84134474606854295}};
    double worst = 0;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct probit_soft s = probit_soft(row[i][0], row[i][1]);
        /* odds are exp of a difference of numbers of size beta */
        double unit = fmax(1, row[i][1]);
        worst = fmax(worst, off(s.ln, row[i][2]) / unit);
        worst = fmax(worst, off(s.hazard, row[i][3]) / unit);
        worst = fmax(worst, off(s.slope, row[i][4]) / unit);
        worst = fmax(worst, off(s.wrong, row[i][5]) / unit);
    }
    ok(worst < 1e-14, "weights of soft constraints: %.1e of the value",
       worst);
    struct probit_soft hard = probit_soft(3.7, INFINITY);
    ok(hard.ln == probit_ln_tail(3.7) && hard.hazard == probit_hazard(3.7) &&
       hard.slope == probit_hazard_slope(3.7) && hard.wrong == 0,
       "beta = infinity: H");
    near(probit_ln_tail(probit_soft_edge(30)), -30, 1e-13, "the edge");
}

static void check_examples(void)
{
    static const double row[][7] = {
        {0, 0.5, INFINITY, -1, 1.1912711936947155, 0.39709039789823849, 0},
        {0.5, 0.01, INFINITY, -53.742407282760457, 104.64830841619189,
         0.65235760784136756, 0},
        {-1, 1e-6, INFINITY, -37670.875775266397, 75339.941447098649,
         0.15838007545744298, 0},
        {0, 0.999, INFINITY, -0.69346579470276289, 0.63719954825391641,
         0.40525920690993096, 0},
        {0, 0.3, 1, -0.43738468405635826, 0.065202315148212304,
         0.026624913842699803, 0.37610683663297227},
        {0.2, 0.05, 20, -5.6159802997451619, 4.8638203909218001,
         1.8369570324553528, 0.12731749585639479}};
    double worst = 0, finer = 0;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        const double *r = row[i];
        struct probit_examples e = probit_examples(r[0], r[1], r[2], 0),
                               f = probit_examples(r[0], r[1], r[2], 1);
        worst = fmax(worst, off(e.ln, r[3]));
        worst = fmax(worst, off(e.square, r[4]));
        worst = fmax(worst, off(e.slope2, r[5]));
        if (r[6] != 0)
            worst = fmax(worst, off(e.wrong, r[6]));
        finer = fmax(finer, off(e.square, f.square));
    }
    ok(worst < 1e-13, "averages over examples: %.1e of the value", worst);
    ok(finer < 1e-13, "finer panels change %.1e of it", finer);
}

static void step(double z, void *with, double *value)
{
    double b = *(double *)with;
    value[0] = z * z * z * z;
    value[1] = tanh(b * z) * z;
}

/* <z tanh(b z)> = b <sech^2(b z)> -> sqrt(2/pi) */
static void check_average(void)
{
    double b = 1e10, out[2];
    struct probit_grid grid = {.width = {1e-10, INFINITY}};
    probit_average(grid, step, &b, 2, out);
    near(out[0], 3, 1e-13, "<z^4>");
    near(out[1], sqrt(2 / M_PI), 1e-14, "a kink of width 1e-10");
    grid.kink[0] = 0.3;
    probit_average(grid, step, &b, 2, out);
    ok(fabs(out[1] - sqrt(2 / M_PI)) > 1e-9,
       "mutant rejected: the kink elsewhere");
}

int main(void)
{
    check_tails();
    check_excess();
    check_soft();
    check_examples();
    check_average();
    return tap_done();
}
