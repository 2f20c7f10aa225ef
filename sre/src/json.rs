//! Output for programs.

use clap::ValueEnum;

/// What the output is for.
#[derive(Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// To be read.
    #[default]
    Text,
    /// For programs.
    Json,
}
