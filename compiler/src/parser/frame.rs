//! A subpattern that is being read.

use crate::codegen::{CodePos, Enclosure};
use crate::flags::Flags;
use crate::input::Class;
use crate::item::AssertKind;
use crate::width::Width;

/// A subpattern that is being read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) kind: GroupKind,
    /// Is it the outermost look-behind?
    pub(super) outermost_behind: bool,
    /// The number of the group, or of that which a conditional asks for.
    pub(super) group: u32,
    /// Where its `(` is.
    pub(super) start: u32,
    /// Where its content starts.
    pub(super) content: u32,
    /// What stands for itself in it.
    pub(super) plain: Class,
    /// Where its items start in `State::items`, and those of the current alternative.
    pub(super) items: u32,
    pub(super) alternative_items: u32,
    /// The width of its items.
    pub(super) width: Width,
    /// Where its finished alternatives start in `State::alternatives`.
    pub(super) alternatives: u32,
    /// How wide one or the other of them is; in the second alternative of a conditional, how wide the first one is.
    pub(super) alternatives_width: Width,
    /// The flags that its items are written with.
    pub(super) flags: Flags,
    /// Where the code of its content starts, and that of the current alternative. Of the second alternative of a
    /// conditional: where its own code starts, and that of the first.
    pub(super) code: CodePos,
    pub(super) alternative_code: CodePos,
}
/// What a subpattern is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum GroupKind {
    Pattern,
    /// A group that captures.
    Capturing,
    /// `(?:…)`
    NonCapturing,
    /// `(?i-s:…)`
    Flags,
    Atomic,
    Assert(AssertKind),
    /// The first alternative of a conditional.
    Conditional,
    /// The second one.
    ConditionalElse,
}
/// What the current alternative ends in, which may yet be repeated.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Last {
    Nothing,
    Literals,
    /// Another item that matches one character.
    Unit,
    Item,
    /// A group that takes no part itself.
    NonCapturing,
}
impl Frame {
    /// The whole pattern, of which nothing is read yet.
    pub(super) fn of_pattern(given: Flags, flags: Flags) -> Frame {
        Frame {
            kind: GroupKind::Pattern,
            outermost_behind: false,
            group: 0,
            start: 0,
            content: 0,
            plain: Class::plain(given.intersects(Flags::VERBOSE)),
            items: 0,
            alternative_items: 0,
            width: Width::NONE,
            alternatives: 0,
            alternatives_width: Width::NEVER,
            flags,
            code: CodePos::default(),
            alternative_code: CodePos::default(),
        }
    }
}
impl GroupKind {
    /// Does a `|` begin an alternative of a branch?
    #[inline(always)]
    pub(super) fn has_alternatives(self) -> bool {
        !matches!(self, GroupKind::Conditional | GroupKind::ConditionalElse)
    }

    /// The instruction that encloses what is read.
    #[inline(always)]
    pub(super) fn enclosure(self, group: u32) -> Enclosure {
        match self {
            GroupKind::Pattern | GroupKind::NonCapturing | GroupKind::Flags => Enclosure::Nothing,
            GroupKind::Capturing => Enclosure::OriginMark(group),
            GroupKind::Atomic => Enclosure::Atomic,
            GroupKind::Assert(kind) => Enclosure::Assert(kind),
            GroupKind::Conditional | GroupKind::ConditionalElse => Enclosure::Conditional(group),
        }
    }
}
