/** Finds the patterns of a Python file and checks them, as `sre check` does. */

import sourceUrl from "./wasm/source.wasm?url";

interface Exports {
  memory: WebAssembly.Memory;
  reserve(length: number): number;
  text(): number;
  check(): number;
}

const worker = self as unknown as DedicatedWorkerGlobalScope;

worker.onmessage = async ({ data }: MessageEvent<string>) => {
  try {
    const response = await fetch(sourceUrl);
    if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
    const module = await WebAssembly.compile(await response.arrayBuffer());
    const exports = new WebAssembly.Instance(module).exports as unknown as Exports;
    worker.postMessage({ ready: true });
    const bytes = new TextEncoder().encode(data);
    // May grow the memory, which detaches the buffer before.
    const address = exports.reserve(bytes.length);
    new Uint8Array(exports.memory.buffer, address, bytes.length).set(bytes);
    const length = exports.check();
    const text = new TextDecoder().decode(new Uint8Array(exports.memory.buffer, exports.text(), length));
    worker.postMessage({ text });
  } catch (error) {
    const isDeep = error instanceof RangeError || error instanceof WebAssembly.RuntimeError;
    worker.postMessage({ problem: isDeep ? "it is nested too deeply for a browser; sre check reads it" : String(error) });
  }
};
