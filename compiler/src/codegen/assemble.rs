//! The program, made of the info block and the code of the items; and where its instructions came from.

use core::mem::swap;

use super::emitter::Emitter;
use super::origin::OriginRef;
use super::patch::Moved;
use crate::memory::{Budget, Stop, TryVecExt};
use crate::opcode::Op;
use crate::program::{Origin, Program};
use crate::set::Sets;
use crate::span::Span;
use crate::tree::Tree;
use crate::width::Width;

impl Emitter {
    /// Writes the info block of a pattern of that width, whose items are written.
    pub(crate) fn write_info(
        &mut self,
        width: Width,
        sets: &Sets,
        program: &mut Program,
    ) -> Result<(), Stop> {
        // The code of the items is kept in the program until all is written.
        swap(&mut self.code, &mut program.words);
        self.records_origins = false;
        self.compile_info(width, sets, program.flags, &program.words)
    }

    /// Writes the rest of a program: the items' code, now in its final order, and its end. Where instructions came from, the
    /// tree knows, if that is to be recorded.
    ///
    /// CPython: `re/_compiler.py`, `_code`
    pub(crate) fn write_code(&mut self, tree: Option<&Tree>, program: &mut Program) -> Result<(), Stop> {
        let Program { words: items, origins, .. } = program;
        let Emitter { code, patches, origin_marks, budget, .. } = self;
        if let Some(tree) = tree {
            origin_marks.sort_unstable_by_key(|mark| mark.word);
            let mut left = origin_marks.iter();
            let mut add = |owner: OriginRef, word, budget: &mut Budget| match tree.span(owner.node(tree)) {
                Some(Span { start, end }) => {
                    origins.try_push(Origin { word, span: start as usize..end as usize }, budget)
                }
                None => Ok(()),
            };
            patches.apply(items, code, budget, |moved, budget| {
                match moved {
                    Moved::Inserted { owner, now } => add(owner, now, budget)?,
                    Moved::Code { from, to, now } => {
                        while let Some(mark) =
                            left.as_slice().first().filter(|mark| (mark.word as usize) < to)
                        {
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
                add(OriginRef { node, repetition: true }, code.len(), budget)?;
            }
        } else {
            patches.apply(items, code, budget, |_, _| Ok(()))?;
        }
        let success = self.opcode(Op::SUCCESS);
        self.emit_words([success])?;
        swap(&mut self.code, items);
        Ok(())
    }
}
