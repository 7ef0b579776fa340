"""Panels of tempera_plot for a quench: training curves, final states against
the rung they came from, minima."""
import numpy as np

from tempera_panels import COLOURS, DASHES, GREY, MARKERS, bracket, log_axis, \
    short, words

POINTS = 200  # of a curve, evenly on a logarithmic axis


def quenched(out):
    return "gradient_norm" in out.recorded and out.rows > 0


def rungs_shown(out, most=len(COLOURS)):
    """At most so many, both ends among them."""
    count = min(most, out.rungs - out.first)
    return np.unique(np.linspace(out.first, out.rungs - 1, count).astype(int))


def rows_shown(out):
    if out.rows <= POINTS:
        return np.arange(out.rows)
    return np.unique(np.geomspace(1, out.rows, POINTS).astype(int)) - 1


def walkers(out, name, rung):
    """[time][walker]; of u its first component."""
    with out.open() as file:
        data = file["series"][name][:out.rows, :, :, rung]
    if name == "u":
        data = data[..., 0]
    return data.reshape(len(data), -1)


def label_of(out, rung):
    axis = out.axis()
    if out.first + 1 == out.rungs:
        return "%d walkers" % np.prod(out.series_shape["u"][1:3])
    return "%s = %s" % (axis.name, short(axis.values[rung]))


def scale_y(ax, least, most):
    """Logarithmic where all is positive and ranges over decades."""
    if least > 0 and most > 10 * least:
        ax.set_yscale("log")
        if most < 1e4 * least:
            log_axis(ax.yaxis)


def draw_curve(ax, out, name, rung, colour, style, label):
    """The middle walker, and what 80 % of them are within."""
    rows, data = rows_shown(out), walkers(out, name, rung)[rows_shown(out)]
    low, middle, high = np.percentile(data, (10, 50, 90), axis=1)
    ax.plot(out.sweep[rows], middle, color=colour, linestyle=style,
            label=label, marker="o" if len(rows) < 3 else "")
    if data.shape[1] > 1:
        ax.fill_between(out.sweep[rows], low, high, color=colour, alpha=0.15,
                        linewidth=0)
    return np.nanmin(low), np.nanmax(high)


def draw_curves(fig, spec, out, names, title):
    """Against the step: a colour a rung, a line style a quantity."""
    ax = fig.add_subplot(spec)
    ends = []
    most = len(COLOURS) if len(names) == 1 else 2
    for i, rung in enumerate(rungs_shown(out, most)):
        for j, name in enumerate(names):
            ends.append(draw_curve(
                ax, out, name, rung, COLOURS[i], DASHES[j % len(DASHES)],
                "%s%s" % (words(name) + ", " if len(names) > 1 else "",
                          label_of(out, rung))))
    if "gradient_norm" in names and tolerance(out):
        ax.axhline(tolerance(out), color=GREY, linestyle="--",
                   label="tolerance")
        ends.append((tolerance(out), tolerance(out)))
    if out.rows > 2:
        ax.set_xscale("log")
        log_axis(ax.xaxis)
    scale_y(ax, min(end[0] for end in ends), max(end[1] for end in ends))
    ax.set_xlabel("step  [sweeps]")
    unit = bracket(out.unit) if names == ["u"] else ""
    ax.set_ylabel(words(names[0]) + unit if len(names) == 1 else "fraction")
    ax.legend(loc="best", ncol=2 if len(ends) > 4 else 1)
    ax.set_title(title)


def in_common(outs):
    """What all files have curves of, u first."""
    first = ["u", "gradient_norm", "training_error", "test_error"]
    names = [name for name in outs[0].recorded if name not in first and
             name != "energy" and len(outs[0].series_shape[name]) == 4]
    return [name for name in first + names
            if all(name in out.recorded for out in outs)]


def draw_together(fig, spec, outs, told, name):
    """A curve a file, of the last rung."""
    ax = fig.add_subplot(spec)
    ends = [draw_curve(ax, out, name, out.rungs - 1,
                       COLOURS[i % len(COLOURS)], DASHES[i % len(DASHES)],
                       told[i]) for i, out in enumerate(outs)]
    ax.set_xscale("log")
    log_axis(ax.xaxis)
    scale_y(ax, min(end[0] for end in ends), max(end[1] for end in ends))
    ax.set_xlabel("step  [sweeps]")
    unit = bracket(outs[0].unit) if name == "u" else ""
    ax.set_ylabel(words(name) + unit)
    ax.legend(loc="best")
    ax.set_title("training curves" if name == "u" else words(name))


def tolerance(out):
    with out.open() as file:
        if "minima" not in file:
            return 0
        return float(file["minima"].attrs.get("tolerance", 0))


def draw_final(fig, spec, out):
    """u of the final states against where they came from."""
    ax = fig.add_subplot(spec)
    axis = out.axis()
    last = np.array([walkers(out, "u", rung)[-1]
                     for rung in range(out.first, out.rungs)])
    x = axis.values[out.first:]
    for one in last.T:
        ax.plot(x, one, color=GREY, marker=".", markersize=2, linestyle="none")
    count = last.shape[1]
    error = (last.std(axis=1, ddof=1) / np.sqrt(count) if count > 1 else
             np.zeros(len(last)))
    ax.errorbar(x, last.mean(axis=1), error, color=COLOURS[0], marker="o",
                zorder=3, label="mean; dots: %d walkers a rung" % count)
    if axis.log:
        ax.set_xscale("log")
        log_axis(ax.xaxis)
    ax.set_xlabel("they came from: " + axis.label)
    ax.set_ylabel("u of final states" + bracket(out.unit))
    ax.legend(loc="best")
    ax.set_title("inherent structures")


def minima(out):
    """(u, hits) of those in the file, by u."""
    with out.open() as file:
        group = file.get("minima", {})
        names = sorted((name for name in group if name.isdigit()), key=int)
        return (np.array([group[name]["u"][()] for name in names]),
                np.array([group[name]["hits"][()] for name in names]))


def draw_minima(fig, spec, out):
    ax = fig.add_subplot(spec)
    u, hits = minima(out)
    if hits.max() > 1:
        ax.vlines(u, 0, hits, color=COLOURS[0], linewidth=1)
        ax.plot(u, hits, color=COLOURS[0], marker=MARKERS[0],
                linestyle="none")
        ax.set_ylim(0, hits.max() * 1.15)
        ax.margins(x=0.08)
        ax.set_xlabel("u" + bracket(out.unit))
        ax.set_ylabel("walkers that met it")
    else:
        ax.plot(u, color=COLOURS[0], marker=MARKERS[0], linestyle="none",
                label="each met by one walker")
        ax.set_xlabel("minimum, by u")
        ax.set_ylabel("u" + bracket(out.unit))
        ax.legend(loc="upper left")
    ax.set_title("distinct final states: %d" % len(u))


def panels(out):
    """[draw function of (figure, place)], and which are two columns wide."""
    errors = [name for name in ("training_error", "test_error")
              if name in out.recorded]
    rest = [name for name in out.recorded
            if name not in ("u", "energy", "gradient_norm", *errors) and
            len(out.series_shape[name]) == 4]
    curves = [(["u"], "training curves"),
              (["gradient_norm"], "distance to a minimum: |gradient|")]
    curves += [(errors, "errors")] if errors else []
    curves += [([name], words(name)) for name in rest[:3]]
    drawn = [lambda fig, at, what=what: draw_curves(fig, at, out, *what)
             for what in curves]
    if out.rungs - out.first > 1:
        drawn.append(lambda fig, at: draw_final(fig, at, out))
    if len(minima(out)[0]) > 1:
        drawn.append(lambda fig, at: draw_minima(fig, at, out))
    return drawn, {0} if len(drawn) % 2 else set()
