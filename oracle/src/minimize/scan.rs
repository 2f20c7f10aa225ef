//! A rough parse of a pattern, which proposes edits. It accepts any text, and a wrong proposal only
//! costs a try.

use std::ops::Range;

use sre_compiler::Flags;

use super::edits::{Edit, chunks};

/// Returns the edits that follow the structure of a pattern.
pub(super) fn scan(text: &[u32]) -> Vec<Edit> {
    let mut scanner = Scanner { text, at: 0, edits: Vec::new(), open: vec![Frame::default()] };
    scanner.run();
    scanner.edits
}

/// An open group, or the whole pattern.
#[derive(Default)]
struct Frame {
    start: usize,
    /// The start of its first alternative.
    inside: usize,
    /// The alternatives before the current one.
    alternatives: Vec<Range<usize>>,
    alternative: usize,
    /// The items of the current alternative, with their quantifiers.
    items: Vec<Range<usize>>,
}

struct Scanner<'t> {
    text: &'t [u32],
    at: usize,
    edits: Vec<Edit>,
    open: Vec<Frame>,
}

impl Scanner<'_> {
    fn run(&mut self) {
        while let Some(c) = self.look(0) {
            match c {
                '(' => self.open_group(),
                ')' if self.open.len() > 1 => self.close_group(1),
                '|' => {
                    self.end_alternative();
                    self.at += 1;
                    let at = self.at;
                    if let Some(frame) = self.open.last_mut() {
                        frame.alternative = at;
                    }
                }
                '[' => self.set(),
                '*' | '+' | '?' | '{' if self.quantifier() => {}
                _ => {
                    let start = self.at;
                    self.unit();
                    self.item(start);
                }
            }
        }
        // Groups that are still open end here.
        while !self.open.is_empty() {
            self.close_group(0);
        }
    }

    fn look(&self, ahead: usize) -> Option<char> {
        let c = *self.text.get(self.at + ahead)?;
        Some(char::from_u32(c).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn cut(&mut self, part: Range<usize>) {
        self.edits.push(Edit::cut(part));
    }

    fn keep(&mut self, part: Range<usize>, of: Range<usize>) {
        self.edits.push(Edit::keep(part, of));
    }

    /// Ends an item that began at `start`.
    fn item(&mut self, start: usize) {
        let span = start..self.at;
        if span.len() > 1 {
            self.edits.push(Edit::put(span.clone()));
        }
        if let Some(frame) = self.open.last_mut() {
            frame.items.push(span);
        }
    }

    /// Reads a character or a whole escape.
    fn unit(&mut self) {
        self.at += 1;
        if self.text[self.at - 1] != u32::from('\\') {
            return;
        }
        let rest = &self.text[self.at..];
        let run = |most: usize, radix: u32| {
            let is_digit = |c: &&u32| char::from_u32(**c).is_some_and(|c| c.is_digit(radix));
            rest.iter().skip(1).take(most).take_while(is_digit).count()
        };
        self.at += match self.look(0) {
            None => 0,
            Some('x') => 1 + run(2, 16),
            Some('u') => 1 + run(4, 16),
            Some('U') => 1 + run(8, 16),
            Some('0'..='9') => 1 + run(2, 10),
            Some('N') if self.look(1) == Some('{') => self.length_to('}'),
            Some(_) => 1,
        };
    }

    /// Returns the length up to and including a character, or of the rest.
    fn length_to(&self, end: char) -> usize {
        let rest = &self.text[self.at..];
        rest.iter().position(|&c| c == u32::from(end)).map_or(rest.len(), |at| at + 1)
    }

    fn quantifier(&mut self) -> bool {
        let start = self.at;
        let is_last = |item: &&mut Range<usize>| item.end == start;
        let last = self.open.last_mut().and_then(|frame| frame.items.last_mut()).filter(is_last);
        let Some(item) = last else { return false };
        let mut length = 1;
        if self.text[start] == u32::from('{') {
            let is_count = |c: &&u32| char::from_u32(**c).is_some_and(|c| c.is_ascii_digit() || c == ',');
            length += self.text[start + 1..].iter().take_while(is_count).count() + 1;
            if self.text.get(start + length - 1) != Some(&u32::from('}')) {
                return false;
            }
        }
        let suffix = self.text.get(start + length).and_then(|&c| char::from_u32(c));
        length += usize::from(matches!(suffix, Some('?' | '+')));
        self.at += length;
        item.end = self.at;
        let whole = item.clone();
        self.cut(start..self.at);
        self.edits.push(Edit::put(whole));
        true
    }

    fn set(&mut self) {
        let start = self.at;
        self.at += 1 + usize::from(self.look(1) == Some('^'));
        let inside = self.at;
        let mut members = Vec::new();
        while let Some(c) = self.look(0).filter(|&c| c != ']' || self.at == inside) {
            let member = self.at;
            self.unit();
            let is_range = self.look(0) == Some('-') && self.look(1).is_some_and(|c| c != ']');
            if c != ']' && is_range {
                let end = self.at;
                self.at += 1;
                self.unit();
                self.cut(member..end + 1);
                self.cut(end..self.at);
            }
            members.push(member..self.at);
        }
        let end = self.at;
        self.at += usize::from(self.look(0).is_some());
        self.sequence(&members);
        self.keep(inside..end, start..self.at);
        self.keep(start..self.at, 0..self.text.len());
        self.item(start);
    }

    /// Proposes to remove parts of a sequence.
    fn sequence(&mut self, parts: &[Range<usize>]) {
        for chunk in chunks(parts.len()) {
            self.cut(parts[chunk.start].start..parts[chunk.end - 1].end);
        }
    }

    fn open_group(&mut self) {
        let start = self.at;
        self.at += 1;
        if self.look(0) == Some('?') {
            match (self.look(1), self.look(2)) {
                (Some('P'), Some('<')) => self.at += self.length_to('>'),
                (Some('P'), _) | (Some('#'), _) => self.at += self.length_to(')'),
                (Some('('), _) => self.at += self.length_to(')'),
                (Some('<'), Some(_)) => self.at += 3,
                (Some(':' | '=' | '!' | '>'), _) => self.at += 2,
                _ => {
                    self.at += 1;
                    let is_flag = |c: &&u32| {
                        char::from_u32(**c).is_some_and(|c| c == '-' || Flags::from_letter(c).is_some())
                    };
                    self.at += self.text[self.at..].iter().take_while(is_flag).count();
                    self.at += usize::from(matches!(self.look(0), Some(':' | ')')));
                }
            }
            let closes = self.text[self.at - 1] == u32::from(')');
            if closes && self.is_not_conditional(start) {
                return self.item(start);
            }
            // Makes it a plain group.
            self.cut(start + 1..self.at);
        }
        let inside = self.at;
        self.open.push(Frame { start, inside, alternative: inside, ..Frame::default() });
    }

    /// Returns whether the group that began at `start` is not a conditional one, whose `(?(1)` also
    /// ends in a parenthesis.
    fn is_not_conditional(&self, start: usize) -> bool {
        self.text.get(start + 2) != Some(&u32::from('('))
    }

    fn end_alternative(&mut self) {
        let at = self.at;
        let Some(frame) = self.open.last_mut() else { return };
        let items = std::mem::take(&mut frame.items);
        let alternative = frame.alternative..at;
        frame.alternatives.push(alternative);
        self.sequence(&items);
    }

    /// Ends a group, or the whole pattern. `closing` is the length of the closing parenthesis.
    fn close_group(&mut self, closing: usize) {
        self.end_alternative();
        let Some(frame) = self.open.pop() else { return };
        let end = self.at;
        self.at += closing;
        for (n, alternative) in frame.alternatives.iter().enumerate().filter(|_| frame.alternatives.len() > 1)
        {
            // It is removed with the bar before it, or, if it is the first, the one after it.
            let (before, after) = (usize::from(n > 0), usize::from(n == 0));
            self.cut(alternative.start - before..alternative.end + after);
            self.keep(alternative.clone(), frame.inside..end);
        }
        if !self.open.is_empty() {
            self.keep(frame.inside..end, frame.start..self.at);
            self.keep(frame.start..self.at, 0..self.text.len());
            self.keep(frame.inside..end, 0..self.text.len());
            self.item(frame.start);
        }
    }
}
