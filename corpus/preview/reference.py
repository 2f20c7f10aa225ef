"""Compiles as CPython 3.16 is expected to, on a CPython 3.15: the source of its `re`, changed at run time.

    python3.15 corpus/preview/reference.py FILE.jsonl      answers to requests as `sre compile --jsonl` takes them
    python3.15 corpus/preview/reference.py --record        writes 3.16.jsonl anew, from cases.txt

The changes are those of CPython's main branch in September 2026 which the preview dialect imitates: a single category is the
instruction CATEGORY instead of a set. What the preview does not support is answered with a NotImplementedError: set operators,
properties, and what `_optimizer.py` fuses. Unicode stays 17.0, and `_sre` is not asked, since that of 3.15 refuses such code.
"""

import contextlib
import io
import json
import sys
import types
import warnings
from pathlib import Path

import re._casefix
import re._compiler
import re._constants
import re._parser

FOLDER = Path(__file__).parent
FLAGS = {"a": 256, "i": 2, "L": 4, "m": 8, "s": 16, "u": 32, "x": 64, "-": 0}
CATEGORIES = ("DIGIT", "NOT_DIGIT", "SPACE", "NOT_SPACE", "WORD", "NOT_WORD")
# In the parser: what stands there, and what takes its place.
PARSER = [
    *(("(IN, [(CATEGORY, CATEGORY_%s)])" % name, "(CATEGORY, CATEGORY_%s)" % name) for name in CATEGORIES),
    ("if code and code[0] is IN:", "if code and code[0] is CATEGORY:"),
    (
        "if _len(set) == 1 and set[0][0] is LITERAL:",
        "if _len(set) == 1 and set[0][0] is CATEGORY:\n"
        "                op, av = set[0]\n"
        "                subpatternappend((op, CH_NEGATE[av] if negate else av))\n"
        "            elif _len(set) == 1 and set[0][0] is LITERAL:",
    ),
    ("        if op is LITERAL:\n            set.append((op, av))", "        if op in (LITERAL, CATEGORY):\n            set.append((op, av))"),
    ('if set and this in \'-&~|\' and source.next == this:', 'if set and this in "-&|" and source.next == this: raise NotImplementedError\n                    if set and this == "~" and source.next == this:'),
    ("if that == '-':", "if that == '-': raise NotImplementedError\n                        if 0:"),
    (
        "def _class_escape(source, escape):\n",
        "def _class_escape(source, escape):\n    if source.istext and escape in ('\\\\p', '\\\\P'): raise NotImplementedError\n",
    ),
    (
        "def _escape(source, escape, state):\n",
        "def _escape(source, escape, state):\n    if source.istext and escape in ('\\\\p', '\\\\P'): raise NotImplementedError\n",
    ),
]
COMPILER = [
    ("_UNIT_CODES = _LITERAL_CODES | {ANY, IN}", "_UNIT_CODES = _LITERAL_CODES | {ANY, IN, CATEGORY}"),
    (
        "    elif op is BRANCH:\n        charset = []",
        "    elif op is CATEGORY:\n        return [(op, av)]\n    elif op is BRANCH:\n        charset = []",
    ),
]


def changed(name, changes, package):
    """A module of `re`, compiled anew with changes of its source."""
    source = Path(sys.modules["re." + name].__file__).read_text()
    for old, new in changes:
        if source.count(old) != 1:
            raise SystemExit("%s: expected once, not %d times: %r" % (name, source.count(old), old))
        source = source.replace(old, new)
    module = types.ModuleType(package + "." + name)
    module.__package__ = package
    sys.modules[module.__name__] = module
    exec(compile(source, name, "exec"), module.__dict__)
    setattr(sys.modules[package], name, module)
    return module


def load(package="re_preview"):
    sys.modules[package] = types.ModuleType(package)
    sys.modules[package].__path__ = []
    for name in ("_constants", "_casefix"):
        sys.modules[package + "." + name] = module = sys.modules["re." + name]
        setattr(sys.modules[package], name, module)
    return changed("_parser", PARSER, package), changed("_compiler", COMPILER, package)


parser, compiler = load()
C = re._constants
NESTED = {
    C.BRANCH: lambda av: av[1],
    C.ASSERT: lambda av: [av[1]],
    C.ASSERT_NOT: lambda av: [av[1]],
    C.SUBPATTERN: lambda av: [av[3]],
    C.ATOMIC_GROUP: lambda av: [av],
    C.MIN_REPEAT: lambda av: [av[2]],
    C.MAX_REPEAT: lambda av: [av[2]],
    C.POSSESSIVE_REPEAT: lambda av: [av[2]],
    C.GROUPREF_EXISTS: lambda av: [part for part in av[1:] if part is not None],
}


def is_set(items, negated):
    return len(items) == 1 and items[0][0] is C.IN and (items[0][1][0][0] is C.NEGATE) is negated


def is_flat(items):
    return len(items) == 1 and items[0][0] in (C.LITERAL, C.CATEGORY) or is_set(items, negated=False)


def check_fused(items):
    """Raises a NotImplementedError where the optimizer of 3.16 would fuse items. CPython: `_optimizer._walk`"""
    for op, av in items:
        parts = NESTED[op](av) if op in NESTED else []
        for part in parts:
            check_fused(list(part))
        if op is C.BRANCH:
            negated = sum(is_set(part, negated=True) for part in parts)
            if negated == 1 and all(is_flat(part) or is_set(part, negated=True) for part in parts):
                raise NotImplementedError
    for before, (op, av) in zip(items, items[1:]):
        if op is C.ASSERT_NOT and av[0] < 0 and is_flat([before]) and is_flat(av[1]):
            raise NotImplementedError


def answer(request, with_tree=False):
    text = request.get("pattern")
    if text is None:
        text = "".join(map(chr, request["codepoints"]))
    pattern = text if request["kind"] == "str" else text.encode("latin-1")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            tree = parser.parse(pattern, request["flags"])
            code = compiler._code(tree, request["flags"])
            check_fused(list(tree))
            names = tree.state.groupdict
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                tree.dump()
            result = {"code": [int(word) for word in code], "flags": request["flags"] | tree.state.flags}
            result["groups"] = tree.state.groups - 1
            result["groupindex"] = list(map(list, names.items()))
            if with_tree:
                result["tree"] = printed.getvalue()
        except re.error as e:
            result = {"error": {"type": "error", "msg": e.msg, "pos": e.pos, "lineno": e.lineno, "colno": e.colno}}
        except (OverflowError, ValueError, RecursionError, NotImplementedError) as e:
            result = {"error": {"type": type(e).__name__, "msg": str(e), "pos": None, "lineno": None, "colno": None}}
    result["warnings"] = [[w.category.__name__, str(w.message)] for w in caught]
    return result


def main():
    if sys.version_info[:2] != (3, 15):
        raise SystemExit("this needs CPython 3.15, whose source it changes")
    if sys.argv[1:] == ["--record"]:
        with open(FOLDER / "3.16.jsonl", "w") as out:
            for line in (FOLDER / "cases.txt").read_text().splitlines():
                if line and not line.startswith("#"):
                    kind, letters, pattern = line.split(" ", 2)
                    flags = sum(FLAGS[letter] for letter in letters)
                    request = {"kind": kind, "pattern": pattern, "flags": flags}
                    print(json.dumps({"case": request, "answer": answer(request, with_tree=True)}), file=out)
        return
    with open(sys.argv[1]) as requests:
        for line in requests:
            print(json.dumps(answer(json.loads(line))))


if __name__ == "__main__":
    main()
