#!/usr/bin/env python3
"""Panels of the picture that are chosen by what a file holds (a quench, two
phases, a search, configurations, windows of time), on made-up files: what is
drawn is what the file says. Mutants are rejected by the same checks."""
import copy
import os
import sys
import tempfile

import h5py
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "analysis")]
sys.dont_write_bytecode = True
import tempera_against  # noqa: E402
import tempera_compare  # noqa: E402
import tempera_file  # noqa: E402
import tempera_plot  # noqa: E402
import tempera_shapes  # noqa: E402
import tempera_states  # noqa: E402
import tempera_time  # noqa: E402
from made_up_file import SITES, write  # noqa: E402

BETA = 1 / np.linspace(3, 1.8, 7)
ROWS, WALKERS, SIZE = 60, 8, 32
A, B = 3.0, 0.5  # length = A + B t^(1/3)
WEIGHTS, PEAKS, WIDTH = (0.3, 0.7), (-1.7, -0.9), 0.08  # two phases


def guide(file, number, of, says, values, power=0.0):
    path = "guides/%02d" % number
    file[path] = values
    file[path].attrs.update(of=of, says=says, power=power)


# ---- made-up files -----------------------------------------------------------

def quench(path):
    """Domains that grow: S(n) is a peak at n = SIZE / length alone, energies
    are -2 + 1 / length."""
    rng = np.random.default_rng(2)
    sweep = 50 * np.arange(1, ROWS + 1)
    length = A + B * sweep[:, None] ** (1 / 3) + 0.02 * rng.standard_normal(
        (ROWS, WALKERS))
    n = np.arange(SIZE // 2 + 1)
    low = np.floor(SIZE / length)
    high = SIZE / length - low  # between two n: <n> is exact
    structure = ((n == low[..., None]) * (1 - high[..., None]) +
                 (n == low[..., None] + 1) * high[..., None])
    structure[..., 0] = 100  # a magnetisation that is none of its business
    spin = rng.choice([-1, 1], (6, WALKERS, 1, 1, SIZE, SIZE))
    with h5py.File(path, "w") as file:
        file["input"] = "model = { name = \"ising\"; shape = [32, 32]; };"
        file["ladder/lambda"] = [[0.5]]
        file["ladder/lambda"].attrs["names"] = ["beta"]
        file["series/sweep"] = sweep
        file["series"].attrs.update(rows=ROWS, sites=SITES)
        file["series/u"] = np.zeros((ROWS, WALKERS, 1, 1, 1))
        file["series/energy"] = (-2 + 1 / length)[:, :, None, None]
        file["series/structure_factor"] = structure[:, :, None, None]
        file["series/structure_factor"].attrs["axis"] = "n"
        file["states/sweep"] = 500 * np.arange(1, 7)
        file["states/spin"] = spin.astype(np.int8)
        file["states/last/spin"] = spin[-1].astype(np.int8)
        file["states/last"].attrs["sweep"] = 3000
        guide(file, 0, "structure_factor", "a law", 1 / 3, 1 / 3)
        guide(file, 1, "energy", "at rest", [-2.0])
    return length, spin


def phases(path):
    """u of two phases on the rung in the middle, whose heat is largest."""
    rng = np.random.default_rng(4)
    write(path, BETA, 0)
    with h5py.File(path, "r+") as file:
        shape = file["series/u"][:, :, 0, 3, 0].shape
        peak = rng.choice(PEAKS, shape, p=WEIGHTS)
        file["series/u"][:, :, 0, 3, 0] = SITES * (
            peak + WIDTH * rng.standard_normal(shape))
        file["estimates/specific_heat/mean"][3] = 50
        guide(file, 0, "energy", "phases", np.full(7, PEAKS[0]))
        guide(file, 1, "energy", "phases", np.full(7, PEAKS[1]))
        guide(file, 2, "beta", "T_c", np.full(7, 0.4))


def search(path):
    """A cut, (300 - u) / 2, sought on the coldest rung; windows of time."""
    write(path, BETA, 0, exchange=False)
    with h5py.File(path, "r+") as file:
        file["anneal/best_u"] = [-1000.0]
        file["anneal/first_hit_s"] = [1.5]
        file["anneal/hits"] = [3]
        file["anneal/of_u/best_cut"] = [150.0, -0.5]
        file["anneal/of_u/best_cut_ratio"] = [1.0, -1 / 300]
        file["anneal/of_u/best_value"] = [0.0, 1.0]
        guide(file, 0, "energy", "bound", np.full(7, -1.0))
        group = "windows/"
        file[group + "sweeps"] = [[10, 20], [5, 9]]
        for i, name in enumerate(("energy", "energy_by_link_overlap")):
            file[group + name + "/mean"] = np.arange(14).reshape(2, 7) + i
            file[group + name + "/error"] = np.ones((2, 7)) / 10


# ---- what is drawn -----------------------------------------------------------

def panel(out, title):
    """The axes of that title, of the figure of a file or one given."""
    figure = tempera_plot.page(out)
    found = [ax for ax in figure.axes
             if ax.get_title(loc="left").startswith(title)]
    tempera_plot.plt.close(figure)
    return found[0] if found else None


def points(ax, number=0):
    return ax.containers[number].lines[0].get_xydata()


def lengths_drawn(made):
    out, length, _ = made["quench"]
    good = True
    for title, scale in (("domain length", 1), ("1 / excess", 1)):
        ax = panel(out, title)
        data = points(ax)
        row = np.round(data[:, 0] / 50).astype(int) - 1
        good = good and np.allclose(data[:, 1], length[row].mean(axis=1)) \
            and ax.get_xscale() == ax.get_yscale() == "log" \
            and len(data) > 15
    return good


def law_found(made):
    """Fitted lines: within five errors of what was put in, all over a line
    drawn."""
    out, length, _ = made["quench"]
    a, b, error = tempera_time.law(out.sweep.astype(float), length, 1 / 3)
    ax = panel(out, "domain length")
    lines = {line.get_label(): line.get_xydata() for line in ax.lines}
    fit = next(xy for label, xy in lines.items() if "+" in label)
    pure = next(xy for label, xy in lines.items() if "a law" in label)
    slope = np.diff(np.log(pure[[0, -1]]), axis=0)[0]
    return (abs(b - B) < 5 * error and error < 0.01 and
            np.allclose(fit[:, 1], A + B * fit[:, 0] ** (1 / 3), rtol=0.02)
            and np.isclose(slope[1] / slope[0], 1 / 3))


def states_drawn(made):
    """At the first, a middle and the last time, of the first walker."""
    out, _, spin = made["quench"]
    figure = tempera_plot.page(out)
    images = [(ax.get_xlabel(), ax.images[0].get_array())
              for ax in figure.axes if ax.images]
    tempera_plot.plt.close(figure)
    return [what for what, _ in images] == [
        "$t$ = %d" % t for t in (500, 1500, 3000)] and all(
            np.array_equal(image, spin[i, 0, 0, 0] > 0)
            for i, (_, image) in zip((0, 2, 5), images))


def equally_high(made):
    """Normal peaks tilted by d are equally high where w e^(-d N e) agree."""
    found = tempera_shapes.equal_heights(made["phases"])
    if found is None:
        return False
    T, x, p, peaks = found
    shift = np.log(WEIGHTS[0] / WEIGHTS[1]) / (SITES * (PEAKS[0] - PEAKS[1]))
    moved = np.array(PEAKS) - shift * SITES * WIDTH ** 2
    return (abs((1 / T - BETA[3]) * SITES / (shift * SITES) - 1) < 0.15 and
            np.allclose(peaks, moved, atol=0.03) and
            np.isclose(p.sum() * (x[1] - x[0]), 1))


def one_peak(made):
    return tempera_shapes.equal_heights(made["search"]) is None


def transition_drawn(made):
    out = made["phases"]
    ax = panel(out, "specific heat")
    at = [line.get_xdata()[0] for line in ax.lines
          if len(set(line.get_xdata())) == 1 and len(line.get_xdata()) == 2]
    return np.allclose(at, [2.5]) and out.transitions() == [("T_c", 2.5)]


def density_drawn(made):
    ax = panel(made["phases"], "P(e)")
    lines = [line.get_xdata()[0] for line in ax.lines
             if len(line.get_xdata()) == 2]
    return sorted(lines) == sorted(PEAKS) and \
        "reweighted" in " ".join(line.get_label() for line in ax.lines)


def search_drawn(made):
    """In cuts, the running best never worse than what was before it."""
    out = made["search"]
    u = out.series("u")[:, :, 0, :, 0]
    cut = 150 - u / 2
    ax = panel(out, "search: cut")
    line = next(line for line in ax.lines
                if line.get_label().startswith("best so far"))
    best = np.maximum.accumulate(cut.max(axis=(1, 2)))
    bound = [line.get_ydata()[0] for line in ax.lines
             if line.get_label() == "bound"]
    bars = panel(out, "cut on the coldest")
    return (np.allclose(line.get_ydata(), best) and
            np.allclose(bound, 150 + SITES / 2) and
            np.isclose(sum(bar.get_height() for bar in bars.patches),
                       cut[:, :, -1].size))


def windows_drawn(made):
    """Coldest rung, against the end of the window."""
    ax = panel(made["search"], "equilibration at T = 1.8")
    return np.allclose(points(ax), [[20, 6], [9, 13]]) and \
        np.allclose(points(ax, 1), [[20, 7], [9, 14]])


def compared(made):
    figure = tempera_compare.page(tempera_plot.plt,
                                  [made["phases"], made["phases"]])
    ax = next(ax for ax in figure.axes if "equally high" in
              ax.get_title(loc="left"))
    tempera_plot.plt.close(figure)
    return "0.800 apart" in ax.get_title(loc="left") and \
        len(ax.lines) == 4


def against_drawn(made):
    """Five files that differ in alpha, one of them from planted states: the
    coldest rung's means over alpha, a curve for each start."""
    outs = []
    for i, alpha in enumerate((1.5, 0.5, 1, 2, 0.75)):
        out = copy.copy(made["search"])
        out.model = dict(out.model, alpha=str(alpha))
        out.start = "planted" if alpha == 2 else "random"
        q = out.estimates["energy"]
        out.estimates = dict(out.estimates, energy=q._replace(
            mean=q.mean + alpha, error=np.full(len(q.mean), 0.01)))
        outs.append(out)
    if tempera_against.page(tempera_plot.plt, outs[:4]) is not None:
        return False
    figure = tempera_against.page(tempera_plot.plt, outs)
    ax = next(ax for ax in figure.axes if
              ax.get_title(loc="left") == "energy")
    tempera_plot.plt.close(figure)
    cold = made["search"].estimates["energy"].mean[-1]
    drawn = {c.get_label(): np.array(c[0].get_xydata())
             for c in ax.containers}
    random = np.array([0.5, 0.75, 1, 1.5])
    return len(drawn) == 2 and all(
        np.allclose(xy, np.c_[x, cold + x])
        for label, xy in drawn.items()
        for x in [random if "random" in label else np.array([2.0])])


CHECKS = [lengths_drawn, law_found, states_drawn, equally_high, one_peak,
          transition_drawn, density_drawn, search_drawn, windows_drawn,
          compared, against_drawn]


def with_zero(structure, size, right=tempera_time.first_moment_length):
    return right(np.concatenate([structure[..., :1], structure], -1), size)


MUTANTS = [
    ("length with n = 0", tempera_time, "first_moment_length", with_zero,
     [lengths_drawn]),
    ("power 1/2", tempera_time, "law",
     lambda t, length, power, right=tempera_time.law: right(t, length, 0.5),
     [law_found]),
    ("the last configurations only", tempera_states, "times_shown",
     lambda t, count: [len(t) - 1] * 3, [states_drawn]),
    ("not reweighted", tempera_shapes, "level",
     lambda x, p, middle: 0, [equally_high]),
    ("best of each row", tempera_time, "least",
     lambda out: out.series("u")[:, :, 0, :, 0].min(axis=(1, 2)),
     [search_drawn]),
    ("u instead of the cut", tempera_time, "aim", lambda out: ("cut", 0, 1),
     [search_drawn]),
    ("beta for T", tempera_file.Output, "transitions",
     lambda self: [(s, v[0]) for s, v in self.heights("beta")],
     [transition_drawn]),
    ("the hottest rung", tempera_against, "rungs", lambda outs: [-2],
     [against_drawn]),
    ("starts mixed", tempera_against, "groups", lambda outs: {"random": outs},
     [against_drawn]),
    ("hottest windows", tempera_time, "windows",
     lambda out: list(out.windows)[:1], [windows_drawn]),
]


def main():
    count, failed = 0, 0

    def say(ok, what):
        nonlocal count, failed
        count, failed = count + 1, failed + (not ok)
        print("%sok %d - %s" % ("" if ok else "not ", count, what), flush=True)

    with tempfile.TemporaryDirectory() as folder:
        made, paths = {}, {name: os.path.join(folder, name + ".h5")
                           for name in ("quench", "phases", "search")}
        facts = quench(paths["quench"])
        phases(paths["phases"])
        search(paths["search"])
        made = {name: tempera_file.Output(path)
                for name, path in paths.items()}
        made["quench"] = (made["quench"], *facts)
        for check in CHECKS:
            say(bool(check(made)), check.__name__.replace("_", " "))
        for what, owner, name, broken, checks in MUTANTS:
            right = getattr(owner, name)
            setattr(owner, name, broken)
            caught = []
            for check in checks:
                try:
                    caught.append(not check(made))
                except (LookupError, AttributeError, StopIteration):
                    caught.append(True)
            setattr(owner, name, right)
            say(all(caught), "mutant rejected: " + what)
    print("1..%d" % count)
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
