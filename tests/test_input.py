#!/usr/bin/env python3
"""Inputs: bad ones with their exact messages, good ones with the values read.

The program is $TEMPERA, else ./tempera. A case of BAD is (what, changed
sections, overrides, messages); a section's text stands in one line of the
file, in the order of SECTIONS, so line 4 is the ladder. FILE in a message is
the file's name; <*> matches anything.
"""
import math
import os
import re
import subprocess
import sys
import tempfile

from input_cases import BAD, GOOD, NO_LADDER, SECTIONS, WHOLE

PROGRAM = os.path.abspath(os.environ.get("TEMPERA", "tempera"))

count = failed = 0


def ok(passed, what, detail=""):
    global count, failed
    count += 1
    failed += not passed
    print(f"{'ok' if passed else 'not ok'} {count} - {what}")
    if not passed:
        print("".join(f"# {line}\n" for line in detail.splitlines()), end="")


def call(*arguments):
    return subprocess.run([PROGRAM, *arguments], capture_output=True,
                          text=True, timeout=60)


def text_of(changed):
    lines = ["\ufeff" if changed.get("bom") else ""]
    for name, body in SECTIONS.items():
        body = changed.get(name, body)
        if body is not None:
            lines.append(f"{name} = {{ {body} }};\n")
    return "".join(lines)


def write(name, content):
    with open(name, "wb") as file:
        file.write(content if isinstance(content, bytes)
                   else content.encode())


def names(kind):
    rows = call("list", kind).stdout.splitlines()
    return ", ".join(row.split()[0] for row in rows)


def matches(expected, got):
    pattern = ".*".join(re.escape(part) for part in expected.split("<*>"))
    return re.fullmatch(pattern, got) is not None


def refused(what, file, overrides, messages, lists):
    expected = "".join(line + "\n" for line in messages)
    for word, value in {"FILE": file, **lists}.items():
        expected = re.sub(rf"\b{word}\b", lambda _: value, expected)
    before = sorted(os.listdir("."))
    done = call("check", file, *overrides)
    ok(done.returncode == 2 and matches(expected, done.stderr),
       "refused: " + what,
       f"exit {done.returncode}\nwant:\n{expected}got:\n{done.stderr}")
    if sorted(os.listdir(".")) != before or done.stdout:
        ok(False, what + ": nothing written", done.stdout)


def effective(stdout):
    """The effective input that check prints first, and its values."""
    text = stdout[stdout.index("run = {"):]
    text = text[:text.index("};", text.index("checkpoint = {")) + 3]
    values, section = {}, ""
    for line in text.splitlines():
        if line.endswith("= {"):
            section = line.split()[0]
        elif " = " in line and not line.lstrip().startswith("#"):
            key, value = line.strip().rstrip(";").split(" = ", 1)
            values[f"{section}.{key}"] = value
    return text, values


def accepted(what, changed, overrides, wanted):
    write("good.cfg", text_of(changed))
    done = call("check", "good.cfg", *overrides)
    if done.returncode:
        ok(False, what, done.stderr)
        return
    text, values = effective(done.stdout)
    wrong = [f"{key}: {values.get(key)}, not {value}"
             for key, value in wanted.items() if values.get(key) != value]
    ok(not wrong, "read: " + what, "\n".join(wrong))
    write("again.cfg", text)
    again = call("check", "again.cfg")
    ok(again.returncode == 0 and effective(again.stdout)[0] == text,
       "effective input reads back: " + what, again.stderr + again.stdout)


def doubles():
    """Numbers survive the round trip bit for bit."""
    value, numbers = 0.5, []
    for i in range(60):
        value = math.fmod(value * 997.13 + 0.1234567, 7.0)
        numbers.append(math.ldexp(value + 0.01, i // 2 - 25))
    numbers = sorted(set(numbers))
    body = ", ".join(repr(x) for x in numbers)
    write("good.cfg", text_of({"ladder": f'beta = [{body}]; '
                                         'spacing = "list";'}))
    done = call("check", "good.cfg")
    if done.returncode:
        ok(False, "doubles", done.stderr)
        return
    got = effective(done.stdout)[1]["ladder.beta"]
    ok([float(x) for x in got.strip("[]").split(",")] == numbers,
       "doubles are printed as they were read")


def reference():
    """help --reference is an input once the ladder is chosen."""
    text = call("help", "--reference").stdout
    write("reference.cfg", text)
    done = call("check", "reference.cfg", "ladder.temperature=[1.8, 3.0]")
    ok(done.returncode == 0, "help --reference is an input", done.stderr)
    plain = call("check", "reference.cfg")
    line = 1 + text[:text.index("    temperature")].count("\n")
    ok(plain.stderr == f"reference.cfg:{line}: {NO_LADDER}\n",
       "but for the ladder", plain.stderr)
    ok(max(map(len, text.splitlines())) <= 80, "in 80 columns")


def help_and_list():
    for name in list(SECTIONS) + ["ising", "metropolis", "heatbath",
                                  "reference", "tempering"]:
        done = call("help", name)
        ok(done.returncode == 0 and name in done.stdout, "help " + name,
           done.stderr)
    done = call("help", "isin")
    ok(done.returncode == 2 and done.stderr.endswith("did you mean ising?\n"),
       "help of an unknown name", done.stderr)
    done = call("list", "model")
    ok(done.returncode == 2 and
       done.stderr.endswith("did you mean models?\n"),
       "list of an unknown kind", done.stderr)
    done = call("list")
    ok(done.returncode == 0 and all(
        kind + "\n" in done.stdout for kind in
        ("models", "dynamics", "kernels", "protocols", "solvers")), "list")


def main():
    os.chdir(tempfile.mkdtemp(prefix="input-"))
    lists = {"MODELS": names("models"), "DYNAMICS": names("dynamics"),
             "PROTOCOLS": names("protocols")}
    for what, changed, overrides, messages in BAD:
        write("bad.cfg", text_of(changed))
        refused(what, "bad.cfg", overrides, messages, lists)
    for what, content, messages in WHOLE:
        write("bad.cfg", content)
        refused(what, "bad.cfg", [], messages, lists)
    os.mkdir("folder")
    refused("a directory", "folder", [],
            ["folder: a directory, not an input file"], lists)
    refused("a missing file", "nowhere.cfg", [],
            ["nowhere.cfg: cannot be opened: No such file or directory"],
            lists)
    for case in GOOD:
        accepted(*case)
    doubles()
    reference()
    help_and_list()
    print(f"1..{count}")
    sys.exit(failed > 0)


main()
