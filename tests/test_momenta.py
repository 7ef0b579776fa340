#!/usr/bin/env python3
"""Momenta of baoab: <p^2> is T at small steps, and off by the known
1 - (omega h / 2)^2 on a quadratic, whose positions are exact; the numbers do
not depend on ranks or interruptions. z below 4.5 (7e-6 each, about 12 of
them).

And the table of analysis/tempera_bias.py: 15 z."""
import json
import os
import subprocess
import sys

import h5py
import numpy as np

import runs
from physics import Z_MOST, report, z_of
from runs import MPIRUN, call, differing, ok

BIAS = os.path.abspath(os.path.join(os.environ.get("srcdir", "."),
                                    "analysis", "tempera_bias.py"))
RUN = """
dynamics = { name = "baoab"; step = %g; friction = 1.0; };
ladder = { temperature = [0.2, 0.5, 1.0]; rungs = 3; spacing = "list";
           copies = 4; anchor = false; };
record = { every = 4; observables = ["energy", %s "kinetic_temperature"]; };
run = { seed = 9; sweeps = %d; burn_in = 1000; };
"""
WELL = """model = { name = "wells"; dim = 4; prior_scale = 3.0; };
""" + RUN % (0.02, "", 40000)
RIDGE = """model = { name = "linear"; N = 10; examples = 30; l2 = 0.5;
                  prior = "none"; };""" + RUN % (0.5, '"hessian_trace",',
                                                  20000)


def worst(out, value):
    z = [z_of(out, "kinetic_temperature", r, value) for r in range(3)]
    return max(z, key=abs)


def small_steps():
    """The bias is h^2 <u''> / 4 = 6e-4; errors at most 1e-2."""
    out = report("well", WELL)
    z, error = worst(out, 1), max(out["estimates"]["kinetic_temperature"]
                                  ["error"])
    ok(abs(z) < Z_MOST, f"double well: <p^2> = T, worst z {z:.2f}, "
       f"errors below {error:.4f}")
    ok(abs(worst(out, 1.05)) > Z_MOST, "mutant rejected: 5 % hotter")


def quadratic():
    """<p^2> = T (1 - h^2 tr H / 4 N) at any T; <u> as if there were no step:
    N T / 2 above the minimum."""
    out = report("ridge", RIDGE)
    with h5py.File("ridge.h5") as file:
        trace = file["/series/hessian_trace"][0, 0, 0, 0]
        same = np.ptp(file["/series/hessian_trace"][:]) < 1e-12
    want = 1 - 0.5 ** 2 * trace / 4
    z = worst(out, want)
    ok(same and want < 0.95 and abs(z) < Z_MOST,
       f"quadratic: <p^2> / T = {want:.4f}, worst z {z:.2f}")
    ok(abs(worst(out, 1)) > Z_MOST, "mutant rejected: no bias")
    ok(abs(worst(out, 1 - 0.5 ** 2 * trace / 2)) > Z_MOST,
       "mutant rejected: twice the bias")
    energy = out["estimates"]["energy"]
    slope = (energy["mean"][0] - energy["mean"][2]) / 0.8
    error = np.hypot(energy["error"][0], energy["error"][2]) / 0.8
    ok(abs((slope - 0.5) / error) < Z_MOST,
       f"positions: <u> / N rises by T / 2, z {(slope - 0.5) / error:.2f}")
    ok(abs((slope - 0.5 * want) / error) > Z_MOST,
       "mutant rejected: positions as cold as momenta")


def invariance():
    short = ("run.sweeps=40", "run.burn_in=64")
    call("run", "ridge.cfg", "-o", "a.h5", *short)
    if MPIRUN:
        p = call("run", "ridge.cfg", "-o", "b.h5", *short, ranks=3)
        ok(p.returncode == 0 and not differing("b.h5", "a.h5"),
           "three ranks: the same", p.stderr)
    call("run", "ridge.cfg", "-o", "c.h5", "run.sweeps=20", short[1])
    p = call("run", "ridge.cfg", "-o", "c.h5", *short)
    ok(p.returncode == 0 and not differing("c.h5", "a.h5"),
       "gone on with: the same", p.stderr)
    p = call("run", "ridge.cfg", "-o", "d.h5", 'dynamics.name=langevin')
    ok(p.returncode == 2 and "kinetic_temperature" in p.stderr,
       "refused: langevin has no momenta", p.stderr)


def table():
    """Variances at eta l = 0.05 to 1; D23 is the third row."""
    environment = dict(os.environ, TEMPERA=runs.PROGRAM)
    p = subprocess.run([sys.executable, BIAS, "--sweeps=10000", "--json"],
                       capture_output=True, text=True, env=environment,
                       check=False)
    if not ok(p.returncode == 0, "tempera_bias.py runs", p.stderr):
        return
    rows = json.loads(p.stdout)
    for name in ("langevin", "positions", "momenta"):
        z = [(row[name][1] - row[name][0]) / row[name][2] for _, row in rows]
        ok(max(map(abs, z)) < Z_MOST,
           f"bias of {name}: z " + ", ".join(f"{x:.1f}" for x in z))
    third, fourth = rows[2][1], rows[3][1]
    ok(abs(third["langevin"][0] - 0.277777778) < 1e-9, "theory is D23's")
    for name, wrong in (("langevin", 0.25), ("positions", 1 / 3),
                        ("momenta", 0.5)):
        ok(abs(fourth[name][1] - wrong) > Z_MOST * fourth[name][2],
           f"mutant rejected: {name} with {wrong:.3f}")


runs.scratch()
small_steps()
quadratic()
invariance()
table()
runs.done()
