"""Compiles every case of a folder with the collector off, then asks it what only it could free: nothing. Then with it on."""

import gc
import sys
import warnings

from corpus import cases

try:
    from re import _compiler as compiler  # 3.11 and later
except ImportError:
    import sre_compile as compiler


def is_accepted(pattern, flags):
    try:
        compiler.compile(pattern, flags)
    except Exception:
        return False
    return True


def only_the_collector_frees(work):
    """How many objects are left unreachable. DEBUG_SAVEALL puts them into gc.garbage instead of freeing them."""
    gc.collect()
    gc.set_debug(gc.DEBUG_SAVEALL)
    work()
    gc.collect()
    count = len(gc.garbage)
    gc.set_debug(0)
    gc.garbage.clear()
    return count


def make_a_cycle():
    cycle = []
    cycle.append(cycle)


warnings.simplefilter("ignore")
patterns = list(cases(sys.argv[1]))
gc.disable()
assert only_the_collector_frees(make_a_cycle) == 1, "the method sees cycles"

is_accepted(r"\N{DIGIT ONE}", 0)  # imports what compiling imports
results = []
left = only_the_collector_frees(lambda: results.extend(is_accepted(*case) for case in patterns))
accepted = sum(results)
print("CPython %d.%d.%d" % sys.version_info[:3])
print("%d patterns accepted, %d rejected" % (accepted, len(patterns) - accepted))
print("%d objects only the collector can free" % left)

runs = []
gc.callbacks.append(lambda phase, info: runs.append(info["collected"]) if phase == "stop" else None)
gc.enable()
kept = [compiler.compile(*case) for case, result in 3 * list(zip(patterns, results)) if result]
gc.disable()
print("collector on: it ran %d times and freed %d objects" % (len(runs), sum(runs)))
assert runs and sum(runs) == 0
assert accepted > 1000 and len(patterns) - accepted > 300
assert left == 0
