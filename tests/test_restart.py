#!/usr/bin/env python3
"""Faults: damaged, missing and foreign checkpoints, damaged output, locks,
changed physics, a full disk, readers of a live run. One clear message, the
right exit code, nothing lost, never a hang."""
import os
import random
import resource
import shutil
import signal
import subprocess
import time

import h5py

import runs
from runs import MPIRUN, call, digest, ok, start, write

FILES = ("run.h5", "run.h5.ckpt", "run.h5.ckpt.prev")


def save():
    for name in FILES:
        shutil.copy(name, "kept-" + name)


def restore():
    for name in FILES + ("run.h5.commit", "run.h5.lock"):
        if os.path.exists(name):
            os.remove(name)
    for name in FILES:
        shutil.copy("kept-" + name, name)


def change(path, at, flip=0x10):
    with open(path, "r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ flip]))


def resume(*args, ranks=1):
    return call("run", "run.cfg", *args, ranks=ranks, timeout=120)


def damage(wanted):
    """The newest checkpoint damaged: the one before is used."""
    size = os.path.getsize("run.h5.ckpt")
    dice = random.Random(2)
    wrong = []
    for at in [0, 9, 17, size - 1] + [dice.randrange(size)
                                      for _ in range(16)]:
        restore()
        change("run.h5.ckpt", at, 1 << dice.randrange(8))
        p = resume()
        if p.returncode or "run.h5.ckpt.prev" not in p.stderr or \
                digest("run.h5") != wanted:
            wrong.append((at, p.returncode, p.stderr[-200:]))
    ok(not wrong, "20 flipped bits: previous generation, same result", wrong)
    wrong = []
    for length in (0, 1, 16, size // 2, size - 8, size - 1):
        restore()
        os.truncate("run.h5.ckpt", length)
        p = resume()
        if p.returncode or "cut short" not in p.stderr or \
                digest("run.h5") != wanted:
            wrong.append((length, p.returncode, p.stderr[-200:]))
    ok(not wrong, "6 truncations: previous generation, same result", wrong)


def hopeless():
    many = 3 if MPIRUN else 1
    restore()
    before = digest("run.h5")
    change("run.h5.ckpt", 40)
    change("run.h5.ckpt.prev", 41)
    p = resume(ranks=many)
    ok(p.returncode == 3 and p.stderr.count("checksum wrong") == 2 and
       "--restart" in p.stderr, "both damaged: exit 3, said once",
       p.stderr)
    ok(digest("run.h5") == before, "and the output is as it was")
    restore()
    os.remove("run.h5.ckpt")
    os.remove("run.h5.ckpt.prev")
    p = resume(ranks=many)
    ok(p.returncode == 3 and "run.h5.ckpt" in p.stderr,
       "no checkpoint: exit 3", p.stderr)
    restore()
    call("run", "run.cfg", "run.sweeps=500", "-o", "other.h5")
    for name in ("run.h5.ckpt", "run.h5.ckpt.prev"):
        shutil.copy("other.h5.ckpt", name)
    p = resume(ranks=many)
    ok(p.returncode == 3 and "of another run" in p.stderr,
       "checkpoints of another run: exit 3", p.stderr)


def bad_output():
    for what, spoil in (
            ("empty", lambda: os.truncate("run.h5", 0)),
            ("cut in half", lambda: os.truncate(
                "run.h5", os.path.getsize("run.h5") // 2)),
            ("another format", lambda: shutil.copy("run.cfg", "run.h5"))):
        restore()
        spoil()
        p = resume(ranks=2 if MPIRUN else 1)
        ok(p.returncode == 3 and "run.h5" in p.stderr,
           f"output {what}: exit 3", p.stderr)


def physics(wanted):
    restore()
    p = resume("model.J=0.5", ranks=2 if MPIRUN else 1)
    ok(p.returncode == 2 and p.stderr.count("model.J") == 1 and
       "has 1.0" in p.stderr, "changed physics: exit 2, key and values",
       p.stderr)
    p = resume("dynamics.kernel=u64", "checkpoint.minutes=1.0")
    ok(p.returncode == 0 and digest("run.h5") == wanted,
       "another kernel may go on", p.stderr)
    stamp = os.path.getmtime("run.h5")
    p = resume("run.sweeps=1000")
    ok(p.returncode == 0 and os.path.getmtime("run.h5") == stamp,
       "fewer sweeps than done: exit 0, untouched", p.stderr)
    p = resume("--restart")
    ok(p.returncode == 0 and digest("run.h5") == wanted and
       digest("run.h5.1") == wanted and os.path.exists("run.h5.1.ckpt"),
       "--restart keeps the old run as .1", p.stderr)
    p = call("status", "run.h5.1")
    ok(p.returncode == 0 and "complete" in p.stdout,
       "whose status can still be asked", p.stdout + p.stderr)


def locks():
    write("long.cfg", sweeps=100000000)
    p = start("run", "long.cfg", "-o", "live.h5",
              "checkpoint.minutes=0.002")
    seen, broken = [], []
    until = time.time() + 3
    while time.time() < until:
        try:
            seen.append(runs.rows("live.h5"))
        except OSError as error:
            broken.append(str(error))
        time.sleep(0.02)
    ok(len(seen) > 50 and len(broken) <= 0.05 * len(seen) and
       seen == sorted(seen) and seen[-1] > 0,
       f"a live run opened {len(seen)} times by h5py", broken[:3])
    q = call("run", "long.cfg", "-o", "live.h5")
    ok(q.returncode == 3 and "is writing it" in q.stderr,
       "a second run on a live output: exit 3", q.stderr)
    q = call("report", "live.h5")
    ok(q.returncode == 0 and "so far" in q.stdout,
       "a live run can be reported", q.stderr)
    q = call("status", "live.h5")
    ok("running" in q.stdout, "and its status asked", q.stdout)
    p.kill()
    p.communicate()
    q = call("status", "live.h5")
    ok("interrupted" in q.stdout, "killed: status says interrupted",
       q.stdout)
    q = call("run", "long.cfg", "-o", "live.h5", "run.wall_minutes=0.02")
    ok(q.returncode == 85 and "lock taken over" in q.stderr,
       "a stale lock is taken over", q.stderr)


def signals():
    for number in (signal.SIGTERM, signal.SIGINT):
        p = start("run", "long.cfg", "-o", "signal.h5")
        time.sleep(0.7)
        p.send_signal(number)
        text = p.communicate(timeout=60)[0]
        ok(p.returncode == 85, f"{number.name}: exit 85", text)
    if not MPIRUN:
        return
    p = start("run", "long.cfg", "-o", "signal.h5", ranks=2)
    time.sleep(1.5)
    p.send_signal(signal.SIGUSR1)
    text = p.communicate(timeout=60)[0]
    ok(p.returncode == 85, "SIGUSR1 to the launcher: exit 85", text)


def small_disk(wanted):
    """No more room: files may not grow past a limit."""
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (200000, 200000))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    for name in os.listdir("."):
        if name.startswith("run.h5"):
            os.remove(name)
    p = subprocess.run(runs.command(["run", "run.cfg"], 1),
                       capture_output=True, text=True, preexec_fn=limit,
                       env=runs.environment(1), check=False, timeout=120)
    ok(p.returncode == 3 and "File too large" in p.stderr,
       "no room: exit 3, the cause named", p.stderr)
    p = resume()
    ok(p.returncode == 0 and digest("run.h5") == wanted,
       "room again: the same command, the same result", p.stderr)


def stop_file():
    open("run.h5.stop", "w", encoding="utf-8").close()
    restore()
    p = resume()
    ok(p.returncode == 0 and "old stop file" in p.stderr and
       not os.path.exists("run.h5.stop"),
       "an old stop file is removed with a message", p.stderr)


def main():
    runs.scratch()
    write("run.cfg")
    p = call("run", "run.cfg", "-o", "whole.h5")
    ok(p.returncode == 0, "runs", p.stderr)
    wanted = digest("whole.h5")
    # Three commits: both generations are of production.
    call("run", "run.cfg", "run.sweeps=500")
    call("run", "run.cfg", "run.sweeps=900")
    with h5py.File("run.h5", "r") as file:
        ok(file["series"].attrs["rows"] == 90, "and stops half way")
    save()
    damage(wanted)
    hopeless()
    bad_output()
    physics(wanted)
    stop_file()
    small_disk(wanted)
    locks()
    signals()
    runs.done()


main()
