/**
 * `<sre-pattern pattern="(?>a+)b" flags="i" versions="3.8..3.15">`: a pattern and the versions that take it,
 * for documentation pages. Attributes: pattern, flags, kind ("bytes"), escapes, versions, explorer (the
 * address of the page for the link; the folder of this file by default).
 */

import { verdict, type Page, type Versions } from "./api";
import { bits, known } from "./flags";
import { read } from "./literal";
import { Compiler, needsNames } from "./module";
import { EMPTY, fromFragment, toFragment, type State } from "./state";
import { isShown, label } from "./versions";

let small: Promise<Compiler> | null = null;
let withNames: Promise<Compiler> | null = null;

function compiler(names: boolean): Promise<Compiler> {
  return names ? (withNames ??= Compiler.load(true)) : (small ??= Compiler.load(false));
}

const STYLE = `
:host { display: block; font: 0.9375rem/1.5 system-ui, sans-serif; }
code { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
ul { margin: 0.25rem 0; padding: 0; list-style: none; }
.accepted b { color: light-dark(#17663a, #84d8a3); }
.refused b { color: light-dark(#a31621, #ff9d9d); }
`;

export class SrePattern extends HTMLElement {
  static observedAttributes = ["pattern", "flags", "kind", "escapes", "versions", "explorer"];
  private readonly root = this.attachShadow({ mode: "open" });
  private asked = 0;

  connectedCallback(): void {
    void this.update();
  }

  attributeChangedCallback(): void {
    if (this.isConnected) void this.update();
  }

  private state(): State {
    const of = (name: string): string => this.getAttribute(name) ?? "";
    const { from, to } = fromFragment(`#v=${of("versions")}`);
    const bytes = of("kind") === "bytes";
    return { ...EMPTY, pattern: of("pattern"), flags: known(of("flags")), bytes, raw: !this.hasAttribute("escapes"), from, to };
  }

  private async update(): Promise<void> {
    const asked = ++this.asked;
    const state = this.state();
    try {
      const literal = read(state.pattern, state.bytes, state.raw);
      if (literal.problem) throw new Error(literal.problem.text);
      const query = { units: literal.units, bytes: state.bytes, flags: bits(state.flags) };
      const loaded = await compiler(needsNames(query));
      const { dialects } = JSON.parse(loaded.versions()) as Versions;
      const page = JSON.parse(loaded.explore(query)) as Page;
      if (asked !== this.asked) return;
      const items = page.groups.flatMap((group) => {
        const indices = group.dialects.filter((index) => dialects[index] && isShown(dialects[index], state));
        if (indices.length === 0 || verdict(group) === "unknown") return [];
        const why = group.error ? `: ${group.error.msg}` : group.warnings.map(({ msg }) => `; ${msg}`).join("");
        return [{ key: `${group.accepted}${why}`, accepted: group.accepted, why, indices }];
      });
      this.render(state, merged(items).map(({ accepted, why, indices }) => ({ accepted, why, versions: label(indices, dialects) })));
    } catch (error) {
      if (asked === this.asked) this.render(state, [], error instanceof Error ? error.message : String(error));
    }
  }

  private render(state: State, items: { accepted: boolean; why: string; versions: string }[], problem = ""): void {
    const make = (tag: string, text: string, ...children: Node[]): HTMLElement => {
      const element = document.createElement(tag);
      element.append(text, ...children);
      return element;
    };
    const style = new CSSStyleSheet();
    style.replaceSync(STYLE);
    this.root.adoptedStyleSheets = [style];
    const link = document.createElement("a");
    const page = this.getAttribute("explorer") ?? new URL("./", import.meta.url).href;
    link.href = /^(https?:|\.|\/)/.test(page) ? `${page}${toFragment(state)}` : "#";
    link.append(make("code", state.pattern));
    const list = document.createElement("ul");
    for (const { accepted, why, versions } of items) {
      const item = make("li", "", make("b", `${accepted ? "✓" : "✗"} ${versions}`), document.createTextNode(` ${accepted ? "accepted" : "refused"}${why}`));
      item.className = accepted ? "accepted" : "refused";
      list.append(item);
    }
    this.root.replaceChildren(link, problem ? make("p", `Not compiled: ${problem}`) : list);
  }
}

type Item = { key: string; accepted: boolean; why: string; indices: number[] };

/** Groups that differ in their code only are one here. */
function merged(items: Item[]): Item[] {
  const all = new Map<string, Item>();
  for (const item of items) {
    const found = all.get(item.key);
    if (found) found.indices = [...found.indices, ...item.indices].sort((a, b) => a - b);
    else all.set(item.key, { ...item });
  }
  return [...all.values()];
}

if (!customElements.get("sre-pattern")) customElements.define("sre-pattern", SrePattern);
