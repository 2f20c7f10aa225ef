/** The text of the field as a Python literal: characters or bytes, and where each comes from. */

export interface Literal {
  /** Code points, or bytes. */
  units: number[];
  /** The offset in the text of each unit, in UTF-16, and at the end that of the end. */
  offsets: number[];
  /** Why the text is no literal, with the offset. */
  problem: { text: string; at: number } | null;
}

const SIMPLE: Record<string, number> = {
  "\\": 0x5c, "'": 0x27, '"': 0x22, a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11,
};

/**
 * Reads a text as Python reads the inside of a literal. A raw one is taken as it is; in others, escapes
 * stand for characters, so that control characters and lone surrogates can be written.
 */
export function read(text: string, isBytes: boolean, isRaw: boolean): Literal {
  const literal: Literal = { units: [], offsets: [], problem: null };
  let at = 0;
  while (at < text.length) {
    const step = isRaw ? null : escape(text, at, isBytes);
    if (typeof step === "string") {
      literal.problem ??= { text: step, at };
    }
    const code = text.codePointAt(at) ?? 0;
    const [unit, length] =
      step !== null && typeof step !== "string" ? step : [code, code > 0xffff ? 2 : 1];
    if (unit !== null) {
      if (isBytes && unit > (length === 1 ? 0x7f : 0xff)) {
        const shown = `U+${unit.toString(16).toUpperCase().padStart(4, "0")}`;
        literal.problem ??= { text: `bytes can only contain ASCII literal characters, not ${shown}`, at };
      } else {
        literal.units.push(unit);
        literal.offsets.push(at);
      }
    }
    at += length;
  }
  literal.offsets.push(text.length);
  return literal;
}

/** The unit and the length of an escape; null if there is none, or why it is wrong. */
function escape(text: string, at: number, isBytes: boolean): [number | null, number] | string | null {
  if (text[at] !== "\\") return null;
  const next = text[at + 1];
  if (next === undefined) return "a backslash at the end";
  if (next === "\n") return [null, 2];
  const simple = SIMPLE[next];
  if (simple !== undefined) return [simple, 2];
  const octal = /^[0-7]{1,3}/.exec(text.slice(at + 1, at + 4));
  if (octal) return [parseInt(octal[0], 8) & (isBytes ? 0xff : 0x1ff), 1 + octal[0].length];
  const digits = next === "x" ? 2 : isBytes ? 0 : next === "u" ? 4 : next === "U" ? 8 : 0;
  if (digits === 0) return null;
  const hex = text.slice(at + 2, at + 2 + digits);
  if (hex.length < digits || /[^0-9a-fA-F]/.test(hex)) return `\\${next} needs ${digits} hexadecimal digits`;
  const unit = parseInt(hex, 16);
  return unit > 0x10ffff ? `\\${next}${hex} is no character` : [unit, 2 + digits];
}

/** The literal as Python source, in ASCII. */
export function source(units: number[], isBytes: boolean): string {
  const prefix = isBytes ? "b" : "";
  const plain = units.every((unit) => unit >= 0x20 && unit < 0x7f);
  const text = String.fromCodePoint(...(plain ? units : []));
  if (plain && text.includes("\\") && !text.endsWith("\\")) {
    if (!text.includes("'")) return `${prefix}r'${text}'`;
    if (!text.includes('"')) return `${prefix}r"${text}"`;
  }
  const quote = units.includes(0x27) && !units.includes(0x22) ? '"' : "'";
  const shown = units.map((unit) => {
    if (unit === 0x5c) return "\\\\";
    if (unit === quote.charCodeAt(0)) return `\\${quote}`;
    if (unit === 10) return "\\n";
    if (unit >= 0x20 && unit < 0x7f) return String.fromCharCode(unit);
    if (unit < 0x100) return `\\x${hex(unit, 2)}`;
    return unit < 0x10000 ? `\\u${hex(unit, 4)}` : `\\U${hex(unit, 8)}`;
  });
  return `${prefix}${quote}${shown.join("")}${quote}`;
}

function hex(unit: number, digits: number): string {
  return unit.toString(16).padStart(digits, "0");
}
