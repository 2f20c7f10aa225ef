/**
 * What the page shows is what `sre dis --format json` prints. SRE_EXPLORER_SRE names the command. Each case takes a
 * process, so these are some cases of the corpus; wasm/tests compares all of them with the library behind `sre dis`.
 */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { answer, instance, write } from "./modules.mjs";
import { corpus } from "./patterns.mjs";

const sre = process.env["SRE_EXPLORER_SRE"];
const CASES = 150;

function dis(name, version) {
  const file = fileURLToPath(new URL(`../../corpus/${name}`, import.meta.url));
  const { stdout, stderr } = spawnSync(sre, ["dis", "--format", "json", "--target", version, file], { encoding: "utf8", maxBuffer: 1 << 28 });
  assert.ok(stdout.startsWith("{"), `${name}: ${stderr}`);
  return JSON.parse(stdout);
}

/** What `sre dis` prints, as the page has it. */
function asShown({ error, warnings, tree, valid, instructions }) {
  const lines = instructions?.map(({ word, level, text, to, span }) => {
    const [start, end] = span && span[0] < span[1] ? span : [null, null];
    return [word, level, text, to, start, end];
  });
  return {
    error: error && [error.type, error.msg, ...(error.type === "error" ? [error.pos, error.lineno, error.colno] : [])],
    warnings,
    isInvalid: valid === false,
    lines: lines?.slice(0, 400),
    // The page has the tree of an error, too.
    tree: error ? undefined : tree.split("\n").slice(0, -1).slice(0, 400),
  };
}

function shown({ error, warnings, invalid, lines, tree }) {
  return {
    error: error && [error.type, error.msg, ...(error.type === "error" ? [error.pos, error.lineno, error.colno] : [])],
    warnings: warnings.map(({ category, msg }) => [category, msg]),
    isInvalid: invalid === true,
    lines,
    tree: error ? undefined : tree.map(([level, text]) => "  ".repeat(level) + text),
  };
}

test("sre dis prints what the page shows, for the newest version of each group", { skip: sre ? false : "SRE_EXPLORER_SRE names no program" }, () => {
  const compiler = instance("names");
  const { dialects } = JSON.parse(answer(compiler, compiler.versions()));
  const ask = (name, { units, bytes, flags }, ...more) => {
    write(compiler, units);
    return JSON.parse(answer(compiler, compiler[name](Number(bytes), flags, ...more)));
  };
  const all = corpus();
  const step = Math.floor(all.length / CASES);
  let [compared, refused] = [0, 0];
  for (const each of all.filter((_, n) => n % step === 0)) {
    for (const group of ask("explore", each).groups) {
      const newest = group.dialects.at(-1);
      const { minor, patch } = dialects[newest];
      const version = `3.${minor}.${patch}`;
      const printed = dis(each.name, version);
      assert.deepEqual(shown(group), asShown(printed), `${each.name} in ${version}`);
      const { code, flags, groups, groupindex, error, warnings } = printed;
      assert.deepEqual(ask("compile", each, newest), JSON.parse(JSON.stringify({ code, flags, groups, groupindex, error, warnings })), `${each.name} in ${version}`);
      compared++;
      if (error) refused++;
    }
  }
  assert.ok(compared > CASES && refused > 5 && refused < compared / 2, `${compared}, ${refused} refused`);
  console.log(`${compared} answers, ${refused} of them errors`);
});
