//! `sre check`: reports the versions in which patterns work, given on the command line, recorded,
//! or in Python sources.

mod fixes;
mod lines;
mod paint;
mod reporter;
mod settings;
mod shards;
mod sources;
mod targets;

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};
use sre_case::{label, parse_versions};
use sre_check::{Checker, source};

use crate::options::{Jobs, PatternOptions, Targets};
use crate::sharding::ShardOptions;
use crate::status::Status;
use reporter::Reporter;
use settings::{Settings, SourceOptions};
use targets::Given;

pub(crate) use shards::{Checks, print_merged};

/// Show in which Python versions the patterns of a project work
///
/// Takes patterns, or Python files and folders. No Python is needed.
///
/// The meaning of a pattern changes between two versions that accept it if their code matches
/// different text; different code for the same matches does not count. The comparison does not
/// cover what an interpreter looks up while matching: the characters that `\w`, `\d`, `\s` and `\b`
/// stand for in its Unicode version, case-insensitive back references, and the locale.
///
/// In Python files, the patterns of calls of `re` are checked if they are known: literals, names
/// that are bound once, and sums and f-strings of these. Other calls are counted as skipped.
/// Settings come from the nearest pyproject.toml: [tool.sre], and requires-python.
///
/// Exit status: 2 if a version refuses a pattern (with --strict: or warns, or changes its meaning),
/// otherwise 1 if a file or line could not be checked or there was nothing to check, otherwise 0.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Patterns, or Python files and folders of them: anything that is not a file or folder is a
    /// pattern. `-` is a Python file on standard input.
    #[arg(value_name = "PATTERN|PATH", allow_hyphen_values = false)]
    targets: Vec<OsString>,
    /// A pattern, even if a file of that name exists or it begins with a hyphen. May be repeated.
    #[arg(long = "pattern", short = 'e', value_name = "PATTERN", allow_hyphen_values = true)]
    patterns: Vec<OsString>,
    #[command(flatten)]
    options: PatternOptions,
    /// Python files, or folders of them. May be repeated.
    #[arg(long, value_name = "PATH", num_args = 1..)]
    source: Vec<PathBuf>,
    /// A JSON Lines file of cases, as written by `sre record`; without a name, standard input.
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-", conflicts_with_all = ["targets", "patterns", "source"])]
    jsonl: Option<PathBuf>,
    #[command(flatten)]
    versions: Targets,
    /// Check every patch level that changed the compiler.
    #[arg(long)]
    all_patches: bool,
    /// Treat warnings and changes of meaning as failures.
    #[arg(long)]
    strict: bool,
    /// Format of what is printed.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    sources: SourceOptions,
    #[command(flatten)]
    shards: ShardOptions,
    #[command(flatten)]
    jobs: Jobs,
}

/// The formats, in all of which lines and columns count from 1, and columns count characters.
#[derive(Clone, Copy, PartialEq, Eq, Default, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    /// Text for people.
    #[default]
    Text,
    /// A line for each finding: `file:line:column: code message`.
    Concise,
    /// JSON for programs, one object per line.
    Json,
    /// Annotations for GitHub Actions.
    Github,
    /// SARIF 2.1.0, for code scanning services.
    Sarif,
    /// A GitLab code quality report.
    Gitlab,
    /// A JUnit report.
    Junit,
}

impl Arguments {
    /// Returns whether sources are checked: they are named, or written for them.
    fn given(&self) -> Result<Given> {
        let mut given = targets::sort(&self.targets, &self.options)?;
        given.sources.extend(self.source.iter().cloned());
        for pattern in &self.patterns {
            given.cases.push(self.options.case(pattern)?);
        }
        if !given.cases.is_empty() && !given.sources.is_empty() {
            bail!("patterns and files were given; check them one after the other");
        }
        Ok(given)
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let given = arguments.given()?;
    let lines = arguments.jsonl.clone().or(given.lines);
    let settings = Settings::new(&arguments.sources, &given.sources)?;
    let (versions, setting) = match arguments.versions.versions(arguments.all_patches)? {
        Some(versions) => (versions, None),
        None => {
            let configured = settings.config.versions.as_ref().filter(|_| !given.sources.is_empty());
            let list = configured.map_or("all", |versions| versions.list.as_str());
            let setting = configured.map(|versions| versions.setting.to_owned());
            (parse_versions(list, arguments.all_patches)?, setting)
        }
    };
    if arguments.shards.plan().is_some() || arguments.shards.are_used() {
        if given.sources.is_empty() {
            bail!("--shard, --state and --plan divide the check of Python files; give files or folders");
        }
        return shards::run(arguments, &given.sources, &settings, &versions, setting);
    }
    let mut reporter = Reporter::new(arguments.format, label(&versions, false), setting);
    if !given.sources.is_empty() {
        let jobs = arguments.jobs.count();
        sources::run(&given.sources, &settings, &versions, jobs, &mut reporter)?;
    } else if let Some(file) = lines {
        lines::run(&file, &versions, arguments.jobs.count(), &mut reporter)?;
    } else if given.cases.is_empty() {
        bail!(
            "nothing to check: give a PATTERN, a file or folder of Python, -e PATTERN or --jsonl FILE \
             (see `sre check --help`)"
        );
    } else {
        let mut checker = Checker::new(versions);
        let several = given.cases.len() > 1;
        for case in &given.cases {
            reporter.pattern(&checker.check(case), several)?;
        }
    }
    reporter.finish()?;
    Ok(reporter.status(arguments.strict))
}

/// Runs something for files on threads with a stack that suffices for every file.
pub(crate) fn pool(jobs: usize) -> Result<rayon::ThreadPool> {
    Ok(rayon::ThreadPoolBuilder::new().num_threads(jobs).stack_size(source::STACK).build()?)
}
