//! How many characters a subpattern can match.

use crate::dialect::{MAXREPEAT, WidthCap};
use crate::tree::{Body, Chain, Item, SequenceId, Tree};

/// The fewest and the most characters that a subpattern matches.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Width {
    pub min: u64,
    pub max: u64,
}

impl Width {
    pub(crate) const NONE: Width = Width { min: 0, max: 0 };
    pub(crate) const ONE: Width = Width { min: 1, max: 1 };

    /// That many characters.
    #[inline]
    pub(crate) fn exactly(characters: u32) -> Width {
        Width { min: u64::from(characters), max: u64::from(characters) }
    }

    #[inline]
    pub(crate) fn plus(self, other: Width) -> Width {
        Width { min: self.min.saturating_add(other.min), max: self.max.saturating_add(other.max) }
    }

    /// The width of a subpattern whose items have this width together.
    ///
    /// Saturating at 2^64-1 loses nothing: the cap is not lower only where widths stay far below, and beyond
    /// 2^32 no rule asks for the exact number.
    pub(crate) fn capped(self, cap: WidthCap) -> Width {
        Width { min: self.min.min(cap.min), max: self.max.min(cap.max) }
    }

    /// The width of that many in a row, from `min` to `max`.
    pub(crate) fn repeated(self, min: u32, max: u32) -> Width {
        let most = match max {
            MAXREPEAT if self.max > 0 => u64::MAX,
            max => self.max.saturating_mul(u64::from(max)),
        };
        Width { min: self.min.saturating_mul(u64::from(min)), max: most }
    }

    /// The width of one or the other.
    pub(crate) fn or(self, other: Width) -> Width {
        Width { min: self.min.min(other.min), max: self.max.max(other.max) }
    }
}

impl Tree {
    /// The width of the items of a chain together, not capped.
    ///
    /// CPython: `re/_parser.py`, `SubPattern.getwidth`
    pub(crate) fn getwidth(&self, chain: Chain, group_widths: &[Option<Width>]) -> Width {
        let mut total = Width::NONE;
        let mut at = chain.first();
        while let Some(node) = at {
            let (item, next) = self.step(node);
            total = total.plus(self.item_width(item, group_widths));
            at = next;
        }
        total
    }

    #[inline]
    fn body_width(&self, body: Body, group_widths: &[Option<Width>]) -> Width {
        match body {
            Body::Leaf(Item::Literals(part)) => Width::exactly(part.len()),
            Body::Leaf(item) => self.leaf_width(item, group_widths),
            Body::Sequence(id) => self.width(id),
        }
    }

    #[inline]
    fn leaf_width(&self, item: Item, group_widths: &[Option<Width>]) -> Width {
        match item {
            Item::Literals(part) => Width::exactly(part.len()),
            Item::NotLiteral(_) | Item::Any | Item::In(_) => Width::ONE,
            Item::GroupRef(group) => group_widths[group as usize].unwrap_or_default(),
            _ => Width::NONE,
        }
    }

    /// The width of an item, whose subpatterns have theirs already.
    #[inline]
    pub(crate) fn item_width(&self, item: Item, group_widths: &[Option<Width>]) -> Width {
        let of = |sequence: SequenceId| self.width(sequence);
        match item {
            Item::Assert(..) => Width::NONE,
            Item::Group { body, .. } | Item::Atomic(body) => of(body),
            Item::FlagGroup(group) => of(self.flag_groups[group as usize].body),
            Item::Repeat(repeat) => {
                let repeat = self.repeats[repeat as usize];
                self.body_width(repeat.body, group_widths).repeated(repeat.min, repeat.max)
            }
            Item::Branch(part) => {
                let none = Width { min: u64::MAX, max: 0 };
                let alternatives = self.branch(part).iter();
                alternatives.fold(none, |width, &body| width.or(self.body_width(body, group_widths)))
            }
            Item::Conditional(conditional) => {
                let conditional = self.conditionals[conditional as usize];
                of(conditional.yes).or(conditional.no.map_or(Width::NONE, of))
            }
            leaf => self.leaf_width(leaf, group_widths),
        }
    }
}
