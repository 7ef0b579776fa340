#!/usr/bin/env python3
"""tempera solve: every solver against brute force written here, against each
other and against published values; sweeps, files, messages."""
import itertools
import json
import math
import os
import signal
import subprocess
import time

import h5py
import numpy as np

import runs
from runs import call, ok


def solve(*args):
    p = call("solve", *args, "--json")
    if p.returncode:
        return p.stderr
    return json.loads(p.stdout)


def results(*args):
    out = solve(*args)
    return {name: r["value"] for name, r in out["points"][0]["results"]
            .items()} if isinstance(out, dict) else {"error": out}


def brute(shape, beta, J=1.0, h=0.0, periodic=True):
    """Sums over all states; both neighbours of a periodic axis of size 2."""
    n = math.prod(shape)
    sites = list(itertools.product(*map(range, shape)))
    number = {site: i for i, site in enumerate(sites)}
    spins = np.array(list(itertools.product([-1, 1], repeat=n)))
    u = -h * spins.sum(axis=1).astype(float)
    for site in sites:
        for axis, size in enumerate(shape):
            other = list(site)
            other[axis] += 1
            if other[axis] == size and not periodic:
                continue
            other[axis] %= size
            u -= J * spins[:, number[site]] * spins[:, number[tuple(other)]]
    top = (-beta * u).max()
    weight = np.exp(-beta * u - top)
    z = weight.sum()
    mean = (weight * u).sum() / z
    variance = (weight * (u - mean) ** 2).sum() / z
    m = spins.sum(axis=1) / n
    ln_z = top + math.log(z)
    return {"ln_z": ln_z, "energy": mean / n,
            "specific_heat": beta**2 * variance / n,
            "entropy": ln_z + beta * mean,
            "magnetization": (weight * m).sum() / z}


def brute_values(shape, values, beta, bond, periodic=True):
    """Sites of several values; bond(axis, a, b) is the energy of two."""
    n = math.prod(shape)
    sites = list(itertools.product(*map(range, shape)))
    number = {site: i for i, site in enumerate(sites)}
    state = np.array(list(itertools.product(range(values), repeat=n)))
    u = np.zeros(len(state))
    for site in sites:
        for axis, size in enumerate(shape):
            other = list(site)
            other[axis] += 1
            if other[axis] == size and not periodic:
                continue
            other[axis] %= size
            u += bond(axis, state[:, number[site]],
                      state[:, number[tuple(other)]])
    weight = np.exp(-beta * (u - u.min()))
    z = weight.sum()
    mean = (weight * u).sum() / z
    most = np.max([(state == v).sum(axis=1) for v in range(values)], axis=0)
    angle = 2 * math.pi * state / values
    vector = abs(np.exp(1j * angle).sum(axis=1)) / n
    order = (values * most - n) / (n * (values - 1))
    ln_z = math.log(z) - beta * u.min()
    return {"ln_z": ln_z, "energy": mean / n,
            "specific_heat": beta**2 * (weight * (u - mean)**2).sum() / z / n,
            "entropy": ln_z + beta * mean,
            "order": (weight * order).sum() / z,
            "vector": (weight * vector).sum() / z}


def agree(what, got, want, names=None, digits=1e-10):
    wrong = {}
    for name in names or [n for n in want if n in got]:
        a, b = got.get(name), want.get(name)
        if a is None or b is None or \
                abs(a - b) > digits * max(1, abs(b)):
            wrong[name] = (a, b)
    ok(not wrong and len([n for n in want if n in got]) > 2, what,
       wrong or got)


def against_brute():
    for beta in (0.0, 1e-3, 0.44, 2.0, 20.0):
        b = f"beta={beta}"
        for shape, J in (([3, 4], 1.0), ([4, 2], -1.0), ([2, 3], 0.7)):
            agree(f"kaufman {shape} J={J} {b}",
                  results("kaufman", f"shape={shape}", f"J={J}", b),
                  brute(shape, beta, J))
        for shape, J, h, boundary in (
                ([3, 4], -1.0, 0.3, "periodic"), ([3, 3], 1.0, 0.1, "open"),
                ([2, 2, 3], 0.5, -0.2, "periodic"), ([9], 1.0, 0.2, "open")):
            agree(f"transfer_matrix {shape} J={J} h={h} {boundary} {b}",
                  results("transfer_matrix", f"shape={shape}", f"J={J}",
                          f"h={h}", f"boundary={boundary}", b),
                  brute(shape, beta, J, h, boundary == "periodic"))
        agree(f"enumerate 3 x 4 {b}",
              results("enumerate", "model.shape=[3, 4]", "model.J=-1.0",
                      "model.h=0.5", b), brute([3, 4], beta, -1.0, 0.5))
        agree(f"ising1d {b}", results("ising1d", "N=11", "h=0.3", b),
              brute([11], beta, 1.0, 0.3))


def several_values():
    """The rounding of couplings to 2^-30 is below 1e-8."""
    for beta in (0.0, 0.3, 1.0, 4.0):
        b = f"beta={beta}"
        want = brute_values([3, 3], 3, beta, lambda a, s, t: -1.0 * (s == t))
        agree(f"enumerate potts {b}",
              results("enumerate", "model.name=potts", "model.shape=[3, 3]",
                      b), {**want, "magnetization": want["order"]})
        want = brute_values([2, 3], 4, beta, lambda a, s, t: 0.7 * (s == t),
                            False)
        agree(f"enumerate potts antiferromagnet, open {b}",
              results("enumerate", "model.name=potts", "model.shape=[2, 3]",
                      "model.q=4", "model.J=-0.7", "model.boundary=open", b),
              {**want, "magnetization": want["order"]}, digits=1e-8)
        want = brute_values([2, 3], 5, beta, lambda a, s, t: -0.9 * np.cos(
            2 * math.pi * (s - t) / 5))
        agree(f"enumerate clock {b}",
              results("enumerate", "model.name=clock", "model.shape=[2, 3]",
                      "model.q=5", "model.J=0.9", b),
              {**want, "magnetization": want["vector"]}, digits=1e-7)
        want = brute_values([3, 4], 2, beta, lambda a, s, t: -(1.5, -0.5)[a] *
                            (1 - 2.0 * (s != t)))
        agree(f"enumerate ising, J of each axis {b}",
              results("enumerate", "model.shape=[3, 4]",
                      "model.J_axis=[1.5, -0.5]", b), want)


def against_each_other():
    agree("kaufman and transfer_matrix, 8 x 24",
          results("kaufman", "shape=[8, 24]", "beta=0.44"),
          results("transfer_matrix", "shape=[8, 24]", "beta=0.44"))
    agree("ising1d and transfer_matrix, 200 spins",
          results("ising1d", "N=200", "beta=0.7", "h=0.05"),
          results("transfer_matrix", "shape=[200]", "beta=0.7", "h=0.05"))
    big = results("kaufman", "shape=[400, 400]", "beta=0.5")
    bulk = results("onsager", "beta=0.5")
    agree("kaufman 400 x 400 and onsager", big,
          {"ln_z": 160000 * bulk["ln_z_per_site"] + math.log(2),
           "energy": bulk["energy"],
           "specific_heat": bulk["specific_heat"]}, digits=1e-9)
    cold = results("kaufman", "shape=[64, 64]", "beta=100")
    ok(abs(cold["ln_z"] - (100 * 8192 + math.log(2))) < 1e-6 and
       cold["energy"] == -2, "kaufman does not overflow at beta = 100", cold)


def against_print():
    """3 x 3 x 3 torus, by an independent transfer matrix (its u by
    differences, good to 3e-7); Onsager 1944."""
    for beta, ln_z, u in ((0.1, 19.1587977726, -0.34999420),
                          (0.2, 20.9340815664, -1.11367279),
                          (0.221654626, 21.6761933669, -1.43444414),
                          (0.3, 25.9536405028, -2.48969935)):
        r = results("transfer_matrix", "shape=[3, 3, 3]", f"beta={beta}")
        ok(abs(r["ln_z"] - ln_z) < 1e-9 and abs(r["energy"] - u) < 1e-6,
           f"3 x 3 x 3 torus at beta = {beta}", r)
    r = results("onsager", "beta=0.4406867935097715")
    ok(abs(r["ln_z_per_site"] - 0.9296953983416103) < 1e-12 and
       abs(r["energy"] + math.sqrt(2)) < 1e-9,
       "the critical point: 2G/pi + ln(2)/2 and -sqrt 2", r)
    r = results("onsager", "beta=1.0")
    ok(abs(r["magnetization"] -
           (1 - math.sinh(2.0) ** -4) ** 0.125) < 1e-12,
       "Yang's magnetization", r)


def derivatives():
    """energy = -d ln Z / d beta / N by differences."""
    for name, keys in (("kaufman", ["shape=[6, 10]"]),
                       ("transfer_matrix", ["shape=[5, 7]", "h=0.2"]),
                       ("ising1d", ["N=30", "h=0.2"])):
        sites = {"kaufman": 60, "transfer_matrix": 35, "ising1d": 30}[name]
        step = 1e-5
        low, mid, high = (results(name, *keys, f"beta={0.4 + d!r}")
                          for d in (-step, 0.0, step))
        slope = -(high["ln_z"] - low["ln_z"]) / (2 * step) / sites
        ok(abs(slope - mid["energy"]) < 1e-8, f"{name}: energy is the slope "
           "of ln Z", (slope, mid["energy"]))


def xy_rings():
    """A transfer matrix of the angle on 120 points: a ring's sums over a
    periodic smooth function converge faster than any power."""
    points = 120
    angle = 2 * math.pi * np.arange(points) / points

    def ln_z(n, K, twist=0.0, periodic=True):
        bond = np.fft.fft(np.exp(K * np.cos(angle + twist))) / points
        return (math.log((bond ** n).sum().real) if periodic
                else (n - 1) * math.log(bond[0].real))
    step = 1e-4
    for n, J, beta, boundary in ((5, 1.0, 2.0, "periodic"),
                                 (5, -0.8, 1.5, "periodic"),
                                 (6, -1.0, 0.7, "periodic"),
                                 (12, 1.0, 1.0, "open"),
                                 (2, 0.5, 3.0, "periodic")):
        ring = boundary == "periodic"
        got = results("xy_chain", f"N={n}", f"J={J}", f"beta={beta}",
                      f"boundary={boundary}")
        low, mid, high = (ln_z(n, J * b, periodic=ring)
                          for b in (beta - step, beta, beta + step))
        want = {"ln_z": mid, "energy": (low - high) / (2 * step) / n,
                "specific_heat":
                    beta**2 * (low - 2 * mid + high) / step**2 / n}
        if ring:
            turned = ln_z(n, J * beta, 1e-3)
            want["helicity_modulus"] = \
                2 * (mid - turned) / 1e-6 / beta / n
        agree(f"xy_chain N={n} J={J} beta={beta} {boundary}", got, want,
              digits=1e-5)
    got = results("xy_chain", "N=2", "beta=1.0")
    ok(abs(got["ln_z"] - 0.235914358507) < 1e-12 and
       abs(got["energy"] + 0.446389965897 / 2) < 1e-12,
       "xy_chain: one bond at K = 1: ln I0 and I1/I0", got)


def warned_once():
    """A sweep says on stderr once what it has to say of several points, and
    all of it in JSON."""
    p = call("solve", "sk_rs", "T=0.9:1.02:0.02")
    lines = p.stderr.splitlines()
    ok(len(lines) == 1 and lines[0].startswith("warning: point 1 and 4 more: "
                                               "below the de Almeida"),
       "one line for five warnings that differ in numbers", p.stderr)
    ok([len(x["warnings"]) for x in solve("sk_rs", "T=0.9:1.02:0.02")
        ["points"]] == [1] * 5 + [0] * 2, "each at its point in JSON")


def commands():
    out = solve("kaufman", "shape=[8, 8]", "beta=0.3:0.5:0.1")
    ok([round(p["parameters"]["beta"], 12) for p in out["points"]] ==
       [0.3, 0.4, 0.5] and {"solver", "parameters", "source"} <= set(out),
       "a:b:step includes b", out)
    out = solve("transfer_matrix", "shape=[3, 4]", "beta=0:1:0.5",
                "h=0:0.2:0.1")
    ok(len(out["points"]) == 9, "two sweeps: all pairs")
    out = solve("curie_weiss", "N=1:9:4", "beta=1.0")
    ok([p["parameters"]["N"] for p in out["points"]] == [1, 5, 9],
       "sweeps of integers", out)
    p = call("solve", "kaufman", "shape=[8, 8]", "beta=0.1:0.5:0.1", "-o",
             "theory.h5")
    with h5py.File("theory.h5", "r") as file:
        ok(p.returncode == 0 and file["theory/ln_z/mean"].shape == (5,) and
           abs(file["points/beta"][4] - 0.5) < 1e-12, "-o writes a file")
    out = solve("sk_rs", "T=1.1:0.2:-0.3", "h=-0.3:0.3:0.1")
    ok([p["parameters"] for p in out["points"]] ==
       [{"T": T, "h": h} for T in (1.1, 0.8, 0.5, 0.2)
        for h in (-0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3)],
       "points of a sweep are the decimals meant", out)
    with open("notes.txt", "w", encoding="utf-8") as file:
        file.write("mine")
    runs.write("run.cfg", sweeps=200, shape="[4, 4]")
    runs.run("run.cfg", "-o", "run.h5")
    kept = os.stat("run.h5").st_size
    for path, words in (("run.h5", "left as it is"),
                        ("notes.txt", "left as it is"), (".", "no file"),
                        ("none/x.h5", "cannot create")):
        p = call("solve", "kaufman", "-o", path)
        ok(p.returncode == 3 and words in p.stderr and not p.stdout,
           f"-o {path} is refused before anything is solved", p.stderr)
    ok(os.stat("run.h5").st_size == kept, "a run's output is not overwritten")
    if runs.MPIRUN:
        found, text = runs.codes("solve", "kaufman", "-o", "none/x.h5")
        ok(found == [3, 3, 3] and text.count("cannot create") == 1,
           "by all ranks", (found, text))
    p = call("solve", "kaufman", "-o", "theory.h5")
    ok(p.returncode == 0 and not os.path.exists("theory.h5.new"),
       "theory is overwritten by theory", p.stderr)
    with open("/dev/full", "w", encoding="utf-8") as full:
        p = subprocess.run(runs.command(["solve", "kaufman"], 1), stdout=full,
                           stderr=subprocess.PIPE, text=True, check=False)
    ok(p.returncode == 3 and "standard output" in p.stderr,
       "a full disk behind the standard output is no success", p.stderr)
    p = runs.start("solve", "sk_rsb", "K=7", "T=0.02:1:1e-6")
    time.sleep(0.5)
    p.send_signal(signal.SIGTERM)
    try:
        code = p.wait(10)
    except subprocess.TimeoutExpired:
        p.kill()
        code = p.wait()
    ok(code == -signal.SIGTERM, "SIGTERM ends it at once", code)
    for args, words in (
            (["kaufmn"], "did you mean kaufman?"),
            ([], "which solver?"),
            (["kaufman", "bta=1"], "did you mean beta?"),
            (["kaufman", "beta=one"], "beta"),
            (["kaufman", "shape=[3, 3]", "J=-1.0", "beta=0.4"],
             "frustrated"),
            (["kaufman", "beta=0.5:0.1:0.1"], "never gets"),
            (["kaufman", "beta=0:1:1e-9"], "1000000000 points"),
            (["kaufman", "beta=0.5:1:0.1", "beta=0.3"], "given twice"),
            (["kaufman", "beta=0.3", "beta=0.5:1:0.1"], "given twice"),
            (["enumerate", "model.shape=[2, 2]", "beta=1", "beta=2"],
             "given twice"),
            (["kaufman", "-o", ""], "missing"),
            (["curie_weiss", "N=1:5:0.5"], "must be integers"),
            (["curie_weiss", "N=-3:5:1"], "out of range"),
            (["enumerate", "model.shape=[6, 6]", "beta=0.1"], "2^24"),
            (["enumerate", "model.shape=[2, 2]"], "beta=... is missing")):
        p = call("solve", *args)
        ok(p.returncode == 2 and words in p.stderr and not p.stdout,
           "refused: " + " ".join(args), p.stderr)


def main():
    runs.scratch()
    against_brute()
    several_values()
    against_each_other()
    against_print()
    derivatives()
    xy_rings()
    warned_once()
    commands()
    good = brute([3, 4], 0.4)
    bad = dict(good, specific_heat=good["specific_heat"] * (1 + 1e-8))
    wrong = [n for n in good if abs(bad[n] - good[n]) >
             1e-10 * max(1, abs(good[n]))]
    ok(wrong == ["specific_heat"], "mutant rejected: a specific heat off by "
       "1e-8")
    runs.done()


main()
