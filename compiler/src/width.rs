//! The width of a subpattern.

use crate::dialect::{MAXREPEAT, WidthCap};

/// The least and the greatest number of characters that a subpattern can match.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Width {
    pub min: u64,
    pub max: u64,
}

impl Width {
    pub(crate) const NONE: Width = Width { min: 0, max: 0 };
    pub(crate) const ONE: Width = Width { min: 1, max: 1 };
    /// The width of no alternatives at all.
    pub(crate) const NEVER: Width = Width { min: u64::MAX, max: 0 };

    /// The width of a fixed number of characters.
    #[inline]
    pub(crate) fn exactly(characters: u32) -> Width {
        Width { min: u64::from(characters), max: u64::from(characters) }
    }

    #[inline]
    pub(crate) fn plus(self, other: Width) -> Width {
        Width { min: self.min.saturating_add(other.min), max: self.max.saturating_add(other.max) }
    }

    /// Subtracts the width of a part.
    #[inline]
    pub(crate) fn minus(self, part: Width) -> Width {
        // A saturated width stays saturated.
        let minus = |whole, part| if whole == u64::MAX { whole } else { whole - part };
        Width { min: minus(self.min, part.min), max: minus(self.max, part.max) }
    }

    /// Returns the width of a subpattern, given the sum of the widths of its items.
    ///
    /// Saturating at 2^64 - 1 loses nothing: where the cap is that high, no rule distinguishes
    /// widths above 2^32.
    pub(crate) fn capped(self, cap: WidthCap) -> Width {
        Width { min: self.min.min(cap.min), max: self.max.min(cap.max) }
    }

    /// Returns the width of `min` to `max` repetitions.
    pub(crate) fn repeated(self, (min, max): (u32, u32)) -> Width {
        let most = match max {
            MAXREPEAT if self.max > 0 => u64::MAX,
            max => self.max.saturating_mul(u64::from(max)),
        };
        Width { min: self.min.saturating_mul(u64::from(min)), max: most }
    }

    /// Returns the width of a choice between two subpatterns.
    #[inline]
    pub(crate) fn or(self, other: Width) -> Width {
        Width { min: self.min.min(other.min), max: self.max.max(other.max) }
    }
}
