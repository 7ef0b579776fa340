#!/usr/bin/env python3
"""Message passing against what NumPy makes of the same definitions: state
evolution by plain quadrature, identities between results, a LASSO by
coordinate descent on the instance itself, runs against state evolution, belief
propagation on both sides of the Kesten-Stigum line, threads.

Runs of m instances are compared by (mean - theory)/(standard error): Student's
t with m - 1 = 29 degrees of freedom, |t| < 5.5 fails by chance in 6e-6 of all
cases; the program's instances are fixed by their seed. Every such check must
reject a theory with another noise.
"""
import hashlib
import json
import math
import os
import subprocess

import numpy as np

import runs
from runs import PROGRAM, ok

T_MOST = 5.5


def instead(words, others):
    """words with those of others in the place of the same keys."""
    keys = [word.split("=")[0] for word in others]
    return [w for w in words if w.split("=")[0] not in keys] + others


def call(*words, threads=2):
    return subprocess.run(
        [PROGRAM, "solve", *words, "--json"], capture_output=True, text=True,
        check=False, timeout=120, env=dict(
            os.environ, OMP_NUM_THREADS=str(threads),
            OMP_WAIT_POLICY="passive"))


class Answer:
    """The first point of a solver."""

    def __init__(self, *words):
        done = call(*words)
        self.point = json.loads(done.stdout)["points"][0]
        self.phase = self.point["phase"]

    def __getitem__(self, name):
        return self.point["results"][name]["value"]

    def error(self, name):
        return self.point["results"][name]["error"]

    def __contains__(self, name):
        return name in self.point["results"]

    def curve(self, name):
        return np.array([np.nan if v is None else v for v in
                         self.point["curves"][name]["values"]])


# ---- state evolution by quadrature -------------------------------------------

Z = np.linspace(-11, 11, 88001)
WEIGHT = np.exp(-Z * Z / 2) / math.sqrt(2 * math.pi) * (Z[1] - Z[0])


def lasso_error(x, tau, a):
    r = x + tau * Z
    eta = np.sign(r) * np.maximum(np.abs(r) - a * tau, 0)
    return (WEIGHT * (eta - x) ** 2).sum()


def test_lasso_evolution():
    found = Answer("amp_lasso", "threshold=1.3", "iterations=6").curve(
        "mse_evolution")
    mse = [0.128]
    for _ in range(6):
        tau = math.sqrt(0.2 + mse[-1] / 0.64)
        mse.append(0.872 * lasso_error(0, tau, 1.3) +
                   0.128 * lasso_error(1, tau, 1.3))
    ok(np.abs(found - mse).max() < 1e-8, "amp_lasso: state evolution")


def mmse_bernoulli_gauss(S, rho):
    """<x^2> - <mean^2> over r, by the density of r."""
    r = math.sqrt(1 + S) * Z
    none = (1 - rho) * np.exp(-r * r / (2 * S)) / math.sqrt(S)
    some = rho * np.exp(-r * r / (2 * (1 + S))) / math.sqrt(1 + S)
    mean = some / (none + some) * r / (1 + S)
    step = (r[1] - r[0]) / math.sqrt(2 * math.pi)
    return rho - ((none + some) * mean ** 2).sum() * step


def test_bayes_evolution():
    found = Answer("amp_bernoulli_gauss", "delta=0.45", "noise=0.01",
                   "rho=0.2", "iterations=8").curve("mse_evolution")
    mse = [0.2]
    for _ in range(8):
        mse.append(mmse_bernoulli_gauss(0.01 + mse[-1] / 0.45, 0.2))
    ok(np.abs(found - mse).max() < 1e-10,
       "amp_bernoulli_gauss: state evolution")


def test_spiked_evolution():
    found = Answer("spiked_wigner", "lambda=1.7", "iterations=8").curve(
        "overlap_evolution")
    q = [1 - 1 / 1.7]
    for _ in range(8):
        g = 1.7 * q[-1]
        q.append((WEIGHT * np.tanh(g + math.sqrt(g) * Z)).sum())
    ok(np.abs(found - q).max() < 1e-10, "spiked_wigner: state evolution")


def test_vamp_evolution():
    """Averages over 2e5 eigenvalues of the law instead of its closed form."""
    found = Answer("vamp", "delta=0.6", "condition=8.0", "rho=0.15",
                   "noise=0.01", "iterations=8").curve("mse_evolution")
    t = (np.arange(200000) + 0.5) / 200000
    s2 = 8.0 ** (-2 * t)
    s2 /= 0.6 * s2.mean()
    g2, mse = 1 / 0.15, [0.15]
    for _ in range(8):
        V = 0.6 * (1 / (100 * s2 + g2)).mean() + 0.4 / g2
        g1 = 1 / V - g2
        mse.append(mmse_bernoulli_gauss(1 / g1, 0.15))
        g2 = 1 / mse[-1] - g1
    ok(np.abs(found / mse - 1).max() < 1e-8, "vamp: state evolution")


# ---- identities --------------------------------------------------------------

def slope(name, key, x, h, *words):
    up, down = (Answer(*words, f"{key}={v!r}")[name] for v in (x + h, x - h))
    return (up - down) / (2 * h)


def test_identities():
    """dI/d(1/noise) = <|A(x - xhat)|^2>/2N = noise mse/(2 tau2); dI/dlambda =
    matrix MMSE/4."""
    for words in (["amp_bernoulli_gauss", "delta=0.4"],
                  ["vamp", "delta=0.4", "spectrum=row_orthogonal"],
                  ["vamp", "delta=0.4", "condition=5.0"]):
        at = Answer(*words, "noise=0.05")
        # d/d(1/noise) = -noise^2 d/dnoise
        found = -0.05 ** 2 * slope("mutual_information", "noise", 0.05, 1e-5,
                                   *words)
        ok(abs(found / (0.05 * at["mse"] / at["tau2"] / 2) - 1) < 1e-6,
           f"dI/d(1/noise): {' '.join(words)}")
    for prior in ("rademacher", "sparse"):
        words = ["spiked_wigner", "prior=" + prior]
        at = Answer(*words, "lambda=1.4")["matrix_mmse"]
        found = slope("mutual_information", "lambda", 1.4, 1e-4, *words)
        ok(abs(found - at / 4) < 1e-6, f"dI/dlambda: {prior}")
    iid, amp = (Answer(*words, "delta=0.35", "rho=0.2", "noise=1e-6",
                       "iterations=1") for words in
                (["vamp", "spectrum=marchenko_pastur"],
                 ["amp_bernoulli_gauss"]))
    same = all(abs(iid[n] / amp[n] - 1) < 1e-9 for n in
               ("mmse", "mse", "informed_mse", "mutual_information",
                "free_entropy_gap"))
    ok(same and iid.phase == amp.phase, "vamp of iid entries is AMP: all "
       "states where they coexist")


def test_coexistence():
    """Both states solve S = noise + mmse(S)/delta; equal potentials at
    delta_c."""
    words = ["amp_bernoulli_gauss", "rho=0.2", "noise=1e-4"]
    at = Answer(*words, "delta=0.31")
    good = all(abs(mmse_bernoulli_gauss(1e-4 + at[n] / 0.31, 0.2) / at[n] - 1)
               < 1e-6 for n in ("mse", "informed_mse"))
    ok(good and at["mse"] > 10 * at["informed_mse"], "two states at once")
    even = Answer(*words, f"delta={at['delta_c']!r}")
    ok(abs(even["free_entropy_gap"]) < 1e-10, "equal at delta_c")
    phases = [Answer(*words, f"delta={d!r}").phase.split(":")[0] for d in
              (at["delta_informed"] * 0.999, at["delta_c"] * 0.99,
               at["delta_c"] * 1.01, at["delta_amp"] * 1.001)]
    ok(phases == ["easy", "impossible", "hard", "easy"], "phases in order")
    sparse = ["spiked_wigner", "prior=sparse"]
    at = Answer(*sparse, "lambda=0.9")
    phases = [Answer(*sparse, f"lambda={x!r}").phase.split(":")[0].split(
        ",")[0] for x in (at["lambda_informed"] * 0.999,
                          at["lambda_it"] * 0.999, at["lambda_it"] * 1.001,
                          at["lambda_amp"] * 0.999, at["lambda_amp"] * 1.001)]
    ok(phases == ["impossible", "impossible", "hard", "hard", "detectable"],
       "spiked_wigner: phases in order")


# ---- an instance -------------------------------------------------------------

def philox(seed, purpose, step, item, blocks):
    """Philox 4x32-10, [blocks][4]."""
    u = np.uint64
    key = (seed + purpose * 0x9E3779B97F4A7C15) % 2 ** 64
    k0, k1 = key % 2 ** 32, key >> 32
    c = [np.arange(blocks, dtype=u), np.zeros(blocks, u),
         np.full(blocks, step, u), np.full(blocks, item, u)]
    low = u(0xFFFFFFFF)
    for _ in range(10):
        p0, p1 = c[0] * u(0xD2511F53), c[2] * u(0xCD9E8D57)
        c = [(p1 >> u(32)) ^ c[1] ^ u(k0), p1 & low,
             (p0 >> u(32)) ^ c[3] ^ u(k1), p0 & low]
        k0, k1 = (k0 + 0x9E3779B9) % 2 ** 32, (k1 + 0xBB67AE85) % 2 ** 32
    return np.array(c).T


def normals(step, item, wanted, seed=1):
    """As base/chance.h: two words make two numbers by Box and Muller."""
    v = philox(seed, 35, step, item, (wanted + 1) // 2)
    first = (v[:, 3] << np.uint64(32)) | v[:, 2]
    second = (v[:, 1] << np.uint64(32)) | v[:, 0]
    radius = np.sqrt(-2 * np.log(((first >> np.uint64(11)).astype(float) + 0.5)
                                 * 2.0 ** -53))
    k = second >> np.uint64(14)
    t = ((k & np.uint64(2 ** 48 - 1)).astype(float) + 0.5) * 2.0 ** -50 - 0.125
    a, b = radius * np.cos(2 * np.pi * t), radius * np.sin(2 * np.pi * t)
    swap = ((k >> np.uint64(48)) & np.uint64(1)).astype(bool)
    sign = np.where((k >> np.uint64(49)) & np.uint64(1), -1.0, 1.0)
    return (sign * np.array([np.where(swap, b, a),
                             np.where(swap, -a, b)])).T.ravel()[:wanted]


def descend(A, y, penalty, sweeps):
    """The LASSO, one coordinate after the other."""
    x, rest, square = np.zeros(A.shape[1]), y.copy(), (A * A).sum(axis=0)
    for _ in range(sweeps):
        for j in range(len(x)):
            z = A[:, j] @ rest + square[j] * x[j]
            new = math.copysign(max(abs(z) - penalty, 0), z) / square[j]
            rest += A[:, j] * (x[j] - new)
            x[j] = new
    return x


def test_optimality():
    N, n = 300, 192
    at = Answer("amp_lasso", f"N={N}", "instances=1", "iterations=300",
                "threshold=1.5")
    signal, x = at.curve("signal"), at.curve("estimate")
    A = np.array([normals(0, i, N) for i in range(n)]) / math.sqrt(n)
    y = A @ signal + math.sqrt(0.2) * normals(2, 0, n)
    penalty = at["run_lambda"]
    cost = (((y - A @ x) ** 2).sum() / 2 + penalty * np.abs(x).sum()) / N
    ok(abs(cost - at["run_cost"]) < 1e-10 and at["run_kkt"] < 1e-10,
       "amp_lasso: the instance, its cost, optimality")
    best = descend(A, y, penalty, 250)
    ok(np.abs(best - x).max() < 1e-8, "it is the LASSO of coordinate descent")
    other = descend(A, y, 1.02 * penalty, 250)
    ok(np.abs(other - x).max() > 1e-3, "rejected: another lambda")


# ---- runs against state evolution --------------------------------------------

RUNS = [  # words, result, theory, the same theory of another noise
    (["amp_lasso", "threshold=1.5"], "mse", ["noise=0.5"]),
    (["amp_lasso", "threshold=1.0", "nonnegative=true"], "mse",
     ["noise=0.3"]),
    (["amp_lasso", "law=gauss", "lambda=0.5"], "mse", ["noise=0.3"]),
    (["amp_bernoulli_gauss", "delta=0.5", "noise=0.01"], "mse",
     ["noise=0.02"]),
    (["vamp", "spectrum=marchenko_pastur", "noise=0.01"], "mse",
     ["noise=0.02"]),
    (["vamp", "spectrum=row_orthogonal", "noise=0.01"], "mse",
     ["noise=0.02"]),
    (["vamp", "condition=10.0", "noise=0.01"], "mse", ["noise=0.02"]),
    (["vamp", "prior=gaussian", "delta=1.5", "condition=10.0", "noise=0.1",
      "lambda=0.3"], "mse", ["noise=0.4"]),
    (["spiked_wigner", "lambda=2.5"], "overlap", ["lambda=2.2"]),
    (["spiked_wigner", "lambda=2.5", "prior=gaussian"], "overlap",
     ["lambda=1.8"]),
    (["spiked_wigner", "lambda=2.5", "prior=sparse", "rho=0.3",
      "start=informed"], "overlap", ["lambda=2.0"]),
]


def test_runs():
    for words, name, others in RUNS:
        at = Answer(*words, "N=400", "instances=30", "iterations=20")
        error = at.error("run_" + name)
        ok(abs(at["run_deviation"]) < T_MOST, f"{' '.join(words)}: run "
           f"{at['run_' + name]:.5f}, t = {at['run_deviation']:.2f}")
        wrong = Answer(*instead(words, others))
        theory = wrong.curve(name + "_evolution")[-1]
        ok(abs(at["run_" + name] - theory) > T_MOST * error,
           f"rejected: {others[0]}")
        if name == "overlap":
            # Nishimori: <xhat xhat> = <x xhat>
            apart = at["run_self_overlap"] - at["run_overlap"]
            both = math.hypot(error, at.error("run_self_overlap"))
            ok(abs(apart) < 5 * both, f"self-overlap {apart:.4f} apart")


def test_vamp_against_amp():
    at = Answer("vamp", "N=600", "condition=30.0", "instances=4")
    settled = at.curve("mse_run")[-3:]
    ok(at["run_mse"] < 5 * at["mse"] and np.ptp(settled) < 1e-3 * settled[0],
       "vamp converges at condition 30")
    ok("amp_run_mse" not in at or at["amp_run_mse"] > 0.1,
       "where AMP does worse than x = 0")
    at = Answer("vamp", "N=600", "spectrum=marchenko_pastur", "instances=4")
    ok(abs(at["amp_run_mse"] / at["run_mse"] - 1) < 0.05,
       "both find the same with iid entries")
    at = Answer("vamp", "N=300", "prior=gaussian", "noise=0.1", "lambda=0.2",
                "instances=2", "iterations=4")
    mse = at.curve("mse_run")
    ok(np.ptp(mse[1:]) < 1e-10 * mse[1] and mse[0] > 1.2 * mse[1],
       "ridge: done in one step")


# ---- communities -------------------------------------------------------------

def test_communities():
    above = Answer("sbm", "N=10000", "epsilon=0.1", "population=3000",
                   "start=random", "iterations=80")
    ok(above.phase.startswith("detectable") and
       abs(above["run_overlap"] - above["overlap"]) < 0.02 and
       above["run_overlap"] > 0.7, "sbm: above the line, "
       f"{above['run_overlap']:.4f} on graphs, {above['overlap']:.4f}")
    wanted = above["free_energy_per_site"] - \
        above["uniform_free_energy_per_site"]
    ok(abs(above["run_free_energy_excess"] - wanted) < 0.006 and
       wanted < -0.05, f"free energy below that of uniform messages by "
       f"{wanted:.4f}")
    ok(abs(above["run_free_energy_excess"] /
           above["planted_free_energy_excess"] - 1) < 1e-6,
       "the fixed point of random messages is that of the planted groups")
    below = Answer("sbm", "N=10000", "epsilon=0.4", "population=1000",
                   "iterations=80")
    # all marginals are open, or some 1e-4 of them off: |overlap| < 0.03
    ok(below.phase == "undetectable" and abs(below["run_overlap"]) < 0.03 and
       below["overlap"] < 1e-3 and
       abs(below["run_free_energy_excess"]) < 1e-6, "below it: nothing")
    hard = Answer("sbm", "q=5", "degree=14.0", "epsilon=1e6",
                  "population=1000")
    ok(hard.phase.startswith("hard") and hard["hinted_overlap"] < 0.05 and
       hard["overlap"] > 0.85, "five groups, no edge within one: hard at "
       "degree 14")
    near = Answer("sbm", "degree=3.0", "epsilon=0.275", "population=1000")
    ok(near.phase == "undetectable" and near["overlap"] == 0 and
       near["free_energy_per_site"] == near["uniform_free_energy_per_site"],
       "little below the line: nothing, however slowly messages forget")
    many = Answer("sbm", "q=16", "degree=30.0", "epsilon=0.22",
                  "population=2000")
    ok(many.phase.startswith("hard") and many["hinted_overlap"] == 0 and
       many["overlap"] > 0.6, "below it: hard, even if a hint were enough")
    none = Answer("sbm", "degree=3.0", "epsilon=0.2679", "population=1000")
    ok("overlap" not in none and none.point["warnings"],
       "on it: nothing is said")
    easy = Answer("sbm", "q=3", "degree=6.0", "epsilon=0.1",
                  "population=2000", "N=6000")
    ok(abs(easy["run_overlap"] - easy["overlap"]) < 0.02,
       f"three groups: {easy['run_overlap']:.4f} on graphs, "
       f"{easy['overlap']:.4f}")


# ---- threads, keys -----------------------------------------------------------

def test_threads():
    for words in (["amp_lasso", "N=301"], ["amp_bernoulli_gauss", "N=301"],
                  ["spiked_wigner", "N=301"], ["vamp", "N=101"],
                  ["sbm", "N=1001", "population=500"]):
        found = {hashlib.sha256(call(*words, "iterations=10",
                                     threads=t).stdout.encode()).hexdigest()
                 for t in (1, 2, 3)}
        ok(len(found) == 1, f"threads: {words[0]}")


def test_refusals():
    for words in (["amp_lasso", "law=gauss", "nonnegative=true"],
                  ["vamp", "lambda=0.5"], ["sbm", "N=4", "degree=10.0"],
                  ["spiked_wigner", "lambda=-1.0"]):
        ok(call(*words).returncode == 2, "refused: " + " ".join(words))
    low = call("amp_lasso", "threshold=0.1")
    ok("grows without bounds" in low.stdout and "\"mse\"" not in low.stdout,
       "no fixed point: left out, with a warning")


def main():
    runs.scratch()
    for test in (test_lasso_evolution, test_bayes_evolution,
                 test_spiked_evolution, test_vamp_evolution, test_identities,
                 test_coexistence, test_optimality, test_runs,
                 test_vamp_against_amp, test_communities, test_threads,
                 test_refusals):
        test()
    runs.done()


main()
