//! The commands in the folder of a finding show it.
//!
//! This program makes the finding itself: it starts itself again with `SRE_FUZZ_KEEP`.

#![allow(clippy::unwrap_used)] // also outside of #[test]

use std::process::ExitCode;

#[cfg(unix)]
#[path = "../../sre/tests/common/patched.rs"]
mod patched;
#[cfg(unix)]
#[path = "show_commands/unix.rs"]
mod unix;

fn main() -> ExitCode {
    #[cfg(unix)]
    if unix::is_started_again() {
        unix::find();
        return ExitCode::SUCCESS;
    }
    let mut tests = Vec::new();
    #[cfg(unix)]
    tests.extend(unix::tests());
    sre_test_support::run(tests)
}
