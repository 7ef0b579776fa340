#!/usr/bin/env python3
"""Perceptrons of real weights against exact laws: the linear loss (on the
sphere von Mises and Fisher's law, by Bessel functions; with a normal prior a
Gaussian), the circle, Cover's count of separable examples; replica theory of
Gibbs learning and the Hebb rule. z below 4.5 (7e-6 each, about 90 of them)."""
import math

import numpy as np
from scipy.special import gammaln, ive

import h5py
import runs
from physics import Z_MOST, betas, report, z_of
from runs import call, differing, ok

N, P = 12, 20
RNG = np.random.default_rng(5)
LINEAR = """
model    = { name = "perceptron"; weights = "%s"; labels = "file";
             file = "linear.txt"; loss = "linear"; kappa = 0.1; %s };
dynamics = { name = "%s"; };
ladder   = { beta = [0.1, 1.5]; rungs = 4; copies = 4; };
record   = { every = 2; observables = ["energy", "overlap"]; };
run      = { seed = 3; sweeps = %d; burn_in = 480; };"""
CIRCLE = """
model  = { name = "perceptron"; weights = "%s"; labels = "file";
           file = "circle.txt"; kappa = %g; };
ladder = { beta = [0.3, 4.0]; rungs = 5; copies = 8; };
record = { every = 2; observables = ["energy", "training_error"]; };
run    = { seed = 4; sweeps = 4000; burn_in = 480; };"""


def examples(name, count, inputs):
    """y x / sqrt(N) as the program keeps it, in single precision."""
    x = np.float32(RNG.normal(size=(count, inputs)))
    y = RNG.choice([-1, 1], size=count)
    np.savetxt(name, np.column_stack([x, y]), "%.9g")
    return x.astype(float) * y[:, None] / math.sqrt(inputs)


def compare(what, out, exact, quantities, first=1):
    """exact(beta): the quantities' values."""
    for rung, beta in list(enumerate(betas(out)))[first:]:
        for name, value in zip(quantities, exact(beta)):
            z = z_of(out, name, rung, value)
            ok(abs(z) < Z_MOST, f"{what}: {name} at beta = {beta:.3g}: "
               f"{value:.6g}, z = {z:.2f}")


# ---- a loss that is a line -------------------------------------------------

def fisher(b):
    """ln Z and <u> / N of exp(-beta (P kappa - b.w)), |w|^2 = N."""
    def exact(beta):
        k, nu = beta * np.linalg.norm(b) * math.sqrt(N), N / 2 - 1
        ln_z = gammaln(N / 2) + nu * math.log(2 / k) + \
            math.log(ive(nu, k)) + k
        slope = ive(nu + 1, k) / ive(nu, k) * k / beta
        return ln_z - beta * 0.1 * P, (0.1 * P - slope) / N
    return exact


def normal(b, l2):
    """The same of a normal prior of width 0.7."""
    def exact(beta):
        a, b2 = 1 / 0.49 + beta * l2, b @ b
        ln_z = beta**2 * b2 / (2 * a) - N / 2 * math.log(a * 0.49)
        u = -beta * b2 / a + l2 / 2 * (beta**2 * b2 / a**2 + N / a)
        return ln_z - beta * 0.1 * P, (0.1 * P + u) / N
    return exact


def lines():
    b = examples("linear.txt", P, N).sum(axis=0)
    gaussian = "prior_scale = 0.7; l2 = 0.3;"
    for weights, keys, law in (("spherical", "", fisher(b)),
                               ("gaussian", gaussian, normal(b, 0.3))):
        for dynamics, sweeps in (("metropolis", 3000), ("hmc", 2000)):
            out = report(f"{weights}_{dynamics}",
                         LINEAR % (weights, keys, dynamics, sweeps))
            compare(f"{weights}, {dynamics}", out, law, ("ln_z", "energy"))
        wrong = law(betas(out)[-1] * 1.02)[0]
        z = z_of(out, "ln_z", -1, wrong)
        ok(abs(z) > Z_MOST, f"mutant rejected: beta 2 % off, z = {z:.1f}")


# ---- the circle ------------------------------------------------------------

def circle():
    """Parts of the circle by their number of errors; a normal prior has the
    same, where kappa = 0."""
    x = examples("circle.txt", 9, 2)
    angle = (np.arange(1000000) + 0.5) * 2e-6 * np.pi
    w = math.sqrt(2) * np.array([np.cos(angle), np.sin(angle)])
    for weights, kappa in (("spherical", 0), ("spherical", 0.3),
                           ("gaussian", 0)):
        part = np.bincount((x @ w <= kappa).sum(axis=0), minlength=10) / 1e6

        def exact(beta, part=part):
            weight = part * np.exp(-beta * np.arange(10))
            u = weight @ np.arange(10) / weight.sum()
            return math.log(weight.sum()), u / 2, u / 9
        out = report("circle", CIRCLE % (weights, kappa))
        compare(f"circle, {weights}, kappa {kappa}", out, exact,
                ("ln_z", "energy", "training_error")[:2 + (kappa == 0)])
    part[part.argmax()] *= 1.1
    z = z_of(out, "ln_z", 1, exact(betas(out)[1], part)[0])
    ok(abs(z) > Z_MOST, f"mutant rejected: a tenth more of a part, z = "
       f"{z:.1f}")


# ---- Cover -----------------------------------------------------------------

def cover():
    """P = 15 random examples of 5 inputs can be separated with probability
    2^(1-P) sum_k<N C(P-1, k). The perceptron loss leads into the smallest
    cone of solutions; one that counts errors misses a quarter of them."""
    samples = 500
    with open("cover.cfg", "w", encoding="utf-8") as file:
        file.write("""
model  = { name = "perceptron"; weights = "spherical"; N = 5; examples = 15;
           labels = "random"; inputs = "gaussian"; loss = "perceptron";
           samples = %d; };
ladder = { beta = [3.0, 3000.0]; rungs = 7; spacing = "geometric";
           anchor = false; };
record = { every = 1; observables = ["energy", "training_error"]; };
run    = { seed = 6; sweeps = 150; burn_in = 96; };""" % samples)
    call("run", "cover.cfg")
    with h5py.File("cover.h5") as file:
        least = file["series/training_error"][...].min(axis=(0, 1, 3))
    found = (least == 0).mean()

    def off(inputs):
        chance = sum(math.comb(14, k) for k in range(inputs)) / 2**14
        return (found - chance) / math.sqrt(chance * (1 - chance) / samples)
    ok(abs(off(5)) < Z_MOST, f"separable: {found:.4f} of {samples} samples, "
       f"z = {off(5):.2f} by Cover's count", off(5))
    ok(abs(off(6)) > Z_MOST, f"mutant rejected: six inputs, z = {off(6):.1f}")


# ---- many weights ----------------------------------------------------------

def agrees(what, out, name, exact, finite):
    """finite: what corrections of 1/N may add."""
    e = out["estimates"][name]
    value, error = e["mean"][-1], e["error"][-1]
    ok(abs(value - exact) < Z_MOST * error + finite and
       Z_MOST * error + finite < 0.06,
       f"{what}: {name} {value:.4f} +- {error:.4f}, many weights "
       f"{exact:.4f}", f"off by {value - exact:.4f}")


TEACHER = """
model    = { name = "perceptron"; weights = "%s"; N = 50; alpha = %g;
             samples = %d; loss = "%s"; };
dynamics = { name = "%s"; };
ladder   = { spacing = "list"; beta = [%g]; rungs = 1; copies = 2;
             anchor = false; };
record   = { observables = ["energy", "teacher_overlap", "overlap",
                            "generalization_error"]; };
run      = { sweeps = %d; burn_in = 480; start = "planted"; };"""


def gibbs():
    """Learning without errors: R, and q = R."""
    for alpha, R, weights in ((1, 0.4862636, "spherical"),
                              (2, 0.7282982, "gaussian")):
        out = report("gibbs", TEACHER % (
            weights, alpha, 64, "step", "metropolis", 12, 600))
        agrees(f"Gibbs, alpha = {alpha}, {weights}", out, "teacher_overlap",
               R, 0.02)
        agrees(f"Gibbs, alpha = {alpha}, {weights}", out, "overlap", R, 0.02)


def hebb():
    """At T -> 0 the linear loss has the one state w ~ sum y x."""
    for alpha, error in ((1, 0.2856343), (2, 0.2308235)):
        out = report("hebb", TEACHER % (
            "spherical", alpha, 32, "linear", "hmc", 1000, 50))
        agrees(f"Hebb, alpha = {alpha}", out, "generalization_error", error,
               0.005)


# ---- the same numbers, refusals --------------------------------------------

def same():
    for name, keys in (("step", ("model.loss=step",)),
                       ("logistic", ("model.loss=logistic",
                                     "model.weights=gaussian"))):
        keys = ("hebb.cfg", "model.samples=2", "model.N=21", "dynamics.name="
                "metropolis", "ladder.copies=2") + keys
        call("run", *keys, "run.sweeps=100", "-o", "whole.h5")
        for sweeps in (40, 100):
            p = call("run", *keys, f"run.sweeps={sweeps}", "-o", "x.h5",
                     threads=2)
        different = differing("x.h5", "whole.h5")
        ok(p.returncode == 0 and not different,
           f"{name}: in two pieces, with two threads", different)
        p = call("verify", "x.h5")
        ok(p.returncode == 0, f"{name}: verify", p.stdout + p.stderr)
        runs.remove("whole.h5")
        runs.remove("x.h5")


def refusals():
    for keys, message in (
            (("model.loss=step",), "does not offer it with a loss that "
             "counts errors (its gradient is zero)"),
            (("model.N=1",), "model.N: a sphere needs at least 2 weights"),
            (("model.loss=symmetric", "dynamics.name=metropolis"),
             'model.kappa: loss "symmetric" needs a kappa above 0'),
            (("model.l2=0.5",),
             'model.l2: goes with model.weights = "gaussian"'),
            (("model.reference=planted",),
             'model.reference: goes with model.weights = "binary"'),
            (("model.weights=binary",), "dynamics hmc needs facet grad; "
             "model perceptron offers local"),
            (("model.weights=real",), 'model.weights: "real" is unknown; '
             "allowed: binary, spherical, gaussian")):
        p = call("check", "hebb.cfg", *keys)
        ok(p.returncode == 2 and message in p.stderr, message,
           f"exit {p.returncode}\n{p.stderr}")


def main():
    runs.scratch()
    lines()
    circle()
    cover()
    gibbs()
    hebb()
    same()
    refusals()
    runs.done()


main()
