/** The patterns that tests compile: those of the corpus, and of real programs if SRE_SAMPLES names some. */

import { readFileSync, readdirSync } from "node:fs";
import { points } from "./modules.mjs";

const BITS = { a: 256, i: 2, L: 4, m: 8, s: 16, t: 1, u: 32, x: 64 };

/** The code points of UTF-8 in which surrogates are three bytes. */
function codePoints(bytes) {
  const units = [];
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at];
    const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    let unit = length === 1 ? first : first & (0x7f >> length);
    for (let n = 1; n < length; n++) unit = (unit << 6) | (bytes[at + n] & 0x3f);
    units.push(unit);
    at += length;
  }
  return units;
}

/** The cases of the corpus: `{ name, bytes, flags, units }`. */
export function corpus() {
  const root = new URL("../../corpus/", import.meta.url);
  const files = readdirSync(root, { recursive: true }).map(String).filter((name) => name.endsWith(".case"));
  return files.map((name) => {
    const bytes = readFileSync(new URL(name, root));
    const end = bytes.indexOf(10);
    const [kind, letters] = bytes.subarray(0, end).toString("latin1").split(" ");
    const flags = [...(letters === "-" ? "" : letters)].reduce((sum, letter) => sum | BITS[letter], 0);
    const pattern = bytes.subarray(end + 1);
    return { name, bytes: kind === "bytes", flags, units: kind === "bytes" ? [...pattern] : codePoints(pattern) };
  });
}

/** Every so-manieth sample, so that they come from many programs; none without SRE_SAMPLES. */
export function samples(every) {
  const file = process.env["SRE_SAMPLES"];
  if (!file) return [];
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean).filter((_, n) => n % every === 0);
  const cases = lines.map((line) => JSON.parse(line)).filter((each) => each.pattern !== undefined);
  return cases.map(({ kind, pattern, flags }, n) => ({ name: `sample ${n}`, bytes: kind === "bytes", flags, units: points(pattern) }));
}
