#!/usr/bin/env python3
"""The commands beside run: their exit codes, what goes to which stream, and
the shapes of their JSON, on a live, a stopped and a finished run."""
import json
import math
import os
import signal
import time

import h5py

import runs
from runs import MPIRUN, call, ok, start, wait_for, write

FIXED = ("ladder.spacing=list", "ladder.temperature=[1.8,2.3,3.0]",
         "ladder.rungs=3")


def parsed(p):
    """The one JSON object on standard output, else {}."""
    def refuse(word):
        raise ValueError(word)  # NaN, Infinity
    try:
        return json.loads(p.stdout, parse_constant=refuse)
    except ValueError:
        return {}


def has(table, **kinds):
    return all(isinstance(table.get(key), kind)
               for key, kind in kinds.items())


# ---- status ----------------------------------------------------------------

def status(out, state, what, **wanted):
    p = call("status", out)
    ok(p.returncode == 0 and state in p.stdout and not p.stderr,
       f"status of {what}: {state}", p.stdout + p.stderr)
    table = parsed(call("status", out, "--json"))
    ok(has(table, file=str, state=str, phase=str, sweeps_done=int,
           sweeps=int, burn_in_done=int, burn_in=int, ranks=int, threads=int,
           kernel=str, alive=bool, state_now=str) and
       table["state_now"] == state and
       all(table[key] == value for key, value in wanted.items()),
       f"status --json of {what}", table)


# ---- report ----------------------------------------------------------------

def shapes(table):
    """What does not fit the promised shape of report --json."""
    wrong = []
    rungs = len(table["ladder"]["lambda"])
    if not has(table, file=str, complete=bool, verdict=dict, ladder=dict,
               estimates=dict, theory=dict, exchange=dict):
        wrong.append("top level")
    if not has(table["verdict"], ok=bool, reasons=list) or \
            table["verdict"]["ok"] == bool(table["verdict"]["reasons"]):
        wrong.append("verdict")
    if table["ladder"]["names"] != ["beta"] or \
            any(len(row) != 1 for row in table["ladder"]["lambda"]):
        wrong.append("ladder")
    for name, estimate in table["estimates"].items():
        if not isinstance(estimate["unit"], str) or any(
                len(estimate[key]) != rungs
                for key in ("mean", "error", "tau_int", "n_eff")):
            wrong.append(name)
    for name, theory in table["theory"].items():
        if not isinstance(theory["source"], str) or any(
                len(theory[key]) != rungs for key in ("mean", "error")):
            wrong.append("theory " + name)
    exchange = table["exchange"]
    if not has(exchange, barrier=float, acceptance=list) or \
            len(exchange["acceptance"]) != rungs - 1:
        wrong.append("exchange")
    return wrong


NAMES = {"energy", "magnetization", "abs_magnetization", "specific_heat",
         "specific_heat_mbar", "susceptibility", "ln_z", "ln_z_ti", "entropy",
         "free_energy"}


def report():
    p = call("report", "done.h5")
    ok(p.returncode == 0 and "verdict: ok" in p.stdout and
       "kaufman" in p.stdout and not p.stderr, "report", p.stderr)
    table = parsed(call("report", "done.h5", "--json"))
    wrong = shapes(table)
    ok(not wrong and table["complete"] and NAMES <= set(table["estimates"]),
       "report --json: one object of the promised shape", wrong)
    with h5py.File("done.h5", "r") as file:
        lambdas = file["ladder/lambda"][...].tolist()
        written = {name: [x if math.isfinite(x) else None
                          for x in file[f"estimates/{name}/mean"][...]]
                   for name in file["estimates"]}
    ok(lambdas == table["ladder"]["lambda"],
       "its lambda is /ladder/lambda to the last bit")
    ok(NAMES <= set(written) and all(
        written[name] == table["estimates"][name]["mean"]
        for name in NAMES), "/estimates holds the same numbers")
    first = parsed(call("report", "done.h5", "--json"))
    ok(first == table, "a second report says the same")
    ok(call("report", "done.h5", "--strict").returncode == 0,
       "--strict, verdict ok: exit 0")
    p = call("report", "short.h5", "--strict")
    ok(p.returncode == 1 and "verdict: not ok" in p.stdout,
       "--strict, 50 sweeps: exit 1, with reasons", p.stdout[-300:])
    ok(call("report", "short.h5").returncode == 0,
       "without --strict: exit 0 whatever the verdict")
    if os.geteuid():
        os.chmod("done.h5", 0o444)
        ok(call("report", "done.h5").returncode == 0,
           "a file that may not be written can be reported")
        os.chmod("done.h5", 0o644)


def several():
    for seed in (1, 2, 3):
        call("run", "run.cfg", *FIXED, f"run.seed={seed}", "-o",
             f"part{seed}.h5")
    one = parsed(call("report", "part1.h5", "--json"))
    p = call("report", "part1.h5", "part2.h5", "part3.h5", "--json")
    all3 = parsed(p)
    key = {"estimates", "verdict", "theory"}
    ok(p.returncode == 0 and key <= set(all3), "other seeds: merged",
       p.stdout[:300] + p.stderr)
    if key <= set(all3):
        ratio = [a / b for a, b in zip(
            one["estimates"]["energy"]["error"][-3:],
            all3["estimates"]["energy"]["error"][-3:])]
        ok(all(1.2 < r < 2.4 for r in ratio),
           "errors of three runs shrink by about sqrt(3)", ratio)
    p = call("report", "part1.h5", "part1.h5", "--json")
    ok("estimates" not in parsed(p) or p.returncode,
       "the same run twice is not two runs", p.stdout[:200] + p.stderr)
    call("run", "run.cfg", *FIXED, "model.J=0.9", "-o", "other.h5")
    p = call("report", "part1.h5", "other.h5")
    ok(p.returncode == 0 and "model.J = 0.9" in p.stdout and
       "model.J = 1.0" in p.stdout, "other physics: a table over the key",
       p.stdout + p.stderr)
    table = parsed(call("report", "part1.h5", "other.h5", "--json"))
    ok(table.get("differ") == ["model.J"] and len(table["reports"]) == 2 and
       not any(shapes(part) for part in table["reports"]),
       "and its JSON", str(table)[:300])


# ---- verify ----------------------------------------------------------------

def alter(path, at):
    with h5py.File(path, "r+") as file:
        values = file["verify"]
        before = values[at]
        values[at] = before + 4
    return before


def verify():
    p = call("verify", "done.h5")
    ok(p.returncode == 0 and "same" in p.stdout, "verify: 0, same",
       p.stdout + p.stderr)
    for kernel, stream in (("u64", "lane"), ("reference", "lane"),
                           ("auto", "word"), ("auto", "site")):
        call("run", "run.cfg", f"dynamics.kernel={kernel}",
             f"dynamics.stream={stream}", "model.shape=[32,32]",
             "ladder.anchor=false", "run.sweeps=100", "-o", "kernel.h5",
             "--restart", ranks=2 if MPIRUN else 1)
        p = call("verify", "kernel.h5")
        ok(p.returncode == 0, f"of a run by {kernel}, stream {stream}",
           p.stdout + p.stderr)
    with h5py.File("done.h5", "r") as file:
        shape = file["verify"].shape
    places = [(0, 0, 0, 0, 0), tuple(n - 1 for n in shape),
              (3, 1, 0, 2, 0)]
    for at in places:
        before = alter("done.h5", at)
        p = call("verify", "done.h5")
        ok(p.returncode == 1 and p.stdout + p.stderr,
           f"one changed number at {at}: exit 1", p.stdout + p.stderr)
        with h5py.File("done.h5", "r+") as file:
            file["verify"][at] = before
    ok(call("verify", "done.h5").returncode == 0, "put right: 0 again")


# ---- a live run ------------------------------------------------------------

def live():
    p = start("run", "run.cfg", "run.sweeps=100000000", "-o", "live.h5",
              "checkpoint.minutes=0.002")
    wait_for("live.h5.status")
    time.sleep(1.0)
    status("live.h5", "running", "a live run", alive=True)
    q = call("report", "live.h5", "--json")
    table = parsed(q)
    ok(q.returncode == 0 and not shapes(table) and not table["complete"],
       "a live run can be reported", q.stderr)
    with open("live.h5.lock", encoding="utf-8") as file:
        ok(f"pid {p.pid} " in file.read(), "the lock names its process")
    ok(call("verify", "live.h5").returncode == 0, "and verified")
    p.send_signal(signal.SIGUSR1)
    p.communicate(timeout=30)
    with h5py.File("live.h5", "r") as file:
        ok(not len(file["estimates"]) and not len(file["theory"]),
           "its report wrote nothing into it")
    status("live.h5", "stopped", "a stopped run", alive=False)
    q = call("report", "live.h5")
    ok(q.returncode == 0 and "so far" in q.stdout,
       "a stopped run is reported as far as it went", q.stdout[:200])


# ---- without a file --------------------------------------------------------

def others():
    p = call("check", "run.cfg", "ladder.rungs=7")
    ok(p.returncode == 0 and "rungs = 7" in p.stdout and all(
        word in p.stdout for word in ("walkers", "kernel", "memory", "file",
                                      "time")),
       "check: effective input, plan, memory, size, time", p.stdout)
    ok(not any(name.startswith("run.h5") for name in os.listdir(".")),
       "check writes no file")
    with open("effective.cfg", "w", encoding="utf-8") as file:
        file.write(p.stdout.split("\nsystem ")[0])
    q = call("check", "effective.cfg")
    ok(q.returncode == 0 and q.stdout.split("\nsystem ")[0] ==
       p.stdout.split("\nsystem ")[0], "its input is an input, and the same",
       q.stderr)
    p = call("jobscript", "run.cfg", "--time=02:00:00")
    ok(p.returncode == 0 and p.stdout.startswith("#!/bin/bash\n") and
       "#SBATCH --time=02:00:00" in p.stdout and "run.cfg" in p.stdout and
       "85" in p.stdout, "jobscript", p.stdout)
    for kind, name in (("models", "ising"), ("dynamics", "heatbath"),
                       ("kernels", "reference"), ("protocols", "tempering"),
                       ("solvers", "kaufman")):
        p = call("list", kind)
        ok(p.returncode == 0 and name in p.stdout, f"list {kind}", p.stdout)
    p = call("list")
    ok(p.returncode == 0 and all(word in p.stdout for word in (
        "ising", "heatbath", "reference", "tempering", "kaufman")), "list")
    for name, word in ((None, "Exit codes"), ("run", "wall_minutes"),
                       ("ladder", "anchor_rungs"), ("ising", "boundary"),
                       ("metropolis", "Metropolis"), ("kaufman", "beta")):
        p = call("help", *filter(None, [name]))
        ok(p.returncode == 0 and word in p.stdout, f"help {name or ''}",
           p.stdout)
    for flag in ("--version", "--help"):
        ok(call(flag).returncode == 0 and call(flag).stdout, flag)


def mistakes():
    with open("text.h5", "w", encoding="utf-8") as file:
        file.write("no HDF5\n")
    cases = [(2, "frobnicate"), (2, "run"), (2, "run", "run.cfg", "-x"),
             (2, "run", "none.cfg"), (2, "check", "run.cfg", "ladder.rungs=0"),
             (2, "list", "nonsense"), (2, "help", "nonsense"),
             (2, "solve", "nonsense"), (2, "report"), (2, "verify"),
             (2, "status"), (2, "jobscript", "none.cfg"),
             (3, "report", "none.h5"), (3, "report", "text.h5"),
             (3, "status", "none.h5"), (3, "verify", "none.h5"),
             (3, "verify", "text.h5")]
    wrong = []
    for code, *args in cases:
        p = call(*args, timeout=30)
        if p.returncode != code or p.stdout or not p.stderr:
            wrong.append(f"{args}: exit {p.returncode}, not {code}: "
                         f"{p.stdout[:100]} | {p.stderr[:200]}")
    ok(not wrong, f"{len(cases)} mistakes: exit code, message on standard "
       "error only", "\n".join(wrong))


def main():
    runs.scratch()
    write("run.cfg")
    p = call("run", "run.cfg", "-o", "done.h5")
    ok(p.returncode == 0 and not p.stdout, "run says nothing on standard "
       "output", p.stdout)
    call("run", "run.cfg", "run.sweeps=50", "-o", "short.h5")
    others()
    status("done.h5", "complete", "a finished run", alive=False,
           sweeps_done=2000)
    report()
    several()
    verify()
    live()
    mistakes()
    runs.done()


main()
