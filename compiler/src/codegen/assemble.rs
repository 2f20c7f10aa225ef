//! Assembling the program from the info block and the code of the items.

use core::mem::swap;

use super::emitter::Emitter;
use super::origin::OriginRef;
use super::patch::Moved;
use crate::memory::{Abort, Budget, TryVecExt};
use crate::opcode::Op;
use crate::program::{Origin, Program};
use crate::set::{SetBuilder, Sets};
use crate::span::Span;
use crate::tree::Tree;
use crate::width::Width;

impl Emitter {
    /// Emits the info block of a pattern of that width. The code of its items is complete.
    pub(crate) fn write_info(
        &mut self,
        width: Width,
        sets: &Sets,
        set: &mut SetBuilder,
        program: &mut Program,
    ) -> Result<(), Abort> {
        // The program holds the code of the items until the info block precedes it.
        swap(&mut self.code, &mut program.words);
        self.records_origins = false;
        self.compile_info(width, sets, set, program.flags, &program.words)
    }

    /// Appends the code of the items with all patches applied, and the final SUCCESS. If a tree is
    /// given, records where in the pattern each instruction comes from.
    ///
    /// CPython: `re/_compiler.py`, `_code`
    pub(crate) fn write_code(&mut self, tree: Option<&Tree>, program: &mut Program) -> Result<(), Abort> {
        let Program { words: items, origins, .. } = program;
        let Emitter { code, patches, origin_marks, budget, .. } = self;
        if let Some(tree) = tree {
            origin_marks.sort_unstable_by_key(|mark| mark.word);
            let mut remaining = origin_marks.iter();
            let mut add = |origin: OriginRef, word, budget: &mut Budget| match tree.span(origin.node(tree)) {
                Some(Span { start, end }) => {
                    origins.try_push(Origin { word, span: start as usize..end as usize }, budget)
                }
                None => Ok(()),
            };
            patches.apply(items, code, budget, |moved, budget| {
                match moved {
                    Moved::Inserted { origin, now } => add(origin, now, budget)?,
                    Moved::Code { from, to, now } => {
                        while let Some(mark) =
                            remaining.as_slice().first().filter(|mark| (mark.word as usize) < to)
                        {
                            remaining.next();
                            if mark.word as usize >= from {
                                add(mark.origin, mark.word as usize - from + now, budget)?;
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
