#!/usr/bin/env python3
"""Observables through the whole program, against exact results. Each z is
below 4.5 in size (two-sided 7e-6 a comparison; about 150 comparisons: a false
alarm once in 1000 seeds, and the seeds are fixed)."""
import json
import math

import h5py
import numpy as np

import runs
from runs import call, ok

Z_MOST = 4.5


def report(name, text, *overrides):
    """A run and its report; None when the run fails."""
    with open(name + ".cfg", "w", encoding="utf-8") as file:
        file.write(text)
    p = call("run", name + ".cfg", *overrides)
    if not ok(p.returncode == 0, f"{name}: runs", p.stderr):
        return None
    p = call("report", name + ".h5", "--json")
    return json.loads(p.stdout)


def largest_z(mean, error, exact):
    """Of the numbers that have an error."""
    mean, error, exact = np.broadcast_arrays(
        np.asarray(mean, float), np.asarray(error, float), exact)
    good = error > 0
    return np.max(np.abs(mean - exact)[good] / error[good])


def betas(out):
    return np.array(out["ladder"]["lambda"])[:, 0]


# ---- vectors -----------------------------------------------------------------

def ring_correlation(beta, size):
    """[rung][r] <s_0 s_r> of a ring."""
    t = np.tanh(beta)[:, None]
    r = np.arange(size // 2 + 1)
    return (t**r + t**(size - r)) / (1 + t**size)


def ring():
    """1D Ising ring: exact correlations; S(k) is their transform."""
    size = 12
    out = report("ring", """
run    = { seed = 3; sweeps = 20000; burn_in = 500; };
model  = { name = "ising"; shape = [12]; };
ladder = { beta = [0.3, 1.0]; rungs = 4; copies = 4; };
record = { every = 5; observables = ["energy", "structure_factor",
                                     "correlation"]; };""")
    c = out["estimates"]["correlation"]
    exact = ring_correlation(betas(out), size)
    ok(np.shape(c["mean"]) == exact.shape == np.shape(c["n_eff"]),
       "a vector is a list of lists in JSON", np.shape(c["mean"]))
    z = largest_z(c["mean"], c["error"], exact)
    ok(z < Z_MOST, "ring: correlations", z)
    whole = np.concatenate([exact, exact[:, 1:size // 2][:, ::-1]], axis=1)
    power = np.fft.rfft(whole, axis=1).real
    s = out["estimates"]["structure_factor"]
    z = largest_z(s["mean"], s["error"], power)
    ok(z < Z_MOST, "ring: structure factor", z)
    ok(largest_z(s["mean"], s["error"], np.roll(power, 1, axis=1)) > Z_MOST,
       "mutant rejected: another k")
    ratio = out["estimates"]["correlation_length_ratio"]
    xi = np.sqrt(power[:, 0] / power[:, 1] - 1) / (2 * math.sin(
        math.pi / size)) / size
    z = largest_z(ratio["mean"][1:], ratio["error"][1:], xi[1:])
    ok(z < Z_MOST, "ring: correlation length ratio", z)
    with h5py.File("ring.h5", "r") as file:
        names = list(file["estimates"])
        ok(file["estimates/correlation/mean"].shape == exact.shape and
           file["series/correlation"].shape[1:] == (4, 1) + exact.shape and
           not [n for n in names if "[" in n] and
           file["series/correlation"].attrs["axis"] in ("r", b"r"),
           "shapes in the file", names)
        ok(np.allclose(file["estimates/correlation/mean"][...], c["mean"]),
           "the file's means are the report's")
    p = call("report", "ring.h5")
    ok("structure" not in p.stdout, "the text prints no vectors", p.stdout)


def merged():
    """Two seeds: vectors merge like scalars."""
    base = """
run    = { seed = %d; sweeps = 2000; };
model  = { name = "ising"; shape = [6]; };
ladder = { beta = [0.5]; rungs = 1; anchor = false; copies = 2; };
record = { every = 5; observables = ["correlation"]; };"""
    one = report("one", base % 1)["estimates"]["correlation"]
    two = report("two", base % 2)["estimates"]["correlation"]
    p = call("report", "one.h5", "two.h5", "--json")
    both = json.loads(p.stdout)["estimates"]["correlation"]
    ok(np.allclose(both["mean"], (np.array(one["mean"]) + two["mean"]) / 2) and
       np.allclose(both["n_eff"], np.array(one["n_eff"]) + two["n_eff"]),
       "two runs merged: vectors", both)


def main():
    runs.scratch()
    ring()
    merged()
    runs.done()


main()
