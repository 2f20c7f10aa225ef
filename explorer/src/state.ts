/** What the page shows, and the fragment of its address that says so. */

import { known } from "./flags";

export interface State {
  /** The text of the field. */
  pattern: string;
  bytes: boolean;
  /** Whether the text is taken as it is, as in r'…'. */
  raw: boolean;
  /** Letters. */
  flags: string;
  /** The first and last minor versions that are shown; null for all. */
  from: number | null;
  to: number | null;
  /** The text that is searched. */
  text: string;
}

/** The longest pattern and text that a page takes, in UTF-16. */
export const LONGEST = 50_000;

export const EMPTY: State = {
  pattern: "", bytes: false, raw: true, flags: "", from: null, to: null, text: "",
};

/** `#p=…&f=im&v=3.12..3.14`: fields with their default are omitted. */
export function toFragment(state: State): string {
  const fields: string[] = [`p=${encode(state.pattern)}`];
  if (state.flags) fields.push(`f=${state.flags}`);
  if (state.bytes) fields.push("k=bytes");
  if (!state.raw) fields.push("e=1");
  if (state.from !== null || state.to !== null) fields.push(`v=${bound(state.from)}..${bound(state.to)}`);
  if (state.text) fields.push(`t=${encode(state.text)}`);
  return `#${fields.join("&")}`;
}

function bound(minor: number | null): string {
  return minor === null ? "" : `3.${minor}`;
}

/** Reads a fragment. Invalid fields are ignored, so every text gives a state. */
export function fromFragment(fragment: string): State {
  const state: State = { ...EMPTY };
  for (const field of fragment.replace(/^#/, "").slice(0, 6 * LONGEST).split("&")) {
    const [name, value] = [field.slice(0, field.indexOf("=")), field.slice(field.indexOf("=") + 1)];
    if (name === "p") state.pattern = decode(value).slice(0, LONGEST);
    if (name === "t") state.text = decode(value).slice(0, LONGEST);
    if (name === "f") state.flags = known(value);
    if (name === "k") state.bytes = value === "bytes";
    if (name === "e") state.raw = value !== "1";
    if (name === "v") {
      const range = /^(?:3\.(\d{1,2}))?\.\.(?:3\.(\d{1,2}))?$/.exec(value) ?? /^3\.(\d{1,2})$/.exec(value);
      if (range) {
        const one = range.length === 2;
        state.from = range[1] ? Number(range[1]) : null;
        state.to = one ? state.from : range[2] ? Number(range[2]) : null;
      }
    }
  }
  return state;
}

/** Percent-encodes as `encodeURIComponent`, which refuses lone surrogates; these are three bytes. */
export function encode(text: string): string {
  const encoded = [...text].map((c) => {
    const code = c.codePointAt(0) ?? 0;
    if (code < 0xd800 || code > 0xdfff) return encodeURIComponent(c);
    return [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)]
      .map((byte) => `%${byte.toString(16).toUpperCase()}`)
      .join("");
  });
  return encoded.join("").replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The inverse. Bytes that are no UTF-8 become U+FFFD. */
export function decode(text: string): string {
  const surrogates = /%ED%([AB][0-9A-F])%([89AB][0-9A-F])/gi;
  const parts: string[] = [];
  let end = 0;
  for (const found of text.matchAll(surrogates)) {
    parts.push(decodeUtf8(text.slice(end, found.index)));
    const code = 0xd000 | ((parseInt(found[1] ?? "", 16) & 0x3f) << 6) | (parseInt(found[2] ?? "", 16) & 0x3f);
    parts.push(String.fromCharCode(code));
    end = found.index + found[0].length;
  }
  parts.push(decodeUtf8(text.slice(end)));
  return parts.join("");
}

function decodeUtf8(text: string): string {
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  for (const part of text.split(/(%[0-9a-fA-F]{2})/)) {
    if (/^%[0-9a-fA-F]{2}$/.test(part)) bytes.push(parseInt(part.slice(1), 16));
    else for (const byte of encoder.encode(part)) bytes.push(byte);
  }
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(new Uint8Array(bytes));
}
