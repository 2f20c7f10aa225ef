/** The strip of all versions: a column for each minor version, with a cell for each answer in it. */

import { verdict as verdictOf, type Dialect, type Page, type Verdict } from "../api";
import { h } from "../dom";
import type { State } from "../state";
import { isShown, label, type Shown } from "../versions";

export function strip(page: Page, dialects: Dialect[], groups: Shown[], state: State): HTMLElement {
  const columns = new Map<number, number[]>();
  dialects.forEach((dialect, index) => {
    if (isShown(dialect, state)) columns.set(dialect.minor, [...(columns.get(dialect.minor) ?? []), index]);
  });
  const list = h("ol", { class: "strip" });
  for (const [minor, indices] of columns) list.append(column(minor, indices, page, dialects, groups));
  return list;
}

function column(minor: number, indices: number[], page: Page, dialects: Dialect[], groups: Shown[]): HTMLElement {
  const item = h("li", {}, h("span", { class: "minor" }, `3.${minor}`));
  const runs: number[][] = [];
  for (const index of indices) {
    const last = runs.at(-1);
    if (last && page.of[last[0] ?? 0] === page.of[index]) last.push(index);
    else runs.push([index]);
  }
  for (const run of runs) {
    const shown = groups.find(({ group }) => group === page.groups[page.of[run[0] ?? 0] ?? -1]);
    if (shown) item.append(cell(run, shown, dialects, runs.length > 1));
  }
  return item;
}

const MARKS: Record<Verdict, string> = { accepted: "✓", warns: "⚠", refused: "✗", unknown: "?" };

function cell(run: number[], { letter, group }: Shown, dialects: Dialect[], isSplit: boolean): HTMLElement {
  const verdict = verdictOf(group);
  const mark = MARKS[verdict];
  const versions = label(run, dialects);
  const first = dialects[run[0] ?? 0];
  const patches = isSplit ? `.${first?.patch ?? 0}+` : first?.preview ? "pre" : null;
  return h(
    "a",
    { href: `#group-${letter}`, class: `cell ${verdict}`, "data-letter": letter, title: `${versions}: ${verdict}` },
    h("span", { class: "letter" }, letter),
    h("span", { class: "mark", "aria-hidden": "true" }, mark),
    patches && h("span", { class: "patches" }, patches),
    h("span", { class: "sr" }, ` ${versions}: ${verdict}`),
  );
}
