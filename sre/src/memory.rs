//! `sre memory`: measures the memory that compiling takes in sre-compiler and in CPython.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use clap::Args;
use serde_json::{Value, json};
use sre_case::Case;
use sre_compiler::{Dialect, compile};
use sre_memory::{Cpython, Measured, Meter, Page, Summary};
use sre_oracle::pythons::Allowed;
use sre_report::wrapped;
use sre_support::visible::Shown;
use sre_support::{atomic_file, count};

use crate::corpus::default_root;
use crate::input::{Seen, read_cases};
use crate::messages;
use crate::options::{Format, FormatOption, Output, Patterns, Pythons, with_default};
use crate::progress::progress_bar;
use crate::run_facts::run_facts;
use crate::status::Status;

/// Measure the memory that compiling takes, next to CPython
///
/// Without patterns, those are the seeds in `corpus`, here or in a parent folder. All figures are
/// per pattern. Patterns that either compiler rejects are skipped and counted.
///
/// Words of the tables:
///
/// - allocations: blocks requested from the allocator, including reallocations; allocated: their
///   total size.
///
/// - peak: the most that is allocated at any time while compiling; retained: what is allocated as
///   long as the compiled pattern lives.
///
/// - reused: Compiler::compile_into, with a compiler and a program that compiled the pattern before;
///   warm: Compiler::compile, with such a compiler; fresh: the function compile, with a new one.
///
/// - parse, info, code: the stages of a new compiler. What they retain is its pool: the buffers that
///   it keeps for the next pattern.
///
/// - by reference count, only by the collector: how CPython frees memory. The collector (gc) frees
///   cycles of objects, later; all else is freed at once.
///
/// The figures of sre-compiler are exact counts by its allocator. Those of CPython are of
/// `re.compile` without its cache, the second time, by tracemalloc; allocations are requests to its
/// allocators (PyMem_SetAllocator), which only the embedded interpreter counts: others show `-`.
///
/// Exit status: 0 measured, 1 usage or input error, 2 every pattern is rejected.
///
/// To test the measurement, SRE_MEMORY_INJECT=cycle in the environment leaves a cycle behind for
/// each pattern that CPython compiles.
#[derive(Args)]
#[command(mut_arg("pythons", |arg| with_default(arg, "embedded, or else newest, or else none")), mut_arg("output", |arg| {
    arg.value_name("FOLDER").help("Write memory.html and memory.json to this folder")
}))]
pub(crate) struct Arguments {
    #[command(flatten)]
    patterns: Patterns,
    #[command(flatten)]
    python: Pythons,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    format: FormatOption,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let cases = cases(arguments)?;
    let reference = arguments.python.reference(Allowed::Imitated)?;
    let mut cpython = reference.as_ref().map(Cpython::start).transpose().map_err(|why| anyhow!(why))?;
    let dialect = match &cpython {
        Some(cpython) => {
            cpython.info().dialect().map_err(|why| anyhow!("{}: {why}", cpython.info().label()))?
        }
        None => Dialect::default(),
    };
    let measured = measure(&cases, dialect, &mut cpython)?;
    if measured.is_empty() {
        return Ok(reject(&cases, dialect));
    }
    let skipped = cases.len() - measured.len();
    let python = cpython.map(|cpython| cpython.info().label());
    let summary = Summary::new(&measured, skipped, dialect.to_string(), python);
    let json = || as_json(&summary);
    let written = arguments.output.path().map_or(Ok(()), |folder| write(folder, &summary, &json()));
    let mut out = BufWriter::new(io::stdout().lock());
    match arguments.format.format {
        Format::Text => print(&mut out, &summary)?,
        Format::Json => writeln!(out, "{:#}", json())?,
    }
    out.flush()?;
    // Print the figures even if writing the files failed.
    written?;
    Ok(Status::Same)
}

fn cases(arguments: &Arguments) -> Result<Vec<Case>> {
    if arguments.patterns.is_empty() {
        return read_cases("memory", &default_root()?.join("seeds"), &mut Seen::default());
    }
    arguments.patterns.cases("memory")
}

/// Measures the cases that both compilers accept.
fn measure(cases: &[Case], dialect: Dialect, cpython: &mut Option<Cpython>) -> Result<Vec<Measured>> {
    let mut meter = Meter::new(dialect);
    let bar = progress_bar("measuring", cases.len());
    let mut measured = Vec::new();
    for case in cases {
        bar.inc(1);
        let Some(rust) = meter.measure(case) else { continue };
        let cpython = cpython.as_mut().map(|cpython| cpython.measure(case)).transpose();
        let cpython = cpython.map_err(|why| anyhow!("{}: {why}", case.excerpt()))?;
        if cpython != Some(None) {
            measured.push(Measured { rust, cpython: cpython.flatten(), bytes: case.units() });
        }
    }
    bar.finish_and_clear();
    Ok(measured)
}

/// Reports that every case is rejected, with the error of the first.
fn reject(cases: &[Case], dialect: Dialect) -> Status {
    let error = cases.iter().find_map(|case| compile(case.pattern(), case.flags, dialect).err());
    let error = error.map_or("a compiler rejects it".to_owned(), |error| error.to_string());
    let number = count(cases.len(), "pattern");
    messages::error(format_args!(
        "nothing to measure: {number} rejected by Python {dialect}: {}",
        error.shown()
    ));
    Status::Divergence
}

fn as_json(summary: &Summary) -> Value {
    let facts = run_facts().into_iter().map(|(word, text)| (word.to_lowercase(), text.into()));
    json!({ "run": facts.collect::<serde_json::Map<_, _>>(), "summary": summary })
}

fn write(folder: &Path, summary: &Summary, json: &Value) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.shown()))?;
    let page = Page { summary, facts: run_facts() }.document();
    for (name, content) in [("memory.html", page), ("memory.json", format!("{json:#}\n"))] {
        let file = folder.join(name);
        let name = || format!("cannot write {}", file.shown());
        atomic_file::write(&file, content.as_bytes()).with_context(name)?;
    }
    Ok(())
}

fn print(out: &mut impl Write, summary: &Summary) -> io::Result<()> {
    let headline = summary.headline();
    writeln!(out, "{}\n{}", wrapped(&headline.text, ""), wrapped(&headline.detail, ""))?;
    if summary.skipped > 0 {
        writeln!(out, "{} skipped: a compiler rejects them", count(summary.skipped, "pattern"))?;
    }
    for table in summary.tables() {
        write!(out, "\n{}", table.text())?;
    }
    Ok(())
}
