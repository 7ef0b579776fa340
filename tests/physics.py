"""What tests of physics share: whole runs, z, densities of states."""
import json
import math

import h5py
import numpy as np

from runs import call, ok

Z_MOST = 4.5


def run(name, text, *keys):
    """Runs an input into NAME.h5; did it?"""
    with open(name + ".cfg", "w", encoding="utf-8") as file:
        file.write(text)
    p = call("run", name + ".cfg", "--restart", *keys, timeout=1800)
    return ok(p.returncode == 0, f"{name}: runs", p.stderr)


def report(name, text, *keys):
    """Runs an input; what `report --json` says, None when it fails."""
    if not run(name, text, *keys):
        return None
    return json.loads(call("report", name + ".h5", "--json").stdout)


def betas(out):
    return np.array(out["ladder"]["lambda"])[:, 0]


def z_of(out, quantity, rung, value):
    estimate = out["estimates"][quantity]
    return (estimate["mean"][rung] - value) / estimate["error"][rung]


def solve(solver, *keys):
    """Results of one point by `tempera solve`."""
    p = call("solve", solver, *keys, "--json")
    return {name: r["value"] for name, r in
            json.loads(p.stdout)["points"][0]["results"].items()}


# ---- density of states -----------------------------------------------------

def weigh(level, beta, histogram, ln_z):
    """ln g(E), up to a constant, and ln Z of histograms [rung][level] by the
    equations of Ferrenberg and Swendsen (Phys. Rev. Lett. 63, 1195 (1989)),
    the same as MBAR's; ln_z: first guess."""
    samples = histogram.sum(axis=1)
    total = np.log(np.maximum(histogram.sum(axis=0), 1e-300))
    for _ in range(5000):
        weight = np.log(samples)[:, None] - ln_z[:, None] - \
            beta[:, None] * level
        ln_g = total - np.logaddexp.reduce(weight, axis=0)
        new = np.logaddexp.reduce(ln_g - beta[:, None] * level, axis=1)
        new -= new[0]
        step = np.abs(new - ln_z).max()
        ln_z = new
        if step < 1e-8:
            break
    return ln_g, ln_z


def density_of_states(path, states, sites, parts=8):
    """Levels that a run met; ln of the number of states of each; errors, by a
    jackknife over its copies and `parts` stretches of time; how often each was
    met, by all rungs."""
    with h5py.File(path, "r") as file:
        u = file["series/u"][:, :, 0, :, 0]
        scale = sites if file["series/u"].attrs["per_site"] else 1
        beta = file["ladder/lambda"][:, 0]
    u = np.rint(u * scale)
    rows = len(u) // parts * parts
    u = u[:rows].reshape(parts, rows // parts, *u.shape[1:])
    level = np.unique(u)
    block = np.array([(u == e).sum(axis=1) for e in level], float)
    block = np.moveaxis(block, 0, -1)  # [part][copy][rung][level]
    block = block.reshape(-1, *block.shape[2:])
    whole = block.sum(axis=0)

    ln_g, ln_z = weigh(level, beta, whole, np.zeros(len(beta)))
    left = np.array([weigh(level, beta, whole - b, ln_z)[0] for b in block])
    left, ln_g = (x + math.log(states) -
                  np.logaddexp.reduce(x, axis=-1, keepdims=True)
                  for x in (left, ln_g))
    n = len(block)
    error = np.sqrt((n - 1) / n * ((left - left.mean(axis=0))**2).sum(axis=0))
    return level, ln_g, error, whole.sum(axis=0)
