/** The WebAssembly modules outside a browser, as src/module.ts uses them. */

import { readFileSync } from "node:fs";

export function instance(name) {
  const bytes = readFileSync(new URL(`../src/wasm/${name}.wasm`, import.meta.url));
  return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
}

/** The answer that a call left, given its length. */
export function answer(exports, length) {
  return new TextDecoder().decode(new Uint8Array(exports.memory.buffer, exports.text(), length));
}

export function write(exports, numbers) {
  const address = exports.reserve(numbers.length);
  new Uint32Array(exports.memory.buffer, address, numbers.length).set(numbers);
}

export const points = (text) => [...text].map((c) => c.codePointAt(0));
