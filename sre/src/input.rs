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

/// How a pattern on the command line is meant.
#[derive(Args)]
pub(crate) struct PatternOptions {
    /// Flags: letters out of `a i L m s t u x`, or Python's integer.
    #[arg(long, short, value_parser = parse_flags, allow_hyphen_values = true, default_value = "-")]
    pub flags: Flags,
    /// A bytes pattern.
    #[arg(long, short)]
    pub bytes: bool,
}

impl PatternOptions {
    /// The case of a pattern as it came from the command line: UTF-8, or any bytes.
    pub(crate) fn case(&self, pattern: &OsStr) -> Result<Case> {
        let text = if self.bytes {
            Text::Bytes(pattern.as_encoded_bytes().to_vec())
        } else {
            let pattern = pattern.to_str().context("the pattern is not UTF-8; was --bytes meant?")?;
            Text::Str(pattern.chars().map(u32::from).collect())
        };
        Ok(Case { text, flags: self.flags })
    }

    /// The cases of an argument: those of a case file or a folder; anything that is not a file is a pattern.
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

/// The files that were read: what is named twice, or lies in a folder that is named, too, is read once.
#[derive(Default)]
pub(crate) struct Seen(HashSet<PathBuf>);

impl Seen {
    /// Returns whether the file was not seen before.
    pub(crate) fn is_new(&mut self, file: &Path) -> bool {
        self.0.insert(fs::canonicalize(file).unwrap_or_else(|_| file.to_owned()))
    }
}

/// The cases of a case file, or of those in a folder.
pub(crate) fn read_cases(verb: &str, path: &Path, seen: &mut Seen) -> Result<Vec<Case>> {
    let files = corpus::files(path).with_context(|| path.shown().to_string())?;
    if files.is_empty() {
        bail!("{} holds no case", path.shown());
    }
    let new = files.iter().filter(|file| seen.is_new(file));
    new.map(|file| read_case(verb, path, file)).collect()
}

/// The case in a file that `corpus::files` gave for a path.
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
    letters.ok_or_else(|| "letters out of `a i L m s t u x` are known, or a number".to_owned())
}

/// A single case on the command line.
#[derive(Args)]
pub(crate) struct OneCase {
    /// A case file, or a pattern: anything that is not a file is a pattern.
    #[arg(value_name = "CASE", required_unless_present = "pattern")]
    target: Option<OsString>,
    /// A pattern, even if there is a file of that name.
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
            Err(cases) => bail!("the folder holds {}; name one", count(cases.len(), "case")),
        }
    }

    /// The file's name without its extension, if it is a file.
    pub(crate) fn file_stem(&self) -> Option<&str> {
        let path = Path::new(self.target.as_ref()?);
        path.exists().then(|| path.file_stem()?.to_str()).flatten()
    }
}

/// The dialect of `--python`.
#[derive(Args)]
pub(crate) struct DialectOption {
    /// The CPython to be: `3.13.0`, or `3.13` for its newest known patch level. [default: the newest]
    #[arg(long, value_name = "VERSION")]
    python: Option<Dialect>,
}

impl DialectOption {
    pub(crate) fn dialect(&self) -> Dialect {
        self.python.unwrap_or_default()
    }
}

/// Reads the cases of a file of JSON Lines. Of a file that is being written, or whose writer was stopped, the last line may
/// be cut off: it is left out, and said to be.
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
                eprintln!("sre: {}: the last line is cut off, and left out: {why}", place());
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
        bail!("{} holds no case", path.shown());
    }
    Ok(cases)
}
