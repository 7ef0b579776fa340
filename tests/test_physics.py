#!/usr/bin/env python3
"""Short runs against exact results, through the whole program: input, run,
report. Each z is below 4.5 in size (two-sided 7e-6 a comparison; about 900
comparisons: a false alarm once in 160 seeds, and the seeds are fixed)."""
import json
import math

import runs
from runs import call, ok

Z_MOST = 4.5
TAIL = """
run    = { seed = %d; sweeps = %d; burn_in = 1000; };
record = { every = 5; observables = ["energy", "magnetization",
                                     "abs_magnetization"]; };
"""


def report(name, model, ladder, more="", seed=11, sweeps=20000):
    with open(name + ".cfg", "w", encoding="utf-8") as file:
        file.write(f'model = {{ name = "ising"; {model} }};\n'
                   f"ladder = {{ {ladder} }};\n{more}\n"
                   + TAIL % (seed, sweeps))
    p = call("run", name + ".cfg")
    if not ok(p.returncode == 0, f"{name}: runs", p.stderr):
        return None
    p = call("report", name + ".h5", "--json")
    return json.loads(p.stdout)


def worst(theory):
    return max((abs(z) for z in theory["z"] if z is not None), default=None)


def against_theory(name, source, wanted, *args, **more):
    out = report(name, *args, **more)
    if not out:
        return out
    for quantity in wanted:
        theory = out["theory"].get(quantity)
        ok(theory and theory["source"].startswith(source) and
           worst(theory) < Z_MOST,
           f"{name}: {quantity} against {source}",
           theory and worst(theory))
    return out


def beta_of(out):
    return [row[0] for row in out["ladder"]["lambda"]]


def close(name, out, quantity, rung, value):
    estimate = out["estimates"][quantity]
    mean, error = estimate["mean"][rung], estimate["error"][rung]
    ok(abs(mean - value) < Z_MOST * error,
       f"{name}: {quantity} at beta = {beta_of(out)[rung]:.4g}, z = "
       f"{(mean - value) / error:.2f}",
       f"{mean} +- {error}, should be {value}")


THERMAL = ["energy", "specific_heat", "specific_heat_mbar", "ln_z",
           "ln_z_ti", "entropy", "free_energy"]
COLD = "temperature = [1.6, 4.0]; rungs = 6; copies = 8;"


def tori():
    against_theory("ferro", "kaufman", THERMAL, "shape = [8, 8];", COLD)
    against_theory("antiferro", "kaufman", THERMAL,
                   "shape = [8, 6]; J = -1.0;", COLD)
    against_theory("scaled", "kaufman", THERMAL, "shape = [6, 6]; J = 0.7;",
                   "beta = [0.2, 0.9]; rungs = 6; copies = 8;")
    against_theory("twice", "kaufman", THERMAL,
                   "shape = [6, 6]; J_axis = [2.0, 2.0];",
                   "beta = [0.1, 0.3]; rungs = 5; copies = 8;")
    against_theory("unlike axes", "enumerate", THERMAL,
                   "shape = [4, 4]; J_axis = [1.0, -0.5];",
                   "beta = [0.2, 0.8]; rungs = 5; copies = 8;")
    against_theory("field", "transfer_matrix", THERMAL + ["magnetization"],
                   "shape = [8, 8]; h = 0.1;", COLD,
                   'dynamics = { name = "heatbath"; };')
    against_theory("open", "transfer_matrix", THERMAL,
                   'shape = [6, 7]; boundary = "open"; h = 0.2;', COLD)
    against_theory("frustrated", "enumerate", THERMAL,
                   "shape = [3, 5]; J = -1.0; h = 0.3;",
                   "temperature = [0.8, 4.0]; rungs = 6; copies = 8;")
    against_theory("four", "enumerate", THERMAL, "shape = [2, 2, 2, 2];",
                   "temperature = [4.0, 12.0]; rungs = 5; copies = 8;")
    against_theory("chain", "ising1d", THERMAL, "shape = [30]; h = 0.2;",
                   "temperature = [0.7, 3.0]; rungs = 6; copies = 8;")
    against_theory("ring", "ising1d", THERMAL, "shape = [30];",
                   "temperature = [0.7, 3.0]; rungs = 6; copies = 8;")
    against_theory("odd ring", "enumerate", THERMAL, "shape = [15];",
                   "temperature = [0.7, 3.0]; rungs = 6; copies = 8;")
    against_theory("site", "kaufman", ["energy", "specific_heat"],
                   "shape = [32, 32];",
                   'beta = [0.3]; rungs = 1; anchor = false; copies = 4;',
                   'dynamics = { stream = "site"; };')
    against_theory("seo", "kaufman", THERMAL, "shape = [6, 6];", COLD,
                   'exchange = { scheme = "seo"; every = 2; };')


def relative():
    out = against_theory("bare", "kaufman",
                         ["energy", "ln_z_relative", "ln_z_ti_relative",
                          "entropy_relative"], "shape = [8, 8];",
                         COLD + " anchor = false;")
    names = out["estimates"]
    ok("ln_z" not in names and "entropy" not in names and
       "free_energy" not in names and
       names["ln_z_relative"]["mean"][0] == 0 and
       names["ln_z_relative"]["error"][0] == 0,
       "without anchor: relative names only, zero at rung 0")


def cube():
    """The 3 x 3 x 3 torus; transfer matrix, also by an independent program:
    ln Z and u per site to all digits."""
    exact = {0.1: (19.1587977726, -0.34999415),
             0.2: (20.9340815664, -1.11367254),
             0.221654626: (21.6761933669, -1.43444401),
             0.3: (25.9536405028, -2.48969958)}
    betas = ", ".join(map(repr, [0.0, 0.001] + list(exact)))
    out = report("cube", "shape = [3, 3, 3];",
                 f'beta = [{betas}]; spacing = "list"; copies = 16;')
    for rung, (ln_z, energy) in enumerate(exact.values(), start=2):
        close("cube", out, "ln_z", rung, ln_z)
        close("cube", out, "energy", rung, energy)
        for quantity, value in (("ln_z", ln_z), ("energy", energy)):
            estimate = out["estimates"][quantity]
            off = (estimate["mean"][rung] - 1.05 * value) / \
                estimate["error"][rung]
            ok(abs(off) > Z_MOST,
               f"mutant rejected: {quantity} 5 % larger", off)
    close("lambda = 0", out, "abs_magnetization", 0,
          sum(abs(2 * k - 27) * math.comb(27, k) for k in range(28)) /
          27 / 2**27)
    close("beta = 1e-3 mixes", out, "energy", 1, -3 * math.tanh(1e-3))
    tau = out["estimates"]["energy"]["tau_int"]
    ok(max(tau[:2]) < 10, "rungs at lambda = 0 and 1e-3 mix", tau[:2])


def hot():
    """An even lattice next to lambda = 0, where a checkerboard that accepts
    everything would oscillate."""
    for stream in ("lane", "site", "word"):
        name = "hot " + stream
        out = against_theory(
            name, "kaufman", ["energy", "specific_heat", "entropy", "ln_z"],
            "shape = [32, 32];" if stream == "site" else "shape = [8, 8];",
            'beta = [0.0, 0.001, 0.02]; spacing = "list"; copies = 2;',
            f'dynamics = {{ stream = "{stream}"; }};', sweeps=4000)
        tau = out["estimates"]["energy"]["tau_int"] + \
            out["estimates"]["abs_magnetization"]["tau_int"]
        ok(max(tau) < 15, f"{name}: rungs at 0, 1e-3 and 0.02 mix", tau)


def wrong_theory():
    """Mutants: the same comparison must reject a theory that is a little
    off."""
    for name, solver, keys in (
            ("ferro", "kaufman", ["shape=[8,8]", "J=1.01"]),
            ("field", "transfer_matrix", ["shape=[8,8]", "h=0.11"])):
        out = json.loads(call("report", name + ".h5", "--json").stdout)
        for quantity in ("energy", "ln_z"):
            estimate, z = out["estimates"][quantity], []
            for rung, beta in enumerate(beta_of(out)):
                p = call("solve", solver, *keys, f"beta={beta!r}", "--json")
                value = json.loads(p.stdout)["points"][0]["results"]
                if estimate["error"][rung]:
                    z.append((estimate["mean"][rung] -
                              value[quantity]["value"]) /
                             estimate["error"][rung])
            ok(max(map(abs, z)) > Z_MOST, f"mutant rejected: {quantity} of "
               f"{name} against {keys[1]}", z)


def two_dynamics():
    """No exact result: metropolis against heatbath."""
    ladder = 'temperature = [3.5, 4.5, 6.0]; spacing = "list"; copies = 12;'
    a = report("metropolis", "shape = [4, 4, 4]; h = 0.1;", ladder)
    b = report("heatbath", "shape = [4, 4, 4]; h = 0.1;", ladder,
               'dynamics = { name = "heatbath"; };', seed=12)
    for name in ("energy", "magnetization", "specific_heat", "ln_z"):
        x, y = a["estimates"][name], b["estimates"][name]
        z = [(p - q) / math.hypot(e, f) for p, q, e, f in
             list(zip(x["mean"], y["mean"], x["error"], y["error"]))[-3:]]
        ok(max(map(abs, z)) < Z_MOST, f"metropolis and heatbath: {name}", z)


def short():
    out = report("short", "shape = [16, 16];", COLD, sweeps=50)
    verdict = out["verdict"]
    ok(not verdict["ok"] and verdict["reasons"],
       "50 sweeps: the verdict is not ok", verdict)
    ok(call("report", "short.h5", "--strict").returncode == 1,
       "and --strict says so")
    good = call("report", "ferro.h5", "--strict")
    ok(good.returncode == 0, "the long enough run passes --strict",
       good.stdout)


def main():
    runs.scratch()
    tori()
    relative()
    cube()
    hot()
    wrong_theory()
    two_dynamics()
    short()
    runs.done()


main()
