/** The panel in which a text is searched. */

import type { Client } from "./client";
import { byId, h, visible } from "./dom";
import { read } from "./literal";
import type { Current } from "./main";
import type { Search } from "./match-worker";
import { LONGEST } from "./state";
import type { Shown } from "./versions";

/** How long a search may take, once the matcher is loaded. */
const LIMIT = 1000;
/** How many matches the table lists, and how long a text is searched. */
const LISTED = 50;
const LONGEST_TEXT = 20_000;
const MOST = 1000;

type Reply = { ready?: true; matches?: number[][]; problem?: string };

export class Matching {
  private worker: Worker | null = null;
  private isReady = false;
  private timer = 0;
  private last: Search | null = null;
  private current: Current | null = null;
  private asked = 0;
  private readonly field = h("textarea", { id: "text", rows: 3, spellcheck: "false", "aria-labelledby": "matching-title", maxlength: LONGEST });
  private readonly status = h("p", { role: "status" });
  private readonly result = h("div", {});

  constructor(private readonly client: Client, onText: (text: string) => void) {
    this.field.addEventListener("input", () => {
      onText(this.field.value);
      void this.search();
    });
    byId("matching").append(
      h("h2", { id: "matching-title" }, "Search a text"),
      this.field,
      this.status,
      this.result,
      h(
        "p",
        { class: "note" },
        "The matcher is RustPython’s (rustpython-sre_engine 0.6, MIT licence), which runs the code shown above. It is not CPython’s: of 150,000 pairs of a pattern and a text, 228 differed, among them lazy repeats of items that can be empty, nested repeats, and case-insensitive sets with LOCALE. Its Unicode version is its own. Bytes are written as Latin-1 characters.",
      ),
    );
  }

  setText(text: string): void {
    if (this.field.value !== text) this.field.value = text;
  }

  show(current: Current): void {
    this.current = current;
    this.setText(current.state.text);
    void this.search();
  }

  /** The newest version that accepts the pattern, not a preview if there is another. */
  private newest(): { shown: Shown; dialect: number } | null {
    const { groups, versions } = this.current ?? { groups: [], versions: { dialects: [] } };
    const accepted = groups.filter(({ group }) => group.accepted);
    const all = accepted.flatMap((shown) => shown.indices.map((dialect) => ({ shown, dialect })));
    all.sort((a, b) => a.dialect - b.dialect);
    return all.findLast(({ dialect }) => !versions.dialects[dialect]?.preview) ?? all.at(-1) ?? null;
  }

  private async search(): Promise<void> {
    const asked = ++this.asked;
    window.clearTimeout(this.timer);
    const { current } = this;
    const text = this.field.value;
    if (!current || text === "") return this.say("", null);
    const newest = this.newest();
    if (!newest) return this.say("No version accepts the pattern.", null);
    const { units } = read(text.slice(0, LONGEST_TEXT), false, true);
    if (current.query.bytes && units.some((unit) => unit > 0xff)) {
      return this.say("Not searched: a text of bytes has characters up to U+00FF only.", null);
    }
    const code = await this.client.code(current.query, newest.dialect);
    if (asked !== this.asked) return;
    const { groups = 0 } = newest.shown.group;
    const cut = text.length > LONGEST_TEXT ? ` Only the first ${LONGEST_TEXT} characters were searched.` : "";
    const version = `3.${current.versions.dialects[newest.dialect]?.minor}`;
    this.last = { code, groups, units, bytes: current.query.bytes };
    const reply = await this.ask(this.last);
    if (asked !== this.asked) return;
    if (reply.problem) return this.say(`Not searched: ${reply.problem}.`, null);
    const matches = reply.matches ?? [];
    const most = matches.length >= MOST ? ` These are the first ${MOST}.` : "";
    this.say(`${matches.length || "No"} match${matches.length === 1 ? "" : "es"} with the code of ${version}.${most}${cut}`, { units, matches });
  }

  /** Asks the worker; one that still searches is replaced. */
  private ask(search: Search): Promise<Reply> {
    return new Promise((resolve) => {
      if (this.timer) this.stop();
      const worker = (this.worker ??= this.start());
      const begin = (): void => {
        this.timer = window.setTimeout(() => {
          this.stop();
          resolve({ problem: "the matcher was stopped after a second; the pattern may backtrack without end" });
        }, LIMIT);
      };
      worker.onmessage = ({ data }: MessageEvent<Reply>) => {
        if (data.ready) {
          this.isReady = true;
          return begin();
        }
        window.clearTimeout(this.timer);
        this.timer = 0;
        resolve(data);
      };
      worker.onerror = () => resolve({ problem: "the matcher could not be loaded" });
      worker.postMessage(search);
      if (this.isReady) begin();
      else this.status.textContent = "Loading the matcher…";
    });
  }

  private start(): Worker {
    this.isReady = false;
    return new Worker(new URL("./match-worker.ts", import.meta.url), { type: "module" });
  }

  private stop(): void {
    window.clearTimeout(this.timer);
    this.timer = 0;
    this.worker?.terminate();
    this.worker = null;
  }

  private say(status: string, found: { units: number[]; matches: number[][] } | null): void {
    this.status.textContent = status;
    this.result.replaceChildren(...(found && found.matches.length > 0 ? [subject(found.units, found.matches), this.table(found.units, found.matches)] : []));
  }

  private table(units: number[], matches: number[][]): HTMLElement {
    const names = new Map((this.newest()?.shown.group.names ?? []).map(([name, number]) => [number, name]));
    const rows = matches.slice(0, LISTED).flatMap((match, n) =>
      spans(match).map(([start, end], group) => {
        const name = names.get(group);
        const title = group === 0 ? `match ${n + 1}` : `group ${group}${name ? ` (${name})` : ""}`;
        const text = start < 0 ? "no part in the match" : visible(chars(units.slice(start, Math.min(end, start + 200)))) || "(empty)";
        return h("tr", {}, h("th", { scope: "row" }, title), h("td", {}, start < 0 ? "–" : `${start} to ${end}`), h("td", {}, h("code", {}, text)));
      }),
    );
    const head = h("tr", {}, ...["", "span", "text"].map((name) => h("th", { scope: "col" }, name || h("span", { class: "sr" }, "what"))));
    const more = matches.length > LISTED ? h("p", { class: "more" }, `${matches.length - LISTED} more matches are marked, not listed.`) : null;
    return h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Matches" }, h("table", {}, h("thead", {}, head), h("tbody", {}, ...rows)), more);
  }
}

function spans(match: number[]): [number, number][] {
  return Array.from({ length: match.length / 2 }, (_, n) => [match[2 * n] ?? -1, match[2 * n + 1] ?? -1]);
}

function chars(units: number[]): string {
  return units.map((unit) => String.fromCodePoint(unit)).join("");
}

/** The text with the matches marked, and in them the groups. */
function subject(units: number[], matches: number[][]): HTMLElement {
  const block = h("div", { class: "subject", tabindex: 0, role: "region", "aria-label": "The text with its matches" });
  let at = 0;
  for (const match of matches) {
    const [[start, end] = [0, 0], ...groups] = spans(match);
    block.append(chars(units.slice(at, start)), marked(units, start, end, groups.filter(([from]) => from >= 0)));
    at = end;
  }
  block.append(chars(units.slice(at)));
  return block;
}

function marked(units: number[], start: number, end: number, groups: [number, number][]): HTMLElement {
  const mark = h("mark", { class: start === end ? "empty" : "" });
  let at = start;
  for (const [from, to] of groups) {
    // Groups inside of others and look-behinds are in the table.
    if (from < at || to > end || to === from) continue;
    mark.append(chars(units.slice(at, from)), h("mark", {}, chars(units.slice(from, to))));
    at = to;
  }
  mark.append(chars(units.slice(at, end)));
  return mark;
}
