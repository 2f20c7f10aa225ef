//! What subjects there are.

use sre_case::{Case, Text};
use sre_compiler::{Dialect, Flags};

use super::{MAX_LENGTH, Subjects};

fn texts(pattern: &str, flags: Flags) -> Vec<String> {
    let subjects = Subjects::new(1).make(&Case::str(pattern, flags), Dialect::default(), 300);
    let text = |text| match text {
        Text::Str(text) => text.into_iter().filter_map(char::from_u32).collect(),
        Text::Bytes(_) => String::new(),
    };
    subjects.into_iter().map(|subject| text(subject.text)).collect()
}

#[test]
fn texts_match_or_nearly_do() {
    for (pattern, wanted) in [
        ("abc", &["abc", "ac", "abcabc"][..]),
        ("a{2,3}", &["aa", "aaa", "a", "aaaa"]),
        ("(?:x|yz)+", &["x", "yz", "xyz"]),
        ("(?:xyz){2}", &["xyzxyz", "xyzxyzxy"]),
        ("(a|b)\\1", &["aa", "bb"]),
        ("(a)?(?(1)b|c)", &["ab", "c"]),
        ("[d-f]", &["d", "f", "c", "g"]),
        ("(?<=x)y", &["xy"]),
    ] {
        let texts = texts(pattern, Flags::empty());
        for text in wanted {
            assert!(texts.iter().any(|made| made == text), "{pattern}: {text} in {texts:?}");
        }
    }
    let ignoring = texts("(?i)k\u{10400}", Flags::empty());
    for text in ["K\u{10400}", "\u{212a}\u{10400}", "k\u{10428}"] {
        assert!(ignoring.iter().any(|made| made == text), "{text} in {ignoring:?}");
    }
}

#[test]
fn all_widths_occur() {
    let texts = texts("ab*", Flags::empty());
    for (low, high) in [(0, 0x7F), (0x80, 0xFF), (0x100, 0xFFFF), (0x1_0000, 0x10_FFFF)] {
        let widest = |text: &String| text.chars().map(u32::from).max().unwrap_or(0);
        assert!(texts.iter().any(|text| (low..=high).contains(&widest(text))), "{low:x}");
    }
}

#[test]
fn hostile_patterns_give_short_subjects() {
    let deep = format!("{}a{}", "(".repeat(20_000), ")".repeat(20_000));
    for pattern in
        [deep.as_str(), "(?:a{1000}){1000}", "(?:(?:){9999999})*", "a{4000000000}", &"x".repeat(100_000)]
    {
        let case = Case::str(pattern, Flags::empty());
        for subject in Subjects::new(2).make(&case, Dialect::default(), 20) {
            let length = match &subject.text {
                Text::Str(text) => text.len(),
                Text::Bytes(text) => text.len(),
            };
            assert!(length <= MAX_LENGTH && subject.pos <= subject.endpos && subject.endpos <= length);
        }
    }
    assert!(Subjects::new(3).make(&Case::str("(", Flags::empty()), Dialect::default(), 5).is_empty());
}

#[test]
fn bytes_patterns_have_bytes_subjects() {
    let case = Case::bytes(b"(?i)[\x80-\xff]a.", Flags::empty());
    let subjects = Subjects::new(4).make(&case, Dialect::default(), 100);
    assert!(subjects.len() == 100 && subjects.iter().all(|subject| matches!(subject.text, Text::Bytes(_))));
}
