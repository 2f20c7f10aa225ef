//! Locks between processes, for files that only one of them may change at a time.
//!
//! A file that is replaced by renaming cannot be locked itself, since a waiting process would get the
//! lock of the old file. Instead, a file beside it is locked, which exists while the lock is held. If
//! a killed process leaves that file behind, it is not locked, and the next process uses it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use crate::atomic_file;

/// A lock that is held. Dropping it releases the lock and removes its file.
#[derive(Debug)]
pub struct Lock {
    file: File,
    path: PathBuf,
    keep: bool,
}

/// Returns the lock file for a file or folder, beside the target of symbolic links.
///
/// # Errors
/// If the path cannot be resolved.
pub fn beside(path: &Path) -> io::Result<PathBuf> {
    let file = match fs::canonicalize(path) {
        Ok(file) => file,
        Err(_) => atomic_file::regular_file(path)?.unwrap_or_else(|| path.to_owned()),
    };
    let mut name = file.into_os_string();
    name.push(".lock");
    Ok(name.into())
}

impl Lock {
    /// Takes the lock with a lock file; `None` if another process holds it.
    ///
    /// # Errors
    /// If the file cannot be created.
    pub fn try_take(path: &Path) -> io::Result<Option<Lock>> {
        loop {
            let file = open(path)?;
            match file.try_lock() {
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) => ignore_unsupported(error)?,
                Ok(()) => {}
            }
            if is_at(&file, path) {
                return Ok(Some(Lock { file, path: path.to_owned(), keep: false }));
            }
        }
    }

    /// Takes the lock with a lock file. If another process holds it, calls `waiting` and waits.
    ///
    /// # Errors
    /// If the file cannot be created.
    pub fn take(path: &Path, waiting: impl FnOnce()) -> io::Result<Lock> {
        if let Some(lock) = Lock::try_take(path)? {
            return Ok(lock);
        }
        waiting();
        loop {
            let file = open(path)?;
            file.lock().or_else(ignore_unsupported)?;
            if is_at(&file, path) {
                return Ok(Lock { file, path: path.to_owned(), keep: false });
            }
        }
    }

    /// Returns the lock file, which may have contents.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Does not remove the file when the lock is released.
    pub fn keep_file(&mut self) {
        self.keep = true;
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Removed while still locked, so that it is not the file of another process.
        if !self.keep {
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)
}

/// Ignores that some network file systems have no locks. There, users must not start two runs.
fn ignore_unsupported(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::Unsupported { Ok(()) } else { Err(error) }
}

/// Returns whether a file still has its name: the previous holder of the lock may have removed it.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), fs::metadata(path)) {
        (Ok(own), Ok(named)) => (own.dev(), own.ino()) == (named.dev(), named.ino()),
        _ => false,
    }
}

/// On other systems, an open file cannot be removed.
#[cfg(not(unix))]
fn is_at(_file: &File, _path: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use super::*;

    #[test]
    fn one_thread_at_a_time_holds_a_lock_and_no_file_remains() {
        let folder = tempfile::tempdir().unwrap();
        let path = beside(&folder.path().join("state")).unwrap();
        let (inside, times) = (AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..50 {
                        let _lock = Lock::take(&path, || ()).unwrap();
                        assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                        thread::yield_now();
                        inside.fetch_sub(1, Ordering::SeqCst);
                        times.fetch_add(1, Ordering::SeqCst);
                    }
                });
            }
        });
        assert_eq!(times.into_inner(), 400);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_held_lock_is_not_taken_but_a_leftover_file_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.lock");
        fs::write(&path, "left by a run that was killed").unwrap();
        let mut lock = Lock::try_take(&path).unwrap().expect("nobody has it");
        assert!(Lock::try_take(&path).unwrap().is_none());
        lock.keep_file();
        drop(lock);
        assert!(path.exists());
        drop(Lock::try_take(&path).unwrap().expect("it was released"));
        assert!(!path.exists());
        assert!(Lock::try_take(&folder.path().join("missing/a.lock")).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn two_names_of_a_file_have_one_lock() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("state");
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("state", &link).unwrap();
        assert_eq!(beside(&link).unwrap().file_name(), beside(&file).unwrap().file_name());
        fs::write(&file, "").unwrap();
        assert_eq!(beside(&link).unwrap(), beside(&file).unwrap());
    }
}
