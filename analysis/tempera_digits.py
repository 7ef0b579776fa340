#!/usr/bin/env python3
"""scikit-learn's handwritten digits (1797 images of 8 x 8 pixels, 10 classes;
E. Alpaydin, C. Kaynak, UCI repository, 1998) as a file that tempera reads:

    tempera_digits.py OUT.h5 | OUT.idx [--pool] [--from digits.csv.gz]

OUT.h5 holds /x and /y; OUT.idx the images, and OUT-labels.idx the labels.
Pixels are divided by 16: from 0 to 1; --pool makes images of 4 x 4, means of 2 x
2 pixels: networks small enough to be sampled in a minute. scikit-learn itself is not needed, only
its file digits.csv.gz, of Debian's package python3-sklearn; --from names it
where it lies elsewhere. Prints the paths of what was written. Exit: 0; 2 usage;
3 a file that cannot be read or written.
"""
import argparse
import gzip
import importlib.util
import math
import os
import struct
import sys
import zlib

IMAGES, SIDE, DEPTH, CLASSES = 1797, 8, 16, 10
PIXELS = SIDE * SIDE
PLACE = os.path.join("sklearn", "datasets", "data", "digits.csv.gz")


def stop(code, message):
    print("tempera_digits: " + message, file=sys.stderr)
    sys.exit(code)


def folders():
    """Where Python packages lie: Debian's folder, then this interpreter's;
    the package is looked up and not imported."""
    found = ["/usr/lib/python3/dist-packages"]
    spec = importlib.util.find_spec("sklearn")
    if spec and spec.origin:
        found.append(os.path.dirname(os.path.dirname(spec.origin)))
    return found


def find():
    for folder in folders():
        path = os.path.join(folder, PLACE)
        if os.path.isfile(path):
            return path
    return stop(3, "no file %s in %s: install the package python3-sklearn "
                "(apt install python3-sklearn), or name the file with --from"
                % (PLACE, ", ".join(folders())))


def read(path):
    """[(pixels, label)]: lines of 64 pixels and the label."""
    try:
        with gzip.open(path, "rt", encoding="ascii") as file:
            lines = file.read().splitlines()
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        stop(3, "%s: cannot be read: %s" % (path, error))
    examples = []
    for number, line in enumerate(lines, 1):
        try:
            values = [float(word) for word in line.split(",")]
        except ValueError:
            values = []
        if len(values) != PIXELS + 1 or \
                values[-1] not in range(CLASSES) or \
                any(v not in range(DEPTH + 1) for v in values[:-1]):
            stop(3, "%s:%d: expected %d pixels, whole numbers from 0 to %d, "
                 "and a label from 0 to %d" % (path, number, PIXELS, DEPTH,
                                               CLASSES - 1))
        examples.append((values[:-1], int(values[-1])))
    if len(examples) != IMAGES:
        stop(3, "%s: has %d lines: expected %d" % (path, len(examples),
                                                   IMAGES))
    return examples


def pooled(pixels):
    """Means of 2 x 2 pixels."""
    return [sum(pixels[(row + i) * SIDE + column + j]
                for i in range(2) for j in range(2)) / 4
            for row in range(0, SIDE, 2) for column in range(0, SIDE, 2)]


def write_idx(out, examples):
    """Images as single-precision numbers: multiples of 1/64 are exact."""
    side = math.isqrt(len(examples[0][0]))
    labels = os.path.splitext(out)[0] + "-labels.idx"
    with open(out, "wb") as file:
        file.write(struct.pack(">4B3I", 0, 0, 0x0D, 3, len(examples),
                               side, side))
        for pixels, _ in examples:
            file.write(struct.pack(">%df" % len(pixels),
                                   *(v / DEPTH for v in pixels)))
    with open(labels, "wb") as file:
        file.write(struct.pack(">4BI", 0, 0, 0x08, 1, len(examples)))
        file.write(bytes(label for _, label in examples))
    return [out, labels]


def write_hdf5(out, examples):
    try:
        import h5py
        import numpy as np
    except ImportError as missing:
        stop(3, "%s; HDF5 files need h5py and numpy: install python3-h5py, "
             "or name OUT.idx" % missing)
    with h5py.File(out, "w") as file:
        file["x"] = np.array([pixels for pixels, _ in examples],
                             np.float32) / DEPTH
        file["y"] = np.array([label for _, label in examples], np.uint8)
    return [out]


def main():
    parser = argparse.ArgumentParser(
        description="Writes scikit-learn's handwritten digits as a data set "
        "for tempera.")
    parser.add_argument("out", metavar="OUT.h5|OUT.idx")
    parser.add_argument("--from", metavar="FILE", dest="path",
                        help="digits.csv.gz; default: that of Debian's "
                        "package python3-sklearn")
    parser.add_argument("--pool", action="store_true",
                        help="images of 4 x 4: means of 2 x 2 pixels")
    arguments = parser.parse_args()
    writers = {".h5": write_hdf5, ".hdf5": write_hdf5, ".idx": write_idx}
    ending = os.path.splitext(arguments.out)[1].lower()
    if ending not in writers:
        stop(2, "%s: the output ends in .h5, .hdf5 or .idx" % arguments.out)
    examples = read(arguments.path or find())
    if arguments.pool:
        examples = [(pooled(pixels), label) for pixels, label in examples]
    try:
        written = writers[ending](arguments.out, examples)
    except OSError as error:
        stop(3, "%s: %s" % (arguments.out, error.strerror or error))
    print("\n".join(written))


if __name__ == "__main__":
    main()
