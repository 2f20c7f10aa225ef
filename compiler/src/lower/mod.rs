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
use crate::opcode::{At, Category, Op};
use crate::pool::{Budget, Grow, Stop};
use crate::program::Origin;
use crate::tree::{
    Conditional, Group, Item, Items, NodeId, Repeat, RepeatKind, SequenceId, Slice, Tree,
};

use case::{Case, is_ascii_letter, simple_lower};
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

/// The items of a subpattern that are still to be written, and the flags there.
#[derive(Clone, Copy, Debug)]
struct Place {
    items: Items,
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
        let mut place = Place { items: self.tree.items(root), flags };
        loop {
            while let Some(node) = self.tree.next(&mut place.items) {
                self.item = Some(node);
                self.compile_item(self.tree.item(node), &mut place)?;
            }
            let Some(frame) = self.scratch.frames.pop() else { return Ok(()) };
            self.item = frame.owner;
            place = frame.outer;
            self.leave(frame.end, &mut place)?;
        }
    }

    /// Has the items of a subpattern of the current item written next, then its end, and then what is outside.
    #[inline]
    fn enter(&mut self, items: Items, flags: Flags, end: End, place: &mut Place) -> Result<(), Stop> {
        self.scratch.frames.try_push(Frame { outer: *place, owner: self.item, end }, self.budget)?;
        *place = Place { items, flags };
        Ok(())
    }

    /// Writes an item, or its start, after which the place is within.
    fn compile_item(&mut self, item: Item, place: &mut Place) -> Result<(), Stop> {
        let flags = place.flags;
        match item {
            Item::Group { number, body } => {
                self.op_with(Op::MARK, (number - 1) * 2)?;
                self.enter(self.tree.items(body), flags, End::Group { number }, place)
            }
            Item::FlagGroup(group) => {
                let Group { add, del, body, .. } = self.tree.flag_groups[group as usize];
                self.enter(self.tree.items(body), flags.combine(add, del), End::Plain, place)
            }
            Item::Repeat(repeat) => self.compile_repeat(repeat, place),
            Item::Atomic(body) => {
                let skip = self.op_skip(Op::ATOMIC_GROUP, [])?;
                self.enter(self.tree.items(body), flags, End::Success { skip }, place)
            }
            Item::Assert(kind, body) => {
                let op = if kind.is_negative() { Op::ASSERT_NOT } else { Op::ASSERT };
                let back = if kind.is_behind() { self.lookbehind_width(body)? } else { 0 };
                let skip = self.op_skip(op, [back])?;
                self.enter(self.tree.items(body), flags, End::Success { skip }, place)
            }
            Item::Branch(branch) => {
                self.op(Op::BRANCH)?;
                self.next_alternative(self.tree.branches[branch as usize].alternatives, 0, place)
            }
            Item::Conditional(conditional) => {
                let Conditional { group, yes, no } = self.tree.conditionals[conditional as usize];
                self.op_with(Op::GROUPREF_EXISTS, group - 1)?;
                let skip = self.skip()?;
                let no = no.filter(|&no| !self.tree.is_empty(self.tree.items(no)));
                self.enter(self.tree.items(yes), flags, End::ConditionalYes { skip, no }, place)
            }
            leaf => self.compile_leaf(leaf, flags),
        }
    }

    /// Writes an item that holds no subpattern.
    #[inline(always)]
    fn compile_leaf(&mut self, item: Item, flags: Flags) -> Result<(), Stop> {
        match item {
            Item::Literals(part) => self.compile_literals(part, flags),
            Item::NotLiteral(c) => self.compile_literal(c, flags, Op::NOT_LITERAL),
            Item::Any => self.op(if flags.any(Flags::DOTALL) { Op::ANY_ALL } else { Op::ANY }),
            Item::Category(category) => self.compile_category(category, flags),
            Item::In(set) => self.compile_set(set, flags),
            Item::At(at) => self.op_with(Op::AT, at.under(flags) as u32),
            Item::GroupRef(group) => self.compile_reference(group, flags),
            _ => self.op(Op::FAILURE),
        }
    }

    /// Writes the only item of a subpattern of the current item.
    #[inline(always)]
    fn compile_only_leaf(&mut self, leaf: NodeId, flags: Flags) -> Result<(), Stop> {
        let owner = self.item.replace(leaf);
        self.compile_leaf(self.tree.item(leaf), flags)?;
        self.item = owner;
        Ok(())
    }

    /// Writes what comes after a subpattern; the place is outside, unless another one follows.
    fn leave(&mut self, end: End, place: &mut Place) -> Result<(), Stop> {
        match end {
            End::Alternative { skip, others, jump } => {
                let jump = self.end_alternative(skip, jump)?;
                self.next_alternative(others, jump, place)
            }
            End::ConditionalYes { skip, no: Some(no) } => {
                let skip_no = self.op_skip(Op::JUMP, [])?;
                self.fill(skip, 1);
                self.enter(self.tree.items(no), place.flags, End::ConditionalNo { skip: skip_no }, place)
            }
            last => self.end(last),
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
    fn next_alternative(&mut self, mut left: Slice, mut jump: u32, place: &mut Place) -> Result<(), Stop> {
        let tree = self.tree;
        for &alternative in &tree.alternatives[left.range()] {
            left.start += 1;
            let skip = self.skip()?;
            let Some(leaf) = tree.only_leaf(alternative) else {
                let end = End::Alternative { skip, others: left, jump };
                return self.enter(alternative, place.flags, end, place);
            };
            self.compile_only_leaf(leaf, place.flags)?;
            jump = self.end_alternative(skip, jump)?;
        }
        self.op(Op::FAILURE)?;
        while jump != 0 {
            let previous = self.code[jump as usize];
            self.fill(jump, 0);
            jump = previous;
        }
        Ok(())
    }

    /// Ends an alternative with a jump. Until the branch ends, each jump holds the index of the one before it.
    #[inline(always)]
    fn end_alternative(&mut self, skip: u32, jump: u32) -> Result<u32, Stop> {
        self.op_with(Op::JUMP, jump)?;
        self.fill(skip, 0);
        Ok(self.code.len() as u32 - 1)
    }

    /// Writes literals in a row: most of a pattern, and mostly nothing to decide.
    #[inline(always)]
    fn compile_literals(&mut self, part: Slice, flags: Flags) -> Result<(), Stop> {
        if flags.any(Flags::IGNORECASE) {
            return self.compile_literals_ignoring_case(part, flags);
        }
        self.literals(part)
    }

    #[inline(never)]
    fn compile_literals_ignoring_case(&mut self, part: Slice, flags: Flags) -> Result<(), Stop> {
        let tree = self.tree;
        let is_unicode = matches!(Case::of(flags, self.rules), Case::Unicode { .. });
        for &c in tree.literals(part) {
            match simple_lower(c) {
                Some(lower) if is_unicode && is_ascii_letter(c) => {
                    self.op_with(Op::LITERAL_UNI_IGNORE, lower)?
                }
                Some(_) if is_unicode => self.op_with(Op::LITERAL, c)?,
                _ => self.compile_literal(c, flags, Op::LITERAL)?,
            }
        }
        Ok(())
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

    #[inline(always)]
    fn compile_category(&mut self, category: Category, flags: Flags) -> Result<(), Stop> {
        let op = if flags.ignores_case_by_locale() { Op::IN_LOC_IGNORE } else { Op::IN };
        let skip = self.op_skip(op, [])?;
        self.op_with(Op::CATEGORY, category.code(flags))?;
        self.op(Op::FAILURE)?;
        self.fill(skip, 0);
        Ok(())
    }

    #[inline(never)]
    fn compile_set(&mut self, set: u32, flags: Flags) -> Result<(), Stop> {
        let case = Case::of(flags, self.rules);
        let (members, outline) = (self.tree.set(set), &self.tree.sets[set as usize].outline);
        let optimized = self.scratch.optimizer.optimize(members, outline, case, self.rules, self.budget)?;
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

    fn compile_repeat(&mut self, repeat: u32, place: &mut Place) -> Result<(), Stop> {
        let flags = place.flags;
        let Repeat { kind, min, max, body } = self.tree.repeats[repeat as usize];
        if self.rules.template_flag && flags.any(Flags::TEMPLATE) {
            return Err(self.raise(ErrorKind::TemplateRepeat { operator: kind.name() }));
        }
        let leaf = self.tree.only_leaf(body.items);
        let simple = match leaf.map(|leaf| self.tree.item(leaf)) {
            Some(leaf) => is_unit(leaf),
            None => self.is_simple(body.items),
        };
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
        match leaf {
            None => self.enter(body.items, flags, end, place),
            Some(leaf) => {
                self.compile_only_leaf(leaf, flags)?;
                self.end(end)
            }
        }
    }

    /// Is it one item that matches one character?
    ///
    /// CPython: `re/_compiler.py`, `_simple`
    fn is_simple(&self, mut items: Items) -> bool {
        loop {
            match self.tree.single(items) {
                Some(Item::FlagGroup(group)) => {
                    items = self.tree.items(self.tree.flag_groups[group as usize].body);
                }
                item => return item.is_some_and(is_unit),
            }
        }
    }

    fn lookbehind_width(&mut self, body: SequenceId) -> Result<u32, Stop> {
        let width = self.tree.sequence(body).width;
        if width.min > MAXCODE {
            return Err(self.raise(ErrorKind::LookbehindTooLong));
        }
        if width.min != width.max {
            return Err(self.raise(ErrorKind::VariableLookbehind));
        }
        Ok(width.min as u32)
    }
}

/// Does the item match one character?
///
/// CPython: `re/_compiler.py`, `_UNIT_CODES`
#[inline]
fn is_unit(item: Item) -> bool {
    match item {
        Item::Literals(part) => part.len() == 1,
        Item::NotLiteral(_) | Item::Any | Item::Category(_) | Item::In(_) => true,
        _ => false,
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
