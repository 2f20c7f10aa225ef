/** The instructions of a group, or its tree: lines that light the part of the pattern they came from. */

import type { Line, Span, TreeLine } from "../api";
import { h, visible, whenIdle } from "../dom";

export interface Listed {
  element: HTMLElement;
  /** Makes the rows, which is not done before somebody sees them. */
  fill(): void;
  /** Marks the lines of the innermost parts around a position; null marks none. */
  lightFrom(position: number | null): void;
}

type Row = { text: string; level: number; offset: string; span: Span | null; isChanged: boolean };

/** Shows instructions as `re.DEBUG` prints them. `onSpan` is called with the part of the active line. */
export function instructions(lines: Line[], marks: boolean[], name: string, onSpan: (span: Span | null) => void): Listed {
  const width = Math.max(1, ...lines.map(([word]) => String(word ?? "").length));
  const targets = new Set(lines.map(([, , , to]) => to));
  const rows = lines.map(([word, level, text, to, start, end], n): Row => {
    const mark = word === null ? " " : targets.has(word) ? ":" : ".";
    const offset = `${String(word ?? "").padStart(width)}${mark}`;
    const target = to === null ? "" : ` (to ${to})`;
    return { text: text + target, level: word === null ? level + 1 : level, offset, span: spanOf(start, end), isChanged: marks[n] ?? false };
  });
  return listing(rows, name, onSpan);
}

/** Shows the tree as `re.DEBUG` prints it. */
export function tree(lines: TreeLine[], name: string, onSpan: (span: Span | null) => void): Listed {
  const row = ([level, text, start, end]: TreeLine): Row => {
    return { text, level, offset: "", span: spanOf(start, end), isChanged: false };
  };
  return listing(lines.map(row), name, onSpan);
}

function spanOf(start: number | null, end: number | null): Span | null {
  return start === null || end === null ? null : [start, end];
}

let lists = 0;

/** How many rows are made at once; more are hidden until somebody scrolls. */
const FIRST = 30;

function listing(rows: Row[], name: string, onSpan: (span: Span | null) => void): Listed {
  const prefix = `list-${++lists}`;
  const element = h("div", { class: "listing", role: "listbox", tabindex: 0, "aria-label": name });
  const options: HTMLElement[] = [];
  let lit: number[] = [];
  let active = -1;
  const makeUpTo = (count: number): void => {
    const made = rows.slice(options.length, count).map((row, n) => option(row, options.length + n, prefix));
    options.push(...made);
    lit.forEach((n) => options[n]?.classList.add("lit"));
    element.append(...made);
  };
  const makeAll = (): void => makeUpTo(rows.length);
  const fill = (): void => {
    if (options.length > 0) return;
    makeUpTo(FIRST);
    if (rows.length > FIRST) whenIdle(() => element.isConnected && makeAll());
  };
  const select = (n: number): void => {
    options[active]?.setAttribute("aria-selected", "false");
    active = n;
    if (n >= options.length) makeAll();
    const chosen = options[n];
    if (chosen) {
      chosen.setAttribute("aria-selected", "true");
      element.setAttribute("aria-activedescendant", chosen.id);
    } else element.removeAttribute("aria-activedescendant");
    onSpan(rows[n]?.span ?? null);
  };
  const lineOf = (event: Event): number => {
    const line = (event.target as Element).closest<HTMLElement>("[data-line]");
    return line ? Number(line.dataset["line"]) : -1;
  };
  element.addEventListener("scroll", makeAll, { once: true });
  element.addEventListener("pointerover", (event) => select(lineOf(event)));
  element.addEventListener("pointerleave", () => select(-1));
  element.addEventListener("click", (event) => select(lineOf(event)));
  element.addEventListener("blur", () => select(-1));
  element.addEventListener("focus", () => active < 0 && select(0));
  element.addEventListener("keydown", (event) => {
    const moves: Record<string, number> = { ArrowDown: active + 1, ArrowUp: active - 1, Home: 0, End: rows.length - 1 };
    const to = moves[event.key];
    if (to === undefined) return;
    event.preventDefault();
    select(Math.max(0, Math.min(rows.length - 1, to)));
    options[active]?.scrollIntoView({ block: "nearest" });
  });
  const spans = rows.map((row) => row.span);
  const lightFrom = (position: number | null): void => {
    lit.forEach((n) => options[n]?.classList.remove("lit"));
    lit = position === null ? [] : innermost(spans, position);
    lit.forEach((n) => options[n]?.classList.add("lit"));
  };
  return { element, fill, lightFrom };
}

function option(row: Row, n: number, prefix: string): HTMLElement {
  const element = h(
    "div",
    { role: "option", id: `${prefix}-${n}`, "aria-selected": "false", class: row.isChanged ? "line changed" : "line" },
    row.offset && h("span", { class: "offset" }, row.offset),
    h("span", { class: "code" }, "  ".repeat(Math.min(row.level, 40)), visible(row.text)),
    row.isChanged && h("span", { class: "sr" }, ", differs from the neighbour"),
  );
  element.dataset["line"] = String(n);
  return element;
}

/** The lines whose part is the smallest around a position. */
function innermost(spans: (Span | null)[], position: number): number[] {
  let least = Infinity;
  let found: number[] = [];
  spans.forEach((span, n) => {
    if (!span || position < span[0] || position >= span[1]) return;
    const size = span[1] - span[0];
    if (size < least) [least, found] = [size, []];
    if (size === least) found.push(n);
  });
  return found;
}
