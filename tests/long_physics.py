#!/usr/bin/env python3
"""tests/test_transitions.py with systems large enough to come near: T_BKT of
the XY model, the ferromagnet and the +-J glass on random regular graphs."""
import math

import runs
from critical import (bethe_ferromagnet, bethe_glass,
                      check_kosterlitz_thouless)
from runs import ok


def ferromagnets():
    """1 % for corrections beyond 1 / N and some three standard errors."""
    for degree in (3, 4):
        exact, near, (value, error) = bethe_ferromagnet(
            degree, (128, 512, 2048), (10000, 20000, 30000), 8)
        ok(abs(value / exact - 1) < 0.01 and error < 0.004 * exact,
           f"Bethe ferromagnet, c = {degree}: Binder crossings {near[0]:.4f}, "
           f"{near[1]:.4f} go to {value:.4f} +- {error:.4f}, {exact:.4f} +- "
           "1 %")
        ok(abs(value * math.atanh(1 / degree) - 1) > 0.01,
           "mutant rejected: tanh(1 / T) = 1 / c")


def glass():
    """Crossings of the Binder ratio come near only slowly: they have to rise,
    towards T_g from below."""
    exact, (value, error), near = bethe_glass(
        3, (32, 64, 128, 256), (4000, 6000, 8000, 12000), 8, 128)
    ok(abs(value - exact) < 0.06 and error < 0.02,
       f"+-J on graphs of c = 3: N^(2/3) [<q^2>] crosses at {value:.3f} +- "
       f"{error:.3f}, {exact:.4f} +- 0.06")
    ok(all(a < b < exact for a, b in zip(near, near[1:])),
       f"the Binder ratio of neighbours at "
       f"{', '.join(f'{t:.3f}' for t in near)}, rising")
    ok(abs(value - 1 / math.atanh(1 / math.sqrt(3))) > 0.06,
       "mutant rejected: c tanh(1/T)^2 = 1")


def main():
    runs.scratch()
    check_kosterlitz_thouless([16, 32, 64], 60000, 0.005, 0.001)
    ferromagnets()
    glass()
    runs.done()


main()
