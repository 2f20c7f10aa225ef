"""Threads, fork, and code that runs in the middle of a compilation. One argument names the part."""
import gc
import os
import re
import sys
import threading

import cases
import sre_compiler

if sys.version_info >= (3, 11):
    from re import _compiler as compiler
else:
    import sre_compile as compiler


def usable(limit):
    """Return patterns that compile without a warning, with CPython's own result."""
    import warnings

    found = []
    for pattern, flags in (cases.samples() or cases.corpus())[:limit]:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                found.append((pattern, flags, compiler.compile(pattern, flags)))
            except Exception:
                pass
    assert len(found) > limit // 4, len(found)
    return found


def check(found):
    """Compile all, and count the differences."""
    return sum(compiler.compile(pattern, flags) != expected for pattern, flags, expected in found)


def threads():
    """8 threads that are switched as often as possible."""
    found = usable(2000)
    assert sre_compiler.install()
    sys.setswitchinterval(1e-6)
    wrong = []

    def work(seed):
        for n in range(4000):
            pattern, flags, expected = found[(n * 31 + seed * 977) % len(found)]
            function = re.compile if n % 3 == 0 else compiler.compile
            if function(pattern, flags) != expected:
                wrong.append(pattern)

    workers = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert not wrong, wrong[:3]
    assert sre_compiler.status()["compiled"] > 8 * 2000
    print("8 threads,", sre_compiler.status()["compiled"], "patterns")


def fork():
    """Children compile while the parent's threads do."""
    found = usable(500)
    assert sre_compiler.install()
    stop = threading.Event()

    def work():
        while not stop.is_set():
            check(found[:50])

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    try:
        for _ in range(20):
            child = os.fork()
            if child == 0:
                os._exit(1 if check(found) else 0)
            assert os.waitpid(child, 0)[1] == 0
    finally:
        stop.set()
        for worker in workers:
            worker.join()
    print("20 children of a process with threads")


def collector():
    """Finalizers and callbacks of the collector compile patterns themselves."""
    found = usable(3000)
    assert sre_compiler.install()
    inside, entered, nested = [False], [0], [0]

    class Cycle:
        def __init__(self):
            self.me = self

        def __del__(self):
            compile_again()

    def compile_again():
        entered[0] += 1
        nested[0] += inside[0]
        pattern, flags, expected = found[entered[0] % len(found)]
        assert compiler.compile(pattern, flags) == expected

    def callback(phase, info):
        if phase == "start":
            compile_again()

    gc.callbacks.append(callback)
    gc.set_threshold(1, 1, 1)
    wrong = 0
    for pattern, flags, expected in found:
        Cycle()
        inside[0] = True
        made = compiler.compile(pattern, flags)
        inside[0] = False
        wrong += made != expected
        re.compile(pattern, flags)
    gc.callbacks.remove(callback)
    gc.set_threshold(700, 10, 10)
    assert wrong == 0 and entered[0] > 100
    # Up to 3.11 the collector runs inside of allocations; later it waits for the interpreter's loop.
    assert nested[0] > 0 or sys.version_info >= (3, 12), nested
    print(f"{entered[0]} patterns compiled by the collector, {nested[0]} of them while another was compiled")


def interpreters():
    """Three interpreters in one process, each with its own re.error."""
    try:
        import _interpreters as module
    except ImportError:
        try:
            import _xxsubinterpreters as module
        except ImportError:
            print("skipped: no module of subinterpreters")
            return
    code = """if True:
        import sys
        sys.path[:0] = {path!r}
        import re, warnings
        import sre_compiler
        assert sre_compiler.install(), sre_compiler.status()
        for n in range(300):
            assert re.compile('(?P<a>[a-z]+)%d|\\\\d{{2,}}' % n).groupindex == {{'a': 1}}
        try:
            re.compile('(')
        except re.error as error:
            assert type(error) is re.error
        else:
            raise AssertionError
        assert sre_compiler.status()['compiled'] >= 300, sre_compiler.status()
    """.format(path=[os.path.dirname(os.path.dirname(sre_compiler.__file__))])
    assert sre_compiler.install()
    created = [module.create() for _ in range(3)]
    runners = [threading.Thread(target=run_in, args=(module, each, code)) for each in created]
    for runner in runners:
        runner.start()
        if sys.version_info < (3, 12):
            runner.join()
    for runner in runners:
        runner.join()
    assert DONE == 3, DONE
    for each in created:
        module.destroy(each)
    assert re.compile("still[ ]here").match("still here")
    print("3 interpreters")


DONE = 0


def run_in(module, interpreter, code):
    global DONE
    run = getattr(module, "run_string", None) or module.exec
    failed = run(interpreter, code)
    if failed is None:
        DONE += 1
    else:
        print(failed)


def teardown():
    """Patterns are compiled to the very end of the interpreter, as far as it lets them."""
    assert sre_compiler.install()

    class Last:
        def __del__(self, compile=re.compile):
            try:
                compile("at the end[0-9]+")
            except TypeError:  # What re.compile calls is None already.
                pass

    re.last = Last()
    sys.last = Last()
    sre_compiler.last = Last()
    builtins = __import__("builtins")
    builtins.last = Last()
    print("at exit")


if __name__ == "__main__":
    globals()[sys.argv[1]]()
