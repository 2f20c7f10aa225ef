//! Finding interpreters.

use std::cell::LazyCell;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{env, fs, thread};

use serde::Deserialize;
use sre_compiler::Dialect;

use crate::child::Child;
use crate::interpreter::Unsupported;
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

/// What a Python says of itself. In words that every Python has, for those too old to be compared with are
/// listed, too.
const PROBE: &str = r#"
import json, os, sys, unicodedata
from _sre import MAGIC
print(json.dumps({"executable": os.path.realpath(sys.executable), "hello": {"version": sys.version_info[:3],
    "level": sys.version_info[3], "magic": MAGIC, "unidata": unicodedata.unidata_version,
    "implementation": sys.implementation.name,
    "digits": getattr(sys, "get_int_max_str_digits", lambda: None)()}}))
"#;

#[derive(Deserialize)]
struct Probed {
    executable: PathBuf,
    hello: Hello,
}

/// Every interpreter on this machine that is found, by version: `python3` and `python3.X` on the PATH, those of
/// pyenv and uv, and what `SRE_PYTHONS` lists, executables or folders, separated as in PATH. Each executable once.
pub fn find() -> Vec<Python> {
    let mut candidates: Vec<PathBuf> = candidates();
    // Names that are links to one file need one start.
    candidates.sort_by_key(|path| fs::canonicalize(path).unwrap_or_else(|_| path.clone()));
    candidates.dedup_by_key(|path| fs::canonicalize(&*path).unwrap_or_else(|_| path.clone()));
    let mut found = BTreeMap::new();
    thread::scope(|scope| {
        let probes: Vec<_> = candidates.iter().map(|path| scope.spawn(|| probe(path).ok())).collect();
        for python in probes.into_iter().filter_map(|probe| probe.join().ok().flatten()) {
            found.insert((python.hello.version, python.path.clone()), python);
        }
    });
    found.into_values().collect()
}

/// Asks an executable which Python it is.
///
/// # Errors
/// Says why it gives no answer.
pub fn probe(path: &Path) -> Result<Python, String> {
    let mut child = Child::start(path, PROBE).map_err(|error| error.to_string())?;
    let line = child.receive(Duration::from_secs(20))?;
    let Probed { executable, hello } = serde_json::from_slice(&line).map_err(|error| error.to_string())?;
    let dialect = hello.dialect();
    Ok(Python { path: executable, hello, dialect })
}

fn candidates() -> Vec<PathBuf> {
    let home = env::var_os("HOME").map(PathBuf::from);
    let under_home = |path: &str| home.as_ref().map(|home| home.join(path));
    let folder = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let paths = |name: &str| env::var_os(name).unwrap_or_default();
    let pyenv = folder("PYENV_ROOT").or_else(|| under_home(".pyenv"));
    // Scripts that start, slowly, what is in pyenv's other folder.
    let shims = pyenv.as_ref().map(|root| root.join("shims"));
    let mut candidates = Vec::new();
    for folder in split_paths(&paths("PATH")) {
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
    for path in split_paths(&paths("SRE_PYTHONS")) {
        if path.is_dir() {
            candidates.extend(pythons_in(&path));
            candidates.extend(installation(&path));
            candidates.extend(installations_in(&path));
        } else {
            candidates.push(path);
        }
    }
    candidates
}

fn split_paths(paths: &OsString) -> Vec<PathBuf> {
    env::split_paths(paths).filter(|path| !path.as_os_str().is_empty()).collect()
}

/// `python3` and `python3.X` in a folder.
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

/// Picks from those on this machine: `all`, a version as `3.13.0`, a minor version as `3.13` (its newest patch level
/// found), `3` (the newest of all), or the path of an executable. Where only paths are asked for, no other is looked for.
///
/// # Errors
/// Says what there is none of, or why it is not supported.
pub fn select(wanted: &[String]) -> Result<Vec<Python>, String> {
    let found = LazyCell::new(find);
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
            Some(Python { path, dialect: Err(why), .. }) => Err(format!("{}: {why}", path.display())),
            _ => Err(format!("no Python {name} was found; `sre pythons` lists those that are")),
        },
    }
}
