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


runs.scratch()
waic()
runs.done()
