#!/usr/bin/env python3
"""Replica theory: identities between results of sk_rsb and p_spin, what they
lay beside runs, and tempera_extrapolate.py, which takes runs to infinite N."""
import json
import math
import os
import subprocess
import sys

import h5py
import numpy as np

import runs
from runs import call, ok

SCRIPT = os.path.abspath(os.path.join(os.environ.get("srcdir", "."),
                                      "analysis", "tempera_extrapolate.py"))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(SCRIPT))
import tempera_extrapolate as extrapolate  # noqa: E402


def point(*args):
    p = call("solve", *args, "--json")
    if p.returncode:
        raise SystemExit("Bail out! " + p.stderr)
    return json.loads(p.stdout)["points"][0]


def results(*args):
    return {name: r["value"] for name, r in point(*args)["results"].items()}


# ---- identities -------------------------------------------------------------

def entropy_is_slope(*args):
    """s = -df/dT, C = T ds/dT by fourth-order differences, 1e-3 apart."""
    T = float(args[-1])
    at = [results(*args[:-1], f"T={T + k * 1e-3!r}") for k in (-2, -1, 1, 2)]
    here = results(*args[:-1], f"T={T!r}")

    def slope(name):
        v = [p[name] for p in at]
        return (8 * (v[2] - v[1]) - (v[3] - v[0])) / 12e-3

    off = (abs(slope("free_energy_per_site") + here["entropy_per_site"]),
           abs(T * slope("entropy_per_site") - here["specific_heat"]),
           abs(here["energy"] - here["free_energy_per_site"] -
               T * here["entropy_per_site"]))
    ok(max(off) < 2e-6, f"{' '.join(args)}: s = -df/dT, C = T ds/dT", off)


def sk_rsb():
    entropy_is_slope("sk_rsb", "K=3", "0.4")
    entropy_is_slope("sk_rsb", "K=1", "h=0.2", "0.5")
    f = [results("sk_rsb", "T=0.3", f"K={k}")["free_energy_per_site"]
         for k in range(4)]
    ok(all(a < b for a, b in zip(f, f[1:])), "f rises with K", f)
    limits = [point("sk_rsb", "T=0.3", f"K={k}")["results"]
              for k in (3, 4, 5, 7)]
    best = limits[-1]
    for name in ("parisi_free_energy_per_site", "parisi_energy",
                 "parisi_entropy_per_site", "parisi_susceptibility"):
        off = [abs(of[name]["value"] - best[name]["value"]) /
               (of[name]["error"] + best[name]["error"])
               for of in limits[:-1]]
        ok(max(off) < 1, f"{name} of K = 3, 4, 5 covers that of 7", off)
    up, down = (results("sk_rsb", "T=0.4", f"h={h}") for h in (0.3, -0.3))
    ok(abs(up["magnetization"] + down["magnetization"]) < 1e-12 and
       abs(up["energy"] - down["energy"]) < 1e-12, "h and -h", (up, down))
    above = point("sk_rsb", "T=1.2", "K=4")
    ok("replica symmetric" in above["phase"] and not above["warnings"] and
       "m_1" not in above["results"], "above T = 1 all q are one", above)
    near = point("sk_rsb", "T=0.9995", "K=2")
    ok(near["phase"] == "spin glass" and near["warnings"],
       "next to T = 1 fewer steps, said so", near)


def p_spin():
    for spins, T in (("spherical", 0.4), ("spherical", 0.6), ("ising", 0.5),
                     ("ising", 0.3), ("ising", 0.8)):
        entropy_is_slope("p_spin", "p=3", f"spins={spins}", repr(T))
    for spins in ("spherical", "ising"):
        both = ["p=4", f"spins={spins}"]
        Ts = results("p_spin", *both)["temperature_s"]
        a, b = (results("p_spin", *both, f"T={Ts + d!r}")
                for d in (-1e-7, 1e-7))
        ok(abs(a["energy"] - b["energy"]) < 1e-5 and
           abs(a["q"] - b["states_q"]) < 1e-5 and
           abs(b["complexity"]) < 1e-5 and a["parisi_parameter"] > 1 - 1e-5,
           f"{spins}: the glass takes over at T_s without a jump", (a, b))
        zero = results("p_spin", *both, "T=0.0")
        e = zero["ground_energy"]
        sigma = [results("p_spin", *both, f"e={e + d!r}")["complexity_of_e"]
                 for d in (1e-4, 2e-4)]
        ok(abs((4 * sigma[0] - sigma[1]) / 2e-4 - zero["y"]) < 1e-4,
           f"{spins}: the complexity rises from e_0 by y", (sigma, zero["y"]))
    below = point("p_spin", "spins=ising", "T=0.2")
    ok("T_g" in below["warnings"][0], "below T_g: a bound", below["warnings"])
    p = call("solve", "p_spin", "p=2")
    ok(p.returncode == 2 and "p" in p.stderr, "p = 2 is refused", p.stderr)


def hopfield():
    for T, there in (("0.0", False), ("0.02", True), ("0.2", False)):
        at = point("hopfield_rs", "alpha=0.138", f"T={T}")
        m, last = (at["results"][k]["value"] for k in ("m", "temperature_m"))
        said = any("higher T" in w for w in at["warnings"])
        ok((m > 0.9) == there and said == (not there and float(T) < last),
           f"alpha = 0.138, T = {T}: retrieval comes and goes", at)


# ---- beside runs ------------------------------------------------------------

RUN = """
run    = { seed = 1; sweeps = 96; burn_in = 32; };
model  = { name = "%s"; N = %d; %s samples = 32; };
ladder = { temperature = [0.5, 0.8, 1.2, 2.0]; rungs = 4; spacing = "list";
           copies = 2; };
record = { every = 8; observables = ["energy", "overlap"%s]; };
"""


def run(name, model, n, keys="", more=""):
    runs.save(name, RUN % (model, n, keys, more))
    p = call("run", name + ".cfg")
    if p.returncode:
        raise SystemExit("Bail out! " + p.stderr)
    return json.loads(call("report", name + ".h5", "--json").stdout)


def beside(out, solver, n, truth, *names):
    """The coldest rung, T = 0.5, against solve."""
    found = {name: of["mean"][-1] for name, of in
             out["limits"][solver]["quantities"].items()}
    want = {"energy": truth["energy"],
            "ln_z": -n * truth["free_energy_per_site"] / 0.5,
            "entropy": n * truth["entropy_per_site"],
            "specific_heat": truth.get("specific_heat")}
    off = [abs(found[name] - want[name]) for name in names]
    ok(max(off) < 1e-9, f"{solver} beside the data", (found, want))
    ok(abs(out["limits"][solver]["quantities"]["ln_z"]["mean"][0] -
           n * math.log(2)) < 1e-6, f"{solver}: ln Z = N ln 2 at beta = 0")
    return found


def overlays():
    out = run("sk", "sk", 16, "h = 0.1;", ', "link_overlap"')
    ok(not out["theory"], "no law for a finite N", out["theory"])
    rs = results("sk_rs", "T=0.5", "h=0.1")
    rsb = results("sk_rsb", "T=0.5", "h=0.1", "K=2")
    beside(out, "sk_rs", 16, rs, "energy", "ln_z", "entropy")
    found = beside(out, "sk_rsb", 16, rsb, "energy", "ln_z", "entropy",
                   "specific_heat")
    ok(abs(found["link_overlap"] - rsb["mean_overlap_2"]) < 1e-12 and
       abs(found["overlap"] - rsb["mean_overlap"]) < 1e-12,
       "overlaps of P(q)", found)
    with h5py.File("sk.h5") as file:
        line = [of[()] for of in file["guides"].values()
                if of.attrs["of"] in ("beta", b"beta")]
    T = results("sk_at", "h=0.1")["temperature_at"]
    ok(len(line) == 1 and np.allclose(line[0], 1 / T), "the line of sk_at",
       line)
    out = run("p3", "p_spin", 12)
    found = beside(out, "p_spin", 12,
                   results("p_spin", "spins=ising", "T=0.5"), "energy",
                   "ln_z", "entropy", "specific_heat")
    out = run("p2", "p_spin", 12, "p = 2;")
    ok(list(out["limits"]) == ["sk_rsb"], "p = 2 is that of sk_rsb",
       list(out["limits"]))
    # rungs 2.0, 1.2, 0.8, 0.5 and N^(-1/3) = 0.44
    moments = out["limits"]["sk_rsb"]["quantities"]["glass_susceptibility"]
    hot, *near, cold = moments["mean"][-4:]
    ok(near == [None, None] and abs(hot - 4 / 3) < 1e-12 and cold > 1,
       "moments of q are left out next to T = 1", moments)


# ---- tempera_extrapolate.py -------------------------------------------------

def script(*args):
    return subprocess.run([sys.executable, SCRIPT, *args],
                          capture_output=True, text=True, check=False)


def fits():
    """2000 fits of five sizes: 68.3 % of a within its error, a false alarm at
    4 sigma (6e-5) below 64.1 %; chi^2 chances uniform."""
    rng = np.random.default_rng(3)
    x = np.array([16.0, 32, 64, 128, 256]) ** (-2 / 3)
    error = np.array([0.01, 0.02, 0.005, 0.01, 0.004])

    def coverage(claimed):
        inside, p = 0, []
        for _ in range(2000):
            y = -0.7 + 0.8 * x + error * rng.standard_normal(5)
            a, a_error, _, _, chi2 = extrapolate.fit(x, y, claimed * error)
            inside += abs(a + 0.7) < a_error
            p.append(extrapolate.chance(chi2, 3))
        return inside / 2000, np.mean(p)

    inside, p = coverage(1)
    ok(abs(inside - 0.683) < 0.042 and abs(p - 0.5) < 0.026,
       "errors cover, chances are uniform", (inside, p))
    inside, p = coverage(1.5)
    ok(abs(inside - 0.683) > 0.042 and abs(p - 0.5) > 0.026,
       "mutant rejected: errors 1.5 times too large", (inside, p))
    found = [extrapolate.chance(x, n) for x, n in
             ((3.841459, 1), (5.991465, 2), (18.307038, 10), (0.0, 2))]
    ok(np.allclose(found, [0.05, 0.05, 0.05, 1], atol=1e-7),
       "chances of chi^2 as tabulated", found)


def extrapolation():
    for n in (8, 16, 32):
        run(f"n{n}", "sk", n, "", ', "link_overlap"')
    p = script("n32.h5", "n8.h5", "n16.h5", "-o", "sk.png",
               "--temperature=0.5", "--temperature=2.0")
    lines = p.stdout.splitlines()
    ok(p.returncode == 0 and len(lines) == 6 and lines[0].endswith(
        "N = 8, 16, 32") and os.path.getsize("sk.png") > 1e4,
       "a table and a picture", p.stdout + p.stderr)
    rsb = results("sk_rsb", "T=0.5")["energy"]
    ok("sk_rsb %.6f" % rsb in lines[1] and "sk_rs " in lines[1] and
       "of 1 (p" in lines[1], "theory and chi^2 in it", lines[1])
    only = script("n8.h5", "n32.h5", "--theory=sk_rsb", "--quantity=ln_z",
                  "--less", "-o", "less.png")
    ok("sk_rs " not in only.stdout and "no chi^2" in only.stdout and
       os.path.getsize("less.png") > 1e4,
       "one solver, another quantity", only.stdout + only.stderr)
    for args, words in ((("n8.h5",), "one size"),
                        (("n8.h5", "n16.h5", "--temperature=0.7"),
                         "shared: 0.5"),
                        (("n8.h5", "n16.h5", "--quantity=foo"), "foo"),
                        (("n8.h5", "n16.h5", "--exponent=1"), "fall")):
        p = script(*args)
        ok(p.returncode == 2 and words in p.stderr, "refused: " + words,
           p.stderr)
    ok(script("sk.cfg", "n8.h5").returncode == 3, "no such file: 3")


def main():
    runs.scratch()
    sk_rsb()
    p_spin()
    hopfield()
    overlays()
    fits()
    extrapolation()
    runs.done()


main()
