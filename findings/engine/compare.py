#!/usr/bin/env python3
"""Compares RustPython's matcher with CPython's, on the code of sre-compiler for generated patterns.

    cargo build --release
    ./compare.py --seed 1 --patterns 20000 target/release/sre-findings-engine

Needs CPython 3.13 or later, whose opcodes the matcher supports. Prints each kind of difference with its shortest
case. The exit status is 2 if there is a difference.
"""

import _sre
import argparse
import collections
import json
import os
import platform
import signal
import subprocess
import sys
import warnings

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from patterns import TEXTS, Maker  # noqa: E402

WAYS = "search", "match", "fullmatch", "finditer"
SECONDS, SHORT = 5, 0.3
LOST = {TimeoutError: "timeout", EOFError: "died"}
Case = collections.namedtuple("Case", "bytes pattern texts")


def spans(match):
    return [list(match.span(group)) for group in range(match.re.groups + 1)]


def cpython(made, answer):
    """Yields the matches in each text, in the same four ways."""
    groups = answer["groups"]
    pattern = made.pattern.encode("latin-1") if made.bytes else made.pattern
    program = _sre.compile(pattern, answer["flags"], answer["code"], groups, {}, (None,) * (groups + 1))
    for text in made.texts:
        text = text.encode("latin-1") if made.bytes else text
        once = (program.search(text), program.match(text), program.fullmatch(text))
        yield [[spans(match)] if match else [] for match in once] + [[spans(match) for match in program.finditer(text)]]


class Engine:
    """RustPython's matcher as a child process, which is restarted when it dies or exceeds a time limit."""

    def __init__(self, path):
        self.command = [path, platform.python_version()]
        self.start()

    def start(self):
        self.child = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")

    def stop(self):
        self.child.kill()
        self.child.communicate()

    def ask(self, made):
        request = {"bytes": made.bytes, "pattern": made.pattern, "texts": made.texts}
        self.child.stdin.write(json.dumps(request) + "\n")
        self.child.stdin.flush()
        line = self.child.stdout.readline()
        if not line:
            raise EOFError
        return json.loads(line)

    def differences(self, made, seconds):
        """Returns kind, text and both results of each text that differs; None if the pattern is rejected."""
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            answer = self.ask(made).get("ran")
            if answer is None:
                return None
            return list(differences(made, answer))
        except (TimeoutError, EOFError) as why:
            signal.setitimer(signal.ITIMER_REAL, 0)
            self.stop()
            self.start()
            return [(LOST[type(why)], None, None, None)]
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)


def differences(made, answer):
    for text, one_found, other_found in zip(made.texts, cpython(made, answer), answer["found"]):
        ways = [way for way, one, other in zip(WAYS, one_found, other_found) if one != other]
        if ways:
            yield " ".join(ways) + (", panic" if "panic" in other_found else ""), text, one_found, other_found


def shrink(engine, made, kind):
    """Removes one to four characters at a time from the case, while the kind of difference stays the same."""
    best = made
    for text in made.texts:
        case = Case(made.bytes, made.pattern, [text])
        if any(kind == found[0] for found in engine.differences(case, SHORT) or ()):
            best = case
            break
    shorter = True
    while shorter:
        shorter = False
        for smaller in smaller_cases(best):
            if any(kind == found[0] for found in engine.differences(smaller, SHORT) or ()):
                best, shorter = smaller, True
                break
    return best


def smaller_cases(case):
    for size in (4, 3, 2, 1):
        for at in range(len(case.pattern) - size + 1):
            yield case._replace(pattern=case.pattern[:at] + case.pattern[at + size:])
        if len(case.texts) == 1:
            for at in range(len(case.texts[0]) - size + 1):
                yield case._replace(texts=[case.texts[0][:at] + case.texts[0][at + size:]])


def raise_timeout(*_):
    raise TimeoutError


def main():
    parser = argparse.ArgumentParser(description="Compare RustPython's matcher with CPython's.")
    parser.add_argument("engine")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--patterns", type=int, default=10000)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGALRM, raise_timeout)
    engine = Engine(arguments.engine)
    pairs, kinds = 0, {}
    for seed in range(arguments.seed, arguments.seed + arguments.patterns):
        maker = Maker(seed)
        made = Case(maker.bytes, maker.pattern, maker.texts)
        found = engine.differences(made, SECONDS)
        if found is None:
            continue
        pairs += TEXTS
        for kind in {kind for kind, *_ in found}:
            count, shortest = kinds.get(kind, (0, made))
            kinds[kind] = count + 1, min(shortest, made, key=lambda case: len(case.pattern))
    print("{} pairs of pattern and text under {}".format(pairs, platform.python_version()))
    for kind, (count, case) in sorted(kinds.items()):
        case = shrink(engine, case, kind)
        print("\n{}: {} patterns\n  {!r} on {}".format(kind, count, case.pattern, " ".join(map(repr, case.texts))))
        for _, _, one_found, other_found in engine.differences(case, SECONDS) or ():
            one_found and print("  CPython    {}\n  RustPython {}".format(one_found, other_found))
    engine.stop()
    return 2 if kinds else 0


if __name__ == "__main__":
    sys.exit(main())
