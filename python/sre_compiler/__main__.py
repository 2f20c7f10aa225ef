"""python -m sre_compiler: runs a program with re accelerated."""
import argparse
import os
import sys

import sre_compiler

PARSER = argparse.ArgumentParser(
    prog="python -m sre_compiler",
    usage="%(prog)s [--verify] SCRIPT.py | -m MODULE | -c CODE  [ARGUMENT ...]\n"
    "       %(prog)s --status | --self-test",
    description="Run a Python program with re.compile accelerated, as SRE_COMPILER=1 does. "
    "Processes that the program starts are accelerated, too.",
)
PARSER.add_argument("--verify", action="store_true", help="compile with both compilers, raise on a difference")
PARSER.add_argument("--status", action="store_true", help="say whether this Python can be accelerated")
PARSER.add_argument("--self-test", action="store_true", help="compare both compilers over built-in patterns")
PARSER.add_argument("-m", dest="module", metavar="MODULE", help="run a module")
PARSER.add_argument("-c", dest="code", metavar="CODE", help="run code")
PARSER.add_argument("--version", action="version", version=sre_compiler.__version__)


def split(arguments):
    """Split at the program: its own arguments belong to it."""
    for n, argument in enumerate(arguments):
        if argument in ("-m", "-c"):
            return arguments[: n + 2], arguments[n + 2 :]
        if not argument.startswith("-"):
            return arguments[:n], arguments[n:]
    return arguments, []


def main(arguments):
    own, rest = split(arguments)
    options = PARSER.parse_args(own)
    if options.self_test:
        return self_test()
    if options.status:
        sre_compiler.install()
        print_status()
        return 0 if sre_compiler.status()["installed"] else 2
    if options.module is None and options.code is None and not rest:
        PARSER.error("no program: name a script, or use -m or -c")
    os.environ["SRE_COMPILER"] = "verify" if options.verify else "1"
    sre_compiler.install(verify=options.verify)
    run(options, rest)
    return 0


def run(options, rest):
    if options.code is not None:
        sys.argv = ["-c", *rest]
        if sys.path[0:1] == [os.getcwd()]:
            sys.path[0] = ""
        module = sys.modules["__main__"] = type(sys)("__main__")
        exec(compile(options.code, "<string>", "exec"), module.__dict__)
        return
    import runpy

    if options.module is not None:
        sys.argv = [options.module, *rest]
        runpy.run_module(options.module, run_name="__main__", alter_sys=True)
        return
    sys.argv = rest
    sys.path[0] = os.path.dirname(os.path.abspath(rest[0]))
    runpy.run_path(rest[0], run_name="__main__")


def print_status():
    status = sre_compiler.status()
    print("sre_compiler", status["version"])
    if not status["installed"]:
        print("not installed:", status["why"])
        return
    print(f"installed for CPython {sys.version.split()[0]} (dialect {status['dialect']})")


def self_test():
    try:
        count = sre_compiler.self_test()
    except AssertionError as difference:
        print(difference)
        return 2
    except RuntimeError as why:
        print(why)
        return 1
    print(f"{count} patterns: no difference")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
