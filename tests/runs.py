"""What tests of whole runs share: inputs, launching, digests, TAP.

The program is $TEMPERA, the launcher $MPIRUN ("mpirun -q"); an empty launcher
means a serial build, and the cases that need ranks are left out."""
import functools
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import h5py
import numpy as np

PROGRAM = os.path.abspath(os.environ.get("TEMPERA", "tempera"))
MPIRUN = os.environ.get("MPIRUN", "mpirun -q").split()
INPUT = """
run        = { seed = 7; sweeps = %(sweeps)d; burn_in = 224; };
model      = { name = "ising"; shape = %(shape)s; h = %(h)s; };
dynamics   = { name = "%(dynamics)s"; };
ladder     = { temperature = [1.8, 3.0]; rungs = 5; copies = %(copies)d; };
record     = { every = %(every)d; states_every = 100;
               observables = ["energy", "magnetization",
                              "abs_magnetization"]; };
"""
count = failed = 0
folder = None


# ---- TAP -------------------------------------------------------------------

def ok(good, what, why=""):
    global count, failed
    count += 1
    failed += not good
    print(f"{'' if good else 'not '}ok {count} - {what}")
    if not good:
        for line in str(why).splitlines()[-12:]:
            print("#", line)
    sys.stdout.flush()
    return good


def scratch():
    global folder
    folder = tempfile.mkdtemp(prefix="runs-")
    os.chdir(folder)


def done():
    print(f"1..{count}")
    os.chdir("/")
    shutil.rmtree(folder, ignore_errors=True)
    sys.exit(failed > 0)


# ---- running ---------------------------------------------------------------

def write(name, sweeps=2000, shape="[8, 8]", h=0.0, copies=2, every=10,
          dynamics="metropolis"):
    with open(name, "w", encoding="utf-8") as file:
        file.write(INPUT % {"sweeps": sweeps, "shape": shape, "h": h,
                            "copies": copies, "every": every,
                            "dynamics": dynamics})


def save(name, text):
    with open(name + ".cfg", "w", encoding="utf-8") as file:
        file.write(text)


def command(args, ranks):
    launch = MPIRUN + ["-n", str(ranks)] if ranks > 1 else []
    return launch + [PROGRAM] + list(args)


def environment(threads):
    """Passive: these tests put more threads on the machine than it has cores,
    and threads that spin would then wait for each other."""
    return dict(os.environ, OMP_NUM_THREADS=str(threads),
                OMP_WAIT_POLICY="passive")


def call(*args, ranks=1, threads=1, timeout=240, limit=None):
    """One whole command; limit runs in the child before it."""
    return subprocess.run(command(args, ranks), capture_output=True,
                          text=True, timeout=timeout, check=False,
                          env=environment(threads), preexec_fn=limit)


def run(*args, **how):
    """tempera run; the test ends when it fails."""
    p = call("run", *args, **how)
    if p.returncode:
        raise SystemExit("Bail out! " + p.stderr)


def report(path):
    return json.loads(call("report", path, "--json").stdout)


def start(*args, ranks=1, threads=1):
    return subprocess.Popen(command(args, ranks), stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True,
                            env=environment(threads))


def codes(*args, ranks=3, timeout=60):
    """The exit code of every rank, by a shell around each, and the text."""
    for name in os.listdir("."):
        if name.startswith("code."):
            os.remove(name)
    shell = ["sh", "-c", '"$0" "$@"; echo $? >code.$$', PROGRAM] + list(args)
    launch = MPIRUN + ["-n", str(ranks)] if MPIRUN else []
    p = subprocess.run(launch + shell, capture_output=True, text=True,
                       timeout=timeout, check=False, env=environment(1))
    found = []
    for name in os.listdir("."):
        if name.startswith("code."):
            with open(name, encoding="utf-8") as file:
                found.append(int(file.read()))
    return found, p.stderr


def wait_for(path, seconds=20):
    until = time.time() + seconds
    while not os.path.exists(path) and time.time() < until:
        time.sleep(0.01)


def remove(path):
    """An output and all that lies beside it."""
    for name in os.listdir("."):
        if name == path or name.startswith(path + "."):
            os.remove(name)


def children(process):
    """Process ids of the ranks a launcher started."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
                if int(file.read().rsplit(")", 1)[1].split()[1]) == \
                        process.pid:
                    found.append(int(pid))
        except (OSError, IndexError):
            pass
    return sorted(found)


def kill_ranks(process, ranks):
    """kill -9 of the program itself, not of the launcher."""
    for pid in children(process) if ranks > 1 else [process.pid]:
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            pass


# ---- comparing -------------------------------------------------------------

def digests(path, integers=False):
    """{dataset: digest} of all that a run measures. Integer datasets are
    promised everywhere, the floating ones on one machine."""
    found = {}
    with h5py.File(path, "r") as file:
        def add(item):
            if isinstance(item, h5py.Dataset) and not (
                    integers and item.dtype.kind == "f" and
                    not item.attrs.get("integer", 0)):
                found[item.name] = hashlib.sha256(
                    np.ascontiguousarray(item[...]).tobytes()).hexdigest()
        for group in ("series", "exchange", "ladder", "states"):
            file[group].visititems(lambda name, item: add(item))
        if "minima" in file:
            file["minima"].visititems(lambda name, item: add(item))
        add(file["verify"])
        found["rows"] = int(file["series"].attrs["rows"])
        found["complete"] = int(file.attrs["complete"])
    return found


def digest(path):
    text = repr(sorted(digests(path).items()))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@functools.lru_cache
def kept_digests(path, time_of_change):
    return digests(path)


def differing(path, other):
    """Names of the datasets of path that differ from those of other, which
    stays while many are compared with it."""
    a, b = digests(path), kept_digests(other, os.stat(other).st_mtime_ns)
    return sorted(name for name in a.keys() | b.keys()
                  if a.get(name) != b.get(name))


def rows(path):
    with h5py.File(path, "r") as file:
        return int(file["series"].attrs["rows"])


def same(out, wanted, p, what):
    """The command p went well and made out: what wanted holds."""
    different = differing(out, wanted) if p.returncode == 0 else ""
    ok(p.returncode == 0 and not different, what,
       f"exit {p.returncode}\n{p.stderr}\n{different}")


def invariance(name, kernels, layouts, stops):
    """NAME.cfg by these kernels where they fit, on (ranks, threads), and with
    stops after (sweeps, on so many ranks)."""
    wanted, run = name + ".h5", ("run", name + ".cfg")
    p = call(*run)
    if not ok(p.returncode == 0, f"{name}: runs", p.stderr):
        return
    for kernel in kernels:
        p = call(*run, "dynamics.kernel=" + kernel, "-o", "x.h5")
        if "does not fit" not in p.stderr and "lacks its" not in p.stderr:
            same("x.h5", wanted, p, f"{name}: kernel {kernel}")
        remove("x.h5")
    for ranks, threads in layouts:
        if ranks == 1 or MPIRUN:
            p = call(*run, "-o", "x.h5", ranks=ranks, threads=threads)
            same("x.h5", wanted, p, f"{name}: {ranks} ranks x {threads}")
            remove("x.h5")
    for sweeps, ranks in stops:
        call(*run, f"run.sweeps={sweeps}", "-o", "x.h5",
             ranks=ranks if MPIRUN else 1)
    p = call(*run, "-o", "x.h5")
    same("x.h5", wanted, p, f"{name}: in {len(stops) + 1} pieces")
    p = call("verify", "x.h5")
    ok(p.returncode == 0, f"{name}: verify", p.stdout + p.stderr)
    remove("x.h5")
