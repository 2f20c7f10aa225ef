"""Imports all modules of packages, and writes what each call of `re` compiles: JSON Lines with the place of the call.

    python trace.py OUTPUT PACKAGE…

Run it under `sre record` to have the same seen by the compiler. Modules that fail to be imported, or end the process,
are skipped. Lexers of Pygments are instantiated, and those of pycparser built, since they compile late.
"""

import importlib
import json
import os
import pkgutil
import re
import sys

SKIPPED = ("__main__", ".tests", ".test.", ".conftest", "idlelib", "turtle", "antigravity", ".benchmarks")


def trace(output):
    inner = re._compile
    seen = set()

    def compile_and_note(pattern, flags):
        frame = sys._getframe(1)
        while frame is not None and frame.f_globals.get("__name__") in ("re", "re._compiler"):
            frame = frame.f_back
        if frame is not None and isinstance(pattern, (str, bytes)):
            key = frame.f_code.co_filename, frame.f_lineno, pattern, int(flags)
            if key not in seen:
                seen.add(key)
                file, line, pattern, number = key
                kind = "str" if isinstance(pattern, str) else "bytes"
                text = pattern if kind == "str" else pattern.decode("latin-1")
                output.write(json.dumps({"file": file, "line": line, "kind": kind, "pattern": text, "flags": number}) + "\n")
        return inner(pattern, flags)

    re._compile = compile_and_note


def import_all(name):
    try:
        package = importlib.import_module(name)
    except BaseException:
        return
    for info in pkgutil.walk_packages(getattr(package, "__path__", []), name + ".", lambda _: None):
        if any(part in info.name + "." for part in SKIPPED):
            continue
        try:
            importlib.import_module(info.name)
        except BaseException:
            continue


def exercise(packages):
    if "pygments" in packages:
        from pygments.lexers import get_all_lexers, get_lexer_by_name
        for _, aliases, _, _ in get_all_lexers():
            if aliases:
                try:
                    get_lexer_by_name(aliases[0])
                except Exception:
                    continue
    if "pycparser" in packages:
        from pycparser import c_parser
        c_parser.CParser()


def main():
    with open(sys.argv[1], "w") as output:
        trace(output)
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 0)
        os.dup2(null, 1)
        for name in sys.argv[2:]:
            import_all(name)
        exercise(sys.argv[2:])
        output.flush()
        # Threads of the packages may be left.
        os._exit(0)


if __name__ == "__main__":
    main()
