/** Input that is meant to do harm: no script runs, nothing hangs, and memory is given back. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { open, site, type } from "./browser.mjs";

const shared = site();

const SCRIPT = `"'><img src=x onerror="globalThis.ran=1"><script>globalThis.ran=1</script>\${globalThis.ran=1}`;

test("markup in pattern, names, text and file is shown, not run", async () => {
  const fragment = `#p=${encodeURIComponent(`(?P<${SCRIPT}>)`)}&t=${encodeURIComponent(SCRIPT)}&f=${encodeURIComponent(SCRIPT)}&v=${encodeURIComponent(SCRIPT)}&k=${encodeURIComponent(SCRIPT)}`;
  const { page, context } = await open(shared, fragment);
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
    const { page, context, problems } = await open(shared, fragment);
    assert.notEqual(await page.textContent("#summary"), null);
    assert.deepEqual(problems, [], fragment);
    await context.close();
  }
});

test("the largest patterns do not stop the page, and their memory is given back", async () => {
  const { page, context } = await open(shared);
  const patterns = [
    "(".repeat(25_000) + ")".repeat(25_000),
    "a|bc".repeat(12_500),
    "[[".repeat(24_000) + "]",
    "(?i)[a\\W]".repeat(5_000),
    "\n".repeat(49_000) + "(",
    "x{1,9}".repeat(8_000),
  ];
  // Processor time of the page's own thread, which does not depend on the load of the machine.
  const session = await context.newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const used = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return 1000 * (metrics.find(({ name }) => name === "TaskDuration")?.value ?? NaN);
  };
  for (const pattern of patterns) {
    const before = await used();
    await type(page, pattern);
    const { compiling } = await page.evaluate(() => globalThis.answers.at(-1));
    const time = (await used()) - before;
    console.log(`${pattern.length} characters (${JSON.stringify(pattern.slice(0, 8))}…): ${time.toFixed(0)} ms in the page, ${compiling.toFixed(0)} ms in the worker`);
    assert.ok(time < 1000, `${time} ms for ${pattern.slice(0, 10)}…`);
    assert.ok((await page.locator(".card").count()) > 0, "there is an answer");
    assert.ok((await page.locator(".line").count()) <= 4000, "what is shown is limited");
  }
  await type(page, "small");
  const { memory } = await page.evaluate(() => globalThis.answers.at(-1));
  assert.ok(memory <= 32 << 20, `${memory} bytes after the largest`);
  await context.close();
});

test("text that would be invisible, or turn the text around, is shown as escapes", async () => {
  const { page, context } = await open(shared, `#p=${encodeURIComponent("(\u202e\u0000\u200b")}`);
  const shown = await page.textContent("#group-A .excerpt");
  assert.match(shown, /\\u202e\\x00\\u200b/);
  await context.close();
});
