#!/usr/bin/env python3
"""Every value that theory is known to have: tests/references/*.txt.

A line is
    id | command of `tempera solve` | result | expected | tolerance
where a blank id or command repeats that of the line above, `result` is a name
of the output (or `phase`, or name@KEY=VALUE for the point of a sweep), and an
empty tolerance means the digits shown: half a unit of the last one (and a
tenth more: both are rounded). A line that starts with `long` is left to
`make check-long`. Lines that start with # are comments.

    tests/test_references.py             the quick ones, as TAP
    tests/test_references.py --long      all
    tests/test_references.py --table     worst deviation and time, by solver
    tests/test_references.py FILE.txt... of these files alone
"""
import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

PROGRAM = os.path.abspath(os.environ.get("TEMPERA", "tempera"))
HERE = os.path.join(os.environ.get("srcdir", "."), "tests", "references")


class Row:
    def __init__(self, ident, command, result, expected, tolerance):
        self.ident, self.command, self.result = ident, command, result
        self.expected = expected
        digits = len(expected.partition("e")[0].partition(".")[2])
        exponent = int(expected.partition("e")[2] or 0) \
            if result != "phase" else 0
        self.tolerance = float(tolerance) if tolerance else \
            0.6 * 10.0 ** (exponent - digits)

    def found(self, answer):
        """The value, of a sweep that at the point named."""
        name, _, where = self.result.partition("@")
        points = answer["points"]
        if where:
            key, _, value = where.partition("=")
            points = [p for p in points
                      if abs(p["parameters"][key] - float(value)) < 1e-9]
        if name == "phase":
            return points[0]["phase"]
        return points[0]["results"].get(name, {}).get("value")

    def deviation(self, answer):
        """In units of the tolerance; infinite when there is no number."""
        value = self.found(answer) if answer else None
        if self.result == "phase":
            return 0.0 if value == self.expected else float("inf")
        return float("inf") if value is None else \
            abs(value - float(self.expected)) / self.tolerance


def read(path, long):
    rows, last = [], ["", ""]
    for number, line in enumerate(open(path), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) not in (4, 5):
            raise SystemExit(f"{path}:{number}: not 4 or 5 cells")
        cells[:2] = [new or old for new, old in zip(cells, last)]
        last = cells[:2]
        ident = cells[0]
        if ident.startswith("long "):
            if not long:
                continue
            ident = ident[5:]
        rows.append(Row(ident, *cells[1:4],
                        cells[4] if len(cells) == 5 else ""))
    return rows


def solve(command):
    """The answer and the seconds it took."""
    start = time.time()
    done = subprocess.run([PROGRAM, "solve", *command.split(), "--json"],
                          cwd=HERE, capture_output=True, text=True)
    seconds = time.time() - start
    if done.returncode:
        return {"points": [], "refused": done.stderr}, seconds
    return json.loads(done.stdout), seconds


def check(rows, answers):
    failed = 0
    for number, row in enumerate(rows, 1):
        answer, _ = answers[row.command]
        off = row.deviation(answer if answer["points"] else None)
        good = off <= 1
        failed += not good
        print(f"{'' if good else 'not '}ok {number} - {row.ident}: "
              f"{row.command}: {row.result}")
        if not good:
            print(f"# expected {row.expected} +- {row.tolerance:.2g}, found",
                  row.found(answer) if answer["points"] else
                  answer["refused"])
    number = len(rows) + 1
    fooled = [row for row in rows if row.result != "phase" and
              Row(row.ident, row.command, row.result,
                  repr(float(row.expected) + 2.5 * row.tolerance),
                  repr(row.tolerance)).deviation(
                      answers[row.command][0]) <= 1]
    print(f"{'not ' if fooled else ''}ok {number} - mutants rejected: no "
          "value passes when what is expected moves by 2.5 tolerances")
    print(f"1..{number}")
    return failed + bool(fooled)


def table(rows, answers):
    """Markdown: solver, values, worst deviation, slowest point."""
    print("| solver | values | worst deviation / tolerance | of | slowest "
          "command, s |\n|---|---|---|---|---|")
    for name in sorted({row.command.split()[0] for row in rows}):
        of = [row for row in rows if row.command.split()[0] == name]
        worst = max(of, key=lambda r: r.deviation(answers[r.command][0]))
        print(f"| {name} | {len(of)} | "
              f"{worst.deviation(answers[worst.command][0]):.2g} | "
              f"{worst.ident} {worst.result} | "
              f"{max(answers[r.command][1] for r in of):.2f} |")


def main():
    arguments = sys.argv[1:]
    options = {a for a in arguments if a.startswith("--")}
    files = [a for a in arguments if a not in options] or \
        sorted(os.path.join(HERE, f) for f in os.listdir(HERE)
               if f.endswith(".txt"))
    rows = [row for path in files for row in read(path, "--long" in options)]
    commands = list(dict.fromkeys(row.command for row in rows))
    workers = 1 if "--table" in options else os.cpu_count()
    with ThreadPoolExecutor(workers) as pool:
        answers = dict(zip(commands, pool.map(solve, commands)))
    if "--table" in options:
        table(rows, answers)
    else:
        sys.exit(check(rows, answers) > 0)


if __name__ == "__main__":
    main()
