//! Cases in files and folders.

use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::case::Case;

/// The case files under a path, in order: the path itself if it is a file, else every file of the
/// folder and those below whose name ends in `.case`. A folder without any is taken for a fuzzer's,
/// whose files have no extension.
///
/// # Errors
/// If a folder cannot be read.
pub fn files(path: &Path) -> io::Result<Vec<PathBuf>> {
    if !fs::metadata(path)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut all = Vec::new();
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
            match entry.file_type()? {
                _ if hidden => {}
                kind if kind.is_dir() => folders.push(entry.path()),
                kind if kind.is_file() => all.push(entry.path()),
                _ => {}
            }
        }
    }
    all.sort();
    let (cases, others): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|file| file.extension().is_some_and(|extension| extension == "case"));
    if cases.is_empty() {
        return Ok(others.into_iter().filter(|file| file.extension().is_none()).collect());
    }
    Ok(cases)
}

/// Reads a case file.
///
/// # Errors
/// If it cannot be read, or is no case file.
pub fn read(file: &Path) -> io::Result<Case> {
    Case::parse(&fs::read(file)?).map_err(|why| io::Error::new(io::ErrorKind::InvalidData, why))
}

/// Reads a file that [`files`] gave for a path: of a fuzzer's folder, whatever is in it is some
/// case.
///
/// # Errors
/// As [`read`].
pub fn read_of(path: &Path, file: &Path) -> io::Result<Case> {
    match file == path || file.extension().is_some() {
        true => read(file),
        false => Ok(Case::decode(&fs::read(file)?)),
    }
}
