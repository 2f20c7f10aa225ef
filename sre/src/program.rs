//! The command that starts this program, for command lines to paste.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use sre_oracle::shell::quote;

/// Returns the command, quoted for a shell: the name this program was started by, if the shell
/// finds the same program by it, otherwise its path.
pub(crate) fn this_program() -> String {
    let name = env::args_os().next().unwrap_or_default();
    let executable = env::current_exe().ok().filter(|path| path.is_file());
    quote(&command(&name, executable, env::var_os("PATH").as_deref()))
}

fn command(name: &OsStr, executable: Option<PathBuf>, search: Option<&OsStr>) -> String {
    let shown = |path: &Path| path.to_string_lossy().into_owned();
    let Some(executable) = executable else {
        // The executable was replaced or removed since the start: use the name that was typed.
        return std::path::absolute(name).map_or_else(|_| shown(Path::new(name)), |path| shown(&path));
    };
    let is_bare = Path::new(name).components().count() == 1 && !shown(Path::new(name)).contains(['/', '\\']);
    let found = search.filter(|_| is_bare).and_then(|search| first_on_path(name, search));
    let same = |found: PathBuf| found.canonicalize().ok() == executable.canonicalize().ok();
    if found.is_some_and(same) { shown(Path::new(name)) } else { shown(&executable) }
}

/// Returns the program that a shell starts by that name.
fn first_on_path(name: &OsStr, search: &OsStr) -> Option<PathBuf> {
    env::split_paths(search).map(|folder| folder.join(name)).find(|path| is_executable(path))
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(path: &Path) -> bool {
    path.is_file()
}
