"""install(), uninstall() and status(), also after other programs have changed re."""
import importlib
import re
import sys
import types

import sre_compiler

if sys.version_info >= (3, 11):
    from re import _compiler as compiler
else:
    import sre_compile as compiler


def are_original():
    return [isinstance(f, types.FunctionType) for f in (re._compile, compiler.compile)]


def main():
    outer, inner = re._compile, compiler.compile
    assert are_original() == [True, True]
    for _ in range(3):
        assert sre_compiler.install()
        assert are_original() == [False, False]
        assert re.compile("a[0-9]").match("a1")
        assert sre_compiler.install(cache=False)
        assert are_original() == [True, False]
        assert not sre_compiler.status()["cache"]
        assert sre_compiler.install(verify=True) and sre_compiler.status()["verify"]
        assert re.compile("verified[0-9]").match("verified1")
        sre_compiler.uninstall()
        sre_compiler.uninstall()
        assert (re._compile, compiler.compile) == (outer, inner)
        assert sre_compiler.status()["why"] == "uninstall() was called"

    # Functions that others hold still work after uninstall().
    assert sre_compiler.install()
    held = re._compile, compiler.compile
    sre_compiler.uninstall()
    before = sre_compiler.status()["compiled"]
    assert held[0]("held+", 0).match("hello") is None and held[1]("held+").match("held")
    assert sre_compiler.status()["compiled"] == before

    # Whoever replaced a function before us is not silenced, and one who does afterwards is called.
    calls = []

    def replacement(p, flags=0):
        calls.append(p)
        return inner(p, flags)

    def outer_replacement(pattern, flags):
        calls.append(pattern)
        return outer(pattern, flags)

    compiler.compile = replacement
    assert not sre_compiler.install() and "replaced" in sre_compiler.status()["why"]
    compiler.compile = inner
    re._compile = outer_replacement
    assert not sre_compiler.install() and "re._compile was replaced" in sre_compiler.status()["why"]
    assert re._compile is outer_replacement
    re._compile = outer
    assert sre_compiler.install()
    compiler.compile = replacement
    re.purge()
    re.compile("replaced[ ]later")
    assert calls == ["replaced[ ]later"], calls
    assert sre_compiler.status()["left"]["patched"] > 0
    # uninstall() restores what this package replaced, and leaves what others did.
    sre_compiler.uninstall()
    assert compiler.compile is replacement and re._compile is outer
    compiler.compile = inner

    # A module that is loaded again has its own function; the inner hook stays.
    assert sre_compiler.install()
    importlib.reload(re)
    assert are_original() == [True, False]
    assert re.compile("re[l]oaded").match("reloaded")
    assert sre_compiler.install() and are_original() == [False, False]
    assert re.compile("again[ ]").match("again ")
    sre_compiler.uninstall()

    for wrong in ({"cach": 1}, {"verify": 1, "x": 2}):
        try:
            sre_compiler.install(**wrong)
        except TypeError:
            continue
        raise AssertionError(wrong)
    try:
        sre_compiler.install(True)
    except TypeError:
        pass
    else:
        raise AssertionError
    print("install, uninstall, functions held and replaced, reload, wrong arguments")


main()
