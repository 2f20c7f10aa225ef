//! Atoms: the items that hold no subpattern.

use super::case::Case;
use super::charset_optimizer::{Form, Optimized, optimize};
use super::emitter::Emitter;
use super::patch::CodePos;
use crate::flags::Flags;
use crate::input::Unit;
use crate::literal_run::push_run;
use crate::memory::Abort;
use crate::opcode::{At, Category, Op};
use crate::set::{PackedSetItem, SetBuilder};
use crate::tree::NodeId;

/// CPython: `re/_compiler.py`, `_compile`, the items that hold no subpattern
impl Emitter {
    /// Attributes what is emitted next to a node.
    #[inline]
    pub(crate) fn set_origin(&mut self, node: NodeId) {
        self.origin.node = node;
    }

    /// Emits a dot.
    #[inline]
    pub(crate) fn emit_any(&mut self, flags: Flags) -> Result<(), Abort> {
        self.emit_op(if flags.intersects(Flags::DOTALL) { Op::ANY_ALL } else { Op::ANY })
    }

    #[inline]
    pub(crate) fn emit_at(&mut self, at: At, flags: Flags) -> Result<(), Abort> {
        self.emit_op_with(Op::AT, at.under(flags) as u32)
    }

    /// Emits the first `length` units as literals. Most patterns consist mainly of such runs.
    #[inline(always)]
    pub(crate) fn emit_literals<U: Unit>(
        &mut self,
        units: &[U],
        length: usize,
        flags: Flags,
    ) -> Result<(), Abort> {
        if flags.intersects(Flags::IGNORECASE) {
            return self.literals_ignoring_case(units, length, flags);
        }
        let op = self.opcode(Op::LITERAL);
        push_run(&mut self.code, units, length, &mut self.budget, |c| [op, c])
    }

    /// Emits one literal of such a run.
    #[inline(always)]
    pub(crate) fn emit_literal(&mut self, c: u32, flags: Flags) -> Result<(), Abort> {
        if flags.intersects(Flags::IGNORECASE) {
            return self.literals_ignoring_case(&[c], 1, flags);
        }
        self.emit_op_with(Op::LITERAL, c)
    }

    /// Returns where the last literal begins, which was emitted just now as part of a run.
    #[inline]
    pub(crate) fn last_literal(&self, flags: Flags) -> CodePos {
        if flags.intersects(Flags::IGNORECASE) { self.last_literal } else { self.here().minus(2) }
    }

    /// Emits a single character: LITERAL or NOT_LITERAL, as `op` says.
    pub(crate) fn emit_char(&mut self, c: u32, flags: Flags, op: Op) -> Result<(), Abort> {
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

    /// Emits a reference to a group.
    #[inline(never)]
    pub(crate) fn emit_group_ref(&mut self, group: u32, flags: Flags) -> Result<(), Abort> {
        if !flags.intersects(Flags::IGNORECASE) {
            return self.emit_op_with(Op::GROUPREF, group - 1);
        }
        let op = match Case::of(flags, self.rules) {
            Case::Kept => Op::GROUPREF_LOC_IGNORE,
            Case::Ascii => Op::GROUPREF_IGNORE,
            Case::Unicode { .. } => Op::GROUPREF_UNI_IGNORE,
        };
        self.emit_op_with(op, group - 1)
    }

    /// Emits a category, as a set of its own unless CPython emits it bare.
    #[inline(always)]
    pub(crate) fn emit_category(&mut self, category: Category, flags: Flags) -> Result<(), Abort> {
        if self.rules.bare_categories {
            return self.emit_op_with(Op::CATEGORY, category.code(flags));
        }
        let op = if flags.ignores_case_by_locale() { Op::IN_LOC_IGNORE } else { Op::IN };
        if self.records_origins {
            [0, 2, 4].into_iter().try_for_each(|further| self.mark_origin(further))?;
        }
        let failure = self.opcode(Op::FAILURE);
        self.emit_words([self.opcode(op), 4, self.opcode(Op::CATEGORY), category.code(flags), failure])
    }

    /// Emits a set that has just been read.
    #[inline(never)]
    pub(crate) fn emit_set(
        &mut self,
        set: &mut SetBuilder,
        items: &[PackedSetItem],
        flags: Flags,
    ) -> Result<(), Abort> {
        let case = Case::of(flags, self.rules);
        if case == Case::Kept
            && set.rest.is_empty()
            && !self.records_origins
            && let Some(characters) = set.bmp.ascii()
        {
            let op = if flags.intersects(Flags::IGNORECASE) { Op::IN_LOC_IGNORE } else { Op::IN };
            return self.emit_ascii_set(op, items, set.negated, characters);
        }
        let Optimized { form, has_cased } = optimize(set, items.len(), case, self.rules, &mut self.budget)?;
        let op = match (form, case) {
            (Form::Never, _) => return self.emit_op(Op::FAILURE),
            (Form::Any, _) => return self.emit_op(Op::ANY_ALL),
            _ if flags.ignores_case_by_locale() => Op::IN_LOC_IGNORE,
            _ if !has_cased => Op::IN,
            (_, Case::Unicode { .. }) => Op::IN_UNI_IGNORE,
            _ => Op::IN_IGNORE,
        };
        let skip = self.emit_op_skip(op)?;
        self.compile_charset(set, items, form, flags)?;
        self.patch_skip(skip);
        Ok(())
    }
}

impl At {
    /// Returns the anchor that this one becomes under `flags`.
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
            At::Beginning if multiline => At::BeginningLine,
            At::End if multiline => At::EndLine,
            At::Boundary if locale => At::LocBoundary,
            At::NonBoundary if locale => At::LocNonBoundary,
            At::Boundary if unicode => At::UniBoundary,
            At::NonBoundary if unicode => At::UniNonBoundary,
            _ => self,
        }
    }
}
