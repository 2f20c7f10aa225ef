//! Reading the files of cases that are given on the command line.

use std::collections::HashSet;
use std::fs;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use sre_case::{Case, corpus, wire};
use sre_support::visible::Shown;

use crate::{hints, messages};

/// The files read so far, so that a file given twice, or inside a given folder, is read once.
#[derive(Default)]
pub(crate) struct Seen(HashSet<PathBuf>);

impl Seen {
    /// Returns whether the file was not seen before.
    pub(crate) fn is_new(&mut self, file: &Path) -> bool {
        self.0.insert(fs::canonicalize(file).unwrap_or_else(|_| file.to_owned()))
    }
}

/// Reads a case file, or all case files in a folder.
pub(crate) fn read_cases(verb: &str, path: &Path, seen: &mut Seen) -> Result<Vec<Case>> {
    let files = corpus::files(path).with_context(|| path.shown().to_string())?;
    if files.is_empty() {
        bail!("{} contains no cases", path.shown());
    }
    let new = files.iter().filter(|file| seen.is_new(file));
    new.map(|file| read_case(verb, path, file)).collect()
}

/// Reads `file`, which `corpus::files` returned for `path`.
pub(crate) fn read_case(verb: &str, path: &Path, file: &Path) -> Result<Case> {
    corpus::read_of(path, file).with_context(|| match hints::not_a_case(verb, file) {
        Some(hint) => format!("{} ({hint})", file.shown()),
        None => file.shown().to_string(),
    })
}

/// Reads the cases of a JSON Lines file, or of standard input if its name is `-`. An incomplete
/// last line, as in a file that is still being written, is skipped with a message.
pub(crate) fn read_json_lines(path: &Path) -> Result<Vec<Case>> {
    let is_stdin = path == Path::new("-");
    let name = if is_stdin { "standard input".to_owned() } else { path.shown().to_string() };
    let mut reader: Box<dyn BufRead> = if is_stdin {
        Box::new(io::stdin().lock())
    } else {
        Box::new(BufReader::new(File::open(path).with_context(|| name.clone())?))
    };
    let mut cases = Vec::new();
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line).with_context(|| name.clone())? > 0 {
        let place = || format!("{name}:{}", cases.len() + 1);
        match wire::parse_request(&line) {
            Ok(request) => cases.push(request.case),
            Err(why) if !line.ends_with(b"\n") => {
                messages::warning(format_args!("{}: skipped the truncated last line: {why}", place()));
            }
            Err(why) => {
                let hint = fs::read(path).ok().filter(|_| cases.is_empty() && path.is_file());
                let hint = hint.and_then(|content| hints::not_json_lines(path, &content));
                return Err(match hint {
                    Some(hint) => anyhow!("{}: {why}: {hint}", place()),
                    None => anyhow!("{}: {why}", place()),
                });
            }
        }
        line.clear();
    }
    if cases.is_empty() {
        bail!("{name} contains no cases");
    }
    Ok(cases)
}
