//! Patterns, flags and files on the command line.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use sre_case::{Case, Text, corpus, wire};
use sre_compiler::{Dialect, Flags};
use sre_support::count;
use sre_support::visible::Shown;

use crate::hints;

/// Options that say how to read a pattern given on the command line.
#[derive(Args)]
pub(crate) struct PatternOptions {
    /// Flags: letters from `a i L m s t u x`, or an integer as in Python.
    #[arg(long, short, value_parser = parse_flags, allow_hyphen_values = true, default_value = "-")]
    pub flags: Flags,
    /// Read the pattern as bytes.
    #[arg(long, short)]
    pub bytes: bool,
}

impl PatternOptions {
    /// Returns the case for a pattern given on the command line, which must be UTF-8 unless it is
    /// bytes.
    pub(crate) fn case(&self, pattern: &OsStr) -> Result<Case> {
        let text = if self.bytes {
            Text::Bytes(pattern.as_encoded_bytes().to_vec())
        } else {
            let pattern = pattern.to_str().context("the pattern is not UTF-8; was --bytes meant?")?;
            Text::Str(pattern.chars().map(u32::from).collect())
        };
        Ok(Case { text, flags: self.flags })
    }

    /// Returns the cases of an argument: a case file, a folder of them, or else a pattern.
    pub(crate) fn cases(&self, target: &OsStr, seen: &mut Seen) -> Result<Vec<Case>> {
        let path = Path::new(target);
        if !path.exists() {
            if path.extension().is_some_and(|extension| extension == "case" || extension == "jsonl") {
                bail!("{}: no such file; give a pattern of that name with -e", path.shown());
            }
            return Ok(vec![self.case(target)?]);
        }
        read_cases("compare", path, seen)
    }
}

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

fn parse_flags(text: &str) -> Result<Flags, String> {
    if text == "-" {
        return Ok(Flags::empty());
    }
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let number = match digits.strip_prefix("0x") {
        Some(digits) => i64::from_str_radix(digits, 16).ok(),
        None => digits.parse().ok(),
    };
    if let Some(number) = number {
        return Ok(Flags::from_bits(sign * number));
    }
    let letters =
        text.chars().try_fold(Flags::empty(), |flags, letter| Some(flags | Flags::from_letter(letter)?));
    letters.ok_or_else(|| "expected letters from `a i L m s t u x`, or a number".to_owned())
}

/// Arguments that give a single case.
#[derive(Args)]
pub(crate) struct OneCase {
    /// A case file or a pattern: an argument that is not a file is a pattern.
    #[arg(value_name = "CASE", required_unless_present = "pattern")]
    target: Option<OsString>,
    /// A pattern, even if a file of that name exists.
    #[arg(long, short = 'e', allow_hyphen_values = true, conflicts_with = "target")]
    pattern: Option<OsString>,
    #[command(flatten)]
    options: PatternOptions,
}

impl OneCase {
    pub(crate) fn case(&self) -> Result<Case> {
        let cases = match (&self.target, &self.pattern) {
            (Some(target), _) => self.options.cases(target, &mut Seen::default())?,
            (None, pattern) => vec![self.options.case(pattern.as_deref().unwrap_or_default())?],
        };
        match <[Case; 1]>::try_from(cases) {
            Ok([case]) => Ok(case),
            Err(cases) => bail!("the folder contains {}; give one of them", count(cases.len(), "case")),
        }
    }

    /// Returns the name of the case file without its extension, if the case was given as a file.
    pub(crate) fn file_stem(&self) -> Option<&str> {
        let path = Path::new(self.target.as_ref()?);
        path.exists().then(|| path.file_stem()?.to_str()).flatten()
    }
}

/// The option that selects a dialect.
#[derive(Args)]
pub(crate) struct DialectOption {
    /// Version of CPython to compile as: `3.13.0`, or `3.13` for its newest known patch level.
    /// [default: newest]
    #[arg(long, value_name = "VERSION")]
    python: Option<Dialect>,
}

impl DialectOption {
    pub(crate) fn dialect(&self) -> Dialect {
        self.python.unwrap_or_default()
    }
}

/// Reads the cases of a JSON Lines file. An incomplete last line, as in a file that is still being
/// written, is skipped with a message.
pub(crate) fn read_json_lines(path: &Path) -> Result<Vec<Case>> {
    let file = File::open(path).with_context(|| path.shown().to_string())?;
    let mut cases = Vec::new();
    let mut reader = BufReader::new(file);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line).with_context(|| path.shown().to_string())? > 0 {
        let place = || format!("{}:{}", path.shown(), cases.len() + 1);
        match wire::parse_request(&line) {
            Ok(request) => cases.push(request.case),
            Err(why) if !line.ends_with(b"\n") => {
                eprintln!("sre: {}: skipped the truncated last line: {why}", place());
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
        bail!("{} contains no cases", path.shown());
    }
    Ok(cases)
}
