"""One page over several output files that differ in one key, say the size of
the lattice: every quantity they share in one panel, a curve a file. Where
dimensionless curves cross, as they do at a continuous transition whatever the
model, the crossing of neighbouring files is marked, with its error."""
import numpy as np

import tempera_panels as panels
import tempera_quench as quench
import tempera_shapes as shapes

PANELS = 6
GREY = "0.45"


def flat(value, prefix=""):
    """{key: value} of nested settings."""
    if not isinstance(value, dict):
        return {prefix: str(value)}
    found = {}
    for key, inner in value.items():
        found.update(flat(inner, key if not prefix else prefix + "." + key))
    return found


def labels(outs):
    """What tells the files apart: the model keys that differ, else names."""
    all_keys = [flat(out.model) for out in outs]
    differ = [key for key in all_keys[0]
              if len({keys.get(key) for keys in all_keys}) > 1 and
              key not in ("seed", "first_sample")]
    if not differ:
        return [out.path for out in outs]
    return [", ".join("%s = %s" % (key, keys.get(key)) for key in differ)
            for keys in all_keys]


def crossing_size(name):
    """Quantities whose curves of different sizes cross at a transition."""
    return "binder" in name or name.endswith("_ratio") or \
        name == "helicity_modulus"


def choose(outs):
    shared = [name for name, q in outs[0].estimates.items()
              if all(name in out.estimates for out in outs) and
              q.mean.ndim == 1 and
              not name.startswith(("ln_z", "free_energy", "u")) and
              not name.endswith("_mbar") and
              not all(out.is_zero(name) for out in outs)]
    crossing = [name for name in shared if crossing_size(name)]
    plain = [name for name in shared if name in outs[0].recorded]
    rest = [name for name in shared if name not in crossing + plain]
    return (crossing + plain + rest)[:PANELS]


def crossing(a, b, name, draws=400):
    """(x, y, error of x) where the curves of two files cross last (seen from
    the cold end), by straight lines between points; the error from normal
    draws of the points. None when they do not."""
    rng = np.random.default_rng(1)

    def where(shift_a, shift_b):
        xa, xb = a.axis().values[a.first:], b.axis().values[b.first:]
        ya = a.estimates[name].mean[a.first:] + shift_a
        yb = b.estimates[name].mean[b.first:] + shift_b
        order_a, order_b = np.argsort(xa), np.argsort(xb)
        low = max(xa.min(), xb.min())
        high = min(xa.max(), xb.max())
        x = np.linspace(low, high, 2001)
        difference = (np.interp(x, xa[order_a], ya[order_a]) -
                      np.interp(x, xb[order_b], yb[order_b]))
        change = np.nonzero(np.diff(np.sign(difference)))[0]
        if not len(change):
            return None
        i = change[0]
        return x[i], np.interp(x[i], xa[order_a], ya[order_a])

    def noise(out):
        error = out.estimates[name].error[out.first:]
        return np.where(np.isfinite(error), error, 0) * rng.normal(
            size=len(error))

    found = where(0, 0)
    if found is None:
        return None
    others = [where(noise(a), noise(b)) for _ in range(draws)]
    others = [other[0] for other in others if other is not None]
    return found[0], found[1], np.std(others)


def with_error(x, error):
    """1.27(13): the error's two first digits."""
    digits = max(0, 1 - int(np.floor(np.log10(error)))) if error > 0 else 4
    return "%.*f(%.0f)" % (digits, x, error * 10 ** digits)


def draw(fig, spec, outs, names_of_files, name, labelled):
    ax = fig.add_subplot(spec)
    axis = outs[0].axis()
    for i, out in enumerate(outs):
        q = out.estimates[name]
        asked = slice(out.first, None)
        k = i % panels.CURVES
        error = np.where(np.isfinite(q.error), q.error, 0)
        factor = panels.scale(out, name)
        ax.errorbar(out.axis().values[asked], q.mean[asked] * factor,
                    error[asked] * factor,
                    color=panels.COLOURS[k], marker=panels.MARKERS[k],
                    fillstyle=panels.FILLS[k], linestyle=panels.DASHES[k],
                    linewidth=0.8, elinewidth=0.8, label=names_of_files[i])
    x = np.concatenate([out.axis().values[out.first:] for out in outs])
    panels.draw_heights(ax, outs[0].axis().values[outs[0].first:], outs[0],
                        name, slice(outs[0].first, None),
                        panels.scale(outs[0], name))
    panels.draw_transitions(ax, outs[0], x, labelled)
    title = panels.words(name)
    crossings = [crossing(a, b, name) for a, b in zip(outs, outs[1:])] \
        if crossing_size(name) else []
    crossings = [c for c in crossings if c]
    for x, y, _ in crossings:
        ax.plot([x], [y], marker="o", markersize=9, fillstyle="none",
                color="black", linestyle="none")
    if crossings:
        title = title.replace("overlap correlation length ratio",
                              "xi / L of the overlap")
        title += ": crossing " + ", ".join(
            with_error(x, error) for x, _, error in crossings)
    if axis.log:
        ax.set_xscale("log")
    ax.set_xlabel(axis.label)
    ax.set_ylabel(panels.label_y(outs[0], [name]))
    ax.set_title(title, fontsize=8 if crossings else None)
    if outs[0].heights(name) or labelled and outs[0].transitions():
        panels.legend_above(ax)
    else:
        panels.legend(ax, loc="best")
    ax.ticklabel_format(axis="y", scilimits=(-3, 4), useMathText=True)


def draw_phases(fig, spec, outs, names_of_files):
    """Two phases side by side: the density of the energy where both peaks are
    equally high, and how far they are apart."""
    ax = fig.add_subplot(spec)
    for i, out in enumerate(outs):
        phases = shapes.equal_heights(out)
        if phases is None:
            continue
        place, x, p, (cold, hot) = phases
        k = i % panels.CURVES
        ax.plot(x, p, color=panels.COLOURS[k], linestyle=panels.DASHES[k],
                label="%s: %s = %.4g, %.2f apart" % (
                    names_of_files[i], out.axis().name, place, hot - cold))
    shapes.draw_phases(ax, outs[0])
    low, high = ax.get_ylim()
    lines = len(ax.get_legend_handles_labels()[0])
    ax.set_ylim(0, high * (1.15 + 0.08 * lines))
    ax.set_yticks([])
    ax.set_xlabel("energy per site" + panels.bracket(outs[0].unit))
    ax.legend(loc="upper center")
    constant = [values[0] for _, values in outs[0].heights("energy")
                if np.ptp(values) == 0]
    ax.set_title("density of the energy, peaks equally high" + (
        " (lines: %.3f apart)" % np.ptp(constant) if len(constant) == 2
        else ""))


def page(plt, outs):
    """The figure; None when the files share no estimates."""
    curves = all(quench.quenched(out) for out in outs)
    names = quench.in_common(outs)[:6] if curves else choose(outs)
    if not names:
        return None
    told = labels(outs)
    phases = not curves and sum(shapes.equal_heights(out) is not None
                                for out in outs) > 1
    rows = (len(names) + 1) // 2 + phases
    height = 1.1 + 2.75 * rows
    fig = plt.figure(figsize=(8.27, height))
    model = outs[0].model.get("name", "tempera")
    fig.text(0.06, 1 - 0.32 / height, model, fontsize=14, fontweight="bold",
             va="center")
    verdicts = ", ".join("%s: %s" % (t, out.verdict or "-")
                         for t, out in zip(told, outs))
    fig.text(0.06, 1 - 0.58 / height, "verdicts: " + verdicts, fontsize=8,
             va="center", color="0.25")
    fig.text(0.06, 0.12 / height, "lines: the median walker; bands: 80 % of "
             "them" if curves else "bars: one standard error; circles: "
             "crossings of neighbouring files, errors in units of the last "
             "digit",
             fontsize=6.5, va="center", color="0.35")
    grid = fig.add_gridspec(rows, 2, left=0.09, right=0.975,
                            top=1 - 0.95 / height, bottom=0.62 / height,
                            hspace=0.42, wspace=0.27)
    if phases:
        draw_phases(fig, grid[0, :], outs, told)
    for i, name in enumerate(names):
        row, column = divmod(i, 2)
        row += phases
        alone = len(names) % 2 == 1 and i == len(names) - 1
        place = grid[row, :] if alone else grid[row, column]
        if curves:
            quench.draw_together(fig, place, outs, told, name)
        else:
            draw(fig, place, outs, told, name, i == 0)
    return fig
