//! Character sets: the shortest way to write one, and writing it.

use super::Generator;
use super::case::{ASCII_EXTRA_CASES, Case};
use crate::charmap::{LAST_OF_ASCII, Runs};
use crate::dialect::Rules;
use crate::flags::Flags;
use crate::member::{Member, Packed};
use crate::members::{Characters, Outline};
use crate::opcode::{Category, Op};
use crate::pool::{Budget, Stop};
use crate::unicode::Version;

/// What the optimizer makes of a set's members.
#[derive(Debug, Default)]
pub(crate) struct CharsetOptimizer {
    /// Those of the set that is being read or written.
    pub characters: Characters,
    negate: bool,
    runs: Runs,
}

/// How a set is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Form {
    /// Just as in the pattern.
    Original,
    /// As one or two runs of characters.
    Runs,
    /// As a bitmap of 256 characters.
    Charset,
    /// As a bitmap of 65,536 characters.
    BigCharset,
    /// It holds every character.
    Everything,
    /// It holds no character.
    Nothing,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Optimized {
    pub form: Form,
    /// Does it hold a character whose case is ignored?
    pub has_cased: bool,
}

/// What the members of a set are found to hold.
struct Found {
    /// A character whose case is ignored.
    has_cased: bool,
    /// A character beyond U+FFFF.
    beyond_bmp: bool,
}

impl CharsetOptimizer {
    /// The bytes of memory that it holds.
    pub(super) fn bytes(&self) -> usize {
        self.characters.bytes()
    }

    /// Chooses how to write a set that has just been read, whose characters are marked. CPython folds and marks character by
    /// character; what counts is only which are marked in the end.
    ///
    /// CPython: `re/_compiler.py`, `_optimize_charset`
    #[inline(always)]
    pub(super) fn optimize(
        &mut self,
        members: &[Packed],
        outline: &Outline,
        case: Case,
        rules: &Rules,
        budget: &mut Budget,
    ) -> Result<Optimized, Stop> {
        if case == Case::Kept && members.len() - usize::from(outline.negated) == 1 {
            // Nothing is shorter.
            return Ok(Optimized { form: Form::Original, has_cased: false });
        }
        self.negate = outline.negated;
        let has_cased = case != Case::Kept && self.characters.bmp.has_ascii_letters();
        let mut found = Found { has_cased, beyond_bmp: false };
        if let Case::Unicode { version, .. } = case
            && outline.has_beyond
        {
            found.has_cased |= self.fold(version, budget)?;
        }
        if outline.has_tail && !self.fold_tail(case, rules, &mut found) {
            let form = if self.negate { Form::Nothing } else { Form::Everything };
            return Ok(Optimized { form, has_cased: false });
        }
        if case != Case::Kept {
            self.characters.bmp.lower_ascii();
            self.insert_extra_cases(case, budget)?;
        }
        let form = self.choose_form(members.len(), &found);
        Ok(Optimized { form, has_cased: found.has_cased })
    }

    /// Puts the lower case in place of each character beyond ASCII; was any of them cased?
    fn fold(&mut self, version: Version, budget: &mut Budget) -> Result<bool, Stop> {
        let bmp = &mut self.characters.bmp;
        let mut has_cased = false;
        let mut from = LAST_OF_ASCII + 1;
        // What is lower case already stays, so that it does no harm to come by where it was put.
        while let Some((first, last)) = bmp.stretch_from(from) {
            has_cased =
                has_cased || version.cased(first, last).any(|(first, last)| bmp.holds_any(first, last));
            for run in version.lower_runs(first, last) {
                for c in (run.first..=run.last).step_by(run.step as usize) {
                    if bmp.remove(c) {
                        let lower = c.wrapping_add_signed(run.delta);
                        bmp.insert(lower, budget)?;
                    }
                }
            }
            from = last + 1;
        }
        Ok(has_cased)
    }

    /// Folds what no bitmap holds; false where two categories make every character of it.
    fn fold_tail(&mut self, case: Case, rules: &Rules, found: &mut Found) -> bool {
        for n in 0..self.characters.tail.len() {
            let member = self.characters.tail[n];
            self.characters.tail[n] = match member {
                Member::Category(category) => {
                    let complement = Member::Category(category.negated());
                    if rules.complementary_categories_folded
                        && self.characters.tail[..n].contains(&complement)
                    {
                        return false;
                    }
                    member
                }
                Member::Literal(c) => {
                    let kept = if rules.astral_literals_folded { case.to_lower(c) } else { c };
                    found.beyond_bmp = true;
                    found.has_cased |= match rules.astral_literals_folded {
                        true => case.is_cased(kept),
                        false => case != Case::Kept,
                    };
                    Member::Literal(kept)
                }
                Member::Range(first, last) => {
                    found.beyond_bmp = true;
                    found.has_cased |= case != Case::Kept;
                    match case {
                        Case::Kept => member,
                        Case::Ascii if rules.astral_literals_folded => member,
                        _ => Member::RangeUniIgnore(first, last),
                    }
                }
                other => other,
            };
        }
        true
    }

    fn insert_extra_cases(&mut self, case: Case, budget: &mut Budget) -> Result<(), Stop> {
        let sets = case.extra_case_sets();
        let sets =
            if self.characters.bmp.is_ascii() { &sets[..sets.len().min(ASCII_EXTRA_CASES)] } else { sets };
        for set in sets {
            if set.iter().any(|&c| self.characters.bmp.contains(c)) {
                for &c in *set {
                    self.characters.bmp.insert(c, budget)?;
                }
            }
        }
        Ok(())
    }

    #[inline(always)]
    fn choose_form(&mut self, members: usize, found: &Found) -> Form {
        let Some(runs) = self.characters.bmp.count_few_runs() else {
            let big = found.beyond_bmp || self.characters.bmp.exceeds_latin1();
            return if big { Form::BigCharset } else { Form::Charset };
        };
        let length = usize::from(self.negate) + runs + self.characters.tail.len();
        if !found.has_cased && length >= members {
            return Form::Original;
        }
        self.runs = self.characters.bmp.few_runs().unwrap_or_default();
        Form::Runs
    }
}

impl Generator {
    /// Writes a set in the form that the optimizer has just chosen for it.
    ///
    /// CPython: `re/_compiler.py`, `_compile_charset`
    #[inline(always)]
    pub(super) fn compile_charset(
        &mut self,
        members: &[Packed],
        form: Form,
        flags: Flags,
    ) -> Result<(), Stop> {
        if form == Form::Original {
            for member in members {
                self.compile_member(member.get(), flags)?;
            }
            return self.op(Op::FAILURE);
        }
        if self.optimizer.negate {
            self.op(Op::NEGATE)?;
        }
        match form {
            Form::Charset => {
                self.op(Op::CHARSET)?;
                self.compile_block(0)?;
            }
            Form::BigCharset => self.compile_big_charset()?,
            _ => {
                let Runs { runs, len } = self.optimizer.runs;
                for &(first, last) in &runs[..len] {
                    let member =
                        if first == last { Member::Literal(first) } else { Member::Range(first, last) };
                    self.compile_member(member, flags)?;
                }
            }
        }
        for index in 0..self.optimizer.characters.tail.len() {
            self.compile_member(self.optimizer.characters.tail[index], flags)?;
        }
        self.op(Op::FAILURE)
    }

    #[inline(always)]
    fn compile_member(&mut self, member: Member, flags: Flags) -> Result<(), Stop> {
        let (op, arguments, count) = match member {
            Member::Negate => (Op::NEGATE, [0, 0], 0),
            Member::Literal(c) => (Op::LITERAL, [c, 0], 1),
            Member::Range(first, last) => (Op::RANGE, [first, last], 2),
            Member::RangeUniIgnore(first, last) => (Op::RANGE_UNI_IGNORE, [first, last], 2),
            Member::Category(category) => (Op::CATEGORY, [category.code(flags), 0], 1),
        };
        self.mark(0)?;
        self.keep_words([self.number(op), arguments[0], arguments[1]], 1 + count)
    }

    fn compile_block(&mut self, block: usize) -> Result<(), Stop> {
        let words = self.optimizer.characters.bmp.block(block);
        self.words(words)
    }

    /// How many different blocks there are, the number of each block, one byte each, and the blocks.
    fn compile_big_charset(&mut self) -> Result<(), Stop> {
        self.op(Op::BIGCHARSET)?;
        let (numbers, distinct) = self.optimizer.characters.bmp.distinct_blocks();
        self.words([distinct.as_slice().len() as u32])?;
        for &bytes in numbers.as_chunks().0 {
            self.words([u32::from_le_bytes(bytes)])?;
        }
        for &block in distinct.as_slice() {
            self.compile_block(block as usize)?;
        }
        Ok(())
    }
}

impl Category {
    /// The number of the category that flags make of this one.
    ///
    /// CPython: `re/_constants.py`, `CH_LOCALE` and `CH_UNICODE`
    pub(super) fn code(self, flags: Flags) -> u32 {
        const TO_LOCALE_WORD: u32 = 4;
        const TO_UNICODE: u32 = 10;
        let code = self as u32;
        if flags.any(Flags::LOCALE) {
            match self {
                Category::Word | Category::NotWord => code + TO_LOCALE_WORD,
                _ => code,
            }
        } else if flags.any(Flags::UNICODE) {
            code + TO_UNICODE
        } else {
            code
        }
    }
}
