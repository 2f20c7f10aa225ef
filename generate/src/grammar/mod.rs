//! Patterns made from a grammar of the whole language, most of them valid.
//!
//! The writer knows which groups are closed, which flags are on and whether the width must be
//! fixed, so that references, layouts and look-behinds are usually right. One pattern in a few gets
//! a flaw, on purpose.

mod atom;
mod group;
mod near_miss;
mod set;

use sre_case::Text;
use sre_compiler::Flags;

use super::choices::Choices;

/// How deep groups nest, usually.
const DEPTH: usize = 5;

/// A pattern of a kind, to be compiled with those flags.
pub(super) fn pattern(choices: &mut Choices<'_, '_>, is_bytes: bool, flags: Flags) -> Text {
    let length = match choices.below(32) {
        0..=7 => choices.within(1, 10),
        8..=24 => choices.within(8, 30),
        25..=29 => choices.within(30, 60),
        30 => choices.within(60, 150),
        _ => choices.within(150, 600),
    };
    let flaw_at = if choices.one_in(6) { choices.below(length) } else { usize::MAX };
    let mut writer = Writer {
        choices,
        out: Vec::with_capacity(length + 40),
        is_bytes,
        on: flags,
        length,
        flaw_at,
        groups: Vec::new(),
        lookbehind: None,
    };
    writer.pattern();
    writer.finish()
}

/// A piece of a pattern, to be put into another.
pub(super) fn fragment(choices: &mut Choices<'_, '_>, is_bytes: bool) -> Text {
    let length = choices.within(1, 12);
    let mut writer = Writer {
        choices,
        out: Vec::with_capacity(40),
        is_bytes,
        on: Flags::empty(),
        length,
        flaw_at: usize::MAX,
        groups: Vec::new(),
        lookbehind: None,
    };
    writer.alternatives(2);
    writer.finish()
}

/// What an item is to a quantifier after it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Made {
    /// It can be repeated.
    Item,
    /// It cannot: a position, a comment.
    Position,
}

struct Group {
    /// Where its name stands in the pattern written.
    name: Option<(usize, usize)>,
    closed: bool,
}

struct Writer<'w, 'u, 'd> {
    choices: &'w mut Choices<'u, 'd>,
    out: Vec<u32>,
    is_bytes: bool,
    /// The flags that hold where it writes.
    on: Flags,
    /// How long the pattern is to be, about.
    length: usize,
    /// From which length on a flaw is due.
    flaw_at: usize,
    groups: Vec<Group>,
    /// Within a look-behind: how many groups there were before it.
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
        if self.flaw_at != usize::MAX {
            self.near_miss();
        }
    }

    /// Alternatives, of which several may start alike.
    fn alternatives(&mut self, depth: usize) {
        let start = self.out.len();
        self.sequence(depth);
        if !self.choices.one_in(5) {
            return;
        }
        for _ in 0..self.choices.within(1, 3) {
            let (first, groups) = (start..self.out.len().min(start + 3), self.groups.len());
            self.text("|");
            // Letters only: what is copied must not define a group again.
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
        if self.out.len() >= self.flaw_at {
            self.flaw_at = usize::MAX;
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

    /// White space and comments where they are skipped.
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

    /// A number of repetitions, rarely a big one.
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
            // The writer keeps to bytes; what a flaw brought is cut to size.
            Text::Bytes(self.out.iter().map(|&c| c as u8).collect())
        } else {
            Text::Str(self.out)
        }
    }
}
