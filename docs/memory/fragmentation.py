"""10,000 compiled patterns, of which one in a hundred and then none is kept: blocks, arenas, resident memory."""

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
if not sys.platform.startswith("linux"):
    print("skipped: resident memory is read from /proc, which is Linux's")
    sys.exit()
start = row("start")
patterns = [compiler.compile("(x%d|y)[a-f]+z{2,5}" % number, 0) for number in range(10000)]
full = row("10,000 alive")
patterns = patterns[::100]
few = row("one in a hundred kept")
patterns = None
none = row("none kept")
assert none[0] - start[0] < 1000 and few[0] - start[0] < 2000, "the blocks are free"
assert few[1] > 0.9 * full[1], "an arena in which one block is left stays"
assert none[1] < few[1], "an empty one goes back"
