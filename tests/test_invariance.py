#!/usr/bin/env python3
"""The promise: the numbers do not depend on how they were made. Digests of
every measured dataset (/series, /exchange, /ladder, /verify, /states with
/states/last) over ranks, threads, kernels, stops and kills."""
import os
import random
import signal
import subprocess
import time

import runs
from runs import MPIRUN, call, differing, ok, same, start, wait_for, write

LAYOUTS = [(1, 2), (2, 1), (3, 1), (4, 2)]


def first(name, *overrides):
    p = call("run", f"{name}.cfg", *overrides)
    ok(p.returncode == 0, f"{name}: runs", p.stderr)
    return f"{name}.h5"


def layouts(name, wanted, *overrides):
    for ranks, threads in LAYOUTS:
        if ranks > 1 and not MPIRUN:
            continue
        out = f"{name}-{ranks}-{threads}.h5"
        p = call("run", f"{name}.cfg", *overrides, "-o", out, ranks=ranks,
                 threads=threads)
        same(out, wanted, p, f"{name}: {ranks} ranks x {threads} threads")


def kernels(name, wanted, names, *overrides):
    for kernel in names:
        out = f"{name}-{kernel}.h5"
        p = call("run", f"{name}.cfg", f"dynamics.kernel={kernel}",
                 *overrides, "-o", out)
        if p.returncode == 2 and "lacks its instructions" in p.stderr:
            ok(True, f"{name}: {kernel} # SKIP this cpu lacks it")
            continue
        same(out, wanted, p, f"{name}: kernel {kernel}")


def matrix():
    """Streams x layouts x kernels. `many` is three groups of 256 walkers, so
    that ranks hold different ones; `few` leaves ranks without any."""
    fast = ["u64", "avx2", "reference"]
    write("few.cfg")
    write("field.cfg", shape="[6, 5]", h=0.3)
    write("bath.cfg", shape="[4, 4, 4]", h=-0.2, dynamics="heatbath")
    write("many.cfg", sweeps=300, shape="[6, 6]", copies=70)
    write("site.cfg", sweeps=200, shape="[32, 32]", copies=1)
    write("site3.cfg", sweeps=100, shape="[16, 16, 16]", copies=1, h=0.1)
    write("word.cfg", sweeps=500)
    write("wolff.cfg", sweeps=300, dynamics="wolff")
    write("swendsen.cfg", sweeps=300, dynamics="swendsen_wang")
    for name in ("few", "field", "bath", "many"):
        wanted = first(name)
        kernels(name, wanted, fast)
        if name in ("few", "many"):
            layouts(name, wanted)
    for name in ("site", "site3"):
        more = ["dynamics.stream=site"]
        if name == "site3":
            more += ["ladder.anchor=false"]
        wanted = first(name, *more)
        kernels(name, wanted, fast, *more)
        layouts(name, wanted, *more)
    wanted = first("word", "dynamics.stream=word")
    layouts("word", wanted, "dynamics.stream=word")
    for name in ("wolff", "swendsen"):
        layouts(name, first(name))
    ok(differing("word.h5", "few.h5"), "another stream gives other numbers")


def extension():
    p = call("run", "few.cfg", "run.sweeps=1000", "-o", "x.h5")
    ok(p.returncode == 0 and differing("x.h5", "few.h5"),
       "1000 sweeps are not 2000", p.stderr)
    p = call("run", "few.cfg", "-o", "x.h5", ranks=3 if MPIRUN else 1)
    same("x.h5", "few.h5", p, "1000 sweeps extended to 2000 equal 2000")
    call("run", "few.cfg", "run.sweeps=0", "-o", "y.h5")
    for sweeps in (1, 7, 10, 99, 100, 101, 1999, 2000):
        p = call("run", "few.cfg", f"run.sweeps={sweeps}", "-o", "y.h5")
    same("y.h5", "few.h5", p, "in eight odd steps from 0, likewise")


def comparer():
    """It must see another seed in every dataset that chance reaches."""
    p = call("run", "few.cfg", "run.seed=8", "-o", "seed.h5")
    different = set(differing("seed.h5", "few.h5"))
    wanted = {"/series/u", "/series/energy", "/exchange/walker",
              "/exchange/accepts", "/exchange/round_trips",
              "/ladder/lambda", "/ladder/history", "/states/spin",
              "/states/last/spin", "/verify"}
    ok(p.returncode == 0 and wanted <= different,
       "the comparer tells another seed apart in every dataset",
       wanted - different)
    integers = runs.digests("few.h5", integers=True)
    ok({"/series/u", "/series/sweep", "/exchange/walker", "/exchange/accepts",
        "/states/spin", "/states/last/spin"} <= set(integers),
       "among the integer datasets those the promise names", integers)


def stops():
    """SIGUSR1, the stop file and the wall clock, on other ranks each time."""
    out, many = "stops.h5", 2 if MPIRUN else 1
    p = start("run", "long.cfg", "-o", out)
    wait_for(out)
    time.sleep(0.2)
    p.send_signal(signal.SIGUSR1)
    text = p.communicate(timeout=60)[0]
    ok(p.returncode == 85, "SIGUSR1: exit 85", text)
    p = start("run", "long.cfg", "-o", out, ranks=many)
    wait_for(out + ".lock")
    time.sleep(0.3)
    open(out + ".stop", "w", encoding="utf-8").close()
    text = p.communicate(timeout=60)[0]
    ok(p.returncode == 85 and not os.path.exists(out + ".stop"),
       "stop file: exit 85, and the run removes it", text)
    p = call("run", "long.cfg", "-o", out, "run.wall_minutes=0.02",
             "dynamics.kernel=reference", threads=2)
    ok(p.returncode == 85, "wall time, on the slow kernel: exit 85", p.stderr)
    p = call("run", "long.cfg", "-o", out, ranks=many + 1 if MPIRUN else 1)
    same(out, "long.h5", p, "stopped three times, resumed on 2, 1, 3 ranks")


def finish(process, ranks):
    """A launcher whose ranks die while it starts them may wait for ever."""
    try:
        process.communicate(timeout=10)
    except subprocess.TimeoutExpired:
        runs.kill_ranks(process, ranks)
        process.kill()
        process.communicate()


def kills():
    """kill -9 at random moments from the start of the process on, with
    commits as often as they come; ranks change."""
    out, dice, alive = "kills.h5", random.Random(4), 0
    for i in range(24):
        ranks = (i // 4) % 3 + 1 if i % 4 == 3 and MPIRUN else 1
        p = start("run", "long.cfg", "-o", out, "checkpoint.minutes=0.0002",
                  ranks=ranks)
        if ranks > 1:
            wait_for(out + ".lock", 5)
        time.sleep(dice.random() * 0.25)
        alive += p.poll() is None
        runs.kill_ranks(p, ranks)
        finish(p, ranks)
    done = runs.rows(out) if os.path.exists(out) else 0
    ok(alive >= 12, f"killed with -9 {alive} times of 24; {done} rows")
    p = call("run", "long.cfg", "-o", out)
    same(out, "long.h5", p, "and then finished: as if never interrupted")


def main():
    runs.scratch()
    matrix()
    extension()
    comparer()
    write("long.cfg", sweeps=12000, shape="[16, 16]", copies=60)
    first("long")
    stops()
    kills()
    runs.done()


main()
