//! A text that a pattern matches, if its assertions allow it.

use sre_compiler::{At, Direction, Flags, NodeKind, Sequence};

use super::members;
use super::{MAX_LENGTH, Pattern};
use crate::choices::Choices;

/// How deep groups are followed. Deeper ones contribute nothing.
const MAX_DEPTH: usize = 50;

struct Writer<'p, 'c, 'u, 'd> {
    pattern: &'p Pattern<'p>,
    choices: &'c mut Choices<'u, 'd>,
    text: Vec<u32>,
    /// What each group matched.
    groups: Vec<Option<Vec<u32>>>,
}

/// Limit of groups that are remembered.
const MAX_GROUPS: usize = 100;

pub(super) fn text(pattern: &Pattern<'_>, choices: &mut Choices<'_, '_>) -> Vec<u32> {
    let mut writer = Writer { pattern, choices, text: Vec::new(), groups: vec![None; MAX_GROUPS] };
    writer.sequence(pattern.tree.root(), pattern.flags, 0);
    writer.text
}

impl Writer<'_, '_, '_, '_> {
    fn is_full(&self) -> bool {
        self.text.len() >= MAX_LENGTH
    }

    fn sequence(&mut self, sequence: Sequence<'_>, flags: Flags, depth: usize) {
        for node in sequence {
            if self.is_full() || depth > MAX_DEPTH {
                return;
            }
            self.node(node.kind(), flags, depth + 1);
        }
    }

    fn node(&mut self, kind: NodeKind<'_>, flags: Flags, depth: usize) {
        let is_bytes = self.pattern.is_bytes;
        match kind {
            NodeKind::Literal(c) => self.push(c, flags),
            NodeKind::NotLiteral(c) => {
                let other = members::other_than(self.choices, c, is_bytes);
                self.push(other, flags);
            }
            NodeKind::Any => {
                let c = members::any(self.choices, is_bytes);
                self.push(c, flags);
            }
            NodeKind::In { negated, items } => {
                let c = members::of_set(self.choices, negated, items, is_bytes);
                self.push(c, flags);
            }
            NodeKind::Branch { alternatives } => {
                let count = alternatives.len();
                let chosen = self.choices.below(count);
                if let Some(alternative) = alternatives.into_iter().nth(chosen) {
                    self.sequence(alternative, flags, depth);
                }
            }
            NodeKind::Subpattern { group, add_flags, del_flags, body } => {
                let inner = Flags::from_bits((flags | add_flags).bits() & !del_flags.bits());
                let start = self.text.len();
                self.sequence(body, inner, depth);
                if let Some(group) = group.and_then(|group| self.groups.get_mut(group as usize)) {
                    *group = Some(self.text[start..].to_vec());
                }
            }
            NodeKind::AtomicGroup { body } => self.sequence(body, flags, depth),
            NodeKind::Assert { direction, body } => self.assertion(direction, body, flags, depth),
            NodeKind::AssertNot { direction, body } => {
                if self.choices.one_in(4) {
                    self.assertion(direction, body, flags, depth);
                }
            }
            NodeKind::GroupRef { group } => {
                if let Some(Some(copied)) = self.groups.get(group as usize).cloned() {
                    copied.into_iter().for_each(|c| self.push(c, flags));
                }
            }
            NodeKind::GroupRefExists { group, yes, no } => {
                let matched = self.groups.get(group as usize).is_some_and(Option::is_some);
                match (matched, no) {
                    (true, _) => self.sequence(yes, flags, depth),
                    (false, Some(no)) => self.sequence(no, flags, depth),
                    (false, None) => {}
                }
            }
            NodeKind::At(at) => self.anchor(at),
            kind => {
                if let Some((min, max, body)) = kind.as_repeat() {
                    self.repeat(min, max, body, flags, depth);
                }
            }
        }
    }

    fn push(&mut self, c: u32, flags: Flags) {
        let ignores_case = flags.intersects(Flags::IGNORECASE);
        let c = match ignores_case && self.choices.one_in(2) {
            true => members::in_another_case(self.choices, c, self.pattern.is_bytes),
            false => c,
        };
        self.text.push(if self.pattern.is_bytes { c & 0xFF } else { c });
    }

    fn repeat(&mut self, min: u32, max: Option<u32>, body: Sequence<'_>, flags: Flags, depth: usize) {
        let most = max.unwrap_or(u32::MAX);
        let least = min.min(MAX_LENGTH as u32);
        let count = match self.choices.below(6) {
            0 => least,
            1 => least.saturating_add(1).min(most),
            // Too few, or one too many.
            2 if self.choices.one_in(4) => least.saturating_sub(1),
            3 if most < 20 => most,
            4 if most < 20 && self.choices.one_in(4) => most + 1,
            _ => least.saturating_add(self.choices.below(4) as u32).min(most),
        };
        for _ in 0..count {
            if self.is_full() {
                return;
            }
            self.sequence(body, flags, depth);
        }
        if self.choices.one_in(5) {
            self.part_of(body, flags, depth);
        }
    }

    /// Writes the beginning of an iteration, which fails in its middle: what it did has to be undone.
    fn part_of(&mut self, body: Sequence<'_>, flags: Flags, depth: usize) {
        let start = self.text.len();
        self.sequence(body, flags, depth);
        let length = self.choices.below(self.text.len() - start + 1);
        self.text.truncate(start + length);
    }

    /// What must follow is written in half of all cases, or else it is up to the rest of the
    /// pattern; what must precede is written too.
    fn assertion(&mut self, direction: Direction, body: Sequence<'_>, flags: Flags, depth: usize) {
        match direction {
            Direction::Behind => self.sequence(body, flags, depth),
            Direction::Ahead if self.choices.one_in(2) => self.sequence(body, flags, depth),
            Direction::Ahead => {}
        }
    }

    fn anchor(&mut self, at: At) {
        match at {
            At::Boundary | At::NonBoundary if self.choices.one_in(3) => {
                self.text.push(u32::from(' '));
            }
            At::Beginning | At::BeginningLine if !self.text.is_empty() || self.choices.one_in(3) => {
                self.text.push(u32::from('\n'));
            }
            At::End | At::EndLine if self.choices.one_in(3) => self.text.push(u32::from('\n')),
            _ => {}
        }
    }
}
