import multiprocessing
import os
import re
import subprocess
import sys
import threading
import warnings

warnings.simplefilter("always")


re.compile("[[a]")


COMPILER = sys.modules.get("re._compiler") or sys.modules["sre_compile"]


class Str(str):
    def __str__(self):
        raise RuntimeError

    __iter__ = __eq__ = __hash__ = encode = __str__


class Bytes(bytes):
    def __bytes__(self):
        raise RuntimeError

    __iter__ = decode = __bytes__


def child():
    re.compile("multiprocessing")


if __name__ == "__main__":
    for pattern in [Str("((a"), Bytes(b"\xff+")]:
        try:
            COMPILER.compile(pattern, re.I if isinstance(pattern, bytes) else 0)
        except Exception as error:
            print(type(error).__name__, error)
    re.compile("\ud800\U0001f600\n\x7f")
    COMPILER.compile("module", 0)
    print(sys.argv, os.path.samefile(sys.path[0], "."), __name__, len(sys.path), "sitecustomize" in sys.modules)
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        re.compile("fork")
        os.closerange(3, 100)
        re.compile("closed")
        os._exit(0)
    os.waitpid(pid, 0)
    subprocess.run([sys.executable, "-c", "import re; re.compile('subprocess'); re.compile('fork')"], check=True)
    process = multiprocessing.get_context("spawn").Process(target=child)
    process.start()
    process.join()
    # Not before the fork, which 3.12 warns of while a thread ends.
    thread = threading.Thread(target=re.compile, args=("thread",))
    thread.start()
    thread.join()
    for pattern in [5, None, ["a"]]:
        try:
            re.compile(pattern)
        except TypeError as error:
            print(error)
    try:
        re.compile("a", "flags")
    except TypeError as error:
        print("flags")
    print(sys.stdin.read())
    re.compile("last")
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(7)
