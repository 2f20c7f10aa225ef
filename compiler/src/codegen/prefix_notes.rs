//! Noting what the code begins with; see [`prefix_info`](super::prefix_info).

use super::emitter::Emitter;
use super::groups::Enclosure;
use super::patch::CodePos;
use super::prefix_info::FirstSet;
use crate::flags::Flags;
use crate::item::PackedItem;

impl Emitter {
    /// Notes that a capturing group begins here.
    #[inline]
    pub(super) fn note_first_mark(&mut self) {
        if self.code.len() == self.prefix_info.marks as usize {
            self.prefix_info.marks += Enclosure::Mark(0).length();
        }
    }

    /// Notes that a set is emitted next.
    #[inline]
    pub(crate) fn note_first_set(&mut self, item: PackedItem, flags: Flags) {
        let at = self.code.len() as u32;
        if at == self.prefix_info.marks {
            let counts = at < self.prefix_info.set_end && !flags.ignores_case_by_locale();
            self.prefix_info.set = counts.then_some(FirstSet { item, flags });
        }
    }

    /// Returns whether a branch that begins at `start` is the first item of the code.
    pub(crate) fn is_first_at(&self, start: CodePos) -> bool {
        start.index() == self.prefix_info.marks as usize
    }

    /// Notes that each alternative of the first branch begins with a literal. `item` is the set of
    /// these literals.
    pub(crate) fn note_first_set_of_branch(&mut self, item: PackedItem, flags: Flags) {
        let counts = self.prefix_info.marks < self.prefix_info.set_end && !flags.ignores_case_by_locale();
        self.prefix_info.branch = counts.then_some(FirstSet { item, flags });
    }

    /// Notes that an empty group with flags ends here.
    pub(crate) fn note_empty_group(&mut self) {
        self.prefix_info.set_end = self.prefix_info.set_end.min(self.code.len() as u32);
    }

    /// Notes that a group begins here that ignores case by the locale.
    pub(crate) fn note_group_by_locale(&mut self) {
        self.note_empty_group();
        self.prefix_info.prefix_end = self.prefix_info.prefix_end.min(self.code.len() as u32);
    }
}
