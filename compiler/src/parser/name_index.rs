//! Finding the definition of a name.

use core::hash::{BuildHasher, Hasher};

use foldhash::fast::FixedState;
use hashbrown::HashTable;

/// Finds the definition of a name. Its memory is reused from one pattern to the next.
#[derive(Debug, Default)]
pub(crate) struct NameIndex {
    /// The hash of a name, and the index of its definition.
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

/// Returns the hash of a name, given its code points.
pub(super) fn hash_name(name: impl Iterator<Item = u32>) -> u64 {
    let mut hasher = FixedState::default().build_hasher();
    name.for_each(|c| hasher.write_u32(c));
    hasher.finish()
}
