#!/usr/bin/env python3
"""Random XORSAT against one instance of thousands of bits (Gaussian elimination
over GF(2), leaf removal); survey propagation in the limit against its own
slope; formulas from files and at random: assignments checked here, messages,
numbers independent of threads. Fixed seeds: there are no false alarms."""
import itertools
import json
import math
import random

import runs
from runs import call, ok


def solve(*args, threads=1):
    p = call("solve", *args, "--json", threads=threads)
    return json.loads(p.stdout) if p.returncode == 0 else {"error": p.stderr}


def point(*args):
    out = solve(*args)
    if "error" in out:
        return {"error": out["error"]}
    found = {name: r["value"]
             for name, r in out["points"][0]["results"].items()}
    found["phase"] = out["points"][0].get("phase")
    found["curves"] = {name: c["values"] for name, c in
                       out["points"][0].get("curves", {}).items()}
    found["errors"] = {name: r["error"]
                       for name, r in out["points"][0]["results"].items()}
    found["warnings"] = " ".join(out["points"][0].get("warnings", []))
    return found


# ---- XORSAT ----------------------------------------------------------------

def equations(n, alpha, k, seed):
    dice = random.Random(seed)
    return [dice.sample(range(n), k) for _ in range(round(alpha * n))]


def core_of(rows, n):
    """Equations that are left when those with a bit of no other are taken
    away, again and again."""
    of = [set() for _ in range(n)]
    for e, row in enumerate(rows):
        for bit in row:
            of[bit].add(e)
    leaves = [bit for bit in range(n) if len(of[bit]) == 1]
    alive = set(range(len(rows)))
    while leaves:
        bit = leaves.pop()
        if len(of[bit]) != 1:
            continue
        e = of[bit].pop()
        alive.discard(e)
        for other in rows[e]:
            of[other].discard(e)
            if len(of[other]) == 1:
                leaves.append(other)
    return [rows[e] for e in sorted(alive)]


def rank(rows):
    """Over GF(2), rows as whole numbers."""
    pivot = {}
    for row in rows:
        bits = 0
        for bit in row:
            bits ^= 1 << bit
        while bits and bits.bit_length() in pivot:
            bits ^= pivot[bits.bit_length()]
        if bits:
            pivot[bits.bit_length()] = bits
    return len(pivot)


def xorsat():
    n = 2000
    for alpha in (0.7, 0.9):
        rows = equations(n, alpha, 3, 1)
        theory = point("xorsat", f"alpha={alpha}")
        entropy = (n - rank(rows)) / n * math.log(2)
        ok(abs(entropy - theory["entropy_per_site"]) < 0.002,
           f"alpha = {alpha}: entropy of one instance",
           f"{entropy} {theory}")
        core = core_of(rows, n)
        bits = len({bit for row in core for bit in row})
        ok(abs(bits / n - theory["core_sites"]) < 0.05 and
           abs(len(core) / n - theory["core_equations"]) < 0.05,
           f"alpha = {alpha}: its core", f"{bits} {len(core)} {theory}")
        clusters = (bits - rank(core)) / n * math.log(2)
        ok(abs(clusters - theory["complexity"]) < 0.006,
           f"alpha = {alpha}: its clusters", f"{clusters} {theory}")
    rows = equations(n, 0.95, 3, 1)
    theory = point("xorsat", "alpha=0.95")
    ok(rank(rows) < len(rows) and theory["phase"] == "unsatisfiable" and
       "entropy_per_site" not in theory,
       "alpha = 0.95: equations depend on each other, no entropy")
    n = 40000
    core = core_of(equations(n, 0.9, 4, 2), n)
    bits = len({bit for row in core for bit in row})
    theory = point("xorsat", "k=4", "alpha=0.9")
    ok(abs(bits / n - theory["core_sites"]) < 0.01 and
       abs(len(core) / n - theory["core_equations"]) < 0.01,
       "k = 4: the core of 40000 bits", f"{bits} {len(core)} {theory}")


# ---- survey propagation in the limit ---------------------------------------

def limit():
    keys = ("ksat_sp", "population=5000", "iterations=100")
    low, high = (point(*keys, f"alpha={a}") for a in (4.1, 4.2))
    slope = (high["complexity"] - low["complexity"]) / 0.1
    mean = (high["complexity_slope"] + low["complexity_slope"]) / 2
    error = 10 * math.hypot(high["errors"]["complexity"],
                            low["errors"]["complexity"])
    ok(abs(slope - mean) < 4 * error < 0.15,
       "d Sigma / d alpha = <ln(1 - w w w)>", f"{slope} {mean} +- {error}")
    one, two = (solve("ksat_sp", "population=1000", "iterations=20",
                      threads=t) for t in (1, 2))
    ok(one == two and "error" not in one, "the same by two threads")
    low = point(*keys, "threshold=true", "alpha=3.7")
    ok("alpha_s" not in low and "start higher" in low["warnings"] and
       low["phase"].startswith("no clusters"),
       "no threshold from where surveys are trivial", low)


# ---- formulas --------------------------------------------------------------

def formula(n, m, k, seed):
    dice = random.Random(seed)
    return [[dice.choice((-1, 1)) * (bit + 1)
             for bit in dice.sample(range(n), k)] for _ in range(m)]


def write(name, n, clauses):
    with open(name, "w", encoding="utf-8") as file:
        print("c random\np cnf", n, len(clauses), file=file)
        for clause in clauses:
            print(*clause, 0, file=file)


def satisfies(value, clauses):
    return all(any(value[abs(x) - 1] == math.copysign(1, x) for x in clause)
               for clause in clauses)


def solutions(n, clauses):
    return [value for value in itertools.product((-1, 1), repeat=n)
            if satisfies(value, clauses)]


def files():
    clauses = formula(1500, 6000, 3, 1)
    write("random.cnf", 1500, clauses)
    for name in ("sp_decimation", "bp_decimation"):
        out = point(name, "file=random.cnf", "iterations=100", "fraction=0.1")
        value = out["curves"].get("assignment", [1] * 1500)
        ok(out["phase"] == "satisfied" and satisfies(value, clauses) and
           set(value) == {-1, 1}, f"{name}: 1500 bits at alpha = 4", out)
        mutant = [-x for x in value]
        ok(not satisfies(mutant, clauses), "mutant assignment rejected")
    tree = [[1, -2], [2, 3, 4], [-4, 5], [5, -6, 7], [-1, 8], [3, 9]]
    write("tree.cnf", 9, tree)
    out = point("bp_decimation", "file=tree.cnf")
    states = solutions(9, tree)
    ok(abs(out["bethe_entropy"] - math.log(len(states))) < 1e-12 and
       all(abs(p - sum(s[i] > 0 for s in states) / len(states)) < 1e-12
           for i, p in enumerate(out["curves"]["marginal"])),
       "a tree: entropy and marginals by enumeration", out)
    hard = [list(c) for c in itertools.product((-1, 1), (-2, 2), (-3, 3))]
    write("none.cnf", 3, hard)
    for name in ("sp_decimation", "bp_decimation"):
        out = point(name, "file=none.cnf", "flips=1000")
        ok(out["phase"] == "not found" and out["violated"] == 1 and
           "no proof" in out["warnings"] and "assignment" not in
           out["curves"], f"{name}: not found is not unsatisfiable", out)
    write("clash.cnf", 3, [[1], [-1, 2], [-2, 3], [-3, -1]])
    out = point("sp_decimation", "file=clash.cnf")
    ok(out["phase"] == "unsatisfiable", "single bits prove it", out)


def messages():
    with open("bad.cnf", "w", encoding="utf-8") as file:
        file.write("p cnf 3 2\n1 9 0\n-1 x 0\n")
    for words, want in (
            (["file=bad.cnf"], ["bad.cnf:2:", "bad.cnf:3:", "from -3 to 3"]),
            (["file=missing.cnf"], ["missing.cnf: cannot open it"]),
            (["file=."], ["a directory"]),
            (["file=none.cnf", "N=5"], ["N:", "one or the other"]),
            (["N=2"], ["at most 2"]),
            (["N=10000000", "alpha=1000"], ["literals in all"]),
            (["fraction=2"], ["fraction"])):
        p = call("solve", "sp_decimation", *words)
        ok(p.returncode == 2 and all(w in p.stderr for w in want),
           f"refused: {' '.join(words)}", p.stderr)


def edges():
    for words in (["N=1", "k=1", "alpha=0"], ["N=1", "k=1", "alpha=1"],
                  ["N=5", "k=5", "alpha=3"], ["fraction=0", "N=50"],
                  ["fraction=1", "N=50"], ["N=30", "k=2", "alpha=0.5"],
                  ["N=20", "k=1", "alpha=0.05"]):
        for name in ("sp_decimation", "bp_decimation"):
            out = point(name, *words)
            ok(out.get("phase") == "satisfied", f"{name} {' '.join(words)}",
               out)


def main():
    runs.scratch()
    xorsat()
    limit()
    files()
    messages()
    edges()
    runs.done()


main()
