/** The page as people use it, in Chromium. */

import assert from "node:assert/strict";
import { inPage as inPageOf, site, type } from "./browser.mjs";

const shared = site();
/** A test in a page with a fragment. */
const inPage = (...test) => inPageOf(shared, ...test);
const text = (page, selector) => page.textContent(selector);
const hash = (page) => page.evaluate(() => location.hash);

inPage("typing shows which versions accept a pattern, and the rule that made the difference", "", async (page) => {
  await type(page, "(?>a+)b");
  assert.equal(await text(page, "#summary"), "Works in 3.11 to 3.16 (preview). Refused by 3.8 to 3.10. 2 different answers.");
  assert.equal(await page.locator(".strip > li").count(), 9);
  assert.match(await text(page, "#group-A"), /unknown extension \?> at position 1/);
  const change = page.locator("#group-B .change");
  assert.match(await change.textContent(), /Since 3\.11: Possessive quantifiers and atomic groups/);
  assert.match(await change.locator("a").first().getAttribute("href"), /whatsnew\/3\.11/);
});

inPage("an error has a caret under the part at fault, also in the field", "#p=ab%28%3FP%3Cyear%3E", async (page) => {
  const excerpt = await text(page, "#group-A .excerpt");
  assert.match(excerpt, /ab\(\?P<year>\n {2}\^/);
  assert.equal(await text(page, "#backdrop mark.fault"), "(");
  assert.equal(await text(page, "#advice"), "missing ), unterminated subpattern: This ( is not closed. Add the ), or write \\( for the character itself.");
});

inPage("pointing at an instruction lights the part of the pattern, and back", "#p=ab*%7Cc", async (page) => {
  await page.locator("#group-A .line", { hasText: "REPEAT_ONE" }).hover();
  assert.equal(await text(page, "#backdrop mark.lit"), "b*");
  await page.click("#group-A summary >> text=Parse tree");
  await page.click("#pattern");
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowLeft");
  const lit = await page.locator("#group-A .line.lit").allTextContents();
  assert.deepEqual(lit.map((line) => line.trim().replace(/ +/g, " ")), ["24. LITERAL 0x63 ('c')", "LITERAL 99"]);
});

inPage("arrow keys walk the instructions, and say which part they came from", "#p=ab*", async (page) => {
  await page.locator("#group-A .listing").first().focus();
  for (const key of ["End", "ArrowUp", "ArrowUp", "ArrowDown"]) await page.keyboard.press(key);
  const active = await page.locator("#group-A [role=listbox]").first().getAttribute("aria-activedescendant");
  assert.equal(await page.locator(`#${active}`).getAttribute("aria-selected"), "true");
  assert.match(await text(page, "#pointed"), /from characters \d to \d: b/);
});

inPage("rows that nobody sees are made later, and keys reach all of them", `#p=${"ab".repeat(60)}`, async (page) => {
  const list = page.locator("#group-A [role=listbox]").first();
  assert.equal(await page.locator("#group-A [role=listbox]").nth(1).locator(".line").count(), 0, "the tree is closed");
  await list.focus();
  await page.keyboard.press("End");
  assert.match(await list.locator("[aria-selected=true]").textContent(), /SUCCESS/);
  await type(page, "cd".repeat(60));
  const rows = page.locator("#group-A [role=listbox]").first().locator(".line");
  await page.waitForFunction(() => document.querySelectorAll("#group-A [role=listbox]")[0].children.length > 120);
  assert.match(await rows.last().textContent(), /SUCCESS/);
});

inPage("flags and the range of versions are switched", "#p=aB", async (page) => {
  const answered = (change) => page.evaluate(() => globalThis.answers.length).then(async (count) => {
    await change();
    await page.waitForFunction((before) => globalThis.answers.length > before, count);
  });
  await answered(() => page.check("#flags input[value=i]", { force: true }));
  assert.match(await text(page, "#group-A .listing"), /LITERAL_UNI_IGNORE 0x61/);
  await answered(() => page.check("#flags input[value=a]", { force: true }));
  assert.match(await text(page, "#group-A dl"), /flagsIGNORECASE, ASCII/);
  await answered(() => page.selectOption("#from", "11"));
  await answered(() => page.selectOption("#to", "12"));
  assert.deepEqual(await page.locator(".strip .minor").allTextContents(), ["3.11", "3.12"]);
  await page.waitForFunction(() => location.hash === "#p=aB&f=ai&v=3.11..3.12");
});

inPage("flags, groups, widths, prefix and memory are shown", "#p=ab%28%3FP%3Cyear%3Ec%7Cde%29%3F", async (page) => {
  const facts = await page.locator("#group-A dd").allTextContents();
  assert.deepEqual(facts.slice(0, 4), ["UNICODE", "1 (1: year)", "2 to 4", "ab"]);
  assert.match(facts[4], /^\d+ B of code; compiling took \d+ B here$/);
});

inPage("what to do comes first, once for all answers", "#p=%5E(%3Fi)spam", async (page) => {
  const advice = () => page.locator("#advice p").allTextContents();
  assert.deepEqual(await advice(), ["Cglobal flags not at the start of the expression: Move the flags to the start of the pattern, or limit them to a part: (?i:…)."]);
  await type(page, "x++");
  assert.match((await advice()).join(), /^Amultiple repeat: Possessive quantifiers need Python 3\.11/);
  await type(page, "x**");
  assert.match((await advice()).join(), /^multiple repeat: These are two quantifiers/);
  await type(page, "x");
  assert.deepEqual(await advice(), []);
});

inPage("nothing that is typed is sent", "", async (page) => {
  const requests = [];
  page.on("request", (request) => requests.push(request));
  await type(page, "secret\\N{BULLET}");
  await page.fill("#text", "secret");
  await page.fill("#file", "import re\nre.compile('secret')\n");
  await page.click("#check-file");
  await page.waitForSelector("#source li");
  await page.waitForFunction(() => /match/.test(document.querySelector("#matching [role=status]").textContent));
  assert.ok(requests.length >= 3, "names, matcher and parser are loaded");
  for (const request of requests) {
    assert.ok(request.url().startsWith(shared.url), request.url());
    assert.ok(request.method() === "GET" && !/secret/.test(decodeURIComponent(request.url())), request.url());
  }
});

inPage("lines that differ from the neighbour are marked", "#p=%5B%5Cs%5CS%5Dx", async (page) => {
  const changed = await page.locator("#group-B .line.changed .code").allTextContents();
  assert.ok(changed.includes("ANY_ALL"), changed.join());
  assert.match(await text(page, "#group-B .change"), /Since 3\.14/);
});

inPage("a permalink holds everything, and is the address while typing", "#p=%5Cx41%ED%A0%80%C3%A9&f=im&e=1&v=3.12..3.14&t=A", async (page) => {
  assert.equal(await page.inputValue("#pattern"), "\\x41\ud800é");
  assert.deepEqual(await page.locator(".strip .minor").allTextContents(), ["3.12", "3.13", "3.14"]);
  assert.equal(await page.locator("#flags input:checked").count(), 2);
  assert.equal(await page.inputValue("#text"), "A");
  await type(page, "x+");
  await page.waitForFunction(() => location.hash === "#p=x%2B&f=im&e=1&v=3.12..3.14&t=A");
  await page.evaluate(() => (location.hash = "#p=y"));
  await page.waitForFunction(() => document.querySelector("#pattern").value === "y");
});

inPage("bytes, escapes and lone surrogates", "#p=%5Cxff&k=bytes&e=1", async (page) => {
  assert.match(await text(page, "#group-A .listing"), /LITERAL 0xff/);
  await type(page, "\\xffa");
  await page.fill("#pattern", "é");
  assert.match(await text(page, "#problem"), /bytes can only contain ASCII/);
  assert.equal(await page.locator(".card").count(), 0);
  await page.check("input[name=kind][value=s]", { force: true });
  await type(page, "\\ud800+");
  assert.match(await text(page, "#group-A .listing"), /LITERAL 0xd800 \('\\ud800'\)/);
});

inPage("names of characters are loaded when a pattern has them", "#p=%5CN%7BBULLET%7D", async (page) => {
  assert.match(await text(page, "#group-A .listing"), /LITERAL 0x2022/);
});

inPage("characters beyond U+FFFF are one character", "#p=%F0%9F%98%80b*", async (page) => {
  await page.locator("#group-A .line", { hasText: "LITERAL 0x1f600" }).hover();
  assert.equal(await text(page, "#backdrop mark.lit"), "😀");
});

inPage("verbose patterns of several lines have line and column", "#f=x&p=a%20%23%20one%0A%20%20(b", async (page) => {
  assert.match(await text(page, "#group-A .excerpt"), /^ {2}\(b\n {2}\^/);
});

inPage("a text is searched, with all groups", "#p=%28%3FP%3Cy%3E%5Cd%2B%29-%28x%29%3F&t=12-x%2034-", async (page) => {
  await page.waitForSelector("#matching table");
  assert.match(await text(page, "#matching [role=status]"), /2 matches with the code of 3\.15/);
  const rows = (await page.locator("#matching tbody tr").allTextContents()).join("|");
  assert.match(rows, /group 1 \(y\)0 to 212\|group 2.*3 to 4x/);
  assert.match(rows, /group 2–no part/);
  assert.equal(await page.locator("#matching .subject > mark").count(), 2);
});

inPage("a search without end is stopped", "#p=%28%3F%3Aa%7C%29%2B%3Fb&t=aaaa", async (page) => {
  await page.waitForFunction(() => /stopped after a second/.test(document.querySelector("#matching [role=status]").textContent));
  await page.fill("#text", "ab");
  await page.waitForFunction(() => !/stopped/.test(document.querySelector("#matching [role=status]").textContent));
});

inPage("copies are what Python, sre and the corpus take", "#p=%28%3Fi%29%5Cd%27&f=m", async (page) => {
  const copy = async (kind) => {
    await page.click(`[data-copy=${kind}]`);
    return text(page, "#share pre");
  };
  assert.equal(await copy("python"), `re.compile(r"(?i)\\d'", re.MULTILINE)`);
  assert.equal(await copy("command"), `sre check --flags m -e '(?i)\\d'\\'''`);
  assert.equal(await copy("case"), "str m\n(?i)\\d'");
  assert.match(await copy("report"), /3\.8 to 3\.15: accepted\n3\.16 \(preview\): accepted/);
  assert.equal(await copy("link"), `${shared.url}#p=%28%3Fi%29%5Cd%27&f=m`);
  assert.match(await copy("badge"), /^<svg.*works in Python: 3\.8 to 3\.15/);
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await copy("link"));
}, { permissions: ["clipboard-read", "clipboard-write"] });

inPage("a pasted file has its patterns checked", "", async (page) => {
  await page.fill("#file", "import re\nA = re.compile(r'(?>a)b', re.I)\nB = re.match('ok', x)\nC = re.match(y, x)\n");
  await page.click("#check-file");
  await page.waitForSelector("#source li");
  assert.match(await text(page, "#source-status"), /2 patterns: 1 refused.*1 call skipped/);
  assert.match(await text(page, "#source li"), /line 2, re\.compile.*3\.8 to 3\.10: refused.*unknown extension/s);
  await page.click("#source li button");
  assert.equal(await page.inputValue("#pattern"), "(?>a)b");
  await page.evaluate(() => navigator.clipboard.writeText("import re\nre.compile('[[a]')\n"));
  await page.fill("#file", "");
  await page.focus("#file");
  await page.keyboard.press("Control+V");
  await page.waitForFunction(() => /^1 pattern: 1 refused, with warnings/.test(document.querySelector("#source-status").textContent));
  assert.match(await text(page, "#source li"), /FutureWarning: Possible nested set at position 1.*help: escape the character/s);
  await page.fill("#file", "import re\ndef f(:");
  await page.click("#check-file");
  await page.waitForFunction(() => /not checked/.test(document.querySelector("#source-status").textContent));
}, { permissions: ["clipboard-read", "clipboard-write"] });

inPage("the page works offline", "#p=a", async (page, context) => {
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await context.setOffline(true);
  await page.reload();
  await page.waitForFunction(() => globalThis.answers.length > 0);
  await type(page, "b?");
  assert.match(await text(page, "#group-A .listing"), /LITERAL 0x62/);
});

inPage("a CPython in the page agrees", "#p=%28%3Fi%29%5Ba-z%C3%A9%5D%2B%28%3F%3Anet%7Cnot%29", async (page) => {
  await page.click("#load-cpython");
  const settled = () => /agrees|differs|could not|no answer/.test(document.querySelector("#proof-status").textContent);
  await page.waitForFunction(settled, undefined, { timeout: 90_000 });
  assert.match(await text(page, "#proof-status"), /CPython 3\.\d+\.\d+ in this page agrees: \d+ words of code/);
  for (const [pattern, expected] of [["a{3000000000,}", /agrees/], ["a(b", /agrees: the error/], ["[[a]", /and 1 warnings/], ["(?<=a*)", /agrees: the error/]]) {
    const shown = await text(page, "#proof-status");
    await type(page, pattern);
    await page.waitForFunction((old) => document.querySelector("#proof-status").textContent !== old, shown).catch(() => undefined);
    assert.match(await text(page, "#proof-status"), expected, pattern);
  }
});

inPage("what the preview does not support is not known, rather than refused", "#p=%5Ba%26%26b%5D", async (page) => {
  assert.equal(await text(page, "#summary"), "Works in 3.8 to 3.15. Not known for 3.16 (preview). 2 different answers.");
  assert.match(await text(page, "#group-A"), /FutureWarning: Possible set intersection at position 2/);
  assert.match(await text(page, "#group-B"), /not known.*Since 3\.16 \(preview\): Set operators/);
});
