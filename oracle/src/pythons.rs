//! Finding interpreters.

mod candidates;
mod probe;

use std::cell::LazyCell;
use std::path::{Path, PathBuf};
use std::{fmt, fs};

use sre_case::Unsupported;
use sre_case::wire::InterpreterInfo;
use sre_compiler::Dialect;
use sre_support::visible::Shown;

/// An interpreter that was found.
#[derive(Clone, Debug)]
pub struct Python {
    /// The executable: as the user named it, made absolute; of one that was found by its version,
    /// links followed.
    pub path: PathBuf,
    /// What `--pythons` takes for this very interpreter: its version, or its path if that was
    /// given, or if another of the same version was found.
    pub argument: String,
    /// Which Python it is.
    pub info: InterpreterInfo,
    /// The compiler's dialect for it, or why there is none.
    pub dialect: Result<Dialect, Unsupported>,
}

/// An executable, or a folder, that gave no interpreter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    /// What was tried.
    pub path: PathBuf,
    /// What happened instead of an answer.
    pub why: String,
    /// It comes from `SRE_PYTHONS`: somebody wants it to be used.
    pub is_listed: bool,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.shown(), self.why)
    }
}

/// What a search found.
#[derive(Clone, Default, Debug)]
pub struct Found {
    /// The interpreters, by version, those too old or too new included.
    pub pythons: Vec<Python>,
    /// What does not work.
    pub failures: Vec<Failure>,
}

/// Looks for interpreters on this machine: `python3` and `python3.X` on the PATH, those of pyenv
/// and uv, and what `SRE_PYTHONS` lists, executables or folders, separated as in PATH. Each
/// executable is listed once.
pub fn search() -> Found {
    let (candidates, mut failures) = candidates::all();
    let mut pythons = Vec::new();
    for (candidate, answer) in candidates.iter().zip(probe::all(&candidates)) {
        match answer {
            Ok(python) => pythons.push(python),
            Err(why) => {
                failures.push(Failure { path: candidate.path.clone(), why, is_listed: candidate.is_listed });
            }
        }
    }
    pythons.sort_by(|a, b| (a.info.version, &a.path).cmp(&(b.info.version, &b.path)));
    pythons.dedup_by(|a, b| (a.info.version, &a.path) == (b.info.version, &b.path));
    Found { pythons, failures }
}

/// The interpreters that [`search`] finds.
pub fn find() -> Vec<Python> {
    search().pythons
}

/// Asks an executable which Python it is.
///
/// # Errors
/// Says why it gives no answer.
pub fn probe(path: &Path) -> Result<Python, String> {
    probe::one(path)
}

/// Picks from those on this machine: `all`, a version as `3.13.0`, a minor version as `3.13` (its
/// newest patch level found), `3` (the newest of all), or the path of an executable. Where only
/// paths are asked for, no other is looked for.
///
/// # Errors
/// Says what there is none of, or why it is not supported.
pub fn select(wanted: &[String]) -> Result<Vec<Python>, String> {
    select_with(wanted, |_| ())
}

/// The same; `report` gets what `SRE_PYTHONS` lists and does not work, if a search was needed.
///
/// # Errors
/// As [`select`].
pub fn select_with(wanted: &[String], report: impl Fn(&Failure)) -> Result<Vec<Python>, String> {
    let found = LazyCell::new(|| {
        let Found { pythons, failures } = search();
        failures.iter().filter(|failure| failure.is_listed).for_each(&report);
        pythons
    });
    let mut selected: Vec<Python> = Vec::new();
    for name in wanted {
        let picked = match name.contains(['/', '\\']) {
            true => vec![supported_at(name)?],
            false => select_found(&found, name)?,
        };
        for python in picked {
            let same = |already: &Python| links_followed(&already.path) == links_followed(&python.path);
            if !selected.iter().any(same) {
                selected.push(python);
            }
        }
    }
    Ok(selected)
}

fn links_followed(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// The interpreter at a path. What it says of its executable may be another file, if the path is
/// that of a script which starts it: the script is what is started again.
fn supported_at(path: &str) -> Result<Python, String> {
    let python = probe(Path::new(path)).map_err(|why| format!("{path}: {why}"))?;
    match &python.dialect {
        Ok(_) => {
            let path = std::path::absolute(path).map_err(|error| format!("{path}: {error}"))?;
            Ok(Python { argument: path.to_string_lossy().into_owned(), path, ..python })
        }
        Err(why) => Err(format!("{path}: {why}")),
    }
}

fn select_found(found: &[Python], name: &str) -> Result<Vec<Python>, String> {
    let supported = || found.iter().filter(|python| python.dialect.is_ok());
    if name == "all" {
        let all: Vec<Python> = supported().map(|python| with_argument(found, python)).collect();
        return if all.is_empty() { Err("no supported Python was found".into()) } else { Ok(all) };
    }
    let parts: Option<Vec<u32>> = name.split('.').map(|part| part.parse().ok()).collect();
    let matches = |python: &&Python| match (parts.as_deref(), python.info.version) {
        (Some([3]), _) => true,
        (Some([3, minor]), version) => version.1 == *minor,
        (Some([3, minor, patch]), version) => (version.1, version.2) == (*minor, *patch),
        _ => false,
    };
    match supported().rfind(matches) {
        Some(python) => Ok(vec![with_argument(found, python)]),
        None => match found.iter().find(matches) {
            Some(Python { path, dialect: Err(why), .. }) => Err(format!("{}: {why}", path.shown())),
            _ => Err(format!("no Python {name} was found; `sre pythons` lists those that are")),
        },
    }
}

/// The interpreter, with the version as its argument if that names no other.
fn with_argument(found: &[Python], python: &Python) -> Python {
    let version = python.info.version;
    let count = found.iter().filter(|other| other.info.version == version).count();
    let argument = match (count, version) {
        (1, (major, minor, patch)) => format!("{major}.{minor}.{patch}"),
        _ => python.path.to_string_lossy().into_owned(),
    };
    Python { argument, ..python.clone() }
}
