//! The info block: the width of the pattern, and what its matches begin with.

use super::case::Case;
use super::charset_optimizer::{Form, optimize};
use super::emitter::{Emitter, MAXCODE};
use super::prefix_info::{FirstSet, PrefixInfo};
use crate::flags::Flags;
use crate::item::Atom;
use crate::memory::{Abort, TryVecExt};
use crate::opcode::{INFO_CHARSET, INFO_LITERAL, INFO_PREFIX, Op};
use crate::set::{PackedSetItem, SetBuilder, SetItem, Sets};
use crate::width::Width;

/// The literals that each match begins with.
struct Prefix {
    /// How many characters precede the first group, if there is one.
    skip: Option<u32>,
    /// Whether they are the whole pattern. CPython: `got_all`
    got_all: bool,
}

impl Emitter {
    /// CPython: `re/_compiler.py`, `_compile_info`
    ///
    /// `code` is that of the items.
    pub(super) fn compile_info(
        &mut self,
        width: Width,
        sets: &Sets,
        set: &mut SetBuilder,
        flags: Flags,
        code: &[u32],
    ) -> Result<(), Abort> {
        let (min, max) = (width.min.min(MAXCODE) as u32, width.max.min(MAXCODE) as u32);
        if min == 0 {
            return self.emit_words([self.opcode(Op::INFO), 4, 0, 0, max]);
        }
        let skip = self.emit_op_skip(Op::INFO)?;
        self.emit_words([0, min, max])?;
        let mask = skip as usize + 1;
        if flags.ignores_case_by_locale() {
            // Neither a prefix nor a set.
        } else if let Some(prefix) = self.compile_prefix(code)? {
            let is_all = prefix.skip.is_none() && prefix.got_all;
            self.code[mask] = if is_all { INFO_PREFIX | INFO_LITERAL } else { INFO_PREFIX };
        } else if self.compile_first_set(sets, set, flags, code)? {
            self.code[mask] = INFO_CHARSET;
        }
        self.patch_skip(skip);
        Ok(())
    }

    /// Emits the literal prefix, if there is one: its length, how many characters precede the first
    /// group, the characters, and the overlap table.
    ///
    /// CPython: `re/_compiler.py`, `_get_literal_prefix` and `_generate_overlap_table`
    fn compile_prefix(&mut self, code: &[u32]) -> Result<Option<Prefix>, Abort> {
        let start = self.code.len();
        self.emit_words([0, 0])?;
        let walk = self.write_prefix(code)?;
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
                // The first character rarely occurs again.
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

    /// Emits the characters of the literals that the code begins with. A literal whose case is
    /// ignored has another opcode, which ends the prefix; see `prefix_info` for the rest.
    ///
    /// CPython: `re/_compiler.py`, `_get_literal_prefix`
    fn write_prefix(&mut self, code: &[u32]) -> Result<Prefix, Abort> {
        let start = self.code.len();
        let [literal, mark] = [Op::LITERAL, Op::MARK].map(|op| self.opcode(op));
        let end = self.prefix_info.settled.min(self.prefix_info.prefix_end) as usize;
        let (mut at, mut skip) = (0, None);
        let got_all = loop {
            if at >= end {
                break false;
            }
            match code.get(at..) {
                Some(&[op, c, ..]) if op == literal => self.emit_words([c])?,
                // The first MARK opens a group.
                Some(&[op, _, ..]) if op == mark => skip = skip.or(Some((self.code.len() - start) as u32)),
                Some([]) => break true,
                _ => break false,
            }
            at += 2;
        };
        Ok(Prefix { skip, got_all })
    }

    /// Emits the set that contains the first character of each match. Returns whether there is one.
    ///
    /// CPython: `re/_compiler.py`, `_get_charset_prefix`
    fn compile_first_set(
        &mut self,
        sets: &Sets,
        set: &mut SetBuilder,
        flags: Flags,
        code: &[u32],
    ) -> Result<bool, Abort> {
        let PrefixInfo { marks, settled, set: first_set, branch, .. } = self.prefix_info;
        let begins_with_set = settled > marks;
        let Some(FirstSet { item, flags: inner }) = (if begins_with_set { first_set } else { branch }) else {
            return Ok(false);
        };
        let case = Case::of(inner, self.rules);
        let at = marks as usize;
        if begins_with_set && case == Case::Kept && flags.mean_the_same_categories(inner) {
            // The same code is there already, unless the set became FAILURE or ANY_ALL.
            if code[at] == self.opcode(Op::CATEGORY) {
                self.emit_words([code[at], code[at + 1], self.opcode(Op::FAILURE)])?;
                return Ok(true);
            }
            if code[at] != self.opcode(Op::IN) {
                return Ok(false);
            }
            let skip = at + 1;
            self.code.try_extend(&code[skip + 1..skip + code[skip] as usize], &mut self.budget)?;
            return Ok(true);
        }
        let category;
        let items = match item.atom() {
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
        set.begin();
        for &item in items {
            set.add(item.get(), &mut self.budget)?;
        }
        let optimized = optimize(set, items.len(), Case::Kept, self.rules, &mut self.budget)?;
        if matches!(optimized.form, Form::Any | Form::Never) {
            return Ok(false);
        }
        // QUIRK(3.8..): with the flags of the whole pattern, not those in force at the set:
        // `(?a:\w)`
        self.compile_charset(set, items, optimized.form, flags)?;
        Ok(true)
    }
}
