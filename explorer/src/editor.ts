/** The field of the pattern, with marks behind the text. */

import type { Span } from "./api";
import { byId, h } from "./dom";

/** Longer texts have no marks: laying them out a second time would take too long. */
const LONGEST_MARKED = 10_000;

export type Mark = { start: number; end: number; kind: string };

export class Editor {
  readonly field = byId<HTMLTextAreaElement>("pattern");
  private readonly backdrop = byId("backdrop");
  private fixed: Mark[] = [];
  private lit: Mark | null = null;
  private frame = 0;
  /** Is called with the offset of the caret or of what is pointed at, null for none. */
  onPosition: (offset: number | null) => void = () => undefined;

  constructor() {
    this.field.addEventListener("scroll", () => {
      this.backdrop.scrollTop = this.field.scrollTop;
    });
    const atCaret = (): void => {
      const focused = document.activeElement === this.field;
      this.onPosition(focused ? this.field.selectionStart : null);
    };
    for (const event of ["keyup", "click", "blur", "select"]) this.field.addEventListener(event, atCaret);
    this.field.addEventListener("pointermove", (event) => this.onPosition(offsetAt(this.field, event)));
    this.field.addEventListener("pointerleave", atCaret);
  }

  /** Marks errors and warnings, by offsets in the text. */
  mark(marks: Mark[]): void {
    this.fixed = marks;
    this.render();
  }

  /** Marks the part that is pointed at elsewhere. */
  light(span: Span | null): void {
    this.lit = span && { start: span[0], end: span[1], kind: "lit" };
    this.render();
  }

  /** The field grows with the text up to a limit. */
  resize(): void {
    const lines = this.field.value.split("\n", 13).length;
    this.field.rows = Math.max(2, Math.min(12, lines));
  }

  private render(): void {
    const text = this.field.value;
    if (text.length > LONGEST_MARKED) return this.backdrop.replaceChildren();
    const marks = [...this.fixed, ...(this.lit ? [this.lit] : [])];
    const cuts = new Set([0, text.length]);
    for (const { start, end } of marks) {
      cuts.add(Math.min(start, text.length));
      cuts.add(Math.min(end, text.length));
    }
    const points = [...cuts].sort((a, b) => a - b);
    const parts: Node[] = points.slice(1).map((end, n) => {
      const start = points[n] ?? 0;
      const kinds = marks.filter((mark) => mark.start <= start && end <= mark.end).map((mark) => mark.kind);
      const part = text.slice(start, end);
      return kinds.length > 0 ? h("mark", { class: kinds.join(" ") }, part) : document.createTextNode(part);
    });
    // A newline at the end has a line of its own in a field, but not in a block.
    this.backdrop.replaceChildren(...parts, " ");
    // Asking for it at once would make the browser lay out the whole page.
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.backdrop.scrollTop = this.field.scrollTop;
    });
  }
}

/** The offset in a field at the place of an event, where the browser can tell it. */
function offsetAt(field: HTMLTextAreaElement, event: PointerEvent): number | null {
  const at = document.caretPositionFromPoint?.(event.clientX, event.clientY);
  return at && at.offsetNode === field ? at.offset : null;
}
