//! Comments that suppress findings: `# noqa`, `# noqa: SRE001,SRE003`, `# sre: noqa`.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use ruff_python_ast::token::{TokenKind, Tokens};
use ruff_text_size::Ranged;

use super::place::Places;

/// The findings that the comments of a file suppress.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Suppressions {
    /// By line, from 1. Line 0 is for the whole file.
    lines: BTreeMap<usize, Codes>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Codes {
    All,
    Of(Vec<String>),
}

impl Codes {
    fn contain(&self, code: &str) -> bool {
        match self {
            Codes::All => true,
            Codes::Of(codes) => codes.iter().any(|wanted| wanted.eq_ignore_ascii_case(code)),
        }
    }
}

impl Suppressions {
    pub(super) fn new(source: &str, tokens: &Tokens, places: &Places<'_>) -> Suppressions {
        let mut lines = BTreeMap::new();
        for token in tokens.iter().filter(|token| token.kind() == TokenKind::Comment) {
            let (start, end) = (token.start().to_usize(), token.end().to_usize());
            let comment = source.get(start..end).unwrap_or_default();
            if let Some((whole_file, codes)) = parse(comment) {
                lines.insert(if whole_file { 0 } else { places.at(start).0 }, codes);
            }
        }
        Suppressions { lines }
    }

    /// Returns whether a finding of that rule is suppressed by a comment in one of the lines, or for
    /// the whole file.
    pub fn contain(&self, code: &str, lines: RangeInclusive<usize>) -> bool {
        let whole_file = self.lines.get(&0).is_some_and(|codes| codes.contain(code));
        whole_file || self.lines.range(lines).any(|(_, codes)| codes.contain(code))
    }
}

/// Reads a comment. Returns whether it is about the whole file, and the codes.
fn parse(comment: &str) -> Option<(bool, Codes)> {
    // Several comments may share a line: `# type: ignore # noqa`
    comment.split('#').find_map(|part| {
        let part = part.trim_start();
        let (whole_file, part) = match strip_word(part, "sre:") {
            Some(rest) => (true, rest.trim_start()),
            None => (false, part),
        };
        let rest = strip_word(part, "noqa")?;
        let Some(list) = rest.trim_start().strip_prefix(':') else {
            let ends = rest.is_empty() || rest.starts_with(|c: char| !c.is_alphanumeric());
            return ends.then_some((whole_file, Codes::All));
        };
        let codes = list.split(|c: char| c == ',' || c.is_whitespace()).filter(|code| !code.is_empty());
        let is_code = |code: &&str| {
            let digits = code.trim_start_matches(|c: char| c.is_ascii_alphabetic());
            digits.len() < code.len() && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
        };
        Some((whole_file, Codes::Of(codes.take_while(is_code).map(str::to_owned).collect())))
    })
}

fn strip_word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let start = text.get(..word.len())?;
    start.eq_ignore_ascii_case(word).then(|| &text[word.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(codes: &[&str]) -> Codes {
        Codes::Of(codes.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn comments_are_read_as_flake8_and_ruff_read_them() {
        for (comment, codes) in [
            ("# noqa", Codes::All),
            ("#NOQA", Codes::All),
            ("# noqa, because", Codes::All),
            ("# type: ignore  # noqa: SRE001", of(&["SRE001"])),
            ("# noqa:SRE001,SRE002", of(&["SRE001", "SRE002"])),
            ("# noqa : E501 sre003 an old pattern", of(&["E501", "sre003"])),
        ] {
            assert_eq!(parse(comment), Some((false, codes)), "{comment}");
        }
        assert_eq!(parse("# sre: noqa"), Some((true, Codes::All)));
        assert_eq!(parse("# sre: noqa: SRE002"), Some((true, of(&["SRE002"]))));
        for comment in ["#", "# noqaX", "# see noqa", "# sre", "# no qa"] {
            assert_eq!(parse(comment), None, "{comment}");
        }
    }
}
