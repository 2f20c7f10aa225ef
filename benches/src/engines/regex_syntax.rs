//! regex-syntax, the parser of the crate regex: to its syntax tree, and to its intermediate representation.

use regex_syntax::{ParserBuilder, ast};
use sre_compiler::Flags;

use super::Linkable;
use crate::sample::Sample;

/// One parser for each set of flags. The input holds the index of its parser.
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

/// Parses to the syntax tree.
#[derive(Default)]
pub(super) struct Ast(Parsers<ast::parse::Parser>);

/// Parses, and translates to the intermediate representation.
#[derive(Default)]
pub(super) struct Hir(Parsers<regex_syntax::Parser>);

impl Linkable for Ast {
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

/// Returns the builder of a parser with these flags: those of the pattern, with ASCII for bytes.
fn builder(flags: Flags) -> ParserBuilder {
    let mut builder = ParserBuilder::new();
    builder
        .ignore_whitespace(flags.intersects(Flags::VERBOSE))
        .case_insensitive(flags.intersects(Flags::IGNORECASE))
        .multi_line(flags.intersects(Flags::MULTILINE))
        .dot_matches_new_line(flags.intersects(Flags::DOTALL))
        .unicode(!flags.intersects(Flags::ASCII))
        .utf8(false);
    builder
}

impl Linkable for Hir {
    const NAME: &'static str = "regex-hir";
    const ABOUT: &'static str = "regex-syntax 0.8, to the intermediate representation";
    type Input = (String, usize);

    fn prepare(&mut self, sample: &Sample) -> Option<(String, usize)> {
        let flags = sample.case.flags;
        // A bytes pattern needs a different parser from a str pattern with the same flags.
        let key = if sample.case.is_bytes() { flags | Flags::ASCII } else { flags };
        Some((sample.utf8.clone()?, self.0.find(key, || builder(key).build())))
    }

    fn compile(&mut self, (pattern, number): &(String, usize)) -> bool {
        let (key, parser) = &mut self.0.made[*number];
        let accepted = parser.parse(pattern).is_ok();
        if !accepted {
            // After an error, the translator keeps a part of its stack, and panics at a later pattern.
            *parser = builder(*key).build();
        }
        accepted
    }
}

#[cfg(test)]
mod tests {
    use sre_case::Case;

    use super::*;

    #[test]
    fn a_pattern_after_a_rejected_one_is_compiled() {
        let mut hir = Hir::default();
        let mut accepts = |pattern: &str| {
            let input = hir.prepare(&Case::str(pattern, Flags::empty()).into()).unwrap();
            hir.compile(&input)
        };
        let results = [r"a(?:b|\p{Nonsense})", "a", r"[\d&&\p{Nonsense}]", "(b|c)*"].map(&mut accepts);
        assert_eq!(results, [false, true, false, true]);
    }
}
