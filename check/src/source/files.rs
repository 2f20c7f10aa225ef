//! The Python files of a project.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use globset::{Glob, GlobSet, GlobSetBuilder};
use ignore::WalkBuilder;

use super::Unreadable;

/// The size of the largest file that is checked, in bytes.
pub const LARGEST: u64 = 16 << 20;

/// Folders that are not searched unless the user replaces this list. They hold what other programs
/// write, and the code of others.
pub const EXCLUDED: [&str; 27] = [
    ".bzr",
    ".direnv",
    ".eggs",
    ".git",
    ".git-rewrite",
    ".hg",
    ".ipynb_checkpoints",
    ".mypy_cache",
    ".nox",
    ".pants.d",
    ".pyenv",
    ".pytest_cache",
    ".pytype",
    ".ruff_cache",
    ".svn",
    ".tox",
    ".venv",
    ".vscode",
    "__pypackages__",
    "_build",
    "buck-out",
    "build",
    "dist",
    "env",
    "node_modules",
    "site-packages",
    "venv",
];

/// Something at the path that was given, or below it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Entry {
    /// A Python file, or the file that was given.
    File(PathBuf),
    /// A file or folder that cannot be checked.
    Unreadable(PathBuf, Unreadable),
}

/// Which files below a folder are checked.
#[derive(Clone, Debug)]
pub struct Selection {
    /// The folder that patterns with a `/` are relative to.
    root: PathBuf,
    /// Patterns for names of files and folders.
    of_names: GlobSet,
    /// Patterns for paths.
    of_paths: GlobSet,
    /// Whether `.gitignore` counts.
    gitignore: bool,
    /// Whether files are excluded that are given by name.
    force: bool,
}

impl Selection {
    /// Creates a selection without the files that match one of the patterns, as they are written in
    /// `.gitignore`: a pattern without `/` is for names, and one with `/` for paths relative to
    /// `root`.
    ///
    /// # Errors
    /// Says which pattern is wrong.
    pub fn new<'p>(
        root: &Path,
        patterns: impl IntoIterator<Item = &'p str>,
        gitignore: bool,
        force: bool,
    ) -> Result<Selection, String> {
        let (mut names, mut paths) = (GlobSetBuilder::new(), GlobSetBuilder::new());
        for pattern in patterns {
            let text = pattern.trim_end_matches('/');
            let text = text.strip_prefix("./").or_else(|| text.strip_prefix('/')).unwrap_or(text);
            let glob = |text: &str| Glob::new(text).map_err(|why| format!("exclude {pattern:?}: {why}"));
            if pattern.trim_end_matches('/').contains('/') {
                paths.add(glob(text)?);
            } else {
                names.add(glob(text)?);
            }
        }
        let built = |set: &GlobSetBuilder| set.build().map_err(|why| why.to_string());
        let root = std::path::absolute(root).unwrap_or_else(|_| root.to_owned());
        Ok(Selection { root, of_names: built(&names)?, of_paths: built(&paths)?, gitignore, force })
    }

    /// Returns whether a file or folder is excluded by its own name or path.
    fn excludes(&self, path: &Path) -> bool {
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        path.file_name().is_some_and(|name| self.of_names.is_match(name))
            || absolute.strip_prefix(&self.root).is_ok_and(|relative| self.of_paths.is_match(relative))
    }

    /// Returns whether a file, or a folder around it below the root, matches one of the patterns.
    pub(crate) fn names(&self, path: &Path) -> bool {
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let mut below = absolute.ancestors().take_while(|ancestor| *ancestor != self.root);
        below.any(|ancestor| self.excludes(ancestor))
    }

    /// Returns whether a file that is given by name is excluded, or a folder around it.
    fn excludes_given(&self, path: &Path) -> bool {
        self.force && self.names(path)
    }

    /// Returns the files at a path: the path itself, or the `.py` and `.pyi` files below a folder,
    /// sorted by name. Hidden files and folders are skipped. Links to folders are not followed.
    ///
    /// A folder without files is one entry, which says so.
    pub fn files<'s>(&'s self, path: &'s Path) -> Box<dyn Iterator<Item = Entry> + 's> {
        if !path.is_dir() {
            let excluded = self.excludes_given(path);
            return Box::new((!excluded).then(|| Entry::File(path.to_owned())).into_iter());
        }
        let mut walk = WalkBuilder::new(path);
        walk.ignore(false)
            .git_ignore(self.gitignore)
            .git_global(self.gitignore)
            .git_exclude(self.gitignore)
            .parents(self.gitignore)
            .require_git(false)
            .sort_by_file_name(std::ffi::OsStr::cmp);
        let (selection, root) = (self.clone(), path.to_owned());
        walk.filter_entry(move |entry| entry.path() == root || !selection.excludes(entry.path()));
        let mut empty = Some(path);
        let entries = walk.build().filter_map(|entry| match entry {
            Ok(entry) => is_python(&entry).then(|| Entry::File(below_here(entry.into_path()))),
            Err(error) => {
                let at = path_of(&error).unwrap_or(path).to_owned();
                Some(Entry::Unreadable(at, Unreadable::Io(text_of(&error))))
            }
        });
        let mut entries = entries.fuse();
        Box::new(std::iter::from_fn(move || match entries.next() {
            Some(entry) => {
                empty = None;
                Some(entry)
            }
            None => empty.take().map(|path| Entry::Unreadable(path.to_owned(), Unreadable::NoFiles)),
        }))
    }
}

/// Returns a path below `.` without the `./`, which tools that read reports do not expect.
fn below_here(path: PathBuf) -> PathBuf {
    path.strip_prefix(".").map(Path::to_owned).unwrap_or(path)
}

/// Returns whether an entry of a folder is a Python file. A pipe or a device could be read for
/// ever.
fn is_python(entry: &ignore::DirEntry) -> bool {
    let path = entry.path();
    let named = path.extension().is_some_and(|extension| extension == "py" || extension == "pyi");
    let is_dir = entry.file_type().is_some_and(|kind| kind.is_dir());
    named && !is_dir && fs::metadata(path).is_ok_and(|metadata| metadata.is_file())
}

/// Returns the path that an error is about.
fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        _ => None,
    }
}

/// Returns the error without the path.
fn text_of(error: &ignore::Error) -> String {
    error.io_error().map_or_else(|| error.to_string(), ToString::to_string)
}

/// Reads a file, unless it is too large.
///
/// # Errors
/// If it is too large, or cannot be read.
pub fn read(path: &Path) -> Result<Vec<u8>, Unreadable> {
    let file = File::open(path).map_err(|error| Unreadable::Io(error.to_string()))?;
    read_from(file)
}

/// Reads a stream to its end, unless it is too large.
///
/// # Errors
/// If it is too large, or cannot be read.
pub fn read_from(stream: impl Read) -> Result<Vec<u8>, Unreadable> {
    let failed = |error: io::Error| Unreadable::Io(error.to_string());
    let mut bytes = Vec::new();
    stream.take(LARGEST + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > LARGEST { Err(Unreadable::TooLarge) } else { Ok(bytes) }
}
