//! Noting what the code begins with.

use super::emitter::Generator;
use super::groups::Opening;
use super::patch::Here;
use super::prefix_info::First;
use crate::flags::Flags;
use crate::item::Kind;

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
