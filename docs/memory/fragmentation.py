"""20,000 compiled patterns, of which none or one in a hundred is kept: blocks, arenas, resident memory. Linux."""

import gc
import os
import sys
import tempfile

try:
    from re import _compiler as compiler  # 3.11 and later
except ImportError:
    import sre_compile as compiler


def arenas():
    """How many arenas pymalloc holds; sys._debugmallocstats writes to file descriptor 2."""
    with tempfile.TemporaryFile() as file:
        stderr = os.dup(2)
        os.dup2(file.fileno(), 2)
        try:
            sys._debugmallocstats()
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)
        file.seek(0)
        line = next(line for line in file if b"arenas allocated current" in line)
    return int(line.split(b"=")[1].replace(b",", b""))


def row(what):
    gc.collect()
    blocks, held = sys.getallocatedblocks(), arenas()
    with open("/proc/self/statm") as file:
        resident = int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2.0**20
    print("%-21s %7d blocks  %3d arenas  %5.1f MiB resident" % (what, blocks, held, resident))
    return blocks, held


print("CPython %d.%d.%d" % sys.version_info[:3])
make = lambda: [compiler.compile("(x%d|y)[a-f]+z{2,5}" % number, 0) for number in range(20000)]
start = row("start")
patterns = make()
full = row("20,000 alive")
patterns = None
none = row("none kept")
patterns = make()
patterns = patterns[::100]
few = row("one in a hundred kept")
assert none[0] - start[0] < 1000 and few[0] - start[0] < 2000, "the blocks are free"
assert none[1] - start[1] <= (full[1] - start[1]) / 2, "so are the arenas, if nothing is left in them"
assert few[1] > 0.9 * full[1], "not if a little is left in each"
