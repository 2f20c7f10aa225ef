//! Random sequences of tokens.

use super::choices::Choices;

/// Tokens with a meaning in some context.
#[rustfmt::skip]
const TOKENS: &[&str] = &[
    "a", "b", "c", "ab", "A", "s", "k", "i", "0", "1", "9", " ", "\n", "\t", "#", "-", ",", ":", "=", "!", "<", ">",
    ".", "^", "$", "|", "|", "(", "(", ")", ")", ")", "[", "]", "]", "{", "}", "*", "+", "?", "*?", "+?", "??", "*+",
    "++", "?+", "{2}", "{2,}", "{,2}", "{1,2}", "{,}", "{0}", "{3,1}", "{1}?", "{1}+", "{", "{1", "{1,", "{4294967294}",
    "{4294967295}", "(?:", "(?=", "(?!", "(?<=", "(?<!", "(?>", "(?P<a>", "(?P<b>", "(?P=a)", "(?P=b)", "(?(1)", "(?(a)",
    "(?(2)", "(?(0)", "(?(", "(?P", "(?P<", "(?P=", "(?#", "(?#)", "(?i)", "(?x)", "(?m)", "(?s)", "(?a)", "(?u)", "(?L)",
    "(?i:", "(?-i:", "(?x:", "(?-x:", "(?s-m:", "(?a:", "(?u:", "(?L:", "(?ai:", "(?-", "(?i-i:", "(?t)", "(?", "(?!)",
    "[^", "[a-z]", "[^a]", "[ab]", "[]", "[]a]", "[^]]", "[a-", "a-z", "[[", "--", "&&", "~~", "||", "[\\d]", "[\\s\\S]",
    "[\\w-", "\\", "\\\\", "\\1", "\\2", "\\9", "\\10", "\\0", "\\01", "\\012", "\\123", "\\377", "\\400", "\\8",
    "\\x", "\\x4", "\\x41", "\\xff", "\\u", "\\u0041", "\\u017f", "\\ud800", "\\U00010400", "\\U00110000", "\\N", "\\N{",
    "\\N{DIGIT ONE}", "\\N{BULLET}", "\\N{x}", "\\A", "\\Z", "\\z", "\\b", "\\B", "\\d", "\\D", "\\s", "\\S", "\\w", "\\W",
    "\\a", "\\f", "\\n", "\\r", "\\t", "\\v", "\\q", "\\G", "\\.", "\\-", "\\]", "\\ ", "\\é", "é", "ß", "\u{17f}", "\u{212a}", "\u{130}", "\u{b5}",
    "\u{ffff}", "\u{10000}", "\u{10400}", "\0", "\u{7f}", "\u{85}", "\u{a0}", "\u{2028}",
];

/// Returns a pattern, mostly of few tokens: only one in five hundred with twenty tokens is accepted.
pub(super) fn pattern(choices: &mut Choices<'_, '_>) -> Vec<u32> {
    let count = match choices.below(8) {
        0..=5 => choices.within(1, 4),
        6 => choices.within(4, 8),
        _ => choices.within(8, 20),
    };
    (0..count).flat_map(|_| token(choices).chars().map(u32::from)).collect()
}

/// Returns a random token.
pub(super) fn token(choices: &mut Choices<'_, '_>) -> &'static str {
    choices.pick(TOKENS)
}
