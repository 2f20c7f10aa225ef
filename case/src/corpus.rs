//! Cases in files and folders.

use std::path::{Path, PathBuf};
use std::{fs, io};

use sre_support::files_below;

use crate::case::Case;

/// Returns the case files below a path, in order: the path itself if it is a file, otherwise all
/// files below the folder whose names end in `.case`, except hidden ones. In a folder without such
/// files, as of a fuzzer's corpus, the files without an extension are cases.
///
/// # Errors
/// If a folder cannot be read.
pub fn files(path: &Path) -> io::Result<Vec<PathBuf>> {
    if !fs::metadata(path)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let is_hidden = |file: &PathBuf| {
        let below = file.strip_prefix(path).unwrap_or(file);
        below.iter().any(|name| name.as_encoded_bytes().starts_with(b"."))
    };
    let all = files_below(path)?.into_iter().filter(|file| !is_hidden(file));
    let (cases, others): (Vec<_>, Vec<_>) =
        all.partition(|file| file.extension().is_some_and(|extension| extension == "case"));
    if cases.is_empty() {
        return Ok(others.into_iter().filter(|file| file.extension().is_none()).collect());
    }
    Ok(cases)
}

/// Reads a case file.
///
/// # Errors
/// If it cannot be read or is not a case file.
pub fn read(file: &Path) -> io::Result<Case> {
    Case::parse(&fs::read(file)?).map_err(|why| io::Error::new(io::ErrorKind::InvalidData, why))
}

/// Reads a file that [`files`] returned for a path. Files of a fuzzer's corpus are decoded, whatever
/// they contain.
///
/// # Errors
/// Those of [`read`].
pub fn read_of(path: &Path, file: &Path) -> io::Result<Case> {
    match file == path || file.extension().is_some() {
        true => read(file),
        false => Ok(Case::decode(&fs::read(file)?)),
    }
}
