//! The items that hold no subpattern.

use alloc::vec::Vec;

use super::case::Case;
use super::charset_optimizer::Form;
use super::emitter::Generator;
use super::patch::Here;
use crate::flags::Flags;
use crate::input::Unit;
use crate::item::Kind;
use crate::literal_run::{add_literals, add_run};
use crate::memory::Stop;
use crate::opcode::{At, Category, Op};
use crate::set::{Outline, Packed};
use crate::tree::NodeId;

/// CPython: `re/_compiler.py`, `_compile`, the items that hold no subpattern
impl Generator {
    /// What is written from here on belongs to an item.
    #[inline]
    pub(crate) fn belongs_to(&mut self, node: NodeId) {
        self.owner.node = node;
    }

    /// Any character.
    #[inline]
    pub(crate) fn any(&mut self, flags: Flags) -> Result<(), Stop> {
        self.op(if flags.any(Flags::DOTALL) { Op::ANY_ALL } else { Op::ANY })
    }

    #[inline]
    pub(crate) fn at(&mut self, at: At, flags: Flags) -> Result<(), Stop> {
        self.op_with(Op::AT, at.under(flags) as u32)
    }

    /// Writes literals in a row, the first of some units, and adds them to the kinds: most of a pattern, and mostly nothing
    /// to decide.
    #[inline(always)]
    pub(crate) fn literals<U: Unit>(
        &mut self,
        units: &[U],
        length: usize,
        flags: Flags,
        kinds: &mut Vec<Kind>,
    ) -> Result<(), Stop> {
        if flags.any(Flags::IGNORECASE) {
            add_run(kinds, units, length, &mut self.budget, |c| [Kind::literal(c)])?;
            return self.literals_ignoring_case(units, length, flags);
        }
        let op = self.number(Op::LITERAL);
        add_literals(kinds, &mut self.code, units, length, op, &mut self.budget)
    }

    /// The same for one, but for the kinds.
    #[inline(always)]
    pub(crate) fn escaped_literal(&mut self, c: u32, flags: Flags) -> Result<(), Stop> {
        if flags.any(Flags::IGNORECASE) {
            return self.literals_ignoring_case(&[c], 1, flags);
        }
        self.op_with(Op::LITERAL, c)
    }

    /// Where the last one of some literals is, which was written just now.
    #[inline]
    pub(crate) fn last_literal(&self, flags: Flags) -> Here {
        if flags.any(Flags::IGNORECASE) { self.last_literal } else { self.here().back(2) }
    }

    /// Writes a literal, or with `Op::NOT_LITERAL` what is none.
    pub(crate) fn literal(&mut self, c: u32, flags: Flags, op: Op) -> Result<(), Stop> {
        if !flags.any(Flags::IGNORECASE) {
            return self.op_with(op, c);
        }
        let not = op == Op::NOT_LITERAL;
        if flags.any(Flags::LOCALE) {
            let ignoring = if not { Op::NOT_LITERAL_LOC_IGNORE } else { Op::LITERAL_LOC_IGNORE };
            return self.op_with(ignoring, c);
        }
        let case = Case::of(flags, self.rules);
        if !case.is_cased(c) {
            return self.op_with(op, c);
        }
        let lower = case.to_lower(c);
        let ignoring = match (case, not) {
            (Case::Unicode { .. }, true) => Op::NOT_LITERAL_UNI_IGNORE,
            (Case::Unicode { .. }, false) => Op::LITERAL_UNI_IGNORE,
            (_, true) => Op::NOT_LITERAL_IGNORE,
            (_, false) => Op::LITERAL_IGNORE,
        };
        let Some(same) = case.extra_case_set(lower) else { return self.op_with(ignoring, lower) };
        let skip = self.op_skip(Op::IN_UNI_IGNORE)?;
        if not {
            self.op(Op::NEGATE)?;
        }
        self.op_with(Op::LITERAL, lower)?;
        for &extra in same.iter().filter(|&&extra| extra != lower) {
            self.op_with(Op::LITERAL, extra)?;
        }
        self.op(Op::FAILURE)?;
        self.fill(skip);
        Ok(())
    }

    /// Writes a reference to a group.
    #[inline(never)]
    pub(crate) fn reference(&mut self, group: u32, flags: Flags) -> Result<(), Stop> {
        let op = match Case::of(flags, self.rules) {
            _ if !flags.any(Flags::IGNORECASE) => Op::GROUPREF,
            Case::Kept => Op::GROUPREF_LOC_IGNORE,
            Case::Ascii => Op::GROUPREF_IGNORE,
            Case::Unicode { .. } => Op::GROUPREF_UNI_IGNORE,
        };
        self.op_with(op, group - 1)
    }

    /// Writes a set of one category.
    #[inline(always)]
    pub(crate) fn category(&mut self, category: Category, flags: Flags) -> Result<(), Stop> {
        let op = if flags.ignores_case_by_locale() { Op::IN_LOC_IGNORE } else { Op::IN };
        if self.records_marks {
            [0, 2, 4].into_iter().try_for_each(|further| self.mark(further))?;
        }
        let failure = self.number(Op::FAILURE);
        self.words([self.number(op), 4, self.number(Op::CATEGORY), category.code(flags), failure])
    }

    /// Writes a set that has just been read.
    #[inline(never)]
    pub(crate) fn set(&mut self, members: &[Packed], outline: &Outline, flags: Flags) -> Result<(), Stop> {
        let case = Case::of(flags, self.rules);
        if case == Case::Kept
            && !outline.has_tail
            && !self.records_marks
            && let Some(characters) = self.optimizer.characters.bmp.ascii()
        {
            let op = if flags.any(Flags::IGNORECASE) { Op::IN_LOC_IGNORE } else { Op::IN };
            return self.ascii_set(op, members, outline.negated, characters);
        }
        let optimized = self.optimizer.optimize(members, outline, case, self.rules, &mut self.budget)?;
        let op = match case {
            _ if optimized.form == Form::Nothing => return self.op(Op::FAILURE),
            _ if optimized.form == Form::Everything => return self.op(Op::ANY_ALL),
            _ if flags.ignores_case_by_locale() => Op::IN_LOC_IGNORE,
            _ if !optimized.has_cased => Op::IN,
            Case::Unicode { .. } => Op::IN_UNI_IGNORE,
            _ => Op::IN_IGNORE,
        };
        let skip = self.op_skip(op)?;
        self.compile_charset(members, optimized.form, flags)?;
        self.fill(skip);
        Ok(())
    }
}

impl At {
    /// What flags make of a position.
    ///
    /// CPython: `re/_constants.py`, `AT_MULTILINE`, `AT_LOCALE`, `AT_UNICODE`
    #[inline(never)]
    fn under(self, flags: Flags) -> At {
        let (multiline, locale, unicode) =
            (flags.any(Flags::MULTILINE), flags.any(Flags::LOCALE), flags.any(Flags::UNICODE));
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
