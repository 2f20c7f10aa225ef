//! The parser: it has the code of the items written as it reads them, and tells the tree of them if there is to be one.
//!
//! CPython's `_parse_sub` and `_parse` call each other once for each nested group. Here an open group is a
//! [`Frame`] on a stack of the pool's, so nesting costs no machine stack.

mod alternation;
mod ends;
mod escape;
mod flags;
mod group;
mod items;
mod names;
mod repeat;
mod set;

use alloc::vec::Vec;
use core::fmt;

use crate::dialect::Rules;
use crate::error::{ErrorKind, Raise, Span};
use crate::flags::Flags;
use crate::input::{Pattern, Source};
use crate::kind::Kind;
use crate::lower::{Alternative, Generator, Here};
use crate::members::Sets;
use crate::opcode::At;
use crate::pool::{Budget, Grow, Stop};
use crate::program::GroupNames;
use crate::tokenizer::{Class, Token, Tokenizer};
use crate::tree::{AssertKind, Tree};
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
    /// The items of the open subpatterns.
    kinds: Vec<Kind>,
    /// The finished alternatives of the open subpatterns.
    alternatives: Vec<Alternative>,
    pub sets: Sets,
    unique: set::Unique,
}

impl State {
    fn reset(&mut self, flags: Flags, budget: &mut Budget) -> Result<(), Stop> {
        self.flags = flags;
        self.group_widths.clear();
        self.group_widths.try_push(None, budget)?;
        self.name_index.clear();
        self.lookbehind_groups = None;
        self.conditional_refs.clear();
        self.frames.clear();
        self.kinds.clear();
        self.alternatives.clear();
        self.sets.clear();
        Ok(())
    }

    /// The bytes of memory that it holds.
    pub(crate) fn bytes(&self) -> usize {
        self.group_widths.bytes()
            + self.name_index.bytes()
            + self.conditional_refs.bytes()
            + self.frames.bytes()
            + self.kinds.bytes()
            + self.alternatives.bytes()
            + self.sets.bytes()
            + self.unique.bytes()
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
    /// Is it the outermost look-behind?
    outermost_behind: bool,
    /// The number of the group, or of that which a conditional asks for.
    group: u32,
    /// Where its `(` is.
    start: u32,
    /// Where its content starts.
    content: u32,
    /// What stands for itself in it.
    plain: Class,
    /// Where its items start in `State::kinds`, and those of the current alternative.
    kinds: u32,
    alternative_kinds: u32,
    /// The width of its items.
    width: Width,
    /// Where its finished alternatives start in `State::alternatives`.
    alternatives: u32,
    /// How wide one or the other of them is; in the second alternative of a conditional, how wide the first one is.
    alternatives_width: Width,
    /// The flags that its items are written with.
    flags: Flags,
    /// Where the code of its content starts, and that of the current alternative. Of the second alternative of a
    /// conditional: where its own code starts, and that of the first.
    code: Here,
    alternative_code: Here,
}

/// What a subpattern is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Opener {
    Pattern,
    /// A group that captures.
    Group,
    /// `(?:…)`
    Plain,
    /// `(?i-s:…)`
    FlagGroup,
    Atomic,
    Assert(AssertKind),
    /// The first alternative of a conditional.
    Conditional,
    /// The second one.
    Otherwise,
}

/// What the current alternative ends in, which may yet be repeated.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Last {
    Nothing,
    Literals,
    /// Another item that matches one character.
    Unit,
    Item,
    /// A group that takes no part itself.
    Plain,
}

/// What one parse works on.
pub(crate) struct Parser<'a, S> {
    pattern: Pattern<'a>,
    rules: &'static Rules,
    max_nesting: usize,
    tokens: Tokenizer<S>,
    tree: Option<&'a mut Tree>,
    state: &'a mut State,
    names: &'a mut GroupNames,
    warnings: &'a mut Warnings,
    code: &'a mut Generator,
    frame: Frame,
    /// What the current alternative ends in.
    last: Last,
    /// Where its code starts, unless that is literals.
    last_code: Here,
    /// Where an item starts that is not just one character, or a group, how wide it is, and what comes before it.
    last_start: u32,
    last_width: Width,
    width_before: Width,
    /// Where the items of a group start that takes no part itself.
    last_kinds: u32,
    /// Flags within the pattern that count from its start on, as far as an earlier reading has found.
    known_flags: Flags,
    /// Why no code can be generated, and where the first item is for which that is so.
    refused: Option<(u32, ErrorKind)>,
    /// Why the pattern is refused, once something has stopped.
    raised: Raise,
}

/// What the caller lends to a parse.
pub(crate) struct Desk<'a> {
    /// None where it is not asked for.
    pub tree: Option<&'a mut Tree>,
    pub state: &'a mut State,
    pub names: &'a mut GroupNames,
    pub warnings: &'a mut Warnings,
    pub code: &'a mut Generator,
}

/// Parses a pattern, and writes the code of its items. Gives its width.
///
/// CPython: `re/_parser.py`, `parse`
pub(crate) fn parse<'a, S: Source>(
    source: S,
    pattern: Pattern<'a>,
    flags: Flags,
    rules: &'static Rules,
    max_nesting: usize,
    desk: Desk<'a>,
) -> Result<Width, Raise> {
    let Desk { tree, state, names, warnings, code } = desk;
    let mut parser = Parser {
        pattern,
        rules,
        max_nesting,
        tokens: Tokenizer::new(source),
        tree,
        state,
        names,
        warnings,
        code,
        frame: Frame::of_pattern(flags, flags),
        last: Last::Nothing,
        last_width: Width::NONE,
        width_before: Width::NONE,
        last_start: 0,
        last_kinds: 0,
        last_code: Here::default(),
        known_flags: Flags::NONE,
        refused: None,
        raised: Raise::plain(ErrorKind::OutOfMemory),
    };
    parser.parse(flags).map_err(|stop| match stop {
        Stop::Raised => parser.raised,
        stop => stop.into(),
    })
}

impl Frame {
    /// The whole pattern, of which nothing is read yet.
    fn of_pattern(given: Flags, flags: Flags) -> Frame {
        Frame {
            opener: Opener::Pattern,
            outermost_behind: false,
            group: 0,
            start: 0,
            content: 0,
            plain: Class::plain(given.any(Flags::VERBOSE)),
            kinds: 0,
            alternative_kinds: 0,
            width: Width::NONE,
            alternatives: 0,
            alternatives_width: Width::NEVER,
            flags,
            code: Here::default(),
            alternative_code: Here::default(),
        }
    }
}

impl<S: Source> Parser<'_, S> {
    fn parse(&mut self, flags: Flags) -> Result<Width, Stop> {
        let width = self.parse_repeatedly(flags)?;
        match flags::fix_flags(S::TEXT, self.state.flags) {
            Ok(flags) => self.state.flags = flags,
            Err(refused) => return Err(self.raise(Raise::plain(refused))),
        }
        if self.tokens.unit().is_some() {
            return Err(self.raise(Raise::at(ErrorKind::UnbalancedParenthesis, self.tokens.tell())));
        }
        self.check_conditional_refs()?;
        if let Some(tree) = &mut self.tree {
            tree.finish();
        }
        match self.refused {
            Some((_, kind)) => Err(self.raise(Raise::plain(kind))),
            None => Ok(width),
        }
    }

    /// Parses as often as flags within the pattern turn out to count from its start on.
    fn parse_repeatedly(&mut self, mut flags: Flags) -> Result<Width, Stop> {
        let mut warned = self.warnings.mark();
        let mut verbose = false;
        loop {
            self.start(flags)?;
            match self.parse_pattern() {
                Err(Stop::Raised) if self.raised.kind == ErrorKind::VerboseRestart && !verbose => {
                    verbose = true;
                    flags |= Flags::VERBOSE;
                    self.known_flags = Flags::NONE;
                    warned = self.warnings.mark();
                }
                // CPython compiles only then, and reads but once.
                Err(Stop::FlagsChanged) => {
                    self.known_flags = self.state.flags;
                    self.warnings.truncate(warned);
                }
                width => return width,
            }
        }
    }

    fn start(&mut self, flags: Flags) -> Result<(), Stop> {
        self.frame = Frame::of_pattern(flags, self.code_flags(flags));
        self.last = Last::Nothing;
        self.refused = None;
        self.names.clear();
        self.code.clear();
        self.state.reset(flags, &mut self.code.budget)?;
        self.tell_tree(|tree, budget| tree.begin(budget))?;
        self.tokens.go(0);
        Ok(())
    }

    /// The flags that code is written with, where these are given or found.
    fn code_flags(&self, flags: Flags) -> Flags {
        let flags = flags | self.known_flags;
        flags::fix_flags(S::TEXT, flags).unwrap_or(flags)
    }

    /// Keeps why no code can be generated for the item that is at `start`, unless there is an earlier one.
    #[cold]
    fn refuse(&mut self, start: u32, kind: ErrorKind) {
        if self.refused.is_none_or(|(first, _)| start <= first) {
            self.refused = Some((start, kind));
        }
    }

    /// Keeps why the pattern is refused.
    #[cold]
    fn raise(&mut self, raise: Raise) -> Stop {
        let before_backslash = self.tokens.ends_in_backslash();
        self.raised =
            if before_backslash { Raise::at(ErrorKind::BadEscapeAtEnd, self.tokens.tell()) } else { raise };
        Stop::Raised
    }

    /// Reads to the end of the pattern, or to a `)` too many.
    ///
    /// CPython: `re/_parser.py`, `_parse_sub` and `_parse`
    fn parse_pattern(&mut self) -> Result<Width, Stop> {
        loop {
            let start = self.tokens.tell();
            let Some(unit) = self.tokens.unit() else { return self.end_pattern() };
            if self.frame.plain.has(unit) || self.tokens.escaped_mark().is_some() {
                self.parse_literals(start)?;
                continue;
            }
            // None beyond ASCII gets here.
            match unit as u8 {
                b'\\' => self.parse_escape(start)?,
                b'|' => self.next_alternative()?,
                b')' if self.frame.opener == Opener::Pattern => return self.end_pattern(),
                b')' => self.end_subpattern()?,
                b'[' => self.parse_set(start)?,
                b'(' => self.open_group(start)?,
                b'?' | b'*' | b'+' | b'{' => self.parse_repeat(start)?,
                b'.' => self.append_any(start)?,
                b'^' => self.append_next_at(At::Beginning, start)?,
                b'$' => self.append_next_at(At::End, start)?,
                b'#' => self.skip_comment_of_verbose(),
                _ => self.tokens.skip_run(Class::SPACE),
            }
        }
    }

    /// Reads all that stands for itself from the next token on.
    #[inline(always)]
    fn parse_literals(&mut self, start: u32) -> Result<(), Stop> {
        if self.tree.is_some() {
            // Each has a node of its own.
            let token = self.tokens.get();
            return self.append_literal(token.char().or(token.escaped()).unwrap_or_default(), start);
        }
        let (plain, flags) = (self.frame.plain, self.frame.flags);
        let may_be_word = self.last == Last::Nothing;
        let mut literals = 0;
        loop {
            let (length, units) = self.tokens.run(plain);
            self.code.literals(units, length, flags, &mut self.state.kinds)?;
            literals += length as u32;
            self.tokens.go(self.tokens.tell() as usize + length);
            if let Some((c, after)) = self.tokens.other_literal() {
                self.code.escaped_literal(c, flags)?;
                self.state.kinds.try_push(Kind::literal(c), &mut self.code.budget)?;
                literals += 1;
                self.tokens.go(after);
            } else if self.tokens.is_next('|') && may_be_word && self.frame.opener.has_alternatives() {
                // They are all of the alternative, as they mostly are.
                self.add_alternative(Width::exactly(literals))?;
                self.tokens.skip();
                if !self.tokens.unit().is_some_and(|unit| plain.has(unit)) {
                    return Ok(());
                }
                literals = 0;
            } else {
                self.append_literals(literals);
                return Ok(());
            }
        }
    }

    /// Skips a comment, which starts with the next token.
    fn skip_comment_of_verbose(&mut self) {
        loop {
            self.tokens.skip_run(Class::COMMENT);
            if matches!(self.tokens.get(), Token::END | Token::NEWLINE) {
                return;
            }
        }
    }

    fn warn(&mut self, index: u32, kind: WarningKind<'static>) -> Result<(), Stop> {
        self.warn_quoting(index, kind, |_| Ok(()))
    }

    fn warn_quoting(
        &mut self,
        index: u32,
        kind: WarningKind<'static>,
        quote: impl FnOnce(&mut dyn fmt::Write) -> fmt::Result,
    ) -> Result<(), Stop> {
        if self.tokens.ends_in_backslash() {
            return Err(self.raise(Raise::plain(ErrorKind::BadEscapeAtEnd)));
        }
        self.warnings.push(self.pattern, index, kind, &mut self.code.budget, quote)
    }

    /// The characters between two indices.
    fn text(&self, start: u32, end: u32) -> impl Iterator<Item = u32> + Clone + '_ {
        self.pattern.chars_between(start as usize, end as usize)
    }
}
