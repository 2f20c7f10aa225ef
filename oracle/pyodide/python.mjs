// Runs a CPython that was built for WebAssembly as if it were a python3 on the command line:
//
//     node python.mjs VERSION [-I] [-S] -c PROGRAM     (VERSION as in package.json: 3.12.7)
//
// so that the oracle starts it like any other interpreter. Standard input and output are those of this process, byte for
// byte. `_sre` has the limits of a 64-bit build: MAXREPEAT and MAXGROUPS, which are part of the code that is compared.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const [version, ...options] = process.argv.slice(2);
const at = options.indexOf("-c");
const known = options.slice(0, Math.max(at, 0)).every((option) => ["-I", "-S"].includes(option));
if (!version || at < 0 || at + 2 !== options.length || !known) {
  console.error("usage: python.mjs VERSION [-I] [-S] -c PROGRAM");
  process.exit(2);
}
const folder = path.dirname(fileURLToPath(import.meta.url));
const index = path.join(folder, "node_modules", `pyodide-${version}`);

const SETUP = `
def _setup(executable):
    import os, sys, time, types
    import _sre as real

    # What a program reads and writes are the devices, whose bytes pass unchanged.
    for device, mode, fd in (("/dev/sre-in", os.O_RDONLY, 0), ("/dev/sre-out", os.O_WRONLY, 1)):
        opened = os.open(device, mode)
        os.dup2(opened, fd)
        os.close(opened)
    sys.stdin, sys.stdout = open(0, closefd=False), open(1, "w", closefd=False)
    sys.executable = executable
    sys.argv = ["-c"]

    # The clocks of the processor stand still here, or raise an OSError.
    time.thread_time_ns = time.process_time_ns = time.perf_counter_ns

    shim = types.ModuleType("_sre", real.__doc__)
    shim.__dict__.update(real.__dict__)
    largest = real.MAXREPEAT
    shim.MAXREPEAT = 4294967295
    shim.MAXGROUPS = 2147483647 if sys.version_info < (3, 11) else 1073741823

    def compile(pattern, flags, code, groups, groupindex, indexgroup):
        # Some versions reject a long look-behind, by a type that has another size here.
        constants = sys.modules.get("re._constants") or sys.modules["sre_constants"]
        asserts = constants.ASSERT, constants.ASSERT_NOT
        long = (at for at, back in enumerate(code[2:]) if largest < back < shim.MAXREPEAT)
        if any(code[at] in asserts and 3 <= code[at + 1] < len(code) - at for at in long):
            raise NotImplementedError("only a build with 64 bits knows whether it accepts this")
        # This build takes no word beyond its own MAXREPEAT as a bound.
        code = [min(word, largest) for word in code]
        return real.compile(pattern, flags, code, groups, groupindex, indexgroup)

    shim.compile = compile
    sys.modules["_sre"] = shim
    for name in list(sys.modules):
        if name == "re" or name.startswith(("re.", "sre_")):
            del sys.modules[name]
`;

/** Makes a device of Emscripten's file system, with a function that reads or writes a part of a buffer. */
function device(FS, name, minor, transfer) {
  const id = FS.makedev(64, minor);
  const call = (stream, buffer, offset, length) => transfer(buffer.subarray(offset, offset + length));
  FS.registerDevice(id, { open() {}, close() {}, read: call, write: call });
  FS.mkdev(name, id);
}

/** Reads at least a byte, unless the input has ended. */
function read(part) {
  for (;;) {
    try {
      return fs.readSync(0, part);
    } catch (error) {
      if (error.code === "EOF") return 0;
      if (error.code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

function write(part) {
  for (let written = 0; written < part.length; ) {
    try {
      written += fs.writeSync(1, part, written);
    } catch (error) {
      if (error.code === "EPIPE") process.exit(0);
      if (error.code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
  return part.length;
}

const { loadPyodide } = await import(path.join(index, "pyodide.mjs"));
const pyodide = await loadPyodide({ indexURL: index + path.sep, stdout: () => {}, stderr: console.error });
device(pyodide.FS, "/dev/sre-in", 0, read);
device(pyodide.FS, "/dev/sre-out", 1, write);
pyodide.runPython(SETUP);
const executable = process.env.SRE_PYODIDE_EXECUTABLE ?? fileURLToPath(import.meta.url);
pyodide.globals.get("_setup")(executable);
const globals = pyodide.runPython('{"__name__": "__main__", "__builtins__": __builtins__}');
try {
  pyodide.runPython(options[at + 1], { globals });
  pyodide.runPython("import sys; sys.stdout.flush()");
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
process.exit(0);
