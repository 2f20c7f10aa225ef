/** The panel that takes a Python file and lists its patterns. */

import { byId, h, visible } from "./dom";
import { known } from "./flags";
import { count } from "./view/card";

interface Entry {
  line: number;
  column: number;
  function: string;
  case: { kind: string; pattern?: string; codepoints?: number[]; flags: number };
  accepted: boolean;
  /** What to write instead, where that is known. */
  help: string[];
  answers: {
    label: string;
    accepted: boolean;
    error?: { type: string; msg: string };
    warnings: { category: string; text: string }[];
    differs?: { since: string; before: string; after: string };
  }[];
}

interface Findings {
  problem?: string;
  patterns: Entry[];
  skipped: { line: number; reason: string }[];
}

type Open = (pattern: string, bytes: boolean, flags: string) => void;

const LONGEST = 1_000_000;
const LISTED = 200;
/** How long a file may take. */
const LIMIT = 10_000;

export class SourcePanel {
  private worker: Worker | null = null;
  private timer = 0;
  private readonly field = h("textarea", { id: "file", rows: 4, spellcheck: "false", "aria-labelledby": "source-title", placeholder: "import re …" });
  private readonly status = h("p", { role: "status", id: "source-status" });
  private readonly result = h("div", {});

  constructor(private readonly open: Open) {
    const check = h("button", { type: "button", id: "check-file", click: () => this.check() }, "Check its patterns");
    this.field.addEventListener("paste", () => window.setTimeout(() => this.check(), 0));
    byId("source").append(
      h("h2", { id: "source-title" }, "Paste a Python file"),
      this.field,
      h("div", { class: "row" }, check),
      this.status,
      this.result,
    );
  }

  private check(): void {
    const text = this.field.value;
    this.result.replaceChildren();
    this.stop();
    if (text === "") return void (this.status.textContent = "The field is empty.");
    if (text.length > LONGEST) return void (this.status.textContent = `The file is longer than ${LONGEST} characters; sre check reads it.`);
    this.status.textContent = "Loading the parser…";
    const worker = new Worker(new URL("./source-worker.ts", import.meta.url), { type: "module" });
    this.worker = worker;
    worker.onerror = () => this.fail("the parser could not be loaded");
    worker.onmessage = ({ data }: MessageEvent<{ ready?: true; text?: string; problem?: string }>) => {
      if (data.ready) {
        this.timer = window.setTimeout(() => this.fail("it took too long"), LIMIT);
        return;
      }
      if (data.text !== undefined) this.show(JSON.parse(data.text) as Findings);
      else this.fail(data.problem ?? "no answer");
      this.stop();
    };
    worker.postMessage(text);
  }

  private stop(): void {
    window.clearTimeout(this.timer);
    this.worker?.terminate();
    this.worker = null;
  }

  private fail(why: string): void {
    this.stop();
    this.status.textContent = `The file was not checked: ${why}.`;
  }

  private show({ problem, patterns, skipped }: Findings): void {
    if (problem) return this.fail(problem);
    const notable = patterns.filter(({ answers, accepted }) => !accepted || answers.length > 1 || answers.some(({ warnings }) => warnings.length > 0));
    this.status.textContent = `${count(patterns.length, "pattern")}: ${notable.length} refused, with warnings or changed in some version. ${count(skipped.length, "call")} skipped: not literal.`;
    const items = [...notable, ...patterns.filter((entry) => !notable.includes(entry))].slice(0, LISTED).map((entry) => this.item(entry));
    const more = patterns.length > LISTED ? h("p", { class: "more" }, `${patterns.length - LISTED} more patterns are not listed.`) : null;
    this.result.replaceChildren(h("ul", {}, ...items), ...(more ? [more] : []));
  }

  private item({ line, function: name, case: { kind, pattern, codepoints, flags }, help, answers }: Entry): HTMLElement {
    const text = pattern ?? String.fromCodePoint(...(codepoints ?? []));
    const letters = known([..."aiLmsux"].filter((letter) => flags & (BITS[letter] ?? 0)).join(""));
    const show = h("button", { type: "button", click: () => this.open(text, kind === "bytes", letters) }, visible(text.slice(0, 80)) || "(empty)");
    const parts = answers.map(({ label, accepted, error, warnings, differs }) => {
      const why = error ? `${error.type}: ${visible(error.msg)}` : warnings.map(({ category, text }) => `${category}: ${visible(text)}`).join("; ");
      const changes = differs ? `matches differently than ${differs.since}` : "";
      return h("li", {}, `${label}: `, h("span", { class: accepted ? "agrees" : "differs" }, accepted ? "accepted" : "refused"), " ", [why, changes].filter(Boolean).join("; "));
    });
    return h("li", {}, `line ${line}, re.${name} `, show, answers.length === 1 && answers[0]?.accepted && !answers[0].warnings.length ? " accepted by all" : h("ul", {}, ...parts, ...[...new Set(help)].map((text) => h("li", {}, h("b", {}, "help: "), visible(text)))));
  }
}

const BITS: Record<string, number> = { a: 256, i: 2, L: 4, m: 8, s: 16, u: 32, x: 64 };
