//! Groups of all kinds, references and flags.

use sre_compiler::Flags;

use super::{Group, Made, Writer};

/// Names of groups; bytes patterns use only the first few.
const NAMES: &[&str] = &[
    "a",
    "b",
    "n1",
    "_",
    "Name",
    "a_b",
    "long_name_of_a_group",
    "é",
    "ª",
    "µ",
    "名",
    "ſ",
    "ﬁ",
    "x́",
    "𐐀",
    "a·",
    "ꟓ",
];
const ASCII_NAMES: usize = 7;

/// The letters of the flags that a group can turn on and off.
const SCOPED: &str = "imsx";

/// Returns those of the flags with some letters that a group can turn on and off.
fn scoped(letters: &str) -> Flags {
    let named = letters.chars().filter(|letter| SCOPED.contains(*letter));
    named.filter_map(Flags::from_letter).fold(Flags::empty(), |flags, flag| flags | flag)
}

impl Writer<'_, '_, '_> {
    pub(super) fn group(&mut self, depth: usize) -> Made {
        match self.choices.below(24) {
            0..=5 => self.capture(depth, false),
            6..=7 => self.capture(depth, true),
            8..=11 => self.enclosed("(?:", depth),
            12 => self.enclosed("(?>", depth),
            13..=14 => self.scoped_flags(depth),
            15 => self.enclosed("(?=", depth),
            16 => self.enclosed("(?!", depth),
            17..=18 => self.look_behind(),
            19..=20 => self.conditional(depth),
            21 => self.empty(),
            22 => self.nest(depth),
            _ => {
                let comment = self.choices.pick(&["(?#)", "(?#a)", "(?#(\\)", "(?# [\n)", "(?#é)"]);
                self.text(comment);
                return Made::Position;
            }
        }
        Made::Item
    }

    fn enclosed(&mut self, opening: &str, depth: usize) {
        self.text(opening);
        self.alternatives(depth);
        self.text(")");
    }

    fn capture(&mut self, depth: usize, named: bool) {
        let mut name = None;
        self.text("(");
        if named {
            self.text("?P<");
            name = Some(self.new_name());
            self.text(">");
        }
        let group = self.groups.len();
        self.groups.push(Group { name, closed: false });
        self.alternatives(depth);
        self.text(")");
        self.groups[group].closed = true;
    }

    /// Writes a name that usually no other group has.
    fn new_name(&mut self) -> (usize, usize) {
        let known = if self.is_bytes { ASCII_NAMES } else { NAMES.len() };
        let start = self.out.len();
        let name = NAMES[self.choices.below(known)];
        self.text(name);
        let taken = self.groups.iter().filter_map(|group| group.name);
        let is_taken = taken.clone().any(|(from, to)| self.out[from..to] == self.out[start..]);
        if is_taken && !self.choices.one_in(16) {
            let number = self.groups.len();
            self.text(&format!("_{number}"));
        }
        (start, self.out.len())
    }

    /// Writes an empty group.
    fn empty(&mut self) {
        let text = self
            .choices
            .pick(&["(?:)", "(?!)", "(?=)", "(?<!)", "(?<=)", "(?!(?:))", "(?i:)", "(?!|)", "(?!(?#))"]);
        self.text(text);
    }

    /// Writes many nested groups.
    fn nest(&mut self, depth: usize) {
        let levels = self.choices.within(1, 12);
        let openings = ["(?:", "(?i:", "(?=", "(?:a|", "(?:b(?!"];
        let opening = self.choices.pick(&openings);
        for _ in 0..levels {
            self.text(opening);
        }
        self.sequence(depth.min(1));
        let closing = if opening == openings[4] { "))" } else { ")" };
        for _ in 0..levels {
            self.text(closing);
        }
    }

    /// Writes a look-behind, usually of fixed width: alternatives with the same number of units.
    fn look_behind(&mut self) {
        let opening = self.choices.pick(&["(?<=", "(?<!"]);
        self.text(opening);
        let outer = self.lookbehind;
        self.lookbehind.get_or_insert(self.groups.len());
        let units = self.choices.below(4);
        for alternative in 0..=self.choices.below(3) {
            if alternative > 0 {
                self.text("|");
            }
            for _ in 0..units {
                match self.choices.below(16) {
                    0 => self.set(),
                    1 => self.category(),
                    2 => drop(self.position()),
                    3 => self.text("(?:ab|cd){0}"),
                    _ => self.literal(),
                }
            }
        }
        if self.choices.one_in(8) {
            let text = self.choices.pick(&[
                "a{2}",
                "(a)",
                "(?=a*)",
                "(?<=b)",
                "(?<!b|c)",
                "(?i:a)",
                "(?P<behind>a)",
                "(?>a)",
                "(?:a|b){3}",
            ]);
            if text.contains("(a)") || text.contains("P<") {
                self.groups.push(Group { name: None, closed: true });
            }
            self.text(text);
        } else if self.choices.one_in(24) {
            self.sequence(1);
        }
        self.text(")");
        self.lookbehind = outer;
    }

    fn conditional(&mut self, depth: usize) {
        // The condition may also name a group that is still open, or comes later.
        let count = self.groups.len();
        let later = self.lookbehind.is_none() && self.choices.one_in(16);
        let number = if later || count == 0 { count + 1 } else { self.choices.within(1, count) };
        if count == 0 {
            // The group of the condition.
            self.text("(a)?");
            self.groups.push(Group { name: None, closed: true });
        }
        self.text("(?(");
        match self.groups.get(number - 1).and_then(|group| group.name) {
            Some((start, end)) if !self.choices.one_in(3) => self.out.extend_from_within(start..end),
            _ => self.text(&number.to_string()),
        }
        self.text(")");
        self.sequence(depth);
        if self.choices.one_in(2) {
            self.text("|");
            self.sequence(depth);
        }
        self.text(")");
        if later {
            self.text("(b)");
            self.groups.push(Group { name: None, closed: true });
        }
    }

    /// Writes a reference to a closed group, if there is one.
    pub(super) fn reference(&mut self) -> Made {
        let end = self.lookbehind.unwrap_or(self.groups.len());
        let from = self.choices.below(end);
        let closed = (from..end).chain(0..from).find(|&group| self.groups[group].closed);
        let Some(group) = closed else { return self.atom() };
        match self.groups[group].name {
            Some((start, end)) if !self.choices.one_in(3) => {
                self.text("(?P=");
                self.out.extend_from_within(start..end);
                self.text(")");
            }
            _ if group < 99 => self.text(&format!("\\{}", group + 1)),
            _ => return self.atom(),
        }
        Made::Item
    }

    /// Writes global flags, such as `(?i)`, at the start of the pattern.
    pub(super) fn global_flags(&mut self) {
        let letters = if self.is_bytes { "imsxaL" } else { "imsxau" };
        let flags = self.flags(letters);
        self.on |= scoped(&flags);
        self.text("(?");
        self.text(&flags);
        self.text(")");
    }

    fn scoped_flags(&mut self, depth: usize) {
        let add = self.flags(if self.is_bytes { "imsxaL" } else { "imsxau" });
        // Turning a flag off only has an effect if it is on.
        let is_on = |letter: &char| Flags::from_letter(*letter).is_some_and(|flag| self.on.intersects(flag));
        let on: String = SCOPED.chars().filter(is_on).collect();
        let letters = if on.is_empty() || self.choices.one_in(2) { SCOPED } else { on.as_str() };
        let mut del = self.flags(letters);
        del.retain(|flag| !add.contains(flag));
        let (add, del) = match self.choices.below(4) {
            0 if !del.is_empty() => (String::new(), del),
            1 => (add, del),
            _ => (add, String::new()),
        };
        let minus = if del.is_empty() { "" } else { "-" };
        self.text(&format!("(?{add}{minus}{del}:"));
        let outer = self.on;
        self.on = (self.on | scoped(&add)).without(scoped(&del));
        self.alternatives(depth);
        self.layout();
        self.text(")");
        self.on = outer;
    }

    /// Returns one to three letters of flags, at most one of those that exclude each other.
    fn flags(&mut self, letters: &str) -> String {
        let mut flags = String::new();
        for _ in 0..self.choices.pick(&[1, 1, 1, 2, 3]) {
            let letter = self.choices.pick(letters.as_bytes()) as char;
            let excluded = "aLu".contains(letter) && flags.contains(|flag| "aLu".contains(flag));
            if !excluded {
                flags.push(letter);
            }
        }
        flags
    }
}
