"""Matches patterns against texts. Reads JSON Lines {"case": …, "subjects": [[text, pos, endpos], …]}.

Writes for each a list with one item for each subject: a hash of where searching, matching and finding all matched, with
the groups; or "time" if that took too long. For a pattern that is refused: null.
"""

import json
import re
import signal
import sys
import warnings
import zlib

SECONDS = 0.2


class TooLong(Exception):
    pass


def too_long(*_):
    raise TooLong


def value(kind, text):
    if isinstance(text, list):
        text = "".join(map(chr, text))
    return text if kind == "str" else text.encode("latin-1")


def spans(match):
    return match and [match.span(n) for n in range(match.re.groups + 1)]


def matches(compiled, subject, pos, endpos):
    yield spans(compiled.search(subject, pos, endpos))
    yield spans(compiled.match(subject, pos, endpos))
    yield spans(compiled.fullmatch(subject, pos, endpos))
    for match, _ in zip(compiled.finditer(subject, pos, endpos), range(20)):
        yield spans(match)


def timed(compiled, subject, pos, endpos):
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        return zlib.crc32(repr(list(matches(compiled, subject, pos, endpos))).encode())
    finally:
        # The signal may also come here: the caller catches it.
        signal.setitimer(signal.ITIMER_REAL, 0)


def answer(request):
    case = request["case"]
    kind = case["kind"]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compiled = re.compile(value(kind, case.get("codepoints", case.get("pattern"))), case["flags"])
    except Exception:
        return None
    answers = []
    for text, pos, endpos in request["subjects"]:
        if answers.count("time") > 1:
            answers.append("time")
            continue
        try:
            answers.append(timed(compiled, value(kind, text), pos, endpos))
        except (TooLong, RecursionError, MemoryError):
            answers.append("time")
    return answers


signal.signal(signal.SIGALRM, too_long)
for line in sys.stdin:
    re.purge()
    print(json.dumps(answer(json.loads(line))))
