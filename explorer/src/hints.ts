/** What to do about an error or a warning. */

import all from "../hints.json";
import type { Shown } from "./versions";

interface Hint {
  /** How the message begins. */
  message: string;
  /** A sentence; what is between backticks is code. */
  help: string;
  /** The first minor version that accepts the pattern: the hint is for those before it. */
  from?: number;
}

export interface Advice {
  /** The letter of the group that it is about. */
  letter: string;
  message: string;
  help: string;
}

const HINTS: Hint[] = all;
const MOST = 2;

/** What to do about the errors and warnings of the groups, the newest first; each hint once. */
export function advice(groups: Shown[]): Advice[] {
  const isAcceptedByOne = groups.some(({ group }) => group.accepted);
  const newestFirst = groups.toSorted((a, b) => (b.indices.at(-1) ?? 0) - (a.indices.at(-1) ?? 0));
  const found = new Map<string, Advice>();
  for (const { letter, group } of newestFirst) {
    const messages = group.error ? [group.error.msg] : group.warnings.map(({ msg }) => msg);
    for (const message of messages) {
      const hint = HINTS.find((hint) => message.startsWith(hint.message) && (hint.from === undefined || isAcceptedByOne));
      if (hint && !found.has(hint.help)) found.set(hint.help, { letter, message, help: hint.help });
    }
  }
  return [...found.values()].slice(0, MOST);
}
