#!/usr/bin/env python3
"""One page from a tempera output file, whatever the model:

    tempera_plot.py OUT.h5 [OUT2.h5 ...] [-o FILE.png|FILE.pdf]

Observables, specific heat and entropy with error bars next to theory (and
below, their difference in standard errors) and to what is known of infinite
systems; densities of energy and of the order parameter (P(q) of glasses);
vector observables; configurations; the search for a best state; averages over
windows of time; swap acceptance and barrier; replica flow; autocorrelation
times. After a quench (no burn-in) domains that grow instead, or of protocol
quench training curves, final states and minima. Estimates are those of
`tempera report`: without them only what the series themselves show is drawn. Of
several files that differ in one key what they share is drawn, a curve a file
(tempera_compare); of five values of a number and more, against it
(tempera_against). What `tempera solve ... -o FILE.h5` wrote is drawn too
(tempera_theory). Prints the path of the picture. Exit: 0; 2 usage; 3 a file
that cannot be read or written.
"""
import argparse
import os
import sys
import textwrap
import time

sys.dont_write_bytecode = True  # beside the scripts, which may be installed
try:
    import h5py
    import matplotlib
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    import numpy as np
    import tempera_against as against
    import tempera_compare as compare
    import tempera_distance as distance
    import tempera_panels as panels
    import tempera_quench as quench
    import tempera_shapes as shapes
    import tempera_states as states
    import tempera_theory as theory
    import tempera_time as passing
    from tempera_file import Output, text
except ImportError as missing:
    sys.exit("tempera_plot: %s; it needs h5py, numpy and matplotlib" % missing)
matplotlib.rcParams.update(panels.STYLE)

PHYSICS_PANELS = 5


def large(out, name):
    """Numbers beyond 5, such as susceptibilities, would flatten those of order
    1 on one axis."""
    mean = out.estimates[name].mean[out.first:]
    return bool(np.any(np.abs(mean[np.isfinite(mean)]) > 5))


def choose(out, room=PHYSICS_PANELS):
    """[[quantity]] a panel, at most so many: the first observable, specific
    heats, entropy, then what is left by unit: where the model has a line to
    draw first, then recorded observables."""
    have = [name for name, q in out.estimates.items()
            if np.isfinite(q.mean[out.first:]).any()]
    recorded = [name for name in have if name in out.recorded]
    main = [name for name in ["energy"] + recorded if name in have][:1]
    main += [name for name in have if main and
             name.startswith(main[0] + "_") and name not in recorded]
    heat = [name for name in have if name.startswith("specific_heat")]
    entropy = [name for name in ("entropy", "entropy_relative")
               if name in have][:1]
    aside = ("u", "ln_z", "ln_z_ti", "ln_z_relative", "ln_z_ti_relative",
             "free_energy", "information", *main, *heat, *entropy)
    rest = [n for n in recorded + [n for n in have if n not in recorded]
            if n not in aside and n + "_ratio" not in have and
            not out.is_zero(n)]
    units = {}
    for name in rest:
        # what the model draws a line beside is worth a panel of its own
        own = name if out.heights(name) else ""
        units.setdefault((out.estimates[name].unit, large(out, name), own),
                         []).append(name)
    groups = [group[:panels.CURVES] for group in units.values()]
    spare = [[n] for n in ("free_energy", "ln_z", "ln_z_relative")
             if n in have][:1]
    guided = [group for group in groups if out.heights(group[0])]
    groups = [group for group in groups if group not in guided]
    return [group for group in [main, heat, *guided, entropy, *groups, *spare]
            if group][:room]


def growing(out):
    """A quench: what grows, seen and measured."""
    drawn = []
    if states.stored(out):
        drawn.append(lambda fig, at: states.draw_states(fig, at, out))
    drawn += [lambda fig, at, what=what: passing.draw_growth(fig, at, out,
                                                             *what)
              for what in passing.lengths(out)]
    drawn.append(lambda fig, at: passing.draw_growing_vector(fig, at, out))
    return drawn, {0} if len(drawn) % 2 else {0, len(drawn) - 1}


def places(out):
    """[draw function of (figure, place)] in the order of the page, and which
    are two columns wide."""
    if quench.quenched(out):
        return quench.panels(out)
    if out.growth() and out.rows > 2:
        return growing(out)
    extra = []
    for draw, of in ((shapes.draw_distributions, shapes.distributions),
                     (shapes.draw_vectors, shapes.vectors)):
        if of(out):
            extra.append(lambda fig, at, draw=draw, names=of(out):
                         draw(fig, at, out, names))
    if passing.windows(out):
        extra.append(lambda fig, at: passing.draw_windows(
            fig, at, out, passing.windows(out)))
    search = [lambda fig, at, draw=draw: draw(fig, at, out)
              for draw in (passing.draw_best, passing.draw_ends)
              if out.best and out.rows > 2]
    if distance.has_distances(out):
        extra.append(lambda fig, at: distance.draw_panel(fig, at, out))
    if states.stored(out):
        extra.append(lambda fig, at: states.draw_states(fig, at, out))
    drawn = [lambda fig, at, names=names, i=i:
             panels.draw_quantities(fig, at, out, names, labelled=i == 0)
             for i, names in enumerate(
                 choose(out))] + extra
    drawn[1:1] = search
    wide = len(drawn) - 1
    if not out.estimates and out.rows and "u" in out.recorded:
        wide = len(drawn)
        drawn.append(lambda fig, at: panels.draw_trace(fig, at, out))
    if out.acceptance() is not None:
        drawn.append(lambda fig, at: panels.draw_exchange(fig, at, out))
    if panels.times(out):
        drawn.append(lambda fig, at: panels.draw_times(fig, at, out))
    if out.has_walkers and out.rows:
        wide = len(drawn)
        odd = len(drawn) % 2 == 0
        drawn.append(lambda fig, at: panels.draw_flow(fig, at, out, odd))
    return drawn, {wide} if len(drawn) % 2 else set()


def complete(out):
    return text(out.attributes.get("complete", 1)) != "0"


def header(fig, out, height):
    """Model and its keys; the file; the verdict with its reasons. Returns the
    height it takes, in inches."""
    model = dict(out.model)
    series = {key: text(value) for key, value in out.about.items()}
    name = model.pop("name", series.get("model", "tempera"))
    usual = {"samples": "1", "first_sample": "0", "seed": "0"}
    keys = ", ".join("%s = %s" % (key, value) for key, value in model.items()
                     if usual.get(key) != str(value) and
                     str(value) not in ("", "[]", "()"))
    sweeps = ("%d sweeps in %d rows, rungs: %d" %
              (out.sweep[-1], out.rows, out.rungs) if out.rows else "no rows")
    if out.first + 1 == out.rungs:
        sweeps += ", %s = %s" % (out.axis().name,
                                 panels.short(out.axis().values[-1]))
    if "dynamics" in series:
        sweeps = "%s%s, %s" % (
            series["dynamics"], " (biased by the step)"
            if series.get("exact") == "0" and not quench.quenched(out) else "",
            sweeps)
    if not complete(out):
        sweeps += ", not complete"
    lines = [textwrap.shorten(keys, 110, placeholder=" ..."),
             "%s: %s" % (os.path.basename(out.path), sweeps)]
    if out.verdict == "not ok" and out.reasons:
        lines += textwrap.wrap("; ".join(out.reasons), 110, max_lines=2,
                               placeholder=" ...")
    lines = [line.replace("$", r"\$") for line in lines if line]
    left = 0.06
    fig.text(left, 1 - 0.32 / height, name, fontsize=14,
             fontweight="bold", va="center")
    for i, line in enumerate(lines):
        fig.text(left, 1 - (0.56 + 0.16 * i) / height, line, fontsize=8,
                 va="center", color="0.25")
    if out.verdict:
        fig.text(0.975, 1 - 0.32 / height, "verdict: " + out.verdict,
                 fontsize=10, fontweight="bold", ha="right", va="center",
                 bbox={"boxstyle": "round,pad=0.35", "linewidth": 1,
                       "facecolor": "white" if out.verdict == "ok" else "0.8"})
    note = ("lines: the median walker; bands: 80 % of them; bars: one standard "
            "error" if quench.quenched(out) else "bars: one standard error")
    if out.theory:
        note += "; $z$: (data $-$ theory) / standard error, band $|z| < 2$"
    if any(out.limits.values()):
        note += ("; grey: " + ", ".join(sorted(out.limits)) +
                 ", no law for this system")
    origin = " ".join(text(out.attributes.get(key))
                      for key in ("program_version", "created"))
    for x, what, side in ((left, note, "left"), (0.975, origin, "right")):
        fig.text(x, 0.12 / height, what if out.estimates or x > left else "",
                 fontsize=6.5, ha=side, va="center", color="0.35")
    return 0.56 + 0.16 * len(lines)


def page(out):
    """The whole figure; None when the file holds nothing to draw yet."""
    drawn, wide = places(out)
    if not drawn:
        return None
    rows = (len(drawn) + len(wide)) // 2
    gap, panel = 0.78, (1.82 if rows > 3 else 2.1)  # inches
    width, foot = 8.27, 0.72  # A4
    height = 1.25 + foot + rows * panel + (rows - 1) * gap
    fig = plt.figure(figsize=(width, height))
    top = header(fig, out, height) + 0.3
    panel = (height - top - foot - (rows - 1) * gap) / rows
    grid = fig.add_gridspec(rows, 2, left=0.74 / width, right=1 - 0.2 / width,
                            top=1 - top / height, bottom=foot / height,
                            hspace=gap / panel, wspace=0.27)
    cell = 0
    for i, draw in enumerate(drawn):
        row, column = divmod(cell, 2)
        if i in wide:
            column = slice(None)
        draw(fig, grid[row, column])
        cell += 2 if i in wide else 1
    return fig


def read(path):
    """The file, tried again while its writer is in the middle of a commit."""
    for attempt in range(5):
        try:
            out = Output(path)
            return out, page(out)
        except (OSError, RuntimeError) as error:
            trouble = error
            plt.close("all")
            time.sleep(0.3 * attempt)
    raise trouble


def read_several(paths):
    """What several files share, on one page."""
    outs = [Output(path) for path in paths]
    return outs[0], against.page(plt, outs) or compare.page(plt, outs)


def stop(code, message):
    print("tempera_plot: " + message, file=sys.stderr)
    sys.exit(code)


def check_files(paths):
    for path in paths:
        if not os.path.isfile(path):
            stop(2, "%s: no such file" % path)
        if not h5py.is_hdf5(path):
            stop(3, "%s: not an HDF5 file" % path)


def save(fig, picture, name):
    if fig is None:
        stop(3, "%s: nothing to draw: no rows yet, or nothing that varies"
             % name)
    try:
        fig.savefig(picture, dpi=200)
    except OSError as error:
        stop(3, "%s: %s" % (picture, error.strerror or error))
    print(picture)


def main():
    parser = argparse.ArgumentParser(
        description="Draws one page (PNG or PDF) from a tempera output file; "
        "of several files what they share, a curve each.")
    parser.add_argument("file", metavar="OUT.h5", nargs="+")
    parser.add_argument("-o", metavar="FILE", dest="picture",
                        help="FILE.png or FILE.pdf; default: OUT.png")
    arguments = parser.parse_args()
    paths = arguments.file
    name = ", ".join(paths)
    picture = arguments.picture or os.path.splitext(paths[0])[0] + ".png"
    if os.path.splitext(picture)[1].lower() not in (".png", ".pdf"):
        stop(2, "%s: the picture is .png or .pdf" % picture)
    check_files(paths)
    if all(theory.is_theory(path) for path in paths):
        save(theory.page(plt, paths), picture, name)
        return
    try:
        out, fig = read(paths[0]) if len(paths) == 1 else read_several(paths)
    except (OSError, RuntimeError, LookupError, TypeError, ValueError) as error:
        stop(3, "%s: cannot be read as a tempera output file: %s"
             % (name, str(error).strip('"')))
    if not out.estimates:
        print("tempera_plot: no estimates in the file; run `tempera report "
              "%s` first%s" % (paths[0], "" if complete(out) else
                               ", once the run is complete"),
              file=sys.stderr)
    save(fig, picture, name)


if __name__ == "__main__":
    main()
