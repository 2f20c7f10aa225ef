/** How the page looks, and how it is read out. SRE_SHOTS names a folder for screenshots. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { open, site } from "./browser.mjs";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const SHOTS = process.env["SRE_SHOTS"];

const shared = site({
  "/docs.html": `<!doctype html><html lang="en"><title>x</title><script type="module" src="/element.js"></script>
    <main><h1>x</h1><sre-pattern pattern="(?&gt;a+)b"></sre-pattern><sre-pattern pattern="a\\z" versions="3.13..3.14"></sre-pattern>
    <sre-pattern pattern="\\xff" kind="bytes" escapes></sre-pattern><sre-pattern pattern="é" kind="bytes"></sre-pattern></main>`,
});

const PATTERNS = {
  atomic: "#p=%28%3F%3Ea%2B%29b",
  flags: "#p=%5E%28%3Fi%29spam&t=Spam",
  operator: "#p=%5Ba%26%26b%5D",
  error: "#p=%28%3FP%3Cyear%3E%5Cd%7B4%7D&f=x",
};

for (const colorScheme of ["light", "dark"]) {
  for (const [width, height] of [[360, 740], [480, 900], [1300, 900]]) {
    test(`${width} pixels wide, ${colorScheme}: nothing sticks out, and axe finds nothing`, async () => {
      for (const [name, fragment] of Object.entries(PATTERNS)) {
        const { page, context, problems } = await open(shared, fragment, { viewport: { width, height }, colorScheme });
        if (name === "flags") await page.waitForSelector("#matching table");
        await page.locator("details").evaluateAll((all) => all.forEach((details) => (details.open = true)));
        const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.equal(over, 0, `${name} sticks out`);
        if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}-${width}-${colorScheme}.png`, fullPage: true });
        // With the debugger's rights, not the page's: its policy takes no inline script.
        await page.evaluate(readFileSync(AXE, "utf8"));
        const found = await page.evaluate(() => globalThis.axe.run());
        const violations = found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
        assert.deepEqual(violations, [], name);
        assert.deepEqual(problems, [], name);
        await context.close();
      }
    });
  }
}

test("all controls are reached with the keyboard, in the order of the page", async () => {
  const { page, context } = await open(shared, PATTERNS.atomic);
  const order = [];
  await page.evaluate(() => document.activeElement?.blur());
  for (let n = 0; n < 60; n++) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => document.activeElement?.id || document.activeElement?.className || document.activeElement?.dataset.copy || "");
    order.push(at);
  }
  // The first key press goes on from the pattern, which has the focus at the start.
  order.unshift(...order.splice(order.indexOf("skip")));
  const wanted = ["skip", "from", "to", "pattern", "listing", "text", "load-cpython", "file", "check-file"];
  const places = wanted.map((name) => order.indexOf(name));
  assert.ok(places.every((place) => place >= 0), `${wanted} in ${order}`);
  assert.deepEqual([...places].sort((a, b) => a - b), places);
  await context.close();
});

test("the element shows a pattern in another page", async () => {
  const page = await shared.browser.newPage();
  await page.goto(`${shared.url}docs.html`);
  const shown = (n) => page.locator("sre-pattern").nth(n);
  const text = (n) => shown(n).evaluate((element) => element.shadowRoot.textContent);
  await shown(0).locator("li").first().waitFor();
  assert.match(await text(0), /✗ 3\.8 to 3\.10 refused: unknown extension \?>.*✓ 3\.11 to 3\.16/);
  assert.match(await text(1), /✗ 3\.13 refused: bad escape \\z✓ 3\.14 accepted/);
  await shown(2).locator("li").first().waitFor();
  assert.match(await text(3), /Not compiled: bytes can only contain ASCII/);
  assert.equal(await shown(0).locator("a").getAttribute("href"), `${shared.url}#p=%28%3F%3Ea%2B%29b`);
  await page.close();
});
