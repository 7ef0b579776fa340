"""What tests of whole runs share: inputs, launching, digests, TAP."""
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile

import h5py
import numpy as np

PROGRAM = os.path.abspath(os.environ.get("TEMPERA", "tempera"))
MPIRUN = os.environ.get("MPIRUN", "mpirun -q").split()
INPUT = """
run        = { seed = 7; sweeps = %(sweeps)d; burn_in = 224; };
model      = { name = "ising"; shape = %(shape)s; h = %(h)s; };
dynamics   = { name = "metropolis"; };
ladder     = { temperature = [1.8, 3.0]; rungs = 5; copies = %(copies)d; };
record     = { every = 10; states_every = 100;
               observables = ["energy", "magnetization", "abs_magnetization"]; };
"""
count = failed = 0
folder = None


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


def done():
    print(f"1..{count}")
    os.chdir("/")
    shutil.rmtree(folder, ignore_errors=True)
    sys.exit(failed > 0)


def scratch():
    global folder
    folder = tempfile.mkdtemp(prefix="runs-")
    os.chdir(folder)


def write(name, sweeps=2000, shape="[8, 8]", h=0.0, copies=2):
    with open(name, "w", encoding="utf-8") as file:
        file.write(INPUT % {"sweeps": sweeps, "shape": shape, "h": h,
                            "copies": copies})


def command(args, ranks):
    launch = MPIRUN + ["-n", str(ranks)] if ranks > 1 else []
    return launch + [PROGRAM] + list(args)


def environment(threads):
    return dict(os.environ, OMP_NUM_THREADS=str(threads))


def call(*args, ranks=1, threads=1, timeout=240):
    return subprocess.run(command(args, ranks), capture_output=True,
                          text=True, timeout=timeout, check=False,
                          env=environment(threads))


def start(*args, ranks=1, threads=1):
    return subprocess.Popen(command(args, ranks), stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True,
                            env=environment(threads))


def digest(path):
    """All numbers a run measures; integer datasets are promised everywhere,
    the floating ones on one machine."""
    total = hashlib.sha256()
    with h5py.File(path, "r") as file:
        def add(name, item):
            if isinstance(item, h5py.Dataset):
                total.update(name.encode())
                total.update(np.ascontiguousarray(item[...]).tobytes())
        for group in ("series", "exchange", "ladder", "states"):
            file[group].visititems(add)
        total.update(file["verify"][...].tobytes())
    return total.hexdigest()[:16]


def rows(path):
    with h5py.File(path, "r") as file:
        return int(file["series"].attrs["rows"])
