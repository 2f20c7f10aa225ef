//! Growing the pool's vectors: the only place where memory is asked for.

use alloc::vec::Vec;

use crate::error::{ErrorKind, Raise};

/// `Vec` without the abort: running out of memory is an error like any other.
pub(crate) trait Grow<T> {
    fn try_push(&mut self, value: T) -> Result<(), Raise>;
    fn try_extend(&mut self, values: &[T]) -> Result<(), Raise>
    where
        T: Copy;
}

impl<T> Grow<T> for Vec<T> {
    #[inline]
    fn try_push(&mut self, value: T) -> Result<(), Raise> {
        if self.len() == self.capacity() {
            self.try_reserve(1).map_err(|_| Raise::plain(ErrorKind::OutOfMemory))?;
        }
        self.push(value);
        Ok(())
    }

    fn try_extend(&mut self, values: &[T]) -> Result<(), Raise>
    where
        T: Copy,
    {
        self.try_reserve(values.len()).map_err(|_| Raise::plain(ErrorKind::OutOfMemory))?;
        self.extend_from_slice(values);
        Ok(())
    }
}
