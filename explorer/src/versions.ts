/** Names of versions, and which are shown. */

import type { Dialect, Page } from "./api";
import type { State } from "./state";

/** Whether a dialect is among those that are shown. */
export function isShown(dialect: Dialect, state: State): boolean {
  return (state.from ?? 0) <= dialect.minor && dialect.minor <= (state.to ?? Infinity);
}

/** `3.8 to 3.10, 3.13.0`: the versions of a group's dialects, given by their indices in order. */
export function label(indices: number[], dialects: Dialect[]): string {
  const runs: [number, number][] = [];
  for (const index of indices) {
    const last = runs.at(-1);
    if (last && last[1] === index - 1) last[1] = index;
    else runs.push([index, index]);
  }
  return runs.map(([first, last]) => run(first, last, dialects)).join(", ");
}

function run(first: number, last: number, dialects: Dialect[]): string {
  const [start, end] = [dialects[first], dialects[last]];
  if (!start || !end) return "";
  const next = dialects[last + 1];
  const endsInside = next !== undefined && next.minor === end.minor;
  const from = start.patch === 0 ? `3.${start.minor}` : `3.${start.minor}.${start.patch}`;
  const to = endsInside ? `3.${end.minor}.${next.patch - 1}` : `3.${end.minor}`;
  const preview = end.preview ? " (preview)" : "";
  if (start.minor === end.minor && start.patch === 0 && !endsInside) return `3.${end.minor}${preview}`;
  if (start.minor === end.minor && !endsInside) return `${from} and later 3.${end.minor}${preview}`;
  const begin = endsInside && start.minor === end.minor ? `3.${start.minor}.${start.patch}` : from;
  return begin === to ? to : `${begin} to ${to}${preview}`;
}

/** `3.9.13`: the first version of a dialect. */
export function firstVersion(dialect: Dialect): string {
  return dialect.patch === 0 ? `3.${dialect.minor}` : `3.${dialect.minor}.${dialect.patch}`;
}

/** A group as it is shown: with a letter, and the dialects that are shown. */
export interface Shown {
  letter: string;
  group: Page["groups"][number];
  indices: number[];
}

/** The groups that have a shown dialect, in the order of their oldest one. */
export function shownGroups(page: Page, dialects: Dialect[], state: State): Shown[] {
  const shown: Shown[] = [];
  for (const group of page.groups) {
    const indices = group.dialects.filter((index) => {
      const dialect = dialects[index];
      return dialect !== undefined && isShown(dialect, state);
    });
    if (indices.length > 0) shown.push({ letter: letter(shown.length), group, indices });
  }
  return shown;
}

function letter(n: number): string {
  return n < 26 ? String.fromCharCode(65 + n) : `Z${n - 24}`;
}
