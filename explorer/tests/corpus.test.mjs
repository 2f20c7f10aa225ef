/** The WebAssembly modules answer as the native build, which is compared with recorded answers. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { answer, instance, write } from "./modules.mjs";
import { corpus, samples } from "./patterns.mjs";

const native = process.env["SRE_EXPLORER_NATIVE"];

/** A module as a function of a case. */
function load(name) {
  const exports = instance(name);
  return ({ units, bytes, flags }) => {
    write(exports, units);
    return answer(exports, exports.explore(Number(bytes), flags));
  };
}

/** Memory is less where addresses have 32 bits. */
const comparable = (answer) => answer.replace(/"memory":\{[^}]*\},/g, "");

test("all cases of the corpus, and samples", { skip: native ? false : "SRE_EXPLORER_NATIVE names no program" }, () => {
  const cases = [...corpus(), ...samples(7).slice(0, 2000)].filter(({ flags }) => flags >= 0);
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
