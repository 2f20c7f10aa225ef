"""Whether compiling and matching leave references behind, in a build that counts them. Runs on 3.8 to 3.15, after
oracle.py, whose functions it uses."""

import gc
import os
import re
import time

# To test the measurement: each compiled pattern leaves a reference behind.
_leaves_a_reference = os.environ.get("SRE_REFERENCES_INJECT") == "reference"
_injected = []

# How often calls are made before those that are measured, which fill caches; how often they are measured.
WARM, MEASURED = 2, 3
# Calls where something seems to stay: of references, and of blocks, of which free lists take hundreds.
FEW, FILL, MANY = 10, 500, 50
# Limit of filling free lists, in seconds.
PATIENCE = 1


def compiled(pattern, flags):
    """Compiles as `re.compile` does without its cache; None if the pattern is rejected."""
    try:
        if _leaves_a_reference:
            _injected.append(pattern)
        # With DEBUG, it would print.
        return _compiler.compile(pattern, flags & ~_DEBUG)
    except Exception:
        return None


def matched(pattern, subjects):
    """Matches all subjects in every way, and drops what comes of it."""
    for text, pos, endpos in subjects:
        for method in pattern.search, pattern.match, pattern.fullmatch, pattern.findall:
            method(text, pos, endpos)
        for match in pattern.finditer(text, pos, endpos):
            match.groups(), match.groupdict(), match.span(), match.lastgroup, repr(match)
        pattern.sub(text[:0], text)
        pattern.split(text)


def nothing(*arguments):
    """Leaves nothing: what is measured of it is left by the measurement."""


def grown(action, arguments, calls):
    """Returns by how many references and blocks some calls grow, but for cycles."""
    references, blocks = sys.gettotalrefcount(), sys.getallocatedblocks()
    for _ in range(calls):
        action(*arguments)
    gc.collect(0)
    return sys.gettotalrefcount() - references, sys.getallocatedblocks() - blocks


def least(action, arguments, calls):
    """Returns the least that some calls leave, of several times."""
    for _ in range(WARM):
        grown(action, arguments, calls)
    references, blocks = zip(*[grown(action, arguments, calls) for _ in range(MEASURED)])
    return min(references), min(blocks)


def left(action, *arguments):
    """Returns the references and the blocks that each call of an action leaves."""
    references, blocks = least(action, arguments, 1)
    own_references, own_blocks = least(nothing, arguments, 1)
    if references > own_references:
        again = [least(action, arguments, FEW)[0] // FEW for _ in range(WARM)]
        references = max(min(again), 0)
    else:
        references = 0
    blocks = blocks > own_blocks and blocks_left(action, arguments)
    return references, int(blocks)


def blocks_left(action, arguments):
    """Returns the blocks that each call leaves once what keeps freed objects is full; 0 if that takes too long."""
    end = time.monotonic() + PATIENCE
    for _ in range(FILL):
        action(*arguments)
        if time.monotonic() > end:
            return 0
    return max(least(action, arguments, MANY)[1], 0) // MANY


def reply_with_references(line):
    """Returns the reply to a line."""
    import json

    request = json.loads(line)
    if not hasattr(sys, "gettotalrefcount"):
        return {"unsupported": True}
    kind, flags = request["kind"], request["flags"]
    given = pattern_of(request)
    pattern = compiled(given, flags)
    answer = {"accepted": pattern is not None, "compile": left(compiled, given, flags)}
    subjects = [(pattern_from(kind, "".join(map(chr, text))), pos, endpos) for text, pos, endpos in request["subjects"]]
    if pattern is not None and subjects:
        answer["match"] = left(matched, pattern, subjects)
    return answer


def warm_up():
    """Calls everything often enough that the interpreter has specialized it."""
    for pattern, texts in ("(a)|b+?", ["ab", "\u0100b"]), (b"(a)|b+?", [b"ab"]):
        subjects = [(text, 0, len(text)) for text in texts]
        for _ in range(FILL):
            compiled(pattern, 0)
            matched(re.compile(pattern), subjects)
        for action, *arguments in (compiled, pattern, 0), (matched, re.compile(pattern), subjects):
            least(action, arguments, 1)
            least(nothing, arguments, 1)


if __name__ == "__main__":
    gc.disable()
    warnings.simplefilter("ignore")
    if hasattr(sys, "gettotalrefcount"):
        warm_up()
    serve(reply_with_references)
