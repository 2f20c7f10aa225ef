"""Times re per pattern, plain and accelerated, in turns. Prints a line of JSON.

Run by an interpreter in which sre_compiler can be imported. Arguments: a file of JSON Lines as `sre record` writes, and
the number of rounds. Times are of the thread's processor.
"""
import gc
import json
import os
import re
import sys
import time
import timeit
import warnings

import sre_compiler

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests"))
from cases import of_json  # noqa: E402

if sys.version_info >= (3, 11):
    from re import _compiler as compiler
else:
    import sre_compile as compiler


def load(path):
    """Return the patterns that compile without a warning."""
    found = []
    warnings.simplefilter("error")
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            case = of_json(json.loads(line))
            try:
                compiler.compile(*case)
                found.append(case)
            except Exception:
                pass
    warnings.simplefilter("default")
    return found


def each(function, cases):
    """Return microseconds per pattern, of which none is in the cache."""
    start = time.thread_time()
    for pattern, flags in cases:
        function(pattern, flags)
    return (time.thread_time() - start) / len(cases) * 1e6


def cleared(pattern, flags):
    CACHE.clear()
    CACHE2.clear()
    re.compile(pattern, flags)


CACHE, CACHE2 = re._cache, getattr(re, "_cache2", {})
HITS = {
    "match(str)": "match('a+', subject)",
    "match(str, I)": "match('a+', subject, flags)",
    "match(compiled)": "match(compiled, subject)",
}
SET_UP = "from re import match, compile, I; compiled, subject, flags = compile('a+'), 'aaab', I"


def hit(statement):
    """Return nanoseconds per call, of several runs the fastest."""
    return min(timeit.repeat(statement, SET_UP, repeat=40, number=2000)) / 2000 * 1e9


def median(values):
    return sorted(values)[len(values) // 2]


def main(path, rounds):
    cases = load(path)
    results = {}

    def note(name, value):
        results.setdefault(name, []).append(value)

    for _ in range(int(rounds)):
        for state in ("plain", "hook 1", "accelerated"):
            if state != "plain":
                assert sre_compiler.install(cache=state == "accelerated")
            gc.collect()
            # The fast sides run several times, as they take so little.
            for _ in range(1 if state == "plain" else 3):
                if state != "accelerated":
                    note(f"compiler {state}", each(lambda p, f: compiler.compile(p, f), cases))
                note(f"re.compile {state}", each(cleared, cases))
            if state != "hook 1":
                for name, statement in HITS.items():
                    note(f"{name} {state}", hit(statement))
            sre_compiler.uninstall()
    values = {
        name: min(times) if name.startswith("match") else median(times) for name, times in results.items()
    }
    version = ".".join(map(str, sys.version_info[:3]))
    print(json.dumps({"python": version, "patterns": len(cases), "values": values}))


if __name__ == "__main__":
    main(*sys.argv[1:])
