"""Compares both compilers over the patterns that come with the package."""
import json
import os
import warnings

from _sre_compiler import native
from sre_compiler._verify import Divergence, compare, report


def run():
    """Return the number of patterns compared. Raise Divergence on the first difference."""
    was_installed = native.status()["installed"]
    if not was_installed and not native.install():
        raise RuntimeError("sre_compiler cannot be installed: " + native.status()["why"])
    try:
        return compare_all(patterns())
    finally:
        if not was_installed:
            native.uninstall()


def patterns():
    """Yield pattern and flags."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "patterns.jsonl")
    with open(path, encoding="ascii") as lines:
        for line in lines:
            yield case(json.loads(line))


def case(data):
    """Return pattern and flags of a line in the format of `sre compile --jsonl`."""
    text = data["pattern"] if "pattern" in data else "".join(map(chr, data["codepoints"]))
    return (text.encode("latin-1") if data["kind"] == "bytes" else text), data["flags"]


def compare_all(cases):
    count = 0
    original = cpython_compile()
    for pattern, flags in cases:
        difference = compare_one(original, pattern, flags)
        if difference is not None:
            raise difference
        count += 1
    if count == 0:
        raise Divergence("no patterns were compared: the package is incomplete")
    return count


def compare_one(original, pattern, flags):
    """Compare one pattern, warnings included. Return None or the Divergence."""
    examined = native._examine(pattern, flags)
    cpython = error = None
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            cpython = original(pattern, flags)
        except Exception as raised:
            error = raised
    difference = compare(pattern, flags, examined, cpython, error)
    if difference is None and examined[4] is None:
        found = [(warning.category.__name__, str(warning.message)) for warning in caught]
        warned = examined[3]
        if warned != found:
            difference = report(pattern, flags, [("warnings", warned, found)])
    return difference


def cpython_compile():
    """Return CPython's own function, which the hook stands in the place of."""
    return native._original
