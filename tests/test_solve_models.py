#!/usr/bin/env python3
"""tempera solve for mean-field and other solvable models, against brute force.
Values found elsewhere are in tests/references."""
import itertools
import json
import math

import numpy as np

import runs
from runs import call, ok


def solve(*args):
    p = call("solve", *args, "--json")
    return json.loads(p.stdout) if p.returncode == 0 else p.stderr


def point(*args):
    out = solve(*args)
    return out["points"][0] if isinstance(out, dict) else \
        {"results": {}, "warnings": [out], "phase": None}


def results(*args):
    return {name: r["value"] for name, r in point(*args)["results"].items()}


def agree(what, got, want, digits=1e-11):
    wrong = {name: (got.get(name), value) for name, value in want.items()
             if got.get(name) is None or
             not abs(got[name] - value) <= digits * max(1, abs(value))}
    ok(not wrong, what, wrong)


def averages(energy, m, beta, n):
    """What a Boltzmann average over the given states says."""
    weight = np.exp(-beta * (energy - energy.min()))
    z = weight.sum()
    p = weight / z
    u, m1 = (p * energy).sum(), (p * m).sum()
    m2, m4 = (p * m**2).sum(), (p * m**4).sum()
    return {"ln_z": math.log(z) - beta * energy.min(), "energy": u / n,
            "specific_heat": beta**2 * (p * (energy - u)**2).sum() / n,
            "magnetization": m1, "abs_magnetization": (p * abs(m)).sum(),
            "magnetization_2": m2, "magnetization_4": m4,
            "susceptibility": beta * n * (p * (m - m1)**2).sum(),
            "binder": 1 - m4 / (3 * m2**2)}


def curie_weiss():
    for n, h in ((1, 0.3), (2, 0.0), (7, -0.2), (12, 1.5)):
        spins = np.array(list(itertools.product([-1, 1], repeat=n)))
        total = spins.sum(axis=1).astype(float)
        for beta in (0.0, 0.3, 1.1, 5.0, 40.0):
            agree(f"curie_weiss N={n} beta={beta} h={h}: all states",
                  results("curie_weiss", f"N={n}", f"beta={beta}", f"h={h}"),
                  averages(-total**2 / (2 * n) - h * total, total / n, beta,
                           n))
    # Large N: the limit, with its first correction known at high T,
    # ln Z = N ln 2 - ln(1 - beta)/2 + ...
    n = 10**7
    big = results("curie_weiss", f"N={n}", "beta=0.5")
    agree("curie_weiss N = 1e7: corrections of 1/N", big,
          {"ln_z": n * math.log(2) + math.log(2) / 2,
           "susceptibility": 0.5 / (1 - 0.5)}, digits=1e-6)
    ok(abs(big["ln_z"] - n * math.log(2) - math.log(2) / 2) < 1e-6,
       "curie_weiss N = 1e7: ln Z to 1e-6 absolutely", big["ln_z"])
    cold = results("curie_weiss", f"N={n}", "beta=1.5", "h=0.01")
    limit = results("curie_weiss", "N=0", "beta=1.5", "h=0.01")
    agree("curie_weiss N = 1e7 and the limit", cold,
          {name: limit[name] for name in ("energy", "specific_heat",
                                          "magnetization",
                                          "susceptibility")}, digits=1e-6)
    agree("curie_weiss frozen", results("curie_weiss", "N=1000",
                                        "beta=100.0"),
          {"ln_z": 50e3 + math.log(2), "energy": -0.5, "entropy":
           math.log(2), "specific_heat": 0.0, "binder": 2 / 3})


def brute_strip(shape, beta, J, h, model, q, periodic):
    """Sums over all states of a two-dimensional lattice."""
    height, width = shape
    states = np.array(list(itertools.product(range(q),
                                             repeat=height * width)))
    value = states.reshape(-1, height, width)
    spin = 2 * value - 1 if q == 2 else value
    energy = -h * spin.sum(axis=(1, 2)).astype(float)
    steps = [(1, 0), (0, 1)] + [(1, 1)] * (model == "triangular")
    each = J if isinstance(J, list) else [J] * len(steps)
    for (down, right), J in zip(steps, each):
        for x in range(height):
            for y in range(width):
                if not periodic and (x + down == height or
                                     y + right == width):
                    continue
                a = spin[:, x, y]
                b = spin[:, (x + down) % height, (y + right) % width]
                energy -= J * ((a == b) if model == "potts" else a * b)
    n = height * width
    want = averages(energy, spin.sum(axis=(1, 2)) / n, beta, n)
    names = ["ln_z", "energy", "specific_heat"]
    if model != "potts":
        names += ["magnetization", "magnetization_2", "susceptibility"]
    want = {name: want[name] for name in names}
    if periodic:
        want["ground_energy"] = energy.min() / n
        want["ground_states"] = (energy < energy.min() + 1e-9).sum()
    return want


def strips():
    for model, q, shape, J, h, boundary in (
            ("potts", 3, [3, 3], 1.0, 0.0, "periodic"),
            ("potts", 3, [2, 4], -0.7, 0.0, "periodic"),
            ("potts", 3, [3, 3], -1.0, 0.0, "open"),
            ("potts", 4, [2, 3], 1.3, 0.0, "open"),
            ("triangular", 2, [3, 4], -1.0, 0.0, "periodic"),
            ("triangular", 2, [4, 3], -1.0, 0.5, "periodic"),
            ("triangular", 2, [3, 3], 0.6, -0.2, "periodic"),
            ("ising", 2, [3, 4], -1.0, 0.3, "periodic")):
        for beta in (0.0, 0.6, 2.5):
            agree(f"transfer_matrix {model} q={q} {shape} J={J} h={h} "
                  f"{boundary} beta={beta}: all states",
                  results("transfer_matrix", f"model={model}", f"q={q}",
                          f"shape={shape}", f"J={J}", f"h={h}",
                          f"boundary={boundary}", f"beta={beta}"),
                  brute_strip(shape, beta, J, h, model, q,
                              boundary == "periodic"))
    agree("transfer_matrix: Potts with q = 2 is Ising with J/2",
          results("transfer_matrix", "model=potts", "q=2", "shape=[6,20]",
                  "beta=0.9"),
          (lambda r: {"ln_z": r["ln_z"] + 240 * 0.45,
                      "energy": r["energy"] - 1.0,
                      "specific_heat": r["specific_heat"]})(
              results("transfer_matrix", "shape=[6,20]", "beta=0.9",
                      "J=0.5")))
    trend = [results("transfer_matrix", "model=triangular", "J=-1.0",
                     f"shape=[{n},{n}]")["residual_entropy"]
             for n in (3, 6, 9)]
    scaled = [(s - 0.32306594721945051) * n * n
              for n, s in zip((3, 6, 9), trend)]
    ok(max(scaled) / min(scaled) < 1.1,
       "residual entropy: Wannier's plus about 0.85 / N", scaled)


def kaufman_unequal():
    for shape, J in (([3, 4], [0.4, 1.3]), ([3, 4], [1.3, 0.4]),
                     ([4, 3], [-1.0, 0.5]), ([3, 4], [0.7, -0.2]),
                     ([4, 2], [1.0, 0.0]), ([2, 4], [1.0, 0.0])):
        for beta in (0.0, 0.3, 1.0, 15.0):
            want = brute_strip(shape, beta, J, 0.0, "ising", 2, True)
            agree(f"kaufman {shape} J_axis={J} beta={beta}: all states",
                  results("kaufman", f"shape={shape}", f"J_axis={J}",
                          f"beta={beta}"),
                  {name: want[name] for name in
                   ("ln_z", "energy", "specific_heat")}, digits=1e-10)
    agree("kaufman: the axes may be exchanged, 30 x 40",
          results("kaufman", "shape=[30,40]", "J_axis=[0.4,1.3]",
                  "beta=0.5"),
          results("kaufman", "shape=[40,30]", "J_axis=[1.3,0.4]",
                  "beta=0.5"))
    chains = results("ising1d", "N=40", "beta=0.5", "J=1.3")
    agree("kaufman: uncoupled chains are rings, 30 x 40",
          results("kaufman", "shape=[30,40]", "J_axis=[0.0,1.3]",
                  "beta=0.5"),
          {"ln_z": 30 * chains["ln_z"], "energy": chains["energy"],
           "specific_heat": chains["specific_heat"]})


def derivatives():
    """energy = -d ln Z / d beta per site, c = -beta^2 d energy / d beta."""
    for name, keys, n in (("curie_weiss", ["N=50", "h=0.1"], 50),
                          ("rem", ["N=10"], 10), ("rem", ["N=30"], 30),
                          ("xy_chain", ["N=5"], 5)):
        for beta in (0.3, 0.9, 1.7, 3.1):
            step = 1e-4
            low, mid, high = (results(name, *keys, f"beta={beta + d!r}")
                              for d in (-step, 0.0, step))
            slope = -(high["ln_z"] - low["ln_z"]) / (2 * step) / n
            bend = -beta**2 * (high["energy"] - low["energy"]) / (2 * step)
            ok(abs(slope - mid["energy"]) < 1e-7 and
               abs(bend - mid["specific_heat"]) < 1e-6,
               f"{name} {keys} beta={beta}: u and c are slopes",
               (slope, bend, mid))
    for keys in (["alpha=0.05"], ["alpha=0.3"]):
        step = 1e-4
        low, mid, high = (results("hopfield_rs", *keys, f"T={0.4 + d!r}")
                          for d in (-step, 0.0, step))
        slope = -(high["free_energy_per_site"] -
                  low["free_energy_per_site"]) / (2 * step)
        ok(abs(slope - mid["entropy_per_site"]) < 1e-7,
           f"hopfield_rs {keys}: the entropy is the slope of f",
           (slope, mid))
    step = 1e-4
    low, mid, high = (results("sk_rs", f"T={0.4 + d!r}", "h=0.2")
                      for d in (-step, 0.0, step))
    slope = -(high["free_energy_per_site"] -
              low["free_energy_per_site"]) / (2 * step)
    ok(abs(slope - mid["entropy_per_site"]) < 1e-7,
       "sk_rs: the entropy is the slope of f", (slope, mid))


def rem_against_samples():
    """N = 6, 40000 samples: 4 sigma is a false alarm in 16000."""
    draws = np.random.default_rng(11).normal(0, math.sqrt(3), (40000, 64))
    for beta in (0.7, 2.5):
        ln_z = np.log(np.exp(-beta * draws).sum(axis=1))
        r = results("rem", "N=6", f"beta={beta}")
        error = ln_z.std() / math.sqrt(len(ln_z))
        ok(abs(ln_z.mean() - r["ln_z"]) < 4 * error,
           f"rem N=6 beta={beta}: [ln Z] as sampled", (ln_z.mean(), r))
        ok(abs(ln_z.std() / r["ln_z_spread"] - 1) < 0.02,
           "and its spread", (ln_z.std(), r))


def xy_chain_integral():
    """Three spins by quadrature over the two angles between them."""
    x = 2 * np.pi * np.arange(200) / 200
    a, b = np.meshgrid(x, x)
    m2 = (3 + 2 * (np.cos(a) + np.cos(b) + np.cos(a + b))) / 9
    for beta, J in ((0.7, 1.0), (5.0, -1.0)):
        energy = -J * (np.cos(a) + np.cos(b))
        weight = np.exp(-beta * energy)
        z = weight.mean()
        u = (weight * energy).mean() / z
        agree(f"xy_chain N=3 beta={beta} J={J}: by quadrature",
              results("xy_chain", "N=3", f"beta={beta}", f"J={J}"),
              {"ln_z": math.log(z), "energy": u / 3,
               "specific_heat": beta**2 / 3 *
               ((weight * energy**2).mean() / z - u**2),
               "magnetization_2": (weight * m2).mean() / z})
    K = 9000.0
    cold = results("xy_chain", "N=2", f"beta={K}")["energy_per_bond"]
    ok(abs(cold + 1 - 1 / (2 * K) - 1 / (8 * K**2)) < 1e-11,
       "xy_chain: the expansion at large K", cold)


def phases_and_warnings():
    for command, phase, warned in (
            ("curie_weiss N=0 beta=0.9", "paramagnet", False),
            ("curie_weiss N=0 beta=1.1", "ferromagnet", False),
            ("rem N=0 beta=1.6", "paramagnet", False),
            ("rem N=0 beta=1.7", "frozen", False),
            ("potts_square q=4", "continuous transition", False),
            ("potts_square q=5", "first-order transition", False),
            ("sk_rs T=0.81 h=0.1", "spin glass", True),
            ("sk_rs T=0.82 h=0.1", "paramagnet in a field", False),
            ("hopfield_rs alpha=0.05 T=0.21", "retrieval", False),
            ("hopfield_rs alpha=0.05 T=0.22", "retrieval, metastable",
             False),
            ("hopfield_rs alpha=0.05 T=0.55", "spin glass", True),
            ("hopfield_rs alpha=0.05 T=1.3", "paramagnet", False),
            ("hopfield_rs alpha=0.1382 T=0.0", "spin glass", True)):
        p = point(*command.split())
        ok(p["phase"] == phase and bool(p["warnings"]) == warned,
           f"{command}: {phase}{', with a warning' if warned else ''}", p)
    both = results("hopfield_rs", "alpha=0.1", "T=0.1")
    ok(both["m"] > 0.9 and both["sg_free_energy_per_site"] <
       both["free_energy_per_site"] and both["sg_q"] < both["q"],
       "hopfield_rs gives retrieval and spin glass", both)
    out = solve("hopfield_rs", "alpha=0.1", "T=0.0:0.2:0.1")
    ok(len(out["points"]) == 3, "sweeps in T")
    for args, words in ((["rem", "N=901"], "N"),
                        (["curie_weiss", "N=-1"], "N"),
                        (["potts_square", "q=1"], "q"),
                        (["transfer_matrix", "model=potts", "q=4",
                          "shape=[6,6]"], "more than 5 sites"),
                        (["transfer_matrix", "model=potts", "h=0.1"],
                         "Ising spins only"),
                        (["transfer_matrix", "model=ice",
                          "boundary=open"], "periodic"),
                        (["transfer_matrix", "model=triangular",
                          "shape=[8]"], "this model has 2"),
                        (["kaufman", "shape=[3,4]", "J_axis=[-1.0,1.0]"],
                         "frustrated"),
                        (["kaufman", "J_axis=[1.0]"], "1 couplings"),
                        (["hopfield_rs", "alpha=0.0"], "alpha")):
        p = call("solve", *args)
        ok(p.returncode == 2 and words in p.stderr and not p.stdout,
           "refused: " + " ".join(args), p.stderr)


def errors_are_errors():
    """A quoted error is neither absent where a quadrature was done nor
    larger than the digits the tables need."""
    for command, name in (("rem N=12 beta=1.0", "ln_z"),
                          ("rem N=12 beta=1.0", "ground_energy"),
                          ("hopfield_rs alpha=0.1 T=0.2", "m"),
                          ("sk_rs T=0.5", "q"), ("sk_at h=0.5",
                                                 "temperature_at")):
        error = point(*command.split())["results"][name]["error"]
        ok(0 < error < 1e-10, f"{command}: error of {name}", error)


def main():
    runs.scratch()
    curie_weiss()
    strips()
    kaufman_unequal()
    derivatives()
    rem_against_samples()
    xy_chain_integral()
    phases_and_warnings()
    errors_are_errors()
    runs.done()


main()
