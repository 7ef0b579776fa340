#!/usr/bin/env python3
"""The promise: the numbers do not depend on how they were made. Digests of
every measured dataset over ranks, threads, kernels, stops and kills."""
import os
import random
import signal
import time

import runs
from runs import MPIRUN, call, digest, ok, start, write


def layouts(name, wanted):
    cases = [(1, 2)]
    if MPIRUN:
        cases += [(2, 1), (3, 1), (2, 2), (4, 2)]
    for ranks, threads in cases:
        out = f"{name}-{ranks}-{threads}.h5"
        p = call("run", f"{name}.cfg", "-o", out, ranks=ranks,
                 threads=threads)
        ok(p.returncode == 0 and digest(out) == wanted,
           f"{name}: {ranks} ranks x {threads} threads", p.stderr)


def kernels(name, wanted, names):
    for kernel in names:
        out = f"{name}-{kernel}.h5"
        p = call("run", f"{name}.cfg", f"dynamics.kernel={kernel}", "-o", out)
        if p.returncode == 2 and "lacks its instructions" in p.stderr:
            ok(True, f"{name}: {kernel} # SKIP this cpu lacks it")
            continue
        ok(p.returncode == 0 and digest(out) == wanted,
           f"{name}: kernel {kernel}", p.stderr)


def stops(wanted):
    """SIGUSR1, the stop file and the wall clock, on other ranks each time."""
    out, many = "stops.h5", 2 if MPIRUN else 1
    p = start("run", "long.cfg", "-o", out)
    wait_for(out)
    p.send_signal(signal.SIGUSR1)
    text = p.communicate(timeout=60)[0]
    ok(p.returncode == 85, "SIGUSR1: exit 85", text)
    p = start("run", "long.cfg", "-o", out, ranks=many)
    wait_for(out + ".lock")
    time.sleep(0.5)
    open(out + ".stop", "w", encoding="utf-8").close()
    text = p.communicate(timeout=60)[0]
    ok(p.returncode == 85 and not os.path.exists(out + ".stop"),
       "stop file: exit 85, and the run removes it", text)
    p = call("run", "long.cfg", "-o", out, "run.wall_minutes=0.02",
             threads=2)
    ok(p.returncode == 85, "wall time: exit 85", p.stderr)
    p = call("run", "long.cfg", "-o", out, ranks=many + 1 if MPIRUN else 1,
             timeout=600)
    ok(p.returncode == 0 and digest(out) == wanted,
       "stopped three times, resumed on 2, 1, 3 ranks", p.stderr)


def wait_for(path):
    for _ in range(500):
        if os.path.exists(path):
            return
        time.sleep(0.01)


def kills(wanted):
    """kill -9 at random moments, checkpoints as often as they come."""
    out, dice = "kills.h5", random.Random(4)
    for i in range(6):
        ranks = i % 3 + 1 if MPIRUN else 1
        p = start("run", "long.cfg", "-o", out, "checkpoint.minutes=0.0002",
                  ranks=ranks)
        wait_for(out + ".lock")
        time.sleep(0.1 + dice.random() * 0.6)
        kill_ranks(p, ranks)
        p.communicate(timeout=60)
    p = call("run", "long.cfg", "-o", out, timeout=600)
    ok(p.returncode == 0 and digest(out) == wanted,
       "killed with -9 six times, then finished", p.stderr)


def kill_ranks(process, ranks):
    """The program itself, not the launcher: its children."""
    if ranks == 1:
        process.kill()
        return
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
                parent = int(file.read().rsplit(")", 1)[1].split()[1])
            if parent == process.pid:
                os.kill(int(pid), signal.SIGKILL)
        except (OSError, IndexError):
            pass


def site(wanted):
    """One lattice at a time: threads inside it, kernels, ranks."""
    for ranks, threads, kernel in ((1, 2, "auto"), (1, 1, "u64"),
                                   (2, 1, "auto"), (1, 1, "reference")):
        out = f"site-{ranks}-{threads}-{kernel}.h5"
        p = call("run", "site.cfg", "dynamics.stream=site",
                 f"dynamics.kernel={kernel}", "-o", out,
                 ranks=ranks if MPIRUN else 1, threads=threads)
        ok(p.returncode == 0 and digest(out) == wanted,
           f"site: {ranks} ranks x {threads} threads, {kernel}", p.stderr)


def first(name, *overrides):
    p = call("run", f"{name}.cfg", *overrides)
    ok(p.returncode == 0, f"{name}: runs", p.stderr)
    return digest(f"{name}.h5")


def main():
    runs.scratch()
    write("lane.cfg")
    write("field.cfg", shape="[6, 5]", h=0.3)
    write("site.cfg", sweeps=500, shape="[32, 32]", copies=1)
    lane = first("lane")
    layouts("lane", lane)
    kernels("lane", lane, ["u64", "avx2", "reference"])
    kernels("field", first("field"), ["u64", "avx2", "reference"])
    site(first("site", "dynamics.stream=site"))
    call("run", "lane.cfg", "run.sweeps=1000", "-o", "x.h5")
    p = call("run", "lane.cfg", "-o", "x.h5")
    ok(p.returncode == 0 and digest("x.h5") == lane,
       "1000 sweeps extended to 2000 equal 2000", p.stderr)
    call("run", "lane.cfg", "run.seed=8", "-o", "seed.h5")
    ok(digest("seed.h5") != lane, "the comparer tells another seed apart")
    write("long.cfg", sweeps=300000)
    p = call("run", "long.cfg", "-o", "whole.h5", timeout=600)
    ok(p.returncode == 0, "the long run, uninterrupted", p.stderr)
    wanted = digest("whole.h5")
    stops(wanted)
    kills(wanted)
    runs.done()


main()
