"""How much of CPython's own compiler the cases on standard input reach (JSON Lines, as `sre compile --jsonl` reads them).

Prints the lines and the steps from line to line. By `sys.settrace`: slow, and independent of the marks that guide the
search.
"""

import dis
import json
import sys
import warnings

if sys.version_info >= (3, 11):
    from re import _compiler, _parser
else:
    import sre_compile as _compiler
    import sre_parse as _parser

FILES = {_parser.__file__, _compiler.__file__}


def lines_of(code):
    found = {(code.co_filename, line) for _, line in dis.findlinestarts(code) if line}
    for constant in code.co_consts:
        if hasattr(constant, "co_code"):
            found |= lines_of(constant)
    return found


def possible():
    """The lines of all functions of both modules."""
    found = set()
    for file in FILES:
        with open(file, encoding="utf-8") as source:
            module = compile(source.read(), file, "exec")
        for constant in module.co_consts:
            if hasattr(constant, "co_code"):
                found |= lines_of(constant)
    return found


def main():
    lines, steps = set(), set()

    def trace(frame, event, argument):
        name = frame.f_code.co_filename
        if name not in FILES:
            return None
        before = frame.f_lineno

        def local(frame, event, argument):
            nonlocal before
            if event == "line":
                line = frame.f_lineno
                lines.add((name, line))
                steps.add((name, before, line))
                before = line
            return local

        return local

    warnings.simplefilter("ignore")
    for request in map(json.loads, sys.stdin):
        text = request.get("pattern")
        if text is None:
            text = "".join(map(chr, request["codepoints"]))
        pattern = text.encode("latin-1") if request["kind"] == "bytes" else text
        sys.settrace(trace)
        try:
            _compiler._code(_parser.parse(pattern, request["flags"]), request["flags"])
        except Exception:
            pass
        finally:
            sys.settrace(None)
    everything = possible()
    print(len(lines & everything), len(everything), len(steps))


main()
