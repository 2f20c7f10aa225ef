//! `sre corpus coverage`: measures what the corpus reaches of the compilers.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::{fs, io, thread};

use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use serde_json::{Value, json};
use sre_case::{Case, corpus};
use sre_coverage::{self, Coverage, Matrix, Page, Subject, Unreached};
use sre_oracle::pythons::Python;
use sre_support::visible::Shown;
use sre_support::{atomic_file, count, grouped};

use crate::corpus::CorpusOrFolder;
use crate::options::{Format, FormatOption, Output, Pythons, with_default};
use crate::progress::progress_bar;
use crate::run_facts::run_facts;
use crate::sharding::{self, ShardOptions};
use crate::status::Status;

/// Measure which lines of CPython's compilers the corpus reaches
///
/// Lines and branches that no case reaches are checked against `unreached.txt`, the corpus's list
/// of unreachable lines.
///
/// Exit status: 0 if every line is reached or listed, 1 for a usage or input error, 2 if a line is
/// neither, or is listed wrongly.
#[derive(Args)]
#[command(mut_arg("pythons", |arg| with_default(arg, "all")), mut_arg("output", |arg| arg.value_name("FOLDER").help(
    "Write coverage.html and coverage.json, with tables of opcodes, rules, errors and warnings, to this folder"
)))]
pub(crate) struct Arguments {
    #[command(flatten)]
    corpus: CorpusOrFolder,
    #[command(flatten)]
    pythons: Pythons,
    /// Coverage of sre-compiler in the format of `llvm-cov export --format lcov`; made by `cargo
    /// xtask coverage`.
    #[arg(long, value_name = "FILE", alias = "ours")]
    rust_lcov: Option<PathBuf>,
    /// Folder of the compiler's sources, for --rust-lcov.
    #[arg(long, value_name = "FOLDER", default_value = "compiler/src")]
    sources: PathBuf,
    #[command(flatten)]
    shards: ShardOptions,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    format: FormatOption,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let root = arguments.corpus.root()?;
    if arguments.shards.plan().is_some() || arguments.shards.are_used() {
        if arguments.rust_lcov.is_some() || arguments.output.path().is_some() {
            bail!("--shard, --state and --plan: --rust-lcov and --output need a run of the whole job");
        }
        let (shards, pythons) = (&arguments.shards, arguments.pythons.or_all()?);
        return sharding::coverage::run(&root, &pythons, shards, arguments.format.format);
    }
    let (unreached, cases) = read_corpus(&root)?;
    let files = corpus::files(&root).with_context(|| root.shown().to_string())?;
    let pythons = arguments.pythons.or_all()?;
    let mut subjects = ask(&pythons, &cases)?;
    if let Some(counts) = &arguments.rust_lcov {
        let sources =
            fs::canonicalize(&arguments.sources).with_context(|| arguments.sources.shown().to_string())?;
        subjects.push(sre_coverage::rust(counts, &sources).map_err(|why| anyhow!(why))?);
    }
    let coverage = Coverage::new(subjects, &unreached);
    let mut matrices = vec![sre_coverage::words(&coverage, &unreached, &cases)];
    let mut written = Ok(());
    if let Some(folder) = arguments.output.path() {
        matrices.push(sre_coverage::rules(&coverage, &unreached, &cases));
        matrices.push(sre_coverage::texts(&coverage, &unreached, "error", "Texts of errors"));
        matrices.push(sre_coverage::texts(&coverage, &unreached, "warning", "Texts of warnings"));
        let names: Vec<String> = files.iter().map(|file| sre_coverage::case_name(file)).collect();
        let facts = run_facts();
        let page =
            Page { coverage: &coverage, unreached: &unreached, matrices: &matrices, cases: &names, facts };
        let page = page.document();
        let json = serde_json::to_vec(&as_json(&coverage, &unreached, &matrices, Some(&names)))?;
        written = write(folder, "coverage.html", page.as_bytes())
            .and_then(|()| write(folder, "coverage.json", &json));
    }
    let mut out = BufWriter::new(io::stdout().lock());
    match arguments.format.format {
        Format::Text => print(&mut out, &coverage, &matrices)?,
        Format::Json => writeln!(out, "{}", as_json(&coverage, &unreached, &matrices, None))?,
    }
    out.flush()?;
    // Print the counts even if writing the files failed.
    written?;
    let fine = coverage.problems.is_empty() && matrices.iter().all(|matrix| matrix.missed() == 0);
    Ok(if fine { Status::Same } else { Status::Divergence })
}

/// Prints merged measurements of a corpus.
pub(crate) fn print_subjects(root: &Path, subjects: Vec<Subject>, format: Format) -> Result<Status> {
    let (unreached, cases) = read_corpus(root)?;
    let coverage = Coverage::new(subjects, &unreached);
    let matrices = [sre_coverage::words(&coverage, &unreached, &cases)];
    let mut out = BufWriter::new(io::stdout().lock());
    match format {
        Format::Text => print(&mut out, &coverage, &matrices)?,
        Format::Json => writeln!(out, "{}", as_json(&coverage, &unreached, &matrices, None))?,
    }
    out.flush()?;
    let fine = coverage.problems.is_empty() && matrices.iter().all(|matrix| matrix.missed() == 0);
    Ok(if fine { Status::Same } else { Status::Divergence })
}

/// Returns the list of what cannot be reached, and the cases.
pub(crate) fn read_corpus(root: &Path) -> Result<(Unreached, Vec<Case>)> {
    let list = root.join("unreached.txt");
    let name = || list.shown().to_string();
    let unreached = Unreached::parse(&fs::read_to_string(&list).with_context(name)?).with_context(name)?;
    let files = corpus::files(root).with_context(|| root.shown().to_string())?;
    if files.is_empty() {
        bail!("{} contains no cases", root.shown());
    }
    let read = |file: &PathBuf| corpus::read(file).with_context(|| file.shown().to_string());
    Ok((unreached, files.iter().map(read).collect::<Result<_>>()?))
}

/// Runs the interpreters in parallel and returns their results in order.
fn ask(pythons: &[Python], cases: &[Case]) -> Result<Vec<Subject>> {
    let bar = progress_bar("compilers", pythons.len());
    let waiting = Mutex::new(pythons.iter().enumerate());
    let next = || waiting.lock().ok().and_then(|mut waiting| waiting.next());
    let job = || {
        let mut done = Vec::new();
        while let Some((n, python)) = next() {
            done.push((n, sre_coverage::interpreter(python, cases)));
            bar.inc(1);
        }
        done
    };
    let mut answers: Vec<_> = thread::scope(|scope| {
        let jobs = thread::available_parallelism().map_or(1, usize::from);
        let jobs: Vec<_> = (0..jobs).map(|_| scope.spawn(job)).collect();
        jobs.into_iter().flat_map(|job| job.join().unwrap_or_default()).collect()
    });
    bar.finish_and_clear();
    if answers.len() < pythons.len() {
        bail!("a job panicked");
    }
    answers.sort_by_key(|(n, _)| *n);
    answers.into_iter().map(|(_, answer)| answer.map_err(|why| anyhow!(why))).collect()
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| folder.shown().to_string())?;
    let file = folder.join(name);
    atomic_file::write(&file, bytes).with_context(|| file.shown().to_string())
}

fn print(out: &mut impl Write, coverage: &Coverage, matrices: &[Matrix]) -> io::Result<()> {
    writeln!(
        out,
        "{:20} {:>26} {:>31}\n{:20} {:>8} {:>11} {:>6} {:>11} {:>11} {:>7}",
        "", "lines", "branches", "", "reached", "unreachable", "missed", "reached", "unreachable", "missed"
    )?;
    for (n, subject) in coverage.subjects.iter().enumerate() {
        let (lines, branches) = (coverage.count(n, true), coverage.count(n, false));
        writeln!(
            out,
            "{:20} {:>8} {:>11} {:>6} {:>11} {:>11} {:>7}",
            subject.name,
            grouped(lines.reached),
            grouped(lines.listed),
            grouped(lines.missed),
            grouped(branches.reached),
            grouped(branches.listed),
            grouped(branches.missed)
        )?;
    }
    for matrix in matrices {
        for row in matrix.rows.iter().filter(|row| row.cells.contains(&sre_coverage::Cell::Missed)) {
            writeln!(out, "not reached in every version that has it: {}: {}", matrix.title, row.name)?;
        }
    }
    for problem in &coverage.problems {
        writeln!(out, "{problem}")?;
    }
    let absent: Vec<String> =
        sre_coverage::absent(&coverage.subjects).iter().map(|dialect| dialect.to_string()).collect();
    if !absent.is_empty() {
        let text = format!("not measured by an interpreter of this run: {}", absent.join(", "));
        writeln!(out, "{}", sre_report::wrapped(&text, "  "))?;
    }
    let headline = sre_coverage::headline(coverage, matrices);
    writeln!(out, "{}: {}", count(coverage.subjects.len(), "compiler"), headline.text)
}

/// Returns everything if `cases` holds the names of the cases, otherwise only what is printed as
/// text.
fn as_json(
    coverage: &Coverage,
    unreached: &Unreached,
    matrices: &[Matrix],
    cases: Option<&[String]>,
) -> Value {
    let site = |(site, state): (&sre_coverage::Site, &sre_coverage::State)| {
        let why = match state {
            sre_coverage::State::Listed(entry) => Some(unreached.entry(*entry).why.as_str()),
            _ => None,
        };
        json!({
            "module": site.module, "function": site.function, "line": site.line, "text": site.text,
            "kind": site.kind, "reached": site.reached, "first": site.first, "listed": why,
        })
    };
    let subject = |(n, subject): (usize, &Subject)| {
        let sites = subject.sites.iter().zip(&coverage.states[n]);
        let shown = sites.filter(|(site, _)| cases.is_some() || !site.reached).map(site);
        json!({
            "compiler": subject.name,
            "dialect": subject.dialect.map(|dialect| dialect.to_string()),
            "lines": coverage.count(n, true),
            "branches": coverage.count(n, false),
            "sites": shown.collect::<Vec<_>>(),
        })
    };
    json!({
        "cases": cases,
        "compilers": coverage.subjects.iter().enumerate().map(subject).collect::<Vec<_>>(),
        "tables": matrices,
        "absent": sre_coverage::absent(&coverage.subjects).iter().map(|d| d.to_string()).collect::<Vec<_>>(),
        "problems": coverage.problems.iter().map(|problem| problem.to_string()).collect::<Vec<_>>(),
    })
}
