//! Warnings as data.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use crate::input::Pattern;
use crate::memory::{Abort, Budget, TryVecExt, TryWriter};
use crate::span::Span;

/// A warning about a pattern. `Display` writes CPython's text.
///
/// The [span](Warning::span) is not compared, because its unit depends on how the pattern was
/// passed.
#[derive(Clone, Copy, Debug)]
pub struct Warning<'c> {
    /// What the warning is about.
    pub kind: WarningKind<'c>,
    pos: usize,
    span: Span,
}

impl PartialEq for Warning<'_> {
    fn eq(&self, other: &Warning<'_>) -> bool {
        (self.kind, self.pos) == (other.kind, other.pos)
    }
}

impl Eq for Warning<'_> {}

/// What a [`Warning`] is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum WarningKind<'c> {
    /// `[[`, which may become a nested set.
    NestedSet,
    /// `--` in a set, which may become an operator.
    SetDifference,
    /// `&&` in a set, which may become an operator.
    SetIntersection,
    /// `~~` in a set, which may become an operator.
    SetSymmetricDifference,
    /// `||` in a set, which may become an operator.
    SetUnion,
    /// A group name or number that later versions reject (3.11).
    BadGroupName {
        /// The `repr` of the name.
        name: &'c str,
    },
    /// `(?i)` that is not at the start of the pattern (up to 3.10).
    FlagsNotAtStart {
        /// The `repr` of the first 20 characters of the pattern.
        start: &'c str,
        /// Whether the pattern is longer than that.
        truncated: bool,
        /// Whether the text of this version includes the position.
        positioned: bool,
    },
}

impl Warning<'_> {
    /// Returns the position in characters from the start of the pattern.
    pub fn pos(&self) -> usize {
        self.pos
    }

    /// Returns the part of the pattern that the warning is about, in code units of the pattern as
    /// it was passed: bytes of UTF-8 for `&str`, otherwise indices. It begins at
    /// [`pos`](Warning::pos).
    pub fn span(&self) -> Range<usize> {
        self.span.range()
    }

    /// Returns the name of the warning's class in Python.
    pub fn category(&self) -> &'static str {
        match self.kind {
            WarningKind::BadGroupName { .. } | WarningKind::FlagsNotAtStart { .. } => "DeprecationWarning",
            _ => "FutureWarning",
        }
    }
}

/// The warnings about a pattern. Their memory is reused from one pattern to the next.
#[derive(Clone, Debug, Default)]
pub(crate) struct Warnings {
    list: Vec<Kept>,
    /// The texts that they quote, concatenated.
    texts: String,
    /// An index and its position in characters. The next position is counted from there, so many
    /// warnings take one pass over the pattern.
    counted: (u32, usize),
}

/// A warning without its quotation, and where the quotation is in `Warnings::texts`.
#[derive(Clone, Copy, Debug)]
struct Kept {
    warning: Warning<'static>,
    text: (u32, u32),
}

/// How many warnings there were at some point, and how much text they quoted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WarningsMark {
    warnings: usize,
    texts: usize,
}

impl Warnings {
    pub(crate) fn clear(&mut self) {
        self.list.clear();
        self.texts.clear();
        self.counted = (0, 0);
    }

    /// Returns the number of bytes allocated.
    pub(crate) fn bytes(&self) -> usize {
        self.list.bytes() + self.texts.capacity()
    }

    /// Adds a warning about a part of the pattern. `quote` writes the text that it quotes.
    pub(crate) fn try_push(
        &mut self,
        pattern: Pattern<'_>,
        span: Span,
        kind: WarningKind<'static>,
        budget: &mut Budget,
        quote: impl FnOnce(&mut dyn fmt::Write) -> fmt::Result,
    ) -> Result<(), Abort> {
        let index = span.start;
        if index < self.counted.0 {
            self.counted = (0, 0);
        }
        let (from, pos) = self.counted;
        let pos = pos + pattern.count_between(from as usize, index as usize);
        self.counted = (index, pos);
        let start = self.texts.len() as u32;
        TryWriter::write(&mut self.texts, budget, quote)?;
        let text = (start, self.texts.len() as u32);
        self.list.try_push(Kept { warning: Warning { kind, pos, span }, text }, budget)
    }

    /// Returns a mark to which [`truncate`](Warnings::truncate) goes back.
    pub(crate) fn mark(&self) -> WarningsMark {
        WarningsMark { warnings: self.list.len(), texts: self.texts.len() }
    }

    /// Removes the warnings added since a mark.
    pub(crate) fn truncate(&mut self, mark: WarningsMark) {
        self.list.truncate(mark.warnings);
        self.texts.truncate(mark.texts);
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = Warning<'_>> + Clone {
        self.list.iter().map(|&Kept { warning: Warning { kind, pos, span }, text: (start, end) }| {
            let text = &self.texts[start as usize..end as usize];
            let kind = match kind {
                WarningKind::BadGroupName { .. } => WarningKind::BadGroupName { name: text },
                WarningKind::FlagsNotAtStart { truncated, positioned, .. } => {
                    WarningKind::FlagsNotAtStart { start: text, truncated, positioned }
                }
                kind => kind,
            };
            Warning { kind, pos, span }
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
