#!/usr/bin/env python3
"""Hessians in whole runs: the same numbers whatever the ranks, threads and
interruptions; `tempera solve hessian` of kept states against what the run
recorded; a minimum written by hand; what is refused."""
import json

import h5py
import numpy as np

import runs
from runs import MPIRUN, call, differing, ok

RUN = """
dynamics = { name = "langevin"; step = %g; };
ladder = { temperature = [0.5, 2.0]; rungs = 3; anchor = false; };
record = { every = 5; states_every = 5;
           observables = ["energy", "hessian_top", "hessian_trace"]; };
run = { seed = 7; sweeps = %d; burn_in = 32; };
"""
NETWORK = """model = { name = "mlp"; N = 12; examples = 300; layers = [8];
                  l2 = 0.01; precision = "%s"; };""" + RUN % (1e-3, 40)
LARGE = """model = { name = "mlp"; N = 30; examples = 300; layers = [20];
                  precision = "double"; };""" + RUN % (1e-3, 10)
LINEAR = """model = { name = "linear"; N = 12; examples = 30; l2 = 0.5; };
""" + RUN % (1e-3, 20)


def write(name, text):
    with open(name, "w", encoding="utf-8") as file:
        file.write(text)


def solve(*args):
    p = call("solve", "hessian", *args, "--json")
    if p.returncode:
        return {"error": p.stderr}, {}
    point = json.loads(p.stdout)["points"][0]
    return ({name: (r["value"], r["error"])
             for name, r in point["results"].items()},
            {name: np.array(c["values"])
             for name, c in point["curves"].items()})


def invariance():
    write("net.cfg", NETWORK % "single")
    p = call("run", "net.cfg")
    ok(p.returncode == 0, "a network runs", p.stderr)
    for ranks, threads in ((2, 1), (1, 2), (3, 1)):
        if ranks > 1 and not MPIRUN:
            continue
        p = call("run", "net.cfg", "-o", "x.h5", "--restart", ranks=ranks,
                 threads=threads)
        different = differing("x.h5", "net.h5")
        ok(p.returncode == 0 and not different,
           f"{ranks} ranks, {threads} threads: the same", p.stderr +
           str(different))
    p = call("run", "net.cfg", "-o", "y.h5", "run.sweeps=20")
    p = call("run", "net.cfg", "-o", "y.h5", ranks=2 if MPIRUN else 1)
    different = differing("y.h5", "net.h5")
    ok(p.returncode == 0 and not different, "gone on with: the same",
       p.stderr + str(different))
    p = call("run", "net.cfg", "-o", "z.h5", "run.seed=8")
    ok(bool(differing("z.h5", "net.h5")), "mutant rejected: another seed")


def last(path, name, rung):
    with h5py.File(path) as file:
        return file["/series/" + name][-1, 0, 0, rung]


def recorded():
    """The last row is the last state: 40 sweeps, a row every 5."""
    got, curves = solve("net.cfg", "state=net.h5:/states/last")
    top = last("net.h5", "hessian_top", 2)
    off = max(abs(got[f"hessian_{k + 1}"][0] / top[k] - 1) for k in range(3))
    ok(off < 2e-4, f"hessian_top as recorded, off by {off:.1e}")
    other, _ = solve("net.h5", "state=net.h5:/states/last", "rung=0")
    top = last("net.h5", "hessian_top", 0)
    ok(abs(other["hessian_1"][0] / top[0] - 1) < 2e-4,
       "rung 0, the model of an output")
    ok(abs(got["hessian_1"][0] / top[0] - 1) > 2e-4,
       "mutant rejected: another rung")
    same, _ = solve("net.h5", "state=net.h5:/states/last[0,0,0]")
    ok(same == other, "rung 0 in the address")
    n = len(curves["node"])
    ok(n == 113 and abs(curves["node"].sum() -
                        got["hessian_trace"][0]) < 1e-6 * curves["node"][-1]
       and (curves["node"] < 0).sum() >= got["negative_directions"][0],
       "the whole spectrum of few weights: its sum is the trace")
    x, density = curves["eigenvalue"], curves["density"]
    area = ((density[1:] + density[:-1]) / 2 * np.diff(x)).sum()
    ok(abs(area - 1) < 1e-3, f"density: its integral is {area:.5f}")


def products():
    """More than 500 weights: products and probes."""
    write("large.cfg", LARGE)
    p = call("run", "large.cfg")
    ok(p.returncode == 0, "a larger network runs", p.stderr)
    got, curves = solve("large.cfg", "state=large.h5:/states/last", "-o",
                        "hessian.h5", "steps=200", "probes=8")
    top = last("large.h5", "hessian_top", 2)
    off = max(abs(got[f"hessian_{k + 1}"][0] / top[k] - 1) for k in range(3))
    ok(off < 2e-4, f"hessian_top as recorded, off by {off:.1e}")
    value, error = got["hessian_trace"]
    node, weight = curves["node"], curves["weight"]
    ok(abs(641 * (node * weight).sum() - value) < 1e-9 * abs(value) and
       abs(weight.sum() - 1) < 1e-12, "the density's mean is the trace")
    z = (641 * last("large.h5", "hessian_trace", 2) - value) / error
    ok(abs(z) < 6, f"trace by other probes, z = {z:.2f}")
    ok(abs((1.0 * last("large.h5", "hessian_trace", 2) - value) / error) > 6,
       "mutant rejected: a trace per weight")
    with h5py.File("hessian.h5") as file:
        ok(np.array_equal(file["/curves/0/density"], curves["density"]) and
           file["/theory/hessian_1/mean"][0] == got["hessian_1"][0],
           "-o: curves and numbers are kept")


def minimum():
    write("linear.cfg", LINEAR)
    p = call("run", "linear.cfg")
    ok(p.returncode == 0, "linear runs", p.stderr)
    with h5py.File("linear.h5") as file:
        top = file["/series/hessian_top"][:, 0, 0, :, :]
        trace = file["/series/hessian_trace"][:]
        w = file["/states/weights"][-1, 0, 0, 2]
    ok(np.ptp(top[..., 0]) == 0 and np.ptp(trace) < 1e-12,
       "linear: H is the same everywhere")
    with h5py.File("minima.h5", "w") as file:
        file["/minima/0/state"] = w
        file["/minima/0/u"] = 1.0
        file["/minima/1/state"] = w[:-1]
        file["/minima/3/state"] = np.where(np.arange(len(w)) == 3, np.nan, w)
    got, curves = solve("linear.cfg", "state=minima.h5:/minima/0")
    ok("error" not in got and
       abs(got["hessian_1"][0] - top[0, 0, 0]) < 1e-9 and
       abs(got["hessian_trace"][0] - 12 * trace[0, 0, 0, 0]) < 1e-9 and
       got["negative_directions"][0] == 0 and curves["node"][0] > 0.5,
       "a minimum's Hessian", str(got))
    for state, words in (("minima.h5:/minima/1", "this model has 12"),
                         ("minima.h5:/minima/2", "no minimum 2"),
                         ("minima.h5:/minima/3", "not finite"),
                         ("minima.h5:/minima", "/minima/NUMBER"),
                         ("none.h5:/minima/0", "none.h5"),
                         ("minima.h5", "FILE:/PATH"),
                         ("", "FILE:/PATH")):
        got, _ = solve("linear.cfg", "state=" + state)
        ok(words in got.get("error", ""), f"refused: state={state}",
           str(got))


def refused():
    got, _ = solve("net.cfg", "state=net.h5:/states/last", "rung=3")
    ok("has 3 rungs" in got.get("error", ""), "refused: no such rung",
       str(got))
    got, _ = solve("net.cfg", "state=net.h5:/states/last", "tops=3")
    ok("did you mean top" in got.get("error", ""), "refused: unknown key",
       str(got))
    got, _ = solve("net.h5", "state=net.h5:/states/last", "model.N=3")
    ok("the model is that of net.h5" in got.get("error", ""),
       "refused: keys for an output's model", str(got))
    got, _ = solve("model.name=xy", "model.shape=[8]",
                   "state=net.h5:/states/last")
    ok("no second derivatives" in got.get("error", ""),
       "refused: a model without", str(got))


runs.scratch()
invariance()
recorded()
products()
minimum()
refused()
runs.done()
