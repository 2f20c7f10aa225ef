//! Where interpreters are searched for.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::{env, fs};

use sre_support::variable;

use super::Failure;

/// An executable that may be an interpreter.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) path: PathBuf,
    /// Whether it comes from `SRE_PYTHONS`.
    pub(super) is_listed: bool,
}

/// Returns all candidates, each file once, and the entries of `SRE_PYTHONS` without one.
pub(super) fn all() -> (Vec<Candidate>, Vec<Failure>) {
    let (listed, failures) = listed();
    let found = usual_places().into_iter().map(|path| Candidate { path, is_listed: false });
    let listed = listed.into_iter().map(|path| Candidate { path, is_listed: true });
    // Several links to one file are started once.
    let mut files = BTreeMap::new();
    for candidate in listed.chain(found) {
        let file = fs::canonicalize(&candidate.path).unwrap_or_else(|_| candidate.path.clone());
        files.entry(file).or_insert(candidate);
    }
    (files.into_values().collect(), failures)
}

fn usual_places() -> Vec<PathBuf> {
    let home = variable("HOME").map(PathBuf::from);
    let under_home = |path: &str| home.as_ref().map(|home| home.join(path));
    let folder = |name: &str| variable(name).map(PathBuf::from);
    let pyenv = folder("PYENV_ROOT").or_else(|| under_home(".pyenv"));
    // Shims are slow scripts that start the interpreters of pyenv's `versions`.
    let shims = pyenv.as_ref().map(|root| root.join("shims"));
    let mut candidates = Vec::new();
    for folder in paths_of("PATH") {
        if shims.as_ref() != Some(&folder) {
            candidates.extend(pythons_in(&folder));
        }
    }
    if let Some(root) = pyenv {
        candidates.extend(installations_in(&root.join("versions")));
    }
    let data =
        || folder("XDG_DATA_HOME").or_else(|| under_home(".local/share")).map(|data| data.join("uv/python"));
    if let Some(root) = folder("UV_PYTHON_INSTALL_DIR").or_else(data) {
        candidates.extend(installations_in(&root));
    }
    candidates
}

/// Returns the candidates that `SRE_PYTHONS` lists.
fn listed() -> (Vec<PathBuf>, Vec<Failure>) {
    let (mut candidates, mut failures) = (Vec::new(), Vec::new());
    for path in paths_of("SRE_PYTHONS") {
        if !path.is_dir() {
            candidates.push(path);
            continue;
        }
        let before = candidates.len();
        candidates.extend(pythons_in(&path));
        candidates.extend(installation(&path));
        candidates.extend(installations_in(&path));
        if candidates.len() == before {
            let why = "contains no python3, python3.X, bin/python3 or bin/python".to_owned();
            failures.push(Failure { path, why, is_listed: true });
        }
    }
    (candidates, failures)
}

fn paths_of(variable: &str) -> Vec<PathBuf> {
    let paths: OsString = env::var_os(variable).unwrap_or_default();
    env::split_paths(&paths).filter(|path| !path.as_os_str().is_empty()).collect()
}

/// Returns `python3` and `python3.X` in a folder.
fn pythons_in(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let is_python = |name: &str| {
        let minor = name.strip_prefix("python3")?;
        let digits = minor.strip_prefix('.').filter(|digits| !digits.is_empty());
        let named =
            minor.is_empty() || digits.is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
        named.then_some(())
    };
    let entries = entries.flatten();
    let pythons = entries.filter(|entry| entry.file_name().to_str().and_then(is_python).is_some());
    pythons.map(|entry| entry.path()).filter(|path| path.is_file()).collect()
}

fn installation(prefix: &Path) -> Option<PathBuf> {
    let names = ["bin/python3", "bin/python"];
    names.iter().map(|name| prefix.join(name)).find(|path| path.is_file())
}

fn installations_in(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    entries.flatten().filter_map(|entry| installation(&entry.path())).collect()
}
