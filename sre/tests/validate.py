"""Reads JSON Lines of [code, groups]; writes for each whether `_sre.compile` takes the code: 1, 0, or x if it died.

A child answers for many, for some broken code has the validator itself read memory that is not the code's.
"""

import _sre
import json
import os
import sys


def takes(case):
    code, groups = case
    try:
        _sre.compile(None, 0, code, groups, {}, (None,) * (groups + 1))
    except RuntimeError:
        return b"0"
    return b"1"


def answers(cases):
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, b"".join(map(takes, cases)))
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        answer = file.read()
    os.waitpid(child, 0)
    if len(answer) == len(cases):
        return answer
    if len(cases) == 1:
        return b"x"
    half = len(cases) // 2
    return answers(cases[:half]) + answers(cases[half:])


cases = [json.loads(line) for line in sys.stdin]
for start in range(0, len(cases), 256):
    sys.stdout.write(answers(cases[start : start + 256]).decode())
