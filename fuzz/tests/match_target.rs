//! The target `match` finds what CPython's own code matches wrongly, and minimizes it.

#![allow(clippy::unwrap_used)] // also outside of #[test]

use std::fs;
use std::process::Command;

use sre_oracle::pythons;
use sre_test_support::{Missing, Prerequisite};

fn a_wrong_match_is_found_minimized_and_reported() -> Result<(), Missing> {
    let newest = pythons::find().into_iter().rfind(|python| python.dialect.is_ok());
    let python = Prerequisite::Python.require(newest)?;
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("right.case"), "str i\n(a|b)+c").unwrap();
    fs::write(folder.path().join("refused.case"), "str -\n(a").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_match"));
    let replay = |command: &mut Command| command.env("PYO3_PYTHON", &python.path).output().unwrap();
    let output =
        replay(command.arg(folder.path().join("right.case")).arg(folder.path().join("refused.case")));
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    fs::write(folder.path().join("wrong.case"), "str -\n(?a:\\W)x?").unwrap();
    let output = replay(command.arg(folder.path().join("wrong.case")));
    assert_eq!(output.status.code(), Some(0), "a bug that is known: {output:?}");
    let nothing = folder.path().join("expected.toml");
    fs::write(&nothing, "").unwrap();
    let output = replay(command.env("SRE_FUZZ_EXPECT", nothing));
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(2), "{printed}");
    assert!(printed.contains("unknown divergence: search: no match and match"), "{printed}");
    assert!(printed.contains("3 of 3 files, 1 finding"), "{printed}");
    Ok(())
}

sre_test_support::tests! { a_wrong_match_is_found_minimized_and_reported }
