#!/usr/bin/env python3
"""Models of continuous sites through the whole program: runs against exact
results (each z below 4.5, two-sided 7e-6 a comparison, about 250 of them; the
seeds are fixed), refusals, the shape of stored vectors, and the promise over
ranks, threads, kernels and restarts."""
import json
import math

import h5py
import numpy as np

import runs
from runs import MPIRUN, call, differing, ok, same

Z_MOST = 4.5
INPUT = """
run      = { seed = %(seed)d; sweeps = %(sweeps)d; burn_in = 1000; };
model    = { name = "%(model)s"; %(keys)s };
dynamics = { name = "%(dynamics)s"; };
ladder   = { %(ladder)s };
record   = { every = 5; states_every = 500; observables = [%(record)s]; };
"""
WARM = "beta = [0.4, 2.5]; rungs = 6; copies = 8;"


def write(name, model, keys, ladder=WARM, dynamics="metropolis", seed=3,
          sweeps=10000, record='"energy", "abs_magnetization"'):
    with open(name + ".cfg", "w", encoding="utf-8") as file:
        file.write(INPUT % {"seed": seed, "sweeps": sweeps, "model": model,
                            "keys": keys, "dynamics": dynamics,
                            "ladder": ladder, "record": record})


def report(name, *args, **more):
    write(name, *args, **more)
    p = call("run", name + ".cfg")
    if not ok(p.returncode == 0, f"{name}: runs", p.stderr):
        return None
    return json.loads(call("report", name + ".h5", "--json").stdout)


def largest_z(out, quantity, exact, skip_exact=True):
    """exact: function of beta."""
    estimate, z = out["estimates"][quantity], []
    for rung, (beta,) in enumerate(out["ladder"]["lambda"]):
        error = estimate["error"][rung]
        if error and not (skip_exact and beta == 0):
            z.append((estimate["mean"][rung] - exact(beta)) / error)
    return max(map(abs, z)) if z else math.inf


def compare(out, name, **exact):
    for quantity, function in exact.items():
        z = largest_z(out, quantity, function)
        ok(z < Z_MOST, f"{name}: {quantity} (largest z {z:.2f})")


def against_theory(name, out, quantities):
    for quantity in quantities:
        theory = out["theory"].get(quantity, {})
        z = [abs(v) for v in theory.get("z", []) if v is not None]
        ok(z and max(z) < Z_MOST and
           theory["source"].startswith("xy_chain"),
           f"{name}: {quantity} against xy_chain", theory)


# ---- exact results -----------------------------------------------------------

def bessel(n, x):
    """I_n by the integral over the angle: exact for periodic functions."""
    angle = 2 * math.pi * np.arange(200) / 200
    return float(np.mean(np.exp(x * np.cos(angle)) * np.cos(n * angle)))


def chains():
    thermal = ["energy", "specific_heat", "specific_heat_mbar", "ln_z",
               "ln_z_ti", "entropy", "free_energy"]
    for dynamics in ("metropolis", "overrelaxation"):
        out = report("open-" + dynamics, "xy",
                     'shape = [12]; boundary = "open";', dynamics=dynamics)
        against_theory("open chain, " + dynamics, out, thermal)
        compare(out, "open chain, " + dynamics,
                energy=lambda b: -bessel(1, b) / bessel(0, b) * 11 / 12,
                ln_z=lambda b: 11 * math.log(bessel(0, b)))
    out = report("ring", "xy", "shape = [5]; J = -0.9;",
                 dynamics="overrelaxation",
                 record='"energy", "current_2"')
    against_theory("odd ring", out, thermal + ["helicity_modulus"])
    good = largest_z(out, "ln_z", lambda b: math.log(sum(
        (-1) ** (5 * n) * bessel(n, 0.9 * b) ** 5 for n in range(-9, 10))))
    wrong = largest_z(out, "ln_z", lambda b: 1.01 * math.log(sum(
        (-1) ** (5 * n) * bessel(n, 0.9 * b) ** 5 for n in range(-9, 10))))
    ok(good < Z_MOST < wrong, "odd ring: ln Z; mutant rejected: 1 % off",
       (good, wrong))


def spheres():
    for dynamics in ("metropolis", "overrelaxation"):
        out = report("sphere-" + dynamics, "heisenberg",
                     'shape = [10]; boundary = "open"; J = 1.5;',
                     dynamics=dynamics)
        compare(out, "Heisenberg chain, " + dynamics,
                energy=lambda b: -1.35 * (1 / math.tanh(1.5 * b) -
                                          1 / (1.5 * b)),
                ln_z=lambda b: 9 * math.log(math.sinh(1.5 * b) / (1.5 * b)),
                ln_z_ti=lambda b: 9 * math.log(math.sinh(1.5 * b) /
                                               (1.5 * b)))


def torus():
    """2 x 2 with double bonds: a ring of four with 2 K."""
    def ln_z(beta):
        return math.log(sum(bessel(n, 2 * beta) ** 4 for n in range(-12, 13)))
    out = report("torus", "xy", "shape = [2, 2];", dynamics="overrelaxation")
    compare(out, "2 x 2 torus", ln_z=ln_z, ln_z_ti=ln_z,
            energy=lambda b: -(ln_z(b + 1e-5) - ln_z(b - 1e-5)) / 8e-5)


def two_wells():
    """Two sites of phi^4 on a grid; ln Z is relative to the first rung."""
    x = np.linspace(-7, 7, 1401)
    site = -0.6 * x**2 + 0.2 * x**4
    u = site[:, None] + site[None, :] + 0.35 * (x[:, None] - x[None, :])**2

    def mean(beta, of):
        weight = np.exp(-beta * (u - u.min()))
        return float((weight * of).sum() / weight.sum())

    def ln_z(beta):
        return float(np.log(np.exp(-beta * (u - u.min())).sum()) -
                     beta * u.min())
    out = report("wells", "phi4",
                 'shape = [2]; boundary = "open"; r = -1.2; g = 0.8; '
                 "kappa = 0.7;", "beta = [0.5, 3.0]; rungs = 5; copies = 8;",
                 record='"energy", "magnetization_2", "phi_2"')
    compare(out, "two sites of phi^4",
            energy=lambda b: mean(b, u) / 2,
            phi_2=lambda b: mean(b, (x[:, None]**2 + x[None, :]**2) / 2),
            magnetization_2=lambda b: mean(b, (x[:, None] + x)**2 / 4),
            ln_z_relative=lambda b: ln_z(b) - ln_z(0.5),
            ln_z_ti_relative=lambda b: ln_z(b) - ln_z(0.5))
    ok("ln_z" not in out["estimates"] and
       out["ladder"]["first_requested"] == 0, "phi^4 has no anchor")


# ---- refusals ----------------------------------------------------------------

def refusals():
    write("bad", "phi4", "shape = [4, 4];")
    for change, words in (
            ("ladder.anchor=true", "exact at no lambda"),
            ("ladder.anchor_rungs=3", "exact at no lambda"),
            ("dynamics.name=overrelaxation",
             "dynamics overrelaxation needs facet reflection; model phi4 "
             "offers grad, continuous"),
            ("dynamics.name=heatbath", "needs facet local"),
            ("model.g=0.0", "model.g"),
            ("dynamics.kernel=rotors", "not of unit vectors")):
        p = call("run", "bad.cfg", change)
        ok(p.returncode == 2 and words in p.stderr, "refused: " + change,
           p.stderr)
    p = call("run", "bad.cfg", "model.name=ising",
             "dynamics.name=overrelaxation")
    ok(p.returncode == 2 and "needs facet reflection; model ising offers "
       "local" in p.stderr, "refused: over-relaxation of ising", p.stderr)
    p = call("run", "bad.cfg", "ladder.anchor=false", "run.sweeps=10")
    ok(p.returncode == 0, "anchor = false is fine", p.stderr)


# ---- the promise ----------------------------------------------------------

def promise(name):
    """80 walkers: three groups of 32, the last one half empty."""
    p = call("run", name + ".cfg")
    ok(p.returncode == 0, f"{name}: runs", p.stderr)
    wanted = name + ".h5"
    for kernel in ("reference", "u64", "avx2"):
        p = call("run", name + ".cfg", f"dynamics.kernel={kernel}", "-o",
                 kernel + ".h5")
        if p.returncode == 2 and "lacks its instructions" in p.stderr:
            ok(True, f"{name}: {kernel} # SKIP this cpu lacks it")
        else:
            same(kernel + ".h5", wanted, p, f"{name}: kernel {kernel}")
        runs.remove(kernel + ".h5")
    for ranks, threads in ((1, 3), (2, 1), (3, 2)):
        if ranks == 1 or MPIRUN:
            p = call("run", name + ".cfg", "-o", "l.h5", ranks=ranks,
                     threads=threads)
            same("l.h5", wanted, p,
                 f"{name}: {ranks} ranks x {threads} threads")
            runs.remove("l.h5")
    for sweeps in (0, 7, 333):
        call("run", name + ".cfg", f"run.sweeps={sweeps}", "-o", "s.h5")
    p = call("run", name + ".cfg", "-o", "s.h5", ranks=2 if MPIRUN else 1)
    same("s.h5", wanted, p, f"{name}: in four parts")
    runs.remove("s.h5")
    p = call("run", name + ".cfg", "run.seed=4", "-o", "seed.h5")
    ok(p.returncode == 0 and {"/series/u", "/verify", "/ladder/lambda",
                                  "/ladder/step"} <=
       set(differing("seed.h5", wanted)), f"{name}: another seed differs")
    runs.remove("seed.h5")
    p = call("verify", wanted)
    ok(p.returncode == 0, f"{name}: verify", p.stdout + p.stderr)


def promises():
    ladder = "beta = [0.5, 1.5]; rungs = 7; anchor_rungs = 3; copies = 8;"
    record = '"energy", "abs_magnetization", "current_2"'
    write("flat", "xy", "shape = [6, 8];", ladder, "overrelaxation",
          sweeps=1000, record=record + ', "vortex_density"')
    write("ball", "heisenberg", "shape = [3, 4, 4];", ladder, sweeps=500,
          record=record)
    write("field", "phi4", "shape = [4, 6];",
          "beta = [0.5, 1.5]; rungs = 7; copies = 8;", sweeps=500,
          record='"energy", "magnetization"')
    promise("flat")
    promise("ball")
    promise_of_field()


def promise_of_field():
    p = call("run", "field.cfg")
    q = call("run", "field.cfg", "-o", "f.h5", ranks=3 if MPIRUN else 1,
             threads=2)
    ok(p.returncode == 0, "field: runs", p.stderr)
    same("f.h5", "field.h5", q, "field: 3 ranks x 2 threads")


def states():
    with h5py.File("flat.h5", "r") as file:
        last, all_states = file["states/last/spin"], file["states/spin"]
        length = np.linalg.norm(last[...], axis=-1)
        shapes = (all_states.shape, last.shape, last.dtype)
    ok(shapes == ((2, 8, 1, 10, 6, 8, 2), (8, 1, 10, 6, 8, 2), np.float32)
       and np.abs(length - 1).max() < 1e-5,
       "states are [time][copy][sample][rung][x][y][component], unit vectors",
       shapes)
    with h5py.File("flat.h5", "r") as file:
        step = file["ladder/step"][...]
    ok(np.all(step > 0) and step[-1] < step[1] and step.max() <= 2,
       "steps tuned in burn-in are in the file, smaller when colder", step)
    with h5py.File("field.h5", "r") as file:
        phi = file["states/last/phi"]
        shape, kind = phi.shape, phi.dtype
    ok(shape == (8, 1, 7, 4, 6) and kind == np.float64,
       "phi is a number a site", shape)
    p = call("run", "flat.cfg", "run.start=flat.h5:/states/last",
             "run.burn_in=0", "run.sweeps=5", "ladder.spacing=linear", "-o",
             "next.h5")
    ok(p.returncode == 0, "a run starts from stored vectors", p.stderr)
    p = call("run", "flat.cfg", "run.start=field.h5:/states/last", "-o",
             "other.h5")
    ok(p.returncode == 2, "but not from those of another model", p.stderr)


def vortices():
    """Both ways round count, and none when ordered."""
    write("cold", "xy", "shape = [8, 8];",
          "beta = [50.0]; rungs = 1; anchor = false;", sweeps=100,
          record='"vortex_density"')
    call("run", "cold.cfg", "run.start=ordered", "run.burn_in=0")
    with h5py.File("cold.h5", "r") as file:
        cold = file["series/vortex_density"][...].max()
    with h5py.File("flat.h5", "r") as file:
        hot = file["series/vortex_density"][:, :, :, 0].mean()
    # Random angles: two neighbouring differences wrap independently; a
    # plaquette turns with probability 1/3.
    ok(cold == 0 and abs(hot - 1 / 3) < 0.005,
       "vortices: none when cold, a third of the plaquettes at random",
       (cold, hot))


def main():
    runs.scratch()
    chains()
    spheres()
    torus()
    two_wells()
    refusals()
    promises()
    states()
    vortices()
    runs.done()


main()
