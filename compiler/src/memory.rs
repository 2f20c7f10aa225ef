//! Growing the pool's vectors: the only place where memory is asked for.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::mem::size_of;

use hashbrown::HashTable;

/// Why compiling ends early; small, for nearly every function may say so.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Stop {
    /// The pattern is refused, and the room that found out keeps why.
    Raised,
    /// The flags are others than those that code was written with.
    FlagsChanged,
    OutOfMemory,
    /// What the caller allows the pool and the program together is used up.
    MemoryLimit,
    /// The program is longer than the caller allows.
    CodeLimit,
}

/// How many bytes may still be taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Budget(pub usize);

impl Budget {
    /// Pays for a block that grows. Both blocks are there while one is moved to the other.
    fn charge(&mut self, held: usize, wanted: usize) -> Result<(), Stop> {
        if wanted > self.0 {
            return Err(Stop::MemoryLimit);
        }
        self.0 -= wanted - held;
        Ok(())
    }
}

/// `Vec` without the abort: running out of memory is an error like any other.
pub(crate) trait TryVecExt<T> {
    fn try_push(&mut self, value: T, budget: &mut Budget) -> Result<(), Stop>;
    fn try_extend(&mut self, values: &[T], budget: &mut Budget) -> Result<(), Stop>
    where
        T: Copy;
    fn try_extend_iter(
        &mut self,
        values: impl ExactSizeIterator<Item = T>,
        budget: &mut Budget,
    ) -> Result<(), Stop>;
    /// Makes room for that many more.
    fn ensure_spare(&mut self, more: usize, budget: &mut Budget) -> Result<(), Stop>;
    /// The bytes that it holds.
    fn bytes(&self) -> usize;
}

/// The smallest vector has so many elements, or so many bytes.
const MIN_LEN: usize = 4;
const MIN_BYTES: usize = 128;

impl<T> TryVecExt<T> for Vec<T> {
    #[inline]
    fn try_push(&mut self, value: T, budget: &mut Budget) -> Result<(), Stop> {
        if self.len() == self.capacity() {
            // Does not take the value, which would have to be in memory for that however rarely it is done.
            grow_by_one(self, budget)?;
        }
        self.push(value);
        Ok(())
    }

    #[inline]
    fn try_extend(&mut self, values: &[T], budget: &mut Budget) -> Result<(), Stop>
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
    ) -> Result<(), Stop> {
        self.ensure_spare(values.len(), budget)?;
        self.extend(values);
        Ok(())
    }

    #[inline]
    fn ensure_spare(&mut self, more: usize, budget: &mut Budget) -> Result<(), Stop> {
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
fn grow_by_one<T>(vec: &mut Vec<T>, budget: &mut Budget) -> Result<(), Stop> {
    vec.ensure_spare(1, budget)
}

/// Gives a vector that capacity, which is more than it has.
#[cold]
#[inline(never)]
pub(crate) fn grow<T>(vec: &mut Vec<T>, capacity: usize, budget: &mut Budget) -> Result<(), Stop> {
    budget.charge(vec.bytes(), capacity.saturating_mul(size_of::<T>()))?;
    vec.try_reserve_exact(capacity - vec.len()).map_err(|_| Stop::OutOfMemory)
}

/// Makes room for that many more entries of a hash table.
pub(crate) fn ensure_spare_in_table<T>(
    table: &mut HashTable<T>,
    more: usize,
    hash: impl Fn(&T) -> u64,
    budget: &mut Budget,
) -> Result<(), Stop> {
    /// What comes with each entry, and with each table.
    const ENTRY: usize = 1;
    const TABLE: usize = 64;
    let entries = table.len() + more;
    if entries > table.capacity() {
        // A table is at most 7/8 full, and the number of its buckets a power of two.
        let buckets = (entries.max(table.capacity() + 1) * 8 / 7 + 1).next_power_of_two().max(MIN_LEN);
        let wanted = buckets.saturating_mul(size_of::<T>() + ENTRY).saturating_add(TABLE);
        budget.charge(table.allocation_size(), wanted)?;
        table.try_reserve(more, hash).map_err(|_| Stop::OutOfMemory)?;
    }
    Ok(())
}

/// `String` without the abort.
pub(crate) trait TryStringExt {
    /// Makes room for that many bytes more.
    fn ensure_spare(&mut self, more: usize, budget: &mut Budget) -> Result<(), Stop>;
}

impl TryStringExt for String {
    fn ensure_spare(&mut self, more: usize, budget: &mut Budget) -> Result<(), Stop> {
        let held = self.capacity();
        if held - self.len() >= more {
            return Ok(());
        }
        let wanted = self.len().saturating_add(more).max(2 * held).max(MIN_LEN * MIN_LEN);
        budget.charge(held, wanted)?;
        self.try_reserve_exact(wanted - self.len()).map_err(|_| Stop::OutOfMemory)
    }
}

/// A text that is written without the abort.
pub(crate) struct TryWriter<'t> {
    text: &'t mut String,
    budget: &'t mut Budget,
    stop: Stop,
}

impl<'t> TryWriter<'t> {
    /// Has a function write at the end of a text.
    pub(crate) fn write(
        text: &'t mut String,
        budget: &'t mut Budget,
        write: impl FnOnce(&mut dyn fmt::Write) -> fmt::Result,
    ) -> Result<(), Stop> {
        let mut text = TryWriter { text, budget, stop: Stop::OutOfMemory };
        write(&mut text).map_err(|_| text.stop)
    }
}

impl fmt::Write for TryWriter<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.text.ensure_spare(text.len(), self.budget).map_err(|stop| {
            self.stop = stop;
            fmt::Error
        })?;
        self.text.push_str(text);
        Ok(())
    }
}
