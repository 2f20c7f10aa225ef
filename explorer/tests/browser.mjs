/** A server for dist/, and Debian's Chromium: what the tests of the page have in common. */

import assert from "node:assert/strict";
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const DIST = fileURLToPath(new URL("../dist/", import.meta.url));

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".wasm": "application/wasm",
};

/** A server and a Chromium for the tests of a file, from before the first of them to after the last. */
export function site(pages = {}) {
  const site = { url: "", browser: null };
  let server;
  before(async () => {
    server = await serve(pages);
    site.url = server.url;
    site.browser = await launch();
  });
  after(async () => {
    await site.browser?.close();
    server?.close();
  });
  return site;
}

/** Runs a test in a page of its own, with everything loaded; nothing may go wrong in it. */
export function inPage(site, name, fragment, run, options) {
  test(name, async () => {
    const { context, page, problems } = await open(site, fragment, options);
    try {
      await run(page, context);
      assert.deepEqual(problems, []);
    } finally {
      await context.close();
    }
  });
}

/** Serves files of dist/, and pages that a test adds, by path. */
async function serve(pages = {}) {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? "/", "http://x").pathname));
    if (pages[path] !== undefined) {
      response.writeHead(200, { "content-type": TYPES[".html"] }).end(pages[path]);
      return;
    }
    const file = join(DIST, path.endsWith("/") ? `${path}index.html` : path);
    if (!file.startsWith(DIST) || !existsSync(file) || statSync(file).isDirectory()) {
      response.writeHead(404).end("not found");
      return;
    }
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

/** Starts Chromium; CHROMIUM names another one than Debian's. */
function launch() {
  const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
  return chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
  });
}

/** Opens the page with a fragment, waits until all of it is there, and collects what goes wrong in it. */
export async function open({ url, browser }, fragment = "", options = {}) {
  const context = await browser.newContext({ viewport: { width: 1300, height: 900 }, ...options });
  const page = await context.newPage();
  const problems = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(String(error)));
  await page.addInitScript(() => {
    Object.assign(globalThis, { answers: [] });
    document.addEventListener("rendered", (event) => {
      globalThis.answeredAt ??= performance.now();
      globalThis.answers.push(event.detail);
    });
  });
  await page.goto(`${url}${fragment}`);
  await page.waitForFunction(() => globalThis.answers.length > 0);
  await page.waitForSelector("html[data-panels=loaded]", { state: "attached" });
  return { context, page, problems };
}

/** Replaces the pattern, and waits for its answer. */
export async function type(page, pattern) {
  const before = await page.evaluate(() => globalThis.answers.length);
  // Typed in one go: filling in a large text takes the browser seconds.
  await page.evaluate((text) => {
    const field = document.querySelector("#pattern");
    field.value = text;
    field.dispatchEvent(new Event("input"));
  }, pattern);
  await page.waitForFunction((count) => globalThis.answers.length > count, before);
}
