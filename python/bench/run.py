"""Measures the accelerator: per pattern, and whole programs in new processes, in turns.

    python3 python/bench/run.py --folder target/python --samples mine.jsonl --output target/python/bench PYTHON...

It builds the wheel, makes an environment for each interpreter, and installs the programs from PyPI. The ceiling of a
program is its plain time less what it spends in the compiler of re; "got" is the share of that gain that was reached.
Prints tables, and writes bench.json and index.html.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "tests"), HERE]

import page  # noqa: E402
from environment import Interpreter, Tools, build_wheel, clean_environment, output  # noqa: E402
from programs import PROGRAMS  # noqa: E402

PARSER = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
PARSER.add_argument("pythons", nargs="+", metavar="PYTHON")
PARSER.add_argument("--folder", required=True, help="for builds, tools and environments")
PARSER.add_argument("--output", required=True, help="for bench.json and index.html")
PARSER.add_argument("--samples", help="JSON Lines of patterns, as sre record writes them; without it, only programs")
PARSER.add_argument("--rounds", type=int, default=9)
PARSER.add_argument("--program", action="append", help="only programs whose name contains this; may be repeated")
PARSER.add_argument("--no-programs", action="store_true")
PARSER.add_argument("--wheel", help="do not build, measure this wheel")


def seconds(python, program, **environment):
    """Run a program in a new process; return its processor time in ms, and what it spent compiling."""
    command = [python, os.path.join(HERE, "programs.py"), program]
    text = subprocess.check_output(command, env=clean_environment(**environment), stderr=subprocess.DEVNULL)
    total, spent, count = text.decode().split()[-3:]
    return float(total) * 1e3, float(spent) * 1e3, int(count)


def measure_program(python, program, rounds):
    """Return the medians of the sides, and of the ratios of each round."""
    for mode in ({}, {"SRE_COMPILER": "1"}, {"MEASURE_COMPILE": "1"}):
        seconds(python, program, **mode)  # Writes .pyc files, and fills the cache of files.
    plain, fast, share, count = [], [], [], 0
    for _ in range(rounds):
        plain.append(seconds(python, program)[0])
        fast.append(seconds(python, program, SRE_COMPILER="1")[0])
        total, spent, count = seconds(python, program, MEASURE_COMPILE="1")
        share.append(spent / total)
    ceiling = [before * (1 - part) for before, part in zip(plain, share)]
    gains = [(p - f) / (p - c) if p > c else 0.0 for p, f, c in zip(plain, fast, ceiling)]
    return {
        "patterns": count,
        "plain": statistics.median(plain),
        "accelerated": statistics.median(fast),
        "ceiling": statistics.median(ceiling),
        "ratio": statistics.median(p / f for p, f in zip(plain, fast)),
        "got": statistics.median(gains),
    }


def programs(python, wanted, rounds):
    results = {}
    for name, (_, package) in PROGRAMS.items():
        if wanted and not any(part in name for part in wanted):
            continue
        try:
            results[name] = measure_program(python, name, rounds)
        except (subprocess.CalledProcessError, ValueError):
            print(f"skipped  {name}: {package} does not run here", flush=True)
            continue
        print(page.program_line(name, results[name]), flush=True)
    return results


def main():
    options = PARSER.parse_args()
    folder = os.path.abspath(options.folder)
    tools = Tools(folder)
    wheel = options.wheel or build_wheel(tools, folder, zig=False)
    found = []
    for path in options.pythons:
        python = Interpreter(path, os.path.join(folder, "bench-environments"))
        executable = python.install(tools, wheel, "uv")
        print(f"CPython {python.name}", flush=True)
        result = {"python": python.name, "patterns": None, "programs": {}}
        if options.samples:
            command = [executable, os.path.join(HERE, "patterns.py"), options.samples, str(options.rounds)]
            result["patterns"] = json.loads(output(command, env=clean_environment()).splitlines()[-1])
            print("\n".join(page.pattern_lines(result["patterns"]["values"])), flush=True)
        if not options.no_programs:
            packages = sorted({package for _, package in PROGRAMS.values() if package})
            install = [tools.get("uv"), "pip", "install", "--quiet", "--python", executable]
            for package in packages:
                output([*install, package], check=False, env=clean_environment())
            result["programs"] = programs(executable, options.program, options.rounds)
        found.append(result)
    os.makedirs(options.output, exist_ok=True)
    with open(os.path.join(options.output, "bench.json"), "w") as file:
        json.dump(found, file, indent=1)
    with open(os.path.join(options.output, "index.html"), "w") as file:
        file.write(page.render(found))
    print("written:", os.path.join(options.output, "index.html"))


if __name__ == "__main__":
    main()
