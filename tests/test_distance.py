#!/usr/bin/env python3
"""Entropy at a distance: every state counted (perceptron of 15 weights,
symmetric perceptron of 21), independent weights, Gaussian posteriors with
their noncentral chi-square law; references from files and their refusals.

Each z below 4.5, two-sided 7e-6 a comparison, some 500 of them; fixed
seeds."""
import json
import math
import os
import subprocess
import sys

import h5py
import numpy as np
import runs
from physics import Z_MOST, report
from runs import MPIRUN, call, differing, ok
from scipy.stats import ncx2

HERE = os.path.dirname(os.path.abspath(__file__))
ANALYSIS = os.path.join(os.path.dirname(HERE), "analysis",
                        "tempera_distance.py")
BINARY = """
run = { seed = 5; sweeps = 10000; burn_in = 500; };
model = { name = "perceptron"; %s };
ladder = { components = ["beta", "tether"]; points = %s; rungs = %d; };
record = { every = 2; observables = ["energy", "distance"]; };
"""
PATH = "((0.0, 3.0), (2.0, 3.0), (2.0, 0.0))"
GAUSS = """
run = { seed = 3; sweeps = 20000; burn_in = 1000; };
model = { name = "linear"; labels = "file"; file = "well.csv";
          reference = "made.h5:/minima/2"; prior_scale = 1.5; };
dynamics = { name = "hmc"; };
ladder = { components = ["beta", "tether"]; points = %s; rungs = %d; };
record = { every = 2; observables = ["energy", "distance_2"]; };
"""


def against(name, numbers, exact, least):
    """Every bin told of, against the truth; at least so many of them."""
    z = [(m - x) / (e + 1e-9) for m, e, x in
         zip(numbers["mean"], numbers["error"], exact)
         if m is not None]
    worst = max(z, key=abs)
    ok(len(z) >= least and abs(worst) < Z_MOST,
       f"{name}: {len(z)} bins, worst z {worst:.2f}, rms "
       f"{math.sqrt(np.mean(np.square(z))):.2f}")
    return z


def rejected(name, numbers, exact):
    z = [abs(m - x) / (e + 1e-9) for m, e, x in
         zip(numbers["mean"], numbers["error"], exact)
         if m is not None and np.isfinite(x)]
    ok(max(z) > Z_MOST, f"mutant rejected: {name}, z {max(z):.1f}")


# ---- binary weights ----------------------------------------------------------

def examples(file, inputs, count, seed):
    rng = np.random.default_rng(seed)
    x = rng.choice([-1, 1], (count, inputs))
    y = rng.choice([-1, 1], count)
    with open(file, "w", encoding="utf-8") as out:
        for row, label in zip(x, y):
            print(*row, label, sep=",", file=out)
    return x * y[:, None]


def all_states(n):
    bits = np.arange(1 << n)[:, None] >> np.arange(n) & 1
    return (2 * bits - 1).astype(np.int8)


def state_of(file, rung=-1):
    with h5py.File(file, "r") as out:
        return out["states/last/spin"][0, 0, rung]


def exact_rows(d, errors, n, beta):
    """ln Z(d), energy, entropy, local entropy of every state counted."""
    rows = np.full((4, n + 1), np.nan)
    for k in range(n + 1):
        e = errors[d == k]
        w = np.exp(-beta * e)
        energy = (w * e).sum() / w.sum()
        ln_z = math.log(w.sum())
        rows[:, k] = (ln_z, energy, ln_z + beta * energy,
                      ln_z + beta * energy - math.log(math.comb(n, k)))
    return rows


def counted():
    """A perceptron, three temperatures of one run, reference: a state of
    another."""
    n = 15
    x = examples("fifteen.csv", n, 12, 1)
    keys = 'N = 15; labels = "file"; file = "fifteen.csv"; '
    first = report("first", BINARY % (keys + 'reference = "random";', PATH,
                                      10))
    ok("distance" in first, "a random reference: distances are told of")
    target = state_of("first.h5", 3)
    many = "((0.0, 3.0), (0.0, 0.0), (0.8, 0.0), (2.5, 0.0), (2.5, 3.0))"
    text = BINARY % (keys + 'reference = "first.h5:/states/last[0,*,3]";',
                     many, 13)
    out = report("second", text)
    w = all_states(n)
    errors = (w @ x.T <= 0).sum(axis=1)
    d = (w != target).sum(axis=1)
    targets = out["distance"]["targets"]
    ok([t["beta"] for t in targets][0] == 0 and targets[-1]["beta"] == 2.5 and
       len(targets) >= 3, "every beta without a tether is a target")
    for t in (targets[0], targets[len(targets) // 2], targets[-1]):
        rows = exact_rows(d, errors, n, t["beta"])
        for name, exact in zip(("ln_z", "energy", "entropy",
                                "local_entropy"), rows):
            against(f"perceptron, beta = {t['beta']:.3g}: {name}", t[name],
                    exact, 9)
        if t["beta"]:
            top = max(range(n + 1), key=lambda k: t["ln_z"]["mean"][k] or -9)
            against(f"perceptron, beta = {t['beta']:.3g}: potential",
                    t["potential"],
                    (rows[0][top] - rows[0]) / (n * t["beta"]), 8)
    rows = exact_rows(d, errors, n, 2.5)
    rejected("the energy forgotten in S", targets[-1]["entropy"], rows[0])
    rejected("a distance off by one", targets[-1]["ln_z"],
             np.roll(rows[0], 1))
    names = [bool(m) for m in targets[-1]["ln_z"]["mean"]]
    ok(names.count(True) < n + 1, "bins that no one has seen are null")
    copies(text)
    return text


def copies(text):
    """Two runs of one instance are put together."""
    rungs = ['ladder.spacing="list"', "ladder.points=((0.0, 2.0), (1.0, 2.0),"
             " (2.0, 2.0), (2.0, 1.0), (2.0, 0.0))", "ladder.rungs=5"]
    report("second", text, *rungs)
    report("third", text, "run.seed=6", *rungs)
    p = call("report", "second.h5", "third.h5", "--json")
    both = json.loads(p.stdout)["distance"]["targets"][-1]["ln_z"]
    single = [json.loads(call("report", f, "--json").stdout)
              ["distance"]["targets"][-1]["ln_z"]
              for f in ("second.h5", "third.h5")]
    at = [k for k in range(len(both["mean"])) if both["mean"][k] is not None]
    ok(len(at) > 8 and all(
        abs(both["mean"][k] - (single[0]["mean"][k] + single[1]["mean"][k]) /
            2) < 1e-9 and
        abs(both["error"][k] - math.hypot(single[0]["error"][k],
                                          single[1]["error"][k]) / 2) < 1e-9
        for k in at), "two runs merged: mean and error")


def independent():
    """beta = 0: binomial coefficients, both ways from the reference."""
    out = report("free", BINARY % ('N = 40; reference = "planted";',
                                   "((0.0, 5.0), (0.0, -5.0))", 9))
    exact = [math.log(math.comb(40, k)) for k in range(41)]
    target = out["distance"]["targets"][0]
    against("beta = 0: ln of N over d", target["ln_z"], exact, 41)
    ok(target["beta"] == 0 and
       max(abs(m) / (e + 1e-9) for m, e in zip(target["local_entropy"]["mean"],
                                      target["local_entropy"]["error"])
           if m is not None) < Z_MOST, "beta = 0: local entropy 0")
    out = report("many", BINARY % ('N = 20; reference = "planted"; '
                                   'samples = 6;',
                                   "((0.0, 4.0), (0.0, -4.0))", 7),
                 "run.sweeps=2000")
    exact = [math.log(math.comb(20, k)) for k in range(21)]
    against("six samples: ln of N over d", out["distance"]["targets"][0]
            ["ln_z"], exact, 19)
    ok(out["distance"]["samples"] == 6, "averages are over six")


def solutions():
    """The symmetric perceptron of 21 weights, around one of its solutions
    (negative local entropy: isolated)."""
    n = 21
    x = examples("symmetric.csv", n, 12, 2)
    keys = 'N = 21; labels = "file"; file = "symmetric.csv"; ' \
           'loss = "symmetric"; kappa = 1.0; '
    report("find", BINARY % (keys + 'reference = "random";', PATH, 10),
           "ladder.points=[[0.0, 0.0], [5.0, 0.0]]", "ladder.rungs=12")
    target = state_of("find.h5")
    ok((abs(x @ target) <= math.sqrt(n)).all(), "tempering found a solution")
    out = report("around", BINARY % (
        keys + 'reference = "find.h5:/states/last";',
        "((0.0, 4.0), (4.0, 4.0), (4.0, 0.0))", 14), "run.sweeps=20000")
    w = all_states(n)
    good = np.ones(len(w), bool)
    for row in x:
        good &= abs(w @ row.astype(np.int32)) <= math.sqrt(n)
    number = np.bincount((w[good] != target).sum(axis=1), minlength=n + 1)
    with np.errstate(divide="ignore"):
        exact = np.log(number)
    found = out["distance"]["solutions_at_distance"]
    against(f"{good.sum()} solutions of 2^21: how many at each distance",
            found, exact, 10)
    ok(all(number[k] for k in range(n + 1) if found["mean"][k] is not None),
       "none where there are none")
    rejected("solutions at d + 1", found, np.roll(exact, -1))


# ---- real weights ----------------------------------------------------------

def gauss_exact(edges, beta, y, target, scale):
    """ln Z(bin) of u = sum (y_i - w_i)^2 / 2, an isotropic normal law."""
    n = len(y)
    precision = beta + 1 / scale ** 2
    mean = beta * y / precision
    ln_z = -n / 2 * math.log(1 + beta * scale ** 2) - \
        beta / 2 * (y ** 2).sum() / (1 + beta * scale ** 2)
    law = ncx2(n, ((mean - target) ** 2).sum() * precision)
    q = n * np.square(edges) * precision
    with np.errstate(divide="ignore"):
        return ln_z + np.log(np.where(q[:-1] > law.median(),
                                      law.sf(q[:-1]) - law.sf(q[1:]),
                                      law.cdf(q[1:]) - law.cdf(q[:-1])))


def gaussian():
    y = np.array([0.5, -1.0, 2.0, 0.3, 0.0, 1.0])
    target = np.array([1.0, -0.5, 1.0, 0.0, 0.5, 0.5])
    with open("well.csv", "w", encoding="utf-8") as file:
        for row, value in zip(np.eye(6), y):
            print(*row, value, sep=",", file=file)
    out = report("well", GAUSS % ("((0.0, 60.0), (4.0, 60.0), (4.0, 0.0))",
                                  16))
    distance = out["distance"]
    edges = np.array(distance["from"] + distance["to"][-1:])
    beta, h = 4.0, 1e-4
    exact = gauss_exact(edges, beta, y, target, 1.5)
    energy = (gauss_exact(edges, beta - h, y, target, 1.5) -
              gauss_exact(edges, beta + h, y, target, 1.5)) / (2 * h)
    prior = gauss_exact(edges, 0.0, y, target, 1.5)
    last = distance["targets"][-1]
    known = np.isfinite(exact)
    ok(np.allclose(np.array(distance["ln_shell"])[known], prior[known],
                   atol=1e-6), "normal prior: its mass of every shell",
       np.array(distance["ln_shell"]) - prior)
    against("quadratic well: ln Z(d)", last["ln_z"], exact, 20)
    against("quadratic well: energy", last["energy"], energy, 20)
    against("quadratic well: S(d)", last["entropy"], exact + beta * energy,
            20)
    against("quadratic well: local entropy", last["local_entropy"],
            exact + beta * energy - prior, 20)
    rejected("the volume for the prior's mass", last["local_entropy"],
             exact + beta * energy - 6 * np.log(np.maximum(edges[1:], 1e-9)))
    by_heat = report("heat", GAUSS % ("((0.0, 0.0), (4.0, 0.0))", 8))
    a, b = ((o["estimates"]["ln_z"]["mean"][-1],
             o["estimates"]["ln_z"]["error"][-1]) for o in (out, by_heat))
    z = (a[0] - b[0]) / math.hypot(a[1], b[1])
    ok(abs(z) < Z_MOST, f"ln Z by tether {a[0]:.4f}({a[1]:.4f}) and by "
                        f"temperature {b[0]:.4f}({b[1]:.4f})")
    flat = report("flat", GAUSS % ("((0.0, 60.0), (4.0, 60.0), (4.0, 0.0))",
                                   16), "model.prior=none", "run.sweeps=4000")
    edges = np.array(flat["distance"]["from"] + flat["distance"]["to"][-1:])
    volume = 3 * math.log(math.pi) - math.lgamma(4) + 3 * math.log(6) + \
        np.log(edges[1:] ** 6 - edges[:-1] ** 6)
    ok(np.allclose(flat["distance"]["ln_shell"], volume, atol=1e-9),
       "flat prior: volumes of shells")


def make_minima():
    with h5py.File("made.h5", "w") as file:
        file["minima/2/state"] = np.array([1.0, -0.5, 1.0, 0.0, 0.5, 0.5])
        file["minima/3/state"] = np.array([1.0, -0.5, np.nan, 0, 0.5, 0.5])
        file["minima/4/state"] = np.zeros(5)
    with open("text.h5", "w", encoding="utf-8") as file:
        file.write("no HDF5")


# ---- references that cannot be ---------------------------------------------

def refusals(binary):
    with open("bad.cfg", "w", encoding="utf-8") as file:
        file.write(GAUSS % ("((0.0, 60.0), (4.0, 0.0))", 4))
    with open("binary.cfg", "w", encoding="utf-8") as file:
        file.write(binary)
    cases = [
        ("bad", "gone.h5:/minima/2", "gone.h5: No such file"),
        ("bad", "text.h5:/minima/2", "text.h5"),
        ("bad", "made.h5:/minima/9", "made.h5 holds no minimum 9"),
        ("bad", "made.h5:/minima/3", "number 2 of the state"),
        ("bad", "made.h5:/minima/4", "has 5 numbers; this model has 6"),
        ("bad", "made.h5:/weights", "OUT.h5:/minima/NUMBER"),
        ("bad", "made.h5:/states/last", "holds no /states/last"),
        ("bad", "first.h5:/states/last", "has 15 numbers"),
        ("bad", "elsewhere", "allowed: origin|random"),
        ("binary", "first.h5:/states/last[1]", "has 1 copies, from 0"),
        ("binary", "first.h5:/states/last[0,2]", "has 1 samples"),
        ("binary", "first.h5:/states/last[0,0,10]", "has 10 rungs"),
        ("binary", "first.h5:/states/last[0;1]", "[copy,sample,rung]"),
        ("binary", "made.h5:/minima/2", "weights are -1 or 1"),
        ("binary", "planted", "no planted state")]
    for file, key, words in cases:
        p = call("check", file + ".cfg", "model.reference=" + key)
        ok(p.returncode == 2 and words in p.stderr and
           p.stderr.count("model.reference") == 1, f"refused: {key}",
           p.stderr)


def going_on(text):
    """The same w* or none: its numbers are physics. A report and a
    verification need the file no more."""
    with open("on.cfg", "w", encoding="utf-8") as file:
        file.write(text)
    p = call("run", "on.cfg", "run.sweeps=500")
    ok(p.returncode == 0, "a run with a reference of a file", p.stderr)
    with h5py.File("first.h5", "r+") as file:
        file["states/last/spin"][0, 0, 3] *= -1
    p = call("run", "on.cfg", "run.sweeps=600")
    ok(p.returncode == 2 and "is not what it was" in p.stderr,
       "another state under the name: refused", p.stderr)
    with h5py.File("first.h5", "r+") as file:
        file["states/last/spin"][0, 0, 3] *= -1
    p = call("run", "on.cfg", "run.sweeps=600")
    ok(p.returncode == 0, "the same again: goes on", p.stderr)
    call("run", "on.cfg", "-o", "once.h5", "run.sweeps=600")
    ok(not differing("on.h5", "once.h5"), "the same as in one go",
       differing("on.h5", "once.h5"))
    cases = [("2 threads", 1, 2)] + ([("2 ranks", 2, 1)] if MPIRUN else [])
    for name, ranks, threads in cases:
        call("run", "on.cfg", "-o", "once.h5", "--restart", "run.sweeps=600",
             ranks=ranks, threads=threads)
        ok(not differing("on.h5", "once.h5"), f"the same by {name}",
           differing("on.h5", "once.h5"))
    os.rename("first.h5", "away.h5")
    p = call("report", "on.h5", "--json")
    out = json.loads(p.stdout or "{}")
    ok(p.returncode == 0 and out["distance"]["reference"] ==
       "first.h5:/states/last[0,*,3]", "a report without the file", p.stderr)
    p = call("verify", "on.h5")
    ok(p.returncode == 0, "a verification without the file", p.stderr)
    with h5py.File("on.h5", "r") as file:
        got = file["distance/entropy/mean"][-1]
        want = out["distance"]["targets"][-1]["entropy"]["mean"]
        ok(all(b is None or a == b for a, b in zip(got, want)) and
           file["distance"].attrs["unit"] == b"weights" or
           file["distance"].attrs["unit"] == "weights",
           "/distance in the file is what the report says")


def drawn():
    """Pictures: two references on one axis, their mean, and what cannot be."""
    def draw(*args):
        return subprocess.run([sys.executable, ANALYSIS, *args],
                              capture_output=True, text=True, check=False)
    with h5py.File("free.h5", "r") as file:
        held = {name: file["distance"][name]["mean"].shape
                for name in ("ln_z", "energy", "potential")}
    ok(set(held.values()) == {(1, 41)}, "a row a target, a bin each", held)
    for name, args in (("two", ["second.h5", "around.h5"]),
                       ("mean", ["second.h5", "third.h5", "--average"]),
                       ("real", ["well.h5", "--beta", "4"])):
        p = draw(*args, "-o", name + ".png")
        ok(p.returncode == 0 and os.path.getsize(name + ".png") > 20000,
           f"a picture: {name}", p.stderr)
    for args, code, words in ((["made.h5"], 3, "made.h5"),
                              (["none.h5"], 2, "no such file"),
                              (["find.h5", "well.h5", "--average"], 3,
                               "no average"),
                              (["well.h5", "--label", "a", "b"], 2,
                               "2 labels for 1")):
        p = draw(*args)
        ok(p.returncode == code and words in p.stderr and
           "Traceback" not in p.stderr, f"no picture: {' '.join(args)}",
           p.stderr)


def main():
    runs.scratch()
    make_minima()
    text = counted()
    independent()
    solutions()
    gaussian()
    drawn()
    refusals(text)
    going_on(text)
    runs.done()


main()
