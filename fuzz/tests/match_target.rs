//! The target `match` finds what CPython's own code matches wrongly, and minimizes it.
//!
//! This program also makes findings: it starts itself again with `SRE_FUZZ_KEEP`.

#![allow(clippy::unwrap_used)] // also outside of #[test]

use std::process::{Command, ExitCode};
use std::{env, fs};

use sre_oracle::pythons;
use sre_test_support::{Missing, Prerequisite};

#[cfg(unix)]
#[path = "../../sre/tests/common/patched.rs"]
mod patched;

/// The environment variable that passes a pattern to the second process.
const PATTERN: &str = "SRE_TEST_PATTERN";

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

/// Checks a pattern as libFuzzer would.
fn find(pattern: &str) {
    let case = sre_case::Case::str(pattern, sre_compiler::Flags::empty());
    let mut checks = <sre_fuzz::matching::Checks as sre_fuzz::run::Target>::start().unwrap();
    sre_fuzz::run::run(&mut checks, &sre_fuzz::input::Input { case, from_grammar: false });
}

/// One finding is of CPython's own code and this compiler's, which a patched parser makes differ; the
/// other is a bug of CPython, which other forms of the same code do not have.
#[cfg(unix)]
fn the_commands_of_a_finding_print_two_outcomes_that_differ() -> Result<(), Missing> {
    let folder = tempfile::tempdir().unwrap();
    let patched = patched::patched(&folder.path().join("it's"));
    let patched = Prerequisite::PythonLibrary.require(patched)?;
    let nothing = folder.path().join("expected.toml");
    fs::write(&nothing, "").unwrap();
    for (name, python, pattern) in
        [("own", &patched.path, "q"), ("variant", &patched.original.path, "(?a:\\W)x?")]
    {
        let kept = folder.path().join(name);
        let mut again = Command::new(env::current_exe().unwrap());
        again.env(PATTERN, pattern).env("PYO3_PYTHON", python).env("SRE_FUZZ_EXPECT", &nothing);
        let done = again.env(sre_fuzz::run::KEEP, &kept).output().unwrap();
        assert!(done.status.success(), "{done:?}");
        let found = fs::read_dir(&kept).unwrap().next().unwrap().unwrap().path();
        let shown = Command::new("sh").arg(found.join("show.sh")).current_dir("/").output().unwrap();
        let printed = String::from_utf8(shown.stdout.clone()).unwrap();
        let outcomes: Vec<&str> = printed.lines().collect();
        assert!(matches!(outcomes[..], [own, other] if own != other), "{pattern}: {shown:?}");
    }
    Ok(())
}

fn main() -> ExitCode {
    if let Ok(pattern) = env::var(PATTERN) {
        find(&pattern);
        return ExitCode::SUCCESS;
    }
    #[cfg_attr(not(unix), expect(unused_mut, reason = "the others need links"))]
    let mut tests = sre_test_support::trials! { a_wrong_match_is_found_minimized_and_reported };
    #[cfg(unix)]
    tests.extend(sre_test_support::trials! { the_commands_of_a_finding_print_two_outcomes_that_differ });
    sre_test_support::run(tests)
}
