#!/usr/bin/env python3
"""What one solver says another must say too: limits in common, models that
are the same in other words, and derivatives of what the same solver gives."""
import functools
import json
import math
import re

from scipy.optimize import minimize_scalar
from scipy.stats import norm

from runs import call, done, ok, scratch

SWEEP_STEP = 1e-4


@functools.lru_cache(None)
def solve(name, *words):
    p = call("solve", name, *words, "--json")
    if p.returncode:
        return {"error": p.stderr}
    rows = json.loads(p.stdout)["points"][0]["results"]
    return {key: row["value"] for key, row in rows.items()}


def same(what, found, wanted, tolerance):
    """The same numbers three tolerances apart must be refused."""
    def near(shift):
        return found is not None and wanted is not None and \
            abs(found + shift - wanted) <= tolerance
    ok(near(0) and not near(3 * tolerance) and not near(-3 * tolerance),
       f"{what}: {found} = {wanted} to {tolerance:.0e}")


def both(what, one, other, keys, tolerance):
    for key in keys:
        mine, theirs = key if isinstance(key, tuple) else (key, key)
        same(f"{what}: {mine}", one.get(mine), other.get(theirs), tolerance)


# ---- lattices ---------------------------------------------------------------

def lattices():
    thermal = ("ln_z", "energy", "specific_heat", "magnetization",
               "magnetization_2", "susceptibility")
    for words in (("beta=0.3", "h=0.1"), ("beta=2.0", "h=0.0"),
                  ("beta=1.0", "J=-1.0", "h=0.3")):
        both("ising1d and transfer_matrix " + " ".join(words),
             solve("ising1d", "N=10", *words),
             solve("transfer_matrix", "shape=[10]", *words), thermal, 1e-9)
    torus = solve("transfer_matrix", "shape=[4,4]", "beta=0.4")
    both("kaufman and transfer_matrix", solve(
        "kaufman", "shape=[4,4]", "beta=0.4"), torus,
        ("ln_z", "energy", "specific_heat"), 1e-10)
    for beta in (9.0, 14.0, 20.0): # unlike neighbours weigh more
        both(f"an open antiferromagnet in a field at beta = {beta}", solve(
            "transfer_matrix", "shape=[4,4]", "boundary=open", "J=-1.0",
            "h=3.0", f"beta={beta}"), solve(
                "enumerate", "model.name=ising", "model.shape=[4,4]",
                "model.boundary=open", "model.J=-1.0", "model.h=3.0",
                f"beta={beta}"), thermal, 1e-10)
    cold = solve("transfer_matrix", "shape=[5,5]", "J=-1.0", "beta=1000.0")
    ok(None not in cold.values() and "ground_energy" in cold,
       "what underflows is left out", cold)
    potts = solve("transfer_matrix", "model=potts", "q=2", "shape=[4,4]",
                  "J=2.0", "beta=0.4")
    both("Potts of 2 states is Ising", potts, torus,
         ("specific_heat", "entropy"), 1e-10)
    same("Potts of 2 states is Ising: ln_z", potts["ln_z"] - 32 * 0.4,
         torus["ln_z"], 1e-10)
    # Rings of 6, 8 of them; a coupling that is almost none is none.
    for beta in (1e-3, 0.3, 25.0, 300.0, 1e6):
        ring = solve("ising1d", "N=6", f"beta={beta}")
        for J in (0.0, 1e-300, 1e-20):
            rings = solve("kaufman", "shape=[8,6]", f"beta={beta}",
                          f"J_axis=[{J},1.0]")
            same(f"kaufman: rings, beta = {beta}, across {J}: ln_z",
                 rings["ln_z"], 8 * ring["ln_z"], 1e-14 * rings["ln_z"])
            both("and", rings, ring, ("energy", "specific_heat"), 1e-12)
    square, onsager = solve("potts_square", "q=2"), solve("onsager")
    same("Potts of 2 states on the plane: beta_c", square["beta_c"],
         2 * onsager["beta_c"], 1e-13)
    same("Potts of 2 states on the plane: energy", square["energy"],
         onsager["energy"] / 2 - 1, 1e-12)
    wide = solve("kaufman", "shape=[400,400]", "beta=0.3")
    both("a wide torus is the plane", wide, solve("onsager", "beta=0.3"),
         ("ln_z_per_site", "energy", "specific_heat"), 1e-9)
    # An open strip: two edges, of order 1/width each.
    plane = solve("dimers")["ln_z_per_site"]
    narrow, twice = (solve("dimers", f"shape=[0,{w}]")["ln_z_per_site"]
                     for w in (2000, 4000))
    same("dimers: strips extrapolate to the plane", 2 * twice - narrow, plane,
         1e-7)
    ice = solve("square_ice", "width=16")["entropy_per_site"]
    ok(0 < ice - solve("square_ice")["entropy_per_site"] < 0.003,
       "ice: the widest cylinder is just above the plane", ice)


# ---- random graphs against small ones ---------------------------------------

def graphs():
    for T, h in ((1.0, 0.1), (0.4, 0.02), (5.0, 1.0)):
        chain = solve("ising1d", "N=1000000000000", f"beta={1 / T}",
                      f"h={h}")
        bethe = solve("bethe_ferro", "degree=2", f"T={T}", f"h={h}")
        both(f"bethe_ferro of degree 2 is a ring, T = {T}", bethe, chain,
             ("magnetization", "energy", "specific_heat", "susceptibility"),
             1e-9)
        same("its ln Z", bethe["ln_z_per_site"], chain["ln_z"] / 1e12, 1e-12)
    for what, name, of in (("independent_sets", "independent_set", "density"),
                           ("matchings", "matching", "matching")):
        ring = solve("graph_count", "name=ring", "N=200", f"what={what}")
        words = ("ensemble=regular",) if name == "matching" else ()
        both(f"{what} of a long ring", solve(
            name, "degree=2" + ".0" * (name == "matching"), "fugacity=1.0",
            *words), ring, ("ln_z_per_site", of), 1e-12)
    # ln of the mean is above the mean of ln; loops do little else.
    for words, name, more, key in (
            (("what=independent_sets",), "independent_set", (),
             "ln_z_per_site"),
            (("what=colorings", "q=4"), "coloring_sp", ("q=4", "degree=3.0"),
             "entropy_rs"),
            (("what=matchings",), "matching",
             ("degree=3.0", "ensemble=regular", "fugacity=1.0"),
             "ln_z_per_site")):
        many = [solve("graph_count", "name=random_regular", "N=40",
                      f"seed={s}", *words)["ln_z_per_site"]
                for s in range(1, 7)]
        theory = solve(name, *more)[key]
        mean = sum(many) / len(many)
        error = math.sqrt(sum((m - mean) ** 2 for m in many) / 30)
        ok(abs(mean - theory) < 5 * error + 1 / 40 and
           abs(mean - 1.1 * theory) > 5 * error + 1 / 40,
           f"{name}: 40 sites {mean:.4f} +- {error:.4f}, many {theory:.4f}")
    for c in ("1.5", "2.5"): # Karp and Sipser: leaves alone do
        cover, match = solve("vertex_cover", f"degree={c}"), \
            solve("matching", f"degree={c}")
        same(f"Koenig's theorem at degree {c}: cover = matching",
             cover["cover"], match["matching"], 1e-13)
        same("no core", match["core"], 0, 1e-13)
    for above in (1e-12, 1e-8, 1e-6): # the core begins as 4.4 (c/e - 1)
        core = solve("matching", f"degree={math.e * (1 + above)!r}")["core"]
        ok(abs(core / above - 4.414) < (5 if above < 1e-9 else 5e-3),
           f"matching: a core of {core:.3g} just above e", core)


# ---- mean field -------------------------------------------------------------

def mean_field():
    for beta, h in ((2.0, 0.0), (0.5, 0.3)):
        many = solve("curie_weiss", "N=10000000", f"beta={beta}", f"h={h}")
        limit = solve("curie_weiss", "N=0", f"beta={beta}", f"h={h}")
        both(f"curie_weiss of 10^7 at beta = {beta}", many, limit,
             ("ln_z_per_site", "energy", "abs_magnetization",
              "magnetization_2"), 1e-6)
        m = limit["abs_magnetization"]
        same("m = tanh beta (m + h)", math.tanh(beta * (m + h)), m, 1e-13)
    for h in (-0.1, 0.12):
        turn, f = math.copysign(1, h), {}
        for beta in (1.4999, 1.5, 1.5001):
            limit = solve("curie_weiss", "N=0", f"beta={beta}", f"h={h}")
            f[beta] = beta * limit["other_free_energy_per_site"]
        limit = solve("curie_weiss", "N=0", "beta=1.5", f"h={h}")
        m = limit["other_magnetization"]
        ok(turn * m < 0, "against the field")
        same("the state against the field", math.tanh(1.5 * (m + h)), m,
             1e-12)
        same("its u = d(beta f)/d beta", (f[1.5001] - f[1.4999]) / 2e-4,
             limit["other_energy"], 1e-6)
        ends = limit["spinodal_field"]
        for far, there in ((0.9999, True), (1.0001, False)):
            at = solve("curie_weiss", "N=0", "beta=1.5",
                       f"h={turn * ends * far}")
            ok(("other_energy" in at) == there, f"at {far} of the spinodal")
    both("hopfield_rs of few patterns is curie_weiss",
         solve("hopfield_rs", "alpha=1e-6", "T=0.5"),
         solve("curie_weiss", "N=0", "beta=2.0"),
         (("m", "abs_magnetization"), "energy", "entropy_per_site",
          "free_energy_per_site"), 3e-6)
    for h in ("0.001", "0.1", "1.0", "3.0"):
        line = solve("sk_at", f"h={h}")
        at = solve("sk_rs", f"h={h}", f"T={line['temperature_at']!r}")
        same(f"sk_rs on sk_at's line, h = {h}: replicon", at["replicon"], 0,
             1e-10)
        same("and q", at["q"], line["q"], 1e-10)
    for h in (1e-13, 1e-11, 1e-9): # both sides of where the series begins
        line = solve("sk_at", f"h={h}")
        series = 0.75 ** (1 / 3) * h ** (2 / 3)
        same(f"sk_at at h = {h}: q / series", line["q"] / series, 1,
             2e-6)
        same("1 - T = q", 1 - line["temperature_at"], line["q"], 2e-12)
    steep = 4 / (3 * math.sqrt(2 * math.pi))
    for h in (9.99, 10.01, 29.0):
        T = solve("sk_at", f"h={h}")["temperature_at"]
        same(f"sk_at at h = {h}", T / (steep * math.exp(-h * h / 2)), 1,
             1e-11)


# ---- capacities -------------------------------------------------------------

def capacities():
    for kappa in ("0.0", "1.0", "-0.5"):
        both(f"alpha_c at kappa = {kappa}", solve(
            "perceptron_capacity", f"kappa={kappa}"),
            solve("spherical_perceptron", f"kappa={kappa}"), ("alpha_c",),
            1e-13)
    alpha = solve("perceptron_capacity", "kappa=0.7")["alpha_c"]
    same("kappa_max of alpha_c", solve(
        "perceptron_capacity", f"alpha={alpha!r}")["kappa_max"], 0.7, 1e-12)
    N = 10 ** 10
    few, half, many = (solve("cover_count", f"N={N}", f"P={P}")["probability"]
                       for P in (int(1.9999 * N), 2 * N, int(2.0001 * N)))
    same("cover_count: half at P = 2 N", half, 0.5, 1e-5)
    ok(few > 1 - 1e-9 and many < 1e-9, "and a step there: Cover's 2 is the "
       "capacity", (few, many))
    at = solve("binary_perceptron")["alpha_c"]
    below, above = (solve("binary_perceptron", f"alpha={at * x!r}")
                    for x in (1 - 1e-7, 1 + 1e-6))
    ok(0 < below["entropy_per_site"] < 2e-7 and
       above["entropy_per_site"] == 0 and 0 < above["ground_energy"] < 1e-5,
       "binary_perceptron: the entropy ends at alpha_c", (below, above))
    for k in (3, 5):
        at = solve("xorsat", f"k={k}")["alpha_s"]
        x = solve("xorsat", f"k={k}", f"alpha={at * (1 - 1e-12)!r}")
        same(f"xorsat, k = {k}: a square core at alpha_s",
             x["core_equations"], x["core_sites"], 1e-10)
        x = solve("xorsat", f"k={k}", "alpha=0.9")
        same("complexity = (sites - equations) ln 2", x["complexity"],
             (x["core_sites"] - x["core_equations"]) * math.log(2), 1e-13)


# ---- inference --------------------------------------------------------------

def l1_transition(delta):
    """Donoho, Maleki and Montanari 2009: sparsity rho = k/n."""
    def sparsity(z):
        tail = (1 + z * z) * norm.cdf(-z) - z * norm.pdf(z)
        return (1 - 2 / delta * tail) / (1 + z * z - 2 * tail)
    return -minimize_scalar(lambda z: -sparsity(z), bounds=(0, 9),
                            method="bounded", options={"xatol": 1e-10}).fun


def inference():
    for delta, rho, noise in ((0.5, 0.2, 0.01), (0.3, 0.1, 1e-6),
                              (1.5, 0.9, 0.5)):
        words = (f"delta={delta}", f"rho={rho}", f"noise={noise}")
        both("vamp is amp at Marchenko and Pastur's spectrum",
             solve("vamp", "spectrum=marchenko_pastur", *words),
             solve("amp_bernoulli_gauss", *words),
             ("mse", "mmse", "mutual_information"), 1e-10)
    for delta in (0.2, 0.64):
        same(f"amp_lasso: l1 transition at delta = {delta}",
             solve("amp_lasso", f"delta={delta}")["sparsity_c"],
             l1_transition(delta), 1e-9)
    for snr in (0.5, 1.0, 1.5, 4.0):
        spike = solve("spiked_wigner", "prior=gaussian", f"lambda={snr}")
        q = max(0, 1 - 1 / snr)
        same(f"spiked_wigner, normal: q at {snr}", spike["q"], q, 1e-13)
        same("matrix MMSE", spike["matrix_mmse"], 1 - q * q, 1e-13)
    for prior in ("rademacher", "gaussian", "sparse"):
        def of(snr, key, prior=prior):
            return solve("spiked_wigner", f"prior={prior}",
                         f"lambda={snr!r}")[key]
        for snr in (0.6, 2.0):
            slope = (of(snr + 1e-4, "mutual_information") -
                     of(snr - 1e-4, "mutual_information")) / 2e-4
            same(f"{prior}: dI / dlambda = MMSE / 4 at {snr}", 4 * slope,
                 of(snr, "matrix_mmse"), 1e-6)


# ---- derivatives ------------------------------------------------------------

def by_beta(name, beta, *words, ln_z="ln_z_per_site", sites=1):
    d = SWEEP_STEP
    low, at, high = (solve(name, f"beta={b!r}", *words)
                     for b in (beta - d, beta, beta + d))
    what = " ".join((f"{name} at beta = {beta}:", *words))
    same(what + " energy", -(high[ln_z] - low[ln_z]) / (2 * d * sites),
         at["energy"], 3e-7)
    same(what + " specific heat",
         -beta ** 2 * (high["energy"] - low["energy"]) / (2 * d),
         at["specific_heat"], 3e-6)


def derivatives():
    for beta in (0.3, 0.6):
        by_beta("onsager", beta)
        by_beta("triangular_ising", beta + 0.1)
        by_beta("triangular_ising", beta, "J=-1.0")
        by_beta("kaufman", beta, "shape=[7,8]")
        by_beta("ising1d", beta, "N=11", "h=0.2", ln_z="ln_z", sites=11)
        by_beta("ising1d", beta, "N=11", "J=-1.0", "h=0.2", ln_z="ln_z",
                sites=11)
    for beta in (0.7, 1.5):
        by_beta("curie_weiss", beta, "N=0", "h=0.1")
        by_beta("curie_weiss", beta, "N=50", "h=0.1")
        by_beta("rem", beta, "N=0")
        by_beta("rem", beta, "N=12")
        by_beta("xy_chain", beta, "N=9", "boundary=periodic", ln_z="ln_z",
                sites=9)
    for name, T, words in (("sk_rs", 0.7, ("h=0.3",)),
                           ("hopfield_rs", 0.4, ("alpha=0.02",)),
                           ("bethe_ferro", 1.2, ("h=0.2",))):
        f = [solve(name, f"T={T + s * SWEEP_STEP!r}", *words)
             ["free_energy_per_site"] for s in (-1, 1)]
        at = solve(name, f"T={T}", *words)
        same(f"{name}: S = -df/dT", -(f[1] - f[0]) / (2 * SWEEP_STEP),
             at["entropy_per_site"], 1e-7)
        same(f"{name}: f = u - T S", at["energy"] - T *
             at["entropy_per_site"], at["free_energy_per_site"], 1e-12)


# ---- a ring that is long or short for its correlations ----------------------

def rings():
    """Two sums of the same chain: <M^2> of a cold ring is N^2, whatever the
    correlation length; on both sides of where its form changes they meet."""
    for beta in (15.0, 20.0, 100.0, 1e6):
        cold = solve("ising1d", "N=100", f"beta={beta}")
        same(f"100 spins at beta = {beta}: M^2", cold["magnetization_2"], 1,
             1e-9)
        same("their entropy", cold["entropy"], math.log(2), 1e-6)
    for h in (0.0, 1e-9, 0.3):
        warm, cold = (solve("ising1d", "N=100", f"beta={b!r}", f"h={h}")
                      for b in (0.5, 0.5 + 1e-12))
        both(f"ising1d beside beta = 1/2, h = {h}", warm, cold,
             ("ln_z", "energy", "specific_heat", "magnetization",
              "magnetization_2"), 3e-10)
    for beta in (50 - 1e-6, 50 + 1e-6): # exact: e^2K tanh(N e^-2K) / N
        N = 10 ** 12
        same("a ring of 10^12 at beta = 50", solve(
            "ising1d", f"N={N}", f"beta={beta!r}")["magnetization_2"], 1,
             1e-12)
    for beta in (1.0, 177.0, 200.0, 1e6): # frustrated: M = +-1 when cold
        odd = solve("ising1d", "N=101", "J=-1.0", f"beta={beta}")
        if beta > 1:
            same(f"101 antiferromagnetic spins at beta = {beta}: M^2",
                 odd["magnetization_2"] * 101 ** 2, 1, 1e-12)
            same("their specific heat", odd["specific_heat"], 0, 1e-15)
            same("their entropy", odd["entropy"], math.log(202), 1e-8)
        flipped, even = (solve("ising1d", "N=100", f"J={J}", f"beta={beta}")
                         for J in (1.0, -1.0))
        for key in ("energy", "specific_heat"):
            same(f"an even ring at beta = {beta}, J of either sign: {key}",
                 even[key], flipped[key], 1e-13 * abs(flipped[key]) + 1e-300)
    for N, h in ((100, 0.3), (101, 0.3), (11, 0.0)):
        warm, cold = (solve("ising1d", f"N={N}", "J=-1.0", f"beta={b!r}",
                            f"h={h}") for b in (0.5, 0.5 + 1e-12))
        both(f"ising1d beside beta J = -1/2, N = {N}, h = {h}", warm, cold,
             ("ln_z", "energy", "specific_heat", "magnetization",
              "magnetization_2"), 3e-10)
    beta = 14.0
    x = 1e12 * math.atanh(math.exp(-2 * beta))
    same("a ring of 10^12 at beta = 14: M^2 N", solve(
        "ising1d", "N=1000000000000", "beta=14.0")["magnetization_2"] * x,
         math.tanh(x), 1e-9)


def cold_levels():
    """Cold, the REM's specific heat goes as T and its entropy as T; what
    rounding leaves of them stays within the errors."""
    for n in (16, 100, 400, 900):
        for key in ("specific_heat", "entropy"):
            at = {}
            for beta in (1e3, 1e4, 1e5, 1e6):
                p = call("solve", "rem", f"N={n}", f"beta={beta}", "--json")
                row = json.loads(p.stdout)["points"][0]["results"][key]
                at[beta] = row["value"] * beta, row["error"] * beta
            worst = max(abs(at[b][0] - at[1e3][0]) /
                        (3 * at[b][1] + 0.01 * at[1e3][0]) for b in at)
            ok(worst < 1 and at[1e3][1] < at[1e3][0] / 20,
               f"rem N = {n}: cold {key}", at)


def narrow_laws():
    """Equipartition in the cold; nothing where the grid cannot see it."""
    for words, beta in ((("model.kind=power", "model.power=2"), 1e7),
                        (("model.kind=double_well",), 1e6),
                        (("model.kind=rosenbrock", "model.dim=2"), 1e3)):
        words = ("quadrature", "model.name=wells", *words)
        same(f"{' '.join(words)}: specific heat", solve(
            *words, f"beta={beta}")["specific_heat"], 0.5, 2e-3)
        for colder in (1e2, 1e4, 1e9):
            found = solve(*words, f"beta={beta * colder}")
            ok("error" not in found and "specific_heat" not in found,
               f"too narrow at {beta * colder}", found)


def negative_temperatures():
    """Reports of runs at beta < 0: J of the other sign, odd tori frustrated."""
    for name, keys, sites in (
            ("curie_weiss", ("model.N=60", "model.h=0.3"), 60),
            ("ising", ("model.shape=[8,8]",), 64),
            ("ising", ("model.shape=[7,7]",), 49),
            ("ising", ("model.shape=[12,12]", "model.boundary=open"), 144)):
        out = f"negative{sites}.h5"
        with open("negative.cfg", "w") as f:
            f.write('run = { seed = 1; sweeps = 1500; burn_in = 300; };\n'
                    f'model = {{ name = "{name}"; }};\n'
                    'dynamics = { name = "metropolis"; };\n'
                    'ladder = { beta = [-0.6, -0.1]; rungs = 3; copies = 8;'
                    ' anchor_rungs = 3; };\n'
                    'record = { every = 10; observables = '
                    '["energy", "magnetization"]; };\n')
        run = call("run", "negative.cfg", *keys, "-o", out)
        text = call("report", out).stdout
        rows = re.findall(r"^  (\w+) +(-?[\d.]+) +\d+ +[\d.]+ +\w+:", text,
                          re.M)
        told = re.findall(r"^    entropy +\S+ +(\S+)", text, re.M)
        good = [abs(float(z)) < 6 for _, z in rows] + \
            [0 < float(s) < sites * math.log(2) for s in told]
        ok(good and all(good), f"{name} {keys} at negative beta",
           [rows, told, run.stderr[-300:]])


def main():
    scratch()
    lattices()
    graphs()
    mean_field()
    capacities()
    inference()
    derivatives()
    rings()
    cold_levels()
    narrow_laws()
    negative_temperatures()
    done()


main()
