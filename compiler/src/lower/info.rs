//! The info block: the pattern's width, and what its matches start with.

use alloc::vec::Vec;

use super::case::Case;
use super::charset::Form;
use super::{Generator, MAXCODE, Opening};
use crate::charmap::Characters;
use crate::dialect::Rules;
use crate::flags::Flags;
use crate::literals::add_run;
use crate::members::{Member, Notes};
use crate::opcode::{INFO_CHARSET, INFO_LITERAL, INFO_PREFIX, Op};
use crate::pool::{Budget, Grow, Stop};
use crate::tree::{Item, Items, SequenceId, Tree};

/// What the info block is made of; its memory is reused.
#[derive(Debug, Default)]
pub(crate) struct InfoScratch {
    /// The set that the first character of every match is in.
    charset: Vec<Member>,
    notes: Notes,
    /// Where to go on after the groups that the walk is in.
    walk: Vec<(Items, Flags)>,
}

/// What the walk along the start of a pattern finds besides the characters.
struct PrefixWalk {
    /// How many characters come before the first group.
    skip: Option<u32>,
    /// Is the prefix the whole pattern?
    got_all: bool,
}

impl Generator<'_> {
    /// CPython: `re/_compiler.py`, `_compile_info`
    ///
    /// `items` is the code of the items.
    pub(crate) fn compile_info(
        &mut self,
        tree: &Tree,
        root: SequenceId,
        flags: Flags,
        items: &[u32],
        info: &mut InfoScratch,
    ) -> Result<(), Stop> {
        let width = tree.sequence(root).width;
        let (min, max) = (width.min.min(MAXCODE) as u32, width.max.min(MAXCODE) as u32);
        if min == 0 {
            self.op(Op::INFO)?;
            return self.words([4, 0, 0, max]);
        }
        let skip = self.op_skip(Op::INFO)?;
        self.words([0, min, max])?;
        let mask = skip as usize + 1;
        let (may_be_prefix, may_be_set) = match tree.next_item(&mut tree.items(root)) {
            _ if flags.ignores_case_by_locale() => (false, false),
            Some(Item::Literals(_) | Item::Group { .. } | Item::FlagGroup(_)) => (true, true),
            Some(Item::In(_) | Item::Category(_) | Item::Branch(_)) => (false, true),
            _ => (false, false),
        };
        if may_be_prefix && let Some(walk) = self.compile_prefix(tree, root, flags, info)? {
            let is_all = walk.skip.is_none() && walk.got_all;
            self.code[mask] = if is_all { INFO_PREFIX | INFO_LITERAL } else { INFO_PREFIX };
        } else if !may_be_set {
            // There is neither prefix nor set.
        } else if let Some(charset) = self.written_charset(tree, root, flags, items) {
            self.code[mask] = INFO_CHARSET;
            self.code.try_extend(charset, self.budget)?;
        } else if let Some(form) = self.find_charset(tree, root, flags, info)? {
            self.code[mask] = INFO_CHARSET;
            // QUIRK(3.8..): with the flags of the whole pattern, not those where the set stands: `(?a:\w)`
            self.compile_charset(&info.charset, form, flags)?;
        }
        self.fill(skip);
        Ok(())
    }

    /// Writes the characters that every match starts with, if there are any: how many, how many of them come before
    /// the first group, the characters, and for each how much of the prefix ends there again.
    ///
    /// CPython: `re/_compiler.py`, `_get_literal_prefix` and `_generate_overlap_table`
    fn compile_prefix(
        &mut self,
        tree: &Tree,
        root: SequenceId,
        flags: Flags,
        info: &mut InfoScratch,
    ) -> Result<Option<PrefixWalk>, Stop> {
        let start = self.code.len();
        self.words([0, 0])?;
        let walk = self.write_prefix(tree, root, flags, info)?;
        let length = self.code.len() - start - 2;
        if length == 0 {
            self.code.truncate(start);
            return Ok(None);
        }
        self.code[start] = length as u32;
        self.code[start + 1] = walk.skip.unwrap_or(length as u32);
        self.make_room(length)?;
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

    /// CPython: `re/_compiler.py`, `_get_literal_prefix`
    fn write_prefix(
        &mut self,
        tree: &Tree,
        root: SequenceId,
        mut flags: Flags,
        info: &mut InfoScratch,
    ) -> Result<PrefixWalk, Stop> {
        let start = self.code.len();
        let mut skip = None;
        info.walk.clear();
        let mut items = tree.items(root);
        let got_all = loop {
            let Some(item) = tree.next_item(&mut items) else {
                let Some(outer) = info.walk.pop() else { break true };
                (items, flags) = outer;
                continue;
            };
            if let Item::Literals(part) = item {
                let literals = tree.literals(part);
                let case = Case::of(flags, self.rules);
                let uncased = match case {
                    Case::Kept => literals.len(),
                    _ => literals.iter().position(|&c| case.is_cased(c)).unwrap_or(literals.len()),
                };
                add_run(self.code, literals, uncased, self.budget, |c| [c])?;
                if uncased < literals.len() {
                    break false;
                }
            } else if let Some(group) = tree.group(item) {
                let inner = flags.combine(group.add, group.del);
                if inner.ignores_case_by_locale() {
                    break false;
                }
                if group.number != 0 {
                    skip = skip.or(Some((self.code.len() - start) as u32));
                }
                info.walk.try_push((items, flags), self.budget)?;
                (items, flags) = (tree.items(group.body), inner);
            } else {
                break false;
            }
        };
        Ok(PrefixWalk { skip, got_all })
    }

    /// How to test the first character, as it is written among the items already: if it is that of a set, case counts,
    /// and the flags are those of the whole pattern.
    fn written_charset<'c>(
        &self,
        tree: &Tree,
        root: SequenceId,
        flags: Flags,
        code: &'c [u32],
    ) -> Option<&'c [u32]> {
        if Case::of(flags, self.rules) != Case::Kept {
            return None;
        }
        let mut items = tree.items(root);
        let mut at = 0;
        loop {
            match tree.next_item(&mut items)? {
                Item::Group { body, .. } => {
                    at += Opening::Mark(0).length() as usize;
                    items = tree.items(body);
                }
                Item::In(_) | Item::Category(_) if code[at] == self.number(Op::IN) => {
                    let skip = at + 1;
                    return code.get(skip + 1..skip + code[skip] as usize);
                }
                _ => return None,
            }
        }
    }

    /// The set that the first character is in, left in the scratch, and how to write it.
    fn find_charset(
        &mut self,
        tree: &Tree,
        root: SequenceId,
        flags: Flags,
        info: &mut InfoScratch,
    ) -> Result<Option<Form>, Stop> {
        info.charset.clear();
        let optimizer = &mut *self.optimizer;
        info.notes = Notes::begin(&mut optimizer.characters);
        if !info.find_charset(tree, root, flags, self.rules, &mut optimizer.characters, self.budget)? {
            return Ok(None);
        }
        let outline = info.notes.outline;
        let form = optimizer.optimize(&info.charset, &outline, Case::Kept, self.rules, self.budget)?.form;
        Ok((!matches!(form, Form::Everything | Form::Nothing)).then_some(form))
    }
}

impl InfoScratch {
    /// The bytes of memory that it holds.
    pub(super) fn bytes(&self) -> usize {
        self.charset.bytes() + self.walk.bytes()
    }

    /// Collects the set that the first character of every match is in; false where there is none.
    ///
    /// CPython: `re/_compiler.py`, `_get_charset_prefix`
    fn find_charset(
        &mut self,
        tree: &Tree,
        root: SequenceId,
        mut flags: Flags,
        rules: &Rules,
        characters: &mut Characters,
        budget: &mut Budget,
    ) -> Result<bool, Stop> {
        let mut body = root;
        let item = loop {
            let Some(item) = tree.first_item(tree.items(body)) else { return Ok(false) };
            let Some(group) = tree.group(item) else { break item };
            flags = flags.combine(group.add, group.del);
            if flags.ignores_case_by_locale() {
                return Ok(false);
            }
            body = group.body;
        };
        let case = Case::of(flags, rules);
        match item {
            Item::Literals(first) => self.add_uncased(tree.literals(first)[0], case, characters, budget),
            Item::Branch(branch) => {
                for &alternative in tree.branch(branch) {
                    let Some(Item::Literals(first)) = tree.first_item(alternative) else {
                        return Ok(false);
                    };
                    if !self.add_uncased(tree.literals(first)[0], case, characters, budget)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Item::Category(category) => {
                self.add(Member::Category(category), characters, budget).map(|()| true)
            }
            Item::In(set) => {
                let cased = |&member: &Member| match member {
                    Member::Literal(c) => case.is_cased(c),
                    Member::Range(first, last) if case != Case::Kept => {
                        last > 0xffff || case.any_cased(first, last)
                    }
                    _ => false,
                };
                if tree.set(set).iter().any(cased) {
                    return Ok(false);
                }
                tree.set(set).iter().try_for_each(|&member| self.add(member, characters, budget))?;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    fn add_uncased(
        &mut self,
        c: u32,
        case: Case,
        characters: &mut Characters,
        budget: &mut Budget,
    ) -> Result<bool, Stop> {
        if case.is_cased(c) {
            return Ok(false);
        }
        self.add(Member::Literal(c), characters, budget)?;
        Ok(true)
    }

    #[inline]
    fn add(&mut self, member: Member, characters: &mut Characters, budget: &mut Budget) -> Result<(), Stop> {
        self.notes.add(member, characters, budget)?;
        self.charset.try_push(member, budget)
    }
}
