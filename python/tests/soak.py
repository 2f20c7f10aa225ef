"""Compiles real patterns in threads without pause, with the collector at its lowest threshold and little memory.

    SRE_SAMPLES=mine.jsonl python python/tests/soak.py MINUTES [THREADS]

Run by an interpreter in which sre_compiler can be imported. Each result is compared with CPython's own. Every ten
seconds it prints patterns and memory. Exit status: 0 all alike and no growth; 1 otherwise.
"""
import gc
import os
import random
import re
import resource
import sys
import threading
import time
import warnings

import cases
import sre_compiler

if sys.version_info >= (3, 11):
    from re import _compiler as compiler
else:
    import sre_compile as compiler

# Memory for the whole process in MiB, beyond what it has at the start.
SPARE = 200


def resident():
    """Return the resident memory in KiB."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() // 1024


def expectations():
    """Return patterns with CPython's own answer: a pattern, or the exception's type and text."""
    found = []
    patterns = cases.corpus() + cases.samples()
    for pattern, flags in patterns + cases.mutations(patterns, 2000):
        try:
            found.append((pattern, flags, compiler.compile(pattern, flags)))
        except Exception as error:
            found.append((pattern, flags, (type(error), str(error))))
    return found


class Work:
    def __init__(self, found):
        self.found, self.stop, self.wrong = found, threading.Event(), []
        self.counts = {}

    def run(self, seed):
        rng = random.Random(seed)
        count = 0
        while not self.stop.is_set():
            pattern, flags, expected = rng.choice(self.found)
            # A copy, so that the text's object is new each time.
            text = pattern[:1] + pattern[1:]
            try:
                made = (re.compile if rng.random() < 0.3 else compiler.compile)(text, flags)
            except MemoryError:
                continue
            except Exception as error:
                made = (type(error), str(error))
            if made != expected:
                self.wrong.append((pattern, flags, made, expected))
            if rng.random() < 0.001:
                re.purge()
            if rng.random() < 0.0005:
                self.press()
            count += 1
            self.counts[seed] = count

    def press(self):
        """Take memory until there is none, and release it."""
        blocks = []
        try:
            while len(blocks) < SPARE:
                blocks.append(bytearray(1 << 20))
        except MemoryError:
            pass


def main(minutes, threads="4"):
    warnings.simplefilter("ignore")
    found = expectations()
    assert sre_compiler.install(), sre_compiler.status()
    gc.collect()
    with open("/proc/self/statm") as file:
        virtual = int(file.read().split()[0]) * resource.getpagesize()
    sys.setswitchinterval(1e-5)
    gc.set_threshold(1, 5, 5)
    work = Work(found)
    workers = [threading.Thread(target=work.run, args=(seed,)) for seed in range(int(threads))]
    for worker in workers:
        worker.start()
    # Once the threads have their stacks.
    time.sleep(1)
    limit = virtual + (int(threads) * 80 + SPARE) * (1 << 20)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    start, memory = time.time(), []
    while time.time() - start < float(minutes) * 60 and not work.wrong:
        time.sleep(10)
        memory.append(resident())
        print(f"{time.time() - start:.0f} s: {sum(work.counts.values()):,} patterns, {memory[-1]:,} KiB", flush=True)
    work.stop.set()
    for worker in workers:
        worker.join()
    for wrong in work.wrong[:3]:
        print("DIFFERENT", wrong)
    status = sre_compiler.status()
    half = len(memory) // 2
    grown = max(memory[half:]) - max(memory[:half]) if half else 0
    print(f"{len(work.wrong)} different; memory of the second half {grown:+,} KiB against the first; {status}")
    assert status["compiled"] > 1000
    return 1 if work.wrong or grown > 20_000 else 0


if __name__ == "__main__":
    os.environ.setdefault("SRE_SAMPLES", "")
    sys.exit(main(*sys.argv[1:]))
