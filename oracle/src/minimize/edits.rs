//! The edits by which a pattern is made smaller.

use std::cmp::Reverse;
use std::ops::Range;

use super::scan::scan;

/// Removes a part of the pattern, except for a range within it, and may put an `a` in its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Edit {
    cut: Range<usize>,
    except: Range<usize>,
    put: bool,
}

/// Replaces whatever does not affect the result.
const PLAIN: u32 = 'a' as u32;

impl Edit {
    /// Removes a part.
    pub(super) fn cut(part: Range<usize>) -> Edit {
        Edit { except: part.end..part.end, cut: part, put: false }
    }

    /// Removes what surrounds a part within a whole.
    pub(super) fn keep(part: Range<usize>, of: Range<usize>) -> Edit {
        Edit { cut: of, except: part, put: false }
    }

    /// Replaces a part by an `a`.
    pub(super) fn put(part: Range<usize>) -> Edit {
        Edit { put: true, ..Edit::cut(part) }
    }

    /// Returns the sort key: larger edits first, then earlier ones.
    pub(super) fn rank(&self) -> (Reverse<usize>, usize) {
        (Reverse(self.cut.len() - self.except.len() - usize::from(self.put)), self.cut.start)
    }

    pub(super) fn apply(&self, text: &[u32]) -> Vec<u32> {
        let put: &[u32] = if self.put { &[PLAIN] } else { &[] };
        [&text[..self.cut.start], put, &text[self.except.clone()], &text[self.cut.end..]].concat()
    }
}

/// Returns all edits of a pattern, the largest first. Each shortens it or replaces a character by
/// `a`.
pub(super) fn edits(text: &[u32]) -> Vec<Edit> {
    let mut edits = scan(text);
    edits.extend(chunks(text.len()).map(Edit::cut));
    // Structural characters are only removed with the part they belong to.
    let is_plain = |c: u32| char::from_u32(c).is_none_or(|c| !r"\.^$*+?{}[]()|-:<>=!,#&".contains(c));
    let plain = text.iter().enumerate().filter(|&(_, &c)| c != PLAIN && is_plain(c));
    edits.extend(plain.map(|(at, _)| Edit::put(at..at + 1)));
    edits.sort_by_key(Edit::rank);
    edits.dedup();
    edits
}

/// Returns the halves of a sequence, its quarters and so on, down to single elements.
pub(super) fn chunks(length: usize) -> impl Iterator<Item = Range<usize>> {
    let sizes = std::iter::successors(Some(length), |&size| (size > 1).then(|| size.div_ceil(2)));
    sizes
        .filter(|&size| size > 0)
        .flat_map(move |size| (0..length).step_by(size).map(move |start| start..(start + size).min(length)))
}
