//! Minimizing a difference: the pattern and the subject together.

use std::time::{Duration, Instant};

use sre_case::{Case, Text};
use sre_generate::Subject;
use sre_oracle::minimize::minimize as minimize_pattern;

use crate::difference::{Difference, len};
use crate::matcher::Matcher;

/// Limit of the time for a difference.
const TIME: Duration = Duration::from_secs(15);

/// Limit of smaller patterns to try.
pub const TRIES: usize = 1500;

/// Returns the smallest difference of the same kind, on the same sides and in the same operation.
///
/// A smaller pattern is tried with the subject and with each subject that lacks a part of it, since a
/// literal often has to be removed from both.
pub fn minimize(matcher: &mut Matcher, difference: &Difference, tries: usize) -> Difference {
    let start = Instant::now();
    let mut best = difference.clone();
    loop {
        let before = best.clone();
        smaller_subjects(matcher, &mut best, start);
        let mut found = None;
        let mut current = best.clone();
        minimize_pattern(&best.case, tries, &mut |case| {
            if start.elapsed() > TIME {
                return false;
            }
            let mut subjects = with_parts_removed(case, &current.subject);
            subjects.truncate(if current.takes_time() { 1 } else { subjects.len() });
            let smaller = same(matcher, &current, case, subjects);
            if let Some(smaller) = smaller {
                current = smaller.clone();
                found = Some(smaller);
                return true;
            }
            false
        });
        best = found.unwrap_or(best);
        if best == before || start.elapsed() > TIME {
            break;
        }
    }
    if (&best.case, &best.subject) != (&difference.case, &difference.subject) {
        best.found_as = Some(Box::new((difference.case.clone(), difference.subject.clone())));
    }
    best
}

/// Returns the first difference of the same kind among subjects.
fn same(matcher: &mut Matcher, like: &Difference, case: &Case, subjects: Vec<Subject>) -> Option<Difference> {
    let found = matcher.difference(like.pair, case, subjects);
    found.into_iter().find(|found| (found.operation, &found.kind) == (like.operation, &like.kind))
}

/// Makes the subject smaller as long as that works.
fn smaller_subjects(matcher: &mut Matcher, best: &mut Difference, start: Instant) {
    while start.elapsed() < TIME {
        let smaller = smaller(&best.subject);
        // A subject on which a side does not come to an end takes seconds.
        let at_once = if best.takes_time() { 1 } else { smaller.len().max(1) };
        let mut chunks = smaller.chunks(at_once).take_while(|_| start.elapsed() < TIME);
        let found = chunks.find_map(|chunk| same(matcher, best, &best.case, chunk.to_vec()));
        match found {
            Some(found) => *best = found,
            None => return,
        }
    }
}

/// Returns the subject as it is, and without each part, the largest parts first, in the kind of the
/// pattern.
fn with_parts_removed(case: &Case, subject: &Subject) -> Vec<Subject> {
    let subject = Subject { text: of_kind(case, &subject.text), ..subject.clone() };
    let mut subjects = vec![subject.clone()];
    subjects.extend(cuts(&subject));
    subjects
}

/// Returns a text as `str` or `bytes`, as the pattern is.
fn of_kind(case: &Case, text: &Text) -> Text {
    match (text, case.is_bytes()) {
        (Text::Bytes(bytes), false) => Text::Str(bytes.iter().map(|&byte| u32::from(byte)).collect()),
        (Text::Str(text), true) => Text::Bytes(text.iter().map(|&c| c as u8).collect()),
        _ => text.clone(),
    }
}

/// Returns smaller subjects, the smallest first: with all of the text, without a part, and with an
/// `a` for a character.
fn smaller(subject: &Subject) -> Vec<Subject> {
    let length = len(&subject.text);
    let mut subjects = Vec::new();
    if (subject.pos, subject.endpos) != (0, length) {
        subjects.push(Subject { pos: 0, endpos: length, ..subject.clone() });
        let part = slice(&subject.text, subject.pos, subject.endpos);
        subjects.push(Subject { pos: 0, endpos: len(&part), text: part });
    }
    subjects.extend(cuts(subject));
    for at in 0..length {
        let is_plain = match &subject.text {
            Text::Str(text) => text[at] == u32::from('a'),
            Text::Bytes(bytes) => bytes[at] == b'a',
        };
        if !is_plain {
            let mut text = subject.text.clone();
            match &mut text {
                Text::Str(text) => text[at] = u32::from('a'),
                Text::Bytes(bytes) => bytes[at] = b'a',
            }
            subjects.push(Subject { text, ..subject.clone() });
        }
    }
    subjects
}

/// Returns the subject without each half, quarter and so on.
fn cuts(subject: &Subject) -> Vec<Subject> {
    let length = len(&subject.text);
    let mut subjects = Vec::new();
    let mut size = length;
    while size > 0 {
        for start in (0..length).step_by(size) {
            let end = (start + size).min(length);
            let text = match &subject.text {
                Text::Str(text) => Text::Str([&text[..start], &text[end..]].concat()),
                Text::Bytes(bytes) => Text::Bytes([&bytes[..start], &bytes[end..]].concat()),
            };
            // A position within the part moves to its start.
            let moved = |at: usize| at - at.min(end).saturating_sub(start);
            subjects.push(Subject { text, pos: moved(subject.pos), endpos: moved(subject.endpos) });
        }
        size = if size > 1 { size.div_ceil(2) } else { 0 };
    }
    subjects
}

fn slice(text: &Text, start: usize, end: usize) -> Text {
    match text {
        Text::Str(text) => Text::Str(text[start..end].to_vec()),
        Text::Bytes(bytes) => Text::Bytes(bytes[start..end].to_vec()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn smaller_subjects_have_valid_positions_and_get_smaller() {
        let text = Text::Str((0..9).map(|n| 0x62 + n).collect());
        let subject = Subject { text, pos: 2, endpos: 7 };
        let all = smaller(&subject);
        assert!(all.len() > 20);
        for small in &all {
            let length = len(&small.text);
            assert!(small.pos <= small.endpos && small.endpos <= length, "{small:?}");
            assert_ne!(*small, subject);
        }
        let cut = cuts(&subject);
        let without_first = cut.iter().find(|cut| cut.text == slice(&subject.text, 1, 9)).unwrap();
        assert_eq!((without_first.pos, without_first.endpos), (1, 6));
        assert!(cuts(&Subject { text: Text::Bytes(Vec::new()), pos: 0, endpos: 0 }).is_empty());
    }
}
