"""Transitions from finite lattices and graphs: what tests/test_transitions.py
does small and tests/long_physics.py large. Errors of what is fitted come from
400 data sets with noise of the size of the errors, from a fixed seed."""
import math

import h5py
import numpy as np

from physics import betas, report

NOISES = 400


def spread(function, values, errors):
    """function(values) and its standard error; values may be a list of
    arrays."""
    noise = np.random.default_rng(8)
    found = [function([v + noise.normal(0, e) for v, e in
                       zip(values, errors)]) for _ in range(NOISES)]
    return function(values), float(np.nanstd(found))


def root(x, y, degree):
    """Where the polynomial through (x, y) is zero, next to the middle; where
    it is nowhere, the straight line."""
    middle = np.mean(x)
    roots = np.roots(np.polyfit(x - middle, y, degree))
    roots = roots[np.abs(roots.imag) < 1e-9].real
    return middle + roots[np.argmin(np.abs(roots))] if len(roots) else \
        root(x, y, 1)


# ---- two-dimensional XY model ----------------------------------------------

def helicity(size, temperatures, sweeps):
    """T rising, pi Upsilon / 2 T, its errors."""
    out = report(f"xy{size}", f"""
run = {{ seed = 4; sweeps = {sweeps}; burn_in = 1000; }};
model = {{ name = "xy"; shape = [{size}, {size}]; }};
dynamics = {{ name = "overrelaxation"; }};
ladder = {{ temperature = {temperatures}; spacing = "list";
           anchor = false; copies = 8; }};
record = {{ every = 4; observables = ["energy", "current_2"]; }};
""")
    beta = betas(out)[::-1]
    modulus = out["estimates"]["helicity_modulus"]
    return (1 / beta, math.pi / 2 * beta * np.array(modulus["mean"][::-1]),
            math.pi / 2 * beta * np.array(modulus["error"][::-1]))


def log_fit(sizes, temperature, ratio, factor=0.5):
    """Weber and Minnhagen (Phys. Rev. B 37, 5986 (1988)): at T_BKT, and only
    there, pi Upsilon / 2 T = 1 + 1 / (2 (ln L + C)) with one C for all large
    L. The temperature at which the slope of C(L) against ln L is zero."""
    ln_size = np.log(sizes)
    c = np.array([factor / (r - 1) - x for r, x in zip(ratio, ln_size)])
    slope = np.polyfit(ln_size, c, 1)[0]
    return root(temperature, slope, 2)


def kosterlitz_thouless(sizes, sweeps, temperatures):
    """T_BKT with its error; the same with 1 in the place of 1/2, which is
    wrong; and where Upsilon = 2 T / pi at the largest size."""
    found = [helicity(size, temperatures + [0.94, 0.98], sweeps)
             for size in sizes]
    few = len(temperatures)
    ratio, error = ([f[k] for f in found] for k in (1, 2))

    def fit(values, *factor):
        return log_fit(sizes, found[0][0][:few], [x[:few] for x in values],
                       *factor)
    return spread(fit, ratio, error) + (
        fit(ratio, 1), float(root(found[0][0], ratio[-1] - 1, 3)))


# ---- random regular graphs -------------------------------------------------

def regular(name, keys, size, degree, first, sweeps, temperatures, record,
            burn_in=500, copies=8):
    return report(name, f"""
run = {{ seed = {first + 1}; sweeps = {sweeps}; burn_in = {burn_in}; }};
model = {{ name = "graph"; N = {size}; degree = {degree}; {keys}
          first_sample = {first}; }};
dynamics = {{ stream = "lane"; }};
ladder = {{ temperature = {temperatures}; spacing = "list";
           anchor = false; copies = {copies}; }};
record = {{ every = 5; observables = [{record}]; }};
""")


def binder_of_ferromagnet(size, degree, sweeps, temperatures, graphs=4):
    """Samples of a generated graph share its edges, and without disorder are
    all the same: each graph is a run of its own, first_sample tells them
    apart. U = 1 - <m^4> / 3 <m^2>^2, mean and error over graphs."""
    each = []
    for graph in range(graphs):
        out = regular(f"ferro{degree}-{size}", 'couplings = "ferromagnet";',
                      size, degree, graph, sweeps, temperatures,
                      '"magnetization_2", "magnetization_4"')["estimates"]
        m2, m4 = (np.array(out[f"magnetization_{k}"]["mean"]) for k in (2, 4))
        each.append((1 - m4 / (3 * m2**2))[::-1])
    return (np.mean(each, axis=0),
            np.std(each, axis=0, ddof=1) / math.sqrt(graphs))


def crossings(temperature, binder, degree=2):
    return [root(temperature, b - a, degree)
            for a, b in zip(binder, binder[1:])]


def bethe_ferromagnet(degree, sizes, sweeps):
    """Where U of three sizes, each four times the one before, crosses, and T_c
    from it: the crossings of a mean-field transition come near as 1 / N."""
    exact = 1 / math.atanh(1 / (degree - 1))
    temperature = np.round(exact * np.linspace(0.94, 1.06, 7), 6)
    found = [binder_of_ferromagnet(size, degree, n, list(temperature))
             for size, n in zip(sizes, sweeps)]
    binder, error = ([f[k] for f in found] for k in (0, 1))

    def limit(values):
        near = crossings(temperature, values)
        return (4 * near[1] - near[0]) / 3
    return exact, crossings(temperature, binder), spread(limit, binder, error)


def binder_of_glass(size, degree, sweeps, temperatures, graphs, samples):
    """(3 - [<q^4>] / [<q^2>]^2) / 2; errors: jackknife over samples, those of
    a graph together."""
    each = []
    for graph in range(graphs):
        name = f"glass{degree}-{size}"
        regular(name, f"samples = {samples};", size, degree, graph * samples,
                sweeps, temperatures, '"overlap"', sweeps // 2, 2)
        with h5py.File(name + ".h5", "r") as file:
            q = file["series/overlap"][:, 0][..., ::-1]
        each.append([(q**2).mean(axis=(0, 1)), (q**4).mean(axis=(0, 1))])

    def binder(part):
        q2, q4 = np.mean(part, axis=0)
        return (3 - q4 / q2**2) / 2
    left = np.array([binder(each[:g] + each[g + 1:]) for g in range(graphs)])
    return binder(each), math.sqrt(graphs - 1) * left.std(axis=0)


def bethe_glass(degree, sizes, sweeps, graphs, samples):
    """T_g with its error from the crossings, which come near as N^-2/3."""
    exact = 1 / math.atanh(1 / math.sqrt(degree - 1))
    temperature = np.round(exact * np.linspace(0.7, 1.2, 9), 6)
    found = [binder_of_glass(size, degree, n, list(temperature), graphs,
                             samples) for size, n in zip(sizes, sweeps)]
    binder, error = ([f[k] for f in found] for k in (0, 1))
    scale = [size**(-2 / 3) for size in sizes[1:]]

    def limit(values):
        return np.polyfit(scale, crossings(temperature, values), 1)[1]
    return exact, crossings(temperature, binder), spread(limit, binder, error)
