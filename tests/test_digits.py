#!/usr/bin/env python3
"""The converter of scikit-learn's digits, on a made-up digits.csv.gz: both
formats hold what the file says; what is missing or wrong is said."""
import gzip
import os
import struct
import subprocess
import sys
import tempfile

import h5py
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
ANALYSIS = os.path.join(os.path.dirname(HERE), "analysis")
SCRIPT = os.path.join(ANALYSIS, "tempera_digits.py")
ROWS = 1797
NOWHERE = """
import sys
sys.dont_write_bytecode = True
sys.path.insert(0, %r)
import tempera_digits
tempera_digits.folders = lambda: ["/nowhere", "/else"]
tempera_digits.main()
""" % ANALYSIS

count = failed = 0


def ok(good, what):
    global count, failed
    count += 1
    failed += not good
    print(f"{'' if good else 'not '}ok {count} - {what}")


def run(*arguments, program=(SCRIPT,)):
    done = subprocess.run([sys.executable, *program, *arguments],
                          capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def write_source(path, table):
    with gzip.open(path, "wt", compresslevel=1) as file:
        for row in table:
            file.write(",".join("%d" % v if v == int(v) else "%g" % v
                                for v in row) + "\n")


def same(table, pixels, labels):
    return pixels.shape == (ROWS, 64) and \
        np.array_equal(pixels * 16, table[:, :64]) and \
        np.array_equal(labels, table[:, 64])


def from_hdf5(path):
    with h5py.File(path, "r") as file:
        return file["x"][:], file["y"][:]


def from_idx(path, labels):
    with open(path, "rb") as file:
        head, pixels = file.read(16), np.frombuffer(file.read(), ">f4")
    with open(labels, "rb") as file:
        head += file.read(8)
        known = np.frombuffer(file.read(), np.uint8)
    assert head == struct.pack(">4B3I4BI", 0, 0, 13, 3, ROWS, 8, 8,
                               0, 0, 8, 1, ROWS)
    return pixels.reshape(ROWS, 64), known


def check_good(table):
    code, said = run("a.h5", "--from", "digits.csv.gz")
    ok(code == 0 and said == "a.h5\n", "HDF5: the path is printed")
    ok(same(table, *from_hdf5("a.h5")), "HDF5 holds the digits")
    code, said = run("b.idx", "--from", "digits.csv.gz")
    ok(code == 0 and said == "b.idx\nb-labels.idx\n",
       "IDX: both paths are printed")
    ok(same(table, *from_idx("b.idx", "b-labels.idx")), "so does IDX")
    code, said = run("c.h5", "--pool", "--from", "digits.csv.gz")
    means = table[:, :64].reshape(-1, 4, 2, 4, 2).mean((2, 4)) / 16
    ok(np.array_equal(from_hdf5("c.h5")[0], means.reshape(ROWS, 16)),
       "pooled: means of 2 x 2 pixels")
    pixels, labels = from_hdf5("a.h5")
    pixels[5, 7] += 1 / 16
    ok(not same(table, pixels, labels), "mutant rejected: another pixel")
    ok(not same(table, from_hdf5("a.h5")[0], labels[::-1]),
       "mutant rejected: labels the other way round")


def check_bad(table):
    def refused(code, want, *arguments, **how):
        got, said = run(*arguments, **how)
        good = got == code and want in said and said.count("\n") == 1
        ok(good, f"refused: {want}")
        if not good:
            print("#", got, said.replace("\n", "\n# "))

    refused(2, "a.csv: the output ends in .h5, .hdf5 or .idx", "a.csv")
    refused(3, "no file sklearn/datasets/data/digits.csv.gz in /nowhere, "
            "/else: install the package python3-sklearn (apt install "
            "python3-sklearn), or name the file with --from", "a.h5",
            program=("-c", NOWHERE))
    refused(3, "gone: cannot be read: [Errno 2]", "a.h5", "--from", "gone")
    refused(3, "a.h5: cannot be read: Not a gzipped file", "a.h5", "--from",
            "a.h5")
    for what, row, column, value in [("a pixel", 3, 5, 17),
                                     ("a pixel", 0, 0, 0.5),
                                     ("a label", ROWS - 1, 64, 10)]:
        wrong = table.astype(float)
        wrong[row, column] = value
        write_source("bad.gz", wrong)
        refused(3, f"bad.gz:{row + 1}: expected 64 pixels", "a.h5", "--from",
                "bad.gz")
    write_source("bad.gz", table[:10, :64])
    refused(3, "bad.gz:1: expected 64 pixels", "a.h5", "--from", "bad.gz")
    write_source("bad.gz", table[:10])
    refused(3, "bad.gz: has 10 lines: expected 1797", "a.h5", "--from",
            "bad.gz")
    with open("digits.csv.gz", "rb") as file:
        half = file.read()[:5000]
    with open("bad.gz", "wb") as file:
        file.write(half)
    refused(3, "bad.gz: cannot be read: ", "a.h5", "--from", "bad.gz")
    refused(3, "none/a.idx: No such file or directory", "none/a.idx",
            "--from", "digits.csv.gz")
    refused(3, "none/a.h5: ", "none/a.h5", "--from", "digits.csv.gz")


def main():
    rng = np.random.default_rng(3)
    table = np.hstack([rng.integers(0, 17, (ROWS, 64)),
                       rng.integers(0, 10, (ROWS, 1))])
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        write_source("digits.csv.gz", table)
        check_good(table)
        check_bad(table)
        os.chdir("/")
    print(f"1..{count}")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
