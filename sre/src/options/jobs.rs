//! `--jobs`.

use std::thread;

use clap::Args;

use super::whole;

/// The option that sets the number of parallel jobs.
#[derive(Args, Clone, Copy)]
pub(crate) struct Jobs {
    /// Number of parallel jobs. [default: one per core]
    #[arg(long, short, value_name = "N", value_parser = whole(1_usize))]
    jobs: Option<usize>,
}

impl Jobs {
    pub(crate) fn count(self) -> usize {
        self.jobs.unwrap_or_else(|| thread::available_parallelism().map_or(1, usize::from))
    }
}
