//! What the fuzz targets do, as ordinary functions: [`compile`] checks the compiler alone, [`differential`] compares
//! it with CPython. Their programs in `fuzz_targets` are glue.
//!
//! Built by `cargo fuzz`, a target searches for inputs with libFuzzer. Built by `cargo`, on a stable compiler, the
//! same program replays files and folders: `cargo run -p sre-fuzz --bin compile -- corpus`, and with `--show`
//! prints the cases that inputs stand for (see [`Input`](input::Input)).
//!
//! Switches of the search, in the environment:
//!
//! | variable | |
//! |---|---|
//! | `SRE_FUZZ_COVERAGE=0` | ignores the coverage of CPython's own compiler (`differential`); `only` ignores all other coverage, `none` all coverage |
//! | `SRE_FUZZ_KEEP=FOLDER` | makes each finding small, keeps it there, and goes on |
//! | `SRE_FUZZ_MUTATOR=bytes` | leaves every change to libFuzzer's own, which knows bytes and not patterns |

mod causes;
mod commands;
pub mod compile;
#[cfg(feature = "embedded")]
pub mod cpython_coverage;
pub mod differential;
pub mod finding;
mod gc;
mod injected;
pub mod input;
pub mod leaks;
pub mod memory;
pub mod mutator;
mod panics;
mod reference;
pub mod replay;
pub mod run;
pub mod stats;
mod triage;
