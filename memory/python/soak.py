"""Soaks CPython's own compiler. Runs on 3.8 to 3.15, after oracle.py, whose functions it uses.

Reads one request per line: ["probe", case] adds a pattern to those that are timed, ["compile", case] compiles one,
["time", null] times the probes, and ["sample", null] is answered with a measurement.
"""

import gc
import json
import os
import signal
import time
import weakref

_probes = []
_compiled = []
_times = []
# To test the detector: each compiled pattern leaves an object behind, in a cycle or in a list.
_injected = os.environ.get("SRE_SOAK_INJECT")
_retained = []
_collected = {"collected": 0, "uncollectable": 0}


def compiled(case):
    """Compiles as `re.compile` does without its cache; None if the pattern is rejected."""
    try:
        if _injected == "cycle":
            cycle = []
            cycle.append(cycle)
        elif _injected == "retain":
            _retained.append(object())
        return _compiler.compile(*case)
    except Exception:
        return None


def resident():
    """Returns the resident memory in bytes; None where there is no /proc."""
    try:
        # `open` would leave a few small blocks behind each time.
        file = os.open("/proc/self/statm", os.O_RDONLY)
    except OSError:
        return None
    try:
        return int(os.read(file, 256).split()[1]) * os.sysconf("SC_PAGE_SIZE")
    finally:
        os.close(file)


def seconds(work):
    """Returns the seconds that a function takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def count_collected(phase, info):
    """Adds what a collection found to `_collected`; in `gc.callbacks`.

    `gc.garbage` would not do: it holds only what the collector cannot free, not the cycles that it does free. With
    `gc.DEBUG_SAVEALL` it would hold all of them, but then they would never be freed, and memory would grow.
    """
    if phase == "stop":
        for what in _collected:
            _collected[what] += info[what]


def probe():
    """Compiles the patterns that are timed."""
    for case in _probes:
        compiled(case)


def reference():
    """Does work unrelated to `re`, whose time is the current speed of the machine."""
    counts = {}
    for n in range(20000):
        word = n * n % 1009
        counts[word] = counts.get(word, 0) + 1
    return sorted(counts.items())


def sample():
    """Collects garbage and returns a measurement: by now, all that was compiled should be freed."""
    # The fastest counts, since other programs can only slow it down.
    times = [min(passes) for passes in zip(*_times)]
    del _times[:]
    gc.collect()
    alive = sum(reference() is not None for reference in _compiled)
    del _compiled[:]
    return {
        "latency": times[0] * 1e6 / max(1, len(_probes)),
        "reference": times[1] * 1e6,
        "alive": alive,
        "collected": _collected["collected"],
        "uncollectable": _collected["uncollectable"],
        "blocks": sys.getallocatedblocks(),
        "resident": resident(),
    }


def reply_to_soak(line):
    """Returns the reply to a line; None if it is not answered."""
    what, request = json.loads(line)
    if what == "sample":
        return sample()
    if what == "time":
        _times.append((seconds(probe), seconds(reference)))
        return None
    case = pattern_of(request), request["flags"]
    if what == "probe":
        _probes.append(case)
    else:
        pattern = compiled(case)
        if pattern is not None:
            _compiled.append(weakref.ref(pattern))
    return None


if __name__ == "__main__":
    # On Ctrl-C, `sre soak` ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.simplefilter("ignore")
    # What imports left behind does not count.
    gc.collect()
    gc.callbacks.append(count_collected)
    serve(reply_to_soak)
