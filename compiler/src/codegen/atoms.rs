//! The items that hold no subpattern.

use alloc::vec::Vec;

use super::case::Case;
use super::charset_optimizer::Form;
use super::emitter::Emitter;
use super::patch::CodePos;
use crate::flags::Flags;
use crate::input::Unit;
use crate::item::PackedItem;
use crate::literal_run::{add_literals, push_run};
use crate::memory::Stop;
use crate::opcode::{At, Category, Op};
use crate::set::{PackedSetItem, SetSummary};
use crate::tree::NodeId;

/// CPython: `re/_compiler.py`, `_compile`, the items that hold no subpattern
impl Emitter {
    /// What is written from here on belongs to an item.
    #[inline]
    pub(crate) fn set_origin(&mut self, node: NodeId) {
        self.owner.node = node;
    }

    /// Any character.
    #[inline]
    pub(crate) fn emit_any(&mut self, flags: Flags) -> Result<(), Stop> {
        self.emit_op(if flags.intersects(Flags::DOTALL) { Op::ANY_ALL } else { Op::ANY })
    }

    #[inline]
    pub(crate) fn emit_at(&mut self, at: At, flags: Flags) -> Result<(), Stop> {
        self.emit_op_with(Op::AT, at.under(flags) as u32)
    }

    /// Writes literals in a row, the first of some units, and adds them to the items: most of a pattern, and mostly nothing
    /// to decide.
    #[inline(always)]
    pub(crate) fn emit_literals<U: Unit>(
        &mut self,
        units: &[U],
        length: usize,
        flags: Flags,
        items: &mut Vec<PackedItem>,
    ) -> Result<(), Stop> {
        if flags.intersects(Flags::IGNORECASE) {
            push_run(items, units, length, &mut self.budget, |c| [PackedItem::literal(c)])?;
            return self.literals_ignoring_case(units, length, flags);
        }
        let op = self.opcode(Op::LITERAL);
        add_literals(items, &mut self.code, units, length, op, &mut self.budget)
    }

    /// The same for one, but for the items.
    #[inline(always)]
    pub(crate) fn emit_literal(&mut self, c: u32, flags: Flags) -> Result<(), Stop> {
        if flags.intersects(Flags::IGNORECASE) {
            return self.literals_ignoring_case(&[c], 1, flags);
        }
        self.emit_op_with(Op::LITERAL, c)
    }

    /// Where the last one of some literals is, which was written just now.
    #[inline]
    pub(crate) fn last_literal(&self, flags: Flags) -> CodePos {
        if flags.intersects(Flags::IGNORECASE) { self.last_literal } else { self.here().minus(2) }
    }

    /// Writes a literal, or with `Op::NOT_LITERAL` what is none.
    pub(crate) fn emit_char(&mut self, c: u32, flags: Flags, op: Op) -> Result<(), Stop> {
        if !flags.intersects(Flags::IGNORECASE) {
            return self.emit_op_with(op, c);
        }
        let not = op == Op::NOT_LITERAL;
        if flags.intersects(Flags::LOCALE) {
            let ignoring = if not { Op::NOT_LITERAL_LOC_IGNORE } else { Op::LITERAL_LOC_IGNORE };
            return self.emit_op_with(ignoring, c);
        }
        let case = Case::of(flags, self.rules);
        if !case.is_cased(c) {
            return self.emit_op_with(op, c);
        }
        let lower = case.to_lower(c);
        let ignoring = match (case, not) {
            (Case::Unicode { .. }, true) => Op::NOT_LITERAL_UNI_IGNORE,
            (Case::Unicode { .. }, false) => Op::LITERAL_UNI_IGNORE,
            (_, true) => Op::NOT_LITERAL_IGNORE,
            (_, false) => Op::LITERAL_IGNORE,
        };
        let Some(same) = case.extra_case_set(lower) else { return self.emit_op_with(ignoring, lower) };
        let skip = self.emit_op_skip(Op::IN_UNI_IGNORE)?;
        if not {
            self.emit_op(Op::NEGATE)?;
        }
        self.emit_op_with(Op::LITERAL, lower)?;
        for &extra in same.iter().filter(|&&extra| extra != lower) {
            self.emit_op_with(Op::LITERAL, extra)?;
        }
        self.emit_op(Op::FAILURE)?;
        self.patch_skip(skip);
        Ok(())
    }

    /// Writes a reference to a group.
    #[inline(never)]
    pub(crate) fn emit_group_ref(&mut self, group: u32, flags: Flags) -> Result<(), Stop> {
        let op = match Case::of(flags, self.rules) {
            _ if !flags.intersects(Flags::IGNORECASE) => Op::GROUPREF,
            Case::Kept => Op::GROUPREF_LOC_IGNORE,
            Case::Ascii => Op::GROUPREF_IGNORE,
            Case::Unicode { .. } => Op::GROUPREF_UNI_IGNORE,
        };
        self.emit_op_with(op, group - 1)
    }

    /// Writes a set of one category.
    #[inline(always)]
    pub(crate) fn emit_category(&mut self, category: Category, flags: Flags) -> Result<(), Stop> {
        let op = if flags.ignores_case_by_locale() { Op::IN_LOC_IGNORE } else { Op::IN };
        if self.records_origins {
            [0, 2, 4].into_iter().try_for_each(|further| self.mark_origin(further))?;
        }
        let failure = self.opcode(Op::FAILURE);
        self.emit_words([self.opcode(op), 4, self.opcode(Op::CATEGORY), category.code(flags), failure])
    }

    /// Writes a set that has just been read.
    #[inline(never)]
    pub(crate) fn emit_set(
        &mut self,
        items: &[PackedSetItem],
        summary: &SetSummary,
        flags: Flags,
    ) -> Result<(), Stop> {
        let case = Case::of(flags, self.rules);
        if case == Case::Kept
            && !summary.has_rest
            && !self.records_origins
            && let Some(characters) = self.optimizer.characters.bmp.ascii()
        {
            let op = if flags.intersects(Flags::IGNORECASE) { Op::IN_LOC_IGNORE } else { Op::IN };
            return self.emit_ascii_set(op, items, summary.negated, characters);
        }
        let optimized = self.optimizer.optimize(items, summary, case, self.rules, &mut self.budget)?;
        let op = match case {
            _ if optimized.form == Form::Never => return self.emit_op(Op::FAILURE),
            _ if optimized.form == Form::Any => return self.emit_op(Op::ANY_ALL),
            _ if flags.ignores_case_by_locale() => Op::IN_LOC_IGNORE,
            _ if !optimized.has_cased => Op::IN,
            Case::Unicode { .. } => Op::IN_UNI_IGNORE,
            _ => Op::IN_IGNORE,
        };
        let skip = self.emit_op_skip(op)?;
        self.compile_charset(items, optimized.form, flags)?;
        self.patch_skip(skip);
        Ok(())
    }
}

impl At {
    /// What flags make of a position.
    ///
    /// CPython: `re/_constants.py`, `AT_MULTILINE`, `AT_LOCALE`, `AT_UNICODE`
    #[inline(never)]
    fn under(self, flags: Flags) -> At {
        let (multiline, locale, unicode) = (
            flags.intersects(Flags::MULTILINE),
            flags.intersects(Flags::LOCALE),
            flags.intersects(Flags::UNICODE),
        );
        match self {
            At::PrefixInfo if multiline => At::BeginningLine,
            At::End if multiline => At::EndLine,
            At::Boundary if locale => At::LocBoundary,
            At::NonBoundary if locale => At::LocNonBoundary,
            At::Boundary if unicode => At::UniBoundary,
            At::NonBoundary if unicode => At::UniNonBoundary,
            _ => self,
        }
    }
}
