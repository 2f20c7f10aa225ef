"""Copies Python files into a folder, to measure `sre check` over many.

    python3 check/packages/make_files.py --output FOLDER --count 10000 SOURCE…

The sources are folders, such as the site-packages of an environment. Their files are copied in the order of their paths,
and once more from the first on until there are enough. It prints how many were copied, and their size.
"""

import argparse
import itertools
import os
import shutil


def python_files(folders):
    for folder in folders:
        for place, names, files in os.walk(folder):
            names.sort()
            yield from (os.path.join(place, file) for file in sorted(files) if file.endswith(".py"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", required=True, metavar="FOLDER", help="a new folder")
    parser.add_argument("--count", type=int, default=10_000, metavar="N")
    parser.add_argument("sources", nargs="+", metavar="SOURCE")
    options = parser.parse_args()
    files = list(python_files(options.sources))
    if not files:
        parser.error("no Python files below " + ", ".join(options.sources))
    if os.path.exists(options.output):
        parser.error(options.output + " exists")
    size = 0
    for n, file in enumerate(itertools.islice(itertools.cycle(files), options.count)):
        folder = os.path.join(options.output, "%03d" % (n // 100))
        os.makedirs(folder, exist_ok=True)
        copy = os.path.join(folder, "%05d_%s" % (n, os.path.basename(file)))
        shutil.copyfile(file, copy)
        size += os.path.getsize(copy)
    print("%d files, %.0f MB, of %d different ones" % (options.count, size / 1e6, min(len(files), options.count)))


main()
