//! What is done with the divergences of a comparison.

use clap::Args;

use super::whole;

/// `--strict-known`, for every verb that compares.
#[derive(Args, Clone, Copy, Default)]
pub(crate) struct StrictKnown {
    /// Exit with status 3 if only known divergences were found.
    #[arg(long)]
    pub strict_known: bool,
}

/// The options of the verbs that also minimize.
#[derive(Args, Clone, Copy)]
pub(crate) struct DivergenceOptions {
    /// Minimize up to N divergences per interpreter, one per cause.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = whole(0_usize))]
    pub minimize: usize,
    #[command(flatten)]
    pub strict: StrictKnown,
}
