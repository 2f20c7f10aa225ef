"""Measures the memory that CPython's own compiler uses. Runs on 3.8 to 3.15, after oracle.py, whose functions it uses."""

import gc
import tracemalloc


def compiled(pattern, flags):
    """Compiles as `re.compile` does without its cache; None if the pattern is rejected."""
    try:
        return _compiler.compile(pattern, flags)
    except Exception:
        return None


def nothing(pattern, flags):
    """Does nothing: the cost of calling `compiled`, without compiling."""
    return None


def prepare():
    """Turns the collector off, which then runs only between patterns, and ignores warnings."""
    gc.disable()
    warnings.simplefilter("ignore")


def traced(pattern, flags):
    """Returns the peak, and what stays allocated while the pattern lives, in bytes; None if it is rejected."""
    # The first time fills free lists and tables, which CPython keeps between patterns.
    if compiled(pattern, flags) is None:
        gc.collect(0)
        return None
    gc.collect(0)
    tracemalloc.start()
    try:
        # Also resets the peak.
        tracemalloc.clear_traces()
        pattern_object = compiled(pattern, flags)
        retained, peak = tracemalloc.get_traced_memory()
        del pattern_object
    finally:
        tracemalloc.stop()
    return peak, retained


def reply_with_memory(line):
    """Returns the reply to a line."""
    import json

    request = json.loads(line)
    return {"traced": traced(pattern_of(request), request["flags"])}


if __name__ == "__main__":
    prepare()
    serve(reply_with_memory)
