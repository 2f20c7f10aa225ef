/** Compiles patterns apart from the page, which therefore never waits. */

import type { Query } from "./api";
import { Compiler, needsNames } from "./module";

export type Request =
  | { id: number; want: "versions" }
  | { id: number; want: "explore"; query: Query }
  | { id: number; want: "outcome" | "code"; query: Query; dialect: number };

export interface Reply {
  id: number;
  /** JSON; null if there is no answer. */
  text: string | null;
  /** Why there is no answer, or what is missing from it. */
  problem: string | null;
  milliseconds: number;
  memory: number;
}

const worker = self as unknown as DedicatedWorkerGlobalScope;

let compiler: Promise<Compiler> = Compiler.load(false);
let withNames: Promise<Compiler> | null = null;

worker.onmessage = async ({ data }: MessageEvent<Request>) => {
  let problem: string | null = null;
  const reply = (text: string | null, milliseconds: number, memory: number): void => {
    const message: Reply = { id: data.id, text, problem, milliseconds, memory };
    worker.postMessage(message);
  };
  try {
    if (data.want !== "versions" && needsNames(data.query) && withNames === null) {
      withNames = Compiler.load(true);
    }
    if (withNames !== null) {
      try {
        compiler = Promise.resolve(await withNames);
      } catch {
        withNames = null;
        problem = "The names of characters for \\N{…} could not be loaded.";
      }
    }
    const loaded = await compiler;
    const start = performance.now();
    const text =
      data.want === "versions" ? loaded.versions()
      : data.want === "explore" ? loaded.explore(data.query)
      : data.want === "code" ? loaded.code(data.query, data.dialect)
      : loaded.outcome(data.query, data.dialect);
    reply(text, performance.now() - start, loaded.memory());
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
    reply(null, 0, 0);
  }
};
