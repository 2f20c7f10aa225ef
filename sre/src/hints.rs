//! Suggestions for probable mistakes in the arguments.

use std::ffi::OsStr;
use std::path::Path;

use sre_case::Case;
use sre_support::visible::Shown;

/// Notes on standard error that a pattern is also the name of a file, with the command that reads
/// the file.
pub(crate) fn pattern_is_a_file(verb: &str, pattern: &OsStr) {
    let path = Path::new(pattern);
    if !path.exists() {
        return;
    }
    if let Some(command) = reading(verb, path) {
        let name = path.shown();
        eprintln!("sre: note: {name} was taken as a pattern, but is also a file; did you mean: {command}");
    }
}

/// Returns the command that applies `verb`, which takes a pattern, to a file instead.
fn reading(verb: &str, path: &Path) -> Option<String> {
    let quoted = quoted(path.as_os_str());
    let has = |extensions: &[&str]| {
        path.extension().is_some_and(|extension| extensions.iter().any(|known| extension == *known))
    };
    match verb {
        "check" if path.is_dir() || has(&["py", "pyi"]) => Some(format!("sre check --source {quoted}")),
        "check" if has(&["jsonl"]) => Some(format!("sre check --jsonl {quoted}")),
        _ if path.is_file() && has(&["case"]) => {
            let case = sre_case::corpus::read(path).ok()?;
            let bytes = if case.is_bytes() { " --bytes" } else { "" };
            let flags = case.flags.bits();
            Some(format!("sre {verb}{bytes} --flags={flags} -- \"$(tail -n +2 {quoted})\""))
        }
        _ => None,
    }
}

/// Returns a suggestion for a file that was given as a case file but is not one.
pub(crate) fn not_a_case(verb: &str, path: &Path) -> Option<String> {
    let quoted = quoted(path.as_os_str());
    let reads_lines = if verb == "corpus test" { "compare" } else { verb };
    let extension = path.extension()?.to_str()?;
    match extension {
        "jsonl" | "json" => Some(format!("did you mean: sre {reads_lines} --jsonl {quoted}")),
        "py" | "pyi" => Some(format!("did you mean: sre check --source {quoted}")),
        _ => None,
    }
}

/// Returns a suggestion for a file that was given as JSON Lines but is not.
pub(crate) fn not_json_lines(path: &Path, content: &[u8]) -> Option<String> {
    let quoted = quoted(path.as_os_str());
    Case::parse(content).ok().map(|_| format!("this is a case file; did you mean: sre compare {quoted}"))
}

/// Returns `word` quoted for a shell.
fn quoted(word: &OsStr) -> String {
    let shown = word.shown().to_string();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+=:@%,".contains(c);
    if !shown.is_empty() && shown.chars().all(is_plain) {
        return shown;
    }
    format!("'{}'", shown.replace('\'', r"'\''"))
}
