#!/usr/bin/env python3
"""Do error bars cover? Short runs of COVERAGE_SEEDS (32) seeds; per quantity
at a hot, the critical and a cold rung, how many estimates lie within one and
two of their errors of the exact value. Each count must be inside the binomial
99 % range, Bonferroni over all of them: a false alarm in less than 1 % of
seed sets; the seeds are fixed. Mutant: errors that ignore autocorrelation."""
import json
import math
import os

import h5py
import numpy as np

import runs
from runs import call, ok

SEEDS = int(os.environ.get("COVERAGE_SEEDS", "32"))
QUANTITIES = ["energy", "magnetization_2", "specific_heat",
              "specific_heat_mbar", "ln_z", "ln_z_ti", "entropy",
              "susceptibility"]
TEMPERATURES = [3.4, 2.8, 2.5, 2.269185, 2.05, 1.8]
RUNGS = {"hot": 0, "critical": 3, "cold": 5}
WITHIN = {1: 0.682689492137, 2: 0.954499736104}
CONFIG = """
run    = { seed = 1; sweeps = 3000; burn_in = 480; };
model  = { name = "ising"; shape = [8, 8]; };
ladder = { temperature = %s; spacing = "list"; copies = 2; };
record = { every = 1; observables = ["energy", "magnetization",
                                     "magnetization_2"]; };
""" % TEMPERATURES


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


def naive(path, rungs):
    """Standard error of the energy as if rows were independent."""
    with h5py.File(path, "r") as file:
        energy = file["series/energy"][...]
    rows = energy.shape[0] * energy.shape[1] * energy.shape[2]
    return energy.std(axis=(0, 1, 2))[-rungs:] / math.sqrt(rows)


def collect():
    """z[quantity] = [seed][requested rung], and those of the mutant."""
    z = {name: [] for name in QUANTITIES}
    mutant, rungs = [], len(TEMPERATURES)
    for seed in range(1, SEEDS + 1):
        call("run", "cover.cfg", f"run.seed={seed}", "--restart", "-o",
             "cover.h5")
        out = json.loads(call("report", "cover.h5", "--json").stdout)
        for name in QUANTITIES:
            z[name].append(out["theory"][name]["z"][-rungs:])
        truth = np.array(out["theory"]["energy"]["mean"][-rungs:])
        mean = np.array(out["estimates"]["energy"]["mean"][-rungs:])
        mutant.append(list((mean - truth) / naive("cover.h5", rungs)))
        for name in os.listdir("."):
            if name.startswith("cover.h5."):
                os.remove(name)
    return z, mutant


def covered(z, rung, sigmas, alpha):
    count = sum(abs(row[rung]) < sigmas for row in z)
    low, high = binomial_range(len(z), WITHIN[sigmas], alpha)
    return low <= count <= high, f"{count} of {len(z)}, allowed {low}-{high}"


def main():
    runs.scratch()
    with open("cover.cfg", "w", encoding="utf-8") as file:
        file.write(CONFIG)
    z, mutant = collect()
    checks = len(QUANTITIES) * len(RUNGS) * len(WITHIN)
    alpha = 0.01 / checks / 2
    for name in QUANTITIES:
        for where, rung in RUNGS.items():
            for sigmas in WITHIN:
                good, text = covered(z[name], rung, sigmas, alpha)
                ok(good, f"{name}, {where}: within {sigmas} sigma {text}")
    caught = [not covered(mutant, rung, sigmas, alpha)[0]
              for rung in RUNGS.values() for sigmas in WITHIN]
    ok(any(caught), "mutant rejected: errors without autocorrelation, "
       f"{sum(caught)} of {len(caught)} counts")
    runs.done()


main()
