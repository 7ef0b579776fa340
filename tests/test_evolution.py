#!/usr/bin/env python3
"""analysis/tempera_evolution.py: what is drawn is what the files say."""
import os
import subprocess
import sys

import numpy as np

import runs
from runs import PROGRAM, ok

HERE = os.path.dirname(os.path.abspath(__file__))
ANALYSIS = os.path.join(os.path.dirname(HERE), "analysis")
SCRIPT = os.path.join(ANALYSIS, "tempera_evolution.py")
sys.path[:0] = [ANALYSIS]
sys.dont_write_bytecode = True
import tempera_evolution as evolution  # noqa: E402


def solve(*words):
    return subprocess.run([PROGRAM, "solve", *words], capture_output=True,
                          text=True, check=True).stdout


def run(*words):
    return subprocess.run([sys.executable, SCRIPT, *words], text=True,
                          capture_output=True, check=False)


def lines_of(ax):
    return {line.get_label(): line.get_xydata()[:, 1] for line in ax.lines}


def test_drawn(path):
    point = evolution.read(path)[0]
    fig = evolution.page([point], log=False)
    main, below = fig.axes
    drawn = lines_of(main)["state evolution"]
    runs = main.containers[0].lines[0].get_xydata()[:, 1]
    ok(np.array_equal(drawn, point.curves["mse_evolution"]) and
       np.array_equal(runs, point.curves["mse_run"]), "curves as in the file")
    z = (point.curves["mse_run"] - point.curves["mse_evolution"]) / \
        point.curves["mse_run_error"]
    ok(np.allclose(below.lines[-1].get_xydata()[:, 1], z), "errors apart")
    ok("AMP on the same" in lines_of(main), "AMP beside VAMP")
    evolution.plt.close(fig)


def main():
    runs.scratch()
    words = ["vamp", "N=100", "iterations=8", "condition=5.0"]
    with open("a.json", "w", encoding="utf-8") as file:
        file.write(solve(*words, "--json", "-o", "a.h5"))
    solve("spiked_wigner", "lambda=1.5:2.5:0.5", "-o", "b.h5")
    solve("onsager", "-o", "c.h5")
    a, b = evolution.read("a.h5")[0], evolution.read("a.json")[0]
    ok(a.curves.keys() == b.curves.keys() and
       all(np.allclose(a.curves[k], b.curves[k], rtol=1e-12,
                       equal_nan=True) for k in a.curves),
       "HDF5 and JSON say the same")
    ok(evolution.caption(a) == evolution.caption(b) and
       "condition = 5" in evolution.caption(a), "keys in the caption")
    test_drawn("a.h5")
    points = evolution.read("b.h5")
    ok([p.keys["lambda"] for p in points] == [1.5, 2, 2.5] and
       points[0].apart() is None, "a sweep without runs")
    done = run("a.h5", "b.h5", "-o", "x.png")
    ok(done.stdout == "x.png\n" and not done.stderr and
       os.path.getsize("x.png") > 20000, "a picture")
    for code, arguments in ((3, ["c.h5"]), (2, ["none.h5"]),
                            (2, ["a.h5", "-o", "x.gif"]), (2, []),
                            (3, [SCRIPT])):
        ok(run(*arguments).returncode == code, f"exit {code}")
    runs.done()


main()
