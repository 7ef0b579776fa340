#!/usr/bin/env python3
"""Solvers of combinatorial problems against brute force, leaf removal and
fixed points written here. Statistical checks: fixed seeds, at 4.5 standard
errors (false alarms 1e-5 each), each with a value that must be refused."""
import itertools
import json
import math
import random

import numpy as np

from runs import call, done, ok, scratch


def results(*args):
    p = call("solve", *args, "--json")
    if p.returncode:
        return {"error": p.stderr}
    point = json.loads(p.stdout)["points"][0]
    found = {name: r["value"] for name, r in point["results"].items()}
    found["errors"] = {name: r["error"]
                       for name, r in point["results"].items()}
    found["phase"] = point["phase"]
    found["warnings"] = point["warnings"]
    return found


def agree(what, found, expected, tolerance=1e-11):
    def differs(shift):
        return next((f"{n}: found {found.get(n)}, expected {v}"
                     for n, v in expected.items()
                     if not abs(found.get(n, math.inf) - v - shift)
                     <= tolerance), None)
    why = differs(0)
    ok(why is None and differs(3 * tolerance) is not None, what,
       why or "the check accepts anything")


def near(what, value, error, expected, error_expected=0.0, fraction=0.02):
    """Within 4.5 errors, which must be small enough to mean something."""
    sigma = math.hypot(error, error_expected)
    ok(abs(value - expected) < 4.5 * sigma < fraction * max(expected, 0.1),
       what, f"{value} +- {error}, expected {expected} +- {error_expected}")


# ---- counts -----------------------------------------------------------------

def brute(n, edges, w):
    """Everything that graph_count counts."""
    colourings = sum(all(c[a] != c[b] for a, b in edges)
                     for c in itertools.product(range(3), repeat=n))
    sizes = {"independent_sets": [0] * (n + 1), "matchings": [0] * (n + 1)}
    for s in range(1 << n):
        if not any(s >> a & 1 and s >> b & 1 for a, b in edges):
            sizes["independent_sets"][bin(s).count("1")] += 1

    def match(k, used, size):
        if k == len(edges):
            sizes["matchings"][size] += 1
            return
        match(k + 1, used, size)
        bits = 1 << edges[k][0] | 1 << edges[k][1]
        if not used & bits:
            match(k + 1, used | bits, size + 1)
    match(0, 0, 0)
    out = {"colorings": colourings,
           "perfect_matchings": sizes["matchings"][n // 2] * (n % 2 == 0)}
    for what, count in sizes.items():
        z = sum(c * w**k for k, c in enumerate(count))
        out[what] = (sum(count), math.log(z),
                     sum(k * c * w**k for k, c in enumerate(count)) / z / n)
    return out


def counts():
    pick = random.Random(5)
    for n, m in ((6, 7), (8, 12), (9, 20), (8, 4)):
        edges = pick.sample(list(itertools.combinations(range(n), 2)), m)
        with open("graph.rudy", "w", encoding="utf-8") as file:
            file.write(f"{n} {m}\n" + "".join(f"{a + 1} {b + 1} 1\n"
                                              for a, b in edges))
        exact = brute(n, edges, 1.7)
        agree(f"graph_count: {n} sites, {m} edges from a file",
              {what: results("graph_count", "file=graph.rudy",
                             f"what={what}").get("count", math.nan)
               for what in exact},
              {what: v if isinstance(v, int) else v[0]
               for what, v in exact.items()})
        for what, size in (("independent_sets", "density"),
                           ("matchings", "matching")):
            agree(f"graph_count: {n} sites, {what} of fugacity 1.7",
                  results("graph_count", "file=graph.rudy", f"what={what}",
                          "fugacity=1.7"),
                  {"ln_z": exact[what][1], size: exact[what][2]})
    # chromatic polynomial of a ring: (q - 1)^n + (-1)^n (q - 1)
    agree("graph_count: colourings of a ring of 401 with 7 colours",
          results("graph_count", "name=ring", "N=401", "q=7"),
          {"ln_z": 401 * math.log(6)}, 1e-9)
    large = results("graph_count", "name=complete", "N=60")
    ok("too large" in large.get("error", ""),
       "graph_count: a wide frontier is refused", large)


# ---- belief propagation -----------------------------------------------------

def rings():
    """Degree 2: long rings are random regular graphs."""
    for w in (0.3, 2.5, 40.0):
        ring = results("graph_count", "name=ring", "N=1500", f"fugacity={w}",
                       "what=matchings")
        agree(f"matching: degree 2 is a ring, fugacity {w}",
              results("matching", "ensemble=regular", "degree=2",
                      f"fugacity={w}"),
              {n: ring[n] for n in ("ln_z_per_site", "matching")}, 1e-10)
        ring = results("graph_count", "name=ring", "N=1500", f"fugacity={w}",
                       "what=independent_sets")
        agree(f"independent_set: degree 2 is a ring, fugacity {w}",
              results("independent_set", "degree=2", f"fugacity={w}"),
              {n: ring[n] for n in ("ln_z_per_site", "density")}, 1e-10)
    for solver, what in (("matching", "matchings"),
                         ("independent_set", "independent_sets")):
        bp = results(solver, "degree=3", "fugacity=1.0",
                     *(["ensemble=regular"] if solver == "matching" else []))
        graphs = [results("graph_count", "name=random_regular", "N=60",
                          f"seed={s}", f"what={what}")["ln_z"] / 60
                  for s in range(1, 7)]
        ok(abs(np.mean(graphs) - bp["ln_z_per_site"]) < 3e-3,
           f"{solver}: six graphs of 60 sites, counted", (graphs, bp))


def hard_core():
    d = 1e-4
    for c, z in ((3, 1.0), (4, 8.0), (10, 0.05)):
        up, down = (results("independent_set", f"degree={c}",
                            f"fugacity={z * math.exp(s)!r}")["ln_z_per_site"]
                    for s in (d, -d))
        agree(f"independent_set: density = d ln Z / d ln z, c={c} z={z}",
              results("independent_set", f"degree={c}", f"fugacity={z}"),
              {"density": (up - down) / (2 * d)}, 1e-8)
    c, z, r = 4, 6.0, [0.0, 0.0]
    for _ in range(4000):
        r = [z / (1 + r[1]) ** (c - 1), r[0]]
    r[1], r[0] = z / (1 + r[0]) ** (c - 1), r[0]
    full = [z / (1 + x) ** c for x in r]
    found = results("independent_set", f"degree={c}", f"fugacity={z}")
    expected = sorted(f / (1 + f) for f in full)
    agree("independent_set: two states of bipartite graphs", {
        "few": found["bipartite_density_odd"],
        "many": found["bipartite_density_even"]},
        {"few": expected[0], "many": expected[1]})
    ok(found["bipartite_ln_z_per_site"] > found["ln_z_per_site"] and
       found["phase"] == "not unique, replica symmetric",
       "independent_set: on bipartite graphs they win", found)
    found = results("independent_set", "degree=1000", "fugacity=1e5")
    ok(found["entropy_per_site"] < 0 and found["replicon"] > 0 and
       "broken" in found["phase"] and found["warnings"],
       "independent_set: not more sets than on average", found)
    found = results("independent_set", "degree=2", "fugacity=1e46")
    ok(found["phase"] == "unique" and not found["warnings"],
       "independent_set: rings are never ordered", found)
    for c in (3, 5, 8):
        found = results("independent_set", f"degree={c}")
        for name, power in (("uniqueness", 1), ("kesten_stigum", 2)):
            z = found[f"fugacity_{name}"]
            side = [results("independent_set", f"degree={c}",
                            f"fugacity={z * f!r}")["cavity_density"]
                    for f in (1 - 1e-9, 1 + 1e-9)]
            ok((c - 1) * side[0]**power < 1 < (c - 1) * side[1]**power,
               f"independent_set: threshold {name} of c={c}", (z, side))


# ---- largest matchings ------------------------------------------------------

def leaf_removal(n, c, seed):
    """Matched edges by leaf removal; sites left over in the core."""
    pick = np.random.default_rng(seed)
    near_to = [set() for _ in range(n)]
    for a, b in pick.integers(0, n, (pick.poisson(c * n / 2), 2)):
        if a != b:
            near_to[a].add(int(b))
            near_to[b].add(int(a))
    leaves = [i for i in range(n) if len(near_to[i]) == 1]
    size = 0
    while leaves:
        i = leaves.pop()
        if len(near_to[i]) != 1:
            continue
        j = near_to[i].pop()
        size += 1
        for k in near_to[j]:
            near_to[k].discard(j)
            if len(near_to[k]) == 1:
                leaves.append(k)
        near_to[j].clear()
    return size / n, sum(map(bool, near_to)) / n


def matchings():
    for c in (1.0, 2.0, 4.0):
        runs = np.array([leaf_removal(20000, c, s) for s in range(8)])
        runs[:, 0] += runs[:, 1] / 2  # a core is matched but for o(n)
        mean = runs.mean(axis=0)
        error = runs.std(axis=0, ddof=1) / math.sqrt(8)
        found = results("matching", f"degree={c}")
        near(f"matching: leaf removal at c={c}", found["matching"], 0,
             mean[0], error[0] + 1e-4)
        if c > math.e:
            near(f"matching: its core at c={c}", found["core"], 0, mean[1],
                 error[1])
        else:
            cover = results("vertex_cover", f"degree={c}")
            agree(f"vertex_cover: as large as the matching at c={c}",
                  cover, {"cover": found["matching"]})
    ok("cover" not in results("vertex_cover", "degree=2.8") and
       results("vertex_cover", "degree=2.8")["warnings"],
       "vertex_cover: beyond e under another name, with a warning")


def populations():
    args = ("matching", "degree=2.0", "population=10000")
    d = 0.02
    up, down = (results(*args, f"fugacity={3 * math.exp(s)!r}")
                for s in (d, -d))
    found = results(*args, "fugacity=3.0")
    slope = (up["ln_z_per_site"] - down["ln_z_per_site"]) / (2 * d)
    ok(abs(slope - found["matching"]) < 2e-3,
       "matching: size = d ln Z / d ln w in a population, same random numbers",
       (slope, found["matching"]))
    strong = results(*args, "fugacity=1e4")
    most = results("matching", "degree=2.0")["matching"]
    ok(abs(most - strong["matching"]) < 4e-3,
       "matching: a large fugacity nears the largest", (strong, most))
    # 16 seeds: the spread is the error, chi^2 of 15 between 3.5 and 41
    for args, name in ((("matching", "degree=3.0", "fugacity=1.0",
                         "population=1000"), "matching"),
                       (("coloring_sp", "ensemble=poisson", "degree=4.65",
                         "population=2000"), "complexity")):
        several = [results(*args, f"seed={s}") for s in range(16)]
        values = [r[name] for r in several]
        claimed = np.mean([r["errors"][name] for r in several])
        chi2 = np.var(values) * 16 / claimed**2
        ok(3.5 < chi2 < 41 and not 3.5 < chi2 * 16 < 41 and
           not 3.5 < chi2 / 16 < 41,
           f"{args[0]}: errors cover the spread of 16 populations",
           f"chi^2 {chi2}, values {values}, error {claimed}")
    one, two = (call("solve", "matching", "fugacity=1.0", "population=3000",
                     "--json", threads=t).stdout for t in (1, 3))
    ok(one == two and one, "matching: the same on 1 and 3 threads")


# ---- assignment -------------------------------------------------------------

def assignment():
    pick = np.random.default_rng(4)
    for m, n, k in ((2, 2, 2), (3, 3, 3), (3, 4, 3), (4, 4, 2)):
        cost = pick.exponential(size=(40000, m, n))
        best = np.full(len(cost), np.inf)
        for rows in itertools.combinations(range(m), k):
            for columns in itertools.permutations(range(n), k):
                best = np.minimum(best, cost[:, rows, columns].sum(axis=1))
        found = results("assignment", f"N={n}", f"M={m}", f"k={k}")
        near(f"assignment: {k} of {m} x {n}, sampled", found["cost"], 0,
             best.mean(), best.std() / 200)
        if m == n == k:
            off = (best - best.mean())**2
            near(f"assignment: variance of {n} x {n}, sampled",
                 found["cost_variance"], 0, off.mean(), off.std() / 200,
                 fraction=0.06)
    agree("assignment: the general sum is sum 1/i^2 for squares",
          {"cost": results("assignment", "N=50", "M=50", "k=50")["cost"]},
          {"cost": sum(1 / i**2 for i in range(1, 51))})
    n = 100000
    large = results("assignment", f"N={n}")
    limit = results("assignment", "N=0")
    ok(abs(limit["cost"] - large["cost"] - 1 / n) < 2e-10 and
       abs(large["cost_variance"] * n - limit["cost_variance_times_n"])
       < 1e-3, "assignment: the limit", (large, limit))


# ---- colouring --------------------------------------------------------------

def survey_propagation(q, c):
    """Inclusion and exclusion, iterated from always a warning."""
    def left(k, s, first):
        return sum((-1)**j * math.comb(q - 1 if first else q,
                                       j if first else j + 1) *
                   (1 - (j + 1) * s)**k for j in range(q))
    s = 0.999 / q
    for _ in range(3000):
        s = left(c - 1, s, True) / left(c - 1, s, False)
    return s, math.log(left(c, s, False)) - c / 2 * math.log1p(-q * s * s)


def colouring():
    for q, c in ((3, 5), (3, 6), (4, 9), (5, 14), (6, 19)):
        s, sigma = survey_propagation(q, c)
        agree(f"coloring_sp: fixed point of q={q} c={c}",
              results("coloring_sp", f"q={q}", f"degree={c}"),
              {"survey": s, "complexity": sigma}, 1e-9)
    found = results("coloring_sp", "q=4", "degree=8")
    ok(found["survey"] == 0 and "complexity" not in found and
       survey_propagation(4, 8)[0] < 1e-6 and found["degree_sp"] == 9,
       "coloring_sp: no survey below 9 for 4 colours", found)
    # Mulet et al. 2002: Sigma of q = 3 is zero at 4.69, positive below
    low, high = (results("coloring_sp", "ensemble=poisson", f"degree={c}",
                         "population=20000") for c in (4.6, 4.78))
    ok(low["complexity"] > 0 > high["complexity"] and
       low["phase"] == "clustered" and high["phase"] == "uncolourable",
       "coloring_sp: Poisson graphs, 3 colours, 4.60 < c_s < 4.78",
       (low, high))


scratch()
counts()
rings()
hard_core()
matchings()
populations()
assignment()
colouring()
done()
