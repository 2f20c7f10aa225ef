//! Warnings as data.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::input::Pattern;
use crate::memory::{Abort, Budget, TryVecExt, TryWriter};

/// A warning that compiling a pattern gives, in the words of CPython through `Display`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Warning<'c> {
    /// What is warned of.
    pub kind: WarningKind<'c>,
    pos: usize,
}

/// What a [`Warning`] is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WarningKind<'c> {
    /// `[[`: a set within a set, to a future syntax.
    NestedSet,
    /// `--` within a set.
    SetDifference,
    /// `&&` within a set.
    SetIntersection,
    /// `~~` within a set.
    SetSymmetricDifference,
    /// `||` within a set.
    SetUnion,
    /// A group's name or number that later versions refuse (3.11).
    BadGroupName {
        /// The name, as `repr` quotes it.
        name: &'c str,
    },
    /// `(?i)` elsewhere than at the start (up to 3.10).
    FlagsNotAtStart {
        /// The first 20 characters of the pattern, as `repr` quotes them.
        start: &'c str,
        /// Is the pattern longer than that?
        truncated: bool,
        /// Does the text of this version tell the position?
        positioned: bool,
    },
}

impl Warning<'_> {
    /// Where, in characters from the pattern's start.
    pub fn pos(&self) -> usize {
        self.pos
    }

    /// The name of the warning's class in Python.
    pub fn category(&self) -> &'static str {
        match self.kind {
            WarningKind::BadGroupName { .. } | WarningKind::FlagsNotAtStart { .. } => "DeprecationWarning",
            _ => "FutureWarning",
        }
    }
}

/// The warnings of a pattern; their memory is reused.
#[derive(Debug, Default)]
pub(crate) struct Warnings {
    list: Vec<Kept>,
    /// What they quote, one after the other.
    texts: String,
    /// A code unit and its position, so that many warnings cost one walk over the pattern.
    counted: (u32, usize),
}

/// A warning without its quotation, and where that is in `Warnings::texts`.
#[derive(Clone, Copy, Debug)]
struct Kept {
    warning: Warning<'static>,
    text: (u32, u32),
}

impl Warnings {
    pub(crate) fn clear(&mut self) {
        self.list.clear();
        self.texts.clear();
        self.counted = (0, 0);
    }

    /// The bytes of memory that they hold.
    pub(crate) fn bytes(&self) -> usize {
        self.list.bytes() + self.texts.capacity()
    }

    /// Adds a warning at a code unit; what it quotes is written, and filled in later.
    pub(crate) fn try_push(
        &mut self,
        pattern: Pattern<'_>,
        index: u32,
        kind: WarningKind<'static>,
        budget: &mut Budget,
        quote: impl FnOnce(&mut dyn fmt::Write) -> fmt::Result,
    ) -> Result<(), Abort> {
        if index < self.counted.0 {
            self.counted = (0, 0);
        }
        let (from, pos) = self.counted;
        let pos = pos + pattern.count_between(from as usize, index as usize);
        self.counted = (index, pos);
        let start = self.texts.len() as u32;
        TryWriter::write(&mut self.texts, budget, quote)?;
        let text = (start, self.texts.len() as u32);
        self.list.try_push(Kept { warning: Warning { kind, pos }, text }, budget)
    }

    /// How many warnings there are, and how much text.
    pub(crate) fn mark(&self) -> (usize, usize) {
        (self.list.len(), self.texts.len())
    }

    /// Forgets those since the mark.
    pub(crate) fn truncate(&mut self, (warnings, texts): (usize, usize)) {
        self.list.truncate(warnings);
        self.texts.truncate(texts);
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = Warning<'_>> + Clone {
        self.list.iter().map(|&Kept { warning: Warning { kind, pos }, text: (start, end) }| {
            let text = &self.texts[start as usize..end as usize];
            let kind = match kind {
                WarningKind::BadGroupName { .. } => WarningKind::BadGroupName { name: text },
                WarningKind::FlagsNotAtStart { truncated, positioned, .. } => {
                    WarningKind::FlagsNotAtStart { start: text, truncated, positioned }
                }
                kind => kind,
            };
            Warning { kind, pos }
        })
    }
}

impl fmt::Display for Warning<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let set = match self.kind {
            WarningKind::NestedSet => "nested set",
            WarningKind::SetDifference => "set difference",
            WarningKind::SetIntersection => "set intersection",
            WarningKind::SetSymmetricDifference => "set symmetric difference",
            WarningKind::SetUnion => "set union",
            WarningKind::BadGroupName { name } => {
                return write!(f, "bad character in group name {name} at position {}", self.pos);
            }
            WarningKind::FlagsNotAtStart { start, truncated, positioned } => {
                write!(f, "Flags not at the start of the expression {start}")?;
                if truncated {
                    f.write_str(" (truncated)")?;
                }
                if positioned {
                    write!(f, " but at position {}", self.pos)?;
                }
                return Ok(());
            }
        };
        write!(f, "Possible {set} at position {}", self.pos)
    }
}
