#!/usr/bin/env python3
"""Message passing next to its state evolution, iteration by iteration:

    tempera solve amp_lasso N=2000 -o LASSO.h5
    tempera_evolution.py LASSO.h5 [MORE.h5|MORE.json ...] [--log|--linear]
                         [-o FILE.png|FILE.pdf]

Of each point of each file (HDF5 by -o, or the text of --json; at most eight
points) a panel: state evolution, that from the other start, the mean of the
runs with its standard error over instances, and what else was run on the same
instances; below, how far runs and evolution are apart in standard errors.
Prints the path of the picture. Exit: 0; 2 usage; 3 a file that cannot be used.
"""
import argparse
import json
import os
import sys
import textwrap

sys.dont_write_bytecode = True  # beside the scripts, which may be installed
try:
    import h5py
    import matplotlib
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    import numpy as np
    import tempera_panels as panels
    from matplotlib.ticker import MaxNLocator
except ImportError as missing:
    sys.exit("tempera_evolution: %s; it needs h5py, numpy and matplotlib"
             % missing)

POINTS = 8
STEMS = ("mse", "overlap")
SHOWN = ("delta", "rho", "noise", "lambda", "threshold", "prior", "spectrum",
         "condition", "q", "degree", "epsilon", "start", "N")


class Point:
    """One point of a sweep: its keys and curves {name: values}."""

    def __init__(self, solver, keys, curves):
        self.solver, self.keys, self.curves = solver, keys, curves
        self.stem = next((s for s in STEMS if s + "_evolution" in curves),
                         None)
        if self.stem is None:
            raise ValueError("it holds no state evolution: `tempera solve "
                             "amp_lasso N=1000 -o FILE.h5` makes one")

    def curve(self, ending):
        return self.curves.get(self.stem + ending)

    def apart(self):
        """(run - evolution) / error, NaN where there is no scatter."""
        run, error = self.curve("_run"), self.curve("_run_error")
        if run is None or error is None:
            return None
        with np.errstate(divide="ignore", invalid="ignore"):
            z = (run - self.curve("_evolution")) / error
        return np.where(error > 0, z, np.nan)


# ---- reading -----------------------------------------------------------------

def numbers(values):
    """JSON has null for what is not finite."""
    return np.array([np.nan if v is None else v for v in values], float)


def of_json(path):
    with open(path, encoding="utf-8") as file:
        answer = json.load(file)
    return [Point(answer["solver"],
                  dict(answer["parameters"], **point["parameters"]),
                  {name: numbers(curve["values"])
                   for name, curve in point.get("curves", {}).items()})
            for point in answer["points"]]


def plain_value(value):
    if isinstance(value, bytes):
        value = value.decode()
    return value.strip('"') if isinstance(value, str) else value


def of_hdf5(path):
    with h5py.File(path, "r") as file:
        if "solver" not in file.attrs:
            raise ValueError("not written by `tempera solve`")
        solver = plain_value(file.attrs["solver"])
        fixed = {k: plain_value(v) for k, v in file["points"].attrs.items()}
        swept = {k: v[...] for k, v in file["points"].items()
                 if k != "number"}
        found = []
        for p in range(len(file["points/number"])):
            group = file.get("curves/%d" % p, {})
            found.append(Point(
                solver, dict(fixed, **{k: v[p] for k, v in swept.items()}),
                {name: group[name][...] for name in group}))
    return found


def read(path):
    try:
        return (of_hdf5 if h5py.is_hdf5(path) else of_json)(path)
    except FileNotFoundError:
        stop(2, "%s: no such file" % path)
    except (OSError, LookupError, TypeError, ValueError) as error:
        stop(3, "%s: cannot be used: %s" % (path, str(error).strip('"')))


# ---- drawing -----------------------------------------------------------------

def key_text(value):
    try:
        return "%g" % float(value)
    except (TypeError, ValueError):
        return str(value)


def unused(point):
    """Keys without a meaning there."""
    keys, found = point.keys, set()
    if keys.get("prior") in ("rademacher", "gaussian"):
        found.add("rho")
    if keys.get("spectrum", "geometric") != "geometric":
        found.add("condition")
    return found


def caption(point):
    """The keys that matter, defaults of 0 left out; two lines at most."""
    words = ["%s = %s" % (k, key_text(point.keys[k])) for k in SHOWN
             if k in point.keys and k not in unused(point) and
             key_text(point.keys[k]) != "0"]
    return "\n".join(textwrap.wrap(", ".join(words), 66)[:2])


def other_start(point):
    for ending in ("uninformed", "informed", "hint", "planted"):
        values = point.curve("_evolution_" + ending)
        if values is not None:
            return ending, values
    return None, None


def wants_log(point):
    values = point.curve("_evolution")
    values = values[np.isfinite(values) & (values > 0)]
    return len(values) > 0 and values.max() > 10 * values.min()


def draw_runs(ax, point):
    run, error = point.curve("_run"), point.curve("_run_error")
    t = np.arange(len(run))
    if error is None:
        error = np.zeros(len(run))
    several = "mean of %s runs" % point.keys.get("instances", "?") \
        if np.any(error > 0) else "one run"
    ax.errorbar(t, run, np.where(np.isfinite(error), error, 0),
                color=panels.COLOURS[0], marker="o", markersize=3,
                fillstyle="none", linestyle="none", elinewidth=0.8, zorder=3,
                label=several)


def draw_more(ax, point):
    """Other algorithms on the same instances: <name>_mse_run."""
    found = [n for n in point.curves if n.endswith("_%s_run" % point.stem)]
    for i, name in enumerate(found, 1):
        values = point.curves[name]
        ax.plot(np.arange(len(values)),
                np.where(np.isfinite(values), values, np.nan),
                color=panels.COLOURS[i], marker=panels.MARKERS[i],
                fillstyle=panels.FILLS[i], markersize=3, linewidth=0.6,
                label=name.split("_")[0].upper() + " on the same")


def draw_curves(ax, point, log):
    evolution = point.curve("_evolution")
    t = np.arange(len(evolution))
    ax.plot(t, evolution, color="black", linewidth=1.1, zorder=2,
            label="state evolution")
    name, values = other_start(point)
    if name:
        ax.plot(t, np.where(values > 0, values, np.nan), zorder=1,
                color=panels.GREY, linestyle=panels.DASHES[1],
                label="%s start" % name)
    if point.curve("_run") is not None:
        draw_runs(ax, point)
    draw_more(ax, point)
    if wants_log(point) if log is None else log:
        ax.set_yscale("log")
        ax.set_ylim(bottom=lowest(point))
        panels.log_axis(ax.yaxis)
    ax.set_ylabel("mean square error" if point.stem == "mse" else "overlap")
    ax.set_title(point.solver)
    ax.text(0, 1.16, caption(point), transform=ax.transAxes, fontsize=6.5,
            color="0.3", va="bottom")
    panels.legend(ax, loc="best")


def lowest(point):
    """Half of the least positive number shown."""
    shown = np.concatenate([c for c in (
        point.curve("_evolution"), point.curve("_run"),
        other_start(point)[1]) if c is not None])
    shown = shown[np.isfinite(shown) & (shown > 0)]
    return shown.min() / 2 if len(shown) else None


def draw_apart(ax, point):
    z = point.apart()
    ax.axhspan(-1, 1, color="0.92", zorder=0)
    ax.axhline(0, color=panels.GREY, linewidth=0.7)
    if z is None:
        ax.text(0.5, 0.5, "no scatter known: one run or none",
                transform=ax.transAxes, ha="center", va="center",
                fontsize=6.5, color="0.35")
    else:
        most = max(3.0, np.nanmax(np.abs(z), initial=0) * 1.15)
        ax.plot(np.arange(len(z)), z, color=panels.COLOURS[0], marker="o",
                markersize=2.5, fillstyle="none", linestyle="none")
        ax.set_ylim(-most, most)
    ax.set_ylabel("apart\n[errors]", fontsize=6.5)
    ax.set_xlabel("iteration")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))


def page(points, log=None):
    columns = min(2, len(points))
    rows = (len(points) + columns - 1) // columns
    height = 0.75 + 3.3 * rows
    fig = plt.figure(figsize=(8.27 if columns == 2 else 5.2, height))
    fig.text(0.06, 1 - 0.26 / height, "message passing and its state "
             "evolution", fontsize=13, fontweight="bold", va="center")
    grid = fig.add_gridspec(rows, columns, left=0.1 if columns == 2 else 0.14,
                            right=0.975, top=1 - 0.95 / height,
                            bottom=0.5 / height, hspace=0.55, wspace=0.28)
    for i, point in enumerate(points):
        top, low = grid[i // columns, i % columns].subgridspec(
            2, 1, height_ratios=[3.2, 1], hspace=0.08)
        ax = fig.add_subplot(top)
        draw_curves(ax, point, log)
        below = fig.add_subplot(low, sharex=ax)
        ax.tick_params(labelbottom=False)
        draw_apart(below, point)
    return fig


def stop(code, message):
    print("tempera_evolution: " + message, file=sys.stderr)
    sys.exit(code)


def main():
    matplotlib.rcParams.update(panels.STYLE)
    parser = argparse.ArgumentParser(
        description="Draws runs of message passing next to state evolution.")
    parser.add_argument("file", metavar="FILE.h5|FILE.json", nargs="+")
    parser.add_argument("--log", action="store_true", default=None,
                        help="logarithmic axis (else where it helps)")
    parser.add_argument("--linear", dest="log", action="store_false")
    parser.add_argument("-o", metavar="FILE", dest="picture",
                        help="FILE.png or FILE.pdf; default: beside the first "
                             "file, its name with .png")
    given = parser.parse_args()
    picture = given.picture or os.path.splitext(given.file[0])[0] + ".png"
    if os.path.splitext(picture)[1].lower() not in (".png", ".pdf"):
        stop(2, "%s: the picture is .png or .pdf" % picture)
    points = [point for path in given.file for point in read(path)]
    if len(points) > POINTS:
        stop(2, "%d points; at most %d" % (len(points), POINTS))
    fig = page(points, given.log)
    try:
        fig.savefig(picture, dpi=200)
    except OSError as error:
        stop(3, "%s: %s" % (picture, error.strerror or error))
    print(picture)


if __name__ == "__main__":
    main()
