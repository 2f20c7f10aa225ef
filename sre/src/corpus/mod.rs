//! `sre corpus`: the corpus of cases and the recorded answers of interpreters.

pub(crate) mod add;
pub(crate) mod record;
mod review;
pub(crate) mod test;

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use sre_support::lock;
use sre_support::lock::Lock;
use sre_support::visible::Shown;

use crate::status::Status;
use crate::{coverage, messages};

/// Test the corpus, add to it, and record the answers of interpreters
///
/// The corpus is a folder of case files, with the answers that interpreters gave to each case in
/// its folder `answers`. These verbs look for a folder `corpus` here and in the folders above.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Add(add::Arguments),
    Record(record::Arguments),
    Test(test::Arguments),
    Coverage(coverage::Arguments),
}

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    match &arguments.command {
        Command::Add(arguments) => add::run(arguments),
        Command::Record(arguments) => record::run(arguments),
        Command::Test(arguments) => test::run(arguments),
        Command::Coverage(arguments) => coverage::run(arguments),
    }
}

/// The option that names the corpus.
#[derive(Args)]
pub(crate) struct Corpus {
    /// The corpus. [default: the folder `corpus`, here or in a folder above]
    #[arg(long, value_name = "FOLDER")]
    corpus: Option<PathBuf>,
}

impl Corpus {
    /// Returns the corpus.
    pub(crate) fn root(&self) -> Result<PathBuf> {
        self.corpus.clone().map_or_else(default_root, Ok)
    }
}

/// The same option, and its former spelling: the folder alone.
#[derive(Args)]
pub(crate) struct CorpusOrFolder {
    #[command(flatten)]
    corpus: Corpus,
    #[arg(value_name = "FOLDER", hide = true, conflicts_with = "corpus")]
    folder: Option<PathBuf>,
}

impl CorpusOrFolder {
    /// Returns the corpus.
    pub(crate) fn root(&self) -> Result<PathBuf> {
        self.folder.clone().map_or_else(|| self.corpus.root(), Ok)
    }
}

/// Returns the folder `corpus`, here or in a parent folder.
pub(crate) fn default_root() -> Result<PathBuf> {
    let here = env::current_dir().context("the current folder")?;
    let found = here.ancestors().map(|folder| folder.join("corpus")).find(|folder| folder.is_dir());
    found.context("there is no folder `corpus` here or in a folder above; give one with --corpus")
}

/// Takes the lock of a corpus's answers, waiting for other runs to finish.
pub(crate) fn lock_answers(root: &Path) -> Result<Lock> {
    let path = lock::beside(&root.join("answers")).with_context(|| root.shown().to_string())?;
    let waiting = || {
        messages::note(format_args!(
            "waiting for another run that is writing the answers of {}",
            root.shown()
        ));
    };
    Lock::take(&path, waiting).with_context(|| format!("cannot lock {}", path.shown()))
}
