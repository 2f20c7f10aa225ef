//! What the code begins with, as far as the info block asks: noted while the code is written, when it is still known.

use super::edit::Here;
use super::{Generator, Opening};
use crate::flags::Flags;
use crate::kind::Kind;

/// What is noted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Beginning {
    /// How many words of it do no more than to say that groups begin.
    pub marks: u32,
    /// Nothing was put in before that index.
    pub settled: u32,
    /// Where a prefix ends at the latest.
    pub prefix_end: u32,
    /// Where a set begins before, if at all.
    set_end: u32,
    /// The set after these marks, if one was written there.
    pub set: Option<First>,
    /// The literals, as a set, that the alternatives of the branch begin with that was put there.
    pub branch: Option<First>,
}

/// A set that the first character is in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct First {
    pub kind: Kind,
    /// The flags where it stands.
    pub flags: Flags,
}

impl Default for Beginning {
    fn default() -> Beginning {
        let (settled, prefix_end, set_end) = (u32::MAX, u32::MAX, u32::MAX);
        Beginning { marks: 0, settled, prefix_end, set_end, set: None, branch: None }
    }
}

impl Beginning {
    /// An instruction is put in before an index.
    #[inline]
    pub(super) fn insert(&mut self, at: usize) {
        if at as u32 <= self.settled {
            self.settled = at as u32;
            self.branch = None;
        }
    }
}

impl Generator {
    /// A group begins.
    #[inline]
    pub(super) fn begins_with_mark(&mut self) {
        if self.code.len() == self.beginning.marks as usize {
            self.beginning.marks += Opening::Mark(0).length();
        }
    }

    /// A set is written next.
    #[inline]
    pub(crate) fn begins_with(&mut self, kind: Kind, flags: Flags) {
        let at = self.code.len() as u32;
        if at == self.beginning.marks {
            let counts = at < self.beginning.set_end && !flags.ignores_case_by_locale();
            self.beginning.set = counts.then_some(First { kind, flags });
        }
    }

    /// Would the code begin with a branch that is put in there?
    pub(crate) fn would_begin_at(&self, start: Here) -> bool {
        start.index() == self.beginning.marks as usize
    }

    /// It does, and all alternatives begin with literals, which make up that set.
    pub(crate) fn begins_with_one_of(&mut self, kind: Kind, flags: Flags) {
        let counts = self.beginning.marks < self.beginning.set_end && !flags.ignores_case_by_locale();
        self.beginning.branch = counts.then_some(First { kind, flags });
    }

    /// A group with flags of its own was read that is empty: where it comes first, no set does.
    pub(crate) fn skip_empty_group(&mut self) {
        self.beginning.set_end = self.beginning.set_end.min(self.code.len() as u32);
    }

    /// A group begins that ignores case as the locale has it: nobody looks into it.
    pub(crate) fn skip_group_by_locale(&mut self) {
        self.skip_empty_group();
        self.beginning.prefix_end = self.beginning.prefix_end.min(self.code.len() as u32);
    }
}
