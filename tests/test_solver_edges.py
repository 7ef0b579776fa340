#!/usr/bin/env python3
"""Every solver at the edges of its keys: each key alone at its least and its
most, just inside both, at zero and at every allowed word, and a few pairs of
such values. It must end in time with an answer that is finite, or a sentence
why not; and all keys out of range get a message each and no answer.

Keys that stand for work (WORK) end at a small number instead of their most."""
import json
import math
import os
import random
import re
import resource
import subprocess
from concurrent.futures import ThreadPoolExecutor

import runs
from runs import PROGRAM, call, ok

SECONDS = 20  # of processor time, for one command
COMMANDS_LEAST = 600
PAIRS = 4     # of edges, for each solver
WORK = {"population": 300, "iterations": 60, "instances": 2, "restarts": 2}
RUNS = 40     # components, where there are instances
INFINITE = {("curie_weiss", "susceptibility"), ("onsager", "specific_heat"),
            ("triangular_ising", "specific_heat"), ("sk_rs", "replicon")}


# ---- keys and their edges, from the help ------------------------------------

def solvers():
    for line in call("list", "solvers").stdout.splitlines():
        if line.startswith("  "):
            name = line.split()[0]
            text = call("help", name).stdout.partition(f"solver {name}\n")[2]
            text = text.partition("\nmodel ")[0]
            if "takes a model too" not in text and "file = " not in text:
                yield name, keys(text)


def keys(text):
    """{key: (default, what it may be)}"""
    found = {}
    lines = text.splitlines()
    for i, line in enumerate(lines):
        row = re.match(r"  (\w+) = (.*)$", line)
        if row:
            kind = lines[i + 1].strip()
            while kind.startswith("text") and kind.endswith(","):
                i += 1
                kind += " " + lines[i + 1].strip()
            found[row[1]] = row[2], kind
    return found


def limits(kind):
    row = re.match(r"(list of )?(integer|number)s?; (\S+) to (\S+)", kind)
    if not row:
        return None
    number = int if row[2] == "integer" else float
    return bool(row[1]), number, number(float(row[3])), number(float(row[4]))


def edges(key, default, kind, all_keys):
    if kind.startswith("text;"):
        return [word.strip() for word in kind[5:].split(",")]
    if kind.startswith("true"):
        return ["true", "false"]
    if kind.startswith("integer from 0"):
        return ["0", str(2 ** 64 - 1)]
    if not limits(kind):
        return []
    many, number, least, most = limits(kind)
    if "instances" in all_keys and key == "N":
        most = RUNS
    most = min(most, max(least, WORK.get(key, most)))
    if number is int:
        values = {least, least + 1, most - 1, most} | {0, 1}
    else:
        values = {least, most, most - abs(most) * 1e-9, 0.0, 1e-300, 1e-9,
                  least + abs(least) * 1e-9}
    texts = [repr(v) for v in sorted(values) if least <= v <= most]
    count = max(len(json.loads(default)), 2) if many else 0
    return [f"[{','.join([t] * count)}]" for t in texts] if many else texts


def light(all_keys, but):
    return [f"{key}={least}" for key, least in
            (("population", 200), ("iterations", 20), ("instances", 1))
            if key in all_keys and key not in but]


def commands(name, all_keys, chance):
    """Words after `solve NAME`, without repetition."""
    edge = {key: edges(key, *row, all_keys) for key, row in all_keys.items()}
    edge = {key: values for key, values in edge.items() if values}
    yield light(all_keys, [])
    for key, values in edge.items():
        for value in values:
            yield [*light(all_keys, [key]), f"{key}={value}"]
    for _ in range(PAIRS if len(edge) > 1 else 0):
        pair = chance.sample(sorted(edge), 2)
        yield [*light(all_keys, pair),
               *(f"{key}={chance.choice(edge[key])}" for key in pair)]


# ---- what is wrong with an answer -------------------------------------------

def solve(name, words, form=("--json",)):
    return subprocess.run(
        [PROGRAM, "solve", name, *words, *form], capture_output=True,
        text=True, env=runs.environment(1), check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU,
                                              (SECONDS, SECONDS + 1)))


def number(value):
    return isinstance(value, (int, float)) and math.isfinite(value)


def infinite(name, words, result):
    """JSON has null for an infinity and for what is no number."""
    text = solve(name, words, ()).stdout \
        if (name, result) in INFINITE else ""
    return re.search(rf"^  {result} +-?inf\b", text, re.M)


def complaints(name, words, all_keys, code, out, err):
    if code == 2:
        named = [key for key in all_keys if re.search(rf"\b{key}\b", err)]
        return ([] if named else ["refused, and no key is named: " + err]) + \
            (["refused, and answered"] if out else [])
    if code:
        return [f"exit {code}: {err}"]
    try:
        point = json.loads(out)["points"][0]
    except (ValueError, LookupError) as e:
        return [f"no JSON: {e}"]
    found = [] if point["results"] or point["warnings"] else ["no answer"]
    for result, row in point["results"].items():
        if not number(row["value"]) and not point["warnings"] and \
                not infinite(name, words, result):
            found.append(f"{result} is not finite")
        if not number(row["error"]) or row["error"] < 0:
            found.append(f"{result}: error {row['error']}")
    return found


def check(job):
    name, all_keys, words = job
    p = solve(name, words)
    return complaints(name, words, all_keys, p.returncode, p.stdout, p.stderr)


# ---- all out of range -------------------------------------------------------

def beyond(all_keys):
    for key, (default, kind) in all_keys.items():
        if kind.startswith("text;"):
            yield key, f"{key}=no_such_word"
        elif limits(kind):
            many, type_of, least, most = limits(kind)
            value = least - 1 if least != 0 or most >= 1e15 \
                else type_of(-3)
            yield key, f"{key}=[{value!r}]" if many else f"{key}={value!r}"


def check_beyond(name, all_keys):
    wrong = dict(beyond(all_keys))
    p = solve(name, wrong.values())
    lines = p.stderr.splitlines()
    silent = [key for key in wrong
              if sum(bool(re.search(rf"\b{key}:", line))
                     for line in lines) != 1]
    return ok(p.returncode == 2 and not p.stdout and not silent and wrong,
              f"{name}: {len(wrong)} keys out of range, a message each",
              f"exit {p.returncode}\n{silent}\n{p.stdout}{p.stderr}")


# ---- the check must see what it is there for --------------------------------

def mutants(name, all_keys):
    good = solve(name, []).stdout
    answer = json.loads(good)
    result = next(iter(answer["points"][0]["results"]))
    row = answer["points"][0]["results"][result]

    def seen(code=0, out=None, err=""):
        return complaints(name, [], all_keys, code,
                          json.dumps(answer) if out is None else out, err)

    ok(not seen(), f"{name}: its answer is good", seen())
    for key, value in (("value", None), ("error", None), ("error", -1e-3)):
        before, row[key] = row[key], value
        ok(seen(), f"mutant: {key} {value}")
        row[key] = before
    answer["points"][0]["results"] = {}
    ok(seen(), "mutant: no results and no warning")
    ok(seen(out=""), "mutant: nothing printed")
    for code in (1, -11, 2):
        ok(seen(code, "", "it is too big"), f"mutant: exit {code}")


def main():
    runs.scratch()
    chance = random.Random(5)
    found = dict(solvers())
    ok(len(found) >= 25, "solvers are listed", sorted(found))
    jobs = [(name, all_keys, words) for name, all_keys in found.items()
            for words in commands(name, all_keys, chance)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        answers = list(pool.map(check, jobs))
    for name, all_keys in found.items():
        mine = [(words, wrong) for (of, _, words), wrong
                in zip(jobs, answers) if of == name]
        bad = [f"{' '.join(words)}: {'; '.join(wrong)}"
               for words, wrong in mine if wrong]
        ok(mine and not bad, f"{name}: {len(mine)} edges", "\n".join(bad))
        check_beyond(name, all_keys)
    ok(len(jobs) >= COMMANDS_LEAST, f"{len(jobs)} commands")
    mutants("curie_weiss", found["curie_weiss"])
    runs.done()


main()
