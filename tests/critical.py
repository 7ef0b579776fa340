"""Transitions from finite lattices and graphs: what tests/test_transitions.py
does small and tests/long_physics.py large."""
import math

import h5py
import numpy as np

from physics import betas, report, run
from runs import ok

NOISES = 400


def spread(function, values, errors):
    """function(values), a list of arrays, and its standard error: from 400
    data sets with noise of the size of the errors, from a fixed seed."""
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


def check_kosterlitz_thouless(sizes, sweeps, tolerance, most):
    """T_BKT = 0.8929(1) (Hasenbusch 2005)."""
    value, error, unlike, naive = kosterlitz_thouless(
        sizes, sweeps, [0.88, 0.885, 0.89, 0.895, 0.9])
    named = ", ".join(map(str, sizes))
    ok(abs(value - 0.8929) < tolerance and error < most,
       f"XY: T_BKT = {value:.4f} +- {error:.4f} from L = {named}; 0.8929 +- "
       f"{tolerance}")
    ok(abs(unlike - 0.8929) > 0.01 and abs(naive - 0.8929) > 0.01,
       f"mutant rejected: twice the logarithm ({unlike:.4f}), or none: Upsilon "
       f"= 2 T / pi at L = {sizes[-1]} ({naive:.4f})")


# ---- random regular graphs -------------------------------------------------

def regular(make, name, keys, size, degree, first, sweeps, temperatures,
            record, burn_in=500, copies=8):
    """make: run or report"""
    return make(name, f"""
run = {{ seed = {first + 1}; sweeps = {sweeps}; burn_in = {burn_in}; }};
model = {{ name = "graph"; N = {size}; degree = {degree}; {keys}
          first_sample = {first}; }};
dynamics = {{ stream = "lane"; }};
ladder = {{ temperature = {temperatures}; spacing = "list";
           anchor = false; copies = {copies}; }};
record = {{ every = 5; observables = [{record}]; }};
""")


def moments(name, keys, size, degree, sweeps, temperatures, graphs, record,
            samples=1, **more):
    """Second and fourth moment of what is recorded, [graph][moment][T]. Samples
    of a generated graph share its edges (and without disorder are all the
    same): each graph is a run of its own, first_sample tells them apart."""
    each = []
    for graph in range(graphs):
        regular(run, name, keys, size, degree, graph * samples, sweeps,
                temperatures, ", ".join(f'"{r}"' for r in record), **more)
        with h5py.File(name + ".h5", "r") as file:
            x = [file["series"][r][...][..., ::-1] for r in record]
        if len(x) == 1:
            x = [x[0]**2, x[0]**4]
        each.append([v.mean(axis=(0, 1, 2)) for v in x])
    return np.array(each)


def jackknife(function, each):
    """function of the averages over graphs of every size, and its error: one
    graph of one size left out at a time."""
    whole = [e.mean(axis=0) for e in each]
    variance = 0
    for size, e in enumerate(each):
        left = [function(whole[:size] + [np.delete(e, g, axis=0).mean(axis=0)]
                         + whole[size + 1:]) for g in range(len(e))]
        variance += (len(e) - 1) * np.var(left)
    return function(whole), math.sqrt(variance)


def crossings(temperature, values):
    return [float(root(temperature, b - a, 2))
            for a, b in zip(values, values[1:])]


def binder(m):
    return m[1] / m[0]**2


def bethe_ferromagnet(degree, sizes, sweeps, graphs):
    """Where the Binder ratio of three sizes, each four times the one before,
    crosses, and T_c from it: the crossings of a mean-field transition come
    near as 1 / N."""
    exact = 1 / math.atanh(1 / (degree - 1))
    temperature = np.round(exact * np.linspace(0.94, 1.06, 7), 6)
    each = [moments(f"ferro{degree}-{size}", 'couplings = "ferromagnet";',
                    size, degree, n, list(temperature), graphs,
                    ["magnetization_2", "magnetization_4"])
            for size, n in zip(sizes, sweeps)]

    def limit(averages):
        near = crossings(temperature, [binder(m) for m in averages])
        return (4 * near[1] - near[0]) / 3
    near = crossings(temperature, [binder(e.mean(axis=0)) for e in each])
    return exact, near, jackknife(limit, each)


def bethe_glass(degree, sizes, sweeps, graphs, samples):
    """T_g; where N^(2/3) [<q^2>] of the smallest and the largest size crosses,
    with its error over graphs; and where [<q^4>] / [<q^2>]^2 of neighbouring
    sizes does."""
    exact = 1 / math.atanh(1 / math.sqrt(degree - 1))
    temperature = np.round(exact * np.linspace(0.75, 1.2, 9), 6)
    each = [moments(f"glass{degree}-{size}", f"samples = {samples};", size,
                    degree, n, list(temperature), graphs, ["overlap"],
                    samples, burn_in=n // 2, copies=2)
            for size, n in zip(sizes, sweeps)]

    def scaled(averages):
        return crossings(temperature, [n**(2 / 3) * m[0] for n, m in
                                       zip((sizes[0], sizes[-1]),
                                           averages)])[0]
    near = crossings(temperature, [binder(e.mean(axis=0)) for e in each])
    return exact, jackknife(scaled, [each[0], each[-1]]), near
