//! The options, which `cargo xtask mutants` lists as well: xtask compiles this file, so that its `--help`
//! builds nothing.

use std::path::PathBuf;

/// Compute the mutation score of the corpus.
///
/// Changes the compiler in each small way that cargo-mutants knows, and replays the corpus for each; see
/// mutants/README.md. Takes minutes, and nearly an hour when no outcome is known yet. `cargo xtask
/// mutants` installs cargo-mutants if it is missing, except with --report.
///
/// Exit status: 0 all mutants but the listed ones are caught; 1 usage or input error; 2 others are
/// missed, or a listed one is caught. With --sample: 0 all tested mutants are detected; 2 some are not.
#[derive(clap::Args, Debug)]
pub(crate) struct Options {
    /// Only one of N parts of the mutants, counted from 0: 0/4 is the first of four.
    #[arg(long, value_name = "K/N", value_parser = parse_shard)]
    pub shard: Option<(usize, usize)>,
    /// Only mutants of files whose name contains F; may be repeated.
    #[arg(long, value_name = "F")]
    pub file: Vec<String>,
    /// The file of outcomes. [default: mutants/outcomes.json in cargo's target folder]
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,
    /// Add the outcomes that another shard recorded; may be repeated.
    #[arg(long, alias = "join", value_name = "FILE")]
    pub merge: Vec<PathBuf>,
    /// Try all mutants, not only those that are new or were missed.
    #[arg(long)]
    pub fresh: bool,
    /// How many mutants to try at a time.
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: u16,
    /// Skip the mutants that need a build of their own.
    #[arg(long)]
    pub quick: bool,
    /// Instead, draw N of the caught mutants, and run a plain `cargo test` without Python for each.
    #[arg(long, value_name = "N", conflicts_with_all = ["fresh", "report", "write"], value_parser = clap::value_parser!(u16).range(1..))]
    pub sample: Option<u16>,
    /// Which mutants --sample draws.
    #[arg(long, value_name = "S", default_value_t = 1, requires = "sample")]
    pub seed: u64,
    /// Only report the known outcomes; try and install nothing.
    #[arg(long)]
    pub report: bool,
    /// Write mutants/score.tsv even if some mutants were not tried.
    #[arg(long)]
    pub write: bool,
    /// What to print.
    #[arg(long, value_enum, default_value = "text", conflicts_with = "sample")]
    pub format: Format,
}

#[derive(Clone, Copy, PartialEq, Debug, clap::ValueEnum)]
pub(crate) enum Format {
    Text,
    Json,
}

fn parse_shard(text: &str) -> Result<(usize, usize), String> {
    let parts = text.split_once('/').and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)));
    parts
        .filter(|(i, n)| i < n)
        .ok_or_else(|| "expected K/N, counted from 0: 0/4 is the first of four shards".to_owned())
}
