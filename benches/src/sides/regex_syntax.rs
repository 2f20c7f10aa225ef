//! The parser of the crate regex: to its syntax tree, and on to its intermediate representation.

use regex_syntax::{ParserBuilder, ast};
use sre_compiler::Flags;

use super::Engine;
use crate::sample::Sample;

/// One parser for each set of flags, used again. The input's number tells which.
struct Parsers<P> {
    made: Vec<(Flags, P)>,
}

impl<P> Default for Parsers<P> {
    fn default() -> Parsers<P> {
        Parsers { made: Vec::new() }
    }
}

impl<P> Parsers<P> {
    fn find(&mut self, flags: Flags, make: impl Fn() -> P) -> usize {
        let found = self.made.iter().position(|(made, _)| *made == flags);
        found.unwrap_or_else(|| {
            self.made.push((flags, make()));
            self.made.len() - 1
        })
    }
}

/// To the syntax tree.
#[derive(Default)]
pub(super) struct Ast(Parsers<ast::parse::Parser>);

/// On to the intermediate representation.
#[derive(Default)]
pub(super) struct Hir(Parsers<regex_syntax::Parser>);

impl Engine for Ast {
    const NAME: &'static str = "regex-ast";
    const ABOUT: &'static str = "regex-syntax 0.8, to the syntax tree";
    type Input = (String, usize);

    fn prepare(&mut self, sample: &Sample) -> Option<(String, usize)> {
        let flags = sample.case.flags;
        let make =
            || ast::parse::ParserBuilder::new().ignore_whitespace(flags.intersects(Flags::VERBOSE)).build();
        Some((sample.utf8.clone()?, self.0.find(flags, make)))
    }

    fn compile(&mut self, (pattern, parser): &(String, usize)) -> bool {
        self.0.made[*parser].1.parse(pattern).is_ok()
    }
}

impl Engine for Hir {
    const NAME: &'static str = "regex-hir";
    const ABOUT: &'static str = "regex-syntax 0.8, to the intermediate representation";
    type Input = (String, usize);

    fn prepare(&mut self, sample: &Sample) -> Option<(String, usize)> {
        let flags = sample.case.flags;
        let make = || {
            ParserBuilder::new()
                .ignore_whitespace(flags.intersects(Flags::VERBOSE))
                .case_insensitive(flags.intersects(Flags::IGNORECASE))
                .multi_line(flags.intersects(Flags::MULTILINE))
                .dot_matches_new_line(flags.intersects(Flags::DOTALL))
                .unicode(!sample.case.is_bytes() && !flags.intersects(Flags::ASCII))
                .utf8(false)
                .build()
        };
        // A bytes pattern needs another parser than a text with the same flags.
        let key = if sample.case.is_bytes() { flags | Flags::ASCII } else { flags };
        Some((sample.utf8.clone()?, self.0.find(key, make)))
    }

    fn compile(&mut self, (pattern, parser): &(String, usize)) -> bool {
        self.0.made[*parser].1.parse(pattern).is_ok()
    }
}
