/** The WebAssembly modules answer as the native build, which is compared with recorded answers. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

const native = process.env["SRE_EXPLORER_NATIVE"];

/** A module as src/module.ts uses it. */
function load(name) {
  const bytes = readFileSync(new URL(`../src/wasm/${name}.wasm`, import.meta.url));
  const exports = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
  return ({ units, bytes, flags }) => {
    const address = exports.reserve(units.length);
    new Uint32Array(exports.memory.buffer, address, units.length).set(units);
    const length = exports.explore(Number(bytes), flags);
    return new TextDecoder().decode(new Uint8Array(exports.memory.buffer, exports.text(), length));
  };
}

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

function corpus() {
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

function samples() {
  const file = process.env["SRE_SAMPLES"];
  if (!file) return [];
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  const cases = lines.filter((_, n) => n % 7 === 0).slice(0, 2000).map((line) => JSON.parse(line));
  return cases.filter((each) => each.pattern !== undefined).map(({ kind, pattern, flags }, n) => {
    return { name: `sample ${n}`, bytes: kind === "bytes", flags, units: [...pattern].map((c) => c.codePointAt(0)) };
  });
}

/** Memory is less where addresses have 32 bits. */
const comparable = (answer) => answer.replace(/"memory":\{[^}]*\},/g, "");

test("all cases of the corpus, and samples", { skip: native ? false : "SRE_EXPLORER_NATIVE names no program" }, () => {
  const cases = [...corpus(), ...samples()].filter(({ flags }) => flags >= 0);
  assert.ok(cases.length > 1700, `${cases.length}`);
  const request = ({ bytes, units, flags }) =>
    JSON.stringify(bytes ? { kind: "bytes", pattern: String.fromCharCode(...units), flags } : { kind: "str", codepoints: units, flags });
  const input = cases.map(request).join("\n");
  const { stdout, status, stderr } = spawnSync(native, { input, maxBuffer: 1 << 30, encoding: "utf8" });
  assert.equal(status, 0, stderr);
  const expected = stdout.trimEnd().split("\n");
  assert.equal(expected.length, cases.length);
  const [small, full] = [load("compiler"), load("names")];
  let named = 0;
  cases.forEach((each, n) => {
    const native = comparable(expected[n] ?? "");
    assert.equal(comparable(full(each)), native, each.name);
    const hasName = each.units.some((unit, at) => unit === 0x5c && each.units[at + 1] === 0x4e && each.units[at + 2] === 0x7b);
    if (hasName) named++;
    else assert.equal(comparable(small(each)), native, `${each.name}, without names`);
  });
  assert.ok(named > 5, `${named} with names`);
  console.log(`${cases.length} patterns, ${named} of them with names of characters`);
});
