"""Reads cases as JSON Lines; writes for each what `re.compile` itself does: its error, if it raises one, and the warnings
that it gives, in order.
"""

import json
import os
import re
import sys
import warnings


def text(of):
    """A str as JSON, lone surrogates and all."""
    return list(map(ord, of))


def answer(request):
    pattern = "".join(map(chr, request["codepoints"])) if "codepoints" in request else request["pattern"]
    if request["kind"] == "bytes":
        pattern = pattern.encode("latin-1")
    error = None
    re.purge()
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            re.compile(pattern, request["flags"])
        except re.error as raised:
            error = ["error", text(raised.msg), [raised.pos, raised.lineno, raised.colno]]
        except Exception as raised:
            error = [type(raised).__name__, text(str(raised)), [None] * 3]
    return {
        "error": error,
        "warnings": [[warning.category.__name__, text(str(warning.message))] for warning in warned],
    }


def main():
    out = os.fdopen(os.dup(1), "w")
    # With re.DEBUG the code is printed.
    sys.stdout = open(os.devnull, "w", encoding="utf-8", errors="replace")
    for line in sys.stdin.buffer:
        out.write(json.dumps(answer(json.loads(line))) + "\n")
    out.close()


main()
