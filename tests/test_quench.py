#!/usr/bin/env python3
"""Protocol quench through the whole program: known minima, the posterior's
mode, recursions against NumPy, early stopping, arrival and going on, states of
a ladder by rung, the promise over ranks, threads and restarts, refusals."""
import json
import os
import subprocess
import sys

import h5py
import numpy as np
import runs
from runs import MPIRUN, call, differing, ok

SOURCE = os.path.abspath(os.environ.get("srcdir", "."))
WELLS = """
run = { protocol = "quench"; seed = 3; sweeps = 1000; %s };
model = { name = "wells"; %s };
dynamics = { name = "lbfgs"; };
ladder = { temperature = [1.0]; rungs = 1; copies = 40; };
record = { every = 1; observables = ["energy"]; };
"""
LINEAR = """
run = { protocol = "quench"; seed = 3; sweeps = 40; start = "%s"; };
model = { name = "linear"; labels = "file"; file = "line.csv"; l2 = 0.5; };
dynamics = { name = "%s"; %s };
ladder = { temperature = [0.25, 4.0]; rungs = 2; };
record = { every = 1; states_every = 1; observables = ["energy"]; };
"""
NETWORK = """
run = { protocol = "quench"; seed = 3; sweeps = 40; };
model = { name = "mlp"; N = 6; layers = [5]; examples = 60; };
dynamics = { name = "%s"; %s };
ladder = { beta = [0.1, 1.0]; rungs = 2; copies = 3; };
record = { every = 2; observables = ["energy", "training_error"]; };
"""
LADDER = """
run = { seed = 3; sweeps = 100; burn_in = 224; };
model = { name = "mlp"; N = 8; layers = [4]; examples = 100;
          label_noise = 0.2; prior_scale = 2.0; l2 = 0.1; };
dynamics = { name = "hmc"; };
ladder = { temperature = [0.3, 30.0]; rungs = 6; copies = 2; };
record = { every = 4; observables = ["energy"]; };
"""
MUELLER_BROWN = [-146.69951720995, -108.16672411685, -80.76781812966]
EXAMPLES = np.array([[1, 0, 1], [1, 1, 3], [1, 2, 2], [1, 3, 5]], float)


def run(name, text, *keys, **how):
    with open(name + ".cfg", "w", encoding="utf-8") as file:
        file.write(text)
    return call("run", name + ".cfg", "--restart", *keys, **how)


def minima(path):
    """[(u, |gradient|, hits, state)] by number."""
    with h5py.File(path, "r") as file:
        group = file["minima"]
        names = sorted((n for n in group if n.isdigit()), key=int)
        return [(group[n]["u"][()], group[n]["gradient_norm"][()],
                 group[n]["hits"][()], group[n]["state"][...]) for n in names]


def get(path, name):
    with h5py.File(path, "r") as file:
        return file[name][...]


def report(path):
    return json.loads(call("report", path, "--json").stdout)


# ---- minima that are known ---------------------------------------------------

def close(found, wanted, tolerance):
    """Both sorted, as many, and near."""
    return len(found) == len(wanted) and \
        np.allclose(found, wanted, rtol=0, atol=tolerance)


def wells():
    for dynamics in ("lbfgs", "cg"):
        # GSL's lines are searched by values: sqrt(rounding) of the gradient
        run("mb", WELLS % ("tolerance = 1e-4;", 'kind = "mueller_brown"; '
            "dim = 2; height = 1.0; prior_scale = 2.0;"),
            "dynamics.name=" + dynamics)
        found = minima("mb.h5")
        u = [one[0] for one in found]
        ok(close(u, MUELLER_BROWN, 1e-9) and
           sum(one[2] for one in found) == 40,
           f"{dynamics}: the three minima of Mueller and Brown", found)
    ok(not close(u, [x + 1e-6 for x in MUELLER_BROWN], 1e-9),
       "mutant rejected: minima 1e-6 higher")
    of = get("mb.h5", "minima/of")
    last = get("mb.h5", "series/u")[-1, ..., 0]
    ok(of.shape == (40, 1, 1) and of.dtype == np.int32 and
       np.allclose(np.array(u)[of], last, rtol=0, atol=1e-9),
       "/minima/of says which one each walker met", of)
    run("double", WELLS % ("", "dim = 2;"))
    states = sorted(tuple(np.round(one[3], 4)) for one in minima("double.h5"))
    ok(states == [(-1, -1), (-1, 1), (1, -1), (1, 1)],
       "double well, d = 2: four minima", states)
    run("two", WELLS % ("", 'kind = "two_quadratic"; dim = 3; '
                       "curvature = [9.0, 4.0];"))
    found = [(round(one[0], 9), round(one[3][0], 6)) for one in
             minima("two.h5")]
    ok(found == [(0, -1), (0.2, 1)], "two quadratic wells, a kink between",
       found)


def report_says():
    out = report("double.h5")
    e = out["estimates"]
    ok(out["verdict"]["ok"] and e["arrived"]["mean"] == [1] and
       e["minima"]["mean"] == [4] and abs(e["u"]["mean"][0]) < 1e-9 and
       not out["theory"] and "ln_z" not in e,
       "report: u, arrival, minima; no theory, no ln Z", out)
    run("short", WELLS % ("", "dim = 2;"), "run.sweeps=20",
        "dynamics.name=descent")
    out = report("short.h5")
    ok(not out["verdict"]["ok"] and
       "walkers have not arrived" in out["verdict"]["reasons"][0],
       "report: not arrived, not ok", out["verdict"])
    ok(max(one[1] for one in minima("short.h5")) > 1e-6,
       "... and /minima says so by gradient_norm")


# ---- linear: formulas --------------------------------------------------------

def posterior():
    x, y = EXAMPLES[:, :2], EXAMPLES[:, 2]
    for method in ("lbfgs", "cg"):
        for prior in (False, True):
            keys = "prior = %s;" % str(prior).lower()
            run("line", LINEAR % ("random", method, keys),
                "ladder.copies=8", "run.tolerance=1e-9")
            w = get("line.h5", "states/last/weights")[:, 0]
            for rung, t in enumerate((4.0, 0.25)):
                h = x.T @ x + (0.5 + (t if prior else 0)) * np.eye(2)
                mode = np.linalg.solve(h, x.T @ y)
                ok(np.abs(w[:, rung] - mode).max() < 1e-8,
                   f"{method}, prior {prior}, T = {t}: the exact mode",
                   (w[:, rung], mode))
            count = len(minima("line.h5"))
            ok(count == 1 + prior, "... and one minimum an objective", count)


def hessian():
    x, y = EXAMPLES[:, :2], EXAMPLES[:, 2]
    return x.T @ x + 0.5 * np.eye(2), x.T @ y


def sgd(eta, mu, steps):
    h, b = hessian()
    w, v, path = np.zeros(2), np.zeros(2), []
    for _ in range(steps):
        v = mu * v - eta * (h @ w - b)
        w = w + v
        path.append(w)
    return np.array(path)


def adam(eta, b1, b2, epsilon, steps):
    h, b = hessian()
    w, m, v, path = np.zeros(2), np.zeros(2), np.zeros(2), []
    for t in range(1, steps + 1):
        g = h @ w - b
        m = b1 * m + (1 - b1) * g
        v = b2 * v + (1 - b2) * g ** 2
        w = w - eta * m / (1 - b1 ** t) / (np.sqrt(v / (1 - b2 ** t)) +
                                           epsilon)
        path.append(w)
    return np.array(path)


def off(path, name="line.h5"):
    return np.abs(get(name, "states/weights")[:, 0, 0, 0] - path).max()


def recursions():
    cases = [
        ("descent", "step = 0.03;", sgd(0.03, 0, 40), sgd(0.031, 0, 40)),
        ("sgd", "step = 0.01; momentum = 0.8; batch = 0;",
         sgd(0.01, 0.8, 40), sgd(0.01, 0.79, 40)),
        ("adam", "step = 0.1; beta1 = 0.8; beta2 = 0.95; epsilon = 1e-3;",
         adam(0.1, 0.8, 0.95, 1e-3, 40), adam(0.1, 0.8, 0.95, 1e-2, 40))]
    for name, keys, path, mutant in cases:
        run("line", LINEAR % ("ordered", name, keys))
        ok(off(path) < 1e-12, f"{name} is the recursion it says", off(path))
        ok(off(mutant) > 1e-6, "mutant rejected: another parameter")


def early_stopping():
    """From w = 0: each mode l of the Hessian filtered."""
    eta, (h, b) = 0.002, hessian()
    run("line", LINEAR % ("ordered", "descent", f"step = {eta};"))
    l, modes = np.linalg.eigh(h)
    k = np.arange(1, 41)[:, None]
    full = modes.T @ np.linalg.solve(h, b)
    ok(off((1 - (1 - eta * l) ** k) * full @ modes.T) < 1e-12,
       "early stopping: 1 - (1 - eta l)^k mode by mode")
    flow = off((1 - np.exp(-l * eta * k)) * full @ modes.T)
    bound = np.max(eta * l) / np.e * np.abs(full).sum()
    ok(1e-6 < flow < bound, "... near 1 - exp(-l t), off by order eta",
       (flow, bound))


# ---- going on ----------------------------------------------------------------

def promise():
    for name, keys in (("sgd", "step = 0.01; momentum = 0.9; batch = 7;"),
                       ("adam", "step = 0.01; batch = 7;"),
                       ("lbfgs", "iterations = 1;"), ("cg", "iterations=5;")):
        text = NETWORK % (name, keys)
        run("one", text)
        cases = [("gone on with", 1, 1), ("2 threads", 1, 2)]
        if MPIRUN:
            cases.append(("2 ranks", 2, 1))
        for what, ranks, threads in cases:
            if what == "gone on with":
                run("two", text, "run.sweeps=18")
            first = len(minima("two.h5")) if what == "gone on with" else 0
            p = call("run", "two.cfg" if first else "one.cfg", "-o", "two.h5",
                     *([] if first else ["--restart"]), ranks=ranks,
                     threads=threads)
            ok(p.returncode == 0 and not differing("two.h5", "one.h5"),
               f"mlp by {name}: the same, {what}",
               p.stderr or differing("two.h5", "one.h5"))
        run("two", text, "run.seed=4")
        ok(differing("two.h5", "one.h5"), "mutant rejected: another seed")
    p = call("verify", "one.h5")
    ok(p.returncode == 0, "verify: the reference kernel agrees", p.stderr)


def killed():
    """kill -9 in the middle: what follows the last checkpoint again."""
    text = NETWORK % ("sgd", "step = 1e-4; momentum = 0.9; batch = 7;")
    keys = ["run.sweeps=6000", "checkpoint.minutes=0.0005"]
    run("one", text, *keys)
    with open("two.cfg", "w", encoding="utf-8") as file:
        file.write(text)
    runs.remove("two.h5")
    p = runs.start("run", "two.cfg", *keys)
    runs.wait_for("two.h5.ckpt.prev")
    runs.kill_ranks(p, 1)
    p.wait()
    cut = runs.rows("two.h5") if p.returncode else -1
    p = call("run", "two.cfg", *keys)
    ok(0 <= cut < 3000 and p.returncode == 0 and
       not differing("two.h5", "one.h5"), "the same after kill -9",
       (cut, p.stderr))


def arrival():
    run("well", WELLS % ("", "dim = 2;"))
    rows = runs.rows("well.h5")
    sweep = get("well.h5", "series/gradient_norm")[-1]
    ok(rows < 100 and sweep.max() <= 1e-6,
       f"the run is over when all have arrived, after {rows} sweeps")
    p = call("run", "well.cfg")
    ok(p.returncode == 0 and "all walkers have arrived" in p.stderr,
       "... and then nothing is left to do", p.stderr)
    p = call("run", "well.cfg", "run.tolerance=1e-12")
    ok(p.returncode == 0 and runs.rows("well.h5") > rows and
       max(one[1] for one in minima("well.h5")) <= 1e-12,
       "a smaller tolerance goes on", p.stderr)


# ---- states of other runs ----------------------------------------------------

def inherent():
    """States of a ladder by rung, with the rungs that burn-in placed."""
    run("warm", LADDER)
    text = LADDER.replace("burn_in = 224;", 'protocol = "quench"; '
                          'start = "warm.h5:/states/last";').replace(
        '"hmc"', '"lbfgs"').replace("sweeps = 100", "sweeps = 4000").replace(
        "l2 = 0.1;", 'l2 = 0.1; precision = "double";')
    p = run("cold", text)
    here, there = (get(f, "ladder/lambda") for f in ("cold.h5", "warm.h5"))
    ok(p.returncode == 0 and np.array_equal(here, there),
       "rungs are those of the states", p.stderr)
    before = get("warm.h5", "series/u")[-1, :, 0, :, 0]
    u = get("cold.h5", "series/u")[:, :, 0, :, 0]
    ok(np.all(u[0] < before) and np.all(np.diff(u, axis=0) <= 1e-6 * u[0]),
       "each walker goes down from its own state")
    slope = get("cold.h5", "series/gradient_norm")[-1]
    ok(slope.max() <= 1e-6 and report("cold.h5")["verdict"]["ok"],
       "mlp by lbfgs: gradients below 1e-6", slope.max())
    p = run("again", text, 'run.start="cold.h5:/minima/1"')
    one, found = minima("cold.h5")[1], minima("again.h5")
    ok(p.returncode == 0 and len(found) == 1 and found[0][0] <= one[0] and
       np.abs(found[0][3] - one[3]).max() < 1e-3 and
       found[0][2] == 12,
       "all walkers start from a minimum and stay", (p.stderr, found[:1]))
    p = run("warm2", LADDER, 'run.start="cold.h5:/minima/0"', "run.sweeps=8")
    ok(p.returncode == 0, "a heat bath starts from a minimum", p.stderr)


def spheres():
    run("vectors", """
run = { protocol = "quench"; sweeps = 400; tolerance = 1e-5; };
model = { name = "heisenberg"; shape = [4, 4]; };
dynamics = { name = "lbfgs"; };
ladder = { temperature = [1.0]; rungs = 1; copies = 8; };
record = { every = 1; observables = ["energy"]; };
""")
    for name, keys in (("lbfgs", []), ("cg", []),
                       ("descent", ["dynamics.step=0.2"]),
                       ("adam", ["dynamics.step=0.05"])):
        p = call("run", "vectors.cfg", "--restart", "dynamics.name=" + name,
                 *keys)
        u = get("vectors.h5", "series/u")[-1]
        s = get("vectors.h5", "states/last/spin").reshape(-1, 3)
        ok(p.returncode == 0 and np.all(np.abs(u + 32) < 1e-2) and
           np.abs((s ** 2).sum(axis=1) - 1).max() < 1e-6,
           f"unit vectors by {name}: all parallel", (p.stderr, u.ravel()))


def pictures():
    """Panels of one rung with hits, of a ladder, of two runs."""
    plot = os.path.join(SOURCE, "analysis", "tempera_plot.py")
    for names in (["mb.h5"], ["cold.h5"], ["short.h5", "double.h5"]):
        for name in names:
            call("report", name)
        p = subprocess.run([sys.executable, plot, *names, "-o", "a.png"],
                           check=False, capture_output=True, text=True)
        ok(p.returncode == 0 and os.path.getsize("a.png") > 20000,
           "the picture of " + " and ".join(names), p.stderr)
        runs.remove("a.png")


def tethered():
    """u_1 + (lambda_2 / lambda_1) u_2: pulled towards the origin."""
    h, b = hessian()
    run("tied", LINEAR % ("random", "lbfgs", ""), 'model.reference="origin"',
        'ladder.temperature=[]', 'ladder.components=["beta", "tether"]',
        "ladder.points=[[4.0, 0.0], [4.0, 12.0]]", "run.tolerance=1e-9")
    w = get("tied.h5", "states/last/weights")[0, 0]
    wanted = [np.linalg.solve(h + k * np.eye(2), b) for k in (0, 3)]
    ok(np.abs(w - wanted).max() < 1e-8, "a tether is minimised with u_1",
       (w, wanted))


# ---- refusals ----------------------------------------------------------------

def refusals():
    with open("net.cfg", "w", encoding="utf-8") as file:
        file.write(NETWORK % ("descent", ""))
    cases = [
        (["run.protocol=tempering"], "goes downhill and is no heat bath"),
        (["run.protocol=annealing", "record.observables=[]"],
         "goes downhill and is no heat bath"),
        (["dynamics.name=hmc"], "hmc is a heat bath; take descent, sgd"),
        (["run.burn_in=64"], "protocol quench has none"),
        (["run.tolerance=-1"], "run.tolerance: -1"),
        (["run.sweeps=41"], "is not a multiple of record.every"),
        (["run.start=net.h5:/minima/x"], "OUT.h5:/minima/N"),
        (["model.name=ising", "model.shape=[4, 4]",
          "record.observables=[\"energy\"]"], "needs facet grad"),
        (["model.name=wells", "dynamics.name=sgd",
          "record.observables=[\"energy\"]"], "no sum over examples")]
    for keys, words in cases:
        p = call("check", "net.cfg", *keys)
        if "unknown key" in p.stderr:  # keys of mlp fall away with it
            with open("bare.cfg", "w", encoding="utf-8") as file:
                file.write('run = { protocol = "quench"; }; ladder = '
                           "{ temperature = [1.0]; rungs = 1; }; "
                           'dynamics = { name = "descent"; };')
            p = call("check", "bare.cfg", *keys)
        ok(p.returncode == 2 and words in p.stderr,
           "refused: " + " ".join(keys[:2]), p.stderr)
    p = run("far", NETWORK % ("descent", "step = 1e6;"),
            "model.loss=squared", "model.activation=relu")
    ok(p.returncode == 1 and "give a smaller dynamics.step\n" in p.stderr,
       "a step too large: exit 1", p.stderr)
    run("few", WELLS % ("", "dim = 3;"))
    for start, words in (("double.h5:/minima/9", "holds no /minima/9/state"),
                         ("few.h5:/minima/0", "has 3 numbers")):
        p = call("run", "double.cfg", "-o", "no.h5", "run.start=" + start)
        ok(p.returncode == 2 and words in p.stderr, "refused: " + start,
           p.stderr)
    with h5py.File("few.h5", "r+") as file:
        file["/states/last/weights"][0, 0, 0, 1] = np.nan
        file["/minima/0/state"][1] = np.inf
    for start in ("few.h5:/minima/0", "few.h5:/states/last"):
        p = call("run", "few.cfg", "-o", "no.h5", "run.start=" + start)
        ok(p.returncode == 3 and "numbers that are not finite" in p.stderr,
           "refused: not finite: " + start, p.stderr)


def main():
    runs.scratch()
    np.savetxt("line.csv", EXAMPLES, fmt="%g")
    wells()
    report_says()
    posterior()
    recursions()
    early_stopping()
    promise()
    killed()
    arrival()
    inherent()
    spheres()
    tethered()
    pictures()
    refusals()
    runs.done()


main()
