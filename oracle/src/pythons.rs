//! Finding interpreters.

mod candidates;
mod probe;

use std::cell::LazyCell;
use std::fmt;
use std::path::{Path, PathBuf};

use sre_compiler::Dialect;

use crate::interpreter::Unsupported;
use crate::visible::Shown;
use crate::wire::Hello;

/// An interpreter that was found.
#[derive(Clone, Debug)]
pub struct Python {
    /// The executable, links followed.
    pub path: PathBuf,
    /// Which Python it is.
    pub hello: Hello,
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

/// Looks for interpreters on this machine: `python3` and `python3.X` on the PATH, those of pyenv and uv, and what
/// `SRE_PYTHONS` lists, executables or folders, separated as in PATH. Each executable is listed once.
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
    pythons.sort_by(|a, b| (a.hello.version, &a.path).cmp(&(b.hello.version, &b.path)));
    pythons.dedup_by(|a, b| (a.hello.version, &a.path) == (b.hello.version, &b.path));
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

/// Picks from those on this machine: `all`, a version as `3.13.0`, a minor version as `3.13` (its newest patch level
/// found), `3` (the newest of all), or the path of an executable. Where only paths are asked for, no other is looked for.
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
            if !selected.iter().any(|already| already.path == python.path) {
                selected.push(python);
            }
        }
    }
    Ok(selected)
}

fn supported_at(path: &str) -> Result<Python, String> {
    let python = probe(Path::new(path)).map_err(|why| format!("{path}: {why}"))?;
    match &python.dialect {
        Ok(_) => Ok(python),
        Err(why) => Err(format!("{path}: {why}")),
    }
}

fn select_found(found: &[Python], name: &str) -> Result<Vec<Python>, String> {
    let supported = || found.iter().filter(|python| python.dialect.is_ok());
    if name == "all" {
        let mut versions: Vec<Python> = supported().cloned().collect();
        versions.dedup_by_key(|python| python.hello.version);
        return if versions.is_empty() { Err("no supported Python was found".into()) } else { Ok(versions) };
    }
    let parts: Option<Vec<u32>> = name.split('.').map(|part| part.parse().ok()).collect();
    let matches = |python: &&Python| match (parts.as_deref(), python.hello.version) {
        (Some([3]), _) => true,
        (Some([3, minor]), version) => version.1 == *minor,
        (Some([3, minor, patch]), version) => (version.1, version.2) == (*minor, *patch),
        _ => false,
    };
    match supported().rfind(matches) {
        Some(python) => Ok(vec![python.clone()]),
        None => match found.iter().find(matches) {
            Some(Python { path, dialect: Err(why), .. }) => Err(format!("{}: {why}", path.shown())),
            _ => Err(format!("no Python {name} was found; `sre pythons` lists those that are")),
        },
    }
}
