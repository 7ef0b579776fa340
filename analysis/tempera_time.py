"""Panels of tempera_plot over time: growth after a quench, the search for the
best state, averages over windows of a run."""
import numpy as np
from matplotlib.ticker import MaxNLocator

from tempera_panels import COLOURS, DASHES, FILLS, GREY, MARKERS, bracket, \
    legend, log_axis, plain, short, words
from tempera_shapes import AXES, histogram

POINTS = 24  # marked on a logarithmic axis


# ---- growth after a quench ---------------------------------------------------

def walkers(out, name):
    """[time][walker] of the coldest rung, and of vectors [component]."""
    with out.open() as file:
        data = file["series"][name][:out.rows, :, :, -1]
    return data.reshape(len(data), -1, *data.shape[3:])


def mean_error(values):
    """Over walkers: axis 1."""
    count = values.shape[1]
    error = (values.std(axis=1, ddof=1) / np.sqrt(count) if count > 1 else
             np.zeros(len(values)))
    return values.mean(axis=1), error


def first_moment_length(structure, size):
    """2 pi / <k>, <k> = sum k S / sum S over n > 0 of k = 2 pi n / size."""
    n = np.arange(1, structure.shape[-1])
    return size * structure[..., 1:].sum(-1) / (n * structure[..., 1:]).sum(-1)


def law(sweep, length, power):
    """(a, b, error of b) of length = a + b t^power: a line for each walker,
    then the mean."""
    lines = np.array([np.polyfit(sweep ** power, one, 1)
                      for one in length.T])
    spread = (lines.std(axis=0, ddof=1) / np.sqrt(len(lines))
              if len(lines) > 1 else np.zeros(2))
    return lines[:, 1].mean(), lines[:, 0].mean(), spread[0]


def times_shown(sweep, count):
    """Indices of so many rows at most, evenly on a logarithmic axis."""
    wanted = np.geomspace(sweep[0], sweep[-1], count)
    return np.unique([np.abs(np.log(sweep / t)).argmin() for t in wanted])


def lengths(out):
    """[(name, [time][walker])]: from a vector over wave numbers; and, with
    the energy of equilibrium known, 1 / (energy above it), the distance of
    walls up to a factor."""
    guide = out.growth()
    size = max(out.lattice, default=0)
    found = []
    if "energy" in out.recorded and out.heights("energy"):
        rest = out.heights("energy")[0][1][-1]
        found.append(("1 / excess energy", 1 / (walkers(out, "energy") -
                                                rest)))
    if size and len(out.series_shape[guide.of]) == 5:
        found.insert(0, ("domain length", first_moment_length(
            walkers(out, guide.of), size)))
    return found


def draw_growth(fig, spec, out, name, length):
    ax = fig.add_subplot(spec)
    guide, sweep = out.growth(), out.sweep.astype(float)
    mean, error = mean_error(length)
    shown = times_shown(sweep, POINTS)
    ax.errorbar(sweep[shown], mean[shown], error[shown], linestyle="none",
                color=COLOURS[0], marker="o", zorder=3,
                label="mean of %d walkers" % length.shape[1])
    power = "t^{%s}" % fraction(guide.power)
    a, b, off = law(sweep, length, guide.power)
    ax.plot(sweep, a + b * sweep ** guide.power, color="black", zorder=2,
            label=r"$%.2f + %.3f(%.0f)\,%s$" % (a, b, 1000 * off, power))
    ax.plot(sweep, mean[-1] * (sweep / sweep[-1]) ** guide.power, color=GREY,
            linestyle="--", zorder=1,
            label="$%s$: %s" % (power, plain(guide.says)))
    ax.set_xscale("log")
    ax.set_yscale("log")
    low, high = ax.get_ylim()
    ax.set_ylim(low, high * (high / low) ** 0.1)
    log_axis(ax.xaxis)
    log_axis(ax.yaxis)
    unit = "  [sites]" if name == "domain length" else ""
    ax.set_ylabel((r"$2\pi / \langle k \rangle$" if unit else
                   r"$1 / (e - e_\mathrm{eq})$") + unit)
    ax.set_xlabel("time $t$  [sweeps]")
    legend(ax, loc="upper left")
    ax.set_title(name + (" from the %s" % words(guide.of) if unit else
                         " per site"))


def fraction(x):
    """1/3 rather than 0.333."""
    for below in range(1, 10):
        if abs(x * below - round(x * below)) < 1e-6:
            return "%d/%d" % (round(x * below), below)
    return "%.3g" % x


def draw_growing_vector(fig, spec, out):
    """The vector at an early, a middle and the last time."""
    ax = fig.add_subplot(spec)
    name = out.growth().of
    data = walkers(out, name)
    for i, row in enumerate(times_shown(out.sweep.astype(float), 3)):
        mean, error = mean_error(data[row:row + 1])
        n = np.arange(1, data.shape[-1])
        ax.errorbar(n, mean[0, 1:], error[0, 1:], color=COLOURS[i],
                    linestyle=DASHES[i], marker=MARKERS[i], markersize=2.5,
                    fillstyle=FILLS[i], linewidth=0.7, elinewidth=0.8,
                    label="$t$ = %d" % out.sweep[row])
    ax.set_xscale("log")
    ax.set_yscale("log")
    log_axis(ax.xaxis)
    log_axis(ax.yaxis)
    about = out.series_attributes[name]
    axis = about.get("axis", "")
    axis = axis.decode() if isinstance(axis, bytes) else str(axis)
    ax.set_xlabel(AXES.get(axis, axis))
    ax.legend(loc="upper right")
    ax.set_title(words(name) + ", mean of %d walkers" % data.shape[1])


# ---- the best state ----------------------------------------------------------

def aim(out):
    """(what is sought, a, b): a + b u in the user's units, u if there are
    none."""
    for name, (a, b) in sorted(out.best.of_u.items()):
        if name.endswith(("_cut", "_value")) and name != "best_value":
            return name.replace("best_", ""), a, b
    return "u", 0.0, 1.0


def ends(out):
    """[time][walker] of u where it was coldest, of the first sample."""
    with out.open() as file:
        return file["series/u"][:out.rows, :, 0, -1, 0]


def least(out):
    """[time] of the least u met so far in the rows."""
    with out.open() as file:
        u = file["series/u"][:out.rows, :, 0, :, 0]
    return np.minimum.accumulate(np.nanmin(u, axis=(1, 2)))


def bound(out):
    """[(what it is, u)]: constant lines beside the energy."""
    sites = float(out.sites or 1)
    return [(says, values[-1] * sites) for says, values in
            out.heights("energy") if np.ptp(values) == 0]


def draw_bounds(line, out, a, b, best=True, **room):
    for says, u in bound(out):
        line(a + b * u, color="black", linestyle="--", linewidth=0.9,
             label=plain(says), **room)
    if best:
        line(a + b * out.best.u, color=COLOURS[2], linestyle=":",
             linewidth=1.2, label="best: %.7g, after %.3g s" %
             (a + b * out.best.u, out.best.seconds), **room)


def draw_best(fig, spec, out):
    """What walkers have at the cold end, and the best so far."""
    ax = fig.add_subplot(spec)
    name, a, b = aim(out)
    u, sweep = a + b * ends(out), out.sweep.astype(float)
    shown = times_shown(sweep, 60)
    low, middle, high = np.nanpercentile(u[shown], (10, 50, 90), axis=1)
    where = ("at the end of a pass" if out.scheduled else
             "on the coldest rung")
    ax.errorbar(sweep[shown], middle, (middle - low, high - middle),
                color=COLOURS[0], marker="o", markersize=2.5, elinewidth=0.7,
                linestyle="none",
                label="%s: median, 80 %% of walkers" % where)
    ax.step(sweep, a + b * least(out), where="post", color=COLOURS[1],
            linewidth=1.3, label="best so far in the rows: %.7g" %
            (a + b * least(out)[-1]))
    draw_bounds(ax.axhline, out, a, b, best=False)
    ax.set_xscale("log")
    log_axis(ax.xaxis)
    ax.margins(y=0.05)
    bottom, top = ax.get_ylim()
    ax.set_ylim(bottom - (0.5 * (top - bottom) if b < 0 else 0),
                top + (0.5 * (top - bottom) if b > 0 else 0))
    legend(ax, loc="lower right" if b < 0 else "upper right")
    ax.set_xlabel("sweep")
    ax.set_ylabel(words(name))
    ax.set_title("search: %s against time" % words(name))
    ax.ticklabel_format(axis="y", useOffset=False)


def draw_ends(fig, spec, out):
    """Histogram of what walkers have at the cold end."""
    ax = fig.add_subplot(spec)
    name, a, b = aim(out)
    u = ends(out)
    x, density = histogram(a + b * u)
    width = x[1] - x[0] if len(x) > 1 else 1
    ax.bar(x, density * width * np.isfinite(u).sum(), width=0.9 * width,
           color=COLOURS[0], alpha=0.75)
    draw_bounds(ax.axvline, out, a, b, ymax=0.77)
    ax.set_ylim(0, ax.get_ylim()[1] * 1.35)
    ax.xaxis.set_major_locator(MaxNLocator(6))
    ax.set_xlabel(words(name))
    ax.set_ylabel("passes" if out.scheduled else "rows")
    ax.legend(loc="upper left")
    ax.set_title("%s at the end of passes" % words(name) if out.scheduled
                 else "%s on the coldest rung" % words(name))
    ax.ticklabel_format(axis="x", useOffset=False)


# ---- is it in equilibrium? ---------------------------------------------------

def windows(out):
    """Names of the averages over windows that are drawn: the two sides of an
    identity; else of glasses what settles late."""
    pair = [name for name in ("energy", "energy_by_link_overlap")
            if name in out.windows]
    if len(pair) == 2:
        return pair
    glass = ["energy", "link_overlap", "overlap_squared"]
    return [name for name in glass if name in out.windows and
            "overlap_squared" in out.windows]


def draw_windows(fig, spec, out, names):
    ax = fig.add_subplot(spec)
    together = "energy_by_link_overlap" in names
    at = out.window_sweeps[:, 1].astype(float)
    for i, name in enumerate(names):
        mean, error = (part[:, -1] for part in out.windows[name])
        scale = 1 if together else 1 / mean[0]
        ax.errorbar(at, mean * scale, np.nan_to_num(error) * abs(scale),
                    color=COLOURS[i], marker=MARKERS[i], linestyle=DASHES[i],
                    fillstyle=FILLS[i], linewidth=0.8, elinewidth=0.8,
                    label=words(name).replace("energy by link overlap",
                    r"$-\beta J^2 (N_b / N) (1 - [\langle q_l \rangle])$"))
    ax.set_xscale("log")
    log_axis(ax.xaxis)
    ax.set_xlabel("end of the window  [sweeps]")
    axis = out.axis()
    ax.set_ylabel("energy per site" + bracket(out.unit) if together else
                  "mean / that of the last half")
    ax.margins(y=0.12)
    ax.legend(loc="best")
    ax.set_title("equilibration at %s = %s" % (axis.name,
                                              short(axis.values[-1])))
