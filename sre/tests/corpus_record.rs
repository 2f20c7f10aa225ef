//! `sre corpus record` writes accepted changes only.
#![allow(clippy::unwrap_used)] // also outside of #[test]

mod common;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use sre_test_support::{Missing, fed};

fn record(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sre"));
    command.args(["corpus", "record", "--pythons", "newest"]).args(arguments).current_dir(folder);
    fed(&mut command, input.as_bytes())
}

fn place() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("corpus/seeds")).unwrap();
    for name in ["a", "b", "c"] {
        fs::write(folder.path().join(format!("corpus/seeds/{name}.case")), format!("str -\n{name}")).unwrap();
    }
    folder
}

fn recorded(folder: &Path) -> String {
    fs::read_to_string(folder.join("corpus/answers/seeds.jsonl")).unwrap_or_default()
}

fn nothing_is_written_unless_it_is_accepted() -> Result<(), Missing> {
    common::newest()?;
    let folder = place();
    let shown = record(folder.path(), &[], "");
    assert_eq!(shown.status.code(), Some(2), "{shown:?}");
    assert!(String::from_utf8_lossy(&shown.stdout).contains("a.case: new"), "{shown:?}");
    assert!(String::from_utf8_lossy(&shown.stderr).contains("--accept"), "{shown:?}");
    assert!(!folder.path().join("corpus/answers").exists());
    let accepted = record(folder.path(), &["--accept"], "");
    assert_eq!(accepted.status.code(), Some(0), "{accepted:?}");
    assert_eq!(recorded(folder.path()).matches("\"case\"").count(), 3);
    let again = record(folder.path(), &[], "");
    assert_eq!(again.status.code(), Some(0), "{again:?}");
    assert!(String::from_utf8_lossy(&again.stdout).starts_with("nothing to change"), "{again:?}");
    Ok(())
}

fn a_review_asks_case_by_case() -> Result<(), Missing> {
    common::newest()?;
    let folder = place();
    let reviewed = record(folder.path(), &["--review"], "n\nwhat\ny\nq\n");
    assert_eq!(reviewed.status.code(), Some(2), "{reviewed:?}");
    let text = recorded(folder.path());
    assert!(
        text.contains("\"b.case\"") && !text.contains("\"a.case\"") && !text.contains("\"c.case\""),
        "{text}"
    );
    let shown = String::from_utf8_lossy(&reviewed.stdout).into_owned();
    assert!(shown.contains("1 of 3") && shown.contains("+ re.compile('a')"), "{shown}");
    assert!(!shown.contains('\x1b'), "colours in a pipe: {shown:?}");

    // An answer that differs from the recorded one is shown as a difference; the end of the input accepts nothing.
    fs::write(
        folder.path().join("corpus/answers/seeds.jsonl"),
        text.replace("\"groups\": 0", "\"groups\": 7"),
    )
    .unwrap();
    let before = recorded(folder.path());
    let refused = record(folder.path(), &["--review"], "");
    assert_eq!((refused.status.code(), recorded(folder.path())), (Some(2), before));
    let all = record(folder.path(), &["--review"], "a\n");
    assert_eq!(all.status.code(), Some(0), "{all:?}");
    assert_eq!(recorded(folder.path()).matches("\"case\"").count(), 3);
    assert!(!recorded(folder.path()).contains("\"groups\": 7"));
    Ok(())
}

sre_test_support::tests! {
    nothing_is_written_unless_it_is_accepted,
    a_review_asks_case_by_case,
}
