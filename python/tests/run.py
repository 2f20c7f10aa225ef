"""Tests the package: builds the wheel, installs it, and runs the checks for each interpreter.

    python3 python/tests/run.py --folder target/python PYTHON...

By default one interpreter gets all checks and the others a few, on a sample of the patterns. With --all each gets all,
on all patterns, and the wheel is linked with the old glibc of manylinux2014. Exit status: 0 no check failed; 1 a
check failed. What cannot be checked here is reported as skipped, and never counts as passed.
"""
import argparse
import fcntl
import os
import sys
import time

import checks
import guards
import package
from environment import Failed, Interpreter, Skipped, Tools, build_wheel, output

PARSER = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
PARSER.add_argument("pythons", nargs="+", metavar="PYTHON")
PARSER.add_argument("--folder", required=True, help="for builds, tools and environments")
PARSER.add_argument("--all", action="store_true")
PARSER.add_argument("--only", action="append", help="only the checks whose name contains this; may be repeated")
PARSER.add_argument("--wheel", help="do not build, test this wheel")


class Run:
    def __init__(self, options):
        self.only = options.only
        self.passed, self.failed, self.skipped = 0, [], []

    def check(self, name, function, *arguments):
        if self.only and not any(part in name for part in self.only):
            return None
        start = time.time()
        try:
            note = function(*arguments)
        except Skipped as why:
            self.skipped.append(name)
            print(f"skipped  {name}: {why}", flush=True)
            return None
        except Exception as why:
            self.failed.append(name)
            kind = "" if isinstance(why, Failed) else type(why).__name__ + ": "
            print(f"FAILED   {name}: {kind}{why}", flush=True)
            return None
        self.passed += 1
        print(f"ok       {name} ({time.time() - start:.0f} s): {note}", flush=True)
        return note


def main():
    options = PARSER.parse_args()
    folder = os.path.abspath(options.folder)
    os.makedirs(folder, exist_ok=True)
    lock = open(os.path.join(folder, "lock"), "w")
    fcntl.flock(lock, fcntl.LOCK_EX)  # Two runs would replace each other's environments.
    run = Run(options)
    tools = Tools(folder)
    wheel, is_portable = options.wheel, options.all
    if wheel is None:
        try:
            wheel = build_wheel(tools, folder, zig=options.all)
        except Skipped as why:
            print(f"skipped  linking for manylinux2014: {why}")
            run.skipped.append("manylinux2014")
            is_portable = False
            try:
                wheel = build_wheel(tools, folder, zig=False)
            except Skipped as why:
                print(f"skipped  everything: {why}")
                return 0
    else:
        is_portable = "manylinux2014" in wheel
    print("wheel:", wheel, flush=True)
    run.check("wheel", package.wheel_contents, tools, wheel, is_portable)
    run.check("PyPy", package.pypy, wheel)
    run.check("types: mypy", package.stubs, tools)
    run.check("rust: format and lints", lints, tools, folder)

    pythons = [Interpreter(path, os.path.join(folder, "environments")) for path in options.pythons]
    # One with its own tests and with a venv, neither the oldest nor the newest.
    main_python = next((python for python in pythons if python.version[:2] == (3, 13)), pythons[-1])
    for python in pythons:
        label = f"{python.implementation} {python.name}"
        if python.implementation == "cpython" and "t" in python.abiflags:
            run.skipped.append(label)
            print(f"skipped  {label}: free-threaded")
            continue
        full = options.all or python is main_python
        for by in ("uv", "pip") if full else ("pip",):
            try:
                python.python = python.install(tools, wheel, by)
            except (Failed, Skipped) as why:
                run.failed.append(f"{label}: install by {by}")
                print(f"FAILED   {label}: install by {by}: {why}", flush=True)
                continue
            run.check(f"{label}: installed by {by}", checks.self_test, python, full)
        if python.python is None:
            continue
        for function in [*checks.ALL, guards.check] if full else checks.QUICK:
            name = "guards" if function is guards.check else function.__name__
            run.check(f"{label}: {name}", function, python, options.all)
    if main_python.python is not None:
        run.check("injected bug", injected_bug, tools, folder, main_python)
        if options.all:
            run.check("packages that read the inside of re", internals, tools, folder, wheel, main_python)
        run.check("instructions at the start", start_up, tools, main_python)
    print(f"{run.passed} passed, {len(run.failed)} failed, {len(run.skipped)} skipped")
    for name in run.failed:
        print("failed:", name)
    return 1 if run.failed or run.passed == 0 else 0


def lints(tools, folder):
    environment = tools.environment(os.path.join(folder, "build"))
    manifest = ["--manifest-path", os.path.join(package.PACKAGE, "Cargo.toml")]
    cargo = os.environ.get("CARGO", "cargo")
    output([cargo, "fmt", "--check", *manifest], env=environment, cwd=package.PACKAGE)
    clippy = [cargo, "clippy", "--all-targets", "--all-features", *manifest, "--", "-D", "warnings"]
    output(clippy, env=environment, cwd=package.PACKAGE)
    output([sys.executable, os.path.join(package.HERE, "make_patterns.py"), "--check"])
    return "cargo fmt, clippy; patterns.jsonl is current"


def injected_bug(tools, folder, python):
    wheel = build_wheel(tools, folder, zig=False, features=["injected-bug"])
    with_bug = Interpreter(python.base, os.path.join(folder, "injected"))
    with_bug.python = with_bug.install(tools, wheel, "pip")
    return package.injected_bug(with_bug)


def internals(tools, folder, wheel, python):
    other = Interpreter(python.base, os.path.join(folder, "internals"))
    other.python = other.install(tools, wheel, "pip")
    return package.internals(tools, other)


def start_up(tools, python):
    clean = Interpreter(python.base, python.folder + "-clean")
    place = clean.folder
    output([python.base, "-m", "venv", "--clear", place])
    clean.python = os.path.join(place, "bin", "python")
    return package.instructions(python, clean)


if __name__ == "__main__":
    sys.exit(main())
