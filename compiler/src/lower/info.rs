//! The info block: the pattern's width, and what its matches start with.

use alloc::vec::Vec;

use super::case::Case;
use super::charset::Form;
use super::{Generator, MAXCODE};
use crate::dialect::Rules;
use crate::error::Raise;
use crate::flags::Flags;
use crate::opcode::{INFO_CHARSET, INFO_LITERAL, INFO_PREFIX, Op};
use crate::pool::Grow;
use crate::tree::{Item, Member, NodeId, SequenceId, Tree};

/// What the info block is made of; its memory is reused.
#[derive(Debug, Default)]
pub(super) struct InfoScratch {
    /// The characters that every match starts with.
    prefix: Vec<u32>,
    /// Else the set that its first character is in.
    charset: Vec<Member>,
    /// Where to go on after the groups that the walk is in.
    walk: Vec<(Option<NodeId>, Flags)>,
}

/// What the walk along the start of a pattern finds besides the characters.
struct PrefixWalk {
    /// How many characters come before the first group.
    skip: Option<usize>,
    /// Is the prefix the whole pattern?
    got_all: bool,
}

impl Generator<'_> {
    /// CPython: `re/_compiler.py`, `_compile_info`
    pub(super) fn compile_info(&mut self, root: SequenceId, flags: Flags) -> Result<(), Raise> {
        let width = self.tree.width(root);
        let max = width.max.min(MAXCODE) as u32;
        self.op(Op::INFO)?;
        if width.min == 0 {
            return self.code.try_extend(&[4, 0, 0, max]);
        }
        let skip = self.skip()?;
        let mut walk = PrefixWalk { skip: None, got_all: false };
        let mut charset = None;
        self.scratch.info.prefix.clear();
        self.scratch.info.charset.clear();
        if !flags.ignores_case_by_locale() {
            walk = self.scratch.info.find_prefix(self.tree, root, flags, self.rules)?;
            if self.scratch.info.prefix.is_empty() {
                charset = self.find_charset(root, flags)?;
            }
        }
        let length = self.scratch.info.prefix.len();
        self.word(match charset {
            _ if length > 0 && walk.skip.is_none() && walk.got_all => INFO_PREFIX | INFO_LITERAL,
            _ if length > 0 => INFO_PREFIX,
            Some(_) => INFO_CHARSET,
            None => 0,
        })?;
        self.word(width.min.min(MAXCODE) as u32)?;
        self.word(max)?;
        if length > 0 {
            self.word(length as u32)?;
            self.word(walk.skip.unwrap_or(length) as u32)?;
            self.code.try_extend(&self.scratch.info.prefix)?;
            self.compile_overlap_table(length)?;
        } else if let Some(form) = charset {
            // QUIRK(3.8..): with the flags of the whole pattern, not those where the set stands: `(?a:\w)`
            let members = core::mem::take(&mut self.scratch.info.charset);
            let result = self.compile_charset(&members, form, flags);
            self.scratch.info.charset = members;
            result?;
        }
        self.fill(skip, 0);
        Ok(())
    }

    /// For each place in the prefix that was just written: how much of the prefix ends there again.
    ///
    /// CPython: `re/_compiler.py`, `_generate_overlap_table`
    fn compile_overlap_table(&mut self, length: usize) -> Result<(), Raise> {
        let table = self.code.len();
        let prefix = table - length;
        self.word(0)?;
        for i in 1..length {
            let mut overlap = self.code[table + i - 1] as usize;
            while overlap > 0 && self.code[prefix + i] != self.code[prefix + overlap] {
                overlap = self.code[table + overlap - 1] as usize;
            }
            let again = self.code[prefix + i] == self.code[prefix + overlap];
            self.word((overlap + usize::from(again)) as u32)?;
        }
        Ok(())
    }

    /// The set that the first character is in, left in the scratch, and how to write it.
    fn find_charset(&mut self, root: SequenceId, flags: Flags) -> Result<Option<Form>, Raise> {
        let info = &mut self.scratch.info;
        if !info.find_charset(self.tree, root, flags, self.rules)? {
            return Ok(None);
        }
        let form = self.scratch.optimizer.optimize(&info.charset, Case::Kept, self.rules)?.form;
        Ok((!matches!(form, Form::Everything | Form::Nothing)).then_some(form))
    }
}

impl InfoScratch {
    /// Collects the characters that every match starts with.
    ///
    /// CPython: `re/_compiler.py`, `_get_literal_prefix`
    fn find_prefix(
        &mut self,
        tree: &Tree,
        root: SequenceId,
        mut flags: Flags,
        rules: &Rules,
    ) -> Result<PrefixWalk, Raise> {
        let mut skip = None;
        self.walk.clear();
        let mut at = tree.chain(root).first();
        let got_all = loop {
            let Some(node) = at else {
                let Some((next, outer)) = self.walk.pop() else { break true };
                (at, flags) = (next, outer);
                continue;
            };
            match tree.item(node) {
                Item::Literal(c) if !Case::of(flags, rules).is_cased(c) => {
                    self.prefix.try_push(c)?;
                    at = tree.next(node);
                }
                Item::Group(group) => {
                    let group = tree.groups[group as usize];
                    let inner = flags.combine(group.add, group.del);
                    if inner.ignores_case_by_locale() {
                        break false;
                    }
                    if group.number != 0 {
                        skip = skip.or(Some(self.prefix.len()));
                    }
                    self.walk.try_push((tree.next(node), flags))?;
                    (at, flags) = (tree.chain(group.body).first(), inner);
                }
                _ => break false,
            }
        };
        Ok(PrefixWalk { skip, got_all })
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
    ) -> Result<bool, Raise> {
        let mut body = root;
        let item = loop {
            let Some(node) = tree.chain(body).first() else { return Ok(false) };
            let Item::Group(group) = tree.item(node) else { break tree.item(node) };
            let group = tree.groups[group as usize];
            flags = flags.combine(group.add, group.del);
            if flags.ignores_case_by_locale() {
                return Ok(false);
            }
            body = group.body;
        };
        let case = Case::of(flags, rules);
        match item {
            Item::Literal(c) => self.add_uncased(c, case),
            Item::Branch(branch) => {
                for &alternative in tree.branch(branch) {
                    let first = tree.chain(alternative).first().map(|node| tree.item(node));
                    let Some(Item::Literal(c)) = first else { return Ok(false) };
                    if !self.add_uncased(c, case)? {
                        return Ok(false);
                    }
                }
                Ok(true)
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
                self.charset.try_extend(tree.set(set))?;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    fn add_uncased(&mut self, c: u32, case: Case) -> Result<bool, Raise> {
        if case.is_cased(c) {
            return Ok(false);
        }
        self.charset.try_push(Member::Literal(c))?;
        Ok(true)
    }
}
