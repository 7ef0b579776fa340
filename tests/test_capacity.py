#!/usr/bin/env python3
"""What perceptrons store (solvers perceptron_capacity, spherical_perceptron,
binary_perceptron, franz_parisi, cover_count, committee_capacity) against
extrema of the free energies as SciPy integrates them, derivatives, linear
programs, enumerations. Random samples have fixed seeds; limits are 4.5 standard
errors (false alarms 7e-6 each)."""
import itertools
import json
import math
import subprocess

import numpy as np
from scipy import integrate, optimize, special, stats

import runs
from runs import PROGRAM, ok

LN_2 = math.log(2)


def solve(name, **keys):
    """The points: {result: value}, with phase, warnings, curves."""
    words = [f"{key}={value}" for key, value in keys.items()]
    done = subprocess.run([PROGRAM, "solve", name, *words, "--json"],
                          capture_output=True, text=True, check=True)
    found = []
    for point in json.loads(done.stdout)["points"]:
        one = {key: r["value"] for key, r in point["results"].items()}
        one["phase"] = point.get("phase")
        one["warnings"] = point.get("warnings", [])
        one["curves"] = {key: np.array(c["values"], float) for key, c in
                         point.get("curves", {}).items()}
        found.append(one)
    return found if len(found) > 1 else found[0]


# ---- free energies, by Gauss-Hermite quadrature or plain sums --------------

Z = np.linspace(-12, 12, 9601)
DZ = stats.norm.pdf(Z) * (Z[1] - Z[0])


def ln_examples(kappa, q, beta=math.inf):
    """int Dz ln[e^-beta + (1 - e^-beta) H(x)]"""
    x = (kappa - math.sqrt(q) * Z) / math.sqrt(1 - q)
    right = stats.norm.logsf(x)
    if beta < math.inf:
        right = np.logaddexp(-beta, np.log(-np.expm1(-beta)) + right)
    return np.sum(DZ * right)


def sphere(q, alpha, kappa):
    return 0.5 * (math.log(1 - q) + q / (1 - q)) + \
        alpha * ln_examples(kappa, q)


def binary(q, hat, alpha, kappa, beta=math.inf):
    return -hat * (1 - q) / 2 + alpha * ln_examples(kappa, q, beta) + np.sum(
        DZ * np.logaddexp(math.sqrt(hat) * Z, -math.sqrt(hat) * Z))


def binary_at(alpha, kappa, beta):
    """ln Z / N: the extremum, by its own fixed point."""
    q, step = 0.5, 1e-5

    def of_examples(q):
        return (ln_examples(kappa, q + step, beta) -
                ln_examples(kappa, q - step, beta)) / (2 * step)

    def overlap(q):
        hat = max(-2 * alpha * of_examples(q), 1e-12)
        return np.sum(DZ * np.tanh(math.sqrt(hat) * Z)**2) - q
    q = optimize.brentq(overlap, 1e-3, 0.98)
    return binary(q, -2 * alpha * of_examples(q), alpha, kappa, beta)


# ---- spheres ---------------------------------------------------------------

def check_sphere():
    for alpha, kappa in ((0.7, 0.3), (1.4, 0.0), (5.0, -1.0)):
        found = solve("spherical_perceptron", alpha=alpha, kappa=kappa)
        best = optimize.minimize_scalar(sphere, bounds=(1e-3, 0.99),
                                        args=(alpha, kappa), method="bounded",
                                        options={"xatol": 1e-10})
        ok(abs(best.fun - found["entropy_per_site"]) < 1e-9 and
           abs(best.x - found["q"]) < 1e-4,
           f"spherical, alpha {alpha}, kappa {kappa}: least entropy over q",
           (best.fun, best.x, found))
        x, density = (found["curves"][k] for k in ("stability", "density"))
        total = integrate.simpson(density, x=x)
        ok(abs(total - 1) < 2e-3, f"density of stabilities: {total:.5f}")
    h = 0.01
    s = [p["entropy_per_site"] for p in
         solve("spherical_perceptron", alpha=f"{1 - 2 * h}:{1 + 2 * h}:{h}")]
    slope = (8 * (s[3] - s[1]) - (s[4] - s[0])) / (12 * h)
    q = solve("spherical_perceptron", alpha=1)["q"]
    ok(abs(slope - ln_examples(0, q)) < 1e-6, "ds/dalpha = int Dz ln H",
       (slope, ln_examples(0, q)))
    ok(abs(slope - ln_examples(0, q + 0.02)) > 1e-3,
       "mutant rejected: another q")


def errors_of(alpha, kappa):
    """The fewest: the most over chi of alpha <cost> - 1/(2 chi), where a field
    h costs the least of 1 and (kappa - h)^2 / (2 chi)."""
    def less(ln_chi):
        chi = math.exp(ln_chi)
        a = math.sqrt(2 * chi)
        cost = integrate.quad(lambda h: stats.norm.pdf(h) * (kappa - h)**2 /
                              (2 * chi), kappa - a, kappa)[0]
        return 1 / (2 * chi) - alpha * (cost + stats.norm.cdf(kappa - a))
    return -optimize.minimize_scalar(less, bounds=(-6, 5),
                                     method="bounded").fun


def check_errors():
    for alpha, kappa in ((2.5, 0.0), (1.0, 1.0), (20.0, -1.0)):
        found = solve("spherical_perceptron", alpha=alpha, kappa=kappa)
        want = errors_of(alpha, kappa)
        ok(abs(found["ground_energy"] - want) < 1e-8 and
           found["phase"] == "unsatisfiable" and found["warnings"],
           f"spherical, fewest errors at alpha {alpha}, kappa {kappa}",
           (want, found))
    below, above = (solve("spherical_perceptron", alpha=a)
                    for a in (1.9999, 2.0001))
    ok("ground_energy" not in below and above["ground_energy"] < 1e-5 and
       "q" not in above and below["q"] > 0.999, "both sides of alpha = 2",
       (below, above))
    line = solve("perceptron_capacity", kappa=-1)
    sides = [solve("spherical_perceptron", kappa=-1,
                   alpha=line["alpha_at"] * f)["replicon"]
             for f in (0.999, 1.001)]
    ok(sides[0] > 0 > sides[1], "the replicon changes sign at alpha_at", sides)


# ---- weights -1, +1 --------------------------------------------------------

def check_binary():
    for alpha, kappa in ((0.3, 0.0), (0.2, 0.5), (2.0, -0.7)):
        found = solve("binary_perceptron", alpha=alpha, kappa=kappa)
        want = binary_at(alpha, kappa, math.inf)
        ok(abs(found["entropy_per_site"] - want) < 1e-8,
           f"binary, alpha {alpha}, kappa {kappa}: the saddle point",
           (want, found))
    for alpha in (0.9, 1.5):
        found = solve("binary_perceptron", alpha=alpha)
        frozen = optimize.minimize_scalar(
            lambda beta, a=alpha: binary_at(a, 0, beta) / beta,
            bounds=(1, 12), method="bounded")
        ok(abs(found["ground_energy"] + frozen.fun) < 1e-7 and
           abs(found["beta_c"] - frozen.x) < 1e-3,
           f"binary, alpha {alpha}: frozen where f is highest",
           (frozen.fun, frozen.x, found))
    points = solve("binary_perceptron", alpha="0.7:1:0.02")
    s = [p["entropy_per_site"] for p in points]
    e = [p.get("ground_energy", 0) for p in points]
    ok(all(np.diff(s)[:6] < 0) and not any(s[7:]) and not any(e[:7]) and
       all(np.diff(e)[7:] > 0), "across capacity: s falls to 0, errors rise",
       (s, e))
    empty = solve("binary_perceptron", alpha=0)
    ok(abs(empty["entropy_per_site"] - LN_2) < 1e-14 and empty["q"] == 0,
       "no examples: ln 2", empty)


def counted(random, sites, alpha, samples):
    """ln(number of weights without error)/N, normal inputs, mean and error;
    scatter that follows |sum of the examples|^2, of mean P N, is taken out."""
    w = np.array(list(itertools.product((-1, 1), repeat=sites)), np.float32)
    examples = round(alpha * sites)
    logs, sums = [], []
    for _ in range(samples):
        x = random.standard_normal((sites, examples)).astype(np.float32)
        logs.append(math.log(max((w @ x > 0).all(axis=1).sum(), 1)) / sites)
        sums.append((x.sum(axis=1)**2).sum() / sites - examples)
    line = stats.linregress(sums, logs)
    rest = np.array(logs) - line.slope * np.array(sums)
    return rest.mean(), rest.std(ddof=2) / math.sqrt(samples)


def check_enumeration():
    """At finite N the mean logarithm lies a little above: 0.0034, 0.0018 at
    N = 5, 10."""
    random = np.random.default_rng(11)
    found = solve("binary_perceptron", alpha=0.4)["entropy_per_site"]
    for sites, samples, above in ((5, 3000, 0.006), (10, 1200, 0.004),
                                  (15, 300, 0.003)):
        mean, error = counted(random, sites, 0.4, samples)
        ok(abs(mean - found) < 4.5 * error + above,
           f"N = {sites}: ln(number of solutions)/N = {mean:.4f}({error:.4f})"
           f" by enumeration, theory {found:.4f}")
    annealed = 0.6 * LN_2
    ok(abs(mean - annealed) > 4.5 * error + above,
       f"mutant rejected: the annealed entropy {annealed:.4f}", mean)


# ---- closed forms ----------------------------------------------------------

def separable(points, labels):
    """Is there w with labels * (points @ w) >= 1?"""
    return optimize.linprog(np.zeros(points.shape[1]),
                            A_ub=-labels[:, None] * points,
                            b_ub=-np.ones(len(points)),
                            bounds=(None, None)).status == 0


def check_cover():
    random = np.random.default_rng(5)
    for sites, examples in ((2, 3), (2, 5), (3, 4), (3, 6)):
        points = random.standard_normal((examples, sites))
        half = [np.array((1,) + rest) for rest in
                itertools.product((-1, 1), repeat=examples - 1)]
        number = 2 * sum(separable(points, labels) for labels in half)
        found = solve("cover_count", N=sites, P=examples)
        ok(found["count"] == number and
           abs(found["probability"] - number / 2**examples) < 1e-14,
           f"N = {sites}, P = {examples}: {number} labelings by programs",
           found)
    worst = 0
    for sites, examples in ((7, 40), (40, 60), (300, 700), (500, 900)):
        total = sum(math.comb(examples - 1, k) for k in range(sites))
        found = solve("cover_count", N=sites, P=examples)
        worst = max(worst, abs(found["ln_count"] - math.log(2 * total)) /
                    math.log(2 * total))
    ok(worst < 1e-14, f"ln of exact integers: {worst:.1e}")
    sites = 10**9
    found = solve("cover_count", N=sites, P=2 * sites + 1)["probability"]
    ok(abs(found - 0.5 + 0.5 / math.sqrt(math.pi * sites)) < 1e-12,
       "next to the middle at N = 1e9", found)


def check_pairs():
    for alpha, kappa, x in ((0.3, 0.5, 0.02), (1.2, 1.0, 0.3),
                            (3.0, 1.5, 0.97)):
        found = solve("franz_parisi", alpha=alpha, kappa=kappa, x=x)
        r = 1 - 2 * x
        c = math.sqrt(1 - r * r)
        pair = integrate.quad(
            lambda z, k=kappa, r=r, c=c: stats.norm.pdf(z) * (
                special.ndtr((k - r * z) / c) - special.ndtr((-k - r * z) / c)),
            -kappa, kappa, epsabs=1e-13, limit=200)[0]
        want = -x * math.log(x) - (1 - x) * math.log(1 - x) + \
            alpha * math.log(pair / math.erf(kappa / math.sqrt(2)))
        ok(abs(found["pair_entropy"] - want) < 1e-10,
           f"pairs at {x}, alpha {alpha}, kappa {kappa}", (want, found))
    found = solve("franz_parisi")
    d, s = (found["curves"][k] for k in ("distance", "pair_entropies"))
    at = np.interp([found["distance_isolated"], 0.5], d, s)
    low = d[np.argmin(s)]
    ok(abs(at[0]) < 1e-4 and abs(at[1] - found["entropy_per_site"]) < 1e-12
       and abs(s.min() - found["pair_entropy_min"]) < 1e-4 and
       abs(low / found["distance_min"] - 1) < 0.2 and
       all(s[(d > 0) & (d < found["distance_isolated"])] < 0),
       "the curve: 0, alone, its least, the typical entropy", found)


def check_narrow():
    """Pairs within a narrow gap: p_2 by sums over its square, and what the
    error says of it."""
    kappa, x, alpha = 1e-3, 0.3, 0.01
    done = subprocess.run([PROGRAM, "solve", "franz_parisi", f"kappa={kappa}",
                           f"x={x}", f"alpha={alpha}", "--json"],
                          capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)["points"][0]["results"]["pair_entropy"]
    z, weight = np.polynomial.legendre.leggauss(10)
    z, r = kappa * z, 1 - 2 * x
    form = z[:, None]**2 - 2 * r * z[:, None] * z + z**2
    pair = kappa**2 * weight @ np.exp(-form / (2 * (1 - r * r))) @ weight / (
        2 * math.pi * math.sqrt(1 - r * r))
    want = -x * math.log(x) - (1 - x) * math.log(1 - x) + \
        alpha * math.log(pair / math.erf(kappa / math.sqrt(2)))
    off = abs(found["value"] - want)
    ok(off < found["error"] < 1e-12 and off > 1.1e-15 * (1 + alpha),
       f"narrow gap: off by {off:.1e}, more than rounding of s", found)


# ---- committees ------------------------------------------------------------

def cost_of(fields):
    """The least sum of squares that makes most fields positive."""
    units = fields.shape[-1]
    wrong = np.sort(np.where(fields < 0, fields**2, np.inf), axis=-1)
    need = (fields < 0).sum(-1) - (units - 1) // 2
    cost = np.zeros(fields.shape[:-1])
    for k in range((units + 1) // 2):
        cost += np.where(need > k, wrong[..., k], 0)
    return cost


def check_committee():
    random = np.random.default_rng(3)
    for units in (3, 5):
        cost = cost_of(random.standard_normal((1000000, units)))
        error = cost.std() / 1000
        found = solve("committee_capacity", K=units)["alpha_rs"]
        ok(abs(cost.mean() - 1 / found) < 4.5 * error,
           f"K = {units}: <cost> {cost.mean():.5f}({error:.5f})", found)
    found = solve("committee_capacity", K=100001)["alpha_rs"]
    ok(abs(found / math.sqrt(72 * 100001 / math.pi) - 1) < 0.01,
       "sqrt(72 K / pi) at large K", found)
    found = solve("committee_capacity", K=3)
    q, w = found["q_1rsb"], found["w_1rsb"]
    u, weight = np.polynomial.hermite_e.hermegauss(12)
    weight = weight / weight.sum()
    v = random.standard_normal((20000, 3))
    total = 0
    for three in itertools.combinations_with_replacement(range(12), 3):
        times = len(set(itertools.permutations(three)))
        share = times * weight[list(three)].prod()
        if share > 1e-7:
            fields = math.sqrt(q) * u[list(three)] + math.sqrt(1 - q) * v
            total += share * math.log(np.exp(-w * cost_of(fields) / 2).mean())
    inside = 1 + w * (1 - q)
    alpha = -(math.log(inside) + w * q / inside) / (2 * total)
    ok(abs(alpha - found["alpha_1rsb"]) < 0.03,
       f"one step: {alpha:.3f} by sampled fields", found)


runs.scratch()
check_sphere()
check_errors()
check_binary()
check_enumeration()
check_cover()
check_pairs()
check_narrow()
check_committee()
runs.done()
