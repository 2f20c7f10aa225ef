//! Patterns over a few characters, made to match often.
//!
//! The grammar of the whole language gives patterns in which most texts fail at the first character.
//! Wrong matches are found by patterns in which repeats, groups and alternatives of a handful of
//! characters interact, and by the characters on which versions, flags and widths differ.

use sre_case::{Case, Text};
use sre_compiler::Flags;

use crate::choices::Choices;

/// The characters of `str` patterns, by what is special about them. A pattern takes most of its
/// characters from one or two of these.
const KINDS: [&str; 7] = ["aabbc", "aAbB1_", "éÉßẞµμÿ", "sſSkKK", "iıİI", "𐐀𐐨a𐐁", "вᲀςσ٣\u{a0} "];
const BYTES: &str = "aabcAB1_ \u{e9}\u{c9}";
const CATEGORIES: [&str; 6] = [r"\w", r"\W", r"\d", r"\D", r"\s", r"\S"];
const ANCHORS: [&str; 6] = ["^", "$", r"\b", r"\B", r"\A", r"\Z"];
const REPEATS: [&str; 8] = ["*", "+", "?", "{2}", "{1,2}", "{,2}", "{2,}", "{0}"];
/// Lazy and possessive are as frequent as greedy.
const SUFFIXES: [&str; 5] = ["", "", "?", "+", "?"];

struct Writer<'c, 'u, 'd> {
    choices: &'c mut Choices<'u, 'd>,
    out: String,
    is_bytes: bool,
    characters: Vec<char>,
    groups: u32,
    closed: Vec<u32>,
}

/// Returns a case.
pub(super) fn case(choices: &mut Choices<'_, '_>) -> Case {
    let is_bytes = choices.one_in(6);
    let mut characters: Vec<char> = Vec::new();
    for _ in 0..choices.within(1, 2) {
        let kind: Vec<char> =
            if is_bytes { BYTES.chars().collect() } else { choices.pick(&KINDS).chars().collect() };
        for _ in 0..choices.within(1, 3) {
            characters.push(choices.pick(&kind));
        }
    }
    characters.push('a');
    let mut writer =
        Writer { choices, out: String::new(), is_bytes, characters, groups: 0, closed: Vec::new() };
    let flags = writer.flags();
    if writer.choices.one_in(8) {
        writer.scoped_category();
    }
    if writer.choices.one_in(10) {
        writer.reference_to_literals();
    }
    let depth = writer.choices.within(1, 3);
    writer.alternatives(depth);
    let text = if is_bytes {
        Text::Bytes(writer.out.chars().map(|c| c as u8).collect())
    } else {
        Text::Str(writer.out.chars().map(u32::from).collect())
    };
    Case { text, flags }
}

impl Writer<'_, '_, '_> {
    fn flags(&mut self) -> Flags {
        let letters: &[char] = if self.is_bytes { &['i', 'm', 's', 'L'] } else { &['i', 'i', 'm', 's', 'a'] };
        let mut flags = Flags::empty();
        for &letter in letters {
            if self.choices.one_in(5) {
                flags |= Flags::from_letter(letter).unwrap_or_default();
            }
        }
        // ASCII changes which case is ignored.
        if !self.is_bytes && flags.intersects(Flags::IGNORECASE) && self.choices.one_in(3) {
            flags |= Flags::ASCII;
        }
        flags
    }

    /// Writes a category in a group with flags of its own, as they affect how a search begins.
    fn scoped_category(&mut self) {
        self.out.push_str(if self.is_bytes { "(?L:" } else { self.choices.pick(&["(?a:", "(?u:"]) });
        self.out.push_str(self.choices.pick(&CATEGORIES));
        self.out.push(')');
    }

    /// Writes a group of literals and a reference to it, for which case may be ignored.
    fn reference_to_literals(&mut self) {
        self.groups += 1;
        self.out.push('(');
        self.literal();
        self.out.push_str(&format!(")(?:\\{})", self.groups));
        self.closed.push(self.groups);
    }

    fn alternatives(&mut self, depth: usize) {
        let count = self.choices.pick(&[1, 1, 1, 2, 3]);
        for n in 0..count {
            if n > 0 {
                self.out.push('|');
            }
            self.sequence(depth);
        }
    }

    fn sequence(&mut self, depth: usize) {
        for _ in 0..self.choices.pick(&[1, 1, 2, 2, 3, 3, 0]) {
            if self.choices.is_spent() {
                return;
            }
            let can_repeat = self.item(depth);
            // What an iteration of a group did may have to be undone, which is what goes wrong.
            let share = if self.out.ends_with(')') { 50 } else { 35 };
            if can_repeat && self.choices.below(100) < share {
                self.out.push_str(self.choices.pick(&REPEATS));
                self.out.push_str(self.choices.pick(&SUFFIXES));
            }
        }
    }

    /// Writes an item, and returns whether it may be repeated.
    fn item(&mut self, depth: usize) -> bool {
        let kind = if depth == 0 { self.choices.below(55) } else { self.choices.below(100) };
        match kind {
            0..35 => self.literal(),
            35..44 => self.set(),
            44..55 if self.choices.one_in(3) => {
                self.out.push_str(self.choices.pick(&ANCHORS));
                return false;
            }
            44..55 if self.choices.one_in(3) => self.out.push('.'),
            44..55 => self.out.push_str(self.choices.pick(&CATEGORIES)),
            55..72 => {
                self.groups += 1;
                let group = self.groups;
                match self.choices.one_in(6) {
                    true => self.out.push_str(&format!("(?P<g{group}>")),
                    false => self.out.push('('),
                }
                self.alternatives(depth - 1);
                self.out.push(')');
                self.closed.push(group);
            }
            72..90 => {
                let scoped = if self.is_bytes { "(?L:" } else { self.choices.pick(&["(?a:", "(?u:"]) };
                let openings = ["(?:", "(?:", "(?i:", "(?-i:", "(?=", "(?!", "(?s:", "(?>", scoped, scoped];
                self.out.push_str(self.choices.pick(&openings));
                self.alternatives(depth - 1);
                self.out.push(')');
            }
            90..93 => {
                self.out.push_str(self.choices.pick(&["(?<=", "(?<!"]));
                if self.choices.one_in(4) {
                    self.set()
                } else {
                    self.literal()
                }
                self.out.push(')');
                return false;
            }
            _ if self.closed.is_empty() => self.literal(),
            93..97 => {
                let group = self.choices.pick(&self.closed);
                // No digit follows the number.
                self.out.push_str(&format!("(?:\\{group})"));
            }
            _ => {
                let group = self.choices.pick(&self.closed);
                self.out.push_str(&format!("(?({group})"));
                self.sequence(depth - 1);
                self.out.push('|');
                self.sequence(depth - 1);
                self.out.push(')');
            }
        }
        true
    }

    fn literal(&mut self) {
        let count = if self.choices.one_in(5) { self.choices.within(2, 4) } else { 1 };
        for _ in 0..count {
            let c = self.choices.pick(&self.characters);
            self.out.push(c);
        }
    }

    fn set(&mut self) {
        self.out.push_str(if self.choices.one_in(3) { "[^" } else { "[" });
        for _ in 0..self.choices.within(1, 3) {
            if self.choices.below(10) < 3 {
                self.out.push_str(self.choices.pick(&CATEGORIES));
                continue;
            }
            let mut ends = [self.choices.pick(&self.characters), self.choices.pick(&self.characters)];
            ends.sort_unstable();
            self.out.push(ends[0]);
            if self.choices.one_in(2) {
                self.out.push('-');
                self.out.push(ends[1]);
            }
        }
        self.out.push(']');
    }
}
