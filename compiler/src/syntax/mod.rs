//! The parser: from the pattern to the tree.
//!
//! CPython's `_parse_sub` and `_parse` call each other once for each nested group. Here an open group is a
//! [`Frame`] on a stack of the pool's, so nesting costs no machine stack.

mod alternation;
mod escape;
mod flags;
mod group;
mod names;
mod repeat;
mod set;

use alloc::vec::Vec;

use crate::dialect::{GlobalFlags, Rules};
use crate::error::{ErrorKind, Raise, Span};
use crate::flags::Flags;
use crate::input::{Pattern, Source};
use crate::opcode::At;
use crate::pool::Grow;
use crate::program::GroupNames;
use crate::tokenizer::{Token, Tokenizer};
use crate::tree::{Chain, Conditional, Group, Item, Sequence, SequenceId, Tree, add};
use crate::warning::{WarningKind, Warnings};
use crate::width::Width;

pub(crate) use names::NameIndex;

/// What parsing keeps track of; its memory is reused.
///
/// CPython: `re/_parser.py`, `State`
#[derive(Debug, Default)]
pub(crate) struct State {
    pub flags: Flags,
    /// The width of each group once it is closed; the first stands for group 0.
    group_widths: Vec<Option<Width>>,
    name_index: NameIndex,
    /// How many groups there were where the outermost open look-behind starts.
    lookbehind_groups: Option<u32>,
    /// The groups that conditionals ask for by number, and where. CPython: `grouprefpos`
    conditional_refs: Vec<(u32, Span)>,
    frames: Vec<Frame>,
    /// The finished alternatives of the open groups.
    alternatives: Vec<SequenceId>,
    unique: set::Unique,
}

impl State {
    fn reset(&mut self, flags: Flags) -> Result<(), Raise> {
        self.flags = flags;
        self.group_widths.clear();
        self.group_widths.try_push(None)?;
        self.name_index.clear();
        self.lookbehind_groups = None;
        self.conditional_refs.clear();
        self.frames.clear();
        self.alternatives.clear();
        Ok(())
    }

    /// How many groups there are, group 0 among them.
    pub(crate) fn groups(&self) -> u32 {
        self.group_widths.len() as u32
    }
}

/// A subpattern that is being read.
#[derive(Clone, Copy, Debug)]
struct Frame {
    opener: Opener,
    /// Where its `(` is.
    start: u32,
    /// Where its content starts.
    content: u32,
    verbose: bool,
    /// The items of the current alternative.
    chain: Chain,
    /// Their width, and that of all but the last.
    width: Width,
    width_before_last: Width,
    /// Does it hold a group that is to be unpacked?
    has_plain_groups: bool,
    /// Where its finished alternatives start in `State::alternatives`.
    alternatives: u32,
}

/// What a subpattern is for.
#[derive(Clone, Copy, Debug)]
enum Opener {
    Pattern,
    Group { number: u32, add: Flags, del: Flags },
    Atomic,
    Assert { behind: bool, negative: bool, outermost_behind: bool },
    ConditionalYes { group: u32 },
    ConditionalNo { group: u32, yes: SequenceId },
}

/// What one parse works on.
pub(crate) struct Parser<'a, S> {
    pattern: Pattern<'a>,
    rules: &'static Rules,
    max_nesting: usize,
    tokens: Tokenizer<S>,
    tree: &'a mut Tree,
    state: &'a mut State,
    names: &'a mut GroupNames,
    warnings: &'a mut Warnings,
    frame: Frame,
}

/// What the caller lends to a parse.
pub(crate) struct Desk<'a> {
    pub tree: &'a mut Tree,
    pub state: &'a mut State,
    pub names: &'a mut GroupNames,
    pub warnings: &'a mut Warnings,
}

/// Parses a pattern into the tree.
///
/// CPython: `re/_parser.py`, `parse`
pub(crate) fn parse<'a, S: Source>(
    source: S,
    pattern: Pattern<'a>,
    flags: Flags,
    rules: &'static Rules,
    max_nesting: usize,
    desk: Desk<'a>,
) -> Result<(), Raise> {
    let Desk { tree, state, names, warnings } = desk;
    let tokens = Tokenizer::new(source)?;
    let frame = Frame::of_pattern(flags);
    let mut parser = Parser { pattern, rules, max_nesting, tokens, tree, state, names, warnings, frame };
    parser.restart(flags)?;
    let root = match parser.parse_pattern() {
        Err(raise) if raise.kind == ErrorKind::VerboseRestart => {
            parser.restart(flags | Flags::VERBOSE)?;
            parser.tokens.seek(0)?;
            parser.parse_pattern()?
        }
        root => root?,
    };
    parser.state.flags = flags::fix_flags(S::TEXT, parser.state.flags)?;
    if parser.tokens.next != Token::END {
        return Err(Raise::at(ErrorKind::UnbalancedParenthesis, parser.tokens.tell()));
    }
    parser.check_conditional_refs()?;
    parser.tree.set_root(root);
    Ok(())
}

impl Frame {
    /// Nothing of it is read yet.
    fn new(opener: Opener, start: u32, content: u32, verbose: bool, alternatives: usize) -> Frame {
        Frame {
            opener,
            start,
            content,
            verbose,
            chain: Chain::EMPTY,
            width: Width::NONE,
            width_before_last: Width::NONE,
            has_plain_groups: false,
            alternatives: alternatives as u32,
        }
    }

    fn of_pattern(flags: Flags) -> Frame {
        Frame::new(Opener::Pattern, 0, 0, flags.any(Flags::VERBOSE), 0)
    }
}

impl<S: Source> Parser<'_, S> {
    fn restart(&mut self, flags: Flags) -> Result<(), Raise> {
        self.tree.clear();
        self.names.clear();
        self.frame = Frame::of_pattern(flags);
        self.state.reset(flags)
    }

    /// Reads to the end of the pattern, or to a `)` too many.
    ///
    /// CPython: `re/_parser.py`, `_parse_sub` and `_parse`
    fn parse_pattern(&mut self) -> Result<SequenceId, Raise> {
        loop {
            let this = self.tokens.next;
            // Most of a pattern, and the shortest way through this loop.
            if let (Some(c), false) = (this.plain(), self.frame.verbose) {
                let start = self.tokens.tell();
                self.tokens.advance()?;
                self.append(Item::Literal(c), start)?;
                continue;
            }
            if this == Token::END || matches!(this.ascii(), b'|' | b')') {
                match self.end_alternative()? {
                    Some(root) => return Ok(root),
                    None => continue,
                }
            }
            let start = self.tokens.tell();
            self.tokens.advance()?;
            if self.frame.verbose && self.skip_verbose(this)? {
                continue;
            }
            let item = match this.ascii() {
                b'[' => self.parse_set(start)?,
                b'.' => Item::Any,
                b'^' => Item::At(At::Beginning),
                b'$' => Item::At(At::End),
                b'*' | b'+' | b'?' | b'{' => {
                    self.parse_repeat(this, start)?;
                    continue;
                }
                b'(' => {
                    self.open_group(start)?;
                    continue;
                }
                _ => match (this.char(), this.escaped()) {
                    (Some(c), _) => Item::Literal(c),
                    (_, Some(c)) => self.parse_escape(start, c)?,
                    (None, None) => continue,
                },
            };
            self.append(item, start)?;
        }
    }

    /// Skips white space or a comment that starts with this token.
    fn skip_verbose(&mut self, this: Token) -> Result<bool, Raise> {
        match this.ascii() {
            b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => Ok(true),
            b'#' => loop {
                let skipped = self.tokens.get()?;
                if skipped == Token::END || skipped == Token::of('\n') {
                    return Ok(true);
                }
            },
            _ => Ok(false),
        }
    }

    /// Adds an item to the current alternative; it reaches from `start` to the next token.
    #[inline]
    fn append(&mut self, item: Item, start: u32) -> Result<(), Raise> {
        let span = Span { start, end: self.tokens.tell() };
        let width = self.tree.item_width(item, &self.state.group_widths);
        self.frame.width_before_last = self.frame.width;
        self.frame.width = self.frame.width.plus(width);
        self.tree.append(&mut self.frame.chain, item, span)
    }

    /// Makes a sequence of a chain that is complete, and has that width.
    fn finish(&mut self, chain: Chain, width: Width) -> Result<SequenceId, Raise> {
        let width = width.capped(self.rules.width_cap);
        self.tree.add_sequence(Sequence { chain, width })
    }

    /// At `|`, `)` or the end: ends the alternative, and the subpattern unless a further one follows.
    /// Gives the whole pattern where that is what ended.
    fn end_alternative(&mut self) -> Result<Option<SequenceId>, Raise> {
        let sequence = self.finish(self.frame.chain, self.frame.width)?;
        if self.frame.has_plain_groups {
            self.tree.unpack_groups(sequence);
        }
        self.frame.chain = Chain::EMPTY;
        self.frame.width = Width::NONE;
        self.frame.has_plain_groups = false;
        let start = self.frame.start;
        let item = match self.frame.opener {
            Opener::ConditionalYes { group } => {
                if self.tokens.matches('|')? {
                    self.frame.opener = Opener::ConditionalNo { group, yes: sequence };
                    return Ok(None);
                }
                self.end_conditional(Conditional { group, yes: sequence, no: None })?
            }
            Opener::ConditionalNo { group, yes } => {
                if self.tokens.next == Token::of('|') {
                    return Err(Raise::at(ErrorKind::ConditionalBranches, self.tokens.tell()));
                }
                self.end_conditional(Conditional { group, yes, no: Some(sequence) })?
            }
            opener => {
                self.state.alternatives.try_push(sequence)?;
                if self.tokens.matches('|')? {
                    if matches!(opener, Opener::Pattern) && self.rules.global_flags == GlobalFlags::First {
                        self.frame.verbose = self.state.flags.any(Flags::VERBOSE);
                    }
                    return Ok(None);
                }
                let body = self.end_alternation()?;
                if matches!(opener, Opener::Pattern) {
                    return Ok(Some(body));
                }
                self.close_group(opener, body)?
            }
        };
        if let Some(parent) = self.state.frames.pop() {
            self.frame = parent;
        }
        self.append(item, start)?;
        self.frame.has_plain_groups |= self.tree.plain_group(item).is_some();
        Ok(None)
    }

    /// The `)` that the subpattern needs.
    fn expect_parenthesis(&mut self) -> Result<(), Raise> {
        match self.tokens.matches(')')? {
            true => Ok(()),
            false => Err(Raise::at(ErrorKind::UnterminatedSubpattern, self.frame.start)),
        }
    }

    fn end_conditional(&mut self, conditional: Conditional) -> Result<Item, Raise> {
        self.expect_parenthesis()?;
        Ok(Item::Conditional(add(&mut self.tree.conditionals, conditional)?))
    }

    /// What a group that has been read becomes in its parent.
    fn close_group(&mut self, opener: Opener, body: SequenceId) -> Result<Item, Raise> {
        if let Opener::Assert { outermost_behind: true, .. } = opener {
            self.state.lookbehind_groups = None;
        }
        self.expect_parenthesis()?;
        Ok(match opener {
            Opener::Group { number, add: on, del } => {
                if number != 0 {
                    self.state.group_widths[number as usize] = Some(self.tree.width(body));
                }
                Item::Group(add(&mut self.tree.groups, Group { number, add: on, del, body })?)
            }
            Opener::Assert { behind, negative, .. } => {
                let empty = self.tree.chain(body).is_empty();
                if negative && empty && self.rules.empty_negative_assertion_fails {
                    Item::Failure
                } else {
                    let assert = crate::tree::Assert { behind, negative, body };
                    Item::Assert(add(&mut self.tree.asserts, assert)?)
                }
            }
            _ => Item::Atomic(body),
        })
    }

    fn warn(&mut self, index: u32, kind: WarningKind<'static>) -> Result<(), Raise> {
        self.warnings.push(self.pattern, index, kind, |_| Ok(()))
    }

    /// The characters between two indices.
    fn text(&self, start: u32, end: u32) -> impl Iterator<Item = u32> + Clone + '_ {
        self.pattern.chars_between(start as usize, end as usize)
    }
}
