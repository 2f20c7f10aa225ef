/** Which instructions of a group differ from those of its neighbour. */

import type { Line } from "./api";

/** The longest sequences that are aligned; what is beyond is compared line by line. */
const LONGEST = 400;

/** Returns whether each of `lines` is missing from `before`. */
export function changed(lines: Line[], before: Line[]): boolean[] {
  const [texts, old] = [lines, before].map((all) => all.slice(0, LONGEST).map(withoutSkips)) as [string[], string[]];
  let start = 0;
  while (start < texts.length && start < old.length && texts[start] === old[start]) start++;
  let [end, oldEnd] = [texts.length, old.length];
  while (end > start && oldEnd > start && texts[end - 1] === old[oldEnd - 1]) [end, oldEnd] = [end - 1, oldEnd - 1];
  const marks = lines.map((_, n) => n >= start && n < end);
  // The longest common subsequence of what is left.
  const [height, width] = [end - start, oldEnd - start];
  const row = width + 1;
  const table = new Uint16Array((height + 1) * row);
  for (let i = height - 1; i >= 0; i--) {
    const text = texts[start + i];
    for (let j = width - 1; j >= 0; j--) {
      const at = i * row + j;
      table[at] = text === old[start + j] ? table[at + row + 1]! + 1 : Math.max(table[at + row]!, table[at + 1]!);
    }
  }
  for (let i = 0, j = 0; i < height && j < width; ) {
    if (texts[start + i] === old[start + j]) {
      marks[start + i] = false;
      i++;
      j++;
    } else if (table[(i + 1) * row + j]! >= table[i * row + j + 1]!) i++;
    else j++;
  }
  return marks;
}

/** Skips change with everything inside, so they are not compared. */
function withoutSkips(line: Line): string {
  const [, level, text, to] = line;
  if (to === null) return `${level} ${text}`;
  const words = text.split(" ");
  const skip = words[0] === "GROUPREF_EXISTS" ? 2 : 1;
  return `${level} ${words.filter((_, n) => n !== skip).join(" ")}`;
}
