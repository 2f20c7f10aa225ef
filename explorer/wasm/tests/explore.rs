//! What the page gets for patterns that people ask about.

use serde_json::Value;
use sre_compiler::{Compiler, Dialect, Flags, compile};
use sre_explorer::{Explorer, Limits, Request, dialects, latest_code, list_dialects};

fn explore(pattern: &str, limits: Limits) -> Value {
    let units: Vec<u32> = pattern.chars().map(u32::from).collect();
    let request = Request::new(&units, false, Flags::empty()).expect("code points");
    serde_json::from_str(&Explorer::default().explore(&request, limits)).expect("JSON")
}

/// The rules of the changes, by the version at which the answer changes.
fn changes(page: &Value) -> Vec<(String, Vec<String>)> {
    let dialects: Vec<_> = dialects().collect();
    let changes = page["changes"].as_array().expect("changes");
    let change = |change: &Value| {
        let at = change["at"].as_u64().expect("an index") as usize;
        (dialects[at].to_string(), serde_json::from_value(change["rules"].clone()).expect("names"))
    };
    changes.iter().map(change).collect()
}

#[test]
fn the_rule_that_makes_the_difference_is_named() {
    let page = explore("(?>a+)b", Limits::OF_PAGE);
    assert_eq!(changes(&page), [("3.11.0".to_owned(), vec!["possessive_and_atomic".to_owned()])]);
    let names = |pattern| {
        let names = changes(&explore(pattern, Limits::OF_PAGE)).into_iter();
        names.map(|(version, rules)| format!("{version} {}", rules.join(" "))).collect::<Vec<_>>()
    };
    assert_eq!(
        names("a(?i)b"),
        ["3.9.13 global_flags", "3.10.0 global_flags", "3.10.5 global_flags", "3.11.0 global_flags"]
    );
    assert_eq!(names(r"a\z"), ["3.14.0 lower_z_escape"]);
    assert_eq!(names("(?i)[𐐀x]")[..1], ["3.12.8 astral_literals_folded"]);
    assert_eq!(names("[a&&b]"), ["3.16.0 set_operators"]);
    assert!(names("abc").is_empty());
}

#[test]
fn lines_have_the_part_of_the_pattern_that_they_came_from() {
    let page = explore("ab*|c", Limits::OF_PAGE);
    let group = &page["groups"][0];
    let lines = group["lines"].as_array().expect("lines");
    let star = lines.iter().find(|line| line[2].as_str().is_some_and(|text| text.starts_with("REPEAT_ONE")));
    assert_eq!(star.map(|line| (&line[4], &line[5])), Some((&1.into(), &3.into())));
    let tree: Vec<String> = group["tree"].as_array().expect("a tree").iter().map(Value::to_string).collect();
    let expected = [
        r#"[0,"BRANCH",0,5]"#,
        r#"[1,"LITERAL 97",0,1]"#,
        r#"[1,"MAX_REPEAT 0 MAXREPEAT",1,3]"#,
        r#"[2,"LITERAL 98",1,2]"#,
        r#"[0,"OR",null,null]"#,
        r#"[1,"LITERAL 99",4,5]"#,
    ];
    assert_eq!(tree, expected);
    let tree = explore(r"[^\da]x", Limits::OF_PAGE)["groups"][0]["tree"].clone();
    assert_eq!(tree[0].to_string(), r#"[0,"IN",0,6]"#);
    assert_eq!(tree[4].to_string(), r#"[0,"LITERAL 120",6,7]"#);
}

#[test]
fn what_is_written_is_limited_whatever_the_pattern() {
    let hostile = [
        "(".repeat(100_000) + &")".repeat(100_000),
        "a|bc".repeat(50_000),
        "[[".repeat(50_000) + "]",
        r"(?i)[a\W]".repeat(20_000),
        "(".repeat(200_000),
        "(?P<n>a)".repeat(2),
    ];
    for pattern in hostile {
        let page = explore(&pattern, Limits::OF_PAGE);
        let text = page.to_string();
        assert!(text.len() < 4_000_000, "{} bytes for {}…", text.len(), &pattern[..8]);
        assert_eq!(page["of"].as_array().map(Vec::len), Some(dialects().count()));
    }
}

#[test]
fn bytes_are_bytes() {
    assert!(Request::new(&[0x61, 0x100], true, Flags::empty()).is_none());
    assert!(Request::new(&[0x11_0000], false, Flags::empty()).is_none());
    let request = Request::new(&[0xff], true, Flags::empty()).expect("a byte");
    let page: Value =
        serde_json::from_str(&Explorer::default().explore(&request, Limits::OF_PAGE)).expect("JSON");
    assert_eq!(page["groups"].as_array().map(Vec::len), Some(1));
}

#[test]
fn dialects_are_listed_in_order_with_the_preview_last() {
    let list: Value = serde_json::from_str(&list_dialects()).expect("JSON");
    let list = list["dialects"].as_array().expect("dialects");
    assert_eq!(list.len(), dialects().count());
    assert_eq!((&list[0]["minor"], &list[0]["patch"]), (&8.into(), &0.into()));
    let preview = list.last().expect("a dialect");
    assert_eq!((&preview["minor"], &preview["preview"]), (&16.into(), &true.into()));
}

/// The page, and whoever else wants words for a rule, reads them from there.
#[test]
fn every_rule_has_words() {
    let words = include_str!("../../rules.json");
    let words: std::collections::BTreeMap<String, Value> = serde_json::from_str(words).expect("JSON");
    let named: std::collections::BTreeSet<&str> = words.keys().map(String::as_str).collect();
    assert_eq!(named, sre_compiler::Dialect::rule_names().collect());
    for (name, rule) in &words {
        assert!(rule["title"].is_string() && rule["text"].is_string(), "{name}");
        for link in rule["links"].as_array().expect("links") {
            let url = link[1].as_str().expect("an address");
            let known = ["https://docs.python.org/3/", "https://github.com/python/cpython/issues/"];
            assert!(known.iter().any(|start| url.starts_with(start)), "{name}: {url}");
        }
    }
}

/// A change of a rule between two dialects: the first version with it, and the last one without it.
struct Change {
    minor: u32,
    patch: u32,
    names: [String; 2],
}

/// The changes of each rule, in the order of the dialects.
fn changes_of_rules() -> std::collections::BTreeMap<&'static str, Vec<Change>> {
    let mut changes: std::collections::BTreeMap<&str, Vec<Change>> = std::collections::BTreeMap::new();
    let dialects: Vec<Dialect> = dialects().collect();
    for pair in dialects.windows(2) {
        let ((_, before, _), (_, minor, patch)) = (pair[0].min_version(), pair[1].min_version());
        let names = match patch {
            0 => [format!("3.{minor}"), format!("3.{before}")],
            _ => [format!("3.{minor}.{patch}"), format!("3.{minor}.{}", patch - 1)],
        };
        for (rule, _) in pair[0].with_rules_of(pair[1]) {
            changes.entry(rule).or_default().push(Change { minor, patch, names: names.clone() });
        }
    }
    changes
}

/// The text of a rule says since when it holds, which the table of dialects decides.
#[test]
fn the_versions_in_the_words_of_a_rule_are_those_in_which_it_changes() {
    let words = include_str!("../../rules.json");
    let words: std::collections::BTreeMap<String, Value> = serde_json::from_str(words).expect("JSON");
    let changes = changes_of_rules();
    let mut checked = 0;
    for (name, rule) in &words {
        let text = rule["text"].as_str().expect("a text");
        let numbers =
            text.split(|c: char| !c.is_ascii_digit() && c != '.').map(|word| word.trim_matches('.'));
        let mentioned: Vec<&str> = numbers.filter(|word| word.starts_with("3.")).collect();
        let changes = changes.get(name.as_str()).map_or(&[][..], Vec::as_slice);
        if mentioned.is_empty() {
            continue;
        }
        // "Up to" names the last version without a change, and other words the first one with it.
        let names_of = |change: &Change| change.names[..if text.contains("p to ") { 2 } else { 1 }].to_vec();
        // A patch level of the minor version before this one has the rule already.
        let is_backported =
            |minor: u32| changes.iter().any(|change| change.patch > 0 && change.minor + 1 == minor);
        for version in &mentioned {
            let is_change = changes.iter().flat_map(names_of).any(|name| name == *version);
            let minor = version[2..].parse().ok();
            assert!(is_change || minor.is_some_and(is_backported), "{name} does not change in {version}");
        }
        for change in changes {
            let is_mentioned = names_of(change).iter().any(|name| mentioned.contains(&name.as_str()));
            let is_implied = change.patch == 0 && is_backported(change.minor);
            assert!(is_mentioned || is_implied, "{name} changes in {}", change.names[0]);
        }
        checked += 1;
    }
    assert!(checked > 20, "{checked}");
}

#[test]
fn code_for_the_matcher_has_the_latest_opcodes() {
    let pattern = "(?i)[ab]*?(?:x|yz)";
    let units: Vec<u32> = pattern.chars().map(u32::from).collect();
    let request = Request::new(&units, false, Flags::empty()).expect("code points");
    let latest = compile(pattern, Flags::empty(), Dialect::LATEST).expect("a program");
    let oldest = compile(pattern, Flags::empty(), Dialect::PY38).expect("a program");
    assert_ne!(oldest.code(), latest.code());
    for dialect in [Dialect::PY38, Dialect::PY310, Dialect::PY315] {
        let code = latest_code(&mut Compiler::new(dialect), &request, dialect);
        let code: Vec<u32> = serde_json::from_str(&code).expect("numbers");
        assert_eq!(code, latest.code(), "{dialect}");
    }
}
