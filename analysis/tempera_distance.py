#!/usr/bin/env python3
"""Flat against sharp: how many states there are at each distance from the
references of one run or several, on one axis:

    tempera_distance.py A.h5 [B.h5 ...] [--label TEXT ...] [--beta B]
                        [--average] [-o FILE.png|FILE.pdf]

Entropy (of binary weights with that of the whole shell), local entropy (what
is left when the shell is taken off), Franz-Parisi potential and energy, at the
last beta of each run or the one nearest to --beta. --average: one curve, the
mean over the files (references drawn at another temperature) with its standard
error. The files must hold /distance: `tempera report FILE.h5` writes it. Prints
the path of the picture. Exit: 0; 2 usage; 3 a file that cannot be used.
"""
import argparse
import os
import sys

sys.dont_write_bytecode = True  # beside the scripts, which may be installed
try:
    import h5py
    import matplotlib
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    import numpy as np
    import tempera_panels as panels
    from tempera_file import Output, text
except ImportError as missing:
    sys.exit("tempera_distance: %s; it needs h5py, numpy and matplotlib"
             % missing)

ROWS = ("ln_z", "energy", "entropy", "local_entropy", "potential")
TITLES = {"entropy": "entropy at a distance", "energy": "energy",
          "local_entropy": "local entropy: the shell taken off",
          "potential": "Franz-Parisi potential",
          "solutions_at_distance": "solutions at a distance"}
LABELS = {"entropy": "S(d) / N", "energy": "energy / N",
          "local_entropy": "(S(d) - ln shell) / N", "potential": "V(d)",
          "solutions_at_distance": "ln number / N"}


class Curves:
    """What a file's report says of distances, per weight; [row] (x, mean,
    error), unknown bins left out."""

    def __init__(self, out, beta=None):
        with out.open() as file:
            group = file.get("distance")
            if group is None or "from" not in group:
                raise ValueError("it holds no distances: run `tempera report "
                                 "%s` first, of a run with model.reference"
                                 % out.path)
            about = {key: text(value) for key, value in group.attrs.items()}
            low, high = group["from"][...], group["to"][...]
            betas = group["beta"][...]
            pick = -1 if beta is None else int(np.abs(betas - beta).argmin())
            found = {name: (group[name]["mean"][pick],
                            group[name]["error"][pick]) for name in ROWS}
            if "solutions_at_distance" in group:
                row = group["solutions_at_distance"]
                found["solutions_at_distance"] = (row["mean"][...],
                                                  row["error"][...])
            shell = group["ln_shell"][...]
        self.beta = betas[pick]
        self.reference = about.get("reference", "")
        sites = int(out.about.get("sites", 1))
        self.whole = about.get("unit") == "weights"
        single = self.whole and np.all(high - low == 1)
        self.x = (low if single else (low + high) / 2) / (
            sites if self.whole else 1)
        self.axis = ("Hamming distance / N" if self.whole else
                     panels.plain(about.get("definition", "distance")))
        self.shell = shell / sites
        self.rows = {name: (mean / (1 if name == "potential" else sites),
                            error / (1 if name == "potential" else sites))
                     for name, (mean, error) in found.items()}
        if not np.isfinite(self.rows["potential"][0]).any():
            del self.rows["potential"]
        if not np.isfinite(self.rows["local_entropy"][0]).any():
            del self.rows["local_entropy"]


def averaged(curves):
    """One mean over files at each distance that all of them know."""
    one = curves[0]
    for other in curves[1:]:
        if len(other.x) != len(one.x) or np.abs(other.x - one.x).max() > 1e-9:
            raise ValueError("its bins are others than those of the first "
                             "file: no average")
    for name in [n for n in one.rows if all(n in c.rows for c in curves)]:
        means = np.array([c.rows[name][0] for c in curves])
        one.rows[name] = (means.mean(axis=0), means.std(axis=0, ddof=1) /
                          np.sqrt(len(curves)))
    one.reference = "mean over %d references" % len(curves)
    return [one]


def names_of(outs, curves):
    """References, where these tell files apart, else file names."""
    names = [c.reference for c in curves]
    if len(set(names)) < len(names):
        names = [os.path.basename(out.path) for out in outs]
    return names


def quantities(curves):
    """What to draw, in order: all that every file has."""
    order = ("entropy", "local_entropy", "potential", "energy")
    if all("solutions_at_distance" in c.rows for c in curves):
        order = ("solutions_at_distance",) + order
    return [name for name in order if all(name in c.rows for c in curves)]


def draw(ax, curves, names, row):
    for i, (curve, name) in enumerate(zip(curves, names)):
        mean, error = curve.rows[row]
        known = np.isfinite(mean)
        k = i % panels.CURVES
        ax.errorbar(curve.x[known], mean[known], error[known], label=name,
                    color=panels.COLOURS[k], marker=panels.MARKERS[k],
                    fillstyle=panels.FILLS[k], linestyle=panels.DASHES[k],
                    linewidth=0.8, elinewidth=0.8, markersize=3)
    if row in ("entropy", "solutions_at_distance") and curves[0].whole:
        low, high = ax.get_xlim()
        ax.plot(curves[0].x, curves[0].shell, color=panels.GREY,
                linewidth=0.8, label="all states")
        ax.set_xlim(low, high)
    if row == "local_entropy" and curves[0].whole:
        ax.axhline(0, color=panels.GREY, linewidth=0.8)
    ax.set_xlabel(curves[0].axis)
    ax.set_ylabel(LABELS[row])
    ax.set_title(TITLES[row])


def draw_panel(fig, spec, out):
    """Of one file, for tempera_plot."""
    curves = Curves(out)
    ax = fig.add_subplot(spec)
    row = "local_entropy" if "local_entropy" in curves.rows else "entropy"
    draw(ax, [curves], ["from " + os.path.basename(curves.reference)], row)
    ax.set_title("%s, beta = %.4g" % (TITLES[row], curves.beta))
    panels.legend(ax, loc="best")


def has_distances(out):
    with out.open() as file:
        return "from" in file.get("distance", {})


def page(outs, curves, names):
    rows = quantities(curves)
    lines = (len(rows) + 1) // 2
    height = 1.05 + 2.6 * lines
    fig = plt.figure(figsize=(8.27, height))
    fig.text(0.06, 1 - 0.3 / height, "%s: flat and sharp"
             % outs[0].model.get("name", "tempera"), fontsize=14,
             fontweight="bold", va="center")
    betas = sorted({"%.4g" % c.beta for c in curves})
    fig.text(0.06, 1 - 0.55 / height, "beta = %s; verdicts: %s" % (
        ", ".join(betas), ", ".join(out.verdict or "-" for out in outs)),
        fontsize=8, va="center", color="0.25")
    fig.text(0.06, 0.12 / height, "bars: one standard error", fontsize=6.5,
             va="center", color="0.35")
    grid = fig.add_gridspec(lines, 2, left=0.09, right=0.975,
                            top=1 - 0.95 / height, bottom=0.6 / height,
                            hspace=0.38, wspace=0.25)
    for i, row in enumerate(rows):
        ax = fig.add_subplot(grid[i // 2, i % 2])
        draw(ax, curves, names, row)
        if i == 0:
            panels.legend(ax, loc="best")
    return fig


def stop(code, message):
    print("tempera_distance: " + message, file=sys.stderr)
    sys.exit(code)


def read(path, beta):
    if not os.path.isfile(path):
        stop(2, "%s: no such file" % path)
    try:
        out = Output(path)
        return out, Curves(out, beta)
    except (OSError, RuntimeError, LookupError, TypeError,
            ValueError) as error:
        stop(3, "%s: %s" % (path, str(error).strip('"')))


def main():
    matplotlib.rcParams.update(panels.STYLE)
    parser = argparse.ArgumentParser(
        description="Draws entropies at a distance of one or more runs.")
    parser.add_argument("file", metavar="OUT.h5", nargs="+")
    parser.add_argument("--label", nargs="+", metavar="TEXT",
                        help="one a file, for the legend")
    parser.add_argument("--beta", type=float)
    parser.add_argument("--average", action="store_true",
                        help="one curve: the mean over the files")
    parser.add_argument("-o", metavar="FILE", dest="picture",
                        help="FILE.png or FILE.pdf; default: distance.png "
                             "beside the first file")
    given = parser.parse_args()
    if given.label and len(given.label) != len(given.file):
        stop(2, "%d labels for %d files" % (len(given.label),
                                            len(given.file)))
    if given.average and len(given.file) < 2:
        stop(2, "--average takes two files or more")
    picture = given.picture or os.path.join(
        os.path.dirname(given.file[0]), "distance.png")
    if os.path.splitext(picture)[1].lower() not in (".png", ".pdf"):
        stop(2, "%s: the picture is .png or .pdf" % picture)
    outs, curves = zip(*(read(path, given.beta) for path in given.file))
    if given.average:
        try:
            curves = averaged(curves)
        except ValueError as error:
            stop(3, str(error))
    names = (given.label if given.label and not given.average
             else names_of(outs, curves))
    fig = page(outs, list(curves), names)
    try:
        fig.savefig(picture, dpi=200)
    except OSError as error:
        stop(3, "%s: %s" % (picture, error.strerror or error))
    print(picture)


if __name__ == "__main__":
    main()
