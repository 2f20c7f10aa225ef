"""Writes src/sources.in: the hashes of the sources of re, for each interpreter that is named.

With --check it only says whether these interpreters' hashes are in the table.
"""
import ast
import os
import subprocess
import sys

from environment import PACKAGE, clean_environment

PATH = os.path.join(PACKAGE, "src", "sources.in")
CODE = """
import importlib, sys
names = ['re', 're._compiler', 're._parser', 're._constants', 're._casefix']
if sys.version_info < (3, 11):
    names = ['re', 'sre_compile', 'sre_parse', 'sre_constants']
hash = 0xcbf29ce484222325
for name in names:
    for byte in open(importlib.import_module(name).__file__, 'rb').read():
        hash = (hash ^ byte) * 0x100000001b3 & 0xffffffffffffffff
print((hash, tuple(sys.version_info[:3])))
"""


def main(arguments):
    check = "--check" in arguments
    with open(PATH) as file:
        table = [ast.literal_eval(line.rstrip(",\n ")) for line in file if line.strip().startswith("(")]
    found = {version: number for number, version in table}
    for python in arguments:
        if python != "--check":
            number, version = ast.literal_eval(
                subprocess.check_output([python, "-I", "-c", CODE], env=clean_environment()).decode()
            )
            if check and found.get(version) != number:
                sys.exit(f"{version} is not in src/sources.in: run python/tests/sources.py with its interpreter")
            found[version] = number
    if not check:
        with open(PATH, "w") as file:
            file.write("[\n")
            file.writelines(f"    ({number:#018x}, {version}),\n" for version, number in sorted(found.items()))
            file.write("]\n")
    print(len(found), "versions")


if __name__ == "__main__":
    main(sys.argv[1:])
