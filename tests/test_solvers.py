#!/usr/bin/env python3
"""What every solver owes: it answers with its defaults alone, says where its
numbers come from and where they hold, gives each a unit and an error that is a
number, and the same numbers on any number of threads and ranks."""
import json
import os
import subprocess

import runs
from runs import MPIRUN, PROGRAM, call, ok


def solvers():
    for line in call("list", "solvers").stdout.splitlines():
        if line.startswith("  "):
            yield line.split()[0]


def takes_model(name):
    text = call("help", name).stdout
    return "takes a model too" in text.partition(f"solver {name}")[2] \
        .partition("\nmodel ")[0] or "file = " in text


def solve(name, *args, threads=1, ranks=0):
    launcher = MPIRUN + ["-n", str(ranks)] if ranks else []
    return subprocess.run(
        [*launcher, PROGRAM, "solve", name, *args, "--json"],
        capture_output=True, text=True,
        env=dict(os.environ, OMP_NUM_THREADS=str(threads)))


def small(name):
    """Keys that make populations and instances small."""
    text = call("help", name).stdout.partition(f"solver {name}")[2]
    if "\n  file = " in text:
        return ["N=200"] if "\n  alpha = " in text else []
    if "\n  population = " not in text:
        return []
    return ["population=1000"] + \
        ["iterations=20"] * ("\n  iterations = " in text)


def swept(name):
    """The first key of the solver that is a real number, from half of its
    default to the default in two steps."""
    for line in call("help", name).stdout.splitlines():
        key, equals, value = line.strip().partition(" = ")
        if equals and "." in value:
            try:
                number = float(value)
            except ValueError:
                continue
            if number > 0:
                return f"{key}={number / 2!r}:{number!r}:{number / 4!r}"
    return None


def check_answer(name, text):
    out = json.loads(text)
    point = out["points"][0]
    results = point["results"]
    ok(results or point["warnings"], f"{name}: an answer, or why not", out)
    wrong = {key: r for key, r in results.items()
             if not r["unit"] or r["error"] is None or r["error"] < 0}
    ok(not wrong, f"{name}: units and errors", wrong)
    ok(out["source"] and out["holds"], f"{name}: source and range", out)


def main():
    runs.scratch()
    names, swept_solvers = list(solvers()), 0
    ok(len(names) >= 15, "solvers are listed", names)
    for name in names:
        ok("holds: " in call("help", name).stdout, f"{name}: help says where "
           "it holds")
        if takes_model(name):
            continue
        alone = solve(name)
        if not ok(alone.returncode == 0, f"{name}: answers by defaults",
                  alone.stderr):
            continue
        check_answer(name, alone.stdout)
        few = small(name)
        if few:
            alone = solve(name, *few)
        ok(alone.stdout and
           solve(name, *few, threads=2).stdout == alone.stdout,
           f"{name}: the same on two threads")
        sweep = swept(name)
        if sweep and MPIRUN:
            one = solve(name, sweep, *few)
            swept_solvers += one.returncode == 0
            ok(one.returncode == 2 or one.stdout and one.stdout ==
               solve(name, sweep, *few, ranks=2).stdout,
               f"{name} {sweep}: the same on two ranks", one.stderr)
    ok(swept_solvers > 30 or not MPIRUN, "most solvers were swept",
       swept_solvers)
    runs.done()


main()
