//! Files that are written whole, or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

/// Writes a file, in the place of an old one if there is one.
///
/// # Errors
/// If it cannot be written; then the old one is as it was.
pub fn write(file: &Path, bytes: &[u8]) -> io::Result<()> {
    beside(file, bytes)?.persist(file)?;
    Ok(())
}

/// Writes a file that must not be there yet, and the folder that it is to be in.
///
/// # Errors
/// If it is there, or cannot be written.
pub fn create(file: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::create_dir_all(folder_of(file))?;
    beside(file, bytes)?.persist_noclobber(file)?;
    Ok(())
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."))
}

/// A temporary file next to where the bytes are to go: only there can it be renamed into its place.
fn beside(file: &Path, bytes: &[u8]) -> io::Result<NamedTempFile<File>> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        // What is written here is no secret; the user's mask applies.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut written = builder.prefix(".sre-").tempfile_in(folder_of(file))?;
    written.write_all(bytes)?;
    written.as_file().sync_all()?;
    Ok(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_by_write_and_never_by_create() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("new/a.case");
        create(&file, b"first").unwrap();
        assert_eq!(create(&file, b"second").unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&file).unwrap(), b"first");
        write(&file, b"third").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"third");
        assert!(write(&folder.path().join("missing/a"), b"").is_err());
        let left: Vec<_> = fs::read_dir(folder.path().join("new")).unwrap().collect();
        assert_eq!(left.len(), 1);
    }
}
