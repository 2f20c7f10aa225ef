// Opens HTML pages in Chromium, and checks what a reader sees.
//
// usage: node check.mjs CHROMIUM FOLDER PAGE...
//
// Each page is opened on a narrow and a wide screen, in light and in dark colours, and stored as a PNG in FOLDER. Prints a
// line for each problem, and exits with 1 if there is one.

import path from "node:path";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

// Dependencies are installed in the working directory, not next to this file.
const { chromium } = createRequire(path.resolve("package.json"))("playwright-core");

const WIDTHS = [480, 1300];
const SCHEMES = ["light", "dark"];

// Runs in the browser: what is wrong with the document.
function problems() {
  const found = [];
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) found.push(`is ${scrollWidth - clientWidth} pixels wider than the screen`);
  const heading = document.querySelector("h1, h2, h3, table, svg");
  if (heading?.tagName !== "H1" || !heading.textContent.trim()) found.push("does not begin with a headline");
  else if (heading.getBoundingClientRect().bottom > 400) found.push("has its headline below the first 400 pixels");
  for (const cell of document.querySelectorAll("td, th, dd, p, h2")) {
    const { right, width } = cell.getBoundingClientRect();
    if (width > 0 && right > clientWidth + 1) {
      found.push(`cuts off ${cell.tagName} "${cell.textContent.trim().slice(0, 40)}"`);
      break;
    }
  }
  for (const text of document.querySelectorAll("svg text")) {
    const { height, right } = text.getBoundingClientRect();
    if (text.textContent && height > 0 && height < 8) found.push(`has text ${height.toFixed(1)} pixels high in a chart`);
    // The nearest svg may be a nested one, which clips lines only.
    let chart = text.closest("svg");
    while (chart.parentElement.closest("svg")) chart = chart.parentElement.closest("svg");
    if (right > chart.getBoundingClientRect().right + 1) found.push(`cuts off "${text.textContent}" in a chart`);
  }
  return [...new Set(found)];
}

// Runs in the browser: the brightness of the background and of the text, from 0 to 255.
function brightness() {
  const style = getComputedStyle(document.body);
  const mean = (color) => color.match(/\d+/g).slice(0, 3).map(Number).reduce((a, b) => a + b) / 3;
  return [mean(style.backgroundColor), mean(style.color)];
}

const [executablePath, folder, ...pages] = process.argv.slice(2);
if (!pages.length) {
  console.error("usage: node check.mjs CHROMIUM FOLDER PAGE...");
  process.exit(1);
}
const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"];
const browser = await chromium.launch({ executablePath, args });
let failures = 0;
for (const file of pages) {
  const name = path.basename(file, ".html");
  for (const width of WIDTHS) {
    for (const colorScheme of SCHEMES) {
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
      const found = [];
      page.on("console", (message) => message.type() === "error" && found.push(`console: ${message.text()}`));
      page.on("pageerror", (error) => found.push(`error: ${error.message}`));
      page.on("requestfailed", (request) => found.push(`request failed: ${request.url()}`));
      page.on("request", (request) => request.url().startsWith("http") && found.push(`loads ${request.url()}`));
      await page.goto(pathToFileURL(path.resolve(file)).href);
      found.push(...(await page.evaluate(problems)));
      const [background, text] = await page.evaluate(brightness);
      if (colorScheme === "dark" ? background > 80 || text < 160 : background < 200 || text > 100) {
        found.push(`is not ${colorScheme}`);
      }
      const height = await page.evaluate(() => document.documentElement.scrollHeight);
      const clip = { x: 0, y: 0, width, height: Math.min(height, 8000) };
      await page.screenshot({ path: path.join(folder, `${name}-${width}-${colorScheme}.png`), clip, fullPage: true });
      for (const problem of found) console.log(`${name}, ${width} pixels, ${colorScheme}: ${problem}`);
      failures += found.length;
      await page.close();
    }
  }
}
await browser.close();
console.log(`${pages.length} pages at ${WIDTHS.join(" and ")} pixels, ${SCHEMES.join(" and ")}: ${failures} problems`);
process.exit(failures ? 1 : 0);
