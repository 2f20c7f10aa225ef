//! The names of a pattern's groups.

use alloc::string::String;
use alloc::vec::Vec;

use crate::memory::{Abort, Budget, TryStringExt, TryVecExt};

/// The names of groups in the order of their definition, while the pattern is being compiled.
#[derive(Default, Debug)]
pub(crate) struct GroupNames {
    /// The names, concatenated.
    pub(crate) text: String,
    /// For each name the index in `text` at which it ends, and its group.
    pub(crate) entries: Vec<[u32; 2]>,
}
impl GroupNames {
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.entries.clear();
    }

    /// Returns the number of bytes allocated.
    pub(crate) fn bytes(&self) -> usize {
        self.text.capacity() + self.entries.bytes()
    }

    /// Adds a name. It is an identifier, so it contains no surrogates.
    pub(crate) fn try_push(
        &mut self,
        name: impl Iterator<Item = char>,
        group: u32,
        budget: &mut Budget,
    ) -> Result<(), Abort> {
        for c in name {
            self.text.ensure_spare(c.len_utf8(), budget)?;
            self.text.push(c);
        }
        self.entries.try_push([self.text.len() as u32, group], budget)
    }

    /// Returns the name and the group of the n-th definition.
    pub(crate) fn get(&self, n: usize) -> Option<(&str, u32)> {
        let [end, group] = *self.entries.get(n)?;
        let start = if n == 0 { 0 } else { self.entries[n - 1][0] };
        Some((&self.text[start as usize..end as usize], group))
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }
}
