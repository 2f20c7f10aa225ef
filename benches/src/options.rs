//! The options, which `cargo xtask bench` lists as well: xtask compiles this file, so that its `--help`
//! builds nothing.

use std::path::PathBuf;

/// Measure how fast sre-compiler is, compared with CPython and other compilers.
///
/// `cargo xtask bench` builds the comparison with as many of the other compilers as build here, and runs
/// it. See benches/README.md. Compares the engines, unless only --growth or --startup is given.
///
/// Exit status: 0 measured; 1 usage or input error.
#[derive(clap::Args, Debug)]
pub(crate) struct Options {
    /// Patterns, as `sre record` writes them; may be repeated. [default: the seeds of the corpus]
    #[arg(long, value_name = "FILE")]
    pub jsonl: Vec<PathBuf>,
    /// Compare with another run: its bench.json.
    #[arg(long, value_name = "FILE")]
    pub against: Option<PathBuf>,
    /// Write bench.json and index.html to this folder.
    #[arg(long, short, value_name = "FOLDER")]
    pub output: Option<PathBuf>,
    /// Only these engines, separated by commas; sre-compiler always takes part. [default: all that were built]
    #[arg(long, value_name = "A,B", value_delimiter = ',', alias = "sides")]
    pub engines: Vec<String>,
    /// Number of rounds, in each of which every engine has its turn. [default: 11]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub rounds: Option<u16>,
    /// Three rounds and shorter families: for a first look.
    #[arg(long)]
    pub quick: bool,
    /// Also count the instructions of a pass, with valgrind.
    #[arg(long)]
    pub instructions: bool,
    /// Instead, time how families of patterns grow.
    #[arg(long)]
    pub growth: bool,
    /// Instead, time the command `sre compile` from its start to its end.
    #[arg(long)]
    pub startup: bool,
    /// Compare the engines, even with --growth or --startup.
    #[arg(long)]
    pub compare: bool,
    /// All of the above measurements.
    #[arg(long)]
    pub all: bool,
    /// What to print.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

#[derive(Clone, Copy, PartialEq, Debug, clap::ValueEnum)]
pub(crate) enum Format {
    Text,
    Json,
}
