#!/usr/bin/env python3
"""Do error bars cover? Short runs of COVERAGE_SEEDS (32) seeds; per quantity
at a hot, the critical and a cold rung, how many estimates lie within one and
two of their errors of the exact value. Each count must be inside the binomial
99 % range, Bonferroni over all of them: a false alarm in less than 1 % of
seed sets; the seeds are fixed. Mutant: errors that ignore autocorrelation.
COVERAGE_SEEDS=400 is the long variant, for `make check-long`."""
import json
import math
import os

import h5py
import numpy as np

import runs
from runs import call, ok

SEEDS = int(os.environ.get("COVERAGE_SEEDS", "32"))
QUANTITIES = ["energy", "abs_magnetization", "magnetization_2",
              "specific_heat", "specific_heat_mbar", "ln_z", "ln_z_ti",
              "entropy", "susceptibility"]
MUTANTS = ["energy", "abs_magnetization"]
SIZE = 8
TEMPERATURES = [3.4, 2.8, 2.5, 2.269185, 2.05, 1.8]
RUNGS = {"hot": 0, "critical": 3, "cold": 5}
WITHIN = {1: 0.682689492137, 2: 0.954499736104}
CONFIG = """
run    = { seed = 1; sweeps = 3000; burn_in = 480; };
model  = { name = "ising"; shape = [%d, %d]; };
ladder = { temperature = %s; spacing = "list"; copies = 2; };
record = { every = 1; observables = ["energy", "magnetization",
                                     "abs_magnetization",
                                     "magnetization_2"]; };
""" % (SIZE, SIZE, TEMPERATURES)


def binomial_range(n, p, alpha):
    """Counts [low, high] outside which lies less than alpha on each side."""
    pmf = [math.comb(n, k) * p**k * (1 - p)**(n - k) for k in range(n + 1)]
    below, low = 0.0, 0
    while below + pmf[low] < alpha:
        below += pmf[low]
        low += 1
    above, high = 0.0, n
    while above + pmf[high] < alpha:
        above += pmf[high]
        high -= 1
    return low, high


def exact_moments(beta):
    """{name: value} of |m| and m^2 on the torus without field: transfer
    matrix in imaginary fields, then Fourier back to the law of the number of
    spins up. Independent of the program."""
    states = np.arange(2**SIZE)[:, None] >> np.arange(SIZE) & 1
    spins = 2.0 * states - 1
    row = np.exp(beta * (spins * np.roll(spins, 1, axis=1)).sum(axis=1))
    step = row[:, None] * np.exp(beta * spins @ spins.T)
    step /= np.linalg.eigvals(step).real.max()
    sites, ups = SIZE * SIZE, states.sum(axis=1)
    z = []
    for k in range(sites + 1):
        angle = 2j * math.pi * k / (sites + 1)
        z.append(np.trace(np.linalg.matrix_power(
            np.exp(angle * ups)[:, None] * step, SIZE)))
    law = np.fft.fft(np.array(z)).real
    m = (2.0 * np.arange(sites + 1) - sites) / sites
    return {"abs_magnetization": law @ abs(m) / law.sum(),
            "magnetization_2": law @ m**2 / law.sum()}


def naive(path, name, rungs):
    """Standard error as if rows were independent."""
    with h5py.File(path, "r") as file:
        values = file["series/" + name][...]
    rows = values.shape[0] * values.shape[1] * values.shape[2]
    return values.std(axis=(0, 1, 2))[-rungs:] / math.sqrt(rows)


def exact(out, name, moments):
    if name in moments[0]:
        return np.array([table[name] for table in moments])
    return np.array(out["theory"][name]["mean"][-len(moments):])


def collect():
    """z[quantity] = [seed][requested rung], and those of the mutants."""
    moments = [exact_moments(1 / t) for t in TEMPERATURES]
    z = {name: [] for name in QUANTITIES}
    mutants, rungs = {name: [] for name in MUTANTS}, len(TEMPERATURES)
    for seed in range(1, SEEDS + 1):
        runs.remove("cover.h5")
        call("run", "cover.cfg", f"run.seed={seed}", "-o", "cover.h5")
        out = json.loads(call("report", "cover.h5", "--json").stdout)
        for name in QUANTITIES:
            estimate = out["estimates"][name]
            off = np.array(estimate["mean"][-rungs:]) - \
                exact(out, name, moments)
            z[name].append(list(off / np.array(estimate["error"][-rungs:])))
            if name in MUTANTS:
                mutants[name].append(list(off / naive("cover.h5", name,
                                                      rungs)))
    return z, mutants


def covered(z, rung, sigmas, alpha):
    count = sum(abs(row[rung]) < sigmas for row in z)
    low, high = binomial_range(len(z), WITHIN[sigmas], alpha)
    return low <= count <= high, f"{count} of {len(z)}, allowed {low}-{high}"


def main():
    runs.scratch()
    with open("cover.cfg", "w", encoding="utf-8") as file:
        file.write(CONFIG)
    z, mutants = collect()
    checks = len(QUANTITIES) * len(RUNGS) * len(WITHIN)
    alpha = 0.01 / checks / 2
    for name in QUANTITIES:
        for where, rung in RUNGS.items():
            for sigmas in WITHIN:
                good, text = covered(z[name], rung, sigmas, alpha)
                ok(good, f"{name}, {where}: within {sigmas} sigma {text}")
    caught = [not covered(mutants[name], rung, sigmas, alpha)[0]
              for name in MUTANTS for rung in RUNGS.values()
              for sigmas in WITHIN]
    ok(sum(caught) >= 2, "mutant rejected: errors without autocorrelation, "
       f"{sum(caught)} of {len(caught)} counts")
    runs.done()


main()
