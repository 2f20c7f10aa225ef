/** The panel with what can be copied, and the badge. */

import type { Current } from "./main";
import { verdict } from "./api";
import { badge } from "./badge";
import { byId, h, visible, whenIdle } from "./dom";
import { KINDS, write, type Kind, type Shared } from "./share";
import { toFragment } from "./state";
import { label } from "./versions";

export class SharePanel {
  private current: Current | null = null;
  private readonly preview = h("pre", { class: "excerpt", tabindex: 0, "aria-label": "What was copied" });
  private readonly done = h("p", { role: "status", class: "note" });
  private readonly image = h("img", { alt: "", height: 20 });

  constructor() {
    const buttons = KINDS.map(([kind, name]) =>
      h("button", { type: "button", "data-copy": kind, click: () => void this.copy(kind) }, name),
    );
    const save = h("button", { type: "button", "data-copy": "badge", click: () => this.save() }, "badge (SVG)");
    this.preview.hidden = true;
    byId("share").append(
      h("h2", { id: "share-title" }, "Hand on"),
      h("div", { class: "row" }, h("span", {}, "Copy as"), ...buttons, save, this.image),
      this.done,
      this.preview,
    );
  }

  show(current: Current): void {
    this.current = current;
    whenIdle(() => {
      if (this.current === current) this.showBadge(current);
    });
  }

  private showBadge(current: Current): void {
    const { text, svg } = badgeOf(current);
    this.image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
    this.image.alt = `works in Python ${text}`;
  }

  private async copy(kind: Kind): Promise<void> {
    if (!this.current) return;
    const text = write(kind, shared(this.current));
    this.preview.textContent = text;
    this.preview.hidden = false;
    try {
      await navigator.clipboard.writeText(text);
      this.done.textContent = "Copied:";
    } catch {
      this.done.textContent = "The browser does not let this page copy. Select the text:";
    }
  }

  private save(): void {
    if (!this.current) return;
    const { svg } = badgeOf(this.current);
    const link = h("a", { href: URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" })), download: "python-re.svg" });
    link.click();
    URL.revokeObjectURL(link.href);
    this.preview.textContent = svg;
    this.preview.hidden = false;
    this.done.textContent = "Saved as python-re.svg:";
  }
}

function shared({ state, query, groups, versions: { dialects } }: Current): Shared {
  const lines = groups.map(({ group, indices }) => {
    const error = group.error ? `: ${group.error.type}: ${visible(group.error.msg)}` : "";
    const at = typeof group.error?.pos === "number" ? ` at position ${group.error.pos}` : "";
    const warnings = group.warnings.map(({ category, msg }) => `\n    ${category}: ${visible(msg)}`).join("");
    return `${label(indices, dialects)}: ${{ accepted: "accepted", warns: "accepted", refused: "refused", unknown: "not known" }[verdict(group)]}${error}${at}${warnings}`;
  });
  const link = `${location.href.replace(/#.*/, "")}${toFragment(state)}`;
  return { query, letters: state.flags, summary: lines.join("\n"), link };
}

/** The badge, and what it says. */
function badgeOf({ groups, versions: { dialects } }: Current): { text: string; svg: string } {
  const accepted = groups.filter(({ group }) => group.accepted).flatMap(({ indices }) => indices);
  const indices = accepted.filter((index) => !dialects[index]?.preview).sort((a, b) => a - b);
  const text = indices.length > 0 ? label(indices, dialects) : "no version";
  return { text, svg: badge("works in Python", text, indices.length > 0) };
}
