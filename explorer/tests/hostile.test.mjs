/** Input that is meant to do harm: no script runs, nothing hangs, and memory is given back. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, serve, type } from "./browser.mjs";

let server;
let browser;

before(async () => {
  server = await serve();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  server?.close();
});

const SCRIPT = `"'><img src=x onerror="globalThis.ran=1"><script>globalThis.ran=1</script>\${globalThis.ran=1}`;

test("markup in pattern, names, text and file is shown, not run", async () => {
  const fragment = `#p=${encodeURIComponent(`(?P<${SCRIPT}>)`)}&t=${encodeURIComponent(SCRIPT)}&f=${encodeURIComponent(SCRIPT)}&v=${encodeURIComponent(SCRIPT)}&k=${encodeURIComponent(SCRIPT)}`;
  const { page, context } = await open(browser, server.url, fragment);
  await page.waitForSelector("html[data-panels=loaded]", { state: "attached" });
  await type(page, SCRIPT);
  await page.fill("#text", `${SCRIPT} ${SCRIPT}`);
  await page.fill("#file", `import re\nre.compile(r'''${SCRIPT}(''')\n`);
  await page.click("#check-file");
  await page.waitForSelector("#source li");
  for (const kind of ["python", "report", "badge"]) await page.click(`[data-copy=${kind}]`);
  assert.equal(await page.evaluate(() => globalThis.ran), undefined);
  assert.equal(await page.locator("img[src=x], main script").count(), 0);
  await context.close();
});

test("broken fragments give some state", async () => {
  for (const fragment of ["#p", "#p=%", "#p=%ED%A0&p=%ff%fe", "#&&&=&f=&v=3.99..3.1", "#v=3.9..", `#p=${"%28".repeat(1000)}`]) {
    const { page, context, problems } = await open(browser, server.url, fragment);
    assert.notEqual(await page.textContent("#summary"), null);
    assert.deepEqual(problems, [], fragment);
    await context.close();
  }
});

test("the largest patterns do not stop the page, and their memory is given back", async () => {
  const { page, context } = await open(browser, server.url);
  const patterns = [
    "(".repeat(100_000) + ")".repeat(100_000),
    "a|bc".repeat(50_000),
    "[[".repeat(99_000) + "]",
    "(?i)[a\\W]".repeat(20_000),
    "\n".repeat(190_000) + "(",
    "x{1,9}".repeat(30_000),
  ];
  for (const pattern of patterns) {
    // The longest time in which the page could not do anything else.
    await page.evaluate(() => {
      let last = performance.now();
      globalThis.longest = 0;
      globalThis.beat = setInterval(() => {
        const now = performance.now();
        globalThis.longest = Math.max(globalThis.longest, now - last);
        last = now;
      }, 10);
    });
    await page.evaluate((value) => {
      const field = document.querySelector("#pattern");
      field.value = value;
      field.dispatchEvent(new Event("input"));
    }, pattern);
    await page.waitForFunction(() => /\d|Works|Refused/.test(document.querySelector("#summary").textContent));
    const count = await page.evaluate(() => globalThis.answers.length);
    await page.waitForFunction((count) => globalThis.answers.length >= count, Math.max(count, 2), { timeout: 30_000 });
    const longest = await page.evaluate(() => {
      clearInterval(globalThis.beat);
      return globalThis.longest;
    });
    assert.ok(longest < 1000, `${longest} ms for ${pattern.slice(0, 10)}…`);
    assert.ok((await page.locator(".line").count()) <= 4000, "what is shown is limited");
  }
  await type(page, "small");
  const { memory } = await page.evaluate(() => globalThis.answers.at(-1));
  assert.ok(memory < 8 << 20, `${memory} bytes after the largest`);
  await context.close();
});

test("text that would be invisible, or turn the text around, is shown as escapes", async () => {
  const { page, context } = await open(browser, server.url, `#p=${encodeURIComponent("(\u202e\u0000\u200b")}`);
  const shown = await page.textContent("#group-A .excerpt");
  assert.match(shown, /\\u202e\\x00\\u200b/);
  await context.close();
});
