//! Looking up a program by its name, as a shell does.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use sre_support::visible::Shown;

/// Returns the arguments of `python`. A name that is not a file, but that of a Python script on the
/// PATH, is replaced by the path of the script.
///
/// # Errors
/// If there is neither, or the program on the PATH is not a Python script. The message says what to
/// try instead.
pub(crate) fn resolve(arguments: &[OsString]) -> Result<Vec<OsString>, String> {
    let path = env::var_os("PATH").unwrap_or_default();
    resolve_on(&path, arguments)
}

fn resolve_on(path: &OsStr, arguments: &[OsString]) -> Result<Vec<OsString>, String> {
    let Some((name, rest)) = arguments.split_first() else { return Ok(Vec::new()) };
    let bytes = name.as_encoded_bytes();
    // Options, and paths, which a shell does not look up.
    if bytes.is_empty() || bytes.starts_with(b"-") || Path::new(name).exists() || bytes.contains(&b'/') {
        return Ok(arguments.to_vec());
    }
    match env::split_paths(path).map(|folder| folder.join(name)).find(|file| is_executable(file)) {
        Some(file) if is_python(&file) => {
            Ok([file.into_os_string()].into_iter().chain(rest.iter().cloned()).collect())
        }
        Some(file) => Err(format!("{} is not a Python script{}", file.shown(), module(name))),
        None => Err(format!(
            "{}: no such file here, and no such program on the PATH{}",
            name.shown(),
            module(name)
        )),
    }
}

/// Many programs are modules, too: `pytest`, `black`.
fn module(name: &OsStr) -> String {
    let is_name = |name: &&str| {
        name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && !name.starts_with(|c: char| c.is_ascii_digit())
    };
    let name = name.to_str().filter(is_name);
    name.map(|name| format!("; if it is a module: sre record -- -m {name}")).unwrap_or_default()
}

#[cfg(unix)]
fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(file: &Path) -> bool {
    file.is_file()
}

/// Returns whether the first line names a Python. Of an interpreter whose path is long or has a
/// space, pip writes a script of the shell's that starts Python in the second line.
fn is_python(file: &Path) -> bool {
    let Ok(file) = File::open(file) else { return false };
    let mut lines = BufReader::new(file.take(4096)).split(b'\n');
    let mut next = || lines.next().and_then(Result::ok).unwrap_or_default();
    let (first, second) = (next(), next());
    let names_python = |line: &[u8]| line.windows(6).any(|word| word == b"python");
    first.starts_with(b"#!")
        && (names_python(&first) || second.starts_with(b"'''exec'") && names_python(&second))
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn words(words: &[&str]) -> Vec<OsString> {
        words.iter().map(OsString::from).collect()
    }

    #[test]
    fn a_name_is_looked_up_as_a_shell_does() {
        let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let program = |folder: &tempfile::TempDir, name: &str, text: &str, mode| {
            let file = folder.path().join(name);
            fs::write(&file, text).unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            file.into_os_string()
        };
        program(&first, "tool", "#!/usr/bin/python3\n", 0o644);
        let tool = program(&second, "tool", "#!/usr/bin/env python3\n", 0o755);
        let long =
            program(&second, "long", "#!/bin/sh\n'''exec' \"/a b/bin/python\" \"$0\" \"$@\"\n' '''\n", 0o755);
        let shell = program(&first, "shell", "#!/bin/sh\nexec python3\n", 0o755);
        program(&second, "shell", "#!/usr/bin/python3\n", 0o755);
        let path = env::join_paths([first.path(), second.path()]).unwrap();
        let resolved = |arguments: &[&str]| resolve_on(&path, &words(arguments));
        assert_eq!(resolved(&["tool", "-x", "tool"]), Ok([vec![tool], words(&["-x", "tool"])].concat()));
        assert_eq!(resolved(&["long"]), Ok(vec![long]));
        let expected =
            format!("{} is not a Python script; if it is a module: sre record -- -m shell", shell.shown());
        assert_eq!(resolved(&["shell"]), Err(expected));
        let missing = resolved(&["no\x1bne"]).unwrap_err();
        assert_eq!(missing, "no\\x1bne: no such file here, and no such program on the PATH");
        for unchanged in [&["-m", "tool"][..], &["./tool"], &["Cargo.toml"], &[]] {
            assert_eq!(resolved(unchanged), Ok(words(unchanged)));
        }
    }
}
