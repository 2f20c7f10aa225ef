//! The folder that makes every Python of the program record, and that receives their reports.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// The program that Python runs at its start, named `sitecustomize.py`.
const HOOK: &str = include_str!("../../python/record.py");

/// The folder, which is removed when this is dropped.
#[derive(Debug)]
pub(super) struct Hook(TempDir);

impl Hook {
    pub(super) fn new() -> io::Result<Hook> {
        let folder = tempfile::Builder::new().prefix("sre-record-").tempdir()?;
        fs::write(folder.path().join("sitecustomize.py"), HOOK)?;
        let failed = folder.path().join("failed");
        fs::create_dir(&failed)?;
        fs::write(failed.join("none"), "")?;
        #[cfg(unix)]
        {
            // A program that drops its privileges can no longer record, but has to be able to report it.
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755))?;
            fs::set_permissions(&failed, fs::Permissions::from_mode(0o1733))?;
        }
        Ok(Hook(folder))
    }

    /// Returns the folder.
    pub(super) fn folder(&self) -> &Path {
        self.0.path()
    }

    /// Returns `PYTHONPATH` with the folder in front.
    pub(super) fn python_path(&self) -> io::Result<OsString> {
        let before = env::var_os("PYTHONPATH").unwrap_or_default();
        let rest = env::split_paths(&before).filter(|_| !before.is_empty());
        env::join_paths([PathBuf::from(self.folder())].into_iter().chain(rest)).map_err(io::Error::other)
    }

    /// Returns whether a process started to record.
    pub(super) fn was_run(&self) -> bool {
        self.folder().join("started").exists()
    }

    /// Returns why processes could not record what they compiled, each reason once.
    pub(super) fn failures(&self) -> Vec<String> {
        let mut failures = Vec::new();
        let mut untouched = false;
        for entry in fs::read_dir(self.folder().join("failed")).into_iter().flatten().flatten() {
            match fs::read_link(entry.path()) {
                Ok(why) => failures.push(why.to_string_lossy().chars().filter(|c| !c.is_control()).collect()),
                Err(_) => untouched |= entry.file_name() == "none",
            }
        }
        if !untouched {
            failures.push("a process could not say why".to_owned());
        }
        failures.sort();
        failures
    }
}
