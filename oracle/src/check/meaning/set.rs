//! The characters that an instruction matches.

use std::sync::OnceLock;

use sre_compiler::unicode::Version;

/// The last code point.
const LAST: u32 = 0x0010_FFFF;

/// The characters that an instruction matches: equal sets match the same.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Set {
    /// First and last characters, in order, with others between them.
    pub ranges: Vec<(u32, u32)>,
    /// A bit for each category.
    pub categories: u32,
    /// It matches what is neither in the ranges nor in the categories. Only where these do not decide alone.
    pub negated: bool,
    /// The locale decides which characters have the same case.
    pub locale: bool,
}

/// How characters are compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fold {
    /// As they are.
    None,
    /// In the lower case of ASCII, or of Unicode.
    Ascii,
    Unicode(Version),
    /// In the lower and the upper case of the locale.
    Locale,
}

/// A set as code lists it.
#[derive(Clone, Debug, Default)]
pub(super) struct Builder {
    ranges: Vec<(u32, u32)>,
    categories: u32,
    negated: bool,
}

impl Builder {
    pub(super) fn of(first: u32, last: u32, negated: bool) -> Builder {
        Builder { ranges: vec![(first, last)], categories: 0, negated }
    }

    /// Negates the set; returns whether it is empty so far, as it has to be.
    pub(super) fn negate(&mut self) -> bool {
        let empty = self.ranges.is_empty() && self.categories == 0;
        self.negated = !self.negated;
        empty
    }

    pub(super) fn add(&mut self, first: u32, last: u32) {
        self.ranges.push((first, last));
    }

    /// Adds a range to which a character belongs if it, or its upper case, does.
    pub(super) fn add_in_both_cases(&mut self, first: u32, last: u32, version: Version) {
        self.add(first, last);
        for run in version.lower_runs(first, last) {
            for c in (run.first..=run.last).step_by(run.step as usize) {
                let lower = c.wrapping_add_signed(run.delta);
                self.add(lower, lower);
            }
        }
    }

    pub(super) fn add_category(&mut self, category: u32) -> Option<()> {
        self.categories |= 1u32.checked_shl(category)?;
        Some(())
    }

    /// Adds the characters from `first` on whose bits are set.
    pub(super) fn add_bitmap(&mut self, first: u32, words: &[u32]) {
        for (n, &word) in words.iter().enumerate() {
            let (mut bits, mut c) = (word, first + 32 * n as u32);
            while bits != 0 {
                let zeros = bits.trailing_zeros();
                let ones = (bits >> zeros).trailing_ones();
                c += zeros;
                self.add(c, c + ones - 1);
                c += ones;
                bits = bits.checked_shr(zeros + ones).unwrap_or(0);
            }
        }
    }

    pub(super) fn finish(self, fold: Fold) -> Set {
        let ranges = match fold {
            Fold::None | Fold::Locale => merged(self.ranges),
            Fold::Ascii => with_capitals(&merged(self.ranges), &ASCII_PAIRS),
            Fold::Unicode(version) => with_capitals(&merged(self.ranges), unicode_pairs(version)),
        };
        // Even bits and the odd ones after them are categories that complement each other.
        const EVEN: u32 = 0x5555_5555;
        let decided = self.categories & (self.categories >> 1) & EVEN != 0;
        let mut set = match decided {
            true => Set { ranges: vec![(0, LAST)], categories: 0, negated: self.negated, locale: false },
            false => Set {
                ranges,
                categories: self.categories,
                negated: self.negated,
                locale: fold == Fold::Locale,
            },
        };
        if set.negated && set.categories == 0 && !set.locale {
            set.ranges = complement(&set.ranges);
            set.negated = false;
        }
        set
    }
}

impl Set {
    pub(super) fn all() -> Set {
        Set { ranges: vec![(0, LAST)], ..Set::default() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.ranges.is_empty() && self.categories == 0 && !self.negated
    }
}

/// The ranges in order, those joined that touch.
fn merged(mut ranges: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    ranges.sort_unstable();
    let mut merged: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
    for (first, last) in ranges {
        match merged.last_mut() {
            Some((_, end)) if first <= end.saturating_add(1) => *end = last.max(*end),
            _ => merged.push((first, last)),
        }
    }
    merged
}

fn complement(ranges: &[(u32, u32)]) -> Vec<(u32, u32)> {
    let mut gaps = Vec::with_capacity(ranges.len() + 1);
    let mut next = 0;
    for &(first, last) in ranges {
        if next < first {
            gaps.push((next, first - 1));
        }
        next = last.saturating_add(1);
    }
    if next <= LAST {
        gaps.push((next, LAST));
    }
    gaps
}

/// A character, and another one whose lower case it is; by the first.
type Pair = (u32, u32);

static ASCII_PAIRS: [Pair; 26] = {
    let mut pairs = [(0, 0); 26];
    let mut n = 0;
    while n < 26 {
        pairs[n] = (b'a' as u32 + n as u32, b'A' as u32 + n as u32);
        n += 1;
    }
    pairs
};

fn unicode_pairs(version: Version) -> &'static [Pair] {
    static PAIRS: [OnceLock<Vec<Pair>>; Version::ALL.len()] = [const { OnceLock::new() }; Version::ALL.len()];
    PAIRS[version as usize].get_or_init(|| {
        let runs = version.lower_runs(0, LAST);
        let mut pairs: Vec<Pair> = runs
            .flat_map(|run| (run.first..=run.last).step_by(run.step as usize).map(move |c| (c, run.delta)))
            .map(|(c, delta)| (c.wrapping_add_signed(delta), c))
            .collect();
        pairs.sort_unstable();
        pairs
    })
}

/// The characters whose lower case is in the ranges.
fn with_capitals(ranges: &[(u32, u32)], pairs: &[Pair]) -> Vec<(u32, u32)> {
    let within = |&(first, last): &(u32, u32)| {
        let start = pairs.partition_point(|&(lower, _)| lower < first);
        let end = pairs.partition_point(|&(lower, _)| lower <= last);
        &pairs[start..end.max(start)]
    };
    let added: Vec<u32> = ranges.iter().flat_map(within).map(|&(_, capital)| capital).collect();
    // No lower case is a capital itself, so that these are all of them.
    let mut capitals: Vec<u32> = pairs.iter().map(|&(_, capital)| capital).collect();
    capitals.sort_unstable();
    let mut all: Vec<(u32, u32)> = added.into_iter().map(|c| (c, c)).collect();
    for &(first, last) in ranges {
        let mut next = first;
        let start = capitals.partition_point(|&capital| capital < first);
        for &capital in capitals[start..].iter().take_while(|&&capital| capital <= last) {
            if next < capital {
                all.push((next, capital - 1));
            }
            next = capital + 1;
        }
        if next <= last {
            all.push((next, last));
        }
    }
    merged(all)
}
