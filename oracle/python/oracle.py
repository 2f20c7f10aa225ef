"""What CPython's own compiler makes of a pattern. Runs unchanged on 3.8 to 3.15.

As a program it reads the JSON Lines that `sre compile --jsonl` reads, and writes what that writes, byte for byte;
a request with "debug": true gets "tree", "dis" and "taken" as well. The first line of its output says which Python it is.
Embedded, `answer` is called in process.
"""

import io
import sys
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

_warned = []


def _record(message, category, filename, lineno, file=None, line=None):
    _warned.append((category.__name__, str(message)))


def record_warnings():
    """Has every warning recorded from now on: installed once, for `catch_warnings` would cost more than the rest."""
    warnings.simplefilter("always")
    warnings.showwarning = _record


def hello():
    """Which Python this is."""
    return {
        "version": list(sys.version_info[:3]),
        "level": sys.version_info.releaselevel,
        "magic": _sre.MAGIC,
        "unidata": unicodedata.unidata_version,
        "implementation": sys.implementation.name,
        "digits": getattr(sys, "get_int_max_str_digits", lambda: None)(),
    }


def compile_pattern(pattern, flags):
    """`_code(parse(p, flags), flags)` with what belongs to it, or the exception; then the warnings."""
    if flags & _DEBUG:
        # parse() prints the tree.
        return _quietly(_compile_pattern, pattern, flags)[0]
    return _compile_pattern(pattern, flags)


def _compile_pattern(pattern, flags):
    del _warned[:]
    try:
        p = _parse(pattern, flags)
        code = _code(p, flags)
    except Exception as e:
        return None, e
    state = p.state
    return code, flags | state.flags, state.groups - 1, state.groupdict


def _quietly(function, *args):
    """Calls, with what it prints caught: the result and the text."""
    stdout = sys.stdout
    sys.stdout = caught = io.StringIO()
    try:
        return function(*args), caught.getvalue()
    finally:
        sys.stdout = stdout


def _shown(function, *args):
    """What a function prints, or the exception instead."""
    try:
        return _quietly(function, *args)[1]
    except Exception as e:
        return "%s: %s" % (type(e).__name__, e)


def debug_parts(pattern, flags, result):
    """The two texts of re.DEBUG, and whether `_sre` takes the code. Not on the fast path: parses again, for `_code`
    may change the tree."""
    before = list(_warned)
    try:
        tree = _shown(lambda: _parse(pattern, flags & ~_DEBUG).dump())
    finally:
        _warned[:] = before
    return tree, _shown(_dis, result[0]), taken(*result)


def taken(code, flags, groups, names):
    """Whether `_sre.compile` takes the code; None where it cannot be asked, for the flags are no C int."""
    indexgroup = [None] * (groups + 1)
    for name, group in names.items():
        indexgroup[group] = name
    try:
        _sre.compile(None, flags, code, groups, dict(names), tuple(indexgroup))
    except RuntimeError:
        return False
    except OverflowError:
        return None
    return True


def error_parts(e):
    """Type, text, and for `re.error` the position."""
    if isinstance(e, _error):
        return "error", e.msg, e.pos, e.lineno, e.colno
    return type(e).__name__, str(e), None, None, None


def answer(is_bytes, pattern, flags, debug):
    """For the embedding program: text goes in and comes out as UTF-8 whose lone surrogates have three bytes."""
    if not is_bytes:
        pattern = pattern.decode("utf-8", "surrogatepass")
    result = compile_pattern(pattern, flags)
    warned = _encoded_warnings() if _warned else ()
    code = result[0]
    if code is None:
        kind, msg, pos, lineno, colno = error_parts(result[1])
        return None, kind, msg.encode("utf-8", "surrogatepass"), pos, lineno, colno, warned
    words = array("I", code).tobytes()
    names = list(result[3].items()) if result[3] else ()
    debugged = debug_parts(pattern, flags, result) if debug else (None, None, None)
    return (words, result[1], result[2], names, warned) + debugged


def _encoded_warnings():
    return [(category, text.encode("utf-8", "surrogatepass")) for category, text in _warned]


def pattern_of(request):
    """The pattern object of a request; an exception if it is malformed."""
    kind = request["kind"]
    if ("pattern" in request) == ("codepoints" in request):
        raise ValueError("one of pattern and codepoints is needed")
    if "codepoints" in request:
        text = "".join(map(chr, request["codepoints"]))
    else:
        text = request["pattern"]
    if kind == "str":
        return text
    if kind == "bytes":
        return text.encode("latin-1")
    raise ValueError("kind is neither str nor bytes")


def reply(line):
    """The object that answers a line."""
    import json

    try:
        request = json.loads(line)
        pattern = pattern_of(request)
        flags = request["flags"]
        if type(flags) is not int:
            raise ValueError("flags is no integer")
    except Exception as e:
        return {"invalid": "%s: %s" % (type(e).__name__, e)}
    result = compile_pattern(pattern, flags)
    warned = [list(pair) for pair in _warned]
    code = result[0]
    if code is None:
        kind, msg, pos, lineno, colno = error_parts(result[1])
        error = {"type": kind, "msg": msg}
        if kind == "error":
            error.update(pos=pos, lineno=lineno, colno=colno)
        return {"error": error, "warnings": warned}
    answer = {
        "code": list(map(int, code)),
        "flags": int(result[1]),
        "groups": result[2],
        "groupindex": [list(item) for item in result[3].items()],
        "warnings": warned,
    }
    if request.get("debug"):
        answer["tree"], answer["dis"], answer["taken"] = debug_parts(pattern, flags, result)
    return answer


def serve(reply):
    """Says which Python this is, and answers each line of standard input; None is no answer."""
    import json
    import os

    # What answers go to is known to nothing else: a stray print, or one from C, ends nowhere.
    out = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    sys.stdout = os.fdopen(nowhere, "w")

    def write(value):
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
    record_warnings()
    serve(reply)


if __name__ == "__main__":
    main()
