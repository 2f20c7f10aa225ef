"""Python files in all kinds of encodings.

`write FOLDER` makes those that this interpreter can, `read FOLDER` says what it makes of each: a line with its name and the
pattern that it gives to `re.compile`, as code points, or null if it does not compile.
"""

import ast
import encodings
import encodings.aliases
import json
import os
import pkgutil
import sys
import warnings

BODY = b"\nimport re\nre.compile('%s')\n"

# Where a declaration counts, and what it looks like.
EDGES = [
    b"# coding: latin-1\n",
    b"\n# coding: latin-1\n",
    b"\n\n# coding: latin-1\n",
    b"\r\n# coding: latin-1\r\n",
    b"\r\r# coding: latin-1\r",
    b"\r# coding: latin-1\r",
    b"# a\n\n# coding: latin-1\n",
    b"#!/bin/python\n# coding: latin-1\n",
    b"#!/bin/python\r\n\r\n# coding: latin-1\n",
    b"import re\n# coding: latin-1\n",
    b"'''\n# coding: latin-1\n'''\n",
    b"x = 1 # coding: latin-1\n",
    b"(\n# coding: latin-1\n)\n",
    b"\\\n# coding: latin-1\n",
    b"\x0c# coding: latin-1\n",
    b" \t\x0c\n \x0c# coding=latin-1\n",
    b"\x0b# coding: latin-1\n",
    b"# coding:\tlatin-1\n",
    b"# coding:\x0clatin-1\n",
    b"# coding:  latin-1 utf-8\n",
    b"# coding : latin-1\n",
    b"# coding\n",
    b"# coding:\n",
    b"# coding: \xe9\n",
    b"# encoding=latin-1\n",
    b"# vim: set fileencoding=latin-1 :\n",
    b"# coding: utf-8 coding: latin-1\n",
    b"# coding coding=latin-1\n",
    b"# Coding: latin-1\n",
    b"# coding: LATIN_1-unix\n",
    b"# coding: iso-8859-1-what-ever\n",
    b"# coding: iso-8859-15-what\n",
    b"# coding: utf-8-what\n",
    b"# coding: utf8-what\n",
    b"# coding: UTF_8\n",
    b"# coding: --L1--\n",
    b"# coding: l.1\n",
    b"# coding: nonsense\n",
    b"# coding: utf-16\n",
    b"# coding: rot13\n",
    b"# coding: idna\n",
    b"# coding: hex\n",
    b"# coding: undefined\n",
    b"# coding: punycode\n",
    b"# coding: cp037\n",
    b"# coding: utf-7\n",
    b"# coding: ascii\n",
    b"# coding: us-ascii\n",
    b"# coding: ..\n",
    b"",
]

TEXTS = ["é", "ÿ~\\\\", "я", "€", "漢字", "かな", "ｱ", "한글", "①", "～", "ا"]


def names():
    found = {module.name for module in pkgutil.iter_modules(encodings.__path__)}
    return sorted(found | set(encodings.aliases.aliases) | set(encodings.aliases.aliases.values()))


def contents():
    mark = b"\xef\xbb\xbf"
    for edge in EDGES:
        for start in (b"", mark):
            for text in (b"a", b"\xe9", "é".encode()):
                yield start + edge + BODY % text
    for name in names():
        declaration = b"# coding: " + name.encode()
        yield declaration + BODY % b"a+b"
        yield (b"# coding: " + name.replace("_", "-").upper().encode()) + BODY % b"a"
        yield mark + declaration + BODY % b"a"
        yield declaration + BODY % b"a~{\x1b$\\\\"
        for text in TEXTS:
            try:
                encoded = text.encode(name)
            except (UnicodeError, LookupError, ValueError, TypeError, AttributeError):
                continue
            if isinstance(encoded, bytes) and b"\n" not in encoded and b"'" not in encoded:
                yield declaration + BODY % encoded
        for byte in range(0x80, 0x100, 5):
            yield declaration + BODY % bytes([byte])


def pattern(source):
    warnings.simplefilter("ignore")
    try:
        compile(source, "file", "exec")
        tree = ast.parse(source)
    except (SyntaxError, ValueError, LookupError, UnicodeError, TypeError, AttributeError):
        return None
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [ord(c) for c in calls[0].args[0].value] if calls else []


command, folder = sys.argv[1:]
if command == "write":
    for number, content in enumerate(sorted(set(contents()))):
        with open(os.path.join(folder, "%05d.py" % number), "wb") as file:
            file.write(content)
else:
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as file:
            json.dump([name, pattern(file.read())], sys.stdout)
            print()
