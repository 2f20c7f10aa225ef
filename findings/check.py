#!/usr/bin/env python3
"""Runs every reproducer of FINDINGS.md with the given Pythons, and prints which bugs are present.

    findings/check.py                         # with the Python that runs this script
    findings/check.py PYTHON...               # with each of these
    findings/check.py --write PYTHON...       # and updates the table in FINDINGS.md
    findings/check.py --reports PYTHON...     # checks the commands of findings/reports instead
    findings/check.py --reports --write PYTHON...
    findings/check.py --rustpython            # checks the programs of findings/reports/rustpython; needs cargo

FINDINGS.md is the only list: a finding is a heading `### name` and a block with a command and its output. The bug is
present if the command gives this output, in which "…" stands for any text. The output of a command that fails is the
last line of its traceback, or the shell's name of the signal that ended it. The exit status is 2 if several Pythons
are given and a bug is present in none.

findings/reports has a text for each finding that nobody has reported and that the newest of the versions in the table
has. The file is named after the finding, and its commands have the same form. With --reports, the exit status is 2 if a
Python of one of these versions gives another output than it should according to the last line of the report.

findings/reports/rustpython has the texts for RustPython. Each begins with a Rust program and what it prints; with
--rustpython, the exit status is 2 if one prints something else, or if FINDINGS.md does not link to it.
"""

import argparse
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile

FOLDER = os.path.dirname(os.path.abspath(__file__))
PAGE = os.path.join(os.path.dirname(FOLDER), "FINDINGS.md")
REPORTS = os.path.join(FOLDER, "reports")
RUSTPYTHON = os.path.join(REPORTS, "rustpython")
PROGRAM = re.compile(r"^```rust\n(?P<program>.*?)^```\n\n```text\n(?P<shown>.*?)^```$", re.M | re.S)
MANIFEST = """[package]
name = "reports"
edition = "2024"
[dependencies]
rustpython-sre_engine = "=0.6.0"
[workspace]
"""
COMMAND = r"^```console\n\$ python3 -c (?P<command>.*?)\n(?P<shown>.*?)```$"
BLOCK = re.compile(r"^### (?P<name>\S+).*?" + COMMAND, re.M | re.S)
COMMAND = re.compile(COMMAND, re.M | re.S)
SECTION = re.compile(r"^### (?P<name>\S+)\n(?P<text>.*?)(?=^##)", re.M | re.S)
VERSIONS = re.compile(r"(?<=^Versions with this bug, of those tried on 64-bit Linux: ).*(?=\.$)", re.M)
TABLE = re.compile(r"(?<=<!-- made by findings/check.py -->\n).*?(?=<!-- end -->)", re.S)
SIGNALS = {signal.SIGSEGV: "Segmentation fault", signal.SIGABRT: "Aborted"}
SECONDS = 60


def findings(page):
    """Yields name, code and expected output of each finding."""
    for found in BLOCK.finditer(page):
        (code,) = shlex.split(found["command"])
        yield found["name"], code, found["shown"].strip()


def reports():
    """Yields name, text and commands of each report; a command is code and expected output."""
    for file in sorted(file for file in os.listdir(REPORTS) if file.endswith(".md")):
        text = read(os.path.join(REPORTS, file))
        commands = [(shlex.split(found["command"])[0], found["shown"].strip()) for found in COMMAND.finditer(text)]
        yield file[: -len(".md")], text, commands


def without_report(page):
    """Returns the findings that need a report and have none, and the reports of no such finding."""
    rows = [row.split("|")[1:-1] for row in TABLE.search(page)[0].splitlines()[2:]]
    present = {re.match(r" \[(\S+)\]", row[0])[1] for row in rows if row[-1].strip()}
    known = {found["name"] for found in SECTION.finditer(page) if re.search(r"\b[Rr]eported\b", found["text"])}
    return present - known, {name for name, _, _ in reports()}


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


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def replace(path, text):
    """Replaces a file atomically."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=os.path.dirname(path), delete=False) as file:
        file.write(text)
    os.chmod(file.name, os.stat(path).st_mode)
    os.replace(file.name, path)


def counted(number, noun):
    return "{} {}{}".format(number, noun, "" if number == 1 else "s")


def check_reports(arguments):
    """Runs the commands of the reports, and returns the exit status."""
    page = read(PAGE)
    needed, there = without_report(page)
    known = {cell.strip() for cell in TABLE.search(page)[0].splitlines()[0].split("|")}
    wrong = ["{}: has no report".format(name) for name in sorted(needed - there)]
    wrong += ["{}: is no open finding of FINDINGS.md that nobody has reported".format(name) for name in sorted(there - needed)]
    cases = [case for case in reports() if arguments.only in (None, case[0])]
    if arguments.fast:
        cases = [case for case in cases if not case[0].startswith("slow-")]
    seen = {name: [] for name, _, _ in cases}
    count = 0
    for python in arguments.pythons:
        number = version(python)
        for name, text, commands in cases:
            count += len(commands)
            differs = [(shown, found) for code, shown in commands for found in [outcome(python, code)] if not matches(shown, found)]
            if commands and not differs:
                seen[name].append(number)
            if arguments.write or number not in known:
                continue
            expected = number in VERSIONS.search(text)[0].split(", ")
            if expected and differs:
                wrong.append("{}: {} prints {!r} instead of {!r}".format(name, number, differs[0][1], differs[0][0]))
            if not expected and not differs:
                wrong.append("{}: {} has the bug, which the report does not say".format(name, number))
    for name, text, _ in cases if arguments.write else ():
        replace(os.path.join(REPORTS, name + ".md"), VERSIONS.sub(lambda _: ", ".join(seen[name]), text))
    ran = counted(count, "command"), counted(len(cases), "report"), counted(len(arguments.pythons), "interpreter")
    print("{} of {} run with {}".format(*ran))
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return 2 if wrong or not count else 0


def check_rustpython():
    """Builds and runs the programs of the reports to RustPython, and returns the exit status."""
    page, names = read(PAGE), sorted(file[: -len(".md")] for file in os.listdir(RUSTPYTHON))
    wrong = ["{}: FINDINGS.md does not link to it".format(name) for name in names if "rustpython/{}.md)".format(name) not in page]
    with tempfile.TemporaryDirectory() as folder:
        programs = os.path.join(folder, "src", "bin")
        os.makedirs(programs)
        write(os.path.join(folder, "Cargo.toml"), MANIFEST)
        found = {name: PROGRAM.search(read(os.path.join(RUSTPYTHON, name + ".md"))) for name in names}
        for name in names:
            write(os.path.join(programs, name + ".rs"), found[name]["program"])
        for name in names:
            command = ["cargo", "run", "--quiet", "--bin", name]
            run = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=folder)
            if run.returncode or run.stdout != found[name]["shown"]:
                wrong.append("{}: prints {!r} instead of {!r}".format(name, run.stdout or run.stderr, found[name]["shown"]))
    print(counted(len(names), "program"), "run")
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return 2 if wrong or not names else 0


def main():
    parser = argparse.ArgumentParser(description="Print which bugs of FINDINGS.md are present.")
    parser.add_argument("pythons", metavar="PYTHON", nargs="*", default=[sys.executable])
    parser.add_argument("--write", action="store_true", help="update the table in FINDINGS.md")
    parser.add_argument("--only", metavar="NAME", help="only this finding, with its output")
    parser.add_argument("--reports", action="store_true", help="check the commands of findings/reports instead")
    parser.add_argument("--rustpython", action="store_true", help="check the programs of findings/reports/rustpython instead")
    parser.add_argument("--fast", action="store_true", help="with --reports: skip those about time")
    arguments = parser.parse_args()
    if arguments.rustpython:
        return check_rustpython()
    if arguments.reports:
        return check_reports(arguments)
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
