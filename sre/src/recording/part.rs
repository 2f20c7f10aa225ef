//! The file that collects lines while the program runs.

use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::{fs, io};

use sre_support::atomic_file;
use sre_support::lock::Lock;
use sre_support::visible::Shown;

use super::lines;
use super::lines::Written;

/// For a regular file, it has the name of the output plus `.part`; for a device or a FIFO, it is in
/// a temporary folder.
#[derive(Debug)]
pub(super) struct Part {
    path: PathBuf,
    /// Held for a regular file, so that there is one recording at a time.
    lock: Option<Lock>,
}

impl Part {
    /// Creates the file, empty. The output is not changed.
    pub(super) fn new(file: &Path, temporary: &Path) -> io::Result<Part> {
        let cannot = |error: io::Error| named(&format!("cannot write {}", file.shown()), &error);
        // The program may change its working directory.
        let absolute = std::path::absolute(file).map_err(cannot)?;
        atomic_file::check(&absolute).map_err(cannot)?;
        let Some(target) = atomic_file::regular_file(&absolute).map_err(cannot)? else {
            let path = temporary.join("recorded.jsonl");
            File::create(&path).map_err(|error| named(&format!("cannot write {}", path.shown()), &error))?;
            return Ok(Part { path, lock: None });
        };
        let path = with_part(target.clone());
        let cannot = |error: io::Error| named(&format!("cannot write {}", path.shown()), &error);
        if fs::metadata(&path).is_ok_and(|old| !old.is_file()) {
            return Err(cannot(io::Error::other("it is not a regular file")));
        }
        let Some(lock) = Lock::try_take(&path).map_err(cannot)? else {
            return Err(io::Error::other(format!(
                "{} is being written by another `sre record`; give each its own --output",
                file.shown()
            )));
        };
        lock.file().set_len(0).map_err(cannot)?;
        if let Ok(old) = fs::metadata(&target) {
            // The recording must not be readable by more users than the output.
            lock.file().set_permissions(old.permissions()).map_err(cannot)?;
        }
        Ok(Part { path, lock: Some(lock) })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes the output, and removes this file unless that fails.
    pub(super) fn settle(mut self, file: &Path, keep_old: bool) -> io::Result<Written> {
        lines::settle(&self.path, file, keep_old).map_err(|error| {
            let mut why = format!("cannot write {}: {error}", file.shown());
            if let Some(lock) = self.lock.as_mut().filter(|_| self.path.exists()) {
                lock.keep_file();
                why.push_str(&format!("; what was recorded is in {}", self.path.shown()));
            }
            io::Error::new(error.kind(), why)
        })
    }
}

fn with_part(file: PathBuf) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(".part");
    name.into()
}

pub(super) fn named(what: &str, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{what}: {error}"))
}
