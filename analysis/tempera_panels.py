"""The panels of tempera_plot: each takes a place in a figure and a file."""
import re

import numpy as np
from matplotlib.container import ErrorbarContainer
from matplotlib.ticker import FuncFormatter, MaxNLocator

from tempera_file import barrier, hot_fraction

# Okabe and Ito's colours, told apart by the colour-blind; markers and line
# styles tell them apart in grey.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#8E4585", "#B07800"]
MARKERS = ["o", "s", "^", "D", "v"]
FILLS = ["full", "none", "full", "none", "full"]
DASHES = ["-", (0, (5, 1.5)), (0, (1.5, 1)), (0, (5, 1, 1, 1)), (0, (8, 2))]
STYLE = {
    "font.size": 8, "axes.titlesize": 9, "axes.titleweight": "bold",
    "axes.titlelocation": "left", "axes.labelsize": 8, "legend.fontsize": 7,
    "legend.frameon": False, "legend.handlelength": 2.2,
    "legend.borderaxespad": 0.3, "legend.labelspacing": 0.3,
    "xtick.labelsize": 7.5, "ytick.labelsize": 7.5, "axes.linewidth": 0.7,
    "xtick.direction": "in", "ytick.direction": "in", "lines.linewidth": 1,
    "lines.markersize": 3.8, "errorbar.capsize": 1.8,
    "axes.unicode_minus": True, "pdf.fonttype": 42,
}
CURVES = len(COLOURS)  # in one panel
GREY = "0.45"


def words(name):
    return name.replace("_", " ").replace("$", r"\$").replace(
        "abs magnetization", "|magnetization|").replace(
            "mbar", "(MBAR)").replace("ln z", "ln Z")


def bracket(unit):
    return "  [%s]" % plain(unit) if unit not in ("", "1") else ""


def plain(text):
    """Text from a file: no dollar of it means mathematics, indices do."""
    text = re.sub(r"\b([A-Za-z])_(\w+)", r"$\1_{\\mathrm{\2}}$",
                  text.replace("$", r"\$"))
    text = re.sub(r"\^(\w+)", r"$^{\1}$", text)
    return re.sub(r"\bpi\b", r"$\\pi$", text)


def log_axis(axis):
    """Numbers rather than powers of ten, also between decades when there are
    few of those."""
    def between(y, _):
        low, high = np.sort(axis.get_view_interval())
        digits = ("" if high > 1e3 * low else
                  "25" if high > 12 * low else "23468")
        return "%g" % y if ("%e" % y)[0] in digits else ""

    axis.set_major_formatter(FuncFormatter(lambda y, _: "%g" % y))
    axis.set_minor_formatter(FuncFormatter(between))


def legend(ax, **where):
    """The data first, then lines."""
    handles, labels = ax.get_legend_handles_labels()
    order = sorted(range(len(handles)), key=lambda i: not isinstance(
        handles[i], ErrorbarContainer))
    ax.legend([handles[i] for i in order], [labels[i] for i in order],
              **where)


def legend_above(ax):
    """Room on top, where lines across the panel leave no other."""
    low, high = ax.get_ylim()
    lines = len(ax.get_legend_handles_labels()[0])
    ax.set_ylim(low, high + 0.1 * lines * (high - low))
    legend(ax, loc="best")


# ---- what is known beside the data -------------------------------------------

def draw_heights(ax, x, out, name, asked, factor=1):
    """Lines the model wants beside a quantity; of the same kind told once."""
    told = set()
    for says, values in out.heights(name):
        ax.plot(x, values[asked] * factor, color=GREY, linestyle="--",
                zorder=1, label=None if says in told else plain(says),
                marker="_" if len(x) == 1 else "")
        told.add(says)


def draw_transitions(ax, out, x, labelled):
    """Where transitions are, if within the range drawn."""
    for says, place in out.transitions():
        if np.min(x) <= place <= np.max(x):
            ax.axvline(place, color=GREY, linestyle=(0, (1, 1.5)), zorder=1,
                       label=plain(says) if labelled else None)


def mark_peak(ax, out, name):
    """Where a specific heat is highest, if clearly within the rungs asked for:
    without a model that knows more, that is the transition."""
    axis, q = out.axis(), out.estimates[name]
    mean, error = q.mean[out.first:], q.error[out.first:]
    if len(mean) < 3 or not np.isfinite(mean + error).all():
        return
    top = int(np.argmax(mean))
    if all(mean[top] - mean[end] > 3 * np.hypot(error[top], error[end])
           for end in (0, -1)):
        place = axis.values[out.first + top]
        ax.axvline(place, color=GREY, linestyle=(0, (1, 1.5)), zorder=1,
                   label="peak, %s = %s" % (axis.name, short(place)))


# ---- quantities --------------------------------------------------------------

def theory_of(out, name):
    """Theory for a quantity; one estimated in two ways has one theory."""
    for stem in (name.replace("_mbar", "").replace("_ti", ""), name):
        if stem in out.theory and np.isfinite(out.theory[stem].mean).any():
            return stem
    return None


def scale(out, name):
    """Entropy is extensive in the file: per site when the file says how many
    there are."""
    return (1 / float(out.sites) if name.startswith("entropy") and out.sites
            else 1.0)


def pull(quantity, theory):
    """(data - theory) in standard errors; NaN where neither has one."""
    error = np.hypot(quantity.error, np.nan_to_num(theory.error))
    return np.divide(quantity.mean - theory.mean, error,
                     out=np.full(len(error), np.nan), where=error > 0)


def label_y(out, names):
    q = out.estimates[names[0]]
    if names[0].startswith("entropy"):
        what = words(names[0]) + (" per " + out.site if out.sites else " $S$")
        return what + "  [%s]" % (q.unit if q.unit not in ("", "1")
                                  else "nats")
    if names[0].startswith("specific_heat"):
        return "specific heat" + bracket(q.unit)
    if len(names) == 1:
        per = " per " + out.site if q.per_site else ""
        return words(names[0]) + per + bracket(q.unit)
    if all(name.startswith(names[0]) for name in names):
        return words(names[0]) + bracket(q.unit)
    return "value" + (bracket(q.unit) or " (dimensionless)")


def title_of(out, names):
    reference = out.attributes.get("reference")
    if names[0].startswith("entropy") and reference:
        return "%s (reference: %s measure)" % (words(names[0]), reference)
    if names[0].startswith("specific_heat"):
        return "specific heat"
    return words(names[0]) + (" and others" if len(names) > 2 else
                              ", " + words(names[1]) if len(names) == 2
                              else "")


def make_room(ax, mean, curves):
    """A peak in the middle leaves both upper corners small: room on top for
    the legend."""
    good = np.isfinite(mean)
    if not good.any():
        return
    if ax.get_yscale() == "log":
        return
    place = np.argmax(np.where(good, mean, -np.inf)) / max(1, len(mean) - 1)
    if 0.15 < place < 0.85:
        low, high = ax.get_ylim()
        ax.set_ylim(low, high + 0.13 * (curves + 1) * (high - low))


def draw_limits(ax, out, x, names, asked):
    """Theory of infinite systems and approximations, grey."""
    for i, (solver, found) in enumerate(sorted(out.limits.items())):
        label = solver
        for name in names:
            if name in found and np.isfinite(found[name].mean[asked]).any():
                ax.plot(x, found[name].mean[asked] * scale(out, name),
                        color=str(0.35 + 0.12 * (i % 4)), linewidth=1.1,
                        linestyle=DASHES[1 + i % 4], zorder=1.5,
                        marker="x" if len(x) == 1 else "", label=label)
                label = None


def draw_quantities(fig, spec, out, names, labelled=False):
    asked = slice(out.first, None)
    axis = out.axis()
    x = axis.values[asked]
    theories = {}
    for name in names:
        if theory_of(out, name):
            theories.setdefault(theory_of(out, name), []).append(name)
    if theories:
        upper, lower = spec.subgridspec(2, 1, height_ratios=[3.4, 1],
                                        hspace=0.07)
        ax, below = fig.add_subplot(upper), fig.add_subplot(lower)
        ax.sharex(below)
        ax.tick_params(labelbottom=False)
    else:
        ax = below = fig.add_subplot(spec)
    for i, (stem, of) in enumerate(theories.items()):
        theory, factor = out.theory[stem], scale(out, of[0])
        colour = "black" if len(theories) == 1 else COLOURS[names.index(of[0])]
        label = theory.source.split(":")[0]
        ax.plot(x, theory.mean[asked] * factor, color=colour, zorder=2,
                linestyle=DASHES[i], marker="x" if len(x) == 1 else "",
                label="theory" + (": " + label if label else "")
                if i == 0 else None)
    for i, name in enumerate(names):
        q, factor = out.estimates[name], scale(out, name)
        look = {"color": COLOURS[i], "marker": MARKERS[i],
                "fillstyle": FILLS[i], "markersize": 3.8 + (i % 2) * 1.6}
        line = "none" if theory_of(out, name) else DASHES[i]
        error = np.where(np.isfinite(q.error), q.error, 0)
        ax.errorbar(x, q.mean[asked] * factor, error[asked] * factor,
                    linestyle=line, linewidth=0.7, elinewidth=0.8, zorder=3,
                    label=words(name) if len(names) > 1 else "data", **look)
        if not theory_of(out, name):
            draw_heights(ax, x, out, name, asked, factor)
        if theory_of(out, name):
            z = pull(q, out.theory[theory_of(out, name)])[asked]
            below.plot(x, z, linestyle="none", **look)
    draw_limits(ax, out, x, names, asked)
    draw_transitions(ax, out, x, labelled)
    if names[0].startswith("specific_heat") and not out.transitions():
        mark_peak(ax, out, names[-1])
    if theories:
        below.axhspan(-2, 2, color="0.9", zorder=0)
        below.axhline(0, color="black", linewidth=0.7)
        largest = max([4] + [1.2 * np.abs(line.get_ydata()[ok]).max()
                               for line in below.lines[:-1]
                               for ok in [np.isfinite(line.get_ydata())]
                               if ok.any()])
        below.set_ylim(-largest, largest)
        if largest < 8:
            below.set_yticks([-2, 0, 2])
        else:
            below.yaxis.set_major_locator(MaxNLocator(3, symmetric=True))
        below.set_ylabel("$z$")
    if axis.log:
        below.set_xscale("log")
        log_axis(below.xaxis)
    means = np.concatenate([out.estimates[n].mean[asked] for n in names])
    means = means[np.isfinite(means)]
    wide = means.size and min(means) > 0 and max(means) > 100 * min(means)
    if wide and not out.heights(names[0]):
        ax.set_yscale("log")
        log_axis(ax.yaxis)
    below.set_xlabel(axis.label)
    ax.set_ylabel(label_y(out, names))
    ax.margins(y=0.08)
    if out.heights(names[0]) or labelled and out.transitions():
        legend_above(ax)
    else:
        make_room(ax, out.estimates[names[0]].mean[asked], len(names))
        legend(ax, loc="best")
    ax.set_title(title_of(out, names))
    fig.align_ylabels([ax, below])
    if ax.get_yscale() == "linear":
        ax.ticklabel_format(axis="y", scilimits=(-3, 4), useMathText=True)
    ax.yaxis.get_offset_text().set_x(-0.13)


def rung_axis(ax, out):
    """x is the rung's number; above, what it stands for; anchor shaded."""
    axis = out.axis()
    ax.set_xlim(-0.6, out.rungs - 0.4)
    ticks = np.unique(np.linspace(0, out.rungs - 1, 5).round().astype(int))
    ax.set_xticks(ticks)
    ax.set_xlabel("rung, hot to cold" +
                  (" (shaded: anchor)" if out.first else ""))
    if out.first:
        ax.axvspan(-0.6, out.first - 0.5, color="0.93", zorder=0)
    if axis.name == "rung":
        return
    top = ax.secondary_xaxis("top")
    what = "$T$" if axis.name == "T" else words(axis.name)
    digits = next((d for d in (3, 4, 5) if len(
        {short(axis.values[i], d) for i in ticks}) == len(ticks)), 6)
    top.set_xticks(ticks, [("" if i else what + " = ") +
                           short(axis.values[i], digits) for i in ticks])
    top.tick_params(labelsize=7, pad=1)
    top.get_xticklabels()[0].set_horizontalalignment("left")


def short(x, digits=3):
    return r"$\infty$" if np.isinf(x) else "%.*g" % (digits, x)


def draw_exchange(fig, spec, out):
    ax = fig.add_subplot(spec)
    accept = out.acceptance()
    total = barrier(accept)
    rungs = np.arange(out.rungs)
    ax.bar(rungs[:-1] + 0.5, accept, width=0.86, color="0.8",
           edgecolor="0.35", linewidth=0.6, label="acceptance", zorder=2)
    ax.set_ylim(0, 1.18)
    ax.set_yticks([0, 0.2, 0.4, 0.6, 0.8, 1])
    if total[-1] > 0:
        ax.plot(rungs, total / total[-1], color="black", marker="o",
                markersize=3.4, markerfacecolor="white",
                label=r"barrier, share of $\Lambda$ = %.2f" % total[-1])
    ax.set_ylabel("swap acceptance;  share of $\\Lambda$")
    ax.legend(loc="upper center", ncol=2)
    rung_axis(ax, out)
    worst = (", worst swap %.0f %%" % (100 * np.nanmin(accept))
             if np.isfinite(accept).any() else ", not one tried")
    ax.set_title("exchange" + worst, pad=14)


def some_walkers(out):
    """Two walkers of the first (copy, sample), what they are, and how many
    last rows show a few of their round trips."""
    trips = out.round_trips
    if trips is None or trips.size < out.rungs:
        return [0, out.rungs - 1], "two walkers", 150
    order = np.argsort(trips.reshape(-1, out.rungs)[0], kind="stable")
    mean = trips.sum() / trips.size
    rows = 1.4 * out.rows / mean if mean else out.rows
    return (order[[0, -1]], "walkers of fewest (solid), most trips",
            int(np.clip(rows, 60, 300)))


def draw_flow(fig, spec, out, wide):
    rung = out.trajectories()
    walkers, which, rows = some_walkers(out)
    left, right = spec.subgridspec(1, 2, wspace=0.05,
                                   width_ratios=[5 if wide else 2.6, 1])
    ax = fig.add_subplot(left)
    beside = fig.add_subplot(right, sharey=ax)
    rows = min(rows * (2 if wide else 1), len(rung))
    sweep = out.sweep[-rows:]
    for i, walker in enumerate(walkers):
        ax.plot(sweep, rung[-rows:, 0, walker], color=COLOURS[i],
                linewidth=1.1, linestyle=DASHES[i])
    ax.set_ylim(out.rungs - 0.5, -0.5)
    ax.yaxis.set_major_locator(MaxNLocator(6, integer=True))
    ticks = MaxNLocator(3 + 2 * wide).tick_values(sweep[0], sweep[-1])
    last = 0.1 * sweep[0] + 0.9 * sweep[-1]  # room for the next tick labels
    ax.set_xticks(ticks[(ticks >= sweep[0]) & (ticks <= last)])
    ax.set_ylabel("rung (hot on top)")
    ax.set_xlabel("sweep (last %d rows)\n%s" % (rows, which))
    beside.plot(hot_fraction(rung), np.arange(out.rungs), color="black",
                marker="o", markersize=2.5)
    beside.plot([1, 0], [0, out.rungs - 1], color=GREY, linestyle=":")
    beside.set_xlim(-0.08, 1.08)
    beside.set_xticks([0, 1])
    beside.set_xlabel("share last\nat hot end")
    beside.tick_params(labelleft=False)
    for a in (ax, beside):
        if out.first:
            a.axhspan(-0.5, out.first - 0.5, color="0.93", zorder=0)
    title = "replica flow"
    if out.round_trips is not None and out.round_trips.size:
        title += ": %d round trips, fewest %d" % (out.round_trips.sum(),
                                                  out.round_trips.min())
    ax.set_title(title)


def times(out):
    """{name: tau_int} of recorded quantities, equal curves once."""
    found = {}
    for name in sorted(out.recorded, key=lambda n: n == "u"):
        if name in out.estimates:
            tau = out.estimates[name].tau_int
            if np.any(tau > 0) and not any(
                    np.allclose(tau, other, equal_nan=True)
                    for other in found.values()):
                found[name] = tau
    return dict(list(found.items())[:CURVES])


def draw_times(fig, spec, out):
    ax = fig.add_subplot(spec)
    curves = times(out)
    rungs = np.arange(out.rungs)
    for i, (name, tau) in enumerate(curves.items()):
        ax.plot(rungs, np.where(tau > 0, tau, np.nan), color=COLOURS[i],
                marker=MARKERS[i], fillstyle=FILLS[i], linestyle=DASHES[i],
                linewidth=0.8, label=words(name))
    ax.set_yscale("log")
    log_axis(ax.yaxis)
    limit = out.sweep[-1] / 50 if len(out.sweep) else np.inf
    if limit < 30 * max(np.nanmax(tau) for tau in curves.values()):
        ax.axhline(limit, color=GREY, linestyle=":", label="run length / 50")
    ax.set_ylabel(r"$\tau_\mathrm{int}$  [sweeps]")
    low, high = ax.get_ylim()
    ax.set_ylim(low, high * (high / low) ** 0.25)
    ax.legend(loc="upper right", ncol=2)
    rung_axis(ax, out)
    fewest = [np.nanmin(out.estimates[n].n_eff) for n in curves
              if np.isfinite(out.estimates[n].n_eff).any()]
    ax.set_title("autocorrelation" + (r", $\mathbf{n_{eff}} \geq$ %.3g" %
                                      min(fewest) if fewest else ""), pad=14)


def draw_trace(fig, spec, out):
    """Without estimates: u as it was recorded, on three rungs."""
    ax = fig.add_subplot(spec)
    axis = out.axis()
    step = max(1, out.rows // 400)
    with out.open() as file:
        u = file["series/u"]
        for i, rung in enumerate(np.unique(
                [out.first, (out.first + out.rungs - 1) // 2, out.rungs - 1])):
            ax.plot(out.sweep[::step], u[:out.rows:step, 0, 0, rung, 0],
                    color=COLOURS[i], linewidth=0.8, linestyle=DASHES[i],
                    label="%s = %s" % (axis.name, short(axis.values[rung])))
    ax.set_ylabel("u" + bracket(out.unit))
    ax.set_xlabel("sweep")
    ax.margins(y=0.2)
    ax.legend(loc="upper right", ncol=3)
    ax.set_title("series of u (no estimates yet)")
