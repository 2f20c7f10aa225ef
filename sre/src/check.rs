//! `sre check`: reports the versions in which a pattern compiles.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow, bail};
use clap::{Args, ValueEnum};
use serde::Deserialize;
use serde_json::json;
use sre_case::{parse_versions, wire};
use sre_check::github::Place;
use sre_check::{Checker, Report, github, json as report_json, source, text};
use sre_support::count;
use sre_support::visible::Shown;

use crate::options::{PatternOptions, Targets};
use crate::status::Status;
use crate::{check_source, hints};

/// Show in which Python versions a pattern works
///
/// Warnings are shown as well. No Python is needed. The meaning of a pattern changes between two versions that accept it if
/// their code matches different text; different code for the same matches does not count. The
/// comparison does not cover what an interpreter looks up while matching: the characters that `\w`,
/// `\d`, `\s` and `\b` stand for in its Unicode version, case-insensitive back references, and the
/// locale.
///
/// --source checks the literal patterns that Python files pass to `re.compile`, `re.match` and so
/// on. Computed patterns, and names that may be bound to something else, are skipped and counted.
///
/// Exit status: 2 if any version rejects a pattern (with --strict: or warns), otherwise 1 if a file
/// or line could not be checked or there was nothing to check, otherwise 0.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The pattern.
    #[arg(required_unless_present_any = ["jsonl", "source"], allow_hyphen_values = true)]
    pattern: Option<OsString>,
    #[command(flatten)]
    options: PatternOptions,
    #[command(flatten)]
    targets: Targets,
    /// Check every patch level that changed the compiler.
    #[arg(long)]
    all_patches: bool,
    /// Check the cases in a JSON Lines file, as written by `sre record`; without a name, in
    /// standard input.
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-", conflicts_with = "pattern")]
    jsonl: Option<PathBuf>,
    /// Check the literal patterns in Python files, or in the `.py` and `.pyi` files below folders.
    #[arg(long, value_name = "PATH", num_args = 1.., conflicts_with_all = ["pattern", "jsonl"])]
    source: Vec<PathBuf>,
    /// With --source, list every skipped call.
    #[arg(long, requires = "source")]
    skipped: bool,
    /// Treat warnings as failures.
    #[arg(long)]
    strict: bool,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// Text for people.
    #[default]
    Text,
    /// JSON for programs, one object per line.
    Json,
    /// Annotations for GitHub Actions.
    Github,
}

/// Totals for the exit status and the summary.
#[derive(Default)]
pub(crate) struct Counts {
    pub patterns: usize,
    pub refused: usize,
    pub warned: usize,
    pub changed: usize,
    /// Lines and files that could not be checked, and folders without Python files.
    pub unchecked: usize,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let all = || parse_versions("all", arguments.all_patches).map_err(|why| anyhow!(why));
    let versions = arguments.targets.versions(arguments.all_patches)?.map_or_else(all, Ok)?;
    let mut checker = Checker::new(versions);
    let mut out = BufWriter::new(io::stdout().lock());
    let mut counts = Counts::default();
    if !arguments.source.is_empty() {
        drop(out);
        let (paths, format, skipped) = (&arguments.source, arguments.format, arguments.skipped);
        let run = || check_source::run(paths, format, skipped, &mut checker, &mut counts);
        source::on_deep_stack(run).map_err(|why| anyhow!(why))??;
        return Ok(status(&counts, arguments.strict));
    }
    match &arguments.jsonl {
        Some(file) => check_lines(file, arguments.format, &mut checker, &mut out, &mut counts)?,
        None => {
            let pattern = arguments.pattern.as_deref().context("missing pattern")?;
            hints::pattern_is_a_file("check", pattern);
            let case = arguments.options.case(pattern)?;
            let report = checker.check(&case);
            counts.add(&report);
            match arguments.format {
                Format::Json => writeln!(out, "{}", report_json::to_string(&report, &json!({}))?)?,
                Format::Github => github::write_report(&mut out, &report, |_| None)?,
                Format::Text => text::write_answers(&mut out, &report)?,
            }
        }
    }
    out.flush()?;
    Ok(status(&counts, arguments.strict))
}

impl Counts {
    pub(crate) fn add(&mut self, report: &Report) {
        self.patterns += 1;
        self.refused += usize::from(!report.is_accepted());
        self.warned += usize::from(report.has_warnings());
        self.changed += usize::from(report.answers.iter().any(|answer| answer.difference.is_some()));
    }
}

fn status(counts: &Counts, strict: bool) -> Status {
    if counts.refused > 0 || strict && counts.warned > 0 {
        Status::Divergence
    } else if counts.unchecked > 0 {
        Status::Usage
    } else {
        Status::Same
    }
}

/// The fields of a recording's line besides the case.
#[derive(Deserialize, Default)]
struct Extra {
    #[serde(default)]
    source: Option<String>,
}

fn check_lines(
    path: &PathBuf,
    format: Format,
    checker: &mut Checker,
    out: &mut impl Write,
    counts: &mut Counts,
) -> Result<()> {
    let name =
        if path.as_os_str() == "-" { "standard input".into() } else { path.to_string_lossy().into_owned() };
    let mut input: Box<dyn BufRead> = match path.as_os_str() == "-" {
        true => Box::new(io::stdin().lock()),
        false => Box::new(BufReader::new(File::open(path).with_context(|| name.shown().to_string())?)),
    };
    let mut line = Vec::new();
    let mut number = 0;
    while input.read_until(b'\n', &mut line).with_context(|| name.shown().to_string())? > 0 {
        number += 1;
        match wire::parse_request(&line) {
            Ok(request) => {
                let extra: Extra = serde_json::from_slice(wire::without_mark(&line)).unwrap_or_default();
                let report = checker.check(&request.case);
                counts.add(&report);
                match format {
                    Format::Json => {
                        let place = json!({ "line": number, "source": extra.source });
                        writeln!(out, "{}", report_json::to_string(&report, &place)?)?;
                    }
                    Format::Github => {
                        let place = Place { file: &name, line: Some(number), column: None };
                        github::write_report(out, &report, |_| Some(place))?;
                    }
                    Format::Text if report.is_noteworthy() => {
                        let source = extra.source.map(|source| format!(": {}", source.shown()));
                        writeln!(out, "{}:{number}{}", name.shown(), source.unwrap_or_default())?;
                        text::write_pattern(out, &report)?;
                        text::write_answers(out, &report)?;
                        writeln!(out)?;
                    }
                    Format::Text => {}
                }
            }
            // The recording was interrupted.
            Err(_) if !line.ends_with(b"\n") && format != Format::Json => {
                eprintln!("sre: {}:{number}: skipped the incomplete last line", name.shown());
            }
            Err(why) => {
                counts.unchecked += 1;
                match format {
                    Format::Json => {
                        writeln!(out, "{}", json!({ "line": number, "invalid": why.to_string() }))?
                    }
                    Format::Github => {
                        github::write_unchecked(out, &name, Some(number), &why.to_string())?;
                    }
                    Format::Text => eprintln!("sre: {}:{number}: {}", name.shown(), why.to_string().shown()),
                }
            }
        }
        line.clear();
    }
    if number == 0 {
        bail!("{} contains no cases", name.shown());
    }
    if format == Format::Text {
        writeln!(out, "{}", summary(counts))?;
    }
    Ok(())
}

/// `120 patterns: 1 refused by some version, 3 with warnings, 2 compiled to different code`
pub(crate) fn summary(counts: &Counts) -> String {
    let Counts { patterns, refused, warned, changed, .. } = counts;
    let patterns = count(*patterns, "pattern");
    format!(
        "{patterns}: {refused} refused by some version, {warned} with warnings, \
         {changed} compiled to different code"
    )
}
