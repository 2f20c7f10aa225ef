"""Compares what sre-compiler and CPython's compiler make of one pattern."""
import sys

# Exceptions that say nothing about the pattern.
UNRELATED = (MemoryError, RecursionError, Warning, SystemError)


class Divergence(AssertionError):
    """The two compilers differ. That is a bug of sre-compiler: please report it."""


def compare(pattern, flags, examined, cpython, error):
    """Return None if both agree, or else the Divergence.

    `examined` is what `_sre_compiler.native._examine` returns; `cpython` is CPython's pattern, or
    `error` what CPython raised.
    """
    fast, code, fast_error, _, left = examined
    if left is not None and left != "refused":
        return None
    if error is not None:
        if isinstance(error, UNRELATED) or not isinstance(error, Exception):
            return None
        if left is not None:
            return None  # `_sre` refuses the code of both.
        if fast_error is None:
            return report(pattern, flags, [("result", "a pattern", describe(error))])
        return report(pattern, flags, differences_of_errors(fast_error, error))
    if fast_error is not None:
        return report(pattern, flags, [("result", f"{fast_error[0]}: {fast_error[1]}", "a pattern")])
    if left is not None:
        return report(pattern, flags, [("result", "code that _sre refuses", "a pattern")], code)
    pairs = [
        ("flags", fast.flags, cpython.flags),
        ("groups", fast.groups, cpython.groups),
        ("groupindex", list(fast.groupindex.items()), list(cpython.groupindex.items())),
    ]
    found = [pair for pair in pairs if pair[1] != pair[2]]
    if fast != cpython and not found:
        found.append(("code", None, None))
    return report(pattern, flags, found, code)


def differences_of_errors(fast, error):
    name = type(error).__name__
    cpython = (
        "error" if name == "PatternError" else name,
        getattr(error, "msg", None) if hasattr(error, "pos") else str(error),
        getattr(error, "pos", None),
        getattr(error, "lineno", None),
        getattr(error, "colno", None),
    )
    names = ("exception", "message", "position", "line", "column")
    return [triple for triple in zip(names, fast, cpython) if triple[1] != triple[2]]


def describe(error):
    return f"{type(error).__name__}: {error}"


def report(pattern, flags, found, code=None):
    """Return the exception for a list of (what differs, fast, CPython's), or None."""
    if not found:
        return None
    version = ".".join(map(str, sys.version_info[:3]))
    lines = [
        f"sre-compiler and CPython {version} differ:",
        f"  re.compile({pattern!r}, {int(flags)})",
    ]
    for name, fast, cpython in found:
        lines.append(f"  {name}:")
        if (fast, cpython) != (None, None):
            lines += [f"    sre-compiler  {fast}", f"    CPython       {cpython}"]
    if code is not None:
        lines += code_lines(pattern, flags, code)
    lines += ["To compare in a checkout of sre-compiler:", "  " + command(pattern, flags, version)]
    lines.append("Please report it. Without SRE_COMPILER, or with SRE_COMPILER=0, CPython compiles alone.")
    return Divergence("\n".join(lines))


def code_lines(pattern, flags, code):
    """Return the instructions of both sides, where they differ, marked - and +."""
    import difflib

    try:
        cpython = cpython_code(pattern, flags)
        before = disassembly(cpython)
        after = disassembly(code)
    except Exception as error:  # The report must not fail.
        return [f"  (no code: {describe(error)})"]
    if before == after:
        before, after = [str(cpython)], [str(code)]
    diff = difflib.unified_diff(before, after, "CPython", "sre-compiler", lineterm="", n=2)
    return ["    " + line for line in diff]


def modules():
    if sys.version_info >= (3, 11):
        from re import _compiler, _parser
    else:
        import sre_compile as _compiler
        import sre_parse as _parser
    return _compiler, _parser


def cpython_code(pattern, flags):
    import warnings

    compiler, parser = modules()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [int(word) for word in compiler._code(parser.parse(pattern, flags), flags)]


def disassembly(code):
    """Return the lines that CPython's own disassembler prints."""
    import io
    from contextlib import redirect_stdout

    compiler, _ = modules()
    text = io.StringIO()
    with redirect_stdout(text):
        compiler.dis(code)
    return text.getvalue().splitlines()


def command(pattern, flags, version):
    """Return a command of a shell that compares the pattern."""
    import shlex

    parts = ["sre", "compare", "--pythons", version]
    if flags:
        parts += ["--flags", str(int(flags))]
    if isinstance(pattern, bytes):
        parts.append("--bytes")
        text = pattern.decode("latin-1")
    else:
        text = pattern
    if text.isascii() and text.isprintable():
        return shlex.join([*parts, f"--pattern={text}"])
    import json

    case = {"kind": "bytes" if isinstance(pattern, bytes) else "str", "flags": int(flags)}
    if any(0xD800 <= ord(c) < 0xE000 for c in text):
        case["codepoints"] = [ord(c) for c in text]
    else:
        case["pattern"] = text
    line = shlex.quote(json.dumps(case))
    return f"printf '%s\\n' {line} > case.jsonl && sre compare --pythons {version} --jsonl case.jsonl"
