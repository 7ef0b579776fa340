#!/usr/bin/env python3
"""Disorder, graphs and annealing: the numbers do not depend on kernel, ranks,
threads or interruptions, for every stream; and exact answers of the fixed
4 x 4 glass (its density of states is enumerated here), by tempering and by
annealed importance sampling. z below 4.5 (7e-6 each, about 80 of them)."""
import itertools
import json
import math

import h5py
import numpy as np

import runs
from physics import density_of_states
from runs import MPIRUN, call, differing, ok

Z_MOST = 4.5
TAIL = """
ladder = { temperature = [0.9, 2.5]; rungs = 5; copies = 2; };
record = { every = 10; states_every = 50;
           observables = ["energy", "overlap", "link_overlap"]; };
run    = { seed = 5; sweeps = 300; burn_in = 100; };
"""
PATHS = """
ladder = { temperature = [0.9, 2.5]; rungs = 7; copies = 40; };
run    = { protocol = "annealing"; seed = 5; sweeps = 300; burn_in = 64;
           pass_sweeps = 50; %s };
"""
EA = 'model = { name = "edwards_anderson"; shape = [4, 4, 2]; %s };'
SCENES = {
    "shared": EA % "samples = 70;" + 'dynamics = { group = 20; };' + TAIL,
    "bath": EA % "samples = 9; boundary = \"open\";" +
            'dynamics = { name = "heatbath"; stream = "shared"; };' + TAIL,
    "lane": EA % "samples = 3;" + TAIL,
    "clusters": EA % "samples = 3;" + "exchange = { houdayer = 3; };" + TAIL,
    "groups": EA % "samples = 30;" + "exchange = { houdayer = 5; };" +
              'dynamics = { group = 8; stream = "shared"; };' +
              TAIL.replace("copies = 2", "copies = 3"),
    "gauss": EA % 'samples = 2; couplings = "gaussian";' + TAIL,
    "graph": 'model = { name = "graph"; N = 30; degree = 3; samples = 2; };'
             'dynamics = { stream = "word"; };' + TAIL,
    "dense": 'model = { name = "sk"; N = 70; samples = 2; h = 0.2; };' + TAIL,
    "anneal": EA % "samples = 2;" + PATHS % "",
    "cycles": EA % "samples = 2;" + PATHS % "reheat = 0.4;"}


def write(name, text):
    with open(name + ".cfg", "w", encoding="utf-8") as file:
        file.write(text)


def same(out, wanted, p, what):
    different = differing(out, wanted) if p.returncode == 0 else ""
    ok(p.returncode == 0 and not different, what,
       f"exit {p.returncode}\n{p.stderr}\n{different}")


def invariance(name):
    wanted = name + ".h5"
    p = call("run", name + ".cfg")
    if not ok(p.returncode == 0, f"{name}: runs", p.stderr):
        return
    for kernel in ("reference", "u64", "avx2"):
        p = call("run", name + ".cfg", "dynamics.kernel=" + kernel, "-o",
                 "x.h5")
        if "does not fit" not in p.stderr and "lacks its" not in p.stderr:
            same("x.h5", wanted, p, f"{name}: kernel {kernel}")
        runs.remove("x.h5")
    for ranks, threads in ((1, 2), (2, 1), (3, 1)):
        if ranks == 1 or MPIRUN:
            p = call("run", name + ".cfg", "-o", "x.h5", ranks=ranks,
                     threads=threads)
            same("x.h5", wanted, p, f"{name}: {ranks} ranks x {threads}")
            runs.remove("x.h5")
    for sweeps, ranks in ((70, 1), (130, 2 if MPIRUN else 1), (300, 1)):
        p = call("run", name + ".cfg", f"run.sweeps={sweeps}", "-o", "x.h5",
                 ranks=ranks)
    same("x.h5", wanted, p, f"{name}: in three pieces on 1, 2, 1 ranks")
    p = call("verify", "x.h5")
    ok(p.returncode == 0, f"{name}: verify", p.stdout + p.stderr)
    runs.remove("x.h5")


# ---- the 4 x 4 glass -------------------------------------------------------

def glass():
    """Bonds in order of site i = 4 x + y, first to (x + 1, y), then to
    (x, y + 1); bond k is +1 if (7 k^2 + 3 k + 1) mod 5 < 3, else -1."""
    bonds = []
    for x, y in itertools.product(range(4), range(4)):
        for other in ((x + 1) % 4 * 4 + y, x * 4 + (y + 1) % 4):
            k = len(bonds)
            J = 1 if (7 * k * k + 3 * k + 1) % 5 < 3 else -1
            bonds.append((4 * x + y, other, J))
    return bonds


def levels(bonds):
    n = np.arange(1 << 16)
    spin = [1 - 2 * (n >> i & 1) for i in range(16)]
    energy = -sum(J * spin[i] * spin[j] for i, j, J in bonds)
    return np.unique(energy, return_counts=True)


def exact(bonds, beta):
    energy, count = levels(bonds)
    weight = count * np.exp(-beta * energy)
    z = weight.sum()
    return math.log(z), (weight * energy).sum() / z / 16


def glass_file(bonds):
    pairs = {}
    for i, j, J in bonds:
        key = (max(i, j) + 1, min(i, j) + 1)
        pairs[key] = pairs.get(key, 0) + J
    with open("glass.mtx", "w", encoding="utf-8") as file:
        file.write("%%MatrixMarket matrix coordinate integer symmetric\n")
        file.write(f"16 16 {len(pairs)}\n")
        for (i, j), J in pairs.items():
            file.write(f"{i} {j} {J}\n")


def close(name, value, error, wanted):
    ok(error >= 0 and abs(value - wanted) <= Z_MOST * error + 1e-12, name,
       f"{value} +- {error}, should be {wanted}")


def check_estimates(name, bonds):
    p = call("report", name + ".h5", "--json")
    out = json.loads(p.stdout)
    for rung, (beta,) in enumerate(out["ladder"]["lambda"]):
        ln_z, u = exact(bonds, beta)
        for quantity, wanted in (("ln_z", ln_z), ("energy", u)):
            e = out["estimates"][quantity]
            close(f"{name}: {quantity} at beta = {beta:.3g}",
                  e["mean"][rung], e["error"][rung], wanted)
    return out


def glass_runs():
    bonds = glass()
    energy, count = levels(bonds)
    held = {-20: 24, -16: 240, -12: 2104, -8: 6976, -4: 14256, 0: 18336}
    ok(dict(zip(energy[:6], count[:6])) == held and
       [J for *_, J in bonds].count(1) == 26,
       "the fixed glass has its density of states", dict(zip(energy, count)))
    for beta, wanted in ((0.5, 14.770826892590), (1, 23.372320130663),
                         (2, 43.181412685915)):
        ok(abs(exact(bonds, beta)[0] - wanted) < 1e-10,
           f"and its ln Z at beta = {beta}")
    glass_file(bonds)
    model = 'model = { name = "graph"; file = "glass.mtx"; };'
    ladder = 'ladder = { beta = [0.5, 2.0]; rungs = 4; copies = %d; %s };'
    write("glass", model + ladder % (16, "") +
          'run = { sweeps = 20000; }; record = { observables = ["energy"]; };')
    write("islands", model + ladder % (16, "") +
          "exchange = { houdayer = 1; };"
          'run = { sweeps = 20000; }; record = { observables = ["energy"]; };')
    write("paths", model + ladder % (64, "") +
          'run = { protocol = "annealing"; pass_sweeps = 500; '
          "sweeps = 50000; burn_in = 500; };")
    for name in ("glass", "islands", "paths"):
        p = call("run", name + ".cfg")
        ok(p.returncode == 0, f"{name}: runs", p.stderr)
        out = check_estimates(name, bonds)
    ok(out["best_u"] == [-20] and out["best_hits"] > 1,
       "paths: the ground energy is met", out["best_u"])
    with h5py.File("paths.h5", "r") as file:
        s = file["/anneal/best_state"][0]
    ok(-sum(J * int(s[i]) * int(s[j]) for i, j, J in bonds) == -20,
       "and its state kept has it")
    out = json.loads(call("report", "glass.h5", "--json").stdout)
    e = out["estimates"]["entropy"]
    close("third law: S at beta = 2 nears ln 24", e["mean"][-1],
          e["error"][-1], exact(bonds, 2)[0] + 32 * exact(bonds, 2)[1])
    ok(abs(e["mean"][-1] - math.log(24)) < 0.05, "within 0.05 of it",
       e["mean"][-1])


def sampled_levels(bonds):
    """ln g(E) from the run's histograms, of levels met often."""
    energy, count = levels(bonds)
    level, ln_g, error, met = density_of_states("glass.h5", 2**16, 16)
    exact = np.array([count[energy == e][0] for e in level])
    z = ((ln_g - np.log(exact)) / error)[met >= 100]
    ok(len(z) >= 9 and np.abs(z).max() < Z_MOST,
       f"glass: ln g(E) of {len(z)} levels", z)
    off = (ln_g[0] - math.log(25)) / error[0]
    ok(level[0] == -20 and abs(off) > Z_MOST,
       f"mutant rejected: 25 ground states, {math.exp(ln_g[0]):.2f} +- "
       f"{math.exp(ln_g[0]) * error[0]:.2f} found", off)


def refusals():
    """A changed instance is not gone on with; a missing one is no obstacle
    to a report."""
    p = call("run", "glass.cfg", "run.sweeps=20010")
    ok(p.returncode == 0, "the same instance goes on", p.stderr)
    with open("glass.mtx", encoding="utf-8") as file:
        text = file.read()
    with open("glass.mtx", "w", encoding="utf-8") as file:
        file.write(text.rstrip("\n")[:-2].rstrip() + " 3\n")
    p = call("run", "glass.cfg", "run.sweeps=20020")
    ok(p.returncode == 2 and "file" in p.stderr,
       "another content is refused, exit 2", p.stderr)
    p = call("report", "glass.h5", "--json")
    ok(p.returncode == 0, "a report does not need the file", p.stderr)


def main():
    runs.scratch()
    for name, text in SCENES.items():
        write(name, text)
        invariance(name)
    glass_runs()
    sampled_levels(glass())
    refusals()
    runs.done()


main()
