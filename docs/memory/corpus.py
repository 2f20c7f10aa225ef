"""Reads case files, for the other scripts here: pattern and flags of each. The format is described in corpus/README.md."""

import glob
import os
import re

FLAGS = {"a": re.A, "i": re.I, "L": re.L, "m": re.M, "s": re.S, "u": re.U, "x": re.X}


def cases(folder):
    for path in sorted(glob.glob(os.path.join(folder, "**", "*.case"), recursive=True)):
        with open(path, "rb") as file:
            header, _, pattern = file.read().partition(b"\n")
        kind, letters = header.decode().split()
        flags = sum(int(FLAGS[letter]) for letter in letters if letter != "-")
        yield (pattern.decode("utf-8", "surrogatepass") if kind == "str" else pattern), flags
