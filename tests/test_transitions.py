#!/usr/bin/env python3
"""Transitions whose place is known, from small systems; larger ones:
tests/long_physics.py. z below 4.5 (two-sided 7e-6 a comparison, about 25 of
them; the seeds are fixed); where finite size matters more than that, a stated
tolerance instead."""
import math

import numpy as np

import runs
from critical import (bethe_ferromagnet, bethe_glass,
                      check_kosterlitz_thouless, regular)
from physics import Z_MOST, betas, report
from runs import ok


def latent_heat():
    """q = 20 has a correlation length of 2.7: on 40 x 40 both phases live
    much longer than the run. Baxter's energies at beta_c."""
    exact = {"ordered": -1.82068442509, "random": -0.626529170413}
    energy, error = {}, {}
    for start, value in exact.items():
        out = report(start, f"""
run = {{ seed = 4; sweeps = 8000; burn_in = 500; start = "{start}"; }};
model = {{ name = "potts"; shape = [40, 40]; q = 20; }};
dynamics = {{ name = "swendsen_wang"; }};
ladder = {{ beta = [{math.log(1 + math.sqrt(20))!r}]; rungs = 1;
           anchor = false; copies = 4; }};
record = {{ every = 2; observables = ["energy"]; }};
""")
        estimate = out["estimates"]["energy"]
        energy[start], error[start] = (estimate[k][0] for k in
                                       ("mean", "error"))
        z = (energy[start] - value) / error[start]
        ok(abs(z) < Z_MOST, f"Potts, q = 20: energy of the {start} phase, "
           f"{energy[start]:.4f} +- {error[start]:.4f}, z {z:.2f}")
    latent, sigma = (energy["random"] - energy["ordered"],
                     math.hypot(*error.values()))
    z = [(latent - x) / sigma for x in (1.19415525467, 1.17)]
    ok(abs(z[0]) < Z_MOST < abs(z[1]), f"its latent heat, {latent:.4f} +- "
       f"{sigma:.4f}, z {z[0]:.2f}; mutant rejected: 2 % less", z)


def ferromagnet():
    """Further corrections than 1 / N of graphs of 64 sites are tolerated; see
    tests/long_physics.py."""
    exact, near, (value, error) = bethe_ferromagnet(3, (64, 256, 1024),
                                                    (10000, 20000, 20000), 4)
    ok(abs(value / exact - 1) < 0.015 and error < 0.006 * exact,
       f"Bethe ferromagnet, c = 3: Binder crossings {near[0]:.4f}, "
       f"{near[1]:.4f} go to {value:.4f} +- {error:.4f}, {exact:.4f} +- "
       "1.5 %")
    ok(0 < exact - near[1] < exact - near[0], "from below, the larger the "
       "nearer", near)
    ok(abs(value * math.atanh(1 / 3) - 1) > 0.015,
       "mutant rejected: tanh(1 / T) = 1 / c", value)


def glass():
    """+-J on graphs of c = 3. 0.1: more than three standard errors, a false
    alarm once in 1000 seeds, and corrections of graphs of 32 sites."""
    exact, (value, error), _ = bethe_glass(3, (32, 128), (1000, 2000), 8, 32)
    ok(abs(value - exact) < 0.1 and error < 0.04,
       f"+-J on graphs of c = 3: N^(2/3) [<q^2>] crosses at {value:.3f} +- "
       f"{error:.3f}, {exact:.4f} +- 0.1")
    ok(abs(value - 1 / math.atanh(1 / math.sqrt(3))) > 0.1 and
       abs(value - 1 / math.atanh(1 / 2)) > 0.1,
       "mutants rejected: c tanh(1/T)^2 = 1, (c - 1) tanh(1/T) = 1", value)


def susceptibilities():
    """Above the transitions, sums over the tree: with t = tanh beta and
    x = t, N <m^2>, or of the glass x = t^2, N [<q^2>], are
    (1 + x) / (1 - (c - 1) x); graphs of 1024 sites have few short loops, which
    change it by about 1 / N. They diverge at tanh(1/T) = 1 / (c - 1) and
    (c - 1) tanh(1/T)^2 = 1."""
    for degree in (3, 4):
        for name, keys, record, power in (
                ("ferromagnet", 'couplings = "ferromagnet";',
                 '"magnetization_2"', 1),
                ("glass", "samples = 64;", '"overlap"', 2)):
            critical = 1 / math.atanh((degree - 1) ** (-1 / power))
            glass = power == 2
            out = regular(report, f"{name}{degree}", keys, 1024, degree, 7,
                          2000 if glass else 20000,
                          [critical * k for k in (1.4, 1.7, 2.5)], record,
                          copies=2 if glass else 8)
            estimate = out["estimates"]["glass_susceptibility" if glass else
                                        "magnetization_2"]
            mean, error = (np.array(estimate[k]) * (1 if glass else 1024)
                           for k in ("mean", "error"))
            x = np.tanh(betas(out)) ** power
            z = (mean - (1 + x) / (1 - (degree - 1) * x)) / error
            wrong = (mean - (1 + x) / (1 - degree * x)) / error
            ok(np.abs(z).max() < Z_MOST < np.abs(wrong).max(),
               f"{name}, c = {degree}: susceptibility of the tree, z "
               f"{np.round(z, 2)}; mutant rejected: c in the place of c - 1",
               wrong)


def main():
    runs.scratch()
    latent_heat()
    check_kosterlitz_thouless([8, 16], 20000, 0.007, 0.002)
    ferromagnet()
    glass()
    susceptibilities()
    runs.done()


main()
