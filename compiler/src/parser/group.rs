//! The start of a group: `(` and the extensions after `(?`.

use super::context::Parser;
use super::flags::InlineFlags;
use super::frame::{Frame, GroupKind, Last};
use crate::diagnostics::WarningKind;
use crate::diagnostics::{ErrorKind, RawError};
use crate::diagnostics::{write_latin1_ascii, write_str_repr};
use crate::dialect::GlobalFlags;
use crate::flags::Flags;
use crate::input::Source;
use crate::input::{Class, Token};
use crate::item::AssertKind;
use crate::memory::{Stop, TryVecExt};
use crate::span::Span;
use crate::tree::{Item, NodeRange};
use crate::width::Width;

/// How much of a pattern the warning about misplaced flags shows.
const EXCERPT: usize = 20;

impl<S: Source> Parser<'_, S> {
    /// At a `(`.
    ///
    /// CPython: `re/_parser.py`, `_parse`
    pub(super) fn open_group(&mut self, start: u32) -> Result<(), Stop> {
        self.tokens.skip();
        let question_mark = self.tokens.tell();
        if !self.tokens.matches('?') {
            let number = self.number_group()?;
            return self.open_numbered(number, start);
        }
        if self.tokens.matches(':') {
            // Most are of this kind.
            return self.open(GroupKind::NonCapturing, 0, Item::Spliced, start, self.frame.plain);
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
                self.open(GroupKind::Conditional, group, item, start, plain)
            }
            b'>' if self.rules.possessive_and_atomic => {
                self.open(GroupKind::Atomic, 0, Item::Atomic(NodeRange::UNKNOWN), start, plain)
            }
            b'-' => self.open_with_flags(token, start),
            _ if self.flag(token).is_some() => self.open_with_flags(token, start),
            _ => Err(self.unknown_extension(question_mark)),
        }
    }

    fn unknown_extension(&mut self, question_mark: u32) -> Stop {
        let raise = RawError::at(ErrorKind::UnknownExtension, question_mark);
        self.raise(raise.with_quote(question_mark, self.tokens.tell()))
    }

    /// The next token of an extension, which is one of those given.
    fn extension_token(&mut self, question_mark: u32, known: &[u8]) -> Result<u8, Stop> {
        let token = self.tokens.get();
        match token {
            Token::END => Err(self.raise(RawError::at(ErrorKind::UnexpectedEnd, self.tokens.tell()))),
            _ if known.contains(&token.ascii()) => Ok(token.ascii()),
            _ => Err(self.unknown_extension(question_mark)),
        }
    }

    /// `(?P<name>…)` and `(?P=name)`
    fn parse_python_extension(&mut self, start: u32, question_mark: u32) -> Result<(), Stop> {
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
                    return Err(self.raise(RawError::at(ErrorKind::OpenGroup, from)));
                }
                self.check_lookbehind_group(group)?;
                self.append_reference(group, start)
            }
        }
    }

    fn skip_comment(&mut self, start: u32) -> Result<(), Stop> {
        loop {
            match self.tokens.get() {
                Token::END => return Err(self.raise(RawError::at(ErrorKind::UnterminatedComment, start))),
                Token::CLOSING => return Ok(()),
                _ => {}
            }
        }
    }

    #[inline(always)]
    fn open_numbered(&mut self, number: u32, start: u32) -> Result<(), Stop> {
        let item = Item::Group { number, add: Flags::empty(), del: Flags::empty(), body: NodeRange::UNKNOWN };
        self.open(GroupKind::Capturing, number, item, start, self.frame.plain)
    }

    fn open_assertion(&mut self, start: u32, kind: AssertKind) -> Result<(), Stop> {
        let outermost_behind = kind.is_behind() && self.state.lookbehind_groups.is_none();
        if outermost_behind {
            self.state.lookbehind_groups = Some(self.state.groups());
        }
        let item = Item::Assert(kind, NodeRange::UNKNOWN);
        self.open(GroupKind::Assert(kind), 0, item, start, self.frame.plain)?;
        self.frame.outermost_behind = outermost_behind;
        Ok(())
    }

    fn open_with_flags(&mut self, first: Token, start: u32) -> Result<(), Stop> {
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
                self.open(GroupKind::Flags, 0, item, start, plain)?;
                self.frame.flags = self.frame.flags.combine(add, del);
                if self.frame.flags.ignores_case_by_locale() {
                    self.emitter.skip_group_by_locale();
                }
                Ok(())
            }
        }
    }

    fn apply_global_flags(&mut self, start: u32) -> Result<(), Stop> {
        let first_alternative = self.frame.kind == GroupKind::Pattern && self.state.alternatives.is_empty();
        let misplaced = !first_alternative || self.last != Last::Nothing;
        let verbose = self.state.flags.intersects(Flags::VERBOSE);
        match self.rules.global_flags {
            GlobalFlags::FirstSet => {
                if misplaced {
                    return Err(self.raise(RawError::at(ErrorKind::GlobalFlagsNotFirst, start)));
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

    /// Has code written with the flags found up to here. Where there are items before, these have to be read anew.
    fn change_code_flags(&mut self, misplaced: bool) -> Result<(), Stop> {
        let flags = self.code_flags(self.state.flags);
        let outermost = self.state.frames.first().unwrap_or(&self.frame);
        if flags.without(Flags::VERBOSE) == outermost.flags.without(Flags::VERBOSE) {
            return Ok(());
        }
        if misplaced {
            return Err(Stop::FlagsChanged);
        }
        self.frame.flags = flags;
        Ok(())
    }

    fn warn_misplaced_flags(&mut self, start: u32, positioned: bool) -> Result<(), Stop> {
        let excerpt = self.pattern.chars().take(EXCERPT);
        let truncated = self.pattern.chars().nth(EXCERPT).is_some();
        let unicode = self.rules.unicode;
        let kind = WarningKind::FlagsNotAtStart { start: "", truncated, positioned };
        self.warn_quoting(start, kind, |out| match S::TEXT {
            true => write_str_repr(out, excerpt, unicode),
            false => out.write_char('b').and_then(|()| write_latin1_ascii(out, excerpt)),
        })
    }

    /// Opens a subpattern, which becomes that item of the tree.
    #[inline(always)]
    fn open(
        &mut self,
        kind: GroupKind,
        group: u32,
        item: Item,
        start: u32,
        plain: Class,
    ) -> Result<(), Stop> {
        let span = Span { start, end: self.tokens.tell() };
        self.record(|tree, budget| tree.open(item, span, budget))?;
        self.emitter.open_group(kind.enclosure(group))?;
        self.push_frame(kind, group, start, plain)
    }

    /// Leaves the current subpattern for one nested in it.
    #[inline(always)]
    fn push_frame(&mut self, kind: GroupKind, group: u32, start: u32, plain: Class) -> Result<(), Stop> {
        if self.state.frames.len() >= self.max_nesting {
            return Err(self.raise(RawError::new(ErrorKind::TooDeep)));
        }
        self.state.frames.try_push(self.frame, &mut self.emitter.budget)?;
        let (code, items) = (self.emitter.here(), self.state.items.len() as u32);
        self.frame = Frame {
            kind,
            outermost_behind: false,
            group,
            start,
            content: self.tokens.tell(),
            plain,
            items,
            alternative_items: items,
            width: Width::NONE,
            alternatives: self.state.alternatives.len() as u32,
            alternatives_width: Width::NEVER,
            flags: self.frame.flags,
            code,
            alternative_code: code,
        };
        self.last = Last::Nothing;
        Ok(())
    }
}
