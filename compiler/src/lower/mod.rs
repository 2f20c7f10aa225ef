//! Code generation: from the tree to the opcodes.

mod case;
mod charmap;
mod charset;
mod info;

use alloc::vec::Vec;

use crate::dialect::Rules;
use crate::error::{ErrorKind, Raise};
use crate::flags::Flags;
use crate::opcode::{At, Op};
use crate::pool::Grow;
use crate::program::Origin;
use crate::tree::{Assert, Conditional, Group, Item, NodeId, RepeatKind, SequenceId, Tree};

use case::Case;
use charset::{CharsetOptimizer, Form};

/// The largest word. CPython: `MAXCODE`
const MAXCODE: u64 = u32::MAX as u64;

/// What code generation works with besides the code; its memory is reused.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    frames: Vec<Frame>,
    optimizer: CharsetOptimizer,
    info: info::InfoScratch,
}

/// A subpattern whose code is being written.
#[derive(Clone, Copy, Debug)]
struct Frame {
    /// The item that comes next.
    next: Option<NodeId>,
    flags: Flags,
    /// The item that the subpattern belongs to.
    owner: Option<NodeId>,
    end: End,
}

/// What is written after a subpattern. A `skip` is the index of a word that says how far to jump.
#[derive(Clone, Copy, Debug)]
enum End {
    Pattern,
    Group { number: u32 },
    Success { skip: usize },
    Until { skip: usize, until: Op },
    Alternative { skip: usize, branch: u32, index: u32, jump: usize },
    ConditionalYes { skip: usize, no: Option<SequenceId> },
    ConditionalNo { skip: usize },
}

/// Writes the code of a tree.
pub(crate) struct Generator<'a> {
    pub tree: &'a Tree,
    pub rules: &'static Rules,
    pub scratch: &'a mut Scratch,
    pub code: &'a mut Vec<u32>,
    pub origins: Option<&'a mut Vec<Origin>>,
    /// The item whose code is being written.
    pub item: Option<NodeId>,
}

impl Generator<'_> {
    /// CPython: `re/_compiler.py`, `_code`
    pub(crate) fn generate(&mut self, root: SequenceId, flags: Flags) -> Result<(), Raise> {
        self.compile_info(root, flags)?;
        self.compile(root, flags)?;
        self.op(Op::SUCCESS)
    }

    #[inline]
    fn op(&mut self, op: Op) -> Result<(), Raise> {
        self.note_origin()?;
        self.code.try_push(self.rules.numbering.number(op))
    }

    /// An opcode and its argument.
    #[inline]
    fn op_with(&mut self, op: Op, word: u32) -> Result<(), Raise> {
        self.note_origin()?;
        self.code.try_extend(&[self.rules.numbering.number(op), word])
    }

    #[inline]
    fn word(&mut self, word: u32) -> Result<(), Raise> {
        self.code.try_push(word)
    }

    /// Leaves a word to be filled in by [`Generator::fill`].
    fn skip(&mut self) -> Result<usize, Raise> {
        self.word(0)?;
        Ok(self.code.len() - 1)
    }

    /// Has the word at `skip` lead to here, and `further` words on.
    fn fill(&mut self, skip: usize, further: usize) {
        self.code[skip] = (self.code.len() + further - skip) as u32;
    }

    /// Notes that the instruction that is written next came from the current item.
    #[inline]
    fn note_origin(&mut self) -> Result<(), Raise> {
        let (Some(origins), Some(node)) = (&mut self.origins, self.item) else { return Ok(()) };
        let Some(span) = self.tree.span(node) else { return Ok(()) };
        let span = span.start as usize..span.end as usize;
        origins.try_push(Origin { word: self.code.len(), span })
    }

    /// CPython: `re/_compiler.py`, `_compile`
    fn compile(&mut self, root: SequenceId, flags: Flags) -> Result<(), Raise> {
        self.scratch.frames.clear();
        self.enter(root, flags, None, End::Pattern)?;
        while let Some(frame) = self.scratch.frames.last_mut() {
            match frame.next {
                Some(node) => {
                    let flags = frame.flags;
                    if self.origins.is_none() && !flags.any(Flags::IGNORECASE) {
                        let rest = self.compile_literals(node)?;
                        if rest != Some(node) {
                            self.continue_at(rest);
                            continue;
                        }
                    }
                    self.continue_at(self.tree.next(node));
                    self.item = Some(node);
                    self.compile_item(node, flags)?;
                }
                None => {
                    let frame = *frame;
                    self.scratch.frames.pop();
                    self.item = frame.owner;
                    self.leave(frame)?;
                }
            }
        }
        Ok(())
    }

    /// The current subpattern goes on there.
    fn continue_at(&mut self, next: Option<NodeId>) {
        if let Some(frame) = self.scratch.frames.last_mut() {
            frame.next = next;
        }
    }

    /// Writes the literals from this item on, up to one that is none: most of a pattern, and nothing to decide.
    fn compile_literals(&mut self, first: NodeId) -> Result<Option<NodeId>, Raise> {
        let op = self.rules.numbering.number(Op::LITERAL);
        let mut at = Some(first);
        while let Some(node) = at
            && let Item::Literal(c) = self.tree.item(node)
        {
            self.code.try_extend(&[op, c])?;
            at = self.tree.next(node);
        }
        Ok(at)
    }

    /// Has the items of a subpattern written next, and then its end.
    fn enter(
        &mut self,
        body: SequenceId,
        flags: Flags,
        owner: Option<NodeId>,
        end: End,
    ) -> Result<(), Raise> {
        let next = self.tree.chain(body).first();
        self.scratch.frames.try_push(Frame { next, flags, owner, end })
    }

    fn compile_item(&mut self, node: NodeId, flags: Flags) -> Result<(), Raise> {
        let owner = Some(node);
        match self.tree.item(node) {
            Item::Literal(c) => self.compile_literal(c, flags, Op::LITERAL),
            Item::NotLiteral(c) => self.compile_literal(c, flags, Op::NOT_LITERAL),
            Item::Any => self.op(if flags.any(Flags::DOTALL) { Op::ANY_ALL } else { Op::ANY }),
            Item::Failure => self.op(Op::FAILURE),
            Item::In(set) => self.compile_set(set, flags),
            Item::At(at) => self.op_with(Op::AT, at.under(flags) as u32),
            Item::GroupRef(group) => {
                let op = match Case::of(flags, self.rules) {
                    _ if !flags.any(Flags::IGNORECASE) => Op::GROUPREF,
                    Case::Kept => Op::GROUPREF_LOC_IGNORE,
                    Case::Ascii => Op::GROUPREF_IGNORE,
                    Case::Unicode { .. } => Op::GROUPREF_UNI_IGNORE,
                };
                self.op_with(op, group - 1)
            }
            Item::Group(group) => {
                let Group { number, add, del, body } = self.tree.groups[group as usize];
                if number != 0 {
                    self.op_with(Op::MARK, (number - 1) * 2)?;
                }
                self.enter(body, flags.combine(add, del), owner, End::Group { number })
            }
            Item::Repeat(repeat) => self.compile_repeat(repeat, flags, owner),
            Item::Atomic(body) => {
                self.op(Op::ATOMIC_GROUP)?;
                let skip = self.skip()?;
                self.enter(body, flags, owner, End::Success { skip })
            }
            Item::Assert(assert) => {
                let Assert { behind, negative, body } = self.tree.asserts[assert as usize];
                self.op(if negative { Op::ASSERT_NOT } else { Op::ASSERT })?;
                let skip = self.skip()?;
                let back = if behind { self.lookbehind_width(body)? } else { 0 };
                self.word(back)?;
                self.enter(body, flags, owner, End::Success { skip })
            }
            Item::Branch(branch) => {
                self.op(Op::BRANCH)?;
                self.enter_alternative(branch, 0, 0, flags, owner)
            }
            Item::Conditional(conditional) => {
                let Conditional { group, yes, no } = self.tree.conditionals[conditional as usize];
                self.op_with(Op::GROUPREF_EXISTS, group - 1)?;
                let skip = self.skip()?;
                let no = no.filter(|&no| !self.tree.chain(no).is_empty());
                self.enter(yes, flags, owner, End::ConditionalYes { skip, no })
            }
        }
    }

    /// Writes what comes after a subpattern.
    fn leave(&mut self, Frame { flags, owner, end, .. }: Frame) -> Result<(), Raise> {
        match end {
            End::Pattern | End::Group { number: 0 } => {}
            End::Group { number } => {
                self.op_with(Op::MARK, (number - 1) * 2 + 1)?;
            }
            End::Success { skip } => {
                self.op(Op::SUCCESS)?;
                self.fill(skip, 0);
            }
            End::Until { skip, until } => {
                self.fill(skip, 0);
                self.op(until)?;
            }
            End::Alternative { skip, branch, index, jump } => {
                self.op(Op::JUMP)?;
                // Until the branch ends, each jump holds the index of the one before it.
                self.word(jump as u32)?;
                let jump = self.code.len() - 1;
                self.fill(skip, 0);
                self.enter_alternative(branch, index + 1, jump, flags, owner)?;
            }
            End::ConditionalYes { skip, no: Some(no) } => {
                self.op(Op::JUMP)?;
                let skip_no = self.skip()?;
                self.fill(skip, 1);
                self.enter(no, flags, owner, End::ConditionalNo { skip: skip_no })?;
            }
            End::ConditionalYes { skip, no: None } => self.fill(skip, 1),
            End::ConditionalNo { skip } => self.fill(skip, 0),
        }
        Ok(())
    }

    /// Starts the next alternative of a branch, or ends it and has all jumps lead here.
    fn enter_alternative(
        &mut self,
        branch: u32,
        index: u32,
        mut jump: usize,
        flags: Flags,
        owner: Option<NodeId>,
    ) -> Result<(), Raise> {
        if let Some(&alternative) = self.tree.branch(branch).get(index as usize) {
            let skip = self.skip()?;
            return self.enter(alternative, flags, owner, End::Alternative { skip, branch, index, jump });
        }
        self.op(Op::FAILURE)?;
        while jump != 0 {
            let previous = self.code[jump] as usize;
            self.fill(jump, 0);
            jump = previous;
        }
        Ok(())
    }

    fn compile_literal(&mut self, c: u32, flags: Flags, op: Op) -> Result<(), Raise> {
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
        let mut extra = case.extra_cases(lower).peekable();
        if extra.peek().is_none() {
            return self.op_with(ignoring, lower);
        }
        self.op(Op::IN_UNI_IGNORE)?;
        let skip = self.skip()?;
        if not {
            self.op(Op::NEGATE)?;
        }
        for c in core::iter::once(lower).chain(extra) {
            self.op_with(Op::LITERAL, c)?;
        }
        self.op(Op::FAILURE)?;
        self.fill(skip, 0);
        Ok(())
    }

    fn compile_set(&mut self, set: u32, flags: Flags) -> Result<(), Raise> {
        let case = Case::of(flags, self.rules);
        let members = self.tree.set(set);
        let optimized = self.scratch.optimizer.optimize(members, case, self.rules)?;
        let op = match case {
            _ if optimized.form == Form::Nothing => return self.op(Op::FAILURE),
            _ if optimized.form == Form::Everything => return self.op(Op::ANY_ALL),
            _ if flags.ignores_case_by_locale() => Op::IN_LOC_IGNORE,
            _ if !optimized.has_cased => Op::IN,
            Case::Unicode { .. } => Op::IN_UNI_IGNORE,
            _ => Op::IN_IGNORE,
        };
        self.op(op)?;
        let skip = self.skip()?;
        self.compile_charset(members, optimized.form, flags)?;
        self.fill(skip, 0);
        Ok(())
    }

    fn compile_repeat(&mut self, repeat: u32, flags: Flags, owner: Option<NodeId>) -> Result<(), Raise> {
        let repeat = self.tree.repeats[repeat as usize];
        if self.rules.template_flag && flags.any(Flags::TEMPLATE) {
            let operator = repeat.kind.name();
            return Err(Raise::plain(ErrorKind::TemplateRepeat { operator }));
        }
        let simple = self.is_simple(repeat.body);
        let (op, until) = match (repeat.kind, simple) {
            (RepeatKind::Greedy, true) => (Op::REPEAT_ONE, None),
            (RepeatKind::Lazy, true) => (Op::MIN_REPEAT_ONE, None),
            (RepeatKind::Possessive, true) => (Op::POSSESSIVE_REPEAT_ONE, None),
            (RepeatKind::Greedy, false) => (Op::REPEAT, Some(Op::MAX_UNTIL)),
            (RepeatKind::Lazy, false) => (Op::REPEAT, Some(Op::MIN_UNTIL)),
            (RepeatKind::Possessive, false) => (Op::POSSESSIVE_REPEAT, Some(Op::SUCCESS)),
        };
        self.op(op)?;
        let skip = self.skip()?;
        self.word(repeat.min)?;
        self.word(repeat.max)?;
        let end = match until {
            Some(until) => End::Until { skip, until },
            None => End::Success { skip },
        };
        self.enter(repeat.body, flags, owner, end)
    }

    /// Is it one item that matches one character?
    ///
    /// CPython: `re/_compiler.py`, `_simple`
    fn is_simple(&self, mut body: SequenceId) -> bool {
        loop {
            let Some(node) = self.tree.chain(body).single() else { return false };
            match self.tree.item(node) {
                Item::Literal(_) | Item::NotLiteral(_) | Item::Any | Item::In(_) => return true,
                Item::Group(group) => {
                    let group = self.tree.groups[group as usize];
                    if group.number != 0 {
                        return false;
                    }
                    body = group.body;
                }
                _ => return false,
            }
        }
    }

    fn lookbehind_width(&self, body: SequenceId) -> Result<u32, Raise> {
        let width = self.tree.width(body);
        if width.min > MAXCODE {
            return Err(Raise::plain(ErrorKind::LookbehindTooLong));
        }
        if width.min != width.max {
            return Err(Raise::plain(ErrorKind::VariableLookbehind));
        }
        Ok(width.min as u32)
    }
}

impl At {
    /// What flags make of a position.
    ///
    /// CPython: `re/_constants.py`, `AT_MULTILINE`, `AT_LOCALE`, `AT_UNICODE`
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

impl RepeatKind {
    /// CPython's name of the parser's operator.
    pub(crate) fn name(self) -> &'static str {
        match self {
            RepeatKind::Greedy => "MAX_REPEAT",
            RepeatKind::Lazy => "MIN_REPEAT",
            RepeatKind::Possessive => "POSSESSIVE_REPEAT",
        }
    }
}
