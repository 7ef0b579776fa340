"""Panel of tempera_plot that shows configurations of a two-dimensional
lattice: after a quench at three times, else on three rungs."""
import numpy as np
from matplotlib.colors import ListedColormap

from tempera_panels import COLOURS, short
from tempera_shapes import rungs_shown
from tempera_time import times_shown


def stored(out):
    """(path of the last states, path of those of all times), or None where
    there is no picture of them."""
    if len(out.lattice) != 2:
        return None
    with out.open() as file:
        last = file.get("states/last", {})
        for name, data in last.items():
            if data.ndim in (5, 6) and \
                    int(file["states/last"].attrs.get("sweep", -1)) >= 0:
                return "states/last/" + name, "states/" + name
    return None


def choose(out):
    """[(what it is, site values)] of three configurations of the first walker
    or of three rungs."""
    last, every = stored(out)
    with out.open() as file:
        if out.growth() and len(file["states/sweep"]) > 2:
            sweep = file["states/sweep"][...].astype(float)
            sweep = sweep[sweep <= out.sweep[-1]]
            return [("$t$ = %d" % sweep[i], file[every][i, 0, 0, -1])
                    for i in times_shown(sweep, 3)]
        axis = out.axis()
        return [("%s = %s" % (axis.name, short(axis.values[r])),
                 file[last][0, 0, r]) for r in rungs_shown(out)]


def image(values):
    """(two-dimensional numbers, how to colour them)."""
    if values.ndim == 3 and values.shape[2] == 2:
        angle = np.arctan2(values[..., 1], values[..., 0])
        return angle, {"cmap": "twilight", "vmin": -np.pi, "vmax": np.pi}
    if values.ndim == 3:
        return values[..., -1], {"cmap": "cividis", "vmin": -1, "vmax": 1}
    if np.issubdtype(values.dtype, np.integer) and \
            len(np.unique(values)) <= 2 and values.min() >= -1:
        return values > 0, {"cmap": ListedColormap(["white", COLOURS[0]]),
                            "vmin": 0, "vmax": 1}
    return values, {"cmap": "viridis"}


def draw_states(fig, spec, out):
    shown = choose(out)
    grid = spec.subgridspec(1, len(shown), wspace=0.06)
    for i, (what, values) in enumerate(shown):
        ax = fig.add_subplot(grid[i])
        numbers, look = image(values)
        ax.imshow(numbers, interpolation="nearest", **look)
        ax.set_xticks([])
        ax.set_yticks([])
        ax.set_xlabel(what)
        if i == 0:
            ax.set_title("configurations" + (
                " (colour: angle)" if values.ndim == 3 and
                values.shape[2] == 2 else ""))
