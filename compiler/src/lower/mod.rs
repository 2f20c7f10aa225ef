//! Code generation: from the tree to the opcodes.

mod case;
mod charmap;
mod charset;
mod emit;
mod info;

use alloc::vec::Vec;

use crate::dialect::Rules;
use crate::error::{ErrorKind, Raise};
use crate::flags::Flags;
use crate::opcode::{At, Op};
use crate::pool::{Budget, Grow, Stop};
use crate::program::Origin;
use crate::tree::{Body, Conditional, Group, Item, NodeId, Repeat, RepeatKind, SequenceId, Slice, Tree};

use case::{Case, is_ascii_letter};
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

impl Scratch {
    /// The bytes of memory that it holds.
    pub(crate) fn bytes(&self) -> usize {
        self.frames.bytes() + self.optimizer.bytes() + self.info.bytes()
    }
}

/// The item of a subpattern that is written next, if there is one more, and the flags there.
#[derive(Clone, Copy, Debug)]
struct Place {
    next: Option<NodeId>,
    flags: Flags,
}

/// What to go on with after a subpattern.
#[derive(Clone, Copy, Debug)]
struct Frame {
    outer: Place,
    /// The item that the subpattern belongs to.
    owner: Option<NodeId>,
    end: End,
}

/// What is written after a subpattern. A `skip` is the index of a word that says how far to jump.
#[derive(Clone, Copy, Debug)]
enum End {
    Plain,
    Group { number: u32 },
    Success { skip: u32 },
    Until { skip: u32, until: Op },
    Alternative { skip: u32, others: Slice, jump: u32 },
    ConditionalYes { skip: u32, no: Option<SequenceId> },
    ConditionalNo { skip: u32 },
}

/// Writes the code of a tree.
pub(crate) struct Generator<'a> {
    pub tree: &'a Tree,
    pub rules: &'static Rules,
    pub scratch: &'a mut Scratch,
    pub code: &'a mut Vec<u32>,
    /// How many words the code may have.
    pub max_code: usize,
    pub budget: &'a mut Budget,
    pub origins: Option<&'a mut Vec<Origin>>,
    /// The item whose code is being written.
    pub item: Option<NodeId>,
    /// Why the pattern is refused, once something has stopped.
    pub raised: ErrorKind,
}

/// CPython: `re/_compiler.py`, `_code`
impl Generator<'_> {
    /// Writes the info block.
    pub(crate) fn generate_info(&mut self, root: SequenceId, flags: Flags) -> Result<(), Raise> {
        self.compile_info(root, flags).map_err(|stop| self.why(stop))
    }

    /// Writes all that follows it.
    pub(crate) fn generate_code(&mut self, root: SequenceId, flags: Flags) -> Result<(), Raise> {
        let result = self.compile(root, flags).and_then(|()| self.op(Op::SUCCESS));
        match result {
            Ok(()) if self.code.len() > self.max_code => Err(Stop::CodeLimit.into()),
            result => result.map_err(|stop| self.why(stop)),
        }
    }

    fn why(&self, stop: Stop) -> Raise {
        if stop == Stop::Raised { Raise::plain(self.raised) } else { stop.into() }
    }

    /// Keeps why the pattern is refused.
    fn raise(&mut self, kind: ErrorKind) -> Stop {
        self.raised = kind;
        Stop::Raised
    }
}

impl Generator<'_> {
    /// CPython: `re/_compiler.py`, `_compile`
    fn compile(&mut self, root: SequenceId, flags: Flags) -> Result<(), Stop> {
        self.scratch.frames.clear();
        let mut place = Place { next: self.tree.chain(root).first(), flags };
        loop {
            while let Some(node) = place.next {
                let (item, next) = self.tree.step(node);
                self.item = Some(node);
                place = self.compile_item(item, Place { next, ..place })?;
            }
            let Some(frame) = self.scratch.frames.pop() else { return Ok(()) };
            self.item = frame.owner;
            place = self.leave(frame)?;
        }
    }

    /// Has the items of a subpattern of the current item written next, then its end, and then what is outside.
    #[inline]
    fn enter(&mut self, sequence: SequenceId, flags: Flags, end: End, outer: Place) -> Result<Place, Stop> {
        self.scratch.frames.try_push(Frame { outer, owner: self.item, end }, self.budget)?;
        Ok(Place { next: self.tree.chain(sequence).first(), flags })
    }

    /// Writes an item, or its start, and tells where to go on.
    fn compile_item(&mut self, item: Item, outer: Place) -> Result<Place, Stop> {
        let flags = outer.flags;
        match item {
            Item::Group { number, body } => {
                self.op_with(Op::MARK, (number - 1) * 2)?;
                self.enter(body, flags, End::Group { number }, outer)
            }
            Item::FlagGroup(group) => {
                let Group { add, del, body, .. } = self.tree.flag_groups[group as usize];
                self.enter(body, flags.combine(add, del), End::Plain, outer)
            }
            Item::Repeat(repeat) => self.compile_repeat(repeat, outer),
            Item::Atomic(body) => {
                let skip = self.op_skip(Op::ATOMIC_GROUP, [])?;
                self.enter(body, flags, End::Success { skip }, outer)
            }
            Item::Assert(kind, body) => {
                let op = if kind.is_negative() { Op::ASSERT_NOT } else { Op::ASSERT };
                let back = if kind.is_behind() { self.lookbehind_width(body)? } else { 0 };
                let skip = self.op_skip(op, [back])?;
                self.enter(body, flags, End::Success { skip }, outer)
            }
            Item::Branch(alternatives) => {
                self.op(Op::BRANCH)?;
                self.next_alternative(alternatives, 0, outer)
            }
            Item::Conditional(conditional) => {
                let Conditional { group, yes, no } = self.tree.conditionals[conditional as usize];
                self.op_with(Op::GROUPREF_EXISTS, group - 1)?;
                let skip = self.skip()?;
                let no = no.filter(|&no| !self.tree.chain(no).is_empty());
                self.enter(yes, flags, End::ConditionalYes { skip, no }, outer)
            }
            leaf => self.compile_leaf(leaf, flags).map(|()| outer),
        }
    }

    /// Writes an item that holds no subpattern.
    #[inline(always)]
    fn compile_leaf(&mut self, item: Item, flags: Flags) -> Result<(), Stop> {
        match item {
            Item::Literals(part) => self.compile_literals(part, flags),
            Item::NotLiteral(c) => self.compile_literal(c, flags, Op::NOT_LITERAL),
            Item::Any => self.op(if flags.any(Flags::DOTALL) { Op::ANY_ALL } else { Op::ANY }),
            Item::In(set) => self.compile_set(set, flags),
            Item::At(at) => self.op_with(Op::AT, at.under(flags) as u32),
            Item::GroupRef(group) => self.compile_reference(group, flags),
            _ => self.op(Op::FAILURE),
        }
    }

    /// Writes what comes after a subpattern, and tells where to go on.
    fn leave(&mut self, Frame { outer, end, .. }: Frame) -> Result<Place, Stop> {
        match end {
            End::Alternative { skip, others, jump } => {
                let jump = self.end_alternative(skip, jump)?;
                self.next_alternative(others, jump, outer)
            }
            End::ConditionalYes { skip, no: Some(no) } => {
                let skip_no = self.op_skip(Op::JUMP, [])?;
                self.fill(skip, 1);
                self.enter(no, outer.flags, End::ConditionalNo { skip: skip_no }, outer)
            }
            last => self.end(last).map(|()| outer),
        }
    }

    /// The same where none can follow.
    #[inline]
    fn end(&mut self, end: End) -> Result<(), Stop> {
        match end {
            End::Group { number } => self.op_with(Op::MARK, (number - 1) * 2 + 1)?,
            End::Success { skip } => {
                self.op(Op::SUCCESS)?;
                self.fill(skip, 0);
            }
            End::Until { skip, until } => {
                self.fill(skip, 0);
                self.op(until)?;
            }
            End::ConditionalYes { skip, .. } => self.fill(skip, 1),
            End::ConditionalNo { skip } => self.fill(skip, 0),
            End::Plain | End::Alternative { .. } => {}
        }
        Ok(())
    }

    /// Starts the next alternative of a branch, or ends it and has all jumps lead here.
    fn next_alternative(&mut self, mut left: Slice, mut jump: u32, outer: Place) -> Result<Place, Stop> {
        let tree = self.tree;
        while let Some((&body, _)) = tree.branch(left).split_first() {
            left.start += 1;
            let skip = self.skip()?;
            match body {
                Body::Leaf(item) => {
                    self.compile_leaf(item, outer.flags)?;
                    jump = self.end_alternative(skip, jump)?;
                }
                Body::Sequence(sequence) => {
                    let end = End::Alternative { skip, others: left, jump };
                    return self.enter(sequence, outer.flags, end, outer);
                }
            }
        }
        self.op(Op::FAILURE)?;
        while jump != 0 {
            let previous = self.code[jump as usize];
            self.fill(jump, 0);
            jump = previous;
        }
        Ok(outer)
    }

    /// Ends an alternative with a jump. Until the branch ends, each jump holds the index of the one before it.
    #[inline]
    fn end_alternative(&mut self, skip: u32, jump: u32) -> Result<u32, Stop> {
        self.op_with(Op::JUMP, jump)?;
        self.fill(skip, 0);
        Ok(self.code.len() as u32 - 1)
    }

    /// Writes literals in a row: most of a pattern, and mostly nothing to decide.
    fn compile_literals(&mut self, part: Slice, flags: Flags) -> Result<(), Stop> {
        let tree = self.tree;
        let literals = tree.literals(part);
        if flags.any(Flags::IGNORECASE) {
            let case = Case::of(flags, self.rules);
            return literals.iter().try_for_each(|&c| match case.simple_ascii(c) {
                Some(lower) if is_ascii_letter(lower) => self.op_with(Op::LITERAL_UNI_IGNORE, lower),
                Some(_) => self.op_with(Op::LITERAL, c),
                None => self.compile_literal(c, flags, Op::LITERAL),
            });
        }
        self.op_with_each(Op::LITERAL, literals)
    }

    fn compile_literal(&mut self, c: u32, flags: Flags, op: Op) -> Result<(), Stop> {
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
        let skip = self.op_skip(Op::IN_UNI_IGNORE, [])?;
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

    #[inline(never)]
    fn compile_reference(&mut self, group: u32, flags: Flags) -> Result<(), Stop> {
        let op = match Case::of(flags, self.rules) {
            _ if !flags.any(Flags::IGNORECASE) => Op::GROUPREF,
            Case::Kept => Op::GROUPREF_LOC_IGNORE,
            Case::Ascii => Op::GROUPREF_IGNORE,
            Case::Unicode { .. } => Op::GROUPREF_UNI_IGNORE,
        };
        self.op_with(op, group - 1)
    }

    fn compile_set(&mut self, set: Slice, flags: Flags) -> Result<(), Stop> {
        let case = Case::of(flags, self.rules);
        let tree = self.tree;
        let members = tree.set(set);
        let optimized = self.scratch.optimizer.optimize(members, case, self.rules, self.budget)?;
        let op = match case {
            _ if optimized.form == Form::Nothing => return self.op(Op::FAILURE),
            _ if optimized.form == Form::Everything => return self.op(Op::ANY_ALL),
            _ if flags.ignores_case_by_locale() => Op::IN_LOC_IGNORE,
            _ if !optimized.has_cased => Op::IN,
            Case::Unicode { .. } => Op::IN_UNI_IGNORE,
            _ => Op::IN_IGNORE,
        };
        let skip = self.op_skip(op, [])?;
        self.compile_charset(members, optimized.form, flags)?;
        self.fill(skip, 0);
        Ok(())
    }

    fn compile_repeat(&mut self, repeat: u32, outer: Place) -> Result<Place, Stop> {
        let flags = outer.flags;
        let Repeat { kind, min, max, body } = self.tree.repeats[repeat as usize];
        if self.rules.template_flag && flags.any(Flags::TEMPLATE) {
            return Err(self.raise(ErrorKind::TemplateRepeat { operator: kind.name() }));
        }
        let simple = self.is_simple(body);
        let (op, until) = match (kind, simple) {
            (RepeatKind::Greedy, true) => (Op::REPEAT_ONE, None),
            (RepeatKind::Lazy, true) => (Op::MIN_REPEAT_ONE, None),
            (RepeatKind::Possessive, true) => (Op::POSSESSIVE_REPEAT_ONE, None),
            (RepeatKind::Greedy, false) => (Op::REPEAT, Some(Op::MAX_UNTIL)),
            (RepeatKind::Lazy, false) => (Op::REPEAT, Some(Op::MIN_UNTIL)),
            (RepeatKind::Possessive, false) => (Op::POSSESSIVE_REPEAT, Some(Op::SUCCESS)),
        };
        let skip = self.op_skip(op, [min, max])?;
        let end = match until {
            Some(until) => End::Until { skip, until },
            None => End::Success { skip },
        };
        match body {
            Body::Sequence(sequence) => self.enter(sequence, flags, end, outer),
            Body::Leaf(item) => {
                self.compile_leaf(item, flags)?;
                self.end(end)?;
                Ok(outer)
            }
        }
    }

    /// Is it one item that matches one character?
    ///
    /// CPython: `re/_compiler.py`, `_simple`
    fn is_simple(&self, mut body: Body) -> bool {
        loop {
            match self.tree.single(body) {
                Some(Item::Literals(_) | Item::NotLiteral(_) | Item::Any | Item::In(_)) => return true,
                Some(Item::FlagGroup(group)) => {
                    body = Body::Sequence(self.tree.flag_groups[group as usize].body);
                }
                _ => return false,
            }
        }
    }

    fn lookbehind_width(&mut self, body: SequenceId) -> Result<u32, Stop> {
        let width = self.tree.width(body);
        if width.min > MAXCODE {
            return Err(self.raise(ErrorKind::LookbehindTooLong));
        }
        if width.min != width.max {
            return Err(self.raise(ErrorKind::VariableLookbehind));
        }
        Ok(width.min as u32)
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
