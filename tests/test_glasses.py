#!/usr/bin/env python3
"""Disorder, graphs and annealing: the numbers do not depend on kernel, ranks,
threads or interruptions, for every stream; and exact answers of the fixed
4 x 4 glass (its density of states is enumerated here), by tempering and by
annealed importance sampling. z below 4.5 (7e-6 each, about 80 of them)."""
import itertools
import json
import math
import resource

import h5py
import numpy as np

import runs
from physics import density_of_states
from runs import call, ok, save

Z_MOST = 4.5
TAIL = """
ladder = { temperature = [0.9, 2.5]; rungs = 5; copies = 2; };
record = { every = 10; states_every = 50;
           observables = ["energy", "overlap", "link_overlap"]; };
run    = { seed = 5; sweeps = 300; burn_in = 100; };
"""
PATHS = """
ladder = { temperature = [0.9, 2.5]; rungs = 7; copies = 40; };
run    = { protocol = "annealing"; seed = 5; sweeps = 300; burn_in = 64;
           pass_sweeps = 50; %s };
"""
EA = 'model = { name = "edwards_anderson"; shape = [4, 4, 2]; %s };'
SCENES = {
    "shared": EA % "samples = 70;" + 'dynamics = { group = 20; };' + TAIL,
    "bath": EA % "samples = 9; boundary = \"open\";" +
            'dynamics = { name = "heatbath"; stream = "shared"; };' + TAIL,
    "lane": EA % "samples = 3;" + TAIL,
    "clusters": EA % "samples = 3;" + "exchange = { houdayer = 3; };" + TAIL,
    "groups": EA % "samples = 30;" + "exchange = { houdayer = 5; };" +
              'dynamics = { group = 8; stream = "shared"; };' +
              TAIL.replace("copies = 2", "copies = 3"),
    "gauss": EA % 'samples = 2; couplings = "gaussian";' + TAIL,
    "graph": 'model = { name = "graph"; N = 30; degree = 3; samples = 2; };'
             'dynamics = { stream = "word"; };' + TAIL,
    "held": 'model = { name = "graph"; N = 30; samples = 2; '
            'clamp_up = [3, 4]; clamp_down = [0, 29]; };'
            "exchange = { houdayer = 3; };" + TAIL,
    "dense": 'model = { name = "sk"; N = 70; samples = 2; h = 0.2; };' + TAIL,
    "anneal": EA % "samples = 2;" + PATHS % "",
    "cycles": EA % "samples = 2;" + PATHS % "reheat = 0.4;"}


# ---- the 4 x 4 glass -------------------------------------------------------

def glass():
    """Bonds in order of site i = 4 x + y, first to (x + 1, y), then to
    (x, y + 1); bond k is +1 if (7 k^2 + 3 k + 1) mod 5 < 3, else -1."""
    bonds = []
    for x, y in itertools.product(range(4), range(4)):
        for other in ((x + 1) % 4 * 4 + y, x * 4 + (y + 1) % 4):
            k = len(bonds)
            J = 1 if (7 * k * k + 3 * k + 1) % 5 < 3 else -1
            bonds.append((4 * x + y, other, J))
    return bonds


def levels(bonds):
    n = np.arange(1 << 16)
    spin = [1 - 2 * (n >> i & 1) for i in range(16)]
    energy = -sum(J * spin[i] * spin[j] for i, j, J in bonds)
    return np.unique(energy, return_counts=True)


def exact(bonds, beta):
    energy, count = levels(bonds)
    weight = count * np.exp(-beta * energy)
    z = weight.sum()
    return math.log(z), (weight * energy).sum() / z / 16


def glass_file(bonds):
    pairs = {}
    for i, j, J in bonds:
        key = (max(i, j) + 1, min(i, j) + 1)
        pairs[key] = pairs.get(key, 0) + J
    with open("glass.mtx", "w", encoding="utf-8") as file:
        file.write("%%MatrixMarket matrix coordinate integer symmetric\n")
        file.write(f"16 16 {len(pairs)}\n")
        for (i, j), J in pairs.items():
            file.write(f"{i} {j} {J}\n")


def close(name, value, error, wanted):
    ok(error >= 0 and abs(value - wanted) <= Z_MOST * error + 1e-12, name,
       f"{value} +- {error}, should be {wanted}")


def check_estimates(name, bonds):
    p = call("report", name + ".h5", "--json")
    out = json.loads(p.stdout)
    for rung, (beta,) in enumerate(out["ladder"]["lambda"]):
        ln_z, u = exact(bonds, beta)
        for quantity, wanted in (("ln_z", ln_z), ("energy", u)):
            e = out["estimates"][quantity]
            close(f"{name}: {quantity} at beta = {beta:.3g}",
                  e["mean"][rung], e["error"][rung], wanted)
    return out


def glass_runs():
    bonds = glass()
    energy, count = levels(bonds)
    held = {-20: 24, -16: 240, -12: 2104, -8: 6976, -4: 14256, 0: 18336}
    ok(dict(zip(energy[:6], count[:6])) == held and
       [J for *_, J in bonds].count(1) == 26,
       "the fixed glass has its density of states", dict(zip(energy, count)))
    for beta, wanted in ((0.5, 14.770826892590), (1, 23.372320130663),
                         (2, 43.181412685915)):
        ok(abs(exact(bonds, beta)[0] - wanted) < 1e-10,
           f"and its ln Z at beta = {beta}")
    glass_file(bonds)
    model = 'model = { name = "graph"; file = "glass.mtx"; };'
    ladder = 'ladder = { beta = [0.5, 2.0]; rungs = 4; copies = %d; %s };'
    save("glass", model + ladder % (16, "") +
         'run = { sweeps = 20000; }; record = { observables = ["energy"]; };')
    save("islands", model + ladder % (16, "") +
         "exchange = { houdayer = 1; };"
         'run = { sweeps = 20000; }; record = { observables = ["energy"]; };')
    save("paths", model + ladder % (64, "") +
         'run = { protocol = "annealing"; pass_sweeps = 500; '
         "sweeps = 50000; burn_in = 500; };")
    for name in ("glass", "islands", "paths"):
        p = call("run", name + ".cfg")
        ok(p.returncode == 0, f"{name}: runs", p.stderr)
        out = check_estimates(name, bonds)
    ok(out["best_u"] == [-20] and out["best_hits"] > 1,
       "paths: the ground energy is met", out["best_u"])
    with h5py.File("paths.h5", "r") as file:
        s = file["/anneal/best_state"][0]
    ok(-sum(J * int(s[i]) * int(s[j]) for i, j, J in bonds) == -20,
       "and its state kept has it")
    out = json.loads(call("report", "glass.h5", "--json").stdout)
    e = out["estimates"]["entropy"]
    close("third law: S at beta = 2 nears ln 24", e["mean"][-1],
          e["error"][-1], exact(bonds, 2)[0] + 32 * exact(bonds, 2)[1])
    ok(abs(e["mean"][-1] - math.log(24)) < 0.05, "within 0.05 of it",
       e["mean"][-1])


def annealed_samples():
    """Errors over two samples are Student's: half their distance times
    1.837 (t of one degree of freedom, 68.27 %)."""
    out = json.loads(call("report", "anneal.h5", "--json").stdout)
    with h5py.File("anneal.h5", "r") as file:
        u = file["series/u"][..., 0].mean(axis=(0, 1)) / 32
    e = out["estimates"]["energy_path"]
    ok(np.allclose(e["mean"], u.mean(axis=0)) and
       np.allclose(e["error"], 1.837 * abs(u[0] - u[1]) / 2, rtol=1e-3),
       "annealing: errors over samples", [e["error"], u])


def held_sites():
    """Sites held in place stay there in moves of pairs, in the states that
    overlaps are made of and in the best state; <q> and <q^2> by
    enumeration."""
    bonds, up, down = glass(), 1, 6
    s = 1 - 2 * (np.arange(1 << 16)[:, None] >> np.arange(16) & 1)
    s = s[(s[:, up] == 1) & (s[:, down] == -1)]
    u = -sum(J * s[:, i] * s[:, j] for i, j, J in bonds)
    glass_file(bonds)
    save("sites", """
model = { name = "graph"; file = "glass.mtx"; clamp_up = [1];
          clamp_down = [6]; };
ladder = { beta = [0.2, 1.0]; rungs = 3; copies = 2; };
exchange = { houdayer = 2; };
run = { sweeps = 40000; burn_in = 500; seed = 9; };
record = { every = 4; states_every = 400;
           observables = ["energy", "overlap"]; };""")
    p = call("run", "sites.cfg")
    ok(p.returncode == 0, "held sites: runs", p.stderr)
    out = json.loads(call("report", "sites.h5", "--json").stdout)
    with h5py.File("sites.h5", "r") as file:
        states = file["states/spin"][...], file["anneal/best_state"][...]
        q = file["series/overlap"][...].mean(axis=(1, 2))
    ok(all((x[..., up] == 1).all() and (x[..., down] == -1).all()
           for x in states), "held sites: they stay")
    for rung, (beta,) in enumerate(out["ladder"]["lambda"]):
        p = np.exp(-beta * (u - u.min()))
        theory = [out["theory"][k]["mean"][rung] for k in ("ln_z", "energy")]
        exact = [math.log(p.sum()) - beta * u.min(), p @ u / p.sum() / 16]
        ok(np.allclose(theory, exact), "held sites: theory knows them",
           [theory, exact])
        p /= p.sum()
        for power, wanted in ((1, ((p @ s)**2).mean()),
                              (2, (((s.T * p) @ s)**2).mean())):
            blocks = (q[:, rung]**power).reshape(50, -1).mean(axis=1)
            close(f"held sites: <q^{power}> at beta = {beta:.3g}",
                  blocks.mean(), blocks.std() / 7, wanted)
        ok(0.06 > Z_MOST * blocks.std() / 7,
           "a shift of 0.06 would be seen: sites held at 0 make 0.1",
           blocks.std() / 7)


def merged():
    """Errors of merged runs: over the same samples again, over more samples,
    over runs of one sample each; the same numbers twice are not merged."""
    save("part", EA.replace("[4, 4, 2]", "[3, 3]") % 'couplings = "gaussian";'
         "samples = 12; seed = 7;" +
         'ladder = { beta = [0.5, 1.0]; spacing = "list"; copies = 2; };'
         "run = { sweeps = 2000; burn_in = 64; };"
         'record = { observables = ["energy"]; };')
    for name, *keys in (("a", "run.seed=1"), ("b", "run.seed=2"),
                        ("c", "run.seed=3", "model.first_sample=12"),
                        ("d", "run.seed=3", "model.first_sample=5"),
                        ("e", "run.seed=1", "exchange.scheme=deo")):
        call("run", "part.cfg", "-o", name + ".h5", *keys)
    single = [f"s{i}.h5" for i in range(12)]
    for i, name in enumerate(single):
        call("run", "part.cfg", "-o", name, "model.samples=1",
             f"model.first_sample={i}", f"run.seed={i + 10}")

    def energy(*files):
        out = json.loads(call("report", *files, "--json").stdout)
        e = out.get("estimates", {}).get("energy")
        return (e["mean"][-1], e["error"][-1]) if e else None
    a, c = energy("a.h5"), energy("c.h5")
    same, more = energy("a.h5", "b.h5"), energy("a.h5", "c.h5")
    each = energy(*single)
    ok(abs(same[1] / a[1] - 1) < 0.1, "merged: the same samples' error stays",
       [a, same])
    ok(abs(more[1] / (math.hypot(a[1], c[1]) / 2) - 1) < 1e-9 and
       abs(more[0] - (a[0] + c[0]) / 2) < 1e-9,
       "merged: errors over other samples, in quadrature", [a, c, more])
    ok(abs(each[1] / a[1] - 1) < 0.1 and abs(each[0] - a[0]) < a[1] / 3,
       "merged: runs of one sample each, as one run of all", [a, each])
    ok(energy("a.h5", "d.h5") is None and energy("a.h5", "e.h5") is None,
       "not merged: samples in common, the same numbers twice")


def star():
    """Moves of pairs on a star: no table of sites times the largest degree,
    which would have 13 GB."""
    n = 40000
    with open("star.txt", "w", encoding="utf-8") as file:
        file.write(f"{n} {n - 1}\n")
        file.writelines(f"1 {i} 1\n" for i in range(2, n + 1))
    save("star", 'model = { name = "graph"; file = "star.txt"; };'
         "ladder = { beta = [0.5, 1.0]; rungs = 2; copies = 2; "
         'anchor = false; spacing = "linear"; };'
         "exchange = { houdayer = 1; };"
         'run = { sweeps = 5; burn_in = 0; };'
         'record = { observables = ["energy"]; every = 1; };')
    p = call("run", "star.cfg", limit=lambda: resource.setrlimit(
        resource.RLIMIT_AS, (4 << 30, 4 << 30)))
    ok(p.returncode == 0, "moves of pairs on a star, in 4 GB", p.stderr)


def values_as_given():
    """What is said of the best state is what it is worth by the weights as
    given, also where 14 digits of the largest would round them: integers
    with a penalty, at 69 neighbours a site; normal weights of a cut."""
    rng, n = np.random.default_rng(0), 70
    q = np.triu(rng.integers(1, 10, (n, n)), 1)
    q[0, 1] = 200000
    np.fill_diagonal(q, -rng.integers(100, 200, n))
    w = np.triu(rng.normal(size=(n, n)), 1)
    rows = [(i, j) for i in range(n) for j in range(i, n)]
    with open("penalty.qubo", "w", encoding="utf-8") as file:
        file.writelines(f"{i} {j} {q[i, j]}\n" for i, j in rows)
    with open("normal.txt", "w", encoding="utf-8") as file:
        file.write(f"{n} {len(rows) - n}\n")
        file.writelines(f"{i + 1} {j + 1} {w[i, j]:.17g}\n"
                        for i, j in rows if i != j)
    for name, key in (("penalty.qubo", "best_value"),
                      ("normal.txt", "best_cut")):
        save(name, 'model = { name = "graph"; file = "%s"; };'
             'ladder = { beta = [0.01, 2.0]; rungs = 6; };'
             'run = { sweeps = 100; burn_in = 32; };'
             'record = { observables = ["energy"]; };' % name)
        call("run", name + ".cfg", "-o", name + ".h5")
        out = json.loads(call("report", name + ".h5", "--json").stdout)
        with h5py.File(name + ".h5", "r") as file:
            s = file["/anneal/best_state"][0].astype(int)
        x, cut = (s + 1) // 2, w * (s[:, None] != s)
        true = x @ q @ x if key == "best_value" else cut.sum()
        ok(abs(out[key] - true) <= 1e-9 * abs(true),
           f"{name}: {key} is that of the state", f"{out[key]}, not {true}")
        if key == "best_value":
            ok(out["best_u"] == [true], "the chain saw the integers as given",
               out["best_u"])


def sampled_levels(bonds):
    """ln g(E) from the run's histograms, of levels met often."""
    energy, count = levels(bonds)
    level, ln_g, error, met = density_of_states("glass.h5", 2**16, 16)
    exact = np.array([count[energy == e][0] for e in level])
    z = ((ln_g - np.log(exact)) / error)[met >= 100]
    ok(len(z) >= 9 and np.abs(z).max() < Z_MOST,
       f"glass: ln g(E) of {len(z)} levels", z)
    off = (ln_g[0] - math.log(25)) / error[0]
    ok(level[0] == -20 and abs(off) > Z_MOST,
       f"mutant rejected: 25 ground states, {math.exp(ln_g[0]):.2f} +- "
       f"{math.exp(ln_g[0]) * error[0]:.2f} found", off)


def refusals():
    """A changed instance is not gone on with; a missing one is no obstacle
    to a report."""
    p = call("run", "glass.cfg", "run.sweeps=20010")
    ok(p.returncode == 0, "the same instance goes on", p.stderr)
    with open("glass.mtx", encoding="utf-8") as file:
        text = file.read()
    with open("glass.mtx", "w", encoding="utf-8") as file:
        file.write(text.rstrip("\n")[:-2].rstrip() + " 3\n")
    p = call("run", "glass.cfg", "run.sweeps=20020")
    ok(p.returncode == 2 and "file" in p.stderr,
       "another content is refused, exit 2", p.stderr)
    p = call("report", "glass.h5", "--json")
    ok(p.returncode == 0, "a report does not need the file", p.stderr)


def main():
    runs.scratch()
    for name, text in SCENES.items():
        save(name, text)
        runs.invariance(name, ("reference", "u64", "avx2"),
                        layouts=((1, 2), (2, 1), (3, 1)),
                        stops=[(70, 1), (130, 2)])
    annealed_samples()
    glass_runs()
    held_sites()
    values_as_given()
    merged()
    star()
    sampled_levels(glass())
    refusals()
    runs.done()


main()
