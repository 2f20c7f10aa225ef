"""Confirms what `sre check --source` read, by Python's own parser and constants. Its JSON Lines come on stdin.

Every literal pattern that it found is the argument of such a call, with that text and those flags; and every call of
`re` that is there was found, or skipped.
"""

import ast
import io
import json
import re
import sys
import tokenize

FLAGS_AT = {"compile": 1, "match": 2, "fullmatch": 2, "search": 2, "findall": 2, "finditer": 2, "split": 3, "sub": 4,
            "subn": 4, "template": 1, "prefixmatch": 2}
# Flags that this Python may lack, in the place of the module's own.
MISSING = {"NOFLAG": 0, "T": 1, "TEMPLATE": 1}


def argument(call, position, name):
    if len(call.args) > position:
        return call.args[position]
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


def evaluate(node, names):
    return eval(compile(ast.fix_missing_locations(ast.Expression(node)), "", "eval"), dict(names))


def calls_of(tree):
    """Each call of a function of `re`, its name, and what the imports of `re` bind."""
    names, functions, modules = {}, {}, set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            aliases = [alias for alias in node.names if alias.name == "re"]
            modules.update(alias.asname or "re" for alias in aliases)
            names.update((alias.asname or "re", re) for alias in aliases)
        elif isinstance(node, ast.ImportFrom) and node.module == "re" and not node.level:
            if node.names[0].name == "*":
                functions.update((name, name) for name in FLAGS_AT)
                names.update((name, getattr(re, name)) for name in re.__all__)
                continue
            for alias in node.names:
                if alias.name in FLAGS_AT:
                    functions[alias.asname or alias.name] = alias.name
                names[alias.asname or alias.name] = getattr(re, alias.name, MISSING.get(alias.name))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            func = node.func
            if isinstance(func, ast.Name) and func.id in functions:
                yield node, functions[func.id], names
            elif isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) and func.value.id in modules:
                if func.attr in FLAGS_AT:
                    yield node, func.attr, names


def text_of(case):
    text = "".join(map(chr, case["codepoints"])) if "codepoints" in case else case["pattern"]
    return text if case["kind"] == "str" else text.encode("latin-1")


def main():
    found, skipped = {}, {}
    for line in sys.stdin:
        entry = json.loads(line)
        if "case" in entry:
            found.setdefault(entry["file"], {})[entry["line"], entry["column"]] = entry
        elif "skipped" in entry:
            skipped.setdefault(entry["file"], set()).add(entry["line"])
    confirmed = named = wrong = 0
    for file in sorted(set(found) | set(skipped)):
        with open(file, "rb") as stream:
            content = stream.read()
        encoding = tokenize.detect_encoding(io.BytesIO(content).readline)[0]
        lines = io.TextIOWrapper(io.BytesIO(content), encoding).read().split("\n")
        patterns = found.get(file, {})
        for call, function, names in calls_of(ast.parse(content)):
            node = argument(call, 0, "pattern")
            entry = None
            if node is not None:
                before = lines[node.lineno - 1].encode("utf-8")[:node.col_offset].decode("utf-8")
                entry = patterns.pop((node.lineno, len(before) + 1), None)
            if entry is None:
                if call.lineno not in skipped.get(file, ()):
                    print("%s:%d: neither found nor skipped" % (file, call.lineno))
                    wrong += 1
                continue
            flags = argument(call, FLAGS_AT[function], "flags")
            try:
                flags = int(evaluate(flags, names)) if flags is not None else 0
                if function == "template":
                    flags |= 1
                expected = evaluate(node, {}), flags, function
            except (NameError, AttributeError):
                # A constant. check/packages compares what programs compile.
                named += 1
                continue
            actual = text_of(entry["case"]), entry["case"]["flags"], entry["function"]
            if actual != expected:
                print("%s:%d: %r, not %r" % (file, node.lineno, actual, expected))
                wrong += 1
            confirmed += 1
        for place in patterns:
            print("%s:%d:%d: no such call" % ((file,) + place))
            wrong += 1
    print("%d confirmed, and %d under names" % (confirmed, named))
    sys.exit(wrong > 0)


main()
