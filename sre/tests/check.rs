//! The output and the exit status of `sre check`.

#![allow(clippy::unwrap_used)] // also outside of #[test]

use std::fs;
use std::process::{Command, Output};

fn check(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sre")).arg("check").args(arguments).output().unwrap()
}

fn check_input(arguments: &[&str], input: &[u8]) -> Output {
    let mut sre = Command::new(env!("CARGO_BIN_EXE_sre"));
    sre_test_support::fed(sre.arg("check").args(arguments), input)
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn an_error_is_drawn_under_the_pattern() {
    let output = check(&["漢a++|[[b]"]);
    let expected = "\
3.8 to 3.10     refused
    漢a++|[[b]
        ^ error: multiple repeat
    = no fix: possessive quantifiers need 3.11; `(?=(…))\\1` takes one more group
3.11 and later  accepted, with a warning
    漢a++|[[b]
           ^ FutureWarning: Possible nested set at position 6
    = escape the character: `\\[` (`--fix` does so in files)
";
    assert_eq!((text(&output).as_str(), output.status.code()), (expected, Some(2)));
}

#[test]
fn the_right_line_of_a_pattern_is_drawn() {
    let output = check(&["--flags", "x", "--target", "3.10", "a\n\tb++\nc"]);
    assert_eq!(
        text(&output),
        "3.10  refused\n    2 |     b++\n      |       ^ error: multiple repeat\n    = no fix: possessive quantifiers need 3.11; `(?=(…))\\1` takes one more group\n"
    );
}

#[test]
fn a_change_of_meaning_shows_the_characters_that_match() {
    let output = check(&["(?i)[\u{10400}x]", "--all-patches", "--target", "3.13.."]);
    let expected = "\
3.13.0            accepted
3.13.1 and later  accepted, but matches differently than in 3.13.0
        U+0078 x
    +   U+10400 \u{10400}
    +   U+10428 \u{10428}
";
    assert_eq!((text(&output).as_str(), output.status.code()), (expected, Some(0)));
}

#[test]
fn different_code_that_matches_the_same_is_not_a_change() {
    // The opcodes are renumbered in 3.11; the rest is one for each way in which code or tree changed.
    for pattern in [
        "a",
        "(?!)x",
        "(?!)|(?!)",
        "a(?!)|a(?!)b|(c)",
        "()(?(1)(?!)|b)",
        r"[\s\S]",
        r"[^\s\S]|b",
        r"(?:[^\d\D]|[^\d\D]a)*",
        "(?i)[\u{1f600}1]",
        "(?ai)[\u{10428}-\u{1044f}]",
        "(?:a{65536}){65536}",
    ] {
        assert_eq!(text(&check(&["--all-patches", pattern])), "3.8 to 3.15  accepted\n", "{pattern}");
    }
    let atomic = check(&["(?>a|b*)", "--all-patches", "--target", "3.11"]);
    assert_eq!(text(&atomic), "3.11  accepted\n", "printed otherwise since 3.11.5");
}

#[test]
fn the_exit_status_says_what_was_found() {
    let status = |arguments: &[&str]| check(arguments).status.code();
    assert_eq!(status(&["a"]), Some(0));
    assert_eq!(status(&["a++"]), Some(2));
    assert_eq!(status(&["a++", "--target", "3.11.."]), Some(0));
    assert_eq!(status(&["[[a]"]), Some(0));
    assert_eq!(status(&["[[a]", "--strict"]), Some(2));
    assert_eq!(status(&["(?i)\u{19b}", "--strict"]), Some(2));
    assert_eq!(status(&["a", "--target", "2.7"]), Some(1));
    assert_eq!(status(&["--source", "there/is/no/such/folder"]), Some(1));
    assert_eq!(status(&["--jsonl", "there/is/no/such/file"]), Some(1));
    assert_eq!(status(&[]), Some(1));
}

#[test]
fn lines_are_answered_in_order_and_malformed_ones_reported() {
    let input = b"{\"kind\": \"str\", \"pattern\": \"a++\", \"flags\": 0, \"source\": \"x.py:1\"}\n{}\n\
        {\"kind\": \"str\", \"codepoints\": [55296, 40], \"flags\": 0}\n";
    let output = check_input(&["--jsonl", "--format", "json", "--target", "3.13"], input);
    let lines: Vec<serde_json::Value> =
        text(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!((lines[0]["source"].as_str(), lines[0]["accepted"].as_bool()), (Some("x.py:1"), Some(true)));
    assert_eq!(lines[1]["line"], 2);
    assert!(lines[1]["invalid"].is_string());
    assert_eq!(lines[2]["answers"][0]["error"]["pos"], 1);

    let torn =
        check_input(&["--jsonl"], b"{\"kind\": \"str\", \"pattern\": \"a\", \"flags\": 0}\n{\"kind\": \"s");
    assert_eq!(torn.status.code(), Some(0));
    assert_eq!(
        text(&torn),
        "1 pattern for 3.8 to 3.15: 0 refused, 0 with warnings, 0 with another meaning\n"
    );
}

const SOURCE: &str = r#"import re
import re as r
from re import compile as c, I, sub as name
def f():
    c("é" r"\d(b" f"{{" + 'x', r.I | re.X)
    c(b"\xff[[a]", flags=I)
    re.sub("(?P<a>x)++", "", "", 0, re.M)
    re.search("""
  a(
""", "", re.X)
    re.match(*x); re.match(p, x); re.compile("a", x); name = 1; name("a(", "", "")
    re.compile("\ud800("); re.compile("\N{EM DASH}\x28"); re.escape("("); regex.compile("(")
"#;

#[test]
fn literals_of_sources_are_found_with_their_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a,b.py");
    fs::write(&path, SOURCE).unwrap();
    let name = path.to_str().unwrap().replace(',', "%2C");
    let output =
        check(&["--format", "github", "--target", "3.10,3.13", "--source", folder.path().to_str().unwrap()]);
    let expected = [
        (5, 15, "error", "3.10, 3.13: error: missing ), unterminated subpattern at position 3"),
        (6, 14, "warning", "3.10, 3.13: FutureWarning: Possible nested set at position 2"),
        (7, 22, "error", "3.10: error: multiple repeat at position 9"),
        (9, 4, "error", "3.10, 3.13: error: missing ), unterminated subpattern at position 4"),
        (12, 23, "error", "3.10, 3.13: error: missing ), unterminated subpattern at position 1"),
        (12, 51, "error", "3.10, 3.13: error: missing ), unterminated subpattern at position 1"),
    ];
    let shown = text(&output);
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines.len(), expected.len(), "{shown}");
    for (line, (row, column, level, message)) in lines.iter().zip(expected) {
        assert!(line.starts_with(&format!("::{level} file={name},line={row},col={column},")), "{line}");
        assert!(line.split("%0A").next().unwrap().ends_with(&format!("::Python {message}")), "{line}");
    }
    let skipped = check(&["--format", "json", "--skipped", "--source", path.to_str().unwrap()]);
    let reasons: Vec<String> = text(&skipped)
        .lines()
        .filter_map(|line| {
            Some(serde_json::from_str::<serde_json::Value>(line).unwrap()["skipped"].as_str()?.to_owned())
        })
        .collect();
    assert_eq!(reasons, ["arguments", "pattern", "flags"], "`name` is another one in the function");
}

#[test]
fn hostile_files_are_reported() {
    let folder = tempfile::tempdir().unwrap();
    // A file that does not mention the module is not parsed.
    let write = |name: &str, content: &[u8]| {
        fs::write(folder.path().join(name), [b"re\n", content].concat()).unwrap();
    };
    // What each CPython compiles at most is less.
    let (deep, long) = (9_000, 190_000);
    let large = |piece: &str| piece.repeat((10 << 20) / piece.len());
    write("open.py", large("(").as_bytes());
    write("prefixes.py", large("- not ").as_bytes());
    write("operators.py", large("a + ").as_bytes());
    write("commas.py", large("lambda a, b: ").as_bytes());
    write("lines.py", large("with a, b: ").as_bytes());
    write("brackets.py", format!("{}{}", "(".repeat(deep), ")".repeat(deep)).as_bytes());
    write("sum.py", format!("x{}", " + x".repeat(long)).as_bytes());
    write("patterns.py", format!("import re\nre.compile('a'{})", " + 'a'".repeat(long)).as_bytes());
    write("flags.py", format!("import re\nre.compile('a', re.I{})", " | re.I".repeat(long / 2)).as_bytes());
    write("not.py", format!("{}x", "not ".repeat(deep)).as_bytes());
    write("lambda.py", format!("{}x", "lambda a, b: ".repeat(deep)).as_bytes());
    write("ternary.py", format!("{}x", "a if b else ".repeat(deep / 2)).as_bytes());
    write("calls.py", format!("f{}", "()".repeat(long)).as_bytes());
    write("attributes.py", format!("f{}", ".a".repeat(long)).as_bytes());
    write("elif.py", format!("if a: pass\n{}", "elif a: pass\n".repeat(20_000)).as_bytes());
    let indented: String = (0..3000).map(|n| format!("{}if a:\n", " ".repeat(n))).collect();
    write("indents.py", format!("{indented}{}pass", " ".repeat(3000)).as_bytes());
    write("zero.py", b"a\0b");
    write("bad.py", b"\xff\xfe(");
    write("python2.py", b"print 'a'");
    write("large.py", &vec![b'#'; (16 << 20) + 1]);
    write("notes.txt", b"(");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(".", folder.path().join("loop")).unwrap();
        std::os::unix::fs::symlink("nowhere", folder.path().join("dangling.py")).unwrap();
    }
    let output = check(&["--source", folder.path().to_str().unwrap()]);
    let notes = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(1), "{notes}");
    let noted = [
        "bad.py",
        "commas.py",
        "large.py",
        "lines.py",
        "open.py",
        "operators.py",
        "prefixes.py",
        "python2.py",
        "zero.py",
    ];
    for (line, name) in notes.lines().zip(noted) {
        assert!(line.contains(name), "{notes}");
    }
    assert_eq!(notes.lines().count(), noted.len(), "{notes}");
    assert!(text(&output).starts_with("20 files, 9 not checked\n"), "{}", text(&output));
}

#[test]
fn code_that_sre_refuses_is_refused() {
    // Runs of 3.8.18, 3.9.18, 3.10.13, 3.11.2 and 3.11.7 to 3.15.2 gave these answers.
    let refusing = [
        ("()(?(1)\x10?)", "3.8 to 3.9"),
        ("(?(10))", "3.8"),
        ("(?<=a{2147483648})", "3.8 to 3.10"),
        ("(X{65535})(?<=\\1{32770})", "3.8 to 3.10"),
    ];
    for (pattern, versions) in refusing {
        let output = check(&["--format", "json", "--", pattern]);
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let first = &report["answers"][0];
        let error = (&first["label"], &first["error"]["type"], &first["error"]["msg"]);
        assert_eq!(
            error,
            (&versions.into(), &"RuntimeError".into(), &"invalid SRE code".into()),
            "{pattern}"
        );
        assert_eq!((report["answers"][1]["label"].as_str().is_some(), output.status.code()), (true, Some(2)));
    }
    let huge = check(&["--all-patches", "--target", "3.11..3.12", "(?<=a{2147483648})"]);
    let expected = "\
3.11.0 to 3.11.6       refused
    RuntimeError: invalid SRE code
3.11.7 and later 3.11  accepted
3.12.0                 refused
    RuntimeError: invalid SRE code
3.12.1 and later 3.12  accepted
";
    assert_eq!(text(&huge), expected);
}

#[test]
fn flags_are_those_of_the_version() {
    let template = check(&["--flags", "t", "a"]);
    let expected = "\
3.8 to 3.10     accepted
3.11 to 3.12    accepted, with a warning
    DeprecationWarning: The re.TEMPLATE/re.T flag is deprecated as it is an undocumented flag without an obvious \
        purpose. Don't use it.
3.13 and later  accepted
";
    assert_eq!(text(&template), expected);
    for (flags, status) in [("0x7fffff00", 0), ("0x80000000", 2), ("-0x10000000000", 2)] {
        let output = check(&[&format!("--flags={flags}"), "a"]);
        assert_eq!(output.status.code(), Some(status), "{flags}");
        let overflow = "3.8 to 3.15  refused\n    OverflowError: Python int too large to convert to C int\n";
        assert_eq!(text(&output), if status == 2 { overflow } else { "3.8 to 3.15  accepted\n" }, "{flags}");
    }
}

const NAMES: &str = r#"import re
from re import T, NOFLAG as N
re.template("a*")
re.compile("a", re.T)
re.compile("a", T)
re.match("a", "a", re.NOFLAG | re.TEMPLATE)
re.prefixmatch("a", "a", N)
re.Scanner([("a", None)])
"#;

const STARRED: &str = r#"from re import *
compile("a(", I)
template("a")
match("a", "", NOFLAG)
compile("a", DEBUG)
compile("a", T)
prefixmatch("a", "")
Scanner([])
def split(text): pass
split("a", "")
"#;

/// What each call of a program raises or warns of, by versions, and why the others are skipped.
fn answers(program: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.py");
    fs::write(&path, program).unwrap();
    let output = check(&["--format", "json", "--skipped", "--source", path.to_str().unwrap()]);
    let entries = text(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<_>>();
    let mut reported = Vec::new();
    for entry in entries.iter().filter(|entry: &&serde_json::Value| entry["line"].is_number()) {
        let line = &entry["line"];
        if let Some(reason) = entry["skipped"].as_str() {
            reported.push(format!("{line}: skipped: {reason}"));
        }
        for answer in entry["answers"].as_array().into_iter().flatten() {
            let label = answer["label"].as_str().unwrap();
            let warned = answer["warnings"].as_array().unwrap().iter().map(|warning| {
                assert!(warning["pos"].is_null());
                format!("{}: {}", warning["category"].as_str().unwrap(), warning["text"].as_str().unwrap())
            });
            let refused = answer["error"]["type"]
                .as_str()
                .map(|exception| format!("{exception}: {}", answer["error"]["msg"].as_str().unwrap()));
            reported.extend(warned.chain(refused).map(|what| format!("{line}: {label}: {what}")));
        }
    }
    reported
}

#[test]
fn names_of_the_module_are_those_of_the_version() {
    // As running the programs line by line on 3.8.18 to 3.15.2 shows.
    let function = "DeprecationWarning: The re.template() function is deprecated as it is an undocumented function \
        without an obvious purpose. Use re.compile() instead.";
    let flag = "DeprecationWarning: The re.TEMPLATE/re.T flag is deprecated as it is an undocumented flag without \
        an obvious purpose. Don't use it.";
    let mut expected = vec![
        "8: skipped: scanner".to_owned(),
        "3: 3.8 to 3.10: error: internal: unsupported template operator MAX_REPEAT".into(),
        format!("3: 3.11 to 3.12: {function}"),
        "3: 3.11 to 3.12: error: internal: unsupported template operator MAX_REPEAT".into(),
        "3: 3.13 and later: AttributeError: module 're' has no attribute 'template'".into(),
        format!("4: 3.11 to 3.12: {flag}"),
        "4: 3.13 and later: AttributeError: module 're' has no attribute 'T'".into(),
        format!("5: 3.11 to 3.12: {flag}"),
        "5: 3.13 and later: ImportError: cannot import name 'T' from 're'".into(),
        "6: 3.8 to 3.10: AttributeError: module 're' has no attribute 'NOFLAG'".into(),
        format!("6: 3.11 to 3.12: {flag}"),
        "6: 3.13 and later: AttributeError: module 're' has no attribute 'TEMPLATE'".into(),
        "7: 3.8 to 3.10: ImportError: cannot import name 'NOFLAG' from 're'".into(),
        "7: 3.11 to 3.14: AttributeError: module 're' has no attribute 'prefixmatch'".into(),
    ];
    assert_eq!(answers(NAMES), expected);
    expected = vec![
        "5: skipped: flags".into(),
        "6: skipped: flags".into(),
        "10: skipped: name".into(),
        "2: 3.8 to 3.15: error: missing ), unterminated subpattern".into(),
        format!("3: 3.11 to 3.12: {function}"),
        "3: 3.13 and later: NameError: name 'template' is not defined".into(),
        "4: 3.8 to 3.10: NameError: name 'NOFLAG' is not defined".into(),
        "7: 3.8 to 3.14: NameError: name 'prefixmatch' is not defined".into(),
    ];
    assert_eq!(answers(STARRED), expected);
}
