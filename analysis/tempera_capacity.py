#!/usr/bin/env python3
"""What a perceptron can store, from runs of several loads and sizes with random
labels (input/capacity.cfg), against theory:

    tempera_capacity.py RUN.h5 ... [--theory binary.h5] [-o FILE.png]

A table in Markdown and a picture: the fraction of samples in which weights
without error were met, the fewest errors that were met in a sample (mean, a
weight), the entropy at the coldest rung; over them what `tempera solve
binary_perceptron alpha=... -o binary.h5` (or spherical_perceptron) says of
infinitely many weights. A sample counts as solved when a state without
error was recorded at any rung: a lower bound, which the same fraction of the
first half of the run shows the worth of. Exit: 0; 2 usage; 3 a file that cannot
be read."""
import argparse
import sys

sys.dont_write_bytecode = True
try:
    import matplotlib
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    import numpy as np
    import tempera_panels as panels
    import tempera_theory as theory
    from tempera_compare import flat
    from tempera_file import Output
except ImportError as missing:
    sys.exit("tempera_capacity: %s; it needs h5py, numpy and matplotlib"
             % missing)
matplotlib.rcParams.update(panels.STYLE)

COLUMNS = (("solved", "samples without error", None),
           ("fewest", "fewest errors / weight", "ground_energy"),
           ("entropy", "entropy / weight, coldest rung", "entropy_per_site"))


def load(out):
    """Examples a weight as drawn: alpha N is rounded."""
    settings = flat(out.model)
    sites = int(settings["N"])
    examples = int(settings.get("examples", 0))
    return sites, (examples or
                   max(1, round(float(settings["alpha"]) * sites))) / sites


def errors_in(out, examples):
    """[time, copy, sample, rung]: u counts them under the step loss, with other
    losses a run that records training_error says."""
    if flat(out.model).get("loss", "step") == "step":
        return np.asarray(out.series("u"))[..., 0]
    return np.rint(np.asarray(out.series("training_error")) * examples)


def of_samples(values):
    return values.mean(), values.std(ddof=1) / np.sqrt(len(values))


def row(path):
    """N, alpha, {column: (mean, error)}, solved in the first half."""
    out = Output(path)
    sites, alpha = load(out)
    errors = errors_in(out, alpha * sites)
    fewest = errors.min(axis=(0, 1, 3))
    half = errors[:len(errors) // 2].min(axis=(0, 1, 3)) < 0.5
    found = {"solved": of_samples((fewest < 0.5) * 1.0),
             "fewest": of_samples(fewest / sites)}
    step = flat(out.model).get("loss", "step") == "step"
    if step and "entropy" in out.estimates:
        q, factor = out.estimates["entropy"], panels.scale(out, "entropy")
        found["entropy"] = (q.mean[-1] * factor, q.error[-1] * factor)
    return sites, alpha, found, half.mean()


def table(rows):
    print("| N | alpha | " + " | ".join(label for _, label, _ in COLUMNS) +
          " | solved in the first half |\n|---|---|---|---|---|---|")
    for sites, alpha, found, half in rows:
        cells = ["%.3f(%03.0f)" % (found[c][0], 1e3 * found[c][1])
                 if c in found else "" for c, _, _ in COLUMNS]
        print("| %d | %.3f | %s | %.3f |" % (sites, alpha,
                                            " | ".join(cells), half))


def draw_theory(ax, known, name):
    """A curve of the swept load; of the fraction a step at alpha_c."""
    alpha = known.axes.get("alpha")
    if name in known.results and alpha is not None:
        ax.plot(alpha, known.results[name][0], color="black", linewidth=1,
                label=known.solver)
    if "alpha_c" in known.results:
        place = known.results["alpha_c"][0][0]
        ax.axvline(place, color="0.5", linewidth=0.8, linestyle=":",
                   label="alpha_c = %.4g" % place if name is None else None)


def draw(ax, rows, column, known):
    name, label, theirs = column
    for k, sites in enumerate(sorted({r[0] for r in rows})):
        points = np.array([(r[1], *r[2][name]) for r in rows
                           if r[0] == sites and name in r[2]])
        if len(points):
            ax.errorbar(*points.T, color=panels.COLOURS[k % panels.CURVES],
                        marker=panels.MARKERS[k % panels.CURVES],
                        linewidth=0.8, elinewidth=0.8, label="N = %d" % sites)
    if known:
        draw_theory(ax, known, theirs)
    ax.set_xlabel("alpha = examples / weight")
    ax.set_title(label)
    panels.legend(ax, loc="best")


def usable(read, path):
    try:
        return read(path)
    except (OSError, RuntimeError, LookupError, ValueError) as error:
        print("tempera_capacity: %s: %s" % (path, str(error).strip('"')),
              file=sys.stderr)
        sys.exit(3)


def main():
    parser = argparse.ArgumentParser(description="What a perceptron stores, "
                                     "against load, with theory.")
    parser.add_argument("file", metavar="RUN.h5", nargs="+")
    parser.add_argument("--theory", metavar="FILE.h5",
                        help="of tempera solve, swept in alpha")
    parser.add_argument("-o", metavar="FILE", dest="picture",
                        default="capacity.png")
    arguments = parser.parse_args()
    rows = sorted((usable(row, path) for path in arguments.file),
                  key=lambda r: r[:2])
    known = arguments.theory and usable(theory.Theory, arguments.theory)
    table(rows)
    fig, axes = plt.subplots(1, 3, figsize=(8.27, 2.9))
    for ax, column in zip(axes, COLUMNS):
        draw(ax, rows, column, known)
    fig.tight_layout()
    fig.savefig(arguments.picture, dpi=200)
    print("\n" + arguments.picture)


if __name__ == "__main__":
    main()
