//! Families of patterns: each repeats a piece n times. Time and memory should grow linearly in n.

use std::fmt::Write as _;

use sre_case::Case;
use sre_compiler::Flags;

/// A family: patterns of the same shape with any number of pieces.
#[derive(Clone, Copy, Debug)]
pub struct Family {
    /// Name of the family.
    pub name: &'static str,
    /// What is repeated n times.
    pub what: &'static str,
    flags: Flags,
    build: fn(usize) -> String,
}

impl Family {
    /// Returns the pattern of n pieces.
    pub fn case(&self, n: usize) -> Case {
        Case::str(&(self.build)(n), self.flags)
    }

    const fn new(name: &'static str, what: &'static str, build: fn(usize) -> String) -> Family {
        Family { name, what, flags: Flags::empty(), build }
    }

    const fn with(self, flags: Flags) -> Family {
        Family { flags, ..self }
    }
}

/// All families.
pub const FAMILIES: &[Family] = &[
    Family::new("literal", "characters", |n| each(n, |out, i| out.push(letter(i * i + i / 7)))),
    Family::new("overlap", "times the same character", |n| "a".repeat(n)),
    Family::new("literal-ignorecase", "characters", |n| each(n, |out, i| out.push(letter(i * i + i / 7))))
        .with(Flags::IGNORECASE),
    Family::new("words", "alternatives, each a word", |n| joined(n, |out, i| number(out, "", i))),
    Family::new("shared-prefix", "alternatives that begin alike", |n| {
        joined(n, |out, i| number(out, "prefix", i))
    }),
    Family::new("common-prefix", "characters that two alternatives begin with", |n| {
        let prefix = "x".repeat(n);
        format!("{prefix}a|{prefix}b")
    }),
    Family::new("prefix-in-groups", "groups around the prefix of two alternatives", |n| {
        let prefix = "x".repeat(n);
        format!("{}{prefix}{}|{prefix}y", "(?:".repeat(n), ")".repeat(n))
    }),
    Family::new("characters", "alternatives of one character", |n| joined(n, |out, i| out.push(wide(i)))),
    Family::new("empty", "empty alternatives", |n| "|".repeat(n)),
    Family::new("sequential", "groups (?:ab)", |n| "(?:ab)".repeat(n)),
    Family::new("spliced", "nested groups (?:x…)", |n| format!("{}{}", "(?:x".repeat(n), ")".repeat(n))),
    Family::new("branches", "nested groups (?:a|…)", |n| {
        format!("{}b{}", "(?:a|".repeat(n), ")".repeat(n))
    }),
    Family::new("captures", "nested groups (…)", |n| format!("{}x{}", "(".repeat(n), ")".repeat(n))),
    Family::new("round-literal", "nested groups around as many characters", |n| {
        format!("{}{}{}", "(".repeat(n), "a".repeat(n), ")".repeat(n))
    }),
    Family::new("lookaheads", "lookaheads (?=ab)", |n| "(?=ab)".repeat(n)),
    Family::new("lookbehinds", "lookbehinds (?<=ab|cd)", |n| "(?<=ab|cd)e".repeat(n)),
    Family::new("nested-lookbehinds", "nested lookbehinds (?<=x…)", |n| {
        format!("{}{}", "(?<=x".repeat(n), ")".repeat(n))
    }),
    Family::new("repeats", "repeats a{2,3}b*?", |n| "a{2,3}b*?".repeat(n)),
    Family::new("nested-repeats", "nested repeats (?:a…){2}", |n| {
        format!("{}{}", "(?:a".repeat(n), "){2}".repeat(n))
    }),
    Family::new("captured-repeats", "nested groups (…)* that start at the same place", |n| {
        format!("{}x{}", "(".repeat(n), ")*".repeat(n))
    }),
    Family::new("hoisted", "nested groups (?:ab|a…), whose common prefix is factored out", |n| {
        format!("{}b{}", "(?:ab|a".repeat(n), ")".repeat(n))
    }),
    Family::new("conditionals", "conditionals (?(1)b|c)", |n| format!("(a)?{}", "(?(1)b|c)".repeat(n))),
    Family::new("references", r"references \1", |n| format!("(a){}", r"\1".repeat(n))),
    Family::new("names", "named groups, each referenced once", |n| {
        each(n, |out, i| {
            let _ = write!(out, "(?P<g{i}>a)(?P=g{i})");
        })
    }),
    Family::new("scoped-flags", "groups (?i:a)", |n| "(?i:a)".repeat(n)),
    Family::new("escapes", r"escapes \x41\d\.", |n| r"\x41\d\.".repeat(n)),
    Family::new("sets", "sets [^ab]", |n| "[^ab]".repeat(n)),
    Family::new("members", "members of a set", |n| set(n, |out, i| out.push(wide(i)))),
    Family::new("members-ignorecase", "members of a set", |n| set(n, |out, i| out.push(cased(i))))
        .with(Flags::IGNORECASE),
    Family::new("ranges", "ranges of a set", |n| set(n, |out, i| range(out, wide(i)))),
    Family::new("ranges-ignorecase", "ranges of a set", |n| set(n, |out, i| range(out, cased(i))))
        .with(Flags::IGNORECASE),
    Family::new("astral-ranges", "ranges of a set, above U+FFFF", |n| set(n, |out, i| range(out, astral(i)))),
    Family::new("comments", "lines with a comment", |n| "a # a comment\n".repeat(n)).with(Flags::VERBOSE),
];

fn each(n: usize, mut write: impl FnMut(&mut String, usize)) -> String {
    let mut out = String::new();
    (0..n).for_each(|i| write(&mut out, i));
    out
}

fn joined(n: usize, mut write: impl FnMut(&mut String, usize)) -> String {
    each(n, |out, i| {
        if i > 0 {
            out.push('|');
        }
        write(out, i);
    })
}

fn set(n: usize, write: impl FnMut(&mut String, usize)) -> String {
    format!("[{}]", each(n, write))
}

/// Writes a word for the number, its last digit first, so that neighbours begin differently.
fn number(out: &mut String, prefix: &str, mut i: usize) {
    out.push_str(prefix);
    loop {
        out.push(letter(i));
        i /= 26;
        if i == 0 {
            break;
        }
    }
}

fn letter(i: usize) -> char {
    char::from(b'a' + (i % 26) as u8)
}

/// Number of distinct members of a set. Longer sets repeat them, because the compiler has to find duplicates.
const DIFFERENT: usize = 400;

/// Every other CJK character, repeating after [`DIFFERENT`].
fn wide(i: usize) -> char {
    above(0x4E00, 2 * (i % DIFFERENT))
}

/// Latin, Greek and Cyrillic letters, most of which have two cases.
fn cased(i: usize) -> char {
    above(0x0100, 3 * (i % DIFFERENT))
}

fn astral(i: usize) -> char {
    above(0x20000, 3 * (i % DIFFERENT))
}

fn above(start: u32, offset: usize) -> char {
    char::from_u32(start + offset as u32).unwrap_or('x')
}

/// Writes the range from a character to the next.
fn range(out: &mut String, first: char) {
    out.extend([first, '-', above(first.into(), 1)]);
}

#[cfg(test)]
mod tests {
    use sre_compiler::{Dialect, compile};

    use super::FAMILIES;

    #[test]
    fn every_family_compiles_and_gets_longer() {
        for family in FAMILIES {
            let [short, long] = [10, 1000].map(|n| family.case(n));
            assert!(long.len() > 20 * short.len(), "{}", family.name);
            for case in [short, long] {
                let program = compile(case.pattern(), case.flags, Dialect::default());
                program.unwrap_or_else(|error| panic!("{}: {error}", family.name));
            }
        }
    }
}
