"""Prints what a program can see of re. The output must be the same plain and hooked.

Run twice by an interpreter in which sre_compiler can be imported: with "plain" and with "hooked".
"""
import copy
import gc
import io
import linecache
import pickle
import re
import sys
import traceback
import warnings
import weakref
from contextlib import redirect_stdout

import cases

if sys.version_info >= (3, 11):
    from re import _compiler as compiler
else:
    import sre_compile as compiler

HOOKED = sys.argv[1] == "hooked"
if HOOKED:
    import sre_compiler

    assert sre_compiler.install(), sre_compiler.status()


def title(text):
    print("==", text)


def show(label, function, *arguments, **keywords):
    """Print result, warnings with file and line, or the traceback with all causes."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        output = io.StringIO()
        try:
            with redirect_stdout(output):
                result = function(*arguments, **keywords)
            print(label, "->", described(result))
        except BaseException as error:
            text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
            if isinstance(error, RecursionError):
                text = "RecursionError"
            print(label, "raises", vars(error), "\n" + text)
    if output.getvalue():
        print(label, "prints", output.getvalue())
    for w in caught:
        print(label, "warns", w.category.__name__, w.message, w.filename, w.lineno, repr(w.source))


def described(result):
    if isinstance(result, re.Pattern):
        return (result.pattern, type(result.pattern), result.flags, result.groups, list(result.groupindex.items()))
    return result


class Text(str):
    def __getitem__(self, index):
        return str.__getitem__(self, index).upper()


class Bytes(bytes):
    pass


class Number(int):
    pass


class Truth:
    def __index__(self):
        return 2


def both(label, pattern, *flags):
    """Ask through re.compile and through the compiler's own function."""
    show(f"re {label}", re.compile, pattern, *flags)
    show(f"compiler {label}", compiler.compile, pattern, *flags)


def errors_and_warnings():
    title("errors and warnings, with tracebacks, files and lines")
    texts = [
        "a(b", "[b-a]", "*", "(?P<1>a)", "(?P<a>x)(?P<a>y)", r"\q", "(?i", "a{2,1}", "(?<=a*)b", "[[a]", "[a--b]",
        "[a&&b]", "x(?i)y", "(?P<é>x)", "(?(1)a)", "a**", ")", "\\", "(?z)", "a{99999999999}", "\\N{nothing}", "[a",
        "(?P=x)", "(?L)a", "(?au)a", "(?(0)a|b)", "(?<!a+)", "\ud800(", "(?#", "(?x) # (\n(", "a\nb\n(c",
    ]  # fmt: skip
    for text in texts:
        both(repr(text), text)
        show(f"bytes {text!r}", re.compile, text.encode("utf-8", "surrogatepass"))
    for name in ("match", "fullmatch", "search", "split", "findall"):
        show(f"{name} of an invalid pattern", getattr(re, name), "(", "text")
        show(f"{name} of a warned pattern", getattr(re, name), "[[a]", "text")
    show("sub", re.sub, "[[a]", "b", "a")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            re.compile("[[b]")
        except Warning as error:
            print("as an error:", error, "".join(traceback.format_exception(type(error), error, error.__traceback__)))
    # Without a record, a warning is shown once for each place.
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        stream, sys.stderr = sys.stderr, io.StringIO()
        try:
            for _ in range(3):
                re.compile("[[c]" + "d" * _)
            print(sys.stderr.getvalue())
        finally:
            sys.stderr = stream


def unusual_arguments():
    title("types, flags and arguments")
    for pattern in ("a+", b"a+", Text("a+"), Bytes(b"a+"), bytearray(b"a+"), memoryview(b"a+"), None, 5, ["a"], re.compile("a")):
        both(repr(pattern) if not isinstance(pattern, memoryview) else "memoryview", pattern)
    for flags in (0, 2, re.I, re.I | re.M, True, False, Number(2), Number(0), 1, 128, re.DEBUG, 4, re.L, 32, 256, 288,
                  512, 1 << 20, 1 << 31, 1 << 40, 1 << 80, -1, -2, 1.0, "i", None, Truth(), re.A | re.I):  # fmt: skip
        for pattern in ("aé", b"a"):
            both(f"{pattern!r} {flags if not isinstance(flags, Truth) else 'Truth'!r}", pattern, flags)
    show("compiled and flags", re.compile, re.compile("a"), re.I)
    show("compiled and no flags", re.compile, re.compile("a"), 0)
    show("keywords", re.compile, pattern="k+", flags=re.I)
    show("compiler, keywords", compiler.compile, "k+", flags=2)
    show("compiler, keywords", compiler.compile, p="k+", flags=2)
    show("compiler, wrong keyword", compiler.compile, "k+", flag=2)
    show("compiler, twice", compiler.compile, "k+", p="k")
    show("compiler, no arguments", compiler.compile)
    show("compiler, three", compiler.compile, "k", 0, 0)
    show("_compile, no arguments", re._compile)
    show("_compile, one", re._compile, "k")
    show("_compile, keywords", re._compile, pattern="k", flags=0)
    show("_compile, three", re._compile, "k", 0, 0)
    if hasattr(re, "template"):
        show("template", re.template, "a|b")
        show("template with repeats", re.template, "a*")
    show("scanner", lambda: re.Scanner([(r"\d+", lambda s, t: int(t)), (r"[a-z]+", None), (r"\s+", None)]).scan("1 a 23"))
    show("scanner, groups", lambda: re.Scanner([("(a)", None)]).scan("a"))
    show("scanner, invalid", lambda: re.Scanner([("(a", None)]))


def identity():
    title("pickles, copies, caches, references")
    made = re.compile("(?P<n>a)(b)?", re.I)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        print(pickle.dumps(made, protocol), pickle.loads(pickle.dumps(made, protocol)) == made)
        print(pickle.dumps(re._compile, protocol), pickle.loads(pickle.dumps(re._compile, protocol)) is re._compile)
        print(pickle.dumps(compiler.compile, protocol))
    for function in (re._compile, compiler.compile):
        print(function.__name__, function.__qualname__, function.__module__)
    import inspect

    print(inspect.signature(re._compile), inspect.signature(compiler.compile))
    print(copy.copy(made) is made, copy.deepcopy(made) is made, repr(made), hash(made) == hash(re.compile("(?P<n>a)(b)?", 2)))
    name = next(iter(made.groupindex))
    print(made.groupindex["n"], made.match("AB").lastgroup is name, type(made.groupindex))
    print(re.compile("x") is re.compile("x"), re.compile("x") is re.compile("x", re.U), re.compile("x", 2) is re.compile("x", re.I))
    reference = weakref.ref(compiler.compile("weak"))
    gc.collect()
    print(reference())


def keys(cache):
    return [(kind.__name__, pattern, flags, type(flags).__name__) for kind, pattern, flags in cache]


def with_value(name, value, pattern):
    """Compile a pattern while re has another value. It is put back before anything is printed."""
    saved = getattr(re, name)
    setattr(re, name, value)
    try:
        return re.compile(pattern)
    finally:
        setattr(re, name, saved)


def caches():
    title("the order of the caches")
    second = getattr(re, "_cache2", {})
    limits = [(512, 256), (8, 4), (3, 2), (1, 0), (0, 0), (2, 5)]
    for largest, largest2 in limits:
        re.purge()
        re._MAXCACHE, saved = largest, re._MAXCACHE
        if second is re.__dict__.get("_cache2"):
            re._MAXCACHE2, saved2 = largest2, re._MAXCACHE2
        for n in [0, 1, 2, 3, 1, 4, 5, 0, 6, 7, 1, 8, 9, 2, 10, 3, 3, 1, 0]:
            re.match(f"c{n}", "x", re.I if n % 2 else 0)
            re.match(b"c%d" % n, b"x")
            print(largest, n, keys(re._cache)[:20], keys(second)[:20])
        re._MAXCACHE = saved
        if second is re.__dict__.get("_cache2"):
            re._MAXCACHE2 = saved2
    re.purge()
    print(len(re._cache), len(second))
    for n in range(700):
        re.compile(f"n{n}")
    print(len(re._cache), len(second), keys(re._cache)[:2], keys(second)[:2], keys(re._cache)[-1])
    for odd in (None, [], 1.5, "5", True):
        show(f"_MAXCACHE {odd!r}", with_value, "_MAXCACHE", odd, f"odd {odd}")
    for odd in (None, [], type("D", (dict,), {})()):
        show(f"_cache {type(odd).__name__}", with_value, "_cache", odd, f"odd {type(odd)}")
        print(keys(odd) if isinstance(odd, dict) else odd)
    re.purge()
    poisoned = {(str, "poisoned", 0): 5}
    re._cache.update(poisoned)
    second.update(poisoned)
    show("what is in the cache is returned", re.compile, "poisoned")
    re.purge()


def depth():
    title("recursion depth")
    warnings.simplefilter("ignore")
    for opening, closing in (("(", ")"), ("(?:", ")"), ("(?=", ")"), ("(?(1)", ")")):
        for function in (compiler.compile,) + ((re.compile,) if sys.version_info >= (3, 11) else ()):
            low, high = 1, 3000
            while low < high - 1:
                middle = (low + high) // 2
                try:
                    function("()" + opening * middle + "a" + closing * middle)
                    low = middle
                except RecursionError:
                    high = middle
                except RuntimeError:  # The code is refused, in 3.8.
                    low = middle
            print("depth", function.__module__, opening, low)


def digits():
    title("limits of digits")
    if not hasattr(sys, "set_int_max_str_digits"):
        return
    for limit in (0, 640, 700, 4300, 5000):
        sys.set_int_max_str_digits(limit)
        for length in (639, 640, 641, 700, 701, 4300, 4301, 5000, 5001):
            number = "0" * (length - 1) + "1"
            for pattern in (f"a{{{number}}}", f"a{{1,{number}}}", f"(a)(?({number})b)", f"(a)(?({number}_1)b)"):
                re.purge()
                try:
                    re.compile(pattern)
                    print(limit, length, "accepted")
                except (ValueError, RuntimeError, re.error) as error:
                    print(limit, length, type(error), str(error)[:60], str(error)[-60:])
    sys.set_int_max_str_digits(4300)


def debug_output():
    title("DEBUG")
    for pattern in ("a|b", "(?P<n>[a-z]+)\\d{2,}", "(?i:x)(?=y)", "(?#)", "a(?!b)c*?"):
        both(pattern, pattern, re.DEBUG)


def matching():
    title("what patterns match")
    text = "The Quick brown fox, é ß \u212a 123 \n_x_"
    for pattern, flags in cases.corpus()[::12]:
        subject = text.encode("latin-1", "ignore") if isinstance(pattern, bytes) else text
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                print(repr(pattern), re.findall(pattern, subject, flags)[:5])
        except Exception as error:
            print(repr(pattern), type(error))


linecache.checkcache()
for part in (errors_and_warnings, unusual_arguments, identity, caches, digits, debug_output, matching, depth):
    part()
print("the end")
