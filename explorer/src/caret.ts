/** The lines of the pattern with the place of an error, as in a terminal. */

import type { Span } from "./api";
import { visible } from "./dom";

export interface Excerpt {
  line: string;
  /** The columns of the part at fault in `line`. */
  start: number;
  end: number;
}

/** At most this many characters are shown on either side. */
const AROUND = 60;

/** The line of the pattern at `pos`, and the columns of the span. */
export function excerpt(units: number[], pos: number, span: Span | null): Excerpt {
  const [from, to] = span ?? [pos, pos + 1];
  let [start, end] = [from, from];
  while (start > 0 && units[start - 1] !== 10) start--;
  while (end < units.length && units[end] !== 10) end++;
  const last = Math.min(Math.max(to, from + 1), Math.max(end, from + 1));
  const [first, cut] = [Math.max(start, from - AROUND), Math.min(end, last + AROUND)];
  const shown = (a: number, b: number): string => visible(text(units.slice(a, b)));
  const before = (first > start ? "…" : "") + shown(first, from);
  const at = shown(from, Math.min(last, end));
  const line = before + at + shown(Math.min(last, end), cut) + (cut < end ? "…" : "");
  return { line, start: before.length, end: before.length + Math.max(at.length, 1) };
}

/** Units as a text: bytes as Latin-1. */
export function text(units: number[]): string {
  return units.map((unit) => String.fromCodePoint(unit)).join("");
}
