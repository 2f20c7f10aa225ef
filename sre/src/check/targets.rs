//! What the arguments of `sre check` are: patterns, or files of several kinds.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use sre_case::{Case, corpus};
use sre_support::visible::Shown;

use crate::options::PatternOptions;

/// The arguments, by kind.
#[derive(Default)]
pub(super) struct Given {
    pub cases: Vec<Case>,
    pub sources: Vec<PathBuf>,
    /// A JSON Lines file.
    pub lines: Option<PathBuf>,
}

/// Sorts the arguments: what is not a file or folder is a pattern.
pub(super) fn sort(targets: &[OsString], options: &PatternOptions) -> Result<Given> {
    let mut given = Given::default();
    let mut first_pattern = None;
    for target in targets {
        let path = Path::new(target);
        let is = |extensions: &[&str]| {
            path.extension().is_some_and(|extension| extensions.iter().any(|known| extension == *known))
        };
        if target == OsStr::new("-") {
            given.sources.push(path.to_owned());
        } else if path.exists() {
            if is(&["case"]) {
                given.cases.push(corpus::read(path).with_context(|| path.shown().to_string())?);
            } else if is(&["jsonl"]) {
                if given.lines.replace(path.to_owned()).is_some() || targets.len() > 1 {
                    bail!("{}: a JSON Lines file is checked by itself", path.shown());
                }
            } else {
                given.sources.push(path.to_owned());
            }
        } else if is(&["py", "pyi", "jsonl", "case"]) {
            bail!("{}: no such file; if it is a pattern, give it with -e", path.shown());
        } else if target.as_encoded_bytes().ends_with(b"/") {
            bail!("{}: no such folder; if it is a pattern, give it with -e", path.shown());
        } else {
            first_pattern.get_or_insert(path);
            given.cases.push(options.case(target)?);
        }
    }
    if let (Some(pattern), [file, ..]) = (first_pattern, &given.sources[..]) {
        bail!(
            "{}: no such file or folder; if it is a pattern, check it apart from {}",
            pattern.shown(),
            file.shown()
        );
    }
    Ok(given)
}
