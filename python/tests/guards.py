"""Where nothing must be installed, with the reason; and an unknown patch level with known sources."""
from environment import Failed

FAKE = """
import sys
{before}
import sre_compiler, re
installed = sre_compiler.install()
print(installed, type(re._compile).__name__, sre_compiler.status()['why'])
"""
COMPILES = r"""
import re, warnings
first = sre_compiler.status()
made = re.compile('\\N{DIGIT ONE}[a-z]+')
assert made.match('1x')
second = sre_compiler.status()
assert second['left']['character_name'] == 1 and second['compiled'] == first['compiled'], second
assert re.compile('(?P<n>a)|b+').groupindex == {'n': 1}
assert sre_compiler.status()['compiled'] == first['compiled'] + 1
print('works')
"""


def info(*version, level="final"):
    return f"sys.version_info = {(*version, level, 0)!r}"


def refused(python, before, expected):
    found = python.code(FAKE.format(before=before))
    if not found.startswith("False function ") or expected not in found:
        raise Failed(f"{before}: {found}")


def check(python, _):
    """Unknown versions, implementations, sources, and functions that were replaced."""
    minor, patch = python.version[1:]
    refused(python, info(3, 16, 0), "CPython 3.16 is not supported (3.8 to 3.15)")
    refused(python, info(3, 7, 17), "CPython 3.7 is not supported")
    refused(python, info(2, 7, 18), "CPython 2.7 is not supported")
    for level in ("alpha", "beta", "candidate"):
        refused(python, info(3, minor, patch, level=level), f"is a pre-release ({level})")
    refused(python, "sys.implementation.name = 'pypy'", "the implementation is pypy")
    refused(python, "sys.abiflags = 't'", "free-threaded")
    refused(python, "sys.getobjects = print", "traces references")
    replaced = "import re; f = re._compile; re._compile = {new}"
    for new in ("lambda pattern, flags: f(pattern, flags)", "__import__('functools').wraps(f)(lambda *a: f(*a))"):
        refused(python, replaced.format(new=new), "re._compile was replaced by another package")
    inner = "import {0} as c; f = c.{1}; c.{1} = lambda *a, **k: f(*a, **k)"
    compiler = "re._compiler" if minor >= 11 else "sre_compile"
    parser = "re._parser" if minor >= 11 else "sre_parse"
    for module, name in ((compiler, "compile"), (compiler, "_code"), (parser, "parse")):
        refused(python, inner.format(module, name), "was replaced by another package")
    refused(python, "import re, _sre; _sre.MAGIC = 1", "_sre is of another version")

    # Another patch level: known by the sources, or not at all.
    fake = info(3, minor, 99)
    found = python.code(FAKE.format(before=fake) + COMPILES)
    if not found.startswith("True") or not found.endswith("works"):
        raise Failed(f"3.{minor}.99 with known sources: {found}")
    source = "re._parser" if minor >= 11 else "sre_parse"
    changed = (
        f"{fake}\nimport {source} as module\n"
        "class Loader:\n"
        "    def get_data(self, path): return open(path, 'rb').read().replace(b'nothing to repeat', b'Nothing to repeat')\n"
        "module.__spec__.loader = Loader()"
    )
    refused(python, changed, "its sources of re are unknown")
    missing = f"{fake}\nimport re; re.__spec__.origin = '/nowhere/re.py'"
    refused(python, missing, "its sources cannot be read")
    return "unknown minor, pre-release, other implementation, patched functions, unknown sources; known sources work"
