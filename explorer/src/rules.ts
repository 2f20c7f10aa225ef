/** The rules of the dialects in words. */

import words from "../rules.json";

export interface Rule {
  title: string;
  text: string;
  links: [string, string][];
}

const RULES = words as unknown as Record<string, Rule | undefined>;

export function rule(name: string): Rule {
  return RULES[name] ?? { title: name, text: "", links: [] };
}
