"""Tools from PyPI, the wheel, and environments that it is installed into."""
import glob
import json
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
PACKAGE = os.path.dirname(HERE)
TOOLS = ["maturin", "ziglang", "uv", "abi3audit", "mypy"]


class Failed(Exception):
    """A check failed."""


class Skipped(Exception):
    """A check cannot be made here."""


def output(command, check=True, **options):
    """Run a command to its end; return what it printed on both streams."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, **options)
    text = done.stdout.decode("utf-8", "replace")
    if check and done.returncode != 0:
        raise Failed(f"{' '.join(map(str, command))}: exit status {done.returncode}\n{text[-4000:]}")
    return text


def clean_environment(**changes):
    """Return an environment without settings of Python, and with changes."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "SRE_COMPILER"))}
    kept.pop("VIRTUAL_ENV", None)
    kept.update(changes)
    return kept


class Tools:
    """A virtual environment with the tools; those that cannot be installed are missing."""

    def __init__(self, folder):
        self.folder = os.path.join(folder, "tools")
        self.bin = os.path.join(self.folder, "bin")
        if not os.path.exists(os.path.join(self.bin, "pip")):
            output([sys.executable, "-m", "venv", self.folder])
            # An old pip cannot install into the environment of a new interpreter.
            output([os.path.join(self.bin, "pip"), "install", "--quiet", "--upgrade", "pip"], check=False)
        for tool in TOOLS:
            name = "python-zig" if tool == "ziglang" else tool
            if not os.path.exists(os.path.join(self.bin, name)):
                output([os.path.join(self.bin, "pip"), "install", "--quiet", tool], check=False)

    def get(self, name):
        path = os.path.join(self.bin, name)
        if not os.path.exists(path):
            raise Skipped(f"{name} could not be installed from PyPI")
        return path

    def environment(self, target):
        path = self.bin + os.pathsep + os.environ.get("PATH", "")
        return clean_environment(PATH=path, CARGO_TARGET_DIR=target)


def build_wheel(tools, folder, zig, features=()):
    """Build the wheel with maturin; return its path. `zig` links with an old glibc."""
    name = "-".join(["wheel", "zig" if zig else "plain", *features])
    out = os.path.join(folder, name)
    shutil.rmtree(out, ignore_errors=True)
    command = [tools.get("maturin"), "build", "--release", "--out", out]
    command += ["--zig", "--compatibility", "manylinux2014"] if zig else ["--compatibility", "linux"]
    if zig:
        tools.get("python-zig")
    for feature in features:
        command += ["--features", feature]
    output(command, cwd=PACKAGE, env=tools.environment(os.path.join(folder, "build")))
    (wheel,) = glob.glob(os.path.join(out, "*.whl"))
    return wheel


class Interpreter:
    """An interpreter, and an environment of it into which the wheel was installed."""

    def __init__(self, base, folder):
        self.base = base
        code = "import json,sys; print(json.dumps([sys.version_info[:3], sys.implementation.name, getattr(sys, 'abiflags', '')]))"
        facts = json.loads(output([base, "-I", "-c", code], env=clean_environment()))
        self.version, self.implementation, self.abiflags = tuple(facts[0]), facts[1], facts[2]
        self.name = ".".join(map(str, self.version))
        self.folder = os.path.join(folder, f"{self.implementation}-{self.name}")
        self.python = None

    def install(self, tools, wheel, by):
        """Make a new environment and install the wheel, by pip or by uv. Return its python."""
        place = f"{self.folder}-{by}"
        shutil.rmtree(place, ignore_errors=True)
        python = os.path.join(place, "bin", "python")
        environment = clean_environment()
        if by == "pip":
            if "ensurepip" in output([self.base, "-c", "import ensurepip"], check=False, env=environment):
                # Debian's interpreters come without; pip of the tools installs into the environment.
                output([tools.get("uv"), "venv", "--quiet", "--python", self.base, place], env=environment)
                pip = [os.path.join(tools.bin, "pip"), "--python", python]
            else:
                output([self.base, "-m", "venv", place], env=environment)
                pip = [python, "-m", "pip"]
            output([*pip, "install", "--quiet", "--no-index", "--disable-pip-version-check", wheel], env=environment)
        else:
            output([tools.get("uv"), "venv", "--quiet", "--python", self.base, place], env=environment)
            install = [tools.get("uv"), "pip", "install", "--quiet", "--offline", "--python", python, wheel]
            output(install, env=environment)
        return python

    def run(self, arguments, check=True, mode=None, **environment):
        """Run the environment's python."""
        if mode is not None:
            environment["SRE_COMPILER"] = mode
        environment.setdefault("PYTHONHASHSEED", "0")
        return output([self.python, *arguments], check=check, env=clean_environment(**environment), cwd=HERE)

    def code(self, code, check=True, mode=None, options=(), **environment):
        """Run code; return what it prints."""
        return self.run([*options, "-c", code], check=check, mode=mode, **environment).strip()
