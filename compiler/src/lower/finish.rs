//! The program, made of the info block and the code of the items; and where its instructions came from.

use super::edit::{Here, Moved};
use super::{Generator, Scratch};
use crate::dialect::Rules;
use crate::error::Span;
use crate::members::Sets;
use crate::opcode::Op;
use crate::pool::{Budget, Grow, Stop};
use crate::program::{Origin, Program};
use crate::tree::{Item, NodeId, Tree};
use crate::width::Width;

/// An instruction's index, and its item.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    pub word: u32,
    pub owner: Owner,
}

/// What an instruction belongs to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Owner {
    pub node: NodeId,
    /// To the repetition of the node's item, not to the item itself.
    pub repetition: bool,
}

/// Writes the info block of a pattern of that width, whose items are written.
pub(crate) fn write_info(
    width: Width,
    sets: &Sets,
    rules: &'static Rules,
    scratch: &mut Scratch,
    budget: &mut Budget,
    program: &mut Program,
) -> Result<(), Stop> {
    let Scratch { code: items, edits, beginning, optimizer, .. } = scratch;
    let (owner, last_literal) = (Owner::NONE, Here::default());
    let code = &mut program.words;
    let mut generator =
        Generator { rules, optimizer, code, edits, beginning, budget, marks: None, owner, last_literal };
    generator.compile_info(width, sets, program.flags, items)
}

/// Writes the rest of a program: the items' code, now in its final order, and its end. Where instructions came from, the
/// tree knows, if that is to be recorded.
///
/// CPython: `re/_compiler.py`, `_code`
pub(crate) fn write_code(
    tree: Option<&Tree>,
    rules: &'static Rules,
    scratch: &mut Scratch,
    budget: &mut Budget,
    program: &mut Program,
) -> Result<(), Stop> {
    let Scratch { code, edits, marks, .. } = scratch;
    let Program { words, origins, .. } = program;
    if let Some(tree) = tree {
        marks.sort_unstable_by_key(|mark| mark.word);
        let mut left = marks.iter();
        let mut add = |owner: Owner, word, budget: &mut Budget| match tree.span(owner.node(tree)) {
            Some(Span { start, end }) => {
                origins.try_push(Origin { word, span: start as usize..end as usize }, budget)
            }
            None => Ok(()),
        };
        edits.apply(code, words, budget, |moved, budget| {
            match moved {
                Moved::Inserted { owner, now } => add(owner, now, budget)?,
                Moved::Code { from, to, now } => {
                    while let Some(mark) = left.as_slice().first().filter(|mark| (mark.word as usize) < to) {
                        left.next();
                        if mark.word as usize >= from {
                            add(mark.owner, mark.word as usize - from + now, budget)?;
                        }
                    }
                }
            }
            Ok(())
        })?;
        if let Some(node) = tree.last_node() {
            add(Owner { node, repetition: true }, words.len(), budget)?;
        }
    } else {
        edits.apply(code, words, budget, |_, _| Ok(()))?;
    }
    words.try_push(rules.numbering.number(Op::SUCCESS), budget)
}

impl Owner {
    /// Before there is an item.
    pub(super) const NONE: Owner = Owner { node: NodeId::FIRST, repetition: false };

    /// The node that knows where in the pattern this is. What is repeated stands in the tree once more.
    fn node(self, tree: &Tree) -> NodeId {
        match tree.item(self.node) {
            Item::Repeat { mut body, .. } if !self.repetition => tree.next(&mut body).unwrap_or(self.node),
            _ => self.node,
        }
    }
}
