//! Warnings that outlive the compiler.

use core::fmt;

use super::warning::{Warning, Warnings};

/// The warnings about a pattern in order, apart from the compiler; see
/// [`compile_with_warnings`](crate::compile_with_warnings).
#[derive(Clone, Default)]
pub struct WarningList(Warnings);

impl WarningList {
    pub(crate) fn new(warnings: Warnings) -> WarningList {
        WarningList(warnings)
    }

    /// Returns the warnings in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Warning<'_>> + Clone {
        self.0.iter()
    }

    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.0.iter().len()
    }

    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl fmt::Debug for WarningList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
