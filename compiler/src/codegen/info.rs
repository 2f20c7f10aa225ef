//! The info block: the pattern's width, and what its matches start with.

use super::case::Case;
use super::charset_optimizer::Form;
use super::emitter::{Emitter, MAXCODE};
use super::prefix_info::{FirstSet, PrefixInfo};
use crate::flags::Flags;
use crate::item::Atom;
use crate::memory::{Stop, TryVecExt};
use crate::opcode::{INFO_CHARSET, INFO_LITERAL, INFO_PREFIX, Op};
use crate::set::{Notes, Sets};
use crate::set::{PackedSetItem, SetItem};
use crate::width::Width;

/// What a pattern starts with.
struct Prefix {
    /// How many characters come before the first group.
    skip: Option<u32>,
    /// Is it the whole pattern?
    got_all: bool,
}

impl Emitter {
    /// CPython: `re/_compiler.py`, `_compile_info`
    ///
    /// `items` is the code of the items.
    pub(super) fn compile_info(
        &mut self,
        width: Width,
        sets: &Sets,
        flags: Flags,
        items: &[u32],
    ) -> Result<(), Stop> {
        let (min, max) = (width.min.min(MAXCODE) as u32, width.max.min(MAXCODE) as u32);
        if min == 0 {
            return self.emit_words([self.opcode(Op::INFO), 4, 0, 0, max]);
        }
        let skip = self.emit_op_skip(Op::INFO)?;
        self.emit_words([0, min, max])?;
        let mask = skip as usize + 1;
        if flags.ignores_case_by_locale() {
            // There is neither prefix nor set.
        } else if let Some(prefix) = self.compile_prefix(items)? {
            let is_all = prefix.skip.is_none() && prefix.got_all;
            self.code[mask] = if is_all { INFO_PREFIX | INFO_LITERAL } else { INFO_PREFIX };
        } else if self.compile_first(sets, flags, items)? {
            self.code[mask] = INFO_CHARSET;
        }
        self.patch_skip(skip);
        Ok(())
    }

    /// Writes the characters that every match starts with, if there are any: how many, how many of them come before
    /// the first group, the characters, and for each how much of the prefix ends there again.
    ///
    /// CPython: `re/_compiler.py`, `_get_literal_prefix` and `_generate_overlap_table`
    fn compile_prefix(&mut self, items: &[u32]) -> Result<Option<Prefix>, Stop> {
        let start = self.code.len();
        self.emit_words([0, 0])?;
        let walk = self.write_prefix(items)?;
        let length = self.code.len() - start - 2;
        if length == 0 {
            self.code.truncate(start);
            return Ok(None);
        }
        self.code[start] = length as u32;
        self.code[start + 1] = walk.skip.unwrap_or(length as u32);
        self.ensure_spare(length)?;
        self.code.resize(start + 2 + 2 * length, 0);
        let (prefix, table) = self.code[start + 2..].split_at_mut(length);
        let (mut overlap, mut at) = (0, 1);
        while at < length {
            if overlap == 0 {
                // Mostly the first character does not come again.
                let Some(distance) = prefix[at..].iter().position(|&c| c == prefix[0]) else { break };
                at += distance;
            }
            while overlap > 0 && prefix[at] != prefix[overlap] {
                overlap = table[overlap - 1] as usize;
            }
            overlap += usize::from(prefix[at] == prefix[overlap]);
            table[at] = overlap as u32;
            at += 1;
        }
        Ok(Some(walk))
    }

    /// Writes the literals whose case counts that the items start with. That others come next, their code tells.
    ///
    /// CPython: `re/_compiler.py`, `_get_literal_prefix`
    fn write_prefix(&mut self, items: &[u32]) -> Result<Prefix, Stop> {
        let start = self.code.len();
        let [literal, mark] = [Op::LITERAL, Op::MARK].map(|op| self.opcode(op));
        let end = self.prefix_info.settled.min(self.prefix_info.prefix_end) as usize;
        let (mut at, mut skip) = (0, None);
        let got_all = loop {
            if at >= end {
                break false;
            }
            match items.get(at..) {
                Some(&[op, c, ..]) if op == literal => self.emit_words([c])?,
                // The first one opens a group.
                Some(&[op, _, ..]) if op == mark => skip = skip.or(Some((self.code.len() - start) as u32)),
                Some([]) => break true,
                _ => break false,
            }
            at += 2;
        };
        Ok(Prefix { skip, got_all })
    }

    /// Writes the set that the first character of every match is in, if there is one.
    ///
    /// CPython: `re/_compiler.py`, `_get_charset_prefix`
    fn compile_first(&mut self, sets: &Sets, flags: Flags, items: &[u32]) -> Result<bool, Stop> {
        let PrefixInfo { marks, settled, set, branch, .. } = self.prefix_info;
        let begins_with_set = settled > marks;
        let Some(FirstSet { kind, flags: inner }) = (if begins_with_set { set } else { branch }) else {
            return Ok(false);
        };
        let case = Case::of(inner, self.rules);
        let at = marks as usize;
        if begins_with_set && case == Case::Kept && flags.mean_the_same_categories(inner) {
            // It is among the items already, unless it came to be nothing or everything.
            if items[at] != self.opcode(Op::IN) {
                return Ok(false);
            }
            let skip = at + 1;
            self.code.try_extend(&items[skip + 1..skip + items[skip] as usize], &mut self.budget)?;
            return Ok(true);
        }
        let category;
        let items = match kind.atom() {
            Some(Atom::In(set)) => sets.items_of(set),
            Some(Atom::Category(one)) => {
                category = [PackedSetItem::from(SetItem::Category(one))];
                &category
            }
            _ => return Ok(false),
        };
        let is_cased = |item: &PackedSetItem| match item.get() {
            SetItem::Literal(c) => case.is_cased(c),
            SetItem::Range(first, last) if case != Case::Kept => last > 0xffff || case.any_cased(first, last),
            _ => false,
        };
        if items.iter().any(is_cased) {
            return Ok(false);
        }
        let optimizer = &mut self.optimizer;
        let mut notes = Notes::begin(&mut optimizer.characters);
        for &item in items {
            notes.add(item.get(), &mut optimizer.characters, &mut self.budget)?;
        }
        let optimized =
            optimizer.optimize(items, &notes.summary, Case::Kept, self.rules, &mut self.budget)?;
        if matches!(optimized.form, Form::Any | Form::Never) {
            return Ok(false);
        }
        // QUIRK(3.8..): with the flags of the whole pattern, not those where the set stands: `(?a:\w)`
        self.compile_charset(items, optimized.form, flags)?;
        Ok(true)
    }
}
