#!/usr/bin/env python3
"""Exact solvers of lattices against brute force written here: coverings by
dimers, transfer matrices built as matrices, double integrals, differences."""
import functools
import itertools
import json
import math

import numpy as np

from runs import call, done, ok, scratch


def results(*args):
    p = call("solve", *args, "--json")
    if p.returncode:
        return {"error": p.stderr}
    point = json.loads(p.stdout)["points"][0]
    found = {name: r["value"] for name, r in point["results"].items()}
    found.update({name: c["values"]
                  for name, c in point.get("curves", {}).items()})
    return found


def differs(found, expected, tolerance):
    """A sentence, or None when all that is expected is there."""
    for name, value in expected.items():
        have = found.get(name)
        if have is None or not abs(have - value) <= \
                tolerance.get(name, 1e-11) * max(1, abs(value)):
            return f"{name}: found {have}, expected {value}"
    return None


def agree(what, found, expected, **tolerance):
    """The same numbers moved by three tolerances must be refused."""
    why = differs(found, expected, tolerance)
    moved = {n: v + 3 * tolerance.get(n, 1e-11) * max(1, abs(v))
             for n, v in expected.items()}
    ok(why is None and differs(found, moved, tolerance) is not None, what,
       why or "the check accepts anything")


# ---- dimers -----------------------------------------------------------------

def coverings(m, n, periodic):
    near = [[] for _ in range(m * n)]
    for i, j, axis in itertools.product(range(m), range(n), range(2)):
        x, y = (i + 1, j) if axis == 0 else (i, j + 1)
        if periodic:
            x, y = x % m, y % n
        if x < m and y < n and (x, y) != (i, j):
            near[i * n + j].append(x * n + y)
            near[x * n + y].append(i * n + j)

    @functools.lru_cache(None)
    def ways(free):
        if not free:
            return 1
        site = (free & -free).bit_length() - 1
        return sum(ways(free & ~(1 << site) & ~(1 << other))
                   for other in near[site] if free >> other & 1)
    return ways((1 << m * n) - 1)


def rectangle(m, n):
    """By rows of bits: dimers that stand out into the next row."""
    state = {0: 1}
    for _ in range(n):
        for column in range(m):
            after = {}
            for s, ways in state.items():
                if s >> column & 1:
                    steps = [s & ~(1 << column)]
                else:
                    steps = [s | 1 << column]
                    if column + 1 < m and not s >> (column + 1) & 1:
                        steps.append(s | 1 << (column + 1))
                for t in steps:
                    after[t] = after.get(t, 0) + ways
            state = after
        # a bit set by a horizontal dimer was cleared when its column came
    return state.get(0, 0)


def dimers():
    wrong = []
    for boundary, least in (("open", 1), ("periodic", 2)):
        for m, n in itertools.product(range(least, 6), range(least, 7)):
            count = coverings(m, n, boundary == "periodic")
            found = results("dimers", f"shape=[{m},{n}]",
                            f"boundary={boundary}")
            if found["tilings"] != count or (count and abs(
                    found["ln_z"] - math.log(count)) > 1e-13 * (m * n)):
                wrong.append((boundary, m, n, count, found))
    ok(not wrong, "dimers: 55 rectangles and tori by brute force", wrong[:2])
    exact = rectangle(11, 12)
    ok(results("dimers", "shape=[11,12]")["tilings"] == exact,
       f"dimers: 11 x 12 has {exact} coverings")
    exact = rectangle(12, 14)
    agree("dimers: 12 x 14, too many to be a number",
          results("dimers", "shape=[12,14]"), {"ln_z": math.log(exact)},
          ln_z=1e-14)
    for boundary in ("open", "periodic"):
        ends = [results("dimers", f"shape=[6,{n}]", f"boundary={boundary}")
                ["ln_z"] for n in (2000, 2002)]
        agree(f"dimers: the strip without end, {boundary}",
              results("dimers", "shape=[6,0]", f"boundary={boundary}"),
              {"ln_z_per_site": (ends[1] - ends[0]) / 12},
              ln_z_per_site=1e-12)


# ---- strips without end -----------------------------------------------------

def layer_matrix(model, width, beta, J, h, q, periodic, depth=1):
    """T from the definition; a layer is width x depth."""
    sites = width * depth
    states = np.array(list(itertools.product(range(q), repeat=sites)))
    spins = 2 * states - 1

    def bond(a, b):
        return (a == b) * 1.0 if model == "potts" else \
            (2.0 * a - 1) * (2.0 * b - 1)
    layer = np.zeros(len(states))
    for x, y in itertools.product(range(width), range(depth)):
        for axis, size in ((0, width), (1, depth)):
            u, v = (x + 1, y) if axis == 0 else (x, y + 1)
            if size == 1 or (max(u - width, v - depth) >= 0 and not periodic):
                continue
            layer += J * bond(states[:, x * depth + y],
                              states[:, u % width * depth + v % depth])
    layer += h * spins.sum(axis=1) * (q == 2)
    across = np.zeros((len(states), len(states)))
    for x in range(sites):
        across += J * bond(states[:, None, x], states[None, :, x])
        if model == "triangular":
            across += J * bond(states[:, None, x],
                               states[None, :, (x + 1) % sites])
    return np.exp(beta * (across + (layer[:, None] + layer[None, :]) / 2))


def top(model, shape, beta, J=1.0, h=0.0, q=2, periodic=True):
    """ln of the largest eigenvalue per site, ln(second / first)."""
    t = layer_matrix(model, shape[0], beta, J, h, q, periodic,
                     shape[1] if len(shape) > 1 else 1)
    value = np.sort(abs(np.linalg.eigvals(t)))[::-1]
    return math.log(value[0]) / math.prod(shape), math.log(value[1] / value[0])


def derivatives(f, x, step=0.0015):
    """First and second, of sixth order."""
    y = [f(x + k * step) for k in range(-3, 4)]
    first = np.dot([-1, 9, -45, 0, 45, -9, 1], y) / (60 * step)
    second = np.dot([2, -27, 270, -490, 270, -27, 2], y) / (180 * step**2)
    return first, second


def strip(model, shape, beta, J=1.0, h=0.0, q=2, periodic=True):
    keys = dict(J=J, h=h, q=q, periodic=periodic)
    ln_z, gap = top(model, shape, beta, **keys)
    first, second = derivatives(lambda b: top(model, shape, b, **keys)[0],
                                beta)
    expected = {"ln_z_per_site": ln_z, "energy": -first,
                "specific_heat": beta**2 * second,
                "correlation_length": -1 / gap}
    if q == 2:
        del keys["h"]
        m, chi = derivatives(lambda x: top(model, shape, beta, h=x, **keys)[0],
                             h, 0.003)
        expected.update(magnetization=m / beta, susceptibility=chi / beta)
    size = ",".join(map(str, shape))
    found = results("transfer_matrix", f"model={model}", f"shape=[{size},0]",
                    f"beta={beta}", f"J={J}", f"h={h}", f"q={q}",
                    "boundary=" + ("periodic" if periodic else "open"))
    agree(f"strip {model} q={q} {size} wide beta={beta} J={J} h={h} "
          f"{'periodic' if periodic else 'open'}", found, expected,
          energy=1e-9, specific_heat=1e-7, magnetization=1e-9,
          susceptibility=1e-7, correlation_length=1e-9)


def strips():
    strip("ising", [4], 0.4406867935, h=0.1)
    strip("ising", [5], 0.3, J=-1.0)
    strip("ising", [6], 0.5, h=0.3, periodic=False)
    strip("ising", [2], 0.35)
    strip("ising", [2, 3], 0.22, h=0.2)
    strip("potts", [4], 0.9, q=3)
    strip("potts", [3], 0.8, J=-1.0, q=4, periodic=False)
    strip("triangular", [5], 0.27, h=0.1)
    strip("triangular", [6], 0.6, J=-1.0)
    strip("triangular", [3], 0.5, J=-1.0, h=1.5)
    ring = results("ising1d", "N=100000", "beta=0.7", "h=0.2", "J=-0.6")
    agree("strip: one site wide is the chain",
          results("transfer_matrix", "shape=[0]", "beta=0.7", "h=0.2",
                  "J=-0.6"),
          {n: ring[n] for n in ("energy", "specific_heat", "magnetization",
                                "susceptibility")})
    agree("strip: 14 sites wide is the plane, far from the transition",
          results("transfer_matrix", "shape=[14,0]", "beta=0.25"),
          {n: v for n, v in results("onsager", "beta=0.25").items()
           if n in ("ln_z_per_site", "energy", "specific_heat")},
          ln_z_per_site=1e-6, energy=1e-5, specific_heat=1e-4)
    found = results("transfer_matrix", "shape=[12,0]")
    ok(abs(found["correlation_length"] * math.pi / 12 / 4 - 1) < 0.005,
       "strip at the critical point: xi = 4 L / pi (eta = 1/4)", found)
    cold = results("transfer_matrix", "shape=[4,0]", "beta=40.0")
    ok("correlation_length" not in cold and "susceptibility" not in cold and
       abs(cold["energy"] + 2) < 1e-12,
       "strip: lengths beyond rounding are left out", cold)


# ---- the triangular lattice and ice ----------------------------------------

def houtappel(k, points=600):
    """The double integral by the trapezoidal rule."""
    angle = 2 * math.pi * (np.arange(points) + 0.5) / points
    u, v = angle[:, None], angle[None, :]
    c, s = math.cosh(2 * k), math.sinh(2 * k)
    inside = c**3 + s**3 - s * (np.cos(u) + np.cos(v) + np.cos(u + v))
    return math.log(2) + np.log(inside).mean() / 2


def plane():
    for k in (0.05, 0.2, 0.4, 0.9, -0.3, -0.6):
        first, second = derivatives(houtappel, k, 0.002)
        J = math.copysign(1, k)
        agree(f"triangular_ising: double integral at K = {k}",
              results("triangular_ising", f"beta={abs(k)}", f"J={J}"),
              {"ln_z_per_site": houtappel(k), "energy": -J * first,
               "specific_heat": k * k * second},
              ln_z_per_site=1e-12, energy=1e-8, specific_heat=1e-6)
    for beta, J in ((0.18, 1.0), (0.45, -1.0)):
        exact = results("triangular_ising", f"beta={beta}", f"J={J}")
        agree(f"triangular_ising: a strip 14 wide at {beta}, J = {J}",
              results("transfer_matrix", "model=triangular", "shape=[14,0]",
                      f"beta={beta}", f"J={J}"),
              {n: exact[n] for n in ("ln_z_per_site", "energy")},
              ln_z_per_site=1e-5, energy=1e-4)
    near = results("triangular_ising", "beta=0.2746530722")
    ok(0 < near["magnetization"] < 0.1 and near["specific_heat"] > 9,
       "triangular_ising: just below T_c", near)


def ice_matrix(n):
    """Two in and two out, arrows tried one by one."""
    t = np.zeros((2**n, 2**n))
    for i, j, start in itertools.product(range(2**n), range(2**n), range(2)):
        right = start
        for x in range(n):
            right += (i >> x & 1) - (j >> x & 1)
            if right not in (0, 1):
                break
        else:
            t[i, j] += right == start
    return t


def ice():
    for n in (3, 4, 6):
        value = np.linalg.eigvalsh(ice_matrix(n))[-1]
        agree(f"square_ice: {n} wide, by the matrix",
              results("square_ice", f"width={n}"),
              {"entropy_per_site": math.log(value) / n,
               "states_per_site": value ** (1 / n)})
    w = [results("square_ice", f"width={n}")["entropy_per_site"]
         for n in (0, 12, 14)]
    last = [(w[1] - w[0]) * 144, (w[2] - w[0]) * 196]
    limit = last[1] + (last[1] - last[0]) * 144 / (196 - 144)
    ok(abs(limit / (math.pi / 6) - 1) < 1e-3,
       "square_ice: cylinders approach Lieb's W as pi / (6 n^2)", (last, limit))


# ---- levels -----------------------------------------------------------------

def levels():
    found = results("enumerate", "model.name=ising", "model.shape=[4,4]",
                    "beta=0.3")
    half = [2, 32, 64, 424, 1728, 6688, 13568]
    ok(found["levels"] == [-32, *range(-24, 25, 4), 32] and
       found["level_states"] == half + [20524] + half[::-1],
       "enumerate: density of states of 4 x 4 (Beale 1996)", found["levels"])
    z = sum(n * math.exp(-0.3 * e)
            for e, n in zip(found["levels"], found["level_states"]))
    agree("enumerate: ln Z is the sum over levels", found,
          {"ln_z": math.log(z), "ground_energy": -2.0, "energy_gap": 8.0})
    found = results("enumerate", "model.name=sk", "model.N=8",
                    "model.seed=3", "beta=1.0")
    ok(sum(found["level_states"]) == 256 and
       found["level_states"][0] == 2 == found["ground_states"] and
       abs(found["levels"][1] - found["levels"][0] - found["energy_gap"])
       < 1e-12, "enumerate: levels of a spin glass come in pairs", found)


scratch()
dimers()
strips()
plane()
ice()
levels()
done()
