//! Finding the definition of a name.

use core::hash::{BuildHasher, Hasher};

use foldhash::fast::FixedState;
use hashbrown::HashTable;

/// Finds the definition of a name; its memory is reused.
#[derive(Debug, Default)]
pub(crate) struct NameIndex {
    /// Hash of a name, and which definition it is.
    pub(super) table: HashTable<(u64, u32)>,
}

impl NameIndex {
    pub(super) fn clear(&mut self) {
        if !self.table.is_empty() {
            self.table.clear();
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.table.allocation_size()
    }
}

/// The same for a name read from the pattern and one read from the table.
pub(super) fn hash_name(name: impl Iterator<Item = u32>) -> u64 {
    let mut hasher = FixedState::default().build_hasher();
    name.for_each(|c| hasher.write_u32(c));
    hasher.finish()
}
