#!/usr/bin/env python3
"""Runs every reproducer of FINDINGS.md under the Pythons given, and says which still hold.

    findings/check.py                         # under the Python that runs this
    findings/check.py PYTHON...               # under each of these
    findings/check.py --write PYTHON...       # and brings the table in FINDINGS.md up to date

FINDINGS.md is the only list: a finding is a heading `### name` and a block of what a terminal shows. It holds where the
command's output is the one shown: what it prints, or else the last line of a traceback, or what a shell calls the
signal that ended it. "…" stands for any text. The exit status is 2 if one holds under none of several Pythons.
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
    """(name, code, shown) of each."""
    for found in BLOCK.finditer(page):
        (code,) = shlex.split(found["command"])
        yield found["name"], code, found["shown"].strip()


def outcome(python, code):
    """What a terminal would show."""
    environment = dict(os.environ, PYTHONUTF8="1", PYTHONWARNINGS="ignore", PYTHONFAULTHANDLER="")
    try:
        run = subprocess.run([python, "-c", code], capture_output=True, encoding="utf-8", timeout=SECONDS, env=environment)
    except subprocess.TimeoutExpired:
        return "no end after {} s".format(SECONDS)
    if run.returncode < 0:
        return SIGNALS.get(-run.returncode, "signal {}".format(-run.returncode))
    if run.returncode:
        return (run.stderr.strip().splitlines() or ["exit status {}".format(run.returncode)])[-1]
    return run.stdout.strip()


def holds(shown, seen):
    return re.fullmatch(".*".join(map(re.escape, shown.split("…"))), seen, re.S) is not None


def version(python):
    code = "import platform; print(platform.python_version())"
    return subprocess.run([python, "-c", code], capture_output=True, encoding="utf-8", check=True).stdout.strip()


def table(names, columns):
    """In Markdown: a row a finding, a column a version."""
    rows = ["| | " + " | ".join(columns) + " |", "|---|" + ":-:|" * len(columns)]
    for name in names:
        marks = ("●" if column[name] else "" for column in columns.values())
        rows.append("| [{0}](#{0}) | ".format(name) + " | ".join(marks) + " |")
    return "\n".join(rows) + "\n"


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def replace(path, text):
    """Whole or not at all."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=os.path.dirname(path), delete=False) as file:
        file.write(text)
    os.chmod(file.name, os.stat(path).st_mode)
    os.replace(file.name, path)


def main():
    parser = argparse.ArgumentParser(description="which of the findings still hold")
    parser.add_argument("pythons", metavar="PYTHON", nargs="*", default=[sys.executable])
    parser.add_argument("--write", action="store_true", help="bring the table in FINDINGS.md up to date")
    parser.add_argument("--only", metavar="NAME", help="this finding alone, with what was seen")
    arguments = parser.parse_args()
    cases = [case for case in findings(read(PAGE)) if arguments.only in (None, case[0])]
    if not cases:
        parser.error("no such finding: {}".format(arguments.only))
    columns = {}
    for python in arguments.pythons:
        column = columns[version(python)] = {}
        for name, code, shown in cases:
            seen = outcome(python, code)
            column[name] = holds(shown, seen)
            if arguments.only:
                print(version(python), "holds:" if column[name] else "not:", seen)
    if arguments.only:
        return 0
    made = table([name for name, _, _ in cases], columns)
    print(made, end="")
    nowhere = [name for name, _, _ in cases if not any(column[name] for column in columns.values())]
    if arguments.write:
        replace(PAGE, TABLE.sub(lambda _: made, read(PAGE)))
    if nowhere and len(columns) > 1:
        print("holds nowhere:", *nowhere, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
