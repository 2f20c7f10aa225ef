"""Checks of the wheel, of the build with an injected bug, and of the cost of starting."""
import glob
import os
import re
import shutil
import subprocess
import tempfile
import zipfile

from environment import HERE, PACKAGE, Failed, Skipped, clean_environment, output

MODULE = "_sre_compiler/native.abi3.so"
LARGEST_MODULE = 850_000
LARGEST_WHEEL = 500_000
NEWEST_GLIBC = (2, 17)


def wheel_contents(tools, wheel, is_portable):
    """Size, linked libraries, glibc, stable ABI, and the files that must be there."""
    notes = []
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)
            names = archive.namelist()
        module = os.path.join(folder, MODULE)
        for name in ("py.typed", "__init__.pyi", "patterns.jsonl", "__main__.py"):
            if f"sre_compiler/{name}" not in names:
                raise Failed(f"{name} is not in the wheel")
        if not any(name.endswith(".data/platlib/sre_compiler.pth") for name in names):
            raise Failed("sre_compiler.pth is not in the wheel")
        sizes = os.path.getsize(module), os.path.getsize(wheel)
        notes.append(f"module {sizes[0]:,} bytes, wheel {sizes[1]:,} bytes")
        if is_portable and (sizes[0] > LARGEST_MODULE or sizes[1] > LARGEST_WHEEL):
            raise Failed(f"too large: {notes[0]}")
        linked = output(["ldd", module])
        if "python" in linked:
            raise Failed(f"libpython is linked:\n{linked}")
        with open(module, "rb") as file:
            versions = {tuple(map(int, found.split(b"."))) for found in re.findall(rb"GLIBC_(\d+\.\d+)", file.read())}
        newest = max(version[:2] for version in versions)
        notes.append("glibc {}.{}".format(*newest))
        if is_portable and newest > NEWEST_GLIBC:
            raise Failed(f"needs glibc {newest}")
        if is_portable and "manylinux2014" not in wheel:
            raise Failed(wheel)
    if "cp38-abi3" not in os.path.basename(wheel):
        raise Failed(f"{wheel} is not for the stable ABI of 3.8")
    audit = output([tools.get("abi3audit"), "--strict", "--assume-minimum-abi3", "3.8", "--verbose", wheel], check=False)
    # It breaks lines.
    if "0 ABI version mismatches and 0 ABI violations" not in " ".join(audit.split()):
        raise Failed(f"abi3audit: {audit}")
    notes.append("abi3audit finds nothing")
    if b"SRE_COMPILER_INJECT" in open_module(wheel):
        raise Failed("the build has the injected bug")
    return ", ".join(notes)


def open_module(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return archive.read(MODULE)


def stubs(tools):
    """mypy finds the stubs of the package, and no mistake in its Python code."""
    with tempfile.TemporaryDirectory() as folder:
        use = os.path.join(folder, "use.py")
        with open(use, "w") as file:
            file.write(
                "import sre_compiler\n"
                "installed: bool = sre_compiler.install(cache=True, verify=False)\n"
                "count: int = sre_compiler.status()['compiled'] + sre_compiler.self_test()\n"
                "why: str = sre_compiler.status()['why']  # type: ignore[assignment]\n"
                "sre_compiler.install(True)  # type: ignore[call-arg]\n"
                "reveal_type(sre_compiler.status()['left'])\n"
            )
        environment = clean_environment(MYPYPATH=PACKAGE)
        command = [tools.get("mypy"), "--strict", "--warn-unused-ignores", "--cache-dir", folder]
        text = output([*command, use], env=environment, cwd=folder)
        if "dict[str, int]" not in text.lower():
            raise Failed(text)
        text = output([*command[:1], "--cache-dir", folder, "sre_compiler"], env=clean_environment(), cwd=PACKAGE)
    return text.strip().splitlines()[-1]


def pypy(wheel):
    """PyPy keeps its own re: the package says why, and so does the environment variable."""
    if shutil.which("pypy3") is None:
        raise Skipped("no pypy3")
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)
        environment = clean_environment(PYTHONPATH=folder, SRE_COMPILER="1")
        code = "import sre_compiler, re; print(sre_compiler.install(), sre_compiler.status()['why'], re.compile('a+').match('a'))"
        found = output(["pypy3", "-c", code], env=environment)
        if not found.startswith("False the implementation is pypy, not CPython <"):
            raise Failed(found)
        status = subprocess.run(["pypy3", "-m", "sre_compiler", "--status"], env=environment, stdout=subprocess.PIPE)
        if status.returncode != 2 or b"pypy" not in status.stdout:
            raise Failed(f"--status: {status}")
        (pth,) = glob.glob(os.path.join(folder, "*.data", "platlib", "*.pth"))
        with open(pth) as file:
            line = file.read()
        found = output(["pypy3", "-c", f"try:\n {line.strip()}\nexcept ImportError: pass\nimport re; print('goes on')"], env=environment)
        if found != "goes on\n":
            raise Failed(found)
    return "nothing installed, and the reason is given"


def internals(tools, python):
    """Packages from PyPI that read the inside of re give the same, plain and hooked."""
    from internals import PACKAGES

    for name in PACKAGES:
        install = [tools.get("uv"), "pip", "install", "--quiet", "--python", python.python, name.replace("_", "-")]
        output(install, check=False, env=clean_environment())
    plain, hooked = (python.run(["internals.py"], mode=mode) for mode in (None, "1"))
    if plain != hooked or not plain.endswith("the[ ]end\n"):
        raise Failed(f"{plain}\nbecame\n{hooked}")
    used = [line.split(" ")[0] for line in plain.splitlines() if " skipped: " not in line and " raises " not in line]
    if len(used) < 5:
        raise Skipped(f"too few of the packages could be used: {plain}")
    return ", ".join(used[:-1])


def injected_bug(python):
    """A wrong word is caught by verify, by the self-test and by the comparison of this package's tests."""
    with_bug = {"SRE_COMPILER_INJECT": "word"}
    sound = python.run(["-m", "sre_compiler", "--self-test"])
    if "no difference" not in sound:
        raise Failed(f"without the bug: {sound}")
    text = python.run(["-m", "sre_compiler", "--self-test"], check=False, **with_bug)
    expected = ["differ:", "re.compile(", "LITERAL", "sre compare --pythons"]
    if not all(part in text for part in expected):
        raise Failed(f"the self-test does not see it: {text}")
    text = python.code("import re; re.compile('abc|d')", check=False, mode="verify", **with_bug)
    if not all(part in text for part in [*expected, "Divergence", "'abc|d'"]):
        raise Failed(f"verify does not see it: {text}")
    text = python.run(["differential.py", "300", "1", "300", "1"], check=False, **with_bug)
    if not re.search(r"[1-9]\d* different", text):
        raise Failed(f"the comparison does not see it: {text[-2000:]}")
    return "caught by verify, by the self-test and by the comparison"


# Instructions above which a start is too slow.
MOST = {"inert": 600_000, "active": 4_000_000, "active, no .pyc": 8_000_000}


def instructions(python, base_python):
    """Start-up costs few instructions: without the variable, with it, and where there are no .pyc files."""
    if shutil.which("valgrind") is None:
        raise Skipped("no valgrind")
    site = python.code("import sysconfig; print(sysconfig.get_paths()['platlib'])")
    clean_site = base_python.code("import sysconfig; print(sysconfig.get_paths()['platlib'])")
    with open(os.path.join(clean_site, "empty.pth"), "w") as file:
        file.write("\n")  # Without a byte, the file would not even be decoded.
    for folder in (site, clean_site):
        subprocess.call(["find", folder, "-name", "__pycache__", "-prune", "-exec", "rm", "-rf", "{}", "+"])
    counts = {}
    runs = [
        ("empty", base_python, "pass", None),
        ("inert", python, "pass", None),
        ("clean re", base_python, "import re", None),
        ("active re, no .pyc", python, "import re", "1"),
        ("active pass, no .pyc", python, "pass", "1"),
        ("active re", python, "import re", "1"),
        ("active pass", python, "pass", "1"),
    ]
    for name, which, code, mode in runs:
        writes = "" if name.endswith("no .pyc") else None
        counts[name] = count(which, code, mode, writes)
    os.remove(os.path.join(clean_site, "empty.pth"))
    costs = {
        "inert": counts["inert"] - counts["empty"],
        "active": counts["active re"] - counts["clean re"],
        "active, no .pyc": counts["active re, no .pyc"] - counts["clean re"],
    }
    note = ", ".join(f"{name}: {cost / 1e6:+.2f} M" for name, cost in costs.items())
    too_many = [name for name, cost in costs.items() if cost > MOST[name]]
    if too_many:
        raise Failed(f"{note}; at most {MOST}; {counts}")
    millions = ", ".join(f"{name} {number / 1e6:.1f} M" for name, number in counts.items())
    return f"{note} ({millions})"


def count(python, code, mode, no_pyc):
    """Count the instructions of a process, of three the fewest: the first one writes .pyc files."""
    environment = {"PYTHONHASHSEED": "0"}
    if no_pyc is not None:
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
    if mode:
        environment["SRE_COMPILER"] = mode
    environment = clean_environment(**environment)
    counts = []
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "callgrind.%p")
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={path}", python.python, "-c", code]
        for _ in range(2 if no_pyc is None else 1):
            output(command, env=environment, cwd=HERE)
            totals = [re.search(rb"^summary: (\d+)", open(found, "rb").read(), re.M) for found in glob.glob(folder + "/callgrind.*")]
            counts.append(max(int(total.group(1)) for total in totals if total))
            for found in glob.glob(folder + "/callgrind.*"):
                os.remove(found)
    return min(counts)
