#!/usr/bin/env python3
"""Runs every reproducer of FINDINGS.md with the given Pythons, and prints which bugs are present.

    findings/check.py                         # with the Python that runs this script
    findings/check.py PYTHON...               # with each of these
    findings/check.py --write PYTHON...       # and updates the table in FINDINGS.md

FINDINGS.md is the only list: a finding is a heading `### name` and a block with a command and its output. The bug is
present if the command gives this output, in which "…" stands for any text. The output of a command that fails is the
last line of its traceback, or the shell's name of the signal that ended it. The exit status is 2 if several Pythons
are given and a bug is present in none.
"""

import argparse
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile

PAGE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "FINDINGS.md")
BLOCK = re.compile(r"^### (?P<name>\S+).*?^```console\n\$ python3 -c (?P<command>.*?)\n(?P<shown>.*?)```$", re.M | re.S)
TABLE = re.compile(r"(?<=<!-- made by findings/check.py -->\n).*?(?=<!-- end -->)", re.S)
SIGNALS = {signal.SIGSEGV: "Segmentation fault", signal.SIGABRT: "Aborted"}
SECONDS = 60


def findings(page):
    """Yields name, code and expected output of each finding."""
    for found in BLOCK.finditer(page):
        (code,) = shlex.split(found["command"])
        yield found["name"], code, found["shown"].strip()


def outcome(python, code):
    """Returns the output of the code, or how it failed."""
    environment = dict(os.environ, PYTHONUTF8="1", PYTHONWARNINGS="ignore", PYTHONFAULTHANDLER="")
    try:
        run = subprocess.run([python, "-c", code], capture_output=True, encoding="utf-8", timeout=SECONDS, env=environment)
    except subprocess.TimeoutExpired:
        return "still running after {} s".format(SECONDS)
    if run.returncode < 0:
        return SIGNALS.get(-run.returncode, "signal {}".format(-run.returncode))
    if run.returncode:
        return (run.stderr.strip().splitlines() or ["exit status {}".format(run.returncode)])[-1]
    return run.stdout.strip()


def matches(shown, seen):
    return re.fullmatch(".*".join(map(re.escape, shown.split("…"))), seen, re.S) is not None


def version(python):
    code = "import platform; print(platform.python_version())"
    return subprocess.run([python, "-c", code], capture_output=True, encoding="utf-8", check=True).stdout.strip()


def table(names, columns):
    """Returns a table in Markdown, with a row for each finding and a column for each version."""
    rows = ["| | " + " | ".join(columns) + " |", "|---|" + ":-:|" * len(columns)]
    for name in names:
        marks = ("●" if column[name] else "" for column in columns.values())
        rows.append("| [{0}](#{0}) | ".format(name) + " | ".join(marks) + " |")
    return "\n".join(rows) + "\n"


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def replace(path, text):
    """Replaces a file atomically."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=os.path.dirname(path), delete=False) as file:
        file.write(text)
    os.chmod(file.name, os.stat(path).st_mode)
    os.replace(file.name, path)


def main():
    parser = argparse.ArgumentParser(description="Print which bugs of FINDINGS.md are present.")
    parser.add_argument("pythons", metavar="PYTHON", nargs="*", default=[sys.executable])
    parser.add_argument("--write", action="store_true", help="update the table in FINDINGS.md")
    parser.add_argument("--only", metavar="NAME", help="only this finding, with its output")
    arguments = parser.parse_args()
    cases = [case for case in findings(read(PAGE)) if arguments.only in (None, case[0])]
    if not cases:
        parser.error("no such finding: {}".format(arguments.only))
    columns = {}
    for python in arguments.pythons:
        column = columns[version(python)] = {}
        for name, code, shown in cases:
            seen = outcome(python, code)
            column[name] = matches(shown, seen)
            if arguments.only:
                print(version(python), "present:" if column[name] else "absent:", seen)
    if arguments.only:
        return 0
    made = table([name for name, _, _ in cases], columns)
    print(made, end="")
    nowhere = [name for name, _, _ in cases if not any(column[name] for column in columns.values())]
    if arguments.write:
        replace(PAGE, TABLE.sub(lambda _: made, read(PAGE)))
    if nowhere and len(columns) > 1:
        print("present in none of these:", *nowhere, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
