#!/usr/bin/env python3
"""Layers: who may include whom, over the #include lines of src/; and that
Makefile.am lists every file, so that none is forgotten in the tarball.

Each folder of src/ may include itself and what ALLOWED says; plug-ins never
include each other's folders. One file may include mpi.h, one hdf5.h. A
checker that finds nothing proves nothing, so every rule is also broken on
purpose in a scratch tree and must be caught.
"""
import os
import re
import sys
import tempfile

BASE = ["base"]
SYSTEMS = BASE + ["stat", "io"]
CORE = SYSTEMS + ["systems"]
PLUGIN = BASE + ["stat", "systems", "core"]
PLUGINS = ["models", "dynamics", "kernels", "solvers"]
RUN = ["base", "stat", "par", "io", "systems", "core"] + PLUGINS
ALLOWED = {
    "base": [], "stat": BASE, "par": BASE, "io": BASE,
    "systems": SYSTEMS, "core": CORE,
    "models": PLUGIN, "dynamics": PLUGIN, "kernels": PLUGIN,
    "solvers": PLUGIN,
    "protocols": RUN + ["run"], "run": RUN + ["protocols"],
    "cli": RUN + ["run", "protocols"],
}
# Headers that belong to one file.
OWNER = {"mpi.h": "par/par.c", "hdf5.h": "io/h5_parts.h"}
# base has no library above libc but the random generator's headers and the
# compiler's own.
LIBC = """assert complex ctype dlfcn errno fcntl fenv float inttypes limits
    locale math omp poll pthread sched setjmp signal stdalign stdarg
    stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string strings
    sys/file sys/mman sys/resource sys/stat sys/statvfs sys/time sys/types
    sys/utsname sys/wait tgmath threads time unistd wchar
    cpuid immintrin wmmintrin Random123/philox Random123/array""".split()
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)
GENERATED = {"core/registry_lists.c"}
# Files that Makefile.am must name: where they are, how they end.
LISTED = {"src": (".c", ".h", ".sh"), "tests": (".c", ".h", ".py", ".sh", ".txt"),
          "analysis": (".py",), "jobs": (".sbatch",), "doc": ("", ".md")}


def source_files(src):
    for folder, _, names in os.walk(src):
        for name in sorted(names):
            if name.endswith((".c", ".h")):
                yield os.path.relpath(os.path.join(folder, name), src)


def offence(src, path, quote, header):
    """Why `path` may not include `header`; None when it may."""
    layer = path.split("/")[0]
    if layer not in ALLOWED:
        return f"src/{layer} is no layer"
    if header in OWNER:
        return None if path == OWNER[header] else \
            f"{header} belongs to {OWNER[header]}"
    if quote == "<":
        if layer == "base" and header[:-2] not in LIBC:
            return f"base includes libc only, not {header}"
        return None
    if header == "build.h":
        return None if path == "base/version.c" else \
            "build.h belongs to base/version.c"
    if not os.path.isfile(os.path.join(src, header)):
        return f'"{header}" is not a path under src/'
    target = header.split("/")[0]
    if header.endswith("_parts.h") and target != layer:
        return f"{header} is between the files of src/{target} only"
    if target == layer or target in ALLOWED[layer]:
        return None
    return f"{layer} may not include {target}"


def offences(src):
    found = []
    for path in source_files(src):
        if path in GENERATED:
            continue
        with open(os.path.join(src, path), encoding="utf-8") as file:
            text = file.read()
        for quote, header in INCLUDE.findall(text):
            why = offence(src, path, quote, header)
            if why:
                found.append(f"src/{path}: {why}")
    return found


def unlisted(top, makefile):
    """Files under `top` that the text of Makefile.am does not name; a test
    program is named without its .c."""
    names = set(re.findall(r"[\w./-]+", makefile))
    found = []
    for root, endings in LISTED.items():
        for folder, _, files in os.walk(os.path.join(top, root)):
            for file in files:
                path = os.path.relpath(os.path.join(folder, file), top)
                stem, ending = os.path.splitext(path)
                if ending in endings and path[4:] not in GENERATED \
                        and not {path, stem} & names:
                    found.append(path)
    return sorted(found)


PLANTED = [  # file, line, caught?
    ("base/a.c", '#include "stat/stat.h"', True),
    ("base/a.c", "#include <gsl/gsl_math.h>", True),
    ("base/a.c", "#include <string.h>", False),
    ("base/a.c", '#include "base/base.h"', False),
    ("stat/a.c", '#include "io/io.h"', True),
    ("par/a.c", "#include <mpi.h>", True),
    ("par/par.c", "#include <mpi.h>", False),
    ("run/a.c", '#include "mpi.h"', True),
    ("io/a.h", "#include <hdf5.h>", True),
    ("io/h5_parts.h", "#include <hdf5.h>", False),
    ("run/a.c", '#include "io/h5_parts.h"', True),
    ("systems/a.c", '#include "core/core.h"', True),
    ("core/a.c", '#include "systems/systems.h"', False),
    ("core/a.c", '#include "models/models.h"', True),
    ("core/a.c", '#include "par/par.h"', True),
    ("models/a.c", '#include "dynamics/dynamics.h"', True),
    ("models/a.c", '#  include "kernels/kernels.h"', True),
    ("models/a.c", '#include "core/core.h"', False),
    ("kernels/a.c", '#include "run/run.h"', True),
    ("solvers/a.c", '#include "io/io.h"', True),
    ("protocols/a.c", '#include "cli/cli.h"', True),
    ("run/a.c", '#include "models/models.h"', False),
    ("run/a.c", '#include "../cli/cli.h"', True),
    ("run/a.c", '#include "run.h"', True),
    ("cli/a.c", '#include "run/run.h"', False),
    ("misc/a.c", "#include <stdio.h>", True),
]


def caught(path, line):
    with tempfile.TemporaryDirectory() as src:
        for layer in ALLOWED:
            os.mkdir(os.path.join(src, layer))
            open(os.path.join(src, layer, layer + ".h"), "w").close()
        os.makedirs(os.path.join(src, os.path.dirname(path)), exist_ok=True)
        with open(os.path.join(src, path), "w") as file:
            file.write(line + "\n")
        return bool(offences(src))


def main():
    top = os.environ.get("srcdir", ".")
    src = os.path.join(top, "src")
    count = failed = 0

    def ok(good, what):
        nonlocal count, failed
        count += 1
        failed += not good
        print(f"{'' if good else 'not '}ok {count} - {what}")

    found = offences(src)
    ok(len(list(source_files(src))) > 20, "the sources were found")
    ok(not found, "every include is allowed")
    for line in found:
        print("#", line)
    for path, line, wanted in PLANTED:
        verdict = "caught" if wanted else "allowed"
        ok(caught(path, line) == wanted, f"{verdict}: {line} in {path}"
           .replace("#", "\\#"))
    with open(os.path.join(top, "Makefile.am"), encoding="utf-8") as file:
        makefile = file.read()
    found = unlisted(top, makefile)
    ok(not found, "Makefile.am lists every file")
    for path in found:
        print("#", path)
    gap = makefile.replace("src/base/err.c", "").replace("tests/tap.h", "")
    ok(len(unlisted(top, gap)) == len(found) + 2, "caught: files not listed")
    print(f"1..{count}")
    sys.exit(failed > 0)


main()
