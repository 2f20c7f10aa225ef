/** The flags that can be switched. */

export interface Flag {
  letter: string;
  bit: number;
  name: string;
  /** What it does, in a few words. */
  about: string;
  /** For which kind of pattern only. */
  only?: "str" | "bytes";
}

export const FLAGS: Flag[] = [
  { letter: "i", bit: 2, name: "IGNORECASE", about: "case is ignored" },
  { letter: "m", bit: 8, name: "MULTILINE", about: "^ and $ match at each line" },
  { letter: "s", bit: 16, name: "DOTALL", about: ". matches a newline, too" },
  { letter: "x", bit: 64, name: "VERBOSE", about: "white space and comments are skipped" },
  { letter: "a", bit: 256, name: "ASCII", about: "\\w, \\d, \\s and case are those of ASCII" },
  { letter: "u", bit: 32, name: "UNICODE", about: "those of Unicode: the default of str patterns" },
  { letter: "L", bit: 4, name: "LOCALE", about: "those of the locale; bytes patterns only" },
];

export function bits(letters: string): number {
  return FLAGS.filter((flag) => letters.includes(flag.letter)).reduce((sum, flag) => sum | flag.bit, 0);
}

/** The letters that are flags, each once, in the order of a case file. */
export function known(letters: string): string {
  return [..."aiLmsux"].filter((letter) => letters.includes(letter)).join("");
}
