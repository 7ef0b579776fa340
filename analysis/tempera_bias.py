#!/usr/bin/env python3
"""The bias of a step, measured against theory, as a table in Markdown:

    tempera_bias.py [--sweeps=100000] [--json]

runs the program ($TEMPERA, or tempera of the path) on u = l |w|^2 / 2, 64
weights, l = 2, T = 1/2, at several learning rates eta, by langevin and by baoab
with the time step h = sqrt(2 eta), which in the limit of strong friction is
langevin's step. Theory: langevin's positions have variance T / (l (1 - eta l /
2)) (Roberts, Tweedie 1996), baoab's are exact, T / l, and its momenta have T
(1 - l h^2 / 4) (Leimkuhler, Matthews 2013)."""
import argparse
import json
import math
import os
import subprocess
import sys
import tempfile

PROGRAM = os.path.abspath(os.environ["TEMPERA"]) if "TEMPERA" in os.environ \
    else "tempera"
CURVATURE, TEMPERATURE, WEIGHTS = 2.0, 0.5, 64
STEPS = (0.05, 0.1, 0.2, 0.5, 1.0)  # eta l
INPUT = """
run = { seed = %(seed)d; sweeps = %(sweeps)d; burn_in = 1000; };
model = { name = "linear"; labels = "file"; file = "flat.csv"; l2 = %(l)g;
          prior = "none"; };
dynamics = { name = "%(dynamics)s"; step = %(step).17g; };
ladder = { temperature = [%(t)g]; rungs = 1; spacing = "list"; copies = 4;
           anchor = false; };
record = { every = 10; observables = [%(names)s]; };
"""


def tempera(*args):
    p = subprocess.run([PROGRAM, *args], capture_output=True, text=True,
                       check=False)
    if p.returncode:
        sys.exit(p.stderr)
    return p.stdout


def measure(dynamics, step, sweeps, seed, *names):
    """[(mean, error)] of observables."""
    text = INPUT % {"seed": seed, "sweeps": sweeps, "l": CURVATURE,
                    "dynamics": dynamics, "step": step, "t": TEMPERATURE,
                    "names": ", ".join('"%s"' % name for name in names)}
    with open("bias.cfg", "w", encoding="utf-8") as file:
        file.write(text)
    tempera("run", "bias.cfg", "--restart")
    out = json.loads(tempera("report", "bias.h5", "--json"))["estimates"]
    return [(out[name]["mean"][0], out[name]["error"][0]) for name in names]


def row(number, x, sweeps):
    """Quantities at eta l = x: {name: (theory, measured, error)}."""
    eta = x / CURVATURE
    flat = TEMPERATURE / CURVATURE
    euler, = measure("langevin", eta, sweeps, 2 * number + 1, "norm_2")
    square, kinetic = measure("baoab", math.sqrt(2 * eta), sweeps,
                              2 * number + 2, "norm_2",
                              "kinetic_temperature")
    return {"langevin": (flat / (1 - x / 2), *euler),
            "positions": (flat, *square),
            "momenta": (TEMPERATURE * (1 - x / 2),
                        TEMPERATURE * kinetic[0], TEMPERATURE * kinetic[1])}


def table(rows):
    print("| eta l | langevin, theory | measured | z "
          "| baoab positions, theory | measured | z "
          "| baoab momenta, theory | measured | z |")
    print("|---" * 10 + "|")
    for x, cells in rows:
        text = "| %g |" % x
        for theory, mean, error in cells.values():
            text += " %.6f | %.6f +- %.6f | %+.1f |" % (
                theory, mean, error, (mean - theory) / error)
        print(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--sweeps", type=int, default=100000)
    parser.add_argument("--json", action="store_true",
                        help="[[eta l, {name: [theory, measured, error]}]]")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        with open("flat.csv", "w", encoding="utf-8") as file:
            file.write(" ".join(["0"] * (WEIGHTS + 1)) + "\n")
        rows = [(x, row(number, x, args.sweeps))
                for number, x in enumerate(STEPS)]
        os.chdir("/")
    if args.json:
        print(json.dumps(rows))
    else:
        table(rows)


if __name__ == "__main__":
    main()
