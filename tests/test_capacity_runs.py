#!/usr/bin/env python3
"""Runs with random labels beside theory: the picture of input/capacity.cfg,
whose fewest errors enumeration knows; the symmetric binary perceptron beside
its average over examples. Fixed seeds; 4.5 standard errors."""
import json
import os
import sys

import numpy as np

import runs
from runs import call, ok, report, run, save

SCRIPT = os.path.abspath(os.path.join(os.environ.get("srcdir", "."),
                                      "analysis", "tempera_capacity.py"))
EXAMPLE = os.path.abspath(os.path.join(os.environ.get("srcdir", "."), "input",
                                       "capacity.cfg"))
SYMMETRIC = """
run      = { seed = 3; sweeps = 3000; burn_in = 224; };
model    = { name = "perceptron"; N = 25; alpha = 1.0; labels = "random";
             loss = "symmetric"; kappa = 1.0; samples = 96; };
ladder   = { beta = [0.2, 3.0]; rungs = 5; copies = 2; };
record   = { every = 5; observables = ["energy", "overlap"]; };
"""
PYTHON = os.environ.get("PYTHON", sys.executable)


def check_example():
    keys = ["model.N=9", "model.samples=40"]
    files, wanted = [], []
    for alpha in ("0.45", "1.0", "1.45"):
        files.append(f"cap_{alpha}.h5")
        run(EXAMPLE, *keys, f"model.alpha={alpha}", "run.sweeps=1500",
            "run.burn_in=224", "-o", files[-1])
        report(files[-1])
        cold = json.loads(call("solve", "enumerate", EXAMPLE, *keys,
                               f"model.alpha={alpha}", "beta=60",
                               "--json").stdout)["points"][0]["results"]
        wanted.append(cold["energy"]["value"])
    call("solve", "binary_perceptron", "alpha=0.1:1.5:0.1", "-o", "theory.h5")
    p = runs.subprocess.run([PYTHON, SCRIPT, *files, "--theory", "theory.h5"],
                            capture_output=True, text=True, check=False)
    ok(p.returncode == 0 and os.path.getsize("capacity.png") > 10000,
       "the picture", p.stderr)
    rows = [[cell.strip() for cell in line.split("|")[1:-1]]
            for line in p.stdout.splitlines() if line.startswith("| 9 ")]
    fewest = [float(row[3].partition("(")[0]) for row in rows]
    ok(len(rows) == 3 and np.allclose(fewest, wanted, atol=6e-4),
       "fewest errors are those of enumeration", (fewest, wanted))
    solved = [float(row[2].partition("(")[0]) for row in rows]
    ok(solved[0] > 0.9 and 0.1 < solved[1] < 0.7 and solved[2] < 0.15,
       "samples without error", solved)
    p = runs.subprocess.run([PYTHON, SCRIPT, "nowhere.h5"],
                            capture_output=True, text=True, check=False)
    ok(p.returncode == 3 and p.stderr.startswith("tempera_capacity: "),
       "a file that is not there", p.stderr)


def check_symmetric():
    save("symmetric", SYMMETRIC)
    run("symmetric.cfg", "-o", "symmetric.h5")
    out = report("symmetric.h5")
    beside = out["limits"].get("franz_parisi", {"quantities": {}})
    ok({"energy", "ln_z", "entropy", "specific_heat"} <=
       set(beside["quantities"]) and "order" in beside.get("caveat", ""),
       "the symmetric perceptron beside its theory", out["limits"])
    ln_z, energy = (out["estimates"][n] for n in ("ln_z", "energy"))
    theory = {n: np.array(beside["quantities"][n]["mean"], float)
              for n in ("ln_z", "energy")}
    # Jensen: the mean of ln Z is below; by less than 1
    gap = theory["ln_z"] - np.array(ln_z["mean"])
    noise = np.array(ln_z["error"])
    ok((gap > -4.5 * noise - 0.01).all() and (gap < 1 + 4.5 * noise).all() and
       gap[-1] > 0, "ln Z lies below ln [Z] by less than 1", (gap, noise))
    apart = np.abs(theory["energy"] - np.array(energy["mean"]))
    ok((apart < 4.5 * np.array(energy["error"]) + 0.01).all(), "energy",
       apart)
    # a limit in which 1/sqrt(N) is 0 misses by more
    ok(apart.max() < 0.02 < abs(theory["energy"][1] -
                                theory["energy"][2]), "mutant rejected: "
       "the next rung's energy", theory["energy"])
    run("symmetric.cfg", "model.loss=step", "run.sweeps=300", "-o",
        "step.h5")
    ok("franz_parisi" not in report("step.h5")["limits"],
       "silent about the ordinary perceptron")


def main():
    runs.scratch()
    check_example()
    check_symmetric()
    runs.done()


main()
