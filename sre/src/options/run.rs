//! The options of a comparison.

use std::time::Duration;

use anyhow::Result;
use clap::Args;
use sre_oracle::pythons::Allowed;
use sre_oracle::{Options, Reference};

use super::{Jobs, Pythons, Target, seconds};

/// Options of a comparison.
#[derive(Args)]
pub(crate) struct RunOptions {
    #[command(flatten)]
    pub pythons: Pythons,
    #[command(flatten)]
    pub target: Target,
    #[command(flatten)]
    jobs: Jobs,
    /// Also compare the tree dump, the disassembly, and whether `_sre` accepts the code.
    #[arg(long)]
    debug: bool,
    /// Also print the table of counts and rates.
    #[arg(long, short)]
    pub verbose: bool,
    /// Time limit of an interpreter for one case, in seconds.
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    time_limit: Duration,
}

impl RunOptions {
    pub(crate) fn options(&self) -> Options {
        Options {
            jobs: self.jobs.count(),
            debug: self.debug,
            time_limit: self.time_limit,
            dialect: self.target.dialect(),
        }
    }

    /// Returns the options that change what is compared, for the state of a job.
    pub(crate) fn what_is_compared(&self) -> String {
        let Options { debug, dialect, time_limit, .. } = self.options();
        format!("debug {debug}, as {dialect:?}, within {time_limit:?}")
    }

    /// Returns the requested interpreters, or the default one, to be compared with sre-compiler.
    pub(crate) fn references(&self) -> Result<Vec<Reference>> {
        let references = self.pythons.references(Allowed::Any)?;
        self.target.check(&references)?;
        Ok(references)
    }
}
