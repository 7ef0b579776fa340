#!/usr/bin/env python3
"""Averages over disorder at small N: ground states of the Sherrington-
Kirkpatrick model and Derrida's integrals for the random energy model. z below
4.5 (two-sided 7e-6 a comparison, about 12 of them; the seeds are fixed)."""
import math

import h5py
import numpy as np

import runs
from physics import Z_MOST, betas, report, solve
from runs import ok

E0 = -0.7631667  # Parisi's, N infinite


def ground_states(model, size, samples, pass_sweeps, copies):
    """Least u of each sample, per site, by annealing: all samples are met by
    several walkers, so that hardly any is missed."""
    name = f"{model}{size}"
    report(name, f"""
run = {{ protocol = "annealing"; seed = 4; sweeps = {4 * pass_sweeps};
        burn_in = 0; pass_sweeps = {pass_sweeps}; }};
model = {{ name = "{model}"; N = {size}; samples = {samples}; }};
ladder = {{ temperature = [0.1, 2.0]; rungs = 20; spacing = "linear";
           copies = {copies}; anchor = false; }};
""")
    with h5py.File(name + ".h5", "r") as file:
        energy = file["anneal/best_u"][...] / size
        hits = file["anneal/hits"][...]
    return energy, energy.std(ddof=1) / math.sqrt(samples), hits


def line(power, sizes, energy, error):
    """Intercept of the energy against N^power and its error."""
    x = np.array(sizes, float)**power
    design = np.stack([np.ones(len(x)), x], axis=1) / error[:, None]
    covariance = np.linalg.inv(design.T @ design)
    return (covariance @ design.T @ (energy / error))[0], \
        math.sqrt(covariance[0, 0])


def sk():
    """[e_0](N) against samples enumerated elsewhere (independent ones, with
    their errors) and the law e_0 + A N^-2/3, which small N obey (measured up
    to N = 64: A from 0.75 to 0.77) within 0.01, 3.5 standard errors: a false
    alarm once in 2000 seeds."""
    held = {8: (-0.5737, 0.0008), 10: (-0.6012, 0.0013), 12: (-0.6148, 0.0019)}
    sizes, energy, error = [], [], []
    for size, samples, sweeps, copies in (
            (8, 6000, 20, 2), (10, 5000, 50, 2), (12, 4000, 60, 2),
            (16, 1500, 100, 4), (24, 600, 200, 4), (32, 300, 200, 8)):
        e, sigma, hits = ground_states("sk", size, samples, sweeps, copies)
        sizes.append(size)
        energy.append(e.mean())
        error.append(sigma)
        if size == 8: # couplings are rounded to the largest of all samples
            exact = [solve("enumerate", "model.name=sk", "model.N=8",
                           f"model.first_sample={k}", "model.seed=4",
                           "beta=1000.0")["energy"] for k in range(5)]
            ok(np.abs(exact - e[:5]).max() < 1e-6, "sk: five samples' ground "
               "energies, enumerated", (exact, e[:5]))
        if size in held:
            value, other = held[size]
            z = (e.mean() - value) / math.hypot(sigma, other)
            ok(abs(z) < Z_MOST, f"sk: [e_0]({size}) = {e.mean():.4f} +- "
               f"{sigma:.4f}, z {z:.2f}")
    energy, error = np.array(energy), np.array(error)
    ok(abs(energy[0] - held[10][0]) > Z_MOST *
       math.hypot(error[0], held[10][1]),
       "mutant rejected: N = 8 against N = 10", energy)
    off = {power: line(power, sizes, energy, error)[0] - E0
           for power in (-2 / 3, -1 / 2, -1)}
    sigma = line(-2 / 3, sizes, energy, error)[1]
    ok(abs(off[-2 / 3]) < 0.01 and sigma < 0.004,
       f"sk: e_0 + A N^-2/3 goes to {off[-2 / 3] + E0:.4f} +- {sigma:.4f}",
       off)
    ok(abs(off[-1 / 2]) > 0.02 and abs(off[-1]) > 0.02,
       "mutant rejected: N^-1/2 and N^-1", off)
    ok(abs(off[-2 / 3] + E0 + 0.7978845608) > 0.02,
       "mutant rejected: the replica-symmetric energy")


def rem():
    """N = 8."""
    out = report("levels", """
run = { seed = 4; sweeps = 400; burn_in = 100; };
model = { name = "rem"; N = 8; samples = 600; };
ladder = { beta = [0.0, 0.5, 1.0, 1.5, 2.0]; spacing = "list"; copies = 2; };
record = { every = 5; observables = ["energy"]; };
""")
    e, at = out["estimates"]["ln_z"], list(betas(out))
    for beta, exact in ((1.0, 0.935880233), (2.0, 1.512732886)):
        mean, error = (e[k][at.index(beta)] / 8 for k in ("mean", "error"))
        z = [(mean - x) / error for x in (exact, exact * 1.05)]
        ok(abs(z[0]) < Z_MOST < abs(z[1]), f"rem, N = 8: [ln Z] / N at beta = "
           f"{beta:.0f}: {mean:.5f} +- {error:.5f}, z {z[0]:.2f}; mutant "
           "rejected: 5 % larger", z)
    energy, error, _ = ground_states("rem", 8, 1500, 150, 2)
    z = [(energy.mean() - x) / error for x in (-0.7067158197, -0.7401709251)]
    ok(abs(z[0]) < Z_MOST < abs(z[1]), f"rem, N = 8: [E_min] / N = "
       f"{energy.mean():.4f} +- {error:.4f}, z {z[0]:.2f}; mutant rejected: "
       "that of N = 12", z)


def main():
    runs.scratch()
    sk()
    rem()
    runs.done()


main()
