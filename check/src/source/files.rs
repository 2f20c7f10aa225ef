//! The Python files of a folder.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::Unreadable;

/// The largest file that is looked into, in bytes.
pub const LARGEST: u64 = 16 << 20;

/// What [`files`] comes upon.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Entry {
    /// A file of Python, or the file that was asked for.
    File(PathBuf),
    /// What cannot be checked.
    Unreadable(PathBuf, Unreadable),
}

/// The files at a path: itself, or the `.py` and `.pyi` files below a folder, by name. Links to
/// folders below it are not followed, so that this ends.
///
/// A folder without any file is one entry, which says so.
pub fn files(path: &Path) -> impl Iterator<Item = Entry> {
    let mut ahead = vec![(path.to_owned(), path.is_dir())];
    let mut empty = path.is_dir().then(|| path.to_owned());
    std::iter::from_fn(move || {
        while let Some((path, is_dir)) = ahead.pop() {
            if !is_dir {
                empty = None;
                return Some(Entry::File(path));
            }
            match below(&path) {
                Ok(entries) => ahead.extend(entries.into_iter().rev()),
                Err(error) => {
                    empty = None;
                    return Some(Entry::Unreadable(path, Unreadable::Io(error.to_string())));
                }
            }
        }
        empty.take().map(|path| Entry::Unreadable(path, Unreadable::NoFiles))
    })
}

/// The folders and Python files in a folder, by name.
fn below(folder: &Path) -> io::Result<Vec<(PathBuf, bool)>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let is_dir = entry.file_type()?.is_dir();
        let path = entry.path();
        let is_python = path.extension().is_some_and(|extension| extension == "py" || extension == "pyi");
        // A pipe or a device could be waited for, or read, for ever.
        if is_dir || is_python && fs::metadata(&path).is_ok_and(|metadata| metadata.is_file()) {
            entries.push((path, is_dir));
        }
    }
    entries.sort();
    Ok(entries)
}

/// Reads a file, unless it is too large.
///
/// # Errors
/// If it is, or cannot be read.
pub fn read(path: &Path) -> Result<Vec<u8>, Unreadable> {
    let failed = |error: io::Error| Unreadable::Io(error.to_string());
    let file = File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > LARGEST { Err(Unreadable::TooLarge) } else { Ok(bytes) }
}
