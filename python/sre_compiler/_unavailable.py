"""The functions of the package where its module cannot be loaded: nothing is installed, and status() says why."""
import sys

__all__ = ["install", "uninstall", "status", "self_test"]
__version__ = "unknown"


def _why():
    name = sys.implementation.name
    if name != "cpython":
        return f"the implementation is {name}, not CPython"
    if "t" in getattr(sys, "abiflags", ""):
        return "free-threaded interpreters are not supported"
    try:
        import _sre_compiler.native  # noqa: F401
    except ImportError as error:
        return f"the module _sre_compiler.native cannot be loaded: {error}"
    return "the module _sre_compiler.native could not be loaded at first"


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

