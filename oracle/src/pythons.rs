//! Finding interpreters.

mod candidates;
mod probe;
pub(crate) mod sources;
mod wanted;

use std::cell::LazyCell;
use std::path::{Path, PathBuf};
use std::{fmt, fs};

use sre_case::Unsupported;
use sre_case::wire::InterpreterInfo;
use sre_compiler::Dialect;
use sre_support::visible::Shown;

use wanted::Wanted;

/// An interpreter that was found.
#[derive(Clone, Debug)]
pub struct Python {
    /// The executable: the absolute path as the user gave it, or, if it was found by version, the
    /// path with links resolved.
    pub path: PathBuf,
    /// The argument of `--pythons` for this interpreter: its version, or its path if the user gave
    /// the path or several interpreters have this version.
    pub argument: String,
    /// Its version and build.
    pub info: InterpreterInfo,
    /// The dialect of sre-compiler for it, or why there is none.
    pub dialect: Result<Dialect, Unsupported>,
    /// The hash of its sources of `re`, as [`Dialect::with_sources`] takes it; `None` if they cannot
    /// be read.
    pub sources: Option<u64>,
}

impl Python {
    /// Returns whether its compiler is none that sre-compiler was compared with, though it has a
    /// dialect: its sources of `re` are of no known version, or of one with another dialect.
    pub fn is_unknown_compiler(&self) -> bool {
        sources::are_unknown(&self.info, self.sources)
    }

    /// Returns the warning that a comparison with such an interpreter begins with; `None` for others.
    pub fn warning(&self) -> Option<String> {
        sources::warning(&self.info, self.sources, self.path.shown())
    }
}

/// An executable that is no interpreter, or a folder without one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    /// The executable or folder.
    pub path: PathBuf,
    /// The reason.
    pub why: String,
    /// Whether it comes from `SRE_PYTHONS`, so that the user expects it to be used.
    pub is_listed: bool,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.shown(), self.why)
    }
}

/// The result of a search.
#[derive(Clone, Default, Debug)]
pub struct Found {
    /// The interpreters by version, including those that are too old or too new.
    pub pythons: Vec<Python>,
    /// The candidates that do not work.
    pub failures: Vec<Failure>,
}

/// Searches this machine for interpreters: `python3` and `python3.X` on the PATH, those of pyenv and
/// uv, and the executables and folders in `SRE_PYTHONS`, which are separated as in PATH. Each
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

/// Which interpreters a selection may contain.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Allowed {
    /// Those with a dialect.
    Imitated,
    /// Those without one as well, if their path is given, or if no other has the version.
    Any,
}

/// Returns the interpreters that [`search`] finds.
pub fn find() -> Vec<Python> {
    search().pythons
}

/// Asks an executable for its version and build.
///
/// # Errors
/// If it gives no valid answer, the reason.
pub fn probe(path: &Path) -> Result<Python, String> {
    probe::one(path)
}

/// Selects interpreters of this machine: `all`, a version (`3.13.0`), a minor version (`3.13`, its
/// newest patch level found), a range (`3.9..` or `3.9..3.12`, the newest found of each minor
/// version in it), `newest` or `3`, or the path of an executable. Searches only if something other
/// than a path is given.
///
/// # Errors
/// If an interpreter is not found or not supported.
pub fn select(wanted: &[String]) -> Result<Vec<Python>, String> {
    select_with(wanted, Allowed::Imitated, |_| ())
}

/// Like [`select`], with the interpreters that are `allowed`. A search passes the failures of
/// `SRE_PYTHONS` to `report`.
///
/// # Errors
/// As [`select`].
pub fn select_with(
    wanted: &[String],
    allowed: Allowed,
    report: impl Fn(&Failure),
) -> Result<Vec<Python>, String> {
    let found = LazyCell::new(|| {
        let Found { pythons, failures } = search();
        failures.iter().filter(|failure| failure.is_listed).for_each(&report);
        pythons
    });
    let mut selected: Vec<Python> = Vec::new();
    for name in wanted {
        let picked = match name.contains(['/', '\\']) {
            true => vec![allowed_at(name, allowed)?],
            false => select_found(&found, name, allowed)?,
        };
        for python in picked {
            let same = |already: &Python| resolved(&already.path) == resolved(&python.path);
            if !selected.iter().any(same) {
                selected.push(python);
            }
        }
    }
    Ok(selected)
}

fn resolved(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

fn allowed_at(path: &str, allowed: Allowed) -> Result<Python, String> {
    let python = at(path)?;
    match &python.dialect {
        Err(why) if allowed == Allowed::Imitated => Err(format!("{path}: {why}")),
        _ => Ok(python),
    }
}

/// Returns the interpreter at a path, which may be one that sre-compiler does not imitate. The
/// executable that it reports may be another file, if the path is a script that starts it; then the
/// script is started again later.
///
/// # Errors
/// If it gives no valid answer, or is older than 3.8.
pub fn at(path: &str) -> Result<Python, String> {
    let python = probe(Path::new(path)).map_err(|why| format!("{path}: {why}"))?;
    if python.info.version < OLDEST {
        return Err(format!("{path}: {}", Unsupported::Version(3, 0, 0)));
    }
    let path = std::path::absolute(path).map_err(|error| format!("{path}: {error}"))?;
    Ok(Python { argument: path.to_string_lossy().into_owned(), path, ..python })
}

/// The oldest version that runs the oracle's program.
const OLDEST: (u32, u32, u32) = (3, 8, 0);

fn select_found(found: &[Python], name: &str, allowed: Allowed) -> Result<Vec<Python>, String> {
    let wanted: Wanted = name.parse()?;
    let pick = |is_allowed: fn(&&Python) -> bool| -> Vec<Python> {
        let pythons: Vec<&Python> = found.iter().filter(is_allowed).collect();
        let versions: Vec<_> = pythons.iter().map(|python| python.info.version).collect();
        wanted.pick(&versions).into_iter().map(|at| with_argument(found, pythons[at])).collect()
    };
    let mut picked = pick(|python| python.dialect.is_ok());
    if picked.is_empty() && allowed == Allowed::Any {
        picked = pick(|python| python.info.version >= OLDEST);
    }
    if !picked.is_empty() {
        return Ok(picked);
    }
    match found.iter().find(|python| wanted.matches(python.info.version)) {
        Some(Python { path, dialect: Err(why), .. }) => Err(format!("{}: {why}", path.shown())),
        _ => Err(format!("no Python {wanted}was found; `sre pythons` lists those that are")),
    }
}

/// Returns the interpreter, with its version as argument if that is unique.
fn with_argument(found: &[Python], python: &Python) -> Python {
    let version = python.info.version;
    let count = found.iter().filter(|other| other.info.version == version).count();
    let argument = match (count, version) {
        (1, (major, minor, patch)) => format!("{major}.{minor}.{patch}"),
        _ => python.path.to_string_lossy().into_owned(),
    };
    Python { argument, ..python.clone() }
}
