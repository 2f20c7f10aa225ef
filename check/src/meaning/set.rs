//! The characters that an instruction matches.

use std::sync::OnceLock;

use sre_compiler::unicode::Version;

/// The last code point.
const LAST: u32 = 0x0010_FFFF;

/// The characters that an instruction matches. Sets that match the same are equal.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Set {
    /// First and last characters, sorted; adjacent ranges are merged.
    pub ranges: Vec<(u32, u32)>,
    /// The categories, a bit each.
    pub categories: u32,
    /// Whether it matches the characters that are in no range and no category. Only used where the
    /// ranges cannot express that.
    pub negated: bool,
    /// Whether the locale decides which characters are equal if case is ignored.
    pub locale: bool,
}

/// How a character of the text is changed before it is compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fold {
    /// Not at all.
    None,
    /// To the lower case of ASCII.
    Ascii,
    /// To the lower case of Unicode.
    Unicode,
    /// To the lower and the upper case of the locale.
    Locale,
}

/// A set as it is listed in the code.
#[derive(Clone, Debug, Default)]
pub(super) struct Builder {
    ranges: Vec<(u32, u32)>,
    in_both_cases: Vec<(u32, u32)>,
    categories: u32,
    negated: bool,
}

impl Builder {
    pub(super) fn of(first: u32, last: u32, negated: bool) -> Builder {
        Builder { ranges: vec![(first, last)], negated, ..Builder::default() }
    }

    /// Negates the set. Returns whether it is still empty, as it must be.
    pub(super) fn negate(&mut self) -> bool {
        let empty = self.ranges.is_empty() && self.categories == 0;
        self.negated = !self.negated;
        empty
    }

    pub(super) fn add(&mut self, first: u32, last: u32) {
        self.ranges.push((first, last));
    }

    /// Adds a range. A character matches if it, or its upper case, is in the range.
    pub(super) fn add_in_both_cases(&mut self, first: u32, last: u32) {
        self.add(first, last);
        self.in_both_cases.push((first, last));
    }

    pub(super) fn add_category(&mut self, category: u32) -> Option<()> {
        self.categories |= 1u32.checked_shl(category)?;
        Some(())
    }

    /// Adds the characters whose bits are set; the first bit is for `first`.
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

    /// Returns the set of an instruction that folds case like that, by the tables of a version of
    /// Unicode.
    pub(super) fn finish(mut self, fold: Fold, version: Version) -> Set {
        if !self.in_both_cases.is_empty() {
            let lower = within(&merged(self.in_both_cases), unicode_uppers(version));
            self.ranges.extend(lower.into_iter().map(|c| (c, c)));
        }
        let ranges = match fold {
            Fold::None | Fold::Locale => merged(self.ranges),
            Fold::Ascii => with_capitals(&merged(self.ranges), &ASCII_PAIRS),
            Fold::Unicode => with_capitals(&merged(self.ranges), unicode_pairs(version)),
        };
        // Categories come in pairs: the odd bit is the complement of the even one before it.
        const EVEN: u32 = 0x5555_5555;
        let decided = self.categories & (self.categories >> 1) & EVEN != 0;
        let mut set = match decided {
            true => Set { ranges: vec![(0, LAST)], categories: 0, negated: self.negated, locale: false },
            false => Set {
                ranges: not_covered(ranges, self.categories),
                categories: self.categories,
                negated: self.negated,
                locale: fold == Fold::Locale,
            },
        };
        if set.negated && set.categories == 0 && !set.locale {
            set.ranges = complement(&set.ranges);
            set.negated = false;
        }
        if set.negated && set.ranges.is_empty() && set.categories.is_power_of_two() && !set.locale {
            // The complement is the other category of the pair.
            set.categories = 1 << (set.categories.trailing_zeros() ^ 1);
            set.negated = false;
        }
        set
    }
}

/// Removes cased characters that one of the categories contains anyway. Only cased characters
/// differ between versions. The newest Unicode decides what a category contains, so that the result
/// does not depend on the version.
fn not_covered(ranges: Vec<(u32, u32)>, categories: u32) -> Vec<(u32, u32)> {
    if categories == 0 {
        return ranges;
    }
    let [.., newest] = Version::ALL;
    let has = |bits: &[u32]| bits.iter().any(|bit| categories >> bit & 1 == 1);
    // The bits are DIGIT, SPACE and WORD with their complements, then the same of Unicode. A letter
    // is neither a digit nor a space.
    let (any, no_ascii) = (has(&[1, 3, 11, 13]), has(&[5]));
    let (ascii, word, no_word) = (has(&[4]), has(&[14]), has(&[15]));
    let is_covered = |c: u32| {
        any || (if c < 0x80 { ascii } else { no_ascii }) || (if newest.is_alpha(c) { word } else { no_word })
    };
    let mut left = Vec::with_capacity(ranges.len());
    for (first, last) in ranges {
        let mut next = first;
        let cased = newest.cased(first, last).flat_map(|(first, last)| first..=last);
        for c in cased.filter(|&c| is_covered(c)) {
            if next < c {
                left.push((next, c - 1));
            }
            next = c + 1;
        }
        if next <= last {
            left.push((next, last));
        }
    }
    left
}

impl Set {
    pub(super) fn all() -> Set {
        Set { ranges: vec![(0, LAST)], ..Set::default() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.ranges.is_empty() && self.categories == 0 && !self.negated
    }
}

/// Sorts ranges, and merges those that overlap or are adjacent.
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

/// A character in one case, and a character that becomes it. Lists of pairs are sorted.
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

/// Returns the cased characters with their upper cases. Of an upper case of several characters, only
/// the first counts, as in CPython.
fn unicode_uppers(version: Version) -> &'static [Pair] {
    static PAIRS: [OnceLock<Vec<Pair>>; Version::ALL.len()] = [const { OnceLock::new() }; Version::ALL.len()];
    PAIRS[version as usize].get_or_init(|| {
        let cased = version.cased(0, LAST).flat_map(|(first, last)| first..=last).filter_map(char::from_u32);
        let mut pairs: Vec<Pair> =
            cased.filter_map(|c| Some((c.to_uppercase().next()?.into(), c.into()))).collect();
        pairs.sort_unstable();
        pairs
    })
}

/// Returns the second characters of the pairs whose first one is in the ranges.
fn within(ranges: &[(u32, u32)], pairs: &[Pair]) -> Vec<u32> {
    let of_range = |&(first, last): &(u32, u32)| {
        let start = pairs.partition_point(|&(key, _)| key < first);
        pairs[start..].iter().take_while(move |&&(key, _)| key <= last).map(|&(_, c)| c)
    };
    ranges.iter().flat_map(of_range).collect()
}

/// Returns the characters whose lower case is in the ranges: the members that are lower case, and
/// their capitals.
fn with_capitals(ranges: &[(u32, u32)], pairs: &[Pair]) -> Vec<(u32, u32)> {
    let mut all: Vec<(u32, u32)> = within(ranges, pairs).into_iter().map(|c| (c, c)).collect();
    let mut capitals: Vec<u32> = pairs.iter().map(|&(_, capital)| capital).collect();
    capitals.sort_unstable();
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
