#!/usr/bin/env python3
"""The picture and the reader under it, on made-up files (made_up_file.py)."""
import os
import subprocess
import sys
import tempfile

import h5py
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
ANALYSIS = os.path.join(os.path.dirname(HERE), "analysis")
PLOT = os.path.join(ANALYSIS, "tempera_plot.py")
sys.path[:0] = [HERE, ANALYSIS]
sys.dont_write_bytecode = True
import tempera_file  # noqa: E402
import tempera_panels  # noqa: E402
import tempera_plot  # noqa: E402
import tempera_shapes  # noqa: E402
from made_up_file import write  # noqa: E402

# ---- checks of the numbers, each a function so that mutants meet them --------

BETA = np.concatenate([np.linspace(0, 0.3, 17)[:-1],
                       1 / np.linspace(3, 1.8, 16)])
SMALL = np.array([[[0, 1, 2]], [[1, 0, 2]], [[1, 2, 0]]])  # [t][copy][rung]


def axis_is_temperature(file):
    axis = file.axis()
    return axis.name == "T" and np.allclose(
        axis.values[file.first:], np.linspace(3, 1.8, 16))


def inverted(_):
    """Walker 2 is on rung 1 in the last row of SMALL, walker 0 on rung 2."""
    rung = tempera_file.rung_of_walker(SMALL)
    return rung.tolist() == [[[0, 1, 2]], [[1, 0, 2]], [[2, 0, 1]]]


def flow_by_hand(_):
    """Rung 1 was seen by walker 0 (from hot) and walker 2 (from cold)."""
    rung = tempera_file.rung_of_walker(SMALL)
    return np.allclose(tempera_file.hot_fraction(rung), [1, 0.5, 0])


def flow_by_loop(file):
    rung = file.trajectories()
    last, seen, hot = {}, np.zeros(32), np.zeros(32)
    for row in rung:
        for walker, at in np.ndenumerate(row):
            if at in (0, 31):
                last[walker] = at
            if walker in last:
                seen[at] += 1
                hot[at] += last[walker] == 0
    return np.allclose(tempera_file.hot_fraction(rung), hot / seen)


def barrier_by_hand(_):
    return np.allclose(tempera_file.barrier([0.9, np.nan, 0.5]),
                       [0, 0.1, 0.1, 0.6])


def drawn_energy(file):
    """What stands in the energy panel: (T, mean) of the requested rungs."""
    figure = tempera_plot.page(file)
    panel = next(ax for ax in figure.axes
                 if ax.get_title(loc="left") == "energy")
    data = panel.containers[0].lines[0].get_xydata()
    tempera_plot.plt.close(figure)
    return np.allclose(data[:, 0], np.linspace(3, 1.8, 16)) and np.allclose(
        data[:, 1], file.estimates["energy"].mean[16:])


def histogram_of_levels(_):
    """Numbers on a grid of 0.5: equal weights stay equal, area 1."""
    values = np.tile(np.arange(-30, 31) * 0.5, 7)
    x, p = tempera_shapes.histogram(values)
    width = x[1] - x[0]
    return (len(x) <= 40 and np.isclose(p.sum() * width, 1) and
            np.allclose(p[1:-1], p[1]) and np.isclose(width, 1))


def vectors_read(file):
    with h5py.File(file.path, "r+") as raw:
        values = np.add.outer(np.arange(32.0), np.arange(5) / 10)
        for part in ("mean", "error", "tau_int", "n_eff"):
            raw["estimates/shape/" + part] = values
        raw["estimates/shape"].attrs["axis"] = "n"
    again = tempera_file.Output(file.path)
    with h5py.File(file.path, "r+") as raw:
        del raw["estimates/shape"]
    figure = tempera_plot.page(again)
    panel = next((ax for ax in figure.axes
                  if ax.get_title(loc="left") == "shape"), None)
    tempera_plot.plt.close(figure)
    if panel is None:
        return False
    data = panel.containers[-1].lines[0].get_xydata()
    return (list(again.vectors) == ["shape"] and
            "shape" not in again.estimates and
            again.vectors["shape"].axis == "n" and
            np.allclose(data[:, 1], values[31]))


NUMBERS = [axis_is_temperature, inverted, flow_by_hand, flow_by_loop,
           barrier_by_hand, drawn_energy, histogram_of_levels,
           vectors_read]


def wrong_axis(self):
    return tempera_file.Axis(self.ladder[:, 0], "beta", "T", False)


MUTANTS = [
    ("T is beta", tempera_file.Output, "axis", wrong_axis,
     [axis_is_temperature, drawn_energy]),
    ("walkers not inverted", tempera_file, "rung_of_walker", lambda w: w,
     [inverted]),
    ("flow from the cold end", tempera_file, "hot_fraction",
     lambda rung, right=tempera_file.hot_fraction: 1 - right(rung),
     [flow_by_hand, flow_by_loop]),
    ("flow of walkers never at an end", tempera_file, "hot_fraction",
     lambda rung: np.linspace(1, 0, rung.shape[-1]), [flow_by_loop]),
    ("cells of any width", tempera_shapes, "histogram",
     lambda v: np.histogram(v, 37, density=True)[::-1],
     [histogram_of_levels]),
    ("vectors left out", tempera_file.Output, "_vectors",
     lambda self, file: {}, [vectors_read]),
    ("barrier of acceptance", tempera_file, "barrier",
     lambda a: np.concatenate([[0], np.nancumsum(a)]), [barrier_by_hand]),
]


# ---- the script --------------------------------------------------------------

def run(*arguments):
    return subprocess.run([sys.executable, PLOT, *arguments],
                          capture_output=True, text=True)


def is_picture(path):
    with open(path, "rb") as file:
        head = file.read(8)
    return os.path.getsize(path) > 20000 and (
        head == b"\x89PNG\r\n\x1a\n" or head[:5] == b"%PDF-")


def test_numbers(say, folder):
    path = os.path.join(folder, "a.h5")
    path_of_walk, attempts, accepts, trips = write(path, BETA, 16)
    file = tempera_file.Output(path)
    for check in NUMBERS:
        say(check(file), check.__name__.replace("_", " "))
    for what, owner, name, broken, checks in MUTANTS:
        right = getattr(owner, name)
        setattr(owner, name, broken)
        caught = [not check(file) for check in checks]
        setattr(owner, name, right)
        say(all(caught), "mutant rejected: " + what)
    say(np.allclose(file.acceptance(), accepts / attempts), "acceptance")
    say(file.round_trips.sum() == trips.sum() > 0, "round trips")
    say(np.array_equal(np.argsort(file.trajectories(), axis=-1),
                       path_of_walk[4::5]), "walkers, all committed rows")
    bound, tempera_file.FLOW_NUMBERS = tempera_file.FLOW_NUMBERS, 32 * 150
    say(np.array_equal(file.trajectories()[:, 0],
                       np.argsort(path_of_walk[4::5][-150:, 0], axis=-1)),
        "bounded memory: the last rows of one copy")
    tempera_file.FLOW_NUMBERS = bound
    say(file.rows == 800 and file.series("u").shape == (800, 2, 1, 32, 1),
        "rows beyond the committed ones are not read")
    say(tempera_plot.choose(file) ==
        [["energy"], ["specific_heat", "specific_heat_mbar"], ["entropy"],
         ["magnetization"], ["ln_z"]], "panels chosen")
    z = tempera_panels.pull(file.estimates["energy"], file.theory["energy"])
    say(np.nanmax(np.abs(z)) < 5 and 0.6 < np.nanstd(z) < 1.6 and
        np.isclose(z[20], (file.estimates["energy"].mean[20] -
                           file.theory["energy"].mean[20]) /
                   file.estimates["energy"].error[20]), "z-scores")


def test_guide(say, folder):
    """A line the model wants drawn: its quantity gets a panel before others
    that would fill the page, and the line is in it."""
    path = os.path.join(folder, "guide.h5")
    extra = {"made_%d" % i: (BETA, "x%d" % i) for i in range(6)}
    write(path, BETA, 16, steps=400, extra=extra)
    say(["made_5"] not in tempera_plot.choose(tempera_file.Output(path)),
        "without a line the sixth unit finds no place")
    with h5py.File(path, "r+") as file:
        file["guides/00"] = 2 * BETA
        file["guides/00"].attrs.update(of="made_5", power=0.0,
                                       says="a line: 2$ beta")
    file = tempera_file.Output(path)
    figure = tempera_plot.page(file)
    drawn = [line.get_ydata() for ax in figure.axes
             if ax.get_title(loc="left") == "made 5" for line in ax.lines
             if line.get_label() == r"a line: 2\$ beta"]
    tempera_plot.plt.close(figure)
    say(["made_5"] in tempera_plot.choose(file) and len(drawn) == 1 and
        np.allclose(drawn[0], 2 * BETA[16:]), "with one it is drawn")


def edit_general(file):
    del file["ladder/lambda"]
    path = np.column_stack([np.linspace(0, 1, 32), np.linspace(9, 0, 32)])
    file["ladder/lambda"] = path
    file["ladder/lambda"].attrs["names"] = "beta,tether"


def edit_nan(file):
    for name in ("energy", "entropy"):
        file["estimates/%s/mean" % name][20:24] = np.nan
        file["estimates/%s/error" % name][25] = np.inf
    file["theory/energy/mean"][...] = np.nan
    file["exchange/attempts"][...] = 0
    file["estimates/magnetization/tau_int"][...] = np.nan


def edit_many(file):
    """Twelve more observables, units of four kinds, strange names."""
    for i in range(12):
        name = "made_up$_%d" % i
        file.copy("estimates/magnetization", "estimates/" + name)
        file["estimates/" + name].attrs["unit"] = "x%d" % (i % 4)
    file["estimates"].attrs["verdict"] = "not ok"
    file["estimates"].attrs["reasons"] = ["n_eff of u is 50, below 100"] * 9


def edit_flat(file):
    file["series"].attrs["rows"] = 0


def test_script(say, folder):
    cases = [
        ("everything, PNG", {}, None, ".png"),
        ("everything, PDF", {}, None, ".pdf"),
        ("no theory", {"theory": False}, None, ".png"),
        ("no exchange", {"exchange": False}, None, ".png"),
        ("no estimates", {"estimates": False}, None, ".png"),
        ("one rung", {"beta": [0.4], "first": 0, "exchange": False}, None,
         ".png"),
        ("a rung asked for at beta = 0", {"first": 0}, None, ".png"),
        ("general path", {"first": 0}, edit_general, ".png"),
        ("not finite", {}, edit_nan, ".png"),
        ("many quantities", {}, edit_many, ".pdf"),
        ("estimates without rows", {}, edit_flat, ".png"),
    ]
    for what, options, edit, suffix in cases:
        path = os.path.join(folder, what.replace(" ", "_") + ".h5")
        write(path, **{"beta": BETA, "first": 16, "steps": 400, **options})
        if edit:
            with h5py.File(path, "r+") as file:
                edit(file)
        picture = path[:-3] + suffix
        done = run(path) if suffix == ".png" else run(path, "-o", picture)
        hint = "run `tempera report %s` first" % path in done.stderr
        say(done.returncode == 0 and done.stdout == picture + "\n" and
            is_picture(picture) and hint == (what == "no estimates") and
            "Warning" not in done.stderr and "Trace" not in done.stderr, what)
        if done.returncode or done.stderr and not hint:
            print("# " + done.stderr.replace("\n", "\n# "))

    path = os.path.join(folder, "live.h5")
    write(path, BETA, 16, steps=400)
    with h5py.File(path, "r+"):
        say(run(path).returncode == 0, "a file that its writer holds open")


def test_refusals(say, folder):
    other, empty = (os.path.join(folder, name)
                    for name in ("not.h5", "other.h5"))
    with open(other, "w") as file:
        file.write("hello")
    h5py.File(empty, "w").close()
    good = os.path.join(folder, "a.h5")
    for code, what, arguments in (
            (2, "no file", [os.path.join(folder, "none.h5")]),
            (3, "not HDF5", [other]), (3, "HDF5 of something else", [empty]),
            (2, "neither PNG nor PDF", [good, "-o", "a.jpeg"]),
            (3, "no such folder", [good, "-o", folder + "/none/a.png"]),
            (2, "no argument", [])):
        done = run(*arguments)
        lines = done.stderr.count("\n")
        say(done.returncode == code and not done.stdout and
            (lines == 1 or not arguments), "exit %d: %s" % (code, what))


def main():
    count, failed = 0, 0

    def say(ok, what):
        nonlocal count, failed
        count, failed = count + 1, failed + (not ok)
        print("%sok %d - %s" % ("" if ok else "not ", count, what), flush=True)

    with tempfile.TemporaryDirectory() as folder:
        for test in (test_numbers, test_guide, test_script, test_refusals):
            test(say, folder)
    print("1..%d" % count)
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
