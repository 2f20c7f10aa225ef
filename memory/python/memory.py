"""Measures the memory that CPython's own compiler uses. Runs on 3.8 to 3.15, after oracle.py, whose functions it uses."""

import gc
import os
import re
import tracemalloc

# To test the measurement: each compiled pattern leaves a cycle behind.
_leaves_a_cycle = os.environ.get("SRE_MEMORY_INJECT") == "cycle"


def compiled(pattern, flags):
    """Compiles as `re.compile` does without its cache; None if the pattern is rejected."""
    try:
        if _leaves_a_cycle:
            cycle = []
            cycle.append(cycle)
        # With DEBUG, it would print.
        return _compiler.compile(pattern, flags & ~_DEBUG)
    except Exception:
        return None


def nothing(pattern, flags):
    """Does nothing: the cost of calling `compiled`, without compiling."""
    return None


def prepare():
    """Turns the collector off, which then runs only between patterns, and ignores warnings."""
    gc.disable()
    warnings.simplefilter("ignore")


def allocated():
    return tracemalloc.get_traced_memory()[0]


def traced(pattern, flags):
    """Returns, in bytes but for the objects, None if the pattern is rejected:

    the peak; what is allocated after compiling; the number and the size of the objects that the collector then finds;
    what is freed when the pattern is dropped; what the cache of `re` holds; what is left of that after purge().
    """
    # The first time fills free lists and tables, which CPython keeps between patterns.
    if compiled(pattern, flags) is None:
        gc.collect(0)
        return None
    gc.collect(0)
    tracemalloc.start()
    try:
        # Also resets the peak.
        tracemalloc.clear_traces()
        result = compiled(pattern, flags)
        retained, peak = tracemalloc.get_traced_memory()
        objects, waiting = unreachable()
        alive = allocated()
        result = None
        freed = alive - allocated()
    finally:
        tracemalloc.stop()
    return (peak, retained, objects, waiting, max(freed, 0)) + cached(pattern, flags)


def unreachable():
    """Frees the objects that only the collector frees, and returns their number and their size in bytes.

    Without DEBUG_SAVEALL, `gc.garbage` would hold only what the collector cannot free.
    """
    gc.set_debug(gc.DEBUG_SAVEALL)
    # Only the youngest generation: a full collection would also empty free lists.
    gc.collect(0)
    gc.set_debug(0)
    found = len(gc.garbage), sum(map(sys.getsizeof, gc.garbage))
    if gc.garbage:
        del gc.garbage[:]
        gc.collect()
    return found


def cached(pattern, flags):
    """Returns the bytes that the cache of `re` holds for a pattern, its text included, and those left after purge()."""
    # Twice: the first time fills tables that are kept.
    held_once(pattern, flags)
    return held_once(pattern, flags)


def held_once(pattern, flags):
    re.purge()
    # The first entry pays for the table of the cache.
    re.compile("other" if isinstance(pattern, str) else b"other")
    tracemalloc.start()
    try:
        re.compile(pattern, flags & ~_DEBUG)
        held = allocated() + sys.getsizeof(pattern)
        re.purge()
        left = allocated()
    finally:
        tracemalloc.stop()
    gc.collect(0)
    return held, left


def reply_with_memory(line):
    """Returns the reply to a line."""
    import json

    request = json.loads(line)
    return {"traced": traced(pattern_of(request), request["flags"])}


if __name__ == "__main__":
    prepare()
    serve(reply_with_memory)
