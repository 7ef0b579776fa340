#!/usr/bin/env python3
"""To infinite size, from outputs of several:

    tempera_extrapolate.py OUT1.h5 OUT2.h5 ... [--exponent=-0.6667]
        [--quantity=NAME ...] [--temperature=T ...] [--theory=SOLVER]
        [--less] [-o FILE.png]

fits a + b N^exponent to estimates of N sites, each at temperatures that all
files have (default: three of them), and prints a table: a with its error, b,
chi^2 with the chance of a larger one, and how far a is from what the files hold
of infinite systems (limits; --theory: of one solver). Take three sizes or more:
two leave no chi^2. A bad chi^2 means that the smallest N is too small for one
power: the error of a then says nothing. Draws quantities against N^exponent;
with --less what is left of them after theory (the last solver by name).
Estimates are those of `tempera report`. Exit: 0; 2 usage; 3 a file that cannot
be used.
"""
import argparse
import math
import os
import sys

sys.dont_write_bytecode = True  # beside the scripts, which may be installed
try:
    import matplotlib
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    import numpy as np
    import tempera_panels as panels
    from tempera_file import Output
except ImportError as missing:
    sys.exit("tempera_extrapolate: %s; it needs h5py, numpy and matplotlib" %
             missing)
matplotlib.rcParams.update(panels.STYLE)


def stop(code, message):
    print("tempera_extrapolate: " + message, file=sys.stderr)
    sys.exit(code)


# ---- numbers ----------------------------------------------------------------

def fit(x, y, error):
    """(a, error, b, error, chi^2) of y = a + b x."""
    weight = 1 / np.asarray(error) ** 2
    design = np.vstack([np.ones_like(x), x])
    covariance = np.linalg.inv((design * weight) @ design.T)
    a, b = covariance @ (design * weight) @ y
    return (a, math.sqrt(covariance[0, 0]), b, math.sqrt(covariance[1, 1]),
            float(np.sum(weight * (y - a - b * x) ** 2)))


def chance(chi2, freedom):
    """Of a larger chi^2: the incomplete gamma function by its series."""
    if freedom < 1:
        return math.nan
    half, s = chi2 / 2, freedom / 2
    term = total = 1 / s
    for n in range(1, 2000):
        term *= half / (s + n)
        total += term
    log = s * math.log(half) - half - math.lgamma(s) if half > 0 else -math.inf
    return max(0.0, 1 - math.exp(log) * total) if half < 300 else 0.0


# ---- files ------------------------------------------------------------------

def temperatures(outs):
    """{T: its rung in every file}, the requested ones all files share."""
    found = {}
    for r in range(outs[0].first, outs[0].rungs):
        T = outs[0].axis().values[r]
        same = [np.flatnonzero(np.isclose(out.axis().values, T, rtol=1e-6))
                for out in outs]
        if all(len(s) for s in same):
            found[float(T)] = [int(s[0]) for s in same]
    return dict(sorted(found.items()))


def pick(shared, asked):
    if not asked:
        all_of = list(shared)
        places = np.unique(np.linspace(0, len(all_of) - 1, 3).round())
        return [all_of[int(i)] for i in places]
    for T in asked:
        if not any(np.isclose(T, have, rtol=1e-4) for have in shared):
            stop(2, "T = %g: not in all files; shared: %s" % (
                T, ", ".join("%g" % have for have in shared)))
    return [have for have in shared
            if any(np.isclose(T, have, rtol=1e-4) for T in asked)]


def limits(out, name, rung, only):
    """{solver: value} of the infinite system."""
    return {solver: found[name].mean[rung]
            for solver, found in out.limits.items()
            if only in (None, solver) and name in found and
            np.isfinite(found[name].mean[rung])}


def read(paths):
    outs = []
    for path in paths:
        try:
            outs.append(Output(path))
        except (OSError, RuntimeError, LookupError, ValueError) as error:
            stop(3, "%s: %s" % (path, str(error).strip('"')))
    for out in outs:
        if not out.estimates or not out.sites:
            stop(3, "%s: no estimates; run `tempera report %s` first" % (
                out.path, out.path))
    outs.sort(key=lambda out: float(out.sites))
    if len({float(out.sites) for out in outs}) < 2:
        stop(2, "the files are of one size")
    return outs


def points(outs, name, rungs):
    """N, mean and error; None where one is missing. Extensive numbers are
    taken per site."""
    n = np.array([float(out.sites) for out in outs])
    if any(name not in out.estimates for out in outs):
        return None
    scale = np.array([1 / float(out.sites) if name in ("ln_z", "entropy")
                      else 1.0 for out in outs])
    y = np.array([out.estimates[name].mean[r] for out, r in zip(outs, rungs)])
    e = np.array([out.estimates[name].error[r] for out, r in zip(outs, rungs)])
    good = np.isfinite(y).all() and (e > 0).all() and np.isfinite(e).all()
    return (n, y * scale, e * scale) if good else None


# ---- the table and the picture ----------------------------------------------

class Row:
    """One quantity at one temperature."""

    def __init__(self, outs, name, T, rungs, arguments):
        self.name, self.T = name, T
        self.n, self.y, self.error = points(outs, name, rungs)
        self.x = self.n ** arguments.exponent
        self.a, self.a_error, self.b, self.b_error, self.chi2 = fit(
            self.x, self.y, self.error)
        self.freedom = len(self.n) - 2
        largest = outs[-1]
        factor = 1 / float(largest.sites) if name in ("ln_z", "entropy") \
            else 1
        self.limits = {
            solver: value * factor for solver, value in limits(
                largest, name, rungs[-1], arguments.theory).items()}

    def text(self):
        quality = "chi^2 %.2f of %d (p = %.2g)" % (
            self.chi2, self.freedom, chance(self.chi2, self.freedom)) \
            if self.freedom else "two sizes: no chi^2"
        beside = "; ".join(
            "%s %.6f (%+.1f sigma)" % (solver, value, (self.a - value) /
                                       self.a_error)
            for solver, value in sorted(self.limits.items()))
        return "%-14s T = %-6.4g  %.6f +- %.6f   slope %8.4f +- %.4f   %s   " \
            "%s" % (self.name, self.T, self.a, self.a_error, self.b,
                    self.b_error, quality, beside)


def draw(ax, rows, exponent, less):
    """Marks, lines; at 0 what the line gives, and theory. less: all of it less
    the last solver."""
    right = 1.05 * max(row.x.max() for row in rows)
    line = np.array([0, right])
    for i, row in enumerate(rows):
        k = i % panels.CURVES
        solvers = sorted(row.limits)
        zero = row.limits[solvers[-1]] if less and solvers else 0
        ax.errorbar(row.x, row.y - zero, row.error, color=panels.COLOURS[k],
                    marker=panels.MARKERS[k], fillstyle=panels.FILLS[k],
                    linestyle="", elinewidth=0.8, label="T = %.4g" % row.T)
        ax.plot(line, row.a + row.b * line - zero, color=panels.COLOURS[k],
                linewidth=0.8, linestyle=panels.DASHES[k])
        ax.errorbar([0], [row.a - zero], [row.a_error], fillstyle="none",
                    color=panels.COLOURS[k], marker=panels.MARKERS[k],
                    elinewidth=0.8)
        for j, solver in enumerate(solvers):
            ax.plot([0], [row.limits[solver] - zero], color="black",
                    linestyle="", marker="+x1"[j % 3], markersize=7,
                    markeredgewidth=0.9, zorder=4,
                    label=solver if i == 0 else None)
    ax.set_xlim(-0.03 * right, right)
    ax.set_xlabel("$N^{-2/3}$" if abs(exponent + 2 / 3) < 1e-3 else
                  "$N^{%.4g}$" % exponent)
    title = panels.words(rows[0].name)
    if less and rows[0].limits:
        title += " less " + sorted(rows[0].limits)[-1]
    ax.set_title(title)


def picture(groups, outs, arguments):
    fig = plt.figure(figsize=(0.9 + 3.6 * len(groups), 3.0))
    sizes = ", ".join("%d" % float(out.sites) for out in outs)
    fig.suptitle("%s, N = %s: to N infinite" % (
        outs[0].model.get("name", "tempera"), sizes), fontsize=10, x=0.02,
        ha="left", fontweight="bold")
    for i, rows in enumerate(groups):
        ax = fig.add_subplot(1, len(groups), i + 1)
        draw(ax, rows, arguments.exponent, arguments.less)
    panels.legend(ax, loc="center left", bbox_to_anchor=(1.0, 0.5))
    fig.text(0.02, 0.012, "bars: one standard error; black: theory of the "
             "infinite system", fontsize=6.5, color="0.35")
    fig.tight_layout(rect=(0, 0.03, 1, 1.02))
    try:
        fig.savefig(arguments.picture, dpi=200)
    except (OSError, ValueError) as error:
        stop(3, "%s: %s" % (arguments.picture, error))
    print(arguments.picture)


def main():
    parser = argparse.ArgumentParser(
        description="Fits a + b N^exponent to estimates of several sizes.")
    parser.add_argument("file", metavar="OUT.h5", nargs="+")
    parser.add_argument("--exponent", type=float, default=-2 / 3)
    parser.add_argument("--quantity", action="append", metavar="NAME")
    parser.add_argument("--temperature", "--rung", type=float,
                        action="append", metavar="T")
    parser.add_argument("--theory", metavar="SOLVER")
    parser.add_argument("--less", action="store_true",
                        help="draw what is left after theory")
    parser.add_argument("-o", metavar="FILE", dest="picture",
                        help="FILE.png or FILE.pdf; default: none")
    arguments = parser.parse_args()
    if not arguments.exponent < 0:
        stop(2, "--exponent: what is left must fall with N")
    outs = read(arguments.file)
    shared = temperatures(outs)
    if not shared:
        stop(2, "the files share no temperature: spacing \"list\"")
    names = arguments.quantity or [
        name for name in ("energy", "link_overlap")
        if all(name in out.estimates for out in outs)]
    groups = []
    for name in names:
        rows = [Row(outs, name, T, shared[T], arguments)
                for T in pick(shared, arguments.temperature)
                if points(outs, name, shared[T])]
        if not rows:
            stop(2, "%s: not an estimate with an error in all files" % name)
        groups.append(rows)
    print("a + b N^%.4g, N = %s" % (arguments.exponent, ", ".join(
        "%d" % float(out.sites) for out in outs)))
    for rows in groups:
        for row in rows:
            print(row.text())
    if arguments.picture:
        picture(groups, outs, arguments)


if __name__ == "__main__":
    main()
