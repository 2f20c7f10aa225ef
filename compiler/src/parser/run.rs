//! Reading a pattern from its start to its end.

use super::context::Parser;
use super::flags;
use super::frame::{Frame, GroupKind, Last};
use super::state::State;
use crate::codegen::{CodePos, Emitter};
use crate::diagnostics::{ErrorKind, RawError, Warnings};
use crate::dialect::Rules;
use crate::flags::Flags;
use crate::group_names::GroupNames;
use crate::input::{Class, Pattern, Source, Token, Tokenizer};
use crate::item::PackedItem;
use crate::memory::{Stop, TryVecExt};
use crate::opcode::At;
use crate::tree::Tree;
use crate::width::Width;

/// What the caller lends to a parse.
pub(crate) struct ParseContext<'a> {
    /// None where it is not asked for.
    pub tree: Option<&'a mut Tree>,
    pub state: &'a mut State,
    pub names: &'a mut GroupNames,
    pub warnings: &'a mut Warnings,
    pub emitter: &'a mut Emitter,
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
    context: ParseContext<'a>,
) -> Result<Width, RawError> {
    let ParseContext { tree, state, names, warnings, emitter } = context;
    let mut parser = Parser {
        pattern,
        rules,
        max_nesting,
        tokens: Tokenizer::new(source),
        tree,
        state,
        names,
        warnings,
        emitter,
        frame: Frame::of_pattern(flags, flags),
        last: Last::Nothing,
        last_width: Width::NONE,
        width_before: Width::NONE,
        last_start: 0,
        last_items: 0,
        last_code: CodePos::default(),
        known_flags: Flags::empty(),
        refused: None,
        raised: RawError::new(ErrorKind::OutOfMemory),
    };
    parser.parse(flags).map_err(|stop| match stop {
        Stop::Raised => parser.raised,
        stop => stop.into(),
    })
}
impl<S: Source> Parser<'_, S> {
    fn parse(&mut self, flags: Flags) -> Result<Width, Stop> {
        let width = self.parse_repeatedly(flags)?;
        match flags::fix_flags(S::TEXT, self.state.flags) {
            Ok(flags) => self.state.flags = flags,
            Err(refused) => return Err(self.raise(RawError::new(refused))),
        }
        if self.tokens.unit().is_some() {
            return Err(self.raise(RawError::at(ErrorKind::UnbalancedParenthesis, self.tokens.tell())));
        }
        self.check_conditional_refs()?;
        if let Some(tree) = &mut self.tree {
            tree.finish();
        }
        match self.refused {
            Some((_, kind)) => Err(self.raise(RawError::new(kind))),
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
                    self.known_flags = Flags::empty();
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
        self.emitter.clear();
        self.state.reset(flags, &mut self.emitter.budget)?;
        self.record(|tree, budget| tree.begin(budget))?;
        self.tokens.go(0);
        Ok(())
    }

    /// The flags that code is written with, where these are given or found.
    pub(super) fn code_flags(&self, flags: Flags) -> Flags {
        let flags = flags | self.known_flags;
        flags::fix_flags(S::TEXT, flags).unwrap_or(flags)
    }

    /// Reads to the end of the pattern, or to a `)` too many.
    ///
    /// CPython: `re/_parser.py`, `_parse_sub` and `_parse`
    fn parse_pattern(&mut self) -> Result<Width, Stop> {
        loop {
            let start = self.tokens.tell();
            let Some(unit) = self.tokens.unit() else { return self.on_end() };
            if self.frame.plain.has(unit) || self.tokens.escaped_mark().is_some() {
                self.parse_literals(start)?;
                continue;
            }
            // None beyond ASCII gets here.
            match unit as u8 {
                b'\\' => self.parse_escape(start)?,
                b'|' => self.on_pipe()?,
                b')' if self.frame.kind == GroupKind::Pattern => return self.on_end(),
                b')' => self.on_close()?,
                b'[' => self.parse_set(start)?,
                b'(' => self.open_group(start)?,
                b'?' | b'*' | b'+' | b'{' => self.parse_repeat(start)?,
                b'.' => self.append_any(start)?,
                b'^' => self.append_next_at(At::PrefixInfo, start)?,
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
            self.emitter.emit_literals(units, length, flags, &mut self.state.items)?;
            literals += length as u32;
            self.tokens.go(self.tokens.tell() as usize + length);
            if let Some((c, after)) = self.tokens.other_literal() {
                self.emitter.emit_literal(c, flags)?;
                self.state.items.try_push(PackedItem::literal(c), &mut self.emitter.budget)?;
                literals += 1;
                self.tokens.go(after);
            } else if self.tokens.is_next('|') && may_be_word && self.frame.kind.has_alternatives() {
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
}
