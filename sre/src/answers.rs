//! `sre answers`: records the outcomes of interpreters for the corpus.

use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::{fs, io};

use anyhow::{Context, Result};
use clap::Args;
use sre_oracle::answers;
use sre_support::visible::Shown;
use sre_support::{atomic_file, count};

use crate::interpreters::select;
use crate::keep::lock_answers;
use crate::replay::default_root;
use crate::status::Status;

/// Record what interpreters answer to every case of the corpus. Prints the changes, then writes
/// them.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The corpus. [default: `corpus` here or in a folder above]
    corpus: Option<PathBuf>,
    /// Interpreters, separated by commas: `3.13.0`, `3.13` (its newest release found), `all`, or
    /// paths.
    #[arg(long, value_name = "LIST", value_delimiter = ',', default_value = "all")]
    pythons: Vec<String>,
    /// Write nothing; the exit status is 2 if anything would change.
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let root = arguments.corpus.clone().map_or_else(default_root, Ok)?;
    let pythons = select(&arguments.pythons)?;
    let _lock = if arguments.check { None } else { Some(lock_answers(&root)?) };
    let changes = answers::record(&pythons, &root)?;
    let mut out = BufWriter::new(io::stdout().lock());
    for change in &changes {
        writeln!(out, "{}", change.file.shown())?;
        change.what.iter().try_for_each(|what| writeln!(out, "  {}", what.shown()))?;
    }
    let versions: Vec<String> = pythons.iter().map(|python| python.info.label()).collect();
    writeln!(out, "{} to change; interpreters: {}", count(changes.len(), "file"), versions.join(", "))?;
    out.flush()?;
    if arguments.check {
        return Ok(if changes.is_empty() { Status::Same } else { Status::Divergence });
    }
    for change in &changes {
        let name = || change.file.shown().to_string();
        if change.text.is_empty() {
            fs::remove_file(&change.file).with_context(name)?;
            continue;
        }
        if let Some(folder) = change.file.parent() {
            fs::create_dir_all(folder).with_context(name)?;
        }
        atomic_file::write(&change.file, &change.text).with_context(name)?;
    }
    Ok(Status::Same)
}
