//! What can be left away from a pattern.

use std::cmp::Reverse;
use std::ops::Range;

use super::scan::scan;

/// A part that goes, but for a part of it that stays, with an `a` in its place or without.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Edit {
    cut: Range<usize>,
    kept: Range<usize>,
    put: bool,
}

/// What everything becomes that does not matter.
const PLAIN: u32 = 'a' as u32;

impl Edit {
    /// The part goes.
    pub(super) fn cut(part: Range<usize>) -> Edit {
        Edit { kept: part.end..part.end, cut: part, put: false }
    }

    /// What of a whole is around the part goes.
    pub(super) fn keep(part: Range<usize>, of: Range<usize>) -> Edit {
        Edit { cut: of, kept: part, put: false }
    }

    /// The part becomes an `a`.
    pub(super) fn put(part: Range<usize>) -> Edit {
        Edit { put: true, ..Edit::cut(part) }
    }

    /// Larger edits come first, then those at the front.
    pub(super) fn rank(&self) -> (Reverse<usize>, usize) {
        (Reverse(self.cut.len() - self.kept.len() - usize::from(self.put)), self.cut.start)
    }

    pub(super) fn apply(&self, text: &[u32]) -> Vec<u32> {
        let put: &[u32] = if self.put { &[PLAIN] } else { &[] };
        [&text[..self.cut.start], put, &text[self.kept.clone()], &text[self.cut.end..]].concat()
    }
}

/// Every edit of a pattern, the largest first. Each makes it shorter, or has one more `a`.
pub(super) fn edits(text: &[u32]) -> Vec<Edit> {
    let mut edits = scan(text);
    edits.extend(chunks(text.len()).map(Edit::cut));
    // Structure stays where it is: it goes with what it belongs to.
    let is_plain = |c: u32| char::from_u32(c).is_none_or(|c| !r"\.^$*+?{}[]()|-:<>=!,#&".contains(c));
    let plain = text.iter().enumerate().filter(|&(_, &c)| c != PLAIN && is_plain(c));
    edits.extend(plain.map(|(at, _)| Edit::put(at..at + 1)));
    edits.sort_by_key(Edit::rank);
    edits.dedup();
    edits
}

/// A sequence in halves, quarters and so on, down to single ones.
pub(super) fn chunks(length: usize) -> impl Iterator<Item = Range<usize>> {
    let sizes = std::iter::successors(Some(length), |&size| (size > 1).then(|| size.div_ceil(2)));
    sizes
        .filter(|&size| size > 0)
        .flat_map(move |size| (0..length).step_by(size).map(move |start| start..(start + size).min(length)))
}
