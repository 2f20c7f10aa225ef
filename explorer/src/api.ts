/** What the WebAssembly module writes; explorer/wasm/src/explore.rs has the same. */

export interface Dialect {
  minor: number;
  patch: number;
  preview: boolean;
  magic: number;
  /** The newest interpreter that was compared, or null. */
  compared: string | null;
}

export interface Versions {
  version: string;
  names: boolean;
  dialects: Dialect[];
}

/** A part of the pattern, in characters. */
export type Span = [number, number];

export interface PatternError {
  type: string;
  msg: string;
  pos: number | null;
  lineno: number | null;
  colno: number | null;
  span: Span | null;
}

export interface Warning {
  category: string;
  msg: string;
  pos: number;
  span: Span;
}

/** Word, level, text, target, and the part of the pattern. */
export type Line = [number | null, number, string, number | null, number | null, number | null];
/** Level, text, and the part of the pattern. */
export type TreeLine = [number, string, number | null, number | null];

export interface Group {
  dialects: number[];
  accepted: boolean;
  /** The compiler accepts the pattern, and `_sre` refuses the code. */
  invalid?: boolean;
  error?: PatternError;
  warnings: Warning[];
  more_warnings: number;
  memory?: { program: number; parser: number; codegen: number; warnings: number };
  flags?: string[];
  groups?: number;
  names?: [string, number][];
  width?: [number, number | null];
  prefix?: string;
  literal?: boolean;
  words?: number;
  lines?: Line[];
  tree?: TreeLine[];
}

export interface Page {
  length: number;
  /** The group of each dialect. */
  of: number[];
  /** The rules that make a dialect differ from the one before it. */
  changes: { at: number; rules: string[] }[];
  groups: Group[];
}

export type Verdict = "accepted" | "warns" | "refused" | "unknown";

/** What a group says; a preview does not know what it does not support. */
export function verdict(group: Group): Verdict {
  if (group.error?.type === "NotImplementedError") return "unknown";
  if (!group.accepted) return "refused";
  return group.warnings.length > 0 ? "warns" : "accepted";
}

/** The answer of one dialect, as `sre compile --jsonl` writes it. */
export interface Outcome {
  code?: number[];
  flags?: number;
  groups?: number;
  groupindex?: [string, number][];
  error?: { type: string; msg: string; pos?: number | null; lineno?: number | null; colno?: number | null };
  warnings: [string, string][];
}

/** A pattern as the module takes it. */
export interface Query {
  units: number[];
  bytes: boolean;
  flags: number;
}
