"""Checks of one interpreter into which the wheel was installed. Each returns a note, or raises Failed or Skipped."""
import difflib
import json
import os
import re
import tempfile

from environment import HERE, Failed, Skipped

NEIGHBOURS = ["test_re", "test_fnmatch", "test_textwrap", "test_string", "test_argparse", "test_doctest", "test_glob",
              "test_strptime", "test_copyreg", "test_html"]  # fmt: skip


def self_test(python, _):
    """Both compilers agree over the patterns of the package."""
    text = python.run(["-m", "sre_compiler", "--self-test"])
    return text.strip()


def cpython_tests(python, _):
    """CPython's own tests have the same outcomes plain and hooked."""
    if "No module named" in python.code("import test.test_re", check=False):
        raise Skipped("this interpreter comes without test.test_re")
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for mode in (None, "1"):
            path = os.path.join(folder, "results.json")
            python.run(["unittest_results.py", path, *NEIGHBOURS], mode=mode)
            with open(path) as file:
                results.append(json.load(file))
    plain, hooked = results
    if not hooked["status"]["installed"] or hooked["status"]["compiled"] < 1000:
        raise Failed(f"the hooks were not used: {hooked['status']}")
    plain, hooked = plain["outcomes"], hooked["outcomes"]
    # Messages may have addresses of objects.
    kind = lambda outcome: outcome.split(":")[0]  # noqa: E731
    different = {
        name: (plain.get(name), hooked.get(name))
        for name in {*plain, *hooked}
        if kind(plain.get(name, "absent")) != kind(hooked.get(name, "absent"))
    }
    if different:
        raise Failed(f"plain and hooked differ: {different}")
    count = lambda what: sum(kind(outcome) == what for outcome in hooked.values())  # noqa: E731
    if count("ok") < 400:
        raise Failed(f"only {count('ok')} tests passed: {hooked}")
    not_loaded = count("cannot be loaded")
    return (
        f"{count('ok')} ok, {count('skipped')} skipped, {count('failure') + count('error')} failed as they do plain"
        + (f", {not_loaded} modules absent" if not_loaded else "")
    )


def differential(python, full):
    """Patterns, groups, warnings with file and line, and exceptions are the same through both hooks."""
    limits = ["all", "all", "8100", "1"] if full else ["600", "700", "700", "1"]
    return python.run(["differential.py", *limits]).strip()


def semantics(python, _):
    """What a program can see is the same, line by line."""
    plain, hooked = (python.run(["semantics.py", mode]).splitlines() for mode in ("plain", "hooked"))
    if plain[-1] != "the end" or len(plain) < 1500:
        raise Failed(f"the program did not come to its end: {plain[-20:]}")
    allowed = []
    if python.version < (3, 12):
        # A call of a C function counts as a level of recursion. Every group takes two.
        plain, hooked, allowed = without_depth(plain, hooked)
    if plain != hooked:
        lines = difflib.unified_diff(plain, hooked, "plain", "hooked", lineterm="", n=1)
        raise Failed("\n".join(list(lines)[:60]))
    return f"{len(plain)} lines alike" + "".join(allowed)


def without_depth(plain, hooked):
    """Remove the lines about depth, which may differ by one level. Return both, and notes."""
    notes = []
    is_depth = lambda line: line.startswith("depth ")  # noqa: E731
    for before, after in zip(filter(is_depth, plain), filter(is_depth, hooked)):
        head, depth = before.rsplit(" ", 1)
        if after.rsplit(" ", 1)[0] != head or not 0 <= int(depth) - int(after.rsplit(" ", 1)[1]) <= 1:
            raise Failed(f"{before!r} became {after!r}")
        if before != after:
            notes.append(f"; {head}: {depth} levels, hooked {after.rsplit(' ', 1)[1]}")
    keep = lambda lines: [line for line in lines if not is_depth(line)]  # noqa: E731
    return keep(plain), keep(hooked), notes


def concurrency(python, _):
    """Threads, forks, the collector, subinterpreters and the end of the interpreter."""
    notes = []
    for part in ("threads", "fork", "collector", "interpreters", "teardown"):
        text = python.run(["-W", "ignore", "concurrency.py", part]).strip()
        if text.startswith("skipped"):
            raise Skipped(f"{part}: {text}")
        notes.append(text)
    return "; ".join(notes)


def startup(python, _):
    """Nothing happens unless the variable is set; re and what it needs are not imported for it; all is put back."""
    status = "import sre_compiler; s = sre_compiler.status(); print(s['installed'], s['verify'], s['why'])"
    expected = {
        None: "False False install() was not called",
        "0": "False False install() was not called",
        "": "False False install() was not called",
        "1": "True False None",
        "verify": "True True None",
    }
    for mode, answer in expected.items():
        found = python.code("import re; " + status, mode=mode)
        if found != answer:
            raise Failed(f"SRE_COMPILER={mode!r}: {found}")
    if python.code("import re, sys; print('sre_compiler' in sys.modules)") != "False":
        raise Failed("the package is imported though the variable is not set")
    for option in ("-E", "-I"):
        if python.code("import re; " + status, mode="1", options=[option]) != expected[None]:
            raise Failed(f"{option} does not switch it off")
    if "sre_compiler: installed" not in python.code("import re", mode="debug"):
        raise Failed("debug says nothing")
    if "unknown value" not in python.code("import re", mode="yes"):
        raise Failed("an unknown value is not reported")
    code = "import sys; print([name for name in ('re', 'enum', 'functools') if name in sys.modules])"
    if python.code(code, mode="1", options=["-S"]) != python.code(code, options=["-S"]):
        raise Failed("re is imported without a site")
    if python.code(code, mode="1") != python.code(code):
        raise Failed("the start imports more")
    facts = (
        "import sys, re; print(type(re.__loader__), type(re.__spec__.loader), vars(re.__loader__), re.__loader__ is re.__spec__.loader,"
        "[getattr(f, '__name__', type(f)) for f in sys.meta_path], re.__file__, sorted(vars(re.__spec__)))"
    )
    plain, active = python.code(facts), python.code(facts, mode="1")
    if plain != active:
        raise Failed(f"{plain}\nbecame\n{active}")
    child = "import subprocess, sys; print(subprocess.check_output([sys.executable, '-c', {code!r}]).decode())"
    if python.code(child.format(code="import re; " + status), mode="1") != "True False None":
        raise Failed("a child is not accelerated")
    return "off, on, verify, debug, -E, -I; finder, loader and children"


def command(python, _):
    """python -m sre_compiler runs scripts, modules and code as python does."""
    with tempfile.TemporaryDirectory() as folder:
        script = os.path.join(folder, "script.py")
        with open(script, "w") as file:
            file.write("import sys, re, os; print(__name__, sys.argv, sys.path[0], os.environ.get('SRE_COMPILER'))\nsys.exit(7)\n")
        for arguments in ([script, "-a", "--verify"], ["-m", "script", "x", "-c"], ["-c", "import sys; print(__name__, sys.argv)", "-m"]):
            environment = {"PYTHONPATH": folder}
            plain = python.run(arguments, check=False, mode="1", **environment)
            hooked = python.run(["-m", "sre_compiler", *arguments], check=False, **environment)
            if plain != hooked:
                raise Failed(f"{arguments}: {plain}\nbecame\n{hooked}")
    if "True" not in python.run(["-m", "sre_compiler", "--verify", "-c", "import sre_compiler; print(sre_compiler.status()['verify'])"]):
        raise Failed("--verify does not verify")
    if f"installed for CPython {python.name}" not in python.run(["-m", "sre_compiler", "--status"]):
        raise Failed("--status")
    return "script, -m, -c, --verify, --status"


def switching(python, _):
    """install and uninstall, in any order and repeatedly, and after others have changed re."""
    return python.run(["switching.py"]).strip()


def verify_mode(python, full):
    """With verify, real patterns are compiled both ways, and nothing is raised."""
    limit = 20000 if full else 800
    code = (
        f"import re, warnings, cases; warnings.simplefilter('ignore')\n"
        f"found = (cases.corpus() + cases.samples())[-{limit}:]\n"
        "import sre_compiler\n"
        "for case in found:\n"
        "    try: re.compile(*case)\n"
        "    except AssertionError: raise\n"
        "    except Exception: pass\n"
        "status = sre_compiler.status(); assert status['verify'] and status['compiled'] > len(found) // 2, status\n"
        "print(len(found), 'patterns')"
    )
    return python.code(code, mode="verify", PYTHONPATH=HERE)


def types(python, _):
    """What the stubs say is what the module has."""
    code = "import sre_compiler, inspect; print(sorted(n for n in dir(sre_compiler) if n[0] != '_'), inspect.signature(sre_compiler.install))"
    found = python.code(code)
    if not re.search(r"'install', 'self_test', 'status', 'uninstall'\] \(\*, cache=True, verify=False\)$", found):
        raise Failed(found)
    return found


ALL = [self_test, differential, semantics, concurrency, startup, command, switching, verify_mode, types, cpython_tests]
QUICK = [self_test, differential, startup]
