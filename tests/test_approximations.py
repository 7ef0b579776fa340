#!/usr/bin/env python3
"""naive_mf, tap, bp and mf_vi against sums over all states made here, against
the solver enumerate, and against linear algebra. No statistics: seeds are
fixed, nothing is sampled but instances."""
import itertools
import json
import math

import h5py
import numpy as np

import runs
from runs import call, ok, save


def solve(*args):
    p = call("solve", *args, "--json")
    return json.loads(p.stdout)["points"] if p.returncode == 0 else p.stderr


def point(*args):
    out = solve(*args)
    if not isinstance(out, list):
        ok(False, "solve " + " ".join(args), out)
        return {}, {}, out
    return ({k: v["value"] for k, v in out[0]["results"].items()},
            {k: v["values"] for k, v in out[0].get("curves", {}).items()},
            out[0]["warnings"])


# ---- instances of our own --------------------------------------------------

class Instance:
    """Couplings and fields on a graph, all states summed."""

    def __init__(self, name, edges, J, h):
        self.name, self.edges, self.n = name, np.array(edges), len(h)
        # 20 binary digits: none are lost in the program
        self.J, self.h = (np.round(np.array(x) * 2**20) / 2**20
                          for x in (J, h))
        with h5py.File(name + ".h5", "w") as f:
            f["i"], f["j"] = self.edges.T
            f["J"], f["h"] = self.J, self.h
            f.attrs["n"] = self.n
        s = np.array(list(itertools.product((-1, 1), repeat=self.n)))
        self.s = s
        self.e = -(s[:, self.edges[:, 0]] * s[:, self.edges[:, 1]]) @ self.J \
            - s @ self.h

    def key(self):
        return ["model.name=graph", f"model.file={self.name}.h5"]

    def exact(self, beta, keep=slice(None)):
        e, s = self.e[keep], self.s[keep]
        x = -beta * e
        w = np.exp(x - x.max())
        p = w / w.sum()
        return {"ln_z": x.max() + math.log(w.sum()), "p": p, "m": p @ s,
                "energy": p @ e / self.n}

    def kl(self, m, exact, keep=slice(None)):
        q = np.prod((1 + self.s[keep] * m) / 2, axis=1)
        use = q > 0
        return float(np.sum(q[use] * np.log(q[use] / exact["p"][use])))


def tree(rng, n):
    edges = [(int(rng.integers(i)), i) for i in range(1, n)]
    return Instance("tree", edges, rng.normal(size=n - 1),
                    0.4 * rng.normal(size=n))


def sparse(rng, n):
    pairs = [(i, j) for i in range(n) for j in range(i + 1, n)]
    edges = sorted(pairs[k] for k in
                   rng.choice(len(pairs), 3 * n // 2, replace=False))
    return Instance("sparse", edges, rng.normal(size=len(edges)),
                    0.3 * rng.normal(size=n))


def check_tree(rng):
    t = tree(rng, 13)
    for beta in (0.3, 1.0, 4.0, 25.0):
        exact = t.exact(beta)
        got, curves, warnings = point("bp", *t.key(), f"beta={beta}",
                                      "restarts=3")
        m = np.array(curves["local_magnetization"])
        off = max(abs(got["ln_z"] - exact["ln_z"]) / abs(exact["ln_z"]),
                  abs(got["energy"] - exact["energy"]),
                  np.abs(m - exact["m"]).max(),
                  abs(got["ln_z_exact"] - exact["ln_z"]) / exact["ln_z"])
        ok(off < 1e-12 and got["solutions"] == 1 and not warnings and
           abs(got["q_ea"] - np.mean(exact["m"]**2)) < 1e-12 and
           abs(got["magnetization"] - exact["m"].mean()) < 1e-12,
           f"tree, beta = {beta}: exact", off)
        other = point("naive_mf", *t.key(), f"beta={beta}")[1]
        ok(np.abs(np.array(other["local_magnetization"]) -
                  exact["m"]).max() > 1e-3 or beta > 10,
           "mutant rejected: naive mean field is not")


def check_bound(rng):
    g = sparse(rng, 12)
    for beta in (0.2, 0.4, 2.0, 8.0):
        exact = g.exact(beta)
        found = {}
        for name in ("naive_mf", "mf_vi", "tap", "bp"):
            found[name] = point(name, *g.key(), f"beta={beta}")
        got, curves, _ = found["naive_mf"]
        m = np.array(curves["local_magnetization"])
        kl = g.kl(m, exact)
        ok(abs(got["kl"] - kl) < 1e-10 and kl > 0 and
           abs(exact["ln_z"] - kl - got["ln_z"]) < 1e-10,
           f"beta = {beta}: KL(q||p) = ln Z - ln Z_mf, summed over states",
           (got["kl"], kl))
        vi = found["mf_vi"][0]
        ok(abs(vi["elbo"] - got["ln_z"]) < 1e-11 and
           abs(vi["kl"] - kl) < 1e-10 and
           abs(vi["ln_z_exact"] - exact["ln_z"]) < 1e-11,
           "mf_vi: the same as elbo")
        worse = [g.kl(np.clip(m + 0.05 * rng.normal(size=g.n), -1, 1), exact)
                 for _ in range(20)]
        ok(min(worse) > kl, "no law near by is nearer to p", (kl, worse))
        if beta > 1:
            continue
        off = {name: np.abs(np.array(f[1]["local_magnetization"]) -
                            exact["m"]).max() for name, f in found.items()}
        ln_z = {name: abs(f[0]["ln_z"] - exact["ln_z"])
                for name, f in found.items() if name != "mf_vi"}
        ok(off["bp"] < off["tap"] < off["naive_mf"] and
           ln_z["bp"] < ln_z["naive_mf"] and ln_z["tap"] < ln_z["naive_mf"],
           "marginals: bp nearer than TAP, TAP nearer than naive",
           (off, ln_z))
    few, many = (point("mf_vi", *g.key(), "beta=3.0", f"restarts={r}")[0]
                 for r in (0, 40))
    ok(many["elbo"] >= few["elbo"] - 1e-12 and many["starts"] == 43 and
       few["starts"] == 3, "more starts never lower the bound")


def check_held(rng):
    g = sparse(rng, 10)
    keep = (g.s[:, 2] == 1) & (g.s[:, 5] == -1) & (g.s[:, 7] == -1)
    held = ["model.clamp_up=[2]", "model.clamp_down=[5,7]"]
    exact = g.exact(0.6, keep)
    got, curves, _ = point("naive_mf", *g.key(), *held, "beta=0.6")
    m = np.array(curves["local_magnetization"])
    ok(tuple(m[[2, 5, 7]]) == (1, -1, -1) and
       abs(got["kl"] - g.kl(m, exact, keep)) < 1e-10 and
       abs(got["ln_z_exact"] - exact["ln_z"]) < 1e-11,
       "spins held: KL over the states that are left")
    t = tree(rng, 10)
    keep = (t.s[:, 2] == 1) & (t.s[:, 5] == -1) & (t.s[:, 7] == -1)
    exact = t.exact(2.0, keep)
    got, curves, _ = point("bp", *t.key(), *held, "beta=2.0")
    ok(abs(got["ln_z"] - exact["ln_z"]) < 1e-12 * abs(exact["ln_z"]) and
       np.abs(np.array(curves["local_magnetization"]) -
              exact["m"]).max() < 1e-12, "spins held on a tree: exact")


# ---- every model that it is for --------------------------------------------

TREES = (
    ("ising", "model.shape=[11]", "model.boundary=open", "model.h=0.37"),
    ("ising", "model.shape=[9]", "model.boundary=open", "model.J_axis=[-0.77]",
     "model.h=0.1"),
    ("edwards_anderson", "model.shape=[10]", "model.boundary=open"),
    ("sk", "model.N=2", "model.h=0.3"), ("hopfield", "model.N=2"),
    ("curie_weiss", "model.N=2", "model.h=-0.3"),
    ("long_range", "model.shape=[2]", "model.h=0.5"))
LOOPS = (
    ("ising", "model.shape=[3,4]", "model.J_axis=[0.5,1.3]", "model.h=0.1"),
    ("edwards_anderson", "model.shape=[3,4]", "model.couplings=gaussian"),
    ("sk", "model.N=12", "model.h=0.2"), ("hopfield", "model.N=12"),
    ("curie_weiss", "model.N=12", "model.h=0.13"),
    ("long_range", "model.shape=[12]"), ("graph", "model.N=12"),
    ("graph", "model.N=12", "model.units=binary", "model.couplings=gaussian"))


def check_models():
    for name, *keys in TREES:
        model = [f"model.name={name}", *keys]
        want, _, _ = point("enumerate", *model, "beta=0.9")
        got, _, _ = point("bp", *model, "beta=0.9", "restarts=2")
        off = max(abs(got[k] - want[k]) / max(1, abs(want[k]))
                  for k in ("ln_z", "energy", "entropy"))
        ok(off < 1e-12, f"{name} without loops: bp equals enumerate", off)
    for name, *keys in LOOPS:
        model = [f"model.name={name}", *keys]
        want, _, _ = point("enumerate", *model, "beta=0.5")
        got, _, _ = point("naive_mf", *model, "beta=0.5")
        ok(abs(got["ln_z_exact"] - want["ln_z"]) < 1e-12 * want["ln_z"] and
           0 <= got["kl"] < 0.3 * abs(want["ln_z"]) and
           got["ln_z"] <= want["ln_z"],
           f"{name}: ln Z by a walk as by enumerate; the bound", got)


def check_glass():
    """High temperature: TAP is good to order 1/N, naive mean field is not."""
    for n in (16, 20):
        found = {name: point(name, "model.name=sk", f"model.N={n}",
                             f"model.first_sample={s}", "beta=0.4",
                             "restarts=3")[0]
                 for s in range(4) for name in ("naive_mf", "tap")}
        off = {name: abs(f["ln_z"] - f["ln_z_exact"])
               for name, f in found.items()}
        ok(off["tap"] < 0.15 * off["naive_mf"],
           f"SK, N = {n}, T = 2.5: TAP's ln Z nearer than naive mean field's",
           off)
    cold, _, warnings = point("tap", "model.name=sk", "model.N=64",
                              "beta=2.0")
    ok("ln_z" not in cold and cold["other_plefka"] > 1 and
       any("Plefka" in w for w in warnings),
       "SK at T = 1/2: m = 0 breaks Plefka's condition and does not count")
    some, _, warnings = point("bp", "model.name=graph", "model.N=200",
                              "beta=1.5")
    ok("ln_z" not in some and some["other_stability"] > 1 and
       some["starts_converged"] < some["starts"] and
       any("did not converge" in w for w in warnings),
       "a spin glass below its transition: bp says that nothing holds")


def check_errors():
    """Stopped early, results are off by less than their errors."""
    for name in ("naive_mf", "tap", "bp"):
        for keys in (["model.name=graph", "model.N=60", "beta=0.6",
                      "model.couplings=ferromagnet"],
                     ["model.name=sk", "model.N=40", "model.h=0.5",
                      "beta=0.8"]):
            exact, _, _ = point(name, *keys, "restarts=0")
            early = solve(name, *keys, "restarts=0",
                          "tolerance=1e-4")[0]["results"]
            off = {k: abs(early[k]["value"] - exact[k]) / early[k]["error"]
                   for k in ("ln_z", "energy", "entropy", "magnetization",
                             "q_ea")}
            ok(1e-6 < max(off.values()) < 1, f"{name}, {keys[0][11:]}: "
               "stopped early, off by less than the errors", off)


def check_samples():
    keys = ["model.name=graph", "model.N=20", "model.couplings=gaussian",
            "model.h=0.2", "beta=0.4"]
    single = []
    for name in ("naive_mf", "bp"):
        single = [point(name, *keys, f"model.first_sample={s}")[0]["ln_z"]
                  for s in range(1)]
        out = solve(name, *keys, "model.samples=6")[0]["results"]
        each = solve(name, *keys, "model.samples=1")[0]["results"]
        ok(abs(each["ln_z"]["value"] - single[0]) < 1e-12 and
           out["ln_z"]["error"] > 0 and out["samples_solved"]["value"] == 6 and
           abs(out["ln_z"]["value"] - each["ln_z"]["value"]) <
           6 * math.sqrt(6) * out["ln_z"]["error"],
           f"{name}: six samples, their mean and its error", out["ln_z"])
    save("sk", 'model = { name = "sk"; N = 16; samples = 5; };')
    mean = point("tap", "sk.cfg", "beta=0.5")[0]
    alone = [point("tap", "model.name=sk", "model.N=16", "model.samples=1",
                   f"model.first_sample={s}", "beta=0.5")[0]["ln_z"]
             for s in range(5)]
    ok(abs(mean["ln_z"] - np.mean(alone)) < 1e-12 and
       abs(solve("tap", "sk.cfg", "beta=0.5")[0]["results"]["ln_z"]["error"] -
           np.std(alone, ddof=1) / math.sqrt(5)) < 1e-12,
       "tap: the mean over samples is that of single ones", (mean, alone))


def check_values():
    """Sites of q values: no loops, two values as Ising spins, closed forms."""
    for model in (["model.name=potts", "model.q=3"],
                  ["model.name=potts", "model.q=4", "model.J=-1.3"],
                  ["model.name=clock", "model.q=5"]):
        keys = model + ["model.shape=[7]", "model.boundary=open", "beta=1.1"]
        want, _, _ = point("enumerate", *keys)
        got, _, _ = point("bp", *keys)
        ok(all(abs(got[k] - want[k]) < 1e-12 * max(1, abs(want[k]))
               for k in ("ln_z", "energy", "entropy")) and
           got["solutions"] == 1, f"{model[0][11:]}, a chain: exact", got)
    two, _, _ = point("bp", "model.name=potts", "model.q=2",
                      "model.shape=[8,8]", "model.J=2.0", "beta=0.5")
    spin, _, _ = point("bp", "model.name=ising", "model.shape=[8,8]",
                       "beta=0.5")
    ok(abs(two["ln_z"] - spin["ln_z"] - 64) < 1e-10 and
       all(abs(two[k] - spin[k]) < 1e-11 for k in ("magnetization", "q_ea"))
       and abs(two["other_stability"] - 3 * math.tanh(0.5)) < 1e-12,
       "q = 2: Ising spins", (two, spin))
    keys = ["model.name=potts", "model.q=7", "model.shape=[6,6]",
            "restarts=1"]
    K = 0.8
    got, _, _ = point("bp", *keys, f"beta={K}")
    ok(abs(got["ln_z_per_site"] - math.log(7) -
           2 * math.log((math.exp(K) + 6) / 7)) < 1e-13 and
       abs(got["stability"] - 3 * math.expm1(K) / (math.expm1(K) + 7)) <
       1e-12, "q = 7: ln Z and stability of the paramagnet", got)
    z = [p["results"] for p in solve("bp", *keys, "beta=1.4999:1.5001:0.0001")]
    ok(abs((z[2]["ln_z_per_site"]["value"] - z[0]["ln_z_per_site"]["value"]) /
           2e-4 + z[1]["energy"]["value"]) < 1e-7 and
       z[1]["magnetization"]["value"] > 0.5,
       "in order, u = -d ln Z / d beta", z[1])


# ---- normal laws -----------------------------------------------------------

def check_normal(rng):
    n, count, l2, scale = 5, 12, 0.3, 1.7
    x, w = rng.normal(size=(count, n)), rng.normal(size=n)
    y = x @ w + 0.5 * rng.normal(size=count)
    np.savetxt("points.csv", np.column_stack([x, y]), delimiter=",",
               fmt="%.17g")
    model = ["model.name=linear", "model.labels=file", "model.file=points.csv",
             f"model.l2={l2}", f"model.prior_scale={scale}"]
    for beta in (0.5, 4.0):
        G = x.T @ x + l2 * np.eye(n)
        A = beta * G + np.eye(n) / scale**2
        m = np.linalg.solve(A, beta * x.T @ y)
        ln_z = -0.5 * beta * y @ y + 0.5 * beta * (x.T @ y) @ m - \
            0.5 * np.linalg.slogdet(A)[1] - n * math.log(scale)
        kl = 0.5 * (np.log(np.diag(A)).sum() - np.linalg.slogdet(A)[1])
        u = 0.5 * y @ y - (x.T @ y) @ m + 0.5 * m @ G @ m + \
            0.5 * (np.diag(G) / np.diag(A)).sum()
        got, curves, _ = point("mf_vi", *model, f"beta={beta}")
        want = {"elbo": ln_z - kl, "kl": kl, "ln_z_exact": ln_z,
                "energy": u / n, "norm_2": (m @ m + (1 / np.diag(A)).sum()) / n,
                "entropy": ln_z - kl + beta * u}
        off = max(abs(got[k] - v) / max(1, abs(v)) for k, v in want.items())
        ok(off < 1e-11 and np.abs(np.array(curves["mean"]) - m).max() < 1e-12
           and np.abs(np.array(curves["variance"]) * np.diag(A) - 1).max() <
           1e-12, f"normal law, beta = {beta}: by linear algebra", (off, got))
        exact, _, _ = point("gaussian_posterior", *model, f"beta={beta}")
        ok(abs(exact["ln_z"] - ln_z) < 1e-11 and got["elbo"] < exact["ln_z"],
           "gaussian_posterior has its ln Z above elbo")
        # coordinate ascent, written out, ends where the closed form is
        q = np.zeros(n)
        for _ in range(2000):
            for i in range(n):
                q[i] = ((beta * x.T @ y)[i] - A[i] @ q + A[i, i] * q[i]) / \
                    A[i, i]
        ok(np.abs(q - m).max() < 1e-10, "coordinate ascent ends there")


# ---- the command -----------------------------------------------------------

def check_command():
    save("square", 'model = { name = "ising"; shape = [8, 8]; };')
    out = solve("bp", "square.cfg", "beta=0.1:0.5:0.1", "restarts=1")
    got = [p["results"]["ln_z_per_site"]["value"] for p in out]
    free = [math.log(2) + 2 * math.log(math.cosh(b)) for b in
            (0.1, 0.2, 0.3)]
    ok(len(out) == 5 and np.abs(np.array(got[:3]) - free).max() < 1e-13 and
       [p["phase"] for p in out] == 3 * ["paramagnet"] + 2 * ["ferromagnet"],
       "a sweep: ln 2 + 2 ln cosh K above Bethe's transition", got)
    u = [p["results"]["energy"]["value"] for p in
         solve("bp", "square.cfg", "beta=0.4999:0.5001:0.0001",
               "restarts=0")]
    z = [p["results"]["ln_z_per_site"]["value"] for p in
         solve("bp", "square.cfg", "beta=0.4999:0.5001:0.0001",
               "restarts=0")]
    ok(abs((z[2] - z[0]) / 2e-4 + u[1]) < 1e-7 < abs(u[0] - u[1]),
       "u = -d ln Z / d beta", (z, u))
    for name, model in (("bp", "xy"), ("tap", "potts"),
                        ("naive_mf", "rem"), ("mf_vi", "phi4")):
        p = call("solve", name, f"model.name={model}")
        ok(p.returncode == 2 and p.stderr, f"{name} of {model}: refused",
           p.stderr)
    p = call("solve", "tap", "model.name=sk", "gamma=1")
    ok(p.returncode == 2 and "its keys are" in p.stderr,
       "a key that it has not", p.stderr)
    same = [call("solve", "bp", "square.cfg", "beta=0.5", "--json").stdout
            for _ in range(2)]
    ok(same[0] == same[1], "the same numbers again")


def check_report():
    save("glass", """
run = { seed = 3; sweeps = 512; burn_in = 96; };
model = { name = "graph"; N = 60; couplings = "ferromagnet"; h = 0.3; };
dynamics = { name = "metropolis"; };
ladder = { temperature = [1.0, 4.0]; rungs = 4; };""")
    p = call("run", "glass.cfg")
    p = call("report", "glass.h5")
    lines = p.stdout.partition("beside the data")[2]
    ok("bp: " in lines and "tap: " in lines and "exact on trees" in lines and
       "magnetization" in lines, "a report has bp and TAP beside the data",
       p.stdout + p.stderr)


def main():
    runs.scratch()
    rng = np.random.default_rng(11)
    check_tree(rng)
    check_bound(rng)
    check_held(rng)
    check_models()
    check_values()
    check_glass()
    check_errors()
    check_samples()
    check_normal(rng)
    check_command()
    check_report()
    runs.done()


main()
