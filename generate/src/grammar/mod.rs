//! Patterns from a grammar of the whole language, most of them valid.
//!
//! The writer keeps track of closed groups, of flags, and of whether the width must be fixed, so that
//! references, white space and look-behinds are usually valid. One pattern in six is made a
//! near-miss.

mod atom;
mod group;
mod near_miss;
mod set;

use sre_case::Text;
use sre_compiler::Flags;

use super::choices::Choices;

/// The usual limit of nesting.
const DEPTH: usize = 5;

/// Returns a pattern to be compiled with these flags.
pub(super) fn pattern(choices: &mut Choices<'_, '_>, is_bytes: bool, flags: Flags) -> Text {
    let length = match choices.below(32) {
        0..=7 => choices.within(1, 10),
        8..=24 => choices.within(8, 30),
        25..=29 => choices.within(30, 60),
        30 => choices.within(60, 150),
        _ => choices.within(150, 600),
    };
    let near_miss_at = if choices.one_in(6) { choices.below(length) } else { usize::MAX };
    let mut writer = Writer {
        choices,
        out: Vec::with_capacity(length + 40),
        is_bytes,
        on: flags,
        length,
        near_miss_at,
        groups: Vec::new(),
        lookbehind: None,
    };
    writer.pattern();
    writer.finish()
}

/// Returns a part of a pattern, for insertion into another.
pub(super) fn fragment(choices: &mut Choices<'_, '_>, is_bytes: bool) -> Text {
    let length = choices.within(1, 12);
    let mut writer = Writer {
        choices,
        out: Vec::with_capacity(40),
        is_bytes,
        on: Flags::empty(),
        length,
        near_miss_at: usize::MAX,
        groups: Vec::new(),
        lookbehind: None,
    };
    writer.alternatives(2);
    writer.finish()
}

/// Whether a quantifier may follow.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Made {
    /// An item that can be repeated.
    Item,
    /// A position or a comment, which cannot be repeated.
    Position,
}

struct Group {
    /// The range of its name in the pattern so far.
    name: Option<(usize, usize)>,
    closed: bool,
}

struct Writer<'w, 'u, 'd> {
    choices: &'w mut Choices<'u, 'd>,
    out: Vec<u32>,
    is_bytes: bool,
    /// The flags at the current position.
    on: Flags,
    /// The approximate length of the pattern.
    length: usize,
    /// The length at which a near-miss is written.
    near_miss_at: usize,
    groups: Vec<Group>,
    /// Within a look-behind, the number of groups before it.
    lookbehind: Option<usize>,
}

impl Writer<'_, '_, '_> {
    fn pattern(&mut self) {
        if self.choices.one_in(10) {
            self.global_flags();
        }
        loop {
            self.alternatives(DEPTH);
            if self.out.len() >= self.length || self.choices.is_spent() {
                break;
            }
        }
        if self.near_miss_at != usize::MAX {
            self.near_miss();
        }
    }

    /// Writes alternatives, some of which may have a common prefix.
    fn alternatives(&mut self, depth: usize) {
        let start = self.out.len();
        self.sequence(depth);
        if !self.choices.one_in(5) {
            return;
        }
        for _ in 0..self.choices.within(1, 3) {
            let (first, groups) = (start..self.out.len().min(start + 3), self.groups.len());
            self.text("|");
            // Only letters are copied, since groups must not be defined twice.
            let plain = self.out[first.clone()].iter().all(|&c| (0x61..=0x7a).contains(&c));
            if plain && groups == self.groups.len() && self.choices.one_in(2) {
                self.out.extend_from_within(first);
            }
            match self.choices.below(4) {
                0 => drop(self.atom()),
                _ => self.sequence(depth),
            }
        }
    }

    fn sequence(&mut self, depth: usize) {
        let items = match self.choices.below(16) {
            0 => 0,
            1..=5 => 1,
            6..=13 => self.choices.within(2, 4),
            _ => self.choices.within(3, 8),
        };
        for _ in 0..items {
            if self.out.len() > self.length || self.choices.is_spent() {
                break;
            }
            self.item(depth);
        }
    }

    fn item(&mut self, depth: usize) {
        if self.out.len() >= self.near_miss_at {
            self.near_miss_at = usize::MAX;
            self.near_miss();
        }
        self.layout();
        let made = match self.choices.below(16) {
            13..=15 if depth > 0 => self.group(depth - 1),
            12 if !self.groups.is_empty() => self.reference(),
            11 => self.position(),
            _ => self.atom(),
        };
        if made == Made::Item && self.choices.below(8) >= 5 {
            self.layout();
            self.quantifier();
        }
    }

    /// Writes white space or a comment where they are ignored.
    fn layout(&mut self) {
        if self.on.intersects(Flags::VERBOSE) && self.choices.one_in(4) {
            let layout = self
                .choices
                .pick(&[" ", "  ", "\n", "\t", "\r\n", "\x0b", "\x0c", "#\n", "# a)\n", "#\\\n", " # [(\n "]);
            self.text(layout);
        }
    }

    fn quantifier(&mut self) {
        match self.choices.below(10) {
            0..=2 => self.text("*"),
            3..=4 => self.text("+"),
            5..=6 => self.text("?"),
            _ => self.braces(),
        }
        let kind = self.choices.pick(&["", "", "", "", "?", "?", "+"]);
        self.text(kind);
    }

    fn braces(&mut self) {
        let low = self.count();
        let high = low.saturating_add(self.count());
        let text = match self.choices.below(9) {
            0..=2 => format!("{{{low}}}"),
            3 => format!("{{{low},}}"),
            4 => format!("{{,{high}}}"),
            5 if self.choices.one_in(4) => String::from("{,}"),
            6 if self.choices.one_in(4) => format!("{{0{low},00{high}}}"),
            _ => format!("{{{low},{}}}", high.min(4294967294)),
        };
        self.text(&text);
    }

    /// Returns a number of repetitions, rarely a large one.
    fn count(&mut self) -> u32 {
        match self.choices.below(24) {
            0..=22 => self.choices.below(5) as u32,
            _ => self.choices.pick(&[10, 255, 256, 65535, 65536, 2147483647, 2147483648, 4294967293]),
        }
    }

    fn text(&mut self, text: &str) {
        self.out.extend(text.chars().map(u32::from));
    }

    fn finish(self) -> Text {
        if self.is_bytes {
            // Only near-misses contain characters that are not bytes.
            Text::Bytes(self.out.iter().map(|&c| c as u8).collect())
        } else {
            Text::Str(self.out)
        }
    }
}
