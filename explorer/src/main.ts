/** The page: the field, the state in the address, and the answers. */

import { verdict, type Page, type Query, type Span, type Verdict, type Versions } from "./api";
import { Client, type Answer } from "./client";
import { byId, h, visible } from "./dom";
import { Editor, type Mark } from "./editor";
import { EXAMPLES } from "./examples";
import { FLAGS, bits, known } from "./flags";
import { advice } from "./hints";
import { read, type Literal } from "./literal";
import type { Panels } from "./panels";
import { EMPTY, LONGEST, fromFragment, toFragment, type State } from "./state";
import { label, shownGroups, type Shown } from "./versions";
import { card, count, type Card } from "./view/card";
import { strip } from "./view/strip";

const client = new Client();
const editor = new Editor();
const open = new Map<string, boolean>();
let versions: Versions;
let state: State = fromFragment(location.hash);
let cards: Card[] = [];
let rendered = 0;
let turns = 0;

/** The input of the panels below the answers. */
export interface Current {
  state: State;
  query: Query;
  literal: Literal;
  page: Page;
  versions: Versions;
  groups: Shown[];
}

/** The panels below the answers, which are loaded once these are there. */
let panels: Panels | null = null;
let current: Current | null = null;

function change(changes: Partial<State>, asks = true): void {
  state = { ...state, ...changes };
  scheduleAddress();
  if (asks) void update();
}

/** Asks about the pattern and shows the answer, unless a newer pattern has come meanwhile. */
async function update(): Promise<void> {
  const start = performance.now();
  const turn = ++turns;
  const asked = state;
  const literal = read(asked.pattern, asked.bytes, asked.raw);
  editor.resize();
  showProblem(asked.pattern.length >= LONGEST ? `Only the first ${LONGEST} characters are compiled.` : literal.problem?.text ?? "");
  if (literal.problem) return notCompiled(literal.problem.at);
  const query: Query = { units: literal.units, bytes: asked.bytes, flags: bits(asked.flags) };
  const answer = await client.explore(query);
  if (answer === null || turn !== turns) return;
  if (answer.problem) showProblem(answer.problem);
  if (answer.page) show(answer.page, asked, literal, query);
  rendered++;
  const detail = { rendered, total: performance.now() - start, ...measured(answer) };
  document.dispatchEvent(new CustomEvent("rendered", { detail }));
}

/** The text is no literal, so there is no pattern. */
function notCompiled(at: number): void {
  cards = [];
  byId("strip").replaceChildren();
  byId("cards").replaceChildren();
  byId("advice").replaceChildren();
  byId("summary").textContent = "Not a literal: nothing was compiled.";
  editor.mark([{ start: at, end: at + 1, kind: "fault" }]);
}

function measured({ milliseconds, memory }: Answer): { compiling: number; memory: number } {
  return { compiling: milliseconds, memory };
}

function show(page: Page, asked: State, literal: Literal, query: Query): void {
  const { dialects } = versions;
  const groups = shownGroups(page, dialects, asked);
  current = { state: asked, query, literal, page, versions, groups };
  const onSpan = (span: Span | null): void => point(span, literal);
  const context = { page, dialects, units: literal.units, open, onSpan };
  cards = groups.map((shown, n) => {
    const before = groups.slice(0, n).findLast(({ group }) => group.lines) ?? null;
    return card(shown, before, context);
  });
  byId("strip").replaceChildren(strip(page, dialects, groups, asked));
  byId("cards").replaceChildren(...cards.map(({ element }) => element));
  byId("summary").textContent = summary(groups, versions);
  byId("advice").replaceChildren(
    ...advice(groups).map(({ letter, message, help }) =>
      h("p", { class: "advice" }, groups.length > 1 && h("span", { class: "letter" }, letter), h("b", {}, visible(message)), ": ", ...help.split("`").map((part, n) => (n % 2 === 1 ? h("code", {}, part) : part))),
    ),
  );
  editor.mark(marks(groups, literal));
  panels?.show(current);
}

/** `Works in 3.11 to 3.15. Refused by 3.8 to 3.10. 2 different answers.` */
function summary(groups: Shown[], { dialects }: Versions): string {
  const of = (...verdicts: Verdict[]): string => {
    const indices = groups.filter(({ group }) => verdicts.includes(verdict(group))).flatMap((shown) => shown.indices);
    return label(indices.sort((a, b) => a - b), dialects);
  };
  const [works, refused, unknown] = [of("accepted", "warns"), of("refused"), of("unknown")];
  const parts = [works && `Works in ${works}.`, refused && `Refused by ${refused}.`, unknown && `Not known for ${unknown}.`];
  const answers = groups.length === 1 ? "All answer alike." : `${groups.length} different answers.`;
  return [...parts, answers].filter(Boolean).join(" ");
}

/** The errors and warnings of the newest group that has some. */
function marks(groups: Shown[], literal: Literal): Mark[] {
  const mark = (span: Span | null, kind: string): Mark[] => (span ? [{ ...offsets(span, literal), kind }] : []);
  const newest = groups.findLast(({ group }) => group.error || group.warnings.length > 0)?.group;
  if (!newest) return [];
  const error = newest.error ? mark(newest.error.span, "fault") : [];
  return [...error, ...newest.warnings.flatMap((warning) => mark(warning.span, "doubt"))];
}

/** A part of the pattern as offsets in the text; an empty one gets a character. */
function offsets([start, end]: Span, { offsets }: Literal): { start: number; end: number } {
  const at = offsets[start] ?? 0;
  const to = offsets[Math.max(end, start + 1)] ?? at + 1;
  return { start: at, end: to };
}

function point(span: Span | null, literal: Literal): void {
  const part = span && offsets(span, literal);
  editor.light(part && [part.start, part.end]);
  const text = part ? state.pattern.slice(part.start, part.end).slice(0, 80) : "";
  byId("pointed").textContent = part && span ? `from characters ${span[0]} to ${span[1]}: ${visible(text)}` : "";
}

editor.onPosition = (offset) => {
  const literal = offset === null ? null : read(state.pattern, state.bytes, state.raw);
  const unit = literal && literal.offsets.findLastIndex((at) => at <= (offset ?? 0));
  for (const { lists } of cards) lists.forEach((list) => list.lightFrom(unit));
};

function showProblem(text: string): void {
  byId("problem").textContent = text;
}

let timer = 0;

/** Safari and Firefox refuse addresses that change too often. */
function scheduleAddress(): void {
  window.clearTimeout(timer);
  timer = window.setTimeout(() => history.replaceState(null, "", toFragment(state)), 150);
}

/** Sets the controls to the state. */
function showState(): void {
  if (editor.field.value !== state.pattern) editor.field.value = state.pattern;
  const kind = `${state.raw ? "r" : ""}${state.bytes ? "b" : ""}`;
  const value = { r: "r", "": "s", rb: "br", b: "b" }[kind];
  document.querySelectorAll<HTMLInputElement>("input[name=kind]").forEach((input) => (input.checked = input.value === value));
  document.querySelectorAll<HTMLInputElement>("#flags input").forEach((input) => (input.checked = state.flags.includes(input.value)));
  byId<HTMLSelectElement>("from").value = String(state.from ?? "");
  byId<HTMLSelectElement>("to").value = String(state.to ?? "");
  panels?.setText(state.text);
}

function controls(): void {
  const flags = FLAGS.map(({ letter, name, about }) =>
    h("label", { title: `re.${name}: ${about}` }, h("input", { type: "checkbox", value: letter }), h("code", {}, letter), h("span", { class: "sr" }, ` ${name}: ${about}`)),
  );
  byId("flags").append(...flags);
  byId("flags").addEventListener("change", () => {
    const checked = document.querySelectorAll<HTMLInputElement>("#flags input:checked");
    change({ flags: known([...checked].map((input) => input.value).join("")) });
  });
  document.querySelectorAll<HTMLInputElement>("input[name=kind]").forEach((input) =>
    input.addEventListener("change", () => change({ bytes: input.value.includes("b"), raw: input.value.includes("r") })),
  );
  const minors = [...new Set(versions.dialects.map(({ minor }) => minor))];
  for (const [id, first] of [["from", minors[0]], ["to", minors.at(-1)]] as const) {
    const options = minors.map((minor) => h("option", { value: minor === first ? "" : minor }, `3.${minor}`));
    byId(id).append(...options);
    byId(id).addEventListener("change", (event) => {
      const value = (event.target as HTMLSelectElement).value;
      change({ [id]: value === "" ? null : Number(value) });
    });
  }
  editor.field.maxLength = LONGEST;
  editor.field.addEventListener("input", () => change({ pattern: editor.field.value }));
  byId("examples").append(
    ...EXAMPLES.map(([title, example]) =>
      h("button", { type: "button", title, click: () => { change({ ...EMPTY, ...example }); showState(); } }, example.pattern ?? title),
    ),
  );
}

async function main(): Promise<void> {
  showState();
  versions = await client.versions();
  controls();
  showState();
  const compared = versions.dialects.filter(({ compared }) => compared).length;
  byId("about").append(
    `sre-compiler ${versions.version}: ${count(versions.dialects.length, "dialect")}, ${compared} of them compared with an interpreter over the whole corpus; the others follow CPython’s changelog. 3.16 is a preview. `,
  );
  window.addEventListener("hashchange", () => {
    if (/^#(group-|answers)/.test(location.hash)) return;
    state = fromFragment(location.hash);
    showState();
    void update();
  });
  await update();
  const { Panels } = await import("./panels");
  panels = new Panels(client, {
    onText: (text) => change({ text }, false),
    onPattern: (pattern, bytes, flags) => {
      change({ ...EMPTY, pattern, bytes, flags });
      showState();
      editor.field.focus();
    },
  });
  panels.setText(state.text);
  if (current) panels.show(current);
  if ("serviceWorker" in navigator && import.meta.env.PROD) {
    navigator.serviceWorker.register("./sw.js").catch(() => undefined);
  }
}

main().catch((error: unknown) => {
  showProblem(`The compiler could not be loaded: ${error instanceof Error ? error.message : String(error)}`);
});
