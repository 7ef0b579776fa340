#!/usr/bin/env python3
"""Pictures of theory: what is drawn is what the solver said, dotted where it
warned; curves of several files and of a second key; maps; phases."""
import os
import subprocess
import sys

import numpy as np

import runs
from runs import call, ok

SOURCE = os.path.abspath(os.environ.get("srcdir", "."))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(SOURCE, "analysis"))
import matplotlib  # noqa: E402
matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
import tempera_theory  # noqa: E402


def solve(path, *args):
    p = call("solve", *args, "-o", path)
    if p.returncode:
        raise SystemExit("Bail out! " + p.stderr)


def panel(fig, title):
    return next(ax for ax in fig.axes if ax.get_title() == title or
                ax.get_title(loc="left") == title)


def finite(line):
    x, y = np.array(line.get_xdata()), np.array(line.get_ydata())
    good = np.isfinite(y)
    return x[good], y[good]


def one_key():
    solve("rs.h5", "sk_rs", "T=0.5:1.5:0.1")
    theory = tempera_theory.Theory("rs.h5")
    fig = tempera_theory.page(plt, ["rs.h5"])
    solid, dotted = panel(fig, "q").lines[:2]
    x, y = finite(solid)
    ok(np.allclose(x, np.arange(1.0, 1.51, 0.1)) and np.allclose(y, 0),
       "solid where replica symmetry holds", (x, y))
    x, y = finite(dotted)
    ok(np.allclose(x, np.arange(0.5, 1.01, 0.1)) and
       np.allclose(y, theory.results["q"][0][:6]), "dotted where it warned",
       (x, y))
    said = [t.get_text() for t in panel(fig, "energy").texts]
    ok(said == ["spin glass", "paramagnet"], "phases are named", said)


def several_files():
    solve("field.h5", "sk_rs", "T=0.5:1.5:0.1", "h=0.5")
    fig = tempera_theory.page(plt, ["rs.h5", "field.h5"])
    labels = [line.get_label() for line in panel(fig, "energy").lines]
    ok([label for label in labels if label[0] != "_"] ==
       ["sk_rs, h = 0.0", "sk_rs, h = 0.5"],
       "a curve a file, named by what differs", labels)
    said = [t.get_text() for t in fig.texts]
    ok(said[0] == "sk_rs" and not any("h = " in t for t in said),
       "what all share stands above", said)


def two_keys():
    solve("few.h5", "curie_weiss", "N=0", "beta=0.5:2.0:0.1", "h=0:0.2:0.1")
    theory = tempera_theory.Theory("few.h5")
    fig = tempera_theory.page(plt, ["few.h5"])
    lines = {line.get_label(): line for line in panel(fig, "magnetization")
             .lines}
    mean = theory.results["magnetization"][0][np.isclose(theory.axes["h"],
                                                         0.2)]
    ok(np.allclose(finite(lines["h = 0.2"])[1], mean),
       "few values of a second key are curves", list(lines))
    solve("map.h5", "curie_weiss", "N=0", "beta=0.5:2.0:0.1",
          "h=0:0.5:0.05")
    theory = tempera_theory.Theory("map.h5")
    fig = tempera_theory.page(plt, ["map.h5"])
    mesh = panel(fig, "magnetization").collections[0].get_array()
    want = theory.results["magnetization"][0].reshape(16, 11)
    ok(np.allclose(np.ravel(mesh), np.ravel(want)), "many are a map")


def command():
    script = os.path.join(SOURCE, "analysis", "tempera_plot.py")
    solve("point.h5", "sk_rs", "T=0.5")
    for files, code in ((["rs.h5", "field.h5"], 0), (["point.h5"], 3)):
        p = subprocess.run([sys.executable, script, *files],
                           capture_output=True, text=True)
        ok(p.returncode == code and (code or os.path.getsize("rs.png") >
                                     10000),
           f"tempera_plot.py {' '.join(files)}: exit {code}", p.stderr)


def main():
    runs.scratch()
    one_key()
    several_files()
    two_keys()
    command()
    runs.done()


main()
