#!/usr/bin/env python3
"""Stopping and going on: signals, the stop file, the wall clock, locks,
changed physics, --restart, readers of a live run. The right exit code, one
clear message on it, and the numbers of the run that nobody stopped."""
import os
import signal
import time

import runs
from runs import MPIRUN, call, differing, ok, start, wait_for, write

MANY = 3 if MPIRUN else 1


def wait_for_rows(path, seconds=30):
    """Until a live run has committed some; it may be at it when we look."""
    until = time.time() + seconds
    while time.time() < until:
        time.sleep(0.1)
        try:
            if runs.rows(path):
                return
        except (OSError, KeyError, RuntimeError):
            pass


def resume(*args, ranks=1):
    return call("run", "run.cfg", *args, ranks=ranks, timeout=120)


def stamps(path):
    """What must not change: content and time of change of all files."""
    found = {}
    for name in os.listdir("."):
        if name == path or name.startswith(path + "."):
            with open(name, "rb") as file:
                found[name] = (os.stat(name).st_mtime_ns, hash(file.read()))
    return found


def said_once(text, what):
    return text.count(what) == 1


# ---- stops -----------------------------------------------------------------

def stopped(what, ranks, act, names):
    """A run that act(process) stops, finished by the same command."""
    runs.remove("stop.h5")
    p = start("run", "slow.cfg", "-o", "stop.h5",
              "dynamics.kernel=reference", ranks=ranks)
    wait_for("stop.h5")
    time.sleep(0.2)
    act(p)
    begun = time.time()
    text = p.communicate(timeout=60)[0]
    ok(p.returncode == 85 and names in text and
       said_once(text, "stopped (") and time.time() - begun < 20,
       f"{what}: exit 85, and why", f"{p.returncode} {text}")
    ok(not os.path.exists("stop.h5.lock"), f"{what}: no lock is left")
    p = call("run", "slow.cfg", "-o", "stop.h5")
    ok(p.returncode == 0 and not differing("stop.h5", "slow.h5"),
       f"{what}: goes on to the same result", p.stderr)


def touch_stop(_):
    open("stop.h5.stop", "w", encoding="utf-8").close()


def stops():
    write("slow.cfg", sweeps=4000, shape="[16, 16]", copies=20)
    p = call("run", "slow.cfg")
    ok(p.returncode == 0, "an undisturbed run", p.stderr)
    for name in ("SIGTERM", "SIGINT", "SIGUSR1"):
        number = getattr(signal, name)
        stopped(name, 1, lambda p, n=number: p.send_signal(n), name)
    stopped("stop file", 1, touch_stop, "stop file")
    ok(not os.path.exists("stop.h5.stop"), "the run removed the stop file")
    if MPIRUN:
        stopped("SIGUSR1 to the launcher of 3", 3,
                lambda p: p.send_signal(signal.SIGUSR1), "SIGUSR1")
        stopped("SIGUSR1 to one rank of 3", 3,
                lambda p: os.kill(runs.children(p)[-1], signal.SIGUSR1),
                "SIGUSR1")
        stopped("stop file, 3 ranks", 3, touch_stop, "stop file")
        launcher_ends()


def launcher_ends():
    """TERM to mpirun: whether ranks get the time to commit is its affair;
    either way the same command goes on."""
    runs.remove("stop.h5")
    p = start("run", "slow.cfg", "-o", "stop.h5",
              "dynamics.kernel=reference", "checkpoint.minutes=0.003",
              ranks=3)
    wait_for("stop.h5")
    time.sleep(0.4)
    p.send_signal(signal.SIGTERM)
    text = p.communicate(timeout=60)[0]
    ok(p.returncode != 0, "SIGTERM to the launcher ends it", text)
    p = call("run", "slow.cfg", "-o", "stop.h5", ranks=2)
    ok(p.returncode == 0 and not differing("stop.h5", "slow.h5"),
       "and the same command goes on", p.stderr)


def one_rank_dies():
    if not MPIRUN:
        return
    runs.remove("stop.h5")
    p = start("run", "slow.cfg", "-o", "stop.h5", "run.sweeps=100000000",
              "checkpoint.minutes=0.002", ranks=3)
    wait_for("stop.h5")
    wait_for_rows("stop.h5")
    os.kill(runs.children(p)[1], signal.SIGKILL)
    text = p.communicate(timeout=60)[0]
    ok(p.returncode not in (0, 85), "one rank of 3 killed: the run ends",
       f"{p.returncode} {text}")
    was = runs.rows("stop.h5")
    until = time.time() + 10  # a rank may outlive the launcher a little
    while True:
        p = call("run", "slow.cfg", "-o", "stop.h5", "run.sweeps=100000000",
                 "run.wall_minutes=0.03", ranks=2)
        if p.returncode != 3 or time.time() > until:
            break
    ok(p.returncode == 85 and "lock taken over" in p.stderr and
       runs.rows("stop.h5") >= was > 0, "its lock is stale; it goes on",
       f"{p.returncode} {was} {p.stderr}")


def clocks():
    begun = time.time()
    p = call("run", "long.cfg", "-o", "clock.h5", "run.wall_minutes=0.03")
    spent = time.time() - begun
    ok(p.returncode == 85 and "wall time" in p.stderr and 0.9 < spent < 1.9,
       "wall time 1.8 s: stops before it", f"{spent} s {p.stderr}")
    open("run.h5.stop", "w", encoding="utf-8").close()
    p = resume()
    ok(p.returncode == 0 and said_once(p.stderr, "old stop file") and
       not os.path.exists("run.h5.stop") and
       not differing("run.h5", "run2.h5"),
       "a stop file from before: removed, said, no effect", p.stderr)


# ---- locks and readers -----------------------------------------------------

def readers():
    """A live run that commits all the time, seen by h5py."""
    p = start("run", "long.cfg", "-o", "live.h5", "checkpoint.minutes=0.002")
    wait_for("live.h5")
    seen, broken, until = [], [], time.time() + 2.5
    while time.time() < until:
        if os.path.exists("live.h5.commit"):
            continue  # between commits, as promised
        try:
            seen.append(runs.rows("live.h5"))
        except (OSError, RuntimeError, KeyError) as error:
            broken.append(str(error))
        time.sleep(0.005)
    ok(len(seen) > 50 and len(broken) <= 0.05 * len(seen),
       f"a live run opened by h5py, {len(broken)} of "
       f"{len(seen) + len(broken)} caught a commit under way", broken[:3])
    ok(seen == sorted(seen) and len(set(seen)) > 10,
       f"and its rows grow: {len(set(seen))} counts", seen[:50])
    q = call("run", "long.cfg", "-o", "live.h5", ranks=MANY, timeout=30)
    ok(q.returncode == 3 and said_once(q.stderr, "is writing it"),
       "a second run on a live output: exit 3", q.stderr)
    q = call("run", "long.cfg", "-o", "live.h5", "--restart", timeout=30)
    ok(q.returncode == 3 and os.path.exists("live.h5") and
       not os.path.exists("live.h5.1"), "not even with --restart", q.stderr)
    q = call("report", "live.h5")
    ok(q.returncode == 0 and "so far" in q.stdout, "it can be reported",
       q.stderr)
    q = call("status", "live.h5")
    ok(q.returncode == 0 and "running" in q.stdout, "and its status asked",
       q.stdout)
    ok(p.poll() is None, "none of which disturbs it")
    p.kill()
    time.sleep(0.3)  # dead, but nobody has asked for its exit code yet
    q = call("run", "long.cfg", "-o", "live.h5", "run.wall_minutes=0.01")
    ok(q.returncode == 85 and said_once(q.stderr, "lock taken over"),
       "a zombie holds no lock", q.stderr)
    p.communicate()
    q = call("status", "live.h5")
    ok("stopped" in q.stdout, "stopped: status says so", q.stdout)


def locks():
    p = start("run", "long.cfg", "-o", "live.h5")
    wait_for("live.h5.lock")
    time.sleep(0.5)
    p.kill()
    p.communicate()
    q = call("status", "live.h5")
    ok("interrupted" in q.stdout, "killed: status says interrupted",
       q.stdout)
    q = call("run", "long.cfg", "-o", "live.h5", "run.wall_minutes=0.02")
    ok(q.returncode == 85 and said_once(q.stderr, "lock taken over"),
       "a stale lock is taken over", q.stderr)
    for age, code in ((0, 3), (40, 3), (70, 85)):
        with open("live.h5.lock", "w", encoding="utf-8") as file:
            file.write("host elsewhere pid 1 job 17\n")
        beat = time.time() - age
        os.utime("live.h5.lock", (beat, beat))
        q = call("run", "long.cfg", "-o", "live.h5", "run.wall_minutes=0.01")
        ok(q.returncode == code and "elsewhere" in q.stderr,
           f"lock of another host, {age} s since its beat: exit {code}",
           q.stderr)
    q = call("run", "long.cfg", "-o", "no/such/dir.h5", ranks=MANY)
    ok(q.returncode == 3 and said_once(q.stderr, "no/such/dir.h5"),
       "a folder that is not there: exit 3", q.stderr)


# ---- what may change -------------------------------------------------------

def physics():
    changes = {"model.J": "0.5", "model.h": "0.1", "model.shape": "[8, 6]",
               "run.seed": "8", "run.burn_in": "0", "run.start": "ordered",
               "dynamics.name": "heatbath", "dynamics.stream": "word",
               "ladder.temperature": "[1.8, 3.1]", "ladder.rungs": "6",
               "ladder.spacing": "linear", "ladder.copies": "3",
               "ladder.anchor": "false", "exchange.scheme": "seo",
               "exchange.every": "2", "record.every": "5",
               "record.states_every": "0"}
    before, wrong = stamps("run.h5"), []
    for key, value in changes.items():
        p = resume(f"{key}={value}")
        if p.returncode != 2 or not said_once(p.stderr, key):
            wrong.append(f"{key}: exit {p.returncode} {p.stderr[-200:]}")
    ok(not wrong, f"changed physics: exit 2, naming each of {len(changes)} "
       "keys", "\n".join(wrong))
    found, text = runs.codes("run", "run.cfg", "model.J=0.5", "model.h=0.2",
                             ranks=MANY)
    ok(found == [2] * MANY and said_once(text, "model.J") and
       said_once(text, "model.h"), "on every rank; two keys in one go",
       f"{found} {text}")
    ok(stamps("run.h5") == before, "and nothing was touched")
    p = resume("run.sweeps=300")
    ok(p.returncode == 0 and stamps("run.h5") == before,
       "fewer sweeps than done: exit 0, nothing touched", p.stderr)
    p = resume("dynamics.kernel=u64", "checkpoint.minutes=1.0",
               "checkpoint.buffer_mb=1", "run.wall_minutes=5.0", ranks=MANY)
    ok(p.returncode == 0 and not differing("run.h5", "run2.h5"),
       "kernel, checkpoint.*, wall time and ranks may change", p.stderr)


def again():
    p = resume("--restart")
    ok(p.returncode == 0 and not differing("run.h5", "run2.h5") and
       not differing("run.h5.1", "run2.h5") and
       os.path.exists("run.h5.1.ckpt") and os.path.exists("run.h5.1.status"),
       "--restart keeps the old run as .1", p.stderr)
    p = resume("--restart", "model.J=0.9", ranks=MANY)
    ok(p.returncode == 0 and os.path.exists("run.h5.2.ckpt") and
       differing("run.h5", "run2.h5"), "the next one as .2", p.stderr)
    open("run.h5.3.ckpt", "w", encoding="utf-8").close()
    p = resume("--restart")
    ok(p.returncode == 0 and os.path.exists("run.h5.4") and
       not os.path.exists("run.h5.3"), "a number in part taken is skipped",
       p.stderr)
    p = call("run", "run.cfg", "-o", "run.h5.1")
    ok(p.returncode == 0 and "nothing to do" in p.stderr,
       "an old run can still be gone on with", p.stderr)
    p = call("status", "run.h5.1")
    ok(p.returncode == 0 and "complete" in p.stdout, "and its status asked",
       p.stdout + p.stderr)


def races():
    """Two at once on a stale lock: never both."""
    wrong = []
    for i in range(8):
        with open("race.h5.lock", "w", encoding="utf-8") as file:
            file.write("host elsewhere pid 1 job -\n")
        os.utime("race.h5.lock", (1, 1))
        both = [start("run", "long.cfg", "-o", "race.h5",
                      "run.wall_minutes=0.01") for _ in range(2)]
        texts = [p.communicate(timeout=60)[0] for p in both]
        found = sorted(p.returncode for p in both)
        if found != [3, 85]:
            wrong.append(f"try {i}: {found} {texts}")
        runs.remove("race.h5")
    ok(not wrong, "two runs begun at once on a stale lock: one of them, "
       "8 times", "\n".join(wrong))


def main():
    runs.scratch()
    write("run.cfg")
    write("long.cfg", sweeps=100000000)
    p = call("run", "run.cfg", "-o", "run2.h5")
    ok(p.returncode == 0, "runs", p.stderr)
    resume("run.sweeps=500")
    physics()
    clocks()
    again()
    stops()
    one_rank_dies()
    readers()
    locks()
    races()
    runs.done()


main()
