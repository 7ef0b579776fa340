#!/usr/bin/env python3
"""A kill at every single operation that changes a file: a run is begun, or
gone on with, again and again, and dies at its first, second, ... last write,
rename, link or removal (killer.c in front of libc). The same command must then
finish with the numbers of the run that nobody disturbed. Likewise a report
that dies while it writes into a finished run."""
import os
import shutil
import subprocess

import runs
from runs import call, differing, ok

KILLER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "killer.c")
RUN = ["run", "run.cfg", "-o", "x.h5"]


def make_killer():
    """None where it cannot be made, or does not reach into the program."""
    compiler = os.environ.get("CC", "cc").split()
    library = os.path.abspath("killer.so")
    try:
        subprocess.run(compiler + ["-shared", "-fPIC", "-o", library, KILLER],
                       check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    killed = disturbed(library, 1, False)
    runs.remove("x.h5")
    return library if killed.returncode == -9 else None


def disturbed(library, point, torn, args=RUN):
    more = {"LD_PRELOAD": library, "KILL_AT": str(point)}
    if torn:
        more["KILL_TORN"] = "1"
    return subprocess.run(runs.command(args, 1), capture_output=True,
                          text=True, check=False, timeout=60,
                          env=dict(runs.environment(1), **more))


def prepare(kind):
    """The files a session finds."""
    runs.remove("x.h5")
    if kind != "beginning":
        call(*RUN, "run.sweeps=300")
    if kind == "going on after a report":
        call("report", "x.h5")
    shutil.rmtree("kept", ignore_errors=True)
    os.mkdir("kept")
    for name in os.listdir("."):
        if name.startswith("x.h5"):
            shutil.copy2(name, "kept")


def restore():
    runs.remove("x.h5")
    for name in os.listdir("kept"):
        shutil.copy2(os.path.join("kept", name), name)


def points(library, kind, torn, every):
    prepare(kind)
    wrong, point, killed, salvaged = [], 1, 0, 0
    while True:
        restore()
        p = disturbed(library, point, torn)
        if p.returncode != -9:
            break
        killed += 1
        q = call(*RUN, timeout=60)
        salvaged += "copied" in q.stderr
        if q.returncode or differing("x.h5", "whole.h5"):
            wrong.append(f"point {point}: exit {q.returncode} "
                         f"{q.stderr.strip().splitlines()[-1:]}")
        point += every
    what = f"{kind}{', writes torn' if torn else ''}"
    ok(p.returncode == 0 and killed > 40 // every and not wrong,
       f"{what}: killed at {killed} points, {salvaged} salvaged",
       "\n".join(wrong + [f"{len(wrong)} wrong; undisturbed end: exit "
                          f"{p.returncode} {p.stderr[-200:]}"]))


def reports(library, what, every):
    """The report can be asked again, and the run extended."""
    wrong, point, killed = [], 1, 0
    while True:
        restore()
        p = disturbed(library, point, False, ["report", "x.h5"])
        if p.returncode != -9:
            break
        killed += 1
        q = call("report", "x.h5", timeout=60)
        r = call(*RUN, timeout=60)
        if q.returncode or r.returncode or differing("x.h5", "whole.h5"):
            wrong.append(f"point {point}: report again: exit {q.returncode} "
                         f"{q.stderr.strip()[-200:]}; run: exit "
                         f"{r.returncode} {r.stderr.strip()[-200:]}")
        point += every
    ok(p.returncode == 0 and not wrong, f"{what}: killed at {killed} points",
       "\n".join(wrong + [f"{len(wrong)} wrong"]))


def main():
    runs.scratch()
    runs.write("run.cfg", sweeps=500)
    library = make_killer()
    if not library:
        print("1..0 # SKIP no compiler, or the program cannot be preloaded")
        raise SystemExit
    p = call("run", "run.cfg", "-o", "whole.h5")
    ok(p.returncode == 0, "runs", p.stderr)
    points(library, "beginning", False, 1)
    points(library, "beginning", True, 2)
    points(library, "going on", False, 1)
    points(library, "going on after a report", True, 1)
    prepare("going on")
    reports(library, "a first report", 4)
    prepare("going on after a report")
    reports(library, "a second report", 8)
    runs.done()


main()
