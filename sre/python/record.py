"""Records what a program compiles. `sre record` puts this file on the program's path, named `sitecustomize.py`.

It runs unchanged on 3.8 to 3.15, in the program's process and in every Python that it starts. What is to be seen of
it is little: the compiler of `re` is imported before the program starts, `PYTHONPATH` and `SRE_RECORD_FILE` are in the
environment, and `isstring` of the compiler's module is another function.
"""

import os
import sys


def _failures(folder):
    """Makes the function that notes in a folder why something was not recorded. `sre record` reports it."""
    symlink, unlink, join = getattr(os, "symlink", None), os.unlink, os.path.join
    noted = set()

    def failed(error):
        name, text = type(error).__name__, type(error).__name__
        if isinstance(error, OSError) and error.errno:
            name, text = str(error.errno), "[Errno %d] %s" % (error.errno, error.strerror)
        if name in noted:
            return
        noted.add(name)
        # Neither needs a descriptor. So short a link needs no block of the disk, and removing a file needs nothing.
        try:
            symlink(text[:59], join(folder, name))
        except FileExistsError:
            pass
        except Exception:
            unlink(join(folder, "none"))

    return failed


def _install(path, failed):
    if sys.version_info >= (3, 11):
        from re import _compiler as compiler
    else:
        import sre_compile as compiler

    # `compile(p, flags)` asks `isstring(p)` before it does anything else. To record there, and not in a function
    # around `compile`, adds no frame between the parser and its caller, whom warnings name by counting frames.
    # Every way to compile leads there: `re`, `sre_compile`, whatever the pattern, and whether it is refused or not.
    compile_code = compiler.compile.__code__
    isstring = compiler.isstring
    inner = {"re", "sre_compile", "sre_parse", "re._compiler", "re._parser"}
    seen = set()
    # The program may replace what `os` and `sys` hold.
    getframe, open_file, write, close = sys._getframe, os.open, os.write, os.close
    mode = os.O_WRONLY | os.O_APPEND | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    own_globals = globals()
    # Whether a line of this process may have been cut off: then the next one begins with a newline.
    torn = []

    def quoted(text):
        # Not by `json`, which compiles patterns of its own.
        escapes = {'"': '\\"', "\\": "\\\\"}
        parts = []
        for c in text:
            n = ord(c)
            if 32 <= n < 127:
                parts.append(escapes.get(c, c))
            elif n < 0x10000:
                parts.append("\\u%04x" % n)
            else:
                n -= 0x10000
                parts.append("\\u%04x\\u%04x" % (0xD800 + (n >> 10), 0xDC00 + (n & 0x3FF)))
        return '"' + "".join(parts) + '"'

    def has_surrogate(text):
        return any("\ud800" <= c <= "\udfff" for c in text)

    def place(frame):
        while frame is not None and frame.f_globals.get("__name__") in inner:
            frame = frame.f_back
        if frame is None:
            return ""
        name = frame.f_code.co_filename
        name = "".join("?" if "\ud800" <= c <= "\udfff" else c for c in name)
        return ', "source": ' + quoted("%s:%s" % (name, frame.f_lineno))

    def record(pattern, flags, frame):
        # A subclass may do anything in its methods; those of its base class give the text that it was made of.
        if isinstance(pattern, str):
            kind, text = "str", str.__str__(pattern)
        else:
            kind, text = "bytes", bytes.__getitem__(pattern, slice(None)).decode("latin-1")
        flags = int.__index__(flags)
        key = (kind, text, flags)
        if key in seen or not -1 << 63 <= flags < 1 << 63:
            return
        if has_surrogate(text):
            body = '"codepoints": [%s]' % ", ".join(str(ord(c)) for c in text)
        else:
            body = '"pattern": ' + quoted(text)
        line = '{"kind": "%s", %s, "flags": %d%s}\n' % (kind, body, flags, place(frame))
        # Opened for each line: a descriptor that is kept may be closed by the program, and its number used again.
        # What is appended in one write is whole, whoever else appends, and however the process ends afterwards.
        rest = line.encode("ascii")
        if torn:
            rest = b"\n" + rest
        file = open_file(path, mode)
        try:
            # On a disk that gets full the first write is short, and the second fails.
            while rest:
                written = write(file, rest)
                if written < len(rest):
                    torn.append(True)
                rest = rest[written:]
        finally:
            close(file)
        del torn[:]
        seen.add(key)

    def recording_isstring(obj):
        try:
            frame = getframe(1)
            if frame.f_code is compile_code and isstring(obj):
                flags = frame.f_locals["flags"]
                if isinstance(flags, int):
                    record(obj, flags, frame)
        except Exception as error:
            # A failure of the recording must not reach the program; what its own signal handlers raise must.
            trace = error.__traceback__
            while trace.tb_next is not None:
                trace = trace.tb_next
            if trace.tb_frame.f_globals is not own_globals:
                raise
            try:
                failed(error)
            except Exception:
                pass
        return isstring(obj)

    compiler.isstring = recording_isstring


def _start():
    here = os.path.dirname(os.path.abspath(__file__))
    path = os.environ.get("SRE_RECORD_FILE")
    if path:
        failed = _failures(os.path.join(here, "failed"))
        try:
            _install(path, failed)
            # Tells `sre record` that there is a process that records.
            started = os.path.join(here, "started")
            if not os.path.exists(started):
                os.close(os.open(started, os.O_WRONLY | os.O_CREAT, 0o600))
        except Exception as error:
            try:
                failed(error)
            except Exception:
                pass
    # From here on the path is what it would be, and the module of this name is who it would be. If there is none,
    # the import fails, as it would, and takes this module with it: `site` expects that error.
    sys.path[:] = [entry for entry in sys.path if not entry or os.path.abspath(entry) != here]
    sys.modules.pop("sitecustomize", None)
    import sitecustomize  # noqa: F401


_start()
