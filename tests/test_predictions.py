#!/usr/bin/env python3
"""What is said about predictions and about the shape of a minimum, against
exact values: WAIC and the information of a normal posterior, learning
coefficients of singular minima. z below 4.5 (7e-6 each, about 60 of them; the
seeds are fixed)."""
import json
import math

import numpy as np

import runs
from physics import Z_MOST, betas, report, solve
from runs import call, ok

POSTERIOR = """
run = { seed = 3; sweeps = 8000; burn_in = 1000; };
model = { name = "linear"; labels = "file"; file = "d24.csv"; l2 = 0.5;
          noise = 0.25; prior_scale = 2.0; };
dynamics = { name = "hmc"; };
ladder = { temperature = [0.25, 1.0]; rungs = 2; copies = 2;
           spacing = "list"; };
record = { every = 2; observables = ["energy", "overlap",
                                     "log_likelihood"]; };
"""
SINGULAR = """
run = { seed = 5; sweeps = 6000; burn_in = 500; };
model = { name = "wells"; prior_scale = 1.0; %s };
dynamics = { name = "hmc"; };
ladder = { beta = [1.0, 100.0]; rungs = 4; copies = 2;
           spacing = "geometric"; };
record = { every = 2; observables = ["energy"]; };
"""
PEAK = """
run = { seed = 5; sweeps = 6000; burn_in = 1000; };
model = { name = "wells"; dim = 2; %s };
dynamics = { name = "hmc"; };
ladder = { temperature = [0.12, 1.5]; rungs = 8; copies = 2;
           spacing = "geometric"; };
record = { every = 2; observables = ["energy"]; };
"""
TEACHER = """
run = { seed = 3; sweeps = 1000; burn_in = 500; };
model = { name = "perceptron"; alpha = 0.8; N = 101; samples = 12; };
ladder = { beta = [0.5, 1.5]; rungs = 3; copies = 2; spacing = "linear"; };
record = { every = 5; observables = ["energy", "teacher_overlap",
                                     "overlap"]; };
"""
# keys of wells, beta, learning coefficient
MINIMA = [("kind=power power=2 dim=3", 1e2, 1.5),
          ("kind=power power=4", 1e4, 0.25),
          ("kind=power power=6", 1e6, 1 / 6),
          ("kind=product dim=2", 1e2, 0.347762),
          ("kind=product dim=2", 1e4, 0.410505)]
X = np.array([[1, 0], [1, 1], [1, 2], [1, 3]], float)
Y = np.array([1, 3, 2, 5], float)
NOISE = 0.25


def worst_z(out, quantity, want):
    estimate = out["estimates"][quantity]
    z = [(m - w) / e for m, e, w in zip(estimate["mean"], estimate["error"],
                                        want) if e and math.isfinite(w)]
    return max(z, key=abs)


def predicted(beta):
    """lppd and p_waic of the normal posterior at beta."""
    precision = beta * (X.T @ X + 0.5 * np.eye(2)) + np.eye(2) / 4
    spread = np.linalg.inv(precision)
    off = Y - X @ spread @ (beta * X.T @ Y)
    wide = np.einsum("ni,ij,nj->n", X, spread, X)
    both = NOISE + wide
    lppd = -0.5 * np.log(2 * np.pi * both) - off**2 / 2 / both
    return lppd.sum(), beta / NOISE * (wide**2 / 2 + off**2 * wide).sum()


def waic():
    with open("d24.csv", "w", encoding="utf-8") as file:
        file.write("1 0 1\n1 1 3\n1 2 2\n1 3 5\n")
    out = report("posterior", POSTERIOR)
    lppd, used = np.array([predicted(b) for b in betas(out)]).T
    for quantity, want, mutant in (("lppd", lppd, lppd - 0.3),
                                   ("p_waic", used, used / NOISE),
                                   ("waic", used - lppd, -lppd)):
        z = worst_z(out, quantity, want)
        ok(abs(z) < Z_MOST, f"{quantity} of a posterior, worst z {z:.2f}")
        z = worst_z(out, quantity, mutant)
        ok(abs(z) > Z_MOST, f"mutant rejected, z {z:.1f}")
    z = worst_z(out, "information", out["theory"]["information"]["mean"])
    ok(abs(z) < Z_MOST, f"information of a posterior, worst z {z:.2f}")
    split = [abs(z + b * 2 * u + i) for z, b, u, i in
             zip(*(out["theory"][k]["mean"] for k in ("ln_z",)), betas(out),
                 *(out["theory"][k]["mean"] for k in ("energy",
                                                      "information")))]
    ok(max(split) < 1e-9, "-ln Z = beta <u> + information", split)
    text = call("report", "posterior.h5").stdout
    ok("rung  information" in text and
       " %d." % out["estimates"]["waic"]["mean"][-1] in text,
       "the report as text has them", text)


def coefficient(keys, beta, *more):
    return solve("quadrature", "model.name=wells", "model.prior_scale=1.0",
                 *["model." + k for k in keys.split()], f"beta={beta!r}",
                 *more)["learning_coefficient"]


def quadrature():
    for keys, beta, want in MINIMA:
        got = coefficient(keys, beta, "model.baseline=0.0")
        ok(abs(got - want) < 1e-6, f"quadrature: {keys} at {beta:g}", got)
    got = coefficient("kind=power power=2 dim=2", 200.0,
                      "model.reference=origin", "tether=100.0")
    ok(abs(got - 0.8) < 1e-6, "a tether's share: n b h / (n b h + gamma)",
       got)


def tempered():
    for name, keys in (("quartic", 'kind = "power"; reference = "origin";'),
                       ("cross", 'kind = "product"; dim = 2; '
                                 'baseline = 0.0;')):
        out = report(name, SINGULAR % keys)
        want = out["theory"]["learning_coefficient"]["mean"]
        z = worst_z(out, "learning_coefficient", want)
        ok(abs(z) < Z_MOST, f"{name}: learning coefficient, worst z {z:.2f}")
        z = worst_z(out, "learning_coefficient", [0.5] * len(want))
        ok(abs(z) > Z_MOST, f"mutant rejected: half the dimension, z {z:.1f}")
    plain = out["estimates"]["learning_coefficient"]
    out = report("noisy", SINGULAR % (keys + "baseline_error = 0.01;"))
    noisy = out["estimates"]["learning_coefficient"]
    off = [abs(math.hypot(a, 0.01 * b) - c) for a, b, c in
           zip(plain["error"], betas(out), noisy["error"])]
    ok(max(off) < 1e-12, "the baseline's error is in the coefficient's", off)


def peak():
    """A sharp, deep well against a flat one; a single quadratic one."""
    out = report("flat", PEAK % 'kind = "two_quadratic"; depth = [0.0, 2.0]; '
                 "curvature = [100.0, 1.0];")
    says = [line for line in call("report", "flat.h5").stdout.splitlines()
            if "specific heat peaks" in line]
    top = int(np.argmax(out["theory"]["specific_heat"]["mean"]))
    ok(len(says) == 1 and any(f"(rung {r})" in says[0] for r in
                              (top - 1, top, top + 1)),
       f"the report says where the specific heat peaks: rung {top}", says)
    report("round", PEAK % 'kind = "power"; power = 2;')
    ok("specific heat peaks" not in call("report", "round.h5").stdout,
       "and says nothing where there is no peak")


def saddle():
    """The residual is 0 but for terms of order 1 / N, for which 1 / N is
    allowed."""
    out = report("teacher", TEACHER)

    def excess(mean, error):
        return max((abs(m) - 1 / 101) / e for m, e in zip(mean, error) if e)
    for name in ("R", "q"):
        e = out["estimates"]["saddle_residual_" + name]
        z = excess(e["mean"], e["error"])
        ok(z < Z_MOST, f"saddle residual of {name}, worst z {z:.2f}")
    other = report("other", TEACHER.replace("alpha = 0.8", "alpha = 1.2"))
    R = [o["estimates"]["teacher_overlap"] for o in (out, other)]
    z = excess(np.subtract(R[0]["mean"][-3:], R[1]["mean"][-3:]),
               R[0]["error"][-3:])
    ok(z > Z_MOST, f"mutant rejected: another alpha's R, z {z:.1f}")


runs.scratch()
waic()
peak()
saddle()
quadrature()
tempered()
runs.done()
