//! The beginning of a group: `(`, and the extensions that begin with `(?`.

use super::context::Parser;
use super::flags::InlineFlags;
use super::frame::{Frame, GroupKind, Last};
use super::stop::ParseStop;
use crate::diagnostics::WarningKind;
use crate::diagnostics::{ErrorKind, RawError};
use crate::diagnostics::{write_latin1_ascii, write_str_repr};
use crate::dialect::GlobalFlags;
use crate::flags::Flags;
use crate::input::Source;
use crate::input::{Class, Token};
use crate::item::AssertKind;
use crate::memory::TryVecExt;
use crate::span::Span;
use crate::tree::{Item, NodeRange};
use crate::width::Width;

/// How many characters of the pattern the warning about misplaced flags quotes.
const EXCERPT: usize = 20;

impl<S: Source> Parser<'_, S> {
    /// Parses the beginning of a group. Its `(` is the next token, at `start`.
    ///
    /// CPython: `re/_parser.py`, `_parse`
    pub(super) fn open_group(&mut self, start: u32) -> Result<(), ParseStop> {
        self.tokens.skip();
        let question_mark = self.tokens.tell();
        if !self.tokens.matches('?') {
            let number = self.number_group()?;
            return self.open_numbered(number, start);
        }
        if self.tokens.matches(':') {
            return self.open(GroupKind::NonCapturing, Item::Spliced, start, self.frame.plain);
        }
        let token = self.tokens.get();
        if token == Token::END {
            return Err(self.raise(RawError::at(ErrorKind::UnexpectedEnd, self.tokens.tell())));
        }
        let plain = self.frame.plain;
        match token.ascii() {
            b'P' => self.parse_python_extension(start, question_mark),
            b'#' => self.skip_comment(start),
            b'=' => self.open_assertion(start, AssertKind::Ahead),
            b'!' => self.open_assertion(start, AssertKind::NotAhead),
            b'<' => {
                let kind = match self.extension_token(question_mark, b"=!")? {
                    b'!' => AssertKind::NotBehind,
                    _ => AssertKind::Behind,
                };
                self.open_assertion(start, kind)
            }
            b'(' => {
                let group = self.parse_condition()?;
                self.check_lookbehind_group(group)?;
                let item = Item::Conditional { group, yes: NodeRange::UNKNOWN, no: None };
                self.open(GroupKind::Conditional { group }, item, start, plain)
            }
            b'>' if self.rules.possessive_and_atomic => {
                self.open(GroupKind::Atomic, Item::Atomic(NodeRange::UNKNOWN), start, plain)
            }
            b'-' => self.open_with_flags(token, start),
            _ if self.flag(token).is_some() => self.open_with_flags(token, start),
            _ => Err(self.unknown_extension(question_mark)),
        }
    }

    fn unknown_extension(&mut self, question_mark: u32) -> ParseStop {
        let raise = RawError::at(ErrorKind::UnknownExtension, question_mark);
        self.raise(raise.with_quote(question_mark, self.tokens.tell()))
    }

    /// Returns the next token of an extension, which must be one of `known`.
    fn extension_token(&mut self, question_mark: u32, known: &[u8]) -> Result<u8, ParseStop> {
        let token = self.tokens.get();
        match token {
            Token::END => Err(self.raise(RawError::at(ErrorKind::UnexpectedEnd, self.tokens.tell()))),
            _ if known.contains(&token.ascii()) => Ok(token.ascii()),
            _ => Err(self.unknown_extension(question_mark)),
        }
    }

    /// Parses the rest of `(?P<name>` and `(?P=name)`.
    fn parse_python_extension(&mut self, start: u32, question_mark: u32) -> Result<(), ParseStop> {
        match self.extension_token(question_mark, b"<=")? {
            b'<' => {
                let (from, to) = self.name_until('>', ErrorKind::MissingGroupName)?;
                self.check_group_name(from, to)?;
                let number = self.number_group()?;
                self.name_group(number, from, to)?;
                self.open_numbered(number, start)
            }
            _ => {
                let (from, to) = self.name_until(')', ErrorKind::MissingGroupName)?;
                self.check_group_name(from, to)?;
                let group = self.find_group(from, to)?;
                if !self.state.is_closed(group) {
                    return Err(self.raise(RawError::at(ErrorKind::OpenGroup, from).until(to)));
                }
                self.check_lookbehind_group(group)?;
                self.append_group_ref(group, start)
            }
        }
    }

    fn skip_comment(&mut self, start: u32) -> Result<(), ParseStop> {
        loop {
            match self.tokens.get() {
                Token::END => return Err(self.raise(RawError::at(ErrorKind::UnterminatedComment, start))),
                Token::CLOSING => return Ok(()),
                _ => {}
            }
        }
    }

    #[inline(always)]
    fn open_numbered(&mut self, number: u32, start: u32) -> Result<(), ParseStop> {
        let item = Item::Group { number, add: Flags::empty(), del: Flags::empty(), body: NodeRange::UNKNOWN };
        self.open(GroupKind::Capturing(number), item, start, self.frame.plain)
    }

    fn open_assertion(&mut self, start: u32, kind: AssertKind) -> Result<(), ParseStop> {
        let outermost_behind = kind.is_behind() && self.state.lookbehind_groups.is_none();
        if outermost_behind {
            self.state.lookbehind_groups = Some(self.state.groups());
        }
        let item = Item::Assert(kind, NodeRange::UNKNOWN);
        self.open(GroupKind::Assert { kind, outermost_behind }, item, start, self.frame.plain)
    }

    fn open_with_flags(&mut self, first: Token, start: u32) -> Result<(), ParseStop> {
        match self.parse_flags(first)? {
            InlineFlags::Global => self.apply_global_flags(start),
            InlineFlags::Scoped { add, del } => {
                let plain = if del.intersects(Flags::VERBOSE) {
                    Class::plain(false)
                } else if add.intersects(Flags::VERBOSE) {
                    Class::plain(true)
                } else {
                    self.frame.plain
                };
                let item = Item::Group { number: 0, add, del, body: NodeRange::UNKNOWN };
                self.open(GroupKind::Flags, item, start, plain)?;
                self.frame.flags = self.frame.flags.combine(add, del);
                if self.frame.flags.ignores_case_by_locale() {
                    self.emitter.note_group_by_locale();
                }
                Ok(())
            }
        }
    }

    fn apply_global_flags(&mut self, start: u32) -> Result<(), ParseStop> {
        let first_alternative =
            self.frame.kind == GroupKind::Pattern && self.state.alternatives.as_slice().is_empty();
        let misplaced = !first_alternative || !matches!(self.last, Last::None);
        let verbose = self.state.flags.intersects(Flags::VERBOSE);
        match self.rules.global_flags {
            GlobalFlags::First => {
                if misplaced {
                    return Err(self.raise(
                        RawError::at(ErrorKind::GlobalFlagsNotFirst, start).until(self.tokens.tell()),
                    ));
                }
                self.frame.plain = Class::plain(verbose);
            }
            GlobalFlags::Anywhere { positioned } => {
                if misplaced {
                    self.warn_misplaced_flags(start, positioned)?;
                }
                if verbose && self.frame.plain != Class::plain(true) {
                    return Err(self.raise(RawError::new(ErrorKind::VerboseRestart)));
                }
            }
        }
        self.change_code_flags(misplaced)
    }

    /// Has the code compiled with the flags found so far. If there are items before them, the
    /// pattern has to be parsed again.
    fn change_code_flags(&mut self, misplaced: bool) -> Result<(), ParseStop> {
        let flags = self.code_flags(self.state.flags);
        let outermost = self.state.frames.first().unwrap_or(&self.frame);
        if flags.without(Flags::VERBOSE) == outermost.flags.without(Flags::VERBOSE) {
            return Ok(());
        }
        if misplaced {
            return Err(ParseStop::Restart);
        }
        self.frame.flags = flags;
        Ok(())
    }

    fn warn_misplaced_flags(&mut self, start: u32, positioned: bool) -> Result<(), ParseStop> {
        let excerpt = self.pattern.chars().take(EXCERPT);
        let truncated = self.pattern.chars().nth(EXCERPT).is_some();
        let unicode = self.rules.unicode;
        let kind = WarningKind::FlagsNotAtStart { start: "", truncated, positioned };
        let span = Span { start, end: self.tokens.tell() };
        self.warn_quoting(span, kind, |out| {
            if S::TEXT {
                return write_str_repr(out, excerpt, unicode);
            }
            out.write_char('b')?;
            write_latin1_ascii(out, excerpt)
        })
    }

    /// Begins a subpattern. `item` is its node in the tree.
    #[inline(always)]
    fn open(&mut self, kind: GroupKind, item: Item, start: u32, plain: Class) -> Result<(), ParseStop> {
        let span = Span { start, end: self.tokens.tell() };
        self.record(|tree, budget| tree.open(item, span, budget))?;
        self.emitter.open_group(kind.enclosure())?;
        self.push_frame(kind, start, plain)
    }

    /// Makes a new subpattern the current one.
    #[inline(always)]
    fn push_frame(&mut self, kind: GroupKind, start: u32, plain: Class) -> Result<(), ParseStop> {
        if self.state.frames.len() >= self.limits.nesting {
            return Err(self.raise(RawError::new(ErrorKind::TooDeep).spanning(start, self.tokens.tell())));
        }
        self.state.frames.try_push(self.frame, &mut self.emitter.budget)?;
        let (code, items) = (self.emitter.here(), self.state.items.height());
        self.frame = Frame {
            kind,
            start,
            content: self.tokens.tell(),
            plain,
            flags: self.frame.flags,
            items,
            code,
            alternative_items: items,
            alternative_code: code,
            width: Width::NONE,
            alternatives: self.state.alternatives.height(),
            alternatives_width: Width::NEVER,
        };
        self.last = Last::None;
        Ok(())
    }
}
