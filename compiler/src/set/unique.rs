//! Finding members that are repeated.

use alloc::vec::Vec;
use core::hash::{BuildHasher, Hash};

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use super::item::Packed;
use crate::memory::{Budget, Stop, make_room_in_table};

/// Finds members that are repeated; its memory is reused.
#[derive(Debug, Default)]
pub(crate) struct Unique {
    table: HashTable<Packed>,
}

/// More members than that are looked up in the table.
const FEW: usize = 16;

impl Unique {
    pub(crate) fn bytes(&self) -> usize {
        self.table.allocation_size()
    }

    /// Keeps the first of equal members from `start` on.
    ///
    /// CPython: `re/_parser.py`, `_uniq`
    pub(crate) fn remove_repeated(
        &mut self,
        members: &mut Vec<Packed>,
        start: usize,
        budget: &mut Budget,
    ) -> Result<(), Stop> {
        let many = members.len() - start > FEW;
        if many {
            self.table.clear();
            make_room_in_table(&mut self.table, members.len() - start, hash, budget)?;
        }
        let mut kept = start;
        for at in start..members.len() {
            let member = members[at];
            let is_new = if many { self.insert(member) } else { !members[start..kept].contains(&member) };
            if is_new {
                members[kept] = member;
                kept += 1;
            }
        }
        members.truncate(kept);
        Ok(())
    }

    /// Is it the first of its kind? There is room for it.
    fn insert(&mut self, member: Packed) -> bool {
        let key = hash(&member);
        let is_new = self.table.find(key, |&other| other == member).is_none();
        if is_new {
            self.table.insert_unique(key, member, hash);
        }
        is_new
    }
}
fn hash<T: Hash>(value: &T) -> u64 {
    FixedState::default().hash_one(value)
}
