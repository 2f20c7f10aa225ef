//! `sre corpus add`: adds a regression to the corpus.

use std::io::{BufWriter, Write};
use std::path::Path;
use std::{fs, io};

use anyhow::{Context, Result, bail};
use clap::Args;
use sre_oracle::answers;
use sre_oracle::answers::{Mismatch, NewAnswers};
use sre_oracle::shell::quote;
use sre_support::visible::Shown;
use sre_support::{atomic_file, count};

use super::{Corpus, lock_answers};
use crate::options::{Patterns, Pythons, single_pattern, with_default};
use crate::program::this_program;
use crate::progress::spinner;
use crate::status::Status;

/// Add a case to the corpus, with the answers of interpreters
///
/// Writes regressions/NAME.case, and the answers of the interpreters beside those of the other
/// regressions. An existing regression is never overwritten.
#[derive(Args)]
#[command(mut_arg("targets", single_pattern), mut_arg("pythons", |arg| with_default(arg, "all")))]
pub(crate) struct Arguments {
    #[command(flatten)]
    patterns: Patterns,
    /// What went wrong, in a few words: `hoisted-prefix-loses-its-width`. [default: the name of the
    /// case file]
    #[arg(long, value_name = "WHAT-WENT-WRONG")]
    name: Option<String>,
    #[command(flatten)]
    corpus: Corpus,
    #[command(flatten)]
    pythons: Pythons,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let case = arguments.patterns.one_case("corpus add")?;
    let bytes = case.to_file().context("the case cannot be added")?;
    let name = arguments.name.as_deref().or(arguments.patterns.file_stem());
    let name = name.context("a pattern needs a --name that says what went wrong")?;
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
        bail!("{name:?}: a name consists of a-z, 0-9 and -");
    }
    let root = arguments.corpus.root()?;
    if !root.is_dir() {
        bail!("{}: no such folder", root.shown());
    }
    let file = root.join("regressions").join(name).with_extension("case");
    // Held until the answers are written, so that two runs do not overwrite each other's answers.
    let _lock = lock_answers(&root)?;
    if file.exists() {
        bail!("{} exists already, and a regression is never overwritten; give another --name", file.shown());
    }
    let pythons = arguments.pythons.or_all()?;
    let waiting = spinner(&format!("asking {}", count(pythons.len(), "interpreter")));
    let recorded = answers::record_new(&pythons, &root, &file, &case);
    waiting.finish_and_clear();
    let recorded = recorded?;
    atomic_file::create(&file, &bytes).with_context(|| file.shown().to_string())?;
    if let Err(error) = write_answers(&recorded) {
        // A regression without answers would fail the replay.
        let _ = fs::remove_file(&file);
        return Err(error);
    }
    let replayed = answers::replay(&root, std::slice::from_ref(&file), usize::MAX)?;
    let mut out = BufWriter::new(io::stdout().lock());
    writeln!(out, "{}", case.excerpt())?;
    writeln!(out, "  wrote      {}", file.shown())?;
    let asked: Vec<&str> = recorded.asked.iter().map(|asked| asked.label.as_str()).collect();
    writeln!(out, "  recorded   {}, in {}", asked.join(", ").shown(), recorded.change.file.shown())?;
    if !recorded.missing.is_empty() {
        writeln!(
            out,
            "  missing    {}: not available; run `sre corpus record` where they are",
            recorded.missing.join(", ")
        )?;
    }
    print_next(&mut out, &root, &file, &recorded, &replayed.mismatches)?;
    out.flush()?;
    Ok(Status::Same)
}

fn write_answers(recorded: &NewAnswers) -> Result<()> {
    let file = &recorded.change.file;
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).with_context(|| folder.shown().to_string())?;
    }
    atomic_file::write(file, &recorded.change.text).with_context(|| file.shown().to_string())
}

fn print_next(
    out: &mut impl Write,
    root: &Path,
    file: &Path,
    recorded: &NewAnswers,
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
    let commit = format!("{git} add {} {} && {git} commit", path(file), path(&recorded.change.file));
    match differ.first() {
        Some(first) => {
            writeln!(out, "  differs    {}", differ.join(", "))?;
            writeln!(out, "  next       before the fix:\n             {commit}")?;
            let asked = recorded.asked.iter().find(|asked| asked.label == *first);
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
        None => writeln!(out, "             {} corpus test {}", this_program(), path(root)),
    }
}
