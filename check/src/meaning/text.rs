//! Differences between forms as text.

use std::fmt::Write;

use sre_compiler::{Op, Program};

use super::form::{Form, Item};
use super::set::Set;

/// The number of lines shown before the first difference.
const CONTEXT: usize = 3;

/// The greatest number of lines shown from the first difference on.
const LINES: usize = 100;

/// Returns the lines around the first difference: flags, groups and items.
pub(super) fn of_difference(programs: [&Program; 2], forms: &[Form; 2]) -> (String, String) {
    let [before, after] = [0, 1].map(|n| Lines::new(programs[n], &forms[n]));
    let same = before.clone().zip(after.clone()).take_while(|(before, after)| before == after).count();
    let [before, after] = [before, after].map(|lines| {
        let mut text = String::new();
        let mut lines = lines.skip(same.saturating_sub(CONTEXT));
        for line in lines.by_ref().take(LINES) {
            text.push_str(&line);
            text.push('\n');
        }
        if lines.next().is_some() {
            text.push_str("…\n");
        }
        text
    });
    (before, after)
}

/// The lines of a form, written lazily.
#[derive(Clone)]
struct Lines<'f> {
    head: std::vec::IntoIter<String>,
    items: std::slice::Iter<'f, Item>,
    /// The set that is being written, and the number of its lines that were written.
    set: Option<(&'f Set, usize)>,
    depth: usize,
}

/// The greatest indentation; without it, text would grow with the square of the depth.
const DEEPEST: usize = 20;

impl<'f> Lines<'f> {
    fn new(program: &Program, form: &'f Form) -> Lines<'f> {
        let mut head = vec![format!("flags {:#x}", program.flags().bits())];
        head.extend(program.group_index().map(|(name, group)| format!("group {group} {name}")));
        Lines { head: head.into_iter(), items: form.items.iter(), set: None, depth: 0 }
    }

    fn indented(depth: usize, text: &str) -> String {
        format!("{:width$}{text}", "", width = 2 * depth.min(DEEPEST))
    }
}

impl Iterator for Lines<'_> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        if let Some(line) = self.head.next() {
            return Some(line);
        }
        if let Some((set, line)) = &mut self.set {
            if let Some(text) = set_line(set, *line) {
                *line += 1;
                return Some(Lines::indented(self.depth + 1, &text));
            }
            self.set = None;
        }
        let (depth, text) = match self.items.next()? {
            Item::Set(set) => {
                self.set = Some((set, 0));
                let kind = if set.negated { "any character but" } else { "a character of" };
                let locale = if set.locale { ", in the case of the locale" } else { "" };
                (self.depth, format!("{kind}{locale}"))
            }
            Item::Failure => (self.depth, Op::FAILURE.name().to_owned()),
            Item::Single(op, word) => (self.depth, format!("{} {word}", op.name())),
            Item::NonBoundary { word, fails_in_empty_text } => {
                let but = if *fails_in_empty_text { ", but not in an empty text" } else { "" };
                (self.depth, format!("{} {word}{but}", Op::AT.name()))
            }
            Item::Open(op, [first, second]) => {
                self.depth += 1;
                (self.depth - 1, format!("{} {first} {second}", op.name()))
            }
            Item::Or => (self.depth.saturating_sub(1), "or".to_owned()),
            Item::Close => {
                self.depth = self.depth.saturating_sub(1);
                (self.depth, "end".to_owned())
            }
            Item::Words(words) => (self.depth, format!("{} words", words.len())),
        };
        Some(Lines::indented(depth, &text))
    }
}

/// Returns a line of a set: one for each range, then one for each category.
fn set_line(set: &Set, line: usize) -> Option<String> {
    if let Some(&(first, last)) = set.ranges.get(line) {
        let mut text = shown(first);
        if first != last {
            // Writing to a String succeeds.
            let _ = write!(text, " to {}", shown(last));
        }
        return Some(text);
    }
    let mut categories = (0..u32::BITS).filter(|category| set.categories >> category & 1 == 1);
    Some(format!("category {}", categories.nth(line - set.ranges.len())?))
}

/// `U+0041 A`
fn shown(c: u32) -> String {
    match char::from_u32(c) {
        Some(shown) if shown.is_alphanumeric() || shown.is_ascii_graphic() => format!("U+{c:04X} {shown}"),
        _ => format!("U+{c:04X}"),
    }
}
