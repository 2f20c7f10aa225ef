//! Options for checking sources, joined with the settings of the project.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, bail};
use clap::Args;
use sre_check::rules::Rule;
use sre_check::source::{EXCLUDED, Framework, Selection};
use sre_check::{Baseline, Config};

/// Options for Python files.
#[derive(Args)]
#[command(next_help_heading = "Options for Python files")]
pub(super) struct SourceOptions {
    /// Exclude files and folders that match, instead of the default list (.venv, node_modules, …).
    #[arg(long, value_name = "GLOB", value_delimiter = ',')]
    exclude: Vec<String>,
    /// Exclude files and folders that match as well.
    #[arg(long, value_name = "GLOB", value_delimiter = ',')]
    extend_exclude: Vec<String>,
    /// Apply exclusions to files that are given by name, too, as for pre-commit.
    #[arg(long)]
    force_exclude: bool,
    /// Also check files that .gitignore excludes.
    #[arg(long)]
    no_gitignore: bool,
    /// Do not report these rules. `sre rule --all` explains them.
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    ignore: Vec<Rule>,
    /// Follow the conventions of a framework: django, pygments, pyparsing, ply. May be repeated.
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    framework: Vec<Framework>,
    /// Do not report the findings that this file lists.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write the findings to this file, as a baseline, instead of reporting them.
    #[arg(long, value_name = "FILE", conflicts_with = "baseline")]
    write_baseline: Option<PathBuf>,
    /// Change the files where a fix is certain.
    #[arg(long)]
    fix: bool,
    /// Show what --fix would change.
    #[arg(long, conflicts_with = "fix")]
    diff: bool,
    /// List every call that is skipped.
    #[arg(long)]
    skipped: bool,
    /// The name of the file on standard input, in reports and for settings.
    #[arg(long, value_name = "FILE")]
    stdin_filename: Option<PathBuf>,
    /// Read the settings from this pyproject.toml.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Ignore every pyproject.toml.
    #[arg(long, conflicts_with = "config")]
    isolated: bool,
}

/// What to do with fixes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fixes {
    Offer,
    Show,
    Make,
}

/// The settings of a run.
pub(super) struct Settings {
    pub config: Config,
    pub selection: Selection,
    pub baseline: Option<Baseline>,
    pub baseline_file: Option<PathBuf>,
    pub write_baseline: Option<PathBuf>,
    pub fixes: Fixes,
    pub list_skipped: bool,
    pub stdin_name: PathBuf,
}

impl Settings {
    pub(super) fn new(options: &SourceOptions, sources: &[PathBuf]) -> Result<Settings> {
        let stdin_name = options.stdin_filename.clone().unwrap_or_else(|| PathBuf::from("<stdin>"));
        let mut config = match (&options.config, options.isolated) {
            (Some(file), _) => Config::read(file),
            (None, true) => Ok(Config::default()),
            (None, false) if sources.is_empty() => Ok(Config::default()),
            (None, false) => Config::find(folder(sources, options.stdin_filename.as_deref())),
        }
        .map_err(|why| anyhow!(why))?;
        if config.root.as_os_str().is_empty() {
            config.root = env::current_dir()?;
        }
        config.ignore.extend(&options.ignore);
        config.frameworks.extend(&options.framework);
        let from_stdin = sources.iter().any(|source| source.as_os_str() == "-");
        if from_stdin && options.fix {
            bail!("--fix: standard input cannot be changed; --diff shows the fixes");
        }
        let defaults: Vec<String> = EXCLUDED.map(String::from).to_vec();
        let exclude = match &options.exclude[..] {
            [] => config.exclude.clone().unwrap_or(defaults),
            given => given.to_vec(),
        };
        let patterns = exclude.iter().chain(&config.extend_exclude).chain(&options.extend_exclude);
        let selection = Selection::new(
            &config.root,
            patterns.map(String::as_str),
            !options.no_gitignore,
            options.force_exclude,
        )
        .map_err(|why| anyhow!(why))?;
        let writes = options.write_baseline.is_some();
        let baseline = options.baseline.clone().or_else(|| config.baseline.clone()).filter(|_| !writes);
        let baseline_file = baseline;
        let baseline =
            baseline_file.as_deref().map(Baseline::read).transpose().map_err(|why| anyhow!(why))?;
        Ok(Settings {
            config,
            selection,
            baseline,
            baseline_file,
            write_baseline: options.write_baseline.clone(),
            fixes: match (options.fix, options.diff) {
                (true, _) => Fixes::Make,
                (_, true) => Fixes::Show,
                _ => Fixes::Offer,
            },
            list_skipped: options.skipped,
            stdin_name,
        })
    }
}

/// Returns the folder in which settings are looked for first: that of the first source.
fn folder<'p>(sources: &'p [PathBuf], stdin_name: Option<&'p Path>) -> &'p Path {
    let here = Path::new(".");
    let first = match sources.first() {
        Some(source) if source.as_os_str() == "-" => stdin_name,
        source => source.map(PathBuf::as_path),
    };
    match first {
        Some(path) if path.is_dir() => path,
        Some(path) => path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(here),
        None => here,
    }
}
