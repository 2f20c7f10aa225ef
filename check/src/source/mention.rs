//! Whether a file can contain patterns at all, without parsing it.

use super::Framework;

/// Returns whether a file mentions the module `re` or one of the frameworks. A file that does not
/// cannot import them.
pub(super) fn mentions(source: &str, frameworks: &[Framework]) -> bool {
    let uses = |framework: &Framework| match framework {
        // Rules begin so, and few other names.
        Framework::Ply => begins_a_word(source.as_bytes(), "t_"),
        other => source.contains(other.name()),
    };
    mentions_re(source) || frameworks.iter().any(uses)
}

/// Returns whether a name begins with a text.
fn begins_a_word(bytes: &[u8], text: &str) -> bool {
    let mut found = memchr::memmem::find_iter(bytes, text);
    found.any(|at| !at.checked_sub(1).and_then(|before| bytes.get(before)).is_some_and(is_part))
}

fn is_part(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || *byte == b'_'
}

/// Returns whether `re` is in the text as a word.
fn mentions_re(source: &str) -> bool {
    let bytes = source.as_bytes();
    let words = memchr::memmem::find_iter(bytes, "re");
    let is_word = |at: usize| {
        !at.checked_sub(1).and_then(|before| bytes.get(before)).is_some_and(is_part)
            && !bytes.get(at + 2).is_some_and(is_part)
    };
    words.into_iter().any(is_word) || !source.is_ascii() && source.chars().any(is_like_r_or_e)
}

/// Returns whether Python reads a character in a name as `r` or `e`, though it is neither.
fn is_like_r_or_e(c: char) -> bool {
    matches!(c, 'ʳ' | 'ᵉ' | 'ᵣ' | 'ₑ' | 'ℯ' | 'ⅇ' | 'ｒ' | 'ｅ' | '\u{1D400}'..='\u{1D7FF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_word_counts() {
        for text in ["import re", "re", "from re import x", "x=re.y", "(re)", "import ｒe", "𝐫e"] {
            assert!(mentions(text, &[]), "{text}");
        }
        for text in ["", "return", "are", "_re", "re_", "re2", "é", "r e"] {
            assert!(!mentions(text, &[]), "{text}");
        }
        assert!(mentions("def t_A(t)", &[Framework::Ply]) && !mentions("get_x, at_", &[Framework::Ply]));
        assert!(mentions("import django", &[Framework::Django]) && !mentions("import django", &[]));
    }
}
