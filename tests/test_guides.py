#!/usr/bin/env python3
"""What a file holds for the picture beside its numbers: lines of models,
dynamics and solvers, what u means to the user, averages over windows; and the
report of a run that has a best state and no averages yet."""
import json

import h5py
import numpy as np

import runs
from runs import call, ok


def run(name, text):
    with open(name + ".cfg", "w", encoding="utf-8") as file:
        file.write(text)
    p = call("run", name + ".cfg")
    ok(p.returncode == 0, f"{name}: runs", p.stderr)


def guides(name):
    """[(of, power, values)], and lambda [rung]."""
    with h5py.File(name + ".h5", "r") as file:
        return [(line.attrs["of"], line.attrs["power"],
                 np.atleast_1d(line[()])) for line in
                file["guides"].values()], file["ladder/lambda"][:, 0]


def solved(solver, what, **keys):
    p = call("solve", solver, *[f"{key}={value!r}" for key, value in
                                keys.items()], "--json")
    return json.loads(p.stdout)["points"][0]["results"][what]["value"]


RUN = "run = { sweeps = 64; burn_in = %d; };"
LADDER = "ladder = { temperature = [%s]; rungs = 3; spacing = \"linear\"; };"
RECORD = "record = { every = 8; observables = [%s]; };"


def equals(found, of, values):
    line = [v for name, _, v in found if name == of]
    return len(line) > 0 and np.allclose(line[0], values, rtol=1e-12)


def of_solvers():
    """The lines of a solver are its answers; adaptive rungs as they end."""
    text = ("model = { name = \"ising\"; shape = [8, 8]; %s };" +
            RECORD % '"energy"')
    run("square", RUN % 224 + "ladder = { temperature = [1.8, 3.0]; "
        "rungs = 4; };" + text % "")
    lines, beta = guides("square")
    ok(equals(lines, "beta", np.log(1 + np.sqrt(2)) / 2),
       "the transition of the square lattice", lines)
    energy = [solved("onsager", "energy", beta=float(b)) for b in beta]
    ok(equals(lines, "energy", energy), "the energy of onsager", energy)
    ok(not equals(lines, "energy", energy[::-1]),
       "mutant rejected: rungs the other way round")
    run("field", RUN % 0 + LADDER % "2.0, 3.0" + text % "h = 0.1;")
    ok(guides("field")[0] == [], "in a field nothing is known")
    run("potts", RUN % 0 + LADDER % "0.6, 0.8" + RECORD % '"energy"' +
        'model = { name = "potts"; shape = [4, 4]; q = 10; J = 2.0; };')
    phases = [v[0] for of, _, v in guides("potts")[0] if of == "energy"]
    exact = [2 * solved("potts_square", of, q=10)
             for of in ("e_ord", "e_dis")]
    ok(np.allclose(phases, exact, rtol=1e-12) and
       np.isclose(phases[1] - phases[0], 2 * 0.696049431522),
       "the phases of Potts, in units of J (tests/references A11)", phases)


def of_models():
    text = RUN % 0 + LADDER % "1.0, 2.0" + RECORD % '"energy"'
    run("glass", text + 'model = { name = "edwards_anderson"; '
        "shape = [4, 4, 4]; };")
    ok(equals(guides("glass")[0], "beta", 1 / 1.1019) and
       equals(guides("glass")[0], "binder_ratio", 1.490),
       "the glass transition and its ratios")
    run("bar", text + 'model = { name = "edwards_anderson"; '
        "shape = [2, 4, 4]; };")
    ok([of for of, _, _ in guides("bar")[0]] == ["beta"],
       "ratios are those of cubes")
    run("kawasaki", 'dynamics = { name = "kawasaki"; };' + RUN % 0 +
        'ladder = { temperature = [1.5]; spacing = "list"; anchor = false; };'
        'model = { name = "ising"; shape = [8, 8]; };' +
        RECORD % '"energy", "structure_factor"')
    law = [v for of, power, v in guides("kawasaki")[0] if power]
    ok(len(law) == 1 and np.isclose(law[0][0], 1 / 3),
       "the law of growth, without burn-in", law)


def best():
    """One row of one walker is no average, but has a best state."""
    text = ('run = { protocol = "annealing"; sweeps = %d; pass_sweeps = 60; '
            "burn_in = 64; };"
            'model = { name = "graph"; N = 20; couplings = "cut"; };'
            "ladder = { temperature = [0.2, 2.0]; rungs = 4; copies = %d; };")
    run("cut", text % (60, 1))
    p = call("report", "cut.h5")
    out = json.loads(call("report", "cut.h5", "--json").stdout)
    with h5py.File("cut.h5", "r") as file:
        a, b = file["anneal/of_u/best_cut"][...]
        ratio = file["anneal/of_u/best_cut_ratio"][...]
        u = file["anneal/best_u"][0]
        stored = list(file["estimates"])
    cut = out.get("best_cut")
    ok(p.returncode == 0 and f"best_cut {cut:.0f}" in p.stdout and
       "not ok" in p.stdout and out["estimates"] == {} and stored == [],
       "no averages: the report has the best, and the verdict says why",
       p.stdout + p.stderr)
    ok(a == 15 and a + b * u == cut and
       np.isclose(ratio @ [1, u], out["best_cut_ratio"]),
       "what u means: the cut and its ratio", [a, b, u])
    run("cuts", text % (120, 4))
    p = call("report", "cut.h5", "cuts.h5")
    ok(p.returncode == 3 and "no averages" in p.stderr,
       "not put beside others", p.stderr)
    run("plain", "run = { sweeps = 8; };" + LADDER % "1.0, 2.0" +
        'model = { name = "ising"; shape = [4, 4]; };' + RECORD % '"energy"')
    p = call("report", "plain.h5")
    ok(p.returncode == 3 and "nothing to report" in p.stderr,
       "neither averages nor a best state: exit 3", p.stderr)


def windows():
    out = json.loads(call("report", "glass.h5", "--json").stdout)["plateau"]
    with h5py.File("glass.h5", "r") as file:
        stored = file["windows"]
        ok(np.array_equal(stored["sweeps"], out["sweeps"]) and
           np.allclose(stored["energy/mean"], out["energy"]["mean"]),
           "windows of time, as in JSON")


def main():
    runs.scratch()
    of_solvers()
    of_models()
    best()
    windows()
    runs.done()


main()
