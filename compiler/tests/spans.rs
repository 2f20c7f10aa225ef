//! The spans of errors and warnings, and drawing them.

#![allow(clippy::unwrap_used)] // also outside of #[test]

use sre_compiler::{Compiler, Dialect, Error, Flags, Pattern, compile};

fn refused<'p>(pattern: impl Into<Pattern<'p>>, dialect: Dialect) -> Error {
    compile(pattern, Flags::empty(), dialect).unwrap_err()
}

/// The pattern with `[` and `]` of U+27E6 and U+27E7 around the span.
fn marked(pattern: &str, dialect: Dialect) -> String {
    let span = refused(pattern, dialect).span().expect("a span");
    format!("{}⟦{}⟧{}", &pattern[..span.start], &pattern[span.clone()], &pattern[span.end..])
}

#[test]
fn an_error_has_the_part_of_the_pattern_at_fault() {
    let expected = [
        ("é⟦(⟧b", Dialect::LATEST),
        ("é⟦)⟧b", Dialect::LATEST),
        ("⟦[⟧ab", Dialect::LATEST),
        (r"é⟦\⟧", Dialect::LATEST),
        (r"é⟦\q⟧b", Dialect::LATEST),
        (r"é⟦\x1⟧gb", Dialect::LATEST),
        (r"é⟦\777⟧b", Dialect::LATEST),
        (r"\N⟦⟧", Dialect::LATEST),
        (r"é⟦\N{no such}⟧b", Dialect::LATEST),
        (r"é⟦\N{KEYCAP DIGIT ONE}⟧b", Dialect::from_version(3, 8, 0).unwrap()),
        (r"é⟦\U80000000⟧b", Dialect::PY312),
        ("[⟦z-a⟧]", Dialect::LATEST),
        (r"[é⟦\d-é⟧]", Dialect::LATEST),
        ("é*⟦*⟧", Dialect::LATEST),
        ("é*⟦{2,3}⟧b", Dialect::LATEST),
        ("é|⟦{2}⟧", Dialect::LATEST),
        ("é{⟦3,2}⟧b", Dialect::LATEST),
        ("é⟦{9999999999}⟧b", Dialect::LATEST),
        ("é⟦{1,9999999999}⟧b", Dialect::LATEST),
        ("é⟦(?<=a*)⟧b", Dialect::LATEST),
        ("é(⟦?k⟧)", Dialect::LATEST),
        ("é(?P<⟦a ⟧>)", Dialect::LATEST),
        ("é(?P<⟦>⟧)", Dialect::LATEST),
        ("é(?P<⟦ab⟧", Dialect::LATEST),
        ("(?P<a>)(?P<⟦a⟧>)", Dialect::LATEST),
        ("é(?P=⟦ab⟧)", Dialect::LATEST),
        ("(?P<a>(?P=⟦a⟧))", Dialect::LATEST),
        (r"é\⟦12⟧b", Dialect::LATEST),
        ("é(?(⟦12⟧)b)", Dialect::LATEST),
        ("é(?(⟦0⟧)b)", Dialect::LATEST),
        ("()(?(1)a|b⟦|⟧c)", Dialect::LATEST),
        ("é⟦(?i)⟧b", Dialect::LATEST),
        ("é(?i-⟦)⟧b", Dialect::LATEST),
        ("é(?⟦⟧", Dialect::LATEST),
        ("é⟦(⟧?#b", Dialect::LATEST),
    ];
    for (expected, dialect) in expected {
        let pattern = expected.replace(['⟦', '⟧'], "");
        assert_eq!(marked(&pattern, dialect), expected);
        // In code points every index is a character.
        let chars: Vec<char> = pattern.chars().collect();
        let (of_text, of_chars) = (refused(&pattern, dialect), refused(&chars, dialect));
        let to_char = |unit| Pattern::from(&pattern).unit_to_char(unit).unwrap();
        let (utf8, characters) = (of_text.span().unwrap(), of_chars.span().unwrap());
        assert_eq!(to_char(utf8.start)..to_char(utf8.end), characters, "{pattern}");
        if let Some(pos) = of_text.pos() {
            assert_eq!(pos, characters.start, "{pattern}: a span begins at the position");
        }
    }
}

#[test]
fn errors_are_equal_if_the_exceptions_are() {
    let [text, characters] = [refused("é(", Dialect::LATEST), refused(&['é', '('], Dialect::LATEST)];
    assert_ne!(text.span(), characters.span());
    assert_eq!(text, characters);
    assert_ne!(text, refused("éé(", Dialect::LATEST));
}

#[test]
fn errors_of_the_flags_have_no_span() {
    let error = compile("a", Flags::LOCALE, Dialect::LATEST).unwrap_err();
    assert_eq!((error.pos(), error.span()), (None, None));
    assert_eq!(error.render("a").to_string(), "ValueError: cannot use LOCALE flag with a str pattern\n");
}

#[test]
fn an_error_says_what_it_quotes() {
    let quoted = |pattern: &str| {
        let error = refused(pattern, Dialect::LATEST);
        error.quoted().iter().filter_map(|&c| char::from_u32(c)).collect::<String>()
    };
    assert_eq!(quoted(r"(?P<é >)"), "é ");
    assert_eq!(quoted(r"[\d-é]"), r"\d-é");
    assert_eq!(quoted("(a"), "");
    assert_eq!(refused("(a", Dialect::LATEST).text().to_string(), "missing ), unterminated subpattern");
    let surrogate = Pattern::from_code_points(&[0x28, 0x3f, 0xd800]).unwrap();
    let error = refused(surrogate, Dialect::LATEST);
    assert_eq!(error.quoted(), [0x3f, 0xd800]);
    assert_eq!(error.text().to_string(), "unknown extension ?\u{fffd}");
}

#[test]
fn a_warning_has_the_part_of_the_pattern_it_is_about() {
    let mut warnings = 0;
    let mut assert_marked = |expected: &str, dialect| {
        let pattern = expected.replace(['⟦', '⟧'], "");
        let mut compiler = Compiler::new(dialect);
        let _ = compiler.compile(&pattern, Flags::empty());
        let warning = compiler.warnings().next().unwrap();
        let span = warning.span();
        assert_eq!(Pattern::from(&pattern).char_to_unit(warning.pos()), Some(span.start));
        let found = format!("{}⟦{}⟧{}", &pattern[..span.start], &pattern[span.clone()], &pattern[span.end..]);
        assert_eq!(found, expected);
        warnings += 1;
    };
    assert_marked("é[⟦[⟧a]", Dialect::LATEST);
    assert_marked("[é⟦--⟧a]", Dialect::LATEST);
    assert_marked("[é⟦&&⟧a]", Dialect::LATEST);
    assert_marked("[é⟦~~⟧a]", Dialect::LATEST);
    assert_marked("[é⟦||⟧a]", Dialect::LATEST);
    assert_marked("é⟦(?i)⟧a", Dialect::PY310);
    assert_eq!(warnings, 6);
    let mut compiler = Compiler::new(Dialect::PY311);
    compiler.compile(b"(?P<\xe9>a)", Flags::empty()).unwrap();
    assert_eq!(compiler.warnings().next().unwrap().span(), 4..5);
}

#[track_caller]
fn assert_drawn<'p>(pattern: impl Into<Pattern<'p>>, expected: &str) {
    let pattern = pattern.into();
    assert_eq!(refused(pattern, Dialect::LATEST).render(pattern).to_string(), expected);
}

#[test]
fn an_error_is_drawn_under_its_line() {
    assert_drawn(
        r"ab\qc",
        r"error: bad escape \q at position 2
  |
1 | ab\qc
  |   ^^
",
    );
    assert_drawn(
        "é\n\t[z-a]\nx",
        r"error: bad character range z-a at position 4 (line 2, column 3)
  |
2 | \x09[z-a]
  |      ^^^
",
    );
    assert_drawn("a(?", "error: unexpected end of pattern at position 3\n  |\n1 | a(?\n  |    ^\n");
    assert_drawn(
        b"\xff\x1b(",
        "error: missing ), unterminated subpattern at position 2\n  |\n1 | \\xff\\x1b(\n  |         ^\n",
    );
    let mut compiler = Compiler::new(Dialect::LATEST);
    compiler.compile("[a&&b]", Flags::empty()).unwrap();
    let drawn = compiler.warnings().next().unwrap().render("[a&&b]").to_string();
    assert_eq!(drawn, "FutureWarning: Possible set intersection at position 2\n  |\n1 | [a&&b]\n  |   ^^\n");
}

#[test]
fn of_a_long_line_only_the_surroundings_are_drawn() {
    let pattern = format!("{}({}", "é".repeat(100_000), "b".repeat(100_000));
    let drawn = refused(&pattern, Dialect::LATEST).render(&pattern).to_string();
    let lines: Vec<&str> = drawn.lines().collect();
    assert_eq!(lines[2], format!("1 | …{}({}…", "é".repeat(40), "b".repeat(48)));
    assert_eq!(lines[3], format!("  | {}^", " ".repeat(41)));
    // All of it is at fault.
    let pattern = format!("(?<={}*)", "b".repeat(100_000));
    let drawn = refused(&pattern, Dialect::LATEST).render(&pattern).to_string();
    assert!(drawn.len() < 1000, "{}", drawn.len());
}

#[test]
fn drawing_another_pattern_does_not_panic() {
    let error = refused("aaaaaaaaaa(", Dialect::LATEST);
    for other in ["", "é", "aaaaaaaaaéé", "aaaaaaaaaaa\n", "\n\n\n\n\n\n\n\n\n\n\n\n"] {
        assert!(!error.render(other).to_string().is_empty());
    }
}
