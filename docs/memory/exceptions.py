"""What is left for the collector after a pattern was rejected, by what the caller does with the exception."""

import gc
import re
import sys


def handled():
    try:
        re.compile("(a")
    except re.error as error:
        str(error)


def kept_in_a_local():
    try:
        re.compile("(a")
    except re.error as error:
        kept = error


def attempt():
    try:
        re.compile("(a")
    except re.error as error:
        return error


def returned_to_a_local():
    kept = attempt()


def without_traceback():
    kept = attempt().with_traceback(None)


gc.disable()
print("CPython %d.%d.%d" % sys.version_info[:3])
left = {}
for function in (handled, kept_in_a_local, returned_to_a_local, without_traceback):
    gc.collect()
    function()
    left[function.__name__] = gc.collect()
    print("%-20s %2d objects left for the collector" % (function.__name__, left[function.__name__]))
assert left["handled"] == left["without_traceback"] == 0
assert left["kept_in_a_local"] > 20 and left["returned_to_a_local"] > 20
