#!/usr/bin/env python3
"""Binary weights that learn: the numbers do not depend on kernel, ranks or
interruptions; fixed instances, enumerated and sampled; a teacher's and random
examples against replica theory; inputs that are refused. z below 4.5 (7e-6
each, about 60 of them)."""
import json
import math

import numpy as np

import runs
from physics import Z_MOST, betas, report, z_of
from runs import call, ok, save

TAIL = """
ladder = { beta = [0.3, 3.0]; rungs = 5; copies = 2; };
record = { every = 10; states_every = 50; observables = %s; };
run    = { seed = 5; sweeps = 200; burn_in = 96; };
"""
PERCEPTRON = 'model = { name = "perceptron"; N = 61; alpha = 1.5; %s };' + \
    TAIL % '["energy", "training_error", "test_error", "teacher_overlap", ' \
    '"generalization_error", "overlap"]'
RANDOM = TAIL % '["energy", "training_error", "overlap"]'
COMMITTEE = 'model = { name = "committee"; N = 60; alpha = 1.0; %s };' + \
    TAIL % '["energy", "test_error", "teacher_overlap", "overlap"]'
SCENES = {
    "step": PERCEPTRON % "test_examples = 40; samples = 3; kappa = 0.2;",
    "noisy": PERCEPTRON % 'test_examples = 40; label_noise = 0.1; '
             'loss = "logistic";',
    "bath": PERCEPTRON % 'test_examples = 40; loss = "perceptron";' +
            'dynamics = { name = "heatbath"; };',
    "symmetric": 'model = { name = "perceptron"; N = 60; alpha = 1.0; '
                 'labels = "random"; loss = "symmetric"; kappa = 1.0; '
                 'samples = 2; };' + RANDOM,
    "normal": 'model = { name = "perceptron"; N = 60; inputs = "gaussian"; '
              'labels = "random"; loss = "hinge"; };' + RANDOM,
    "tree": COMMITTEE % "test_examples = 40; samples = 2;"}


# ---- fixed instances -------------------------------------------------------

LEVELS = {
    ("perceptron", 6): [1666, 3898, 6702, 8236, 6702, 3898, 1666],
    ("perceptron", 9): [416, 1376, 2961, 5053, 6578, 6578, 5053, 2961, 1376,
                        416],
    ("perceptron", 12): [67, 377, 1120, 2441, 4052, 5354, 5946, 5354, 4052,
                         2441, 1120, 377, 67],
    ("committee", 9): [264, 1265, 2946, 5092, 6817, 6817, 5092, 2946, 1265,
                       264]}
LN_Z = {0.5: 9.174030492336, 1.0: 8.427312893269, 2.0: 7.757538116910}


def fixed_file(examples):
    """Labels are all 1."""
    i, mu = np.arange(15), np.arange(examples)[:, None]
    x = np.where((7 * mu**2 + 11 * i**2 + 13 * mu * i + 3 * mu + 5 * i + 1)
                 % 17 < 8, 1, -1)
    np.savetxt("fixed.txt", np.hstack([x, np.ones((examples, 1))]), "%d")


def enumerated(model, beta):
    p = call("solve", "enumerate", "model.name=" + model,
             "model.labels=file", "model.file=fixed.txt", f"beta={beta!r}",
             "--json")
    return json.loads(p.stdout)["points"][0]["results"]["ln_z"]["value"]


def fixed():
    """Z at as many betas as there are levels gives all their numbers."""
    for (model, examples), count in LEVELS.items():
        fixed_file(examples)
        x = 1.2 + np.cos(np.pi * (np.arange(examples + 1) + 0.5) /
                         (examples + 1))
        z = [math.exp(enumerated(model, -math.log(v))) for v in x]
        found = np.linalg.solve(np.vander(x, increasing=True), z)
        ok(np.abs(found - count).max() < 0.1,
           f"{model}, {examples} examples: enumerate's density of states",
           found - count)
        if (model, examples) == ("perceptron", 6):
            for beta, ln_z in LN_Z.items():
                ok(abs(enumerated(model, beta) - ln_z) < 1e-11,
                   f"and ln Z at beta = {beta}")


def sampled():
    for model in ("perceptron", "committee"):
        fixed_file(9)
        out = report("fixed", """
model  = { name = "%s"; labels = "file"; file = "fixed.txt"; };
ladder = { beta = [0.5, 3.0]; rungs = 5; copies = 8; };
run    = { seed = 3; sweeps = 10000; burn_in = 500; };
record = { observables = ["energy", "training_error"]; };""" % model)
        count = np.array(LEVELS[model, 9], float)
        e = np.arange(10)
        for rung, beta in list(enumerate(betas(out)))[1:]:  # 0: anchor
            weight = count * np.exp(-beta * e)
            u = (weight @ e) / weight.sum()
            exact = {"energy": u / 15, "training_error": u / 9,
                     "ln_z": math.log(weight.sum())}
            for name, value in exact.items():
                z = z_of(out, name, rung, value)
                ok(abs(z) < Z_MOST,
                   f"{model}: {name} at beta = {beta:.3g}: z = {z:.2f}", z)
        weight[0] *= 1.1
        z = z_of(out, "ln_z", -1, math.log(weight.sum()))
        ok(abs(z) > Z_MOST, "mutant rejected: a tenth more solutions", z)


# ---- many weights ----------------------------------------------------------

def estimate(out, name, rung=-1):
    e = out["estimates"][name]
    return e["mean"][rung], e["error"][rung]


def agrees(what, value, error, exact, finite):
    """finite: what corrections of 1/N may add."""
    ok(abs(value - exact) < Z_MOST * error + finite and
       Z_MOST * error + finite < 0.06,
       f"{what}: {value:.4f} +- {error:.4f}, many weights {exact:.4f}")


def teacher():
    """Gibbs learning at T -> 0 before the transition: R, the entropy, and
    q = R, for a typical solution is as good as the teacher."""
    out = report("teacher", """
model  = { name = "perceptron"; N = 101; alpha = 0.5; samples = 48; };
ladder = { beta = [0.5, 7.0]; rungs = 8; copies = 2; };
run    = { sweeps = 2000; burn_in = 480; };
record = { observables = ["energy", "teacher_overlap", "overlap",
                          "generalization_error"]; };""")
    r, q = estimate(out, "teacher_overlap"), estimate(out, "overlap")
    s = estimate(out, "ln_z")
    agrees("R", *r, 0.29309, 0.02)
    agrees("arccos(R) / pi", *estimate(out, "generalization_error"), 0.40532,
           0.01)
    agrees("solutions", s[0] / 101, s[1] / 101, 0.37213, 0.01)
    agrees("R - q", r[0] - q[0], math.hypot(r[1], q[1]), 0, 0.005)


def found():
    """Beyond the transition and started there, the teacher alone is left."""
    out = report("found", """
model  = { name = "perceptron"; N = 101; alpha = 1.7; samples = 8; };
ladder = { beta = [2.0, 4.0]; rungs = 4; anchor = false; };
run    = { sweeps = 500; burn_in = 96; start = "planted"; };
record = { observables = ["energy", "teacher_overlap"]; };""")
    r, error = estimate(out, "teacher_overlap")
    ok(r > 0.97, f"alpha = 1.7 from the teacher: R = {r:.4f} +- {error:.4f}")


def random_labels():
    """ln Z / N at T -> 0: the entropy of Krauth and Mezard."""
    out = report("entropy", """
model  = { name = "perceptron"; N = 81; alpha = 0.4; labels = "random";
           samples = 48; };
ladder = { beta = [0.5, 7.0]; rungs = 8; };
run    = { sweeps = 2000; burn_in = 480; };
record = { observables = ["energy"]; };""")
    s = estimate(out, "ln_z")
    agrees("random labels: solutions", s[0] / 81, s[1] / 81, 0.396455, 0.01)


# ---- refusals --------------------------------------------------------------

def refusals():
    fixed_file(9)
    with open("labels.txt", "w", encoding="utf-8") as file:
        file.write("1 -1 1\n1 1 0.5\n")
    base = ("check", "step.cfg", "model.samples=1")
    for keys, message in (
            (("model.labels=file",), 'model.labels: "file" needs model.file'),
            (("model.file=fixed.txt",),
             'model.file: goes with model.labels = "file"'),
            (("model.labels=file", "model.file=none.txt"),
             "none.txt: cannot open it"),
            (("model.labels=file", "model.file=fixed.txt",
              "model.test_examples=9"), "fixed.txt: holds 9 examples: at "
             "least 1 for training and 9 for tests were asked for"),
            (("model.labels=file", "model.file=labels.txt",
              "model.test_examples=0"), "model.file: "
             "example 2 (from 1) has label 0.5; labels are -1 or 1"),
            (("model.loss=symmetric", "model.kappa=0.01"), 'model.kappa: '
             'loss "symmetric" needs at least 1 / sqrt(N)'),
            (("model.labels=random", "run.start=planted"),
             'run.start: no planted state: only labels = "teacher"'),
            (("model.labels=random",),
             "teacher_overlap")):
        p = call(*base, *keys)
        ok(p.returncode == 2 and message in p.stderr, message,
           f"exit {p.returncode}\n{p.stderr}")
    p = call("check", "tree.cfg", "model.K=7")
    ok(p.returncode == 2 and "model.K: 7 hidden units of a tree do not "
       "divide 60 inputs" in p.stderr, "units that do not divide inputs",
       p.stderr)
    p = call("check", "tree.cfg", "dynamics.name=wolff")
    ok(p.returncode == 2 and "model committee offers local" in p.stderr,
       "no clusters", p.stderr)


def main():
    runs.scratch()
    for name, text in SCENES.items():
        save(name, text)
        runs.invariance(
            name, ("reference", "examples", "perceptron", "u64"),
            layouts=((1, 2), (3, 1)), stops=[(70, 1)])
    fixed()
    sampled()
    teacher()
    found()
    random_labels()
    refusals()
    runs.done()


main()
