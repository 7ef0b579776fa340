#!/usr/bin/env python3
"""tempera solve for mean-field and other solvable models: tables of values
found elsewhere, each to the digits shown, and brute force.

A row is a name, the command, and the results as text: a value must agree to
half a unit of the last digit given (a little more: both are rounded)."""
import itertools
import json
import math

import numpy as np

import runs
from runs import call, ok


def solve(*args):
    p = call("solve", *args, "--json")
    return json.loads(p.stdout) if p.returncode == 0 else p.stderr


def point(*args):
    out = solve(*args)
    return out["points"][0] if isinstance(out, dict) else \
        {"results": {}, "warnings": [out], "phase": None}


def results(*args):
    return {name: r["value"] for name, r in point(*args)["results"].items()}


def deviation(got, text):
    """In units of the last digit of text."""
    digits = len(text.partition(".")[2])
    return math.inf if got is None else \
        abs(got - float(text)) * 10.0 ** digits


def row(name, command, want):
    got = results(*command.split())
    wrong = {key: (got.get(key), text) for key, text in want.items()
             if not deviation(got.get(key), text) < 0.6}
    return ok(not wrong, f"{name}: {command}", wrong)


# Sums over all states (binomial), to all digits.
CURIE_WEISS = [
    (10, 0.5, "0.72577074160177", "0.17146437428206", "0.33296809456735",
     "0.172731894056"),
    (10, 1.0, "0.78751436726888", "0.34694388269472", "0.50636451129194",
     "0.386536236929"),
    (10, 1.5, "0.91051173796576", "0.64476594562986", "0.75499353993572",
     "0.571857108086"),
    (100, 0.5, "0.69658855239859", "0.01961744716504", "0.1119244045149",
     "0.0249845985486"),
    (100, 1.0, "0.70786276763689", "0.1144810461957", "0.28679640946894",
     "0.30558465273"),
    (100, 1.5, "0.81790687628918", "0.72452049472943", "0.84820997148436",
     "0.657998949119"),
    (1000, 0.5, "0.69349350481362", "0.0019960185345892",
     "0.035652836180456", "0.00264820690519"),
    (1000, 1.0, "0.69517865669527", "0.036755207877309", "0.16161827274637",
     "0.281417112185"),
    (1000, 1.5, "0.80928633672117", "0.73596511841367", "0.85762779762124",
     "0.665874745254")]

ROWS = [
    ("Curie-Weiss limit", "curie_weiss N=0 beta=1.2",
     {"magnetization": "0.658569660405754",
      "ln_z_per_site": "0.717246793906257"}),
    ("Curie-Weiss limit", "curie_weiss N=0 beta=1.5",
     {"magnetization": "0.85855963664011",
      "ln_z_per_site": "0.80834134944144"}),
    ("Curie-Weiss limit", "curie_weiss N=0 beta=2.0",
     {"magnetization": "0.957504024077269",
      "ln_z_per_site": "1.01967106798687"}),
    # sampled elsewhere at N = 8; Derrida's integral
    ("REM", "rem N=8 beta=1.0", {"ground_energy": "-0.7067158197",
                                 "ln_z_per_site": "0.935880233"}),
    ("REM", "rem N=8 beta=2.0", {"ln_z_per_site": "1.512732886"}),
    ("REM", "rem N=12 beta=1.0", {"ground_energy": "-0.7401709251",
                                  "ln_z_per_site": "0.941114378"}),
    ("REM", "rem N=12 beta=2.0", {"ln_z_per_site": "1.555685866"}),
    ("REM", "rem N=16 beta=1.0", {"ground_energy": "-0.7585716596",
                                  "ln_z_per_site": "0.942493526"}),
    ("REM", "rem N=16 beta=2.0", {"ln_z_per_site": "1.578210853"}),
    ("REM", "rem N=20 beta=1.0", {"ground_energy": "-0.7703773192",
                                  "ln_z_per_site": "0.942919151"}),
    ("REM", "rem N=20 beta=2.0", {"ln_z_per_site": "1.592272700"}),
    # N = 1: [ln 2 cosh(beta z / 2)] by 25-digit quadrature
    ("REM", "rem N=1 beta=0.1", {"ln_z": "0.69439562324081"}),
    ("REM", "rem N=1 beta=2.82", {"ln_z": "1.33253676261324"}),
    ("REM limit", "rem N=0 beta=2.0",
     {"beta_c": "1.66510922231540", "energy": "-0.832554611157698",
      "entropy_per_site": "0.0"}),
    ("REM limit", "rem N=0 beta=1.0",
     {"energy": "-0.5", "entropy_per_site": "0.443147180559945"}),
    # Potts 1952, Baxter 1973 and 1982
    ("Potts", "potts_square q=2", {"beta_c": "0.881373587019543",
                                   "latent_heat": "0.0",
                                   "energy": "-1.707106781186548"}),
    ("Potts", "potts_square q=3", {"beta_c": "1.00505253874238"}),
    ("Potts", "potts_square q=4", {"beta_c": "1.09861228866811",
                                   "latent_heat": "0.0"}),
    ("Potts", "potts_square q=5",
     {"latent_heat": "0.0529187579062", "e_ord": "-1.47367297445",
      "e_dis": "-1.42075421655"}),
    ("Potts", "potts_square q=6",
     {"latent_heat": "0.201464140041", "e_ord": "-1.50898036048",
      "e_dis": "-1.30751622044"}),
    ("Potts", "potts_square q=7",
     {"latent_heat": "0.353276779513", "e_ord": "-1.55460286277",
      "e_dis": "-1.20132608325"}),
    ("Potts", "potts_square q=8",
     {"latent_heat": "0.486358079463", "e_ord": "-1.59673243032",
      "e_dis": "-1.11037435086"}),
    ("Potts", "potts_square q=10",
     {"beta_c": "1.42606243890537", "latent_heat": "0.696049431522",
      "e_ord": "-1.66425248178", "e_dis": "-0.968203050256",
      "magnetization": "0.857107"}),
    ("Potts", "potts_square q=20",
     {"latent_heat": "1.19415525467", "e_ord": "-1.82068442509",
      "e_dis": "-0.626529170413"}),
    # Potts on small tori, by another transfer matrix (u by differences)
    ("Potts torus", "transfer_matrix model=potts q=3 shape=[4,4] "
     "beta=1.0050525387423808", {"ln_z": "34.1726081378",
                                 "energy": "-1.71006227"}),
    ("Potts torus", "transfer_matrix model=potts q=3 shape=[4,4] beta=1.0",
     {"ln_z": "34.0346734494"}),
    ("Potts torus", "transfer_matrix model=potts q=3 shape=[6,6] "
     "beta=1.0050525387423808", {"ln_z": "75.5719518002",
                                 "energy": "-1.6737359"}),
    ("Potts torus", "transfer_matrix model=potts q=3 shape=[6,6] beta=1.0",
     {"ln_z": "75.2684590427"}),
    ("Potts torus", "transfer_matrix model=potts q=4 shape=[4,4] "
     "beta=1.0986122886681098", {"ln_z": "37.4989317872",
                                 "energy": "-1.6808689"}),
    ("Potts torus", "transfer_matrix model=potts q=4 shape=[4,4] beta=1.0",
     {"ln_z": "35.0082606580"}),
    # ground states; N ln 2 at beta = 0 on the triangular lattice
    ("triangular antiferromagnet", "transfer_matrix model=triangular J=-1.0 "
     "shape=[3,3] beta=0.0", {"ground_states": "42", "ground_energy": "-1.0",
                              "ln_z": "6.238324625040"}),
    ("triangular antiferromagnet", "transfer_matrix model=triangular J=-1.0 "
     "shape=[6,6]", {"ground_states": "263640"}),
    ("triangular antiferromagnet", "transfer_matrix model=triangular J=-1.0 "
     "shape=[9,9]", {"ground_states": "547003370634"}),
    # cold: the entropy is ln g
    ("triangular antiferromagnet", "transfer_matrix model=triangular J=-1.0 "
     "shape=[6,6] beta=20.0", {"energy": "-1.0",
                               "entropy": "12.4823398152"}),
    ("triangular ferromagnet", "transfer_matrix model=triangular J=1.0 "
     "shape=[4,5]", {"ground_states": "2", "ground_energy": "-3.0"}),
    # Lieb 1967; counts by enumeration
    ("square ice", "transfer_matrix model=ice shape=[2,2]",
     {"ground_states": "18"}),
    ("square ice", "transfer_matrix model=ice shape=[3,3]",
     {"ground_states": "148", "ln_z": "4.997212273764"}),
    ("square ice", "transfer_matrix model=ice shape=[4,4]",
     {"ground_states": "2970"}),
    ("square ice", "transfer_matrix model=ice shape=[6,6]",
     {"ground_states": "16448400"}),
    # Bessel functions from tables
    ("XY chain", "xy_chain N=10 beta=1.0",
     {"energy_per_bond": "-0.446389965897",
      "ln_z_per_bond": "0.235914358507"}),
    ("XY chain", "xy_chain N=10 beta=2.0",
     {"energy_per_bond": "-0.697774657964"}),
    # Sherrington, Kirkpatrick 1975; de Almeida, Thouless 1978
    ("SK", "sk_rs T=0.0", {"energy": "-0.7978845608",
                           "entropy_per_site": "-0.1591549431"}),
    ("SK", "sk_rs T=0.5",
     {"q": "0.5303683921", "free_energy_per_site": "-0.7923929451",
      "energy": "-0.7187093687", "entropy_per_site": "0.1473671528"}),
    ("SK", "sk_rs T=0.8",
     {"q": "0.2089370090", "free_energy_per_site": "-0.8651272700",
      "energy": "-0.5977158289", "entropy_per_site": "0.3342643014"}),
    ("SK", "sk_rs T=1.0 h=0.5",
     {"q": "0.302512964343", "free_energy_per_site": "-1.0469778753959",
      "energy": "-0.645694784409", "entropy_per_site": "0.401283090987"}),
    ("SK paramagnet", "sk_rs T=2.0",
     {"q": "0.0", "free_energy_per_site": "-1.51129436111989",
      "energy": "-0.25"}),
    ("AT line", "sk_at h=0.0", {"temperature_at": "1.0"}),
    ("AT line", "sk_at h=0.05", {"temperature_at": "0.882448463"}),
    ("AT line", "sk_at h=0.1", {"temperature_at": "0.818849854"}),
    ("AT line", "sk_at h=0.2", {"temperature_at": "0.725044641"}),
    ("AT line", "sk_at h=0.3", {"temperature_at": "0.651853782"}),
    ("AT line", "sk_at h=-0.5", {"temperature_at": "0.535104943"}),
    ("AT line", "sk_at h=0.8", {"temperature_at": "0.397755855"}),
    ("AT line", "sk_at h=1.0", {"temperature_at": "0.321180571"}),
    # Amit, Gutfreund, Sompolinsky; the first by 25-digit root finding; T_M
    # by a search of the whole plane of fields (mean, width)
    ("Hopfield", "hopfield_rs alpha=0.01 T=0.0",
     {"m": "1.000000000", "energy": "-0.500000000",
      "alpha_c": "0.137905566495", "m_c": "0.967417116",
      "alpha_global": "0.051854331", "temperature_g": "1.1",
      "temperature_m": "0.8010"}),
    ("Hopfield", "hopfield_rs alpha=0.02 T=0.0",
     {"temperature_m": "0.7165", "temperature_g": "1.141421"}),
    ("Hopfield", "hopfield_rs alpha=0.05 T=0.0",
     {"m": "0.999992228", "energy": "-0.500000356",
      "temperature_m": "0.5423", "temperature_g": "1.223607"}),
    ("Hopfield", "hopfield_rs alpha=0.1 T=0.0",
     {"m": "0.997999266", "energy": "-0.500154209",
      "temperature_m": "0.3154", "temperature_g": "1.316228"}),
    ("Hopfield", "hopfield_rs alpha=0.13 T=0.0",
     {"m": "0.987211891", "energy": "-0.500912374"}),
    ("Hopfield", "hopfield_rs alpha=0.05 T=0.5",
     {"m": "0.904106075", "q": "0.833357964", "r": "1.874778347",
      "free_energy_per_site": "-0.517013784"}),
    ("Hopfield", "hopfield_rs alpha=0.05 T=0.0229",
     {"alpha_c": "0.1381885"}),
]


def tables():
    for n, beta, ln_z, m2, abs_m, binder in CURIE_WEISS:
        row("Curie-Weiss", f"curie_weiss N={n} beta={beta}",
            {"ln_z_per_site": ln_z, "magnetization_2": m2,
             "abs_magnetization": abs_m, "binder": binder})
    for name, command, want in ROWS:
        row(name, command, want)


def agree(what, got, want, digits=1e-11):
    wrong = {name: (got.get(name), value) for name, value in want.items()
             if got.get(name) is None or
             not abs(got[name] - value) <= digits * max(1, abs(value))}
    ok(not wrong, what, wrong)


def averages(energy, m, beta, n):
    """What a Boltzmann average over the given states says."""
    weight = np.exp(-beta * (energy - energy.min()))
    z = weight.sum()
    p = weight / z
    u, m1 = (p * energy).sum(), (p * m).sum()
    m2, m4 = (p * m**2).sum(), (p * m**4).sum()
    return {"ln_z": math.log(z) - beta * energy.min(), "energy": u / n,
            "specific_heat": beta**2 * (p * (energy - u)**2).sum() / n,
            "magnetization": m1, "abs_magnetization": (p * abs(m)).sum(),
            "magnetization_2": m2, "magnetization_4": m4,
            "susceptibility": beta * n * (p * (m - m1)**2).sum(),
            "binder": 1 - m4 / (3 * m2**2)}


def curie_weiss():
    for n, h in ((1, 0.3), (2, 0.0), (7, -0.2), (12, 1.5)):
        spins = np.array(list(itertools.product([-1, 1], repeat=n)))
        total = spins.sum(axis=1).astype(float)
        for beta in (0.0, 0.3, 1.1, 5.0, 40.0):
            agree(f"curie_weiss N={n} beta={beta} h={h}: all states",
                  results("curie_weiss", f"N={n}", f"beta={beta}", f"h={h}"),
                  averages(-total**2 / (2 * n) - h * total, total / n, beta,
                           n))
    # Large N: the limit, with its first correction known at high T,
    # ln Z = N ln 2 - ln(1 - beta)/2 + ...
    n = 10**7
    big = results("curie_weiss", f"N={n}", "beta=0.5")
    agree("curie_weiss N = 1e7: corrections of 1/N", big,
          {"ln_z": n * math.log(2) + math.log(2) / 2,
           "susceptibility": 0.5 / (1 - 0.5)}, digits=1e-6)
    ok(abs(big["ln_z"] - n * math.log(2) - math.log(2) / 2) < 1e-6,
       "curie_weiss N = 1e7: ln Z to 1e-6 absolutely", big["ln_z"])
    cold = results("curie_weiss", f"N={n}", "beta=1.5", "h=0.01")
    limit = results("curie_weiss", "N=0", "beta=1.5", "h=0.01")
    agree("curie_weiss N = 1e7 and the limit", cold,
          {name: limit[name] for name in ("energy", "specific_heat",
                                          "magnetization",
                                          "susceptibility")}, digits=1e-6)
    agree("curie_weiss frozen", results("curie_weiss", "N=1000",
                                        "beta=100.0"),
          {"ln_z": 50e3 + math.log(2), "energy": -0.5, "entropy":
           math.log(2), "specific_heat": 0.0, "binder": 2 / 3})


def brute_strip(shape, beta, J, h, model, q, periodic):
    """Sums over all states of a two-dimensional lattice."""
    height, width = shape
    states = np.array(list(itertools.product(range(q),
                                             repeat=height * width)))
    value = states.reshape(-1, height, width)
    spin = 2 * value - 1 if q == 2 else value
    energy = -h * spin.sum(axis=(1, 2)).astype(float)
    steps = [(1, 0), (0, 1)] + [(1, 1)] * (model == "triangular")
    for down, right in steps:
        for x in range(height):
            for y in range(width):
                if not periodic and (x + down == height or
                                     y + right == width):
                    continue
                a = spin[:, x, y]
                b = spin[:, (x + down) % height, (y + right) % width]
                energy -= J * ((a == b) if model == "potts" else a * b)
    n = height * width
    want = averages(energy, spin.sum(axis=(1, 2)) / n, beta, n)
    names = ["ln_z", "energy", "specific_heat"]
    if model != "potts":
        names += ["magnetization", "magnetization_2", "susceptibility"]
    want = {name: want[name] for name in names}
    if periodic:
        want["ground_energy"] = energy.min() / n
        want["ground_states"] = (energy < energy.min() + 1e-9).sum()
    return want


def strips():
    for model, q, shape, J, h, boundary in (
            ("potts", 3, [3, 3], 1.0, 0.0, "periodic"),
            ("potts", 3, [2, 4], -0.7, 0.0, "periodic"),
            ("potts", 3, [3, 3], -1.0, 0.0, "open"),
            ("potts", 4, [2, 3], 1.3, 0.0, "open"),
            ("triangular", 2, [3, 4], -1.0, 0.0, "periodic"),
            ("triangular", 2, [4, 3], -1.0, 0.5, "periodic"),
            ("triangular", 2, [3, 3], 0.6, -0.2, "periodic"),
            ("ising", 2, [3, 4], -1.0, 0.3, "periodic")):
        for beta in (0.0, 0.6, 2.5):
            agree(f"transfer_matrix {model} q={q} {shape} J={J} h={h} "
                  f"{boundary} beta={beta}: all states",
                  results("transfer_matrix", f"model={model}", f"q={q}",
                          f"shape={shape}", f"J={J}", f"h={h}",
                          f"boundary={boundary}", f"beta={beta}"),
                  brute_strip(shape, beta, J, h, model, q,
                              boundary == "periodic"))
    agree("transfer_matrix: Potts with q = 2 is Ising with J/2",
          results("transfer_matrix", "model=potts", "q=2", "shape=[6,20]",
                  "beta=0.9"),
          (lambda r: {"ln_z": r["ln_z"] + 240 * 0.45,
                      "energy": r["energy"] - 1.0,
                      "specific_heat": r["specific_heat"]})(
              results("transfer_matrix", "shape=[6,20]", "beta=0.9",
                      "J=0.5")))
    trend = [results("transfer_matrix", "model=triangular", "J=-1.0",
                     f"shape=[{n},{n}]")["residual_entropy"]
             for n in (3, 6, 9)]
    scaled = [(s - 0.32306594721945051) * n * n
              for n, s in zip((3, 6, 9), trend)]
    ok(max(scaled) / min(scaled) < 1.1,
       "residual entropy: Wannier's plus about 0.85 / N", scaled)


def derivatives():
    """energy = -d ln Z / d beta per site, c = -beta^2 d energy / d beta."""
    for name, keys, n in (("curie_weiss", ["N=50", "h=0.1"], 50),
                          ("rem", ["N=10"], 10), ("rem", ["N=30"], 30),
                          ("xy_chain", ["N=5"], 5)):
        for beta in (0.3, 0.9, 1.7, 3.1):
            step = 1e-4
            low, mid, high = (results(name, *keys, f"beta={beta + d!r}")
                              for d in (-step, 0.0, step))
            slope = -(high["ln_z"] - low["ln_z"]) / (2 * step) / n
            bend = -beta**2 * (high["energy"] - low["energy"]) / (2 * step)
            ok(abs(slope - mid["energy"]) < 1e-7 and
               abs(bend - mid["specific_heat"]) < 1e-6,
               f"{name} {keys} beta={beta}: u and c are slopes",
               (slope, bend, mid))
    for keys in (["alpha=0.05"], ["alpha=0.3"]):
        step = 1e-4
        low, mid, high = (results("hopfield_rs", *keys, f"T={0.4 + d!r}")
                          for d in (-step, 0.0, step))
        slope = -(high["free_energy_per_site"] -
                  low["free_energy_per_site"]) / (2 * step)
        ok(abs(slope - mid["entropy_per_site"]) < 1e-7,
           f"hopfield_rs {keys}: the entropy is the slope of f",
           (slope, mid))
    step = 1e-4
    low, mid, high = (results("sk_rs", f"T={0.4 + d!r}", "h=0.2")
                      for d in (-step, 0.0, step))
    slope = -(high["free_energy_per_site"] -
              low["free_energy_per_site"]) / (2 * step)
    ok(abs(slope - mid["entropy_per_site"]) < 1e-7,
       "sk_rs: the entropy is the slope of f", (slope, mid))


def rem_against_samples():
    """N = 6, 40000 samples: 4 sigma is a false alarm in 16000."""
    draws = np.random.default_rng(11).normal(0, math.sqrt(3), (40000, 64))
    for beta in (0.7, 2.5):
        ln_z = np.log(np.exp(-beta * draws).sum(axis=1))
        r = results("rem", "N=6", f"beta={beta}")
        error = ln_z.std() / math.sqrt(len(ln_z))
        ok(abs(ln_z.mean() - r["ln_z"]) < 4 * error,
           f"rem N=6 beta={beta}: [ln Z] as sampled", (ln_z.mean(), r))
        ok(abs(ln_z.std() / r["ln_z_spread"] - 1) < 0.02,
           "and its spread", (ln_z.std(), r))


def xy_chain_integral():
    """Three spins by quadrature over the two angles between them."""
    x = 2 * np.pi * np.arange(200) / 200
    a, b = np.meshgrid(x, x)
    m2 = (3 + 2 * (np.cos(a) + np.cos(b) + np.cos(a + b))) / 9
    for beta, J in ((0.7, 1.0), (5.0, -1.0)):
        energy = -J * (np.cos(a) + np.cos(b))
        weight = np.exp(-beta * energy)
        z = weight.mean()
        u = (weight * energy).mean() / z
        agree(f"xy_chain N=3 beta={beta} J={J}: by quadrature",
              results("xy_chain", "N=3", f"beta={beta}", f"J={J}"),
              {"ln_z": math.log(z), "energy": u / 3,
               "specific_heat": beta**2 / 3 *
               ((weight * energy**2).mean() / z - u**2),
               "magnetization_2": (weight * m2).mean() / z})
    small = results("xy_chain", "N=2", "beta=99999.9")
    large = results("xy_chain", "N=2", "beta=100000.1")
    ok(abs(small["specific_heat"] - large["specific_heat"]) < 1e-9 and
       abs(large["ln_z"] - small["ln_z"] - 0.2 *
           -small["energy_per_bond"]) < 1e-9,
       "xy_chain: the expansion joins the sum at K = 1e5", (small, large))


def phases_and_warnings():
    for command, phase, warned in (
            ("curie_weiss N=0 beta=0.9", "paramagnet", False),
            ("curie_weiss N=0 beta=1.1", "ferromagnet", False),
            ("rem N=0 beta=1.6", "paramagnet", False),
            ("rem N=0 beta=1.7", "frozen", False),
            ("potts_square q=4", "continuous transition", False),
            ("potts_square q=5", "first-order transition", False),
            ("sk_rs T=0.81 h=0.1", "spin glass", True),
            ("sk_rs T=0.82 h=0.1", "paramagnet in a field", False),
            ("hopfield_rs alpha=0.05 T=0.21", "retrieval", False),
            ("hopfield_rs alpha=0.05 T=0.22", "retrieval, metastable",
             False),
            ("hopfield_rs alpha=0.05 T=0.55", "spin glass", True),
            ("hopfield_rs alpha=0.05 T=1.3", "paramagnet", False),
            ("hopfield_rs alpha=0.1382 T=0.0", "spin glass", True)):
        p = point(*command.split())
        ok(p["phase"] == phase and bool(p["warnings"]) == warned,
           f"{command}: {phase}{', with a warning' if warned else ''}", p)
    both = results("hopfield_rs", "alpha=0.1", "T=0.1")
    ok(both["m"] > 0.9 and both["sg_free_energy_per_site"] <
       both["free_energy_per_site"] and both["sg_q"] < both["q"],
       "hopfield_rs gives retrieval and spin glass", both)
    out = solve("hopfield_rs", "alpha=0.1", "T=0.0:0.2:0.1")
    ok(len(out["points"]) == 3, "sweeps in T")
    for args, words in ((["rem", "N=901"], "N"),
                        (["curie_weiss", "N=-1"], "N"),
                        (["potts_square", "q=1"], "q"),
                        (["transfer_matrix", "model=potts", "q=4",
                          "shape=[6,6]"], "more than 5 sites"),
                        (["transfer_matrix", "model=potts", "h=0.1"],
                         "Ising spins only"),
                        (["transfer_matrix", "model=ice",
                          "boundary=open"], "periodic"),
                        (["transfer_matrix", "model=triangular",
                          "shape=[8]"], "this model has 2"),
                        (["hopfield_rs", "alpha=0.0"], "alpha")):
        p = call("solve", *args)
        ok(p.returncode == 2 and words in p.stderr and not p.stdout,
           "refused: " + " ".join(args), p.stderr)


def errors_are_errors():
    """A quoted error is neither absent where a quadrature was done nor
    larger than the digits the tables need."""
    for command, name in (("rem N=12 beta=1.0", "ln_z"),
                          ("rem N=12 beta=1.0", "ground_energy"),
                          ("hopfield_rs alpha=0.1 T=0.2", "m"),
                          ("sk_rs T=0.5", "q"), ("sk_at h=0.5",
                                                 "temperature_at")):
        error = point(*command.split())["results"][name]["error"]
        ok(0 < error < 1e-10, f"{command}: error of {name}", error)


def main():
    runs.scratch()
    tables()
    curie_weiss()
    strips()
    derivatives()
    rem_against_samples()
    xy_chain_integral()
    phases_and_warnings()
    errors_are_errors()
    ok(deviation(0.9358802331, "0.935880233") < 0.6 <
       deviation(0.9358802338, "0.935880233"),
       "mutant rejected: one unit in the last digit")
    runs.done()


main()
