"""CPython's own compiler under watch. Runs on 3.8 to 3.15, after oracle.py, whose functions it uses.

Reads ["probe", case], a pattern to be timed; ["compile", case]; ["time", null], now; and ["sample", null], which
alone is answered.
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


def compiled(case):
    """Compiles as `re.compile` does what its cache does not hold; None if the pattern is refused."""
    try:
        return _compiler.compile(*case)
    except Exception:
        return None


def resident():
    """Resident memory in bytes; None where the system does not tell it in a file."""
    try:
        # Not through `open`, which leaves a few small blocks behind each time.
        file = os.open("/proc/self/statm", os.O_RDONLY)
    except OSError:
        return None
    try:
        return int(os.read(file, 256).split()[1]) * os.sysconf("SC_PAGE_SIZE")
    finally:
        os.close(file)


def seconds(work):
    """How long something takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def probe():
    for case in _probes:
        compiled(case)


def reference():
    """Work that has nothing to do with `re`: how fast the machine is just now."""
    counts = {}
    for n in range(20000):
        word = n * n % 1009
        counts[word] = counts.get(word, 0) + 1
    return sorted(counts.items())


def sample():
    """Where the interpreter stands, when all that was compiled should be gone."""
    # The fastest counts: other programs only ever slow it down.
    times = [min(passes) for passes in zip(*_times)]
    del _times[:]
    gc.collect()
    alive = sum(reference() is not None for reference in _compiled)
    del _compiled[:]
    return {
        "latency": times[0] * 1e6 / max(1, len(_probes)),
        "reference": times[1] * 1e6,
        "alive": alive,
        "garbage": len(gc.garbage),
        "blocks": sys.getallocatedblocks(),
        "resident": resident(),
    }


def reply_to_soak(line):
    """None to what asks for no answer."""
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
    # Who started this ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.simplefilter("ignore")
    serve(reply_to_soak)
