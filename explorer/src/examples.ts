/** Patterns to begin with, each with what it shows. */

import type { State } from "./state";

export const EXAMPLES: [string, Partial<State>][] = [
  ["Atomic groups exist from 3.11 on", { pattern: "(?>a+)b" }],
  ["Flags in the middle: a warning, then an error", { pattern: "^(?i)spam" }],
  ["A set operator in 3.16", { pattern: "[a-z&&[^aeiou]]" }],
  ["An error with its place", { pattern: "(?P<year>\\d{4}" }],
  ["Several lines", { pattern: "(?P<year>\\d{4})  # the year\n-(?P<month>\\d\\d)", flags: "x", text: "2026-11" }],
];
