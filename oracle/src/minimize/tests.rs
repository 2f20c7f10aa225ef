use super::*;

fn text(case: &Case) -> String {
    case.to_utf8().unwrap_or_default()
}

fn minimized(pattern: &str, holds: impl Fn(&str) -> bool) -> String {
    assert!(holds(pattern), "{pattern}");
    let flags = Flags::IGNORECASE | Flags::MULTILINE;
    let result = minimize(&Case::str(pattern, flags), TRIES, &mut |case| holds(&text(case)));
    assert!(result.complete, "{result:?}");
    assert_eq!(result.case.flags, Flags::empty());
    text(&result.case)
}

/// Returns whether text without parentheses follows an opener in the pattern and contains a part.
fn is_inside(pattern: &str, opener: &str, part: &str) -> bool {
    pattern.match_indices(opener).any(|(at, _)| {
        let body = &pattern[at + opener.len()..];
        body.split_once(')').is_some_and(|(body, _)| body.contains(part))
    })
}

#[test]
fn irrelevant_items_are_removed() {
    let back_reference_in_look_behind = |pattern: &str| is_inside(pattern, "(?<=", r"\1");
    let pattern = r"^(?P<name>[a-z]{2,3}|x)(?:y+|(?i:z*?(?<=q[^w]\1\d)|\w))$|\N{DIGIT ONE}";
    assert_eq!(minimized(pattern, back_reference_in_look_behind), r"(?<=\1)");
    assert_eq!(minimized("(?:ab|[^x-z]c)+d", |pattern| pattern.contains("[^")), "[^");
    assert_eq!(
        minimized("(?:ab|[^x-z]c)+d", |pattern| pattern.contains('-') && pattern.ends_with('d')),
        "-d"
    );
    assert_eq!(minimized("x{10,20}?yz", |pattern| pattern.len() >= 3), "aaa");
    assert_eq!(minimized("(((x|y)|z)|q)", |pattern| pattern.matches('|').count() >= 2), "||");
    assert_eq!(minimized("", |_| true), "");
}

#[test]
fn paired_parentheses_and_brackets_are_removed_together() {
    let balanced = |pattern: &str| {
        let (open, close) = (pattern.matches('(').count(), pattern.matches(')').count());
        open == close && pattern.matches('[').count() == pattern.matches(']').count()
    };
    let holds = |pattern: &str| balanced(pattern) && pattern.contains("q*");
    assert_eq!(minimized("((a|(?P<n>b[xq*]c)|(?(1)d|e))f)+", holds), "q*");
}

#[test]
fn kind_and_flags_remain_if_the_predicate_needs_them() {
    let case = Case::bytes(b"ab\xffcd", Flags::IGNORECASE | Flags::ASCII);
    let result = minimize(&case, TRIES, &mut |case| {
        case.flags.intersects(Flags::ASCII) && case.is_bytes() && case.len() > 2
    });
    assert_eq!(result.case, Case::bytes(b"aaa", Flags::ASCII));
    let result = minimize(&case, TRIES, &mut |case| case.pattern().chars().any(|c| c == 0xff));
    assert_eq!(result.case, Case::str("\u{ff}", Flags::empty()));
}

#[test]
fn tries_are_limited_and_the_best_case_so_far_is_returned() {
    let long = "(a|[b-c]d{2,3})".repeat(5000);
    let mut asked = 0;
    let result = minimize(&Case::str(&long, Flags::empty()), 100, &mut |case| {
        asked += 1;
        text(case).matches('d').count() > 1000
    });
    assert_eq!((result.tries, asked, result.complete), (100, 100, false));
    assert!(result.case.len() < long.len() && text(&result.case).matches('d').count() > 1000);
    let deep = format!("{}x{}", "(".repeat(50_000), ")".repeat(50_000));
    let result = minimize(&Case::str(&deep, Flags::empty()), 50, &mut |case| text(case).contains('x'));
    assert_eq!(text(&result.case), "x");
}

#[test]
fn any_text_becomes_empty_if_the_predicate_always_holds() {
    arbtest::arbtest(|u| {
        let case = Case::decode(u.arbitrary()?);
        let result = minimize(&case, TRIES, &mut |_| true);
        assert!(result.complete && result.case == Case::str("", Flags::empty()), "{case:?}: {result:?}");
        assert!(result.tries <= 3, "{case:?}: {result:?}");
        Ok(())
    });
}

#[test]
fn every_edit_makes_a_text_smaller() {
    arbtest::arbtest(|u| {
        const PIECES: [&str; 16] = [
            "(", "(?:", "(?P<a>", "(?(1)", "|", ")", "[", "[^", "]", "-", "a", "\\", "{1,2}", "*?", "x41",
            "é",
        ];
        let mut pattern = String::new();
        for _ in 0..u.int_in_range(0..=12)? {
            pattern.push_str(u.choose(&PIECES)?);
        }
        let text: Vec<u32> = pattern.chars().map(u32::from).collect();
        let others = |text: &[u32]| text.iter().filter(|&&c| c != u32::from('a')).count();
        for edit in edits(&text) {
            let left = edit.apply(&text);
            let smaller = (left.len(), others(&left)) < (text.len(), others(&text));
            // Some edits of a text of `a`s change nothing.
            assert!(smaller || left == text, "{pattern:?}: {edit:?}");
        }
        Ok(())
    });
}
