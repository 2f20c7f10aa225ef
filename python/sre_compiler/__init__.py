"""Makes re.compile of CPython faster. See install() and status()."""
try:
    from _sre_compiler.native import *
    from _sre_compiler.native import __version__
except ImportError:
    from sre_compiler._unavailable import *
    from sre_compiler._unavailable import __version__
