"""What CPython's own compiler takes of memory. Runs on 3.8 to 3.15, after oracle.py, whose functions it uses."""

import gc
import tracemalloc


def compiled(pattern, flags):
    """Compiles as `re.compile` does what its cache does not hold; None if the pattern is refused."""
    try:
        return _compiler.compile(pattern, flags)
    except Exception:
        return None


def nothing(pattern, flags):
    """What a call of `compiled` takes that does not compile."""
    return None


def prepare():
    """Garbage is collected between patterns, not while one is measured, and warnings are not kept."""
    gc.disable()
    warnings.simplefilter("ignore")


def traced(pattern, flags):
    """The most that was allocated at a time, and what still is while the pattern lives; None if it is refused."""
    # The first time fills what CPython keeps between patterns: free lists, tables.
    if compiled(pattern, flags) is None:
        gc.collect(0)
        return None
    gc.collect(0)
    tracemalloc.start()
    try:
        # Also sets the peak to nothing.
        tracemalloc.clear_traces()
        kept = compiled(pattern, flags)
        retained, peak = tracemalloc.get_traced_memory()
        del kept
    finally:
        tracemalloc.stop()
    return peak, retained


def reply_with_memory(line):
    """The object that answers a line."""
    import json

    request = json.loads(line)
    return {"traced": traced(pattern_of(request), request["flags"])}


if __name__ == "__main__":
    prepare()
    serve(reply_with_memory)
