//! Stacks that nested subpatterns share: each owns what lies above the height at which it began.

use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;

use crate::memory::{Abort, Budget, TryVecExt};

/// A stack whose memory is reused from one pattern to the next.
#[derive(Debug)]
pub(crate) struct Stack<T>(Vec<T>);

/// The height that a `Stack<T>` has or had: the index of the element that is pushed next.
pub(crate) struct Height<T> {
    elements: u32,
    of: PhantomData<fn() -> T>,
}

impl<T> Stack<T> {
    #[inline(always)]
    pub(crate) fn height(&self) -> Height<T> {
        Height { elements: self.0.len() as u32, of: PhantomData }
    }

    /// Returns the height below the topmost element, or that of an empty stack.
    #[inline]
    pub(crate) fn height_below_top(&self) -> Height<T> {
        Height { elements: self.0.len().saturating_sub(1) as u32, of: PhantomData }
    }

    /// Returns the elements above a height.
    #[inline(always)]
    pub(crate) fn above(&self, height: Height<T>) -> &[T] {
        &self.0[height.elements as usize..]
    }

    /// Returns the elements from one height up to another.
    #[inline(always)]
    pub(crate) fn between(&self, from: Height<T>, to: Height<T>) -> &[T] {
        &self.0[from.elements as usize..to.elements as usize]
    }

    /// Returns the element that was pushed at a height.
    #[inline(always)]
    pub(crate) fn get(&self, height: Height<T>) -> Option<&T> {
        self.0.get(height.elements as usize)
    }

    #[inline(always)]
    pub(crate) fn try_push(&mut self, element: T, budget: &mut Budget) -> Result<(), Abort> {
        self.0.try_push(element, budget)
    }

    /// Removes the elements above a height.
    #[inline(always)]
    pub(crate) fn truncate(&mut self, height: Height<T>) {
        self.0.truncate(height.elements as usize);
    }

    /// Pushes the elements of a range of indices once more.
    pub(crate) fn try_push_copies(
        &mut self,
        range: core::ops::Range<usize>,
        budget: &mut Budget,
    ) -> Result<(), Abort>
    where
        T: Copy,
    {
        self.0.ensure_spare(range.len(), budget)?;
        self.0.extend_from_within(range);
        Ok(())
    }

    /// Returns all elements, the bottom first.
    #[inline(always)]
    pub(crate) fn as_slice(&self) -> &[T] {
        &self.0
    }

    /// Returns the vector that holds the elements, for pushing many at once.
    #[inline(always)]
    pub(crate) fn as_vec(&mut self) -> &mut Vec<T> {
        &mut self.0
    }

    /// Removes all elements and keeps the memory.
    #[inline]
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// Returns the number of bytes allocated.
    pub(crate) fn bytes(&self) -> usize {
        self.0.bytes()
    }
}

impl<T> Default for Stack<T> {
    fn default() -> Stack<T> {
        Stack(Vec::new())
    }
}

impl<T> Height<T> {
    pub(crate) const BOTTOM: Height<T> = Height { elements: 0, of: PhantomData };

    #[inline(always)]
    pub(crate) fn index(self) -> usize {
        self.elements as usize
    }

    /// Returns the height `elements` further up.
    #[inline(always)]
    pub(crate) fn plus(self, elements: u32) -> Height<T> {
        Height { elements: self.elements + elements, of: PhantomData }
    }

    /// Returns how many elements lie between a lower height and this one.
    #[inline(always)]
    pub(crate) fn elements_above(self, lower: Height<T>) -> u32 {
        self.elements - lower.elements
    }
}

impl<T> Clone for Height<T> {
    #[inline(always)]
    fn clone(&self) -> Height<T> {
        *self
    }
}

impl<T> Copy for Height<T> {}

impl<T> fmt::Debug for Height<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Height({})", self.elements)
    }
}
