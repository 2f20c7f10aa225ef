"""Reads patterns of one character as JSON Lines; writes for each the characters that it matches, as ranges."""

import json
import re
import sys

# Beyond them no character has a case.
ALL = "".join(map(chr, range(0x1F800)))

for line in sys.stdin:
    request = json.loads(line)
    runs = re.compile("(?:%s)+" % request["pattern"], request["flags"]).finditer(ALL)
    print(json.dumps([(run.start(), run.end() - 1) for run in runs]))
