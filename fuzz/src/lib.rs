//! The fuzz targets as ordinary functions: [`compile`] checks the compiler alone, [`differential`] compares it with
//! CPython, [`matching`] compares what patterns match. The programs in `fuzz_targets` only name them ([`target!`]).
//!
//! Built by `cargo fuzz`, a target searches for inputs with libFuzzer. Built by `cargo` with a stable compiler, the
//! same program replays files and folders: `cargo run -p sre-fuzz --bin compile -- corpus`. With `--show` it prints
//! the cases that inputs are decoded to (see [`Input`](input::Input)).
//!
//! Environment variables for the search:
//!
//! | variable | |
//! |---|---|
//! | `SRE_FUZZ_COVERAGE=0` | ignores the coverage of CPython's own compiler (`differential`); `every` reads it for every input instead of one of eight, `only` ignores all other coverage, `none` all coverage |
//! | `SRE_FUZZ_KEEP=FOLDER` | minimizes each finding, writes it there, and continues |
//! | `SRE_FUZZ_REFERENCE=PYTHON`, `SRE_FUZZ_TEST=PYTHON` | compares these two interpreters instead of the compiler with the linked one (`differential`) |
//! | `SRE_FUZZ_EXPECT=FILE` | the divergences between them that are expected; for `match`, instead of findings/expected.toml |
//! | `SRE_FUZZ_MUTATOR=bytes` | uses only libFuzzer's own mutations, of bytes |

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
pub mod matching;
pub mod memory;
pub mod mutator;
pub mod pair;
mod panics;
mod reference;
pub mod replay;
pub mod run;
pub mod stats;
mod target;
mod triage;
