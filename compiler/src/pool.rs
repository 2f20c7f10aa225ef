//! Growing the pool's vectors: the only place where memory is asked for.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

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

    #[inline]
    fn try_extend(&mut self, values: &[T]) -> Result<(), Raise>
    where
        T: Copy,
    {
        self.try_reserve(values.len()).map_err(|_| Raise::plain(ErrorKind::OutOfMemory))?;
        self.extend_from_slice(values);
        Ok(())
    }
}

/// A text that is written without the abort: `fmt::Error` means that memory ran out.
pub(crate) struct TryText<'t>(&'t mut String);

impl<'t> TryText<'t> {
    /// Has a function write at the end of a text.
    pub(crate) fn write(
        text: &'t mut String,
        write: impl FnOnce(&mut dyn fmt::Write) -> fmt::Result,
    ) -> Result<(), Raise> {
        write(&mut TryText(text)).map_err(|_| Raise::plain(ErrorKind::OutOfMemory))
    }
}

impl fmt::Write for TryText<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.try_reserve(text.len()).map_err(|_| fmt::Error)?;
        self.0.push_str(text);
        Ok(())
    }
}
