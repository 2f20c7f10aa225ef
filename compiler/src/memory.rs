//! Growing vectors, strings and tables: the only place where memory is allocated.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::mem::size_of;

use hashbrown::HashTable;

/// Why compiling stops although the pattern may be valid.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Abort {
    OutOfMemory,
    /// The pool and the program together exceed the limit that the caller set.
    MemoryLimit,
    /// The code exceeds the limit that the caller set.
    CodeLimit,
}

/// How many bytes may still be allocated.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Budget(pub usize);

impl Budget {
    /// Charges a block that grows from `held` to `wanted` bytes. Both blocks exist while the
    /// content is moved.
    fn charge(&mut self, held: usize, wanted: usize) -> Result<(), Abort> {
        if wanted > self.0 {
            return Err(Abort::MemoryLimit);
        }
        self.0 -= wanted - held;
        Ok(())
    }
}

/// `Vec` without aborts: running out of memory is an error.
pub(crate) trait TryVecExt<T> {
    fn try_push(&mut self, value: T, budget: &mut Budget) -> Result<(), Abort>;
    fn try_extend(&mut self, values: &[T], budget: &mut Budget) -> Result<(), Abort>
    where
        T: Copy;
    fn try_extend_iter(
        &mut self,
        values: impl ExactSizeIterator<Item = T>,
        budget: &mut Budget,
    ) -> Result<(), Abort>;
    /// Ensures that `more` further elements can be pushed.
    fn ensure_spare(&mut self, more: usize, budget: &mut Budget) -> Result<(), Abort>;
    /// Returns the number of bytes allocated.
    fn bytes(&self) -> usize;
}

/// The least number of elements that memory is allocated for.
const MIN_LEN: usize = 4;
/// The least number of bytes that are allocated.
const MIN_BYTES: usize = 128;

impl<T> TryVecExt<T> for Vec<T> {
    #[inline]
    fn try_push(&mut self, value: T, budget: &mut Budget) -> Result<(), Abort> {
        if self.len() == self.capacity() {
            // Does not take the value, so that the value can stay in registers.
            grow_by_one(self, budget)?;
        }
        self.push(value);
        Ok(())
    }

    #[inline]
    fn try_extend(&mut self, values: &[T], budget: &mut Budget) -> Result<(), Abort>
    where
        T: Copy,
    {
        self.ensure_spare(values.len(), budget)?;
        self.extend_from_slice(values);
        Ok(())
    }

    #[inline]
    fn try_extend_iter(
        &mut self,
        values: impl ExactSizeIterator<Item = T>,
        budget: &mut Budget,
    ) -> Result<(), Abort> {
        self.ensure_spare(values.len(), budget)?;
        self.extend(values);
        Ok(())
    }

    #[inline]
    fn ensure_spare(&mut self, more: usize, budget: &mut Budget) -> Result<(), Abort> {
        if self.capacity() - self.len() >= more {
            return Ok(());
        }
        let minimum = (MIN_BYTES / size_of::<T>()).max(MIN_LEN);
        let capacity = self.len().saturating_add(more).max(2 * self.capacity()).max(minimum);
        grow(self, capacity, budget)
    }

    fn bytes(&self) -> usize {
        self.capacity() * size_of::<T>()
    }
}

#[cold]
#[inline(never)]
fn grow_by_one<T>(vec: &mut Vec<T>, budget: &mut Budget) -> Result<(), Abort> {
    vec.ensure_spare(1, budget)
}

/// Gives a vector exactly this capacity, which is more than it has.
#[cold]
#[inline(never)]
pub(crate) fn grow<T>(vec: &mut Vec<T>, capacity: usize, budget: &mut Budget) -> Result<(), Abort> {
    budget.charge(vec.bytes(), capacity.saturating_mul(size_of::<T>()))?;
    vec.try_reserve_exact(capacity - vec.len()).map_err(|_| Abort::OutOfMemory)
}

/// Ensures that `more` further entries can be inserted into a hash table.
pub(crate) fn ensure_spare_in_table<T>(
    table: &mut HashTable<T>,
    more: usize,
    hash: impl Fn(&T) -> u64,
    budget: &mut Budget,
) -> Result<(), Abort> {
    /// The bytes that hashbrown adds to each entry, and to each table.
    const ENTRY: usize = 1;
    const TABLE: usize = 64;
    let entries = table.len() + more;
    if entries > table.capacity() {
        // A table is at most 7/8 full, and the number of its buckets is a power of two.
        let buckets = (entries.max(table.capacity() + 1) * 8 / 7 + 1).next_power_of_two().max(MIN_LEN);
        let wanted = buckets.saturating_mul(size_of::<T>() + ENTRY).saturating_add(TABLE);
        budget.charge(table.allocation_size(), wanted)?;
        table.try_reserve(more, hash).map_err(|_| Abort::OutOfMemory)?;
    }
    Ok(())
}

/// `String` without aborts.
pub(crate) trait TryStringExt {
    /// Ensures that `more` further bytes can be pushed.
    fn ensure_spare(&mut self, more: usize, budget: &mut Budget) -> Result<(), Abort>;
}

impl TryStringExt for String {
    fn ensure_spare(&mut self, more: usize, budget: &mut Budget) -> Result<(), Abort> {
        let held = self.capacity();
        if held - self.len() >= more {
            return Ok(());
        }
        let wanted = self.len().saturating_add(more).max(2 * held).max(MIN_LEN * MIN_LEN);
        budget.charge(held, wanted)?;
        self.try_reserve_exact(wanted - self.len()).map_err(|_| Abort::OutOfMemory)
    }
}

/// A string to which formatted text is appended without aborts.
pub(crate) struct TryWriter<'t> {
    text: &'t mut String,
    budget: &'t mut Budget,
    abort: Abort,
}

impl<'t> TryWriter<'t> {
    /// Calls `write` with a writer that appends to `text`.
    pub(crate) fn write(
        text: &'t mut String,
        budget: &'t mut Budget,
        write: impl FnOnce(&mut dyn fmt::Write) -> fmt::Result,
    ) -> Result<(), Abort> {
        let mut writer = TryWriter { text, budget, abort: Abort::OutOfMemory };
        write(&mut writer).map_err(|_| writer.abort)
    }
}

impl fmt::Write for TryWriter<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.text.ensure_spare(text.len(), self.budget).map_err(|abort| {
            self.abort = abort;
            fmt::Error
        })?;
        self.text.push_str(text);
        Ok(())
    }
}
