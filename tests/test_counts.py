#!/usr/bin/env python3
"""Numbers of states, by enumeration and by tempering: densities of states, the
third law (the entropy of the coldest rung is ln of the number of ground
states), colourings, independent sets and matchings of Petersen's graph.

Each z is below 4.5 in size (two-sided 7e-6 a comparison, about 60 of them: a
false alarm once in 2000 seeds; the seeds are fixed). Levels that were met
fewer than 100 times are left out: their logarithms are not normal."""
import itertools
import math

import numpy as np

import runs
from physics import Z_MOST, density_of_states, report, solve, z_of
from runs import ok

RUN = "run = { seed = %d; sweeps = %d; burn_in = 500; };\n"
TAIL = 'record = { every = 5; observables = ["energy"]; };\n'
# The 4 x 4 torus: states of energy -E and E
TORUS = {32: 2, 24: 32, 20: 64, 16: 424, 12: 1728, 8: 6688, 4: 13568,
         0: 20524}


# ---- the 4 x 4 torus -------------------------------------------------------

def exact_ln_z(count, beta):
    return math.log(sum(n * math.exp(-beta * e) for e, n in count.items()))


def torus_enumerated():
    """ln Z at as many beta as there are levels says how many states each
    has."""
    both = TORUS | {-e: n for e, n in TORUS.items()}
    moved = both | {4: both[4] - 1, 0: both[0] + 1}
    off = {"true": 0, "moved": 0}
    for beta in np.arange(0.05, 0.85, 0.05):
        found = solve("enumerate", "model.shape=[4,4]", f"beta={beta!r}")
        for name, count in (("true", both), ("moved", moved)):
            off[name] = max(off[name], abs(found["ln_z"] -
                                           exact_ln_z(count, beta)))
    ok(off["true"] < 1e-12 < 1e-9 < off["moved"], "4 x 4 torus: enumerated "
       "density of states; mutant rejected: one state of 13568 misplaced",
       off)


def torus_sampled():
    for J in (1.0, -1.0):
        name = f"torus{J:+.0f}"
        out = report(name, RUN % (3, 60000) +
                     f'model = {{ name = "ising"; shape = [4, 4]; J = {J}; }};'
                     "ladder = { beta = [0.1, 2.0]; rungs = 10; copies = 16; "
                     'spacing = "geometric"; };\n' + TAIL)
        level, ln_g, error, met = density_of_states(name + ".h5", 2**16, 16)
        often = met >= 100
        exact = np.array([TORUS[abs(e)] for e in level])
        z = ((ln_g - np.log(exact)) / error)[often]
        ok(often.sum() >= 11 and np.abs(z).max() < Z_MOST,
           f"4 x 4 torus, J = {J:+.0f}: ln g(E) of {often.sum()} levels, "
           f"largest z {np.abs(z).max():.2f}", z)
        at = list(level).index(-20)
        off = (ln_g[at] - math.log(68)) / error[at]
        ok(abs(off) > Z_MOST, "mutant rejected: 68 states at -20", off)
        third_law(name, out, 2)


# ---- the third law ---------------------------------------------------------

def third_law(name, out, ground):
    """S of the coldest rung, where excited states weigh less than 1e-3,
    against ln of the number of ground states."""
    estimate, wrong = out["estimates"]["entropy"], max(1.2 * ground,
                                                       ground + 1)
    z = z_of(out, "entropy", -1, math.log(ground))
    ok(abs(z) < Z_MOST, f"third law, {name}: S = {estimate['mean'][-1]:.4f} "
       f"+- {estimate['error'][-1]:.4f}, ln {ground} = "
       f"{math.log(ground):.4f}, z {z:.2f}", estimate["mean"])
    z = z_of(out, "entropy", -1, math.log(wrong))
    ok(abs(z) > Z_MOST, f"mutant rejected: {wrong:.0f} ground states, z "
       f"{z:.1f}")


def triangles(size):
    """The triangular torus, antiferromagnet; of 3 x 3 as of any other size
    every site has six different neighbours."""
    name = f"triangular{size}"
    with open(name + ".mtx", "w", encoding="utf-8") as file:
        bonds = set()
        for x, y in itertools.product(range(size), repeat=2):
            for dx, dy in ((1, 0), (0, 1), (1, 1)):
                a = x * size + y
                b = (x + dx) % size * size + (y + dy) % size
                bonds.add((max(a, b) + 1, min(a, b) + 1))
        assert len(bonds) == 3 * size**2
        file.write("%%MatrixMarket matrix coordinate integer symmetric\n"
                   f"{size**2} {size**2} {len(bonds)}\n")
        file.writelines(f"{a} {b} -1\n" for a, b in sorted(bonds))
    return name


def residual():
    for size, ground in ((3, 42), (6, 263640)):
        name = triangles(size)
        exact = solve("transfer_matrix", "model=triangular", "J=-1.0",
                      f"shape=[{size},{size}]", "beta=4.0")
        ok(exact["ground_states"] == ground and
           abs(exact["entropy"] - math.log(ground)) < 1e-2,
           f"{name}: {ground} ground states by transfer matrix")
        out = report(name, RUN % (4, 20000) +
                     f'model = {{ name = "graph"; file = "{name}.mtx"; }};'
                     "ladder = { beta = [0.1, 4.0]; rungs = 12; copies = 16; "
                     "};\n" + TAIL)
        z = [z_of(out, "entropy", -1, exact["entropy"]),
             z_of(out, "ln_z", -1, exact["ln_z"])]
        ok(max(map(abs, z)) < Z_MOST, f"{name}: S and ln Z at beta = 4", z)
        third_law(name, out, ground)


def colourings_of_square(q):
    """Of the 4 x 4 torus, by the transfer matrix of proper rings."""
    ring = [r for r in itertools.product(range(q), repeat=4)
            if all(r[i] != r[i - 1] for i in range(4))]
    step = np.array([[all(a != b for a, b in zip(r, s)) for s in ring]
                     for r in ring], float)
    return round(np.trace(np.linalg.matrix_power(step, 4)))


def potts():
    for q, J, ground in ((5, 1.0, 5), (3, -1.0, colourings_of_square(3))):
        name = f"potts{q}{J:+.0f}"
        out = report(name, RUN % (5, 8000) +
                     f'model = {{ name = "potts"; shape = [4, 4]; q = {q}; '
                     f"J = {J}; }};"
                     "ladder = { beta = [0.1, 16.0]; rungs = 12; copies = 16; "
                     "};\n" + TAIL)
        third_law(name, out, ground)


# ---- Petersen's graph ------------------------------------------------------

PETERSEN = [(i, (i + 1) % 5) for i in range(5)] + \
    [(i, i + 5) for i in range(5)] + [(i + 5, (i + 2) % 5 + 5)
                                      for i in range(5)]
INCIDENT = [(a, b) for a, b in itertools.combinations(range(15), 2)
            if set(PETERSEN[a]) & set(PETERSEN[b])]


def qubo(name, units, pairs, one=0, weight=1):
    """u = one sum x + weight sum of pairs x x"""
    with open(name + ".qubo", "w", encoding="utf-8") as file:
        file.write(f"p qubo 0 {units} {units} {len(pairs)}\n")
        file.writelines(f"{i} {i} {one}\n" for i in range(units))
        file.writelines(f"{i} {j} {w}\n" for i, j, w in
                        (pair if len(pair) > 2 else pair + (weight,)
                         for pair in pairs))


def colouring(colours):
    """Unit (v, c) says that v has colour c: (1 - sum_c x)^2 - 1 of every
    vertex and 1 for every edge of one colour; least: -10."""
    unit = np.arange(10 * colours).reshape(10, colours)
    pairs = [(int(a), int(b), 2) for row in unit
             for a, b in itertools.combinations(row, 2)]
    pairs += [(int(unit[a, c]), int(unit[b, c]), 1) for a, b in PETERSEN
              for c in range(colours)]
    qubo(f"{colours}-colourings", 10 * colours, pairs, one=-1)


def counted(colours):
    state = np.array(np.meshgrid(*[np.arange(colours, dtype=np.int8)] * 10))
    state = state.reshape(10, -1)
    return int(np.all([state[a] != state[b] for a, b in PETERSEN],
                      axis=0).sum())


def petersen():
    qubo("independent sets", 10, PETERSEN)
    qubo("matchings", 15, INCIDENT)
    qubo("perfect matchings", 15, INCIDENT, one=-1, weight=2)
    for name, units, least, number in (
            ("independent sets", 10, 0, 76), ("matchings", 15, 0, 332),
            ("perfect matchings", 15, -5, 6)):
        found = solve("enumerate", "model.name=graph",
                      f"model.file={name}.qubo", "beta=40.0")
        ok(abs(found["ln_z"] + 40 * least - math.log(number)) < 1e-9,
           f"Petersen's graph: {number} {name}, enumerated",
           math.exp(found["ln_z"] + 40 * least))
        sample_petersen(name, units, least, number)
    for colours, number in ((3, 120), (4, 12960)):
        ok(counted(colours) == number, f"Petersen's graph: {number} "
           f"{colours}-colourings, counted")
        colouring(colours)
        sample_petersen(f"{colours}-colourings", 10 * colours, -10, number)


def sample_petersen(name, units, least, number):
    out = report(name, RUN % (6, 20000) +
                 f'model = {{ name = "graph"; file = "{name}.qubo"; }};'
                 "ladder = { beta = [0.1, 12.0]; rungs = 14; copies = 16; };"
                 + TAIL)
    third_law(name, out, number)
    level, ln_g, error, _ = density_of_states(name + ".h5", 2**units, units)
    z = (ln_g[0] - math.log(number)) / error[0]
    ok(level[0] == least and abs(z) < Z_MOST, f"{name}: {math.exp(ln_g[0]):.2f}"
       f" +- {math.exp(ln_g[0]) * error[0]:.2f} by histograms, z {z:.2f}",
       level)


def main():
    runs.scratch()
    torus_enumerated()
    torus_sampled()
    residual()
    potts()
    petersen()
    runs.done()


main()
