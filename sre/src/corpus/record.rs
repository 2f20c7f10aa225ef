//! `sre corpus record`: records the outcomes of interpreters for the corpus.

use std::io::{BufWriter, Write};
use std::{fs, io};

use anyhow::{Context, Result};
use clap::Args;
use sre_oracle::answers;
use sre_support::visible::Shown;
use sre_support::{atomic_file, count};

use super::{CorpusOrFolder, lock_answers};
use crate::options::{Pythons, with_default};
use crate::status::Status;

/// Record what interpreters answer to every case of the corpus
///
/// Shows what would change, and writes nothing without --accept.
///
/// Exit status: 0 if nothing would change, or all was written; 1 for a usage or input error; 2 if
/// something would change.
#[derive(Args)]
#[command(mut_arg("pythons", |arg| with_default(arg, "all")))]
pub(crate) struct Arguments {
    #[command(flatten)]
    corpus: CorpusOrFolder,
    #[command(flatten)]
    pythons: Pythons,
    /// Write the changes.
    #[arg(long)]
    accept: bool,
    #[arg(long, hide = true, conflicts_with = "accept")]
    check: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let root = arguments.corpus.root()?;
    let pythons = arguments.pythons.or_all()?;
    let _lock = if arguments.accept { Some(lock_answers(&root)?) } else { None };
    let changes = answers::record(&pythons, &root)?;
    let mut out = BufWriter::new(io::stdout().lock());
    for change in &changes {
        writeln!(out, "{}", change.file.shown())?;
        change.what.iter().try_for_each(|what| writeln!(out, "  {}", what.shown()))?;
    }
    let versions: Vec<String> = pythons.iter().map(|python| python.info.label()).collect();
    writeln!(out, "{} to change; interpreters: {}", count(changes.len(), "file"), versions.join(", "))?;
    out.flush()?;
    if changes.is_empty() {
        return Ok(Status::Same);
    }
    if !arguments.accept {
        if !arguments.check {
            eprintln!("sre: nothing was written; --accept writes the changes");
        }
        return Ok(Status::Divergence);
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
