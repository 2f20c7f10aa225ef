"""The functions of the package where its module cannot be loaded: nothing is installed, and status() says why."""
import sys

__all__ = ["install", "uninstall", "status", "self_test", "_start", "__version__"]
__version__ = "unknown"


def _why():
    name = sys.implementation.name
    if name != "cpython":
        return f"the implementation is {name}, not CPython"
    if "t" in getattr(sys, "abiflags", ""):
        return "free-threaded interpreters are not supported"
    try:
        from sre_compiler import _native  # noqa: F401
    except ImportError as error:
        return f"sre_compiler._native cannot be loaded: {error}"
    return "sre_compiler._native could not be loaded at first"


def install(*, cache=True, verify=False):
    return False


def uninstall():
    pass


def status():
    return {
        "version": __version__,
        "installed": False,
        "why": _why(),
        "cache": False,
        "verify": False,
        "dialect": None,
        "compiled": 0,
        "cache_hits": 0,
        "left": {},
    }


def self_test():
    raise RuntimeError(f"sre_compiler is not installed: {_why()}")


def _start():
    import os

    if os.environ.get("SRE_COMPILER") == "debug":
        print(f"sre_compiler: not installed: {_why()}", file=sys.stderr)
