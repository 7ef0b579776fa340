"""Panels of tempera_plot that show more than a number a rung: histograms of
recorded scalars, from /series, and vector observables over their axis."""
import numpy as np

from tempera_panels import COLOURS, DASHES, FILLS, MARKERS, bracket, short, \
    words

BINS = 40  # at most
AXES = {"n": "$n$  ($k = 2\\pi n / L$)", "r": "distance $r$  [sites]"}


def rungs_shown(out):
    """Hot, middle and cold of those asked for."""
    return np.unique(np.linspace(out.first, out.rungs - 1, 3).astype(int))


def histogram(values):
    """(centres, density) of numbers that lie on a grid or not: cells are a
    whole number of grid steps wide, or aliasing would draw a comb."""
    values = np.asarray(values, float).ravel()
    values = values[np.isfinite(values)]
    levels = np.unique(values)
    if len(levels) < 2:
        return levels, np.ones(len(levels))
    step = np.diff(levels).min()
    steps = (levels[-1] - levels[0]) / step
    if step < 1e-9 * (levels[-1] - levels[0]) or len(levels) > 4096 or \
            np.abs((levels - levels[0]) / step -
                   np.round((levels - levels[0]) / step)).max() > 1e-3:
        width = (levels[-1] - levels[0]) / BINS
    else:
        width = step * np.ceil((steps + 1) / BINS)
    low = levels[0] - (step if width >= step else width) / 2
    cell = np.floor((values - low) / width).astype(int)
    count = np.bincount(cell)
    centres = low + width * (np.arange(len(count)) + 0.5)
    return centres, count / (len(values) * width)


def distributions(out):
    """The recorded scalars whose distributions are drawn: energy, and the
    order parameter."""
    def scalar(name):
        return (name in out.recorded and out.rows > 1 and
                len(out.series_shape[name]) == 4)
    order = [name for name in ("overlap", "magnetization") if scalar(name)]
    return [name for name in ("energy",) if scalar(name)] + order[:1]


def draw_distributions(fig, spec, out, names):
    axis = out.axis()
    for place, name in zip(spec.subgridspec(1, len(names), wspace=0.3), names):
        ax = fig.add_subplot(place)
        unit = out.series_attributes[name].get("unit", "")
        unit = unit.decode() if isinstance(unit, bytes) else str(unit)
        for i, rung in enumerate(rungs_shown(out)):
            with out.open() as file:
                x, p = histogram(file["series"][name][:out.rows, :, :, rung])
            ax.plot(x, p, color=COLOURS[i], linestyle=DASHES[i],
                    drawstyle="steps-mid", label="%s = %s" %
                    (axis.name, short(axis.values[rung])))
        ax.set_xlabel(("$q$" if name == "overlap" else words(name)) +
                      bracket(unit))
        ax.set_ylim(0, ax.get_ylim()[1] * 1.35)
        ax.set_yticks([])
        ax.legend(loc="upper right", fontsize=6)
        ax.set_title("P(q)" if name == "overlap" else
                     words(name) + ", density")


def vectors(out):
    """Names of the vector estimates, those over few components first."""
    return sorted(out.vectors, key=lambda n: out.vectors[n].mean.shape[1] >
                  4096)[:2]


def draw_vectors(fig, spec, out, names):
    axis = out.axis()
    for place, name in zip(spec.subgridspec(1, len(names), wspace=0.35),
                           names):
        ax = fig.add_subplot(place)
        vector = out.vectors[name]
        for i, rung in enumerate(rungs_shown(out)):
            mean, error = vector.mean[rung], vector.error[rung]
            ax.errorbar(np.arange(len(mean)), mean,
                        np.where(np.isfinite(error), error, 0),
                        color=COLOURS[i], linestyle=DASHES[i],
                        linewidth=0.7, elinewidth=0.8, markersize=2.5,
                        marker=MARKERS[i] if len(mean) < 40 else "",
                        fillstyle=FILLS[i], label="%s = %s" %
                        (axis.name, short(axis.values[rung])))
        shown = vector.mean[rungs_shown(out)]
        if np.all(shown > 0) and shown.max() > 30 * shown.min():
            ax.set_yscale("log")
        ax.set_xlabel(AXES.get(vector.axis, vector.axis or "component"))
        ax.legend(loc="best", fontsize=6)
        ax.set_title(words(name) + bracket(vector.unit))
