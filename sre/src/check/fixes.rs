//! `sre check --fix` and `--diff`.

use std::path::Path;

use sre_check::file::{CheckedFile, diff, fixed, text_of};
use sre_support::atomic_file;
use sre_support::visible::{self, Shown};

use super::settings::{Fixes, Settings};

pub(super) enum FixResult {
    /// The file has nothing to fix.
    Nothing,
    /// Nothing was changed; text to print.
    Note(String),
    /// The new text of the file, and how many patterns were changed.
    Changed(String, usize),
}

/// Makes or shows the fixes of a file.
pub(super) fn run(
    path: &Path,
    bytes: &[u8],
    text: &str,
    checked: &CheckedFile,
    settings: &Settings,
) -> FixResult {
    let why = |why: String| FixResult::Note(format!("{}: not fixed: {}\n", path.shown(), why.shown()));
    let (new, count) = match fixed(checked, &settings.config.frameworks, bytes, text) {
        Ok(Some(fixed)) => fixed,
        Ok(None) => return FixResult::Nothing,
        Err(error) => return why(error),
    };
    let new_text = match text_of(&new) {
        Ok(new_text) => new_text,
        Err(error) => return why(error.to_string()),
    };
    if settings.fixes == Fixes::Show {
        return FixResult::Note(visible::lines(&diff(path, text, &new_text)).to_string());
    }
    match atomic_file::write(path, &new) {
        Ok(()) => FixResult::Changed(new_text, count),
        Err(error) => why(error.to_string()),
    }
}
