#!/usr/bin/env python3
"""Models of spins that all feel each other, through the whole program.

curie_weiss: every z below 4.5 in size (two-sided 7e-6 a comparison, about
250 of them: a false alarm once in 500 seeds; the seeds are fixed).
hopfield: limits from the spread over 12 other seeds, see there.
rem: report's own theory, z below 4.5."""
import json

import runs
from runs import call, ok

Z_MOST = 4.5


def report(name, text, *keys):
    with open(name + ".cfg", "w", encoding="utf-8") as file:
        file.write(text)
    p = call("run", name + ".cfg", "--restart", *keys)
    if not ok(p.returncode == 0, f"{name} {' '.join(keys)}: runs", p.stderr):
        return None
    return json.loads(call("report", name + ".h5", "--json").stdout)


def z_of(out, quantity, rung, value):
    estimate = out["estimates"][quantity]
    return (estimate["mean"][rung] - value) / estimate["error"][rung]


# ---- curie_weiss -------------------------------------------------------------

# N, beta: ln Z / N, <m^2>, <|m|>, 1 - <m^4> / 3 <m^2>^2; sums over M
CURIE_WEISS = {
    (10, 0.5): (0.72577074160177, 0.17146437428206, 0.33296809456735,
                0.172731894056),
    (10, 1.0): (0.78751436726888, 0.34694388269472, 0.50636451129194,
                0.386536236929),
    (10, 1.5): (0.91051173796576, 0.64476594562986, 0.75499353993572,
                0.571857108086),
    (100, 0.5): (0.69658855239859, 0.01961744716504, 0.1119244045149,
                 0.0249845985486),
    (100, 1.0): (0.70786276763689, 0.1144810461957, 0.28679640946894,
                 0.30558465273),
    (100, 1.5): (0.81790687628918, 0.72452049472943, 0.84820997148436,
                 0.657998949119),
    (1000, 0.5): (0.69349350481362, 0.0019960185345892, 0.035652836180456,
                  0.00264820690519),
    (1000, 1.0): (0.69517865669527, 0.036755207877309, 0.16161827274637,
                  0.281417112185),
    (1000, 1.5): (0.80928633672117, 0.73596511841367, 0.85762779762124,
                  0.665874745254)}
LIMIT = 0.85855963664011  # m = tanh(1.5 m)
BETAS = {10: [0, 0.5, 1, 1.5], 100: [0, 0.5, 0.8, 1, 1.15, 1.3, 1.4, 1.5],
         1000: [0, 0.5, 0.8, 0.92, 1, 1.04, 1.08, 1.12, 1.16, 1.2, 1.24,
                1.28, 1.32, 1.36, 1.4, 1.45, 1.5]}


def curie_weiss():
    apart = {}
    for n, betas in BETAS.items():
        text = f"""
run    = {{ seed = 5; sweeps = {20000 if n < 1000 else 5000}; burn_in = 992; }};
model  = {{ name = "curie_weiss"; N = {n}; }};
ladder = {{ beta = {[float(b) for b in betas]}; rungs = {len(betas)};
           spacing = "list"; copies = 8; }};
record = {{ every = 5; observables = ["energy", "magnetization",
           "abs_magnetization", "magnetization_2", "magnetization_4"]; }};
"""
        out = report(f"weiss{n}", text)
        for beta in (0.5, 1, 1.5):
            rung, row = betas.index(beta), CURIE_WEISS[n, beta]
            for name, value in zip(("ln_z", "magnetization_2",
                                    "abs_magnetization", "binder"),
                                   (n * row[0],) + row[1:]):
                z = z_of(out, name, rung, value)
                ok(abs(z) < Z_MOST, f"curie_weiss, N = {n}, beta = {beta}: "
                   f"{name}, z = {z:.2f}")
            if beta > 0.5:
                z = z_of(out, "abs_magnetization", rung, 1.05 * row[2])
                ok(abs(z) > Z_MOST, "mutant rejected: |m| 5 % larger, "
                   f"z = {z:.1f}")
        for name in ("energy", "specific_heat", "ln_z", "ln_z_ti", "entropy",
                     "abs_magnetization", "binder"):
            theory = out["theory"].get(name)
            worst = theory and max(abs(z) for z in theory["z"]
                                   if z is not None)
            ok(theory and worst < Z_MOST,
               f"curie_weiss, N = {n}: {name} against "
               f"{theory and theory['source'].split(':')[0]}", worst)
        apart[n] = n * (LIMIT -
                        out["estimates"]["abs_magnetization"]["mean"][-1])
    ok(all(0.5 < a < 1.5 for a in apart.values()),
       "N (m - <|m|>) at beta = 1.5 stays near 1: the limit is reached as "
       "1/N", apart)
    p = call("verify", "weiss100.h5")
    ok(p.returncode == 0, "the reference kernel agrees", p.stderr)
    a = report("field", """
run    = { seed = 6; sweeps = 2000; burn_in = 480; };
model  = { name = "curie_weiss"; N = 40; h = 0.3; };
ladder = { beta = [0.3, 1.4]; rungs = 6; copies = 6; };
""")
    worst = max(abs(z) for name in ("energy", "magnetization", "ln_z")
                for z in a["theory"][name]["z"] if z is not None)
    ok(worst < Z_MOST, "curie_weiss in a field against theory", worst)


# ---- hopfield ----------------------------------------------------------------

HOPFIELD = """
run    = { seed = 1; sweeps = 200; burn_in = 128; start = "planted"; };
model  = { name = "hopfield"; samples = 8; };
ladder = { temperature = [0.05]; rungs = 1; anchor = false; copies = 4; };
record = { every = 10; observables = ["energy", "planted_overlap",
           "retrieval_overlap", "pattern_overlaps"]; };
"""


def kept(out):
    """At T = 0, alpha = 0.1 theory says m = 0.997999, e = -0.500154. Eight
    samples of N = 400 have m = 0.9981 with standard deviation 0.0022, e with
    0.004: a false alarm in 1e5 seeds."""
    m = out["estimates"]["planted_overlap"]["mean"][0]
    e = out["estimates"]["energy"]["mean"][0]
    return abs(m - 0.997999) < 0.01 and abs(e + 0.500154) < 0.018


def hopfield():
    below = report("below", HOPFIELD, "model.N=400", "model.alpha=0.1")
    ok(kept(below), "hopfield, alpha = 0.1: the pattern is kept",
       below["estimates"]["planted_overlap"])
    # alpha = 0.2: 32 samples of N = 100 stay at 0.66 +- 0.05, eight of
    # N = 400 at 0.30 +- 0.05: false alarms once in 1e4 seeds.
    small = report("small", HOPFIELD, "model.N=100", "model.alpha=0.2",
                   "model.samples=32")
    large = report("large", HOPFIELD, "model.N=400", "model.alpha=0.2")
    a, b = (out["estimates"]["planted_overlap"]["mean"][0]
            for out in (small, large))
    ok(b < 0.55 and a - b > 0.1, "hopfield, alpha = 0.2: the pattern is "
       "left, the more the larger N", (a, b))
    ok(not kept(large), "mutant rejected: alpha = 0.2 by alpha = 0.1")
    all_of = large["estimates"]
    each = all_of["pattern_overlaps"]["mean"]
    ok(all(len(rung) == 80 for rung in each) and
       [rung[0] for rung in each] == all_of["planted_overlap"]["mean"],
       "overlaps with all 80 patterns")
    theory = below["limits"]["hopfield_rs"]["quantities"]
    ok(abs(theory["retrieval_overlap"]["mean"][0] - 0.998) < 0.001,
       "the report lays hopfield_rs beside the data", theory)
    hot = report("hot", HOPFIELD, "model.N=256", "model.alpha=0.02",
                 "ladder.temperature=[3.0]")
    theory = hot["limits"]["hopfield_rs"]["quantities"]
    energy = hot["estimates"]["energy"]
    z = (energy["mean"][0] - theory["energy"]["mean"][0]) / energy["error"][0]
    ok(abs(z) < 8 and theory["retrieval_overlap"]["mean"][0] == 0,
       "above T_g: paramagnet, energy near theory", z)
    p = call("run", "below.cfg", "model.name=curie_weiss",
             'record.observables=["energy"]', "model.samples=1")
    ok(p.returncode == 2 and "model curie_weiss has no planted state" in
       p.stderr, "planted is refused where nothing is", p.stderr)


# ---- rem ---------------------------------------------------------------------

def rem():
    out = report("rem", """
run    = { seed = 3; sweeps = 1000; burn_in = 224; };
model  = { name = "rem"; N = 14; samples = 80; };
ladder = { beta = [0.2, 1.2]; rungs = 6; copies = 2; };
record = { every = 5; observables = ["energy", "coincidence"]; };
""")
    for name in ("energy", "ln_z", "entropy"):
        theory = out["theory"][name]
        worst = max(abs(z) for z in theory["z"] if z is not None)
        ok(theory["source"].startswith("rem") and worst < Z_MOST,
           f"rem, 80 samples: {name} against Derrida's integrals", worst)
    ln_z = out["estimates"]["ln_z"]
    far = [(1.01 * m - t) / e for m, t, e in
           zip(ln_z["mean"], out["theory"]["ln_z"]["mean"], ln_z["error"])
           if e]
    ok(max(map(abs, far)) > Z_MOST, "mutant rejected: ln Z 1 % larger", far)
    y = out["estimates"]["coincidence"]["mean"]
    ok(0 <= y[0] < 0.01 < y[-1] < 1, "copies meet in the cold", y)


def main():
    runs.scratch()
    curie_weiss()
    hopfield()
    rem()
    runs.done()


main()
