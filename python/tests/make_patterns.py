"""Writes sre_compiler/patterns.jsonl, the patterns of the self-test: the short ones of the corpus.

With --check it only says whether the file is current.
"""
import json
import os
import sys

import cases

PATH = os.path.join(cases.HERE, "..", "sre_compiler", "patterns.jsonl")
LONGEST = 60


def lines():
    for pattern, flags in cases.corpus():
        if len(pattern) > LONGEST:
            continue
        is_bytes = isinstance(pattern, bytes)
        text = pattern.decode("latin-1") if is_bytes else pattern
        data = {"kind": "bytes" if is_bytes else "str", "flags": flags}
        if any(0xD800 <= ord(c) < 0xE000 for c in text):
            data["codepoints"] = [ord(c) for c in text]
        else:
            data["pattern"] = text
        yield json.dumps(data, separators=(",", ":")) + "\n"


def main():
    text = "".join(lines())
    if "--check" in sys.argv:
        with open(PATH, encoding="ascii") as file:
            if file.read() != text:
                sys.exit("sre_compiler/patterns.jsonl is not current: run python/tests/make_patterns.py")
        return
    with open(PATH, "w", encoding="ascii", newline="\n") as file:
        file.write(text)
    print(text.count("\n"), "patterns")


if __name__ == "__main__":
    main()
