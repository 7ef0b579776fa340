#!/usr/bin/env python3
"""Damage: checkpoints cut short, flipped, missing, of another run; outputs
cut short or of another kind; images of a live run as a kill would leave them;
mixtures of generations; a full disk. Either the numbers of the undisturbed
run, or exit 3 on every rank with one message and nothing touched; no hang."""
import os
import random
import resource
import shutil
import signal
import subprocess
import time

import runs
from runs import MPIRUN, call, differing, ok, write

FILES = ("run.h5", "run.h5.ckpt", "run.h5.ckpt.prev")
LIVE = ["run", "live.cfg", "-o", "run.h5"]
MANY = 3 if MPIRUN else 1


def save(folder):
    """All files of run.h5 into a folder."""
    shutil.rmtree(folder, ignore_errors=True)
    os.mkdir(folder)
    for name in os.listdir("."):
        if name == "run.h5" or name.startswith("run.h5."):
            try:
                shutil.copy2(name, folder)
            except FileNotFoundError:
                pass  # a temporary name


def restore(folder="kept"):
    runs.remove("run.h5")
    for name in os.listdir(folder):
        shutil.copy2(os.path.join(folder, name), name)


def change(path, at, flip=0x10):
    with open(path, "r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ flip]))


def content(names=FILES):
    found = {}
    for name in names:
        if os.path.exists(name):
            with open(name, "rb") as file:
                found[name] = file.read()
    return found


def resume(*args, ranks=1):
    return call("run", "run.cfg", *args, ranks=ranks, timeout=60)


def finishes(said=""):
    """None, or what is wrong with going on from here."""
    p = resume()
    if p.returncode or said not in p.stderr:
        return f"exit {p.returncode} {p.stderr[-300:]}"
    different = differing("run.h5", "whole.h5")
    return f"other numbers: {different}" if different else None


def check_all(wrong, what):
    ok(not wrong, what, "\n".join(map(str, wrong)))


# ---- checkpoints -----------------------------------------------------------

def one_checkpoint():
    size = os.path.getsize("run.h5.ckpt")
    dice = random.Random(2)
    places = [0, 8, 16, size - 8, size - 1] + [
        int(size * (i + dice.random()) / 35) for i in range(35)]
    wrong = []
    for at in places:
        restore()
        change("run.h5.ckpt", at, 1 << dice.randrange(8))
        why = finishes("going on from run.h5.ckpt.prev")
        if why:
            wrong.append((at, why))
    check_all(wrong, f"{len(places)} flipped bits: generation before, said")
    wrong = []
    for length in (0, 1, 7, 16, 31, size // 2, size - 8, size - 1):
        restore()
        os.truncate("run.h5.ckpt", length)
        why = finishes("cut short; going on from run.h5.ckpt.prev")
        if why:
            wrong.append((length, why))
    check_all(wrong, "8 truncations: generation before, said")
    restore()
    with open("run.h5.ckpt", "ab") as file:
        file.write(b"more")
    check_all(list(filter(None, [finishes("from run.h5.ckpt.prev")])),
              "bytes behind its end")
    restore()
    os.remove("run.h5.ckpt")
    check_all(list(filter(None, [finishes("from run.h5.ckpt.prev")])),
              "missing")


def refused(what, names):
    """Exit 3 on every rank, soon, said once, nothing touched."""
    before, begun = content(), time.time()
    found, text = runs.codes("run", "run.cfg", ranks=MANY)
    spent = time.time() - begun
    told = [line for line in text.splitlines() if "run.h5" in line]
    ok(found == [3] * MANY and len(told) == 1 and spent < 15 and
       all(name in told[0] for name in names) and content() == before and
       not os.path.exists("run.h5.lock"),
       f"{what}: exit 3 on {MANY} ranks, one message, nothing touched",
       f"{found} in {spent} s, touched: {content() != before}\n{text}")


def both_checkpoints():
    restore()
    change("run.h5.ckpt", 40)
    change("run.h5.ckpt.prev", 41)
    refused("both flipped", ["checksum wrong", "--restart"])
    restore()
    os.truncate("run.h5.ckpt", 0)
    os.truncate("run.h5.ckpt.prev", 100)
    refused("both cut short", ["cut short", "--restart"])
    restore()
    os.remove("run.h5.ckpt")
    os.remove("run.h5.ckpt.prev")
    refused("both missing", ["run.h5.ckpt"])
    call("run", "run.cfg", "run.sweeps=500", "-o", "other.h5")
    restore()
    for name in ("run.h5.ckpt", "run.h5.ckpt.prev"):
        shutil.copy("other.h5.ckpt", name)
    refused("both of another run", ["of another run"])
    shutil.copy("kept/run.h5.ckpt.prev", "run.h5.ckpt.prev")
    check_all(list(filter(None, [finishes("of another run; going on")])),
              "the newest of another run: generation before")
    p = call("run", "run.cfg", "--restart")
    ok(p.returncode == 0 and not differing("run.h5", "whole.h5"),
       "--restart begins anew", p.stderr)


# ---- outputs ---------------------------------------------------------------

def outputs():
    size = os.path.getsize("kept/run.h5")
    for length in (0, 1, 96, 2000, size // 2, size - 1):
        restore()
        os.truncate("run.h5", length)
        refused(f"output cut to {length} bytes", ["run.h5"])
    dice = random.Random(5)
    for what, body in (("noise", dice.randbytes(size)),
                       ("text", b"run = { seed = 1; };\n")):
        restore()
        with open("run.h5", "wb") as file:
            file.write(body)
        refused(f"output replaced by {what}", ["run.h5"])
    restore()
    shutil.copy("foreign.h5", "run.h5")
    refused("HDF5 of another program", ["no output of tempera"])


# ---- as a kill leaves it ---------------------------------------------------

def live_images(dice):
    """[folder] of 40 images, most from within a commit."""
    taken, p = [], runs.start(*LIVE, "run.sweeps=100000000",
                              "dynamics.kernel=reference",
                              "checkpoint.minutes=0.0001")
    runs.wait_for("run.h5")
    until = time.time() + 30
    while len(taken) < 40 and time.time() < until:
        time.sleep(0.005 + 0.02 * dice.random())
        p.send_signal(signal.SIGSTOP)
        if os.path.exists("run.h5.commit") or len(taken) % 4 == 3:
            taken.append(f"image-{len(taken)}")
            save(taken[-1])
        p.send_signal(signal.SIGCONT)
    p.send_signal(signal.SIGTERM)
    p.communicate()
    return taken


def images():
    """The process held still at random moments while it commits all the
    time: its files then are those a kill would have left."""
    runs.remove("run.h5")
    taken = live_images(random.Random(9))
    busy = sum("run.h5.commit" in os.listdir(name) for name in taken)
    last = f"run.sweeps={runs.rows('run.h5') + 5}"
    q = call("run", "live.cfg", last, "-o", "images.h5")
    ok(len(taken) == 40 and busy > 5 and q.returncode == 0,
       f"{len(taken)} images of a live run, {busy} in a commit", q.stderr)
    wrong = []
    for name in taken:
        restore(name)
        q = call(*LIVE, last)
        if q.returncode or differing("run.h5", "images.h5"):
            wrong.append(f"{name}: exit {q.returncode} {q.stderr[-300:]}")
    check_all(wrong, "each goes on to the same numbers")


def apply_blocks(old, new, share):
    """The first part of the 4 KiB blocks that differ, in order."""
    body, size = bytearray(old), 4096
    body.extend(bytes(max(0, len(new) - len(old))))
    blocks = [at for at in range(0, len(new), size)
              if body[at:at + size] != new[at:at + size]]
    for at in blocks[:int(share * len(blocks))]:
        body[at:at + size] = new[at:at + size]
    return bytes(body)


def mixtures():
    """Files of different generations together."""
    old, new = content([f"early/{n}" for n in FILES]), content(
        [f"kept/{n}" for n in FILES])
    early = lambda n: old[f"early/{n}"]
    late = lambda n: new[f"kept/{n}"]

    def put(h5, ckpt, prev, marker):
        runs.remove("run.h5")
        for name, body in zip(FILES, (h5, ckpt, prev)):
            if body is not None:
                with open(name, "wb") as file:
                    file.write(body)
        if marker:
            open("run.h5.commit", "w", encoding="utf-8").close()
    h5, ckpt, prev = FILES
    wrong = []
    for what, case in {
            "rows written, checkpoint not": (
                late(h5), early(ckpt), early(prev), False),
            "the same, marker still there": (
                late(h5), early(ckpt), early(prev), True),
            "only the generation before": (
                late(h5), None, early(ckpt), False)}.items():
        put(*case)
        why = finishes()
        if why:
            wrong.append(f"{what}: {why}")
    check_all(wrong, "mixtures that a kill can leave go on")
    put(early(h5), late(ckpt), late(prev), False)
    refused("an output older than its checkpoint", ["rows"])
    wrong, gone_on = [], 0
    for i in range(12):
        put(apply_blocks(early(h5), late(h5), i / 12), early(ckpt),
            early(prev), True)
        before = content()
        p = resume()
        if p.returncode == 0 and not differing("run.h5", "whole.h5"):
            gone_on += 1
        elif p.returncode != 3 or "run.h5" not in p.stderr or \
                content() != before:
            wrong.append(f"{i}: exit {p.returncode} {p.stderr[-300:]}")
    check_all(wrong, "12 outputs with part of the changed blocks: goes on "
              f"({gone_on}) or exit 3, untouched")


# ---- room ------------------------------------------------------------------

def small(limit):
    def act():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    return act


def no_room():
    """Files may not grow past a limit, from none to almost enough."""
    most = os.path.getsize("whole.h5")
    wrong, refusals = [], 0
    for i in range(16):
        runs.remove("run.h5")
        limit = 1 + int(most * i / 16)
        p = call("run", "run.cfg", "run.sweeps=1000", timeout=60)
        if i % 2:
            runs.remove("run.h5")
        p = call("run", "run.cfg", timeout=60, limit=small(limit))
        refusals += p.returncode == 3
        errors = [s for s in p.stderr.splitlines() if "File too large" in s]
        if p.returncode and (p.returncode != 3 or len(errors) != 1):
            wrong.append(f"{limit}: exit {p.returncode} {p.stderr[-400:]}")
        why = finishes()
        if why:
            wrong.append(f"{limit}, room again: {why}")
    ok(not wrong and refusals > 8, f"no room {refusals} times: exit 3, the "
       "cause named once; with room again the same result",
       "\n".join(wrong))


def full_disk():
    """A file system of 600 kB, where this may be mounted."""
    os.mkdir("disk")
    try:
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k",
                               "none", "disk"], capture_output=True,
                              check=False).returncode == 0
    except OSError:
        done = False
    if not done:
        ok(True, "a full disk # SKIP no right to mount")
        return
    try:
        p = call("run", "run.cfg", "-o", "disk/x.h5", ranks=MANY)
        ok(p.returncode == 3 and "No space left" in p.stderr,
           "a full disk: exit 3, the cause named", p.stderr)
        subprocess.run(["mount", "-o", "remount,size=8m", "disk"],
                       check=True)
        p = call("run", "run.cfg", "-o", "disk/x.h5")
        ok(p.returncode == 0 and not differing("disk/x.h5", "whole.h5"),
           "and with room again the same result", p.stderr)
    finally:
        subprocess.run(["umount", "disk"], check=False)


def main():
    runs.scratch()
    write("run.cfg")
    write("live.cfg", shape="[16, 16]", copies=20, every=1)
    with runs.h5py.File("foreign.h5", "w") as file:
        file["x"] = [1, 2, 3]
    p = call("run", "run.cfg", "-o", "whole.h5")
    ok(p.returncode == 0, "runs", p.stderr)
    # Both generations are of production.
    resume("run.sweeps=500")
    save("early")
    resume("run.sweeps=900")
    save("kept")
    for part in (one_checkpoint, both_checkpoints, outputs, images, mixtures,
                 no_room, full_disk):
        part()
    runs.done()


main()
