"""Makes re.compile of CPython faster. See install() and status()."""
try:
    from sre_compiler._native import *
except ImportError:
    from sre_compiler._unavailable import *
