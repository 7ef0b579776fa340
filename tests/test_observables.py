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


def layouts():
    """Vectors of states and of pairs do not depend on ranks and threads."""
    text = """
run    = { seed = 4; sweeps = 200; };
model  = { name = "edwards_anderson"; shape = [4, 6]; samples = 3; };
ladder = { temperature = [0.6, 2.0]; rungs = 4; copies = 3; };
record = { every = 10; observables = ["structure_factor", "correlation",
           "overlap_structure", "overlap_correlation"]; };"""
    with open("layout.cfg", "w", encoding="utf-8") as file:
        file.write(text)
    call("run", "layout.cfg", "-o", "one.h5", "--restart")
    for ranks, threads in ((1, 3), (2, 1), (3, 2)):
        if ranks > 1 and not runs.MPIRUN:
            continue
        p = call("run", "layout.cfg", "-o", "other.h5", "--restart",
                 ranks=ranks, threads=threads)
        off = runs.differing("other.h5", "one.h5")
        ok(p.returncode == 0 and not off and runs.rows("other.h5") == 20,
           f"vectors on {ranks} ranks x {threads} threads", f"{p.stderr} {off}")


# ---- entropy by compression --------------------------------------------------

def compressed(name, shape, beta, most):
    """Above the exact entropy per site (tests/references A25, A4), and by no more
    than `most`: the estimator's bias."""
    out = report(name, f"""
run    = {{ seed = 6; sweeps = 4000; burn_in = 1000; }};
model  = {{ name = "ising"; shape = {shape}; }};
ladder = {{ beta = {beta}; rungs = 24; copies = 2; }};
record = {{ every = 20; observables = ["energy", "compressed_entropy"]; }};""")
    sites = math.prod(json.loads(shape))
    exact = np.array(out["theory"]["entropy"]["mean"], float) / sites
    e = out["estimates"]["compressed_entropy"]
    off, error = np.array(e["mean"]) - exact, np.array(e["error"])
    ok(np.all(off > -Z_MOST * error) and np.all(off - Z_MOST * error < most),
       f"{name}: code length above the entropy by at most {most}",
       np.round(off, 4))
    ok(np.ptp(exact) > 0.3, f"{name}: over a range of entropies", exact)


# ---- glasses -----------------------------------------------------------------

GLASS = """
run    = { seed = %(seed)d; sweeps = %(sweeps)d; burn_in = %(burn_in)d; };
model  = { name = "edwards_anderson"; shape = %(shape)s; samples = %(samples)d;
           %(model)s };
ladder = { %(ladder)s copies = 2; anchor = false; };
record = { every = %(every)d; observables = ["energy", "overlap",
           "link_overlap", "magnetization_2"]; };"""


def glass(name, **keys):
    return report(name, GLASS % {
        "seed": 5, "sweeps": 2000, "burn_in": 500, "shape": "[4, 4]",
        "samples": 256, "every": 20, "model": 'couplings = "gaussian";',
        "ladder": "temperature = [0.5, 2.0]; rungs = 5;", **keys})


def balance():
    """[<u>]/N = -(z/2) beta (1 - [<q_l>]) for Gaussian couplings."""
    out = glass("balance")
    b = out["energy_link_overlap"]
    z = np.max(np.abs(b["z"]))
    ok(z < Z_MOST, "Gaussian glass: energy against link overlap", z)
    beta = betas(out)
    link = np.array(out["estimates"]["link_overlap"]["mean"])
    ok(np.allclose(b["expected"], -2 * beta * (1 - link)),
       "the energy expected from the link overlap", b)
    ok(not [r for r in out["verdict"]["reasons"] if "link overlap" in r],
       "and the verdict has no objection", out["verdict"])
    off = (np.array(b["energy"]) + 4 * beta * (1 - link)) / b["error"]
    ok(np.max(np.abs(off)) > Z_MOST, "mutant rejected: z in the place of z/2",
       off)
    p = out["plateau"]
    sweeps = p["sweeps"]
    ok(sweeps[0][1] == 2000 and sweeps[-1][0] == 20 and
       all(a[0] == b[1] + 20 for a, b in zip(sweeps, sweeps[1:])) and
       [b - a + 20 for a, b in sweeps][:2] == [1000, 500],
       "windows: last half, the quarter before, ...", sweeps)
    with h5py.File("balance.h5", "r") as file:
        u = file["series/energy"][50:100].mean(axis=(0, 1))
        q = (file["series/overlap"][50:100] ** 2).mean(axis=(0, 1))
    ok(np.allclose(p["energy"]["mean"][0], u.mean(axis=0)) and
       np.allclose(p["overlap_squared"]["mean"][0], q.mean(axis=0)) and
       np.allclose(p["energy"]["error"][0],
                   u.std(axis=0, ddof=1) / math.sqrt(len(u))),
       "window averages and errors over samples, by hand")


def frozen():
    """Quenched and read at once: the check must fail and say so."""
    out = glass("frozen", shape="[4, 4, 4]", sweeps=8, burn_in=0, every=1,
                ladder="temperature = [0.2]; rungs = 1;")
    b = out["energy_link_overlap"]
    ok(b["z"][0] > 4 and [r for r in out["verdict"]["reasons"] if
                          "energy and link overlap differ" in r],
       "a quench: the verdict says energy and link overlap differ", b)
    energy = out["plateau"]["energy"]["mean"]
    ok(energy[0][0] < energy[-1][0], "and the energy still falls", energy)


def none_for_signs():
    out = glass("signs", model="", samples=2, sweeps=200)
    ok("energy_link_overlap" not in out and "plateau" in out,
       "+-J couplings: no such check")


def nishimori(name, model, beta, energy, wrong):
    """Nishimori 1981, exact at any size: [<E>]/N, [<m^2>] = [<q^2>]."""
    out = glass(name, shape="[3, 3]", samples=1024, sweeps=1000, every=10,
                model=model,
                ladder=f'beta = [{beta!r}]; spacing = "list"; rungs = 1;')
    e = out["estimates"]["energy"]
    z = (e["mean"][0] - energy) / e["error"][0]
    ok(abs(z) < Z_MOST, f"{name}: energy on the Nishimori line", z)
    with h5py.File(name + ".h5", "r") as file:
        m2 = file["series/magnetization_2"][:].mean(axis=(0, 1))[:, 0]
        q2 = (file["series/overlap"][:] ** 2).mean(axis=(0, 1))[:, 0]
    off = (m2 - q2).mean() / ((m2 - q2).std(ddof=1) / math.sqrt(len(m2)))
    ok(abs(off) < Z_MOST, f"{name}: [<m^2>] = [<q^2>]", off)
    out = glass(name + " off", shape="[3, 3]", samples=1024, sweeps=1000,
                every=10, model=model,
                ladder=f'beta = [{wrong!r}]; spacing = "list"; rungs = 1;')
    with h5py.File(name + " off.h5", "r") as file:
        m2 = file["series/magnetization_2"][:].mean(axis=(0, 1))[:, 0]
        q2 = (file["series/overlap"][:] ** 2).mean(axis=(0, 1))[:, 0]
    off = (m2 - q2).mean() / ((m2 - q2).std(ddof=1) / math.sqrt(len(m2)))
    ok(abs(off) > Z_MOST, f"mutant rejected: {name} off the line", off)


# ---- mean-field theory -------------------------------------------------------

TREE = [(0, 1), (0, 2), (1, 3), (1, 4), (2, 5), (5, 6), (5, 7)]
J = np.array([0.75, -1.25, 0.5, 1.0, -0.75, 0.25, -1.5])
H = np.array([0.25, -0.5, 0.125, 0.75, -0.25, 0.5, -0.5, 0.25])


def tree_free_energy(beta, held):
    """By enumeration; sites held at given values."""
    s = 1 - 2 * (np.arange(256)[:, None] >> np.arange(8) & 1)
    u = -(s[:, [a for a, _ in TREE]] * s[:, [b for _, b in TREE]]) @ J - s @ H
    for site, value in held.items():
        u = np.where(s[:, site] == value, u, np.inf)
    return -np.log(np.exp(-beta * u).sum()) / beta


def tree(name, more, held):
    """Bethe is exact on a tree, naive mean field is not."""
    with h5py.File("tree.inst.h5", "w") as file:
        file["i"], file["j"] = np.array(TREE).T
        file["J"], file["h"] = J, H
    out = report(name, """
run    = { seed = 3; sweeps = 40000; burn_in = 500; };
model  = { name = "graph"; file = "tree.inst.h5"; format = "hdf5"; %s };
ladder = { beta = [0.5, 1.5]; rungs = 3; copies = 4; };
record = { every = 5; states_every = 5; observables = ["energy"]; };""" % more)
    estimates = out["estimates"]
    exact = np.array([tree_free_energy(b, held) if b else np.nan
                      for b in betas(out)])
    good = np.isfinite(exact)

    def z(quantity, value):
        e = estimates[quantity]
        mean, error = (np.array(e[k], float)[good] for k in ("mean", "error"))
        return (mean - value) / error
    off = z("free_energy_bethe", exact[good])
    ok(np.max(np.abs(off)) < Z_MOST, f"{name}: Bethe's free energy", off)
    off = z("free_energy_naive_mf", exact[good])
    ok(np.max(np.abs(off)) > Z_MOST,
       f"mutant rejected: {name} by naive mean field", off)
    bethe, naive = (
        [np.array(estimates[k + "_residual"][q], float) for q in
         ("mean", "error")] for k in ("bethe", "naive_mf"))
    ok(np.all(bethe[0] < Z_MOST * bethe[1]), f"{name}: Bethe's residual",
       bethe)
    ok(naive[0][-1] > Z_MOST * max(bethe[1][-1], naive[1][-1]),
       f"mutant rejected: {name} by naive mean field's residual", naive)
    with h5py.File(name + ".h5", "r") as file:
        m = file["states/spin"][:, :, 0, -1].mean(axis=(0, 1))
    held_now = {i: m[i] for i in held}
    ok(held_now == held, f"{name}: clamped sites", m)


def without_field():
    out = report("bare", """
run    = { seed = 3; sweeps = 400; };
model  = { name = "graph"; N = 20; };
ladder = { beta = [0.5]; rungs = 1; };
record = { every = 5; states_every = 5; observables = ["energy"]; };""")
    ok("tap_residual" not in out["estimates"],
       "no field: nothing is said of magnetisations")


# ---- long range --------------------------------------------------------------

def long_range():
    """sigma = 0, J = 1/N is Curie-Weiss without the self term (tests/references A26,
    N = 10); a ring of 10 with sigma = 2 by enumeration."""
    text = """
run    = { seed = 8; sweeps = 20000; burn_in = 500; };
model  = { name = "long_range"; shape = [10]; %s };
ladder = { beta = [0.5, 1.0, 1.5]; spacing = "list"; copies = 4; };
record = { every = 5; observables = ["energy", "magnetization_2",
                                     "local_field_2"]; };"""
    m2 = np.array([0.17146437428206, 0.34694388269472, 0.64476594562986])
    out = report("curie_weiss", text % "sigma = 0.0; J = 0.1;")

    def z(quantity, exact):
        first = out["ladder"]["first_requested"]
        e = out["estimates"][quantity]
        return largest_z(e["mean"][first:], e["error"][first:], exact)
    ok(z("magnetization_2", m2) < Z_MOST and
       z("energy", -(m2 - 0.1) / 2) < Z_MOST,
       "sigma = 0: Curie and Weiss", [z("magnetization_2", m2)])
    ok(z("magnetization_2", m2 * 1.05) > Z_MOST,
       "mutant rejected: m^2 larger by 5 percent")
    s = 1 - 2 * (np.arange(1024)[:, None] >> np.arange(10) & 1)
    d = np.abs(np.arange(10)[:, None] - np.arange(10))
    d = np.minimum(d, 10 - d).astype(float)
    J = np.where(d > 0, 1 / np.where(d > 0, d, 1) ** 2, 0)
    field = s @ J
    u = -(s * field).sum(axis=1) / 2
    w = np.exp(-np.array([0.5, 1.0, 1.5])[:, None] * (u - u.min()))
    w /= w.sum(axis=1)[:, None]
    out = report("dyson", text % "sigma = 2.0;")
    ok(z("energy", w @ u / 10) < Z_MOST and
       z("local_field_2", w @ (field**2).mean(axis=1)) < Z_MOST,
       "sigma = 2: energy and local fields by enumeration",
       [z("energy", w @ u / 10), w @ u / 10, out["estimates"]["energy"]])


def main():
    runs.scratch()
    ring()
    merged()
    layouts()
    compressed("ring of 300", "[300]", "[0.1, 1.4]", 0.05)
    compressed("square", "[32, 32]", "[0.1, 0.6]", 0.05)
    balance()
    frozen()
    none_for_signs()
    nishimori("nishimori pm1", "p = 0.85;", math.atanh(0.7), -2 * 0.7, 1.6)
    nishimori("nishimori gaussian", 'couplings = "gaussian"; mean = 0.8;',
              0.8, -2 * 0.8, 1.8)
    tree("tree", "", {})
    tree("held", "clamp_up = [6]; clamp_down = [1];", {6: 1, 1: -1})
    without_field()
    long_range()
    runs.done()


main()
