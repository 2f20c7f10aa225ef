//! `sre corpus record`: records the outcomes of interpreters for the corpus.

use std::io::Write;
use std::{fs, io};

use anyhow::{Context, Result};
use clap::Args;
use sre_oracle::answers;
use sre_oracle::answers::Change;
use sre_support::visible::Shown;
use sre_support::{atomic_file, count};

use super::{CorpusOrFolder, lock_answers, review};
use crate::messages;
use crate::messages::{TITLE, stdout, styled};
use crate::options::{Pythons, with_default};
use crate::progress::spinner;
use crate::status::Status;

/// Record what interpreters answer to every case of the corpus
///
/// Shows what would change, and writes nothing without --accept or --review.
///
/// Exit status: 0 if nothing would change, or all was written; 1 for a usage or input error; 2 if
/// something would change, or was not accepted.
#[derive(Args)]
#[command(mut_arg("pythons", |arg| with_default(arg, "all")))]
pub(crate) struct Arguments {
    #[command(flatten)]
    corpus: CorpusOrFolder,
    #[command(flatten)]
    pythons: Pythons,
    /// Write all changes.
    #[arg(long, conflicts_with = "review")]
    accept: bool,
    /// Show each change and ask whether to write it.
    #[arg(long)]
    review: bool,
    #[arg(long, hide = true, conflicts_with_all = ["accept", "review"])]
    check: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let root = arguments.corpus.root()?;
    let pythons = arguments.pythons.or_all()?;
    let writes = arguments.accept || arguments.review;
    // Held until all is written, so that two runs do not overwrite each other's answers.
    let _lock = if writes { Some(lock_answers(&root)?) } else { None };
    let waiting = spinner(&format!("asking {}", count(pythons.len(), "interpreter")));
    let changes = answers::record(&pythons, &root);
    waiting.finish_and_clear();
    let changes = changes?;
    let versions: Vec<String> = pythons.iter().map(|python| python.info.label()).collect();
    let versions = versions.join(", ");
    let mut out = stdout();
    if changes.is_empty() {
        writeln!(out, "nothing to change: the recorded answers are those of {}", versions.shown())?;
        out.flush()?;
        return Ok(Status::Same);
    }
    let files = count(changes.len(), "file");
    writeln!(out, "{files} to change; interpreters: {}", versions.shown())?;
    for change in &changes {
        writeln!(out, "{}", styled(TITLE, change.file.shown()))?;
        change.what.iter().try_for_each(|what| writeln!(out, "  {}", what.shown()))?;
    }
    out.flush()?;
    if arguments.review {
        return write_reviewed(&changes);
    }
    if !arguments.accept {
        if !arguments.check {
            messages::note("nothing was written; --accept writes all of it, --review asks case by case");
        }
        return Ok(Status::Divergence);
    }
    changes.iter().try_for_each(|change| write(change, &change.text))?;
    messages::note(format_args!("{files} written"));
    Ok(Status::Same)
}

fn write_reviewed(changes: &[Change]) -> Result<Status> {
    let reviewed = review::review(changes, &mut io::stdin().lock())?;
    if reviewed.accepted > 0 {
        for (change, contents) in changes.iter().zip(&reviewed.contents) {
            write(change, contents)?;
        }
    }
    let (accepted, skipped) = (count(reviewed.accepted, "case"), reviewed.skipped);
    messages::note(format_args!("{accepted} accepted and written, {skipped} left as they were"));
    Ok(if skipped == 0 { Status::Same } else { Status::Divergence })
}

/// Writes a file of answers, or removes it if nothing is left to be recorded there.
fn write(change: &Change, contents: &[u8]) -> Result<()> {
    let name = || change.file.shown().to_string();
    if contents.is_empty() {
        return match fs::remove_file(&change.file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error).with_context(name),
            _ => Ok(()),
        };
    }
    if let Some(folder) = change.file.parent() {
        fs::create_dir_all(folder).with_context(name)?;
    }
    atomic_file::write(&change.file, contents).with_context(name)
}
