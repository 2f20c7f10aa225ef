/** A group of versions: what they answer. */

import { verdict as verdictOf, type Dialect, type Group, type Page, type Span } from "../api";
import { excerpt } from "../caret";
import { changed } from "../diff";
import { h, visible } from "../dom";
import { rule } from "../rules";
import { firstVersion, label, type Shown } from "../versions";
import { instructions, tree, type Listed } from "./listing";

export interface Card {
  element: HTMLElement;
  lists: Listed[];
}

export interface Context {
  page: Page;
  dialects: Dialect[];
  units: number[];
  /** Which parts of cards were opened or closed. */
  open: Map<string, boolean>;
  onSpan(span: Span | null): void;
}

/** `before` is the neighbour that the instructions are compared with. */
export function card(shown: Shown, before: Shown | null, context: Context): Card {
  const { group, letter, indices } = shown;
  const versions = label(indices, context.dialects);
  const lists: Listed[] = [];
  const element = h(
    "article",
    { class: `card ${verdictOf(group)}`, id: `group-${letter}`, tabindex: -1, "aria-labelledby": `title-${letter}` },
    h("h3", { id: `title-${letter}` }, h("span", { class: "letter" }, letter), " ", versions, " ", verdict(group)),
    ...changes(shown, context),
    group.error && error(group.error, context.units),
    group.invalid && h("p", {}, h("code", {}, "RuntimeError: invalid SRE code"), ": _sre refuses the code that its own compiler made."),
    ...group.warnings.map((warning) => warned(warning.category, warning.msg, warning.pos, warning.span, context.units)),
    group.more_warnings > 0 && h("p", { class: "more" }, `${group.more_warnings} more warnings are not shown.`),
    group.lines && facts(group),
  );
  if (group.lines) {
    const marks = before?.group.lines ? changed(group.lines, before.group.lines) : [];
    const listed = instructions(group.lines, marks, `Instructions of ${versions}`, context.onSpan);
    lists.push(listed);
    const differ = marks.filter(Boolean).length;
    const note = before && differ > 0 ? `, ${differ} differ from ${before.letter}` : "";
    const shownLines = group.lines.filter(([word]) => word !== null).length;
    element.append(
      section("Instructions", `${letter}-code`, `${group.words} words${note}`, true, context, listed, cut(group, shownLines)),
    );
  }
  if (group.tree) {
    const listed = tree(group.tree, `Parse tree of ${versions}`, context.onSpan);
    lists.push(listed);
    const more = group.tree.length >= 400 ? h("p", { class: "more" }, "Only the first 400 lines are shown; sre dis shows all.") : null;
    element.append(section("Parse tree", `${letter}-tree`, "", false, context, listed, more));
  }
  return { element, lists };
}

function verdict(group: Group): HTMLElement {
  const warnings = group.warnings.length + group.more_warnings;
  const verdict = verdictOf(group);
  const text = { accepted: "accepted", warns: `accepted, ${count(warnings, "warning")}`, refused: "refused", unknown: "not known" }[verdict];
  return h("span", { class: `verdict ${verdict}` }, text);
}

export function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}

/** What made this answer differ from that of the version before it. */
function changes({ group }: Shown, { page, dialects }: Context): HTMLElement[] {
  // Later changes into the same group repeat a rule: fixes come to several minor versions.
  const made = page.changes.filter(({ at }) => at === group.dialects[0]);
  return made.map(({ at, rules }) => {
    const version = dialects[at] ? firstVersion(dialects[at]) : "";
    const since = `Since ${version}${dialects[at]?.preview ? " (preview)" : ""}`;
    if (rules.length === 0) {
      return h("p", { class: "change" }, h("b", {}, since), ": several rules of the dialect together make the difference.");
    }
    const parts = rules.map((name) => {
      const { title, text, links } = rule(name);
      const anchors = links.flatMap(([name, url]) => [" ", h("a", { href: url, rel: "noopener" }, name)]);
      return h("p", { class: "change" }, h("b", {}, since, ": ", title), ". ", text, ...anchors);
    });
    return h("div", { class: "changes" }, ...parts);
  });
}

function error(error: NonNullable<Group["error"]>, units: number[]): HTMLElement {
  const at = error.pos !== null && error.pos !== undefined ? ` at position ${error.pos}` : "";
  const name = error.type === "NotImplementedError" ? "Not in this preview" : error.type;
  const position = error.pos ?? error.span?.[0] ?? null;
  const text = h("p", { class: "error" }, h("b", {}, `${name}: `), visible(error.msg), at);
  if (position === null) return text;
  return h("div", {}, text, caret(units, position, error.span, "fault"));
}

function warned(category: string, msg: string, pos: number, span: Span, units: number[]): HTMLElement {
  return h("div", {}, h("p", { class: "warning" }, h("b", {}, `${category}: `), visible(msg)), caret(units, pos, span, "doubt"));
}

function caret(units: number[], pos: number, span: Span | null, kind: string): HTMLElement {
  const { line, start, end } = excerpt(units, pos, span);
  return h(
    "pre",
    { class: "excerpt", tabindex: 0, "aria-label": "The place in the pattern" },
    line.slice(0, start),
    h("mark", { class: kind }, line.slice(start, end) || " "),
    line.slice(end),
    "\n",
    " ".repeat(start),
    h("span", { class: kind }, "^".repeat(Math.max(1, end - start))),
  );
}

function facts(group: Group): HTMLElement {
  const [min, max] = group.width ?? [0, null];
  const names = (group.names ?? []).map(([name, number]) => `${number}: ${visible(name)}`).join(", ");
  const memory = group.memory;
  const compiler = memory ? memory.parser + memory.codegen + memory.warnings : 0;
  const rows: [string, string][] = [
    ["flags", (group.flags ?? []).join(", ") || "none"],
    ["groups", group.groups ? `${group.groups}${names ? ` (${names})` : ""}` : "none"],
    ["width", max === min ? String(min) : max === null ? `${min} or more` : `${min} to ${max}`],
    ["prefix", group.prefix ? `${visible(group.prefix)}${group.literal ? " (the whole pattern)" : ""}` : "none"],
    ["memory", memory ? `${size(memory.program)} of code; compiling took ${size(compiler)} here` : ""],
  ];
  return h("dl", {}, ...rows.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

function size(bytes: number): string {
  return bytes < 10_000 ? `${bytes} B` : `${(bytes / 1024).toFixed(0)} KiB`;
}

function cut(group: Group, shown: number): HTMLElement | null {
  if ((group.lines?.length ?? 0) < 400) return null;
  return h("p", { class: "more" }, `Only the first ${shown} instructions are shown; sre dis shows all.`);
}

function section(title: string, key: string, note: string, open: boolean, context: Context, listed: Listed, more: HTMLElement | null): HTMLElement {
  const details = h("details", {}, h("summary", {}, title, note && h("span", { class: "note" }, ` ${note}`)), listed.element, more);
  details.open = context.open.get(key) ?? open;
  if (details.open) listed.fill();
  details.addEventListener("toggle", () => {
    context.open.set(key, details.open);
    if (details.open) listed.fill();
  });
  return details;
}
