#!/usr/bin/env python3
"""Theory of learning with a teacher: its saddle points against the same
equations by SciPy, derivative identities, random matrices, and a short run."""
import json
import math

import numpy as np
from scipy.integrate import quad
from scipy.special import erfcx, log_ndtr, ndtr

import runs
from runs import call, ok, save

SQRT_2PI = math.sqrt(2 * math.pi)


def points(*args):
    p = call("solve", *args, "--json")
    if p.returncode:
        raise SystemExit(p.stderr)
    return [{k: r["value"] for k, r in point["results"].items()}
            for point in json.loads(p.stdout)["points"]]


def near(got, want, slack, what):
    off = max(abs(g - w) for g, w in zip(np.ravel(got), np.ravel(want)))
    ok(off < slack, f"{what}: {off:.1e}", f"{got} {want}")


def phi(x):
    return np.exp(-x * x / 2) / SQRT_2PI


def gauss(f, *at):
    """int Dz f(z), split at the places given."""
    cuts = sorted({-10.0, 10.0, *(min(max(a, -10), 10) for a in at)})
    return sum(quad(lambda z: phi(z) * f(z), a, b, epsabs=1e-13,
                    epsrel=1e-12, limit=300)[0]
               for a, b in zip(cuts, cuts[1:]))


def tail(x):
    return ndtr(-x)


def soft(x, beta):
    """ln W, r, chance of an error, from the definition."""
    W = math.exp(-beta) - math.expm1(-beta) * tail(x)
    return (math.log(W), -math.expm1(-beta) * phi(x) / W,
            math.exp(-beta) * ndtr(x) / W)


# ---- perceptron_rs -----------------------------------------------------------

CASES = [  # alpha, beta, kappa, label noise (None: random labels), sphere
    (0.8, 1.0, 0.0, 0.0, False), (1.2, 5.0, 0.0, 0.1, False),
    (0.7, 3.0, 0.3, 0.0, False), (1.0, 3.0, 0.0, None, False),
    (2.0, 2.0, 0.0, 0.0, True), (3.0, 4.0, -0.5, 0.2, True),
    (2.5, 5.0, 0.2, None, True), (1.0, 0.02, 0.5, 0.0, True)]


def keys_of(alpha, beta, kappa, noise, sphere):
    task = ["task=random"] if noise is None else [f"label_noise={noise}"]
    return ["perceptron_rs", f"alpha={alpha}", f"beta={beta}",
            f"kappa={kappa}", *task,
            "weights=" + ("spherical" if sphere else "binary")]


def saddle(case, R, q):
    """R and q that the fields give back, ln Z / N and energy."""
    alpha, beta, kappa, noise, sphere = case
    e = 0.5 if noise is None else noise
    width, root, along = math.sqrt(1 - q), math.sqrt(q), math.sqrt(q - R * R)

    def chance(z):
        return 2 * (e + (1 - 2 * e) * tail(-R * z / along))

    def at(z, k):
        return soft((kappa - root * z) / width, beta)[k]
    Rhat = alpha * math.sqrt(2 / math.pi) * (1 - 2 * e) / width * gauss(
        lambda s: soft((kappa - along * s) / width, beta)[1], 0,
        kappa / along)
    qhat = alpha / width**2 * gauss(lambda z: chance(z) * at(z, 1)**2, 0,
                                    kappa / root)
    ln = alpha * gauss(lambda z: chance(z) * at(z, 0), 0, kappa / root)
    energy = alpha * gauss(lambda z: chance(z) * at(z, 2), 0, kappa / root)
    if sphere:
        gap = 2 / (1 + math.sqrt(1 + 4 * (qhat + Rhat**2)))
        return (Rhat * gap, 1 - gap, energy, ln + 0.5 * math.log(1 - q) +
                0.5 * (q - R * R) / (1 - q))

    def field(z):
        return math.sqrt(qhat) * z + Rhat
    return (gauss(lambda z: math.tanh(field(z))),
            gauss(lambda z: math.tanh(field(z))**2), energy,
            ln - R * Rhat - qhat * (1 - q) / 2 +
            gauss(lambda z: math.log(2 * math.cosh(field(z)))))


def saddle_points():
    for case in CASES:
        got = points(*keys_of(*case))[0]
        R, q = got.get("overlap", 0.0), got["q"]
        want = saddle(case, R, q)
        near([R, q, got["energy"], got["ln_z_per_site"]], want, 1e-9,
             f"perceptron_rs {case}")
    back = saddle(case, R + 1e-4, q)
    ok(abs(R + 1e-4 - back[0]) > 1e-6, "mutant rejected: another R")


def slope(values, h):
    return (8 * (values[3] - values[1]) - (values[4] - values[0])) / (12 * h)


def heat_and_energy():
    """e = -d ln z/d beta, c = -beta^2 de/d beta, also of a state that is not
    the only one."""
    for case in CASES[:6] + [(1.4, 8.0, 0.0, 0.0, False)]:
        h, prefix = 0.004 * case[1], ""
        swept = (case[0], f"{case[1] - 2 * h!r}:{case[1] + 2 * h!r}:{h!r}",
                 *case[2:])
        got = points(*keys_of(*swept))
        if "metastable_q" in got[2] and got[2]["q"] == 1:
            prefix = "metastable_"
        z, e = ([g[prefix + k] for g in got]
                for k in ("ln_z_per_site", "energy"))
        near([got[2][prefix + "energy"], got[2][prefix + "specific_heat"],
              got[2][prefix + "entropy_per_site"]],
             [-slope(z, h), -case[1]**2 * slope(e, h),
              z[2] + case[1] * e[2]], 1e-8,
             f"{prefix}energy, heat, entropy {case}")


def edges():
    trivial = points("perceptron_rs", "beta=0", "alpha=2", "kappa=0.5")[0]
    near([trivial["ln_z_per_site"], trivial["training_error"]],
         [math.log(2), ndtr(0.5)], 1e-15, "beta = 0")
    first = points("perceptron_rs", "beta=3", "alpha=1e-6")[0]
    near(first["energy"], 1e-6 / (1 + math.exp(3)), 1e-11, "alpha -> 0")
    one, other = (points("perceptron_rs", "beta=2", f"label_noise={e}")[0]
                  for e in (0.2, 0.8))
    near([-one["overlap"], one["ln_z_per_site"]],
         [other["overlap"], other["ln_z_per_site"]], 1e-12,
         "four labels of five turned: the opposite is learned")
    cold = points("perceptron_rs", "task=random", "alpha=1.5", "beta=8")[0]
    warm = points("perceptron_rs", "task=random", "alpha=1.5",
                  f"beta={cold['beta_c']!r}")[0]
    near([warm["entropy_per_site"], warm["energy"]],
         [0, cold["frozen_energy"]], 1e-9, "entropy 0 at beta_c")
    far = points("perceptron_rs", "alpha=1e4", "weights=spherical",
                 "beta=60")[0]
    near(1e4 * far["generalization_error"], 0.624658, 1e-4,
         "alpha = 1e4, cold")
    ok(points("perceptron_rs", "kappa=0.4", "alpha=3", "beta=50")[0]["q"] < 1,
       "a margin above 0: the teacher itself is no state")


def coexisting():
    """What has entropy 0 stays so when it is colder, with the same energy; of
    two states of random labels both solvers give the same one."""
    for noise, alpha, hot, errors in ((0.1, 3.0, 2.0, 0.3),
                                      (0.05, 2.0, 2.0, 0.1)):
        for beta in (hot, 4.0, 8.0, 20.0):
            got = points("perceptron_rs", f"alpha={alpha}",
                         f"label_noise={noise}", f"beta={beta}")[0]
            near([got["energy"], got["entropy_per_site"]], [errors, 0], 1e-12,
                 f"noise {noise}, beta {beta}: the teacher is the ground "
                 "state")
    frozen = points("perceptron_rs", "alpha=1.5", "label_noise=0.1",
                    "beta=8")[0]
    ok(frozen["frozen_energy"] < frozen["metastable_energy"] and
       frozen["beta_c"] < 8 and "alpha_it" not in frozen,
       "fewer errors than the teacher's, frozen", frozen)
    sphere = points("spherical_perceptron", "alpha=30000", "kappa=-3.5")[0]
    got = points("perceptron_rs", "alpha=30000", "kappa=-3.5", "beta=500",
                 "task=random", "weights=spherical")[0]
    near([got["q"], got["entropy_per_site"]],
         [sphere["q"], sphere["entropy_per_site"]], 1e-9,
         "two solutions for q: of least ln Z, as spherical_perceptron has it")
    ok(abs(got["metastable_q"] - 0.0310734595) < 1e-9, "and the other", got)


# ---- T = 0 --------------------------------------------------------------------

def stability(alpha, R, kappa):
    """What is 0 for the student of maximum stability."""
    s = math.sqrt(1 - R * R)
    c = kappa / s
    return (R / s - alpha * math.sqrt(2 / math.pi) * (c * ndtr(c) + phi(c)),
            1 - R * R - 2 * alpha * quad(
                lambda z: phi(z) * tail(-R * z / s) * (kappa - z)**2, -12,
                kappa, points=[min(0, kappa)], epsabs=1e-12, limit=200)[0])


def zero_temperature():
    h = 0.01
    for name, alpha in (("teacher_spherical", 3.0), ("teacher_binary", 0.9),
                        ("committee2", 1.5), ("committee2", 2.6)):
        got = points(name, f"alpha={alpha - 2 * h!r}:{alpha + 2 * h!r}:{h!r}")
        key = "entropy_per_site" if name[0] == "t" else "ln_z_per_site"
        near(slope([g[key] for g in got], h), -got[2]["information_gain"],
             1e-8, f"{name}: d{key}/dalpha = -information, alpha {alpha}")
    for alpha in (0.01, 3, 50):
        got = points("teacher_spherical", f"alpha={alpha}")[0]
        g = math.sqrt(got["overlap"] / (1 - got["overlap"]))
        want = 2 * alpha * gauss(lambda t: phi(g * t) / SQRT_2PI / 0.5 /
                                 erfcx(g * t / math.sqrt(2)), 0)
        near(got["overlap"], want, 1e-9, f"Gibbs, alpha {alpha}")
        near(stability(alpha, got["maxstab_overlap"], got["kappa"]), [0, 0],
             1e-7, f"maximum stability, alpha {alpha}")
        ok(got["bayes_generalization_error"] <
           got["maxstab_generalization_error"] <
           got["gibbs_generalization_error"],
           f"Bayes is better than stability, that than Gibbs: {alpha}")


# ---- the committee ---------------------------------------------------------------

def committee(qp, qm):
    """p and m of systems/orthants.h by sums over the unknown difference."""
    x, w = np.polynomial.hermite_e.hermegauss(60)
    w = w / w.sum()
    u = np.linspace(-9, 9, 1801)
    vp, vm = 1 - qp, 1 - qm
    density = phi(u) * (u[1] - u[0])
    p = math.sqrt(qp) * x
    total = np.zeros(2)
    for wm, m in zip(w, math.sqrt(qm) * x):
        distance = abs(m + math.sqrt(vm) * u)
        up = (p[:, None] - distance) / math.sqrt(vp)
        down = (-p[:, None] - distance) / math.sqrt(vp)
        z = [(ndtr(t) * density).sum(1) for t in (up, down)]
        dp = [(s * phi(t) * density).sum(1) / math.sqrt(vp)
              for s, t in ((1, up), (-1, down))]
        dm = [(ndtr(t) * density * u).sum(1) / math.sqrt(vm)
              for t in (up, down)]
        for k, d in enumerate((dp, dm)):
            all_z = np.array(z + [1 - z[0] - z[1]])
            all_d = np.array(d + [-d[0] - d[1]])
            good = all_z > 1e-12
            total[k] += wm * (w * (np.where(good, all_d**2, 0) /
                                   np.where(good, all_z, 1)).sum(0)).sum()
    return total


def specialisation():
    got = points("committee2", "alpha=2.5")[0]
    q = [got["q_diagonal"] + s * got["q_offdiagonal"] for s in (1, -1)]
    near([x / (1 - x) / 2.5 for x in q], committee(*q), 2e-5,
         "committee2: the overlap matrix, by sums")
    ok(abs(q[1] / (1 - q[1]) / 2.4 - committee(*q)[1]) > 1e-3,
       "mutant rejected: another alpha")
    edge = got["alpha_spec"]
    for alpha, apart in ((edge - 1e-3, 0), (edge + 1e-3, 4.4e-4)):
        got = points("committee2", f"alpha={alpha!r}")[0]
        near(got["q_diagonal"] - got["q_offdiagonal"], apart, 1e-4,
             f"specialised beyond alpha_spec only: {alpha:.4f}")


# ---- ridge ---------------------------------------------------------------------

def ridge():
    rng = np.random.default_rng(5)
    n, risk, train = 300, [], []
    alpha, lam, noise = 1.2, 0.2, 0.5
    for _ in range(40):
        x = rng.normal(size=(int(alpha * n), n)) / math.sqrt(n)
        w = rng.normal(size=n)
        y = x @ w + math.sqrt(noise) * rng.normal(size=len(x))
        fit = np.linalg.solve(x.T @ x + lam * np.eye(n), x.T @ y)
        risk.append(((fit - w)**2).mean())
        train.append(0.5 * ((y - x @ fit)**2).mean())
    keys = ["ridge", f"alpha={alpha}", f"lambda={lam}"]
    got = points(*keys, f"noise={noise}")[0]
    mutant = points(*keys, f"noise={1.15 * noise}")[0]
    for name, data in (("excess_risk", risk), ("training_loss", train)):
        error = np.std(data) / math.sqrt(len(data))
        z = (np.mean(data) - got[name]) / error
        ok(abs(z) < 5, f"ridge: {name} of 40 matrices, z {z:.2f}")
        z = (np.mean(data) - mutant[name]) / error
        ok(abs(z) > 5, f"mutant rejected, z {z:.1f}")
    h = 1e-3
    swept = points("ridge", f"lambda={0.3 - 2 * h}:{0.3 + 2 * h}:{h}")
    near(slope([g["energy"] for g in swept], h), swept[2]["norm_2"] / 2,
         1e-10, "ridge: d energy/d lambda = |w|^2 / 2N")
    swept = points("ridge", f"T={0.5 - 2 * h}:{0.5 + 2 * h}:{h}")
    near(0.25 * slope([g["ln_z_per_site"] for g in swept], h),
         swept[2]["energy"], 1e-9, "ridge: T^2 d ln z/dT = energy")
    peak = [points("ridge", "lambda=1e-6", f"alpha={a}")[0]["excess_risk"]
            for a in (0.9, 1.0, 1.1)]
    ok(peak[1] > 20 * max(peak[0], peak[2]), "double descent", peak)


# ---- beside data ----------------------------------------------------------------

RUN = """
run      = { seed = 3; sweeps = %d; burn_in = 224; };
model    = { name = "perceptron"; N = %d; alpha = %g; samples = 8;
             weights = "%s"; };
dynamics = { name = "metropolis"; };
ladder   = { temperature = [0.4, 2.0]; rungs = 5; copies = 2; };
record   = { every = 10; observables = ["energy", "teacher_overlap"]; };
"""


def beside_data():
    """A sample's energy has a spread of about sqrt(alpha e (1 - e) / N), half
    of it with what the weights make good; 5 of the mean of 8 samples, and 2/N
    for the rest. R: 0.8 of 1/sqrt(N)."""
    for weights, n, alpha, sweeps in (("binary", 101, 1.2, 1500),
                                      ("spherical", 40, 2.0, 500)):
        save(weights, RUN % (sweeps, n, alpha, weights))
        p = call("run", weights + ".cfg")
        text = call("report", weights + ".h5", "--json").stdout
        if not ok(p.returncode == 0 and text, f"{weights}: runs", p.stderr):
            continue
        out = json.loads(text)
        limit = out["limits"]["perceptron_rs"]["quantities"]
        theory = limit["energy"]["mean"]
        found = out["estimates"]["energy"]["mean"]
        slack = 5 * math.sqrt(alpha * 0.25 * 0.75 / n / 8) / 2 + 2 / n
        near(found, theory, slack, f"{weights}: energy beside N = {n}")
        near(out["estimates"]["teacher_overlap"]["mean"],
             limit["teacher_overlap"]["mean"], 0.8 / math.sqrt(n),
             f"{weights}: R beside N = {n}")
        ok(max(abs(np.array(found) - np.array(theory) / alpha)) > slack,
           "mutant rejected: energy per example")


def margins_of_signs():
    """Fields of 101 signs are 0.2 apart: kappa = 0.3 counts as 0.398, a shift
    of the energy by 0.7 x 0.098 x phi(0.35) = 0.026 where it is hot."""
    save("margin", RUN % (600, 101, 0.7, "binary"))
    p = call("run", "margin.cfg", "model.labels=random", "model.kappa=0.3",
             'record.observables=["energy", "training_error"]')
    text = call("report", "margin.h5", "--json").stdout
    if not ok(p.returncode == 0 and text, "margin: runs", p.stderr):
        return
    out = json.loads(text)
    limit = out["limits"]["perceptron_rs"]["quantities"]
    apart = abs(np.array(limit["energy"]["mean"][:3]) -
                np.array(out["estimates"]["energy"]["mean"][:3]))
    ok(max(apart) < 0.008, "a margin between two fields of signs", apart)
    plain = points("perceptron_rs", "task=random", "alpha=0.7", "kappa=0.3",
                   "beta=0.5")[0]["energy"]
    meant = points("perceptron_rs", "task=random", "alpha=0.7",
                   f"kappa={4 / math.sqrt(101)!r}", "beta=0.5")[0]["energy"]
    ok(meant - plain > 0.016, "mutant rejected: the margin itself",
       (plain, meant))
    ok("training_error" not in limit and
       "training_error" in out["estimates"],
       "errors of the labels are not those of a margin", list(limit))


def main():
    runs.scratch()
    margins_of_signs()
    saddle_points()
    heat_and_energy()
    edges()
    coexisting()
    zero_temperature()
    specialisation()
    ridge()
    beside_data()
    runs.done()


if __name__ == "__main__":
    main()
