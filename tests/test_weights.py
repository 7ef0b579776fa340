#!/usr/bin/env python3
"""Models of weights through the whole program: exact integrals and posteriors
(each z below 4.5, two-sided 7e-6 a comparison, about 60 of them; the seeds are
fixed), the tether's path, the promise over ranks, threads and restarts with
momenta, a step that is too large, bad data."""
import math
import os
import subprocess

import h5py
import numpy as np

import runs
from physics import Z_MOST, report, solve, z_of
from runs import MPIRUN, call, differing, ok

WELL = """
run = { seed = 5; sweeps = 20000; burn_in = 1000; };
model = { name = "wells"; prior_scale = 3.0; %s };
dynamics = { name = "%s"; };
ladder = { temperature = [0.2, 0.5, 1.0]; rungs = 3; spacing = "list";
           copies = 4; };
record = { every = 5; observables = ["energy", "norm_2", "virial",
                                     "prior_virial"]; };
"""
RIDGE = """
run = { seed = 3; sweeps = 20000; burn_in = 2000; };
model = { name = "linear"; labels = "file"; file = "d24.csv"; l2 = 0.5;
          prior = "none"; reference = "origin"; };
dynamics = { name = "hmc"; };
ladder = { components = ["beta", "tether"];
           points = ((0.0, 100.0), (4.0, 100.0), (4.0, 0.0)); rungs = 16; };
record = { every = 2; observables = ["energy", "distance_2"]; };
"""
NETWORK = """
run = { seed = 3; sweeps = 40; burn_in = 64; };
model = { name = "mlp"; N = 6; layers = [5]; examples = 600; };
dynamics = { name = "%s"; };
ladder = { beta = [0.01, 1.0]; rungs = 4; spacing = "geometric"; copies = 2; };
record = { every = 2; observables = ["energy", "training_error", "norm_2"]; };
"""
STIFF = """
run = { seed = 1; sweeps = 500; burn_in = 480; };
model = { name = "wells"; kind = "two_quadratic"; dim = 400;
          depth = [0.0, 1e6]; curvature = [100.0, 100.0];
          prior = "gaussian"; reference = "origin"; };
dynamics = { name = "hmc"; };
ladder = { components = ["beta", "tether"];
           points = ((0.0, 1000.0), (1.0, 1000.0), (1.0, 3.0)); rungs = 40; };
record = { observables = ["energy"]; };
"""
LARGE = """
run = { seed = 3; sweeps = 20; burn_in = 0; };
model = { name = "mlp"; N = 784; layers = [256]; examples = 2048;
          classes = 10; labels = "random"; };
dynamics = { name = "sgld"; step = 1e-6; };
ladder = { beta = [1.0]; rungs = 1; spacing = "list"; anchor = false;
           copies = 16; };
record = { every = 10; observables = ["energy"]; };
"""
Z_SIXTEEN = 6.8  # Student's t of 16 copies: 6e-6, twice
EPOCHS = """
run = { seed = 2; sweeps = 4000; burn_in = 0; };
model = { name = "linear"; labels = "file"; file = "one.csv"; examples = 20;
          prior = "none"; };
dynamics = { name = "sgld"; step = 0.002; batch = 2; noise = false; };
ladder = { temperature = [1.0]; spacing = "list"; rungs = 1; copies = 16;
           anchor = false; };
record = { every = 1; observables = ["energy"]; };
"""
# T, <x^2>, <U>, Z of the double well
DOUBLE_WELL = [(0.2, 0.9368339404, 0.1131660596, 0.8340588041),
               (0.5, 0.8521361522, 0.2728638478, 1.4109147032),
               (1.0, 0.8327454871, 0.4172545129, 1.9737321501)]


def quadrature():
    """The solver against numbers that were not made by it."""
    for t, square, energy, z in DOUBLE_WELL:
        got = solve("quadrature", "model.name=wells", f"beta={1 / t!r}",
                    "model.prior_scale=5.0")
        want = {"norm_2": square, "energy": energy,
                "ln_z": math.log(z / 10)}
        ok(all(abs(got[k] - v) < 1e-9 for k, v in want.items()),
           f"quadrature of the double well at T = {t}", got)


def against_theory(name, out, names):
    for quantity in names:
        theory = out["theory"][quantity]["mean"]
        estimate = out["estimates"][quantity]
        z = [(m - t) / e for m, e, t in zip(estimate["mean"],
                                            estimate["error"], theory) if e]
        worst = max(z, key=abs)
        ok(abs(worst) < Z_MOST, f"{name}: {quantity}, worst z {worst:.2f}")


def wells():
    for kind, keys in (("double_well", "dim = 3;"),
                       ("mixture", "kind = \"mixture\"; dim = 2; "
                                   "curvature = [9.0, 3.0];"),
                       ("two_quadratic", "kind = \"two_quadratic\"; "
                                         "curvature = [9.0, 3.0];")):
        for dynamics in ("hmc", "mala", "metropolis"):
            name = f"{kind}-{dynamics}"
            out = report(name, WELL % (keys, dynamics))
            against_theory(name, out, ["energy", "ln_z", "specific_heat"] +
                           (["norm_2"] if kind != "double_well" else []))


def ridge():
    """The fixed regression of four points: ln Z of a flat prior."""
    with open("d24.csv", "w", encoding="utf-8") as file:
        file.write("1 0 1\n1 1 3\n1 2 2\n1 3 5\n")
    got = solve("gaussian_posterior", "model.name=linear",
                "model.labels=file", "model.file=d24.csv", "model.l2=0.5",
                "model.prior=none", "beta=4")
    ok(abs(got["ln_z"] + 8.911570756763) < 1e-9 and
       abs(2 * got["energy"] - 2.168803418803) < 1e-9,
       "ridge: ln Z and <U>, exact", got)
    out = report("ridge", RIDGE)
    z = z_of(out, "ln_z", -1, -8.911570756763)
    ok(abs(z) < Z_MOST, f"ridge: ln Z by the tether's path, z {z:.2f}")
    against_theory("ridge", out, ["energy", "ln_z", "ln_z_ti", "distance_2"])
    z = z_of(out, "ln_z", -1, -8.911570756763 - math.log(2 * math.pi))
    ok(abs(z) > Z_MOST, f"mutant rejected: a (2 pi) forgotten, z {z:.1f}")


def placed():
    """A tether's path of 2 Lambda edges: 480 sweeps of burn-in leave no edge
    without swaps. Mutant: as many rungs, spread by number and kept."""
    worst = []
    for keys in ([], ["ladder.spacing=linear"]):
        out = report("stiff", STIFF, *keys)
        worst.append(min(out["exchange"]["acceptance"]))
    ok(worst[0] > 0.1, "a tether's path: every edge is crossed after the "
       f"burn-in (least acceptance {worst[0]:.2f})")
    ok(worst[1] < 0.1, f"mutant rejected: spread linearly ({worst[1]:.3f})")


def posterior():
    out = report("linear", WELL.replace("wells", "linear").replace(
        "prior_scale = 3.0; %s", "N = 6; examples = 12; test_examples = 5;")
        .replace("%s", "hmc"))
    against_theory("linear", out, ["energy", "norm_2", "ln_z",
                                   "specific_heat"])
    mean = out["estimates"]["configurational_temperature"]
    z = [(m * beta - 1) / (e * beta) for m, e, (beta,) in
         zip(mean["mean"], mean["error"], out["ladder"]["lambda"]) if beta]
    worst = max(z, key=abs)
    ok(abs(worst) < Z_MOST,
       f"linear: configurational temperature, worst z {worst:.2f}")
    ok(max(abs(x + 0.3 / e * m) for x, m, e in
           zip(z, mean["mean"][-len(z):], mean["error"][-len(z):])) > Z_MOST,
       "mutant rejected: a temperature 30 % off")


def minibatches():
    """SGD on sum (w - y)^2 / 2: <u> above its minimum, from the variance of w
    by the recursion over an epoch of n steps, whose batches' gradients have
    the covariance s^2 (n delta_ij - 1) / (n - 1). doc/learning.md: about
    eta^2 s^2 (n + 1) / 6; at an epoch's end nearly nothing."""
    y = np.random.default_rng(7).normal(size=20)
    np.savetxt("one.csv", np.column_stack([np.ones(20), y]), delimiter=",",
               fmt="%.17g")
    with open("epochs.cfg", "w", encoding="utf-8") as file:
        file.write(EPOCHS)
    p = call("run", "epochs.cfg")
    ok(p.returncode == 0, "plain SGD runs", p.stderr)
    with h5py.File("epochs.h5") as file:
        u = file["/series/u"][1000:, :, 0, 0, 0]
    n, q, square = 10, 1 - 0.002 * 20, 20 * 20 / 2 * (18 / 19) * np.var(y)
    step = 0.002 ** 2 * square * (n * np.eye(n) - 1) / (n - 1)
    weight = [q ** np.arange(k - 1, -1, -1) for k in range(n + 1)]
    grown = [weight[k] @ step[:k, :k] @ weight[k] for k in range(n + 1)]
    end = grown[n] / (1 - q ** (2 * n))
    mean = np.mean([q ** (2 * k) * end + grown[k] for k in range(n)])

    def z(rows, variance):
        each = (2 * rows / 20 - np.var(y)).mean(axis=0)
        return ((each.mean() - variance) /
                (each.std(ddof=1) / math.sqrt(len(each))))
    ok(abs(z(u, mean)) < Z_SIXTEEN, "an epoch's minibatches compensate each "
       f"other: z {z(u, mean):.2f}")
    ok(abs(z(u[9::n], end)) < Z_SIXTEEN and end < mean / 5,
       f"nearly all at its end: z {z(u[9::n], end):.2f}")
    ok(abs(mean / (0.002 ** 2 * square * (n + 1) / 6) - 1) < 0.1,
       "as doc/learning.md says")
    alone = 0.002 ** 2 * square / (1 - q ** 2)
    ok(z(u, alone) < -Z_SIXTEEN, "mutant rejected: independent batches")


def promise():
    for dynamics in ("baoab", "sgld", "hmc"):
        with open("net.cfg", "w", encoding="utf-8") as file:
            file.write(NETWORK % dynamics)
        more = (["dynamics.step=0.0001", "dynamics.dropout=0.2"]
                if dynamics == "sgld" else [])
        call("run", "net.cfg", "-o", "one.h5", "--restart", *more)
        cases = [("resumed", 1, 1), ("2 threads", 1, 2)]
        if MPIRUN:
            cases.append(("2 ranks", 2, 1))
        for name, ranks, threads in cases:
            if name == "resumed":
                call("run", "net.cfg", "-o", "two.h5", "--restart", *more,
                     "run.sweeps=13")
            p = call("run", "net.cfg", "-o", "two.h5", *more,
                     *([] if name == "resumed" else ["--restart"]),
                     ranks=ranks, threads=threads)
            ok(p.returncode == 0 and not differing("one.h5", "two.h5"),
               f"mlp by {dynamics}: the same, {name}",
               p.stderr or differing("one.h5", "two.h5"))
        call("run", "net.cfg", "-o", "two.h5", "--restart", *more,
             "run.seed=4")
        ok(differing("one.h5", "two.h5"), "mutant rejected: another seed")


def bytes_of(text, label):
    """The number after a label in what check says."""
    line = next(x for x in text.splitlines() if x.startswith(label))
    value, unit = line[len(label):].split()[:2]
    return float(value) * {"B": 1, "kB": 1e3, "MB": 1e6, "GB": 1e9}[unit[:2]]


def memory():
    with open("large.cfg", "w", encoding="utf-8") as file:
        file.write(LARGE)
    text = call("check", "large.cfg").stdout
    said, walker = bytes_of(text, "memory "), bytes_of(text, "a walker ")
    with subprocess.Popen(runs.command(("run", "large.cfg"), 1),
                          stdout=subprocess.DEVNULL,
                          env=runs.environment(1)) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = status
    found = 1e3 * usage.ru_maxrss
    ok(status == 0 and 0.7 < said / found < 1.4,
       f"check says {said / 1e6:.0f} MB; the run took {found / 1e6:.0f} MB")
    ok(not 0.7 < (said - 16 * 3 * walker) / found,
       "mutant rejected: without the walkers' weights")


def refusals():
    with open("far.cfg", "w", encoding="utf-8") as file:
        file.write(NETWORK % "langevin")
    p = call("run", "far.cfg", "dynamics.step=1e4", "model.loss=squared",
             "model.activation=relu")
    ok(p.returncode == 1 and p.stderr.count("is too large there") == 1,
       "a walker that leaves the numbers: exit 1, the step named", p.stderr)
    cases = [
        ("model.labels=file", "needs model.file"),
        ("model.file=d24.csv", "goes with model.labels"),
        ("dynamics.name=wolff", "needs facet bond; model mlp offers grad"),
        ("model.reference=somewhere", "allowed: origin|random"),
        ("model.loss=hing", "hinge"),
        ("model.layers=[0]", "model.layers"),
        ("model.labels_file=d24.csv", "goes with model.labels"),
        ("model.layers=[] dynamics.name=sgld dynamics.dropout=0.1",
         "no units that dropout could leave out")]
    for key, words in cases:
        p = call("check", "far.cfg", *key.split())
        ok(p.returncode == 2 and words in p.stderr, f"refused: {key}",
           p.stderr)
    for keys in (["ladder.points=[[0.0, 0.0], [4.0, 0.0]]"],
                 ["ladder.points=[[0.0, -2.0], [4.0, 0.0]]",
                  "model.prior=gaussian"]):
        p = call("check", "ridge.cfg", *keys)
        ok(p.returncode == 2 and "has no law at beta = 0" in p.stderr,
           "refused: no norm: " + keys[0], p.stderr)
    p = call("check", "ridge.cfg", "model.prior=gaussian",
             "ladder.points=[[0.0, -0.5], [4.0, 0.0]]")
    ok(p.returncode == 0, "a weak negative tether is taken", p.stderr)
    p = call("check", "ridge.cfg", "ladder.anchor=true",
             "model.reference=\"\"", "ladder.components=[\"beta\"]",
             "ladder.points=[[1.0], [4.0]]", "record.observables=[\"energy\"]")
    ok(p.returncode == 2 and "nothing to anchor at" in p.stderr,
       "refused: an anchor of a flat prior", p.stderr)


def main():
    runs.scratch()
    quadrature()
    wells()
    ridge()
    placed()
    posterior()
    minibatches()
    promise()
    memory()
    refusals()
    runs.done()


main()
