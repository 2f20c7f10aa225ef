//! Noting what the code begins with.

use super::emitter::Emitter;
use super::groups::Enclosure;
use super::patch::CodePos;
use super::prefix_info::FirstSet;
use crate::flags::Flags;
use crate::item::PackedItem;

impl Emitter {
    /// A group begins.
    #[inline]
    pub(super) fn note_first_mark(&mut self) {
        if self.code.len() == self.prefix_info.marks as usize {
            self.prefix_info.marks += Enclosure::OriginMark(0).length();
        }
    }

    /// A set is written next.
    #[inline]
    pub(crate) fn note_first_set(&mut self, kind: PackedItem, flags: Flags) {
        let at = self.code.len() as u32;
        if at == self.prefix_info.marks {
            let counts = at < self.prefix_info.set_end && !flags.ignores_case_by_locale();
            self.prefix_info.set = counts.then_some(FirstSet { kind, flags });
        }
    }

    /// Would the code begin with a branch that is put in there?
    pub(crate) fn is_first_at(&self, start: CodePos) -> bool {
        start.index() == self.prefix_info.marks as usize
    }

    /// It does, and all alternatives begin with literals, which make up that set.
    pub(crate) fn note_first_set_of_branch(&mut self, kind: PackedItem, flags: Flags) {
        let counts = self.prefix_info.marks < self.prefix_info.set_end && !flags.ignores_case_by_locale();
        self.prefix_info.branch = counts.then_some(FirstSet { kind, flags });
    }

    /// A group with flags of its own was read that is empty: where it comes first, no set does.
    pub(crate) fn skip_empty_group(&mut self) {
        self.prefix_info.set_end = self.prefix_info.set_end.min(self.code.len() as u32);
    }

    /// A group begins that ignores case as the locale has it: nobody looks into it.
    pub(crate) fn skip_group_by_locale(&mut self) {
        self.skip_empty_group();
        self.prefix_info.prefix_end = self.prefix_info.prefix_end.min(self.code.len() as u32);
    }
}
