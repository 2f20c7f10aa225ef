//! `sre corpus test`: checks sre-compiler on the corpus.

use std::io;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::json;
use sre_case::{Case, corpus};
use sre_oracle::answers::{Mismatch, Replayed};
use sre_oracle::{Reference, Report, Stats, answers, compare_all, compare_each};
use sre_support::count;
use sre_support::visible::Shown;

use super::default_root;
use crate::input::{Seen, read_case};
use crate::interpreters::name;
use crate::messages::{BAD, DOUBTFUL, GOOD, stdout, styled};
use crate::options::{Format, FormatOption, RunOptions, StrictKnown};
use crate::program::this_program;
use crate::progress::progress_bar;
use crate::status::Status;
use crate::summary::{self, paint_report};

/// Compare sre-compiler with the recorded answers to the corpus
///
/// Each case is compared with the recorded answers of every version of CPython, and with an
/// interpreter if one is available. A folder that does not exist or contains no cases is an error.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Folders of cases, or case files. [default: `corpus`, here or in a parent folder]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    run: RunOptions,
    /// Compare only with recorded answers.
    #[arg(long, conflicts_with = "pythons")]
    no_python: bool,
    /// Stop at the first case that differs from its recorded answers.
    #[arg(long)]
    first: bool,
    #[command(flatten)]
    strict: StrictKnown,
    #[command(flatten)]
    format: FormatOption,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let paths = if arguments.paths.is_empty() { vec![default_root()?] } else { arguments.paths.clone() };
    let mut replayed = Replayed::default();
    let (mut cases, mut case_files): (Vec<Case>, Vec<PathBuf>) = Default::default();
    let mut seen = Seen::default();
    let most = if arguments.first { 1 } else { usize::MAX };
    for path in &paths {
        if replayed.mismatches.len() >= most {
            break;
        }
        let mut files = files_below(path)?;
        files.retain(|file| seen.is_new(file));
        for file in &files {
            let case = read_case("corpus test", path, file)?;
            if !arguments.no_python {
                cases.push(case);
                case_files.push(file.clone());
            }
        }
        match root_of(path) {
            Some(root) => add(&mut replayed, answers::replay(&root, &files, most)?),
            // Outside the corpus no answers are expected.
            None => replayed.cases += files.len() as u64,
        }
    }
    let all_stats = compare_with_interpreters(arguments, &cases)?;
    let mut out = stdout();
    match arguments.format.format {
        Format::Text => {
            let file_of = |case: &Case| {
                let at = cases.iter().position(|compared| compared == case)?;
                Some(case_files[at].clone())
            };
            print(&mut out, &replayed, &all_stats, arguments.run.verbose, &file_of)?;
        }
        Format::Json => print_json(&mut out, &replayed, &all_stats)?,
    }
    out.flush()?;
    let unchecked = all_stats.is_empty() && (replayed.answers == 0 || !replayed.unrecorded.is_empty());
    Ok(if !replayed.mismatches.is_empty() {
        Status::Divergence
    } else if unchecked {
        Status::Usage
    } else if arguments.strict.strict_known && !replayed.known.is_empty() {
        summary::status(&all_stats, arguments.strict).max(Status::OnlyKnown)
    } else {
        summary::status(&all_stats, arguments.strict)
    })
}

/// The folders of a corpus that contain no cases: recorded answers, and what is expected of versions
/// that are not released.
const WITHOUT_CASES: [&str; 2] = ["answers", "preview"];

/// Returns the case files below a path. Every other folder of a corpus must contain some.
fn files_below(path: &Path) -> Result<Vec<PathBuf>> {
    let name = || path.shown().to_string();
    let files = corpus::files(path).with_context(name)?;
    if files.is_empty() {
        bail!("{} contains no cases", path.shown());
    }
    if path.is_dir() {
        for entry in path.read_dir().with_context(name)? {
            let folder = entry.with_context(name)?.path();
            let is_empty = || files.iter().all(|file| !file.starts_with(&folder));
            if folder.is_dir() && !WITHOUT_CASES.iter().any(|name| folder.ends_with(name)) && is_empty() {
                bail!("{} contains no cases", folder.shown());
            }
        }
    }
    Ok(files)
}

/// Returns the innermost of a path and its parent folders that contains answers.
fn root_of(path: &Path) -> Option<PathBuf> {
    let has_answers = |folder: &&Path| folder.join("answers").is_dir();
    if let Some(folder) = path.ancestors().filter(|folder| *folder != Path::new("")).find(has_answers) {
        return Some(folder.to_owned());
    }
    // `seeds` within the corpus: a relative path does not name its parent folders.
    let here = Path::new(".");
    (path.is_relative() && has_answers(&here)).then(PathBuf::new)
}

fn add(sum: &mut Replayed, replayed: Replayed) {
    sum.cases += replayed.cases;
    sum.answers += replayed.answers;
    sum.mismatches.extend(replayed.mismatches);
    sum.unrecorded.extend(replayed.unrecorded);
    for (known, count) in replayed.known {
        *sum.known.entry(known).or_default() += count;
    }
}

/// Compares with interpreters. It is not an error if none is found, unless some were requested.
fn compare_with_interpreters(arguments: &Arguments, cases: &[Case]) -> Result<Vec<Stats>> {
    if arguments.no_python {
        return Ok(Vec::new());
    }
    let references = match arguments.run.references() {
        Err(_) if arguments.run.pythons.is_empty() => return Ok(Vec::new()),
        references => references?,
    };
    let options = arguments.run.options();
    let compare = |reference: &Reference| {
        let bar = progress_bar(&name(reference), cases.len());
        let stats = compare_all(reference, options, cases.iter().cloned(), &|done| bar.inc(done as u64));
        bar.finish_and_clear();
        stats
    };
    Ok(compare_each(&references, cases.len(), compare)?)
}

fn print(
    out: &mut impl Write,
    replayed: &Replayed,
    all_stats: &[Stats],
    verbose: bool,
    file_of: &dyn Fn(&Case) -> Option<PathBuf>,
) -> io::Result<()> {
    let Replayed { cases, answers, mismatches, known, unrecorded } = replayed;
    let known: u64 = known.values().sum();
    let (cases, answers) = (count(*cases, "case"), count(*answers, "recorded answer"));
    let verdict = match mismatches.len() {
        0 if replayed.answers == 0 => styled(DOUBTFUL, "no recorded answers"),
        0 => styled(GOOD, "the same as recorded"),
        differ => styled(BAD, count(differ, "unexpected difference")),
    };
    writeln!(out, "{verdict}: {cases}, {answers}, {}", count(known, "known divergence"))?;
    let program = this_program();
    for mismatch in mismatches {
        match mismatch {
            Mismatch::Divergence { file, divergence } => {
                let report = Report { divergence, program: &program, recorded: Some(file) };
                writeln!(out, "\n{}\n{}", file.shown(), paint_report(&report.to_string()))?;
            }
            other => writeln!(out, "\n{other}")?,
        }
    }
    for file in unrecorded {
        writeln!(out, "no recorded answer: {}", file.shown())?;
    }
    if !all_stats.is_empty() {
        summary::print(out, all_stats, verbose, file_of)?;
    }
    Ok(())
}

fn print_json(out: &mut impl Write, replayed: &Replayed, all_stats: &[Stats]) -> io::Result<()> {
    let mismatches: Vec<_> = replayed
        .mismatches
        .iter()
        .map(|mismatch| match mismatch {
            Mismatch::Divergence { file, divergence } => json!({
                "file": file.to_string_lossy(),
                "python": divergence.python,
                "signature": divergence.signature,
            }),
            Mismatch::NoDialect { file, python } => json!({
                "file": file.to_string_lossy(),
                "python": python,
                "signature": "no dialect",
            }),
            Mismatch::Hash { file, python, what, .. } => json!({
                "file": file.to_string_lossy(),
                "python": python,
                "signature": format!("hash: {what}"),
            }),
        })
        .collect();
    let known: Vec<_> =
        replayed.known.iter().map(|(known, n)| json!({ "name": known.name(), "count": n })).collect();
    let answers = json!({
        "cases": replayed.cases,
        "compared": replayed.answers,
        "mismatches": mismatches,
        "known": known,
        "unrecorded": replayed.unrecorded.iter().map(|file| file.to_string_lossy()).collect::<Vec<_>>(),
    });
    summary::print_json(out, Some(answers), all_stats)
}
