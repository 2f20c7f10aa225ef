"""Fuzzes the reference alone: raw bytes, guided by the coverage of its parser and compiler, with atheris.

    reference_bytes.py SECONDS SEED FOLDER

Each input becomes a pattern as in CPython's own fuzz target: flags first, the rest is the pattern. All of them are
written to FOLDER/inputs.jsonl, as `sre compile --jsonl` reads them, and to FOLDER/times the seconds of processor time
at which each was made.
"""

import json
import os
import sys
import time
import warnings

import atheris

# They are loaded already, without what counts.
for name in ["re", "re._compiler", "re._parser", "re._constants", "re._casefix"]:
    sys.modules.pop(name, None)
with atheris.instrument_imports(include=["re._compiler", "re._parser"]):
    import re._compiler as compiler

# The bits of the first byte; the highest one says that the pattern is bytes.
FLAGS = [256, 2, 4, 8, 16, 32, 64]

seconds, seed, folder = float(sys.argv[1]), sys.argv[2], sys.argv[3]
os.makedirs(os.path.join(folder, "corpus"), exist_ok=True)
inputs = open(os.path.join(folder, "inputs.jsonl"), "w", buffering=1 << 20)
times = open(os.path.join(folder, "times"), "w", buffering=1 << 16)
warnings.simplefilter("ignore")
spent_on_writing = 0.0


def test_one_input(data):
    global spent_on_writing
    head = data[0] if data else 0
    is_bytes = head >= 128
    flags = sum(flag for bit, flag in enumerate(FLAGS) if head >> bit & 1)
    pattern = data[1:] if is_bytes else data[1:].decode("utf-8", "surrogateescape")

    start = time.process_time()
    if start - spent_on_writing > seconds:
        inputs.flush()
        times.flush()
        os._exit(0)
    request = {"kind": "bytes", "pattern": pattern.decode("latin-1")} if is_bytes else {
        "kind": "str", "codepoints": [ord(c) for c in pattern]}
    inputs.write(json.dumps(request | {"flags": flags}) + "\n")
    times.write(f"{start - spent_on_writing:.2f}\n")
    spent_on_writing += time.process_time() - start

    try:
        compiler.compile(pattern, flags)
    except Exception:
        # Refused: an answer like any other.
        pass


atheris.Setup([sys.argv[0], f"-seed={seed}", "-max_len=256", os.path.join(folder, "corpus")], test_one_input)
atheris.Fuzz()
