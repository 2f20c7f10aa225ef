//! How many characters a subpattern can match.

use crate::dialect::{MAXREPEAT, WidthCap};

/// The fewest and the most characters that a subpattern matches.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Width {
    pub min: u64,
    pub max: u64,
}

impl Width {
    pub(crate) const NONE: Width = Width { min: 0, max: 0 };
    pub(crate) const ONE: Width = Width { min: 1, max: 1 };
    /// Of no alternatives at all.
    pub(crate) const NEVER: Width = Width { min: u64::MAX, max: 0 };

    /// That many characters.
    #[inline]
    pub(crate) fn exactly(characters: u32) -> Width {
        Width { min: u64::from(characters), max: u64::from(characters) }
    }

    #[inline]
    pub(crate) fn plus(self, other: Width) -> Width {
        Width { min: self.min.saturating_add(other.min), max: self.max.saturating_add(other.max) }
    }

    /// What is left of it without a part.
    #[inline]
    pub(crate) fn minus(self, part: Width) -> Width {
        // The most that can be told stays that.
        let minus = |whole, part| if whole == u64::MAX { whole } else { whole - part };
        Width { min: minus(self.min, part.min), max: minus(self.max, part.max) }
    }

    /// The width of a subpattern whose items have this width together.
    ///
    /// Saturating at 2^64-1 loses nothing: the cap is not lower only where widths stay far below, and beyond
    /// 2^32 no rule asks for the exact number.
    pub(crate) fn capped(self, cap: WidthCap) -> Width {
        Width { min: self.min.min(cap.min), max: self.max.min(cap.max) }
    }

    /// The width of that many in a row, from `min` to `max`.
    pub(crate) fn repeated(self, (min, max): (u32, u32)) -> Width {
        let most = match max {
            MAXREPEAT if self.max > 0 => u64::MAX,
            max => self.max.saturating_mul(u64::from(max)),
        };
        Width { min: self.min.saturating_mul(u64::from(min)), max: most }
    }

    /// The width of one or the other.
    #[inline]
    pub(crate) fn or(self, other: Width) -> Width {
        Width { min: self.min.min(other.min), max: self.max.max(other.max) }
    }
}
