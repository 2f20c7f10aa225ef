//! Walking folders.

use std::io;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

/// Returns the files below a folder, in order; for a file, only that file.
///
/// Symbolic links to files count as files; links to folders are not followed.
///
/// # Errors
/// If the path does not exist, or a folder cannot be read.
pub fn files_below(path: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in WalkDir::new(path) {
        let entry = entry.map_err(io::Error::from)?;
        let kind = entry.file_type();
        if kind.is_file() || kind.is_symlink() && entry.path().is_file() {
            files.push(entry.into_path());
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn files_are_listed_in_order_and_links_to_folders_are_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir_all(at("a/b")).unwrap();
        for name in ["c", "a/b/d", "a/e", ".f"] {
            fs::write(at(name), "").unwrap();
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("..", at("a/up")).unwrap();
            std::os::unix::fs::symlink("missing", at("broken")).unwrap();
        }
        assert_eq!(files_below(folder.path()).unwrap(), [".f", "a/b/d", "a/e", "c"].map(at));
        assert_eq!(files_below(&at("c")).unwrap(), [at("c")]);
        assert!(files_below(&at("missing")).is_err());
    }
}
