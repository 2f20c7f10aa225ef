//! Checks that the files of the linked interpreter's library are those that the build found.
//!
//! `re` is part of that library. With the `re` of another version, even of another patch level, the
//! interpreter would give outcomes that no CPython gives.

use std::path::Path;
use std::sync::OnceLock;
use std::{env, fs, io};

use pyo3::prelude::*;
use sre_support::fnv::fnv1a;

/// The interpreter that the build links.
#[derive(Clone, Copy, Debug)]
pub(super) struct Interpreter {
    /// `sys.version`, which `Py_GetVersion` returns.
    pub(super) version: &'static str,
    /// Its home, as PYTHONHOME would name it.
    pub(super) home: &'static str,
    /// Its executable.
    pub(super) executable: &'static str,
    /// The files of its library that oracle.py loads.
    pub(super) files: &'static [File],
}

/// A module of the library.
#[derive(Clone, Copy, Debug)]
pub(super) struct File {
    module: &'static str,
    path: &'static str,
    /// FNV-1a of the contents.
    hash: u64,
}

/// `None` if the build found no executable.
pub(super) const LINKED: Option<Interpreter> = include!(concat!(env!("OUT_DIR"), "/interpreter.rs"));

/// The folder beside a program that holds its interpreter, laid out like the home of one.
const SHIPPED: &str = "python";

/// Returns the interpreter of the build where it is: installed, or shipped with the program.
///
/// A program that is moved to machines without this Python, as those of OSS-Fuzz, brings it along.
pub(super) fn found() -> Option<Interpreter> {
    static FOUND: OnceLock<Option<Interpreter>> = OnceLock::new();
    *FOUND.get_or_init(|| {
        let linked = LINKED?;
        let beside = env::current_exe().ok().map(|program| program.with_file_name(SHIPPED));
        match beside.filter(|folder| folder.join("lib").is_dir()) {
            Some(folder) => Some(linked.moved_to(&folder)),
            None => Some(linked),
        }
    })
}

impl Interpreter {
    /// Returns the same interpreter with its home in another folder. It is kept for the life of the
    /// process.
    fn moved_to(self, folder: &Path) -> Interpreter {
        // PYTHONHOME may name two folders.
        let home = Path::new(self.home.split(':').next().unwrap_or_default());
        let moved = |path: &'static str| match Path::new(path).strip_prefix(home) {
            Ok(inside) => leaked(&folder.join(inside)),
            Err(_) => path,
        };
        let files = self.files.iter().map(|file| File { path: moved(file.path), ..*file });
        let files: Vec<File> = files.collect();
        Interpreter { home: leaked(folder), files: files.leak(), ..self }
    }
}

fn leaked(path: &Path) -> &'static str {
    path.to_string_lossy().into_owned().leak()
}

/// Returns an error if a file has changed since this program was built. The interpreter need not run.
pub(super) fn check_files(files: &[File]) -> Result<(), String> {
    for File { path, hash, .. } in files {
        let bytes = fs::read(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => format!("{path} is missing"),
            _ => format!("{path}: {error}"),
        })?;
        if fnv1a(bytes) != *hash {
            return Err(format!("{path} has changed since this program was built; rebuild it"));
        }
    }
    Ok(())
}

/// Returns an error if a module was loaded from another file than in the build.
pub(super) fn check_modules(py: Python<'_>, files: &[File]) -> Result<(), String> {
    let modules = || py.import("sys")?.getattr("modules");
    let modules = modules().map_err(|error| error.to_string())?;
    for File { module, path, .. } in files {
        // Some modules are only loaded under certain settings.
        let Ok(loaded) = modules.get_item(module) else { continue };
        let file = loaded.getattr("__file__").and_then(|file| file.extract::<String>());
        let file = file.map_err(|error| format!("the module {module}: {error}"))?;
        if file != *path && !is_same(&file, path) {
            return Err(format!("the module {module} was loaded from {file}, not from {path}"));
        }
    }
    Ok(())
}

fn is_same(one: &str, other: &str) -> bool {
    let canonical = |path: &str| fs::canonicalize(Path::new(path)).ok();
    canonical(one).is_some_and(|one| Some(one) == canonical(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_missing_or_of_another_version_is_an_error() {
        let linked = LINKED.expect("the build knows its interpreter");
        assert!(linked.files.iter().any(|file| file.path.ends_with("enum.py")), "{linked:?}");
        assert_eq!(check_files(linked.files), Ok(()));
        let folder = tempfile::tempdir().expect("a folder");
        let path: &'static str = folder.path().join("_parser.py").to_string_lossy().into_owned().leak();
        let files = [File { module: "re._parser", path, hash: fnv1a(*b"VERSION = 3, 11, 7") }];
        assert_eq!(check_files(&files), Err(format!("{path} is missing")));
        fs::write(path, "VERSION = 3, 11, 7").expect("it is written");
        assert_eq!(check_files(&files), Ok(()));
        fs::write(path, "VERSION = 3, 11, 2").expect("it is written");
        assert!(check_files(&files).is_err_and(|why| why.contains("has changed")));
    }

    #[test]
    fn a_moved_interpreter_has_its_files_in_the_other_folder() {
        let linked = LINKED.expect("the build knows its interpreter");
        let moved = linked.moved_to(Path::new("/elsewhere/python"));
        assert_eq!((moved.home, moved.version), ("/elsewhere/python", linked.version));
        let inside = |file: &File| file.path.starts_with("/elsewhere/python/lib");
        assert!(moved.files.iter().any(|file| inside(file) && file.path.ends_with("enum.py")), "{moved:?}");
        assert!(check_files(moved.files).is_err_and(|why| why.contains("is missing")));
    }

    #[test]
    fn a_module_from_elsewhere_is_an_error() {
        crate::Embedded::new().expect("it starts");
        let files = [File { module: "enum", path: "/elsewhere/enum.py", hash: 0 }];
        let checked = Python::attach(|py| check_modules(py, &files));
        assert!(checked.is_err_and(|why| why.contains("the module enum was loaded from")));
    }
}
