"""Pictures of what `tempera solve ... -o FILE.h5` wrote: results against the
swept key, phases named; of two swept keys curves or maps; several files of the
same key on one page, a curve each; rows of numbers of a single point. Drawn by
tempera_plot.py FILE.h5 ..."""
import h5py
import numpy as np

from tempera_panels import COLOURS, DASHES, GREY, bracket, plain, short, words

PANELS = 8
CURVES = len(COLOURS)
SHADES = ["1.0", "0.92", "0.85", "0.96", "0.88"]
LOUDEST = ("free_energy_per_site", "ln_z_per_site", "energy",
           "entropy_per_site", "specific_heat", "q", "overlap",
           "magnetization", "complexity", "generalization_error")


def decode(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def is_theory(path):
    with h5py.File(path, "r") as file:
        return decode(file.attrs.get("format", "")) == "tempera-theory"


class Theory:
    """One file: solver, axes {key: values at the points}, results {name:
    (mean, error)}, phase, warnings, curves."""

    def __init__(self, path):
        with h5py.File(path, "r") as file:
            self.solver = decode(file.attrs["solver"])
            self.holds = decode(file.attrs.get("holds", ""))
            points = file["points"]
            self.fixed = {k: decode(v) for k, v in points.attrs.items()}
            self.axes = {k: points[k][...] for k in points
                         if k not in ("number", "phase", "warnings") and
                         len(np.unique(points[k][...])) > 1}
            self.results = {k: (g["mean"][...], g["error"][...])
                            for k, g in file["theory"].items()}
            self.source = next((decode(g["source"][()])
                                for g in file["theory"].values()), "")
            self.phase = points["phase"][...]
            self.phases = [decode(n) for n in
                           points["phase"].attrs.get("names", [])]
            self.warned = points["warnings"][...] > 0
            self.says = decode(points["warnings"].attrs.get("says", ""))
            self.curves = {
                point: {name: (data[...], {k: decode(v) for k, v in
                                           data.attrs.items()})
                        for name, data in group.items()}
                for point, group in file.get("curves", {}).items()}

    def grid(self, values):
        """Values on the outer product of two axes, the first one down."""
        a, b = self.axes.values()
        rows, columns = len(np.unique(a)), len(np.unique(b))
        order = np.lexsort((b, a))
        return values[order].reshape(rows, columns)


def chosen(theories):
    """Results that vary and are there, the usual ones first."""
    names = []
    for name in list(LOUDEST) + [n for t in theories for n in t.results]:
        varies = any(np.nanmax(t.results[name][0]) -
                     np.nanmin(t.results[name][0]) > 1e-12
                     for t in theories if name in t.results and
                     np.isfinite(t.results[name][0]).any())
        if name not in names and varies:
            names.append(name)
    return names[:PANELS]


# ---- against one key ---------------------------------------------------------

def fits(theory):
    """Can names of phases stand in a panel, or only their numbers?"""
    x = np.sort(next(iter(theory.axes.values())))
    share = [np.mean(theory.phase == k) for k in range(len(theory.phases))]
    return len(theory.axes) == 1 and len(x) > 1 and all(
        0.017 * len(name) < part
        for name, part in zip(theory.phases, share) if part > 0)


def phase_note(theory):
    if len(theory.axes) != 1 or len(theory.phases) < 2 or fits(theory):
        return ""
    return "phases: " + "; ".join("%d %s" % (k + 1, name) for k, name in
                                  enumerate(theory.phases))


def shade_phases(ax, x, theory, label):
    """Intervals of one phase, named along the bottom."""
    edges = np.flatnonzero(np.diff(theory.phase)) + 1
    begins = np.concatenate([[0], edges])
    ends = np.concatenate([edges, [len(x)]])
    for begin, end in zip(begins, ends):
        if theory.phase[begin] < 0 or len(begins) < 2:
            continue
        left = x[0] if begin == 0 else (x[begin - 1] + x[begin]) / 2
        right = x[-1] if end == len(x) else (x[end - 1] + x[end]) / 2
        ax.axvspan(left, right, zorder=0, linewidth=0,
                   color=SHADES[theory.phase[begin] % len(SHADES)])
        name = theory.phases[theory.phase[begin]]
        if not fits(theory):
            name = str(theory.phase[begin] + 1)
        if label and right - left > 0.02 * (x[-1] - x[0]):
            ax.text((left + right) / 2, 0.02, name, fontsize=6,
                    ha="center", va="bottom",
                    transform=ax.get_xaxis_transform(), color="0.3")


def line(ax, x, mean, error, warned, look, label):
    """Dotted where the solver warned: an approximation, or worse."""
    ax.plot(x, np.where(warned, np.nan, mean), label=label, **look)
    near = warned.copy()  # and the point next to it: no gap between
    near[1:] |= warned[:-1]
    near[:-1] |= warned[1:]
    if warned.any():
        ax.plot(x, np.where(near, mean, np.nan), color=look["color"],
                linestyle=(0, (1, 1)), linewidth=look["linewidth"],
                label=label if warned.all() else None)
    if np.nanmax(error, initial=0) > 0.004 * np.ptp(mean[np.isfinite(mean)]):
        ax.fill_between(x, mean - error, mean + error, color=look["color"],
                        alpha=0.25, linewidth=0)


def label_of(theory, theories):
    """The solver, and its keys that are others elsewhere."""
    apart = ["%s = %s" % (k, v) for k, v in theory.fixed.items()
             if any(t.fixed.get(k, v) != v for t in theories)]
    return plain(", ".join([theory.solver] + apart))


def draw_lines(ax, theories, key, name):
    for i, theory in enumerate(theories):
        if name not in theory.results:
            continue
        mean, error = theory.results[name]
        if len(theory.axes) == 1:
            x = theory.axes[key]
            line(ax, x, mean, error, theory.warned,
                 {"color": COLOURS[i % CURVES], "linewidth": 1.2,
                  "linestyle": "-"}, label_of(theory, theories))
            continue
        other = next(k for k in theory.axes if k != key)
        for j, value in enumerate(np.unique(theory.axes[other])):
            at = theory.axes[other] == value
            line(ax, theory.axes[key][at], mean[at], error[at],
                 theory.warned[at],
                 {"color": COLOURS[j % CURVES], "linewidth": 1.2,
                  "linestyle": DASHES[i % CURVES]},
                 "%s = %s" % (other, short(value)))
    ax.set_xlabel(plain(key))
    ax.set_title(words(name))
    ax.ticklabel_format(axis="y", scilimits=(-3, 4), useMathText=True)


# ---- maps --------------------------------------------------------------------

def varies_both_ways(theory, name):
    """A function of one key alone is no map."""
    grid = theory.grid(theory.results[name][0])
    low, high = np.nanmin(grid), np.nanmax(grid)
    return all(np.nanmax(np.nan_to_num(np.ptp(grid, axis=axis))) >
               1e-9 * (high - low) for axis in (0, 1))


def draw_map(fig, ax, theory, name):
    (a, x), (b, y) = theory.axes.items()
    across, up = np.unique(y), np.unique(x)
    mesh = ax.pcolormesh(across, up, theory.grid(theory.results[name][0]),
                         cmap="cividis", shading="nearest", rasterized=True)
    fig.colorbar(mesh, ax=ax, pad=0.02)
    phase = theory.grid(theory.phase)
    for k in range(len(theory.phases)):
        if (phase == k).any() and (phase != k).any():
            ax.contour(across, up, (phase == k).astype(float), [0.5],
                       colors="white", linewidths=0.9)
    ax.set_xlabel(plain(b))
    ax.set_ylabel(plain(a))
    ax.set_title(words(name))


def draw_phases(ax, theory):
    """Which phase is where, named in its middle."""
    (a, x), (b, y) = theory.axes.items()
    across, up = np.unique(y), np.unique(x)
    phase = theory.grid(theory.phase).astype(float)
    ax.pcolormesh(across, up, np.where(phase < 0, np.nan, phase),
                  cmap="Pastel2", vmin=0, vmax=8, shading="nearest",
                  rasterized=True)
    for k, name in enumerate(theory.phases):
        rows, columns = np.nonzero(phase == k)
        if len(rows):
            middle = np.argmin((rows - rows.mean()) ** 2 +
                               (columns - columns.mean()) ** 2)
            ax.text(across[columns[middle]], up[rows[middle]], name,
                    fontsize=6.5, ha="center", va="center")
    ax.set_xlabel(plain(b))
    ax.set_ylabel(plain(a))
    ax.set_title("phases")


# ---- rows of numbers ---------------------------------------------------------

def shown_curves(theory):
    """(name, x name or None, x, y, unit) of the curves of single points."""
    for point, curves in sorted(theory.curves.items(),
                                key=lambda item: int(item[0])):
        abscissae = {about.get("against") for _, about in curves.values()}
        for name, (y, about) in curves.items():
            if name in abscissae:
                continue
            against = about.get("against")
            x = curves[against][0] if against in curves else \
                np.arange(len(y))
            label = ", ".join("%s = %s" % (k, short(v[int(point)]))
                              for k, v in theory.axes.items())
            yield label, name, against, x, y, about.get("unit", "1")


def draw_curve(ax, name, against, shown):
    """Some of them, the first and the last among them."""
    picks = np.unique(np.linspace(0, len(shown) - 1, CURVES).round())
    for i, (label, x, y, unit) in enumerate(shown[int(k)] for k in picks):
        ax.plot(x, y, color=COLOURS[i], linewidth=1.2,
                label=label if len(shown) > 1 else None)
        ax.set_ylabel(words(name) + bracket(unit))
    ax.set_xlabel(words(against or "number"))
    ax.set_title(words(name))
    if len(shown) > 1:
        ax.legend(loc="best")


# ---- the page ----------------------------------------------------------------

def panels_of(theories):
    """[draw(fig, ax)]"""
    keys = list(theories[0].axes)
    found = []
    if len(keys) in (1, 2) and all(list(t.axes) == keys for t in theories):
        few = len(keys) == 2 and min(
            keys, key=lambda k: len(np.unique(theories[0].axes[k])))
        as_map = few and (len(theories) == 1 and len(np.unique(
            theories[0].axes[few])) > CURVES)
        key = keys[0] if not few else next(k for k in keys if k != few)
        if as_map and len(theories[0].phases) > 1:
            found.append(lambda fig, ax: draw_phases(ax, theories[0]))
        names = chosen(theories)
        if as_map:
            names = [n for n in names if varies_both_ways(theories[0], n)]
        for i, name in enumerate(names):
            if as_map:
                found.append(lambda fig, ax, n=name: draw_map(
                    fig, ax, theories[0], n))
            else:
                found.append(lambda fig, ax, n=name, first=i < 2: (
                    draw_lines(ax, theories, key, n),
                    len(keys) == 1 and shade_phases(
                        ax, theories[0].axes[key], theories[0], first),
                    first and ax.legend(loc="best", ncols=1 + len(
                        ax.get_legend_handles_labels()[0]) // 8)))
    rows = {}
    for theory in theories:
        for label, name, against, x, y, unit in shown_curves(theory):
            if sum(bool(t.curves) for t in theories) > 1:
                label = label_of(theory, theories) + ", " + label
            rows.setdefault((name, against), []).append((label, x, y, unit))
    for (name, against), shown in list(rows.items())[:PANELS]:
        found.append(lambda fig, ax, n=name, a=against, s=shown: draw_curve(
            ax, n, a, s))
    return found


def page(plt, paths):
    """The figure; None when there is nothing that varies."""
    theories = [Theory(path) for path in paths]
    found = panels_of(theories)
    if not found:
        return None
    rows = (len(found) + 1) // 2
    height = 1.32 + 2.6 * rows
    fig = plt.figure(figsize=(8.27, height))
    fig.text(0.06, 1 - 0.3 / height,
             ", ".join(dict.fromkeys(t.solver for t in theories)),
             fontsize=14, fontweight="bold", va="center")
    fixed = ", ".join("%s = %s" % (k, v) for k, v in theories[0].fixed.items()
                      if all(t.fixed.get(k, v) == v for t in theories))
    fig.text(0.06, 1 - 0.55 / height, plain(fixed[:130]), fontsize=8,
             va="center", color="0.25")
    says = next((t.says for t in theories if t.says), "")
    notes = [plain("dotted: " + says[:150])] if says else []
    notes += [plain(phase_note(theories[0])[:180])]
    for i, note in enumerate(n for n in notes if n):
        fig.text(0.06, (0.1 + 0.14 * i) / height, note, fontsize=6.5,
                 va="center", color="0.35")
    grid = fig.add_gridspec(rows, 2, left=0.1, right=0.965,
                            top=1 - 0.95 / height, bottom=0.74 / height,
                            hspace=0.5, wspace=0.27)
    for i, draw in enumerate(found):
        draw(fig, fig.add_subplot(grid[i // 2, i % 2]))
    return fig
