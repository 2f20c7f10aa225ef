/** The panel that compares with a real CPython in the page. */

import type { Dialect, Outcome } from "./api";
import type { Client } from "./client";
import { byId, h } from "./dom";
import type { Current } from "./main";

declare const __PYODIDE__: boolean;

type Reply = { version?: number[]; id?: number; answer?: string; problem?: string };

export class Proof {
  private worker: Worker | null = null;
  private version: number[] | null = null;
  private current: Current | null = null;
  private asked = 0;
  private waiting = new Map<number, (reply: Reply) => void>();
  private readonly button = h("button", { type: "button", id: "load-cpython", click: () => void this.load() }, "Load CPython (14 MB)");
  private readonly status = h("p", { role: "status", id: "proof-status" }, "Pyodide is a CPython compiled to WebAssembly. It is served from here, and compiles the pattern in your browser. Its limits on repeats and groups, which are those of a 32-bit build, are set to those of 64 bits.");

  constructor(private readonly client: Client) {
    byId("proof").append(h("h2", { id: "proof-title" }, "Compare with a real CPython"), h("div", { class: "row" }, this.button), this.status);
    // Pyodide is large, and a build may leave it out.
    if (__PYODIDE__) return;
    this.button.disabled = true;
    this.status.textContent = "This copy of the page was built without Pyodide, so there is no CPython to compare with.";
  }

  show(current: Current): void {
    this.current = current;
    if (this.version) void this.compare();
  }

  private async load(): Promise<void> {
    if (this.worker) return;
    this.button.disabled = true;
    this.status.textContent = "Loading CPython…";
    const worker = new Worker(new URL("./proof-worker.ts", import.meta.url), { type: "module" });
    this.worker = worker;
    worker.onmessage = ({ data }: MessageEvent<Reply>) => {
      if (data.version) {
        this.version = data.version;
        void this.compare();
      } else if (data.id !== undefined) {
        this.waiting.get(data.id)?.(data);
        this.waiting.delete(data.id);
      } else this.fail(data.problem ?? "no answer");
    };
    worker.onerror = (event) => this.fail(event.message || "the worker could not be started");
  }

  private fail(why: string): void {
    this.worker?.terminate();
    this.worker = null;
    this.button.disabled = false;
    this.status.textContent = `CPython could not be loaded: ${why}`;
  }

  private async compare(): Promise<void> {
    const { current, worker, version } = this;
    if (!current || !worker || !version) return;
    const id = ++this.asked;
    const { query, versions } = current;
    const dialect = dialectOf(version, versions.dialects);
    if (dialect < 0) return void (this.status.textContent = `There is no dialect for CPython ${version.join(".")}.`);
    const reply = new Promise<Reply>((resolve) => this.waiting.set(id, resolve));
    worker.postMessage({ id, units: query.units, bytes: query.bytes, flags: query.flags });
    const [outcome, { answer, problem }] = await Promise.all([this.client.outcome(query, dialect), reply]);
    if (id !== this.asked) return;
    const name = `CPython ${version.join(".")} in this page`;
    if (!outcome || answer === undefined) return void (this.status.textContent = `${name} gave no answer: ${problem ?? ""}`);
    const differing = differences(outcome, JSON.parse(answer) as Outcome);
    const isEqual = differing.length === 0;
    const what = outcome.error ? "the error and its place" : `${outcome.code?.length ?? 0} words of code, flags, groups`;
    const text = isEqual ? `agrees: ${what} and ${outcome.warnings.length} warnings are the same.` : `differs in: ${differing.join(", ")}.`;
    this.status.replaceChildren(h("span", { class: isEqual ? "agrees" : "differs" }, `${name} ${text}`));
  }
}

/** The index of an interpreter's dialect. */
function dialectOf([, minor = 0, patch = 0]: number[], dialects: Dialect[]): number {
  return dialects.findLastIndex((dialect) => dialect.minor === minor && dialect.patch <= patch);
}

/** The names of what differs. */
export function differences(ours: Outcome, cpython: Outcome): string[] {
  const names = ["code", "flags", "groups", "groupindex", "warnings"] as const;
  const differing: string[] = names.filter((name) => JSON.stringify(ours[name]) !== JSON.stringify(cpython[name]));
  const error = ({ error }: Outcome): string =>
    error ? JSON.stringify([error.type, error.msg, error.pos ?? null, error.lineno ?? null, error.colno ?? null]) : "";
  if (error(ours) !== error(cpython)) differing.push("error");
  return differing;
}
