//! `sre keep`: adds a regression to the corpus.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::{fs, io};

use anyhow::{Context, Result, bail};
use clap::Args;
use sre_oracle::answers;
use sre_oracle::answers::{Mismatch, NewAnswers};
use sre_oracle::shell::quote;
use sre_support::lock::Lock;
use sre_support::visible::Shown;
use sre_support::{atomic_file, lock};

use crate::input::OneCase;
use crate::interpreters::select;
use crate::program::this_program;
use crate::replay::default_root;
use crate::status::Status;

/// Add a case to the corpus as regressions/NAME.case, with the answers of the available
/// interpreters.
///
/// An existing regression is never overwritten.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    case: OneCase,
    /// What went wrong, in a few words: `hoisted-prefix-loses-its-width`. [default: the name of the
    /// case file]
    #[arg(long, value_name = "WHAT-WENT-WRONG")]
    name: Option<String>,
    /// The corpus. [default: `corpus` here or in a folder above]
    #[arg(long, value_name = "FOLDER")]
    corpus: Option<PathBuf>,
    /// Interpreters, separated by commas: `3.13.0`, `3.13` (its newest release found), `all`, or
    /// paths.
    #[arg(long, value_name = "LIST", value_delimiter = ',', default_value = "all")]
    pythons: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let case = arguments.case.case()?;
    let bytes = case.to_file().context("cannot keep the case")?;
    let name = arguments.name.as_deref().or(arguments.case.file_stem());
    let name = name.context("a pattern needs a --name that says what went wrong")?;
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
        bail!("{name:?}: a name consists of a-z, 0-9 and -");
    }
    let root = arguments.corpus.clone().map_or_else(default_root, Ok)?;
    if !root.is_dir() {
        bail!("{}: no such folder", root.shown());
    }
    let file = root.join("regressions").join(name).with_extension("case");
    // Held until the answers are written, so that two runs do not overwrite each other's answers.
    let _lock = lock_answers(&root)?;
    if file.exists() {
        bail!("{} exists already, and a regression is never overwritten; give another --name", file.shown());
    }
    let pythons = select(&arguments.pythons)?;
    let kept = answers::record_new(&pythons, &root, &file, &case)?;
    atomic_file::create(&file, &bytes).with_context(|| file.shown().to_string())?;
    if let Err(error) = write_answers(&kept) {
        // A regression without answers would fail the replay.
        let _ = fs::remove_file(&file);
        return Err(error);
    }
    let replayed = answers::replay(&root, std::slice::from_ref(&file), usize::MAX)?;
    let mut out = BufWriter::new(io::stdout().lock());
    writeln!(out, "{}", case.excerpt())?;
    writeln!(out, "  wrote      {}", file.shown())?;
    let asked: Vec<&str> = kept.asked.iter().map(|asked| asked.label.as_str()).collect();
    writeln!(out, "  recorded   {}, in {}", asked.join(", ").shown(), kept.change.file.shown())?;
    if !kept.missing.is_empty() {
        writeln!(
            out,
            "  missing    {}: not available; run `sre answers` where they are",
            kept.missing.join(", ")
        )?;
    }
    print_next(&mut out, &root, &file, &kept, &replayed.mismatches)?;
    out.flush()?;
    Ok(Status::Same)
}

/// Takes the lock of a corpus's answers, waiting for other runs to finish.
pub(crate) fn lock_answers(root: &Path) -> Result<Lock> {
    let path = lock::beside(&root.join("answers")).with_context(|| root.shown().to_string())?;
    let waiting = || {
        let text = format!("sre: waiting for another run that is writing the answers of {}", root.shown());
        let _ = writeln!(io::stderr(), "{text}");
    };
    Lock::take(&path, waiting).with_context(|| format!("cannot lock {}", path.shown()))
}

fn write_answers(kept: &NewAnswers) -> Result<()> {
    let file = &kept.change.file;
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).with_context(|| folder.shown().to_string())?;
    }
    atomic_file::write(file, &kept.change.text).with_context(|| file.shown().to_string())
}

fn print_next(
    out: &mut impl Write,
    root: &Path,
    file: &Path,
    kept: &NewAnswers,
    mismatches: &[Mismatch],
) -> io::Result<()> {
    let version = |mismatch: &Mismatch| match mismatch {
        Mismatch::Divergence { divergence, .. } => divergence.python.clone(),
        Mismatch::Hash { python, .. } | Mismatch::NoDialect { python, .. } => python.clone(),
    };
    let differ: Vec<String> = mismatches.iter().map(version).collect();
    let path = |path: &Path| {
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        quote(&absolute.to_string_lossy())
    };
    let git = format!("git -C {}", path(root));
    let commit = format!("{git} add {} {} && {git} commit", path(file), path(&kept.change.file));
    match differ.first() {
        Some(first) => {
            writeln!(out, "  differs    {}", differ.join(", "))?;
            writeln!(out, "  next       before the fix:\n             {commit}")?;
            let asked = kept.asked.iter().find(|asked| asked.label == *first);
            let python = asked.map_or(first, |asked| &asked.argument);
            let (program, python) = (this_program(), quote(python));
            writeln!(out, "             {program} explain --python {python} {}", path(file))?;
        }
        None => {
            writeln!(out, "  differs    nowhere: sre-compiler gives the same answers")?;
            writeln!(out, "  next       {commit}")?;
        }
    }
    // The corpus of a checkout lies beside its tests.
    match root.parent().filter(|folder| folder.join("xtask/Cargo.toml").is_file()) {
        Some(checkout) => writeln!(out, "             (cd {} && cargo xtask test)", path(checkout)),
        None => writeln!(out, "             {} replay {}", this_program(), path(root)),
    }
}
