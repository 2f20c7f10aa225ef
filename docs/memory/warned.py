"""Warnings leave a line in the module that compiled: growth that can be reached, and that nothing evicts."""

import gc
import re
import sys
import warnings

print("CPython %d.%d.%d" % sys.version_info[:3])
warnings.simplefilter("default")
warnings.showwarning = lambda *args: None
for number in range(200):
    re.compile("x" * number + "[[a]")  # "Possible nested set at position …"
re.purge()
gc.collect()
entries = len(__warningregistry__)
print("200 patterns with a warning: %d entries in __warningregistry__ after purge() and gc.collect()" % entries)
assert entries >= 200

before = len(re.RegexFlag._value2member_map_)
for bits in range(512):
    try:
        re.compile("a", re.RegexFlag(bits & ~int(re.LOCALE | re.DEBUG)))
    except ValueError:
        pass
after = len(re.RegexFlag._value2member_map_)
print("members of RegexFlag: %d, and %d once every combination was used" % (before, after))
assert before < after <= 512
