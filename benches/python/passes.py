"""Times CPython's own compiler from within Python, so that the cost of calling it from Rust does not count."""

import gc
import json
import platform
import sysconfig
import warnings
from time import perf_counter_ns, thread_time_ns

from sre_oracle import _code, _parse, pattern_of

_cases = []


def about():
    """Returns the version and the build: one with profile-guided optimisation (PGO) is faster."""
    arguments = sysconfig.get_config_var("CONFIG_ARGS") or ""
    pgo = "--enable-optimizations" in arguments
    lto = "--with-lto" in arguments
    return "%s, %s PGO, %s LTO, %s" % (
        platform.python_version(),
        "with" if pgo else "without",
        "with" if lto else "without",
        platform.python_compiler(),
    )


def load(lines):
    """Reads cases as JSON Lines, and returns for each whether it compiles."""
    warnings.simplefilter("ignore")
    _cases[:] = [(pattern_of(request), request["flags"]) for request in map(json.loads, lines.splitlines())]
    # The collector stays on, as it is for users, but need not scan what lives as long as the process.
    gc.collect()
    gc.freeze()
    return [_compiles(pattern, flags) for pattern, flags in _cases]


def _compiles(pattern, flags):
    try:
        _code(_parse(pattern, flags), flags)
    except Exception:
        return False
    return True


def one_pass(which):
    """Compiles each case once, and returns the processor time for all in nanoseconds."""
    cases = [_cases[n] for n in which]
    parse, code = _parse, _code
    start = thread_time_ns()
    for pattern, flags in cases:
        code(parse(pattern, flags), flags)
    return thread_time_ns() - start


def each(which):
    """Compiles each case once, and returns the real time for each in nanoseconds."""
    cases = [_cases[n] for n in which]
    parse, code = _parse, _code
    times = []
    for pattern, flags in cases:
        start = perf_counter_ns()
        code(parse(pattern, flags), flags)
        times.append(perf_counter_ns() - start)
    return times
