/** A badge as SVG, which needs neither a server nor a font of its own. */

/** The width of a text in the badge's font, roughly. */
function width(text: string): number {
  return Math.round([...text].reduce((sum, c) => sum + (/[.,' ilI1]/.test(c) ? 4 : 6.6), 10));
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

export function badge(name: string, value: string, isGood: boolean): string {
  const [left, right] = [width(name), width(value)];
  const total = left + right;
  const text = (x: number, length: number, shown: string): string =>
    `<text x="${x}" y="14" textLength="${length - 10}" lengthAdjust="spacingAndGlyphs">${escaped(shown)}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${total}" height="20" role="img" aria-label="${escaped(`${name}: ${value}`)}">`,
    `<title>${escaped(`${name}: ${value}`)}</title>`,
    `<rect width="${total}" height="20" rx="3" fill="#444c56"/>`,
    `<path d="M${left} 0h${right - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H${left}z" fill="${isGood ? "#17663a" : "#a31621"}"/>`,
    `<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">`,
    text(5, left, name),
    text(left + 5, right, value),
    "</g></svg>",
  ].join("");
}
