/** The matcher and the checker of files, as they are built for the page. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { answer, instance, points, write } from "./modules.mjs";

const compiler = instance("compiler");
const { dialects } = JSON.parse(answer(compiler, compiler.versions()));

/** The matches of a pattern in a text, with the code of a minor version. */
function found(pattern, text, { groups = 0, bytes = false, minor = 15 } = {}) {
  write(compiler, pattern);
  const dialect = dialects.findLastIndex((each) => each.minor === minor);
  const code = JSON.parse(answer(compiler, compiler.code(Number(bytes), 0, dialect)));
  const engine = instance("engine");
  write(engine, [...code, ...text]);
  return JSON.parse(answer(engine, engine.search(code.length, groups, Number(bytes))));
}

test("all matches and groups are found, with the code of any version", () => {
  for (const minor of [8, 10, 11, 15, 16]) {
    const search = (pattern, text, groups) => found(points(pattern), points(text), { groups, minor });
    assert.deepEqual(search("(a)|(b+)", "abba", 2), [[0, 1, 0, 1, -1, -1], [1, 3, -1, -1, 1, 3], [3, 4, 3, 4, -1, -1]]);
    assert.deepEqual(search("x", "abc"), []);
    assert.deepEqual(search("", "ab"), [[0, 0], [1, 1], [2, 2]]);
    assert.deepEqual(search("é.", "né😀!"), [[1, 3]]);
    assert.deepEqual(search("(?i)[k-m]\\d+(?=x)", "aL42x"), [[1, 4]]);
  }
});

test("bytes and lone surrogates are searched, and matches are limited", () => {
  assert.deepEqual(found([0xff, 0x2b], [1, 0xff, 0xff], { bytes: true }), [[1, 3]]);
  assert.deepEqual(found(points("\\ud800"), [0x61, 0xd800]), [[1, 2]]);
  assert.equal(found(points("a"), points("a".repeat(1005))).length, 1000);
});

/** What the checker says about a file. */
function check(file) {
  const source = instance("source");
  const address = source.reserve(file.length);
  new Uint8Array(source.memory.buffer, address, file.length).set(file);
  return JSON.parse(answer(source, source.check()));
}

test("the patterns of a file are checked", () => {
  const file = "import re\nA = re.compile('(?>a)')\nB = re.match(x, y)\n";
  const { patterns, skipped } = check(Buffer.from(file));
  assert.equal(patterns.length, 1);
  assert.equal(patterns[0].line, 2);
  assert.deepEqual(patterns[0].answers.map(({ label, accepted }) => [label, accepted]), [["3.8 to 3.10", false], ["3.11 to 3.16", true]]);
  assert.equal(skipped[0].line, 3);
});

test("what is no Python is a problem, whatever it holds", () => {
  const deep = `import re\nx = ${"(".repeat(5000)}${")".repeat(5000)}\n`;
  for (const file of ["import re\ndef f(:", "import re\0", `import re\n${"(".repeat(200_000)}`]) {
    assert.equal(typeof check(Buffer.from(file)).problem, "string", file.slice(0, 20));
  }
  assert.deepEqual(check(new Uint8Array([0x69, 0xff, 0xfe])), { patterns: [], skipped: [] });
  // Deep nesting ends in an answer or a trap, which the page catches.
  try {
    check(Buffer.from(deep));
  } catch (error) {
    assert.ok(error instanceof RangeError || error instanceof WebAssembly.RuntimeError, String(error));
  }
});

test("each hint is for a message that some version has, and what it says to write is accepted", () => {
  const names = instance("names");
  const groups = (pattern, flags) => {
    write(names, points(pattern));
    return JSON.parse(answer(names, names.explore(0, flags))).groups;
  };
  const hints = JSON.parse(readFileSync(new URL("../hints.json", import.meta.url), "utf8"));
  assert.ok(hints.length > 30);
  for (const hint of hints) {
    const answers = groups(hint.example, hint.flags ?? 0);
    const isAcceptedByOne = answers.some(({ accepted }) => accepted);
    const first = (text) => hints.find(({ message, from }) => text.startsWith(message) && (from === undefined || isAcceptedByOne));
    const about = answers.filter(({ error, warnings }) => [error, ...warnings].some((each) => each && first(each.msg) === hint));
    assert.ok(about.length > 0, `${hint.example}: ${hint.message}: ${JSON.stringify(answers.map(({ error }) => error?.msg))}`);
    const newest = Math.max(...about.flatMap((group) => group.dialects).map((index) => dialects[index].minor));
    if (hint.from !== undefined) assert.equal(newest, hint.from - 1, hint.message);
    for (const { accepted, error, warnings } of groups(hint.instead, 0)) {
      assert.ok(accepted && warnings.length === 0, `${hint.instead} for ${hint.message}: ${error?.msg} ${warnings[0]?.msg}`);
    }
  }
});
