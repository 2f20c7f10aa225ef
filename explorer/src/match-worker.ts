/** Searches a text with RustPython's matcher, which may run forever: the page stops this worker then. */

import engineUrl from "./wasm/engine.wasm?url";

export interface Search {
  code: number[];
  groups: number;
  units: number[];
  bytes: boolean;
}

interface Exports {
  memory: WebAssembly.Memory;
  reserve(length: number): number;
  text(): number;
  search(code: number, groups: number, isBytes: number): number;
}

const worker = self as unknown as DedicatedWorkerGlobalScope;

const engine = (async () => {
  const response = await fetch(engineUrl);
  if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
  return WebAssembly.compile(await response.arrayBuffer());
})();

engine.then(() => worker.postMessage({ ready: true }), (error: unknown) => worker.postMessage({ problem: String(error) }));

worker.onmessage = async ({ data }: MessageEvent<Search>) => {
  try {
    const exports = new WebAssembly.Instance(await engine).exports as unknown as Exports;
    const input = [...data.code, ...data.units];
    // May grow the memory, which detaches the buffer before.
    const address = exports.reserve(input.length);
    new Uint32Array(exports.memory.buffer, address, input.length).set(input);
    const length = exports.search(data.code.length, data.groups, Number(data.bytes));
    const text = new TextDecoder().decode(new Uint8Array(exports.memory.buffer, exports.text(), length));
    worker.postMessage({ matches: JSON.parse(text) as number[][] });
  } catch (error) {
    const why = error instanceof RangeError || error instanceof WebAssembly.RuntimeError;
    worker.postMessage({ problem: why ? "the matcher ran out of stack or failed" : String(error) });
  }
};
