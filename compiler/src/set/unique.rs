//! Removing repeated items.

use alloc::vec::Vec;
use core::hash::{BuildHasher, Hash};

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use super::item::PackedSetItem;
use crate::memory::{Abort, Budget, ensure_spare_in_table};

/// Removes repeated items. Its memory is reused from one set to the next.
#[derive(Debug, Default)]
pub(crate) struct Unique {
    table: HashTable<PackedSetItem>,
}

/// Up to this number, items are compared one by one.
const FEW: usize = 16;

impl Unique {
    pub(crate) fn bytes(&self) -> usize {
        self.table.allocation_size()
    }

    /// Removes the items from `start` on that equal an earlier one.
    ///
    /// CPython: `re/_parser.py`, `_uniq`
    pub(crate) fn remove_repeated(
        &mut self,
        items: &mut Vec<PackedSetItem>,
        start: usize,
        budget: &mut Budget,
    ) -> Result<(), Abort> {
        let many = items.len() - start > FEW;
        if many {
            self.table.clear();
            ensure_spare_in_table(&mut self.table, items.len() - start, hash, budget)?;
        }
        let mut kept = start;
        for at in start..items.len() {
            let item = items[at];
            let is_new = if many { self.insert(item) } else { !items[start..kept].contains(&item) };
            if is_new {
                items[kept] = item;
                kept += 1;
            }
        }
        items.truncate(kept);
        Ok(())
    }

    /// Inserts an item, for which there is space. Returns whether it is new.
    fn insert(&mut self, item: PackedSetItem) -> bool {
        let key = hash(&item);
        let is_new = self.table.find(key, |&other| other == item).is_none();
        if is_new {
            self.table.insert_unique(key, item, hash);
        }
        is_new
    }
}
fn hash<T: Hash>(value: &T) -> u64 {
    FixedState::default().hash_one(value)
}
