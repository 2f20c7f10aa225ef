/** What can be copied: Python, a command, a case of the corpus, a report, a link. */

import type { Query } from "./api";
import { text } from "./caret";
import { FLAGS } from "./flags";
import { source } from "./literal";

export interface Shared {
  query: Query;
  letters: string;
  /** The verdicts of the groups, one a line. */
  summary: string;
  link: string;
}

export type Kind = "python" | "command" | "case" | "report" | "link";

export const KINDS: [Kind, string][] = [
  ["python", "re.compile(…)"],
  ["command", "sre command"],
  ["case", "corpus case"],
  ["report", "bug report"],
  ["link", "link"],
];

export function write(kind: Kind, shared: Shared): string {
  switch (kind) {
    case "python": return python(shared);
    case "command": return command(shared);
    case "case": return caseFile(shared);
    case "report": return report(shared);
    case "link": return shared.link;
  }
}

function python({ query, letters }: Shared): string {
  const flags = FLAGS.filter((flag) => letters.includes(flag.letter)).map((flag) => `re.${flag.name}`);
  const literal = source(query.units, query.bytes);
  return `re.compile(${[literal, ...(flags.length > 0 ? [flags.join(" | ")] : [])].join(", ")})`;
}

/** A word as a POSIX shell takes it. */
function quote(word: string): string {
  return /^[A-Za-z0-9_./+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** `sre check`. A pattern that no argument can hold is written as JSON Lines. */
function command({ query, letters }: Shared): string {
  const { units, bytes } = query;
  if (bytes || units.some((unit) => unit === 0 || (unit >= 0xd800 && unit <= 0xdfff))) {
    const kind = bytes ? "bytes" : "str";
    const pattern = bytes || units.every((unit) => unit < 0xd800 || unit > 0xdfff) ? { pattern: text(units) } : { codepoints: units };
    return `echo ${quote(ascii(JSON.stringify({ kind, ...pattern, flags: query.flags })))} | sre check --jsonl`;
  }
  const pattern = text(units);
  return `sre check${letters ? ` --flags ${letters}` : ""} -e ${quote(pattern)}`;
}

function ascii(json: string): string {
  return json.replace(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** A file of the corpus: its header, then the pattern. */
function caseFile({ query, letters }: Shared): string {
  return `${query.bytes ? "bytes" : "str"} ${letters || "-"}\n${text(query.units)}`;
}

function report(shared: Shared): string {
  return [
    "```python",
    "import re",
    python(shared),
    "```",
    "",
    "What each version answers, as sre-compiler compiles it:",
    "",
    "```text",
    shared.summary,
    "```",
    "",
    `Check with an interpreter: \`${command(shared).replace("sre check", "sre compare")}\``,
    "",
    shared.link,
    "",
  ].join("\n");
}
