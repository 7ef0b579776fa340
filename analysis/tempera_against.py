"""One page over many output files against the key in which they differ, say
alpha of a learning model: each shared quantity in a panel, at the coldest rung
and at others that all files have. Runs that started differently (random,
planted) are curves of their own: where they part there are two branches."""
import numpy as np

import tempera_compare as compare
import tempera_panels as panels

VALUES = 5  # fewer are curves over the ladder, of tempera_compare
CURVES = 3
PANELS = 6


def number(value):
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def key_of(outs):
    """The one number of the model that makes the files a curve, or None."""
    settings = [compare.flat(out.model) for out in outs]
    differ = [key for key in settings[0] if key not in ("seed", "first_sample")
              and len({s.get(key) for s in settings}) > 1]
    if len(differ) != 1 or any(number(s.get(differ[0])) is None
                               for s in settings):
        return None
    values = {number(s[differ[0]]) for s in settings}
    return differ[0] if len(values) >= VALUES else None


def rungs(outs):
    """Rungs, counted from the cold end, with the same lambda in all files: at
    most CURVES, the coldest first."""
    most = min(out.rungs - out.first for out in outs)
    same = [-k for k in range(1, most + 1)
            if all(np.allclose(out.ladder[-k], outs[0].ladder[-k])
                   for out in outs)]
    picks = np.unique(np.linspace(0, len(same) - 1, CURVES).round())
    return [same[int(i)] for i in picks] if same else []


def choose(outs):
    names = compare.choose(outs)
    more = [name for name in ("ln_z", "entropy")
            if all(name in out.estimates for out in outs)]
    return [name for name in names if name not in more][
        :PANELS - len(more)] + more


def points(outs, key, name, rung):
    """x, mean, error, theory sorted by x."""
    rows = []
    for out in outs:
        q = out.estimates[name]
        theory = out.theory.get(name)
        factor = panels.scale(out, name)
        rows.append((number(compare.flat(out.model)[key]),
                     q.mean[rung] * factor, q.error[rung] * factor,
                     theory.mean[rung] * factor if theory else np.nan))
    return np.array(sorted(rows)).T


def groups(outs):
    """{how the runs began: files}"""
    found = {}
    for out in outs:
        found.setdefault(out.start, []).append(out)
    return found


def at_rung(out, rung):
    axis = out.axis()
    return "%s = %.4g" % (axis.name, axis.values[rung])


def draw_limit(ax, outs, key, name, rung, solver, look):
    """Theory that is no law for these runs, grey."""
    rows = sorted((number(compare.flat(out.model)[key]),
                   out.limits[solver][name].mean[rung] *
                   panels.scale(out, name))
                  for out in outs if name in out.limits.get(solver, {}))
    if rows and np.isfinite(np.array(rows)[:, 1]).any():
        j, k = look
        ax.plot(*np.array(rows).T, color=str(0.35 + 0.12 * (j % 4)),
                linewidth=1.1, linestyle=panels.DASHES[(j + 1) % 5],
                zorder=1.5, label=solver if k == 0 else None)


def draw(fig, spec, outs, key, name):
    ax = fig.add_subplot(spec)
    curve = 0
    begun = groups(outs)
    for rung in rungs(outs)[:1 if len(begun) > 1 else CURVES]:
        for start, files in begun.items():
            x, y, error, theory = points(files, key, name, rung)
            k = curve % panels.CURVES
            said = at_rung(files[0], rung)
            if len(begun) > 1:
                said += ", from %s states" % start
            ax.errorbar(x, y, np.where(np.isfinite(error), error, 0),
                        color=panels.COLOURS[k], marker=panels.MARKERS[k],
                        fillstyle=panels.FILLS[k], linestyle=panels.DASHES[k],
                        linewidth=0.8, elinewidth=0.8, label=said)
            if np.isfinite(theory).any():
                ax.plot(x, theory, color="black", linewidth=0.8,
                        linestyle=panels.DASHES[k])
            for j, solver in enumerate(sorted(files[0].limits)):
                draw_limit(ax, files, key, name, rung, solver, (j, k))
            curve += 1
    ax.set_xlabel(key)
    ax.set_ylabel(panels.label_y(outs[0], [name]))
    ax.set_title(panels.words(name))
    panels.legend(ax, loc="best")
    ax.ticklabel_format(axis="y", scilimits=(-3, 4), useMathText=True)


def page(plt, outs):
    """The figure; None when the files are no such curve."""
    key = key_of(outs)
    names = choose(outs) if key and rungs(outs) else []
    if not names:
        return None
    rows = (len(names) + 1) // 2
    height = 1.1 + 2.75 * rows
    fig = plt.figure(figsize=(8.27, height))
    fig.text(0.06, 1 - 0.32 / height, "%s against %s" % (
        outs[0].model.get("name", "tempera"), key), fontsize=14,
        fontweight="bold", va="center")
    good = sum(out.verdict == "ok" for out in outs)
    fig.text(0.06, 1 - 0.58 / height, "verdict ok: %d of %d files" % (
        good, len(outs)), fontsize=8, va="center", color="0.25")
    fig.text(0.06, 0.12 / height, "bars: one standard error; black: theory; "
             "grey: theory that is no law for these systems",
             fontsize=6.5, va="center", color="0.35")
    grid = fig.add_gridspec(rows, 2, left=0.09, right=0.975,
                            top=1 - 0.95 / height, bottom=0.62 / height,
                            hspace=0.42, wspace=0.27)
    for i, name in enumerate(names):
        row, column = divmod(i, 2)
        alone = len(names) % 2 == 1 and i == len(names) - 1
        draw(fig, grid[row, :] if alone else grid[row, column], outs, key,
             name)
    return fig
