//! Parsing a pattern from its start to its end.

use super::context::{Limits, ParseContext, Parser};
use super::flags;
use super::frame::{Frame, GroupKind, Last};
use super::stop::ParseStop;
use crate::diagnostics::{ErrorKind, RawError};
use crate::dialect::Rules;
use crate::flags::Flags;
use crate::input::{Class, Pattern, Source, Token};
use crate::item::PackedItem;
use crate::literal_run::push_run;
use crate::opcode::At;
use crate::span::Span;
use crate::width::Width;

/// Parses a pattern, emits the code of its items, and returns its width.
///
/// CPython: `re/_parser.py`, `parse`
pub(crate) fn parse<'a, S: Source>(
    source: S,
    pattern: Pattern<'a>,
    flags: Flags,
    rules: &'static Rules,
    limits: Limits,
    context: ParseContext<'a>,
) -> Result<Width, RawError> {
    let mut parser = Parser::new(source, pattern, flags, rules, limits, context);
    parser.parse(flags)
}

impl<S: Source> Parser<'_, S> {
    fn parse(&mut self, flags: Flags) -> Result<Width, RawError> {
        let mut flags = flags;
        let mut verbose = false;
        let mut warned = self.warnings.mark();
        loop {
            match self.parse_once(flags) {
                Ok(width) => return Ok(width),
                Err(ParseStop::Error(stored)) => {
                    let error = self.error.get(stored);
                    if error.kind != ErrorKind::VerboseRestart || verbose {
                        return Err(error);
                    }
                    verbose = true;
                    flags |= Flags::VERBOSE;
                    self.known_flags = Flags::empty();
                    warned = self.warnings.mark();
                }
                // CPython generates code only after parsing, so it does not parse again.
                Err(ParseStop::Restart) => {
                    self.known_flags = self.state.flags;
                    self.warnings.truncate(warned);
                }
                Err(ParseStop::Abort(abort)) => return Err(abort.into()),
            }
        }
    }

    fn parse_once(&mut self, flags: Flags) -> Result<Width, ParseStop> {
        self.start(flags)?;
        let width = self.parse_pattern()?;
        match flags::fix_flags(S::TEXT, self.state.flags) {
            Ok(flags) => self.state.flags = flags,
            Err(kind) => return Err(self.raise(RawError::new(kind))),
        }
        if self.tokens.unit().is_some() {
            return Err(self.raise(RawError::at(ErrorKind::UnbalancedParenthesis, self.tokens.tell())));
        }
        self.check_conditional_refs()?;
        if let Some(tree) = &mut self.tree {
            tree.finish();
        }
        match self.codegen_error {
            Some((Span { start, end }, kind)) => Err(self.raise(RawError::new(kind).spanning(start, end))),
            None => Ok(width),
        }
    }

    /// Resets everything for one pass over the pattern.
    fn start(&mut self, flags: Flags) -> Result<(), ParseStop> {
        self.frame = Frame::of_pattern(flags, self.code_flags(flags));
        self.last = Last::None;
        self.codegen_error = None;
        self.names.clear();
        self.emitter.clear();
        self.state.reset(flags, &mut self.emitter.budget)?;
        self.record(|tree, budget| tree.begin(budget))?;
        self.tokens.go(0);
        Ok(())
    }

    /// Returns the flags that code is compiled with, given those of the caller or of
    /// `State::flags`.
    pub(super) fn code_flags(&self, flags: Flags) -> Flags {
        let flags = flags | self.known_flags;
        flags::fix_flags(S::TEXT, flags).unwrap_or(flags)
    }

    /// Parses to the end of the pattern, or to an unbalanced `)`.
    ///
    /// CPython: `re/_parser.py`, `_parse_sub` and `_parse`
    fn parse_pattern(&mut self) -> Result<Width, ParseStop> {
        loop {
            let start = self.tokens.tell();
            let Some(unit) = self.tokens.unit() else { return self.on_end() };
            if self.frame.plain.has(unit) || self.tokens.escaped_mark().is_some() {
                self.parse_literals(start)?;
                continue;
            }
            // All characters beyond ASCII are plain.
            match unit as u8 {
                b'\\' => self.parse_escape(start)?,
                b'|' => self.on_pipe()?,
                b')' if self.frame.kind == GroupKind::Pattern => return self.on_end(),
                b')' => self.on_close()?,
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

    /// Parses characters that stand for themselves, as many as follow.
    #[inline(always)]
    fn parse_literals(&mut self, start: u32) -> Result<(), ParseStop> {
        if self.tree.is_some() {
            // Each literal has a node of its own.
            let token = self.tokens.get();
            return self.append_literal(token.char().or(token.escaped()).unwrap_or_default(), start);
        }
        let (plain, flags) = (self.frame.plain, self.frame.flags);
        let may_be_word = matches!(self.last, Last::None);
        let mut literals = 0;
        loop {
            let (length, units) = self.tokens.run(plain);
            let (items, budget) = (self.state.items.as_vec(), &mut self.emitter.budget);
            push_run(items, units, length, budget, |c| [PackedItem::literal(c)])?;
            self.emitter.emit_literals(units, length, flags)?;
            literals += length as u32;
            self.tokens.go(self.tokens.tell() as usize + length);
            if let Some((c, after)) = self.tokens.other_literal() {
                self.emitter.emit_literal(c, flags)?;
                self.state.items.try_push(PackedItem::literal(c), &mut self.emitter.budget)?;
                literals += 1;
                self.tokens.go(after);
            } else if self.tokens.is_next('|') && may_be_word && self.frame.kind.has_alternatives() {
                // The literals are the whole alternative, as is common.
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

    /// Skips a comment of a verbose pattern, which begins with the next token.
    fn skip_comment_of_verbose(&mut self) {
        loop {
            self.tokens.skip_run(Class::COMMENT);
            if matches!(self.tokens.get(), Token::END | Token::NEWLINE) {
                return;
            }
        }
    }
}
