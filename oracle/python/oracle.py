"""Compiles patterns with CPython's own compiler. Runs unchanged on 3.8 to 3.15.

As a program it reads the JSON Lines that `sre compile --jsonl` reads, and writes the same replies, byte for byte; the
reply to a request with "debug": true also has "tree", "dis" and "valid". The first line contains version and build. The
reply to a line that is an array is a frame: see `batch`. In the embedded interpreter, `answers` is called instead.
"""

import io
import sys
import time
import unicodedata
import warnings
from array import array

if sys.version_info >= (3, 11):
    from re import _compiler, _parser
else:
    import sre_compile as _compiler
    import sre_parse as _parser

import _sre

_parse = _parser.parse
_code = _compiler._code
_dis = _compiler.dis
_error = _compiler.error if hasattr(_compiler, "error") else _compiler.PatternError
_DEBUG = 128

# Processor time, which other processes do not change. Not every system has it for single threads.
_clock = getattr(time, "thread_time_ns", time.process_time_ns)

_warned = []


def _record(message, category, filename, lineno, file=None, line=None):
    _warned.append((category.__name__, str(message)))


def record_warnings():
    """Records all warnings from now on. It is called once: `catch_warnings` would take longer than compiling."""
    warnings.simplefilter("always")
    warnings.showwarning = _record


def hello():
    """Returns version and build of this Python."""
    return {
        "version": list(sys.version_info[:3]),
        "level": sys.version_info.releaselevel,
        "magic": _sre.MAGIC,
        "unidata": unicodedata.unidata_version,
        "implementation": sys.implementation.name,
        "digits": getattr(sys, "get_int_max_str_digits", lambda: None)(),
    }


def compile_all(cases):
    """Compiles patterns with their flags. Returns the results, and the processor time in nanoseconds, which is measured
    once for all patterns, since reading the clock takes time, too."""
    start = _clock()
    results = [compile_pattern(pattern, flags) for pattern, flags in cases]
    return results, _clock() - start


def compile_pattern(pattern, flags):
    """Returns `_code(parse(p, flags), flags)` with flags, number of groups and names, or None and the exception; the
    warnings come last."""
    if flags & _DEBUG:
        # parse() prints the tree.
        return _printing_to(_Nowhere(), _compile_pattern, pattern, flags)
    return _compile_pattern(pattern, flags)


def _compile_pattern(pattern, flags):
    del _warned[:]
    try:
        p = _parse(pattern, flags)
        code = _code(p, flags)
    except Exception as e:
        # The traceback refers to the callers' frames, which refer to the exception: a cycle that only the garbage
        # collector frees.
        return None, e.with_traceback(None), tuple(_warned)
    state = p.state
    return code, flags | state.flags, state.groups - 1, state.groupdict, tuple(_warned)


class _Nowhere:
    """A file that discards its text."""

    def write(self, text):
        return len(text)

    def flush(self):
        pass


# The limit of a text of re.DEBUG, in characters; LONGEST in src/bounded.rs is the same.
_LONGEST = 1 << 20
_CUT = "\n... cut after 1048576 characters\n"


class _Full(BaseException):
    """Stops printing beyond the limit."""


class _Bounded(io.StringIO):
    """A text file of limited length."""

    left = _LONGEST

    def write(self, text):
        if len(text) > self.left:
            super().write(text[: self.left])
            raise _Full
        self.left -= len(text)
        return super().write(text)


def _printing_to(file, function, *args):
    """Calls a function with its output redirected to a file."""
    stdout = sys.stdout
    sys.stdout = file
    try:
        return function(*args)
    finally:
        sys.stdout = stdout


def _shown(function, *args):
    """Returns what a function prints, cut at the limit, or the exception that it raises."""
    text = _Bounded()
    try:
        _printing_to(text, function, *args)
    except _Full:
        return text.getvalue() + _CUT
    except Exception as e:
        return "%s: %s" % (type(e).__name__, e)
    return text.getvalue()


def debug_parts(pattern, flags, result):
    """Returns the two texts of re.DEBUG, and whether `_sre` accepts the code. Parses again, since `_code` may change the
    tree. All are None if this build cannot tell what others accept."""
    tree = _shown(lambda: _parse(pattern, flags & ~_DEBUG).dump())
    try:
        return tree, _shown(_dis, result[0]), is_valid(*result[:-1])
    except NotImplementedError:
        return None, None, None


def is_valid(code, flags, groups, names):
    """Returns whether `_sre.compile` accepts the code; None if the flags do not fit a C int."""
    indexgroup = [None] * (groups + 1)
    for name, group in names.items():
        indexgroup[group] = name
    try:
        _sre.compile(None, flags, code, groups, dict(names), tuple(indexgroup))
    except NotImplementedError:  # a RuntimeError, too
        raise
    except RuntimeError:
        return False
    except OverflowError:
        return None
    return True


def error_parts(e):
    """Returns the type, the text and, for `re.error`, the position."""
    if isinstance(e, _error):
        return "error", e.msg, e.pos, e.lineno, e.colno
    return type(e).__name__, str(e), None, None, None


def answers(cases, debug):
    """Returns the outcomes of cases for the embedding program, and the processor time of compiling. Text is UTF-8 with
    lone surrogates as three bytes."""
    cases = [
        (pattern if is_bytes else pattern.decode("utf-8", "surrogatepass"), flags) for is_bytes, pattern, flags in cases
    ]
    results, nanoseconds = compile_all(cases)
    return [_answer(case, result, debug) for case, result in zip(cases, results)], nanoseconds


def _answer(case, result, debug):
    warned = result[-1]
    if warned:
        warned = [(category, text.encode("utf-8", "surrogatepass")) for category, text in warned]
    if result[0] is None:
        kind, msg, pos, lineno, colno = error_parts(result[1])
        return None, kind, msg.encode("utf-8", "surrogatepass"), pos, lineno, colno, warned
    code, flags, groups, names, _ = result
    words = array("I", code).tobytes()
    names = list(names.items()) if names else ()
    debugged = debug_parts(*case, result) if debug else (None, None, None)
    return (words, flags, groups, names, warned) + debugged


def pattern_of(request):
    """Returns the pattern object of a request, or raises an exception if it is malformed."""
    if ("pattern" in request) == ("codepoints" in request):
        raise ValueError("needs one of pattern and codepoints")
    return pattern_from(request["kind"], request["pattern"] if "pattern" in request else request["codepoints"])


def pattern_from(kind, text):
    """Returns the pattern object for a text or a list of code points."""
    if type(text) is list:
        text = "".join(map(chr, text))
    if kind == "str":
        return text
    if kind == "bytes":
        return text.encode("latin-1")
    raise ValueError("kind is neither str nor bytes")


def reply(line):
    """Returns the reply to a line."""
    import json

    if line.startswith(b"["):
        return batch(*json.loads(line))
    try:
        request = json.loads(line)
        case = pattern_of(request), request["flags"]
        if type(case[1]) is not int:
            raise ValueError("flags is not an integer")
    except Exception as e:
        return {"invalid": "%s: %s" % (type(e).__name__, e)}
    result = compile_pattern(*case)
    code = result[0] and list(map(int, result[0]))
    return outcome(case, result, request.get("debug"), "code", code)


def outcome(case, result, debug, key, code):
    """Returns the JSON object of a result, with the code under the given key."""
    if code is None:
        kind, msg, pos, lineno, colno = error_parts(result[1])
        error = {"type": kind, "msg": msg}
        if kind == "error":
            error.update(pos=pos, lineno=lineno, colno=colno)
        return {"error": error, "warnings": result[-1]}
    _, flags, groups, names, warned = result
    answer = {key: code, "flags": int(flags), "groups": groups, "groupindex": list(names.items()), "warnings": warned}
    if debug:
        answer["tree"], answer["dis"], answer["valid"] = debug_parts(*case, result)
    return answer


# The reply for most patterns. Formatting it this way is several times as fast.
_PLAIN = '{"words": %d, "flags": %d, "groups": %d, "groupindex": [], "warnings": []}'

# Number of patterns that are compiled before their replies are written, while they are in the processor's cache.
_AT_ONCE = 8

_spent = 0


def batch(debug, requests):
    """Returns the reply to many requests, each of kind, text and flags, as bytes. First comes a line of JSON: their
    objects, with the number of words in place of the code, and the processor time in nanoseconds of compiling and of
    everything since the last batch. Then come all words as they are in memory, since Python writes lists of numbers
    slowly."""
    import json

    global _spent
    words, outcomes, compiling = array("I"), [], 0
    for start in range(0, len(requests), _AT_ONCE):
        cases = [(pattern_from(kind, text), flags) for kind, text, flags in requests[start : start + _AT_ONCE]]
        results, nanoseconds = compile_all(cases)
        compiling += nanoseconds
        for case, result in zip(cases, results):
            code = result[0]
            if code is not None:
                words.fromlist(code)
                code = len(code)
                if not (debug or result[3] or result[4]):
                    outcomes.append(_PLAIN % (code, result[1], result[2]))
                    continue
            outcomes.append(json.dumps(outcome(case, result, debug, "words", code)))
    spent, _spent = _spent, time.process_time_ns()
    head = '{"outcomes": [%s], "compiling": %d, "everything": %d}\n'
    return (head % (", ".join(outcomes), compiling, _spent - spent)).encode("ascii") + words.tobytes()


def serve(reply):
    """Writes version and build, then the reply to each line of standard input: an object as a line, bytes after a line
    with their number, None not at all."""
    import json
    import os

    # Nothing else can write to this descriptor: the output of print, or of C code, is discarded.
    out = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    sys.stdout = os.fdopen(nowhere, "w")

    def write(value):
        if isinstance(value, bytes):
            out.write(b"%d\n" % len(value))
            out.write(value)
        else:
            out.write(json.dumps(value).encode("ascii") + b"\n")
        out.flush()

    try:
        write(hello())
        for line in sys.stdin.buffer:
            answer = reply(line)
            if answer is not None:
                write(answer)
    except BrokenPipeError:
        os._exit(0)


def main():
    global _spent
    record_warnings()
    _spent = time.process_time_ns()
    serve(reply)


if __name__ == "__main__":
    main()
