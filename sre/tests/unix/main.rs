//! Tests that need what only Unix has: pipes, links, modes, signals, a shell, names that are not UTF-8.

#![allow(clippy::unwrap_used)] // also outside of #[test]

#[cfg(unix)]
mod against;
#[cfg(unix)]
#[path = "../common/mod.rs"]
mod common;
#[cfg(unix)]
mod crashes;
#[cfg(unix)]
mod docs_memory;
#[cfg(unix)]
mod escaping;
#[cfg(target_os = "linux")]
mod hostile_inputs;
#[cfg(unix)]
mod inference;
#[cfg(unix)]
mod listed;
#[cfg(unix)]
#[path = "../common/patched.rs"]
mod patched;
#[cfg(unix)]
mod printed_lines;
#[cfg(unix)]
mod unknown_sources;
#[cfg(unix)]
mod writers;

#[cfg(unix)]
fn main() -> std::process::ExitCode {
    let mut tests = Vec::new();
    tests.extend(against::tests());
    tests.extend(crashes::tests());
    tests.extend(docs_memory::tests());
    tests.extend(escaping::tests());
    #[cfg(target_os = "linux")]
    tests.extend(hostile_inputs::tests());
    tests.extend(inference::tests());
    tests.extend(listed::tests());
    tests.extend(printed_lines::tests());
    tests.extend(unknown_sources::tests());
    tests.extend(writers::tests());
    sre_test_support::run(tests)
}

#[cfg(not(unix))]
fn main() {}
