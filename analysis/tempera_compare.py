"""One page over several output files that differ in one key, say the size of
the lattice: every quantity they share in one panel, a curve a file. Where
dimensionless curves cross, as they do at a continuous transition whatever the
model, the crossing of neighbouring files is marked, with its error."""
import numpy as np

import tempera_panels as panels

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
              not name.startswith(("ln_z", "free_energy", "u"))]
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


def draw(fig, spec, outs, names_of_files, name):
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
            "%.2f(%.0f)" % (x, 100 * error) for x, _, error in crossings)
    if axis.log:
        ax.set_xscale("log")
    ax.set_xlabel(axis.label)
    ax.set_ylabel(panels.label_y(outs[0], [name]))
    ax.set_title(title, fontsize=8 if crossings else None)
    ax.legend(loc="best")
    ax.ticklabel_format(axis="y", scilimits=(-3, 4), useMathText=True)


def page(plt, outs):
    """The figure; None when the files share no estimates."""
    names = choose(outs)
    if not names:
        return None
    told = labels(outs)
    rows = (len(names) + 1) // 2
    height = 1.1 + 2.75 * rows
    fig = plt.figure(figsize=(8.27, height))
    model = outs[0].model.get("name", "tempera")
    fig.text(0.06, 1 - 0.32 / height, model, fontsize=14, fontweight="bold",
             va="center")
    verdicts = ", ".join("%s: %s" % (t, out.verdict or "-")
                         for t, out in zip(told, outs))
    fig.text(0.06, 1 - 0.58 / height, "verdicts: " + verdicts, fontsize=8,
             va="center", color="0.25")
    fig.text(0.06, 0.12 / height, "bars: one standard error; circles: "
             "crossings of neighbouring files, with errors in hundredths",
             fontsize=6.5, va="center", color="0.35")
    grid = fig.add_gridspec(rows, 2, left=0.09, right=0.975,
                            top=1 - 0.95 / height, bottom=0.62 / height,
                            hspace=0.42, wspace=0.27)
    for i, name in enumerate(names):
        row, column = divmod(i, 2)
        alone = len(names) % 2 == 1 and i == len(names) - 1
        draw(fig, grid[row, :] if alone else grid[row, column], outs, told,
             name)
    return fig
