"""Panels of tempera_plot that show more than a number a rung: histograms of
recorded scalars, from /series, and vector observables over their axis."""
import numpy as np
from matplotlib.ticker import MaxNLocator

from tempera_panels import COLOURS, DASHES, FILLS, GREY, MARKERS, bracket, \
    plain, short, words

BINS = 40  # at most
LETTERS = {"energy": "e", "overlap": "q", "magnetization": "m"}
RANKED = ("example",)  # axes without an order of their own
AXES = {"n": "$n$  ($k = 2\\pi n / L$)", "r": "distance $r$  [sites]"}


def heat_peak(out):
    """The rung asked for where u varies most times beta^2: the specific
    heat's peak, or the middle one where that is an end."""
    middle = (out.first + out.rungs - 1) // 2
    heat = out.estimates.get("specific_heat")
    if heat is None or not np.isfinite(heat.mean[out.first:]).any():
        return middle
    peak = out.first + int(np.nanargmax(heat.mean[out.first:]))
    return peak if out.first < peak < out.rungs - 1 else middle


def rungs_shown(out):
    """Hot, in between, cold of those asked for: in between where a transition
    is, or else the specific heat's peak."""
    values = out.axis().values[out.first:]
    middle = heat_peak(out)
    for _, place in out.transitions():
        if values.min() < place < values.max() and not equal_heights(out):
            middle = out.first + int(np.abs(values - place).argmin())
    return np.unique([out.first, middle, out.rungs - 1])


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


# ---- two phases --------------------------------------------------------------

def summit(x, p):
    """Where a parabola through the highest point's logarithm and its
    neighbours is highest."""
    i = int(np.argmax(p))
    if not 0 < i < len(p) - 1 or min(p[i - 1:i + 2]) <= 0:
        return x[i]
    low, top, high = np.log(p[i - 1:i + 2])
    return x[i] + (x[1] - x[0]) * (low - high) / 2 / (low - 2 * top + high)


def tilted(x, p, shift):
    """The density of u = x where lambda is larger by shift."""
    weight = -shift * x
    return p * np.exp(weight - weight.max())


def level(x, p, middle):
    """The shift at which both sides of the middle are equally high."""
    low, high = np.array([-1, 1]) * 20 / np.ptp(x)
    for _ in range(60):
        shift = (low + high) / 2
        q = tilted(x, p, shift)
        low, high = ((shift, high) if q[x < middle].max() <
                     q[x >= middle].max() else (low, shift))
    return shift


def equal_heights(out):
    """Of a first-order transition: (place on the axis, centres, density of
    u / N, its two peaks) where, reweighted from the peak of the specific heat,
    both peaks are equally high (Lee, Kosterlitz 1990). None: one peak, or
    samples with peaks of their own."""
    if out.scheduled or out.rungs < 3 or "u" not in out.series_shape or \
            out.series_shape["u"][2] > 1 or len(out.names) > 1 or \
            out.rows < 2 or not out.sites:
        return None
    rung, sites = heat_peak(out), float(out.sites)
    with out.open() as file:
        u = file["series/u"][:out.rows, :, 0, rung, 0].ravel()
    x, p = histogram(u)
    if len(x) < 8:
        return None
    p = np.convolve(p, [0.25, 0.5, 0.25], mode="same")
    middle = (np.quantile(u, 0.01) + np.quantile(u, 0.99)) / 2

    shift = level(x, p, middle)
    q = tilted(x, p, shift)
    cold, hot = summit(x[x < middle], q[x < middle]), \
        summit(x[x >= middle], q[x >= middle])
    between = q[(x > cold) & (x < hot)]
    top = q.max()
    if not len(between) or between.min() > 0.8 * top or \
            min(q[x < middle].max(), q[x >= middle].max()) < 0.99 * top:
        return None
    place = out.ladder[rung, 0] + shift
    q /= q.sum() * (x[1] - x[0]) / sites
    return (1 / place if out.axis().name == "T" else place, x / sites, q,
            (cold / sites, hot / sites))


def distributions(out):
    """The recorded scalars whose distributions are drawn: energy, and the
    order parameter."""
    def scalar(name):
        return (name in out.recorded and out.rows > 1 and
                len(out.series_shape[name]) == 4)
    order = [name for name in LETTERS if name != "energy" and scalar(name)]
    energy = [name for name in ("energy",) if scalar(name)]
    return energy + (order[:1] if not energy or not equal_heights(out) else [])


def density(out, name, rung, phases):
    """(place on the axis, centres, density), of two phases reweighted."""
    if phases and rung == heat_peak(out):
        return "%.4g (reweighted)" % phases[0], phases[1], phases[2]
    with out.open() as file:
        x, p = histogram(file["series"][name][:out.rows, :, :, rung])
    return short(out.axis().values[rung]), x, p


def draw_distributions(fig, spec, out, names):
    axis = out.axis()
    for place, name in zip(spec.subgridspec(1, len(names), wspace=0.3), names):
        ax = fig.add_subplot(place)
        unit = out.series_attributes[name].get("unit", "")
        unit = unit.decode() if isinstance(unit, bytes) else str(unit)
        phases = equal_heights(out) if name == "energy" else None
        curves = [density(out, name, rung, phases)
                  for rung in rungs_shown(out)]
        tops = [p.max() for _, _, p in curves]
        uneven = max(tops) > 5 * min(tops)
        for i, (place, x, p) in enumerate(curves):
            p = p / tops[i] if uneven else p
            ax.plot(x, p, color=COLOURS[i], linestyle=DASHES[i],
                    drawstyle="steps-mid", label="%s = %s" %
                    (axis.name, place))
        if phases:
            draw_phases(ax, out)
        ax.set_xlabel("%s $%s$" % (words(name), LETTERS[name]) +
                      bracket(unit))
        ax.set_ylim(0, ax.get_ylim()[1] * 1.35)
        ax.set_yticks([])
        ax.legend(loc="upper right", fontsize=6)
        ax.set_title("P(%s)" % LETTERS[name] +
                     (", scaled" if uneven else "") +
                     (": peaks at %.2f and %.2f" % phases[3] if phases
                      else ""))


def draw_phases(ax, out):
    """Constant lines beside the energy, told once; below the legend."""
    told = set()
    for says, values in out.heights("energy"):
        if np.ptp(values) == 0:
            ax.axvline(values[0], color=GREY, linestyle="--", zorder=1,
                       ymax=0.72,
                       label=None if says in told else plain(says))
            told.add(says)


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
            error = np.where(np.isfinite(error), error, 0)
            if vector.axis in RANKED:
                mean, error = np.sort(mean), None
            ax.errorbar(np.arange(len(mean)), mean, error,
                        color=COLOURS[i], linestyle=DASHES[i],
                        linewidth=0.7, elinewidth=0.8, markersize=2.5,
                        marker=MARKERS[i] if len(mean) < 40 else "",
                        fillstyle=FILLS[i], label="%s = %s" %
                        (axis.name, short(axis.values[rung])))
        shown = vector.mean[rungs_shown(out)]
        if np.all(shown > 0) and shown.max() > 30 * shown.min():
            ax.set_yscale("log")
        ax.set_xlabel(AXES.get(vector.axis, vector.axis or "component") +
                      (", ranked" if vector.axis in RANKED else ""))
        ax.xaxis.set_major_locator(MaxNLocator(5, integer=True))
        ax.legend(loc="best", fontsize=6)
        ax.set_title(words(name) + bracket(vector.unit))
