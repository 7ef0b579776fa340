#!/usr/bin/env python3
"""bethe_ferro and bethe_glass by the command: against belief propagation on one
large random graph written here in NumPy, and the small keys of the interface.
Scatter of a graph of N sites is of order N^(-1/2): tolerances are five
standard errors of site averages, seeds are fixed."""
import json
import math

import numpy as np

from runs import call, done, ok, save, scratch


def point(*args):
    p = call("solve", *args, "--json")
    if p.returncode:
        return {"results": {}, "error": p.stderr}
    return json.loads(p.stdout)["points"][0]


def results(*args):
    return {k: r["value"] for k, r in point(*args)["results"].items()}


def regular(n, c, rng):
    """Stubs in pairs; the few loops and double edges do not matter."""
    stubs = rng.permutation(np.repeat(np.arange(n), c))
    return stubs[::2], stubs[1::2]


def erdos_renyi(n, c, rng):
    ends = rng.integers(0, n, (2, int(c * n / 2)))
    return ends[:, ends[0] != ends[1]]


def belief_propagation(n, ends, J, T, h, steps=300):
    """u, m, q, ln Z per site, and standard errors of a sum over sites."""
    to = np.concatenate([ends[1], ends[0]])
    source = np.concatenate([ends[0], ends[1]])
    bonds = len(J)
    back = np.concatenate([np.arange(bonds, 2 * bonds), np.arange(bonds)])
    t = np.tanh(np.concatenate([J, J]) / T)
    x = np.full(2 * bonds, 0.5)  # beta times the field of the source
    for _ in range(steps):
        u = np.arctanh(t * np.tanh(x))
        field = h / T + np.bincount(to, u, n)
        x = 0.5 * x + 0.5 * (field[source] - u[back])
    u = np.arctanh(t * np.tanh(x))
    field = h / T + np.bincount(to, u, n)
    m = np.tanh(field)
    a, b = np.tanh(x[:bonds]), np.tanh(x[bonds:])
    corr = (t[:bonds] + a * b) / (1 + t[:bonds] * a * b)
    # ln of prod_k (1 + s t tanh x) over both signs of s
    up = np.bincount(to, np.log1p(t * np.tanh(x)), n) + h / T
    down = np.bincount(to, np.log1p(-t * np.tanh(x)), n) - h / T
    site = np.logaddexp(up, down)
    site += 0.5 * np.bincount(to, np.log(np.cosh(np.concatenate([J, J]) / T)),
                              n)
    link = np.log1p(t[:bonds] * a * b)
    half = 0.5 * (np.bincount(ends[0], link, n) +
                  np.bincount(ends[1], link, n))
    energy = -0.5 * (np.bincount(ends[0], J * corr, n) +
                     np.bincount(ends[1], J * corr, n)) - h * m
    return {name: (v.mean(), v.std() / math.sqrt(n)) for name, v in
            (("energy", energy), ("magnetization", m), ("q", m * m),
             ("ln_z_per_site", site - half))}


def compare(what, answer, graph):
    """Twice the error of independent sites, for neighbours are alike."""
    wrong = {}
    for name, (value, error) in graph.items():
        r = answer["results"].get(name)
        room = 5 * math.hypot(2 * error, r["error"]) if r else 0
        if not r or abs(r["value"] - value) > room or \
                abs(1.1 * r["value"] - value) < room:
            wrong[name] = (r, value, error)
    ok(not wrong, what, wrong)


def message_passing():
    rng = np.random.default_rng(5)
    n = 60000
    ends = regular(n, 3, rng)
    J = rng.choice([-1.0, 1.0], len(ends[0]))
    compare("regular +-J in a field: one graph by belief propagation",
            point("bethe_glass", "T=1.2", "h=0.8", "population=5000"),
            belief_propagation(n, ends, J, 1.2, 0.8))
    J = rng.standard_normal(len(ends[0]))
    compare("normal couplings",
            point("bethe_glass", "T=1", "h=0.8", "couplings=gaussian",
                  "population=5000"),
            belief_propagation(n, ends, J, 1.0, 0.8))
    ends = erdos_renyi(n, 3, rng)
    J = np.where(rng.random(len(ends[0])) < 0.95, 1.0, -1.0)
    compare("random graph, 95 % of the bonds +1: the ferromagnet",
            point("bethe_glass", "T=1.5", "p=0.95", "ensemble=poisson",
                  "population=5000"),
            belief_propagation(n, ends, J, 1.5, 0.0))
    compare("random graph, ferromagnet",
            point("bethe_ferro", "T=2", "ensemble=poisson",
                  "population=5000"),
            belief_propagation(n, ends, np.ones(len(ends[0])), 2.0, 0.0))


def interface():
    for key in ("degree=2.5", "degree=0", "T=-1", "population=3"):
        for name in ("bethe_ferro", "bethe_glass"):
            ok(call("solve", name, key).returncode == 2,
               f"{name} {key} refused")
    ok(all(call("solve", name, "T=1e-310").returncode == 2
           for name in ("bethe_ferro", "bethe_glass")),
       "T too small for 1/T to be a number")
    cold = results("bethe_ferro", "degree=3.5", "ensemble=poisson", "h=0.1",
                   "T=1e-30", "population=200", "iterations=20")
    ok("energy" in cold and "entropy_per_site" not in cold,
       "no entropy where (u - f)/T has no digits")
    ok(call("solve", "bethe_glass", "y=0.3", "T=1").returncode == 2,
       "y means nothing at T > 0")
    up, down = results("bethe_ferro", "h=0.2"), \
        results("bethe_ferro", "h=-0.2")
    ok(up["magnetization"] == -down["magnetization"] and
       up["energy"] == down["energy"], "h and -h")
    ok(up["other_magnetization"] < 0 and
       up["other_free_energy_per_site"] > up["free_energy_per_site"],
       "the metastable state has the higher free energy")
    args = ("bethe_glass", "T=0.8", "population=1000", "iterations=20")
    one, same, other = (results(*args, f"seed={s}") for s in (1, 1, 2))
    ok(one == same and one["q"] != other["q"], "numbers follow the seed")
    broken = point(*args)
    ok(any("broken" in w for w in broken["warnings"]),
       "a warning where replica symmetry is broken")
    ok(not point("bethe_glass", "T=1.2")["warnings"], "none above T_c")
    low = point("bethe_glass", "T=0.02", "population=2000")["results"]
    ok(abs(low["energy"]["value"] + 23 / 18) <
       5 * low["energy"]["error"] + 0.02 * 0.1,
       "T -> 0 of fields comes to -23/18", low["energy"])
    tops = [results("bethe_glass", f"degree={c}") for c in (3, 4, 30)]
    ok(all(t["rs_energy"] < t["ground_energy"] for t in tops),
       "one step of breaking raises the energy")
    ok(abs(results("bethe_glass", "degree=200")["ground_energy"] /
           math.sqrt(200) + 0.7652) < 0.01,
       "many neighbours: the 1RSB energy of the SK model, -0.7652")


RUN = """
run    = { seed = 1; sweeps = 40; burn_in = 8; };
model  = { name = "graph"; N = %d; degree = 3; couplings = "%s"; };
ladder = { temperature = [1.5, 3.0]; rungs = 2; copies = 2; anchor = true; };
"""


def overlay():
    for couplings, name in (("ferromagnet", "bethe_ferro"),
                            ("pm1", "bethe_glass")):
        save("graph", RUN % (64, couplings))
        call("run", "graph.cfg", "-o", "graph.h5", "--restart")
        limits = json.loads(call("report", "--json", "graph.h5").stdout)[
            "limits"]
        beside = limits.get(name, {"quantities": {}})["quantities"]
        alone = results(name, "T=1.5")
        ok({"energy", "ln_z"} <= set(beside) and
           abs(beside["energy"]["mean"][-1] - alone["energy"]) < 1e-9 and
           abs(beside["ln_z"]["mean"][-1] - 64 * alone["ln_z_per_site"])
           < 1e-6, f"{name} beside a run: energy, ln Z", limits.keys())
    save("graph", RUN % (16, "pm1"))
    call("run", "graph.cfg", "-o", "graph.h5", "--restart")
    out = json.loads(call("report", "--json", "graph.h5").stdout)
    ok("enumerate" in out["theory"]["energy"]["source"] and
       not any(name.startswith("bethe") for name in out["limits"]),
       "silent beside few sites, which are enumerated", out["limits"].keys())


scratch()
message_passing()
interface()
overlay()
done()
