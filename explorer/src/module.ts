/** The compiler as a WebAssembly module: compiler.wasm, or names.wasm with the names of characters. */

import compilerUrl from "./wasm/compiler.wasm?url";
import namesUrl from "./wasm/names.wasm?url";
import type { Query } from "./api";

interface Exports {
  memory: WebAssembly.Memory;
  reserve(length: number): number;
  text(): number;
  release(): void;
  versions(): number;
  explore(isBytes: number, flags: number): number;
  compile(isBytes: number, flags: number, dialect: number): number;
  code(isBytes: number, flags: number, dialect: number): number;
}

/** An instance that has grown beyond this is replaced, since WebAssembly never gives memory back. */
const LARGEST = 32 << 20;

export class Compiler {
  private exports: Exports;

  private constructor(
    private readonly module: WebAssembly.Module,
    /** Whether the module has the names of characters. */
    readonly names: boolean,
  ) {
    this.exports = new WebAssembly.Instance(module).exports as unknown as Exports;
  }

  static async load(names: boolean): Promise<Compiler> {
    const response = await fetch(names ? namesUrl : compilerUrl);
    if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
    // Not compileStreaming: servers that do not know the type of .wasm would make it fail.
    return new Compiler(await WebAssembly.compile(await response.arrayBuffer()), names);
  }

  versions(): string {
    return this.run((exports) => exports.versions());
  }

  /** The answers of all dialects, as JSON. */
  explore(query: Query): string {
    return this.run((exports) => {
      this.write(query.units);
      return exports.explore(Number(query.bytes), query.flags);
    });
  }

  /** The answer of one dialect, as JSON. */
  outcome(query: Query, dialect: number): string {
    return this.run((exports) => {
      this.write(query.units);
      return exports.compile(Number(query.bytes), query.flags, dialect);
    });
  }

  /** The code of one dialect as the matcher takes it: a list of numbers, as JSON. */
  code(query: Query, dialect: number): string {
    return this.run((exports) => {
      this.write(query.units);
      return exports.code(Number(query.bytes), query.flags, dialect);
    });
  }

  /** How many bytes of memory the module has. */
  memory(): number {
    return this.exports.memory.buffer.byteLength;
  }

  private write(units: number[]): void {
    const address = this.exports.reserve(units.length);
    if (address === 0) throw new Error("out of memory");
    new Uint32Array(this.exports.memory.buffer, address, units.length).set(units);
  }

  private run(call: (exports: Exports) => number): string {
    try {
      const length = call(this.exports);
      const bytes = new Uint8Array(this.exports.memory.buffer, this.exports.text(), length);
      const text = new TextDecoder().decode(bytes);
      this.exports.release();
      if (text === "") throw new Error("not a pattern");
      return text;
    } catch (error) {
      // After a trap the state of the module is unknown.
      this.restart();
      throw error;
    } finally {
      if (this.memory() > LARGEST) this.restart();
    }
  }

  private restart(): void {
    this.exports = new WebAssembly.Instance(this.module).exports as unknown as Exports;
  }
}

/** Whether a pattern may need the names of characters: whether it has `\N{`. */
export function needsNames(query: Query): boolean {
  const { units } = query;
  return units.some((unit, at) => unit === 0x5c && units[at + 1] === 0x4e && units[at + 2] === 0x7b);
}
