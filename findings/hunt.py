#!/usr/bin/env python3
"""Searches for wrong matches that this Python's compiler causes, by disabling parts of the compiler.

    findings/hunt.py --seed 1 --patterns 30000

- info: without the info block, with which `search` skips characters that cannot start a match;
- sets: with the members of a set written one by one, not as a bitmap;
- simple: without the short form of repeats of one character.

Each form must find the same spans, including those of groups. Prints each kind of difference with its shortest
pattern. The exit status is 2 if there is a difference.
"""

import argparse
import collections
import platform
import re
import signal
import sys
import warnings

import _sre
from patterns import TEXTS, Maker

if sys.version_info >= (3, 11):
    from re import _compiler, _constants, _parser
else:
    import sre_compile as _compiler
    import sre_constants as _constants
    import sre_parse as _parser

SECONDS = 10
OPTIMIZE, SIMPLE = _compiler._optimize_charset, _compiler._simple


def members(charset, iscased=None, fixup=None, fixes=None):
    """Replaces `_optimize_charset`: folds case, and changes nothing else."""
    folded, cased = [], False
    for op, argument in charset if fixup else ():
        if op not in (_constants.LITERAL, _constants.RANGE):
            folded.append((op, argument))
            continue
        first, last = (argument, argument) if op is _constants.LITERAL else argument
        for character in range(first, last + 1):
            cased = cased or iscased(character)
            lower = fixup(character)
            folded += [(_constants.LITERAL, same) for same in (lower, *(fixes or {}).get(lower, ()))]
    return (folded, True) if cased else (list(charset), False)


def compiled(pattern, optimize=OPTIMIZE, simple=SIMPLE):
    """Compiles a pattern without an info block."""
    _compiler._optimize_charset, _compiler._simple = optimize, simple
    try:
        tree = _parser.parse(pattern)
        code = _compiler._code(tree, 0)
    finally:
        _compiler._optimize_charset, _compiler._simple = OPTIMIZE, SIMPLE
    if code[0] == _constants.INFO:
        del code[: 1 + code[1]]
    groups = tree.state.groups
    return _sre.compile(pattern, tree.state.flags, code, groups - 1, {}, (None,) * groups)


def spans(match):
    return match and [match.span(group) for group in range(match.re.groups + 1)]


def found(program, text):
    once = [spans(way(text)) for way in (program.search, program.match, program.fullmatch)]
    return once + [[spans(match) for match in program.finditer(text)]]


def differing(pattern, texts):
    """Yields kind and text of each difference. All forms but `info` are compared without an info block."""
    bare = compiled(pattern)
    forms = [
        ("info", re.compile(pattern), bare),
        ("sets", bare, compiled(pattern, optimize=members)),
        ("simple", bare, compiled(pattern, simple=lambda item: False)),
    ]
    for text in texts:
        for kind, one, other in forms:
            if found(one, text) != found(other, text):
                yield kind, text


def raise_timeout(*_):
    raise TimeoutError


def main():
    parser = argparse.ArgumentParser(description="Search for wrong matches that this Python's compiler causes.")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--patterns", type=int, default=10000)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGALRM, raise_timeout)
    pairs, kinds = 0, collections.defaultdict(list)
    for seed in range(arguments.seed, arguments.seed + arguments.patterns):
        made = Maker(seed)
        recode = (lambda text: text.encode("latin-1")) if made.bytes else str
        signal.alarm(SECONDS)
        try:
            for kind, text in differing(recode(made.pattern), [recode(text) for text in made.texts]):
                kinds[kind].append((len(made.pattern), made.pattern, text))
            pairs += TEXTS
        except SystemError as why:
            kinds[str(why)].append((len(made.pattern), made.pattern, "one of its texts"))
        except (re.error, ValueError, TimeoutError):
            continue
        finally:
            signal.alarm(0)
    print("{} pairs of pattern and text under {}".format(pairs, platform.python_version()))
    for kind, cases in sorted(kinds.items()):
        _, pattern, text = min(cases, key=lambda case: case[0])
        print("{}: {} differ, such as {!r} on {!r}".format(kind, len(cases), pattern, text))
    return 2 if kinds else 0


if __name__ == "__main__":
    sys.exit(main())
