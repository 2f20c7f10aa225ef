//! Suggestions for probable mistakes in the arguments.

use std::ffi::OsStr;
use std::path::Path;

use sre_case::Case;
use sre_support::visible::Shown;

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
