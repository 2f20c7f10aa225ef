/** A real CPython, Pyodide, in a worker: compiles patterns as CPython does. */

const worker = self as unknown as DedicatedWorkerGlobalScope;

interface Pyodide {
  runPython(source: string): unknown;
  globals: { get(name: string): (...parameters: unknown[]) => string };
}

/** Code, flags, groups and warnings, or the error, as JSON. */
const PROGRAM = `
import json, re, sys, warnings
from re import _compiler, _constants, _parser

# WebAssembly has 32 bits, in which these two are smaller.
for module in (_constants, _parser, _compiler):
    module.MAXREPEAT = _constants._NamedIntConstant(4294967295, 'MAXREPEAT')
    module.MAXGROUPS = 1073741823

def version():
    return json.dumps(list(sys.version_info[:3]))

def answer(units, is_bytes, flags):
    units = json.loads(units)
    pattern = bytes(units) if is_bytes else ''.join(map(chr, units))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter('always')
        try:
            tree = _parser.parse(pattern, flags)
            code = [int(word) for word in _compiler._code(tree, flags)]
            state = tree.state
            result = {'code': code, 'flags': int(flags | state.flags), 'groups': state.groups - 1,
                      'groupindex': list(map(list, state.groupdict.items()))}
        except re.error as error:
            result = {'error': {'type': 'error', 'msg': error.msg, 'pos': error.pos,
                                'lineno': error.lineno, 'colno': error.colno}}
        except Exception as error:
            result = {'error': {'type': type(error).__name__, 'msg': str(error)}}
    result['warnings'] = [[warning.category.__name__, str(warning.message)] for warning in caught]
    return json.dumps(result)
`;

const started = (async () => {
  const url = new URL("../pyodide/pyodide.mjs", import.meta.url).href;
  const { loadPyodide } = (await import(/* @vite-ignore */ url)) as { loadPyodide(options: object): Promise<Pyodide> };
  const python = await loadPyodide({ indexURL: new URL("../pyodide/", import.meta.url).href });
  python.runPython(PROGRAM);
  return python;
})();

started.then(
  (python) => worker.postMessage({ version: JSON.parse(python.globals.get("version")()) as number[] }),
  (error: unknown) => worker.postMessage({ problem: String(error) }),
);

worker.onmessage = async ({ data }: MessageEvent<{ id: number; units: number[]; bytes: boolean; flags: number }>) => {
  try {
    const answer = (await started).globals.get("answer")(JSON.stringify(data.units), data.bytes, data.flags);
    worker.postMessage({ id: data.id, answer });
  } catch (error) {
    worker.postMessage({ id: data.id, problem: String(error) });
  }
};
