//! `sre check` as a command: what it prints, and what it ends with.

#![allow(clippy::unwrap_used)] // also outside of #[test]

use std::fs;
use std::io::Write;
use std::process::{Command, Output, Stdio};

fn check(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sre")).arg("check").args(arguments).output().unwrap()
}

fn check_input(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_sre"))
        .arg("check")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
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
3.11 and later  accepted, with a warning
    漢a++|[[b]
           ^ FutureWarning: Possible nested set at position 6
";
    assert_eq!((text(&output).as_str(), output.status.code()), (expected, Some(2)));
}

#[test]
fn of_several_lines_the_right_one_is_drawn() {
    let output = check(&["--flags", "x", "--pythons", "3.10", "a\n\tb++\nc"]);
    assert_eq!(text(&output), "3.10  refused\n    2 |     b++\n      |       ^ error: multiple repeat\n");
}

#[test]
fn another_meaning_is_shown_as_the_difference_of_trees() {
    let output = check(&["(?!)x", "--pythons", "3.11.."]);
    let expected = "\
3.11 to 3.12    accepted
3.13 and later  accepted, but read otherwise than by 3.12
    - ASSERT_NOT 1
    + FAILURE
      LITERAL 120
";
    assert_eq!((text(&output).as_str(), output.status.code()), (expected, Some(0)));
    // Printed otherwise since 3.11.5, read alike.
    assert_eq!(text(&check(&["(?>a|b*)", "--all-patches", "--pythons", "3.11"])), "3.11  accepted\n");
}

#[test]
fn the_status_tells_what_was_found() {
    let status = |arguments: &[&str]| check(arguments).status.code();
    assert_eq!(status(&["a"]), Some(0));
    assert_eq!(status(&["a++"]), Some(2));
    assert_eq!(status(&["a++", "--pythons", "3.11.."]), Some(0));
    assert_eq!(status(&["[[a]"]), Some(0));
    assert_eq!(status(&["[[a]", "--strict"]), Some(2));
    assert_eq!(status(&["a", "--pythons", "2.7"]), Some(1));
    assert_eq!(status(&["--source", "there/is/no/such/folder"]), Some(1));
    assert_eq!(status(&["--jsonl", "there/is/no/such/file"]), Some(1));
    assert_eq!(status(&[]), Some(1));
}

#[test]
fn lines_are_answered_in_order_and_malformed_ones_told() {
    let input = b"{\"kind\": \"str\", \"pattern\": \"a++\", \"flags\": 0, \"source\": \"x.py:1\"}\n{}\n\
        {\"kind\": \"str\", \"codepoints\": [55296, 40], \"flags\": 0}\n";
    let output = check_input(&["--jsonl", "--format", "json", "--pythons", "3.13"], input);
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
    assert_eq!(text(&torn), "1 pattern: 0 refused by some version, 0 with warnings, 0 read differently\n");
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
        check(&["--format", "github", "--pythons", "3.10,3.13", "--source", folder.path().to_str().unwrap()]);
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
        assert!(line.ends_with(&format!("::Python {message}")), "{line}");
    }
    let skipped = check(&["--format", "json", "--skipped", "--source", path.to_str().unwrap()]);
    let reasons: Vec<String> = text(&skipped)
        .lines()
        .filter_map(|line| {
            Some(serde_json::from_str::<serde_json::Value>(line).unwrap()["skipped"].as_str()?.to_owned())
        })
        .collect();
    assert_eq!(reasons, ["arguments", "pattern", "flags", "name"]);
}

#[test]
fn hostile_files_give_a_note() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &[u8]| fs::write(folder.path().join(name), content).unwrap();
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
